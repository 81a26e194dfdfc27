//! The file's rows as respondents: answers, domains and the columns of the design, every problem at once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Options, Quantity, Replication, margins};
use crate::{
    analyse::cells::Cells,
    diagnostics::{Place, Problem, Problems, codes, did_you_mean},
    read::map::{self, Wanted},
};

/// Answers that are listed where another one was named.
const LISTED: usize = 12;

/// Texts of a column as numbers from 0, in the order of their names.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    /// One per row; `u32::MAX` where the cell is empty.
    pub(super) codes: Vec<u32>,
    pub(super) names: Vec<String>,
}

/// One stage of drawing.
#[derive(Debug, Clone, Default)]
pub(super) struct StageColumns {
    pub(super) strata: Option<Labels>,
    pub(super) units: Option<Labels>,
    pub(super) population: Option<Vec<f64>>,
}

/// The file.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) file: String,
    pub(super) format: String,
    pub(super) sha256: String,
    /// Line of each respondent.
    pub(super) lines: Vec<u64>,
    /// Columns of numbers; `None` where the answer is missing.
    pub(super) numbers: BTreeMap<String, Vec<Option<f64>>>,
    /// By quantity: for shares whether the answer counts.
    pub(super) shares: Vec<Option<Vec<Option<bool>>>>,
    pub(super) domains: Option<Labels>,
    /// `None`: everybody stands for as many.
    pub(super) weights: Option<Vec<f64>>,
    pub(super) stages: Vec<StageColumns>,
    /// Names of the columns of replicate weights, and by replicate one per row.
    pub(super) replicates: (Vec<String>, Vec<Vec<f64>>),
    /// Known totals, and what each respondent is under them.
    pub(super) margins: Option<(margins::Known, Vec<margins::Column>)>,
    pub(super) notes: Vec<String>,
}

impl Input {
    pub(super) fn n(&self) -> usize {
        self.lines.len()
    }
}

/// Reads the file, and that of known totals.
pub(super) fn read(options: &Options) -> Result<Input, Problems> {
    let file = options.file.display().to_string();
    let header = map::columns(&options.file)?;
    let known = options.margins.as_ref().map(margins::read).transpose()?;
    let replicates = match &options.replication {
        Some(Replication::Published(published)) => replicate_columns(&header, &published.prefix)
            .map_err(|problem| problem.at(Place::File(file.clone())))?,
        _ => Vec::new(),
    };
    let wanted = wanted(options, known.as_ref(), &replicates);
    let names: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let found = map::read(&options.file, &Wanted { columns: &names, plane: true, placed: true })?;
    let lines: Vec<u64> = found.rows.iter().map(|row| row.row).collect();
    let mut columns: BTreeMap<&str, Vec<Option<String>>> =
        names.iter().map(|name| (*name, Vec::with_capacity(lines.len()))).collect();
    for row in found.rows {
        for (name, cell) in names.iter().zip(row.cells) {
            columns.get_mut(name).expect("invariant: every wanted column").push(cell);
        }
    }
    let mut reader =
        Reader { columns, lines: &lines, cells: Cells::new(&file, &options.missing), file: &file };
    let mut numbers = BTreeMap::new();
    for column in numeric(options) {
        let values = reader.answers(column);
        numbers.insert(column.to_owned(), values);
    }
    let shares = options.quantities.iter().map(|quantity| reader.share(quantity)).collect();
    let domains = options.by.as_deref().map(|column| reader.labels(column));
    let weight = options.drawing.weight.as_deref();
    let weights = weight.map(|column| reader.positive(column, WEIGHT));
    let stages = (0..options.drawing.n_stages()).map(|at| reader.stage(options, at)).collect();
    let weights_of_replicates =
        replicates.iter().map(|column| reader.not_negative(column)).collect();
    let columns = known.as_ref().map(|known| reader.margins(known));
    let mut notes = found.notes;
    if let (Some(column), Some(labels)) = (&options.by, &domains) {
        let n = labels.codes.iter().filter(|code| **code == u32::MAX).count();
        if n > 0 {
            notes.push(format!("{n} respondents have no `{column}`: they count in the whole only"));
        }
    }
    reader.cells.result()?;
    Ok(Input {
        format: found.format,
        sha256: found.sha256,
        numbers,
        shares,
        domains,
        weights,
        stages,
        replicates: (replicates, weights_of_replicates),
        margins: known.zip(columns),
        notes,
        lines,
        file,
    })
}

