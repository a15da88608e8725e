//! Any run: with any seed, any values of all parameters, ends of their ranges often among them, and any changes, actions, files
//! and switches.

use proptest::prelude::*;
use warstories_sim::inert::{Control, Inert};
use warstories_sim::scenarios::rule_engine::file::{REFERENCE, edited, edits};
use warstories_sim::scenarios::rule_engine::{RuleEngine, SPEC};
use warstories_sim::snapshot::Content;
use warstories_sim::{Input, Playable, Replay, Run, SimTime};

use crate::cases::fixed;
use crate::values::value_of;

/// Minutes that a run lasts.
const MINUTES: u64 = 60;

fn any_values() -> impl Strategy<Value = Vec<f64>> {
    SPEC.params.iter().map(value_of).collect::<Vec<_>>()
}

/// Edits that mean something more often than not.
fn any_edits() -> impl Strategy<Value = String> {
    let short =
        (0..42_u32, prop::sample::select(vec!["<2", ">2", "-", "*", "~", "<", "=x: 1", "+  - y", "?"]));
    let line = short.prop_map(|(line, mark)| format!("{line}{mark}"));
    prop_oneof![prop::collection::vec(line, 0..4).prop_map(|lines| lines.join("\n")), "\\PC{0,40}"]
}

fn any_input() -> impl Strategy<Value = Input> {
    let change = (0..SPEC.params.len()).prop_flat_map(|param| {
        value_of(&SPEC.params[param]).prop_map(move |value| Input::Change { param, value })
    });
    let examples = (0..SPEC.texts.len()).prop_flat_map(|field| {
        let all = SPEC.texts[field].examples;
        prop::sample::select(all).prop_map(move |text| Input::Text { field, text: text.into() })
    });
    prop_oneof![
        3 => change,
        3 => (0..SPEC.actions.len()).prop_map(Input::Action),
        1 => examples,
        1 => any_edits().prop_map(|text| Input::Text { field: 0, text: text.into() }),
    ]
}

fn begun(seed: u64, values: &[f64]) -> Replay {
    let mut replay = Replay::new(&SPEC).with_seed(seed);
    values.iter().enumerate().for_each(|(param, value)| replay.set_start(param, *value));
    replay
}

fn any_replay() -> impl Strategy<Value = Replay> {
    let inputs = prop::collection::vec((0..MINUTES * 60, any_input()), 0..14);
    (any::<u64>(), any_values(), inputs).prop_map(|(seed, start, inputs)| {
        let mut replay = begun(seed, &start);
        for (second, input) in inputs {
            replay.add(SimTime::from_secs(second), input).unwrap();
        }
        replay
    })
}

/// Everything that can be measured of a run.
fn measured(run: &Run<RuleEngine>) -> String {
    let readings: Vec<_> =
        (0..SPEC.metrics.len()).map(|metric| (run.read(metric), run.recent(metric))).collect();
    format!("{} {readings:?}", run.now())
}

