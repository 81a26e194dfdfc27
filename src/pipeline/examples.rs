//! Runs the examples inside indicator files: real files in a temporary folder, read, located and counted as in a run.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::{
    assessment::{self, Assessment},
    count::{
        self,
        definition::Definition,
        example::{Example, PARTIES, TextTable},
    },
    diagnostics::{Problem, Problems, Text, codes},
    locate::{self, Locator, PointIndex},
    model::{Boundaries, Cell, Counts, MeasurePanel, Region, RegionId, RegionTree, SliceKey},
    read,
};

/// The table of an example that its exposure is taken from.
const POPULATION: &str = "population";

/// What an example calls the country around its regions.
const COUNTRY: &str = "all";

/// Runs every example of a catalogue; what does not come out as written is a problem at its row.
pub fn examples(definitions: &[Definition]) -> Problems {
    let mut problems = Problems::default();
    for definition in definitions {
        for example in &definition.examples {
            match run(definition, example) {
                Ok(found) => problems.extend(found),
                Err(found) => {
                    for problem in found.0 {
                        let message =
                            format!("example of `{}`: {problem}", definition.indicator.id);
                        problems
                            .push(Problem::new(&codes::EXAMPLE, message).at(example.place.clone()));
                    }
                }
            }
        }
    }
    problems
}

/// Runs one example: `Err` when it cannot be counted, else the rows that differ.
fn run(definition: &Definition, example: &Example) -> Result<Problems, Problems> {
    let folder = tempfile::tempdir().map_err(|error| {
        Problem::new(&codes::OUTPUT, format!("no temporary folder for examples: {error}"))
    })?;
    let mut regions = distinct(example, "region");
    regions.retain(|region| region != COUNTRY);
    let declared = declare(example);
    for (name, table) in example.tables.iter().filter(|(name, _)| *name != PARTIES) {
        crate::storage::write(&folder.path().join(format!("{name}.csv")), &csv(table))?;
    }
    let assessment = assessment::parse(
        Text::new("example", declared),
        folder.path().to_owned(),
        folder.path().to_owned(),
    )?;
    if !example.tables.contains_key(POPULATION) {
        crate::storage::write(
            &folder.path().join("population.csv"),
            &persons(&regions, &assessment),
        )?;
    }
    let tree = tree(&regions);
    let locator = Locator::new(&tree, &[])?;
    let outlines = vec![None; tree.len()];
    let boundaries = Boundaries { full: outlines.clone(), drawn: outlines };
    let points = PointIndex::new(&tree, &boundaries, tree.deepest());
    let map = locate::Map {
        tree: &tree,
        calendar: &assessment.calendar,
        locator: &locator,
        points: &points,
    };
    let mut located = Vec::new();
    for source_idx in 0..assessment.sources.len() {
        let records = read::read(&assessment, source_idx, folder.path())?;
        let placed = locate::place(&assessment.sources[source_idx], records, &map)
            .map_err(|error| Problem::new(&codes::EXAMPLE, error.to_string()))?;
        located.push(placed);
    }
    let mut indicator = definition.indicator.clone();
    // In an example every table is one source, whatever the sources are called elsewhere.
    for measure in &mut indicator.measures {
        let terms =
            [Some(&mut measure.numerator), measure.denominator.as_mut(), measure.unknown.as_mut()];
        for term in terms.into_iter().flatten() {
            term.source = None;
        }
    }
    let counting = count::count(&assessment, &tree, std::slice::from_ref(&indicator), &located)?;
    Ok(compare(definition, example, &assessment, &tree, &counting.panels))
}

/// One person per region on every date an exposure may be taken from, where an example says nothing of population.
fn persons(regions: &[String], assessment: &Assessment) -> Vec<u8> {
    let mut text = "region,period,persons\n".to_owned();
    for period in &assessment.calendar.base {
        for region in regions {
            writeln!(text, "{region},{},1", period.start.pred_opt().unwrap_or(period.start))
                .expect("invariant: writing to a string");
        }
    }
    text.into_bytes()
}

