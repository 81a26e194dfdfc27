//! Draws from named streams: what a stream gives depends on the seed and its name only, never on who asked first.
//!
//! Each stream hashes its key (seed, purpose, position) with SplitMix64's finaliser and counts upwards from there, so that
//! streams are independent for every practical purpose and a country is the same at any thread count.

/// What a stream is for; part of its key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Land,
    Vertex,
    Edge,
    Seeds,
    Growth,
    Provinces,
    Names,
    People,
    Counts,
    Records,
    Crimes,
    Votes,
    Members,
    Attitudes,
    Interviews,
}

/// A stream of draws.
#[derive(Debug, Clone)]
pub(super) struct Draws {
    key: u64,
    n_drawn: u64,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// SplitMix64's finaliser (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195): every input bit reaches every output bit.
fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

impl Draws {
    /// The stream of a purpose at a position, such as (district, year, ideology).
    pub(super) fn new(seed: u64, purpose: Purpose, position: &[u64]) -> Self {
        let start = mix(seed.wrapping_add(GOLDEN)) ^ mix((purpose as u64 + 1).wrapping_mul(GOLDEN));
        let key = position
            .iter()
            .fold(start, |key, part| mix(key.wrapping_add(GOLDEN)) ^ mix(part.wrapping_add(key)));
        Self { key, n_drawn: 0 }
    }

    fn word(&mut self) -> u64 {
        self.n_drawn += 1;
        mix(self.key.wrapping_add(self.n_drawn.wrapping_mul(GOLDEN)))
    }

    /// Uniform in (0, 1), never an end.
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
    pub(super) fn unit(&mut self) -> f64 {
        ((self.word() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Uniform in (low, high).
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A position in a list of `n`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let high = (u128::from(self.word()) * n as u128) >> 64;
        usize::try_from(high).expect("invariant: smaller than n")
    }

    /// Whether something of this probability happens.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// The position drawn from weights, which need not sum to 1.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (idx, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return idx;
            }
        }
        weights.len() - 1
    }

    /// Puts a list into random order (Fisher–Yates).
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for idx in (1..list.len()).rev() {
            list.swap(idx, self.below(idx + 1));
        }
    }

    /// Standard normal (Box–Muller; one of the pair is enough here).
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.unit())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }

    /// Gamma with mean 1 (Marsaglia and Tsang 2000, doi:10.1145/358407.358414); `shape` at least 1.
    pub(super) fn gamma_of_mean_one(&mut self, shape: f64) -> f64 {
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let root = 1.0 + c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            if libm::log(self.unit()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v / shape;
            }
        }
    }

    /// Poisson, by multiplication in steps of mean 20 (a sum of Poissons is one).
    pub(super) fn poisson(&mut self, mean: f64) -> u64 {
        let mut left = mean;
        let mut count = 0;
        while left > 0.0 {
            let step = left.min(20.0);
            let floor = libm::exp(-step);
            let mut product = self.unit();
            while product > floor {
                count += 1;
                product *= self.unit();
            }
            left -= 20.0;
        }
        count
    }

    /// Negative binomial with variance mean + mean²/size.
    pub(super) fn negative_binomial(&mut self, mean: f64, size: f64) -> u64 {
        let scatter = self.gamma_of_mean_one(size);
        self.poisson(mean * scatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(draw: impl Fn(&mut Draws) -> f64) -> (f64, f64) {
        let values: Vec<f64> =
            (0..20_000).map(|at| draw(&mut Draws::new(7, Purpose::Counts, &[at]))).collect();
        let mean = values.iter().sum::<f64>() / 20_000.0;
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 20_000.0;
        (mean, variance)
    }

    #[test]
    fn neighbouring_streams_look_independent() {
        let (mean, variance) = moments(Draws::unit);
        assert!((mean - 0.5).abs() < 0.01 && (variance - 1.0 / 12.0).abs() < 0.003);
        let (mean, variance) = moments(Draws::normal);
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.04);
    }

    #[test]
    fn counts_have_their_mean_and_variance() {
        for expected in [0.3, 4.0, 55.0] {
            let (mean, variance) = moments(|draws| to_f64(draws.poisson(expected)));
            assert!(
                (mean / expected - 1.0).abs() < 0.04 && (variance / expected - 1.0).abs() < 0.06
            );
        }
        let (mean, variance) = moments(|draws| to_f64(draws.negative_binomial(8.0, 4.0)));
        assert!((mean - 8.0).abs() < 0.15 && (variance - 24.0).abs() < 1.5);
    }

    #[allow(clippy::cast_precision_loss, reason = "small counts")]
    fn to_f64(count: u64) -> f64 {
        count as f64
    }

    #[test]
    fn a_stream_is_a_function_of_its_name() {
        let draw =
            |seed, position: &[u64]| Draws::new(seed, Purpose::Names, position).unit().to_bits();
        assert_eq!(draw(1, &[2, 3]), draw(1, &[2, 3]));
        assert_ne!(draw(1, &[2, 3]), draw(1, &[3, 2]));
        assert_ne!(draw(1, &[2, 3]), draw(2, &[2, 3]));
    }

    #[test]
    fn weights_decide_how_often() {
        let n = (0..10_000)
            .filter(|at| Draws::new(1, Purpose::Votes, &[*at]).weighted(&[1.0, 3.0]) == 1)
            .count();
        assert!((7_300..7_700).contains(&n), "{n}");
    }
}
