//! Readers, and what happens to their requests.

use super::tables::{ArrivalMode, Event, Failure};
use super::{CacheStampede, MOST_HELD, SECOND, view};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::metric::FailureReason;
use crate::money::micros;
use crate::random::exponential;
use crate::resource::backoff::Backoff;
use crate::resource::fifo::NONE;
use crate::snapshot::Life;
use crate::time::SimTime;

/// A reader who comes back.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    pub state: ReaderState,
    /// Retries that are left for the page.
    left: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReaderState {
    Away,
    /// Clicks when the event happens: reads, or pauses before another try.
    Planned(EventHandle),
    Waiting,
}

/// Who waits for a page: the name of a reader who comes back, or a new one with so many retries left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Reader(u32),
    New { left: u32 },
}

/// A request that was not answered at once.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    pub who: Who,
    pub arrived: SimTime,
    /// The lock for whose value it waits or that its query holds, if any.
    pub code: u32,
    /// Its own query, if it has one, and when it was sent.
    pub query: u32,
    pub sent: SimTime,
    pub patience: EventHandle,
    /// Whether it stands in the line of its lock, and when it looks at the lock again.
    pub in_line: bool,
    pub look: EventHandle,
}

impl Request {
    /// Whether it waits at a lock without standing in line, until it looks again.
    pub fn polls(&self) -> bool {
        self.query == NONE && !self.in_line && self.look != EventHandle::NONE
    }
}

/// Waits longer than this are noticed.
const NOTICED: SimTime = SimTime::from_nanos(SECOND.nanos() / 10);

type Context = Ctx<CacheStampede>;

impl CacheStampede {
    /// Readers who come back, as many as the parameters say.
    fn members(ctx: &Context) -> u32 {
        match ctx.params.arrival_mode {
            ArrivalMode::Closed => ctx.params.users as u32,
            ArrivalMode::Open => 0,
        }
    }

    /// Lets in readers who are missing and the right rate of new ones; readers who are too many leave when they would
    /// click next.
    pub(super) fn set_readers(&mut self, ctx: &mut Context) {
        let members = Self::members(ctx);
        for id in 0..members {
            match self.readers.get(id as usize) {
                Some(reader) if reader.state != ReaderState::Away => continue,
                Some(_) => {}
                None => self.readers.push(Reader { state: ReaderState::Away, left: 0 }),
            }
            self.read_on(id, ctx);
        }
        let rate = if ctx.params.arrival_mode == ArrivalMode::Open { ctx.params.arrival_rps } else { 0.0 };
        self.arrivals.set_rate(rate, Event::Arrive, ctx);
    }

    /// The reader reads, and then clicks again; or leaves.
    fn read_on(&mut self, id: u32, ctx: &mut Context) {
        let stays = id < Self::members(ctx);
        let Some(reader) = self.readers.get_mut(id as usize) else { return };
        reader.left = ctx.params.retries_max as u32;
        reader.state = if stays {
            let think = SimTime::from_secs_f64(self.thinking.exponential() * ctx.params.think_s);
            ReaderState::Planned(ctx.schedule(think, Event::Click(id)))
        } else {
            ReaderState::Away
        };
    }

    /// The pause of a new reader who failed is over: they try again, unless readers do so no more.
    pub(super) fn come_again(&mut self, left: u32, ctx: &mut Context) {
        self.pausing = self.pausing.saturating_sub(1);
        let most = ctx.params.retries_max as u32;
        if most > 0 {
            self.ask(Who::New { left: left.min(most) }, ctx);
        }
    }

    pub(super) fn click(&mut self, id: u32, ctx: &mut Context) {
        let stays = id < Self::members(ctx);
        if let Some(reader) = self.readers.get_mut(id as usize) {
            reader.state = if stays { ReaderState::Waiting } else { ReaderState::Away };
        }
        if stays {
            self.ask(Who::Reader(id), ctx);
        }
    }

    /// Every reader who would click some time clicks now.
    pub(super) fn break_news(&mut self, ctx: &mut Context) {
        for (id, reader) in self.readers.iter_mut().enumerate() {
            if let ReaderState::Planned(handle) = reader.state {
                ctx.cancel(handle);
                reader.state = ReaderState::Planned(ctx.schedule(SimTime::ZERO, Event::Click(id as u32)));
            }
        }
    }

