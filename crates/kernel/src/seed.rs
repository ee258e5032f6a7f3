//! Randomness from named, counter-based streams of a run's seed.
//!
//! A stream is a ChaCha8 generator whose key is derived from the seed and the stream's name, so adding a stream
//! changes no other, and the n-th sub-stream is reached without drawing the ones before it. The samplers are our
//! own because those of the libraries may change their values between releases.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use crate::Hasher;

/// The seed of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Seed {
    /// The stream of this name.
    pub fn stream(self, name: &str) -> Stream {
        self.indexed(name, 0)
    }

    /// The `index`-th independent sub-stream of this name: one per simulation, series or store.
    pub fn indexed(self, name: &str, index: u64) -> Stream {
        let key = Hasher::default().chain("assay.seed.v1\0").chain(self.0.to_be_bytes()).chain(name).finish();
        let mut rng = ChaCha8Rng::from_seed(*key.as_bytes());
        rng.set_stream(index);
        Stream { rng }
    }
}

/// A reproducible source of random numbers.
#[derive(Debug, Clone)]
pub struct Stream {
    rng: ChaCha8Rng,
}

impl Stream {
    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// Uniform in `[0, 1)` with 53 random bits.
    pub fn unit(&mut self) -> f64 {
        const SCALE: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.bits() >> 11) as f64 * SCALE
    }

    /// Uniform in `[low, high)`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform over `low..=high`. Unbiased by Lemire's rejection ("Fast Random Integer Generation in an Interval",
    /// 2019).
    pub fn integer(&mut self, low: i64, high: i64) -> i64 {
        assert!(low <= high, "an empty range has no member: {low}..={high}");
        let span = high.abs_diff(low);
        let Some(n) = span.checked_add(1) else { return self.bits().cast_signed() };
        loop {
            let wide = u128::from(self.bits()) * u128::from(n);
            #[expect(clippy::cast_possible_truncation, reason = "the low half is what is meant")]
            let low_half = wide as u64;
            if low_half >= n.wrapping_neg() % n {
                return low.wrapping_add_unsigned((wide >> 64) as u64);
            }
        }
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Normal with this mean and standard deviation, by the Box-Muller transform. Always draws two uniforms, so the
    /// number of draws does not depend on the values.
    pub fn normal(&mut self, mean: f64, sigma: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let angle = std::f64::consts::TAU * self.unit();
        mean + sigma * radius * angle.cos()
    }

    /// One of the items, uniformly.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// An index below `len`, uniformly.
    pub fn index(&mut self, len: usize) -> usize {
        let last = i64::try_from(len).expect("a slice is shorter than 2^63") - 1;
        usize::try_from(self.integer(0, last)).expect("the index is not negative")
    }

    /// Fisher-Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.index(i + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_reproducible_and_independent_of_each_other() {
        let draw = |mut s: Stream| [s.bits(), s.bits()];
        assert_eq!(draw(Seed(42).stream("sales")), draw(Seed(42).stream("sales")));
        assert_ne!(draw(Seed(42).stream("sales")), draw(Seed(42).stream("prices")));
        assert_ne!(draw(Seed(42).stream("sales")), draw(Seed(43).stream("sales")));
        assert_ne!(draw(Seed(42).indexed("sim", 1)), draw(Seed(42).indexed("sim", 2)));
    }

    #[test]
    fn the_first_draws_of_a_seed_never_change() {
        let mut stream = Seed(42).stream("golden");
        let dice = [(); 8].map(|()| stream.integer(1, 6));
        assert_eq!(dice, [1, 6, 6, 3, 4, 1, 2, 1]);
        assert_eq!(stream.bits(), 11_728_011_924_011_345_223);
        assert_eq!(stream.normal(0.0, 1.0).to_bits(), 13_834_025_364_863_655_990);
    }

    #[test]
    fn samplers_have_the_moments_they_promise() {
        let mut stream = Seed(7).stream("moments");
        let n = 200_000;
        let normal: Vec<f64> = (0..n).map(|_| stream.normal(3.0, 2.0)).collect();
        let mean = normal.iter().sum::<f64>() / f64::from(n);
        let variance = normal.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(n);
        assert!((mean - 3.0).abs() < 0.03, "{mean}");
        assert!((variance - 4.0).abs() < 0.06, "{variance}");
        let units = (0..n).map(|_| stream.unit()).sum::<f64>() / f64::from(n);
        assert!((units - 0.5).abs() < 0.005, "{units}");
    }

    proptest::proptest! {
        #[test]
        fn an_integer_lies_in_its_range(seed: u64, low in -1000_i64..1000, span in 0_i64..1000) {
            let drawn = Seed(seed).stream("range").integer(low, low + span);
            proptest::prop_assert!((low..=low + span).contains(&drawn));
        }
    }
}
