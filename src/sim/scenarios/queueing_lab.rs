//! Why queues explode: requests, a queue, some servers. The primer of every story.

use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::format::{count, exact};
use crate::metric::MetricSet;
use crate::parameter::{ParamSet, ParamType};
use crate::random::{Poisson, Stream, exponential, log_normal};
use crate::resource::processor_sharing::ProcessorSharing;
use crate::scenario::{ChartSpec, Identity, Preset, Scenario, ScenarioSpec};
use crate::snapshot::{Content, Flow, Health, Life, Node, Snapshot, Span};
use crate::time::{SimTime, WallClock};
use crate::{actions, choices, events, metrics, params};

choices! {
    /// How long requests keep a server: distributions with the same mean.
    ServiceDistribution {
        /// Always the mean.
        Constant = "constant" "constant",
        /// Evenly between 0 and twice the mean (cv² = 1/3).
        Uniform = "uniform" "uniform",
        /// Log-normal with a coefficient of variation of 2: mostly short, now and then very long.
        LogNormal = "log_normal" "log-normal",
        /// Exponential (cv = 1), the classic of the textbooks.
        Exponential = "exponential" "exponential",
    }
}

/// Coefficient of variation of the log-normal service time.
pub const LOG_NORMAL_CV: f64 = 2.0;

choices! {
    /// Who is served next.
    Discipline {
        /// One after the other, first come, first served.
        Fifo = "fifo" "first come, first served",
        /// All at once, each at an even share of the servers.
        ProcessorSharing = "processor_sharing" "processor sharing",
    }
}

params! {
    /// Servers that work side by side.
    servers: u64 = 1, "Servers", "", Integer { min: 1, max: 1000 }, Assumed;
    /// Requests that arrive each second, at random and one by one (a Poisson process). Does not apply while
    /// there are clients.
    arrivals_per_s: f64 = 8, "Arrivals", "1/s", Number { min: 0.0, max: 10_000.0, step: 0.1 }, Assumed;
    /// Mean time that a request keeps a server. Applies to every request whose service begins after a change.
    service_ms: f64 = 100, "Service time", "ms", Number { min: 0.1, max: 60_000.0, step: 1.0 }, Assumed;
    /// How much the service time varies around its mean.
    service_distribution: ServiceDistribution = exponential, "Service time varies", "",
        Choice(ServiceDistribution::CHOICES), Assumed;
    /// Who is served next. After a change everybody present goes on with the work still left.
    discipline: Discipline = fifo, "Queue discipline", "", Choice(Discipline::CHOICES), Assumed;
    /// Requests that may wait; one more is rejected. 0 means no limit.
    queue_limit: u64 = 0, "Queue limit", "requests", Integer { min: 0, max: 1_000_000 }, Assumed;
    /// Whether requests may wait at all. If not, one that finds every server busy is rejected (a loss system).
    may_wait: bool = true, "Requests may wait", "", Switch, Assumed;
    /// Mean time that a request waits for its service to begin before it gives up (exponential); a service that begins
    /// after exactly its own time is in time. 0 means for ever.
    patience_ms: f64 = 0, "Patience", "ms", Number { min: 0.0, max: 600_000.0, step: 100.0 }, Assumed;
    /// Clients of a closed system: each sends a request, waits for the answer, thinks, and sends the next.
    /// 0 means an open system, in which requests arrive whatever happened to the ones before.
    clients: u64 = 0, "Clients", "", Integer { min: 0, max: 1_000_000 }, Assumed;
    /// Mean time that a client thinks before its next request (exponential).
    think_ms: f64 = 1000, "Think time", "ms", Number { min: 1.0, max: 600_000.0, step: 10.0 }, Assumed;
}