fn tree(regions: &[String]) -> RegionTree {
    let country =
        Region { id: RegionId::new(COUNTRY), name: COUNTRY.to_owned(), level: 0, parent: None };
    let mut all = vec![country];
    all.extend(regions.iter().map(|id| Region {
        id: RegionId::new(id.clone()),
        name: id.clone(),
        level: 1,
        parent: Some(0),
    }));
    RegionTree::new("example".to_owned(), vec!["country".to_owned(), "region".to_owned()], all)
}

/// The distinct cells of a column over all tables, sorted.
fn distinct(example: &Example, column: &str) -> Vec<String> {
    let mut cells: Vec<String> = example
        .tables
        .values()
        .flat_map(|table| {
            (0..table.rows.len()).filter_map(|row| table.cell(row, column).map(ToOwned::to_owned))
        })
        .filter(|cell| !cell.is_empty())
        .collect();
    cells.sort();
    cells.dedup();
    cells
}

/// An assessment around an example: its years, its ideologies, one source a table.
fn declare(example: &Example) -> String {
    let years: Vec<i32> = example
        .tables
        .iter()
        .filter(|(name, _)| *name != "population")
        .flat_map(|(_, table)| {
            let cells =
                |column| (0..table.rows.len()).filter_map(move |row| table.cell(row, column));
            cells("date").chain(cells("period")).filter_map(|cell| cell.get(..4)?.parse().ok())
        })
        .collect();
    let (from, to) =
        (years.iter().min().copied().unwrap_or(2016), years.iter().max().copied().unwrap_or(2016));
    let mut ideologies = distinct(example, "ideology");
    if ideologies.is_empty() {
        ideologies.push("any".to_owned());
    }
    let ideologies: Vec<String> = ideologies.iter().map(|id| format!("{id:?}")).collect();
    let ideologies = ideologies.join(", ");
    let mut text = format!(
        "[assessment]\ntitle = \"example\"\ngeo_version = \"example\"\ncountry = {{ id = \"all\", name = \"all\" }}\n\
         levels = [\"country\", \"region\"]\nperiods = {{ every = \"year\", from = {from}, to = {to} }}\n\
         ideologies = [{ideologies}]\ntest_levels = [\"region\"]\nprimary = []\nduplicates = \"keep\"\nseed = 1\n\
         [regions]\nregion = {{ path = \"none.geojson\", id = \"id\", name = \"id\" }}\n\
         weights = {{ kind = \"queen\", from = \"region\" }}\n"
    );
    text.push_str("[population]\nsource = \"population\"\nreference = \"start\"\n");
    if !example.tables.contains_key(POPULATION) {
        text.push_str(
            "[[source]]\nid = \"population\"\ntable = \"population\"\npath = \"population.csv\"\n\
             columns = { region = \"region\", period = \"period\", persons = \"persons\" }\n",
        );
    }
    for (name, table) in &example.tables {
        if name == PARTIES {
            for row in 0..table.rows.len() {
                let cell = |column| table.cell(row, column).unwrap_or("");
                write!(
                    text,
                    "[[party]]\nid = {:?}\nideology = {:?}\nauthority = \"example\"\n",
                    cell("party"),
                    cell("ideology")
                )
                .expect("invariant: writing to a string");
            }
            continue;
        }
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| match (name.as_str(), column.as_str()) {
                ("events", "kind") => "kind = { column = \"kind\", split = \" & \" }".to_owned(),
                (_, column) => format!("{column} = {column:?}"),
            })
            .collect();
        write!(
            text,
            "[[source]]\nid = {name:?}\ntable = {name:?}\npath = \"{name}.csv\"\ndelimiter = \",\"\ncolumns = {{ {} }}\n",
            columns.join(", ")
        )
        .expect("invariant: writing to a string");
    }
    text
}

