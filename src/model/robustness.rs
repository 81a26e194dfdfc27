//! What stands behind an evidence class: groups, replication on other data, and checks one at a time.

/// A group of neighbouring regions that together hold more than chance explains (scan statistic).
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Group {
    /// Place by falling log-likelihood ratio, from 1.
    pub rank: usize,
    /// Region in the middle, by index.
    pub centre: usize,
    /// Members, by distance from the middle.
    pub regions: Vec<usize>,
    /// Counts of the members.
    pub cases: u64,
    /// What chance would make of them.
    pub expected: f64,
    /// Rate inside over rate outside; `None` when nothing lies outside.
    pub relative_risk: Option<f64>,
    /// Log-likelihood ratio, divided by φ where counts scatter.
    pub llr: f64,
    /// Rank p among drawn maps; it decides.
    pub p: f64,
    /// p of Gumbel's distribution fitted to the drawn maps, beside.
    pub gumbel_p: Option<f64>,
    /// Kilometres from the middle to the farthest member.
    pub radius_km: f64,
}

/// How a check of an evidence class ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome", content = "why")]
pub enum Outcome {
    /// The class holds under it.
    Survives,
    /// It does not.
    Fails,
    /// It asks nothing of this region, because.
    NotApplicable(&'static str),
    /// It could not be made, because.
    NotChecked(&'static str),
}

impl Outcome {
    /// `survives`, `fails` or the reason there is neither.
    pub fn words(self) -> String {
        match self {
            Self::Survives => "survives".to_owned(),
            Self::Fails => "fails".to_owned(),
            Self::NotApplicable(why) => format!("not applicable ({why})"),
            Self::NotChecked(why) => format!("not checked ({why})"),
        }
    }

    fn stands_in_the_way(self) -> bool {
        matches!(self, Self::Fails | Self::NotChecked(_))
    }
}

/// Replication and the vector of nuisance checks of a region that is at least probable. Checks are never pooled.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Robustness {
    /// Whether other data (the disjoint earlier window) also show a signal.
    pub replicated: Outcome,
    /// Each check with how it ended, in a fixed order.
    pub checks: Vec<(&'static str, Outcome)>,
}

impl Robustness {
    /// Whether nothing stands in the way of calling the region established.
    pub fn is_complete(&self) -> bool {
        self.replicated == Outcome::Survives
            && self.checks.iter().all(|(_, outcome)| !outcome.stands_in_the_way())
    }

    /// Every check in words, for tables and pages.
    pub fn words(&self) -> String {
        let first = std::iter::once(("replicated in the earlier window", self.replicated));
        let each = first.chain(self.checks.iter().copied());
        let texts: Vec<String> =
            each.map(|(name, outcome)| format!("{name}: {}", outcome.words())).collect();
        texts.join("; ")
    }
}

#[test]
fn only_a_full_vector_is_complete() {
    let mut found = Robustness {
        replicated: Outcome::Survives,
        checks: vec![("a", Outcome::Survives), ("b", Outcome::NotApplicable("c"))],
    };
    assert!(found.is_complete());
    assert_eq!(
        found.words(),
        "replicated in the earlier window: survives; a: survives; b: not applicable (c)"
    );
    found.checks.push(("d", Outcome::NotChecked("e")));
    assert!(!found.is_complete());
}
