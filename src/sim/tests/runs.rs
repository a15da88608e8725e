//! What holds for every run of every scenario: identities at zero tolerance, one run per replay however it is
//! played, hostile links.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use warstories_sim::announce;
use warstories_sim::parameter::ParamSpec;
use warstories_sim::scenarios::{self, SCENARIOS};
use warstories_sim::snapshot::Content;
use warstories_sim::{Domain, Input, Playable, Replay, ScenarioSpec, SimTime};

/// A value anywhere in the parameter's domain; wide ranges are covered evenly on a logarithmic scale, so that
/// small settings, at which most happens, are not drowned.
fn value_of(spec: &ParamSpec) -> BoxedStrategy<f64> {
    let between = |min: f64, max: f64| {
        let spread = move |unit: f64| min + (libm::pow(max - min + 1.0, unit) - 1.0);
        prop_oneof![1 => Just(min), 1 => Just(spec.default_value()), 6 => (0.0..1.0).prop_map(spread)]
    };
    match spec.domain {
        Domain::Integer { min, max } => between(min as f64, max as f64).prop_map(f64::round).boxed(),
        Domain::Number { min, max, .. } => between(min, max).boxed(),
        Domain::Switch => prop_oneof![Just(0.0), Just(1.0)].boxed(),
        Domain::Choice(choices) => (0..choices.len()).prop_map(|index| index as f64).boxed(),
    }
}

fn input_of(spec: &'static ScenarioSpec) -> BoxedStrategy<Input> {
    let change = (0..spec.params.len()).prop_flat_map(|param| {
        value_of(&spec.params[param]).prop_map(move |value| Input::Change { param, value })
    });
    if spec.actions.is_empty() {
        return change.boxed();
    }
    prop_oneof![4 => change, 1 => (0..spec.actions.len()).prop_map(Input::Action)].boxed()
}

const SECONDS: u64 = 20;

/// Any scenario with any seed, parameters and inputs within the first seconds.
fn any_replay() -> impl Strategy<Value = Replay> {
    (0..SCENARIOS.len()).prop_flat_map(|scenario| {
        let spec = SCENARIOS[scenario].spec;
        let start: Vec<_> = spec.params.iter().map(value_of).collect();
        let inputs = prop::collection::vec((0..SECONDS * 1000, input_of(spec)), 0..8);
        (any::<u64>(), start, inputs).prop_map(|(seed, start, inputs)| {
            let mut replay = Replay::new(spec).with_seed(seed);
            for (param, value) in start.into_iter().enumerate() {
                replay.set_start(param, value);
            }
            for (millis, input) in inputs {
                replay.add(SimTime::from_millis_f64(millis as f64), input).unwrap();
            }
            replay
        })
    })
}

/// Events that a test plays at most: extreme parameters make millions in a second.
const BUDGET: u64 = 20_000;

/// Everything that can be read of a run.
fn everything(run: &dyn Playable) -> String {
    let readings: Vec<_> = (0..run.spec().metrics.len()).map(|i| (run.read(i), run.recent(i))).collect();
    let samples: Vec<_> = (0..run.spec().metrics.len()).map(|i| run.series().samples(i)).collect();
    format!("{} {} {:016x} {readings:?} {samples:?}", run.now(), run.events(), run.fingerprint())
}

/// The same cases in every run: what was green stays green.
fn fixed(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1997),
        ..ProptestConfig::default()
    }
}

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
            // A screen follows parts by their position and counts what moved.
            let snapshot = run.snapshot();
            prop_assert!(snapshot.nodes.iter().map(|node| node.id).eq(before.nodes.iter().map(|node| node.id)));
            for (flow, earlier) in snapshot.flows.iter().zip(&before.flows) {
                prop_assert_eq!((flow.from, flow.to, flow.failure), (earlier.from, earlier.to, earlier.failure));
                prop_assert!(flow.total >= earlier.total);
                prop_assert!(flow.from < snapshot.nodes.len() && flow.to < snapshot.nodes.len());
            }
            for (index, node) in snapshot.nodes.iter().enumerate() {
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
                if let Some(life) = run.request(index, 0) {
                    prop_assert!(held > 0 && life.outcome.is_none() && life.arrived <= run.now());
                }
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

    #[test]
    fn a_link_says_everything(replay in any_replay(), moment in prop::option::of(0..u64::from(u32::MAX))) {
        let moment = moment.map(SimTime::from_nanos);
        let link = Replay::parse(&replay.print(moment)).unwrap();
        prop_assert_eq!(link.dropped, Vec::<String>::new());
        prop_assert_eq!(link.replay, replay);
        prop_assert_eq!(link.moment, moment);
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
            let _ = branch.add(SimTime::from_secs(SECONDS / 2) + *at, *input);
        }
        let past = |replay: &Replay| -> Vec<_> {
            replay.inputs().iter().filter(|(at, _)| *at <= run.now()).copied().collect()
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
                run.input(inputs[pick.index(inputs.len())].1).unwrap();
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

/// The full number of cases needs an optimised build to be quick.
const HOSTILE_LINKS: u32 = 100_000;

/// Pieces that links are made of, right and wrong.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "queueing_lab",
        "?",
        "&",
        "=",
        ",",
        "at",
        "t",
        "seed",
        "servers",
        "discipline",
        "fifo",
        "may_wait",
        "true",
        "clear_queue",
        "arrivals_per_s",
        "12.5",
        "-0",
        "1e9",
        "NaN",
        "inf",
        "00:10:00",
        "99:99:99",
        "%",
        "%2",
        "%ff",
        "%00",
        "18446744073709551616",
        "0.0000000001",
        "<script>",
        "\"",
        "'",
        "\u{202e}",
        "💥",
        "\n",
        "__proto__",
    ]);
    prop_oneof![8 => known.prop_map(String::from), 1 => any::<String>(), 1 => "[0-9]{1,30}"]
}

