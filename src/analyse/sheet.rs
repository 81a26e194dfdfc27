//! Pages of results: the finding, what it rests on, and tables, readable offline and printable.

use std::sync::LazyLock;

use minijinja::{Environment, Value, context, syntax::SyntaxConfig};

use crate::{
    diagnostics::{Problem, codes},
    render::{draw::PATTERNS, page::page_style},
};

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("invariant: the delimiters are the usual ones"));
    for (name, source) in [
        ("single.html", include_str!("../../reports/templates/single.html")),
        ("analyse.html", include_str!("../../reports/templates/analyse.html")),
        ("sheet.html", include_str!("../../reports/templates/sheet.html")),
        ("parts.html", include_str!("../../reports/templates/parts.html")),
    ] {
        environment.add_template(name, source).expect("invariant: embedded templates are valid");
    }
    environment.add_global("page_style", Value::from_safe_string(page_style()));
    environment.add_global("patterns", Value::from_safe_string(PATTERNS.to_owned()));
    environment
});

/// A part of a page, under a heading of its own: sentences, then a picture with its legend, then a table.
#[derive(Default)]
pub(super) struct Section {
    pub(super) heading: String,
    pub(super) lines: Vec<String>,
    /// A drawing that is safe to embed as it is.
    pub(super) picture: Option<String>,
    /// Made by [`crate::analyse::scene::Scene::classes`].
    pub(super) legend: Vec<Value>,
    /// Made by [`table`].
    pub(super) table: Option<Value>,
}

/// A page without a map.
pub(super) struct Sheet {
    /// The finding in one sentence.
    pub(super) title: String,
    /// What was looked at.
    pub(super) lead: String,
    pub(super) in_short: Vec<String>,
    /// Files beside the page: name and what it holds.
    pub(super) files: Vec<(&'static str, &'static str)>,
    pub(super) sections: Vec<Section>,
    /// A long table, after everything else.
    pub(super) last: Option<Section>,
    /// What has to be known before believing it.
    pub(super) not_checked: Vec<String>,
    /// How it was done, in the words of a methods section.
    pub(super) methods: Vec<String>,
    /// What was assumed or mended on the way.
    pub(super) notes: Vec<String>,
    pub(super) foot: String,
}

impl Sheet {
    /// The page.
    ///
    /// # Errors
    /// [`codes::INTERNAL`] when the template cannot be filled.
    pub(super) fn html(self) -> Result<Vec<u8>, Problem> {
        let section = |section: Section| {
            let Section { heading, lines, picture, legend, table } = section;
            let picture = picture.map(Value::from_safe_string);
            context! { heading, lines, picture, legend, table }
        };
        let sections: Vec<Value> = self.sections.into_iter().map(section).collect();
        let files: Vec<Value> =
            self.files.iter().map(|&(name, holds)| context! { name, holds }).collect();
        let content = context! {
            title => self.title,
            lead => self.lead,
            in_short => self.in_short,
            files,
            sections,
            last => self.last.map(section),
            not_checked => self.not_checked,
            methods => self.methods,
            notes => self.notes,
            foot => self.foot,
        };
        fill("sheet.html", content)
    }
}

/// Fills a template.
///
/// # Errors
/// [`codes::INTERNAL`] when it does not fit its content.
pub(super) fn fill(name: &str, content: Value) -> Result<Vec<u8>, Problem> {
    TEMPLATES
        .get_template(name)
        .and_then(|template| template.render(content))
        .map(String::into_bytes)
        .map_err(|error| {
            Problem::new(&codes::INTERNAL, format!("`{name}` could not be filled: {error:#}"))
        })
}

/// A sentence whose per cent signs stay on the line of their numbers.
pub(super) fn unbroken(text: &str) -> String {
    text.replace(" %", "\u{a0}%")
}

/// A cell of words.
pub(super) fn text(text: impl Into<String>) -> Value {
    context! { text => text.into(), class => "" }
}

/// A text that no line breaks at a hyphen: `2016-03`.
pub(super) fn in_one_line(text: &str) -> String {
    text.replace('-', "\u{2011}")
}

/// A cell of words that stand back.
pub(super) fn soft(text: impl Into<String>) -> Value {
    context! { text => text.into(), class => "note" }
}

/// A cell of a figure; a dash where there is none.
pub(super) fn number(text: Option<String>) -> Value {
    context! { text => text.unwrap_or_else(|| "–".to_owned()), class => "num" }
}

/// A p or q in a column of its own.
pub(super) fn probability(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}

/// A table; a head that starts with `#` stands above figures.
pub(super) fn table(caption: &str, heads: &[&str], rows: Vec<Vec<Value>>) -> Value {
    let head: Vec<Value> = heads
        .iter()
        .map(|head| {
            let name = head.strip_prefix('#');
            let class = if name.is_some() { "num" } else { "" };
            context! { text => name.unwrap_or(head), class }
        })
        .collect();
    context! { caption, head, rows }
}
