//! Hours and memory: the figures of the story, to the last digit.

use warstories_sim::SimTime;
use warstories_sim::snapshot::Content;

use crate::{days, now, play, start, told};

fn at_start(setting: &str, id: &str) -> f64 {
    now(&start(1, setting), id)
}

/// Each of these is a whole number of halves, quarters or eighths of an hour, so that nothing is rounded.
#[test]
fn operations_leave_what_the_story_says_for_features() {
    for (setting, left) in [
        ("", 25.0),
        ("layout=core_plus_three", 77.5),
        ("layout=core_plus_three&leftover_services=0", 85.0),
        ("layout=core_plus_three&leftover_services=1", 81.25),
        ("layout=single", 96.25),
        ("platform_engineers=1", 42.5),
        ("platform_engineers=2", 41.25),
        ("ops_h_per_service=4", 60.0),
        ("developers=3&services=8", 50.0),
        ("developers=3&services=8&layout=single", 93.75),
        ("developers=3&services=8&layout=core_plus_three", 62.5),
        // 20 services take 150 h, and one person has 40.
        ("developers=1", 0.0),
    ] {
        assert_eq!(at_start(setting, "feature_share_pct"), left, "{setting}");
    }
}

/// Without another layout no setting of the other controls leaves three quarters of the week, which a merge does: at the
/// least that a service can take, and with any number of platform engineers.
#[test]
fn nothing_but_a_merge_leaves_five_people_three_quarters_of_the_week() {
    let mut best: f64 = 0.0;
    for hours in 4..=10 {
        for engineers in 0..=2 {
            let setting = format!("ops_h_per_service={hours}&platform_engineers={engineers}");
            best = best.max(at_start(&setting, "feature_share_pct"));
            let merged = at_start(&format!("{setting}&layout=core_plus_three"), "feature_share_pct");
            let share = at_start(&setting, "feature_share_pct");
            assert!(engineers == 2 || merged > share + 10.0, "{setting}: {share} and {merged}");
        }
    }
    assert_eq!(best, 60.0);
}

/// It is told that three people became twice as fast. One application wants its hours, too.
#[test]
fn merging_eight_services_of_three_people_gives_1_875_times_the_time() {
    let share =
        |layout: &str| at_start(&format!("developers=3&services=8&layout={layout}"), "feature_share_pct");
    assert_eq!(share("single") / share("twenty_services"), 1.875);
    // Twice as much is all the time there is: no hour of operations would be left.
    assert_eq!(2.0 * share("twenty_services"), 100.0);
}

/// 15 of 20 services merged and three kept are 18; where the other two stay, they are deployed by themselves.
#[test]
fn a_merge_leaves_as_many_deployables_as_the_story_leaves_open() {
    for (setting, deployables) in [
        ("", 20),
        ("layout=core_plus_three", 6),
        ("layout=core_plus_three&leftover_services=0", 4),
        ("layout=single", 1),
        ("services=8", 8),
        ("services=5&layout=core_plus_three", 5),
        ("services=4&layout=core_plus_three", 4),
        ("services=1&layout=core_plus_three", 1),
        ("services=1", 1),
    ] {
        let pipelines = start(1, setting).ctx().params.deployables();
        assert_eq!(pipelines, deployables, "{setting}");
        let nodes = warstories_sim::Playable::snapshot(&start(1, setting)).nodes;
        let drawn = nodes.iter().find(|node| node.id == "pipelines").map(|node| node.content);
        assert_eq!(drawn, Some(Content::Slots { used: 0, total: deployables }), "{setting}");
    }
}

#[test]
fn the_hours_of_a_week_add_up_to_what_is_paid() {
    for (setting, building, waiting, operations) in [
        // 5 people × 5 days × 10 tests of 4 min are 1,000 min, and of 2 min half of that.
        ("", 50.0 - 1000.0 / 60.0, 1000.0 / 60.0, 150.0),
        ("layout=core_plus_three", 155.0 - 500.0 / 60.0, 500.0 / 60.0, 45.0),
        ("tests_per_day=0", 50.0, 0.0, 150.0),
        ("developers=3&services=8&tests_per_day=0", 60.0, 0.0, 60.0),
        // The platform engineer's own week is operations, too.
        ("platform_engineers=1&tests_per_day=0", 85.0, 0.0, 115.0),
        // Nobody waits longer than there are hours left.
        ("tests_per_day=60&laptop_gb=8", 0.0, 50.0, 150.0),
        ("developers=1", 0.0, 0.0, 40.0),
    ] {
        let run = start(1, setting);
        let week = ["building_h", "waiting_h", "operations_h"].map(|id| now(&run, id));
        for (measured, expected) in week.iter().zip([building, waiting, operations]) {
            assert!((measured - expected).abs() < 1e-9, "{setting}: {week:?}");
        }
    }
}

#[test]
fn a_laptop_that_has_to_swap_takes_twice_as_long_to_test() {
    for (setting, used_gb, of_gb, test_min) in [
        ("", 18.0, 16.0, 4.0),
        ("layout=core_plus_three", 12.0, 16.0, 2.0),
        ("layout=core_plus_three&leftover_services=0", 11.0, 16.0, 2.0),
        ("layout=single", 9.5, 16.0, 2.0),
        ("laptop_gb=18", 18.0, 18.0, 2.0),
        ("laptop_gb=32", 18.0, 32.0, 2.0),
        // Half as much again as there is: 2 × (1 + 8 / 2).
        ("container_mb=819&services=20&laptop_gb=16", 8.0 + 20.0 * 819.0 / 1024.0, 16.0, 9.996_093_75),
    ] {
        let run = start(1, setting);
        assert_eq!(now(&run, "laptop_memory_pct"), 100.0 * used_gb / of_gb, "{setting}");
        assert!((now(&run, "test_cycle_min") - test_min).abs() < 1e-12, "{setting}");
    }
}

#[test]
fn what_the_hours_and_the_laptops_have_come_to_is_told() {
    let swap = "The laptops' memory is full: anything beyond it is swapped to disk";
    let room = "The laptops' memory is not full any more";
    let left = "Three quarters of the week is left for features";
    let gone = "Less than three quarters of the week is left for features";
    let mut run = start(1, "at=1000,layout=core_plus_three&at=200000,layout=twenty_services");
    play(&mut run, days(10.0));
    let about: Vec<_> = told(&run)
        .into_iter()
        .filter(|(_, text)| [swap, room, left, gone].contains(&text.as_str()))
        .collect();
    let at = SimTime::from_secs;
    // What the learner changes is told at once, what it brings down, too.
    let expected =
        [(at(0), swap), (at(1000), left), (at(1000), room), (at(200_000), gone), (at(200_000), swap)];
    assert_eq!(about, expected.map(|(at, text)| (at, text.to_owned())));
    let short = "Operations need more hours than the team has";
    assert!(told(&start(1, "developers=3")).iter().any(|(_, text)| text == short));
    assert!(told(&start(1, "developers=4")).iter().all(|(_, text)| text != short), "150 h of 160 h");
}

/// The team's hours change when a control does, and not before.
#[test]
fn a_merge_in_mid_run_gives_the_hours_back_at_once() {
    let mut run = start(1, "at=14400,layout=core_plus_three");
    play(&mut run, SimTime::from_secs(14_400).previous());
    assert_eq!(now(&run, "feature_share_pct"), 25.0);
    play(&mut run, SimTime::from_secs(28_800));
    assert_eq!(now(&run, "feature_share_pct"), 77.5);
    let mean = crate::sums(&run, "feature_share_pct");
    assert_eq!(mean.total / mean.weight, f64::midpoint(25.0, 77.5));
}
