//! Laws of survey estimates.

use proptest::prelude::*;
use saet::statistics::{
    interval::{
        Confidence,
        korn_graubard::{self, EffectiveSize},
    },
    numerics::random::Key,
    survey::{
        calibration::{benchmark::Benchmark, linear, raking},
        design::{Design, LonelyPsu, Policy, Stage},
        estimate::{Domains, Estimate, Statistic, Undefined},
        presentation,
        proportion_interval::{self, Method},
        quantile,
        replicates::{Centre, balanced, bootstrap, jackknife, variance},
        taylor,
    },
};

use super::LEVELS;

/// A stratified sample of clusters with two numbers, a property and a domain per row.
#[derive(Debug, Clone)]
struct Sample {
    strata: Vec<u32>,
    psu: Vec<u32>,
    weights: Vec<f64>,
    population: Vec<f64>,
    y: Vec<Option<f64>>,
    x: Vec<Option<f64>>,
    holds: Vec<Option<bool>>,
    codes: Vec<u32>,
}

const N_DOMAINS: u32 = 4;

impl Sample {
    /// `sizes`: rows of each unit of each stratum.
    fn new(sizes: &[Vec<usize>], seed: u64) -> Self {
        let mut stream = Key::new(seed, 1).stream(0, 0);
        let mut made = Self {
            strata: Vec::new(),
            psu: Vec::new(),
            weights: Vec::new(),
            population: Vec::new(),
            y: Vec::new(),
            x: Vec::new(),
            holds: Vec::new(),
            codes: Vec::new(),
        };
        for (stratum, units) in (0..).zip(sizes) {
            let population = units.len() as f64 * (1.0 + 9.0 * stream.unit());
            for (unit, &rows) in (0..).zip(units) {
                let level = stream.normal();
                for _ in 0..rows {
                    made.strata.push(stratum);
                    made.psu.push(unit);
                    made.weights.push(0.5 + 20.0 * stream.unit());
                    made.population.push(population);
                    let y = 10.0 + 3.0 * level + stream.normal();
                    made.y.push((stream.unit() > 0.1).then_some(y));
                    made.x.push(Some(5.0 + stream.unit()));
                    made.holds.push(Some(stream.unit() < 0.4));
                    made.codes.push(stream.below(N_DOMAINS + 1));
                }
            }
        }
        made
    }

    fn design(&self, with_population: bool) -> Design {
        let population = with_population.then_some(&self.population[..]);
        let stage = Stage { strata: Some(&self.strata), clusters: Some(&self.psu), population };
        Design::new(&self.weights, &[stage], Policy::default()).unwrap()
    }

    fn domains(&self) -> Domains<'_> {
        Domains::By { codes: &self.codes, n: N_DOMAINS }
    }

    fn statistics(&self) -> [Statistic<'_>; 4] {
        let ratio = Statistic::Ratio { numerator: &self.y, denominator: &self.x };
        [
            Statistic::Mean(&self.y),
            Statistic::Total(&self.y),
            Statistic::Proportion(&self.holds),
            ratio,
        ]
    }

    /// The rows in another order, with other labels.
    fn shuffled(&self, order: &[usize]) -> Self {
        fn take<T: Copy>(list: &[T], order: &[usize]) -> Vec<T> {
            order.iter().map(|&row| list[row]).collect()
        }
        Self {
            strata: order.iter().map(|&row| 900 - 7 * self.strata[row]).collect(),
            psu: order.iter().map(|&row| 50_000 - self.psu[row]).collect(),
            weights: take(&self.weights, order),
            population: take(&self.population, order),
            y: take(&self.y, order),
            x: take(&self.x, order),
            holds: take(&self.holds, order),
            codes: take(&self.codes, order),
        }
    }
}

fn samples() -> impl Strategy<Value = Sample> {
    let sizes = prop::collection::vec(prop::collection::vec(1_usize..6, 2..6), 1..5);
    (sizes, any::<u64>()).prop_map(|(sizes, seed)| Sample::new(&sizes, seed))
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1e-9)
}

