//! Surveys end to end: interviews in a file become shares with what is known of them, or a reason.

use std::{fmt::Write as _, path::Path, process::Output};

use saet::{
    diagnostics::{Problems, codes},
    model::{Estimate, SliceKey, Status, SurveyShare, Verdict},
    pipeline::Computed,
    protect::{Edition, Policy, release},
};

use crate::{
    declared::{attempt, compute},
    runs::run,
};

const SOURCE: &str = r#"
[[source]]
id = "attitudes"
table = "survey"
path = "survey.csv"
columns = { region = "code", period = "year", respondent = "number", survey_weight = "weight", stratum = "code", psu = "point" }
items = [
    { column = "right", item = "approval", ideology = "right", answers = { 1 = "below", 2 = "above" }, missing = [9] },
    { column = "left", item = "approval", ideology = "left", answers = { 1 = "below", 2 = "above" }, missing = [9] },
]
"#;

/// One interview: district, point, weight, and the codes of both answers.
type Interview = (u32, u32, f64, [u32; 2]);

fn file(interviews: &[Interview]) -> String {
    let mut text = "number,code,year,point,weight,right,left\n".to_owned();
    for (number, (code, point, weight, [right, left])) in interviews.iter().enumerate() {
        writeln!(text, "{},0{code},2019,{point},{weight},{right},{left}", number + 1).unwrap();
    }
    text
}

/// Eight points of ten in each of four districts; every third approves of one side, every sixth of the other, but in
/// district 4 next to nobody does. Those of district 1 stand for three times as many.
fn interviews() -> Vec<Interview> {
    let one = |code: u32, at: u32| {
        let says = |every: u32| {
            if (at + code).is_multiple_of(every) && (code < 4 || at < 6) { 2 } else { 1 }
        };
        (code, at / 10, if code == 1 { 3.0 } else { 1.0 }, [says(3), says(6)])
    };
    (1..=4).flat_map(|code| (0..80).map(move |at| one(code, at))).collect()
}

fn surveyed(source: &str, text: &str) -> Result<Computed, Problems> {
    attempt(source, &[("survey.csv", text.as_bytes())])
}

fn complaint(found: Result<Computed, Problems>) -> Problems {
    found.err().expect("the input is broken")
}

fn cell<'c>(computed: &'c Computed, indicator: &str, slot: usize, region: usize) -> &'c Estimate {
    let indicators = &computed.frame.indicators;
    let panel = computed
        .draft
        .estimates
        .iter()
        .find(|panel| indicators[panel.key.indicator].id.as_str() == indicator);
    panel.unwrap().panel.get(SliceKey::ideology(slot), region, 0).unwrap()
}

fn share(computed: &Computed, slot: usize, region: usize) -> &SurveyShare {
    let is =
        |share: &&SurveyShare| (share.ideology, share.region, share.period) == (slot, region, 0);
    computed.draft.surveys.iter().find(is).unwrap()
}

#[test]
fn a_region_shows_its_own_share_or_that_of_the_area_around_it() {
    let computed = surveyed(SOURCE, &file(&interviews())).unwrap();
    let approval = |slot, region| cell(&computed, "support.approval", slot, region);
    let of_district = |region: usize| {
        let own = share(&computed, 1, region);
        (own.n.unwrap(), own.n_positive.unwrap(), own.verdict)
    };
    assert_eq!(of_district(1), (80, 26, Verdict::Review), "seven degrees of freedom");
    let positive: Vec<f64> =
        (1..=4).map(|at| f64::from(u32::try_from(of_district(at).1).unwrap())).collect();
    let expected = 100.0 * (3.0 * positive[0] + positive[1] + positive[2] + positive[3]) / 480.0;
    let country = approval(1, 0);
    assert!((country.value.unwrap() - expected).abs() < 1e-9);
    assert_eq!((country.numerator, country.n_units), (Some(26 + 27 + 27 + 2), Some(320)));
    // Two of eighty is too few to stand: the country's share is there instead, and says so.
    assert_eq!((of_district(4).1, of_district(4).2), (2, Verdict::Suppress));
    let inherited = approval(1, 4);
    assert_eq!(inherited.status, Status::InheritedFromParent);
    assert_eq!((inherited.value, inherited.own_value()), (country.value, None));
    assert!(share(&computed, 1, 4).reasons.contains("fewer than 10 respondents"));
    // Whoever approves of the one side here approves of the other too, or of the one alone: nobody counts twice.
    assert_eq!(approval(0, 0).numerator, approval(1, 0).numerator);
    assert_eq!(approval(0, 0).n_units, Some(320));
}