metrics! {
    /// Requests that arrived.
    arrived: Counter, "Arrived", "requests";
    /// Requests that were served.
    done: Counter, "Done", "requests";
    /// Requests turned away because the queue was full or no server was free for them.
    rejected: Failure, "Rejected", "requests";
    /// Requests that gave up waiting.
    abandoned: Failure, "Abandoned", "requests";
    /// Requests thrown out of the queue by "Clear the queue".
    cleared: Failure, "Cleared", "requests";
    /// Requests waiting or being served.
    in_system: Level, "In the system", "requests";
    /// Requests waiting; under processor sharing, requests beyond the number of servers.
    waiting: Level, "Waiting", "requests", [100.0 "a hundred wait", 1000.0 "a thousand wait"];
    /// Servers at work.
    busy: Level, "Busy servers", "";
    /// Busy servers in proportion to all servers; at most 1 while servers taken away finish their last request.
    utilization: Gauge, "Utilization", "", [0.8 "80 % busy", 1.0 "every server busy"];
    /// Time from arrival to the begin of service. Of a request that shares the servers, known when it has been served:
    /// the time it was present beyond the service it needed. Each request has one wait, however often the discipline
    /// changes: one that is known stays.
    wait_ms: Histogram, "Wait", "ms";
    /// Time from arrival to the end of service.
    sojourn_ms: Histogram, "Sojourn", "ms", [1000.0 "one second"];
    /// Share of accepted requests that found every server busy.
    wait_probability: Share, "Probability of waiting", "";
}

actions! {
    /// What a person can do in the lab.
    Action {
        /// Throws out everybody who waits and whose service has not begun. They get no answer.
        ClearQueue = "clear_queue" "Clear the queue",
    }
}

events! {
    /// What can happen in the lab.
    Event {
        /// A request arrives from the open world.
        Arrive,
        /// A client has finished thinking.
        Submit,
        /// A server has finished the request.
        Finish(u32),
        /// The request's patience is over.
        GiveUp(u32),
        /// The request with the least work left has been served, all sharing.
        SharedEnd,
    }
}

/// No request.
const NONE: u32 = u32::MAX;

/// Requests that the lab holds at most, so that memory is bounded; more are rejected. No textbook formula at a
/// setting that a person would watch comes near it.
const MAX_IN_SYSTEM: u64 = 2_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Gone,
    Waiting,
    InService,
    Sharing,
}

#[derive(Clone, Copy, Debug)]
struct Request {
    arrived: SimTime,
    /// Service it still needs: in units of the mean while it waits, in nanoseconds from when its service has begun.
    size: f64,
    began: SimTime,
    /// Service it was given while it shared the servers, before it came to stand in line.
    given: SimTime,
    /// The end of its patience or of its service.
    timer: EventHandle,
    /// Neighbours in the queue; `next` also links the free places.
    previous: u32,
    next: u32,
    state: State,
    from_client: bool,
    has_begun: bool,
    has_waited: bool,
}

impl Request {
    fn is_served(&self) -> bool {
        matches!(self.state, State::InService | State::Sharing)
    }

    /// What has become of it by `now`; `end` says how it ended, and whether badly.
    fn life(&self, now: SimTime, end: Option<(&'static str, bool)>) -> Life {
        let to = end.map(|_| now);
        let spans = if self.has_begun {
            let waited = Span { name: "waited", from: self.arrived, to: Some(self.began) };
            let name = if self.is_served() { "was served" } else { "waits for the rest of its service" };
            vec![waited, Span { name, from: self.began, to }]
        } else {
            vec![Span { name: "waited", from: self.arrived, to }]
        };
        let failed = end.is_some_and(|(_, failed)| failed);
        Life { arrived: self.arrived, spans, outcome: end.map(|(outcome, _)| outcome), failed }
    }
}

/// The state of the lab.
#[derive(Clone, Debug)]
pub struct QueueingLab {
    arrivals: Poisson,
    service: Stream,
    patience: Stream,
    think: Stream,
    requests: Vec<Request>,
    free: u32,
    /// The queue, a list through `requests`.
    first: u32,
    last: u32,
    sharing: ProcessorSharing,
    shared_end: EventHandle,
    /// Clients there are, thinking or with a request under way; shrinks to `clients` as they finish.
    members: u64,
    thinking: u64,
    /// For the identities: sojourns that did not end in `sojourn_ms`, and service given one after the other.
    lost_sojourn: u128,
    service_given: u128,
    ever_shared: bool,
    /// Times that a server was given to a request although none was free.
    given_past_limit: u64,
}

impl Scenario for QueueingLab {
    const SPEC: ScenarioSpec = ScenarioSpec {
        id: "queueing_lab",
        title: "Why queues explode",
        summary: "Requests, one queue, some servers: the last few percent of utilization cost the most waiting.",
        leaves_out: &[
            "Service times do not depend on load: no cache gets cold, no lock is contended.",
            "Servers never fail and never pause.",
            "Requests that gave up or were rejected do not try again.",
            "The lab holds at most two million requests; more are rejected.",
        ],
        clock: WallClock::starting_at(0, 0),
        length: SimTime::from_secs(600),
        params: Params::SPEC,
        actions: Action::SPEC,
        metrics: Metrics::SPEC,
        charts: &[
            ChartSpec { title: "Traffic", metrics: &["arrived", "done"] },
            ChartSpec { title: "Errors", metrics: &["rejected", "abandoned", "cleared"] },
            ChartSpec { title: "Latency", metrics: &["sojourn_ms"] },
            ChartSpec { title: "Saturation", metrics: &["utilization"] },
            ChartSpec { title: "Wait", metrics: &["wait_ms"] },
            ChartSpec { title: "Queue", metrics: &["waiting"] },
        ],
        presets: &[
            Preset {
                label: "Half busy",
                doc: "At half its capacity one server keeps people waiting as long as it serves them.",
                values: &[("arrivals_per_s", "5")],
            },
            Preset {
                label: "The last few percent",
                doc: "At 98 % the queue wanders far away from its mean, and the mean itself is fifty times the service.",
                values: &[("arrivals_per_s", "9.8")],
            },
            Preset {
                label: "Overload",
                doc: "More comes than can go: the queue grows by the difference, for ever.",
                values: &[("arrivals_per_s", "12")],
            },
            Preset {
                label: "One large pool",
                doc: "A hundred servers at 90 % hardly ever keep anybody waiting.",
                values: &[("servers", "100"), ("arrivals_per_s", "900")],
            },
            Preset {
                label: "Now and then very long",
                doc: "The same mean service time, but unevenly: the wait grows two and a half times.",
                values: &[("service_distribution", "log_normal")],
            },
            Preset {
                label: "Impatient people",
                doc: "Overload that people leave: the queue settles, and some never get an answer.",
                values: &[("arrivals_per_s", "12"), ("patience_ms", "2000")],
            },
            Preset {
                label: "Closed loop",
                doc: "Fifty clients that wait for their answer before they ask again can never overload anything.",
                values: &[("clients", "50"), ("think_ms", "4000")],
            },
        ],
    };

