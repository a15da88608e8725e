//! Everyone at once: a news site whose front page leaves the cache after sixty seconds, and the ten thousand readers
//! who then ask the database.
//!
//! A request looks into the cache. If the page is not there it sends a query, or waits for somebody else's, as the
//! protections say. The hit ratio, the stampede and whether it ever ends follow from that; none of them is set.
//!
//! ```text
//! readers ──▶ load balancer ──▶ app ──▶ cache ──▶ database
//!                                         └──▶ answered ◀──┘
//! ```
//!
//! Read on in [`tables`] (what there is to set and to measure), [`readers`] (who asks, and what becomes of it),
//! [`cache`] (entries), [`locks`] (who waits for whose query), [`database`] (queries), [`control`] (what the team does,
//! and what each second says), and [`view`] (what a screen shows, and the equations that hold).

mod cache;
mod control;
mod database;
mod inert;
mod locks;
mod presets;
mod readers;
mod tables;
#[cfg(test)]
mod tests;
mod view;

pub use self::tables::{
    Action, ArrivalMode, Discipline, LockScope, Metrics, Params, QueryDistribution, StaleRefresh,
};

use litemap::LiteMap;

use self::cache::Entry;
use self::control::{Controls, Second, Trouble};
use self::database::Query;
use self::locks::Lock;
use self::readers::{Interest, Reader, Request, Who};
use self::tables::{Event, SPEC};
use crate::engine::Ctx;
use crate::inert::Rule;
use crate::money::Priced;
use crate::random::Stream;
use crate::resource::fifo::{Fifo, Slab};
use crate::resource::poisson::Poisson;
use crate::resource::station::Station;
use crate::resource::token_bucket::TokenBucket;
use crate::scenario::{Identity, Scenario};
use crate::snapshot::{Life, Snapshot};
use crate::spec::ScenarioSpec;
use crate::time::SimTime;

const SECOND: SimTime = SimTime::from_secs(1);
/// Queries and requests held at most, each, so that memory is bounded; more are rejected.
const MOST_HELD: usize = 1_000_000;

/// The state of the news site.
#[derive(Clone, Debug)]
pub struct CacheStampede {
    arrivals: Poisson,
    thinking: Stream,
    /// Which key a request is for.
    choice: Stream,
    sizes: Stream,
    /// Which queries fail.
    faults: Stream,
    jitter: Stream,
    /// Whether a read refreshes early.
    eagerness: Stream,
    retries: Stream,
    readers: Vec<Reader>,
    /// New readers who pause before another try.
    pausing: usize,
    interest: Interest,
    /// The app process that is next in turn.
    turn: u32,
    requests: Slab<Request>,
    entries: Vec<Entry>,
    locks: LiteMap<u32, Lock>,
    queries: Slab<Query>,
    /// Queries so far: each has a number that is never used again.
    numbers: u64,
    shared: Station<Event>,
    /// Queries in line for a core, and those that have one to themselves.
    queue: Fifo,
    running: u64,
    controls: Controls,
    door: TokenBucket,
    second: Second,
    trouble: Trouble,
    last_good: SimTime,
    /// For the identities.
    sojourns: u128,
    /// Requests that waited and were answered, and how long they waited in all.
    waited: (u64, u128),
    losses: Priced,
}

impl Scenario for CacheStampede {
    const SPEC: ScenarioSpec = SPEC;
    type Params = Params;
    type Metrics = Metrics;
    type Event = Event;

    fn start(ctx: &mut Ctx<Self>) -> Self {
        let mut site = Self {
            arrivals: Poisson::new(ctx.stream("arrivals")),
            thinking: ctx.stream("thinking"),
            choice: ctx.stream("keys"),
            sizes: ctx.stream("queries"),
            faults: ctx.stream("query failures"),
            jitter: ctx.stream("jitter"),
            eagerness: ctx.stream("early refresh"),
            retries: ctx.stream("retries"),
            readers: Vec::new(),
            pausing: 0,
            interest: Interest::new(ctx.params.keys, ctx.params.key_skew),
            turn: 0,
            requests: Slab::default(),
            entries: Vec::new(),
            locks: LiteMap::new(),
            queries: Slab::default(),
            numbers: 0,
            shared: Station::new(ctx.params.db_cores, Event::SharedEnd),
            queue: Fifo::default(),
            running: 0,
            controls: Controls::default(),
            door: TokenBucket::default(),
            second: Second::default(),
            trouble: Trouble::default(),
            last_good: SimTime::ZERO,
            sojourns: 0,
            waited: (0, 0),
            losses: Priced::default(),
        };
        site.fill_all(ctx);
        site.set_readers(ctx);
        ctx.schedule_limit(SECOND, Event::Second);
        site
    }

    fn handle(&mut self, event: Event, ctx: &mut Ctx<Self>) {
        match event {
            Event::Click(reader) => self.click(reader, ctx),
            Event::Arrive => {
                self.arrivals.next(Event::Arrive, ctx);
                let left = ctx.params.retries_max as u32;
                self.ask(Who::New { left }, ctx);
            }
            Event::Retry(left) => self.come_again(left, ctx),
            Event::TimeOut(id) => self.time_out(id, ctx),
            Event::SharedEnd => self.end_shared(ctx),
            Event::QueryEnd(id) => self.end_running(id, ctx),
            Event::Expire(key) => self.expire(key, ctx),
            Event::LockExpires(code) => self.pass_on(code, ctx),
            Event::LookAgain(id) => self.look_again(id, ctx),
            Event::DatabaseUp => self.come_up(),
            Event::Second => {
                ctx.schedule_limit(SECOND, Event::Second);
                self.count_second(ctx);
            }
        }
    }

    fn change(&mut self, before: &Params, ctx: &mut Ctx<Self>) {
        self.losses.reprice(ctx.metrics.failed.total(), before.page_value_usd);
        let now = &ctx.params;
        if (now.keys, now.key_skew) != (before.keys, before.key_skew) {
            self.interest = Interest::new(now.keys, now.key_skew);
            self.add_entries(ctx);
        }
        let now = &ctx.params;
        if (now.users, now.arrival_mode, now.arrival_rps)
            != (before.users, before.arrival_mode, before.arrival_rps)
        {
            self.set_readers(ctx);
        }
        let has_changed = ctx.params.db_discipline != before.db_discipline;
        if has_changed || ctx.params.db_cores != before.db_cores {
            self.change_cores(has_changed, ctx);
        }
        if ctx.params.cancel_on_timeout && !before.cancel_on_timeout {
            self.cancel_zombies(ctx);
        }
    }

    fn act(&mut self, index: usize, ctx: &mut Ctx<Self>) {
        if let Some(action) = Action::at(index) {
            self.take_action(action, ctx);
        }
    }

    fn snapshot(&self, ctx: &Ctx<Self>) -> Snapshot {
        self.diagram(ctx)
    }

    fn request(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        self.life_at(node, position, ctx)
    }

    fn live_records(&self) -> u64 {
        u64::from(self.requests.end() + self.queries.end()) + (self.readers.len() + self.entries.len()) as u64
    }

    fn inert(params: &Params) -> Vec<Rule> {
        inert::rules(params)
    }

    fn identities(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        self.equations(ctx)
    }
}
