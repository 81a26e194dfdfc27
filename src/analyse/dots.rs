//! Dots with intervals: one row an estimate, its value as a dot, its 95 % limits as a bar, small enough for a telephone.

use std::fmt::Write as _;

use crate::{
    render::{
        draw::{escape, push},
        words,
    },
    statistics::numerics::float::size,
};

/// Rows a picture holds and stays readable.
pub(super) const MOST: usize = 60;

/// Width of the picture, and the part right of the names.
const WIDTH: f64 = 440.0;
const RIGHT: f64 = 18.0;
/// Height of a row, and what stands above and below all of them.
const ROW: f64 = 26.0;
const ABOVE: f64 = 10.0;
const BELOW: f64 = 30.0;
/// Letters of a name that are shown.
const LETTERS: usize = 18;
/// Width of a letter.
const LETTER: f64 = 8.4;
/// Parts of the axis, about.
const TICKS: f64 = 4.0;

/// One row of the picture.
pub(super) struct Dot {
    pub(super) name: String,
    /// `None`: `word` stands instead.
    pub(super) value: Option<f64>,
    pub(super) limits: Option<(f64, f64)>,
    /// Why there is no value.
    pub(super) word: String,
    /// Whether it is the whole, which the others are parts of.
    pub(super) is_whole: bool,
}

/// What is drawn.
pub(super) struct Picture<'a> {
    /// What a reader who does not see it is told.
    pub(super) label: String,
    pub(super) dots: &'a [Dot],
    /// A value that all are compared with.
    pub(super) line: Option<f64>,
    /// Whether the axis begins at 0.
    pub(super) from_zero: bool,
    /// How the axis is written.
    pub(super) tick: fn(f64) -> String,
}

/// The axis: from, to, and the step between its numbers.
struct Axis {
    from: f64,
    to: f64,
    step: f64,
}

impl Axis {
    /// The narrowest with steps of 1, 2 or 5 tens that holds every number; `None` without any.
    fn around(numbers: impl Iterator<Item = f64>, from_zero: bool) -> Option<Self> {
        let start = if from_zero { (0.0, 0.0) } else { (f64::INFINITY, f64::NEG_INFINITY) };
        let (low, high) = numbers
            .filter(|number| number.is_finite())
            .fold(start, |(low, high), number| (low.min(number), high.max(number)));
        if !(low.is_finite() && high.is_finite()) {
            return None;
        }
        let spread = if high > low { high - low } else { low.abs().max(1.0) };
        let step = round_step(spread / TICKS);
        let (from, to) = ((low / step).floor() * step, (high / step).ceil() * step);
        Some(Self { from, to: if to > from { to } else { from + step }, step })
    }

