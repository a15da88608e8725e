//! What holds for every run of every scenario: identities at zero tolerance, one run per replay however it is
//! played, hostile links.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod any;
#[path = "../shared/cases.rs"]
mod cases;
mod edges;
mod inert;
mod outcomes;

use any::{SECONDS, any_replay};
use cases::fixed;
use proptest::prelude::*;
use warstories_sim::scenarios;
use warstories_sim::snapshot::{Content, Life};
use warstories_sim::{Input, Playable, Replay, SimTime};

/// Events that a test plays at most: extreme parameters make millions in a second.
const BUDGET: u64 = 20_000;

/// Everything that can be read of a run.
fn everything(run: &dyn Playable) -> String {
    format!("{} {} {:016x} {}", run.now(), run.events(), run.fingerprint(), measured(run))
}

/// What the metrics of a run say, over all and in each sample.
fn measured(run: &dyn Playable) -> String {
    let readings: Vec<_> = (0..run.spec().metrics.len()).map(|i| (run.read(i), run.recent(i))).collect();
    let samples: Vec<_> = (0..run.spec().metrics.len()).map(|i| run.series().samples(i)).collect();
    format!("{readings:?} {samples:?}")
}

/// Whether the spans of a life follow each other from the arrival on, each within the one that it says it lies in.
fn is_told_in_order(life: &Life, now: SimTime) -> bool {
    let mut around: Vec<(SimTime, SimTime)> = Vec::new();
    let mut latest = life.arrived;
    life.spans.iter().all(|span| {
        around.truncate(span.depth.into());
        let (from, to) = (span.from, span.to.unwrap_or(now));
        let is_within = around.len() == usize::from(span.depth)
            && around.last().is_none_or(|(begin, end)| *begin <= from && to <= *end);
        around.push((from, to));
        let is_next = from >= latest && from <= to;
        latest = if life
            .spans
            .iter()
            .any(|other| other.depth > span.depth && other.from >= from && other.from < to)
        {
            from
        } else {
            to
        };
        is_within && is_next
    })
}
/// Words of nodes that have no place left.
const FULL: [&str; 3] = ["all busy", "all in use", "full"];
/// Words of queues in which somebody waits.
const IN_LINE: [&str; 6] = ["waiting", "long", "short", "growing", "at its limit", "to look at"];