#[test]
fn a_missing_answer_is_no_answer_and_an_undeclared_code_is_an_error() {
    let mut all = interviews();
    for interview in all.iter_mut().take(30) {
        interview.3[0] = 9;
    }
    let computed = surveyed(SOURCE, &file(&all)).unwrap();
    assert_eq!(share(&computed, 1, 1).n, Some(50));
    assert_eq!(share(&computed, 2, 1).n, Some(80), "the other question was answered");
    // Who answers one question only cannot be said to approve of neither.
    assert!(share(&computed, 0, 1).n.unwrap() < 80);
    all[3].3[1] = 5;
    let found = complaint(surveyed(SOURCE, &file(&all)));
    assert_eq!(found.0[0].code, &codes::BAD_ROWS);
    let text = format!("{} {:?}", found.0[0], found.0[0].help);
    assert!(text.contains("left: 5"), "{text}");
}

#[test]
fn two_persons_who_answer_alike_are_no_copies() {
    let source = SOURCE
        .replace("respondent = \"number\", ", "")
        .replace("stratum = \"code\", psu = \"point\"", "stratum = \"code\"");
    let mut text = "code,year,weight,right,left\n".to_owned();
    text.push_str(&"01,2019,1,2,1\n".repeat(40));
    text.push_str(&"01,2019,1,1,1\n".repeat(60));
    let computed = surveyed(&source, &text).unwrap();
    let own = share(&computed, 1, 1);
    assert_eq!((own.n, own.n_positive, own.df), (Some(100), Some(40), Some(99)));
    // A simple random sample: p(1 − p)/(n − 1).
    assert!((own.se.unwrap() - 100.0 * (0.24_f64 / 99.0).sqrt()).abs() < 1e-9);
    assert_eq!(computed.frame.sources[0].duplicates_found, 0);
}

#[test]
fn a_stratum_with_one_point_needs_a_policy() {
    let mut all = interviews();
    for interview in all.iter_mut().filter(|interview| interview.0 == 2) {
        interview.1 = 1;
    }
    let found = complaint(surveyed(SOURCE, &file(&all)));
    assert_eq!(found.0[0].code, &codes::SURVEY_DESIGN);
    let text = format!("{} {:?}", found.0[0], found.0[0].help);
    assert!(text.contains("single primary sampling unit") && text.contains("lonely_psu"), "{text}");
    assert!(format!("{:?}", found.0[0]).contains("82"), "the first row of district 2");
    let adjusted = format!("{SOURCE}lonely_psu = \"adjust\"\n");
    let certain = format!("{SOURCE}lonely_psu = \"certainty\"\n");
    let se = |source: &str| share(&surveyed(source, &file(&all)).unwrap(), 1, 0).se.unwrap();
    assert!(se(&adjusted) > se(&certain));
}

#[test]
fn interviews_and_weights_that_cannot_be_are_errors_with_their_row() {
    let mut all = interviews();
    all[5].2 = -1.0;
    let found = complaint(surveyed(SOURCE, &file(&all)));
    assert_eq!(found.0[0].code, &codes::SURVEY_DESIGN);
    assert!(format!("{:?}", found.0[0]).contains('7'), "line 7 of the file");
    let text = file(&interviews()).replace("\n2,01,2019,0,3,", "\n1,02,2019,0,1,");
    let found = complaint(surveyed(SOURCE, &text));
    assert_eq!(found.0[0].code, &codes::BAD_CELL);
    assert!(found.0[0].to_string().contains("interview of row 2"), "{}", found.0[0]);
}

