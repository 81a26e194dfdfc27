//! How it was done, for whoever has to write a methods section.

use super::{Calibrate, Kind, Quantity, Replication, sentences::Findings};
use crate::{
    model::LonelyPsu,
    render::words::{self, figure, number_of},
};

impl Findings<'_> {
    /// How it was done, in the words of a methods section.
    pub(super) fn methods(&self) -> Vec<String> {
        let mut lines = vec![match &self.options.replication {
            None => "Standard errors: Taylor linearisation over sampling units within strata (Binder 1983, doi:10.2307/1402588; \
                     Lumley 2010, doi:10.1002/9780470580066)."
                .to_owned(),
            Some(replication) => {
                let (kind, n) = match replication {
                    Replication::Made(kind) => (kind, self.drawn.replicates.as_ref()),
                    Replication::Published(published) => {
                        (&published.kind, self.drawn.replicates.as_ref())
                    }
                };
                format!(
                    "Standard errors: {}, {} replicates around their mean (Wolter 2007, doi:10.1007/978-0-387-35099-8).",
                    kind.name(),
                    number_of(n.map_or(0, crate::statistics::survey::replicates::Replicates::count))
                )
            }
        }];
        lines.extend(self.finite().map(str::to_owned));
        let lonely = match self.options.drawing.lonely {
            LonelyPsu::Error => None,
            LonelyPsu::Remove => Some("are left out of the variance, which makes it too small"),
            LonelyPsu::Certainty => Some("are taken as drawn with certainty"),
            LonelyPsu::Adjust => Some("are compared with the mean of all, which is cautious"),
            LonelyPsu::Average => Some("get the average variance of the others"),
        };
        lines.extend(lonely.map(|how| format!("Strata with a single sampling unit {how}.")));
        if let (Some(margins), Some((lowest, highest)), Some((known, _))) =
            (&self.options.margins, self.drawn.moved, &self.input.margins)
        {
            let names: Vec<String> = known.variables().map(str::to_owned).collect();
            let how = match margins.how {
                Calibrate::Linear => {
                    "Linear calibration (Deville and Särndal 1992, doi:10.1080/01621459.1992.10475217)"
                }
                Calibrate::Raking => {
                    "Raking (Deming and Stephan 1940, doi:10.1214/aoms/1177731829)"
                }
            };
            lines.push(format!(
                "{how} to known totals of {}: weights were multiplied by {} to {}; {}.",
                words::list(&names),
                figure(lowest),
                figure(highest),
                if self.drawn.replicates.is_some() {
                    "every replicate meets the same totals"
                } else {
                    "the variance is that of residuals from the regression on them"
                }
            ));
        }
        if self.options.by.is_some() {
            let degrees = match self.options.replication {
                Some(Replication::Published(_)) => "the same for every part",
                _ => {
                    "units met minus strata met (Korn and Graubard 1999, doi:10.1002/9781118032619)"
                }
            };
            lines.push(format!(
                "Parts of the population are masked, not cut out: the whole sample stays behind each. Degrees of freedom: {degrees}."
            ));
        }
        if self.options.quantities.iter().any(Quantity::is_share) {
            lines.push(format!(
                "Shares: {} 95 % limits. Whether they may be shown: NCHS, Vital Health Stat 2(175), 2017, and at least 10 \
                 respondents who said so.",
                match self.options.interval {
                    super::ShareInterval::KornGraubard => "Korn and Graubard’s",
                    super::ShareInterval::Logit => "logit",
                }
            ));
        }
        if self.options.quantities.iter().any(|q| matches!(q, Quantity::Quantile { .. })) {
            lines.push(
                "Quantiles: the smallest answer that reaches the part asked for, with Woodruff’s limits (1952, \
                 doi:10.1080/01621459.1952.10483443)."
                    .to_owned(),
            );
        }
        lines.push(
            "Design effect: variance over that of as many respondents drawn one by one with replacement. Other limits: Student’s t."
                .to_owned(),
        );
        lines
    }

    /// What population sizes do to the variance; `None` where none are named.
    fn finite(&self) -> Option<&'static str> {
        if self.options.drawing.fpc.is_empty() {
            return None;
        }
        Some(match &self.options.replication {
            None => {
                "Finite population: the variance of each stage is reduced by the part that was drawn."
            }
            Some(Replication::Made(Kind::Jk1 | Kind::Jkn)) => {
                "Finite population: the variance is reduced by the part of the units of the first stage that was drawn; further \
                 stages are left out, as in every jackknife of units."
            }
            Some(_) => {
                "Population sizes are not used: these replicates take units as drawn with replacement, which is cautious."
            }
        })
    }
}
