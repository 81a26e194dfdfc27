//! What the artefacts of an edition must hold: every region once per key, links that lead somewhere, no hidden figure in any
//! channel, and the same bytes on every run.

#![allow(clippy::unwrap_used, reason = "a test may panic; helpers are not marked as tests")]
#![allow(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "the program writes lower-case names"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use saet::{
    methods::{self, Section, validity},
    model::{Protection, SliceKey},
    protect::{Edition, Policy, Released, release},
    render,
};

use crate::world;

type Artefacts = BTreeMap<String, Vec<u8>>;

/// An edition of the made-up country, rendered once for all tests.
fn edition(edition: Edition) -> &'static (Released, Artefacts) {
    static RESTRICTED: LazyLock<(Released, Artefacts)> =
        LazyLock::new(|| made(Edition::Restricted));
    static PUBLIC: LazyLock<(Released, Artefacts)> = LazyLock::new(|| made(Edition::Public));
    match edition {
        Edition::Restricted => &RESTRICTED,
        Edition::Public => &PUBLIC,
    }
}

fn made(edition: Edition) -> (Released, Artefacts) {
    let world = world::tiny();
    let policy = Policy { edition, hide_up_to: 9, round_to: 5, labels_from_level: 1 };
    let released = release(world.frame, world.draft, &policy).unwrap();
    let artefacts = rendered(&released);
    (released, artefacts)
}

fn rendered(released: &Released) -> Artefacts {
    let mut artefacts = Artefacts::new();
    render::render(released, &mut |path, artefact| {
        let mut bytes = Vec::new();
        artefact.write_to(&mut bytes).unwrap();
        assert!(artefacts.insert(path.to_owned(), bytes).is_none(), "`{path}` is written twice");
        Ok(())
    })
    .unwrap();
    artefacts
}

fn text<'a>(artefacts: &'a Artefacts, path: &str) -> &'a str {
    std::str::from_utf8(&artefacts[path]).unwrap()
}

fn pages(artefacts: &Artefacts) -> impl Iterator<Item = (&str, &str)> {
    artefacts
        .keys()
        .filter(|path| path.ends_with(".html"))
        .map(|path| (path.as_str(), text(artefacts, path)))
}

/// What stands between `from` and the next `to`, as often as it occurs.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    text.split(from).skip(1).map(|rest| rest.split(to).next().unwrap_or("")).collect()
}

#[test]
fn report_names_are_unique_and_explained() {
    let names: BTreeSet<&str> = render::reports().map(|(id, _)| id).collect();
    assert_eq!(names.len(), render::reports().count());
    assert!(render::reports().all(|(_, title)| !title.is_empty()));
}

#[test]
fn every_artefact_of_an_edition_is_there() {
    for kind in Edition::ALL {
        let (released, artefacts) = edition(kind);
        let expected = [
            "index.html",
            "methods.html",
            "appendix.html",
            "data.html",
            "tables/estimates.csv",
            "tables/estimates.parquet",
            "tables/findings.csv",
            "tables/findings.parquet",
            "tables/capacity.csv",
            "tables/capacity.parquet",
            "tables/changes.csv",
            "tables/concentration.csv",
            "tables/concentration.parquet",
            "tables/alarms.csv",
            "tables/alarms.parquet",
            "maps/hotbeds.geojson",
            "maps/blind-spots.svg",
        ];
        for path in expected {
            assert!(artefacts.contains_key(path), "no `{path}`");
        }
        for (at, region) in released.frame().tree.iter().skip(1) {
            assert!(artefacts.contains_key(&format!("regions/{}.html", region.id)), "region {at}");
        }
        for indicator in &released.frame().indicators {
            assert!(artefacts.contains_key(&format!("indicators/{}.html", indicator.id)));
        }
    }
}

