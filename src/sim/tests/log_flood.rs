//! The truths of `log_flood`: the clock of the night to two seconds, the bill to the cent, bytes to the last part, draws
//! within four standard errors of their exact means; what the story hides; and every beat of a lesson, with what fails.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "log_flood/alarms.rs"]
mod alarms;
#[path = "log_flood/any.rs"]
mod any;
#[path = "log_flood/beats.rs"]
mod beats;
#[path = "shared/cases.rs"]
mod cases;
#[path = "log_flood/database.rs"]
mod database;
#[path = "log_flood/declared.rs"]
mod declared;
#[path = "log_flood/night.rs"]
mod night;
#[path = "log_flood/rotation.rs"]
mod rotation;
#[path = "log_flood/second_count.rs"]
mod second_count;
#[path = "log_flood/terminal.rs"]
mod terminal;
#[path = "log_flood/traces.rs"]
mod traces;

use warstories_sim::scenarios::log_flood::{LogFlood, SPEC};
use warstories_sim::{Playable, Reading, Replay, Run, SimTime};

/// The fixes of the story and of experts, together.
const SOLUTION: &str = "log_level=info&debug_scope=on_error&debug_budget_kb_s=500&log_volume=separate&\
                        rotate_mode=in_process&ingest_alarm_gb_5min=5";

/// The moment at which the story's clock first shows this.
fn at(clock: &str) -> SimTime {
    SPEC.moment(clock).unwrap()
}

/// The run of this setting, in the spelling of links, at its start.
fn start(seed: u64, setting: &str) -> Run<LogFlood> {
    let link = Replay::parse_entries(&SPEC, &format!("seed={seed}&{setting}"));
    assert_eq!(link.dropped, Vec::<String>::new(), "{setting}");
    Run::new(link.replay)
}

/// Plays until `until` and checks the equations there.
fn play(run: &mut Run<LogFlood>, until: SimTime) {
    assert!(run.advance(until, u64::MAX));
    for identity in run.identities() {
        assert_eq!(identity.left, identity.right, "{} at {} s", identity.name, run.now());
    }
}

fn played(seed: u64, setting: &str, until: &str) -> Run<LogFlood> {
    let mut run = start(seed, setting);
    play(&mut run, at(until));
    run
}

/// The whole night, until 08:00.
fn night(seed: u64, setting: &str) -> Run<LogFlood> {
    played(seed, setting, "08:00")
}

/// What a metric says now: of a gauge its last value, of a histogram its mean.
fn now(run: &Run<LogFlood>, id: &str) -> f64 {
    match run.read(SPEC.metric(id).unwrap()) {
        Reading::Count(count) => count as f64,
        Reading::Money(usd) => usd,
        Reading::Gauge { last, .. } => last,
        Reading::Histogram { mean, .. } => mean,
    }
}

/// The largest value that a gauge has had.
fn most(run: &Run<LogFlood>, id: &str) -> f64 {
    let Reading::Gauge { max, .. } = run.read(SPEC.metric(id).unwrap()) else { panic!("{id} is no gauge") };
    max
}

/// When the run first told something that begins so, in seconds; nothing where it did not.
fn told(run: &Run<LogFlood>, beginning: &str) -> Option<f64> {
    let told =
        |text: String| text.replace('\u{a0}', " ").to_lowercase().starts_with(&beginning.to_lowercase());
    let mut all = run.announcements().iter();
    all.find(|each| told(each.text(&SPEC))).map(|each| each.at.as_secs_f64())
}

/// Whether the run told that at this time of the clock, give or take two seconds.
#[track_caller]
fn assert_told(run: &Run<LogFlood>, beginning: &str, clock: &str) {
    let (told, expected) = (told(run, beginning), at(clock).as_secs_f64());
    assert!(told.is_some_and(|told| (told - expected).abs() <= 2.0), "{beginning}: {told:?}, not {expected}");
}
