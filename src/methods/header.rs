//! The head of a method's file: its title and its sections.

use std::collections::BTreeMap;

use super::markdown::words;

/// A section every method has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What a reader wants to know.
    Question,
    /// The formula, or the steps.
    Definition,
    /// Table of arguments.
    Inputs,
    /// What comes back, with its unit.
    Output,
    /// When there is no result.
    Undefined,
    /// What must hold for the result to mean something.
    Assumptions,
    /// Time, memory, random numbers.
    Cost,
    /// Code that runs as a test.
    Example,
    /// Whose method it is.
    Source,
}

impl Section {
    /// All, in the order written.
    pub const ALL: [Self; 9] = [
        Self::Question,
        Self::Definition,
        Self::Inputs,
        Self::Output,
        Self::Undefined,
        Self::Assumptions,
        Self::Cost,
        Self::Example,
        Self::Source,
    ];

    /// Its heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Question => "Question",
            Self::Definition => "Definition",
            Self::Inputs => "Inputs",
            Self::Output => "Output",
            Self::Undefined => "Undefined",
            Self::Assumptions => "Assumptions, and when not to use it",
            Self::Cost => "Cost and determinism",
            Self::Example => "Example",
            Self::Source => "Source",
        }
    }
}

/// The head of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The first paragraph, in plain words.
    pub title: String,
    /// Headings with the Markdown below them, in the order written.
    pub sections: Vec<(String, String)>,
    /// Where links of the kind ``[`name`]`` lead that are defined apart from the text: name and path.
    pub targets: BTreeMap<String, String>,
}

impl Header {
    /// Reads the lines that start with `//!` at the top of a file.
    pub fn of_file(text: &str) -> Self {
        let mut header =
            Self { title: String::new(), sections: Vec::new(), targets: BTreeMap::new() };
        let mut in_code = false;
        for line in text.lines().map_while(|line| line.strip_prefix("//!")) {
            let line = line.strip_prefix(' ').unwrap_or(line);
            in_code ^= line.starts_with("```");
            let heading = line.strip_prefix("# ").filter(|_| !in_code);
            let target = line
                .strip_prefix("[`")
                .and_then(|rest| rest.split_once("`]: "))
                .filter(|(_, path)| !path.contains(char::is_whitespace));
            match (heading, target, header.sections.last_mut()) {
                (Some(heading), _, _) => {
                    header.sections.push((heading.to_owned(), String::new()));
                }
                (None, Some((name, path)), _) => {
                    header.targets.insert(name.to_owned(), path.to_owned());
                }
                (None, None, Some((_, text))) => {
                    text.push_str(line);
                    text.push('\n');
                }
                (None, None, None) if !line.is_empty() => {
                    if !header.title.is_empty() {
                        header.title.push(' ');
                    }
                    header.title.push_str(line);
                }
                (None, None, None) => {}
            }
        }
        header.title = words(&header.title);
        for (_, text) in &mut header.sections {
            *text = text.trim_matches('\n').to_owned();
        }
        header
    }

    /// The Markdown of a section; empty when it is missing.
    pub fn section(&self, section: Section) -> &str {
        let found = self.sections.iter().find(|(heading, _)| heading == section.heading());
        found.map_or("", |(_, text)| text)
    }
}

#[test]
fn a_head_is_a_title_and_its_sections() {
    let header = Header::of_file(
        "//! Title of\n//! two lines\\*.\n//!\n//! # Question\n//! Which?\n//!\n//! And why?\n//!\n\
         //! # Example\n//! ```\n//! # use a;\n//! # b\n//! ```\n//!\n//! # Source\n//! [`A`]: a book.\n//!\n\
         //! [`name`]: crate::a::name\n\nuse a;\n//! # Not read\n",
    );
    assert_eq!(header.title, "Title of two lines*.");
    assert_eq!(header.section(Section::Question), "Which?\n\nAnd why?");
    assert_eq!(header.section(Section::Example), "```\n# use a;\n# b\n```");
    assert_eq!(header.section(Section::Source), "[`A`]: a book.");
    assert_eq!(header.section(Section::Inputs), "");
    assert_eq!((header.sections.len(), header.targets["name"].as_str()), (3, "crate::a::name"));
}
