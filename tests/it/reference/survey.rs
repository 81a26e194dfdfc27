//! Surveys against R survey and samplics on the Californian school data.

mod adjusted;
mod replicates;

use std::collections::BTreeMap;

use saet::statistics::{
    interval::Confidence,
    survey::{
        design::{Design, LonelyPsu, Policy, Stage},
        estimate::{Domains, Estimate, Statistic},
        taylor,
    },
};
use serde_json::Value;

use super::{assert_close, floats, golden, list, shared, table};

/// Both sides use the same closed forms; R's numbers carry 15 digits.
const CLOSE: f64 = 1e-10;

/// A file of the school data.
struct Schools(BTreeMap<String, Vec<String>>);

impl Schools {
    fn read(file: &str) -> Option<Self> {
        Some(Self(table(&shared()?.join("oracle/inputs").join(file))))
    }

    fn numbers(&self, column: &str) -> Vec<f64> {
        floats(&self.0[column])
    }

    /// A number that may be missing.
    fn values(&self, column: &str) -> Vec<Option<f64>> {
        self.0[column].iter().map(|cell| cell.parse().ok()).collect()
    }

    /// Codes in alphabetical order, with the names.
    fn codes(&self, column: &str) -> (Vec<u32>, Vec<String>) {
        let cells = &self.0[column];
        let mut names = cells.clone();
        names.sort();
        names.dedup();
        let code = |cell: &String| u32::try_from(names.binary_search(cell).unwrap()).unwrap();
        (cells.iter().map(code).collect(), names)
    }

    fn is(&self, column: &str, name: &str) -> Vec<Option<bool>> {
        self.0[column].iter().map(|cell| Some(cell == name)).collect()
    }

    /// A one-stage design from column names.
    fn design(
        &self,
        strata: Option<&str>,
        clusters: Option<&str>,
        weights: &str,
        population: Option<&str>,
        policy: Policy,
    ) -> Result<Design, Vec<saet::statistics::survey::design::Problem>> {
        let strata = strata.map(|column| self.codes(column).0);
        let clusters = clusters.map(|column| self.codes(column).0);
        let population = population.map(|column| self.numbers(column));
        let stage = Stage {
            strata: strata.as_deref(),
            clusters: clusters.as_deref(),
            population: population.as_deref(),
        };
        Design::new(&self.numbers(weights), &[stage], policy)
    }
}

/// The eight designs of the goldens.
fn designs() -> Option<Vec<(&'static str, Schools, Design)>> {
    let mut all = Vec::new();
    for (name, file, strata, clusters, population) in [
        ("srs", "apisrs.csv", None, None, Some("fpc")),
        ("srs_nofpc", "apisrs.csv", None, None, None),
        ("strat", "apistrat.csv", Some("stype"), None, Some("fpc")),
        ("strat_nofpc", "apistrat.csv", Some("stype"), None, None),
        ("clus1", "apiclus1.csv", None, Some("dnum"), Some("fpc")),
        ("clus1_nofpc", "apiclus1.csv", None, Some("dnum"), None),
        ("clus2_firststage_wr", "apiclus2.csv", None, Some("dnum"), None),
    ] {
        let schools = Schools::read(file)?;
        let design = schools.design(strata, clusters, "pw", population, Policy::default());
        all.push((name, schools, design.unwrap()));
    }
    let schools = Schools::read("apiclus2.csv")?;
    let (first, second) = (schools.codes("dnum").0, schools.codes("snum").0);
    let (fpc1, fpc2) = (schools.numbers("fpc1"), schools.numbers("fpc2"));
    let stage = |clusters, population| Stage { strata: None, clusters, population };
    let stages =
        [stage(Some(&first[..]), Some(&fpc1[..])), stage(Some(&second[..]), Some(&fpc2[..]))];
    // R's weights come from the population sizes of both stages.
    let design = Design::new(&two_stage_weights(&first, &fpc1, &fpc2), &stages, Policy::default());
    all.push(("clus2_twostage", schools, design.unwrap()));
    Some(all)
}

fn two_stage_weights(first: &[u32], fpc1: &[f64], fpc2: &[f64]) -> Vec<f64> {
    let mut sizes: BTreeMap<u32, f64> = BTreeMap::new();
    for psu in first {
        *sizes.entry(*psu).or_default() += 1.0;
    }
    let n_psu = f64::from(u32::try_from(sizes.len()).unwrap());
    (0..first.len()).map(|at| fpc1[at] / n_psu * (fpc2[at] / sizes[&first[at]])).collect()
}

/// Rows on which every column is known, as R's `na.rm` leaves them.
fn jointly(columns: &[Vec<Option<f64>>]) -> Vec<Vec<Option<f64>>> {
    let known = |row: usize| columns.iter().all(|column| column[row].is_some());
    let only = |column: &Vec<Option<f64>>| {
        (0..column.len()).map(|row| column[row].filter(|_| known(row))).collect()
    };
    columns.iter().map(only).collect()
}

fn one(design: &Design, statistic: Statistic<'_>) -> Estimate {
    taylor::estimate(design, statistic, &Domains::Whole)[0].unwrap()
}

