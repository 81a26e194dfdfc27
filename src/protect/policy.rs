//! Policies: what an edition may show, decided once and applied in every channel.

/// Whom an edition is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// The national centre: everything.
    Restricted,
    /// Everybody: protected, coarse, labels only from a declared level up.
    Public,
}

impl Edition {
    /// Every edition, in the order they are written.
    pub const ALL: [Self; 2] = [Self::Restricted, Self::Public];

    /// The name used for folders and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Restricted => "restricted",
            Self::Public => "public",
        }
    }
}

/// What an edition may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Policy {
    /// Whom it is for. Nothing below applies to [`Edition::Restricted`].
    pub edition: Edition,
    /// Protected counts from 1 up to this are hidden.
    pub hide_up_to: u64,
    /// Shown protected counts are rounded to a multiple of this.
    pub round_to: u64,
    /// Position of the finest level at which evidence classes may be shown; coarser levels have smaller positions.
    pub labels_from_level: usize,
}

impl Policy {
    /// Whether a protected count stays hidden. Zero does not: that nothing was recorded is shown as such.
    pub fn hides(&self, count: u64) -> bool {
        (1..=self.hide_up_to).contains(&count)
    }

    /// The nearest multiple of [`Policy::round_to`], halves upwards. Rounding twice equals rounding once, and a count
    /// above the threshold never falls to or below it as long as the threshold is not a multiple of the base.
    pub fn round(&self, count: u64) -> u64 {
        let base = self.round_to.max(1);
        let below = count - count % base;
        if (count - below) * 2 >= base { below + base } else { below }
    }

    /// The same for a count that was scaled to a covered share of a period.
    pub fn round_real(&self, count: f64) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "rounding bases are small")]
        let base = self.round_to.max(1) as f64;
        (count / base).round() * base
    }

    /// Whether a real-valued protected count stays hidden.
    pub fn hides_real(&self, count: f64) -> bool {
        #[allow(clippy::cast_precision_loss, reason = "thresholds are small")]
        let limit = self.hide_up_to as f64;
        count > 0.0 && count < limit + 1.0
    }

    /// Whether evidence classes may be shown at a level.
    pub fn labels(&self, level: usize) -> bool {
        self.edition == Edition::Restricted || level <= self.labels_from_level
    }
}

#[test]
fn rounding_is_to_the_nearest_multiple_and_idempotent() {
    let policy =
        Policy { edition: Edition::Public, hide_up_to: 9, round_to: 5, labels_from_level: 1 };
    let rounded: Vec<u64> = [0, 10, 12, 13, 17, 18].map(|count| policy.round(count)).to_vec();
    assert_eq!(rounded, [0, 10, 10, 15, 15, 20]);
    assert!((0..500).all(|count| policy.round(policy.round(count)) == policy.round(count)));
    assert!(policy.hides(1) && policy.hides(9) && !policy.hides(0) && !policy.hides(10));
}
