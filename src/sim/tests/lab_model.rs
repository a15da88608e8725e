//! The queueing lab against a second, slow model of it, which looks through plain lists and shares no code with the
//! engine, the event list or the processor-sharing clock: whatever is changed in mid-run, every request waits as long in
//! one as in the other.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use warstories_sim::random::{Stream, exponential, log_normal};
use warstories_sim::resource::service_time::LONG_TAILED_CV;
use warstories_sim::run::Run;
use warstories_sim::scenarios::queueing_lab::QueueingLab;
use warstories_sim::{Input, Playable, Replay, Scenario, SimTime};

#[derive(Clone, Copy, PartialEq)]
enum Due {
    Arrival,
    Submit,
    Finish(usize),
    GiveUp(usize),
    SharedEnd,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Queue,
    Server,
    Shared,
    Out,
}

#[derive(Clone, Copy)]
struct Request {
    arrived: u64,
    /// In mean service times.
    size: f64,
    /// In nanoseconds, once its service has begun.
    left: Option<f64>,
    /// All the service it needs, in nanoseconds.
    work: f64,
    began: u64,
    place: Place,
    is_client: bool,
    has_waited: bool,
}

/// What was observed at one moment: how often, and the sum in nanoseconds.
type Observed = Vec<(u64, u64, u64)>;

fn note(all: &mut Observed, now: u64, fresh: u64, nanos: u64) {
    match all.last_mut() {
        _ if fresh == 0 => {}
        Some((at, count, sum)) if *at == now => (*count, *sum) = (*count + fresh, *sum + nanos),
        _ => all.push((now, fresh, nanos)),
    }
}

/// Parameters by position in the lab's own table.
const SERVERS: usize = 0;
const RATE: usize = 1;
const SERVICE_MS: usize = 2;
const DISTRIBUTION: usize = 3;
const DISCIPLINE: usize = 4;
const QUEUE_LIMIT: usize = 5;
const MAY_WAIT: usize = 6;
const PATIENCE_MS: usize = 7;
const CLIENTS: usize = 8;
const THINK_MS: usize = 9;

struct Model {
    now: u64,
    params: [f64; 10],
    /// Everybody who ever came in, in order of arrival.
    requests: Vec<Request>,
    /// Those who wait, and those who share, in order.
    queue: Vec<usize>,
    shared: Vec<usize>,
    due: Vec<(u64, u64, Due)>,
    order: u64,
    streams: [Stream; 4],
    /// Mean times until the next arrival at `since`, and the mean.
    remaining: f64,
    since: u64,
    mean: f64,
    members: u64,
    waits: Observed,
    sojourns: Observed,
}

fn millis(millis: f64) -> u64 {
    (millis * 1e6 + 0.5) as u64
}

impl Model {
    fn new(seed: u64, params: [f64; 10]) -> Self {
        let mut streams = ["arrivals", "service", "patience", "think"].map(|name| Stream::new(seed, name));
        let remaining = streams[0].exponential();
        let mut model = Self {
            now: 0,
            params,
            requests: Vec::new(),
            queue: Vec::new(),
            shared: Vec::new(),
            due: Vec::new(),
            order: 0,
            streams,
            remaining,
            since: 0,
            mean: f64::INFINITY,
            members: 0,
            waits: Vec::new(),
            sojourns: Vec::new(),
        };
        model.set_sources();
        model
    }

    fn plan(&mut self, delay: u64, due: Due) {
        self.order += 1;
        self.due.push((self.now + delay, self.order, due));
    }

    fn forget(&mut self, gone: Due) {
        self.due.retain(|(_, _, due)| *due != gone);
    }

    fn count(&self, place: Place) -> usize {
        self.requests.iter().filter(|request| request.place == place).count()
    }

    fn set_sources(&mut self) {
        let passed = (self.now - self.since) as f64 / self.mean;
        self.remaining = (self.remaining - passed).max(0.0);
        self.mean = 1e9 / if self.params[CLIENTS] == 0.0 { self.params[RATE] } else { 0.0 };
        self.forget(Due::Arrival);
        self.plan_arrival();
        while self.members < self.params[CLIENTS] as u64 {
            self.members += 1;
            self.think();
        }
    }

