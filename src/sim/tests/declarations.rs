//! What scenarios declare of themselves is whole, and does what it says.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use warstories_sim::scenarios::{self, SCENARIOS};
use warstories_sim::{Domain, Input, Replay, SimTime, format};

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
fn every_control_belongs_to_a_part_and_parts_follow_the_diagram() {
    for entry in SCENARIOS {
        let spec = entry.spec;
        let nodes = scenarios::start(Replay::new(spec)).snapshot().nodes;
        let mut before = None;
        for (index, part) in spec.parts.iter().enumerate() {
            let controls = spec.params.iter().map(|param| param.part);
            let is_used = controls.chain(spec.actions.iter().map(|action| action.part)).any(|of| of == index);
            assert!(is_used, "{}: nothing belongs to {}", spec.id, part.label);
            for id in part.nodes {
                let named = nodes.iter().any(|node| node.id == *id || node.id.starts_with(&format!("{id}_")));
                assert!(named, "{}: the diagram has no {id}, of {}", spec.id, part.label);
            }
            assert!(!part.metrics.is_empty(), "{}: nothing is measured at {}", spec.id, part.label);
            for id in part.metrics {
                assert!(spec.metric(id).is_ok(), "{}: {} measures no {id}", spec.id, part.label);
                let owners = spec.parts.iter().filter(|part| part.metrics.contains(id)).count();
                assert_eq!(owners, 1, "{}: {id} is measured at two parts", spec.id);
            }
            let owners = nodes.iter().map(|node| spec.parts.iter().filter(|part| part.has(node.id)).count());
            assert!(owners.max() <= Some(1), "{}: a node belongs to two parts", spec.id);
            // What is of the whole system comes last.
            let first = nodes.iter().filter(|node| part.has(node.id)).map(|node| node.place.0).min();
            let place = first.unwrap_or(u8::MAX);
            assert!(before <= Some(place), "{}: {} is before its place", spec.id, part.label);
            before = Some(place);
        }
        let is_known = |of: usize| of < spec.parts.len();
        assert!(spec.params.iter().all(|param| is_known(param.part)), "{}", spec.id);
        assert!(spec.actions.iter().all(|action| is_known(action.part)), "{}", spec.id);
    }
}

