//! What the scenario declares of itself is whole, and its exhibit is what its runs say.

use warstories_sim::exhibit::Exhibit;
use warstories_sim::metric::MetricSet;
use warstories_sim::parameter::{Domain, ParamSet};
use warstories_sim::scenarios::distributed_monolith::team::{MonolithTeam, Params, SPEC};
use warstories_sim::{Playable, Replay, Run, Scenario, SimTime};

use crate::{days, now, play, start, sums};

#[test]
fn every_preset_shows_what_it_says() {
    let share = |preset: usize| {
        let run = Run::<MonolithTeam>::new(SPEC.presets[preset].replay(&SPEC));
        now(&run, "feature_share_pct")
    };
    assert_eq!([0, 1, 2, 3].map(share), [77.5, 50.0, 93.75, 42.5]);
    for preset in SPEC.presets {
        for (id, value) in preset.values {
            assert!(SPEC.params[SPEC.param(id).unwrap()].parse(value).is_ok(), "{}: {id}", preset.label);
        }
        let mut run = Run::<MonolithTeam>::new(preset.replay(&SPEC));
        play(&mut run, SPEC.length);
        assert!(now(&run, "shipped") > 20.0, "{}", preset.label);
    }
    let after = |preset: usize, id: &str| {
        let mut run = Run::<MonolithTeam>::new(SPEC.presets[preset].replay(&SPEC));
        play(&mut run, SPEC.length);
        let sums = sums(&run, id);
        sums.total / sums.weight
    };
    // A pipeline run and hardly more; three of them and two hours of hand-overs.
    assert!((15.0..15.5).contains(&after(4, "lead_time_min")));
    assert!((165.0..175.0).contains(&after(6, "lead_time_min")));
    // It grows by 120 min a day for 20 days: on average by half of 2,400 min, give or take the merges.
    let backlog = after(5, "deploy_backlog_min");
    assert!((600.0..1800.0).contains(&backlog), "{backlog}");
}

#[test]
fn every_metric_of_a_part_and_a_chart_is_there_and_every_part_is_drawn() {
    let nodes = start(1, "").snapshot().nodes;
    for part in SPEC.parts {
        assert!(part.metrics.iter().all(|id| SPEC.metric(id).is_ok()), "{}", part.label);
        assert!(part.nodes.iter().all(|id| nodes.iter().any(|node| node.id == *id)), "{}", part.label);
    }
    assert!(SPEC.charts.iter().flat_map(|chart| chart.metrics).all(|id| SPEC.metric(id).is_ok()));
    let of_a_part = |id: &&str| SPEC.parts.iter().filter(|part| part.metrics.contains(id)).count() == 1;
    assert!(SPEC.metrics.iter().map(|metric| metric.id).all(|id| of_a_part(&id)));
    assert_eq!(SPEC.length, days(20.0));
    assert_eq!(SPEC.clock.label(SPEC.length), "day 21 09:00:00");
    assert_eq!(<MonolithTeam as Scenario>::Metrics::SPEC.len(), SPEC.metrics.len());
}

