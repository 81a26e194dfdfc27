//! Standard errors from replicate weights against R survey.

use saet::statistics::survey::{
    design::{Design, Policy, Stage},
    estimate::{Domains, Estimate, Statistic},
    replicates::{Centre, Replicates, balanced, jackknife, supplied, variance},
};
use serde_json::Value;

use super::{
    super::{assert_close, floats, golden, list},
    CLOSE, Schools, agrees,
};

fn one(design: &Design, replicates: &Replicates, statistic: Statistic<'_>) -> Estimate {
    variance::estimate(design, replicates, statistic, &Domains::Whole)[0].unwrap()
}

/// Means, a total, a ratio and domains; the number of comparisons.
fn compare(
    schools: &Schools,
    design: &Design,
    replicates: &Replicates,
    theirs: &Value,
    what: &str,
) -> usize {
    let (api, enrolled, students) =
        (schools.values("api00"), schools.values("enroll"), schools.values("api.stu"));
    for (at, values) in [&api, &enrolled].into_iter().enumerate() {
        agrees(&one(design, replicates, Statistic::Mean(values)), &theirs["mean"], at, what);
    }
    agrees(&one(design, replicates, Statistic::Total(&enrolled)), &theirs["total"], 0, what);
    let ratio = Statistic::Ratio { numerator: &students, denominator: &enrolled };
    let ratio = one(design, replicates, ratio);
    assert_close(ratio.value, theirs["ratio"]["est"].as_f64().unwrap(), CLOSE, what);
    assert_close(ratio.se.unwrap(), theirs["ratio"]["se"].as_f64().unwrap(), CLOSE, what);
    let (codes, _) = schools.codes("stype");
    let domains = Domains::By { codes: &codes, n: 3 };
    let by = variance::estimate(design, replicates, Statistic::Mean(&api), &domains);
    for (at, ours) in by.iter().enumerate() {
        agrees(&ours.unwrap(), &theirs["by_stype"], at, what);
    }
    assert_eq!(replicates.count() as u64, theirs["n_rep"].as_u64().unwrap(), "{what}");
    7
}

#[test]
fn jackknives_agree_with_r() {
    let Some(golden) = golden("survey.R.json") else { return };
    let mut n_compared = 0;
    let clusters = Schools::read("apiclus1.csv").unwrap();
    let strata = Schools::read("apistrat.csv").unwrap();
    for (name, schools, stratum, cluster, population) in [
        ("clus1_JK1", &clusters, None, Some("dnum"), Some("fpc")),
        ("clus1_nofpc_JK1", &clusters, None, Some("dnum"), None),
        ("strat_JKn", &strata, Some("stype"), None, Some("fpc")),
    ] {
        let design = schools.design(stratum, cluster, "pw", population, Policy::default()).unwrap();
        let mut replicates = if stratum.is_some() {
            jackknife::jkn(&design).unwrap()
        } else {
            jackknife::jk1(&design).unwrap()
        };
        for (suffix, centre) in [("", Centre::Mean), ("_mse", Centre::Estimate)] {
            replicates.centre = centre;
            let name = format!("{name}{suffix}");
            let theirs = &golden["replicate"][&name];
            n_compared += compare(schools, &design, &replicates, theirs, &name);
        }
    }
    assert_eq!(n_compared, 42);
}

#[test]
fn published_bootstrap_weights_agree_with_r() {
    let Some(golden) = golden("survey.R.json") else { return };
    let schools = Schools::read("api_clus1_bootweights.csv").unwrap();
    let design = Design::new(&schools.numbers("w"), &[], Policy::default()).unwrap();
    let weights: Vec<Vec<f64>> =
        (1..=40).map(|at| schools.numbers(&format!("rw{at:02}"))).collect();
    for (suffix, centre) in [("", Centre::Mean), ("_mse", Centre::Estimate)] {
        let theirs = &golden["replicate"][format!("clus1_bootstrap_from_csv{suffix}")];
        let scale = theirs["scale"].as_f64().unwrap();
        let scales = list(&theirs["rscales"]);
        let replicates =
            supplied::new(&design, weights.clone(), scale, scales, centre, 39).unwrap();
        assert_eq!(compare(&schools, &design, &replicates, theirs, suffix), 7);
    }
}

#[test]
fn half_samples_agree_with_r() {
    let Some(golden) = golden("survey.R.json") else { return };
    let hospitals = Schools::read("scd_brr.csv").unwrap();
    let (alive, arrests) = (hospitals.values("alive"), hospitals.values("arrests"));
    let unweighted = vec![1.0; alive.len()];
    let design = Design::new(&unweighted, &[], Policy::default()).unwrap();
    let halves: Vec<Vec<f64>> =
        (1..=4).map(|at| floats(&hospitals.0[&format!("brr{at}")])).collect();
    let strata = hospitals.codes("ESA").0;
    let stage = Stage { strata: Some(&strata), ..Stage::default() };
    let paired = Design::new(&unweighted, &[stage], Policy::default()).unwrap();
    for (name, rho) in [("scd_BRR", 0.0), ("scd_Fay_0.3", 0.3)] {
        let theirs = &golden["replicate"][name];
        let gentler = |weight: &f64| weight / 2.0 * (2.0 - 2.0 * rho) + rho;
        let weights = halves.iter().map(|half| half.iter().map(gentler).collect()).collect();
        let scale = 1.0 / (4.0 * (1.0 - rho) * (1.0 - rho));
        let theirs_weights =
            supplied::new(&design, weights, scale, vec![1.0; 4], Centre::Mean, 3).unwrap();
        let ratio = Statistic::Ratio { numerator: &alive, denominator: &arrests };
        let found = one(&design, &theirs_weights, ratio);
        assert_close(found.value, theirs["ratio"]["est"].as_f64().unwrap(), CLOSE, name);
        assert_close(found.se.unwrap(), theirs["ratio"]["se"].as_f64().unwrap(), CLOSE, name);
        agrees(&one(&design, &theirs_weights, Statistic::Total(&alive)), &theirs["total"], 0, name);
        // Our own half-samples are other ones; for totals every balanced set gives the same.
        let ours = balanced::fay(&paired, rho).unwrap();
        agrees(&one(&paired, &ours, Statistic::Total(&alive)), &theirs["total"], 0, name);
        if theirs["mean"].is_object() {
            let mean = one(&design, &theirs_weights, Statistic::Mean(&alive));
            agrees(&mean, &theirs["mean"], 0, name);
        }
    }
}