    fn ticks(&self) -> Vec<f64> {
        let mut ticks = Vec::new();
        let first = (self.from / self.step).round();
        let mut number = 0.0;
        while first * self.step + number * self.step <= self.to + 0.01 * self.step {
            ticks.push((first + number) * self.step);
            number += 1.0;
        }
        ticks
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is not below a number.
fn round_step(wanted: f64) -> f64 {
    let mut power = 1.0;
    while power > wanted && power > 1e-300 {
        power /= 10.0;
    }
    while power * 10.0 <= wanted {
        power *= 10.0;
    }
    [1.0, 2.0, 5.0]
        .map(|times| times * power)
        .into_iter()
        .find(|step| *step >= wanted)
        .unwrap_or(10.0 * power)
}

impl Picture<'_> {
    /// The drawing; `None` with nothing to compare, too much of it, or no value at all.
    pub(super) fn svg(&self) -> Option<String> {
        if !(2..=MOST).contains(&self.dots.len()) {
            return None;
        }
        let numbers = self.dots.iter().filter(|dot| dot.value.is_some()).flat_map(|dot| {
            let limits = dot.limits.map_or([None; 2], |(lower, upper)| [Some(lower), Some(upper)]);
            [dot.value, limits[0], limits[1]]
        });
        self.dots.iter().find(|dot| dot.value.is_some())?;
        let axis = Axis::around(numbers.flatten().chain(self.line), self.from_zero)?;
        let longest = self.dots.iter().map(|dot| dot.name.chars().count().min(LETTERS)).max()?;
        let left = 20.0 + LETTER * size(longest);
        let height = ABOVE + ROW * size(self.dots.len()) + BELOW;
        let ticks = axis.ticks();
        let widest = ticks.iter().map(|tick| (self.tick)(*tick).chars().count()).max()?;
        let right = RIGHT.max(0.5 * LETTER * size(widest));
        let wide = (WIDTH - right - left) / (axis.to - axis.from);
        let x = |value: f64| left + (value - axis.from) * wide;
        let every = (LETTER * size(widest + 1) / (axis.step * wide)).ceil();
        let mut out = format!(
            "<svg viewBox=\"0 0 {WIDTH} {height}\" style=\"width:100%;max-width:500px\" role=\"img\" aria-label=\"{}\" \
             font-size=\"14\" font-family=\"inherit\">",
            escape(&self.label)
        );
        let bottom = height - BELOW;
        let mut to_next = 0.0;
        for tick in ticks {
            let at = x(tick);
            push!(out, "<path d=\"M{at:.1} {ABOVE}V{bottom}\" stroke=\"#d9d7d0\"/>");
            if to_next <= 0.0 {
                push!(
                    out,
                    "<text x=\"{at:.1}\" y=\"{:.1}\" fill=\"#55554f\" text-anchor=\"middle\">{}</text>",
                    bottom + 20.0,
                    (self.tick)(tick)
                );
                to_next = every;
            }
            to_next -= 1.0;
        }
        if let Some(line) = self.line {
            push!(
                out,
                "<path d=\"M{0:.1} {ABOVE}V{bottom}\" stroke=\"#1d1d1b\" stroke-dasharray=\"4 3\"/>",
                x(line)
            );
        }
        for (at, dot) in self.dots.iter().enumerate() {
            dot.draw(&mut out, ABOVE + ROW * (size(at) + 0.5), left, x);
        }
        Some(out + "</svg>")
    }
}

impl Dot {
    fn draw(&self, out: &mut String, y: f64, left: f64, x: impl Fn(f64) -> f64) {
        let weight = if self.is_whole { " font-weight=\"600\"" } else { "" };
        push!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#1d1d1b\"{weight}>{}</text>",
            left - 10.0,
            y + 5.0,
            escape(&shortened(&self.name))
        );
        let Some(value) = self.value else {
            push!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"#55554f\" font-style=\"italic\">{}</text>",
                left + 6.0,
                y + 5.0,
                escape(&self.word)
            );
            return;
        };
        let ink = if self.is_whole { "#1d1d1b" } else { "#14507a" };
        if let Some((lower, upper)) = self.limits {
            push!(
                out,
                "<path d=\"M{:.1} {y:.1}H{:.1}\" stroke=\"{ink}\" stroke-width=\"2.5\"/>",
                x(lower),
                x(upper)
            );
        }
        let fill = if self.limits.is_some() { ink } else { "#fff" };
        push!(
            out,
            "<circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{fill}\" stroke=\"{ink}\" stroke-width=\"1.5\"><title>{}</title></circle>",
            x(value),
            escape(&self.name)
        );
    }
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    name.chars().take(LETTERS - 1).chain(['…']).collect()
}

/// A number of an axis, without decimals it does not need.
pub(super) fn plain_tick(value: f64) -> String {
    if value.abs() >= 1e6 {
        return format!("{} million", plain_tick(value / 1e6));
    }
    let text = words::figure(value);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A share as a percentage on an axis.
pub(super) fn percent_tick(value: f64) -> String {
    format!("{} %", plain_tick(100.0 * value))
}

#[test]
fn axes_hold_every_number_in_round_steps() {
    let axis = Axis::around([0.31, 0.42, 0.18].into_iter(), true).unwrap();
    let ticks: Vec<String> = axis.ticks().into_iter().map(percent_tick).collect();
    assert_eq!(ticks, ["0 %", "20 %", "40 %", "60 %"]);
    let axis = Axis::around([641.0, 689.5].into_iter(), false).unwrap();
    let ticks: Vec<String> = axis.ticks().into_iter().map(plain_tick).collect();
    assert_eq!(ticks, ["640", "660", "680", "700"]);
    assert!(Axis::around([].into_iter(), false).is_none());
    assert_eq!(
        [plain_tick(2.5e6), plain_tick(0.0), plain_tick(10_000.0)],
        ["2.5 million", "0", "10,000"]
    );
    let single = Axis::around([5.0].into_iter(), false).unwrap();
    assert!(single.to > single.from && single.from <= 5.0);
}

#[test]
fn a_picture_needs_two_rows_and_a_value_and_says_what_is_not_shown() {
    let dot = |value| Dot {
        name: "a < b".to_owned(),
        value,
        limits: None,
        word: "not shown".to_owned(),
        is_whole: false,
    };
    let draw = |dots: &[Dot]| {
        let label = "Shares".to_owned();
        Picture { label, dots, line: None, from_zero: true, tick: percent_tick }.svg()
    };
    assert!(draw(&[dot(Some(0.2))]).is_none() && draw(&[dot(None), dot(None)]).is_none());
    let drawn = draw(&[dot(Some(0.2)), dot(None)]).unwrap();
    assert!(drawn.contains("a &lt; b") && drawn.contains("not shown") && !drawn.contains("NaN"));
}
