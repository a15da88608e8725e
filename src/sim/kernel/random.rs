//! Randomness that is the same everywhere: named streams of a pinned generator, and samplers over `libm`.
//!
//! Every concern of a scenario (arrivals, service …) draws from its own stream, so two runs that differ in one
//! parameter share all other randomness (common random numbers). For the same reason each sampler takes one draw,
//! whatever its parameters are: streams stay in step when a distribution is changed in mid-run.

mod normal;

pub use normal::normal;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A stream of random numbers, set by the run's seed and the stream's own name.
#[derive(Debug)]
pub struct Stream(Xoshiro256PlusPlus);

impl Clone for Stream {
    // Never inlined, here and in other parts of a run's state: the page carries a copy of each scenario's state, and each
    // part of it is a call there.
    #[inline(never)]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl Stream {
    /// The stream called `name` in the run with this `seed`.
    pub fn new(seed: u64, name: &str) -> Self {
        // FNV-1a spreads the name; `seed_from_u64` runs SplitMix64, which spreads the sum.
        let name = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        let seed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self(Xoshiro256PlusPlus::seed_from_u64(seed.wrapping_add(name)))
    }

    /// Uniform in [0, 1), in steps of 2⁻⁵³. One draw.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Exponential with mean 1. One draw.
    pub fn exponential(&mut self) -> f64 {
        exponential(self.unit())
    }

    /// Standard normal, by inversion. One draw.
    pub fn normal(&mut self) -> f64 {
        normal(self.unit())
    }

    /// Log-normal with mean 1 and coefficient of variation `cv` ≥ 0. One draw.
    pub fn log_normal(&mut self, cv: f64) -> f64 {
        log_normal(cv, self.unit())
    }
}

/// The exponential number with mean 1 that belongs to `unit` in [0, 1), by inversion: −ln(1 − u). At most 36.8.
pub fn exponential(unit: f64) -> f64 {
    -libm::log(1.0 - unit)
}

/// The log-normal number with mean 1 and coefficient of variation `cv` ≥ 0 that belongs to `unit` in [0, 1).
///
/// With σ² = ln(1 + cv²) and μ = −σ²/2 the mean is exp(μ + σ²/2) = 1.
pub fn log_normal(cv: f64, unit: f64) -> f64 {
    let variance = libm::log1p(cv * cv);
    libm::exp(libm::sqrt(variance) * normal(unit) - variance / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance of `draws` samples, each within 4 standard errors of the exact value.
    fn moments(draws: u32, mean: f64, variance: f64, fourth_moment: f64, mut sample: impl FnMut() -> f64) {
        let n = f64::from(draws);
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..draws {
            let x = sample();
            sum += x;
            squares += (x - mean) * (x - mean);
        }
        let mean_error = (sum / n - mean) / libm::sqrt(variance / n);
        let variance_error = (squares / n - variance) / libm::sqrt((fourth_moment - variance * variance) / n);
        assert!(mean_error.abs() < 4.0, "mean is off by {mean_error} standard errors");
        assert!(variance_error.abs() < 4.0, "variance is off by {variance_error} standard errors");
    }

    #[test]
    fn samplers_have_their_exact_moments() {
        let mut stream = Stream::new(1, "moments");
        moments(1_000_000, 0.5, 1.0 / 12.0, 1.0 / 80.0, || stream.unit());
        moments(1_000_000, 1.0, 1.0, 9.0, || stream.exponential());
        moments(1_000_000, 0.0, 1.0, 3.0, || stream.normal());
        // Central moments of a log-normal with mean 1 and w = 1 + cv²: variance w − 1, fourth
        // (w − 1)²(w⁴ + 2w³ + 3w² − 3).
        let cv: f64 = 0.5;
        let w = 1.0 + cv * cv;
        let fourth = (w - 1.0) * (w - 1.0) * (w * w * w * w + 2.0 * w * w * w + 3.0 * w * w - 3.0);
        moments(1_000_000, 1.0, w - 1.0, fourth, || stream.log_normal(cv));
    }

    #[test]
    fn streams_differ_by_name_and_by_seed_and_repeat() {
        let draws = |seed, name| -> Vec<u64> {
            let mut stream = Stream::new(seed, name);
            (0..4).map(|_| stream.unit().to_bits()).collect()
        };
        assert_eq!(draws(7, "arrivals"), draws(7, "arrivals"));
        assert_ne!(draws(7, "arrivals"), draws(7, "service"));
        assert_ne!(draws(7, "arrivals"), draws(8, "arrivals"));
    }
}
