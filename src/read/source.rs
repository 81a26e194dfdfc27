//! One source, from its files to its [`Records`].

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use polars::prelude::{
    DataType, LazyFrame, NULL, PolarsError, PolarsResult, UnionArgs, col, concat, lit,
};

use super::{
    columns,
    encode::{self, Coder, Interpreted},
    file::{File, Origin},
    items,
    opening::{Opened, open},
    printed, unpivot, values,
};
use crate::{
    assessment::{Assessment, ColumnRule, Source},
    diagnostics::{Place, Problem, Problems, codes},
    model::{Date, Dictionary, Records, Reject},
    predicate::{self, Predicate},
};

/// Reads a declared source.
///
/// # Errors
/// Everything that is wrong with its files and columns, at once: missing files, encodings, missing columns. Rows that cannot be
/// used are no error here; they carry their reason.
pub fn read(assessment: &Assessment, source_idx: usize, data: &Path) -> Result<Records, Problems> {
    let source = &assessment.sources[source_idx];
    let place = |key: &str| {
        source.spans.get(key).map(|span| Place::Span(assessment.text.clone(), span.clone()))
    };
    let opened = open(source, place, data, &assessment.calendar)?;
    let filter = parse_filter(source, place)?;
    let mut problems = Problems::default();
    let mut files = Vec::new();
    for (file_idx, file) in opened.iter().enumerate() {
        match File::resolve(source, file, file_idx, filter.as_ref()) {
            Ok(file) => files.push(file),
            Err(found) => problems.extend(found),
        }
    }
    problems.into_result()?;
    assemble(assessment, source_idx, &opened, files).map_err(|error| polars_problem(source, &error))
}

fn parse_filter(
    source: &Source,
    place: impl Fn(&str) -> Option<Place>,
) -> Result<Option<Predicate>, Problem> {
    source.filter.as_deref().map(predicate::parse).transpose().map_err(|error| {
        let problem = Problem::new(&codes::PREDICATE, format!("`filter`: {error}"))
            .help(codes::PREDICATE.explanation);
        match place("filter") {
            // The value's span starts at its quotation mark.
            Some(Place::Span(text, span)) => {
                let start = (span.start + 1 + error.span.start).min(span.end);
                let end = (span.start + 1 + error.span.end).clamp(start, span.end);
                problem.at(Place::Span(text, start..end))
            }
            _ => problem,
        }
    })
}

/// Polars errors at this point come from files that cannot be scanned to their end.
pub(super) fn polars_problem(source: &Source, error: &PolarsError) -> Problems {
    Problem::new(&codes::FORMAT, format!("source `{}` cannot be read: {error}", source.id))
        .at(Place::File(source.path.clone()))
        .help("the file may be cut off or hold other types than its columns are declared to be")
        .into()
}

/// What each distinct text of each key column means.
type Meanings = BTreeMap<String, Vec<(String, Interpreted<Vec<String>>)>>;

