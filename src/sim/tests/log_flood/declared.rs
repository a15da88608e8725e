//! What the scenario declares of itself is whole, presets show what they say, and the exhibit is what its runs say.

use warstories_sim::exhibit::Exhibit;
use warstories_sim::parameter::ParamSet;
use warstories_sim::scenarios::log_flood::{LogFlood, Params, SPEC};
use warstories_sim::{MetricKind, Playable, Replay, Run, Scenario, format};

use crate::{assert_told, now, play, told};

/// The tables are whole: what lists check of every scenario, checked here for this one.
#[test]
fn every_declaration_is_whole() {
    for param in SPEC.params {
        assert!(param.parse(param.default).is_ok(), "the default of {} is not allowed", param.id);
        assert!(param.doc.ends_with('.'), "{}", param.id);
    }
    for metric in SPEC.charts.iter().flat_map(|chart| chart.metrics) {
        assert!(SPEC.metric(metric).is_ok(), "{metric}");
    }
    for metric in SPEC.metrics {
        let owners = SPEC.parts.iter().filter(|part| part.metrics.contains(&metric.id)).count();
        let is_reason = metric.kind == MetricKind::Failure;
        assert_eq!(owners, usize::from(!is_reason), "{}", metric.id);
    }
    let nodes = Run::<LogFlood>::new(Replay::new(&SPEC)).snapshot().nodes;
    for part in SPEC.parts {
        assert!(part.nodes.iter().all(|id| nodes.iter().any(|node| node.id == *id)), "{}", part.label);
    }
    for preset in SPEC.presets {
        for (id, value) in preset.values {
            assert!(SPEC.params[SPEC.param(id).unwrap()].parse(value).is_ok(), "{}: {id}", preset.label);
        }
    }
}

/// Which number each preset promises.
#[test]
fn every_preset_shows_what_it_says() {
    let run = |preset: usize| {
        let mut run = Run::<LogFlood>::new(SPEC.presets[preset].replay(&SPEC));
        play(&mut run, SPEC.length);
        run
    };
    let morning = |preset: usize| {
        let run = run(preset);
        ["failed_writes", "bill_usd", "bug_traces"].map(|id| now(&run, id).round())
    };
    assert_eq!(morning(0), [0.0, 58.0, 0.0]);
    assert_told(&run(1), "the database can read", "05:23:57");
    let [failed, bill, _] = morning(2);
    assert!(failed == 0.0 && bill > 5000.0);
    let renamed = run(3);
    assert_eq!(now(&renamed, "du_pct"), 100.0);
    assert_eq!(renamed.command("ls -l").text.lines().nth(1).unwrap().split_whitespace().nth(4), Some("0"));
    assert_eq!(morning(4)[..2], [0.0, 5000.0]);
    let alarms = run(5);
    assert_told(&alarms, "the bill alarm rings", "00:02");
    assert!(told(&alarms, "the disk alarm rings").is_none() && now(&alarms, "bill_usd") > 2500.0);
    assert_told(&run(6), "the level is set to INFO", "18:08");
    let [failed, bill, traces] = morning(7);
    assert!(failed == 0.0 && bill == 58.0 && traces > 4700.0, "{failed} {bill} {traces}");
    let slow = run(8);
    assert_told(&slow, "PANIC: no room", "05:43:55");
    assert_eq!(SPEC.presets.len(), 9);
}

/// Each cell is the run that it links to.
#[test]
fn the_table_of_fixes_is_what_its_runs_say() {
    let mut params = Params::defaults();
    params.set(SPEC.param("log_volume").unwrap(), 1.0);
    assert!(LogFlood::exhibits(&params).iter().all(|exhibit| !exhibit.is_cheap));
    assert!(LogFlood::expensive_exhibit("nothing", &params).is_none());
    let Some(Exhibit::Table(table)) = LogFlood::expensive_exhibit("fixes", &params) else {
        panic!("a table")
    };
    assert_eq!((table.here, table.rows.len(), table.columns.len()), (Some((0, 1)), 10, 2));
    for row in &table.rows {
        for cell in &row.cells {
            let [failed, bill, traces] = &cell[..] else { panic!("three findings: {cell:?}") };
            let link = Replay::parse_entries(&SPEC, failed.link.split_once('?').unwrap().1);
            assert_eq!((link.moment, link.dropped), (Some(SPEC.length), Vec::new()));
            let mut run = Run::<LogFlood>::new(link.replay);
            play(&mut run, SPEC.length);
            assert_eq!(failed.text, format::count(now(&run, "failed_writes") as u64), "{}", row.head);
            assert_eq!(bill.text, format::quantity(now(&run, "bill_usd"), warstories_sim::Unit::Dollars));
            let (kept, counted) = (now(&run, "bug_traces"), now(&run, "bug_traces_within_budget"));
            let kept_text = format::count(kept as u64);
            let is_within = kept == counted;
            assert_eq!(
                traces.text,
                if is_within { kept_text } else { format!("({kept_text})") },
                "{}",
                row.head
            );
        }
        // A volume of its own takes no order's failure, and saves no cent.
        let [shared, separate] = &row.cells[..] else { panic!("two volumes") };
        assert_eq!(
            (shared[1].text.as_str(), separate[0].text.as_str()),
            (separate[1].text.as_str(), "0"),
            "{}",
            row.head
        );
    }
}
