//! What the machinery does, one thing at a time.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::cache::refreshes_early;
use super::readers::log_normal;
use super::*;
use crate::replay::{Input, Replay};
use crate::run::Run;
use crate::scenario::Playable;

fn run(setting: &str) -> Run<CacheStampede> {
    let link = Replay::parse(&format!("cache_stampede?seed=1&{setting}")).unwrap();
    assert_eq!(link.dropped, Vec::<String>::new());
    Run::new(link.replay)
}

fn at(secs: f64) -> SimTime {
    SimTime::from_secs_f64(secs)
}

fn take(run: &mut Run<CacheStampede>, action: &str) {
    run.input(Input::Action(CacheStampede::SPEC.action(action).unwrap())).unwrap();
}

/// A million draws, within four standard errors of the share that is expected.
fn assert_share(expected: f64, mut is_hit: impl FnMut() -> bool) {
    let draws = 1_000_000.0;
    let share = (0..1_000_000).filter(|_| is_hit()).count() as f64 / draws;
    let error = libm::sqrt(expected * (1.0 - expected) / draws);
    assert!((share - expected).abs() < 4.0 * error, "{share}, expected {expected}");
}

/// One read, as long before the end as the rebuild takes: e^-1 = 0.3679 with beta = 1.
#[test]
fn a_read_refreshes_early_with_the_probability_of_the_paper() {
    let mut stream = Stream::new(1, "early refresh");
    let rebuild = at(0.5);
    for (left, beta, expected) in
        [(0.5, 1.0, 0.367_879_4), (1.0, 1.0, 0.135_335_3), (0.5, 0.5, 0.135_335_3), (0.25, 2.0, 0.778_800_8)]
    {
        assert_share(expected, || refreshes_early(stream.unit(), at(left), rebuild, beta));
    }
    assert!(!refreshes_early(0.999_999, at(0.0), rebuild, 0.0), "beta 0 is off");
}

#[test]
fn interest_follows_zipfs_law() {
    let mut stream = Stream::new(2, "keys");
    // 1 + 1/2 + 1/3 + 1/4 = 25/12.
    let zipf = Interest::new(4, 1.0);
    for (key, share) in [(0, 12.0), (1, 6.0), (2, 4.0), (3, 3.0)] {
        assert_share(share / 25.0, || zipf.pick(stream.unit()) == key);
    }
    let even = Interest::new(5, 0.0);
    assert_share(0.2, || even.pick(stream.unit()) == 4);
    for interest in [zipf, even, Interest::new(1, 1.5)] {
        assert!(interest.pick(1.0 - f64::EPSILON / 2.0) < 5 && interest.pick(0.0) == 0);
    }
}

#[test]
fn log_normal_queries_keep_the_mean() {
    let mut stream = Stream::new(3, "queries");
    let draws = 1_000_000;
    let sum: f64 = (0..draws).map(|_| log_normal(0.5, stream.unit(), stream.unit())).sum();
    // The variance is e^(sigma^2) - 1 = 0.284.
    let error = libm::sqrt(0.284 / f64::from(draws));
    assert!((sum / f64::from(draws) - 1.0).abs() < 4.0 * error, "{sum}");
}

/// A dead holder's lock is not passed on before its time, and then to whoever came last.
#[test]
fn the_lock_of_the_dead_goes_to_whoever_came_last() {
    let mut run =
        run("arrival_mode=open&arrival_rps=10&ttl_s=1&lock_scope=fleet&lock_ttl_s=3&at=0.5,crash_holder");
    run.advance(at(1.9), u64::MAX);
    let lock = run.model().locks.values().next().unwrap();
    assert!(
        lock.holder == crate::resource::fifo::NONE && lock.line.len() > 3 && run.model().queries.is_empty()
    );
    let expiry = loop {
        let next = run.next_time().unwrap();
        run.advance(next, u64::MAX);
        if !run.model().queries.is_empty() {
            break run.now();
        }
    };
    assert!(expiry > at(4.0) && expiry < at(5.0), "{expiry}");
    let model = run.model();
    let (id, query) = model.queries.iter().next().unwrap();
    let latest = model.requests.iter().map(|(_, request)| request.arrived).max();
    assert_eq!(model.requests.get(query.request).map(|request| request.arrived), latest);
    assert_eq!(model.locks.values().next().unwrap().holder, id);
}

/// A holder who gives up passes the lock on; a query that goes on for nobody does not come back to it.
#[test]
fn a_holder_who_gives_up_passes_the_lock_on() {
    for (cancel, running) in [(true, 1), (false, 2)] {
        let setting =
            format!("ttl_s=1&lock_scope=fleet&query_ms=10000&timeout_ms=1000&cancel_on_timeout={cancel}");
        let mut run = run(&setting);
        run.advance(at(2.5), u64::MAX);
        assert_eq!((run.model().queries.len(), run.model().locks.len()), (running, 1), "cancel {cancel}");
        assert_eq!(run.ctx().metrics.timeout.total(), 1);
    }
}

