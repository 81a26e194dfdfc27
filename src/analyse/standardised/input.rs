//! The file's rows as areas and strata, every problem at once.

use std::collections::BTreeMap;

use super::Options;
use crate::{
    analyse::cells::{Cells, not_negative, whole},
    diagnostics::{Place, Problem, Problems, codes},
    read::map::{self, Wanted},
};

/// A band, and the sex where rows are told apart by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stratum {
    pub(super) band: String,
    pub(super) sex: Option<String>,
}

impl Stratum {
    pub(super) fn name(&self) -> String {
        self.sex.as_ref().map_or_else(|| self.band.clone(), |sex| format!("{}, {sex}", self.band))
    }
}

/// Events and persons of one area in one stratum; `None` where a cell is missing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) events: Option<u64>,
    pub(super) population: Option<f64>,
}

impl Cell {
    pub(super) fn known(&self) -> Option<(u64, f64)> {
        self.events.zip(self.population)
    }
}

/// The file.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) file: String,
    pub(super) format: String,
    pub(super) sha256: String,
    /// In the order in which they first stand in the file, as the strata.
    pub(super) areas: Vec<String>,
    pub(super) strata: Vec<Stratum>,
    /// Row of each stratum's first cell.
    pub(super) first_rows: Vec<u64>,
    /// By area, one per stratum; `None` where the file has no row.
    pub(super) cells: Vec<Vec<Option<Cell>>>,
    pub(super) notes: Vec<String>,
}

/// Reads the file.
pub(super) fn read(options: &Options) -> Result<Input, Problems> {
    let file = options.file.display().to_string();
    // Says what a file is that is no table.
    map::columns(&options.file)?;
    let mut names = vec![
        options.area.as_str(),
        options.band.as_str(),
        options.events.as_str(),
        options.population.as_str(),
    ];
    names.extend(options.sex.as_deref());
    let found = map::read(&options.file, &Wanted { columns: &names, plane: true, placed: true })?;
    let mut cells = Cells::new(&file, &options.missing);
    let (mut areas, mut strata): (Places<String>, Places<Stratum>) = (Places::new(), Places::new());
    let mut given: BTreeMap<(usize, usize), (u64, Cell)> = BTreeMap::new();
    let mut first_rows = Vec::new();
    for row in found.rows {
        let line = row.row;
        let mut texts = row.cells.into_iter();
        let [area, band, events, population, sex] = [(); 5].map(|()| texts.next().flatten());
        let mut label = |text: Option<String>, column| {
            if text.is_none() {
                let help = "say to which area, band and sex the row belongs, or leave it out";
                cells.refuse(Problem::new(&codes::BAD_CELL, "is missing").help(help), line, column);
            }
            text
        };
        let area = label(area, &options.area);
        let band = label(band, &options.band);
        let sex = options.sex.as_ref().map(|column| label(sex, column));
        let (events, population) = (cells.given(events), cells.given(population));
        let events = cells.number(events, line, &options.events, whole);
        let population = cells.number(population, line, &options.population, not_negative);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "`whole` admits whole numbers from 0 to 2^53 only"
        )]
        let events = events.map(|count| count as u64);
        if let (Some(n @ 1..), Some(persons)) = (events, population)
            && persons <= 0.0
        {
            let problem = Problem::new(&codes::BAD_CELL, format!("{n} events among nobody"))
                .help("give the persons (or person-years) among whom they were counted, or leave the cell empty");
            cells.refuse(problem, line, &options.population);
        }
        let (Some(area), Some(band)) = (area, band) else { continue };
        let sex = match sex {
            Some(None) => continue,
            Some(sex) => sex,
            None => None,
        };
        let area = areas.place(area);
        let n_strata = strata.order.len();
        let stratum = strata.place(Stratum { band, sex });
        if stratum == n_strata {
            first_rows.push(line);
        }
        if let Some((before, _)) = given.get(&(area, stratum)) {
            let message = format!(
                "`{}` of `{}` stands in row {before} too",
                strata.order[stratum].name(),
                areas.order[area]
            );
            let help = "give each area and band one row: add them up, or say what tells them apart: `--sex COL`";
            cells.refuse(Problem::new(&codes::BAD_CELL, message).help(help), line, &options.band);
        } else {
            given.insert((area, stratum), (line, Cell { events, population }));
        }
    }
    if areas.order.is_empty() {
        cells.refuse_file(
            Problem::new(&codes::EMPTY_FILE, "no row has an area and a band")
                .at(Place::File(file.clone()))
                .help("check the columns of `--area` and `--band`"),
        );
    }
    cells.result()?;
    let (areas, strata) = (areas.order, strata.order);
    let cell = |area: usize| {
        let of = |stratum: usize| given.get(&(area, stratum)).map(|(_, cell)| *cell);
        (0..strata.len()).map(of).collect()
    };
    Ok(Input {
        cells: (0..areas.len()).map(cell).collect(),
        format: found.format,
        sha256: found.sha256,
        notes: found.notes,
        areas,
        strata,
        first_rows,
        file,
    })
}

/// Names in the order in which they first occur.
struct Places<T> {
    order: Vec<T>,
    at: BTreeMap<T, usize>,
}

impl<T: Ord + Clone> Places<T> {
    fn new() -> Self {
        Self { order: Vec::new(), at: BTreeMap::new() }
    }

    fn place(&mut self, name: T) -> usize {
        let next = self.order.len();
        *self.at.entry(name).or_insert_with_key(|name| {
            self.order.push(name.clone());
            next
        })
    }
}