proptest! {
    #![proptest_config(fixed(96))]

    #[test]
    fn equations_hold_and_the_diagram_agrees_at_every_moment(
        replay in any_replay(),
        stops in prop::collection::vec(0..MINUTES * 60, 1..6),
    ) {
        let mut run = Run::<RuleEngine>::new(replay);
        let mut stops = stops;
        stops.sort_unstable();
        let mut before = run.snapshot();
        for stop in stops {
            run.advance(SimTime::from_secs(stop), u64::MAX);
            for identity in run.identities() {
                prop_assert_eq!(identity.left, identity.right, "{} at {} s", identity.name, run.now());
            }
            let snapshot = run.snapshot();
            prop_assert!(snapshot.is_alike(&before));
            for (flow, earlier) in snapshot.flows.iter().zip(&before.flows) {
                prop_assert!(flow.total >= earlier.total);
            }
            for node in &snapshot.nodes {
                let held = match node.content {
                    Content::Slots { used, total } => {
                        prop_assert!(used <= total && (used == 0 || node.word != "idle"), "{node:?}");
                        used
                    }
                    Content::Queue { length, .. } => {
                        prop_assert_eq!(length == 0, node.word == "empty", "{:?}", node);
                        length
                    }
                    _ => 0,
                };
                // Whoever is drawn can be looked at, and nobody else.
                prop_assert_eq!(run.request(node.id, held as usize), None);
                for position in 0..held as usize {
                    let life = run.request(node.id, position).unwrap();
                    let joined = life.spans.windows(2).all(|pair| pair[0].to == Some(pair[1].from));
                    prop_assert!(joined && life.spans[0].from == life.arrived, "{life:?}");
                    prop_assert!(life.spans.last().unwrap().to.is_none() && life.outcome.is_none());
                }
            }
            before = snapshot;
        }
    }

    #[test]
    fn a_run_is_the_same_however_it_is_stopped_and_from_its_link(
        replay in any_replay(),
        stops in prop::collection::vec(1..500_u64, 0..10),
    ) {
        let end = SimTime::from_secs(MINUTES * 60);
        let mut straight = Run::<RuleEngine>::new(replay.clone());
        straight.advance(end, u64::MAX);
        let printed = replay.print(None);
        let link = Replay::parse_entries(&SPEC, printed.split_once('?').unwrap().1);
        prop_assert_eq!(&link.dropped, &Vec::<String>::new());
        prop_assert_eq!(&link.replay, &replay);
        let mut halting = warstories_sim::run::start::<RuleEngine>(link.replay);
        for stop in stops {
            halting.advance(end, stop);
            halting = halting.checkpoint();
        }
        halting.advance(end, u64::MAX);
        prop_assert_eq!(halting.fingerprint(), straight.fingerprint());
        let all = 0..SPEC.metrics.len();
        let (one, other): (Vec<_>, Vec<_>) =
            all.map(|metric| (format!("{:?}", halting.read(metric)), format!("{:?}", straight.read(metric)))).unzip();
        prop_assert_eq!(one, other);
        prop_assert_eq!(halting.announcements(), straight.announcements());
    }

    #[test]
    fn a_control_that_is_said_to_do_nothing_does_nothing(
        seed in any::<u64>(),
        values in any_values(),
        others in any_values(),
    ) {
        let played = |values: &[f64]| {
            let mut run = Run::<RuleEngine>::new(begun(seed, values));
            run.advance(SimTime::from_secs(MINUTES * 60), u64::MAX);
            run
        };
        let run = played(&values);
        for Inert { control, like, reason } in run.inert() {
            let Control::Param(param) = control else { panic!("no action is ever inert") };
            prop_assert!(like.is_none() && reason.ends_with('.'), "{reason}");
            let mut changed = values.clone();
            changed[param] = others[param];
            let other = played(&changed);
            prop_assert_eq!(measured(&run), measured(&other), "{} = {}", SPEC.params[param].id, others[param]);
            prop_assert_eq!(run.fingerprint(), other.fingerprint());
        }
    }
}

proptest! {
    #![proptest_config(fixed(2000))]

    /// Whatever a learner makes of the file, its edits make the same of the reference.
    #[test]
    fn a_file_and_its_edits_are_one(
        cuts in prop::collection::vec((0..41_usize, 0..4_u8, "[ -~]{0,30}"), 0..8),
    ) {
        let mut lines: Vec<String> = REFERENCE.lines().map(str::to_owned).collect();
        for (at, how, text) in cuts {
            let at = at.min(lines.len());
            match how {
                0 if at < lines.len() => lines[at] = text,
                1 if at < lines.len() => lines[at].insert_str(0, "  "),
                2 if at < lines.len() => drop(lines.remove(at)),
                _ => lines.insert(at, text),
            }
        }
        let text = lines.join("\n") + "\n";
        prop_assert_eq!(edited(&edits(&text)).unwrap(), text);
    }

    #[test]
    fn any_text_is_a_file_or_gets_a_sentence(text in "\\PC{0,80}", edit in any_edits()) {
        for text in [text, edit] {
            if let Err(sentence) = edited(&text) {
                let is_told = sentence.contains("is no edit; write ") || sentence.contains("there is no line ");
                prop_assert!(is_told, "{sentence}");
            }
        }
    }
}

/// The longest run with most of everything, and with least of everything.
#[test]
fn the_ends_of_every_range_last_as_long_as_a_run_can() {
    for end in [0, 1] {
        let mut replay = Replay::new(&SPEC).with_seed(9);
        for (param, spec) in SPEC.params.iter().enumerate() {
            let extremes = spec.extremes();
            replay.set_start(param, extremes[end.min(extremes.len() - 1)]);
        }
        // An order in six seconds is enough for thirty days.
        replay.set_start(SPEC.param("orders_per_min").unwrap(), if end == 0 { 1.0 } else { 10.0 });
        let mut run = Run::<RuleEngine>::new(replay);
        run.advance(Replay::MAX_TIME, u64::MAX);
        for identity in run.identities() {
            assert_eq!(identity.left, identity.right, "{}", identity.name);
        }
        assert!(run.live_records() < 500, "{}", run.live_records());
    }
}
