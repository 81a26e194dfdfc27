//! Who neighbours whom: by outline, by place or from a file, and what happens to islands.

use std::path::{Path, PathBuf};

use geo::MultiPolygon;

use super::input::Input;
use crate::{
    diagnostics::{Place, Problem, Problems, codes},
    locate::rings,
    model::{Weights, WeightsReport},
    read::{links, map::Surface},
    statistics::weights::{
        Metric,
        contiguity::{self, Outline},
        distance_band,
        islands::{self, Policy},
        k_nearest,
    },
};

/// How neighbours are told.
#[derive(Debug, Clone, PartialEq)]
pub enum WeightsRule {
    /// Outlines share a point.
    Queen,
    /// Outlines share a segment.
    Rook,
    /// The k nearest places.
    Nearest(usize),
    /// Places at most so far apart.
    Distance(f64),
    /// A GAL file.
    Gal(PathBuf),
    /// A GWT file.
    Gwt(PathBuf),
}

/// The neighbours of a place where the file has no outlines.
const USUAL_NEAREST: usize = 6;

impl WeightsRule {
    /// From a command line: `queen`, `rook`, `knn:K`, `distance:D`, `FILE.gal`, `FILE.gwt`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lower = text.to_ascii_lowercase();
        if let Some(k) = lower.strip_prefix("knn:") {
            let k = k.parse().ok().filter(|&k| k > 0);
            return k.map(Self::Nearest).ok_or("say how many neighbours: `knn:6`".to_owned());
        }
        if let Some(distance) = lower.strip_prefix("distance:") {
            let distance = distance.parse::<f64>().ok().filter(|far| *far > 0.0 && far.is_finite());
            return distance.map(Self::Distance).ok_or("say how far: `distance:50`".to_owned());
        }
        match lower.rsplit_once('.') {
            Some((_, "gal")) => Ok(Self::Gal(PathBuf::from(text))),
            Some((_, "gwt")) => Ok(Self::Gwt(PathBuf::from(text))),
            _ if lower == "queen" => Ok(Self::Queen),
            _ if lower == "rook" => Ok(Self::Rook),
            _ => Err("give `queen`, `rook`, `knn:K`, `distance:KM`, or a `.gal` or `.gwt` file"
                .to_owned()),
        }
    }
}

/// What happens to regions without a neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum IslandPolicy {
    /// Their own rate is tested, their surroundings are not.
    Exclude,
    /// Each is linked with its nearest region.
    Nearest,
}

/// How regions are linked.
#[derive(Debug, Clone, Default)]
pub struct Linking {
    /// Who neighbours whom; `None`: queen for outlines, the six nearest for places.
    pub weights: Option<WeightsRule>,
    /// What happens to regions without a neighbour.
    pub islands: Option<IslandPolicy>,
    /// Distance within which corners of outlines are the same, in the unit of the coordinates.
    pub snap: f64,
}

impl Linking {
    /// What cannot be used.
    pub(super) fn check(&self) -> Problems {
        let mut problems = Problems::default();
        if !(self.snap >= 0.0 && self.snap.is_finite()) {
            problems.push(
                Problem::new(&codes::OPTION, "`--snap` is no distance")
                    .help("give 0 or more, in the unit of the coordinates"),
            );
        }
        problems
    }
}

/// Weights over all regions of the file.
pub(super) struct Neighbours {
    pub(super) weights: Weights,
    pub(super) report: WeightsReport,
    /// Links added for islands, lower position first.
    pub(super) added: Vec<(u32, u32)>,
    /// What was chosen or found, in words.
    pub(super) notes: Vec<String>,
}

/// One region in this many may be an island before a policy has to be named, as in an assessment.
const ISLANDS_ONE_IN: usize = 20;

/// Links the regions of the file.
pub(super) fn build(input: &Input, linking: &Linking) -> Result<Neighbours, Problems> {
    let mut notes = Vec::new();
    let rule = linking.weights.clone().unwrap_or_else(|| {
        if input.has_outlines {
            return WeightsRule::Queen;
        }
        let k = USUAL_NEAREST.min(input.regions.len().saturating_sub(1)).max(1);
        notes.push(format!("the file has no outlines: neighbours are the {k} nearest (`knn:{k}`)"));
        WeightsRule::Nearest(k)
    });
    let (weights, kind) = match &rule {
        WeightsRule::Queen => {
            (contiguity::queen(&outlines(input)?, linking.snap), "queen".to_owned())
        }
        WeightsRule::Rook => (contiguity::rook(&outlines(input)?, linking.snap), "rook".to_owned()),
        WeightsRule::Nearest(k) => {
            let (weights, n_tied) = nearest(input, *k)?;
            if n_tied > 0 {
                notes.push(format!(
                    "{n_tied} regions have an equally near one that is not among their {k} nearest; the first in the file is taken"
                ));
            }
            (weights, format!("knn:{k}"))
        }
        WeightsRule::Distance(far) => (within(input, *far)?, format!("distance:{far}")),
        WeightsRule::Gal(path) | WeightsRule::Gwt(path) => {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            (from_file(input, path)?, name.unwrap_or_default())
        }
    };
    let (weights, added) = settle(weights, input, linking)?;
    let report = weights.report(&kind, linking.snap);
    Ok(Neighbours { weights, report, added, notes })
}