    fn plan_arrival(&mut self) {
        self.since = self.now;
        if self.mean < f64::INFINITY {
            self.plan((self.remaining * self.mean) as u64, Due::Arrival);
        }
    }

    fn think(&mut self) {
        let thought = millis(self.streams[3].exponential() * self.params[THINK_MS]);
        self.plan(thought, Due::Submit);
    }

    /// A client that would think again goes home where there are to be fewer.
    fn think_or_go(&mut self) {
        if self.members > self.params[CLIENTS] as u64 {
            self.members -= 1;
        } else {
            self.think();
        }
    }

    fn arrive(&mut self, is_client: bool) {
        let [service, patience] = [1, 2].map(|stream: usize| self.streams[stream].unit());
        let size = [1.0, 2.0 * service, log_normal(LONG_TAILED_CV, service), exponential(service)]
            [self.params[DISTRIBUTION] as usize];
        let servers = self.params[SERVERS] as usize;
        let present = self.requests.len() - self.count(Place::Out);
        let waiting = self.queue.len() + self.shared.len().saturating_sub(servers);
        let limit = self.params[QUEUE_LIMIT] as usize;
        if present >= servers && (self.params[MAY_WAIT] == 0.0 || limit > 0 && waiting >= limit) {
            if is_client {
                self.think_or_go();
            }
            return;
        }
        let id = self.requests.len();
        let place = if self.params[DISCIPLINE] == 1.0 { Place::Shared } else { Place::Queue };
        let arrived = self.now;
        let request =
            Request { arrived, size, left: None, work: 0.0, began: 0, place, is_client, has_waited: false };
        self.requests.push(request);
        if place == Place::Shared {
            self.share_progress();
            self.join(id);
            self.plan_shared_end();
        } else {
            self.queue.push(id);
            if present < servers {
                self.serve();
            } else if self.params[PATIENCE_MS] > 0.0 {
                self.plan(millis(exponential(patience) * self.params[PATIENCE_MS]), Due::GiveUp(id));
            }
        }
    }

    /// What is left of a request's service, all of it where it has not begun.
    fn left(&mut self, id: usize) -> f64 {
        let whole = millis(self.requests[id].size * self.params[SERVICE_MS]) as f64;
        let request = &mut self.requests[id];
        if request.left.is_none() {
            request.work = whole;
        }
        *request.left.get_or_insert(whole)
    }

    fn join(&mut self, id: usize) {
        self.left(id);
        (self.requests[id].place, self.requests[id].began) = (Place::Shared, self.now);
        self.shared.push(id);
    }

    fn rate(&self) -> f64 {
        (self.params[SERVERS] / self.shared.len() as f64).min(1.0)
    }

    /// Takes off everybody's work what they were given since they were last looked at.
    fn share_progress(&mut self) {
        let rate = self.rate();
        for id in &self.shared {
            let request = &mut self.requests[*id];
            let given = (self.now - request.began) as f64 * rate;
            request.left = request.left.map(|left| left - given);
            request.began = self.now;
        }
    }

    fn plan_shared_end(&mut self) {
        self.forget(Due::SharedEnd);
        let left = self.shared.iter().filter_map(|id| self.requests[*id].left);
        if let Some(least) = left.min_by(f64::total_cmp) {
            self.plan((least.max(0.0) / self.rate()).ceil() as u64, Due::SharedEnd);
        }
    }

    /// Gives free servers to those who wait.
    fn serve(&mut self) {
        while self.count(Place::Server) < self.params[SERVERS] as usize && !self.queue.is_empty() {
            let id = self.queue.remove(0);
            let left = self.left(id);
            self.forget(Due::GiveUp(id));
            let request = &mut self.requests[id];
            request.place = Place::Server;
            request.began = self.now;
            let given = request.work - left;
            if !std::mem::replace(&mut request.has_waited, true) {
                note(&mut self.waits, self.now, 1, self.now - request.arrived - given as u64);
            }
            self.plan(left as u64, Due::Finish(id));
        }
    }

