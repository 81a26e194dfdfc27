//! Hotbeds as GeoJSON, for a geographic information system: one feature per region of the surface's level.

use std::fmt::Write as _;

use geo::{LineString, MultiPolygon};
use rayon::prelude::*;

use crate::{
    model::{RegionFinding, SurfaceFindings},
    render::{draw::push, page, view::View},
};

/// The whole file. Degrees have five decimals, about a metre.
pub(super) fn hotbeds(view: &View<'_>, found: &SurfaceFindings) -> String {
    let (indicator, measure) = view.released.measure(found.surface.measure);
    let mut out = String::from("{\"type\":\"FeatureCollection\",");
    let about = [
        ("indicator", indicator.id.as_str()),
        ("measure", measure.id.as_str()),
        ("ideology", view.frame.ideology_id(found.surface.ideology)),
        ("period", view.period(found.surface.period)),
        ("level", &view.frame.tree.levels[found.surface.level]),
        ("geo_version", &view.frame.tree.vintage),
        ("note", page::mark(view).unwrap_or("")),
    ];
    for (key, value) in about {
        push!(out, "\"{key}\":{},", text(value));
    }
    out.push_str("\"features\":[\n");
    let features: Vec<String> =
        found.regions.par_iter().map(|finding| feature(view, finding)).collect();
    out.push_str(&features.join(",\n"));
    out.push_str("\n]}\n");
    out
}

fn text(value: &str) -> serde_json::Value {
    serde_json::Value::from(value)
}

fn feature(view: &View<'_>, finding: &RegionFinding) -> String {
    let region = view.frame.tree.get(finding.region);
    let properties = serde_json::json!({
        "id": region.id.as_str(),
        "name": region.name,
        "observed": finding.observed,
        "expected": finding.expected,
        "relative_risk": finding.own.map(|own| own.relative_risk),
        "p_above": finding.own.map(|own| own.p_above),
        "own_q": finding.own.map(|own| own.q),
        "surroundings_q": finding.surroundings.and_then(|around| around.q),
        "minimum_detectable_rr": finding.minimum_detectable_rr,
        "evidence": finding.evidence.as_str(),
    });
    let mut out = format!("{{\"type\":\"Feature\",\"properties\":{properties},\"geometry\":");
    match view.frame.boundaries.drawn.get(finding.region).and_then(Option::as_ref) {
        None => out.push_str("null"),
        Some(shape) => push_shape(&mut out, shape),
    }
    out.push('}');
    out
}

fn push_shape(out: &mut String, shape: &MultiPolygon<f64>) {
    out.push_str("{\"type\":\"MultiPolygon\",\"coordinates\":[");
    for (at, polygon) in shape.iter().enumerate() {
        out.push_str(if at > 0 { ",[" } else { "[" });
        push_ring(out, polygon.exterior());
        for ring in polygon.interiors() {
            out.push(',');
            push_ring(out, ring);
        }
        out.push(']');
    }
    out.push_str("]}");
}

fn push_ring(out: &mut String, ring: &LineString<f64>) {
    out.push('[');
    for (at, point) in ring.0.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        push!(out, "{comma}[{},{}]", degrees(point.x), degrees(point.y));
    }
    out.push(']');
}

fn degrees(value: f64) -> f64 {
    (value * 100_000.0).round() / 100_000.0
}