#[test]
fn every_region_stands_exactly_once_per_key_and_unfed_indicators_once() {
    let (released, artefacts) = edition(Edition::Restricted);
    let mut reader = csv::Reader::from_reader(&artefacts["tables/estimates.csv"][..]);
    assert_eq!(reader.headers().unwrap().iter().count(), 33);
    let mut keys = BTreeSet::new();
    let mut states: BTreeMap<(String, String), u64> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let key: Vec<String> = [0, 1, 2, 4, 5, 6, 7].map(|at| row[at].to_owned()).to_vec();
        assert!(keys.insert(key.clone()), "twice: {key:?}");
        *states.entry((row[0].to_owned(), row[26].to_owned())).or_default() += 1;
    }
    let n_unfed = states.get(&("support.approval".to_owned(), "no_data".to_owned()));
    assert_eq!(n_unfed, Some(&1));
    let uncovered: u64 =
        states.iter().filter(|((_, state), _)| state == "not_covered").map(|(_, n)| n).sum();
    assert!(uncovered > 0, "the left is not covered, and that is said");
    let tree = &released.frame().tree;
    let n_cells = tree.len() * released.frame().calendar.n_periods();
    let n_fed = released.estimates().iter().filter(|found| !found.panel.is_empty()).count();
    let n_unfed = released.estimates().len() - n_fed;
    assert_eq!(keys.len(), n_fed * (n_cells * 2 + 1) + n_unfed);
}

#[test]
fn parquet_holds_the_rows_of_the_csv() {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    let (_, artefacts) = edition(Edition::Public);
    for table in
        ["estimates", "findings", "capacity", "changes", "trends", "concentration", "alarms"]
    {
        let csv = &artefacts[&format!("tables/{table}.csv")];
        let parquet = &artefacts[&format!("tables/{table}.parquet")];
        let n_rows = csv::Reader::from_reader(&csv[..]).records().count();
        let reader = SerializedFileReader::new(parquet_file(parquet)).unwrap();
        assert_eq!(usize::try_from(reader.metadata().file_metadata().num_rows()).unwrap(), n_rows);
    }
}

fn parquet_file(bytes: &[u8]) -> std::fs::File {
    use std::io::{Seek as _, Write as _};
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}

#[test]
fn every_link_leads_to_an_artefact_and_nothing_leaves_the_folder() {
    for kind in Edition::ALL {
        let (_, artefacts) = edition(kind);
        let mut n_links = 0;
        for (path, page) in pages(artefacts) {
            let ids: BTreeSet<&str> = between(page, " id=\"", "\"").into_iter().collect();
            for link in
                between(page, "href=\"", "\"").into_iter().chain(between(page, "src=\"", "\""))
            {
                n_links += 1;
                let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
                let target = match (file, path.split_once('/')) {
                    ("", _) => path.to_owned(),
                    (file, Some(_)) if file.starts_with("../") => file[3..].to_owned(),
                    (file, Some((folder, _))) => format!("{folder}/{file}"),
                    (file, None) => file.to_owned(),
                };
                let page = artefacts.get(&target);
                assert!(page.is_some(), "`{path}` links to `{link}`");
                if !anchor.is_empty() && target != path {
                    assert!(
                        text(artefacts, &target).contains(&format!(" id=\"{anchor}\"")),
                        "{link}"
                    );
                } else if !anchor.is_empty() {
                    assert!(ids.contains(anchor), "`{path}` has no `{anchor}`");
                }
            }
        }
        assert!(n_links > 500);
    }
}

#[test]
fn pages_work_offline_without_scripts_and_stay_small() {
    let (_, artefacts) = edition(Edition::Restricted);
    for (path, page) in pages(artefacts) {
        assert!(page.len() <= 250_000, "`{path}` has {} bytes", page.len());
        for banned in
            ["<script", "http:", "https:", "@import", "javascript:", " onclick", " style=\""]
        {
            let page = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
            assert!(!page.contains(banned), "`{path}` holds `{banned}`");
        }
        assert!(page.contains("<html lang=\"en\">") && page.contains("class=\"skip\""));
        assert_eq!(page.matches("<h1").count(), 1, "`{path}`");
        let ids = between(page, " id=\"", "\"");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "`{path}` repeats an id");
        headings_descend_by_one(path, page);
        for table in between(page, "<table", "</table>") {
            assert!(table.contains("<caption") && table.contains("scope=\"col\""), "`{path}`");
        }
        for picture in between(page, "<svg ", ">") {
            assert!(
                picture.contains("aria-label=") || picture.contains("aria-hidden="),
                "`{path}`: {picture}"
            );
        }
    }
}

