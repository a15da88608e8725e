//! Bytes that flow at a steady rate between two events, counted without rounding.

use crate::time::SimTime;

/// Parts of a byte in which a fluid is counted: a byte a second is one of them a nanosecond.
const PARTS: u64 = 1_000_000_000;
/// Bytes a second at most: what a second brings is counted in 64 bits.
const MOST_RATE: u64 = u64::MAX / PARTS - 1;

/// A flow of bytes at a rate that changes only now and then. Its total is exact, so that flows which branch off each other
/// add up to the last part of a byte, and the moment at which it reaches a level is a whole nanosecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fluid {
    /// Bytes a second.
    rate: u64,
    /// Up to `since`: whole bytes, and parts of the next one.
    bytes: u64,
    rest: u64,
    since: SimTime,
}

impl Fluid {
    /// Flows at `rate` bytes a second from `now` on, or at 18 GB/s if that is less.
    pub fn set_rate(&mut self, now: SimTime, rate: u64) {
        (self.bytes, self.rest) = self.total(now);
        (self.rate, self.since) = (rate.min(MOST_RATE), now);
    }

    /// Bytes a second.
    pub fn rate(&self) -> u64 {
        self.rate
    }

    /// Whole bytes that have flowed until `now`, and parts of the next one.
    fn total(&self, now: SimTime) -> (u64, u64) {
        let nanos = (now - self.since).nanos();
        let parts = self.rest + self.rate * (nanos % PARTS);
        (self.bytes + self.rate * (nanos / PARTS) + parts / PARTS, parts % PARTS)
    }

    /// All that has flowed until `now`, in billionths of a byte.
    pub fn parts(&self, now: SimTime) -> u128 {
        let (bytes, rest) = self.total(now);
        u128::from(bytes) * u128::from(PARTS) + u128::from(rest)
    }

    /// Whole bytes that have flowed until `now`.
    pub fn bytes(&self, now: SimTime) -> u64 {
        self.total(now).0
    }

    /// How long after `now` it takes until `bytes` more whole bytes have flowed than have until now; never, where nothing
    /// flows.
    pub fn time_for(&self, now: SimTime, bytes: u64) -> SimTime {
        if self.rate == 0 || bytes == 0 {
            return if bytes == 0 { SimTime::ZERO } else { SimTime::MAX };
        }
        let rest = self.total(now).1;
        let (secs, left) = (bytes / self.rate, bytes % self.rate);
        // What is there of the next byte is less than a byte, so that at most one second is too many.
        let (secs, parts) = match (left * PARTS).checked_sub(rest) {
            Some(parts) => (secs, parts),
            None => (secs - 1, self.rate * PARTS - rest),
        };
        SimTime::from_secs(secs) + SimTime::from_nanos(parts.div_ceil(self.rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_reached_at_the_first_nanosecond_at_which_it_is() {
        let mut fluid = Fluid::default();
        assert_eq!(fluid.time_for(SimTime::ZERO, 1), SimTime::MAX);
        for rate in [3, 7, 46_300_000, 131_072_000, 12_500_000_000] {
            let now = SimTime::from_nanos(1_000_000_007);
            fluid.set_rate(now, rate);
            for bytes in [1, 2, 1000, 2_000_000_001] {
                let at = now + fluid.time_for(now, bytes);
                let has = fluid.bytes(now);
                assert!(fluid.bytes(at) >= has + bytes, "{bytes} at {rate}");
                assert!(fluid.bytes(at.previous()) < has + bytes, "{bytes} at {rate}");
            }
        }
    }

    /// A third of a byte a second, looked at a million times.
    #[test]
    fn nothing_is_lost_however_often_the_rate_is_set() {
        let mut fluid = Fluid::default();
        for step in 0..1_000_000_u64 {
            fluid.set_rate(SimTime::from_nanos(step * 333), 1 + step % 2);
        }
        let exact: u128 = (0..999_999_u64).map(|step| u128::from(1 + step % 2) * 333).sum();
        assert_eq!(fluid.parts(SimTime::from_nanos(999_999 * 333)), exact);
    }

    #[test]
    fn branches_add_up_to_what_they_branch_off_from() {
        let [mut whole, mut one, mut other] = [Fluid::default(); 3];
        for step in 0..1000_u64 {
            let (now, rate) = (SimTime::from_nanos(step * 777_777), step * 991);
            whole.set_rate(now, rate);
            one.set_rate(now, rate / 3);
            other.set_rate(now, rate - rate / 3);
            assert_eq!(whole.parts(now), one.parts(now) + other.parts(now));
        }
        // What takes longer than any run takes for ever.
        assert_eq!(whole.time_for(SimTime::from_secs(30 * 86_400), u64::MAX), SimTime::MAX);
    }
}
