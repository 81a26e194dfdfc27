//! Monte Carlo p-values against exact tails where there are any, and against the peers' draws.
//!
//! A bound holds for nearly all comparisons, not for every one: 4·√(p(1 − p)(1/R + 1/R')) + 1/(R + 1) for at least 99 % of
//! regions. esda's one-sided p is folded; `GeoDa`'s sampler draws the first and the last region half as often as the
//! others, spdep's with replacement, so theirs are not targets.

use saet::{
    model::Weights,
    statistics::{
        numerics::{
            permutation::Tally,
            pvalue::{Alternative, p_value},
            random::Key,
        },
        spatial::{
            Coding, Convention, Islands, geary, getis_ord, join_count, local, local_geary,
            local_join_count, moran,
            sequential::{Dropping, Outcome, Plan},
        },
    },
};

use super::{
    areal::{Case, cases},
    golden, list,
};

const DRAWS: u64 = 20_000;

fn full(n_draws: u64) -> Plan {
    Plan { n_draws, refine: 1, dropping: Dropping::Off, ..Plan::reaching(2, 0.05) }
}

#[allow(clippy::cast_precision_loss, reason = "draws are far below 2^52")]
fn is_close(ours: f64, theirs: f64, our_draws: u64, their_draws: f64) -> bool {
    let spread = (theirs * (1.0 - theirs) * (1.0 / our_draws as f64 + 1.0 / their_draws)).sqrt();
    (ours - theirs).abs() <= 4.0 * spread + 1.0 / ((our_draws as f64).min(their_draws) + 1.0)
}

/// How many comparisons there were, and which failed.
#[derive(Default)]
struct Score {
    n: usize,
    missed: Vec<String>,
}

impl Score {
    fn add(&mut self, is_close: bool, what: impl FnOnce() -> String) {
        self.n += 1;
        if !is_close {
            self.missed.push(what());
        }
    }

    #[track_caller]
    fn check(&self, at_least: usize) {
        assert!(self.n >= at_least, "only {} compared", self.n);
        assert!(
            self.missed.len() * 100 <= self.n,
            "{} of {}: {:?}",
            self.missed.len(),
            self.n,
            self.missed
        );
    }
}

fn share(count: u64, n_draws: u64) -> f64 {
    let tally = Tally { n_greater: count, n_less: count };
    p_value(Alternative::Greater, tally, n_draws)
}

#[test]
fn neighbour_sums_have_the_exact_tails() {
    let Some(cases) = cases("spatial.reference.json", "continuous") else { return };
    let mut score = Score::default();
    for Case { name, values, weights, theirs } in &cases {
        let tails = &theirs["tails"];
        let [greater, less, draws] = ["p_ge", "p_le", "draws"].map(|key| list(&tails[key]));
        let exact = tails["exact"].as_array().unwrap();
        let outcomes = local::permute(values, weights, &full(DRAWS), Key::named(1, name));
        for (at, outcome) in outcomes.iter().enumerate() {
            let Some(Outcome { tally, .. }) = outcome else { continue };
            let their_draws = if exact[at].as_bool().unwrap() { f64::MAX } else { draws[at] };
            for (count, tail) in [(tally.n_greater, greater[at]), (tally.n_less, less[at])] {
                let ours = share(count, DRAWS);
                score.add(is_close(ours, tail, DRAWS, their_draws), || {
                    format!("{name} {at} {ours} {tail}")
                });
            }
        }
    }
    score.check(1_000);
}

#[test]
fn local_moran_and_geary_agree_with_esda_folded() {
    let Some(cases) = cases("spatial.esda.json", "continuous") else { return };
    let (mut moran, mut geary) = (Score::default(), Score::default());
    for Case { name, values, weights, theirs } in &cases {
        // Not `p_sim`, whose lower tail leaves ties out, but esda's draws counted with ties in both tails.
        let [greater, less] = ["n_ge", "n_le"].map(|key| list(&theirs["local"]["moran_r"][key]));
        let outcomes = local::permute(values, weights, &full(DRAWS), Key::named(2, name));
        for (at, outcome) in outcomes.iter().enumerate() {
            let Some(Outcome { tally, .. }) = outcome else { continue };
            let ours = share(tally.smaller(), DRAWS);
            let p = (greater[at].min(less[at]) + 1.0) / 100_000.0;
            moran.add(is_close(ours, p, DRAWS, 99_999.0), || format!("{name} {at} {ours} {p}"));
        }
        let theirs = &theirs["local"]["geary_r"];
        if !theirs.is_object() {
            continue;
        }
        let p = list(&theirs["p_sim"]);
        let outcomes = local_geary::permute(values, weights, &full(DRAWS), Key::named(3, name));
        for (at, outcome) in outcomes.iter().enumerate() {
            let ours = share(outcome.unwrap().tally.smaller(), DRAWS);
            geary.add(is_close(ours.min(0.5), p[at], DRAWS, 9_999.0), || {
                format!("{name} {at} {ours} {}", p[at])
            });
        }
    }
    moran.check(500);
    geary.check(400);
}

