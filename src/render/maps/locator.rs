//! The locator: where a region lies inside the one around it, without any judgement in colour.

use std::fmt::Write as _;

use crate::render::{
    draw::{escape, push},
    view::View,
};

/// An inline picture of a region among its siblings; `None` without an outline.
///
/// Where a region has fewer than three siblings (a city that is a state), its parent is shown among the parent's.
pub(in crate::render) fn svg(view: &View<'_>, region: usize) -> Option<String> {
    let tree = &view.frame.tree;
    view.atlas.outline(region)?;
    let mut own = region;
    let mut around = tree.get(region).parent?;
    while tree.children(around).len() < 3 {
        let Some(parent) = tree.get(around).parent else { break };
        own = around;
        around = parent;
    }
    let siblings = tree.children(around);
    let extent = view.atlas.extent_of(siblings.iter().copied())?;
    let margin = extent.width().max(extent.height()) / 60 + 1;
    let label = format!("Map: {} in {}", tree.get(region).name, tree.get(around).name);
    let mut out = String::new();
    push!(
        out,
        "<svg class=\"map locator\" viewBox=\"{}\" role=\"img\" aria-label=\"{}\"><g class=\"areas\"><path class=\"place\" d=\"",
        extent.view_box(margin),
        escape(&label)
    );
    for outline in siblings.iter().filter(|&&at| at != own).filter_map(|&at| view.atlas.outline(at))
    {
        out.push_str(&outline.path);
    }
    out.push_str("\"/>");
    if let Some(outline) = view.atlas.outline(own).or_else(|| view.atlas.outline(region)) {
        push!(out, "<path class=\"own\" d=\"{}\"/>", outline.path);
        // A town of a few units would be lost: ring it.
        if outline.extent.width() * 12 < extent.width() {
            let (x, y) = outline.extent.centre();
            let r = extent.width() / 18;
            push!(
                out,
                "<circle class=\"ring\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"none\" stroke=\"#14507a\" stroke-width=\"2\" vector-effect=\"non-scaling-stroke\"/>"
            );
        }
    }
    out.push_str("</g></svg>");
    Some(out)
}
