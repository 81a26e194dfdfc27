//! What pictures share: SVG escaping, the fills of classes, and the frame around a picture that stands alone.

use std::fmt::Write as _;

/// Fills of map classes and legend swatches; pages embed it too.
pub(crate) const MAP_STYLE: &str = include_str!("../../reports/styles/map.css");

/// The patterns `map.css` refers to.
pub(crate) const PATTERNS: &str = include_str!("../../reports/styles/patterns.svg");

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

/// SVG text elements, one per line, from `y` on.
pub(crate) fn text_lines(
    out: &mut String,
    lines: &[String],
    (x, y): (i32, i32),
    line_height: i32,
    class: &str,
) {
    for (line, at) in lines.iter().zip(0..) {
        let y = y + at * line_height;
        write!(out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>", escape(line))
            .expect("invariant: writing to a string");
    }
}

/// Anything displayable, appended.
macro_rules! push {
    ($out:expr, $($part:tt)*) => {
        write!($out, $($part)*).expect("invariant: writing to a string")
    };
}
pub(crate) use push;

#[test]
fn long_titles_break_between_words() {
    assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
    assert_eq!(escape("a<b & \"c\""), "a&lt;b &amp; &quot;c&quot;");
}
