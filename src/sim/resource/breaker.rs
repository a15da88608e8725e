//! A circuit breaker: calls fail at once while those before them fail too often.

use super::rolling::Rolling;
use crate::time::SimTime;

/// A circuit breaker after M. Nygard, "Release It!" (2007): closed it lets every call through. It opens when too many of
/// the calls failed that ended in the last `N` seconds, counted by whole seconds of the clock. Once it has been open
/// for its time it lets some probes through; the first to end decides whether it closes or stays open as long again.
#[derive(Clone, Copy, Debug)]
pub struct Breaker<const N: usize> {
    least_calls: u64,
    failed_share: f64,
    open_for: SimTime,
    probes: u32,
    /// Calls that ended, and that failed.
    calls: Rolling<(u64, u64), N>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed,
    OpenUntil(SimTime),
    /// Probes that may still go through.
    HalfOpen(u32),
}

impl<const N: usize> Breaker<N> {
    /// A closed breaker. It opens when at least `least_calls` calls ended and this share of them, from 0 to 1, failed; it
    /// stays open for `open_for`, the last moment included, and then lets `probes` calls through, at least 1.
    pub fn new(least_calls: u64, failed_share: f64, open_for: SimTime, probes: u32) -> Self {
        Self {
            least_calls,
            failed_share,
            open_for,
            probes: probes.max(1),
            calls: Rolling::default(),
            state: State::Closed,
        }
    }

    /// Whether a call may go through now.
    pub fn lets_through(&mut self, now: SimTime) -> bool {
        match self.state {
            State::Closed => true,
            State::OpenUntil(end) if now <= end => false,
            State::OpenUntil(_) => {
                self.state = State::HalfOpen(self.probes - 1);
                true
            }
            State::HalfOpen(probes) => {
                self.state = State::HalfOpen(probes.saturating_sub(1));
                probes > 0
            }
        }
    }

    /// A call has ended.
    pub fn hear(&mut self, now: SimTime, is_good: bool) {
        let slot = self.calls.at(now);
        match self.state {
            State::OpenUntil(_) => {}
            State::HalfOpen(_) if is_good => {
                // What failed before is known to be over.
                self.calls = Rolling::default();
                self.state = State::Closed;
            }
            State::HalfOpen(_) => self.state = State::OpenUntil(now + self.open_for),
            State::Closed => {
                *slot = (slot.0 + 1, slot.1 + u64::from(!is_good));
                let (ended, failed) =
                    self.calls.iter().fold((0, 0), |sum, slot| (sum.0 + slot.0, sum.1 + slot.1));
                let is_much = failed as f64 >= self.failed_share * ended as f64;
                if !is_good && ended >= self.least_calls && is_much {
                    self.state = State::OpenUntil(now + self.open_for);
                }
            }
        }
    }

    /// Whether it lets no call through, or only probes.
    pub fn is_open(&self) -> bool {
        self.state != State::Closed
    }

    /// Whether all probes are on their way.
    pub fn is_waiting_for_probes(&self) -> bool {
        self.state == State::HalfOpen(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: SimTime = SimTime::from_secs(30);

    fn breaker() -> Breaker<10> {
        Breaker::new(20, 0.5, OPEN, 5)
    }

    fn at(secs: f64) -> SimTime {
        SimTime::from_secs_f64(secs)
    }

    /// `calls` calls, a hundredth of a second apart from `secs` on, of which the last `failed` fail.
    fn hear(breaker: &mut Breaker<10>, secs: f64, calls: u32, failed: u32) {
        for call in 0..calls {
            breaker.hear(at(secs + f64::from(call) / 100.0), call < calls - failed);
        }
    }

    #[test]
    fn it_opens_when_half_of_twenty_calls_in_ten_seconds_failed() {
        for (calls, failed, opens) in [(20, 10, true), (20, 9, false), (19, 19, false), (40, 20, true)] {
            let mut breaker = breaker();
            hear(&mut breaker, 5.0, calls, failed);
            assert_eq!(breaker.is_open(), opens, "{failed} of {calls} failed");
            assert_eq!(breaker.lets_through(at(6.0)), !opens);
        }
    }

    #[test]
    fn what_happened_ten_seconds_ago_is_forgotten() {
        let mut breaker = breaker();
        hear(&mut breaker, 1.0, 15, 15);
        hear(&mut breaker, 11.0, 15, 15);
        assert!(!breaker.is_open(), "fifteen calls in ten seconds are not twenty");
        hear(&mut breaker, 12.0, 5, 5);
        assert!(breaker.is_open());
    }

    #[test]
    fn after_thirty_seconds_five_probes_decide() {
        let mut breaker = breaker();
        hear(&mut breaker, 0.0, 20, 20);
        let opened = at(0.19);
        assert!(!breaker.lets_through(opened + OPEN) && !breaker.is_waiting_for_probes());
        let probed =
            |breaker: &mut Breaker<10>, from: SimTime| (0..10).filter(|_| breaker.lets_through(from)).count();
        let probing = opened + OPEN + SimTime::from_nanos(1);
        assert!((0..4).all(|_| breaker.lets_through(probing)) && !breaker.is_waiting_for_probes());
        assert_eq!(probed(&mut breaker, probing), 1);
        assert!(breaker.is_waiting_for_probes());
        // One failure opens it again, whatever the others say afterwards.
        breaker.hear(probing + at(1.0), false);
        breaker.hear(probing + at(1.0), true);
        assert!(breaker.is_open() && !breaker.lets_through(probing + at(31.0)));
        let again = probing + at(31.0) + SimTime::from_nanos(1);
        assert_eq!(probed(&mut breaker, again), 5);
        // One success closes it, and the failures before are forgotten.
        breaker.hear(again + at(0.1), true);
        assert!(!breaker.is_open());
        hear(&mut breaker, 62.0, 19, 19);
        assert!(!breaker.is_open());
    }
}
