//! What other programs rely on: the shape of the JSON, and that one call is one answer.

mod command;

use command::{items, json, keys, number, repeatable, string, text};
use serde_json::Value;

#[test]
fn every_scenario_describes_itself() {
    let all = json(&["list", "--json"]);
    assert!(!items(&all).is_empty());
    for scenario in items(&all) {
        let id = string(scenario, "id");
        assert_eq!(&json(&["list", id, "--json"]), scenario);
        assert!(!string(scenario, "title").is_empty() && !string(scenario, "summary").is_empty());
        assert!(number(scenario, "length_s") > 0.0);
        for parameter in items(&scenario["parameters"]) {
            describes_a_parameter(parameter);
        }
        for action in items(&scenario["actions"]) {
            assert_eq!(keys(action), ["id", "label", "meaning", "part"]);
        }
        for field in items(&scenario["texts"]) {
            assert_eq!(keys(field), ["id", "label", "meaning", "most", "examples"]);
        }
        for metric in items(&scenario["metrics"]) {
            assert_eq!(keys(metric), ["id", "label", "meaning", "unit", "kind", "thresholds"]);
            let kind = string(metric, "kind");
            assert!(["counter", "failure", "gauge", "histogram", "money"].contains(&kind), "{kind}");
            for threshold in items(&metric["thresholds"]) {
                let _ = (number(threshold, "value"), string(threshold, "label"));
            }
        }
        let (list, details) = (text(&["list"]), text(&["list", id]));
        assert!(list.contains(id));
        for entry in
            ["parameters", "actions", "texts", "metrics"].iter().flat_map(|key| items(&scenario[key]))
        {
            assert!(
                details.contains(string(entry, "id")) && details.contains(string(entry, "meaning")),
                "{entry}"
            );
        }
    }
}

fn describes_a_parameter(parameter: &Value) {
    for key in ["id", "label", "meaning"] {
        assert!(!string(parameter, key).is_empty(), "{parameter}");
    }
    let _ = string(parameter, "unit");
    assert!(["story", "derived", "source", "assumed"].contains(&string(parameter, "provenance")));
    let default = &parameter["default"];
    match string(parameter, "kind") {
        "integer" => {
            let range = parameter["min"].as_u64().zip(parameter["max"].as_u64()).expect("whole range");
            assert!(default.as_u64().is_some_and(|default| (range.0..=range.1).contains(&default)));
            assert!(parameter["step"].is_u64());
        }
        "number" => {
            let default = default.as_f64().expect("a number");
            assert!(number(parameter, "min") <= default && default <= number(parameter, "max"));
            assert!(number(parameter, "step") > 0.0);
        }
        "switch" => assert!(default.is_boolean()),
        "choice" => {
            let ids =
                items(&parameter["choices"]).iter().map(|choice| string(choice, "id")).collect::<Vec<_>>();
            assert!(ids.contains(&default.as_str().expect("an id")), "{parameter}");
        }
        other => panic!("{other}"),
    }
}