/// The same number, standard error, rows and degrees of freedom.
fn same(a: &Result<Estimate, Undefined>, b: &Result<Estimate, Undefined>) -> bool {
    match (a, b) {
        (Ok(a), Ok(b)) => {
            close(a.value, b.value, 1e-11)
                && close_or_none(a.se, b.se)
                && (a.n, a.df, a.n_positive) == (b.n, b.df, b.n_positive)
        }
        _ => a == b,
    }
}

fn close_or_none(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => close(a, b, 1e-9),
        _ => a == b,
    }
}

fn whole(design: &Design, statistic: Statistic<'_>) -> Estimate {
    taylor::estimate(design, statistic, &Domains::Whole)[0].unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn scaled_weights_scale_totals_and_leave_the_rest_alone(sample in samples(), factor in 0.01..1e4_f64) {
        let scaled = Sample { weights: sample.weights.iter().map(|w| factor * w).collect(), ..sample.clone() };
        for (at, (before, after)) in sample.statistics().into_iter().zip(scaled.statistics()).enumerate() {
            let before = taylor::estimate(&sample.design(true), before, &sample.domains());
            let after = taylor::estimate(&scaled.design(true), after, &scaled.domains());
            for (before, after) in before.iter().zip(&after) {
                let Ok(mut before) = *before else {
                    prop_assert_eq!(before.is_err(), after.is_err());
                    continue;
                };
                if at == 1 {
                    (before.value, before.se) = (factor * before.value, before.se.map(|se| factor * se));
                }
                prop_assert!(same(&Ok(before), after), "{:?} {:?}", before, after);
                let deff = |estimate: &Estimate| estimate.deff.unwrap_or(0.0);
                prop_assert!(close(deff(&before), deff(&after.unwrap()), 1e-8));
            }
        }
    }

    #[test]
    fn a_masked_domain_is_a_ratio_over_everybody(sample in samples(), with_population: bool) {
        let design = sample.design(with_population);
        let means = taylor::estimate(&design, Statistic::Mean(&sample.y), &sample.domains());
        let totals = taylor::estimate(&design, Statistic::Total(&sample.y), &sample.domains());
        let mut sum = 0.0;
        for domain in 0..N_DOMAINS {
            let inside = |row: usize| sample.codes[row] == domain && sample.y[row].is_some();
            let rows = 0..sample.y.len();
            let y: Vec<Option<f64>> = rows.clone().map(|row| Some(sample.y[row].filter(|_| inside(row)).unwrap_or(0.0))).collect();
            let x: Vec<Option<f64>> = rows.clone().map(|row| Some(f64::from(u8::from(inside(row))))).collect();
            let ratio = taylor::estimate(&design, Statistic::Ratio { numerator: &y, denominator: &x }, &Domains::Whole)[0];
            let zero_outside = whole(&design, Statistic::Total(&y));
            match (means[domain as usize], totals[domain as usize]) {
                (Ok(mean), Ok(total)) => {
                    let ratio = ratio.unwrap();
                    prop_assert!(close(mean.value, ratio.value, 1e-12));
                    match mean.se {
                        Some(se) => prop_assert!(close(se, ratio.se.unwrap(), 1e-9)),
                        // Within one unit: here everybody meets all units, and rounding is left of 0.
                        None => prop_assert!(ratio.se.is_none_or(|se| se < 1e-12)),
                    }
                    prop_assert!(close(total.value, zero_outside.value, 1e-12) && close_or_none(total.se, zero_outside.se));
                    prop_assert!(mean.df <= ratio.df, "a domain meets no more units than everybody");
                    sum += total.value;
                }
                (mean, _) => {
                    prop_assert_eq!(mean, Err(Undefined::EmptyDomain));
                    prop_assert!(rows.clone().all(|row| !inside(row)));
                }
            }
            // The same by weights of 0 instead of a domain.
            let weights: Vec<f64> = rows.map(|row| if inside(row) { sample.weights[row] } else { 0.0 }).collect();
            if weights.iter().any(|weight| *weight > 0.0) {
                let zeroed = Sample { weights, ..sample.clone() };
                let zeroed = taylor::estimate(&zeroed.design(with_population), Statistic::Mean(&sample.y), &Domains::Whole)[0];
                prop_assert!(same(&zeroed, &means[domain as usize]));
            }
        }
        let codes: Vec<u32> = sample.codes.iter().map(|&code| u32::from(code >= N_DOMAINS)).collect();
        let union = taylor::estimate(&design, Statistic::Total(&sample.y), &Domains::By { codes: &codes, n: 1 })[0];
        prop_assert!(close(union.map_or(0.0, |union| union.value), sum, 1e-11));
    }

    #[test]
    fn labels_and_the_order_of_rows_do_not_matter(sample in samples(), seed: u64, with_population: bool) {
        let mut keys: Vec<(u32, usize)> = (0..sample.y.len()).map(|row| {
            #[allow(clippy::cast_possible_truncation, reason = "few rows")]
            let number = row as u32;
            (Key::new(seed, 2).stream(number, 0).bits(), row)
        }).collect();
        keys.sort_unstable();
        let order: Vec<usize> = keys.into_iter().map(|(_, row)| row).collect();
        let other = sample.shuffled(&order);
        for (before, after) in sample.statistics().into_iter().zip(other.statistics()) {
            let before = taylor::estimate(&sample.design(with_population), before, &sample.domains());
            let after = taylor::estimate(&other.design(with_population), after, &other.domains());
            for (before, after) in before.iter().zip(&after) {
                prop_assert!(same(before, after), "{:?} {:?}", before, after);
            }
        }
    }

    #[test]
    fn moving_or_stretching_values_does_the_same_to_their_mean(sample in samples(), shift in -1e6..1e6_f64, factor in 0.01..100.0_f64) {
        let design = sample.design(true);
        let moved: Vec<Option<f64>> = sample.y.iter().map(|y| y.map(|y| factor * y + shift)).collect();
        let before = taylor::estimate(&design, Statistic::Mean(&sample.y), &sample.domains());
        let after = taylor::estimate(&design, Statistic::Mean(&moved), &sample.domains());
        for (before, after) in before.iter().zip(&after) {
            if let (Ok(before), Ok(after)) = (before, after) {
                prop_assert!(close(factor * before.value + shift, after.value, 1e-11));
                // What adding a large number rounds away is no error of ours.
                prop_assert!((factor * before.se.unwrap_or(0.0) - after.se.unwrap_or(0.0)).abs() <= 1e-9 * after.se.unwrap_or(0.0) + 1e-15 * shift.abs());
            }
        }
    }

    #[test]
    fn a_simple_sample_has_the_textbook_formulas(y in prop::collection::vec(-50.0..50.0_f64, 2..60), more in 0.0..5.0_f64) {
        let n = y.len() as f64;
        let population = n * (1.0 + more);
        let stage = Stage { population: Some(&vec![population; y.len()]), ..Stage::default() };
        let design = Design::new(&vec![population / n; y.len()], &[stage], Policy::default()).unwrap();
        let values: Vec<Option<f64>> = y.iter().copied().map(Some).collect();
        let mean = y.iter().sum::<f64>() / n;
        let variance = y.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / (n - 1.0);
        let se = (variance / n * (1.0 - n / population)).sqrt();
        let found = whole(&design, Statistic::Mean(&values));
        // Positive and negative values cancel: what is lost is a share of their size, not of the mean's.
        let size = y.iter().map(|y| y.abs()).fold(0.0, f64::max);
        prop_assert!((found.value - mean).abs() <= 1e-13 * size && (found.se.unwrap() - se).abs() <= 1e-11 * se + 1e-13);
        let total = whole(&design, Statistic::Total(&values));
        prop_assert!((total.value - population * mean).abs() <= 1e-13 * population * size && (total.se.unwrap() - population * se).abs() <= 1e-10 * population * se + 1e-9);
        prop_assert_eq!(found.df as usize, y.len() - 1);
        if let Some(deff) = found.deff_without_replacement {
            prop_assert!(close(deff, 1.0, 1e-8) || more < 1e-6, "{}", deff);
        }
    }

    #[test]
    fn counting_everybody_leaves_no_error_and_lower_stages_add_some(sample in samples()) {
        let mut counted = sample.clone();
        for row in 0..counted.strata.len() {
            let last = (0..counted.psu.len()).filter(|&other| counted.strata[other] == counted.strata[row]).map(|other| counted.psu[other]).max().unwrap();
            counted.population[row] = f64::from(last + 1);
        }
        for statistic in counted.statistics() {
            for found in taylor::estimate(&counted.design(true), statistic, &counted.domains()).into_iter().flatten() {
                prop_assert_eq!(found.se, Some(0.0));
            }
        }
        // Rows drawn from each unit: all of them adds nothing, fewer adds something.
        let (psu, rows) = (&sample.psu, sample.y.len());
        let in_unit = |row: usize| (0..rows).filter(|&other| (sample.strata[other], psu[other]) == (sample.strata[row], psu[row])).count() as f64;
        let all: Vec<f64> = (0..rows).map(in_unit).collect();
        let twice: Vec<f64> = all.iter().map(|n| 2.0 * n).collect();
        let first = Stage { strata: Some(&sample.strata), clusters: Some(psu), population: Some(&sample.population) };
        let two_stage = |population: &[f64]| {
            let second = Stage { population: Some(population), ..Stage::default() };
            let policy = Policy { lonely: LonelyPsu::Adjust, in_domains: false };
            Design::new(&sample.weights, &[first, second], policy).unwrap()
        };
        let one_stage = whole(&sample.design(true), Statistic::Mean(&sample.y));
        let all = whole(&two_stage(&all), Statistic::Mean(&sample.y));
        prop_assert_eq!(all.se, one_stage.se);
        prop_assert!(whole(&two_stage(&twice), Statistic::Mean(&sample.y)).se > one_stage.se);
    }

    #[test]
    fn replicates_of_totals_are_linearisation(sample in samples(), seed: u64) {
        // Leaving out a unit multiplies the others by n/(n − 1): for totals exactly Taylor's variance, whatever the weights.
        let design = sample.design(true);
        let taylor = taylor::estimate(&design, Statistic::Total(&sample.y), &sample.domains());
        let replicates = jackknife::jkn(&design).unwrap();
        let jackknife = variance::estimate(&design, &replicates, Statistic::Total(&sample.y), &sample.domains());
        for (taylor, jackknife) in taylor.iter().zip(&jackknife) {
            prop_assert!(same(taylor, jackknife), "{:?} {:?}", taylor, jackknife);
        }
        // Two units a stratum: half-samples, of any ρ.
        let pairs = Sample::new(&[vec![2, 3], vec![1, 1], vec![4, 2], vec![1, 3]], seed);
        let design = pairs.design(false);
        let taylor = whole(&design, Statistic::Total(&pairs.y));
        for rho in [0.0, 0.3, 0.9] {
            let replicates = balanced::fay(&design, rho).unwrap();
            let halves = variance::estimate(&design, &replicates, Statistic::Total(&pairs.y), &Domains::Whole)[0].unwrap();
            prop_assert!(close_or_none(taylor.se, halves.se), "{:?} {:?}", taylor.se, halves.se);
        }
        // As ρ nears 1 replicates become derivatives.
        let near = balanced::fay(&design, 0.999).unwrap();
        let near = variance::estimate(&design, &near, Statistic::Mean(&pairs.y), &Domains::Whole)[0].unwrap();
        let mean = whole(&design, Statistic::Mean(&pairs.y));
        prop_assert!(close(mean.se.unwrap(), near.se.unwrap(), 1e-2), "{:?} {:?}", mean.se, near.se);
    }

    #[test]
    fn replicates_meet_the_benchmarks_and_as_rho_nears_1_become_derivatives_of_calibrated_estimates(seed: u64, growth in 0.8..1.3_f64) {
        let pairs = Sample::new(&[vec![2, 3], vec![1, 1], vec![4, 2], vec![1, 3]], seed);
        let design = pairs.design(false);
        let codes: Vec<u32> = (0_u32..).take(pairs.y.len()).map(|row| row % 2).collect();
        let sum: f64 = pairs.weights.iter().sum();
        let totals = [0.4 * growth * sum, 0.6 * growth * sum];
        let known = [Benchmark::Categories { codes: &codes, totals: &totals }];
        let near = balanced::fay(&design, 0.999).unwrap();
        let ones = vec![Some(1.0); codes.len()];
        for calibrated in [linear::calibrate(&design, &known), raking::calibrate(&design, &known)] {
            let calibrated = calibrated.unwrap();
            let (replicates, calibrated) = (calibrated.replicates(&near).unwrap(), calibrated.design);
            let parts = Domains::By { codes: &codes, n: 2 };
            for (found, wanted) in variance::estimate(&calibrated, &replicates, Statistic::Total(&ones), &parts).iter().zip(totals) {
                let found = found.unwrap();
                prop_assert!(close(found.value, wanted, 1e-10) && found.se.unwrap() <= 1e-6 * wanted, "{:?}", found);
            }
            // With one set of categories linear calibration and raking are the same, post-stratification.
            let taylor = whole(&calibrated, Statistic::Mean(&pairs.y));
            let found = variance::estimate(&calibrated, &replicates, Statistic::Mean(&pairs.y), &Domains::Whole)[0].unwrap();
            prop_assert!(close(taylor.se.unwrap(), found.se.unwrap(), 1e-2), "{:?} {:?}", taylor.se, found.se);
        }
    }

    #[test]
    fn a_centre_at_the_estimate_is_never_smaller(sizes in prop::collection::vec(1_usize..6, 2..9), seed: u64) {
        let sample = Sample::new(&[sizes], seed);
        let design = sample.design(false);
        let mut replicates = jackknife::jk1(&design).unwrap();
        for statistic in sample.statistics() {
            replicates.centre = Centre::Mean;
            let mean = variance::estimate(&design, &replicates, statistic, &Domains::Whole)[0];
            replicates.centre = Centre::Estimate;
            let full = variance::estimate(&design, &replicates, statistic, &Domains::Whole)[0];
            prop_assert_eq!(mean.is_ok(), full.is_ok());
            if let (Ok(mean), Ok(full)) = (mean, full) {
                prop_assert!(mean.se.unwrap() <= full.se.unwrap() * (1.0 + 1e-12), "{:?} {:?}", mean.se, full.se);
            }
        }
    }

    #[test]
    fn calibrated_totals_are_the_benchmarks_and_do_not_vary(sample in samples(), growth in 0.8..1.3_f64) {
        let design = sample.design(true);
        let (rows, sum) = (sample.y.len(), sample.weights.iter().sum::<f64>());
        let is_a: Vec<Option<bool>> = (0..rows).map(|row| Some(row % 2 == 0)).collect();
        let codes: Vec<u32> = is_a.iter().map(|is| u32::from(*is == Some(false))).collect();
        let share = whole(&design, Statistic::Proportion(&is_a)).value;
        prop_assume!(share < 0.999);
        let totals = [growth * sum * (0.8 * share + 0.1), growth * sum * (0.9 - 0.8 * share)];
        let x: Vec<f64> = sample.x.iter().map(|x| x.unwrap()).collect();
        let total_x: f64 = sample.weights.iter().zip(&x).map(|(w, x)| growth * w * x).sum();
        let types = Benchmark::Categories { codes: &codes, totals: &totals };
        let sums = Benchmark::Sum { values: &x, total: total_x };
        for (kind, calibrated) in [
            ("linear", linear::calibrate(&design, &[types])),
            ("raking", raking::calibrate(&design, &[types])),
            ("linear with a sum", linear::calibrate(&design, &[types, sums])),
        ] {
            let Ok(calibrated) = calibrated else {
                prop_assert_eq!(kind, "linear with a sum", "few rows can make a sum redundant");
                continue;
            };
            let found = taylor::estimate(&calibrated.design, Statistic::Total(&vec![Some(1.0); rows]), &Domains::By { codes: &codes, n: 2 });
            for (found, wanted) in found.iter().zip(totals) {
                let found = found.unwrap();
                prop_assert!(close(found.value, wanted, 1e-10), "{kind}: {} {wanted}", found.value);
                prop_assert!(found.se.unwrap() <= 1e-6 * wanted, "{kind}: {:?}", found.se);
            }
            if kind == "linear with a sum" {
                let found = whole(&calibrated.design, Statistic::Total(&sample.x));
                prop_assert!(close(found.value, total_x, 1e-9) && found.se.unwrap() <= 1e-6 * total_x);
            } else {
                prop_assert!(calibrated.weight_ratios.0 > 0.0);
            }
        }
        // Benchmarks that are met already change no weight.
        let met: Vec<f64> = (0..2).map(|code| (0..rows).filter(|&row| codes[row] == code).map(|row| sample.weights[row]).sum()).collect();
        let same = raking::calibrate(&design, &[Benchmark::Categories { codes: &codes, totals: &met }]).unwrap();
        prop_assert!(close(same.weight_ratios.0, 1.0, 1e-11) && close(same.weight_ratios.1, 1.0, 1e-11));
    }

    #[test]
    fn lonely_units_are_between_nothing_and_their_distance(sample in samples()) {
        let mut lonely = sample.clone();
        let last = lonely.strata.iter().max().unwrap() + 1;
        lonely.strata.push(last);
        lonely.psu.push(0);
        for list in [&mut lonely.weights, &mut lonely.population] {
            list.push(5.0);
        }
        lonely.y.push(Some(30.0));
        let design = |policy| {
            let stage = Stage { strata: Some(&lonely.strata), clusters: Some(&lonely.psu), population: None };
            Design::new(&lonely.weights, &[stage], Policy { lonely: policy, in_domains: false })
        };
        prop_assert!(design(LonelyPsu::Error).is_err());
        let se = |policy| whole(&design(policy).unwrap(), Statistic::Mean(&lonely.y)).se.unwrap();
        let removed = se(LonelyPsu::Remove);
        prop_assert_eq!(removed.to_bits(), se(LonelyPsu::Certainty).to_bits());
        prop_assert!(removed < se(LonelyPsu::Adjust) && removed < se(LonelyPsu::Average));
        let n = f64::from(last);
        prop_assert!(close(se(LonelyPsu::Average), removed * ((n + 1.0) / n).sqrt(), 1e-12));
    }

    #[test]
    fn quantiles_rise_with_their_probability_and_follow_the_values(sample in samples(), p in 0.05..0.9_f64) {
        let design = sample.design(true);
        let stretched: Vec<Option<f64>> = sample.y.iter().map(|y| y.map(|y| y * y * y)).collect();
        let find = |values: &[Option<f64>], p| quantile::estimate(&design, values, p, &sample.domains(), Confidence::P95);
        for ((low, high), cubed) in find(&sample.y, p).iter().zip(find(&sample.y, p + 0.05)).zip(find(&stretched, p)) {
            let (Ok(low), Ok(high), Ok(cubed)) = (low, high, cubed) else {
                prop_assert!(low.is_err() && high.is_err() && cubed.is_err());
                continue;
            };
            prop_assert!(low.value <= high.value);
            prop_assert!(low.lower.is_none_or(|lower| lower <= low.value) && low.upper.is_none_or(|upper| low.value <= upper));
            let cube = |value: f64| value * value * value;
            prop_assert_eq!(cube(low.value).to_bits(), cubed.value.to_bits(), "order is all that counts");
            prop_assert_eq!(low.lower.map(|lower| cube(lower).to_bits()), cubed.lower.map(f64::to_bits));
        }
    }

    #[test]
    fn intervals_of_proportions_contain_them_mirror_and_widen(p in 0.02..0.98_f64, se in 0.002..0.1_f64, n in 30_u32..3_000, df in 1_u32..200) {
        let mut limits: Vec<Limits> = Vec::new();
        for size in [EffectiveSize::AtMostSample, EffectiveSize::AsEstimated] {
            limits.push(Box::new(move |p, se, df, level| korn_graubard::limits(p, se, n, df, level, size).unwrap()));
        }
        for method in [Method::Logit, Method::Arcsine, Method::Likelihood, Method::Mean] {
            limits.push(Box::new(move |p, se, df, level| proportion_interval::limits(method, p, se, df, level).unwrap()));
        }
        for limits in &limits {
            let mut inner = (p, p);
            for level in LEVELS {
                let (lower, upper) = limits(p, se, df, level);
                prop_assert!(0.0 <= lower && lower <= inner.0 && inner.1 <= upper && upper <= 1.0);
                inner = (lower, upper);
                let mirrored = limits(1.0 - p, se, df, level);
                prop_assert!((1.0 - mirrored.1 - lower).abs() < 1e-9 && (1.0 - mirrored.0 - upper).abs() < 1e-9);
                let less_sure = limits(p, 1.3 * se, df, level);
                prop_assert!(less_sure.0 <= lower + 1e-12 && upper <= less_sure.1 + 1e-12);
                let more_units = limits(p, se, df + 5, level);
                prop_assert!(lower <= more_units.0 + 1e-12 && more_units.1 <= upper + 1e-12);
            }
        }
    }

    #[test]
    fn less_precision_is_never_judged_better(p in 0.0..1.0_f64, se in 0.001..0.2_f64, n in 1_u32..800, df in 0_u32..60) {
        let share = |se: f64, n: u32, df: u32| {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of n")]
            let n_positive = (p * f64::from(n)) as u32;
            let n_eff = Some(p * (1.0 - p) / (se * se));
            Estimate { value: p, se: Some(se), df, n, n_positive, weight: 1e5, n_eff, deff: None, deff_without_replacement: None }
        };
        let now = presentation::judge(&share(se, n, df));
        prop_assert!(now.verdict <= presentation::judge(&share(1.2 * se, n, df)).verdict);
        let of_half = share(std::f64::consts::SQRT_2 * se, n / 2, df);
        prop_assert!(now.verdict <= presentation::judge(&of_half).verdict);
        prop_assert!(now.verdict <= presentation::judge(&share(se, n, df / 2)).verdict);
        let worst = now.reasons.iter().map(|reason| reason.verdict()).max();
        prop_assert_eq!(now.verdict, worst.unwrap_or(presentation::Verdict::Show));
    }
}

