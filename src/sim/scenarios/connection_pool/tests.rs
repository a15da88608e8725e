//! What the team and the machinery do, one thing at a time.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod inert;
mod limits;
mod others;
mod retries;

use super::instances::Mode;
use super::*;
use crate::inert::Control;
use crate::replay::{Input, Replay};
use crate::run::Run;
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

/// A pool looks at itself after everything else that happens at that moment.
#[test]
fn a_pool_that_looks_when_slots_are_just_warm_sees_them() {
    let crowd = "&autoscale=true&autoscale_cooldown_s=0&base_tx_s=100&warm_up_s=";
    // Asked for at 30 s, and as many again in half at 60 s, if the first are warm by then.
    for (warm_up, later) in [("29.999999999", 225), ("30", 225), ("30.000000001", 150)] {
        let mut run = run(&format!("{crowd}{warm_up}"));
        run.advance(at(60.1), u64::MAX);
        assert_eq!(slots(&run), [150, 150], "{warm_up}");
        run.advance(at(95.0), u64::MAX);
        assert_eq!(slots(&run), [later, later], "{warm_up}");
    }
}

/// Whoever asks again and again, ever more or less, waits as long for each slot as if they had asked once.
#[test]
fn asking_again_delays_no_slot_that_warms_up_already() {
    let resizes: Vec<String> =
        (10..60).step_by(2).map(|second| format!("&at={second},resize_pool")).collect();
    let asked = format!("&pool_dynamic=true&at=10,pool_size=200{}", resizes.concat());
    let mut run = run(&asked);
    run.advance(at(39.9), u64::MAX);
    assert_eq!(slots(&run), [100, 100]);
    run.advance(at(40.0), u64::MAX);
    assert_eq!(slots(&run), [200, 200]);
}

#[test]
fn only_slots_that_are_added_take_a_warm_up_of_their_own() {
    let mut run = run("&pool_dynamic=true&at=10,pool_size=200&at=20,pool_size=300&at=25,pool_size=250");
    for (secs, expected) in [(39.9, 100), (40.0, 200), (49.9, 200), (50.0, 250), (100.0, 250)] {
        run.advance(at(secs), u64::MAX);
        assert_eq!(slots(&run), [expected; 2], "{secs} s");
    }
    // Fewer at once; what is not wanted any more does not come.
    let mut run = self::run("&pool_dynamic=true&at=10,pool_size=200&at=20,pool_size=50&at=25,pool_size=60");
    for (secs, expected) in [(19.9, 100), (20.0, 50), (54.9, 50), (55.0, 60), (100.0, 60)] {
        run.advance(at(secs), u64::MAX);
        assert_eq!(slots(&run), [expected; 2], "{secs} s");
    }
    // A shorter warm-up is for all that is asked for again.
    let mut run =
        self::run("&pool_dynamic=true&warm_up_s=300&at=10,pool_size=200&at=20,warm_up_s=5&at=20,resize_pool");
    run.advance(at(25.0), u64::MAX);
    assert_eq!(slots(&run), [200, 200]);
}

#[test]
fn a_restart_that_is_asked_for_again_is_over_when_the_first_is() {
    for again in ["", "&at=30,restart_now", "&at=30,restart_now&at=69.9,restart_now", "&at=40,gradual_drain"]
    {
        let mut run = run(&format!("&base_tx_s=10&at=10,restart_now{again}"));
        run.advance(at(70.0) - SimTime::from_nanos(1), u64::MAX);
        assert!(run.model().instances[..2].iter().all(|instance| instance.mode == Mode::Restarting));
        run.advance(at(70.0), u64::MAX);
        assert!(run.model().instances[..2].iter().all(|instance| instance.mode == Mode::Up), "{again}");
    }
}

