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
        Block::Paragraph(pieces) => wrapped(&running(&pieces), ""),
        Block::List { ordered, items } => {
            let mark =
                |at: usize| if ordered { format!("{}. ", at + 1) } else { "• ".to_owned() };
            let items = items.iter().enumerate();
            items
                .map(|(at, item)| wrapped(&running(item), &mark(at)))
                .collect::<Vec<_>>()
                .join("\n")
        }
        Block::Table { head, rows } => {
            let cells =
                |row: &Vec<Vec<Inline>>| row.iter().map(|cell| running(cell)).collect::<Vec<_>>();
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
fn wrapped(text: &str, mark: &str) -> String {
    let hanging = INDENT + n_letters(mark);
    let lines = filled(text, WIDTH - hanging).into_iter().enumerate();
    let lines = lines.map(|(at, line)| match at {
        0 => format!("{:INDENT$}{mark}{line}", ""),
        _ => format!("{:hanging$}{line}", ""),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Words in lines of a width; a word that is wider has a line of its own.
fn filled(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if n_letters(line) + 1 + n_letters(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Letters a column name may make its column wide.
const WIDE_HEAD: usize = 20;

/// A table in columns; where a line does not hold them, the widest give way and wrap.
pub(super) fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let word = |cell: &str| cell.split_whitespace().map(n_letters).max().unwrap_or(0);
    let column = |at: usize| rows.iter().filter_map(move |row| row.get(at));
    let least: Vec<usize> = head.iter().map(|name| word(name)).collect();
    let mut widths: Vec<usize> = (0..head.len())
        .map(|at| {
            let body = column(at).map(|cell| n_letters(cell)).max().unwrap_or(0);
            body.max(n_letters(&head[at]).min(WIDE_HEAD)).max(least[at])
        })
        .collect();
    let room = WIDTH.saturating_sub(INDENT + 2 * head.len().saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let can_give = |at: &usize| widths[*at] > least[*at];
        let Some(widest) = (0..widths.len()).filter(can_give).max_by_key(|at| widths[*at]) else {
            break;
        };
        widths[widest] -= 1;
    }
    let line = |cells: &[String]| -> Vec<String> {
        let cells: Vec<Vec<String>> =
            cells.iter().zip(&widths).map(|(cell, width)| filled(cell, *width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        (0..height)
            .map(|row| {
                let parts = cells.iter().zip(&widths).map(|(cell, width)| {
                    let part = cell.get(row).map_or("", String::as_str);
                    format!("{part}{:1$}", "", width.saturating_sub(n_letters(part)))
                });
                let parts: Vec<String> = parts.collect();
                format!("{:INDENT$}{}", "", parts.join("  ")).trim_end().to_owned()
            })
            .collect()
    };
    let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    let mut lines = line(head);
    lines.push(format!("{:INDENT$}{}", "", rule.join("  ")));
    lines.extend(rows.iter().flat_map(|row| line(row)));
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
    let words = |n| vec!["word ".repeat(n), "1".to_owned()];
    let head = ["a".to_owned(), "a name of many words".to_owned()];
    let wide = table(&head, &[words(40)]);
    assert!(wide.lines().all(|line| n_letters(line) <= WIDTH), "{wide}");
    assert!(long.lines().skip(1).all(|line| line.starts_with("    word")));
}