/// Columns whose cells are numbers.
fn numeric(options: &Options) -> BTreeSet<&str> {
    let mut columns = BTreeSet::new();
    for quantity in &options.quantities {
        match quantity {
            Quantity::Mean(column)
            | Quantity::Total(column)
            | Quantity::Quantile { column, .. } => {
                columns.insert(column.as_str());
            }
            Quantity::Ratio { above, below } => {
                columns.extend([above.as_str(), below.as_str()]);
            }
            Quantity::Share { .. } => {}
        }
    }
    columns
}

/// Every column that is read, once.
fn wanted(options: &Options, known: Option<&margins::Known>, replicates: &[String]) -> Vec<String> {
    let drawing = &options.drawing;
    let shares = options.quantities.iter().filter_map(|quantity| match quantity {
        Quantity::Share { column, .. } => Some(column.clone()),
        _ => None,
    });
    let mut all: Vec<String> = numeric(options).into_iter().map(str::to_owned).collect();
    all.extend(shares);
    all.extend(options.by.clone());
    all.extend(drawing.weight.clone());
    all.extend(drawing.strata.iter().flatten().cloned());
    all.extend(drawing.psus.iter().chain(&drawing.fpc).chain(replicates).cloned());
    all.extend(known.into_iter().flat_map(|known| known.variables().map(str::to_owned)));
    let mut once = BTreeSet::new();
    all.retain(|name| once.insert(name.clone()));
    all
}

/// The columns that are a prefix and a number, by number, without gaps.
fn replicate_columns(header: &[String], prefix: &str) -> Result<Vec<String>, Problem> {
    let mut found: Vec<(u64, String)> = header
        .iter()
        .filter_map(|name| {
            let digits = name.strip_prefix(prefix)?;
            let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            Some((digits.parse().ok().filter(|_| is_number)?, name.clone()))
        })
        .collect();
    found.sort();
    if found.len() < 2 {
        let message = format!("has fewer than two columns named `{prefix}` and a number");
        return Err(Problem::new(&codes::MISSING_COLUMN, message)
            .help("say what the names of all replicate weights begin with: `--replicate-weights rep` for rep1, rep2, …"));
    }
    if let Some(pair) = found.windows(2).find(|pair| pair[1].0 != pair[0].0 + 1) {
        let message = format!(
            "has `{}` and then `{}`: a replicate is missing, or there twice",
            pair[0].1, pair[1].1
        );
        return Err(Problem::new(&codes::MISSING_COLUMN, message)
            .help("the variance needs all replicates; restore the column"));
    }
    Ok(found.into_iter().map(|(_, name)| name).collect())
}

/// Why a weight is needed.
const WEIGHT: &str = "give every respondent the number of persons they stand for, and leave out rows that stand for nobody";

/// Reads columns and collects what is wrong with them.
struct Reader<'a> {
    columns: BTreeMap<&'a str, Vec<Option<String>>>,
    lines: &'a [u64],
    cells: Cells<'a>,
    file: &'a str,
}

impl<'a> Reader<'a> {
    /// Numbers that may be missing.
    fn answers(&mut self, column: &'a str) -> Vec<Option<f64>> {
        let texts = self.columns[column].clone();
        let mut values = Vec::with_capacity(texts.len());
        for (text, &line) in texts.into_iter().zip(self.lines) {
            let text = self.cells.given(text);
            values.push(self.cells.number(text, line, column, |_| Ok(())));
        }
        values
    }

    /// Whether answers count; answers nobody gave are mistakes.
    fn share(&mut self, quantity: &'a Quantity) -> Option<Vec<Option<bool>>> {
        let Quantity::Share { column, answers } = quantity else { return None };
        let texts = self.columns[column.as_str()].clone();
        let texts: Vec<Option<String>> =
            texts.into_iter().map(|text| self.cells.given(text)).collect();
        let given: BTreeSet<&str> = texts.iter().flatten().map(String::as_str).collect();
        for answer in answers.iter().filter(|answer| !given.contains(answer.as_str())) {
            let listed: Vec<String> =
                given.iter().take(LISTED).map(|given| format!("`{given}`")).collect();
            let more = if given.len() > LISTED { ", …" } else { "" };
            // Codes are all alike.
            let alike = did_you_mean(answer, given.iter().copied());
            let help = alike
                .filter(|_| answer.chars().count() > 2)
                .unwrap_or_else(|| format!("the answers are {}{more}", listed.join(", ")));
            self.cells.refuse_file(
                Problem::new(&codes::OPTION, format!("nobody’s `{column}` is `{answer}`"))
                    .at(Place::File(self.file.to_owned()))
                    .help(help),
            );
        }
        let counts = |text: &Option<String>| text.as_ref().map(|text| answers.contains(text));
        Some(texts.iter().map(counts).collect())
    }