#[test]
fn every_scenario_runs_as_it_describes_itself() {
    for scenario in items(&json(&["list", "--json"])) {
        let id = string(scenario, "id");
        let run = json(&["run", id, "--until", "30", "--json"]);
        assert_eq!(
            keys(&run),
            [
                "scenario",
                "seed",
                "until_s",
                "parameters",
                "inputs",
                "replay",
                "metrics",
                "failures",
                "events",
                "fingerprint",
                "wall_ms"
            ]
        );
        assert_eq!(
            (string(&run, "scenario"), &run["seed"], number(&run, "until_s")),
            (id, &Value::from(1), 30.0)
        );
        assert!(run["events"].is_u64() && number(&run, "wall_ms") >= 0.0);
        let fingerprint = string(&run, "fingerprint");
        assert!(fingerprint.len() == 16 && fingerprint.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')));
        for parameter in items(&scenario["parameters"]) {
            assert_eq!(run["parameters"][string(parameter, "id")], parameter["default"]);
        }
        let mut failures = 0;
        for metric in items(&scenario["metrics"]) {
            let value = &run["metrics"][string(metric, "id")];
            match string(metric, "kind") {
                "counter" => assert!(value.is_u64(), "{metric}: {value}"),
                "failure" => {
                    failures += 1;
                    assert!(value.is_u64(), "{metric}: {value}");
                    assert_eq!(&run["failures"][string(metric, "id")], value);
                }
                "money" => assert!(value.is_number(), "{metric}: {value}"),
                "gauge" => {
                    let names = ["last", "mean", "min", "max"];
                    // Null, all of them, where the run gave it no value.
                    if value["last"].is_null() {
                        assert_eq!(keys(value), names);
                        assert!(names.iter().all(|name| value[name].is_null()), "{metric}: {value}");
                    } else {
                        assert_all_numbers(value, &names);
                    }
                }
                _ => assert_all_numbers(value, &["count", "mean", "p50", "p95", "p99", "p999", "max"]),
            }
        }
        assert_eq!(keys(&run["failures"]).len(), failures);
        assert_eq!(keys(&run["metrics"]).len(), items(&scenario["metrics"]).len());
    }
}

fn assert_all_numbers(value: &Value, names: &[&str]) {
    assert_eq!(keys(value), names);
    for name in names {
        let _ = number(value, name);
    }
}

const BUSY: [&str; 9] = [
    "run",
    "queueing_lab",
    "--seed",
    "7",
    "--set",
    "servers=2",
    "--set",
    "discipline=processor_sharing",
    "--json",
];

#[test]
fn the_same_call_gives_the_same_answer() {
    let once = repeatable(&BUSY);
    assert_eq!(repeatable(&BUSY), once);
    assert_eq!(number(&once, "until_s"), 600.0, "the scenario's own length");
    assert_eq!(once["parameters"]["servers"], 2);
    assert_eq!(once["parameters"]["discipline"], "processor_sharing");
    let other = repeatable(&["run", "queueing_lab", "--seed", "8", "--json"]);
    assert_ne!(other["fingerprint"], once["fingerprint"]);
}

#[test]
fn the_order_of_the_options_does_not_matter() {
    let inputs = [
        ["--at", "60", "arrivals_per_s=30"],
        ["--at", "00:01:00", "servers=3"],
        ["--act", "60", "clear_queue"],
        ["--act", "100.5", "clear_queue"],
        ["--at", "20", "servers=2"],
    ];
    let answers: Vec<_> = (0..inputs.len())
        .map(|first| {
            let mut args = vec!["run", "queueing_lab", "--until", "00:03:00", "--json"];
            args.extend(inputs.iter().cycle().skip(first).take(inputs.len()).flatten());
            repeatable(&args)
        })
        .collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(answers[0]["parameters"]["servers"], 1, "parameters are those at the start");
    let untouched = repeatable(&["run", "queueing_lab", "--until", "180", "--json"]);
    assert_ne!(untouched["fingerprint"], answers[0]["fingerprint"]);
}

#[test]
fn an_input_after_the_end_is_noted_and_changes_nothing() {
    let output =
        command::call(&["run", "queueing_lab", "--until", "60", "--at", "61", "servers=2", "--json"]);
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "note: what is entered at 61 s does not happen; the run ends at 60 s\n"
    );
    let run: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let plain = json(&["run", "queueing_lab", "--until", "60", "--json"]);
    assert_eq!(run["fingerprint"], plain["fingerprint"]);
}

#[test]
fn the_table_ends_with_the_fingerprint_and_a_link_that_plays_the_same() {
    let options = [
        "--seed",
        "7",
        "--set",
        "servers=2",
        "--at",
        "60",
        "servers=1",
        "--act",
        "90",
        "clear_queue",
        "--until",
        "120",
    ];
    let args: Vec<_> = ["run", "queueing_lab"].into_iter().chain(options).collect();
    let table = text(&args);
    let mut last = table.lines().rev().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let link = "queueing_lab?seed=7&servers=2&at=60,servers=1&at=90,clear_queue&t=120";
    assert_eq!(last.next(), Some(vec!["replay", link]));
    let fingerprint = last.next().expect("a line");
    let run = json(&[args.as_slice(), &["--json"]].concat());
    assert_eq!(fingerprint, ["fingerprint", string(&run, "fingerprint")]);
}

#[test]
fn a_reader_who_stops_reading_is_no_error() {
    use std::process::Stdio;
    for args in [&["list"][..], &["list", "queueing_lab"], &["run", "queueing_lab", "--csv", "-"]] {
        let mut child = command::command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the command ends");
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
}

#[test]
fn help_and_version_are_answers() {
    for args in [&["--help"][..], &["--version"], &["run", "--help"], &["help", "check"]] {
        assert!(text(args).ends_with('\n'), "{args:?}");
    }
}

#[test]
fn a_lesson_of_the_project_is_proven() {
    // All of them are proven with optimisation, see src/xtask/stages.rs.
    let lessons = concat!(env!("CARGO_MANIFEST_DIR"), "/../../lessons/why_queues_explode.md");
    assert!(text(&["check", lessons]).contains("scenario"));
    // The same call on one core or many, with more seeds or fewer, says the same.
    assert_eq!(text(&["check", lessons, "--seeds", "1"]), text(&["check", lessons, "--seeds", "2"]));
}
