//! What the team and the machinery do, one thing at a time.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::flow::Mode;
use super::*;
use crate::engine::Run;
use crate::replay::{Input, Replay};
use crate::scenario::Playable;

fn run(setting: &str) -> Run<ConnectionPool> {
    let link = Replay::parse(&format!("connection_pool?seed=1&spike_at_s=0{setting}")).unwrap();
    assert_eq!(link.dropped, Vec::<String>::new());
    Run::new(link.replay)
}

fn slots(run: &Run<ConnectionPool>) -> Vec<u64> {
    run.model().instances[..run.model().active].iter().map(|instance| instance.usable).collect()
}

fn at(secs: f64) -> SimTime {
    SimTime::from_secs_f64(secs)
}

/// What was known to be failing is no longer known after a restart, even if probes were on their way.
#[test]
fn a_restart_in_the_middle_of_probes_does_not_leave_the_breaker_open() {
    let mut run = run("&breaker=true&downstream_ms=2000&restart_s=10");
    let is_probing = |run: &Run<ConnectionPool>| run.model().breaker.is_waiting_for_probes();
    while !is_probing(&run) {
        assert!(run.now() < at(60.0), "the breaker never let probes through");
        run.advance(run.now() + at(0.1), u64::MAX);
    }
    let spec = &ConnectionPool::SPEC;
    run.input(Input::Action(spec.action("restart_now").unwrap())).unwrap();
    run.input(Input::Change { param: spec.param("downstream_ms").unwrap(), value: 100.0 }).unwrap();
    run.advance(run.now() + at(20.0), u64::MAX);
    assert!(run.ctx().metrics.completed.total() > 1000 && !run.model().breaker.is_open());
}

#[test]
fn without_a_breaker_nothing_opens() {
    let mut run = run("&downstream_ms=2000");
    run.advance(at(20.0), u64::MAX);
    assert!(run.ctx().metrics.downstream_timeout.total() > 1000 && !run.model().breaker.is_open());
}

/// Slots that warm up longer than the pause between two looks at the pool still become warm.
#[test]
fn a_pool_that_is_asked_for_again_and_again_still_grows() {
    let mut run = run("&autoscale=true&autoscale_cooldown_s=0&warm_up_s=50&base_tx_s=50");
    run.advance(at(79.0), u64::MAX);
    assert_eq!(slots(&run), [100, 100]);
    run.advance(at(81.0), u64::MAX);
    assert_eq!(slots(&run), [150, 150]);
}

#[test]
fn the_calendar_waits_for_no_warm_up_twice_and_scaling_does_not_undo_it() {
    let calendar = "&autoscale=true&autoscale_cooldown_s=0&base_tx_s=50&warm_up_s=100\
                    &at=1,calendar_listed=true&at=60,calendar_lead_s=700";
    let mut run = run(calendar);
    run.advance(at(102.0), u64::MAX);
    assert_eq!(slots(&run), [300, 300]);
}

#[test]
fn a_drain_takes_one_instance_after_the_other_and_loses_nobody() {
    let mut run = run("&app_instances=3&base_tx_s=10&restart_s=10&at=5,pool_size=40&at=5,gradual_drain");
    let mut order: Vec<usize> = Vec::new();
    while run.now() < at(120.0) {
        run.advance(run.now() + at(0.5), u64::MAX);
        let away = |at: &usize| run.model().instances[*at].mode != Mode::Up;
        let out: Vec<usize> = (0..3).filter(away).collect();
        assert!(out.len() <= 1, "{out:?} are away at {}", run.now());
        if order.last() != out.first() {
            order.extend(out);
        }
    }
    assert_eq!((order, slots(&run)), (vec![0, 1, 2], vec![40, 40, 40]));
    assert_eq!(run.ctx().metrics.confirmed_loss_usd.micros(), 0);
}

#[test]
fn the_router_takes_instances_in_turn() {
    for (setting, instances) in [("", 2), ("&app_instances=3", 3), ("&app_instances=8", 8)] {
        let mut run = run(setting);
        run.advance(at(30.0), u64::MAX);
        let came: Vec<u64> = run.model().instances[..instances].iter().map(|each| each.came).collect();
        let arrived = run.ctx().metrics.arrived.total();
        for (at, came) in came.iter().enumerate() {
            // The first in turn gets the first of each round.
            let expected = (arrived + instances as u64 - 1 - at as u64) / instances as u64;
            assert_eq!(*came, expected, "instance {at} of {instances}");
        }
    }
}

#[test]
fn the_door_lets_in_what_is_admitted() {
    let mut run = run("&admission_tx_s=100&base_tx_s=50");
    run.advance(at(100.0), u64::MAX);
    let metrics = &run.ctx().metrics;
    let admitted = metrics.arrived.total() - metrics.shed.total();
    // From no token at the beginning on, a token each hundredth of a second, and the crowd uses them all.
    assert!((9_990..=10_000).contains(&admitted), "{admitted}");
}
