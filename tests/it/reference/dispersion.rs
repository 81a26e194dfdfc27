//! The two variance laws against R: base R's `dnbinom` as likelihood, its slope solved with `uniroot`.

use saet::{
    model::VarianceLaw,
    statistics::{dispersion, numerics::negative_binomial},
};

use super::assert_close;

const EXPECTED: [f64; 16] =
    [0.8, 0.9, 1.1, 0.7, 0.5, 1.3, 2.0, 2.2, 27.0, 24.0, 9.0, 8.5, 0.4, 1.6, 50.0, 49.0];
/// Log likelihoods under the linear law: −36.010598 against −38.540265 under the quadratic one.
const LINEAR: ([u64; 16], f64) =
    ([3, 0, 0, 1, 0, 6, 0, 2, 34, 18, 7, 17, 0, 1, 60, 37], 2.564_454_751_955_47);
/// −41.563083 under the quadratic law against −48.943016 under the linear one.
const QUADRATIC: ([u64; 16], f64) =
    ([0, 2, 1, 0, 1, 2, 5, 1, 60, 9, 3, 21, 0, 4, 18, 93], 1.883_198_313_983_95);
/// R's roots are good to about 1e-12.
const CLOSE: f64 = 1e-9;

#[test]
fn the_likelier_law_and_its_number_are_those_of_r() {
    let found = dispersion::estimate(&LINEAR.0, &EXPECTED).law;
    let Some(VarianceLaw::Linear { phi }) = found else { panic!("{found:?}") };
    assert_close(phi, LINEAR.1, CLOSE, "φ");
    let found = dispersion::estimate(&QUADRATIC.0, &EXPECTED).law;
    let Some(VarianceLaw::Quadratic { size }) = found else { panic!("{found:?}") };
    assert_close(size, QUADRATIC.1, CLOSE, "size");
}

#[test]
fn sizes_give_the_variance_of_their_law() {
    for (law, variance) in
        [(VarianceLaw::Linear { phi: 2.5 }, 10.0), (VarianceLaw::Quadratic { size: 2.0 }, 12.0)]
    {
        let size = law.size(4.0);
        // ΣP(X ≥ c) is the mean, Σ(2c − 1)·P(X ≥ c) the mean square.
        let tails = (1..2_000_u32)
            .map(|c| (f64::from(c), negative_binomial::upper(c.into(), 4.0, Some(size))));
        let (mean, square) = tails.fold((0.0, 0.0), |(mean, square), (c, tail)| {
            (mean + tail, square + (2.0 * c - 1.0) * tail)
        });
        assert_close(mean, 4.0, CLOSE, "mean");
        assert_close(square - mean * mean, variance, CLOSE, "variance");
    }
}