#[test]
fn the_public_edition_shows_coarse_shares_and_no_small_ones() {
    let Computed { frame, draft, .. } = surveyed(SOURCE, &file(&interviews())).unwrap();
    let policy =
        Policy { edition: Edition::Public, hide_up_to: 9, round_to: 5, labels_from_level: 1 };
    let released = release(frame, draft, &policy).unwrap();
    let mut n_shown = 0;
    for share in released.surveys() {
        assert_eq!((share.n_positive, share.n_eff, share.se, share.df), (None, None, None, None));
        let Some(value) = share.value else { continue };
        n_shown += 1;
        assert!(share.verdict < Verdict::Suppress);
        assert!((value * 10.0 - (value * 10.0).round()).abs() < 1e-9, "{value}");
    }
    assert!(n_shown > 4, "only {n_shown} shares");
    let hidden = released.surveys().iter().find(|share| (share.ideology, share.region) == (1, 4));
    assert_eq!(hidden.unwrap().value, None);
}

#[test]
fn the_demo_finds_what_everybody_would_say_as_r_does() {
    let folder = tempfile::tempdir().unwrap();
    let computed = country(folder.path());
    let truth: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("truth.json")).unwrap()).unwrap();
    let (mut n_shares, mut n_right) = (0, 0);
    let national = computed.draft.surveys.iter().filter(|share| share.region == 0);
    for share in national.filter(|share| share.ideology > 0) {
        let question = match computed.frame.indicators[share.measure.indicator].id.as_str() {
            "support.approval" => "approve",
            _ => "active",
        };
        let ideology = computed.frame.ideology_id(share.ideology);
        let period = &computed.frame.calendar.period(share.period).label;
        let truth = 100.0 * truth["survey"][question][ideology][period].as_f64().unwrap();
        let (lower, upper) = share.interval95.unwrap();
        n_shares += 1;
        n_right += u32::from(lower <= truth && truth <= upper);
    }
    // 95 % of 16: two or more misses in a tenth of all countries, four or more in one of a hundred.
    assert_eq!(n_shares, 16);
    assert!(n_right >= 13, "{n_right} of 16 limits hold the true share");
    // R's survey package 4.1 on the same file: svymean with deff, svyciprop(method = "beta"), svyby.
    let found = |region: &str| {
        let tree = &computed.frame.tree;
        let is = |share: &&SurveyShare| {
            let id = computed.frame.indicators[share.measure.indicator].id.as_str();
            let period = &computed.frame.calendar.period(share.period).label;
            (id, period.as_str(), share.ideology) == ("support.approval", "2019", 1)
                && tree.get(share.region).id.as_str() == region
        };
        computed.draft.surveys.iter().find(is).unwrap()
    };
    let close = |ours: Option<f64>, theirs: f64| {
        assert!((ours.unwrap() / theirs - 1.0).abs() < 1e-10, "{ours:?}, R {theirs}");
    };
    let country = found("00");
    close(country.value, 13.586_211_678_75);
    close(country.se, 0.779_476_807_77);
    close(country.interval95.map(|limits| limits.0), 12.081_516_118_2);
    close(found("01").value, 9.411_764_705_88);
    close(found("01").se, 2.740_956_234_94);
    close(found("03").se, 4.826_692_864_40);
}

fn country(folder: &Path) -> Computed {
    let out = folder.to_str().expect("a UTF-8 path");
    let made: Output = run(&["demo", "--out", out, "--no-run", "--events", "1000"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    compute(folder).unwrap_or_else(|found| panic!("{found}"))
}