#[test]
fn every_preset_says_in_one_sentence_what_to_look_for() {
    for entry in SCENARIOS {
        for preset in entry.spec.presets {
            let sentence = preset.look_for;
            let is_one = sentence.ends_with('.') && !sentence.trim_end_matches('.').contains(". ");
            let names =
                sentence.strip_prefix("Watch the ").or_else(|| sentence.strip_prefix("Watch order 0's "));
            assert!(is_one && names.is_some(), "{}: {}: {sentence}", entry.spec.id, preset.label);
            assert!(preset.doc.ends_with('.'), "{}: {}", entry.spec.id, preset.label);
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
            // The control says so beside the number, and its meaning in a sentence.
            let has_word = !param.zero.is_empty();
            assert_eq!(has_word, param.doc.contains(" 0 means"), "{}: {}", spec.id, param.id);
            assert!(!has_word || param.allows(0.0), "{}: {} cannot be 0", spec.id, param.id);
            assert!(!has_word || format::param(param, 0.0) == param.zero, "{}: {}", spec.id, param.id);
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
        let actions = spec.actions.iter().map(|action| action.id);
        let entered: Vec<_> = params.chain(actions).chain(spec.texts.iter().map(|field| field.id)).collect();
        // The page draws a field that sorts things as what it sorts and one that edits a file as an editor, and it knows no other.
        let run = warstories_sim::scenarios::start(warstories_sim::Replay::new(spec));
        let (sorting, document) = (run.sorting(), run.document());
        let sorted = sorting.map(|sorting| {
            assert!(sorting.groups.len() > 1, "{}", spec.id);
            assert!(sorting.items.iter().all(|item| item.group < sorting.groups.len()), "{}", spec.id);
            sorting.field
        });
        let edited = document.map(|document| {
            assert!(spec.action(document.sheet.action).is_ok(), "{}", spec.id);
            assert!(
                (document.sheet.inspect)(document.sheet.reference, &Replay::new(spec).values(SimTime::ZERO))
                    .is_empty()
            );
            document.sheet.field
        });
        let mut drawn: Vec<usize> = sorted.into_iter().chain(edited).collect();
        drawn.sort_unstable();
        assert!((0..spec.texts.len()).eq(drawn.iter().copied()), "{}: {drawn:?}", spec.id);
        for field in spec.texts {
            assert!(field.doc.ends_with('.') && field.most > 0, "{}: {}", spec.id, field.id);
            let fits = |text: &&str| text.chars().count() <= field.most;
            assert!(
                !field.examples.is_empty() && field.examples.iter().all(fits),
                "{}: {}",
                spec.id,
                field.id
            );
        }
        let measured: Vec<_> = spec.metrics.iter().map(|metric| metric.id).collect();
        for ids in [entered, measured] {
            for (index, id) in ids.iter().enumerate() {
                assert!(!ids[..index].contains(id), "{}: {id} is declared twice", spec.id);
                assert!(
                    !["seed", "at", "t", "begin", "end"].contains(id),
                    "{}: {id} means something else in links",
                    spec.id
                );
            }
        }
    }
}

#[test]
fn every_command_of_a_terminal_says_what_it_does_and_acts_by_an_action_that_there_is() {
    let mut seen = 0;
    for entry in SCENARIOS {
        let run = scenarios::start(Replay::new(entry.spec));
        let Some(terminal) = run.terminal() else { continue };
        seen += 1;
        assert!(terminal.prompt.ends_with(' '), "{}: {:?}", entry.spec.id, terminal.prompt);
        let all = || terminal.commands.iter().chain(terminal.unnamed);
        assert!(terminal.unnamed.iter().all(|command| command.doc.is_empty()), "nobody reads it");
        for (position, command) in all().enumerate() {
            let (usage, is_named) = (command.usage(), position < terminal.commands.len());
            assert!(
                !usage.is_empty() && command.doc.ends_with('.') == is_named,
                "{}: {usage}",
                entry.spec.id
            );
            for spelling in command.spellings {
                // Each spelling is this command alone, and a line that is typed.
                let same = all().filter(|other| other.spellings.contains(spelling));
                assert_eq!(same.count(), 1, "{}: {spelling} is two commands", entry.spec.id);
                let action = command.action.map(|id| entry.spec.action(id).expect(usage));
                assert_eq!(run.command(spelling).action, action, "{}: {spelling}", entry.spec.id);
            }
        }
    }
    assert!(seen > 0);
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
            let at = run.input(Input::Action(index)).expect("there is room for one action");
            // Until just before it is over nothing is set, and then everything.
            if let Some(before) = (action.takes.nanos()).checked_sub(1) {
                let unset: Vec<_> = entry.spec.sets(index).map(|(param, _)| run.param(param)).collect();
                run.advance(at + SimTime::from_nanos(before), u64::MAX);
                assert!(entry.spec.sets(index).map(|(param, _)| run.param(param)).eq(unset), "{}", action.id);
            }
            run.advance(at + action.takes, u64::MAX);
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

/// A run in which each parameter matters whose 0 stands for no limit.
const LIMITED: &[(&str, &str)] = &[
    ("patience_ms", "queueing_lab?seed=1&arrivals_per_s=20"),
    ("acquire_timeout_s", "connection_pool?seed=1&pool_size=1"),
    ("client_patience_s", "connection_pool?seed=1"),
    ("retry_budget_pct", "connection_pool?seed=1&client_patience_s=1&client_retries=2&pool_size=1"),
    ("admission_tx_s", "connection_pool?seed=1"),
    ("lock_fallback_ms", "cache_stampede?seed=1&ttl_s=1&lock_scope=fleet"),
    ("admission_rps", "cache_stampede?seed=1"),
    ("slow_send_s", "duplicate_delivery?seed=1"),
    ("key_ttl_s", "duplicate_delivery?seed=1&dedupe=unique_key&visibility_timeout_s=1"),
    ("retry_budget_pct", "monolith_latency?seed=1&retries=2&call_timeout_ms=200"),
    ("hedge_after_ms", "monolith_latency?seed=1"),
    ("ingest_alarm_gb_5min", "log_flood?seed=1&alarm_datapoints=1"),
];
/// Those whose smallest values are as good as the 0 that stands for none at all.
const GRADUAL: [&str; 2] = ["stale_window_s", "xfetch_beta"];

#[test]
fn a_zero_that_stands_for_something_is_told_in_words() {
    let lab = SCENARIOS[0].spec;
    let [limit, arrivals] = ["queue_limit", "arrivals_per_s"].map(|id| &lab.params[lab.param(id).unwrap()]);
    let told = [(limit, 0.0), (limit, 5.0), (arrivals, 0.0)].map(|(spec, value)| format::param(spec, value));
    assert_eq!(told, ["no limit", "5\u{a0}requests", "0\u{a0}/s"]);
}

#[test]
fn only_0_means_no_limit_and_a_time_below_a_nanosecond_is_a_limit() {
    let numbers = SCENARIOS.iter().flat_map(|entry| entry.spec.params);
    let told = numbers
        .filter(|param| matches!(param.domain, Domain::Number { .. }) && param.doc.contains(" 0 means"));
    let told: Vec<_> = told.map(|param| param.id).filter(|id| !GRADUAL.contains(id)).collect();
    assert_eq!(told, LIMITED.iter().map(|(id, _)| *id).collect::<Vec<_>>());
    for (id, link) in LIMITED {
        let played = |value: f64| {
            let link = Replay::parse(link).unwrap();
            assert_eq!(link.dropped, Vec::<String>::new());
            let mut replay = link.replay;
            replay.set_start(replay.spec().param(id).unwrap(), value);
            let mut run = scenarios::start(replay);
            run.advance(SimTime::from_secs(120), 100_000);
            let readings: Vec<_> = (0..run.spec().metrics.len()).map(|metric| run.read(metric)).collect();
            format!("{readings:?}")
        };
        assert_ne!(played(1e-12), played(0.0), "{id}");
    }
}
