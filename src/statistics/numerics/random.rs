//! Random numbers that are a function of their position: (seed, surface, region, draw) → the same numbers, always.
//!
//! There is no generator state to share, so the order in which threads work cannot matter and a run repeats to the bit.
//! The generator is Philox 4×32 with ten rounds: the seed and the surface make the key, the region and the draw the
//! counter. Whole numbers below a bound are unbiased (Lemire's multiplication with rejection); peers that round
//! `u·(n − 1)` draw the first and the last region half as often as the others.
//!
//! Where millions of numbers are drawn, a region's key or a draw's stream is stretched into [`Words`], which are as
//! independent and several times cheaper.
//!
//! # Source
//! Steele GL, Lea D, Flood CH (2014), *Fast splittable pseudorandom number generators*, doi:10.1145/2660193.2660195;
//! Salmon JK et al. (2011), *Parallel random numbers: as easy as 1, 2, 3*, doi:10.1145/2063384.2063405; Lemire D (2019),
//! doi:10.1145/3230636; Marsaglia G, Bray TA (1964), doi:10.1137/1006063 (normal); Marsaglia G, Tsang WW (2000), doi:10.1145/358407.358414 (gamma).

use super::float::{exp, ln};

/// A stream number that no region has: for draws of whole maps.
pub(crate) const WHOLE_MAP: u32 = u32::MAX;

/// What a sequence of draws belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key([u32; 2]);

impl Key {
    /// The key of a surface under a seed.
    pub fn new(seed: u64, surface: u64) -> Self {
        let mixed = mix(mix(seed).wrapping_add(surface.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        Self(halves(mixed))
    }

    /// The key of a surface that has a name: independent of how many other surfaces there are.
    pub fn named(seed: u64, name: &str) -> Self {
        // FNV-1a: short, fixed, and spread further by `new`.
        let hash = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        Self::new(seed, hash)
    }

    /// The key of a later round of the same surface, whose draws are new; round 0 is this one.
    pub(crate) fn round(self, number: u64) -> Self {
        if number == 0 {
            return self;
        }
        let own = (u64::from(self.0[1]) << 32) | u64::from(self.0[0]);
        Self::new(own, number)
    }

    /// Many words for one region, each by its number; their own numbers, not those of any draw.
    pub fn words(self, region: u32) -> Words {
        self.stream(region, u64::MAX).words()
    }

    /// The numbers of one draw for one region.
    pub fn stream(self, region: u32, draw: u64) -> Stream {
        let [low, high] = halves(draw);
        Stream { key: self.0, counter: [0, region, low, high], words: [0; 8], used: 8, spare: None }
    }
}

/// Random words of a region or a draw, each a function of its number alone (`SplitMix64` with its own start and step).
///
/// A word costs a fifth of what [`Stream`] takes for as many bits, and needs no state: for loops over many draws.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    start: u64,
    step: u64,
}

impl Words {
    /// 64 random bits.
    #[inline]
    pub fn at(self, number: u64) -> u64 {
        finalise(self.start.wrapping_add(number.wrapping_mul(self.step)))
    }

    /// A whole number below `bound`, each with the same probability to within 2⁻³².
    #[inline]
    pub fn below(self, bound: u32, number: u64) -> u32 {
        #[allow(
            clippy::cast_possible_truncation,
            reason = "the upper half of 96 bits is below the bound"
        )]
        let scaled = ((u128::from(self.at(number)) * u128::from(bound)) >> 64) as u32;
        scaled
    }

    /// Two whole numbers below `bound` from one word, each with the same probability to within `bound`·2⁻³².
    #[inline]
    pub fn pair_below(self, bound: u32, number: u64) -> [u32; 2] {
        halves(self.at(number)).map(|half| halves(u64::from(half) * u64::from(bound))[1])
    }

    /// A number in (0, 1), a multiple of 2⁻⁵³ plus half of that.
    #[inline]
    pub fn unit(self, number: u64) -> f64 {
        unit(self.at(number) >> 11)
    }
}

fn mix(x: u64) -> u64 {
    finalise(x.wrapping_add(0x9E37_79B9_7F4A_7C15))
}

/// 53 random bits as a number in (0, 1).
#[inline]
fn unit(bits: u64) -> f64 {
    (super::float::real(bits) + 0.5) * (1.0 / 9_007_199_254_740_992.0)
}

