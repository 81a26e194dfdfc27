//! A map as a file of its own: title, picture, legend and source line in one SVG.

use super::plan::{Links, Paths, Plan, push_areas};
use crate::render::{
    draw::{Sheet, swatch, wrapped},
    page,
    view::View,
};

/// The whole file.
pub(super) fn svg(view: &View<'_>, plan: &Plan) -> String {
    let mut foot = wrapped(&page::source_line(view), 100);
    if let Some(mark) = page::mark(view) {
        foot.extend(wrapped(mark, 100));
    }
    let mut picture = String::new();
    push_areas(&mut picture, view, Links::None, Paths::Own, &plan.areas);
    plan.push_borders(&mut picture, view, Paths::Own);
    let small =
        plan.has_small.then(|| (swatch(&["v-3", "small"]), "Hatched: small numbers".to_owned()));
    let classes = plan
        .legend
        .iter()
        .map(|class| (swatch(&[class.fill]), format!("{} ({})", class.label, class.n)));
    let sheet = Sheet {
        title: &plan.title,
        subtitle: &plan.subtitle,
        picture,
        height: view.atlas.extent.height(),
        legend: classes.chain(small).collect(),
        foot,
    };
    sheet.svg()
}
