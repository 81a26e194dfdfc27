//! The normal distribution: density, tails and quantiles.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use super::float::{erfc, exp, ln};

/// Density of the standard normal distribution.
pub fn normal_density(z: f64) -> f64 {
    exp(-0.5 * z * z) / (2.0 * PI).sqrt()
}

/// P(Z ≤ z), accurate in the lower tail.
pub fn normal_lower(z: f64) -> f64 {
    0.5 * erfc(-z * FRAC_1_SQRT_2)
}

/// P(Z ≥ z), accurate in the upper tail.
pub fn normal_upper(z: f64) -> f64 {
    0.5 * erfc(z * FRAC_1_SQRT_2)
}

/// P(Z ≥ z) for callers that have e^(−z²/2) at hand, which is most of the work.
pub(super) fn normal_upper_with(z: f64, bell: f64) -> f64 {
    let x = z.abs() * FRAC_1_SQRT_2;
    if x < 1.25 {
        return normal_upper(z);
    }
    let inverse_square = 1.0 / (x * x);
    let [above, below] = if x < 1.0 / 0.35 { &SCALED_NEAR } else { &SCALED_FAR };
    let ratio = polynomial(above, inverse_square) / polynomial(below, inverse_square);
    let tail = 0.5 * bell * exp(ratio - 0.5625) / x;
    if z < 0.0 { 1.0 - tail } else { tail }
}

/// ln(x·e^(x²)·erfc(x)) + 0.5625 over 1/x², for x from 1.25 to 1/0.35 and beyond; the numbers are those of `libm`'s erfc.
const SCALED_NEAR: [&[f64]; 2] = [
    &[
        -9.864_944_034_847_148e-3,
        -0.693_858_572_707_181_8,
        -10.558_626_225_323_291,
        -62.375_332_450_326_006,
        -162.396_669_462_573_47,
        -184.605_092_906_711_04,
        -81.287_435_506_306_6,
        -9.814_329_344_169_145,
    ],
    &[
        1.0,
        19.651_271_667_439_257,
        137.657_754_143_519_04,
        434.565_877_475_229_23,
        645.387_271_733_267_9,
        429.008_140_027_567_83,
        108.635_005_541_779_44,
        6.570_249_770_319_282,
        -0.060_424_415_214_858_1,
    ],
];
const SCALED_FAR: [&[f64]; 2] = [
    &[
        -9.864_942_924_700_1e-3,
        -0.799_283_237_680_523,
        -17.757_954_917_754_752,
        -160.636_384_855_821_92,
        -637.566_443_368_389_6,
        -1_025.095_131_611_077_2,
        -483.519_191_608_651_4,
    ],
    &[
        1.0,
        30.338_060_743_482_46,
        325.792_512_996_573_9,
        1_536.729_586_084_437,
        3_199.858_219_508_595_5,
        2_553.050_406_433_164_4,
        474.528_541_206_955_37,
        -22.440_952_446_585_82,
    ],
];

/// A polynomial by rising powers.
fn polynomial(terms: &[f64], x: f64) -> f64 {
    terms.iter().rev().fold(0.0, |sum, term| sum * x + term)
}

/// The z that a standard normal exceeds with the probability `upper`, in (0, 1), to about 1e-15 relative (Wichura's
/// rational approximations, AS 241).
///
/// Takes the upper tail, not the level, so that no digit is lost: the 95 % limit is `normal_quantile(0.025)`.
pub fn normal_quantile(upper: f64) -> f64 {
    let from_middle = 0.5 - upper;
    if from_middle.abs() <= 0.425 {
        return from_middle * ratio(&QUANTILE_MIDDLE, 0.180_625 - from_middle * from_middle);
    }
    let root = (-ln(upper.min(1.0 - upper))).sqrt();
    let z = if root <= 5.0 {
        ratio(&QUANTILE_TAIL, root - 1.6)
    } else {
        ratio(&QUANTILE_FAR_TAIL, root - 5.0)
    };
    z.copysign(from_middle)
}

/// Two polynomials, by rising powers.
type Rational = [[f64; 8]; 2];

fn ratio([above, below]: &Rational, x: f64) -> f64 {
    polynomial(above, x) / polynomial(below, x)
}

/// Of Wichura MJ (1988), Applied Statistics 37:477–484, doi:10.2307/2347330: the quantile between 0.075 and 0.925.
const QUANTILE_MIDDLE: Rational = [
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
];

/// The same down to e⁻²⁵.
const QUANTILE_TAIL: Rational = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

/// The same below.
const QUANTILE_FAR_TAIL: Rational = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_7e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

#[test]
fn normal_quantiles_agree_with_tables() {
    for (upper, z) in [
        (0.025, 1.959_963_984_540_054),
        (0.05, 1.644_853_626_951_472_2),
        (0.001, 3.090_232_306_167_813),
        (1e-12, 7.034_483_825_301_132),
        (0.975, -1.959_963_984_540_054),
    ] {
        assert!((normal_quantile(upper) - z).abs() < 4e-15 * z.abs(), "{upper}");
    }
    assert!(normal_quantile(0.5).abs() < 1e-15);
    for z in [0.3, 1.2, 1.5, 2.7, 5.9, 6.9, 7.2, 20.0, 37.0] {
        assert!((normal_quantile(normal_upper(z)) / z - 1.0).abs() < 4e-15, "{z}");
        assert!((normal_quantile(normal_lower(-z)) / z - 1.0).abs() < 4e-15, "{z}");
    }
}

#[test]
fn a_known_bell_gives_the_same_tail() {
    for step in -370..=370 {
        let z = f64::from(step) / 10.0;
        let (found, wanted) = (normal_upper_with(z, exp(-0.5 * z * z)), normal_upper(z));
        assert!((found - wanted).abs() < 1e-12 * wanted, "{z}: {found} {wanted}");
    }
}