/// `SplitMix64`'s finaliser: a bijection that spreads every bit.
#[inline]
fn finalise(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[allow(clippy::cast_possible_truncation, reason = "the two halves are taken apart on purpose")]
fn halves(x: u64) -> [u32; 2] {
    [x as u32, (x >> 32) as u32]
}

/// Ten rounds of Philox 4×32.
fn philox(key: [u32; 2], counter: [u32; 4]) -> [u32; 4] {
    let ([mut k0, mut k1], mut c) = (key, counter);
    for _ in 0..10 {
        let [low0, high0] = halves(0xD251_1F53 * u64::from(c[0]));
        let [low1, high1] = halves(0xCD9E_8D57 * u64::from(c[2]));
        c = [high1 ^ c[1] ^ k0, low1, high0 ^ c[3] ^ k1, low0];
        k0 = k0.wrapping_add(0x9E37_79B9);
        k1 = k1.wrapping_add(0xBB67_AE85);
    }
    c
}

/// A sequence of random numbers.
#[derive(Debug, Clone)]
pub struct Stream {
    key: [u32; 2],
    counter: [u32; 4],
    /// Two blocks, made together: a processor works on both at once.
    words: [u32; 8],
    used: usize,
    /// The other of two normal numbers that are made together.
    spare: Option<f64>,
}

impl Stream {
    /// Many words, each by its number, made of the next four of this stream.
    pub fn words(&mut self) -> Words {
        let mut long = || (u64::from(self.bits()) << 32) | u64::from(self.bits());
        let (start, step) = (long(), long() | 1);
        // A step whose bits change too rarely makes neighbouring numbers alike.
        let is_regular = (step ^ (step >> 1)).count_ones() < 24;
        Words { start, step: if is_regular { step ^ 0xAAAA_AAAA_AAAA_AAAA } else { step } }
    }

    /// 32 random bits.
    #[inline]
    pub fn bits(&mut self) -> u32 {
        if self.used == 8 {
            self.refill();
        }
        self.used += 1;
        self.words[self.used - 1]
    }

    fn refill(&mut self) {
        let mut next = self.counter;
        next[0] = next[0].wrapping_add(1);
        let blocks = [philox(self.key, self.counter), philox(self.key, next)];
        for (word, made) in self.words.iter_mut().zip(blocks.as_flattened()) {
            *word = *made;
        }
        self.counter[0] = self.counter[0].wrapping_add(2);
        self.used = 0;
    }

    /// A whole number below `bound`, each with the same probability; `bound` ≥ 1.
    #[inline]
    pub fn below(&mut self, bound: u32) -> u32 {
        let [mut low, mut high] = halves(u64::from(self.bits()) * u64::from(bound));
        if low < bound {
            let reject = bound.wrapping_neg() % bound;
            while low < reject {
                [low, high] = halves(u64::from(self.bits()) * u64::from(bound));
            }
        }
        high
    }

    /// A number in (0, 1), a multiple of 2⁻⁵³ plus half of that.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        unit((u64::from(self.bits()) << 21) | u64::from(self.bits() >> 11))
    }

    /// A standard normal number (Marsaglia's polar method, two at a time).
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (x, y) = (2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0);
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                let factor = (-2.0 * ln(square) / square).sqrt();
                self.spare = Some(factor * y);
                return factor * x;
            }
        }
    }

    /// A gamma number with the given shape and mean = shape.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = exp(ln(self.unit()) / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let z = self.normal();
            let root = 1.0 + c * z;
            if root > 0.0 {
                let v = root * root * root;
                let (unit, square) = (self.unit(), z * z);
                // The first comparison only spares most draws the logarithms of the second.
                if unit < 1.0 - 0.0331 * square * square
                    || ln(unit) < 0.5 * square + d - d * v + d * ln(v)
                {
                    return d * v;
                }
            }
        }
    }
}

#[test]
fn philox_gives_the_published_answers() {
    // Known answers of the Random123 library, philox4x32-10.
    assert_eq!(philox([0; 2], [0; 4]), [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]);
    assert_eq!(
        philox([u32::MAX; 2], [u32::MAX; 4]),
        [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]
    );
    assert_eq!(
        philox([0xA409_3822, 0x299F_31D0], [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344]),
        [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
    );
}

#[test]
fn rounds_have_draws_of_their_own() {
    let key = Key::new(1, 2);
    assert_eq!(key.round(0), key);
    assert!(key.round(1) != key && key.round(1) != key.round(2));
    assert_ne!(key.round(1), Key::new(1, 3).round(1));
}

#[test]
fn every_number_below_a_bound_is_equally_likely() {
    let mut stream = Key::new(1, 2).stream(3, 4);
    let mut seen = [0_u32; 7];
    for _ in 0..70_000 {
        seen[stream.below(7) as usize] += 1;
    }
    // Standard deviation of each count: √(70 000 · 1/7 · 6/7) ≈ 93.
    assert!(seen.iter().all(|&count| count.abs_diff(10_000) < 400), "{seen:?}");
}

#[test]
fn gamma_numbers_have_their_mean_and_variance() {
    for shape in [0.4, 1.0, 6.5] {
        let mut stream = Key::named(9, "gamma").stream(0, 0);
        let n = 40_000;
        let draws: Vec<f64> = (0..n).map(|_| stream.gamma(shape)).collect();
        let mean = draws.iter().sum::<f64>() / f64::from(n);
        let variance = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(n);
        assert!((mean / shape - 1.0).abs() < 0.04, "{shape}: mean {mean}");
        assert!((variance / shape - 1.0).abs() < 0.08, "{shape}: variance {variance}");
    }
}