#[test]
fn a_drain_leaves_as_many_instances_as_there_are_to_be_and_loses_nobody() {
    for (before, after) in [(2, 5), (1, 2), (5, 2), (8, 1), (3, 3)] {
        let mut run = run(&format!(
            "&base_tx_s=8&restart_s=10&app_instances={before}&at=5,app_instances={after}&at=5,gradual_drain"
        ));
        while run.now() < at(200.0) {
            run.advance(run.now() + at(0.5), u64::MAX);
            let is_up = |instance: &&instances::Instance| instance.mode == Mode::Up;
            let up = run.model().instances.iter().filter(is_up).count();
            assert!(up >= 1, "nobody is up at {}, from {before} to {after}", run.now());
        }
        assert_eq!(slots(&run), vec![100; after], "from {before} to {after}");
        let nodes = run.snapshot().nodes;
        let says = |id: &str| nodes.iter().find(|node| node.id == id).map(|node| node.word);
        let second = (before > 1).then_some(if after > 1 { "has room" } else { "stopped" });
        assert_eq!((says("pool_a"), says("pool_b")), (Some("has room"), second));
        let metrics = &run.ctx().metrics;
        assert_eq!(metrics.refused_restarting.total() + metrics.killed_by_restart.total(), 0);
        assert!(metrics.completed.total() > 10_000);
    }
}

#[test]
fn a_ledger_is_the_number_of_customers_times_the_ticket() {
    for ticket in ["2.01", "42.553", "499.99"] {
        let mut run = run(&format!("&ticket_usd={ticket}&admission_tx_s=100"));
        run.advance(at(60.0), u64::MAX);
        let metrics = &run.ctx().metrics;
        let micros: i64 = ticket.replace('.', "").parse::<i64>().unwrap()
            * 10_i64.pow(6 - ticket.split('.').nth(1).unwrap().len() as u32);
        assert_eq!(metrics.confirmed_loss_usd.micros(), metrics.shed.total() as i64 * micros, "{ticket}");
    }
    // So is the estimate of those who wait: ten of twenty a second, from 03:17 on.
    let mut run =
        run("&ticket_usd=2.01&app_instances=1&pool_size=10&base_tx_s=20&spike_multiplier=1&db_ms=400");
    run.advance(PAGED + at(60.0), u64::MAX);
    let bled = run.ctx().metrics.bled_usd.micros();
    assert!(bled > 400 * 2_010_000 && bled % 2_010_000 == 0, "{bled}");
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

/// A size that was set and is not in force says so until it is; where a pool has grown by itself, too.
#[test]
fn a_number_that_counts_from_a_restart_on_says_so_until_then() {
    let told = |setting: &str, secs: f64, id: &str| {
        let mut run = run(setting);
        run.advance(at(secs), u64::MAX);
        let param = SPEC.param(id).unwrap();
        run.inert().into_iter().find(|inert| inert.control == Control::Param(param)).map(|inert| inert.reason)
    };
    let (restart, warm_up) =
        ("Counts from the next restart of the pools.", "Counts when the added slots have warmed up.");
    let resized = "&restart_s=10&at=10,pool_size=150&at=20,restart_now";
    for (setting, secs, expected) in [
        (resized, 9.0, None),
        (resized, 15.0, Some(restart)),
        (resized, 25.0, None),
        (resized, 31.0, None),
        ("&at=10,pool_size=150&at=12,pool_size=100", 15.0, None),
        ("&pool_dynamic=true&warm_up_s=30&at=10,pool_size=150", 15.0, Some(warm_up)),
        ("&pool_dynamic=true&warm_up_s=30&at=10,pool_size=150", 45.0, None),
        ("&pool_dynamic=true&at=10,pool_size=50", 15.0, None),
        ("&autoscale=true&warm_up_s=10", 45.0, Some(restart)),
    ] {
        assert_eq!(told(setting, secs, "pool_size"), expected, "{setting} at {secs} s");
    }
    let more = "&restart_s=10&at=10,app_instances=3&at=20,restart_now";
    for (secs, expected) in [(9.0, None), (15.0, Some("Counts from the next restart.")), (31.0, None)] {
        assert_eq!(told(more, secs, "app_instances"), expected, "at {secs} s");
    }
}
