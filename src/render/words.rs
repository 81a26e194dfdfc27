//! Sentences and figures made from numbers: nothing on a page is typed where a number could say it.
//!
//! Counts have commas between thousands; other figures keep two significant digits or more; a count of 0 is said with what it is
//! compatible with; no percentage is printed when the smaller count is below 50.

use crate::model::{Evidence, Reliability, Status, VarianceLaw};

/// Smallest count from which a percentage may be printed.
const PERCENTAGE_FROM: u64 = 50;

/// A whole number with commas: `41,177`.
pub(crate) fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// A length of a list, as a count.
pub(crate) fn number_of(n: usize) -> String {
    grouped(&n.to_string())
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A figure: whole from 100 on, one decimal from 10, two below, and two significant digits below 0.1.
pub(crate) fn figure(value: f64) -> String {
    let size = value.abs();
    let decimals = if size >= 100.0 || size == 0.0 {
        0
    } else if size >= 10.0 {
        1
    } else {
        let mut decimals = 2;
        let mut scaled = size * 100.0;
        while scaled < 10.0 && decimals < 7 {
            scaled *= 10.0;
            decimals += 1;
        }
        decimals
    };
    with_decimals(value, decimals)
}

/// A figure with a fixed number of decimals and commas between thousands.
pub(crate) fn with_decimals(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{rest}", grouped(whole))
}

/// Two limits: `11.2 to 19.8`.
pub(crate) fn limits((lower, upper): (f64, f64)) -> String {
    format!("{} to {}", figure(lower), figure(upper))
}

/// A p-value or probability: `p = 0.032`, `p < 0.001`.
pub(crate) fn p_value(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {p:.3}") }
}

/// How counts scatter, in a sentence.
pub(crate) fn scatter(law: VarianceLaw) -> &'static str {
    match law {
        VarianceLaw::Quadratic { .. } => {
            "Counts scatter more than pure chance would make them, in large areas as in small ones; every limit here is widened for that."
        }
        VarianceLaw::Linear { .. } => {
            "Counts scatter more than pure chance would make them, as they do where several come at once; every limit here is widened for that."
        }
    }
}

/// The variance of a count of which μ are expected.
pub(crate) fn variance_law(law: VarianceLaw) -> String {
    match law {
        VarianceLaw::Quadratic { size } => format!("μ + μ²/{}", figure(size)),
        VarianceLaw::Linear { phi } => format!("{} μ", figure(phi)),
    }
}

/// Nothing recorded, and what that is compatible with.
pub(crate) fn zero_recorded(upper: Option<f64>, unit: &str) -> String {
    match upper {
        Some(upper) => format!("0 recorded, compatible with up to {} {unit}", figure(upper)),
        None => "0 recorded".to_owned(),
    }
}

/// How a count changed, in words: `rose from 481 to 1,458: tripled (+203 %)`.
pub(crate) fn change(earlier: u64, later: u64) -> String {
    let way = match later.cmp(&earlier) {
        std::cmp::Ordering::Greater => "rose",
        std::cmp::Ordering::Less => "fell",
        std::cmp::Ordering::Equal => return format!("stayed at {}", count(earlier)),
    };
    let plain = format!("{way} from {} to {}", count(earlier), count(later));
    if earlier.min(later) < PERCENTAGE_FROM {
        return plain;
    }
    #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let ratio = later as f64 / earlier as f64;
    let multiple = [(2.0, "doubled"), (3.0, "tripled"), (4.0, "quadrupled"), (0.5, "halved")]
        .into_iter()
        .find(|(at, _)| (ratio / at - 1.0).abs() <= 0.03)
        .map_or(String::new(), |(_, word)| format!(" {word}"));
    let colon = if multiple.is_empty() { "" } else { ":" };
    let percent = (ratio - 1.0) * 100.0;
    let sign = if percent < 0.0 { "−" } else { "+" };
    format!("{plain}{colon}{multiple} ({sign}{} %)", with_decimals(percent.abs(), 0))
}