    type Params = Params;
    type Metrics = Metrics;
    type Event = Event;

    fn start(ctx: &mut Ctx<Self>) -> Self {
        let mut lab = Self {
            arrivals: Poisson::new(ctx.stream("arrivals")),
            service: ctx.stream("service"),
            patience: ctx.stream("patience"),
            think: ctx.stream("think"),
            requests: Vec::new(),
            free: NONE,
            first: NONE,
            last: NONE,
            sharing: ProcessorSharing::new(ctx.params.servers),
            shared_end: EventHandle::NONE,
            members: 0,
            thinking: 0,
            lost_sojourn: 0,
            service_given: 0,
            ever_shared: ctx.params.discipline == Discipline::ProcessorSharing,
            given_past_limit: 0,
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
            Event::Finish(id) => {
                let request = &self.requests[id as usize];
                self.service_given += u128::from((ctx.now() - request.began).nanos());
                ctx.metrics.done.add_one();
                ctx.metrics.sojourn_ms.observe(ctx.now() - request.arrived);
                self.leave(id, ("answered", false), ctx);
                let busy = ctx.metrics.busy.value();
                if self.first != NONE && busy <= ctx.params.servers {
                    // The server goes straight on to the next: busy stays as it is.
                    let next = self.first;
                    self.unlink(next);
                    Self::set_waiting(ctx.metrics.waiting.value() - 1, ctx);
                    self.begin(next, ctx);
                } else {
                    Self::set_busy(busy - 1, ctx);
                }
            }
            Event::GiveUp(id) => {
                ctx.metrics.abandoned.add_one();
                self.drop_waiting(id, "abandoned", ctx);
            }
            Event::SharedEnd => {
                if let Some(id) = self.sharing.end(ctx.now()) {
                    let request = self.requests[id as usize];
                    let sojourn = ctx.now() - request.arrived;
                    ctx.metrics.done.add_one();
                    ctx.metrics.sojourn_ms.observe(sojourn);
                    if !request.has_waited {
                        let work = request.given + SimTime::from_nanos(request.size as u64);
                        ctx.metrics.wait_ms.observe(sojourn - work);
                    }
                    self.leave(id, ("answered", false), ctx);
                }
                self.share(ctx);
            }
        }
    }