#[track_caller]
fn headings_descend_by_one(path: &str, page: &str) {
    let mut before = 0;
    for heading in between(page, "<h", " ").into_iter().chain([]) {
        let Some(level @ 1..=6) = heading.chars().next().and_then(|c| c.to_digit(10)) else {
            continue;
        };
        assert!(level <= before + 1, "`{path}`: h{level} after h{before}");
        before = level;
    }
}

#[test]
fn every_method_is_described_and_measured_figures_are_quoted() {
    let (_, artefacts) = edition(Edition::Public);
    let appendix = text(artefacts, "appendix.html");
    for method in methods::all() {
        let own = between(appendix, &format!(" id=\"{}\"", method.id), "</article>");
        assert_eq!(own.len(), 1, "{}", method.id);
        for part in [
            "class=\"question\"><p>",
            ">Definition</dt>",
            "when not to use it</dt>",
            ">Source</dt>",
        ] {
            assert!(own[0].contains(part), "{}: {part}", method.id);
        }
        for doi in between(method.header().section(Section::Source), "doi:10.", ",") {
            let doi: String = doi.chars().take_while(|at| at.is_alphanumeric()).collect();
            assert!(own[0].contains(&format!("doi:10.{doi}")), "{}: {doi}", method.id);
        }
        for mark in ["[`", "`]", "super::", "crate::", "\\*"] {
            assert!(!own[0].contains(mark), "{}: {mark} in {}", method.id, own[0]);
        }
    }
    assert!(appendix.contains("Gi*") && appendix.contains("<em>Spatial Processes</em>"));
    let page = text(artefacts, "methods.html");
    let measured = &validity::embedded().measured;
    assert!(page.contains(&format!("saet methods validate --maps {}", measured.n_maps)));
    let mut n_figures = 0;
    for figure in measured.studies.iter().flat_map(|study| &study.rows).flat_map(|row| &row.figures)
    {
        assert!(page.contains(&figure.words()), "{figure:?}");
        n_figures += 1;
    }
    assert!(n_figures > 50, "{n_figures}");
}

#[test]
fn names_from_the_data_are_escaped() {
    let (_, artefacts) = edition(Edition::Restricted);
    for (path, page) in pages(artefacts) {
        assert!(!page.contains("<more>"), "`{path}`");
    }
    for (path, picture) in artefacts.iter().filter(|(path, _)| path.ends_with(".svg")) {
        assert!(!String::from_utf8_lossy(picture).contains("<more>"), "`{path}`");
    }
    serde_json::from_slice::<serde_json::Value>(&artefacts["maps/hotbeds.geojson"]).unwrap();
}

#[test]
fn each_edition_says_what_it_is() {
    let (_, restricted) = edition(Edition::Restricted);
    let (_, public) = edition(Edition::Public);
    for (path, page) in pages(restricted) {
        assert!(
            page.contains("Restricted: for the centre only")
                && !page.contains("Not for publication"),
            "`{path}`"
        );
    }
    for (path, page) in pages(public) {
        assert!(
            page.contains("Not for publication") && !page.contains("for the centre only"),
            "`{path}`"
        );
    }
    for (path, picture) in public.iter().filter(|(path, _)| path.starts_with("maps/")) {
        assert!(String::from_utf8_lossy(picture).contains("Not for publication"), "`{path}`");
    }
}

