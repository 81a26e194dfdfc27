//! What pictures share: SVG escaping, the fills of classes, and the frame around a picture that stands alone.

use std::fmt::Write as _;

/// Fills of map classes and legend swatches; pages embed it too.
pub(crate) const MAP_STYLE: &str = include_str!("../../reports/styles/map.css");

/// The patterns `map.css` refers to.
pub(crate) const PATTERNS: &str = include_str!("../../reports/styles/patterns.svg");

/// Anything displayable, appended.
macro_rules! push {
    ($out:expr, $($part:tt)*) => {
        write!($out, $($part)*).expect("invariant: writing to a string")
    };
}
pub(crate) use push;

/// Text for an SVG element or attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// Breaks a text into lines of at most `width` characters, between words.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A picture that stands alone: title, picture, legend and source line on a sheet 1000 units wide.
pub(crate) struct Sheet<'s> {
    pub(crate) title: &'s str,
    pub(crate) subtitle: &'s str,
    /// The picture's elements, on a canvas 800 units wide.
    pub(crate) picture: String,
    /// The canvas's height.
    pub(crate) height: i32,
    /// A swatch, 36 × 24, and what it stands for.
    pub(crate) legend: Vec<(String, String)>,
    pub(crate) foot: Vec<String>,
}

const TITLE_LINE: i32 = 40;
const SUBTITLE_LINE: i32 = 28;
const LEGEND_LINE: i32 = 36;
const FOOT_LINE: i32 = 26;

const TEXT_STYLE: &str = "text{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif;fill:#1d1d1b}\
.title{font-size:32px;font-weight:700}.subtitle{font-size:21px;fill:#4b4b47}.label{font-size:22px}.foot{font-size:18px;fill:#5c5c57}";

impl Sheet<'_> {
    /// The whole file.
    pub(crate) fn svg(&self) -> String {
        let (title, subtitle) = (wrapped(self.title, 50), wrapped(self.subtitle, 80));
        let high = |n: usize, line: i32| line * i32::try_from(n).unwrap_or(0);
        let below_title = 46 + high(title.len(), TITLE_LINE);
        let top = below_title + 8 + high(subtitle.len(), SUBTITLE_LINE);
        let legend_top = top + self.height * 5 / 4 + 40;
        let foot_top = legend_top + high(self.legend.len(), LEGEND_LINE) + 30;
        let height = foot_top + high(self.foot.len(), FOOT_LINE) + 10;
        let width = 1000 + 40;
        let mut out = String::new();
        push!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-20 0 {width} {height}\" role=\"img\" aria-labelledby=\"t d\">\
             <title id=\"t\">{}</title><desc id=\"d\">{}</desc><defs>{PATTERNS}</defs><style>{MAP_STYLE}{TEXT_STYLE}</style>\
             <rect x=\"-20\" width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>",
            escape(self.title),
            escape(self.subtitle)
        );
        text_lines(&mut out, &title, 46, TITLE_LINE, "title");
        text_lines(&mut out, &subtitle, below_title, SUBTITLE_LINE, "subtitle");
        push!(out, "<g transform=\"translate(0 {top}) scale(1.25)\">{}</g>", self.picture);
        for ((swatch, label), at) in self.legend.iter().zip(0..) {
            let label = escape(label);
            push!(
                out,
                "<g transform=\"translate(0 {})\">{swatch}<text class=\"label\" x=\"50\" y=\"19\">{label}</text></g>",
                legend_top + LEGEND_LINE * at
            );
        }
        text_lines(&mut out, &self.foot, foot_top, FOOT_LINE, "foot");
        out.push_str("</svg>\n");
        out
    }
}

/// A swatch for a legend: a class's fill, over another where the class is a pattern.
pub(crate) fn swatch(classes: &[&str]) -> String {
    let fills =
        classes.iter().map(|class| format!("<rect class=\"{class}\" width=\"36\" height=\"24\"/>"));
    format!("<g class=\"swatch\">{}</g>", fills.collect::<String>())
}

/// SVG text elements, one per line, from `y` on.
fn text_lines(out: &mut String, lines: &[String], y: i32, line_height: i32, class: &str) {
    for (line, at) in lines.iter().zip(0..) {
        let y = y + at * line_height;
        push!(out, "<text class=\"{class}\" x=\"0\" y=\"{y}\">{}</text>", escape(line));
    }
}

#[test]
fn long_titles_break_between_words() {
    assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
    assert_eq!(escape("a<b & \"c\""), "a&lt;b &amp; &quot;c&quot;");
}