fn csv(table: &TextTable) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = std::iter::once(&table.columns)
        .chain(&table.rows)
        .try_for_each(|row| writer.write_record(row));
    written.expect("invariant: writing to memory");
    writer.into_inner().expect("invariant: writing to memory")
}

/// Compares every expected row with what was counted.
fn compare(
    definition: &Definition,
    example: &Example,
    assessment: &Assessment,
    tree: &RegionTree,
    panels: &[MeasurePanel<Cell<Counts>>],
) -> Problems {
    let mut problems = Problems::default();
    for row in 0..example.expect.rows.len() {
        let cell = |column: &str| example.expect.cell(row, column).unwrap_or("");
        let counted = look_up(definition, &cell, assessment, tree, panels);
        let found = shown(counted);
        for (column, value) in &found {
            let expected = cell(column);
            let is_same = match expected {
                "" => true,
                "-" => value.is_none(),
                text => value.as_deref() == Some(text),
            };
            if !is_same {
                let got = value.as_deref().unwrap_or("no value");
                problems.push(
                    Problem::new(
                        &codes::EXAMPLE,
                        format!(
                            "example of `{}`: `{column}` of {} in {} {} is {got}, expected {expected}",
                            definition.indicator.id,
                            cell("measure"),
                            cell("region"),
                            cell("period"),
                        ),
                    )
                    .at(example.expect.places[row].clone())
                    .help("correct the definition, or the expectation if the definition is right"),
                );
            }
        }
    }
    problems
}

fn look_up<'c>(
    definition: &Definition,
    cell: &dyn Fn(&str) -> &'c str,
    assessment: &Assessment,
    tree: &RegionTree,
    panels: &'c [MeasurePanel<Cell<Counts>>],
) -> Option<&'c Counts> {
    let measures = &definition.indicator.measures;
    let measure = measures.iter().position(|measure| measure.id.as_str() == cell("measure"))?;
    let panel = panels.iter().find(|panel| panel.key.measure == measure)?;
    let region = (0..=1).find_map(|level| tree.find(level, &RegionId::new(cell("region"))))?;
    let calendar = &assessment.calendar;
    let period =
        (0..calendar.n_periods()).find(|&at| calendar.period(at).label == cell("period"))?;
    let slot = |name: &str, known: &[&str]| match name {
        "" | "total" => Some(0),
        name => known.iter().position(|id| *id == name).map(|at| at + 1),
    };
    let ideologies: Vec<&str> = assessment.ideologies.iter().map(|(id, _)| id.as_str()).collect();
    let parts: Vec<&str> = panel.parts.iter().map(String::as_str).collect();
    let ideology = slot(cell("ideology"), &ideologies)?;
    let breakdown = slot(cell("part"), &parts)?;
    panel.panel.get(SliceKey { ideology, breakdown }, region, period)?.value()
}

/// The comparable columns of a cell, in the form examples are written in.
fn shown(counts: Option<&Counts>) -> BTreeMap<&'static str, Option<String>> {
    let sizes = counts.and_then(|counts| counts.sizes.as_ref());
    let list = |sizes: &crate::model::Sizes| {
        sizes.mid.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    BTreeMap::from([
        ("numerator", counts.map(|counts| counts.numerator.to_string())),
        (
            "denominator",
            counts.and_then(|counts| counts.denominator).map(|value| value.to_string()),
        ),
        ("unknown", counts.and_then(|counts| counts.unknown).map(|value| value.to_string())),
        ("exposure", counts.and_then(|counts| counts.exposure).map(|value| value.to_string())),
        ("events", sizes.map(|sizes| sizes.n_events.to_string())),
        ("low", sizes.map(|sizes| sizes.low.to_string())),
        ("high", sizes.map(|sizes| sizes.high.to_string())),
        ("sizes", sizes.map(|sizes| list(sizes))),
    ])
}