#[test]
fn no_public_channel_holds_a_hidden_exact_figure() {
    let world = world::tiny();
    let frame = world.frame.clone();
    let draft = world.draft.clone();
    let (released, artefacts) = edition(Edition::Public);
    // Figures only the exact count gives: values, limits, scores of cells that are hidden.
    let mut exact: BTreeSet<String> = BTreeSet::new();
    let mut shown: BTreeSet<String> = BTreeSet::new();
    let figures = |cell: &saet::model::Estimate| -> Vec<String> {
        let limits = [cell.interval95, cell.interval998, cell.smoothed95];
        let limits = limits.into_iter().flatten().flat_map(|(lower, upper)| [lower, upper]);
        let figures = [cell.value, cell.smoothed, cell.p_above].into_iter().flatten().chain(limits);
        figures.map(|figure| format!("{figure}")).filter(|figure| figure.len() > 5).collect()
    };
    for (before, after) in draft.estimates.iter().zip(released.estimates()) {
        let protected = released.measure(before.key).1.protection == Protection::Protected;
        let Some(cells) = before.panel.slice(SliceKey::TOTAL).filter(|_| protected) else {
            continue;
        };
        exact.extend(cells.iter().flat_map(figures));
        after
            .panel
            .slice(SliceKey::TOTAL)
            .into_iter()
            .flatten()
            .for_each(|cell| shown.extend(figures(cell)));
    }
    for finding in &draft.findings[0].regions {
        exact.extend(
            finding.expected.map(|figure| format!("{figure}")).filter(|figure| figure.len() > 5),
        );
        exact.extend(
            finding
                .own
                .map(|own| format!("{}", own.relative_risk))
                .filter(|figure| figure.len() > 5),
        );
    }
    let secret: Vec<&String> = exact.difference(&shown).collect();
    assert!(secret.len() > 100);
    for (path, bytes) in artefacts.iter().filter(|(path, _)| !path.ends_with(".parquet")) {
        let text = String::from_utf8_lossy(bytes);
        for words in ["0.4217", "16.25", "0.04321", "0.000321", "outside every region", "row 977"] {
            assert!(!text.contains(words), "`{path}` holds `{words}`");
        }
        if path.ends_with(".csv") || path.ends_with(".geojson") {
            let cells: BTreeSet<&str> = text.split([',', '\r', '\n', ':', '}']).collect();
            for figure in &secret {
                assert!(!cells.contains(figure.as_str()), "`{path}` holds {figure}");
            }
        }
    }
    // No class of a withheld level in any picture or page but the legend of the methods page.
    for (path, bytes) in artefacts.iter().filter(|(path, _)| *path != "methods.html") {
        let text = String::from_utf8_lossy(bytes);
        let text = text
            .split("<style>")
            .map(|part| part.split_once("</style>").map_or(part, |(_, rest)| rest))
            .collect::<String>();
        for class in ["e-established", "e-probable", "e-signal", "e-lower"] {
            assert!(!text.contains(class), "`{path}` holds `{class}`");
        }
    }
    assert_eq!(frame.tree.len(), released.frame().tree.len());
}

#[test]
fn a_run_repeats_itself_byte_for_byte_at_any_number_of_threads() {
    let (released, first) = edition(Edition::Restricted);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let second = pool.install(|| rendered(released));
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for (path, bytes) in first {
        assert!(*bytes == second[path], "`{path}` differs");
    }
}

#[test]
fn a_small_rate_stands_behind_the_pooled_period_and_the_count_stays() {
    let (_, artefacts) = edition(Edition::Restricted);
    let n_replaced = pages(artefacts)
        .filter(|(path, _)| path.starts_with("regions/"))
        .filter(|(_, page)| {
            page.contains("Too few here; the figure is") || page.contains("Years pooled")
        })
        .count();
    assert!(n_replaced > 5, "{n_replaced}");
}

#[test]
fn a_frame_without_outlines_findings_or_sources_still_gives_pages() {
    let mut world = world::tiny();
    world.draft.findings.clear();
    world.draft.changes.clear();
    world.draft.capacity.clear();
    for found in std::sync::Arc::make_mut(&mut world.draft.estimates) {
        found.panel = saet::model::Panel::new(found.panel.n_regions, found.panel.n_periods);
    }
    let frame = std::sync::Arc::make_mut(&mut world.frame);
    frame.boundaries = saet::model::Boundaries::default();
    let policy =
        Policy { edition: Edition::Restricted, hide_up_to: 9, round_to: 5, labels_from_level: 1 };
    let artefacts = rendered(&release(world.frame, world.draft, &policy).unwrap());
    assert!(text(&artefacts, "index.html").contains("No source"));
    assert_eq!(
        csv::Reader::from_reader(&artefacts["tables/findings.csv"][..]).records().count(),
        0
    );
}