    fn answer(&mut self, id: usize) {
        let request = &mut self.requests[id];
        request.place = Place::Out;
        let sojourn = self.now - request.arrived;
        note(&mut self.sojourns, self.now, 1, sojourn);
        if !request.has_waited {
            note(&mut self.waits, self.now, 1, sojourn.saturating_sub(request.work as u64));
        }
        if request.is_client {
            self.think_or_go();
        }
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Arrival => {
                self.remaining = self.streams[0].exponential();
                self.plan_arrival();
                self.arrive(false);
            }
            Due::Submit if self.members > self.params[CLIENTS] as u64 => self.members -= 1,
            Due::Submit => self.arrive(true),
            Due::Finish(id) => {
                self.answer(id);
                self.serve();
            }
            Due::GiveUp(id) => self.drop_out(id),
            Due::SharedEnd => {
                self.share_progress();
                let least = |a: &&usize, b: &&usize| {
                    self.requests[**a].left.unwrap().total_cmp(&self.requests[**b].left.unwrap())
                };
                let id = *self.shared.iter().min_by(least).unwrap();
                self.shared.retain(|other| *other != id);
                self.answer(id);
                self.plan_shared_end();
            }
        }
    }

    fn drop_out(&mut self, id: usize) {
        self.forget(Due::GiveUp(id));
        self.queue.retain(|other| *other != id);
        self.requests[id].place = Place::Out;
        if self.requests[id].is_client {
            self.think_or_go();
        }
    }

    fn change(&mut self, param: usize, value: f64) {
        // At the rate at which they were served until now.
        self.share_progress();
        let before = std::mem::replace(&mut self.params[param], value);
        match param {
            _ if before == value => {}
            DISCIPLINE if value == 1.0 => {
                for id in 0..self.requests.len() {
                    let now = self.now;
                    let request = &mut self.requests[id];
                    match request.place {
                        Place::Server => {
                            request.left = request.left.map(|left| left - (now - request.began) as f64);
                            self.forget(Due::Finish(id));
                        }
                        Place::Queue => self.forget(Due::GiveUp(id)),
                        _ => continue,
                    }
                    self.join(id);
                }
                self.queue.clear();
                self.plan_shared_end();
            }
            DISCIPLINE => {
                self.queue = std::mem::take(&mut self.shared);
                for id in &self.queue {
                    let request = &mut self.requests[*id];
                    request.place = Place::Queue;
                    request.left = request.left.map(|left| left.max(0.0).ceil());
                }
                self.plan_shared_end();
                self.serve();
            }
            SERVERS if self.params[DISCIPLINE] == 1.0 => self.plan_shared_end(),
            SERVERS => self.serve(),
            RATE | CLIENTS => self.set_sources(),
            _ => {}
        }
    }

    fn clear(&mut self) {
        let fresh: Vec<usize> =
            self.queue.iter().copied().filter(|id| self.requests[*id].left.is_none()).collect();
        for id in fresh {
            self.drop_out(id);
        }
    }

    fn play(mut self, inputs: &[(SimTime, Input)], until: u64) -> (Observed, Observed) {
        let mut inputs = inputs.iter().peekable();
        loop {
            let next = self.due.iter().copied().enumerate().min_by_key(|(_, (at, order, _))| (*at, *order));
            let event = next.map_or(u64::MAX, |(_, (at, ..))| at);
            if let Some((at, input)) = inputs.next_if(|(at, _)| at.nanos() <= event.min(until)) {
                self.now = at.nanos();
                match *input {
                    Input::Change { param, value } => self.change(param, value),
                    Input::Action(_) => self.clear(),
                    Input::Text { .. } => unreachable!("the lab has no text field"),
                }
            } else if event <= until {
                let (index, (at, _, due)) = next.unwrap();
                self.due.remove(index);
                self.now = at;
                self.happen(due);
            } else {
                return (self.waits, self.sojourns);
            }
        }
    }
}

/// What the lab itself observes, event by event.
fn observed(replay: Replay, until: SimTime) -> (Observed, Observed) {
    let mut run = Run::<QueueingLab>::new(replay);
    let mut all = [Vec::new(), Vec::new()];
    let mut seen = [(0, 0); 2];
    let mut is_over = false;
    while !is_over {
        is_over = run.advance(until, 1);
        let metrics = &run.ctx().metrics;
        let says = [&metrics.wait_ms, &metrics.sojourn_ms].map(|all| (all.count(), all.sum_nanos()));
        for ((all, seen), says) in all.iter_mut().zip(&mut seen).zip(says) {
            note(all, run.now().nanos(), says.0 - seen.0, (says.1 - seen.1) as u64);
            *seen = says;
        }
    }
    all.into()
}

