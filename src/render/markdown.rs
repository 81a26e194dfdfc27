//! Markdown of file heads as HTML, everything in it escaped.

use std::fmt::Write as _;

use crate::methods::markdown::{Block, Inline, blocks, inlines};

/// Where a link leads: what to show, and the address when it leads anywhere on these pages.
pub(super) type Links<'a> = dyn Fn(&str, &str) -> (String, Option<String>) + 'a;

/// A text as paragraphs, lists and tables; `heading` names its tables to readers who do not see them.
pub(super) fn html(text: &str, heading: &str, links: &Links<'_>) -> String {
    let mut html = String::new();
    for block in blocks(text) {
        match block {
            Block::Paragraph(pieces) => element(&mut html, "p", &running(&pieces, links)),
            Block::List { ordered, items } => {
                let items = enclosed(&items, "<li>", "</li>", links);
                element(&mut html, if ordered { "ol" } else { "ul" }, &items);
            }
            Block::Table { head, rows } => {
                let heading = escaped(heading);
                let head = enclosed(&head, "<th scope=\"col\">", "</th>", links);
                write!(
                    html,
                    "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{heading}\"><table>\
                     <caption class=\"hidden\">{heading}</caption><thead><tr>{head}</tr></thead><tbody>"
                )
                .expect("invariant: writing to a string");
                for row in &rows {
                    element(&mut html, "tr", &enclosed(row, "<td>", "</td>", links));
                }
                html.push_str("</tbody></table></div>");
            }
            Block::Code(code) => {
                element(&mut html, "pre", &format!("<code>{}</code>", escaped(&code)));
            }
        }
    }
    html
}

/// One paragraph, without the element around it.
pub(super) fn line(text: &str, links: &Links<'_>) -> String {
    running(&inlines(text), links)
}

fn element(html: &mut String, name: &str, content: &str) {
    write!(html, "<{name}>{content}</{name}>").expect("invariant: writing to a string");
}

/// Texts, each between the same two tags.
fn enclosed(texts: &[Vec<Inline>], open: &str, close: &str, links: &Links<'_>) -> String {
    let each =
        texts.iter().flat_map(|text| [open.to_owned(), running(text, links), close.to_owned()]);
    each.collect()
}

fn running(pieces: &[Inline], links: &Links<'_>) -> String {
    let one = |piece: &Inline| match piece {
        Inline::Text(text) => escaped(&text.replace('\'', "’")),
        Inline::Code(code) => format!("<code>{}</code>", escaped(code)),
        Inline::Emphasis(text) => format!("<em>{}</em>", escaped(text)),
        // Pages lead nowhere outside their folder; the address is there to be typed.
        Inline::Address(address) => escaped(address.trim_start_matches("https://")),
        Inline::Reference { name, path } => {
            let (shown, address) = links(name, path);
            let shown = format!("<code>{}</code>", escaped(&shown));
            match address {
                Some(to) => format!("<a href=\"{}\">{shown}</a>", escaped(&to)),
                None => shown,
            }
        }
    };
    pieces.iter().map(one).collect()
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(letter),
        }
    }
    html
}

#[test]
fn marks_become_elements_and_everything_else_is_escaped() {
    let links = |name: &str, _: &str| (name.to_owned(), (name == "a").then(|| "#a\"".to_owned()));
    let text = "x < y & *<b>* `\"c\"` [`a`] [`b`] <https://d.org/e>\n\n* one\n\n1. two\n\n\
                | h |\n|---|\n| Gi\\* |\n\n```\n<i>\n```";
    assert_eq!(
        html(text, "T & t", &links),
        "<p>x &lt; y &amp; <em>&lt;b&gt;</em> <code>&quot;c&quot;</code> \
         <a href=\"#a&quot;\"><code>a</code></a> <code>b</code> d.org/e</p>\
         <ul><li>one</li></ul><ol><li>two</li></ol>\
         <div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"T &amp; t\"><table>\
         <caption class=\"hidden\">T &amp; t</caption><thead><tr><th scope=\"col\">h</th></tr></thead>\
         <tbody><tr><td>Gi*</td></tr></tbody></table></div><pre><code>&lt;i&gt;</code></pre>"
    );
}
