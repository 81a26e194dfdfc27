//! The exponential function and the natural logarithm from tables: about three times as fast as without, and as exact.
//!
//! Both cut their argument down to a few thousandths and take a short polynomial of what is left. Only `+ − ×` of IEEE 754
//! are used, in a fixed order, so the bits are the same on every platform; the tables are computed by the compiler.
//! Arguments near the ends of the range are left to `libm`.
//!
//! # Source
//! Tang PTP (1989), doi:10.1145/63522.214389 (exponential); Tang PTP (1990), doi:10.1145/98267.98294 (logarithm); Dekker TJ
//! (1971), doi:10.1007/BF01397083 (exact products).

/// Added and taken away again, this rounds to a whole number, which is then in the lowest bits.
const TO_WHOLE: f64 = 6_755_399_441_055_744.0;

/// Steps a doubling is cut into.
const N_STEPS: u64 = 128;

/// ln 2/128, the first part with so few bits that its product with a whole number is exact; and its inverse.
const STEP: (f64, f64) = (5.415_212_348_111_709e-3, 1.286_402_311_163_834_6e-14);
const STEPS_PER_UNIT: f64 = 184.664_965_233_787_3;

/// 2^(i/128) in two parts.
static POWERS: [(f64, f64); 128] = {
    const ROOT: (f64, f64) = (1.005_429_901_112_802_7, 9.499_186_535_455_032e-17);
    let mut powers = [(1.0, 0.0); 128];
    let mut at = 1;
    while at < powers.len() {
        let (high, low) = powers[at - 1];
        let (whole, left) = product(high, ROOT.0);
        let left = left + (high * ROOT.1 + low * ROOT.0);
        let sum = whole + left;
        powers[at] = (sum, left - (sum - whole));
        at += 1;
    }
    powers
};

/// The multiples of 1/128 nearest to numbers in [1/√2, √2).
const GRID: (u32, u32) = (90, 181);
const N_GRID: usize = (GRID.1 - GRID.0 + 1) as usize;

/// Per multiple c of 1/128: 1/c, and ln c in two parts.
static LOGARITHMS: [(f64, f64, f64); N_GRID] = {
    let mut logarithms = [(0.0, 0.0, 0.0); N_GRID];
    let (mut at, mut multiple) = (0, GRID.0);
    while at < N_GRID {
        #[allow(clippy::cast_lossless, reason = "`from` is not for constants yet")]
        let c = multiple as f64 / 128.0;
        // ln c = 2(s + s³/3 + s⁵/5 + …) with s = (c − 1)/(c + 1), and what rounding leaves out of s.
        let s = (c - 1.0) / (c + 1.0);
        let (whole, left) = product(s, c + 1.0);
        let missing = ((c - 1.0 - whole) - left) / (c + 1.0);
        let (mut odd, mut rest) = (25.0, 0.0);
        while odd > 2.0 {
            rest = (rest + 1.0 / odd) * s * s;
            odd -= 2.0;
        }
        logarithms[at] = (1.0 / c, 2.0 * s, 2.0 * (missing + s * rest));
        at += 1;
        multiple += 1;
    }
    logarithms
};

/// ln 2 in two parts, the first with so few bits that its product with an exponent is exact.
const LN_2: (f64, f64) = (0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10);

/// a·b as the nearest number and what that leaves out.
const fn product(a: f64, b: f64) -> (f64, f64) {
    const SPLIT: f64 = 134_217_729.0;
    let (wide_a, wide_b) = (a * SPLIT, b * SPLIT);
    let (a_high, b_high) = (wide_a - (wide_a - a), wide_b - (wide_b - b));
    let (a_low, b_low) = (a - a_high, b - b_high);
    let whole = a * b;
    (whole, ((a_high * b_high - whole) + a_high * b_low + a_low * b_high) + a_low * b_low)
}

/// eˣ, within 0.6 of the last digit.
#[inline]
pub(super) fn exp(x: f64) -> f64 {
    if x.is_nan() || x.abs() > 700.0 {
        return libm::exp(x);
    }
    // x = n·ln 2/128 + r.
    let shifted = x * STEPS_PER_UNIT + TO_WHOLE;
    let n = shifted - TO_WHOLE;
    let r = (x - n * STEP.0) - n * STEP.1;
    let whole = shifted.to_bits();
    let (high, low) = POWERS[(whole % N_STEPS) as usize];
    let square = r * r;
    let rest =
        (r + square * (0.5 + r * (1.0 / 6.0))) + square * square * (1.0 / 24.0 + r * (1.0 / 120.0));
    let doublings = f64::from_bits((whole / N_STEPS).wrapping_add(1023) << 52);
    (high + (low + high * rest)) * doublings
}

/// Natural logarithm, to the last digit.
#[inline]
pub(super) fn ln(x: f64) -> f64 {
    if !(f64::MIN_POSITIVE..f64::MAX).contains(&x) {
        return libm::log(x);
    }
    // x = 2ᵏ·z with z in [1/√2, √2), and c the multiple of 1/128 nearest to z.
    let bits = x.to_bits();
    let above = bits.wrapping_sub(0x3FE6_A09E_0000_0000);
    let z = f64::from_bits(bits.wrapping_sub(above & (0xFFF << 52)));
    let shifted = z * 128.0 + TO_WHOLE;
    let multiple = (shifted.to_bits() % 256) as usize;
    let (inverse, high, low) = LOGARITHMS[multiple - GRID.0 as usize];
    let r = (z - (shifted - TO_WHOLE) / 128.0) * inverse;
    let square = r * r;
    let rest = square
        * ((r * (1.0 / 3.0) - 0.5)
            + square * ((r * (1.0 / 5.0) - 0.25) + square * (r * (1.0 / 7.0) - 1.0 / 6.0)));
    #[allow(clippy::cast_possible_wrap, reason = "the sign of the exponent")]
    let k = f64::from((above as i64 >> 52) as i16);
    let whole = k * LN_2.0 + high;
    let sum = whole + r;
    // The sum may be no larger than r: what rounding left out of it comes back.
    sum + (((whole - sum) + r) + (rest + (low + k * LN_2.1)))
}

#[test]
fn both_agree_with_the_library_to_the_last_digit() {
    let same = |found: f64, wanted: f64| (found - wanted).abs() <= 2.3e-16 * wanted.abs();
    for at in 0..400_000 {
        let x = f64::from(at) * 0.003_513 - 702.0;
        assert!(same(exp(x), libm::exp(x)), "{x}: {} {}", exp(x), libm::exp(x));
        for x in [libm::exp(x), 1.0 + x * 1e-5, 1.0 + x * 1e-9] {
            assert!(same(ln(x), libm::log(x)), "{x}: {} {}", ln(x), libm::log(x));
        }
    }
}

#[test]
fn both_have_their_ends() {
    assert_eq!((exp(0.0).to_bits(), ln(1.0).to_bits()), (1.0_f64.to_bits(), 0.0_f64.to_bits()));
    assert_eq!((exp(800.0), exp(-800.0)), (f64::INFINITY, 0.0));
    assert_eq!((ln(0.0), ln(f64::INFINITY)), (f64::NEG_INFINITY, f64::INFINITY));
    assert!(exp(f64::NAN).is_nan() && ln(f64::NAN).is_nan() && ln(-1.0).is_nan());
    for x in [5e-324, f64::MIN_POSITIVE, 0.5_f64.sqrt(), 2.0_f64.sqrt(), f64::MAX] {
        assert!((ln(x) / libm::log(x) - 1.0).abs() < 3e-16, "{x}");
    }
}
