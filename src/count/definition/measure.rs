//! One `[[measure]]`: its kind, and whether what it counts belongs to that kind.

use std::collections::BTreeMap;

use super::{term, words};
use crate::{
    assessment::Table,
    declaration::Fields,
    diagnostics::codes,
    model::{Aggregate, Measure, MeasureId, MeasureKind, Protection, Relation, Term},
};

pub(super) fn read(mut fields: Fields<'_>, indicator: &str) -> Option<Measure> {
    let id = fields.required("id").and_then(|entry| entry.text());
    if let Some(id) = &id {
        fields.call(format!("measure `{}`", id.value));
    }
    let kind = fields.required("kind").and_then(|entry| entry.one_of(&KINDS));
    let numerator = fields.required("numerator").and_then(|entry| term::read(&entry));
    let denominator = fields.optional("denominator").map(|entry| term::read(&entry));
    let unknown = fields.optional("unknown").map(|entry| term::read(&entry));
    let relation = fields.optional("relation").and_then(|entry| entry.one_of(&RELATIONS));
    let reason = fields.optional("reason").and_then(|entry| entry.text());
    let per = fields.optional("per").and_then(|entry| entry.number_within(0.0, 1e9));
    let unit = fields.optional("unit").and_then(|entry| words(&entry));
    let title = fields.optional("title").and_then(|entry| words(&entry));
    let table = numerator.as_ref().map(|term| term.table.as_str());
    let breakdown = fields.optional("breakdown");
    let has_breakdown = breakdown.is_some();
    let breakdown = breakdown.and_then(|entry| term::breakdown(&entry, table));
    let additive = fields.optional("additive").and_then(|entry| entry.truth());
    let protection = fields.optional("protection").and_then(|entry| {
        entry.one_of(&[("protected", Protection::Protected), ("open", Protection::Open)])
    });
    let tested = fields.optional("tested");
    if let (Some(entry), Some(kind)) = (&tested, kind)
        && entry.truth() == Some(true)
        && !may_be_tested(indicator, kind)
    {
        let help = "only crime counts and rates, `events.notable` and `events.violence` are";
        entry.bad("this measure cannot be tested for hotbeds", Some(help.to_owned()));
    }
    let tested = tested.and_then(|entry| entry.truth()).unwrap_or(false);
    let reader = fields.reader();
    let span = fields.span();
    if let Some(kind) = kind {
        let shape = Shape {
            kind,
            numerator: numerator.as_ref(),
            relation,
            written: &[
                ("denominator", denominator.is_some()),
                ("unknown", unknown.is_some()),
                ("breakdown", has_breakdown),
                ("reason", reason.is_some()),
            ],
        };
        for (message, help) in shape.mistakes() {
            reader.report(&codes::BAD_VALUE, message, span.clone(), Some(help));
        }
    }
    fields.finish();
    let kind = kind?;
    let per = per.unwrap_or_else(|| usual_per(kind));
    Some(Measure {
        id: MeasureId::new(id?.value),
        kind,
        numerator: numerator?,
        denominator: denominator.flatten(),
        unknown: unknown.flatten(),
        relation: relation.or((kind == MeasureKind::CompleteShare).then_some(Relation::Nested)),
        per,
        unit: unit.unwrap_or_else(|| usual_unit(kind, per)),
        title: title.unwrap_or_default(),
        breakdown,
        additive: additive.unwrap_or(!is_of_persons(kind)),
        protection: protection.unwrap_or_default(),
        tested,
        reason: reason.map(|text| text.value),
    })
}

const KINDS: [(&str, MeasureKind); 12] = [
    ("count", MeasureKind::Count),
    ("rate", MeasureKind::Rate),
    ("share", MeasureKind::Share),
    ("composition", MeasureKind::Composition),
    ("complete_share", MeasureKind::CompleteShare),
    ("attendance_total", MeasureKind::AttendanceTotal),
    ("attendance_median", MeasureKind::AttendanceMedian),
    ("attendance_top_share", MeasureKind::AttendanceTopShare),
    ("attendance_missing", MeasureKind::AttendanceMissing),
    ("persons", MeasureKind::Persons),
    ("persons_rate", MeasureKind::PersonsRate),
    ("survey_share", MeasureKind::SurveyShare),
];

const RELATIONS: [(&str, Relation); 3] = [
    ("nested", Relation::Nested),
    ("disjoint", Relation::Disjoint),
    ("overlapping", Relation::Overlapping),
];

/// The fixed table of METHODS §1: what may feed areal tests.
fn may_be_tested(indicator: &str, kind: MeasureKind) -> bool {
    let counted = matches!(kind, MeasureKind::Count | MeasureKind::Rate);
    match indicator {
        "events.notable" => counted,
        "events.violence" => counted || kind == MeasureKind::Share,
        _ => counted && indicator.starts_with("crime."),
    }
}

fn is_of_persons(kind: MeasureKind) -> bool {
    matches!(kind, MeasureKind::Persons | MeasureKind::PersonsRate | MeasureKind::SurveyShare)
}

