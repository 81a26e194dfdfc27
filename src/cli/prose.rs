//! Markdown on a terminal: wrapped, indented, tables in columns.

use crate::methods::markdown::{Block, Inline, blocks};

/// Letters a line holds, as everything the program prints.
const WIDTH: usize = 100;
/// Everything stands this far in.
const INDENT: usize = 2;

/// A text for a terminal; `named` turns the name and path of a link into what is shown.
pub(super) fn plain(text: &str, named: &dyn Fn(&str, &str) -> String) -> String {
    let running = |pieces: &[Inline]| -> String {
        pieces
            .iter()
            .map(|piece| match piece {
                Inline::Text(text) | Inline::Emphasis(text) | Inline::Address(text) => text.clone(),
                Inline::Code(code) => format!("`{code}`"),
                Inline::Reference { name, path } => format!("`{}`", named(name, path)),
            })
            .collect()
    };
    let parts = blocks(text).into_iter().map(|block| match block {
        Block::Paragraph(pieces) => wrapped(&running(&pieces), "", INDENT),
        Block::List { ordered, items } => {
            let mark =
                |at: usize| if ordered { format!("{}. ", at + 1) } else { "• ".to_owned() };
            let items = items.iter().enumerate();
            items
                .map(|(at, item)| wrapped(&running(item), &mark(at), INDENT))
                .collect::<Vec<_>>()
                .join("\n")
        }
        Block::Table { head, rows } => {
            let cells = |row: &Vec<Vec<Inline>>| row.iter().map(|cell| running(cell)).collect();
            table(&cells(&head), &rows.iter().map(cells).collect::<Vec<_>>())
        }
        Block::Code(code) => {
            let lines: Vec<String> =
                code.lines().map(|line| format!("{:1$}{line}", "", 2 * INDENT)).collect();
            lines.join("\n")
        }
    });
    parts.collect::<Vec<_>>().join("\n\n")
}

fn n_letters(text: &str) -> usize {
    text.chars().count()
}

/// Words in lines, the first behind a mark, the others below the first word.
fn wrapped(text: &str, mark: &str, indent: usize) -> String {
    let hanging = indent + n_letters(mark);
    let mut lines = Vec::new();
    let mut line = format!("{:indent$}{mark}", "");
    let mut is_empty = true;
    for word in text.split_whitespace() {
        if !is_empty && n_letters(&line) + 1 + n_letters(word) > WIDTH {
            lines.push(std::mem::replace(&mut line, format!("{:hanging$}", "")));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
    lines.join("\n")
}

/// A table in columns; the last one takes the room that is left, and wraps.
pub(super) fn table(head: &Vec<String>, rows: &[Vec<String>]) -> String {
    let all = || std::iter::once(head).chain(rows);
    let n_columns = head.len();
    let width = |column: usize| {
        all().filter_map(|row| row.get(column)).map(|cell| n_letters(cell)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..n_columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let (last, before) =
            row.split_last().map_or(("", row.as_slice()), |(last, before)| (last.as_str(), before));
        let mark: String = before
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{:1$}", "", width - n_letters(cell) + 2))
            .collect();
        wrapped(last, &mark, INDENT)
    };
    let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    let rule = rule.join("  ");
    let rule: String = rule.chars().take(WIDTH - INDENT).collect();
    let mut lines = vec![line(head), format!("{:INDENT$}{rule}", "")];
    lines.extend(rows.iter().map(line));
    lines.join("\n")
}

#[test]
fn text_is_wrapped_and_tables_stand_in_columns() {
    let named = |name: &str, _: &str| name.to_uppercase();
    let text = "*So* is [`x`].\n\n* one\n* two\n\n| a | word |\n|---|---|\n| `long` | <https://b.org> |\n\
                ```\nlet a;\n```";
    let expected = "  So is `X`.\n\n  • one\n  • two\n\n  a       word\n  ──────  ─────────────\n  \
                    `long`  https://b.org\n\n    let a;";
    assert_eq!(plain(text, &named), expected);
    let long = plain(&format!("* {}", "word ".repeat(40)), &named);
    assert!(long.lines().count() == 3 && long.lines().all(|line| n_letters(line) <= WIDTH));
    assert!(long.lines().skip(1).all(|line| line.starts_with("    word")));
}