proptest! {
    #![proptest_config(fixed(HOSTILE_LINKS))]

    /// Whatever a link says, it is read without panic into a run that can be played, or refused in one sentence.
    #[test]
    fn hostile_links_are_read_or_refused(pieces in prop::collection::vec(piece(), 0..24), head in 0..4) {
        let mut text: String = pieces.concat();
        if head > 0 {
            text.insert_str(0, "queueing_lab?");
        }
        let sentences = match Replay::parse(&text) {
            Ok(link) => {
                let printed = link.replay.print(link.moment);
                let again = Replay::parse(&printed).unwrap();
                prop_assert_eq!(&again.dropped, &Vec::<String>::new());
                prop_assert_eq!(again.replay, link.replay);
                link.dropped
            }
            Err(sentence) => vec![sentence],
        };
        prop_assert!(sentences.len() <= 22);
        for sentence in sentences {
            prop_assert!(!sentence.is_empty() && sentence.chars().count() <= 400, "{}", sentence);
            prop_assert!(!sentence.chars().any(char::is_control), "{:?}", sentence);
        }
    }
}

#[test]
fn a_long_link_is_cut_and_a_full_replay_says_so() {
    let entries: Vec<_> = (0..5000).map(|index| format!("at={index},servers={}", index % 900 + 1)).collect();
    let text = format!("queueing_lab?seed=3&{}", entries.join("&"));
    let link = Replay::parse(&text).unwrap();
    assert_eq!(link.replay.inputs().len(), Replay::MAX_INPUTS);
    assert!(link.dropped.iter().any(|sentence| sentence.contains("at most 1000")), "{:?}", link.dropped);
    assert!(link.dropped.iter().any(|sentence| sentence.contains("only the first")), "{:?}", link.dropped);
}

#[test]
fn what_is_dropped_is_reported_and_the_rest_is_kept() {
    let link = Replay::parse(
        "queueing_lab?seed=7&servrs=4&servers=0&arrivals_per_s=12&discipline=lifo&at=60,clear&at=nine,servers=2\
         &at=00:01:00,servers=2&at=70&seed=8&t=90&servers=%35",
    )
    .unwrap();
    assert_eq!(
        link.replay.print(link.moment),
        "queueing_lab?seed=7&servers=5&arrivals_per_s=12&at=60,servers=2&t=90"
    );
    let expected = [
        "queueing_lab has no parameter \"servrs\"; did you mean \"servers\"?",
        "servers cannot be \"0\"; it takes a whole number from 1 to 1000",
        "discipline cannot be \"lifo\"; it takes one of fifo, processor_sharing; did you mean \"fifo\"?",
        "queueing_lab has no action \"clear\"; did you mean \"clear_queue\"?",
        "\"nine\" is not a time; write seconds from the start (90 or 12.5) or the story's clock (00:01:30)",
        "\"at=70\" does not say what happens; write at=TIME,parameter=value",
        "\"seed\" is given twice; the first value is kept",
    ];
    assert_eq!(link.dropped, expected);
    let unknown = Replay::parse("queuing_lab?seed=1").unwrap_err();
    assert_eq!(unknown, "there is no scenario \"queuing_lab\"; did you mean \"queueing_lab\"?");
}

#[test]
fn every_scenario_has_a_diagram_whose_parts_stand_apart_and_are_joined() {
    for entry in SCENARIOS {
        let id = entry.spec.id;
        let snapshot = scenarios::start(Replay::new(entry.spec)).snapshot();
        assert!(snapshot.nodes.len() >= 2, "{id}: a diagram of {} parts", snapshot.nodes.len());
        for (index, node) in snapshot.nodes.iter().enumerate() {
            let is_joined = snapshot.flows.iter().any(|flow| flow.from == index || flow.to == index);
            assert!(is_joined, "{id}: no way leads to or from {}", node.id);
            for other in &snapshot.nodes[..index] {
                assert_ne!(node.place, other.place, "{id}: {} hides {}", node.id, other.id);
                assert_ne!(node.id, other.id, "{id}: two parts of one name");
            }
        }
    }
}

