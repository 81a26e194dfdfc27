//! The finding in one sentence: of single regions where they were tested, else of groups, else only what was described.

use super::{Method, numbers::Status, sentences::Findings};
use crate::{
    model::Evidence,
    render::words::{number_of, plural},
};

impl Findings<'_> {
    /// The finding, without a full stop.
    pub(super) fn headline(&self) -> String {
        let statuses = self.analysis.statuses();
        let regions = plural(self.n_with_data(), "region", "regions");
        if statuses.contains_key(&Status::NothingRecorded) {
            return format!("No event was recorded in any of {regions}");
        }
        if statuses.contains_key(&Status::TooFewRegions) || self.analysis.spent.is_none() {
            return format!("{regions} with data: too few to test");
        }
        if !self.has_classes() {
            return if self.options.asks_for(Method::Local) {
                self.headline_of_value()
            } else {
                self.headline_of_groups().unwrap_or_else(|| {
                    format!("{regions} described: single regions were not tested")
                })
            };
        }
        let probable = self.analysis.n_of(Evidence::Probable);
        let possible = self.analysis.n_of(Evidence::Signal);
        let end = "more events were recorded than chance explains";
        match (probable, possible) {
            (0, 0) => {
                format!("In none of {regions} were more events recorded than chance explains")
            }
            (0, _) => format!("In {} of {regions}, possibly {end}", number_of(possible)),
            (_, 0) => format!("In {} of {regions}, probably {end}", number_of(probable)),
            _ => format!(
                "In {} of {regions} probably, and in {} possibly, {end}",
                number_of(probable),
                number_of(possible)
            ),
        }
    }

    /// Where the scan is the only test of where.
    fn headline_of_groups(&self) -> Option<String> {
        let groups = self.analysis.groups.as_ref()?;
        let regions = plural(self.n_with_data(), "region", "regions");
        Some(match groups.clusters.iter().filter(|cluster| groups.is_kept(cluster)).count() {
            0 if groups.p <= groups.level => {
                format!("Some large group among {regions} has more events than chance explains")
            }
            0 => format!("No group among {regions} has more events than chance explains"),
            1 => format!("One group among {regions} has more events than chance explains"),
            n => format!(
                "{} groups among {regions} have more events than chance explains",
                number_of(n)
            ),
        })
    }

    fn headline_of_value(&self) -> String {
        let regions = plural(self.n_with_data(), "region", "regions");
        // A column's name stays as it is.
        let name = self.options.map.columns.value.as_deref().unwrap_or("The rate");
        if self.analysis.statuses().contains_key(&Status::Constant) {
            return format!("{name} is the same everywhere: there is no pattern to test");
        }
        match (self.n_of("HH"), self.n_of("LL")) {
            (0, 0) => {
                format!(
                    "In none of {regions} do the surroundings of {} differ from chance",
                    self.variable()
                )
            }
            (high, 0) => format!("{name} is high among high in {} of {regions}", number_of(high)),
            (0, low) => format!("{name} is low among low in {} of {regions}", number_of(low)),
            (high, low) => format!(
                "{name} is high among high in {} of {regions}, and low among low in {}",
                number_of(high),
                number_of(low)
            ),
        }
    }

    fn n_with_data(&self) -> usize {
        let rows = self.analysis.rows.iter();
        rows.filter(|row| !matches!(row.status, Status::NoData | Status::ZeroPopulation)).count()
    }
}