proptest! {
    #![proptest_config(fixed(256))]

    #[test]
    fn identities_hold_at_every_moment(replay in any_replay(), stops in prop::collection::vec(1..BUDGET / 4, 1..6)) {
        let mut run = scenarios::start(replay);
        let mut before = run.snapshot();
        for stop in stops {
            run.advance(SimTime::from_secs(SECONDS), stop);
            for identity in run.identities() {
                prop_assert_eq!(identity.left, identity.right, "{} at {} s", identity.name, run.now());
            }
            // A screen follows parts by their position and counts what moved, as long as the system is the same.
            let snapshot = run.snapshot();
            let is_alike = snapshot.is_alike(&before);
            for (at, flow) in snapshot.flows.iter().enumerate() {
                prop_assert!(!is_alike || flow.total >= before.flows[at].total);
                prop_assert!(flow.from < snapshot.nodes.len() && flow.to < snapshot.nodes.len());
            }
            for (at, node) in snapshot.nodes.iter().enumerate() {
                prop_assert!(snapshot.nodes[..at].iter().all(|other| other.id != node.id), "{} twice", node.id);
            }
            for node in &snapshot.nodes {
                let held = match node.content {
                    Content::Slots { used, .. } => used,
                    Content::Queue { length, .. } => length,
                    Content::Leases { count, left } => {
                        prop_assert!(left.iter().all(|left| (0.0..=1.0).contains(left)), "{left:?}");
                        count
                    }
                    Content::Steps { at, total } => {
                        prop_assert!(at.is_none_or(|at| at < total), "{at:?} of {total}");
                        u64::from(at.is_some())
                    }
                    Content::Plain | Content::Load(_) | Content::Ring(_) => 0,
                };
                let word = node.word;
                match node.content {
                    Content::Slots { used, total } => {
                        prop_assert!(used >= total || !FULL.contains(&word), "{}: {word}, {used} of {total}", node.id);
                        prop_assert!(used == 0 || word != "idle", "{}: {word}, {used} of {total}", node.id);
                    }
                    Content::Queue { length, .. } => {
                        prop_assert!(length > 0 || !IN_LINE.contains(&word), "{}: {word}, nobody", node.id);
                        prop_assert!(length == 0 || word != "empty", "{}: {word}, {length}", node.id);
                        // Whoever is drawn in line can be looked at.
                        let last = length.checked_sub(1).map(|last| run.request(node.id, last as usize));
                        prop_assert!(last.is_none_or(|life| life.is_some()), "{}: nobody of {length}", node.id);
                    }
                    _ => {}
                }
                if let Some(life) = run.request(node.id, 0) {
                    prop_assert!(held > 0 && life.outcome.is_none() && life.arrived <= run.now());
                    prop_assert!(is_told_in_order(&life, run.now()), "{life:?}");
                }
            }
            for life in run.ended() {
                prop_assert!(is_told_in_order(life, run.now()), "{life:?}");
            }
            before = snapshot;
        }
    }

    #[test]
    fn a_replay_plays_the_same_however_it_is_stopped(replay in any_replay(), stops in prop::collection::vec(1..5000_u64, 0..20)) {
        let mut straight = scenarios::start(replay.clone());
        let reached = straight.advance(SimTime::from_secs(SECONDS), BUDGET);
        let end = if reached { SimTime::from_secs(SECONDS) } else { straight.now() };
        let mut halting = scenarios::start(replay);
        for stop in stops {
            if halting.events() + stop > straight.events() {
                break;
            }
            halting.advance(end, stop);
            halting = halting.checkpoint();
        }
        while halting.events() < straight.events() && !halting.advance(end, straight.events() - halting.events()) {}
        if reached {
            halting.advance(end, u64::MAX);
        }
        prop_assert_eq!(everything(halting.as_ref()), everything(straight.as_ref()));
    }

    /// A model keeps its hands off the parameters, so that a page can tell them without playing the run.
    #[test]
    fn parameters_are_what_the_replay_says_at_every_moment(replay in any_replay(), millis in 0..SECONDS * 1000) {
        let mut run = scenarios::start(replay.clone());
        let moment = SimTime::from_millis_f64(millis as f64);
        if run.advance(moment, BUDGET) {
            let params: Vec<f64> = (0..replay.spec().params.len()).map(|param| run.param(param)).collect();
            prop_assert_eq!(params, replay.values(moment));
        }
    }

    #[test]
    fn a_link_says_everything(replay in any_replay(), moment in prop::option::of(0..u64::from(u32::MAX))) {
        let moment = moment.map(SimTime::from_nanos);
        let link = Replay::parse(&replay.print(moment)).unwrap();
        prop_assert_eq!(link.dropped, Vec::<String>::new());
        prop_assert_eq!(link.replay, replay);
        prop_assert_eq!(link.moment, moment);
    }

    /// All but a cut right behind the scenario's name, which leaves an address as people write it.
    #[test]
    fn a_link_that_was_sent_says_everything_and_says_so_wherever_it_was_cut(
        replay in any_replay(),
        moment in prop::option::of(0..u64::from(u32::MAX)),
    ) {
        let moment = moment.map(SimTime::from_nanos);
        let sent = replay.print_to_send(moment);
        let whole = Replay::parse(&sent).unwrap();
        prop_assert_eq!(whole.dropped, Vec::<String>::new());
        prop_assert_eq!((whole.replay, whole.moment), (replay.clone(), moment));
        let name = replay.spec().id.len() + 1;
        for end in (0..name - 1).chain(name + 1..sent.len()) {
            let is_silent = Replay::parse(&sent[..end]).is_ok_and(|cut| cut.dropped.is_empty());
            prop_assert!(!is_silent, "nothing is said of {}", &sent[..end]);
        }
    }

    /// A checkpoint goes on with any replay that shares its past, and refuses every other.
    #[test]
    fn a_checkpoint_adopts_what_shares_its_past(
        replay in any_replay(),
        other in any_replay(),
        budget in 0..5000_u64,
        keep in 0..9_usize,
    ) {
        let mut run = scenarios::start(replay.clone());
        run.advance(SimTime::from_secs(SECONDS), budget);
        let mut branch = replay.clone();
        if let Some((at, _)) = replay.inputs().get(keep) {
            branch.truncate(*at);
        }
        for (at, input) in other.inputs() {
            let _ = branch.add(SimTime::from_secs(SECONDS / 2) + *at, input.clone());
        }
        let past = |replay: &Replay| -> Vec<_> {
            replay.inputs().iter().filter(|(at, _)| *at <= run.now()).cloned().collect()
        };
        let shares = past(&branch) == past(&replay);
        let mut copy = run.checkpoint();
        let adopted = copy.adopt(&branch);
        // Inputs of this very moment may not have been played yet, so a refusal there is only cautious.
        prop_assert!(!adopted || shares);
        prop_assert!(adopted || !shares || replay.inputs().iter().any(|(at, _)| *at == run.now()));
        if adopted {
            let mut straight = scenarios::start(branch);
            copy.advance(SimTime::from_secs(SECONDS), BUDGET);
            while straight.events() < copy.events() {
                straight.advance(SimTime::from_secs(SECONDS), copy.events() - straight.events());
            }
            prop_assert_eq!(straight.fingerprint(), copy.fingerprint());
        } else {
            prop_assert_eq!(copy.replay(), &replay);
        }
    }

    /// What a person does while a run goes on is what the replay then says.
    #[test]
    fn a_live_run_is_its_replay(
        replay in any_replay(),
        live in prop::collection::vec((1..5000_u64, any::<prop::sample::Index>()), 0..10),
    ) {
        let inputs: Vec<_> = replay.inputs().to_vec();
        let mut run = scenarios::start(replay);
        for (budget, pick) in live {
            run.advance(SimTime::from_secs(SECONDS), budget);
            if !inputs.is_empty() {
                run.input(inputs[pick.index(inputs.len())].1.clone()).unwrap();
            }
        }
        run.advance(SimTime::from_secs(SECONDS), 1000);
        let mut again = scenarios::start(run.replay().clone());
        while again.events() < run.events() {
            again.advance(SimTime::from_secs(SECONDS), run.events() - again.events());
        }
        prop_assert_eq!(again.fingerprint(), run.fingerprint());
    }
}