fn outlines(input: &Input) -> Result<Vec<Outline>, Problem> {
    if !input.has_outlines {
        return Err(Problem::new(&codes::OPTION, "the file has no outlines that could touch")
            .at(Place::File(input.file.clone()))
            .help("tell neighbours by distance: `--weights knn:6` or `--weights distance:KM`"));
    }
    let of = |outline: &MultiPolygon<f64>| rings(outline);
    Ok(input.regions.iter().map(|at| at.outline.as_ref().map(of).unwrap_or_default()).collect())
}

/// Regions that have a place, and their places.
fn located(input: &Input) -> (Vec<u32>, Vec<[f64; 2]>) {
    let places = (0..).zip(&input.regions).filter_map(|(at, region)| Some((at, region.place?)));
    places.unzip()
}

fn metric(input: &Input) -> Metric {
    match input.places {
        Surface::Earth => Metric::GreatCircle,
        Surface::Plane => Metric::Plane,
    }
}

/// Weights among located regions, over all of them.
fn spread(weights: &Weights, located: &[u32], n: usize) -> Weights {
    let mut lists = vec![Vec::new(); n];
    for (position, &region) in located.iter().enumerate() {
        let own = weights.neighbours(position).iter();
        lists[region as usize] = own.map(|&other| located[other as usize]).collect();
    }
    Weights::binary(lists)
}

fn nearest(input: &Input, k: usize) -> Result<(Weights, usize), Problem> {
    let (regions, places) = located(input);
    let n = regions.len();
    let found = k_nearest::links(&places, metric(input), k).ok_or_else(|| {
        Problem::new(
            &codes::OPTION,
            format!("{n} regions with a place cannot have {k} neighbours each"),
        )
        .at(Place::File(input.file.clone()))
        .help(if n > 1 {
            format!("ask for fewer: `--weights knn:{}`", USUAL_NEAREST.min(n - 1))
        } else {
            "neighbours need at least two regions".to_owned()
        })
    });
    // One region has no neighbours, and that is no mistake of the options unless they ask for some.
    if n < 2 && found.is_err() {
        return Ok((Weights::binary(vec![Vec::new(); input.regions.len()]), 0));
    }
    let found = found?;
    Ok((spread(&found.weights, &regions, input.regions.len()), found.n_tied))
}

fn within(input: &Input, far: f64) -> Result<Weights, Problem> {
    let (regions, places) = located(input);
    let weights = distance_band::links(&places, metric(input), far).ok_or_else(|| {
        Problem::new(&codes::GEOMETRY, "a region has no place on Earth")
            .at(Place::File(input.file.clone()))
            .help("latitudes lie between −90 and 90; for other coordinates say `--plane`")
    })?;
    Ok(spread(&weights, &regions, input.regions.len()))
}

fn from_file(input: &Input, path: &Path) -> Result<Weights, Problems> {
    let ids: Vec<&str> = input.regions.iter().map(|region| region.id.as_str()).collect();
    let help =
        "its codes are those of `--id`, or the numbers of the rows from 1 where `--id` is left out";
    links::read(path, &ids, help)
}

/// Applies the policy for islands.
fn settle(
    weights: Weights,
    input: &Input,
    linking: &Linking,
) -> Result<(Weights, Vec<(u32, u32)>), Problem> {
    let alone = weights.islands();
    let (n_islands, n) = (alone.len(), weights.n());
    match linking.islands {
        None if n > 1 && n_islands * ISLANDS_ONE_IN > n => {
            let shown = alone.iter().take(5);
            let names: Vec<String> =
                shown.map(|&at| format!("`{}`", input.regions[at].id)).collect();
            let more = if n_islands > names.len() { ", …" } else { "" };
            let names = names.join(", ");
            Err(Problem::new(
                &codes::ISLANDS,
                format!(
                    "{n_islands} of {n} regions {} no neighbour: {names}{more}",
                    if n_islands == 1 { "has" } else { "have" }
                ),
            )
            .at(Place::File(input.file.clone()))
            .help(
                "say `--islands exclude` (their own rate is tested, their surroundings are not) or `--islands nearest` (each \
                 is linked with its nearest), or choose other neighbours: `--weights knn:6`",
            ))
        }
        Some(IslandPolicy::Nearest) if n_islands > 0 => {
            let (nearest, _) = nearest(input, 1)?;
            match islands::resolve(&weights, Policy::Nearest(&nearest)) {
                Ok(resolved) => Ok((resolved.weights, resolved.added)),
                // Without a place there is no nearest: these stay alone, with a status.
                Err(_) => Ok((weights, Vec::new())),
            }
        }
        _ => Ok((weights, Vec::new())),
    }
}

#[test]
fn rules_are_read_from_a_command_line() {
    assert_eq!(WeightsRule::parse("Queen"), Ok(WeightsRule::Queen));
    assert_eq!(WeightsRule::parse("knn:4"), Ok(WeightsRule::Nearest(4)));
    assert_eq!(WeightsRule::parse("distance:7.5"), Ok(WeightsRule::Distance(7.5)));
    assert_eq!(WeightsRule::parse("a/B.gal"), Ok(WeightsRule::Gal("a/B.gal".into())));
    for wrong in ["knn:0", "knn:", "distance:-1", "distance:x", "bishop", "a.txt"] {
        assert!(WeightsRule::parse(wrong).is_err(), "{wrong}");
    }
}
