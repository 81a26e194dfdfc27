//! Many tests at once: which to believe when some would look significant by chance.
//!
//! | module | for |
//! |---|---|
//! | [`benjamini_hochberg`] | regions of one surface, or surfaces among themselves |
//! | [`benjamini_bogomolov`] | surfaces first, then regions inside the selected ones |
//! | [`benjamini_yekutieli`] | the same share of false discoveries under any dependence |
//! | [`holm`] | no false one among a handful of planned comparisons |
//! | [`bonferroni`] | the same, coarser, for parity with figures of others |

//!
//! [`Correction`] names those that turn p-values of one family into adjusted ones.

pub mod benjamini_bogomolov;
pub mod benjamini_hochberg;
pub mod benjamini_yekutieli;
pub mod bonferroni;
pub mod holm;

/// What is guaranteed of many tests at once, and what the adjusted p-values then are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Correction {
    /// Share of false ones among those kept: [`benjamini_hochberg`].
    #[default]
    BenjaminiHochberg,
    /// The same under any dependence: [`benjamini_yekutieli`].
    BenjaminiYekutieli,
    /// No false one at all: [`holm`].
    Holm,
    /// The same, coarser: [`bonferroni`].
    Bonferroni,
}

impl Correction {
    /// From a command line: `bh`, `by`, `holm`, `bonferroni`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "bh" => Ok(Self::BenjaminiHochberg),
            "by" => Ok(Self::BenjaminiYekutieli),
            "holm" => Ok(Self::Holm),
            "bonferroni" => Ok(Self::Bonferroni),
            _ => Err("give `bh`, `by`, `holm` or `bonferroni`".to_owned()),
        }
    }

    /// Its authors.
    pub fn name(self) -> &'static str {
        match self {
            Self::BenjaminiHochberg => "Benjamini and Hochberg",
            Self::BenjaminiYekutieli => "Benjamini and Yekutieli",
            Self::Holm => "Holm",
            Self::Bonferroni => "Bonferroni",
        }
    }

    /// Adjusted p-values, in the order given: a test is kept at level α when its own is at most α.
    pub fn adjusted(self, p: &[f64]) -> Vec<f64> {
        match self {
            Self::BenjaminiHochberg => benjamini_hochberg::q_values(p),
            Self::BenjaminiYekutieli => benjamini_yekutieli::q_values(p),
            Self::Holm => holm::adjusted(p),
            Self::Bonferroni => bonferroni::adjusted(p),
        }
    }

    /// The level at which Benjamini and Hochberg's procedure over `n` tests keeps at least what this one keeps at `alpha`;
    /// for Benjamini and Yekutieli's it keeps the same.
    pub fn level(self, alpha: f64, n: usize) -> f64 {
        match self {
            Self::BenjaminiYekutieli => alpha / benjamini_yekutieli::price(n),
            Self::BenjaminiHochberg | Self::Holm | Self::Bonferroni => alpha,
        }
    }
}

#[test]
fn every_correction_keeps_no_more_than_benjamini_and_hochberg_at_its_level() {
    let p = [0.001, 0.012, 0.004, 0.3, 0.021, 0.9, 0.0001, 0.04];
    for name in ["bh", "by", "holm", "bonferroni"] {
        let correction = Correction::parse(name).unwrap();
        let kept = correction.adjusted(&p).into_iter().map(|q| q <= 0.05);
        let at_level = benjamini_hochberg::rejected(&p, correction.level(0.05, p.len()));
        let both: Vec<(bool, bool)> = kept.zip(at_level).collect();
        assert!(both.iter().all(|&(kept, upper)| !kept || upper), "{name}: {both:?}");
        let is_same = both.iter().all(|&(kept, upper)| kept == upper);
        let controls_share = matches!(name, "bh" | "by");
        assert!(is_same || !controls_share, "{name}: {both:?}");
    }
    assert!(Correction::parse("fdr").is_err());
}

/// Positions by ascending p; ties keep their order.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}