    /// Texts as codes, in the order of their names: as numbers where all are.
    fn labels(&self, column: &str) -> Labels {
        let texts = &self.columns[column];
        let mut names: Vec<&str> = texts
            .iter()
            .flatten()
            .map(String::as_str)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let number = |name: &str| name.parse::<f64>().ok().filter(|number| number.is_finite());
        if names.iter().all(|name| number(name).is_some()) {
            names.sort_by(|a, b| {
                let of = |name| number(name).unwrap_or(0.0);
                of(a).total_cmp(&of(b)).then(a.cmp(b))
            });
        }
        let codes: BTreeMap<&str, u32> = names.iter().copied().zip(0..).collect();
        let code = |text: &Option<String>| text.as_deref().map_or(u32::MAX, |text| codes[text]);
        Labels {
            codes: texts.iter().map(code).collect(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    /// Labels that none may lack.
    fn complete(&mut self, column: &'a str, why: &str) -> Labels {
        let labels = self.labels(column);
        for (code, &line) in labels.codes.iter().zip(self.lines) {
            if *code == u32::MAX {
                self.cells.refuse(
                    Problem::new(&codes::BAD_CELL, "is missing").help(why),
                    line,
                    column,
                );
            }
        }
        labels
    }

    /// Numbers that a check lets pass and none may lack.
    fn checked(
        &mut self,
        column: &'a str,
        help: &str,
        check: impl Fn(f64) -> Result<(), &'static str>,
    ) -> Vec<f64> {
        let mut values = Vec::with_capacity(self.lines.len());
        for (text, &line) in self.columns[column].iter().zip(self.lines) {
            let parsed =
                text.as_ref().map(|text| text.parse::<f64>().ok().filter(|v| v.is_finite()));
            let why = match parsed {
                None => "is missing",
                Some(None) => "is not a number",
                Some(Some(value)) => match check(value) {
                    Ok(()) => {
                        values.push(value);
                        continue;
                    }
                    Err(why) => why,
                },
            };
            let said = text.as_ref().map_or(why.to_owned(), |text| format!("`{text}` {why}"));
            self.cells.refuse(Problem::new(&codes::BAD_CELL, said).help(help), line, column);
        }
        values
    }

    fn positive(&mut self, column: &'a str, help: &str) -> Vec<f64> {
        self.checked(column, help, |value| if value > 0.0 { Ok(()) } else { Err("is not above 0") })
    }

    fn not_negative(&mut self, column: &'a str) -> Vec<f64> {
        let help = "replicate weights are complete weights of 0 or more; for others ask who published them";
        self.checked(column, help, |value| if value >= 0.0 { Ok(()) } else { Err("is negative") })
    }

    fn stage(&mut self, options: &'a Options, at: usize) -> StageColumns {
        let [strata, units, population] = options.drawing.stage(at);
        StageColumns {
            strata: strata
                .map(|column| self.complete(column, "give every respondent’s stratum, as drawn")),
            units: units.map(|column| {
                self.complete(
                    column,
                    "give every respondent’s sampling unit; it may not be guessed",
                )
            }),
            population: population.map(|column| {
                self.positive(
                    column,
                    "give the number of units in the stratum’s population, not a share",
                )
            }),
        }
    }

    /// What each respondent is under known totals.
    fn margins(&mut self, known: &'a margins::Known) -> Vec<margins::Column> {
        let mut all = Vec::new();
        for (variable, totals) in &known.variables {
            let margins::Totals::Categories(totals) = totals else {
                let help = "a number whose total is known is needed of every respondent";
                all.push(margins::Column::Numbers(self.checked(variable, help, |_| Ok(()))));
                continue;
            };
            let labels =
                self.complete(variable, "every respondent needs a value whose total is known");
            let place = |name: &String| totals.iter().position(|known| known.value == *name);
            let problems = known.unmatched(variable, totals, &labels, self.lines, self.file);
            for problem in problems {
                self.cells.refuse_file(problem);
            }
            let code = |code: &u32| {
                let name = labels.names.get(*code as usize);
                name.and_then(place).and_then(|at| u32::try_from(at).ok()).unwrap_or(u32::MAX)
            };
            all.push(margins::Column::Codes(labels.codes.iter().map(code).collect()));
        }
        all
    }
}