    fn change(&mut self, before: &Params, ctx: &mut Ctx<Self>) {
        if ctx.params.discipline != before.discipline {
            self.change_discipline(ctx);
        }
        if ctx.params.servers != before.servers {
            self.sharing.set_servers(ctx.now(), ctx.params.servers);
            self.fill_servers(ctx);
        }
        if (ctx.params.arrivals_per_s, ctx.params.clients) != (before.arrivals_per_s, before.clients) {
            self.set_sources(ctx);
        }
    }

    fn act(&mut self, index: usize, ctx: &mut Ctx<Self>) {
        match Action::at(index) {
            Some(Action::ClearQueue) => {
                let mut at = self.first;
                while let Some(&Request { next, has_begun, .. }) = self.requests.get(at as usize) {
                    if !has_begun {
                        ctx.metrics.cleared.add_one();
                        self.drop_waiting(at, "cleared", ctx);
                    }
                    at = next;
                }
            }
            None => {}
        }
    }

    fn snapshot(&self, ctx: &Ctx<Self>) -> Snapshot {
        let (params, metrics) = (&ctx.params, &ctx.metrics);
        let (busy, waiting) = (metrics.busy.value(), metrics.waiting.value());
        let limit =
            if params.may_wait { Some(params.queue_limit).filter(|limit| *limit > 0) } else { Some(0) };
        // Full and one short of it take turns many times a second: one word for both.
        let is_full = limit.is_some_and(|limit| waiting + (limit / 10).max(1) >= limit && waiting > 0);
        // A queue is long when it takes a newcomer more than ten service times to get through.
        let is_long = waiting > 10 * params.servers;
        let (source, detail) = if params.clients > 0 {
            ("Clients", format!("{} of {} think", count(self.thinking), count(self.members)))
        } else {
            ("Arrivals", format!("{} a second", exact(params.arrivals_per_s)))
        };
        let node = Node::new;
        let queue = match (waiting, busy >= params.servers) {
            _ if is_full && limit != Some(0) => (Health::Failing, "at its limit"),
            (0, _) => (Health::Fine, "empty"),
            _ if is_long => (Health::Failing, "long"),
            _ => (Health::Strained, "waiting"),
        };
        let servers = match busy {
            0 => (Health::Fine, "idle"),
            busy if busy < params.servers => (Health::Fine, "working"),
            _ => (Health::Strained, "all busy"),
        };
        let sharing = params.discipline == Discipline::ProcessorSharing && waiting > 0;
        let lost = metrics.rejected.total() + metrics.abandoned.total() + metrics.cleared.total();
        let plain = (Health::Fine, "");
        let nodes = vec![
            node("source", source, (0, 0), Content::Plain, plain, detail),
            node(
                "queue",
                "Queue",
                (1, 0),
                Content::Queue { length: waiting, limit },
                queue,
                format!("{} waiting", count(waiting)),
            ),
            node(
                "servers",
                "Servers",
                (2, 0),
                Content::Slots { used: busy, total: params.servers },
                servers,
                if sharing {
                    format!("{} share {} servers", count(waiting + busy), count(params.servers))
                } else {
                    format!("{} of {} busy", count(busy), count(params.servers))
                },
            ),
            node(
                "done",
                "Answered",
                (3, 0),
                Content::Plain,
                plain,
                format!("{} so far", count(metrics.done.total())),
            ),
            node("lost", "Lost", (1, 1), Content::Plain, plain, format!("{} so far", count(lost))),
        ];
        let flow = |from, to, total, failure| Flow { from, to, total, failure };
        let accepted = metrics.arrived.total() - metrics.rejected.total();
        let left_queue = metrics.abandoned.total() + metrics.cleared.total();
        let queued = if sharing { 0 } else { waiting };
        let flows = vec![
            flow(0, 1, accepted, None),
            flow(1, 2, accepted - left_queue - queued, None),
            flow(2, 3, metrics.done.total(), None),
            flow(0, 4, metrics.rejected.total(), Some("rejected")),
            flow(1, 4, metrics.abandoned.total(), Some("abandoned")),
            flow(1, 4, metrics.cleared.total(), Some("cleared")),
        ];
        Snapshot { nodes, flows }
    }

    fn request(&self, node: usize, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        let request = match node {
            1 => {
                let next = |id: &u32| self.requests.get(*id as usize).map(|request| request.next);
                let id = std::iter::successors(Some(self.first), next).nth(position)?;
                self.requests.get(id as usize)?
            }
            2 => {
                let mut served = self.requests.iter().filter(|request| request.is_served());
                served.nth(position)?
            }
            _ => return None,
        };
        Some(request.life(ctx.now(), None))
    }

