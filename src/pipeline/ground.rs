//! The ground everything stands on: regions, outlines, weights, and the ways to find a region.

use std::collections::BTreeMap;

use crate::{
    assessment::Assessment,
    diagnostics::Problems,
    locate::{self, Area, Layer, Locator, PointIndex},
    model::{Boundaries, Neighbourhood, RegionTree, Weights, WeightsReport},
    read::{boundaries, links},
    storage,
};

/// Regions and what is needed to place records in them.
pub(super) struct Ground {
    pub(super) tree: RegionTree,
    pub(super) boundaries: Boundaries,
    pub(super) neighbourhoods: BTreeMap<usize, Neighbourhood>,
    pub(super) reports: BTreeMap<usize, WeightsReport>,
    pub(super) locator: Locator,
    pub(super) points: PointIndex,
    /// Boundary files with their sha256.
    pub(super) files: Vec<(String, String)>,
}

impl Ground {
    /// Reads the boundary files and builds tree, weights and indices.
    pub(super) fn survey(assessment: &Assessment) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let (mut layers, mut files) = (Vec::new(), Vec::new());
        for level in &assessment.regions {
            match boundaries::read(level, &assessment.data) {
                Ok(file) => {
                    files.push((level.path.clone(), file.sha256));
                    let areas = file
                        .features
                        .into_iter()
                        .map(|feature| Area {
                            code: feature.code,
                            name: feature.name,
                            parent: feature.parent,
                            outline: feature.outline,
                        })
                        .collect();
                    layers.push(Layer {
                        level: level.level,
                        file: level.path.clone(),
                        place: level.place.clone(),
                        areas,
                    });
                }
                Err(found) => problems.extend(found),
            }
        }
        problems.into_result()?;
        let (tree, boundaries) =
            locate::build(&assessment.vintage, &assessment.levels, &assessment.country, layers)?;
        let (mut neighbourhoods, mut reports) = (BTreeMap::new(), BTreeMap::new());
        for &level in &assessment.test_levels {
            let linked = linked(assessment, &tree, level, &mut files)?;
            let (found, report) = locate::neighbourhood(
                &tree,
                &boundaries,
                level,
                &assessment.weights,
                linked.as_ref(),
            )?;
            neighbourhoods.insert(level, found);
            reports.insert(level, report);
        }
        let locator = Locator::new(&tree, &assessment.merges)?;
        let points = PointIndex::new(&tree, &boundaries, tree.deepest());
        Ok(Self { tree, boundaries, neighbourhoods, reports, locator, points, files })
    }
}

/// The links of a declared neighbour file.
fn linked(
    assessment: &Assessment,
    tree: &RegionTree,
    level: usize,
    files: &mut Vec<(String, String)>,
) -> Result<Option<Weights>, Problems> {
    let Some(file) = &assessment.weights.file else { return Ok(None) };
    let path = assessment.data.join(file);
    let codes: Vec<&str> = tree.level(level).map(|at| tree.get(at).id.as_str()).collect();
    let help = format!("its codes are those of level `{}`", tree.levels[level]);
    let weights = links::read(&path, &codes, &help)?;
    files.push((file.clone(), storage::sha256(&storage::read(&path)?)));
    Ok(Some(weights))
}
