//! Laws of two sources, and R's numbers for them.

use proptest::prelude::*;
use saet::statistics::{
    agreement::{capture_recapture::unseen, rank_correlation::spearman},
    interval::Confidence,
};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn only_the_orders_count(pairs in prop::collection::vec((-9_i32..9, -9_i32..9), 3..30)) {
        let (first, second): (Vec<f64>, Vec<f64>) =
            pairs.iter().map(|&(a, b)| (f64::from(a), f64::from(b))).unzip();
        let at = Confidence::P95;
        let Some(found) = spearman(&first, &second, at) else {
            let is_constant = |list: &[f64]| list.windows(2).all(|pair| pair[0].total_cmp(&pair[1]).is_eq());
            prop_assert!(is_constant(&first) || is_constant(&second));
            return Ok(());
        };
        prop_assert!(found.rho.abs() <= 1.0 && (0.0..=1.0).contains(&found.p));
        // Exchanged, stretched and shifted: the same. Turned round: the opposite.
        let exchanged = spearman(&second, &first, at).unwrap();
        prop_assert!((exchanged.rho - found.rho).abs() < 1e-15 && (exchanged.p - found.p).abs() < 1e-12);
        let moved: Vec<f64> = first.iter().map(|value| value * value * value + 40.0).collect();
        prop_assert_eq!(spearman(&moved, &second, at).unwrap(), found);
        let turned: Vec<f64> = first.iter().map(|value| -value).collect();
        let opposite = spearman(&turned, &second, at).unwrap();
        prop_assert!((opposite.rho + found.rho).abs() < 1e-15 && (opposite.p - found.p).abs() < 1e-12);
        if let Some((lower, upper)) = found.limits {
            prop_assert!(-1.0 <= lower && lower < found.rho && found.rho < upper && upper <= 1.0);
        }
    }

    #[test]
    fn fewer_in_both_means_more_in_neither(first in 1_u64..400, second in 1_u64..400, both in 1_u64..400) {
        let most = first.min(second);
        let both = 1 + both % most;
        let at = Confidence::P95;
        let found = unseen(first, second, both, at).unwrap();
        prop_assert_eq!(unseen(second, first, both, at).unwrap(), found);
        let known = (first + second - both) as f64;
        prop_assert!(known <= found.limits.0 && found.limits.0 <= found.all + 1e-9);
        prop_assert!(found.all <= found.limits.1 + 1e-9 && found.at_least >= known);
        let fewer = unseen(first, second, both - 1, at).unwrap();
        prop_assert!(fewer.all > found.all);
    }
}

#[test]
fn correlations_are_those_of_r() {
    // R 4.2.2: cor.test(x, y, method = "spearman", exact = TRUE); cor(x2, y2, method = "spearman").
    let police = [2.42, 6.24, 4.96, 7.2, 4.42, 6.3, 3.06];
    let chronicle = [9.99, 9.5, 8.3, 6.59, 5.99, 5.82, 5.25];
    let found = spearman(&police, &chronicle, Confidence::P95).unwrap();
    assert!((found.rho + 0.142_857_142_857_143).abs() < 1e-14);
    assert!((found.p - 0.782_539_682_54).abs() < 1e-11);
    let (a, b) = (
        [1.0, 2.0, 2.0, 3.0, 5.0, 8.0, 8.0, 9.0, 4.0, 7.0],
        [2.0, 1.0, 4.0, 4.0, 6.0, 7.0, 9.0, 9.0, 3.0, 5.0],
    );
    let tied = spearman(&a, &b, Confidence::P95).unwrap();
    assert!((tied.rho - 0.907_975_460_122_699_5).abs() < 1e-14);
    // Student's t, as R takes it where values are equal: 2 * pt(-rho * sqrt(8 / (1 - rho^2)), 8).
    assert!((tied.p - P_TIED).abs() < 1e-12, "{}", tied.p);
}

/// From R, see above.
const P_TIED: f64 = 0.000_280_419_567_613_267_5;