/// Every tail is played to the end, which needs an optimised build to be quick.
const CHECKPOINTS: usize = 1000;

/// 1,000 random moments of one eventful run: from each a checkpoint goes on to the same end.
#[test]
fn a_thousand_checkpoints_go_on_to_the_same_end() {
    let link = "queueing_lab?seed=5&servers=3&arrivals_per_s=40&patience_ms=500&at=20,service_ms=60\
                &at=40,discipline=processor_sharing&at=50,clear_queue&at=70,discipline=fifo&at=80,clients=50";
    let end = SimTime::from_secs(100);
    let mut straight = scenarios::start(Replay::parse(link).unwrap().replay);
    assert!(straight.advance(end, u64::MAX));
    let expected = everything(straight.as_ref());

    let mut stream = warstories_sim::random::Stream::new(5, "checkpoints");
    let mut moments: Vec<u64> =
        (0..CHECKPOINTS).map(|_| (stream.unit() * straight.events() as f64) as u64).collect();
    moments.sort_unstable();
    let mut run = scenarios::start(Replay::parse(link).unwrap().replay);
    for moment in moments {
        run.advance(end, moment - run.events());
        let mut copy = run.checkpoint();
        assert!(copy.advance(end, u64::MAX));
        assert_eq!(everything(copy.as_ref()), expected, "from event {moment} on");
    }
}

/// At one moment the learner comes first, then the model.
#[test]
fn an_input_comes_before_the_event_of_its_moment() {
    let mut run = scenarios::start(Replay::parse("queueing_lab?seed=3").unwrap().replay);
    run.advance(SimTime::from_secs(100), 50);
    let mut replay = run.replay().clone();
    let (servers, tie) = (run.spec().param("servers").unwrap(), run.next_time().unwrap());
    replay.add(tie, Input::Change { param: servers, value: 3.0 }).unwrap();
    let mut run = scenarios::start(replay);
    run.advance(SimTime::from_secs(100), 51);
    assert_eq!((run.events(), run.now(), run.param(servers)), (51, tie, 3.0));
    run.advance(tie, u64::MAX);
    assert_eq!((run.events(), run.now()), (52, tie));
}

