//! The edges of what a run adopts, remembers and holds, and of the lab's controls.

use warstories_sim::scenarios;
use warstories_sim::{Input, Replay, SimTime};

/// An input comes before everything else that happens at its moment, so one at a moment that has been played is late.
#[test]
fn a_run_adopts_no_input_of_a_moment_that_it_has_played() {
    let replay = Replay::parse("queueing_lab?seed=2").unwrap().replay;
    let servers = replay.spec().param("servers").unwrap();
    let mut run = scenarios::start(replay.clone());
    let played = SimTime::from_secs(10);
    run.advance(played, u64::MAX);
    for (at, is_to_come) in [(played.previous(), false), (played, false), (played.next(), true)] {
        let mut branch = replay.clone();
        branch.add(at, Input::Change { param: servers, value: 3.0 }).unwrap();
        assert_eq!(run.checkpoint().adopt(&branch), is_to_come, "{at}");
    }
}

/// Requests end back to back here, exactly as far apart as the lives that a run remembers, or a quarter of that.
#[test]
fn whoever_ends_when_the_next_is_to_be_remembered_is_remembered() {
    let spec = scenarios::find("queueing_lab").unwrap();
    let apart = SimTime::from_nanos(spec.sample_width().nanos() / 8);
    for service in [apart.nanos(), apart.nanos() / 4] {
        let link = format!(
            "queueing_lab?arrivals_per_s=1000&service_distribution=constant&service_ms={}",
            service as f64 / 1e6
        );
        let mut run = scenarios::start(Replay::parse(&link).unwrap().replay);
        run.advance(SimTime::from_nanos(apart.nanos() * 40), u64::MAX);
        let ends: Vec<_> = run.ended().iter().filter_map(|life| life.spans.last()?.to).collect();
        assert!(ends.len() >= 30, "{ends:?}");
        assert!(ends.windows(2).all(|pair| pair[1] - pair[0] == apart), "{ends:?}");
    }
}

/// At the start nobody is there, and what holds memory is what is going to happen.
#[test]
fn what_is_going_to_happen_is_part_of_what_a_run_holds() {
    for (link, records) in [("queueing_lab", 1), ("queueing_lab?clients=50", 50)] {
        let run = scenarios::start(Replay::parse(link).unwrap().replay);
        assert_eq!(run.live_records(), records, "{link}");
    }
}

/// Which controls the lab says do nothing. That they do nothing is tested for every scenario.
#[test]
fn each_control_of_the_lab_that_does_nothing_is_named() {
    let said = |link: &str| {
        let run = scenarios::start(Replay::parse(link).unwrap().replay);
        run.inert().into_iter().map(|(param, _)| run.spec().params[param].id).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(said("queueing_lab"), "think_ms");
    assert_eq!(said("queueing_lab?clients=1"), "arrivals_per_s");
    assert_eq!(said("queueing_lab?may_wait=false"), "queue_limit patience_ms think_ms");
    assert_eq!(said("queueing_lab?clients=5&may_wait=false"), "arrivals_per_s queue_limit patience_ms");
}
