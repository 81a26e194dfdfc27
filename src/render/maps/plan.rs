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
    /// Class in `map.css`.
    pub(in crate::render) class: &'static str,
    /// What it means.
    pub(in crate::render) label: String,
    /// Areas that have it.
    pub(in crate::render) n: usize,
}

crate::render::page::template_values! {
    Class { class, label, n }
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
    /// No links.
    None,
    /// To region pages, with this in front of their path.
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
                Class { class, label, n }
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
        self.cropped(view, links, paths, view.atlas.extent, self.areas.iter())
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

    /// The same for the areas inside one region.
    pub(in crate::render) fn inside(
        &self,
        view: &View<'_>,
        links: Links<'_>,
        region: usize,
    ) -> Option<String> {
        let level = view.frame.tree.get(region).level;
        let inside = |area: &&Area| view.frame.tree.ancestor(area.region, level) == Some(region);
        let extent = view
            .atlas
            .extent_of(self.areas.iter().filter(inside).map(|area| area.region))?;
        let areas = self.areas.iter().filter(inside);
        Some(self.cropped(view, links, Paths::Own, extent, areas))
    }

    fn cropped<'p>(
        &self,
        view: &View<'_>,
        links: Links<'_>,
        paths: Paths,
        extent: Extent,
        areas: impl Iterator<Item = &'p Area>,
    ) -> String {
        let mut out = String::new();
        let margin = 6;
        push!(
            out,
            "<svg class=\"map\" viewBox=\"{}\" role=\"img\" aria-label=\"{}\">",
            extent.view_box(margin),
            escape(&format!("Map. {}. {}", self.title, self.subtitle))
        );
        push_areas(&mut out, view, links, paths, areas);
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

/// Areas as paths with a tooltip each, and a link where wanted.
pub(super) fn push_areas<'p>(
    out: &mut String,
    view: &View<'_>,
    links: Links<'_>,
    paths: Paths,
    areas: impl Iterator<Item = &'p Area>,
) {
    out.push_str("<g class=\"areas\">");
    for area in areas {
        let Some(outline) = view.atlas.outline(area.region) else { continue };
        let region = view.frame.tree.get(area.region);
        if let Links::From(front) = links {
            push!(out, "<a href=\"{front}{}\" tabindex=\"-1\">", view.region_path(area.region));
        }
        let title = escape(&format!("{}: {}", region.name, area.note));
        let (element, shape) = match paths {
            Paths::Own => ("path", format!("d=\"{}\"", outline.path)),
            Paths::Defined => ("use", format!("href=\"#a{}\"", area.region)),
        };
        push!(
            out,
            "<{element} class=\"{}\" {shape}><title>{title}</title></{element}>",
            area.class
        );
        if area.small {
            push!(out, "<{element} class=\"small\" {shape} pointer-events=\"none\"/>");
        }
        if matches!(links, Links::From(_)) {
            out.push_str("</a>");
        }
    }
    out.push_str("</g>");
}
