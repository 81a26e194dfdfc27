//! Signals of control charts: which points of a chart are no ordinary scatter, and by which rule.
//!
//! Points are looked at in order; a missing one ends every run. A signal names the last point of what it is about, so
//! that reading a longer series never takes an earlier signal back. A point exactly on the centre line is on no side.

/// Points in a row on one side that are a signal.
pub const RUN: usize = 8;

/// Why a point is a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Outside the limits.
    Outside,
    /// The last of [`RUN`] or more in a row on one side of the centre.
    Run,
    /// The last of four in a row of which three are nearer to one limit than to the centre.
    ThreeOfFour,
    /// A step from the point before that is too large.
    Step,
}

/// A point that is no ordinary scatter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signal {
    /// Position in the series.
    pub at: usize,
    /// Why.
    pub rule: Rule,
    /// Above the centre, or a step up.
    pub high: bool,
}

/// A centre line with its limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// What is usual.
    pub centre: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// Signals of points outside their limits.
pub(super) fn outside(values: &[Option<f64>], limits: Limits) -> Vec<Signal> {
    let signal = |(at, value): (usize, &Option<f64>)| {
        let value = (*value)?;
        let high = value > limits.upper;
        (high || value < limits.lower).then_some(Signal { at, rule: Rule::Outside, high })
    };
    values.iter().enumerate().filter_map(signal).collect()
}

/// Signals of runs on one side of a centre.
pub(super) fn runs(values: &[Option<f64>], centre: f64) -> Vec<Signal> {
    let (mut signals, mut side, mut length) = (Vec::new(), None, 0);
    for (at, value) in values.iter().enumerate() {
        let now = value.filter(|value| (value - centre).abs() > 0.0).map(|value| value > centre);
        length = match now {
            None => 0,
            Some(_) if now == side => length + 1,
            Some(_) => 1,
        };
        side = now;
        if let Some(high) = now.filter(|_| length >= RUN) {
            signals.push(Signal { at, rule: Rule::Run, high });
        }
    }
    signals
}

/// Signals of three out of four points nearer to a limit than to the centre.
pub(super) fn three_of_four(values: &[Option<f64>], limits: Limits) -> Vec<Signal> {
    let above = 0.5 * (limits.centre + limits.upper);
    let below = 0.5 * (limits.centre + limits.lower);
    let mut signals = Vec::new();
    for (start, four) in values.windows(4).enumerate() {
        if four.iter().any(Option::is_none) {
            continue;
        }
        let n_high = four.iter().flatten().filter(|&&value| value > above).count();
        let n_low = four.iter().flatten().filter(|&&value| value < below).count();
        let last_high = four[3].is_some_and(|value| value > above);
        let last_low = four[3].is_some_and(|value| value < below);
        if (n_high >= 3 && last_high) || (n_low >= 3 && last_low) {
            signals.push(Signal { at: start + 3, rule: Rule::ThreeOfFour, high: n_high >= 3 });
        }
    }
    signals
}

#[test]
fn runs_end_at_a_gap_and_at_the_centre() {
    let high = |n: usize| vec![Some(2.0); n];
    assert_eq!(runs(&high(7), 1.0), []);
    let at = |at| Signal { at, rule: Rule::Run, high: true };
    assert_eq!(runs(&high(9), 1.0), [at(7), at(8)]);
    for between in [None, Some(1.0), Some(0.0)] {
        let mut broken = high(7);
        broken.push(between);
        broken.extend(high(7));
        assert_eq!(runs(&broken, 1.0), [], "{between:?}");
    }
}

#[test]
fn three_of_four_must_end_in_one_of_the_three() {
    let limits = Limits { centre: 0.0, lower: -4.0, upper: 4.0 };
    let signals = |values: [f64; 5]| three_of_four(&values.map(Some), limits);
    let high = Signal { at: 3, rule: Rule::ThreeOfFour, high: true };
    assert_eq!(signals([3.0, 3.0, 0.0, 3.0, 0.0]), [high]);
    assert_eq!(signals([3.0, 1.9, 0.0, 3.0, 0.0]), []);
    let low = Signal { at: 4, rule: Rule::ThreeOfFour, high: false };
    assert_eq!(signals([9.0, -3.0, -3.0, 0.0, -3.0]), [low]);
}