/// Each cell is the run that it links to.
#[test]
fn the_table_of_headcounts_is_what_its_runs_say() {
    let mut params = Params::defaults();
    params.set(SPEC.param("services_per_change").unwrap(), 2.0);
    assert!(MonolithTeam::exhibits(&params).iter().all(|exhibit| !exhibit.is_cheap));
    assert!(MonolithTeam::expensive_exhibit("nothing", &params).is_none());
    let Some(Exhibit::Table(table)) = MonolithTeam::expensive_exhibit("headcount", &params) else {
        panic!("a table")
    };
    assert_eq!(table.here, Some((0, 1)));
    assert_eq!((table.rows.len(), table.columns.len()), (3, 5));
    for row in &table.rows {
        assert_eq!(row.cells.len(), table.columns.len());
        for cell in &row.cells {
            let [share, lead_time] = &cell[..] else { panic!("two findings: {cell:?}") };
            assert_eq!(share.link, lead_time.link);
            let entries = share.link.split_once('?').map_or("", |(_, entries)| entries);
            let link = Replay::parse_entries(&SPEC, entries);
            assert_eq!((link.moment, link.dropped), (Some(SPEC.length), Vec::new()));
            let mut run = Run::<MonolithTeam>::new(link.replay);
            play(&mut run, SPEC.length);
            let shown = |value: f64, unit: &'static str| {
                warstories_sim::format::quantity(value, warstories_sim::Unit::of(unit))
            };
            let lead = sums(&run, "lead_time_min");
            assert_eq!(share.text, shown(now(&run, "feature_share_pct"), "%"));
            assert_eq!(lead_time.text, shown(lead.total / lead.weight, "min"));
            assert!(share.words.ends_with(" of the week") && lead_time.words.ends_with(" on average"));
        }
    }
    let lead = |row: usize, column: usize| -> f64 {
        let text = &table.rows[row].cells[column][1].text;
        text.replace(',', "").trim_end_matches("\u{a0}min").parse().unwrap()
    };
    // The split pays where one pipeline cannot keep up.
    assert!(lead(2, 1) < lead(0, 1) && lead(2, 4) > lead(0, 4), "{table:?}");
}

#[test]
fn who_is_drawn_can_be_looked_at_in_the_order_of_the_line() {
    let mut run = start(2, "layout=single&developers=60");
    play(&mut run, days(3.0));
    let waiting = now(&run, "deploy_queue") as usize;
    assert!(waiting > 10);
    let arrived: Vec<SimTime> = (0..waiting).map(|at| run.request("queue", at).unwrap().arrived).collect();
    assert!(arrived.is_sorted() && run.request("queue", waiting).is_none());
    assert!(run.request("pipelines", 0).unwrap().arrived < arrived[0]);
    assert!(run.request("production", 0).is_none() && run.request("handover", 0).is_none());
}

#[test]
fn the_diagram_says_how_the_team_is_doing() {
    let words = |setting: &str, at: f64| -> Vec<String> {
        let mut run = start(1, setting);
        play(&mut run, days(at));
        run.snapshot().nodes.iter().map(|node| node.word.to_owned()).collect()
    };
    let word = |setting: &str, at: f64, node: usize| words(setting, at)[node].clone();
    assert_eq!(words("", 0.0), ["mostly upkeep", "swapping", "empty", "idle", "", ""]);
    assert_eq!(word("layout=core_plus_three", 0.0, 0), "building");
    assert_eq!(word("ops_h_per_service=4", 0.0, 0), "much upkeep");
    assert_eq!([word("laptop_gb=19", 0.0, 1), word("laptop_gb=20", 0.0, 1)], ["nearly full", "room left"]);
    assert_eq!(word("laptop_gb=18", 0.0, 1), "full");
    assert_eq!(word("layout=single&developers=40", 15.0, 2), "long");
    assert_eq!(word("layout=single&developers=40", 15.0, 3), "busy all day");
    // Of six pipelines the core's never rests; changes wait for it, and not for people.
    let core = words("layout=core_plus_three&developers=40", 15.0);
    assert_eq!([core[3].as_str(), core[4].as_str()], ["one busy all day", ""]);
    assert_eq!(
        [word("coordination_min=120", 3.0, 4), word("coordination_min=480", 3.0, 4)],
        ["", "over a day"]
    );
    assert_eq!(word("services=2&developers=100&pipeline_min=60", 3.0, 3), "all busy");
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
    assert!(SPEC.leaves_out.iter().all(|sentence| sentence.ends_with('.')));
    for preset in SPEC.presets {
        let sentence = preset.look_for;
        assert!(
            sentence.starts_with("Watch the ") && sentence.ends_with('.') && preset.doc.ends_with('.'),
            "{sentence}"
        );
        assert!(!sentence.trim_end_matches('.').contains(". "), "one sentence: {sentence}");
    }
}
