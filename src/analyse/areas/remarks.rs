//! What a reader has to know about the data before believing the results.

use super::{Method, Options, ScanModel, input::Input, numbers::Analysis};

/// A sentence for each; `n_clamped` regions have an index by chance alone.
pub(super) fn of(
    input: &Input,
    analysis: &Analysis,
    options: &Options,
    n_clamped: usize,
) -> Vec<String> {
    let mut notes = Vec::new();
    let nobody = input.regions.iter().filter(|region| {
        region.population.is_some_and(|own| own <= 0.0) && region.events.is_some_and(|own| own > 0)
    });
    let n_nobody = nobody.count();
    if n_nobody > 0 {
        notes.push(format!(
            "regions with events but without population: {n_nobody}; their events are in no rate and in no test of rates"
        ));
    }
    let n_nowhere = input.regions.iter().filter(|region| region.place.is_none()).count();
    if n_nowhere > 0 {
        notes.push(format!(
            "regions without a place: {n_nowhere}; they have no surroundings and are in no group"
        ));
    }
    let report = &analysis.neighbours.report;
    if report.n_components > 1 {
        notes.push(format!(
            "the neighbours fall into {} parts that no link connects",
            report.n_components
        ));
    }
    if analysis.n_dropped_links > 0 {
        notes.push(format!(
            "{} links to regions without data were dropped",
            analysis.n_dropped_links
        ));
    }
    if n_clamped > 0 {
        notes.push(format!(
            "the variance between regions is estimated below 0; the index of {n_clamped} regions uses chance alone"
        ));
    }
    if analysis.is_sparse {
        notes.push(
            "most regions expect less than one event: p of surroundings comes from whole maps drawn from the model, and the \
             empirical-Bayes Moran's I has none"
                .to_owned(),
        );
    }
    if let Some(counts) = &analysis.counts
        && let Some(law) = counts.dispersion.law
    {
        notes.push(format!(
            "counts scatter more than chance makes them (negative binomial, variance {}): limits and own-rate tests use it{}",
            crate::render::words::variance_law(law),
            match options.scan.model {
                _ if !options.asks_for(Method::Scan) => "",
                ScanModel::Dispersed => ", and so do the scan's draws",
                ScanModel::Poisson | ScanModel::Bernoulli =>
                    ". The scan does not, as `--scan-model` asks: p of its groups is too small, and too many are kept",
            }
        ));
    }
    notes
}
