//! `saet explain`: a code of a problem, or an indicator, in words.

use std::{fmt::Write as _, path::PathBuf};

use super::{DONE, Outcome, output::Output};
use crate::{
    count::catalogue,
    diagnostics::{Problem, codes, did_you_mean},
    model::Indicator,
};

/// Arguments of `saet explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A code such as `assessment::unknown_key`, or an indicator such as `crime.incidence`.
    topic: String,
    /// Assessment whose `indicators/` folder adds to the built-in catalogue.
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let topic = args.topic.as_str();
    if let Some(code) = codes::ALL.iter().find(|code| code.id == topic) {
        output.result(&format!("{}\n\n{}", code.id, code.explanation));
        return Ok(DONE);
    }
    let catalogue = catalogue::load(Some(&args.dir.join("indicators")))?;
    if let Some(found) = catalogue.iter().find(|found| found.indicator.id.as_str() == topic) {
        output.result(card(&found.indicator).trim_end());
        return Ok(DONE);
    }
    let known = codes::ALL
        .iter()
        .map(|code| code.id)
        .chain(catalogue.iter().map(|found| found.indicator.id.as_str()));
    let help = did_you_mean(topic, known).unwrap_or_else(|| {
        "codes stand in front of every problem; `saet indicators list` names the indicators".into()
    });
    let message = format!("nothing is called `{topic}`");
    Err(Problem::new(&codes::UNKNOWN_NAME, message).help(help).into())
}

fn card(indicator: &Indicator) -> String {
    let mut card = format!("{}: {}\n\n", indicator.id, indicator.title_en());
    let mut line = |text: &str| {
        if !text.is_empty() {
            writeln!(card, "{text}").expect("invariant: writing to a string");
        }
    };
    line(indicator.description_en());
    for measure in &indicator.measures {
        let tested = if measure.tested { ", tested for hotbeds" } else { "" };
        line(&format!("  {}: {}{tested}", measure.id, measure.unit_en()));
        if let Some(reason) = &measure.reason {
            line(&format!("    {reason}"));
        }
    }
    line(&format!("Limits: {}", indicator.limits_en()));
    line(&format!("Derived from: {}", indicator.derived_from));
    line(&format!("Defined in: {}", indicator.file));
    card
}