fn is_attendance(kind: MeasureKind) -> bool {
    matches!(
        kind,
        MeasureKind::AttendanceTotal
            | MeasureKind::AttendanceMedian
            | MeasureKind::AttendanceTopShare
            | MeasureKind::AttendanceMissing
    )
}

fn usual_per(kind: MeasureKind) -> f64 {
    match kind {
        MeasureKind::Rate | MeasureKind::PersonsRate => 100_000.0,
        MeasureKind::CompleteShare | MeasureKind::SurveyShare => 100.0,
        _ => 1.0,
    }
}

/// The unit in words when the definition leaves it out.
#[allow(clippy::float_cmp, reason = "declared scales are compared as written")]
fn usual_unit(kind: MeasureKind, per: f64) -> BTreeMap<String, String> {
    let unit = match kind {
        MeasureKind::Count => "records".to_owned(),
        MeasureKind::Rate => format!("per {per} person-years"),
        MeasureKind::Persons => "persons".to_owned(),
        MeasureKind::PersonsRate => format!("persons per {per} residents"),
        MeasureKind::AttendanceTotal => "attendances".to_owned(),
        MeasureKind::AttendanceMedian => "attendances per event".to_owned(),
        _ if per == 1.0 => "proportion".to_owned(),
        _ if per == 100.0 => "%".to_owned(),
        _ => format!("per {per}"),
    };
    BTreeMap::from([("en".to_owned(), unit)])
}

/// What a measure consists of, to be held against its kind.
struct Shape<'m> {
    kind: MeasureKind,
    numerator: Option<&'m Term>,
    relation: Option<Relation>,
    /// Other keys, and whether they are written.
    written: &'m [(&'static str, bool)],
}

impl Shape<'_> {
    /// What is wrong, with the way out.
    fn mistakes(&self) -> Vec<(String, String)> {
        let kind = KINDS.iter().find(|(_, kind)| *kind == self.kind).map_or("", |(name, _)| name);
        let has = |key: &str| self.written.iter().any(|(name, is_there)| *name == key && *is_there);
        let is_share = self.kind == MeasureKind::Share;
        let is_complete =
            matches!(self.kind, MeasureKind::CompleteShare | MeasureKind::SurveyShare);
        let is_ratio = is_share || is_complete;
        let is_nested = self.relation == Some(Relation::Nested);
        let is_of_members = matches!(self.kind, MeasureKind::Persons | MeasureKind::PersonsRate);
        let counts = |is_wrong: fn(&Aggregate) -> bool| {
            self.numerator.is_some_and(|term| is_wrong(&term.aggregate))
        };
        let is_survey = self.numerator.is_some_and(|term| term.table == Table::Survey.as_str());
        let known_table = self.numerator.is_some();
        let rules = [
            (
                is_ratio && !has("denominator"),
                format!("a measure of kind `{kind}` needs a `denominator`"),
                "say what the numerator is set against",
            ),
            (
                !is_ratio && has("denominator"),
                format!("a measure of kind `{kind}` has no `denominator`"),
                "use kind `share` for one count over another; rates take the population",
            ),
            (
                is_share && self.relation.is_none(),
                "a share must say how its sides relate".to_owned(),
                "`relation` is one of `nested`, `disjoint`, `overlapping`",
            ),
            (
                self.relation.is_some() && !is_ratio,
                format!("a measure of kind `{kind}` has no `relation`"),
                "leave it out",
            ),
            (
                is_complete && self.relation.is_some() && !is_nested,
                format!("a measure of kind `{kind}` is `nested` by definition"),
                "leave `relation` out, or use kind `share`",
            ),
            (
                self.relation == Some(Relation::Overlapping) && !has("reason"),
                "an `overlapping` relation needs its `reason`".to_owned(),
                "say which units are on one side only",
            ),
            (
                has("unknown") && !(is_share && is_nested),
                "`unknown` belongs to `nested` shares only".to_owned(),
                "leave it out",
            ),
            (
                self.kind == MeasureKind::Composition && !has("breakdown"),
                "a composition needs its `breakdown`".to_owned(),
                "name the column of its parts, like `breakdown = { column = \"offence\" }`",
            ),
            (
                !is_attendance(self.kind) && counts(|found| *found == Aggregate::Sizes),
                format!("a measure of kind `{kind}` cannot count `sizes`"),
                "use one of the attendance kinds",
            ),
            (
                is_attendance(self.kind) && counts(|found| *found != Aggregate::Sizes),
                format!("a measure of kind `{kind}` must count `sizes`"),
                "write `count = \"sizes\"`",
            ),
            (
                is_of_members && counts(|found| !matches!(found, Aggregate::Sum(_))),
                format!("a measure of kind `{kind}` must sum a column"),
                "persons come as numbers of a source, like `count = \"sum:members\"`",
            ),
            (
                known_table && is_survey != (self.kind == MeasureKind::SurveyShare),
                format!("kind `{kind}` and the table of the numerator do not belong together"),
                "table `survey` is read by kind `survey_share`, and by no other",
            ),
        ];
        let wrong = rules.into_iter().filter(|(is_wrong, _, _)| *is_wrong);
        wrong.map(|(_, message, help)| (message, help.to_owned())).collect()
    }
}