    fn identities(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        let metrics = &ctx.metrics;
        let in_system = metrics.in_system.value();
        let ended = metrics.done.total()
            + metrics.rejected.total()
            + metrics.abandoned.total()
            + metrics.cleared.total();
        let present = || self.requests.iter().filter(|request| request.state != State::Gone);
        let age: u128 = present().map(|request| u128::from((ctx.now() - request.arrived).nanos())).sum();
        let queued =
            std::iter::successors(Some(self.first), |id| self.requests.get(*id as usize).map(|r| r.next))
                .take_while(|id| *id != NONE)
                .count();
        let sharing = self.sharing.len() as u64;
        let mut identities = vec![
            Identity {
                name: "arrived = done + rejected + abandoned + cleared + in the system",
                left: metrics.arrived.total().into(),
                right: (ended + in_system).into(),
            },
            Identity {
                name: "requests held = in the system",
                left: present().count() as i128,
                right: in_system.into(),
            },
            Identity {
                name: "in the system = waiting + busy servers",
                left: in_system.into(),
                right: (metrics.waiting.value() + metrics.busy.value()).into(),
            },
            Identity {
                name: "waiting = length of the queue + sharers without a server of their own",
                left: metrics.waiting.value().into(),
                right: queued as i128 + i128::from(sharing.saturating_sub(ctx.params.servers)),
            },
            Identity {
                name: "sum of sojourns = integral of the number in the system (Little's law)",
                left: (metrics.sojourn_ms.sum_nanos() + self.lost_sojourn + age) as i128,
                right: metrics.in_system.integral(ctx.now()) as i128,
            },
            Identity {
                name: "clients = thinking + with a request under way",
                left: self.members.into(),
                right: i128::from(self.thinking)
                    + present().filter(|request| request.from_client).count() as i128,
            },
            Identity {
                name: "servers in use are within the limit whenever one is given",
                left: self.given_past_limit.into(),
                right: 0,
            },
            Identity {
                name: "waits observed = done + present whose wait is known",
                left: metrics.wait_ms.count().into(),
                right: i128::from(metrics.done.total())
                    + present().filter(|request| request.has_waited).count() as i128,
            },
            Identity {
                name: "sojourns observed = done",
                left: metrics.sojourn_ms.count().into(),
                right: metrics.done.total().into(),
            },
        ];
        if !self.ever_shared {
            let under_way: u128 = present()
                .filter(|request| request.state == State::InService)
                .map(|request| u128::from((ctx.now() - request.began).nanos()))
                .sum();
            identities.push(Identity {
                name: "sum of service given = integral of busy servers",
                left: (self.service_given + under_way) as i128,
                right: metrics.busy.integral(ctx.now()) as i128,
            });
        }
        identities
    }
}

impl QueueingLab {
    /// Starts, stops or changes the open arrivals and the clients, as the parameters now say.
    fn set_sources(&mut self, ctx: &mut Ctx<Self>) {
        let clients = ctx.params.clients;
        let rate = if clients == 0 { ctx.params.arrivals_per_s } else { 0.0 };
        self.arrivals.set_rate(rate, Event::Arrive, ctx);
        while self.members < clients {
            self.members += 1;
            self.think(ctx);
        }
    }

    fn think(&mut self, ctx: &mut Ctx<Self>) {
        self.thinking += 1;
        let thought = SimTime::from_millis_f64(self.think.exponential() * ctx.params.think_ms);
        ctx.schedule(thought, Event::Submit);
    }