const SECONDS: u64 = 20;

/// A value of the parameter at which a slow model keeps up: the whole domain of those with few values.
fn value_of(param: usize) -> BoxedStrategy<f64> {
    match param {
        SERVERS => (1..=6_u32).prop_map(f64::from).boxed(),
        RATE => prop_oneof![1 => Just(0.0), 5 => 1.0..60.0].boxed(),
        SERVICE_MS => (1.0..300.0).boxed(),
        DISTRIBUTION => (0..4_u32).prop_map(f64::from).boxed(),
        DISCIPLINE | MAY_WAIT => prop_oneof![Just(0.0), Just(1.0)].boxed(),
        QUEUE_LIMIT => prop_oneof![Just(0.0), (1..20_u32).prop_map(f64::from)].boxed(),
        PATIENCE_MS => prop_oneof![Just(0.0), 10.0..2000.0].boxed(),
        CLIENTS => prop_oneof![2 => Just(0.0), 1 => (1..30_u32).prop_map(f64::from)].boxed(),
        _ => (1.0..2000.0).boxed(),
    }
}

fn lab() -> impl Strategy<Value = Replay> {
    let start: Vec<_> = (0..10).map(value_of).collect();
    // A change of discipline is what most can go wrong at.
    let change = prop_oneof![2 => 0..10_usize, 1 => Just(DISCIPLINE)]
        .prop_flat_map(|param| value_of(param).prop_map(move |value| Input::Change { param, value }));
    let input = prop_oneof![8 => change, 1 => Just(Input::Action(0))];
    let inputs = prop::collection::vec((0..SECONDS * 1_000_000, input), 0..16);
    (any::<u64>(), start, inputs).prop_map(|(seed, start, inputs)| {
        let mut replay = Replay::new(&QueueingLab::SPEC).with_seed(seed);
        for (param, value) in start.into_iter().enumerate() {
            replay.set_start(param, value);
        }
        for (micros, input) in inputs {
            replay.add(SimTime::from_nanos(micros * 1000), input).unwrap();
        }
        replay
    })
}

/// Whether the servers are ever shared: only then are ends of service rounded to whole nanoseconds.
fn ever_shares(replay: &Replay) -> bool {
    let changes = replay
        .inputs()
        .iter()
        .any(|(_, input)| matches!(input, Input::Change { param: DISCIPLINE, value } if *value == 1.0));
    changes || replay.start()[DISCIPLINE] == 1.0
}

fn compare(replay: &Replay) -> Result<(), TestCaseError> {
    let until = SimTime::from_secs(SECONDS);
    let params = std::array::from_fn(|param| replay.start()[param]);
    let model = Model::new(replay.seed(), params).play(replay.inputs(), until.nanos());
    let lab = observed(replay.clone(), until);
    let link = replay.print(None);
    for (model, lab) in [(&model.0, &lab.0), (&model.1, &lab.1)] {
        // A nanosecond for each event that could have been rounded before.
        let rounded = |event: usize| if ever_shares(replay) { 2 * event as u64 + 2 } else { 0 };
        for (event, (model, lab)) in model.iter().zip(lab).enumerate() {
            prop_assert_eq!(model.1, lab.1, "{} at {}", link, lab.0);
            prop_assert!(model.0.abs_diff(lab.0) <= rounded(event), "{}: {:?} {:?}", link, model, lab);
            let off = model.2.abs_diff(lab.2);
            prop_assert!(off <= rounded(event) * model.1, "{}: {:?} {:?}", link, model, lab);
        }
        prop_assert_eq!(model.len(), lab.len(), "{}", link);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1909),
        ..ProptestConfig::default()
    })]

    /// One wait and one sojourn each, whatever regimes a request has passed.
    #[test]
    fn every_request_waits_as_long_as_in_the_slow_model(replay in lab()) {
        compare(&replay)?;
    }
}