fn assemble(
    assessment: &Assessment,
    source_idx: usize,
    opened: &[Opened],
    files: Vec<File<'_>>,
) -> PolarsResult<Records> {
    let source = &assessment.sources[source_idx];
    let mut coders: BTreeMap<String, Coder> = BTreeMap::new();
    let mut offending: BTreeMap<(Reject, String), Vec<String>> = BTreeMap::new();
    let mut interpreted: Vec<Meanings> = Vec::new();
    for file in &files {
        let mut by_key = BTreeMap::new();
        for (key, origin) in &file.keys {
            let declared = columns::declared_name(source, key);
            let raw = match origin {
                Origin::Column => encode::distinct(&file.frame, &format!("raw:{key}"))?,
                Origin::Constant(text) => vec![text.clone()],
                Origin::Unpivoted => match &source.unpivot {
                    Some(unpivot) => unpivot.columns.clone(),
                    None => items::texts(source, key),
                },
                Origin::Absent => Vec::new(),
            };
            let rule = file.rule(declared);
            let meanings: Vec<(String, Interpreted<Vec<String>>)> = raw
                .into_iter()
                .map(|text| {
                    let meaning = interpret(assessment, source, key, declared, &text, rule);
                    if let Err(reason) = &meaning {
                        let met = offending.entry((*reason, declared.to_owned())).or_default();
                        if met.len() < 5 && !met.contains(&text) {
                            met.push(text.clone());
                        }
                    }
                    (text, meaning)
                })
                .collect();
            let coder = coders.entry((*key).to_owned()).or_default();
            coder.note(meanings.iter().filter_map(|(_, meaning)| meaning.as_ref().ok()));
            by_key.insert((*key).to_owned(), meanings);
        }
        for code in items::undeclared(&file.frame, source)? {
            let met = offending.entry((Reject::UnknownValue, "answer".to_owned())).or_default();
            if met.len() < 5 {
                met.push(code);
            }
        }
        for at in 0..source.verify.len() {
            let key = format!("verify:{at}");
            let raw = encode::distinct(&file.frame, &format!("raw:{key}"))?;
            let meanings: Vec<_> =
                raw.into_iter().map(|text| (text.clone(), Ok(vec![text]))).collect();
            coders
                .entry(key.clone())
                .or_default()
                .note(meanings.iter().filter_map(|(_, meaning)| meaning.as_ref().ok()));
            by_key.insert(key, meanings);
        }
        interpreted.push(by_key);
    }
    let mut dictionaries: BTreeMap<String, Dictionary> = BTreeMap::new();
    let mut codes_of: BTreeMap<String, BTreeMap<Vec<String>, u32>> = BTreeMap::new();
    for (key, coder) in coders {
        let (dictionary, numbered) = coder.finish();
        dictionaries.insert(key.clone(), dictionary);
        codes_of.insert(key, numbered);
    }
    let filtered = files.iter().map(|file| file.filtered).sum();
    let rows: Vec<&LazyFrame> = files.iter().map(|file| &file.frame).collect();
    let checks = source.printed.iter().enumerate();
    let checks = checks
        .map(|(at, rule)| printed::check(source, at, rule, &rows))
        .collect::<PolarsResult<Vec<_>>>()?;
    let mut frames = Vec::new();
    for (file, meanings) in files.into_iter().zip(&interpreted) {
        frames.push(canonical(file, meanings, &codes_of, &mut offending)?);
    }
    let dates = dictionaries
        .get("date")
        .map(|dictionary| {
            dictionary.values.iter().filter_map(|texts| values::date(&texts[0])).collect()
        })
        .unwrap_or_default();
    let descriptions: BTreeSet<&str> =
        opened.iter().map(|file| file.grid.description.as_str()).collect();
    Ok(Records {
        source: source_idx,
        frame: concat(frames, UnionArgs::default())?,
        dictionaries,
        dates,
        files: opened.iter().map(|file| (file.shown.clone(), file.grid.sha256.clone())).collect(),
        format: descriptions.into_iter().collect::<Vec<_>>().join("; "),
        filtered,
        offending,
        checks,
    })
}

/// What a text of a key column means: its texts after rule and recode; a date as its ISO text.
fn interpret(
    assessment: &Assessment,
    source: &Source,
    key: &str,
    declared: &str,
    text: &str,
    rule: Option<&ColumnRule>,
) -> Interpreted<Vec<String>> {
    let mut texts = rule.map_or_else(|| vec![text.to_owned()], |rule| values::cell(text, rule));
    if let Some(recode) = source.recode.get(declared) {
        texts = texts
            .into_iter()
            .map(|text| recode.get(&text).cloned().ok_or(Reject::UnknownValue))
            .collect::<Result<_, _>>()?;
    }
    match key {
        "date" => {
            let day: Date = if declared == "period" {
                values::period(&texts[0], source.table, &assessment.calendar)?
            } else {
                values::date(&texts[0]).ok_or(Reject::BadDate)?
            };
            Ok(vec![day.to_string()])
        }
        "ideology" if !assessment.ideologies.iter().any(|(id, _)| id.as_str() == texts[0]) => {
            Err(Reject::UnknownValue)
        }
        "violent" if !["yes", "no", "unknown"].contains(&texts[0].as_str()) => {
            Err(Reject::UnknownValue)
        }
        _ => {
            texts.sort();
            texts.dedup();
            Ok(texts)
        }
    }
}

