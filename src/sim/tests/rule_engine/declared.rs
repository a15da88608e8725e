//! What is declared: texts, parts, presets, panels and the diagram.

use warstories_sim::exhibit::{Exhibit, Table};
use warstories_sim::metric::MetricSet;
use warstories_sim::parameter::{Domain, ParamSet};
use warstories_sim::scenarios::rule_engine::opacity::{self, long_file};
use warstories_sim::scenarios::rule_engine::orders::{GOLDEN, cells};
use warstories_sim::scenarios::rule_engine::race::FaultKind;
use warstories_sim::scenarios::rule_engine::rules::Switched;
use warstories_sim::scenarios::rule_engine::yaml::Version;
use warstories_sim::scenarios::rule_engine::{Params, RuleEngine, SPEC};
use warstories_sim::{Playable, Replay, Run, Scenario};

use crate::{count, last, play, start};

#[test]
fn every_metric_of_a_part_and_a_chart_is_there_and_every_part_is_drawn() {
    let nodes = start("").snapshot().nodes;
    for part in SPEC.parts {
        assert!(part.metrics.iter().all(|id| SPEC.metric(id).is_ok()), "{}", part.label);
        assert!(part.nodes.iter().all(|id| nodes.iter().any(|node| node.id == *id)), "{}", part.label);
    }
    assert!(SPEC.charts.iter().flat_map(|chart| chart.metrics).all(|id| SPEC.metric(id).is_ok()));
    let of_a_part = |id: &&str| SPEC.parts.iter().filter(|part| part.metrics.contains(id)).count() == 1;
    let lost: Vec<_> = SPEC.metrics.iter().map(|metric| metric.id).filter(|id| !of_a_part(id)).collect();
    assert_eq!(lost, [""; 0]);
    assert_eq!(<RuleEngine as Scenario>::Metrics::SPEC.len(), SPEC.metrics.len());
}

/// Every control has a default that it allows, and a meaning in whole sentences.
#[test]
fn every_control_and_every_number_is_explained() {
    for param in SPEC.params {
        assert!(param.parse(param.default).is_ok() && param.doc.ends_with('.'), "{}", param.id);
        if let Domain::Choice(choices) = param.domain {
            assert!(choices.iter().all(|choice| choice.doc.ends_with('.')), "{}", param.id);
        }
    }
    assert!(SPEC.metrics.iter().all(|metric| metric.doc.ends_with('.')));
    assert!(SPEC.actions.iter().all(|action| action.doc.ends_with('.')));
    assert!(SPEC.texts.iter().all(|text| text.doc.ends_with('.') && !text.examples.is_empty()));
    assert!(SPEC.leaves_out.iter().all(|sentence| sentence.ends_with('.')));
    for preset in SPEC.presets {
        let sentence = preset.look_for;
        assert!(
            sentence.starts_with("Watch the ") && sentence.ends_with('.') && preset.doc.ends_with('.'),
            "{sentence}"
        );
        assert!(!sentence.trim_end_matches('.').contains(". "), "one sentence: {sentence}");
        for (id, value) in preset.values {
            assert!(SPEC.params[SPEC.param(id).unwrap()].parse(value).is_ok(), "{}: {id}", preset.label);
        }
    }
}

#[test]
fn every_preset_shows_what_it_says() {
    let after = |preset: usize, minutes: f64| {
        let mut run = Run::<RuleEngine>::new(SPEC.presets[preset].replay(&SPEC));
        play(&mut run, minutes);
        run
    };
    let silent = after(0, 49.0);
    assert!(last(&silent, "loss_usd_per_min") > 1000.0 && count(&silent, "orders_rejected") == 0);
    let loud = after(1, 60.0);
    assert!(count(&loud, "orders_rejected") > 550);
    assert!(last(&loud, "lost_sales_usd") * 2.0 < last(&after(0, 60.0), "mispriced_usd"));
    let kept = after(2, 60.0);
    assert_eq!((count(&kept, "orders_rejected"), count(&kept, "files_refused")), (0, 1));
    let norway = after(3, 40.0);
    assert!(count(&norway, "mispriced_over") > 200 && count(&norway, "mispriced_under") == 0);
    assert_eq!(count(&after(4, 20.0), "changes_live"), 1);
    let shadow = after(5, 480.0);
    assert!(count(&shadow, "canary_aborted") > 20 && count(&shadow, "mispriced_orders") == 0);
    let twelve = after(6, 20.0);
    assert_eq!((last(&twelve, "faults_escaping") as u64, count(&twelve, "changes_live")), (1, 1));
    let sixteen = after(7, 480.0);
    assert_eq!((last(&sixteen, "faults_escaping") as u64, count(&sixteen, "mispriced_orders")), (0, 0));
    let fix = after(8, 480.0);
    assert_eq!(count(&fix, "mispriced_orders") + count(&fix, "orders_rejected"), 0);
    assert_eq!(SPEC.presets.len(), 9);
}