#[track_caller]
fn agrees(ours: &Estimate, theirs: &Value, at: usize, what: &str) {
    assert_close(ours.value, list(&theirs["est"])[at], CLOSE, what);
    assert_se(ours, list(&theirs["se"])[at], what);
}

/// A mean within a single unit has no standard error here; R's is what rounding leaves of 0.
#[track_caller]
fn assert_se(ours: &Estimate, theirs: f64, what: &str) {
    let Some(se) = ours.se else {
        assert!(theirs < 1e-13 * ours.value.abs(), "{what}: none, {theirs}");
        return;
    };
    assert_close(se, theirs, CLOSE, what);
}

#[test]
fn means_totals_and_ratios_of_eight_designs_agree_with_r() {
    let (Some(golden), Some(designs)) = (golden("survey.R.json"), designs()) else { return };
    let mut n_compared = 0;
    for (name, schools, design) in &designs {
        let theirs = &golden["designs"][name];
        let numbers = |columns: &[&str]| -> Vec<Vec<Option<f64>>> {
            jointly(&columns.iter().map(|column| schools.values(column)).collect::<Vec<_>>())
        };
        for (at, values) in numbers(&["api00", "enroll", "meals"]).iter().enumerate() {
            let ours = one(design, Statistic::Mean(values));
            agrees(&ours, &theirs["mean"], at, &format!("{name} mean {at}"));
            let interval = ours.normal_interval(Confidence::P95).unwrap();
            let normal = list(&theirs["mean"]["ci95_normal"][at]);
            assert_close(interval.0, normal[0], CLOSE, name);
            assert_close(interval.1, normal[1], CLOSE, name);
            n_compared += 1;
        }
        let pair = numbers(&["enroll", "api.stu"]);
        for (at, values) in pair.iter().enumerate() {
            agrees(&one(design, Statistic::Total(values)), &theirs["total"], at, name);
        }
        let ratio = one(design, Statistic::Ratio { numerator: &pair[1], denominator: &pair[0] });
        let in_r = &theirs["ratio_apistu_enroll"];
        assert_close(ratio.value, in_r["est"].as_f64().unwrap(), CLOSE, name);
        assert_close(ratio.se.unwrap(), in_r["se"].as_f64().unwrap(), CLOSE, name);
        for (at, level) in ["E", "H", "M"].into_iter().enumerate() {
            let share = one(design, Statistic::Proportion(&schools.is("stype", level)));
            agrees(&share, &theirs["prop_stype"], at, &format!("{name} share of {level}"));
        }
        let ours = one(design, Statistic::Mean(&schools.values("api00")));
        let whole = |key: &str| theirs[key].as_f64().unwrap();
        assert_close(f64::from(ours.df), whole("degf"), 0.0, name);
        assert_close(f64::from(ours.n), whole("n"), 0.0, name);
        assert_close(ours.weight, whole("sum_w"), CLOSE, name);
        assert_close(ours.deff_without_replacement.unwrap(), whole("deff_mean_api00"), CLOSE, name);
        assert_close(ours.deff.unwrap(), whole("deff_replace_mean_api00"), CLOSE, name);
        let t = ours.interval(Confidence::P95).unwrap();
        let in_r = list(&theirs["ci_t_api00"]);
        assert_close(t.0, in_r[0], CLOSE, name);
        assert_close(t.1, in_r[1], CLOSE, name);
        n_compared += 6;
    }
    assert_eq!(n_compared, 8 * 9);
}

#[test]
fn every_domain_agrees_with_r() {
    let (Some(golden), Some(designs)) = (golden("survey.R.json"), designs()) else { return };
    let mut n_compared = 0;
    for (name, schools, design) in &designs {
        let theirs = &golden["designs"][name];
        for (by, column) in [("stype", "stype"), ("county", "cname")] {
            let (codes, names) = schools.codes(column);
            let domains = Domains::By { codes: &codes, n: u32::try_from(names.len()).unwrap() };
            let pair = jointly(&[schools.values("api.stu"), schools.values("enroll")]);
            let ratio = Statistic::Ratio { numerator: &pair[0], denominator: &pair[1] };
            let (api, enrolled) = (schools.values("api00"), schools.values("enroll"));
            for (key, statistic) in [
                ("mean_api00", Statistic::Mean(&api)),
                ("total_enroll", Statistic::Total(&enrolled)),
                ("ratio", ratio),
            ] {
                let theirs = &theirs[format!("by_{by}_{key}")];
                if theirs.is_null() {
                    assert_eq!((by, key), ("county", "ratio"), "a golden that is missing");
                    continue;
                }
                let groups: Vec<&str> = theirs["group"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|v| v.as_str().unwrap())
                    .collect();
                assert_eq!(groups, names, "{name} {by}");
                let ours = taylor::estimate(design, statistic, &domains);
                for (at, ours) in ours.iter().enumerate() {
                    let what = format!("{name} {key} {}", groups[at]);
                    match ours {
                        Ok(ours) => agrees(ours, theirs, at, &what),
                        // A county whose schools all have no number of pupils: R's sum of nothing is 0.
                        Err(_) => assert_eq!(list(&theirs["est"])[at], 0.0, "{what}"),
                    }
                    n_compared += 1;
                }
            }
        }
    }
    assert!(n_compared > 400, "only {n_compared} compared");
}

