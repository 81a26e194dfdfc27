//! The appendix of the methods page: every method the program has, as the head of its own file describes it.

use minijinja::{Value, context};

use super::{Report, Sink, markdown, page, view::View};
use crate::{
    diagnostics::Problem,
    methods::{self, Method, Section, links::follow},
};

pub(super) static ENTRY: Report = Report { id: "appendix", title: "All methods", render };

/// The sections shown, below the question; the others are for whoever calls a method.
const SHOWN: [Section; 4] =
    [Section::Definition, Section::Assumptions, Section::Undefined, Section::Source];

fn render(view: &View<'_>, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let families: Vec<Value> = methods::families()
        .iter()
        .map(|family| {
            let (title, about) = family.title.split_once(": ").unwrap_or((family.title, ""));
            let methods: Vec<Value> = family.entries.iter().map(described).collect();
            context! { title, about, methods }
        })
        .collect();
    let content = context! {
        title => "All methods",
        n_methods => methods::all().count(),
        families,
    };
    sink("appendix.html", page::page(view, "appendix.html", 0, content)?.into())
}

fn described(method: &Method) -> Value {
    let header = method.header();
    let links = |name: &str, path: &str| {
        let target = follow(method, &header, name, path);
        (target.shown.to_owned(), target.method.map(|id| format!("#{id}")))
    };
    let html = |section: Section| {
        let text = header.section(section);
        Value::from_safe_string(markdown::html(text, section.heading(), &links))
    };
    let sections: Vec<(&str, Value)> = SHOWN
        .into_iter()
        .filter(|section| header.section(*section) != "Never.")
        .map(|section| (section.heading(), html(section)))
        .collect();
    context! {
        id => method.id,
        title => header.title.trim_end_matches('.').replace('\'', "’"),
        question => html(Section::Question),
        sections,
    }
}
