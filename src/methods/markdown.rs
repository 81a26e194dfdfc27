//! The Markdown of file heads, as far as they use it: paragraphs, lists, tables, code, emphasis, links.
//!
//! What it does not know stays as it is written, so that nothing is lost.

/// A part of a text that stands by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A list; `ordered` when numbered from 1.
    List {
        /// Whether its items are numbered.
        ordered: bool,
        /// One text per item.
        items: Vec<Vec<Inline>>,
    },
    /// A table.
    Table {
        /// Names of the columns.
        head: Vec<Vec<Inline>>,
        /// Rows of cells.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// Lines of code.
    Code(String),
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Words.
    Text(String),
    /// `code`.
    Code(String),
    /// *Words that stand out.*
    Emphasis(String),
    /// A name in the program: what is shown, and the path that is meant.
    Reference {
        /// What is shown.
        name: String,
        /// The path that is meant; the name itself where no other is given.
        path: String,
    },
    /// An address on the Web.
    Address(String),
}

/// The blocks of a text.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        if line.starts_with("```") {
            let code: Vec<&str> =
                lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            blocks.push(Block::Code(code.join("\n")));
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(line));
            }
            let head = rows.remove(0);
            // The line below the head.
            let is_rule = |row: &Vec<Vec<Inline>>| row.iter().all(|cell| is_rule(cell));
            rows.retain(|row| !is_rule(row));
            blocks.push(Block::Table { head, rows });
        } else if let Some((ordered, first)) = item(line) {
            let mut items = vec![first.to_owned()];
            while let Some(line) = lines.next_if(|line| !line.trim().is_empty()) {
                match (item(line), items.last_mut()) {
                    (Some((_, next)), _) => items.push(next.to_owned()),
                    (None, Some(last)) => {
                        last.push(' ');
                        last.push_str(line.trim());
                    }
                    (None, None) => {}
                }
            }
            let items = items.iter().map(|item| inlines(item)).collect();
            blocks.push(Block::List { ordered, items });
        } else {
            let mut paragraph = line.trim().to_owned();
            let goes_on = |line: &&str| {
                !line.trim().is_empty()
                    && !line.starts_with('|')
                    && !line.starts_with("```")
                    && !starts_list(line)
            };
            while let Some(line) = lines.next_if(goes_on) {
                paragraph.push(' ');
                paragraph.push_str(line.trim());
            }
            blocks.push(Block::Paragraph(inlines(&paragraph)));
        }
    }
    blocks
}

/// Whether a line is an item of a list, whether that is numbered, and what follows the mark.
fn item(line: &str) -> Option<(bool, &str)> {
    if let Some(rest) = line.strip_prefix("* ") {
        return Some((false, rest));
    }
    let (number, rest) = line.split_once(". ")?;
    let is_number = (1..=2).contains(&number.len()) && number.bytes().all(|at| at.is_ascii_digit());
    is_number.then_some((true, rest))
}

/// Whether a line starts a list below a paragraph; a sentence may end in a number, so a numbered list starts with 1.
fn starts_list(line: &str) -> bool {
    line.starts_with("* ") || line.starts_with("1. ")
}

/// The cells of a row; `\|` is no border.
fn cells(line: &str) -> Vec<Vec<Inline>> {
    let inner = line.trim().trim_start_matches('|');
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let mut cells = vec![String::new()];
    let mut letters = inner.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '|' => cells.push(String::new()),
            '\\' if letters.next_if_eq(&'|').is_some() => push(&mut cells, '|'),
            _ => push(&mut cells, letter),
        }
    }
    cells.iter().map(|cell| inlines(cell.trim())).collect()
}

fn push(cells: &mut [String], letter: char) {
    if let Some(last) = cells.last_mut() {
        last.push(letter);
    }
}

fn is_rule(cell: &[Inline]) -> bool {
    matches!(cell, [Inline::Text(text)] if text.chars().all(|at| at == '-' || at == ':'))
}

