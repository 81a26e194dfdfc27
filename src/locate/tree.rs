//! The region tree from the levels' areas: sorted by (level, code), every region with its parent.

use std::collections::BTreeMap;

use geo::MultiPolygon;

use crate::{
    diagnostics::{Place, Problem, Problems, codes, did_you_mean},
    model::{Region, RegionId, RegionTree},
};

/// One area of a level, before it has an index.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Code in the declared vintage.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of its parent one level up; not looked at on the level below the country.
    pub parent: Option<String>,
    /// Outline in degrees.
    pub outline: MultiPolygon<f64>,
}

/// All areas of a level.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Position in the levels, from 1: the country has no layer.
    pub level: usize,
    /// Boundary file, for messages.
    pub file: String,
    /// Where it is declared.
    pub place: Place,
    /// The areas, in any order.
    pub areas: Vec<Area>,
}

/// Outlines by region index.
type Outlines = Vec<Option<MultiPolygon<f64>>>;

/// Indexes the areas; outlines come back by region index, `None` for the country.
pub(super) fn build(
    vintage: &str,
    levels: &[String],
    country: &(RegionId, String),
    mut layers: Vec<Layer>,
) -> Result<(RegionTree, Outlines), Problems> {
    let mut problems = Problems::default();
    layers.sort_by_key(|layer| layer.level);
    let mut regions =
        vec![Region { id: country.0.clone(), name: country.1.clone(), level: 0, parent: None }];
    let mut outlines = vec![None];
    let mut above = BTreeMap::from([(country.0.as_str().to_owned(), 0)]);
    for (level, name) in levels.iter().enumerate().skip(1) {
        let Some(at) = layers.iter().position(|layer| layer.level == level) else {
            let message = format!("level `{name}` has no boundary file");
            problems.push(
                Problem::new(&codes::EMPTY_FILE, message).help("declare it under `[regions]`"),
            );
            break;
        };
        let layer = layers.swap_remove(at);
        if layer.areas.is_empty() {
            let message = format!("level `{name}` has no regions");
            problems.push(Problem::new(&codes::EMPTY_FILE, message).at(layer.place.clone()));
            break;
        }
        above = add_level(layer, name, &above, (&mut regions, &mut outlines), &mut problems);
    }
    problems.into_result()?;
    Ok((RegionTree::new(vintage.to_owned(), levels.to_vec(), regions), outlines))
}

/// Appends one level's regions, sorted by code; returns their indices by code.
fn add_level(
    layer: Layer,
    name: &str,
    above: &BTreeMap<String, usize>,
    (regions, outlines): (&mut Vec<Region>, &mut Outlines),
    problems: &mut Problems,
) -> BTreeMap<String, usize> {
    let in_file =
        |code, message: String| Problem::new(code, message).at(Place::File(layer.file.clone()));
    let mut areas = layer.areas;
    areas.sort_by(|a, b| a.code.cmp(&b.code));
    let mut by_code = BTreeMap::new();
    for area in areas {
        let code = area.code;
        if code.trim().is_empty() {
            problems.push(in_file(&codes::GEOMETRY, format!("region `{}` has no code", area.name)));
            continue;
        }
        if by_code.contains_key(&code) {
            let message = format!("code `{code}` stands for two regions");
            problems.push(
                in_file(&codes::GEOMETRY, message).help("merge the rows or correct the code"),
            );
            continue;
        }
        let parent = match (layer.level, area.parent) {
            (1, _) => Ok(0),
            (_, None) => Err(format!("region `{code}` of level `{name}` has no parent")),
            (_, Some(parent)) => above.get(&parent).copied().ok_or_else(|| {
                let near = did_you_mean(&parent, above.keys().map(String::as_str));
                let near = near.map(|near| format!("; {near}")).unwrap_or_default();
                format!("parent `{parent}` of region `{code}` does not exist{near}")
            }),
        };
        match parent {
            Err(message) => problems.push(in_file(&codes::UNKNOWN_PARENT, message).help(
                "check `parent` of the level, and that both boundary files are of the same vintage",
            )),
            Ok(parent) => {
                by_code.insert(code.clone(), regions.len());
                let id = RegionId::new(code);
                regions.push(Region {
                    id,
                    name: area.name,
                    level: layer.level,
                    parent: Some(parent),
                });
                outlines.push(Some(area.outline));
            }
        }
    }
    by_code
}

#[cfg(test)]
fn layer(level: usize, areas: &[(&str, Option<&str>)]) -> Layer {
    let areas = areas.iter().map(|(code, parent)| Area {
        code: (*code).to_owned(),
        name: format!("Name of {code}"),
        parent: parent.map(str::to_owned),
        outline: MultiPolygon(Vec::new()),
    });
    let file = format!("level{level}.geojson");
    Layer { level, place: Place::File(file.clone()), file, areas: areas.collect() }
}

#[cfg(test)]
fn try_build(layers: Vec<Layer>) -> Result<RegionTree, Problems> {
    let levels = ["country", "land", "kreis"].map(str::to_owned);
    let country = (RegionId::from("DE"), "Germany".to_owned());
    build("2016", &levels, &country, layers).map(|(tree, _)| tree)
}

#[test]
fn regions_are_sorted_within_their_level_and_know_their_parents() {
    let kreise = layer(2, &[("02001", Some("02")), ("01002", Some("01")), ("01001", Some("01"))]);
    let tree = try_build(vec![kreise, layer(1, &[("02", None), ("01", None)])]).unwrap();
    let ids: Vec<&str> = tree.iter().map(|(_, region)| region.id.as_str()).collect();
    assert_eq!(ids, ["DE", "01", "02", "01001", "01002", "02001"]);
    assert_eq!(tree.ancestor(5, 1), Some(2));
    assert_eq!(tree.children(1), [3, 4]);
}

#[test]
fn every_wrong_parent_and_code_is_reported() {
    let kreise = layer(
        2,
        &[
            ("01001", Some("1")),
            ("x", None),
            ("01002", Some("01")),
            ("01002", Some("01")),
            (" ", None),
        ],
    );
    let problems = try_build(vec![layer(1, &[("01", None)]), kreise]).unwrap_err();
    let found: Vec<&str> = problems.0.iter().map(|problem| problem.code.id).collect();
    assert_eq!(found.len(), 4);
    assert!(
        problems.to_string().contains("`1` of region `01001` does not exist; did you mean `01`?")
    );
    assert!(problems.to_string().contains("`01002` stands for two regions"));
}

#[test]
fn a_level_without_a_file_is_named() {
    let problems = try_build(vec![layer(1, &[("01", None)])]).unwrap_err();
    assert_eq!(problems.to_string(), "level `kreis` has no boundary file");
}