/// A clause about several that begins with its verb, made to fit `n`.
pub(crate) fn verb(n: usize, clause: &str) -> String {
    const ONE: [(&str, &str); 4] =
        [("have ", "has "), ("are ", "is "), ("lack ", "lacks "), ("were ", "was ")];
    let fitting = ONE
        .iter()
        .filter(|_| n == 1)
        .find_map(|(many, one)| clause.strip_prefix(many).map(|rest| format!("{one}{rest}")));
    fitting.unwrap_or_else(|| clause.to_owned())
}

/// A noun with its number: `1 area`, `37 areas`.
pub(crate) fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number_of(n), if n == 1 { one } else { many })
}

/// `1 event`, `1,204 events`.
pub(crate) fn events(n: u64) -> String {
    format!("{} {}", count(n), if n == 1 { "event" } else { "events" })
}

/// A name with its first letter in upper case.
pub(crate) fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Names in a row: `a, b and c`.
pub(crate) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// What a status means, for a cell without a number.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Estimated => "estimated",
        Status::ZeroRecorded => "0 recorded",
        Status::NoData => "no data",
        Status::NotCovered => "not covered",
        Status::NotApplicable => "not applicable",
        Status::Suppressed => "hidden to protect small numbers",
        Status::InheritedFromParent => "too few asked here",
        Status::NotComparable => "not comparable",
    }
}

/// A note for a reliability below `ok`; empty otherwise.
pub(crate) fn reliability(reliability: Reliability) -> &'static str {
    match reliability {
        Reliability::Small => "small numbers",
        Reliability::Wide => "wide interval",
        Reliability::None | Reliability::Ok => "",
    }
}

/// The name of an evidence class, as in legends.
pub(crate) fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Established => "Established",
        Evidence::Probable => "Probable",
        Evidence::Signal => "Signal",
        Evidence::NotDistinguishable => "Not distinguishable",
        Evidence::CouldNotHaveBeenDistinguished => "Could not have been distinguished",
        Evidence::Lower => "Lower",
        Evidence::InsufficientData => "Insufficient data",
        Evidence::NoData => "No data",
        Evidence::Withheld => "Withheld",
    }
}

/// What an evidence class says of recorded activity, as the end of a sentence.
pub(crate) fn evidence_meaning(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Established => {
            "higher than chance explains, again on other data, and under every check made"
        }
        Evidence::Probable => "probably higher than chance explains",
        Evidence::Signal => "possibly higher than chance explains: a signal to look at, not more",
        Evidence::NotDistinguishable => {
            "not distinguishable from the rest of the country, though a doubled rate would \
             probably have shown"
        }
        Evidence::CouldNotHaveBeenDistinguished => {
            "not distinguishable, and even a doubled rate would probably not have shown"
        }
        Evidence::Lower => "lower than chance explains",
        Evidence::InsufficientData => "too little to test",
        Evidence::NoData => "not known: there is no data",
        Evidence::Withheld => "not published for areas of this size",
    }
}

#[test]
fn counts_have_commas_and_figures_their_significant_digits() {
    assert_eq!([count(0), count(999), count(41_177)], ["0", "999", "41,177"]);
    assert_eq!(count(1_234_567), "1,234,567");
    let figures = [0.0, 0.0253, 0.31, 4.795, 18.39, 162.4, 5_234.9, -0.001].map(figure);
    assert_eq!(figures, ["0", "0.025", "0.31", "4.79", "18.4", "162", "5,235", "−0.0010"]);
}

#[test]
fn a_change_is_said_in_words_and_without_percentages_of_small_counts() {
    assert_eq!(change(481, 1458), "rose from 481 to 1,458: tripled (+203 %)");
    assert_eq!(change(40, 24), "fell from 40 to 24");
    assert_eq!(change(217, 265), "rose from 217 to 265 (+22 %)");
    assert_eq!(change(100, 50), "fell from 100 to 50: halved (−50 %)");
    assert_eq!(change(7, 7), "stayed at 7");
}

#[test]
fn zero_says_what_it_is_compatible_with() {
    assert_eq!(
        zero_recorded(Some(3.689), "events"),
        "0 recorded, compatible with up to 3.69 events"
    );
}

#[test]
fn small_p_values_and_lists_are_said_in_words() {
    assert_eq!(p_value(0.0002), "p < 0.001");
    assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
}
