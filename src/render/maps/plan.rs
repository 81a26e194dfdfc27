//! A map before it is drawn: which area has which class, and what the map says in words.

use std::fmt::Write as _;

use crate::render::{
    atlas::Extent,
    draw::{escape, push},
    view::View,
};

/// One class of a legend.
#[derive(Debug, Clone)]
pub(in crate::render) struct Class {
    /// Its fill, a class in `map.css`.
    pub(in crate::render) fill: &'static str,
    /// What it means.
    pub(in crate::render) label: String,
    /// Areas that have it.
    pub(in crate::render) n: usize,
}

crate::render::page::template_values! {
    Class { fill, label, n }
}

/// One area of a map.
#[derive(Debug, Clone)]
pub(in crate::render) struct Area {
    /// Index in the tree.
    pub(in crate::render) region: usize,
    /// Class in `map.css`.
    pub(in crate::render) class: &'static str,
    /// Whether the hatching for small numbers lies over it.
    pub(in crate::render) small: bool,
    /// What hovering says after the name.
    pub(in crate::render) note: String,
}

/// A map before it is drawn.
#[derive(Debug, Clone)]
pub(in crate::render) struct Plan {
    /// File name without folder and extension.
    pub(in crate::render) name: String,
    /// The finding, as a sentence without a full stop.
    pub(in crate::render) title: String,
    /// What is shown: measure, period, ideology, level.
    pub(in crate::render) subtitle: String,
    /// Classes in order, those without areas left out.
    pub(in crate::render) legend: Vec<Class>,
    /// Whether some areas are hatched for small numbers.
    pub(in crate::render) has_small: bool,
    /// Areas in tree order.
    pub(in crate::render) areas: Vec<Area>,
    /// Level of the areas.
    pub(in crate::render) level: usize,
}

/// Where links on the map lead, seen from the page that holds it.
#[derive(Debug, Clone, Copy)]
pub(in crate::render) enum Links<'a> {
    /// No links and no tooltips.
    Bare,
    /// Tooltips only.
    None,
    /// To region pages, with this in front of their path, and tooltips.
    From(&'a str),
}

/// Where the outlines of a map are.
#[derive(Debug, Clone, Copy)]
pub(in crate::render) enum Paths {
    /// In the map itself.
    Own,
    /// In the page's definitions; see [`Plan::definitions`].
    Defined,
}

impl Plan {
    /// Path of the standalone file.
    pub(in crate::render) fn path(&self) -> String {
        format!("maps/{}.svg", self.name)
    }

    /// Counts areas per class; classes nobody has are left out.
    pub(in crate::render) fn count(
        classes: impl IntoIterator<Item = (&'static str, String)>,
        areas: &[Area],
    ) -> Vec<Class> {
        classes
            .into_iter()
            .map(|(class, label)| {
                let n = areas.iter().filter(|area| area.class == class).count();
                Class { fill: class, label, n }
            })
            .filter(|class| class.n > 0)
            .collect()
    }

    /// The picture without title and legend, for a page that has both as text.
    pub(in crate::render) fn inline(
        &self,
        view: &View<'_>,
        links: Links<'_>,
        paths: Paths,
    ) -> String {
        self.drawn(view, links, paths, view.atlas.extent)
    }

    /// Outlines and borders for maps that refer to them, for a page with several maps of one level.
    pub(in crate::render) fn definitions(&self, view: &View<'_>) -> String {
        let mut out = String::new();
        for area in &self.areas {
            if let Some(outline) = view.atlas.outline(area.region) {
                push!(out, "<path id=\"a{}\" d=\"{}\"/>", area.region, outline.path);
            }
        }
        push!(out, "<path id=\"b{}\" d=\"{}\"/>", self.level, view.atlas.borders(self.level));
        out
    }

    /// The same, cropped to the areas it shows; `None` when none of them has an outline.
    pub(in crate::render) fn cropped(&self, view: &View<'_>, links: Links<'_>) -> Option<String> {
        let extent = view.atlas.extent_of(self.areas.iter().map(|area| area.region))?;
        Some(self.drawn(view, links, Paths::Own, extent))
    }

    fn drawn(&self, view: &View<'_>, links: Links<'_>, paths: Paths, extent: Extent) -> String {
        let mut out = String::new();
        let margin = extent.width().max(extent.height()) / 100 + 1;
        push!(
            out,
            "<svg class=\"map\" viewBox=\"{}\" role=\"img\" aria-label=\"{}\">",
            extent.view_box(margin),
            escape(&format!("Map. {}. {}", self.title, self.subtitle))
        );
        push_areas(&mut out, view, links, paths, &self.areas);
        self.push_borders(&mut out, view, paths);
        out.push_str("</svg>");
        out
    }

    /// Borders of the first level below the country, on top.
    pub(super) fn push_borders(&self, out: &mut String, view: &View<'_>, paths: Paths) {
        match (view.atlas.borders(self.level), paths) {
            ("", _) => {}
            (borders, Paths::Own) => {
                push!(out, "<g class=\"borders\"><path d=\"{borders}\"/></g>");
            }
            (_, Paths::Defined) => {
                push!(out, "<g class=\"borders\"><use href=\"#b{}\"/></g>", self.level);
            }
        }
    }
}

/// Areas by class, as paths with a tooltip each, and a link where wanted.
pub(super) fn push_areas(
    out: &mut String,
    view: &View<'_>,
    links: Links<'_>,
    paths: Paths,
    areas: &[Area],
) {
    let mut classes: Vec<&str> = areas.iter().map(|area| area.class).collect();
    classes.sort_unstable();
    classes.dedup();
    out.push_str("<g class=\"areas\">");
    for class in classes {
        push!(out, "<g class=\"{class}\">");
        for area in areas.iter().filter(|area| area.class == class) {
            push_area(out, view, links, paths, area);
        }
        out.push_str("</g>");
    }
    out.push_str("</g>");
}

fn push_area(out: &mut String, view: &View<'_>, links: Links<'_>, paths: Paths, area: &Area) {
    let Some(outline) = view.atlas.outline(area.region) else { return };
    let (element, shape) = match paths {
        Paths::Own => ("path", format!("d=\"{}\"", outline.path)),
        Paths::Defined => ("use", format!("href=\"#a{}\"", area.region)),
    };
    let title = escape(&format!("{}: {}", view.frame.tree.get(area.region).name, area.note));
    let titled = format!("<{element} {shape}><title>{title}</title></{element}>");
    match links {
        Links::Bare => push!(out, "<{element} {shape}/>"),
        Links::None => out.push_str(&titled),
        Links::From(front) => {
            let page = view.region_path(area.region);
            push!(out, "<a href=\"{front}{page}\" tabindex=\"-1\">{titled}</a>");
        }
    }
    if area.small {
        push!(out, "<{element} class=\"small\" {shape} pointer-events=\"none\"/>");
    }
}