    /// A request arrives.
    pub(super) fn ask(&mut self, who: Who, ctx: &mut Context) {
        ctx.metrics.arrived.add_one();
        self.second.asked += 1;
        // Drawn whatever happens to the request, so that two runs share the keys as long as they share the arrivals.
        let key = self.interest.pick(self.choice.unit());
        let processes = ctx.params.app_processes.max(1) as u32;
        let process = self.turn % processes;
        self.turn = (process + 1) % processes;
        if self.controls.is_shut || !self.door.take(ctx.now(), ctx.params.admission_rps) {
            self.fail_at_once(who, Failure::Shed, ctx);
            return;
        }
        match self.look(key, process, ctx) {
            Look::Fresh => {
                ctx.metrics.hits.add_one();
                self.second.hits += 1;
                self.answer(who, SimTime::ZERO, ctx);
                let now = ctx.now();
                ctx.end(|| view::at_once(now, "read from the cache", None));
            }
            Look::Stale(age) => {
                ctx.metrics.stale_served.add_one();
                ctx.metrics.stale_age_s.observe(age);
                self.second.stale += 1;
                self.answer(who, SimTime::ZERO, ctx);
                let now = ctx.now();
                ctx.end(|| view::at_once(now, "read an expired page", None));
            }
            Look::Error => self.fail_at_once(who, Failure::CachedError, ctx),
            Look::Miss if self.requests.len() >= MOST_HELD => {
                self.fail_at_once(who, Failure::CapRejected, ctx);
            }
            Look::Miss => {
                let patience = SimTime::from_millis_f64(ctx.params.timeout_ms);
                let now = ctx.now();
                let id = self.requests.insert(Request {
                    who,
                    arrived: now,
                    code: NONE,
                    query: NONE,
                    sent: now,
                    patience: EventHandle::NONE,
                    in_line: false,
                    look: EventHandle::NONE,
                });
                ctx.metrics.waiting.set(now, self.requests.len() as u64);
                let patience = ctx.schedule_limit(patience, Event::TimeOut(id));
                if let Some(request) = self.requests.get_mut(id) {
                    request.patience = patience;
                }
                self.fetch(id, key, process, ctx);
            }
        }
    }

    /// Somebody gets the page after so long a wait.
    fn answer(&mut self, who: Who, waited: SimTime, ctx: &mut Context) {
        ctx.metrics.good.add_one();
        ctx.metrics.goodput_rps.add_one();
        ctx.metrics.wait_ms.observe(waited);
        self.second.good += 1;
        if waited > NOTICED {
            ctx.metrics.slow.add_one();
            self.second.slow += 1;
        }
        self.last_good = ctx.now();
        if let Who::Reader(id) = who {
            self.read_on(id, ctx);
        }
    }

    /// Takes the record of a request that is over.
    fn forget(&mut self, id: u32, ctx: &mut Context) -> Option<Request> {
        let request = self.requests.remove(id)?;
        ctx.cancel(request.patience);
        ctx.cancel(request.look);
        self.sojourns += u128::from((ctx.now() - request.arrived).nanos());
        ctx.metrics.waiting.set(ctx.now(), self.requests.len() as u64);
        Some(request)
    }

    /// A request that waited is answered.
    pub(super) fn answer_waiting(&mut self, id: u32, ctx: &mut Context) {
        if let Some(request) = self.forget(id, ctx) {
            let now = ctx.now();
            self.waited.0 += 1;
            self.waited.1 += u128::from((now - request.arrived).nanos());
            self.answer(request.who, now - request.arrived, ctx);
            ctx.end(|| view::life(&request, now, Some("answered"), false));
        }
    }

    /// A request that waited fails.
    pub(super) fn fail(&mut self, id: u32, failure: Failure, ctx: &mut Context) {
        if let Some(request) = self.forget(id, ctx) {
            let now = ctx.now();
            self.lose(request.who, failure, || view::life(&request, now, Some(failure.id()), true), ctx);
        }
    }