#[test]
fn a_refresh_that_was_killed_does_not_keep_others_from_refreshing() {
    for lock in ["none", "fleet"] {
        let mut run =
            run(&format!("ttl_s=1&stale_window_s=600&restart_s=5&lock_scope={lock}&at=1.5,restart_database"));
        run.advance(at(1.49), u64::MAX);
        assert_eq!(run.model().queries.len(), 1);
        run.advance(at(6.4), u64::MAX);
        assert_eq!((run.model().queries.len(), run.ctx().metrics.queries_killed.total()), (0, 1));
        run.advance(at(9.5), u64::MAX);
        assert_eq!(run.ctx().metrics.failed.total(), 0);
        assert_eq!(run.ctx().metrics.queries_finished.total(), 1, "lock {lock}");
    }
}

#[test]
fn the_discipline_may_change_while_queries_run() {
    let mut run = run("ttl_s=1&query_distribution=constant&cancel_on_timeout=false&db_cores=2&users=100\
         &at=1.5,db_discipline=fifo&at=2.5,db_discipline=processor_sharing&at=3,db_cores=2000");
    run.advance(at(1.6), u64::MAX);
    let (queries, metrics) = (run.model().queries.len() as u64, &run.ctx().metrics);
    assert!(queries > 2 && metrics.db_running.value() == 2 && metrics.db_queued.value() == queries - 2);
    run.advance(at(2.6), u64::MAX);
    assert_eq!(run.ctx().metrics.db_running.value(), run.model().queries.len() as u64);
    run.advance(at(5.2), u64::MAX);
    assert!(run.ctx().metrics.queries_finished.total() > queries, "with a core each, all end within 2 s");
}

#[test]
fn zombies_are_cancelled_when_that_is_switched_on() {
    let mut run = run("cancel_on_timeout=false&ttl_s=1&at=20,cancel_on_timeout=true");
    run.advance(at(19.9), u64::MAX);
    assert!(run.ctx().metrics.db_running.value() > 20_000);
    run.advance(at(20.1), u64::MAX);
    assert!(run.ctx().metrics.db_running.value() < 10_000);
    assert_eq!(run.ctx().metrics.queries_cancelled.total(), run.ctx().metrics.timeout.total());
}

#[test]
fn the_door_lets_in_what_is_admitted_and_nobody_once_shut() {
    let mut run = run("admission_rps=100&at=50,shed&at=60,unshed");
    run.advance(at(50.0), u64::MAX);
    let admitted =
        |run: &Run<CacheStampede>| run.ctx().metrics.arrived.total() - run.ctx().metrics.shed.total();
    let before = admitted(&run);
    // From no token at the beginning on, a token each hundredth of a second, and the crowd uses them all.
    assert!((4_990..=5_000).contains(&before), "{before}");
    run.advance(at(59.99), u64::MAX);
    assert_eq!(admitted(&run), before);
    run.advance(at(60.5), u64::MAX);
    assert!(admitted(&run) > before + 500, "unshed opens the door for everybody");
}

#[test]
fn readers_come_and_go_as_the_parameters_say() {
    let mut run = run(
        "think_s=1&at=10,users=100&at=30,arrival_mode=open&at=30,arrival_rps=5&at=50,arrival_mode=closed",
    );
    let per_s = |run: &mut Run<CacheStampede>, from: f64, to: f64| {
        run.advance(at(from), u64::MAX);
        let before = run.ctx().metrics.arrived.total();
        run.advance(at(to), u64::MAX);
        (run.ctx().metrics.arrived.total() - before) as f64 / (to - from)
    };
    for (from, to, expected) in
        [(1.0, 10.0, 10_000.0), (20.0, 30.0, 100.0), (40.0, 50.0, 5.0), (51.0, 59.0, 100.0)]
    {
        let rate = per_s(&mut run, from, to);
        let error = libm::sqrt(expected / (to - from));
        assert!((rate - expected).abs() < 4.0 * error, "{rate} a second from {from} s, expected {expected}");
    }
}

/// New readers who failed and pause before another try.
#[test]
fn new_readers_who_pause_do_not_come_again_once_nobody_tries_again() {
    let crowd = "arrival_mode=open&arrival_rps=100&admission_rps=10&retries_max=";
    let arrived = |run: &mut Run<CacheStampede>, until: f64| {
        run.advance(at(until), u64::MAX);
        run.ctx().metrics.arrived.total()
    };
    let (mut stopped, mut never) = (run(&format!("{crowd}5&at=20,retries_max=0")), run(&format!("{crowd}0")));
    let before = [&mut stopped, &mut never].map(|run| arrived(run, 20.0));
    assert!(before[0] > 3 * before[1] && stopped.model().pausing > 50, "{before:?}");
    let after = [&mut stopped, &mut never].map(|run| arrived(run, 30.0));
    assert_eq!(after[0] - before[0], after[1] - before[1]);
    assert_eq!(stopped.model().pausing, 0);
}

