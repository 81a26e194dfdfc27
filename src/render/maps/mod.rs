//! Maps: areas coloured by certainty, by value and by what they can supply, as SVG; and the hotbeds as GeoJSON.
//!
//! Colour never stands alone: classes differ in lightness or pattern, the legend counts them, and the page has the same figures in a
//! table. Nothing is coloured that protection withheld.

pub(super) mod blind_spots;
mod geojson;
pub(crate) mod hotbeds;
pub(super) mod locator;
pub(super) mod plan;
mod standalone;
pub(super) mod values;

use super::{Report, Sink, view::View};
use crate::diagnostics::Problem;

pub(super) static ENTRY: Report =
    Report { id: "maps", title: "Maps as SVG, hotbeds as GeoJSON", render };

fn render(view: &View<'_>, sink: &mut Sink<'_>) -> Result<(), Problem> {
    for (at, found) in view.headline_surfaces().into_iter().enumerate() {
        if at == 0 {
            sink("maps/hotbeds.geojson", geojson::hotbeds(view, found).into_bytes().into())?;
        }
        if let Some(plan) = hotbeds::plan(view, found) {
            sink(&plan.path(), standalone::svg(view, &plan).into_bytes().into())?;
        }
    }
    for indicator in 0..view.frame.indicators.len() {
        let Some(measured) = view.main(indicator) else { continue };
        for level in values::levels(view) {
            if let Some(plan) = values::plan(view, &measured, level) {
                sink(&plan.path(), standalone::svg(view, &plan).into_bytes().into())?;
            }
        }
    }
    if let Some(plan) = blind_spots::plan(view) {
        sink(&plan.path(), standalone::svg(view, &plan).into_bytes().into())?;
    }
    Ok(())
}