/// Limits of a proportion from its standard error and degrees of freedom.
type Limits = Box<dyn Fn(f64, f64, u32, Confidence) -> (f64, f64)>;

/// Every bit of a list of results.
fn bits(found: &[Result<Estimate, Undefined>]) -> Vec<Option<(u64, Option<u64>)>> {
    found.iter().map(|at| at.ok().map(|at| (at.value.to_bits(), at.se.map(f64::to_bits)))).collect()
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let sizes: Vec<Vec<usize>> = (0..30).map(|at| vec![3 + at % 5; 4 + at % 3]).collect();
    let sample = Sample::new(&sizes, 11);
    let run = || {
        let design = sample.design(true);
        let key = Key::named(3, "bootstrap");
        let replicates = bootstrap::subsample(&design, 150, key).unwrap();
        let codes: Vec<u32> = sample.codes.iter().map(|code| code % 2).collect();
        let totals = [3_000.0, 4_000.0];
        let benchmark = Benchmark::Categories { codes: &codes, totals: &totals };
        let calibrated = raking::calibrate(&design, &[benchmark]).unwrap().design;
        let mut all = Vec::new();
        for statistic in sample.statistics() {
            all.push(bits(&taylor::estimate(&design, statistic, &sample.domains())));
            all.push(bits(&taylor::estimate(&calibrated, statistic, &sample.domains())));
            let found = variance::estimate(&design, &replicates, statistic, &sample.domains());
            all.push(bits(&found));
        }
        all
    };
    let with =
        |n: usize| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(run);
    let one = with(1);
    assert!(one.iter().flatten().all(Option::is_some));
    assert_eq!(one, with(2));
    assert_eq!(one, with(8));
}

#[test]
fn the_bootstrap_is_linearisation_up_to_chance() {
    let sample = Sample::new(&vec![vec![3; 6]; 12], 5);
    let design = sample.design(false);
    let replicates = bootstrap::subsample(&design, 1_000, Key::named(3, "bootstrap")).unwrap();
    for statistic in sample.statistics() {
        let found =
            variance::estimate(&design, &replicates, statistic, &Domains::Whole)[0].unwrap();
        let taylor = whole(&design, statistic);
        assert_eq!((found.df, found.n), (taylor.df, taylor.n));
        // The relative standard deviation of a standard error from 1 000 replicates is about 2.2 %.
        assert!((found.se.unwrap() / taylor.se.unwrap() - 1.0).abs() < 0.1, "{found:?} {taylor:?}");
    }
}
