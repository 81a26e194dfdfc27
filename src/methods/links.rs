//! Which method a link in a method's head means.

use super::{Header, Method, find};

/// Where a link leads, and how to call it outside the program's own documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'p> {
    /// The method, when the link leads to one or into one.
    pub method: Option<&'static str>,
    /// What to show: the method's id, or the last name of what is not a method.
    pub shown: &'p str,
}

/// Follows a link from the head of `from`.
pub fn follow<'p>(from: &Method, header: &'p Header, name: &'p str, path: &'p str) -> Target<'p> {
    let path = header.targets.get(name).map_or(path, String::as_str);
    let last = name.rsplit("::").next().unwrap_or(name);
    match leads_to(from.id, path) {
        Some((method, true)) => Target { method: Some(method), shown: method },
        Some((method, false)) => Target { method: Some(method), shown: last },
        None => Target { method: None, shown: last },
    }
}

/// The method a path leads to, and whether it is the method itself and not something in it.
fn leads_to(from: &str, path: &str) -> Option<(&'static str, bool)> {
    let mut at: Vec<&str> = from.split('/').collect();
    let mut segments: Vec<&str> = path.split("::").collect();
    match segments[..] {
        // A bare name is the method's own, or a method beside it that its code imports.
        [_] => {
            at.pop();
        }
        ["crate", "statistics", ..] => {
            segments.drain(..2);
            at.clear();
        }
        ["super", ..] => {
            while segments.first() == Some(&"super") {
                segments.remove(0);
                at.pop();
            }
        }
        _ => return None,
    }
    at.extend(&segments);
    let whole = at.join("/");
    let part = at[..at.len() - 1].join("/");
    let in_it = || find(&part).filter(|found| found.id != from).map(|found| (found.id, false));
    find(&whole).map(|found| (found.id, true)).or_else(in_it)
}

#[test]
fn links_lead_to_methods_or_to_nothing() {
    let wilson = find("interval/wilson").unwrap();
    let header = wilson.header();
    let to = |name| follow(wilson, &header, name, name);
    let (itself, part, bare) = ("interval/ratio", "permute", "limits");
    assert_eq!(to("super::ratio"), Target { method: Some(itself), shown: itself });
    assert_eq!(to("ratio"), Target { method: Some(itself), shown: itself });
    let in_local = to("crate::statistics::spatial::local::permute");
    assert_eq!(in_local, Target { method: Some("spatial/local"), shown: part });
    assert_eq!(to("limits"), Target { method: None, shown: bare });
    assert_eq!(to("crate::statistics::numerics::pvalue").method, None);
    assert_eq!(to("crate::model::Weights"), Target { method: None, shown: "Weights" });
}