fn tables(params: &Params) -> Vec<(&'static str, Table)> {
    let all = RuleEngine::exhibits(params).into_iter().filter_map(|spec| {
        let [cheap, other] =
            [RuleEngine::cheap_exhibit(spec.id, params), RuleEngine::expensive_exhibit(spec.id, params)];
        assert_eq!((cheap.is_some(), other.is_some()), (spec.is_cheap, !spec.is_cheap), "{}", spec.id);
        match cheap.or(other) {
            Some(Exhibit::Table(table)) => Some((spec.id, table)),
            _ => None,
        }
    });
    all.collect()
}

/// Each table is as wide as its head says, and each of its numbers is of the run that it links to.
#[test]
fn tables_are_whole_and_link_to_runs() {
    let params = Params::defaults();
    let all = tables(&params);
    assert_eq!(
        all.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        ["scalars", "race", "gates", "opacity", "costs"]
    );
    for (id, table) in &all {
        for row in &table.rows {
            assert_eq!(row.cells.len(), table.columns.len(), "{id}: {}", row.head);
            for finding in row.cells.iter().flatten() {
                // No run shows a fault that there is not.
                assert_eq!(
                    finding.link.is_empty(),
                    ["race", "gates"].contains(id) && finding.text == "0",
                    "{id}: {}",
                    row.head
                );
                if finding.link.is_empty() {
                    continue;
                }
                let link = Replay::parse_entries(&SPEC, finding.link.split_once('?').unwrap().1);
                assert!(link.dropped.is_empty() && link.moment.is_some(), "{id}: {:?}", link.dropped);
                assert!(!finding.text.is_empty() && !finding.words.is_empty());
            }
        }
    }
    let of = |id: &str| &all.iter().find(|(other, _)| *other == id).unwrap().1;
    let numbers = |table: &Table, row: usize| -> Vec<u64> {
        table.rows[row].cells.iter().map(|cell| cell[0].text.parse().unwrap()).collect()
    };
    assert_eq!(of("race").columns, ["refused by the engine", "no effect", "escaped"]);
    assert_eq!(numbers(of("race"), 7), [117, 47, 80]);
    let end = of("gates").columns.len() - 1;
    // Without a gate the engine is the first to read the file.
    assert_eq!([numbers(of("gates"), 0)[0], numbers(of("gates"), 1)[0]], [0, 117]);
    let sets: Vec<u64> = (0..10).map(|row| numbers(of("gates"), row)[end]).collect();
    assert_eq!(sets, [80, 80, 18, 7, 3, 5, 1, 0, 76, 8]);
    // The number of a set is what the run says that it links to.
    for (row, escaping) in sets.iter().enumerate().filter(|(_, escaping)| **escaping > 0) {
        let link = &of("gates").rows[row].cells[end][0].link;
        let run = start(link.split_once('?').unwrap().1);
        assert_eq!(last(&run, "faults_escaping") as u64, *escaping, "row {row}");
    }
    for row in &of("opacity").rows {
        for cell in &row.cells {
            let run = start(cell[0].link.split_once('?').unwrap().1);
            let shown =
                warstories_sim::format::quantity(last(&run, "explain_s"), warstories_sim::Unit::Seconds);
            assert_eq!(cell[0].text, shown);
        }
    }
    let first = |row: usize| {
        of("opacity").rows[row].cells.iter().map(|cell| cell[0].text.clone()).collect::<Vec<_>>()
    };
    assert_eq!([first(0), first(2)], [["50\u{a0}s", "40\u{a0}s"], ["83.3\u{a0}min", "50\u{a0}s"]]);
}

/// A fault that escapes is one in the run that it links to: pushed, live, and seen in prices.
#[test]
fn an_escape_in_the_race_happens_in_its_run() {
    let all = tables(&Params::defaults());
    let race = &all.iter().find(|(id, _)| *id == "race").unwrap().1;
    for row in &race.rows[..7] {
        let cell = &row.cells[2][0];
        if cell.text == "0" {
            continue;
        }
        let mut run = start(cell.link.split_once('?').unwrap().1);
        play(&mut run, 45.0);
        assert!(count(&run, "mispriced_orders") > 0, "{}: {}", row.head, cell.link);
    }
}

