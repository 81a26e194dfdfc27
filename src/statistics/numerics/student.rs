//! Student's t distribution: tails and quantiles, through the incomplete beta function.

use super::beta;

/// P(|T| ≥ |t|) with `df` > 0 degrees of freedom.
pub fn two_sided(t: f64, df: f64) -> f64 {
    let square = t * t;
    beta::tails(0.5 * df, 0.5, df / (df + square), square / (df + square)).0
}

/// The t that is exceeded with probability `upper`, in (0, ½].
pub fn quantile(upper: f64, df: f64) -> f64 {
    if upper >= 0.5 {
        return 0.0;
    }
    let (x, y) = beta::inverse(0.5 * df, 0.5, 2.0 * upper);
    (df * y / x).sqrt()
}

#[test]
fn quantiles_agree_with_tables_and_tails_with_quantiles() {
    for (upper, df, t) in [
        (0.025, 1.0, 12.706_204_736_174_7),
        (0.025, 6.0, 2.446_911_851_144_97),
        (0.05, 10.0, 1.812_461_122_811_68),
        (0.001, 30.0, 3.385_184_866_861_19),
    ] {
        let found = quantile(upper, df);
        assert!((found / t - 1.0).abs() < 1e-11, "{upper} {df}: {found}");
        assert!((two_sided(found, df) / (2.0 * upper) - 1.0).abs() < 1e-11);
    }
    assert!((quantile(0.025, 1e7) - super::float::normal_quantile(0.025)).abs() < 1e-6);
    assert!((two_sided(0.0, 4.0) - 1.0).abs() < 1e-15 && quantile(0.5, 4.0).abs() < 1e-300);
}
