//! How service times vary around their mean.

use crate::random::{exponential, log_normal};

/// A distribution of service times, in units of their mean. Each draws once, so that a stream stays in step when the
/// distribution changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ServiceTime {
    /// Always the mean.
    Constant,
    /// Evenly between 1 − spread and 1 + spread times the mean; the spread is from 0 to 1.
    Uniform {
        /// Half the width of the range.
        spread: f64,
    },
    /// Exponential: the coefficient of variation is 1.
    Exponential,
    /// Log-normal.
    LogNormal {
        /// Coefficient of variation, 0 or more: standard deviation in proportion to the mean.
        cv: f64,
    },
}

/// Coefficient of variation of [`ServiceTime::LONG_TAILED`].
pub const LONG_TAILED_CV: f64 = 2.0;

impl ServiceTime {
    /// Uniform between 0 and twice the mean, the widest that there is: cv² = 1/3.
    pub const WIDE: Self = Self::Uniform { spread: 1.0 };
    /// Uniform within 30 % of the mean: cv² = 0.03. An assumption, for statements of one kind on a database that is not
    /// overrun.
    pub const NARROW: Self = Self::Uniform { spread: 0.3 };
    /// Log-normal with this coefficient of variation: mostly short, now and then very long. An assumption.
    pub const LONG_TAILED: Self = Self::LogNormal { cv: LONG_TAILED_CV };

    /// The service time that belongs to `unit` in [0, 1), in units of the mean; never negative.
    pub fn sample(self, unit: f64) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Uniform { spread } => 1.0 - spread + 2.0 * spread * unit,
            Self::Exponential => exponential(unit),
            Self::LogNormal { cv } => log_normal(cv, unit),
        }
    }

    /// Squared coefficient of variation: the variance in proportion to the square of the mean.
    pub fn cv2(self) -> f64 {
        match self {
            Self::Constant => 0.0,
            Self::Uniform { spread } => spread * spread / 3.0,
            Self::Exponential => 1.0,
            Self::LogNormal { cv } => cv * cv,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    /// The mean of a million draws, within four standard errors.
    #[test]
    fn every_distribution_has_a_mean_of_one() {
        let mut stream = Stream::new(1, "service");
        let draws = 1_000_000;
        for (shape, variance) in [
            (ServiceTime::Constant, 0.0),
            (ServiceTime::WIDE, 1.0 / 3.0),
            (ServiceTime::NARROW, 0.03),
            (ServiceTime::Exponential, 1.0),
            (ServiceTime::LONG_TAILED, 4.0),
        ] {
            assert!((shape.cv2() - variance).abs() < 1e-12, "{shape:?}");
            let sum: f64 = (0..draws).map(|_| shape.sample(stream.unit())).sum();
            let off = (sum / f64::from(draws) - 1.0).abs();
            assert!(off <= 4.0 * libm::sqrt(variance / f64::from(draws)), "{shape:?} is off by {off}");
        }
    }

    #[test]
    fn nothing_is_served_in_less_than_no_time() {
        for shape in
            [ServiceTime::WIDE, ServiceTime::NARROW, ServiceTime::Exponential, ServiceTime::LONG_TAILED]
        {
            for unit in [0.0, f64::EPSILON, 0.5, 1.0 - f64::EPSILON / 2.0] {
                let size = shape.sample(unit);
                assert!(size >= 0.0 && size.is_finite(), "{shape:?} at {unit} is {size}");
            }
        }
    }
}