#[test]
fn global_statistics_agree_with_draws_of_spdep_and_esda() {
    let (Some(r), Some(esda)) =
        (cases("spatial.spdep.json", "continuous"), golden("spatial.esda.json"))
    else {
        return;
    };
    let mut score = Score::default();
    for Case { name, values, weights, theirs } in &r {
        let esda = &esda["continuous"][name]["global"];
        for (coding, letter) in [(Coding::RowStandardised, "r"), (Coding::AsGiven, "b")] {
            let convention = Convention { coding, islands: Islands::Counted };
            let key = Key::named(4, name);
            let i = moran::draws(values, weights, convention, DRAWS, key).unwrap();
            let c = geary::draws(values, weights, convention, DRAWS, key).unwrap();
            let global = &theirs["global"];
            let greater = &global[format!("moran_mc_{letter}")]["p_greater"];
            let alike = &global[format!("geary_mc_{letter}")]["p_greater_autocorrelation"];
            let folded = [
                &esda[format!("moran_{letter}")]["p_sim"],
                &esda[format!("geary_{letter}")]["p_sim"],
            ];
            for (count, p) in [
                (i.n_greater, greater),
                (c.n_less, alike),
                (i.smaller(), folded[0]),
                (c.smaller(), folded[1]),
            ] {
                let (ours, p) = (share(count, DRAWS), p.as_f64().unwrap());
                score.add(is_close(ours, p, DRAWS, 99_999.0), || {
                    format!("{name} {letter} {ours} {p}")
                });
            }
        }
        let g = getis_ord::draws(values, weights, DRAWS, Key::named(5, name)).unwrap();
        let (ours, p) =
            (share(g.smaller(), DRAWS), esda["getis_ord_G_b"]["p_sim"].as_f64().unwrap());
        score.add(is_close(ours, p, DRAWS, 99_999.0), || format!("{name} G {ours} {p}"));
    }
    score.check(70);
}

#[test]
fn join_counts_have_the_exact_tails_and_the_peers() {
    let (Some(r), Some(esda), Some(reference)) = (
        cases("spatial.spdep.json", "binary"),
        golden("spatial.esda.json"),
        golden("spatial.reference.json"),
    ) else {
        return;
    };
    let mut score = Score::default();
    for Case { name, values, weights, theirs } in &r {
        let has: Vec<bool> = values.iter().map(|&value| value > 0.5).collect();
        let key = Key::named(6, name);
        let tally = join_count::draws(&has, weights, DRAWS, key).unwrap();
        // spdep counts half of the ties.
        let strictly = DRAWS - tally.n_less;
        let (ours, p) = (
            f64::midpoint(share(tally.n_greater, DRAWS), share(strictly, DRAWS)),
            theirs["mc"]["BB_1"]["p_greater"].as_f64().unwrap(),
        );
        assert!(is_close(ours, p, DRAWS, 99_999.0), "{name} {ours} {p}");
        // esda links every island to itself, which is another count.
        if weights.islands().is_empty() {
            let p = esda["binary"][name]["p_sim_bb"].as_f64().unwrap();
            let ours = share(tally.n_greater, DRAWS);
            assert!(is_close(ours, p, DRAWS, 99_999.0), "{name} {ours} {p}");
        }
        let exact = list(&reference["binary"][name]["p_exact_greater"]);
        let plan = Plan { alternative: Alternative::Greater, ..full(DRAWS) };
        for (at, outcome) in local_join_count::permute(&has, weights, &plan, key).iter().enumerate()
        {
            let Some(outcome) = outcome else { continue };
            let ours = share(outcome.tally.n_greater, DRAWS);
            score.add(is_close(ours, exact[at], DRAWS, f64::MAX), || {
                format!("{name} {at} {ours} {}", exact[at])
            });
            assert!((outcome.p - ours).abs() < 1e-15, "one-sided: {outcome:?}");
        }
    }
    score.check(50);
}

#[test]
fn crowded_neighbourhoods_are_drawn_as_well() {
    // All others but one are neighbours: the sum is the total less one value, each as likely.
    let values: Vec<f64> = (0..12).map(f64::from).collect();
    let weights = Weights::binary(
        (0..12).map(|at| (0..12).filter(|&j| j != at && j != (at + 1) % 12).collect()).collect(),
    );
    let outcomes = local::permute(&values, &weights, &full(DRAWS), Key::new(8, 8));
    for (at, outcome) in outcomes.iter().enumerate() {
        let left_out = (at + 1) % 12;
        // The sum is at least as large when the value left out is at most as large.
        let n_at_most = (0..=left_out).filter(|&other| other != at).count();
        #[allow(clippy::cast_precision_loss, reason = "at most 12")]
        let exact = n_at_most as f64 / 11.0;
        let ours = share(outcome.unwrap().tally.n_greater, DRAWS);
        assert!(is_close(ours, exact, DRAWS, f64::MAX), "{at}: {ours} {exact}");
    }
}
