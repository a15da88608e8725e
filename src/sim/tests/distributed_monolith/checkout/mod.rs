//! The truths of `monolith_checkout`: what every fault and every pair of faults leaves behind, counted a second time by an
//! enumerator of its own, and what the simulation makes of the same steps.

mod exhibits;
mod faults;
mod orders;
mod places;
mod runs;
mod second_count;

use warstories_sim::scenario::Scenario;
use warstories_sim::scenarios::distributed_monolith::checkout::{
    Class, MonolithCheckout, Paths, Protocol, Rules,
};
use warstories_sim::{Playable, Reading, Replay, Run, ScenarioSpec, SimTime};

const SPEC: &ScenarioSpec = &MonolithCheckout::SPEC;

/// Each protocol, and whether payments are outside.
const ROWS: [(Protocol, bool); 8] = [
    (Protocol::Naive, true),
    (Protocol::ReserveFirst, true),
    (Protocol::AuthorizeCapture, true),
    (Protocol::Saga, true),
    (Protocol::Outbox, true),
    (Protocol::TwoPhaseCommit, true),
    (Protocol::SingleTx, false),
    (Protocol::SingleTx, true),
];

/// The run of a setting, as links write it behind the question mark.
fn start(setting: &str) -> Run<MonolithCheckout> {
    let link = Replay::parse_entries(SPEC, setting);
    assert_eq!(link.dropped, Vec::<String>::new());
    Run::new(link.replay)
}

/// Plays until `secs`, after everything that happens then, and checks the equations there.
fn play(run: &mut Run<MonolithCheckout>, secs: u64) {
    run.advance(SimTime::from_secs(secs), u64::MAX);
    for identity in run.identities() {
        assert_eq!(identity.left, identity.right, "{} at {} s", identity.name, run.now());
    }
}

fn played(setting: &str, secs: u64) -> Run<MonolithCheckout> {
    let mut run = start(setting);
    play(&mut run, secs);
    run
}

/// A counter's total, a gauge's value, a sum of money.
fn now(run: &Run<MonolithCheckout>, id: &str) -> f64 {
    match run.read(SPEC.metric(id).unwrap()) {
        Reading::Count(count) | Reading::Histogram { count, .. } => count as f64,
        Reading::Money(usd) => usd,
        Reading::Gauge { last, .. } => last,
    }
}

/// The ids of the classes, in the order of the classes.
const CLASSES: [&str; 7] = [
    "ok",
    "clean_fail",
    "charged_not_reserved",
    "reserved_not_charged",
    "hold_only",
    "double_charged",
    "double_reserved",
];

/// Orders at rest, by class.
fn classes(run: &Run<MonolithCheckout>) -> [u64; 7] {
    CLASSES.map(|id| now(run, id) as u64)
}

/// Paths with exactly so many faults, by class, and how many of them block something.
fn explored(paths: Paths) -> ([u64; 7], u64) {
    let found = paths.explore();
    assert_eq!(found.cut, 0, "{paths:?}");
    let (mut counts, mut blocked) = ([0; 7], 0);
    for ((class, faults, blocks), reached) in found.verdicts {
        if faults == paths.faults {
            counts[Class::ALL.iter().position(|each| *each == class).unwrap()] += reached.orders;
            blocked += if blocks { reached.orders } else { 0 };
        }
    }
    (counts, blocked)
}

fn paths(
    (protocol, payments_outside): (Protocol, bool),
    has_key: bool,
    clicks_again: bool,
    faults: u8,
) -> Paths {
    let rules = Rules { protocol, payments_outside, has_key };
    Paths { rules, clicks_again, faults, any_order: false }
}
