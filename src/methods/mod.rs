//! The methods: what each asks, how it is defined and when not to use it, read from the head of its own file.
//!
//! To add a method, write its file below `src/statistics/` with the sections of [`Section`], and add its path to the list
//! below. `saet methods` and the appendix of the methods page are made from nothing else.
//!
//! | module | for |
//! |---|---|
//! | [`header`] | the head of a file, as its title and sections |
//! | [`markdown`] | what is written in them, as paragraphs, lists and tables |
//! | [`links`] | which method a link in a head means |
//! | [`validity`] | how often methods kept their promises on made-up maps |

pub mod header;
pub mod links;
pub mod markdown;
pub mod validity;

pub use header::{Header, Section};

use crate::registry::catalogue;

/// A method: one file, one line of the list.
#[derive(Debug)]
pub struct Method {
    /// Path of its file below `src/statistics/`, such as `interval/wilson`.
    pub id: &'static str,
    text: &'static str,
}

/// Methods that answer questions of one kind.
#[derive(Debug)]
pub struct Family {
    /// What they are, and for what.
    pub title: &'static str,
    /// In the order shown.
    pub entries: &'static [Method],
}

catalogue! {
    /// Every method by family, in the order shown.
    Family of Method in "src/statistics";

    "Intervals: how far a number could be from what is recorded":
    "interval/garwood",
    "interval/byar",
    "interval/negative_binomial",
    "interval/wilson",
    "interval/clopper_pearson",
    "interval/korn_graubard",
    "interval/ratio",
    "interval/goodman",
    "interval/conditional_binomial",
    "interval/mover",
    "interval/bootstrap";

    "Two sources: whether they agree, and what neither has":
    "agreement/rank_correlation",
    "agreement/capture_recapture";

    "Counts: how they scatter, and how large events were":
    "dispersion",
    "attendance";

    "Smoothing: a rate drawn towards what the other regions make likely":
    "smoothing/gamma_poisson",
    "smoothing/leroux",
    "smoothing/marshall";

    "Standardised rates: as if every region had the same age structure":
    "standardised/direct",
    "standardised/fay_feuer",
    "standardised/indirect";

    "Own rate: a region against the rest of the country":
    "own_rate/against_rest",
    "own_rate/funnel",
    "own_rate/power";

    "Evidence: what the tests together say of a region":
    "evidence";

    "Spatial patterns: surroundings that are high, low, alike or unlike":
    "spatial/empirical_bayes_index",
    "spatial/moran",
    "spatial/geary",
    "spatial/getis_ord",
    "spatial/join_count",
    "spatial/local",
    "spatial/local_moran",
    "spatial/local_geary",
    "spatial/local_join_count",
    "spatial/model_based",
    "spatial/sequential";

    "Scans: groups of neighbouring regions, over time too":
    "scan/circular",
    "scan/space_time",
    "scan/space_time_permutation",
    "scan/likelihood",
    "scan/zones",
    "scan/gumbel",
    "scan/gini",
    "scan/iterative";

    "Many tests at once: which to believe":
    "multiple/benjamini_hochberg",
    "multiple/benjamini_yekutieli",
    "multiple/benjamini_bogomolov",
    "multiple/bonferroni",
    "multiple/holm";

    "Trends: whether a series rises or falls, and how steeply":
    "trend/negative_binomial",
    "trend/poisson",
    "trend/log_linear",
    "trend/mann_kendall",
    "trend/kendall_distribution",
    "trend/seasonal_mann_kendall",
    "trend/theil_sen",
    "trend/breaks",
    "trend/emerging";

    "One series watched: alarms, charts, breaks and delay":
    "surveillance/farrington",
    "surveillance/quasi_poisson",
    "surveillance/xmr_chart",
    "surveillance/g_chart",
    "surveillance/t_chart",
    "surveillance/breaks",
    "surveillance/reporting_triangle",
    "surveillance/mack",
    "surveillance/nowcast";

    "Concentration: whether activity sits in a few places":
    "concentration/gini",
    "concentration/theil",
    "concentration/atkinson",
    "concentration/hoover",
    "concentration/herfindahl",
    "concentration/top_share",
    "concentration/diffusion",
    "concentration/location_quotient",
    "concentration/proportional";

    "Ranks: which place a region has, and how sure that is":
    "ranks/drawn",
    "ranks/posterior",
    "ranks/order";

    "Composites: several indicators in one declared number":
    "composite/index",
    "composite/normalise",
    "composite/aggregate",
    "composite/sensitivity";

    "Surveys: means, shares and totals of a population from a sample of it":
    "survey/design",
    "survey/taylor",
    "survey/quantile",
    "survey/proportion_interval",
    "survey/presentation",
    "survey/calibration/linear",
    "survey/calibration/raking",
    "survey/replicates/variance",
    "survey/replicates/jackknife",
    "survey/replicates/balanced",
    "survey/replicates/bootstrap",
    "survey/replicates/supplied";

    "Neighbours: who neighbours whom":
    "weights/contiguity",
    "weights/k_nearest",
    "weights/distance_band",
    "weights/great_circle",
    "weights/islands",
    "weights/gal",
    "weights/gwt";

    "Validity: whether all this holds what it promises":
    "validity/world",
    "validity/false_alarms",
    "validity/coverage",
    "validity/posteriors",
    "validity/power",
    "validity/dropping";
}

/// Every family, in the order shown.
pub fn families() -> &'static [Family] {
    ALL
}

/// Every method, family by family.
pub fn all() -> impl Iterator<Item = &'static Method> {
    ALL.iter().flat_map(|family| family.entries)
}

/// The method of an id.
pub fn find(id: &str) -> Option<&'static Method> {
    all().find(|method| method.id == id)
}

impl Method {
    /// What the head of its file says.
    pub fn header(&self) -> Header {
        Header::of_file(self.text)
    }
}
