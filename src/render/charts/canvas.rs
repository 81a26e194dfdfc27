//! The sheet charts are drawn on: sized so that its text stays readable on a phone.

use std::fmt::Write as _;

use plotters::{
    chart::ChartContext,
    coord::{
        Shift,
        ranged1d::SegmentedCoord,
        types::{RangedCoordf64, RangedCoordusize},
    },
    prelude::{
        Cartesian2d, ChartBuilder, DrawingArea, DrawingBackend as _, IntoDrawingArea as _,
        IntoSegmentedCoord as _, LabelAreaPosition, SVGBackend, SegmentValue,
    },
    style::{IntoFont as _, RGBColor, TRANSPARENT, TextStyle},
};

use crate::render::{
    draw::{escape, push},
    words,
};

/// Width in pixels; a phone shows it at about four fifths of that.
pub(crate) const WIDTH: u32 = 440;

/// Main ink.
pub(crate) const INK: RGBColor = RGBColor(20, 80, 122);
/// Marks that stand out.
pub(crate) const STRONG: RGBColor = RGBColor(180, 70, 10);
/// Text and axes.
pub(crate) const TEXT: RGBColor = RGBColor(60, 60, 57);
/// Lines of reference.
pub(crate) const REFERENCE: RGBColor = RGBColor(130, 130, 125);
/// Grid.
pub(crate) const GRID: RGBColor = RGBColor(226, 225, 220);

/// What the backend says at length, and what is enough.
const SHORTER: [(&str, &str); 4] = [
    (" opacity=\"1\"", ""),
    (" stroke=\"none\" stroke-width=\"1\"", ""),
    (" font-family=\"sans-serif\"", ""),
    ("font-size=\"12.903225806451614\"", "font-size=\"13\""),
];

/// The drawing area of a chart.
pub(crate) type Sheet<'s> = DrawingArea<SVGBackend<'s>, Shift>;

/// What drawing on the sheet can return; the SVG backend itself never fails.
pub(crate) type Drawn<'s, T = ()> = Result<
    T,
    plotters::drawing::DrawingAreaErrorKind<
        <SVGBackend<'s> as plotters::prelude::DrawingBackend>::ErrorType,
    >,
>;

/// A chart with a place for each of some things side by side, and numbers from 0 upwards.
pub(crate) type SideBySide<'c, 's> =
    ChartContext<'c, SVGBackend<'s>, Cartesian2d<SegmentedCoord<RangedCoordusize>, RangedCoordf64>>;

/// The axes of such a chart.
pub(crate) struct Axes<'a> {
    /// Things side by side; a single one leaves a place free beside it.
    pub(crate) n: usize,
    /// Upper end of the numbers.
    pub(crate) top: f64,
    /// Places named below the axis at most; 0: the caller writes below it.
    pub(crate) n_labels: usize,
    /// The name of a place.
    pub(crate) label: &'a dyn Fn(usize) -> String,
    /// A number beside the axis.
    pub(crate) number: &'a dyn Fn(f64) -> String,
}

impl Axes<'_> {
    /// Draws them.
    pub(crate) fn draw<'c, 's>(&self, sheet: &'c Sheet<'s>) -> Drawn<'s, SideBySide<'c, 's>> {
        let last = self.n.max(2) - 1;
        let mut chart = ChartBuilder::on(sheet)
            .margin_top(14)
            .margin_right(14)
            .x_label_area_size(26)
            .y_label_area_size(50)
            .build_cartesian_2d((0..last).into_segmented(), 0.0..self.top)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID)
            .axis_style(REFERENCE)
            .x_labels(self.n.min(self.n_labels.max(1)))
            .y_labels(5)
            .x_label_formatter(&|place| match place {
                SegmentValue::CenterOf(at) if *at < self.n && self.n_labels > 0 => {
                    (self.label)(*at)
                }
                _ => String::new(),
            })
            .y_label_formatter(&|value| (self.number)(*value))
            .label_style(text_style())
            .set_tick_mark_size(LabelAreaPosition::Bottom, if self.n_labels > 0 { 5 } else { 0 })
            .draw()?;
        Ok(chart)
    }
}

/// Text of a chart.
pub(crate) fn text_style() -> TextStyle<'static> {
    ("sans-serif", 16).into_font().color(&TEXT)
}

/// Draws on a sheet and gives the SVG, named for readers who cannot see it.
pub(crate) fn sheet(
    height: u32,
    label: &str,
    draw: impl for<'s> FnOnce(&Sheet<'s>) -> Drawn<'s>,
) -> String {
    let mut drawn = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut drawn, (WIDTH, height));
        backend.ensure_prepared().expect("invariant: a string can be drawn on");
        let area = backend.into_drawing_area();
        draw(&area).expect("invariant: a string can be drawn on");
        area.present().expect("invariant: a string can be drawn on");
    }
    let body = drawn.split_once('>').map_or("", |(_, body)| body);
    let mut out = String::with_capacity(drawn.len());
    push!(
        out,
        "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"system-ui,Roboto,Arial,sans-serif\" role=\"img\" aria-label=\"{}\">",
        escape(label)
    );
    // The backend writes a line per mark, repeats what is the default and what is the same for all text.
    let mut body = body.replace('\n', "");
    for (said, shorter) in SHORTER {
        body = body.replace(said, shorter);
    }
    out.push_str(&body);
    out
}

/// The upper end of an axis from 0: above every number, at a round step.
pub(crate) fn axis_end(values: impl Iterator<Item = f64>) -> f64 {
    let most = values.fold(0.0, f64::max) * 1.05;
    if most <= 0.0 {
        return 1.0;
    }
    let mut step = 1.0;
    while step * 10.0 <= most {
        step *= 10.0;
    }
    while step > most {
        step /= 10.0;
    }
    let fine = step / 2.0;
    (most / fine).ceil() * fine
}

/// A number on an axis: as few decimals as say it.
pub(crate) fn tick(value: f64) -> String {
    let text = words::with_decimals(value, 3);
    match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text,
    }
}

#[test]
fn an_axis_ends_above_every_number() {
    let ends = [0.0, 0.31, 4.7, 1458.0].map(|most| axis_end([most].into_iter()));
    assert_eq!(ends.map(|end| format!("{end:.3}")), ["1.000", "0.350", "5.000", "2000.000"]);
}
