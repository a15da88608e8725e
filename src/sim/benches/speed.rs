//! Speed as ratios within one run, since machines differ and are noisy: the public scenario API against a bare loop
//! that does nothing but the queue, the event list at different sizes, and the memory of a million clients.
//!
//! Each time is the quickest of several rounds, in which all that is compared is timed in turn: whatever else the machine
//! does only adds to a time.
#![allow(clippy::unwrap_used, reason = "a benchmark may fail loudly")]
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "a benchmark reads clocks and reports"
)]

use std::collections::VecDeque;
use std::hint::black_box;
use std::time::Instant;

use peak_alloc::PeakAlloc;
use warstories_sim::event_list::EventList;
use warstories_sim::random::Stream;
use warstories_sim::{Reading, Replay, SimTime, scenarios};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const ROUNDS: usize = 15;
/// As many as a run of ordinary length serves at these rates.
const CUSTOMERS: f64 = 400_000.0;
/// Customers that arrive each second; the service time follows from the servers and their utilization.
const PER_S: f64 = 900.0;

#[derive(Clone, Copy)]
enum Bare {
    Arrive,
    Finish,
}

/// M/M/c for `secs` with the same event list and the same samplers, and nothing else: no request has a record,
/// nothing is counted but the customers served.
fn bare_loop(servers: u64, service_ms: f64, secs: f64) -> u64 {
    let mut events = EventList::new();
    let (mut arrivals, mut service) = (Stream::new(1, "arrivals"), Stream::new(1, "service"));
    let (mut queue, mut busy, mut done) = (VecDeque::new(), 0, 0);
    let end = SimTime::from_secs_f64(secs);
    events.push(SimTime::from_nanos((arrivals.exponential() * (1e9 / PER_S)) as u64), Bare::Arrive);
    while let Some(due) = events.pop_until(end) {
        match due.event {
            Bare::Arrive => {
                let next = SimTime::from_nanos((arrivals.exponential() * (1e9 / PER_S)) as u64);
                events.push(due.time + next, Bare::Arrive);
                let work = SimTime::from_millis_f64(service.exponential() * service_ms);
                if busy < servers {
                    busy += 1;
                    events.push(due.time + work, Bare::Finish);
                } else {
                    queue.push_back(work);
                }
            }
            Bare::Finish => {
                done += 1;
                match queue.pop_front() {
                    Some(work) => {
                        events.push(due.time + work, Bare::Finish);
                    }
                    None => busy -= 1,
                }
            }
        }
    }
    done
}

fn scenario(link: &str, secs: f64) -> u64 {
    let link = Replay::parse(link).unwrap();
    assert!(link.dropped.is_empty(), "{:?}", link.dropped);
    let mut run = scenarios::start(link.replay);
    // In frames of a second, as a page would play it.
    let end = SimTime::from_secs_f64(secs);
    let mut frame = SimTime::ZERO;
    while frame < end {
        frame = end.min(frame + SimTime::from_secs(1));
        run.advance(frame, u64::MAX);
    }
    match run.read(run.spec().metric("done").unwrap()) {
        Reading::Count(done) => done,
        other => panic!("done is not a counter: {other:?}"),
    }
}

/// Nanoseconds each customer took.
fn time(work: impl FnOnce() -> u64) -> f64 {
    let start = Instant::now();
    let customers = black_box(work());
    start.elapsed().as_nanos() as f64 / customers as f64
}

fn quickest(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::INFINITY, f64::min)
}

fn compare(name: &str, limit: f64, servers: u64, utilization: f64, extra: &str) {
    let secs = CUSTOMERS / PER_S;
    let service_ms = utilization * servers as f64 / PER_S * 1000.0;
    let link =
        format!("queueing_lab?servers={servers}&arrivals_per_s={PER_S}&service_ms={service_ms}{extra}");
    let (bare_done, done) = (bare_loop(servers, service_ms, secs), scenario(&link, secs));
    if extra.is_empty() {
        assert_eq!(bare_done, done, "both sides must play the same customers");
    }
    let (mut bare, mut full) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bare.push(time(|| bare_loop(servers, service_ms, secs)));
        full.push(time(|| scenario(&link, secs)));
    }
    let (bare, full) = (quickest(&bare), quickest(&full));
    println!(
        "{name:<36} bare {bare:>6.1} ns  scenario {full:>6.1} ns a customer   ratio {:.2} (limit {limit})",
        full / bare
    );
}

/// The hold model: `pending` events, each of which schedules one more when it happens.
fn hold(pending: u64) -> f64 {
    let mut events = EventList::new();
    let mut stream = Stream::new(1, "hold");
    for index in 0..pending {
        events.push(SimTime::from_secs_f64(stream.exponential()), index);
    }
    let turns = 1_000_000;
    let start = Instant::now();
    for _ in 0..turns {
        if let Some(due) = events.pop_until(SimTime::MAX) {
            events.push(due.time + SimTime::from_secs_f64(stream.exponential()), due.event);
        }
    }
    black_box(events.len());
    start.elapsed().as_nanos() as f64 / f64::from(turns)
}

fn main() {
    compare("M/M/1, rho .9", 1.6, 1, 0.9, "");
    compare("M/M/100, rho .9", 1.6, 100, 0.9, "");
    // Nine in ten requests wait; each of them sets a timeout and cancels it when its service begins.
    compare("M/M/1, rho .9, timeout and cancel", 2.2, 1, 0.9, "&patience_ms=600000");
    compare("M/M/100, rho .99, timeout and cancel", 2.2, 100, 0.99, "&patience_ms=600000");

    let sizes = [100, 1_000, 10_000, 100_000, 1_000_000];
    let mut rounds: Vec<Vec<f64>> = vec![Vec::new(); sizes.len()];
    for _ in 0..5 {
        for (size, times) in sizes.iter().zip(&mut rounds) {
            times.push(hold(*size));
        }
    }
    let times: Vec<f64> = rounds.iter().map(|times| quickest(times)).collect();
    for (size, time) in sizes.iter().zip(&times) {
        println!("hold model, {size:>9} pending          {time:>6.1} ns");
    }
    println!(
        "hold model, growth                   ratio {:.2} (limit 12)",
        times[times.len() - 1] / times[0]
    );

    let clients = 1_000_000;
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let done = scenario(&format!("queueing_lab?clients={clients}&think_ms=100000&servers=1000"), 30.0);
    let bytes = (MEMORY.peak_usage() - before) as f64 / f64::from(clients);
    println!(
        "closed loop, {clients} clients        {bytes:>6.1} bytes each at the peak (limit 128), {done} served"
    );
}
