//! Reads `truth.json` beside a synthetic country's assessment. A real assessment has none.

use serde::Deserialize;

use crate::{
    assessment::Assessment,
    diagnostics::{Place, Problem, codes},
    model::{Planted, RegionId, RegionTree},
    storage,
};

/// Name of the file.
const FILE: &str = "truth.json";

#[derive(Deserialize)]
struct Truth {
    hotbeds: Vec<Hotbed>,
}

#[derive(Deserialize)]
struct Hotbed {
    kind: String,
    ideologies: Vec<String>,
    from: i32,
    to: i32,
    relative_risk: f64,
    districts: Vec<String>,
}

/// What was planted; empty where there is no such file.
pub(super) fn planted(assessment: &Assessment, tree: &RegionTree) -> Result<Vec<Planted>, Problem> {
    let path = assessment.folder.join(FILE);
    if !storage::is_file(&path) {
        return Ok(Vec::new());
    }
    let truth: Truth = serde_json::from_slice(&storage::read(&path)?).map_err(|error| {
        Problem::new(&codes::FORMAT, format!("not the truth of a synthetic country: {error}"))
            .at(Place::File(path.display().to_string()))
            .help("remove the file, or write the country again with `saet demo`")
    })?;
    let slot = |id: &String| {
        assessment.ideologies.iter().position(|(known, _)| known.as_str() == id).map(|at| at + 1)
    };
    let region = |code: &String| tree.find(tree.deepest(), &RegionId::new(code.clone()));
    Ok(truth
        .hotbeds
        .iter()
        .map(|hotbed| Planted {
            kind: hotbed.kind.clone(),
            ideologies: hotbed.ideologies.iter().filter_map(slot).collect(),
            years: (hotbed.from, hotbed.to),
            relative_risk: hotbed.relative_risk,
            regions: hotbed.districts.iter().filter_map(region).collect(),
        })
        .collect())
}