#[test]
fn the_panel_of_the_file_marks_a_line_and_the_trace_adds_up() {
    let mut params = Params::defaults();
    params.fault_line = 31;
    let Some(Exhibit::Code(code)) = RuleEngine::expensive_exhibit("file", &params) else { panic!("code") };
    assert_eq!(
        (code.lines.len(), code.lines[30].value, code.lines[30].text.trim()),
        (40, 31.0, "tag: [clearance]")
    );
    assert_eq!((code.mark.as_str(), code.note), ("loses two spaces", None));
    params.fault_line = 1;
    let Some(Exhibit::Code(code)) = RuleEngine::expensive_exhibit("file", &params) else { panic!("code") };
    assert!(code.note.is_some());
    for (at, (_, price)) in GOLDEN.iter().enumerate() {
        params.traced_order = at as u64 + 1;
        let Some(Exhibit::Sequence(trace)) = RuleEngine::expensive_exhibit("trace", &params) else {
            panic!("steps")
        };
        let price = format!("${}.{:02}", price / 100, price % 100);
        assert!(trace.steps.last().unwrap().result.ends_with(&format!(" = {price}")), "{:?}", trace.steps);
    }
    params.traced_order = 9;
    let Some(Exhibit::Sequence(trace)) = RuleEngine::expensive_exhibit("trace", &params) else {
        panic!("steps")
    };
    // What the rules take off is more than the limit of all discounts: that is a step of its own, so that the sum comes out.
    let said: Vec<_> = trace.steps.iter().map(|step| step.result.as_str()).collect();
    assert_eq!(said[5..], ["$100.00 of $112.50 off", "$250.00 − $100.00 + $0.00 = $150.00"]);
    assert_eq!(trace.lead, "10 × $25.00, member, SG, regular, 2024-02-09 costs $150.00.");
}

/// The long file is a file: it has as many lines as it should, and says the same of golden orders.
#[test]
fn a_long_file_is_read_and_changes_no_price() {
    for lines in [40, 47, 48, 50, 500, 4999, 5000] {
        assert_eq!(long_file(lines).lines().count(), lines);
        let rules = opacity::rules(lines as u64).unwrap();
        assert_eq!(rules.rules.len(), 5 + (lines - 40) / 8);
        let reference = crate::prices::rules("", Version::V1_2);
        for (order, _) in cells() {
            assert_eq!(rules.price(&order, Switched::NONE), reference.price(&order, Switched::NONE));
        }
        for (order, price) in GOLDEN {
            assert_eq!(rules.price(&order, Switched::NONE).price(), price, "{lines}: {}", order.words());
        }
    }
}

#[test]
fn a_fault_that_a_line_cannot_have_is_none() {
    assert_eq!(FaultKind::Dedent.edit(1), None);
    assert_eq!(
        (FaultKind::Swap.edit(40), FaultKind::Delete.edit(41), FaultKind::Delete.edit(0)),
        (None, None, None)
    );
    assert_eq!(FaultKind::Letter.edit(32), Some(String::from("32=    the:")));
    assert_eq!((FaultKind::Letter.edit(31), FaultKind::Zero.edit(31)), (None, None));
}

#[test]
fn the_diagram_says_how_the_shop_is_doing() {
    let words = |entries: &str, minutes: f64| -> Vec<(&'static str, &'static str)> {
        let mut run = start(entries);
        play(&mut run, minutes);
        run.snapshot().nodes.iter().map(|node| (node.id, node.word)).collect()
    };
    let word = |entries: &str, minutes: f64, id: &str| {
        words(entries, minutes).into_iter().find(|(other, _)| *other == id).unwrap().1
    };
    let quiet = "changes_per_day=0";
    assert_eq!([word(quiet, 1.0, "gates"), word(quiet, 1.0, "engine")], ["none on", "running"]);
    assert_eq!(word("gate_golden=true", 1.0, "gates"), "leaky");
    assert_eq!(word("gate_golden=true&golden_set=16", 1.0, "gates"), "tight");
    let line = |line: u32| format!("{quiet}&fault_line={line}");
    assert_eq!(word(&line(31), 20.0, "engine"), "running");
    assert_eq!(word(&line(31), 50.6, "engine"), "prices wrong");
    assert_eq!(word(&line(32), 10.0, "engine"), "stopped");
    assert_eq!(word(&format!("{}&canary_pct=5", line(31)), 8.0, "canary"), "trying");
    assert_eq!(word(&line(31), 5.2, "rollout"), "on the way");
}

/// Beside the reason that is named stands its own number, and not that of all who failed.
#[test]
fn the_number_beside_a_reason_is_its_own() {
    let mut run = start("changes_per_day=0&fault_line=31&at=1200,switch=off%20clearance");
    play(&mut run, 30.0);
    let (low, high) = (count(&run, "mispriced_under"), count(&run, "mispriced_over"));
    let nodes = run.snapshot().nodes;
    let lost = nodes.iter().find(|node| node.id == "lost").unwrap();
    assert!(low > 100 && high > 50, "{low} {high}");
    assert_eq!((lost.word, lost.detail.as_str()), ("Too high", format!("{high} of {}", low + high).as_str()));
}