    fn arrive(&mut self, from_client: bool, ctx: &mut Ctx<Self>) {
        ctx.metrics.arrived.add_one();
        // Drawn for everybody, whatever the distribution and whether it has to wait or not: the streams stay in step.
        let service = self.service.unit();
        let patience = self.patience.unit();
        let size = match ctx.params.service_distribution {
            ServiceDistribution::Constant => 1.0,
            ServiceDistribution::Uniform => 2.0 * service,
            ServiceDistribution::LogNormal => log_normal(LOG_NORMAL_CV, service),
            ServiceDistribution::Exponential => exponential(service),
        };
        let in_system = ctx.metrics.in_system.value();
        let at_once = in_system < ctx.params.servers;
        let limit = if ctx.params.queue_limit == 0 { u64::MAX } else { ctx.params.queue_limit };
        let room = ctx.params.may_wait && ctx.metrics.waiting.value() < limit;
        if !at_once && !room || in_system >= MAX_IN_SYSTEM {
            ctx.metrics.rejected.add_one();
            let arrived = ctx.now();
            ctx.end(|| Life { arrived, spans: Vec::new(), outcome: Some("rejected"), failed: true });
            if from_client {
                self.return_client(ctx);
            }
            return;
        }
        ctx.metrics.wait_probability.add(!at_once);
        ctx.metrics.in_system.set(ctx.now(), in_system + 1);
        let id = self.admit(size, from_client, ctx.now());
        if ctx.params.discipline == Discipline::ProcessorSharing {
            self.join_sharing(id, ctx);
            self.share(ctx);
        } else if at_once {
            Self::set_busy(ctx.metrics.busy.value() + 1, ctx);
            self.begin(id, ctx);
        } else {
            if ctx.params.patience_ms > 0.0 {
                let patience = SimTime::from_millis_f64(exponential(patience) * ctx.params.patience_ms);
                self.requests[id as usize].timer = ctx.schedule_limit(patience, Event::GiveUp(id));
            }
            self.enqueue(id);
            Self::set_waiting(ctx.metrics.waiting.value() + 1, ctx);
        }
    }

    /// Work of a request whose service begins or goes on now.
    fn work(&self, id: u32, ctx: &Ctx<Self>) -> SimTime {
        let request = &self.requests[id as usize];
        if request.has_begun {
            SimTime::from_nanos(request.size as u64)
        } else {
            SimTime::from_millis_f64(request.size * ctx.params.service_ms)
        }
    }

    /// A server takes the request, which is in no queue.
    #[allow(clippy::inline_always, reason = "two calls for each request: 4 % of the primer's speed")]
    #[inline(always)]
    fn begin(&mut self, id: u32, ctx: &mut Ctx<Self>) {
        self.given_past_limit += u64::from(ctx.metrics.busy.value() > ctx.params.servers);
        let work = self.work(id, ctx);
        let request = &mut self.requests[id as usize];
        if !request.has_waited {
            ctx.metrics.wait_ms.observe(ctx.now() - request.arrived - request.given);
        }
        if request.timer != EventHandle::NONE {
            ctx.cancel(request.timer);
        }
        request.state = State::InService;
        request.began = ctx.now();
        (request.has_begun, request.has_waited) = (true, true);
        request.timer = ctx.schedule(work, Event::Finish(id));
    }

    /// Gives free servers to those who wait.
    fn fill_servers(&mut self, ctx: &mut Ctx<Self>) {
        if ctx.params.discipline == Discipline::ProcessorSharing {
            self.share(ctx);
            return;
        }
        while self.first != NONE && ctx.metrics.busy.value() < ctx.params.servers {
            let id = self.first;
            self.unlink(id);
            Self::set_waiting(ctx.metrics.waiting.value() - 1, ctx);
            Self::set_busy(ctx.metrics.busy.value() + 1, ctx);
            self.begin(id, ctx);
        }
        // The same number of busy servers is another utilization of another number of servers.
        Self::set_busy(ctx.metrics.busy.value(), ctx);
    }

    fn join_sharing(&mut self, id: u32, ctx: &mut Ctx<Self>) {
        let work = self.work(id, ctx);
        let request = &mut self.requests[id as usize];
        request.state = State::Sharing;
        request.began = if request.has_begun { request.began } else { ctx.now() };
        request.has_begun = true;
        request.size = work.nanos() as f64;
        self.sharing.add(ctx.now(), id, work);
    }

    /// The number of sharers has changed: so have the gauges and the next end.
    fn share(&mut self, ctx: &mut Ctx<Self>) {
        let jobs = self.sharing.len() as u64;
        let busy = jobs.min(ctx.params.servers);
        Self::set_busy(busy, ctx);
        Self::set_waiting(jobs - busy, ctx);
        ctx.cancel(self.shared_end);
        self.shared_end = match self.sharing.next_end() {
            Some(end) => ctx.schedule(end - ctx.now(), Event::SharedEnd),
            None => EventHandle::NONE,
        };
    }

