//! Why queues explode: requests, a queue, some servers. The primer of every story.
//!
//! ```text
//! arrivals or clients ──▶ queue ──▶ servers ──▶ answered
//!           │               │
//!           └───────────────┴──▶ lost: rejected, abandoned, cleared
//! ```
//!
//! Read on in [`tables`] (what there is to set and to measure), [`requests`] (one request and where it may be),
//! [`service`] (who is served, and in which discipline), [`laws`] (what theory says of it), and [`view`] (what a screen shows, and the equations that hold).

mod requests;
mod service;
mod laws;
mod tables;
mod view;

pub use self::tables::{Action, Discipline, Metrics, Params, ServiceDistribution};

use self::requests::Request;
use self::tables::{Event, SPEC};
use crate::engine::Ctx;
use crate::inert::Rule;
use crate::random::Stream;
use crate::resource::fifo::{Fifo, Slab};
use crate::resource::poisson::Poisson;
use crate::resource::station::Station;
use crate::scenario::{Identity, Scenario};
use crate::snapshot::{Life, Snapshot};
use crate::spec::ScenarioSpec;
use crate::theory::Theory;

/// The state of the lab.
#[derive(Clone, Debug)]
pub struct QueueingLab {
    arrivals: Poisson,
    service: Stream,
    patience: Stream,
    /// Draws that have been taken from it.
    patiences_drawn: u64,
    think: Stream,
    requests: Slab<Request>,
    queue: Fifo,
    sharing: Station<Event>,
    /// Clients there are, thinking or with a request under way; shrinks to `clients` as they finish.
    members: u64,
    thinking: u64,
    /// For the identities: sojourns that did not end in `sojourn_ms`, and service given one after the other.
    lost_sojourn: u128,
    service_given: u128,
    ever_shared: bool,
    /// Times that a server was given to a request although none was free.
    given_past_limit: u64,
    /// Requests whose service has begun, each counted once.
    begun: u64,
}

impl Scenario for QueueingLab {
    const SPEC: ScenarioSpec = SPEC;
    type Params = Params;
    type Metrics = Metrics;
    type Event = Event;

    fn start(ctx: &mut Ctx<Self>) -> Self {
        let mut lab = Self {
            arrivals: Poisson::new(ctx.stream("arrivals")),
            service: ctx.stream("service"),
            patience: ctx.stream("patience"),
            patiences_drawn: 0,
            think: ctx.stream("think"),
            requests: Slab::default(),
            queue: Fifo::default(),
            sharing: Station::new(ctx.params.servers, Event::SharedEnd),
            members: 0,
            thinking: 0,
            lost_sojourn: 0,
            service_given: 0,
            ever_shared: ctx.params.discipline == Discipline::ProcessorSharing,
            given_past_limit: 0,
            begun: 0,
        };
        Self::set_busy(0, ctx);
        lab.set_sources(ctx);
        lab
    }

    fn handle(&mut self, event: Event, ctx: &mut Ctx<Self>) {
        match event {
            Event::Arrive => {
                self.arrivals.next(Event::Arrive, ctx);
                self.arrive(false, ctx);
            }
            Event::Submit => {
                self.thinking -= 1;
                if self.members > ctx.params.clients {
                    self.members -= 1;
                } else {
                    self.arrive(true, ctx);
                }
            }
            Event::Finish(id) => self.finish(id, ctx),
            Event::GiveUp(id) => self.drop_waiting(id, tables::Failure::Abandoned, ctx),
            Event::SharedEnd => self.end_shared(ctx),
        }
    }

    fn change(&mut self, before: &Params, ctx: &mut Ctx<Self>) {
        if ctx.params.discipline != before.discipline {
            self.change_discipline(ctx);
        }
        if ctx.params.servers != before.servers {
            self.sharing.jobs.set_servers(ctx.now(), ctx.params.servers);
            self.fill_servers(ctx);
        }
        if (ctx.params.arrivals_per_s, ctx.params.clients) != (before.arrivals_per_s, before.clients) {
            self.set_sources(ctx);
        }
    }

    fn act(&mut self, index: usize, ctx: &mut Ctx<Self>) {
        match Action::at(index) {
            Some(Action::ClearQueue) => self.clear_queue(ctx),
            None => {}
        }
    }

    fn snapshot(&self, ctx: &Ctx<Self>) -> Snapshot {
        self.diagram(ctx)
    }

    fn request(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        self.life_at(node, position, ctx)
    }

    fn inert(params: &Params) -> Vec<Rule> {
        let is_closed = params.clients > 0;
        vec![
            (is_closed, &["arrivals_per_s"], "All requests come from the clients."),
            (!is_closed, &["think_ms"], "There are no clients."),
            (!params.may_wait, &["queue_limit", "patience_ms"], "Requests may not wait."),
        ]
    }

    fn theory(params: &Params) -> Vec<Theory> {
        vec![Theory { id: "mean_wait", x: "utilization", y: "wait_ms", law: params.mean_wait() }]
    }

    fn live_records(&self) -> u64 {
        self.requests.end().into()
    }

    fn identities(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        self.equations(ctx)
    }
}
