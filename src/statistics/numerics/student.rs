//! Student's t distribution: its quantiles and tails, for estimates whose standard error is itself estimated.
//!
//! P(|T| > t) = Iₓ(df/2, ½) with x = df/(df + t²), so the quantile is that of the beta distribution. The beta quantile
//! comes as the pair (x, 1 − x), which keeps the digits of t² = df·(1 − x)/x at both ends. For many degrees of freedom,
//! where the beta distribution's fraction loses digits, Fisher and Cornish's series in 1/df has more than enough terms.
//!
//! # Source
//! DLMF 8.17, <https://dlmf.nist.gov/8.17>; Fisher RA, Cornish EA (1960), doi:10.1080/00401706.1960.10489895; Abramowitz
//! and Stegun 26.7.5.

use super::{beta, float::normal_quantile};

/// From this many degrees of freedom on the series is exact to about 1e-14 for every probability down to 1e-12.
const SERIES_FROM: f64 = 2e4;

/// P(|T| ≥ |t|) with `df` > 0 degrees of freedom.
pub fn two_sided(t: f64, df: f64) -> f64 {
    let square = t * t;
    beta::tails(0.5 * df, 0.5, df / (df + square), square / (df + square)).0
}

/// The t that a variable with `df` degrees of freedom (> 0, real) exceeds with the probability `upper`, in (0, 1).
pub fn quantile(upper: f64, df: f64) -> f64 {
    if upper > 0.5 {
        return -quantile(1.0 - upper, df);
    }
    if upper.to_bits() == 0.5_f64.to_bits() {
        return 0.0;
    }
    if df >= SERIES_FROM {
        return series(normal_quantile(upper), df);
    }
    let (x, rest) = beta::inverse(0.5 * df, 0.5, 2.0 * upper);
    (df * rest / x).sqrt()
}

/// t from the normal quantile z.
fn series(z: f64, df: f64) -> f64 {
    let s = z * z;
    let first = z * (s + 1.0) / 4.0;
    let second = z * (3.0 + s * (16.0 + s * 5.0)) / 96.0;
    let third = z * (-15.0 + s * (17.0 + s * (19.0 + s * 3.0))) / 384.0;
    let fourth = z * (-945.0 + s * (-1920.0 + s * (1482.0 + s * (776.0 + s * 79.0)))) / 92_160.0;
    z + (first + (second + (third + fourth / df) / df) / df) / df
}

#[test]
fn quantiles_agree_with_tables() {
    for (upper, df, t) in [
        // One degree of freedom is the Cauchy distribution, tan(π(½ − upper)); two have t = √(2·(1 − 2a)²/(4a(1 − a))).
        (0.025, 1.0, 12.706_204_736_174_7),
        (0.025, 2.0, 4.302_652_729_749_46),
        (0.025, 14.0, 2.144_786_687_916_93),
        (0.025, 197.0, 1.972_079_033_77),
        (0.001, 5.0, 5.893_429_531_356_01),
        (0.05, 30.0, 1.697_260_886_593_96),
        (0.975, 14.0, -2.144_786_687_916_93),
    ] {
        assert!(
            (quantile(upper, df) / t - 1.0).abs() < 1e-11,
            "{upper} {df}: {}",
            quantile(upper, df)
        );
    }
    assert_eq!(quantile(0.5, 7.0).to_bits(), 0);
    assert!(quantile(0.5 - 1e-9, 7.0).abs() < 1e-8);
    for upper in [0.025, 0.001] {
        let z = normal_quantile(upper);
        // Either way of computing, and both sides of the border between them.
        for df in [1.99e4, 2.01e4, 5e3] {
            let both = series(z, df) / quantile(upper, df);
            assert!((both - 1.0).abs() < 1e-12, "{df}: {both}");
        }
        let mut wider = quantile(upper, 1.0);
        for df in [2.0, 10.0, 1e3, 1e5, 1e7, 1e9, 1e15] {
            let t = quantile(upper, df);
            assert!(z <= t && t < wider, "{df}: {t}");
            wider = t;
        }
        assert_eq!(quantile(upper, f64::INFINITY).to_bits(), z.to_bits());
    }
    for (upper, df) in [(0.025, 6.0), (0.001, 30.0), (0.05, 1.0)] {
        assert!((two_sided(quantile(upper, df), df) / (2.0 * upper) - 1.0).abs() < 1e-11);
    }
    assert!((two_sided(0.0, 4.0) - 1.0).abs() < 1e-15);
}
