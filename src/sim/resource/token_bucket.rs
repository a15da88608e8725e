//! A token bucket: a door that lets so many a second in.

use crate::time::SimTime;

/// Tokens come at a steady rate and are kept up to a second's worth, at least one; whoever comes in takes one. So over
/// any `t` seconds at most `rate` × (`t` + 1) come in (J. Turner, "New directions in communications", IEEE
/// Communications Magazine 24(10), 1986, where it is called a leaky bucket). There is none at the start.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenBucket {
    tokens: f64,
    counted: SimTime,
}

impl TokenBucket {
    /// Takes a token, if there is one at `now`; they have come at `rate_per_s` a second, 0 or more, since somebody last
    /// asked. A rate of 0 is no limit: everybody is let in, and no time is counted.
    pub fn take(&mut self, now: SimTime, rate_per_s: f64) -> bool {
        if rate_per_s == 0.0 {
            return true;
        }
        debug_assert!(now >= self.counted, "tokens were counted at {}, after {now}", self.counted);
        let passed = (now - self.counted).as_secs_f64();
        self.counted = now;
        self.tokens = (self.tokens + passed * rate_per_s).min(rate_per_s.max(1.0));
        let is_open = self.tokens >= 1.0;
        self.tokens -= f64::from(u8::from(is_open));
        is_open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of those who come each millisecond, from second `from` until `to`, are let in.
    fn admitted(bucket: &mut TokenBucket, from: u64, to: u64, rate_per_s: f64) -> usize {
        let moments = (from * 1000..to * 1000).map(|millis| SimTime::from_nanos(millis * 1_000_000));
        moments.filter(|now| bucket.take(*now, rate_per_s)).count()
    }

    #[test]
    fn a_crowd_gets_in_at_the_rate_and_what_is_saved_is_a_seconds_worth() {
        let mut bucket = TokenBucket::default();
        assert!(!bucket.take(SimTime::ZERO, 8.0), "there is no token at the start");
        assert_eq!(admitted(&mut bucket, 0, 10, 8.0), 79);
        // A minute in which nobody comes saves 8 tokens, not 480.
        assert_eq!(admitted(&mut bucket, 70, 71, 8.0), 8 + 7);
    }

    #[test]
    fn a_slow_bucket_still_saves_one_token_and_no_rate_is_no_limit() {
        let mut bucket = TokenBucket::default();
        assert_eq!(admitted(&mut bucket, 0, 41, 0.125), 5);
        assert_eq!(admitted(&mut bucket, 100, 101, 0.125), 1);
        assert_eq!(admitted(&mut bucket, 101, 102, 0.0), 1000);
    }
}