    /// Everybody present goes on under the other discipline with the work still left.
    fn change_discipline(&mut self, ctx: &mut Ctx<Self>) {
        if ctx.params.discipline == Discipline::ProcessorSharing {
            self.ever_shared = true;
            let mut present: Vec<u32> = (0..self.requests.len() as u32)
                .filter(|id| self.requests[*id as usize].state != State::Gone)
                .collect();
            present.sort_by_key(|id| self.requests[*id as usize].arrived);
            for id in present {
                let request = &mut self.requests[id as usize];
                let timer = ctx.cancel(request.timer);
                if request.state == State::InService {
                    request.size = timer.map_or(0.0, |end| (end - ctx.now()).nanos() as f64);
                } else {
                    self.unlink(id);
                }
                self.join_sharing(id, ctx);
            }
            self.share(ctx);
        } else {
            let sharers = self.sharing.drain(ctx.now());
            ctx.cancel(self.shared_end);
            self.shared_end = EventHandle::NONE;
            let mut waiting = 0;
            for (id, work) in sharers {
                let request = &mut self.requests[id as usize];
                request.given = request.given + (SimTime::from_nanos(request.size as u64) - work);
                request.size = work.nanos() as f64;
                self.enqueue(id);
                waiting += 1;
            }
            Self::set_waiting(waiting, ctx);
            Self::set_busy(0, ctx);
            self.fill_servers(ctx);
        }
    }

    fn set_waiting(waiting: u64, ctx: &mut Ctx<Self>) {
        ctx.metrics.waiting.set(ctx.now(), waiting);
    }

    fn set_busy(busy: u64, ctx: &mut Ctx<Self>) {
        let now = ctx.now();
        ctx.metrics.busy.set(now, busy);
        ctx.metrics.utilization.set(now, (busy as f64 / ctx.params.servers.number()).min(1.0));
    }

    /// A request that waits leaves without an answer.
    fn drop_waiting(&mut self, id: u32, failure: &'static str, ctx: &mut Ctx<Self>) {
        let request = &self.requests[id as usize];
        self.lost_sojourn += u128::from((ctx.now() - request.arrived).nanos());
        ctx.cancel(request.timer);
        self.unlink(id);
        Self::set_waiting(ctx.metrics.waiting.value() - 1, ctx);
        self.leave(id, (failure, true), ctx);
    }

    /// The request is over, one way or the other.
    #[allow(clippy::inline_always, reason = "two calls for each request: 4 % of the primer's speed")]
    #[inline(always)]
    fn leave(&mut self, id: u32, end: (&'static str, bool), ctx: &mut Ctx<Self>) {
        let request = &mut self.requests[id as usize];
        let now = ctx.now();
        ctx.end(|| request.life(now, Some(end)));
        let from_client = request.from_client;
        request.state = State::Gone;
        request.next = self.free;
        self.free = id;
        ctx.metrics.in_system.set(ctx.now(), ctx.metrics.in_system.value() - 1);
        if from_client {
            self.return_client(ctx);
        }
    }

    /// A client has its answer, or was turned away: it thinks, or goes home if there are to be fewer.
    fn return_client(&mut self, ctx: &mut Ctx<Self>) {
        if self.members > ctx.params.clients {
            self.members -= 1;
        } else {
            self.think(ctx);
        }
    }

    fn admit(&mut self, size: f64, from_client: bool, now: SimTime) -> u32 {
        let request = Request {
            arrived: now,
            size,
            began: now,
            given: SimTime::ZERO,
            timer: EventHandle::NONE,
            previous: NONE,
            next: NONE,
            state: State::Waiting,
            from_client,
            has_begun: false,
            has_waited: false,
        };
        let id = self.free;
        if let Some(place) = self.requests.get_mut(id as usize) {
            self.free = place.next;
            *place = request;
            return id;
        }
        self.requests.push(request);
        (self.requests.len() - 1) as u32
    }

    fn enqueue(&mut self, id: u32) {
        let request = &mut self.requests[id as usize];
        request.state = State::Waiting;
        request.previous = self.last;
        request.next = NONE;
        match self.requests.get_mut(self.last as usize) {
            Some(last) => last.next = id,
            None => self.first = id,
        }
        self.last = id;
    }

    fn unlink(&mut self, id: u32) {
        let Request { previous, next, .. } = self.requests[id as usize];
        match self.requests.get_mut(previous as usize) {
            Some(neighbour) => neighbour.next = next,
            None => self.first = next,
        }
        match self.requests.get_mut(next as usize) {
            Some(neighbour) => neighbour.previous = previous,
            None => self.last = previous,
        }
    }
}
