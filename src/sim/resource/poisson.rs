//! Arrivals at random, one by one.

use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::random::Stream;
use crate::scenario::Scenario;
use crate::time::SimTime;

/// A Poisson process whose rate may change while the run goes on.
///
/// It draws the next arrival as a unit exponential amount of "rate × time" still to pass. A change of rate stretches
/// or squeezes what is left of it instead of drawing again, so the n-th arrival uses the n-th draw at any rate.
#[derive(Debug)]
pub struct Poisson {
    stream: Stream,
    /// The draw after the one under way. It is ready when the arrival happens, so that the processor need not wait for a
    /// logarithm before it knows what happens next.
    ahead: f64,
    /// Mean time between arrivals in nanoseconds; infinite while the process stands still.
    mean_nanos: f64,
    /// Mean times that had still to pass at `since`.
    remaining: f64,
    since: SimTime,
    timer: EventHandle,
}

impl Clone for Poisson {
    #[inline(never)]
    fn clone(&self) -> Self {
        Self { stream: self.stream.clone(), ..*self }
    }
}

impl Poisson {
    /// A process that draws from `stream`. It stands still until [`Poisson::set_rate`] gives it a rate.
    pub fn new(mut stream: Stream) -> Self {
        let [remaining, ahead] = std::array::from_fn(|_| stream.exponential());
        let (mean_nanos, since, timer) = (f64::INFINITY, SimTime::ZERO, EventHandle::NONE);
        Self { stream, ahead, mean_nanos, remaining, since, timer }
    }

    /// From now on arrivals come at `rate_per_s` (per second; 0 stops them); `arrival` is the event of an arrival.
    pub fn set_rate<S: Scenario>(&mut self, rate_per_s: f64, arrival: S::Event, ctx: &mut Ctx<S>) {
        let passed = (ctx.now() - self.since).nanos() as f64 / self.mean_nanos;
        self.remaining = (self.remaining - passed).max(0.0);
        self.since = ctx.now();
        self.mean_nanos = 1e9 / rate_per_s.max(0.0);
        ctx.cancel(self.timer);
        self.schedule(arrival, ctx);
    }

    /// To be called when the arrival happens: draws and schedules the next one.
    pub fn next<S: Scenario>(&mut self, arrival: S::Event, ctx: &mut Ctx<S>) {
        self.remaining = self.ahead;
        self.since = ctx.now();
        self.schedule(arrival, ctx);
        self.ahead = self.stream.exponential();
    }

    fn schedule<S: Scenario>(&mut self, arrival: S::Event, ctx: &mut Ctx<S>) {
        self.timer = if self.mean_nanos < f64::INFINITY {
            ctx.schedule(SimTime::from_nanos((self.remaining * self.mean_nanos) as u64), arrival)
        } else {
            EventHandle::NONE
        };
    }
}