#[test]
fn warming_up_fills_every_key_and_the_diagram_says_how_it_is() {
    let mut run = run("keys=50&query_ms=10&users=1&think_s=60&at=1,purge_cache&at=2,warm_up");
    let words = |run: &Run<CacheStampede>| {
        run.snapshot()
            .nodes
            .iter()
            .filter(|node| ["cache", "database", "app"].contains(&node.id))
            .map(|node| node.word)
            .collect::<Vec<_>>()
    };
    run.advance(at(0.5), u64::MAX);
    assert_eq!(words(&run), ["no lock", "fresh", "up"]);
    run.advance(at(1.5), u64::MAX);
    assert_eq!(words(&run), ["no lock", "empty", "up"]);
    run.advance(at(2.001), u64::MAX);
    assert_eq!(words(&run), ["no lock", "rebuilding", "saturated"]);
    run.advance(at(3.0), u64::MAX);
    assert_eq!((words(&run), run.ctx().metrics.fresh_keys.value()), (vec!["no lock", "fresh", "up"], 50));
    take(&mut run, "restart_database");
    run.advance(at(3.5), u64::MAX);
    assert_eq!(words(&run), ["no lock", "fresh", "down"]);
    run.advance(at(24.0), u64::MAX);
    assert_eq!(words(&run), ["no lock", "fresh", "up, cache cold"]);
}

/// Cores become free because readers give up: those in line look again, and the page is still not there.
#[test]
fn looking_again_answers_nobody_while_the_page_is_not_there() {
    let mut run = run("ttl_s=1&db_discipline=fifo&fifo_recheck=true&timeout_ms=1000");
    run.advance(at(10.0), u64::MAX);
    let metrics = &run.ctx().metrics;
    assert!(metrics.queries_cancelled.total() > 1000 && metrics.db_running.value() == 16);
    assert_eq!((metrics.queries_spared.total(), metrics.good.total()), (0, metrics.hits.total()));
}

#[test]
fn an_expired_page_that_is_still_given_out_is_said_to_be_stale() {
    let mut run = run("ttl_s=10&stale_window_s=30&query_ms=120000&query_distribution=constant");
    for (secs, word, detail) in [
        (9.5, "fresh", "expires in 1\u{a0}s"),
        (13.5, "stale", "expired 4\u{a0}s ago"),
        (41.0, "rebuilding", "not served"),
    ] {
        run.advance(at(secs), u64::MAX);
        let cache = run.snapshot().nodes.into_iter().find(|node| node.id == "cache").unwrap();
        assert_eq!((cache.word, cache.detail.as_str()), (word, detail), "{secs} s");
    }
}

/// A page that lives ten seconds, and a window for stale pages that is opened or made longer after its end.
#[test]
fn a_window_for_stale_pages_finds_only_what_the_cache_has_kept() {
    let served = |setting: &str, until: f64| {
        let mut run = run(&format!("ttl_s=10&query_ms=60000&timeout_ms=1000&{setting}"));
        run.advance(at(until), u64::MAX);
        let metrics = &run.ctx().metrics;
        let cache = run.snapshot().nodes.into_iter().find(|node| node.id == "cache").map(|node| node.detail);
        (metrics.stale_served.total(), metrics.failed.total() > 0, cache.unwrap())
    };
    let gone = String::from("no page kept");
    let there = String::from("expired 3\u{a0}s ago");
    assert_eq!(served("", 12.5).2, "not served");
    let opened = "at=11,stale_window_s=30";
    let (pages, has_failed, cache) = served(opened, 12.5);
    assert!(pages > 2000 && has_failed && cache == there, "{pages} pages, {cache}");
    assert_eq!(served(&format!("expired_kept=false&{opened}"), 12.5), (0, true, gone.clone()));
    // A window that was there when the page was written is part of its hard time to live, and a longer one is not.
    for (change, until, is_there) in [
        ("", 12.5, true),
        ("&at=11,stale_window_s=30", 12.5, true),
        ("&at=11,stale_window_s=30", 15.5, false),
    ] {
        let setting = format!("expired_kept=false&stale_window_s=5{change}");
        let (pages, has_failed, cache) = served(&setting, until);
        assert!(pages > 2000 && !has_failed, "{setting}: {pages} pages");
        assert_eq!(cache, if is_there { there.clone() } else { gone.clone() }, "{setting} at {until} s");
    }
    // The switch is about pages written after it: this one was written to be kept.
    assert!(served("at=5,expired_kept=false&at=11,stale_window_s=30", 12.5).0 > 2000);
}

/// Where the stale window does not change, a page is deleted when it would be served no more, and nobody can tell.
#[test]
fn under_one_stale_window_a_cache_that_deletes_is_like_one_that_keeps() {
    for setting in
        ["stale_window_s=3", "stale_window_s=30&xfetch_beta=1", "lock_scope=fleet", "ttl_jitter_s=5&keys=50"]
    {
        let end = |kept: &str| {
            let mut run = run(&format!("{setting}&ttl_s=10&query_ms=500{kept}"));
            run.advance(at(40.0), u64::MAX);
            let metrics = &run.ctx().metrics;
            (run.fingerprint(), metrics.good.total(), metrics.stale_served.total(), metrics.failed.total())
        };
        assert_eq!(end(""), end("&expired_kept=false"), "{setting}");
    }
}