/// Two runs that differ in one parameter share all other randomness.
#[test]
fn runs_share_their_arrivals_whatever_serves_them() {
    let arrived = |setting: &str| {
        let link = Replay::parse(&format!("queueing_lab?seed=9&arrivals_per_s=20{setting}")).unwrap();
        assert!(link.dropped.is_empty(), "{:?}", link.dropped);
        let mut run = scenarios::start(link.replay);
        let metric = run.spec().metric("arrived").unwrap();
        let mut counts = Vec::new();
        for second in 1..=100 {
            run.advance(SimTime::from_secs(second), u64::MAX);
            counts.push(run.read(metric));
        }
        counts
    };
    let alone = arrived("");
    for other in [
        "&servers=7",
        "&service_ms=3",
        "&service_distribution=log_normal",
        "&discipline=processor_sharing",
        "&queue_limit=2&patience_ms=100",
        "&at=10,servers=20&at=20,clear_queue&at=30,service_distribution=constant",
    ] {
        assert_eq!(arrived(other), alone, "{other}");
    }
}

/// What a checkpoint costs is known before it is made: a database overrun by queries is not nothing.
#[test]
fn what_a_run_holds_is_counted_whatever_draws_it() {
    for (link, least) in [
        ("queueing_lab?arrivals_per_s=10000&service_ms=60000", 500_000),
        ("queueing_lab?clients=300000&think_ms=600000", 300_000),
        ("connection_pool?spike_at_s=0&base_tx_s=100&spike_multiplier=100&sleep_ms=500", 400_000),
        ("cache_stampede?arrival_mode=open&arrival_rps=5000&timeout_ms=60000&at=1,purge_cache", 100_000),
    ] {
        let link = Replay::parse(link).unwrap();
        assert_eq!(link.dropped, Vec::<String>::new());
        let mut run = scenarios::start(link.replay);
        run.advance(SimTime::from_secs(60), 3_000_000);
        assert!(run.live_records() >= least, "{} records at {}", run.live_records(), run.now());
    }
}

/// Requests that stand in line again, after they shared the servers, do not go back along the arrow.
#[test]
fn what_moved_in_the_drawing_only_grows_when_the_discipline_changes() {
    let link = "queueing_lab?arrivals_per_s=12&at=40,discipline=processor_sharing&at=60,discipline=fifo";
    let mut run = scenarios::start(Replay::parse(link).unwrap().replay);
    let mut before = run.snapshot();
    for second in 1..120 {
        run.advance(SimTime::from_secs(second), u64::MAX);
        let now = run.snapshot();
        for (flow, earlier) in now.flows.iter().zip(&before.flows) {
            let moved = flow.total.checked_sub(earlier.total);
            assert!(moved.is_some_and(|moved| moved < 1000), "{moved:?} moved at {second} s");
        }
        before = now;
    }
}

#[test]
fn whoever_is_rejected_is_among_those_that_ended() {
    let link = Replay::parse("queueing_lab?arrivals_per_s=30&queue_limit=2").unwrap();
    let mut run = scenarios::start(link.replay);
    run.advance(SimTime::from_secs(60), u64::MAX);
    let lives: Vec<_> = run.ended().iter().filter(|life| life.outcome == Some("rejected")).collect();
    assert!(!lives.is_empty() && lives.iter().all(|life| life.failed && life.spans.is_empty()), "{lives:?}");
}

#[test]
fn a_queue_at_its_limit_says_so_steadily() {
    let link = Replay::parse("queueing_lab?arrivals_per_s=20&queue_limit=50").unwrap();
    let mut run = scenarios::start(link.replay);
    let mut words = std::collections::BTreeSet::new();
    for step in 0..600 {
        run.advance(SimTime::from_secs(60) + SimTime::from_millis_f64(f64::from(step) * 100.0), u64::MAX);
        words.insert(run.snapshot().nodes[1].word);
    }
    assert_eq!(words.into_iter().collect::<Vec<_>>(), ["at its limit"]);
}