/// One file's rows with codes and numbers.
fn canonical(
    file: File<'_>,
    meanings: &Meanings,
    codes_of: &BTreeMap<String, BTreeMap<Vec<String>, u32>>,
    offending: &mut BTreeMap<(Reject, String), Vec<String>>,
) -> PolarsResult<LazyFrame> {
    let source = file.source;
    let mut names =
        vec!["file".to_owned(), "line".to_owned(), "duplicate".to_owned(), "reason".to_owned()];
    let mut frame = match &source.unpivot {
        Some(rule) => unpivot::lengthen(&file.frame, rule, source)?,
        None if source.items.is_empty() => file.frame,
        None => items::lengthen(&file.frame, source)?,
    };
    // What a column holds is asked of the rows as they were read: nothing that is joined to them below changes it.
    let rows = frame.clone();
    let verified = (0..source.verify.len()).map(|at| format!("verify:{at}"));
    let keys = file
        .keys
        .iter()
        .map(|(key, origin)| ((*key).to_owned(), origin))
        .chain(verified.map(|key| (key, &Origin::Unpivoted)));
    for (key, origin) in keys {
        let codes: Vec<(String, Interpreted<u32>)> = meanings[&key]
            .iter()
            .map(|(text, meaning)| {
                let code =
                    meaning.as_ref().map(|texts| codes_of[&key][texts]).map_err(|reason| *reason);
                (text.clone(), code)
            })
            .collect();
        let raw = format!("raw:{key}");
        if let Origin::Constant(text) = origin {
            frame = frame.with_column(lit(text.as_str()).alias(raw.as_str()));
        } else if matches!(origin, Origin::Absent) {
            frame = frame.with_column(lit(NULL).cast(DataType::String).alias(raw.as_str()));
        }
        let declared = match key.as_str() {
            "date" => columns::declared_name(source, "date"),
            other => other,
        };
        let required = columns::is_required(source, declared);
        frame = encode::replace(frame, &raw, &key, &codes, required);
        names.push(key);
    }
    for (name, rule) in &file.numbers {
        let raw = format!("raw:{name}");
        let is_unpivoted = source.unpivot.as_ref().is_some_and(|unpivot| unpivot.value == *name);
        if is_unpivoted {
            frame = frame.with_column(col(raw.as_str()).alias(*name));
        } else if let Some(rule) = rule {
            frame = number((frame, &rows), source, name, &raw, rule, offending)?;
        } else {
            frame = frame.with_column(lit(NULL).cast(number_type(source, name)).alias(*name));
        }
        names.push((*name).to_owned());
    }
    Ok(frame.select(names.iter().map(|name| col(name.as_str())).collect::<Vec<_>>()))
}

fn number_type(source: &Source, name: &str) -> DataType {
    if columns::counted(source.table).contains(&name) { DataType::Int64 } else { DataType::Float64 }
}

/// A number column added to the frame: each distinct text of the rows is parsed once.
fn number(
    (frame, rows): (LazyFrame, &LazyFrame),
    source: &Source,
    name: &str,
    raw: &str,
    rule: &ColumnRule,
    offending: &mut BTreeMap<(Reject, String), Vec<String>>,
) -> PolarsResult<LazyFrame> {
    let required = columns::is_required(source, name);
    let is_count = columns::counted(source.table).contains(&name);
    let parse = |text: &str| -> Result<f64, Reject> {
        values::number(text, source.thousands, source.decimal).ok_or(Reject::BadNumber)
    };
    let texts = encode::distinct(rows, raw)?;
    let mut note = |text: &str, reason: Reject| {
        let met = offending.entry((reason, name.to_owned())).or_default();
        if met.len() < 5 {
            met.push(text.to_owned());
        }
    };
    Ok(if is_count {
        let meanings: Vec<(String, Interpreted<i64>)> = texts
            .into_iter()
            .map(|text| {
                let value = parse(&text).and_then(|value| values::count(value, rule.scale, false));
                value.inspect_err(|reason| note(&text, *reason)).ok();
                (text, value)
            })
            .collect();
        encode::replace(frame, raw, name, &meanings, required)
    } else {
        let meanings: Vec<(String, Interpreted<f64>)> = texts
            .into_iter()
            .map(|text| {
                let value = parse(&text).map(|value| value * rule.scale.unwrap_or(1.0));
                value.inspect_err(|reason| note(&text, *reason)).ok();
                (text, value)
            })
            .collect();
        encode::replace(frame, raw, name, &meanings, required)
    })
}