    fn fail_at_once(&mut self, who: Who, failure: Failure, ctx: &mut Context) {
        let now = ctx.now();
        let name = if failure == Failure::CachedError { "read a kept error" } else { "turned away" };
        self.lose(who, failure, || view::at_once(now, name, Some(failure.id())), ctx);
    }

    /// Counts a request that failed; its reader tries again, or gives the page up.
    fn lose(&mut self, who: Who, failure: Failure, life: impl FnOnce() -> Life, ctx: &mut Context) {
        failure.count(&mut ctx.metrics);
        ctx.metrics.failed.add_one();
        self.second.failed += 1;
        ctx.metrics.lost_pages_usd.enter(micros(ctx.params.page_value_usd));
        ctx.end(life);
        let most = ctx.params.retries_max as u32;
        match who {
            Who::Reader(id) => {
                let left = self.readers.get(id as usize).map_or(0, |reader| reader.left.min(most));
                if left == 0 {
                    self.read_on(id, ctx);
                    return;
                }
                let pause = self.pause(ctx);
                if let Some(reader) = self.readers.get_mut(id as usize) {
                    reader.left = left - 1;
                    reader.state = ReaderState::Planned(ctx.schedule(pause, Event::Click(id)));
                }
            }
            Who::New { left } => {
                let left = left.min(most);
                if left > 0 && self.pausing < MOST_HELD {
                    let pause = self.pause(ctx);
                    self.pausing += 1;
                    ctx.schedule(pause, Event::Retry(left - 1));
                }
            }
        }
    }

    /// How long a reader waits before another try.
    fn pause(&mut self, ctx: &Context) -> SimTime {
        let (least, most) = (ctx.params.retry_min_ms, ctx.params.retry_max_ms);
        let backoff = Backoff { least, most, growth: 1.0, cap: f64::INFINITY };
        SimTime::from_millis_f64(backoff.pause(0, self.retries.unit()))
    }

    /// A reader's patience is over.
    pub(super) fn time_out(&mut self, id: u32, ctx: &mut Context) {
        let Some(request) = self.requests.get(id).copied() else { return };
        if request.query == NONE {
            self.leave_line(id);
            if !request.polls() || !self.finds_result(id, ctx) {
                self.fail(id, Failure::WaiterTimeout, ctx);
            }
        } else {
            self.fail(id, Failure::Timeout, ctx);
            self.abandon(request.query, ctx);
        }
    }
}

/// What a request finds in the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Fresh,
    /// It expired so long ago and is given out all the same.
    Stale(SimTime),
    /// The error of a query that failed is kept.
    Error,
    Miss,
}

/// How interesting the keys are.
#[derive(Clone, Debug)]
pub struct Interest {
    keys: u32,
    /// The share of all interest that a key and those before it have; empty where all are alike.
    shares: Vec<f64>,
}

impl Interest {
    /// `keys` keys by Zipf's law: the interest in the n-th is in proportion to n to the power of -`skew`.
    pub fn new(keys: u64, skew: f64) -> Self {
        let keys = keys.max(1) as u32;
        let mut shares = Vec::new();
        if skew > 0.0 && keys > 1 {
            let mut sum = 0.0;
            shares.extend((1..=keys).map(|rank| {
                sum += libm::pow(f64::from(rank), -skew);
                sum
            }));
            for share in &mut shares {
                *share /= sum;
            }
        }
        Self { keys, shares }
    }

    /// The key that belongs to `unit` in [0, 1).
    pub fn pick(&self, unit: f64) -> u32 {
        let key = if self.shares.is_empty() {
            (unit * f64::from(self.keys)) as u32
        } else {
            self.shares.partition_point(|share| *share <= unit) as u32
        };
        key.min(self.keys - 1)
    }
}

/// The size in units of the mean that two numbers in [0, 1) belong to, where the logarithm is normal with a standard
/// deviation of `sigma`; by Box and Muller (1958). The mean of exp(sigma z) is exp(sigma^2 / 2), by which it is
/// divided.
pub fn log_normal(sigma: f64, first: f64, second: f64) -> f64 {
    let normal = libm::sqrt(2.0 * exponential(first)) * libm::cos(core::f64::consts::TAU * second);
    libm::exp(sigma * normal - sigma * sigma / 2.0)
}
