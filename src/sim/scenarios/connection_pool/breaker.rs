//! The circuit breaker.

use super::SECOND;
use crate::time::SimTime;

/// A circuit breaker in front of the downstream system.
#[derive(Clone, Debug, Default)]
pub struct Breaker {
    /// Calls that ended, and that failed, in each of the last ten seconds.
    calls: [(u32, u32); 10],
    /// The second that the last call ended in.
    second: u64,
    state: BreakerState,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum BreakerState {
    #[default]
    Closed,
    OpenUntil(SimTime),
    /// Probes that may still go through.
    HalfOpen(u32),
}

/// It opens when half of at least so many calls in ten seconds failed …
const BREAKER_CALLS: u32 = 20;
/// … for this long, its last moment included, and then lets so many probes through.
const BREAKER_OPEN: SimTime = SimTime::from_secs(30);
const BREAKER_PROBES: u32 = 5;

impl Breaker {
    /// Whether a call may go through now.
    pub fn lets_through(&mut self, now: SimTime) -> bool {
        match self.state {
            BreakerState::Closed => true,
            BreakerState::OpenUntil(end) if now <= end => false,
            BreakerState::OpenUntil(_) => {
                self.state = BreakerState::HalfOpen(BREAKER_PROBES - 1);
                true
            }
            BreakerState::HalfOpen(probes) => {
                self.state = BreakerState::HalfOpen(probes.saturating_sub(1));
                probes > 0
            }
        }
    }

    /// A call has ended.
    pub fn hear(&mut self, now: SimTime, is_good: bool) {
        let second = now.nanos() / SECOND.nanos();
        for passed in self.second + 1..=second.min(self.second + 10) {
            self.calls[(passed % 10) as usize] = (0, 0);
        }
        self.second = second;
        match self.state {
            BreakerState::OpenUntil(_) => {}
            // It was open for longer than calls are remembered.
            BreakerState::HalfOpen(_) if is_good => self.state = BreakerState::Closed,
            BreakerState::HalfOpen(_) => self.state = BreakerState::OpenUntil(now + BREAKER_OPEN),
            BreakerState::Closed => {
                let slot = &mut self.calls[(second % 10) as usize];
                slot.0 += 1;
                slot.1 += u32::from(!is_good);
                let (ended, failed) =
                    self.calls.iter().fold((0, 0), |sum, slot| (sum.0 + slot.0, sum.1 + slot.1));
                if !is_good && ended >= BREAKER_CALLS && 2 * failed >= ended {
                    self.state = BreakerState::OpenUntil(now + BREAKER_OPEN);
                }
            }
        }
    }

    /// Whether it lets no call through, or only probes.
    pub fn is_open(&self) -> bool {
        self.state != BreakerState::Closed
    }

    /// Whether all probes are on their way.
    #[cfg(test)]
    pub fn is_waiting_for_probes(&self) -> bool {
        self.state == BreakerState::HalfOpen(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: f64) -> SimTime {
        SimTime::from_secs_f64(secs)
    }

    /// `calls` calls, a hundredth of a second apart from `secs` on, of which the last `failed` fail.
    fn hear(breaker: &mut Breaker, secs: f64, calls: u32, failed: u32) {
        for call in 0..calls {
            breaker.hear(at(secs + f64::from(call) / 100.0), call < calls - failed);
        }
    }

    #[test]
    fn it_opens_when_half_of_twenty_calls_in_ten_seconds_failed() {
        for (calls, failed, opens) in [(20, 10, true), (20, 9, false), (19, 19, false), (40, 20, true)] {
            let mut breaker = Breaker::default();
            hear(&mut breaker, 5.0, calls, failed);
            assert_eq!(breaker.is_open(), opens, "{failed} of {calls} failed");
            assert_eq!(breaker.lets_through(at(6.0)), !opens);
        }
    }

    #[test]
    fn what_happened_ten_seconds_ago_is_forgotten() {
        let mut breaker = Breaker::default();
        hear(&mut breaker, 1.0, 15, 15);
        hear(&mut breaker, 11.0, 15, 15);
        assert!(!breaker.is_open(), "fifteen calls in ten seconds are not twenty");
        hear(&mut breaker, 12.0, 5, 5);
        assert!(breaker.is_open());
    }

    #[test]
    fn after_thirty_seconds_five_probes_decide() {
        let mut breaker = Breaker::default();
        hear(&mut breaker, 0.0, 20, 20);
        let opened = at(0.19);
        assert!(!breaker.lets_through(opened + BREAKER_OPEN));
        let probed =
            |breaker: &mut Breaker, from: SimTime| (0..10).filter(|_| breaker.lets_through(from)).count();
        let probing = opened + BREAKER_OPEN + SimTime::from_nanos(1);
        assert_eq!(probed(&mut breaker, probing), 5);
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
