//! The 47 emails: a worker takes a message, sends the mail, and dies before it tells the queue.
//!
//! Every order is a message in a queue that lends it to one worker at a time. The worker goes through the steps of
//! its handler; when it dies the lease lapses, the message shows again, and the next worker mails again. What keeps
//! the effect unique is a choice of listings, and the learner decides at which step workers die.

mod choices;
mod code;
mod exhibits;
#[cfg(test)]
mod faults;
mod flow;
mod handler;
mod inert;
mod keys;
mod worker;
mod matrix;
mod orders;
#[cfg(test)]
mod overlap;
mod presets;
mod race;
mod tables;
mod view;
mod work;

pub use self::handler::{Step, listing};
pub use self::race::race;
pub use self::tables::{
    Action, CrashKind, CrashScope, CrashStep, Dedupe, KeyKind, LateAck, LogPosition, MailService, Metrics,
    Params,
};

use self::flow::Body;
use self::orders::Orders;
use self::tables::{Event, SPEC};
use self::worker::Worker;
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::exhibit::{Exhibit, ExhibitSpec};
use crate::inert::Rule;
use crate::random::Stream;
use crate::resource::leased_queue::LeasedQueue;
use crate::resource::poisson::Poisson;
use crate::scenario::{Identity, Scenario};
use crate::snapshot::{Life, Snapshot};
use crate::spec::ScenarioSpec;
use crate::time::SimTime;

/// Workers that there can be.
const MOST_WORKERS: usize = 64;
/// Messages held at most, so that memory is bounded; no order comes in beyond that.
const MOST_HELD: u64 = 1_000_000;
/// Work until the fix of the log line is live: half an hour.
pub const FIX_TAKES: SimTime = SimTime::from_secs(1800);
/// A customer who asks for the mail once more does so ten minutes after the order.
const RESEND_AFTER: SimTime = SimTime::from_secs(600);
/// The replica of the marker store is never further behind, in seconds.
const MOST_LAG_S: f64 = 60.0;
const SECOND: SimTime = SimTime::from_secs(1);

/// The state of the shop.
#[derive(Clone, Debug)]
pub struct DuplicateDelivery {
    arrivals: Poisson,
    crashes: Stream,
    background: Stream,
    resends: Stream,
    heartbeats: Stream,
    mail_service: Stream,
    queue: LeasedQueue<Body>,
    /// All that there can be, whether at present they are there or not.
    workers: Vec<Worker>,
    /// Lanes that the diagram shows.
    shown: usize,
    /// The worker whose turn it is.
    turn: usize,
    orders: Orders,
    /// When the queue has to be looked at again.
    due: SimTime,
    due_event: EventHandle,
    fix: Fix,
    most_receives: u32,
    counts: Counts,
    spans: Spans,
}

/// Parameters as times. They are asked for after every event and change rarely.
#[derive(Clone, Copy, Debug)]
struct Spans {
    retention: SimTime,
    dlq_retention: SimTime,
    pickup_delay: SimTime,
}

impl Spans {
    fn of(params: &Params) -> Self {
        let span = SimTime::from_secs_f64;
        Self {
            retention: span(params.retention_s),
            dlq_retention: span(params.dlq_retention_s),
            pickup_delay: span(params.pickup_delay_s),
        }
    }
}

/// What has become of the fix of the log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fix {
    None,
    InWork,
    Live,
}

/// What the diagram and the identities count.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    /// Attempts that came to their end, and that left without an ack.
    returned: u64,
    left: u64,
    /// Messages that a worker had received and not begun when it died.
    not_begun: u64,
    /// Mails that the mail service refused for their key.
    refused: u64,
    /// Mails of order 0.
    inbox_0: u64,
    /// Customers who complained.
    complaints: u64,
}

impl Scenario for DuplicateDelivery {
    const SPEC: ScenarioSpec = SPEC;
    type Params = Params;
    type Metrics = Metrics;
    type Event = Event;

    fn start(ctx: &mut Ctx<Self>) -> Self {
        let workers = (ctx.params.workers as usize).clamp(1, MOST_WORKERS);
        let mut shop = Self {
            arrivals: Poisson::new(ctx.stream("arrivals")),
            crashes: ctx.stream("crashes"),
            background: ctx.stream("background"),
            resends: ctx.stream("resends"),
            heartbeats: ctx.stream("heartbeats"),
            mail_service: ctx.stream("mail service"),
            queue: LeasedQueue::new(),
            workers: vec![Worker::default(); MOST_WORKERS],
            shown: workers.min(view::MOST_SHOWN),
            turn: 0,
            orders: Orders::default(),
            due: SimTime::MAX,
            due_event: EventHandle::NONE,
            fix: Fix::None,
            most_receives: 0,
            counts: Counts::default(),
            spans: Spans::of(&ctx.params),
        };
        shop.set_rate(ctx);
        ctx.schedule(SECOND, Event::Second);
        shop.order(ctx);
        shop.settle(ctx);
        shop
    }

    fn handle(&mut self, event: Event, ctx: &mut Ctx<Self>) {
        match event {
            Event::Order => {
                self.arrivals.next(Event::Order, ctx);
                self.order(ctx);
            }
            Event::Resend(order) => self.ask_again(order, ctx),
            Event::Due => {
                self.due = SimTime::MAX;
                self.lapse(ctx);
                self.pick_up(ctx);
                self.expire(ctx);
            }
            Event::StepEnd(worker) => self.end_step(worker as usize, ctx),
            Event::Up(worker) => self.come_up(worker as usize),
            Event::Heartbeat(worker) => self.beat(worker as usize, ctx),
            Event::FixLive => {
                self.fix = Fix::Live;
                ctx.take_effect(Action::DeployLogFix as usize);
            }
            Event::Second => {
                ctx.schedule(SECOND, Event::Second);
            }
        }
        self.settle(ctx);
    }

    fn change(&mut self, before: &Params, ctx: &mut Ctx<Self>) {
        if ctx.params.order_rate_per_min != before.order_rate_per_min {
            self.set_rate(ctx);
        }
        self.spans = Spans::of(&ctx.params);
        self.settle(ctx);
    }

    fn act(&mut self, index: usize, ctx: &mut Ctx<Self>) {
        match Action::at(index) {
            // Asked for again, it is not ready any later; and where nothing crashes, there is nothing to be fixed.
            Some(Action::DeployLogFix)
                if self.fix == Fix::InWork || ctx.params.crash_step == CrashStep::None => {}
            Some(Action::DeployLogFix) => {
                self.fix = Fix::InWork;
                ctx.schedule_limit(FIX_TAKES, Event::FixLive);
            }
            Some(Action::RedriveDlq) => {
                self.queue.redrive(ctx.now());
            }
            Some(Action::FailoverMarkerStore) => self.fail_over(ctx),
            None => {}
        }
        self.settle(ctx);
    }

    fn snapshot(&self, ctx: &Ctx<Self>) -> Snapshot {
        self.diagram(ctx)
    }

    fn request(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        self.life_at(node, position, ctx)
    }

    fn exhibits(params: &Params) -> Vec<ExhibitSpec> {
        exhibits::all(params)
    }

    fn cheap_exhibit(id: &str, params: &Params) -> Option<Exhibit> {
        exhibits::cheap(id, params)
    }

    fn expensive_exhibit(id: &str, params: &Params) -> Option<Exhibit> {
        exhibits::expensive(id, params)
    }

    fn inert(params: &Params) -> Vec<Rule> {
        inert::rules(params)
    }

    fn live_records(&self) -> u64 {
        self.queue.len() + self.orders.slots()
    }

    fn identities(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        self.equations(ctx)
    }
}