#[test]
fn a_second_peer_agrees() {
    let Some(golden) = golden("survey.samplics.json") else { return };
    let mut n_compared = 0;
    for (name, schools, design) in &designs().unwrap() {
        let theirs = |key: &str| &golden["estimates"][format!("{name}.{key}")];
        if theirs("mean_api00").is_null() {
            continue;
        }
        let (api, students, enrolled) =
            (schools.values("api00"), schools.values("api.stu"), schools.values("enroll"));
        for (key, statistic) in [
            ("mean_api00", Statistic::Mean(&api)),
            ("total_enroll", Statistic::Total(&enrolled)),
            ("ratio", Statistic::Ratio { numerator: &students, denominator: &enrolled }),
        ] {
            let (ours, theirs) = (one(design, statistic), theirs(key));
            let number = |key: &str| theirs[key].as_f64().unwrap();
            let interval = ours.interval(Confidence::P95).unwrap();
            for (ours, theirs) in [
                (ours.value, number("est")),
                (ours.se.unwrap(), number("se")),
                (interval.0, number("lci")),
                (interval.1, number("uci")),
                (f64::from(ours.df), number("degree_of_freedom")),
            ] {
                assert_close(ours, theirs, CLOSE, name);
                n_compared += 1;
            }
        }
        let (codes, names) = schools.codes("stype");
        let by =
            taylor::estimate(design, Statistic::Mean(&api), &Domains::By { codes: &codes, n: 3 });
        for (ours, level) in by.iter().zip(&names) {
            let (ours, theirs) = (ours.unwrap(), theirs("mean_api00_by_stype"));
            assert_close(ours.value, theirs["est"][level].as_f64().unwrap(), CLOSE, name);
            assert_close(ours.se.unwrap(), theirs["se"][level].as_f64().unwrap(), CLOSE, name);
            n_compared += 2;
        }
    }
    assert_eq!(n_compared, 3 * 21);
}

#[test]
fn lonely_units_are_treated_as_in_r() {
    let Some(golden) = golden("survey.R.json") else { return };
    let schools = Schools::read("api_lonely.csv").unwrap();
    let policies = [
        ("remove", LonelyPsu::Remove),
        ("certainty", LonelyPsu::Certainty),
        ("adjust", LonelyPsu::Adjust),
        ("average", LonelyPsu::Average),
    ];
    let design = |population, lonely| {
        let policy = Policy { lonely, in_domains: false };
        schools.design(Some("stype"), None, "w", population, policy)
    };
    let mut n_compared = 0;
    for (suffix, population) in [("", None), ("_fpc", Some("fpc"))] {
        assert!(golden["lonely_psu"][format!("fail{suffix}")]["error"].is_string());
        assert_eq!(design(population, LonelyPsu::Error).unwrap_err().len(), 1);
        for (name, lonely) in policies {
            let design = design(population, lonely).unwrap();
            let theirs = &golden["lonely_psu"][format!("{name}{suffix}")];
            let (students, enrolled) = (schools.values("api.stu"), schools.values("enroll"));
            let mean = one(&design, Statistic::Mean(&schools.values("api00")));
            agrees(&mean, &theirs["mean"], 0, name);
            agrees(&one(&design, Statistic::Total(&enrolled)), &theirs["total"], 0, name);
            let ratio = Statistic::Ratio { numerator: &students, denominator: &enrolled };
            let se = theirs["ratio_se"].as_f64().unwrap();
            assert_close(one(&design, ratio).se.unwrap(), se, CLOSE, name);
            n_compared += 3;
        }
    }
    assert_eq!(n_compared, 24);
}

#[test]
fn strata_a_domain_meets_with_one_unit_are_treated_as_in_r() {
    let Some(golden) = golden("survey.R.json") else { return };
    let schools = Schools::read("apistrat.csv").unwrap();
    let (types, numbers) = (&schools.0["stype"], &schools.0["snum"]);
    let first = types.iter().position(|level| level == "H").unwrap();
    let codes: Vec<u32> = (0..types.len())
        .map(|row| u32::from(types[row] == "H" && numbers[row] != numbers[first]))
        .collect();
    for in_domains in [false, true] {
        for (name, lonely) in [("adjust", LonelyPsu::Adjust), ("average", LonelyPsu::Average)] {
            let flag = if in_domains { "TRUE" } else { "FALSE" };
            let key = format!("adjust.domain.lonely={flag},{name}");
            let policy = Policy { lonely, in_domains };
            let design = schools.design(Some("stype"), None, "pw", None, policy).unwrap();
            let api = schools.values("api00");
            let domains = Domains::By { codes: &codes, n: 1 };
            let ours = taylor::estimate(&design, Statistic::Mean(&api), &domains)[0].unwrap();
            agrees(&ours, &golden["lonely_domain"][&key], 0, &key);
        }
    }
}