/// The pieces of running text.
pub fn inlines(text: &str) -> Vec<Inline> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some((piece, after)) = piece(rest) {
            if !plain.is_empty() {
                pieces.push(Inline::Text(std::mem::take(&mut plain)));
            }
            pieces.push(piece);
            rest = after;
            continue;
        }
        let after = &rest[letter.len_utf8()..];
        let escaped = after.chars().next().filter(|at| letter == '\\' && at.is_ascii_punctuation());
        plain.push(escaped.unwrap_or(letter));
        rest = escaped.map_or(after, |escaped| &after[escaped.len_utf8()..]);
    }
    if !plain.is_empty() {
        pieces.push(Inline::Text(plain));
    }
    pieces
}

/// Running text without its marks.
pub fn words(text: &str) -> String {
    let pieces = inlines(text).into_iter().map(|piece| match piece {
        Inline::Text(text)
        | Inline::Code(text)
        | Inline::Emphasis(text)
        | Inline::Address(text)
        | Inline::Reference { name: text, .. } => text,
    });
    pieces.collect()
}

/// What starts at the first letter, when that is not plain, and what follows.
fn piece(text: &str) -> Option<(Inline, &str)> {
    if let Some(rest) = text.strip_prefix("[`") {
        let (name, rest) = rest.split_once("`]")?;
        let (path, rest) = match rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            Some((path, rest)) => (path, rest),
            None => (name, rest),
        };
        return Some((Inline::Reference { name: name.to_owned(), path: path.to_owned() }, rest));
    }
    if let Some(rest) = text.strip_prefix('`') {
        let (code, rest) = rest.split_once('`')?;
        // Some DOIs hold angle brackets, and stand in code for that alone.
        let kind = if code.starts_with("doi:") { Inline::Text } else { Inline::Code };
        return Some((kind(code.to_owned()), rest));
    }
    if let Some(rest) = text.strip_prefix('<') {
        let (address, rest) = rest.split_once('>')?;
        let is_address = address.starts_with("https://") && !address.contains(char::is_whitespace);
        return is_address.then(|| (Inline::Address(address.to_owned()), rest));
    }
    let rest = text.strip_prefix('*')?;
    let (words, rest) = rest.split_once('*')?;
    let hugs = !words.is_empty() && words.trim() == words;
    hugs.then(|| (Inline::Emphasis(words.to_owned()), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    #[test]
    fn running_text_is_cut_at_its_marks() {
        let named = |name: &str, path: &str| Inline::Reference {
            name: name.to_owned(),
            path: path.to_owned(),
        };
        assert_eq!(
            inlines("Gi\\*ᵢ < `a*b` is *so*, see [`x`] and [`Y`](crate::y::Y)."),
            [
                words("Gi*ᵢ < "),
                Inline::Code("a*b".to_owned()),
                words(" is "),
                Inline::Emphasis("so".to_owned()),
                words(", see "),
                named("x", "x"),
                words(" and "),
                named("Y", "crate::y::Y"),
                words("."),
            ]
        );
        assert_eq!(
            inlines("[0, n], [[`A`], 1], 2 * 3 * 4, a_b_c, ‘`’"),
            [words("[0, n], ["), named("A", "A"), words(", 1], 2 * 3 * 4, a_b_c, ‘`’")]
        );
        assert_eq!(
            inlines("<https://a.org/b>; x<y>"),
            [Inline::Address("https://a.org/b".to_owned()), words("; x<y>")]
        );
        assert_eq!(inlines("`doi:10.1/a<b>c`"), [words("doi:10.1/a<b>c")]);
    }

    #[test]
    fn blocks_are_told_apart() {
        let text = "One\n1995. two:\n1. first\n   and on\n2. second\n\n* dot\n\n\
                    | a | b \\| c |\n|---|:-:|\n| 1 | - 2 |\n```\n# x\n| y\n```\nEnd";
        assert_eq!(
            blocks(text),
            [
                Block::Paragraph(vec![words("One 1995. two:")]),
                Block::List {
                    ordered: true,
                    items: vec![vec![words("first and on")], vec![words("second")]]
                },
                Block::List { ordered: false, items: vec![vec![words("dot")]] },
                Block::Table {
                    head: vec![vec![words("a")], vec![words("b | c")]],
                    rows: vec![vec![vec![words("1")], vec![words("- 2")]]],
                },
                Block::Code("# x\n| y".to_owned()),
                Block::Paragraph(vec![words("End")]),
            ]
        );
        assert!(blocks("\n \n").is_empty());
    }
}