#[test]
fn every_declaration_is_whole() {
    for entry in SCENARIOS {
        let spec = entry.spec;
        for param in spec.params {
            assert!(
                param.parse(param.default).is_ok(),
                "{}: the default of {} is not allowed",
                spec.id,
                param.id
            );
            assert!(param.doc.ends_with('.'), "{}: the meaning of {} is not a sentence", spec.id, param.id);
        }
        for chart in spec.charts {
            for metric in chart.metrics {
                assert!(spec.metric(metric).is_ok(), "{}: chart {} draws {metric}", spec.id, chart.title);
            }
        }
        for preset in spec.presets {
            for (id, value) in preset.values {
                let param = spec.params[spec.param(id).unwrap()];
                assert!(param.parse(value).is_ok(), "{}: {} sets {id} to {value}", spec.id, preset.label);
            }
        }
        // Links and lessons name parameters and actions in one breath; metrics have a place of their own.
        let params = spec.params.iter().map(|param| param.id);
        let entered: Vec<_> = params.chain(spec.actions.iter().map(|action| action.id)).collect();
        let measured: Vec<_> = spec.metrics.iter().map(|metric| metric.id).collect();
        for ids in [entered, measured] {
            for (index, id) in ids.iter().enumerate() {
                assert!(!ids[..index].contains(id), "{}: {id} is declared twice", spec.id);
                assert!(!["seed", "at", "t"].contains(id), "{}: {id} means something else in links", spec.id);
            }
        }
    }
}

#[test]
fn crossings_and_the_summary_tell_an_overload_and_its_end() {
    let link = Replay::parse("queueing_lab?seed=2&arrivals_per_s=15&at=60,arrivals_per_s=2").unwrap();
    let mut run = scenarios::start(link.replay);
    run.advance(SimTime::from_secs(50), u64::MAX);
    let summary = announce::summary(run.as_ref());
    assert!(summary.starts_with("Why queues explode, 00:00:50. Queue: long, "), "{summary}");
    assert!(summary.contains(" waiting. Servers: all busy, 1 of 1 busy."), "{summary}");
    assert!(summary.contains("\u{a0}s.") && !summary.contains("ms"), "{summary}");
    run.advance(SimTime::from_secs(200), u64::MAX);
    let sentences: Vec<_> = run.crossings().iter().map(|crossing| crossing.sentence(run.spec())).collect();
    let position = |part: &str| sentences.iter().position(|sentence| sentence.contains(part));
    let reached = position("Waiting reached 100\u{a0}requests, a hundred wait.").unwrap();
    let below = position("Waiting is below 100\u{a0}requests again.").unwrap();
    assert!(reached < below, "{sentences:?}");
    assert!(position("Sojourn reached 1\u{a0}s, one second.").is_some(), "{sentences:?}");
}

#[test]
fn a_counter_tells_its_first_once() {
    let link =
        Replay::parse("duplicate_delivery?crash_step=none&slow_send_s=40&visibility_timeout_s=30").unwrap();
    let mut run = scenarios::start(link.replay);
    run.advance(SimTime::from_secs(600), u64::MAX);
    let told = |part: &str| {
        let sentences = run.crossings().iter().map(|crossing| crossing.sentence(run.spec()));
        sentences.filter(|sentence| sentence.contains(part)).collect::<Vec<_>>()
    };
    assert_eq!(told("Stale acks"), ["09:00:45: Stale acks: an ack came too late and did nothing."]);
    assert_eq!(told("lease lapsed").len(), 1);
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

#[test]
fn an_action_that_sets_parameters_sets_what_its_table_says() {
    let mut seen = 0;
    for entry in SCENARIOS {
        for (index, action) in entry.spec.actions.iter().enumerate() {
            assert_eq!(
                entry.spec.sets(index).count(),
                action.sets.len(),
                "{}: an unknown parameter",
                action.id
            );
            let mut run = scenarios::start(Replay::new(entry.spec));
            run.advance(SimTime::from_secs(1), u64::MAX);
            run.input(Input::Action(index)).expect("there is room for one action");
            run.advance(SimTime::from_secs(2), u64::MAX);
            for (param, value) in entry.spec.sets(index) {
                let change = Input::Change { param, value };
                assert_eq!(Replay::new(entry.spec).add(SimTime::ZERO, change), Ok(()), "{}", action.id);
                assert_eq!(run.param(param), value, "{}", action.id);
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}
