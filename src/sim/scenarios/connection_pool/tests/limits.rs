//! Workers, and connections that the database opens.

use super::*;
use crate::snapshot::Health;

fn first(run: &Run<ConnectionPool>) -> instances::Instance {
    run.model().instances[0]
}

fn open(run: &Run<ConnectionPool>) -> u64 {
    run.ctx().metrics.connections_open.value()
}

#[test]
fn an_instance_works_on_as_many_transactions_as_it_has_workers() {
    let changes = "&at=20,worker_threads=1&at=40,worker_threads=5&at=60,worker_threads=0";
    let mut run = run(&format!("&app_instances=1&worker_threads=3&base_tx_s=5{changes}"));
    for (secs, workers) in [(19.9, 3), (20.0, 3), (22.0, 1), (39.9, 1), (40.0, 5), (59.9, 5)] {
        run.advance(at(secs), u64::MAX);
        let instance = first(&run);
        assert_eq!((instance.workers, instance.in_use), (workers, workers), "{secs} s");
        assert!(!instance.backlog.is_empty() && instance.line.is_empty(), "{secs} s");
    }
    // Without a limit all who wait ask for a connection.
    run.advance(at(60.0), u64::MAX);
    assert!(first(&run).backlog.is_empty() && first(&run).line.len() > 1000);
    assert_eq!(first(&run).in_use, 100);
}

#[test]
fn the_wait_for_a_worker_is_no_wait_for_a_connection() {
    let mut run = run("&app_instances=1&worker_threads=10&base_tx_s=5&acquire_timeout_s=1");
    run.advance(at(60.0), u64::MAX);
    let metrics = &run.ctx().metrics;
    assert!(metrics.worker_queue.value() > 1000);
    assert_eq!((metrics.acquire_timeout.total(), metrics.queue_depth.value()), (0, 0));
    // But it is a wait: no second of this is good.
    let good = metrics.slo_ok_s.total();
    run.advance(at(120.0), u64::MAX);
    assert_eq!(run.ctx().metrics.slo_ok_s.total(), good);
}

#[test]
fn a_lower_limit_of_the_database_closes_nothing_and_a_restart_does() {
    let mut run = run("&pool_size=10&base_tx_s=5&restart_s=10&at=20,db_max_connections=6&at=40,restart_now");
    for (secs, connections) in [(19.0, 20), (39.0, 20), (40.0, 0), (50.0, 0), (60.0, 6), (80.0, 6)] {
        run.advance(at(secs), u64::MAX);
        assert_eq!(open(&run), connections, "{secs} s");
        assert_eq!(run.ctx().metrics.db_refused.total() > 0, secs > 50.0, "{secs} s");
    }
    // The router takes them in turn, so each of them has half.
    assert_eq!((first(&run).open, run.model().instances[1].open), (3, 3));
}

#[test]
fn a_smaller_pool_closes_its_connections_as_they_become_idle() {
    let mut run = run("&app_instances=1&pool_dynamic=true&base_tx_s=5&pool_size=20&at=20,pool_size=5");
    run.advance(at(20.0), u64::MAX);
    assert_eq!(open(&run), 20);
    // A transaction takes 1.12 s at most.
    run.advance(at(21.2), u64::MAX);
    assert_eq!((open(&run), first(&run).in_use), (5, 5));
}

/// Who asks when the database refuses fails; who stood in line before the pool grew is served.
#[test]
fn a_pool_that_may_grow_and_cannot_refuses_who_comes_and_serves_who_waits() {
    let mut run = run(
        "&app_instances=1&pool_dynamic=true&warm_up_s=0&base_tx_s=2&pool_size=10&db_max_connections=10&at=20,pool_size=20",
    );
    run.advance(at(20.0) - SimTime::from_nanos(1), u64::MAX);
    let waiting = run.ctx().metrics.queue_depth.value();
    assert!(waiting > 100 && run.ctx().metrics.db_refused.total() == 0);
    let arrived = run.ctx().metrics.arrived.total();
    run.advance(at(25.0), u64::MAX);
    let metrics = &run.ctx().metrics;
    assert_eq!(metrics.db_refused.total(), metrics.arrived.total() - arrived);
    assert!((waiting - 51..waiting - 39).contains(&metrics.queue_depth.value()));
    assert_eq!(open(&run), 10);
}

fn says(run: &Run<ConnectionPool>, node: &str) -> (Health, &'static str, String) {
    let node = run.snapshot().nodes.into_iter().find(|other| other.id == node).unwrap();
    (node.health, node.word, node.detail)
}

#[test]
fn a_database_at_its_limit_says_so_and_one_that_refuses_says_that() {
    let mut run = run(
        "&pool_size=10&base_tx_s=5&spike_multiplier=1&db_ms=1&downstream_ms=1&sleep_ms=0&db_max_connections=2&at=20,db_ms=2000",
    );
    run.advance(at(19.0), u64::MAX);
    let (health, word, detail) = says(&run, "database");
    assert_eq!((health, word), (Health::Strained, "at its limit"), "{detail}");
    assert!(detail.ends_with(" statements, 2 of 2 open"), "{detail}");
    run.advance(at(31.0), u64::MAX);
    assert_eq!(says(&run, "database").1, "refuses connections");
    assert_eq!(says(&run, "lost").0, Health::Failing);
    assert_eq!(says(&run, "lost").1, "Refused by the database");
    // Neither pool has ten slots that can be had, though only one is in use.
    assert!(first(&run).in_use < 10);
    assert_eq!(says(&run, "pool_a").1, "can open no more");
}

#[test]
fn where_nearly_nobody_gets_a_connection_the_diagram_says_that_most_fail_and_why() {
    let mut run = run("&pool_size=2&base_tx_s=20&spike_multiplier=1&acquire_timeout_s=0.1");
    run.advance(at(60.0), u64::MAX);
    let (health, word, _) = says(&run, "lost");
    assert_eq!((health, word), (Health::Failing, "No connection in time"));
}
