//! Pages: the templates of `reports/`, and what every page shares.

use std::sync::LazyLock;

use super::{
    charts::Chart,
    draw::{MAP_STYLE, PATTERNS},
    maps::plan::{Links, Paths, Plan},
    view::View,
};
use crate::diagnostics::{Problem, codes};
use minijinja::{Environment, Value, context, syntax::SyntaxConfig};

/// Makes structs readable by templates, field by field.
macro_rules! template_values {
    ($($name:ident { $($field:ident),+ $(,)? })+) => {$(
        impl From<$name> for minijinja::Value {
            fn from(from: $name) -> Self {
                minijinja::context! { $($field => from.$field),+ }
            }
        }
    )+};
}
pub(super) use template_values;

template_values! {
    Cell { text, class, href }
    Head { text, class }
    Table { caption, head, rows }
    MapFigure { title, subtitle, svg, legend, has_small, file }
}

/// What every page not for the centre says while secondary suppression is missing.
const WATERMARK: &str = "Not for publication: secondary suppression is not implemented yet, so hidden numbers may still be \
                         bounded by subtraction.";
/// What every page of the centre says.
const RESTRICTED: &str =
    "Restricted: for the centre only. It holds small numbers that must not be passed on.";

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    let files = [
        ("base.html", include_str!("../../reports/templates/base.html")),
        ("parts.html", include_str!("../../reports/templates/parts.html")),
        ("index.html", include_str!("../../reports/templates/index.html")),
        ("region.html", include_str!("../../reports/templates/region.html")),
        ("indicator.html", include_str!("../../reports/templates/indicator.html")),
        ("methods.html", include_str!("../../reports/templates/methods.html")),
        ("appendix.html", include_str!("../../reports/templates/appendix.html")),
        ("data.html", include_str!("../../reports/templates/data.html")),
    ];
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("invariant: the delimiters are the usual ones"));
    for (name, source) in files {
        environment.add_template(name, source).expect("invariant: embedded templates are valid");
    }
    environment.add_global("page_style", Value::from_safe_string(page_style()));
    environment.add_global("patterns", Value::from_safe_string(PATTERNS.to_owned()));
    environment
});

/// The style of pages and of the maps on them. Comments are for the designer, not for every page.
pub(crate) fn page_style() -> String {
    let mut style = String::new();
    let mut rest = concat!(include_str!("../../reports/styles/page.css"), "\n");
    while let Some((before, after)) = rest.split_once("/*") {
        style.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    style.push_str(rest);
    style.push_str(MAP_STYLE.split_once("*/").map_or(MAP_STYLE, |(_, rules)| rules));
    style.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Fills a template; `depth` is how many folders the page lies below the edition's.
pub(super) fn page(
    view: &View<'_>,
    template: &str,
    depth: usize,
    content: Value,
) -> Result<Vec<u8>, Problem> {
    let front = "../".repeat(depth);
    let shell = context! {
        front,
        edition => view.released.edition().as_str(),
        mark => mark(view),
        restricted => view.is_restricted().then_some(RESTRICTED),
        assessment => view.frame.title.as_str(),
        span => view.frame.calendar.label(),
        country => view.frame.tree.get(0).name.as_str(),
        source_line => source_line(view),
    };
    TEMPLATES
        .get_template(template)
        .and_then(|template| template.render(context! { ..content, ..shell }))
        .map(String::into_bytes)
        .map_err(|error| {
            Problem::new(&codes::INTERNAL, format!("`{template}` could not be filled: {error:#}"))
        })
}

/// The watermark, where there is one.
pub(super) fn mark(view: &View<'_>) -> Option<&'static str> {
    view.released.watermark().then_some(WATERMARK)
}

/// Sources, boundaries and edition, for the foot of pages and pictures.
pub(super) fn source_line(view: &View<'_>) -> String {
    let frame = view.frame;
    let sources: Vec<&str> = frame.sources.iter().map(|source| source.id.as_str()).collect();
    format!(
        "{}. Sources: {}. Boundaries: {}. Edition: {}.",
        frame.title,
        sources.join(", "),
        frame.tree.vintage,
        view.released.edition().as_str()
    )
}

/// A cell of a table on a page.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    text: String,
    class: &'static str,
    href: Option<String>,
}

impl Cell {
    /// Words.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), class: "", href: None }
    }

    /// Words that explain.
    pub(super) fn note(text: impl Into<String>) -> Self {
        Self { text: text.into(), class: "note", href: None }
    }

    /// A figure, set flush right; a dash where there is none.
    pub(super) fn number(text: Option<String>) -> Self {
        Self { text: text.unwrap_or_else(|| "–".to_owned()), class: "num", href: None }
    }

    /// Words that lead somewhere.
    pub(super) fn link(text: &str, href: &str) -> Self {
        Self { text: text.to_owned(), class: "", href: Some(href.to_owned()) }
    }
}

/// A column head of a table on a page.
#[derive(Debug, Clone)]
struct Head {
    text: String,
    class: &'static str,
}

/// A table on a page; the first cell of a row names it.
#[derive(Debug, Clone)]
pub(super) struct Table {
    caption: String,
    head: Vec<Head>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    pub(super) fn new(caption: &str, head: &[&str]) -> Self {
        let head = head.iter().map(|text| Head { text: (*text).to_owned(), class: "" }).collect();
        Self { caption: caption.to_owned(), head, rows: Vec::new() }
    }

    /// Adds a row with as many cells as the head.
    pub(super) fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.head.len());
        // A column of figures has its name above the figures.
        for (head, cell) in self.head.iter_mut().zip(&row) {
            if cell.class == "num" {
                head.class = "num";
            }
        }
        self.rows.push(row);
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Areas a map can link and stay small.
const MOST_LINKS: usize = 1_000;

/// A map as a page shows it.
#[derive(Debug, Clone)]
pub(super) struct MapFigure {
    title: String,
    subtitle: String,
    svg: Value,
    legend: Vec<super::maps::plan::Class>,
    has_small: bool,
    file: Option<String>,
}

impl MapFigure {
    /// The whole map.
    pub(super) fn whole(view: &View<'_>, plan: &Plan, front: &str) -> Self {
        Self::with(view, plan, front, Links::From(front), Paths::Own)
    }

    /// The whole map, of outlines the page defines.
    pub(super) fn with(
        view: &View<'_>,
        plan: &Plan,
        front: &str,
        links: Links<'_>,
        paths: Paths,
    ) -> Self {
        let file = Some(format!("{front}{}", plan.path()));
        let links = if plan.areas.len() > MOST_LINKS { Links::Bare } else { links };
        Self::of(plan, plan.inline(view, links, paths), file)
    }

    /// Cropped to its areas.
    pub(super) fn cropped(view: &View<'_>, plan: &Plan, front: &str) -> Option<Self> {
        let svg = plan.cropped(view, Links::From(front))?;
        Some(Self::of(plan, svg, None))
    }

    fn of(plan: &Plan, svg: String, file: Option<String>) -> Self {
        Self {
            title: plan.title.clone(),
            subtitle: plan.subtitle.clone(),
            svg: Value::from_safe_string(svg),
            legend: plan.legend.clone(),
            has_small: plan.has_small,
            file,
        }
    }
}

/// A chart as a page shows it.
pub(super) fn chart(chart: Chart, file: Option<String>) -> Value {
    let Chart { title, note, svg, table, .. } = chart;
    context! { title, note, svg => Value::from_safe_string(svg), table, file }
}
