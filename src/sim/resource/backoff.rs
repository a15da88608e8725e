//! How long to pause before another try.

/// Exponential backoff with jitter: a pause is drawn evenly between `least` and an upper end that begins at `most`, grows
/// by the factor `growth` with each retry, and never passes `cap`. All are in one unit of time, and so is the pause.
///
/// With a least pause of 0 this is the "full jitter" of M. Brooker, "Exponential Backoff And Jitter", AWS Architecture
/// Blog, 2015. With a growth of 1 every pause is like the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    /// Lower end of every pause, 0 or more.
    pub least: f64,
    /// Upper end of the pause before the first retry.
    pub most: f64,
    /// What the upper end is multiplied by from one retry to the next, 1 or more.
    pub growth: f64,
    /// What the upper end never passes.
    pub cap: f64,
}

impl Backoff {
    /// The pause before the next retry of somebody who has made `retries` already; `unit` in [0, 1) sets where it lies
    /// between its ends. Where the upper end is below the lower one it is the lower one.
    pub fn pause(&self, retries: u32, unit: f64) -> f64 {
        let upper = (self.most * libm::pow(self.growth, f64::from(retries))).min(self.cap);
        self.least + (upper - self.least).max(0.0) * unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(backoff: Backoff) -> Vec<(f64, f64)> {
        (0..5).map(|retries| (backoff.pause(retries, 0.0), backoff.pause(retries, 1.0))).collect()
    }

    #[test]
    fn the_upper_end_doubles_until_it_meets_the_cap() {
        let full_jitter = Backoff { least: 0.0, most: 1.0, growth: 2.0, cap: 6.0 };
        assert_eq!(ends(full_jitter), [(0.0, 1.0), (0.0, 2.0), (0.0, 4.0), (0.0, 6.0), (0.0, 6.0)]);
        assert_eq!(full_jitter.pause(2, 0.25), 1.0);
    }

    #[test]
    fn without_growth_every_pause_is_like_the_first() {
        let flat = Backoff { least: 0.5, most: 1.5, growth: 1.0, cap: 60.0 };
        assert_eq!(ends(flat), [(0.5, 1.5); 5]);
    }

    #[test]
    fn ends_the_wrong_way_round_leave_the_lower_one() {
        let crossed = Backoff { least: 2.0, most: 1.0, growth: 1.0, cap: 60.0 };
        assert_eq!(ends(crossed), [(2.0, 2.0); 5]);
        // Growth without end is still a number.
        assert_eq!(Backoff { growth: 1e300, ..crossed }.pause(u32::MAX, 1.0), 60.0);
    }
}
