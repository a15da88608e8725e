//! What a run tells: the very moment at which a threshold is reached, and what a story says.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use warstories_sim::announce::{Announcement, Announcements, MAX_ANNOUNCEMENTS, What};
use warstories_sim::metric::Threshold;
use warstories_sim::scenarios;
use warstories_sim::summary::{self, summary};
use warstories_sim::{Input, MetricKind, MetricSpec, Playable, Reading, Replay, SimTime, Unit};

fn start(link: &str) -> Box<dyn Playable> {
    let link = Replay::parse(link).unwrap();
    assert_eq!(link.dropped, Vec::<String>::new());
    scenarios::start(link.replay)
}

/// What was done last, as a chart would show it that draws a few sample buckets as one point.
fn latest(run: &dyn Playable, watched: &[usize]) -> Option<String> {
    summary::latest(run, watched, &|metric, from| {
        let (series, spec) = (run.series(), &run.spec().metrics[metric]);
        let since = from.nanos().div_ceil(series.width().nanos()) as usize;
        let points = series.samples(metric)[since..].chunks(4).map(|few| spec.merged(few, 0, series.width()));
        points.fold((f64::NAN, f64::NAN), |(least, most), point| (point.min(least), point.max(most)))
    })
}

/// Runs that reach many thresholds, those of counters among them, and fall below again.
const RUNS: [&str; 5] = [
    "queueing_lab?seed=2&arrivals_per_s=15&at=60,arrivals_per_s=2&at=90,servers=5&at=95,servers=1",
    "connection_pool?seed=3&pool_size=10&at=30,sleep_ms=500&at=90,sleep_ms=0",
    "duplicate_delivery?crash_step=none&slow_send_s=40&visibility_timeout_s=30",
    "cache_stampede?seed=4",
    "cache_stampede?seed=5&users=2000&at=20,purge_cache&at=40,restart_database",
];

/// Played one event at a time, nothing is seen at or above a threshold before it is announced, and nothing is announced
/// at a moment when it was not.
#[test]
fn a_threshold_is_announced_at_the_event_that_reaches_it() {
    let mut announced = 0;
    for link in RUNS {
        let mut run = start(link);
        let spec = run.spec();
        let thresholds: Vec<(usize, usize, f64)> = spec
            .metrics
            .iter()
            .enumerate()
            .filter(|(_, metric)| metric.kind != MetricKind::Histogram)
            .flat_map(|(at, metric)| {
                metric.thresholds.iter().enumerate().map(move |(n, bound)| (at, n, bound.value))
            })
            .collect();
        let mut reached = vec![false; thresholds.len()];
        let mut known = 0;
        let until = SimTime::from_secs(120);
        loop {
            let is_over = run.advance(until, 1);
            let told = &run.announcements()[known..];
            known += told.len();
            for ((metric, threshold, bound), reached) in thresholds.iter().zip(&mut reached) {
                let level = match run.read(*metric) {
                    Reading::Gauge { last, .. } => last,
                    Reading::Count(count) => count as f64,
                    other => panic!("{other:?}"),
                };
                for announcement in told {
                    if announcement.what == What::Reached(*metric, *threshold) {
                        assert_eq!((announcement.at, *reached), (run.now(), false), "{link}");
                        assert!(level >= *bound, "{link}: {level} at {}", run.now());
                        *reached = true;
                        announced += 1;
                    }
                    if announcement.what == What::Below(*metric, *threshold) {
                        assert!(*reached, "{link}");
                        *reached = false;
                    }
                }
                assert!(*reached || level.is_nan() || level < *bound, "{link}: {level} at {}", run.now());
            }
            if is_over {
                break;
            }
        }
    }
    assert!(announced >= 12, "{announced}");
}

/// What is announced does not depend on how often the run is looked at.
#[test]
fn a_run_tells_the_same_in_small_steps_and_in_one() {
    for link in RUNS {
        let (mut whole, mut steps) = (start(link), start(link));
        let until = SimTime::from_secs(100);
        whole.advance(until, u64::MAX);
        for step in 1..=1000 {
            steps.advance(SimTime::from_nanos(until.nanos() / 1000 * step), u64::MAX);
        }
        assert_eq!(whole.announcements(), steps.announcements(), "{link}");
        assert!(whole.announcements().is_sorted_by_key(|told| told.at), "{link}");
        assert!(!whole.announcements().is_empty(), "{link}");
    }
}

#[test]
fn a_threshold_that_stands_at_the_start_is_reached_at_once() {
    let mut run = start("queueing_lab?arrivals_per_s=2000&servers=1");
    run.advance(SimTime::from_secs(2), u64::MAX);
    let told = &run.announcements()[0];
    assert!(told.at < SimTime::from_millis_f64(100.0), "{}", told.at);
    assert_eq!(told.sentence(run.spec()), "00:00:00: 100 requests wait.");
}

#[test]
fn a_story_says_what_happened_at_the_moment_when_it_did() {
    let mut run = start(
        "cache_stampede?arrival_mode=open&arrival_rps=10&ttl_s=1&lock_scope=fleet&lock_ttl_s=3&at=0.5,crash_holder",
    );
    run.advance(SimTime::from_secs(10), u64::MAX);
    let said: Vec<_> = run.announcements().iter().filter(|told| matches!(told.what, What::Said(_))).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].text(run.spec()).contains("died: the lock is held"), "{said:?}");
    assert!(
        said[0].at > SimTime::from_millis_f64(500.0) && said[0].at.nanos() % 1_000_000 != 0,
        "{}",
        said[0].at
    );
}

/// A queue that fills and empties again and again is told of so many times, and the run goes on.
#[test]
fn a_run_that_has_told_enough_is_silent() {
    let mut run = start("cache_stampede?users=10&ttl_s=1&think_s=1");
    run.advance(SimTime::from_secs(4000), u64::MAX);
    assert_eq!(run.announcements().len(), MAX_ANNOUNCEMENTS);
}

#[test]
fn announcements_and_the_summary_tell_an_overload_and_its_end() {
    let link = Replay::parse("queueing_lab?seed=2&arrivals_per_s=15&at=60,arrivals_per_s=2").unwrap();
    let mut run = scenarios::start(link.replay);
    run.advance(SimTime::from_secs(50), u64::MAX);
    let summary = summary(run.as_ref());
    assert!(summary.starts_with("Why queues explode, 00:00:50. Queue: long, "), "{summary}");
    assert!(summary.contains(" waiting. Servers: busy, 1 of 1 busy."), "{summary}");
    assert!(summary.contains("\u{a0}s.") && !summary.contains("ms"), "{summary}");
    run.advance(SimTime::from_secs(200), u64::MAX);
    let sentences: Vec<_> = run.announcements().iter().map(|told| told.sentence(run.spec())).collect();
    let position = |part: &str| sentences.iter().position(|sentence| sentence.contains(part));
    let reached = position(": 100 requests wait.").unwrap();
    let below = position(": Fewer than 100 requests wait again.").unwrap();
    assert!(reached < below, "{sentences:?}");
    assert!(position("The slowest 1\u{a0}% of requests take a second or longer.").is_some(), "{sentences:?}");
}

#[test]
fn a_counter_tells_its_first_once() {
    let link =
        Replay::parse("duplicate_delivery?crash_step=none&slow_send_s=40&visibility_timeout_s=30").unwrap();
    let mut run = scenarios::start(link.replay);
    run.advance(SimTime::from_secs(600), u64::MAX);
    let told = |part: &str| {
        let sentences = run.announcements().iter().map(|told| told.sentence(run.spec()));
        sentences.filter(|sentence| sentence.contains(part)).collect::<Vec<_>>()
    };
    assert_eq!(told("ack came too late"), ["09:00:42: An ack came too late and did nothing."]);
    assert_eq!(told("A lease lapsed").len(), 1);
}

/// Two pools of 100 connections that are held 1 s each complete 200 transactions a second, and 400 once the sleep of half a
/// second is gone; the queue is long enough for both to be exact but for the random work.
#[test]
fn what_was_done_last_is_said_with_what_it_changed() {
    let mut run = start("connection_pool?seed=1&at=3780,sleep_ms=0");
    let metric = |id: &str| run.spec().metric(id).unwrap();
    let watched = [metric("throughput_tx_s"), metric("pool_utilization")];
    let mut said = |seconds: f64| {
        run.advance(SimTime::from_secs_f64(seconds), u64::MAX);
        latest(run.as_ref(), &watched).map(|sentence| sentence.replace('\u{a0}', " "))
    };
    assert_eq!(said(300.0), None);
    let sentences = [
        (3200.0, "03:22:36 · 47,000 transactions wait for a connection."),
        (3780.1, "03:33:00 · Sleep on the slot: 500 ms → 0 ms."),
        (
            3900.0,
            "03:33:00 · Sleep on the slot: 500 ms → 0 ms. Throughput: 200 tx/s → 400 tx/s. Pool in use: still 1.",
        ),
    ];
    for (seconds, expected) in sentences {
        assert_eq!(said(seconds).as_deref(), Some(expected));
    }
}

/// The queue of the night is worked off at twice the rate of what comes, and the figures at the end say nothing of that.
#[test]
fn what_a_metric_was_in_between_is_said_and_what_is_counted_is_counted_from_then_on() {
    let link = "connection_pool?seed=1&at=3780,sleep_ms=0";
    let completed = |seconds: u64| {
        let mut run = start(link);
        run.advance(SimTime::from_secs(seconds), u64::MAX);
        let index = run.spec().metric("completed").unwrap();
        match run.read(index) {
            Reading::Count(count) => count,
            other => panic!("{other:?}"),
        }
    };
    let mut run = start(link);
    run.advance(SimTime::from_secs(4680), u64::MAX);
    let watched =
        ["throughput_tx_s", "completed", "downstream_timeout"].map(|id| run.spec().metric(id).unwrap());
    let said = latest(run.as_ref(), &watched).unwrap().replace('\u{a0}', " ");
    let since = warstories_sim::format::count(completed(4680) - completed(3780));
    let begin = "03:33:00 · Sleep on the slot: 500 ms → 0 ms. Throughput: 200 tx/s → ";
    // 400 a second but for the random work of the transactions in four sample buckets.
    assert!(said.starts_with(begin) && said.contains(" tx/s, up to 40"), "{said}");
    let rest = format!(" in between. Completed: {since} tx since then. Downstream timeout: 0 tx since then.");
    assert!(said.ends_with(&rest), "{said}");
}

/// Of a queue the sentence says what its box says: how many wait, and how many waited just before.
#[test]
fn a_level_is_told_as_it_stands() {
    let mut run = start("connection_pool?seed=1&at=3780,sleep_ms=0");
    let queue = run.spec().metric("queue_depth").unwrap();
    let waiting = |run: &mut dyn warstories_sim::Playable, seconds: u64| {
        run.advance(SimTime::from_secs(seconds), u64::MAX);
        match run.read(queue) {
            Reading::Gauge { last, .. } => warstories_sim::format::number(last),
            other => panic!("{other:?}"),
        }
    };
    let now = waiting(run.as_mut(), 3850);
    let said = latest(run.as_ref(), &[queue]).unwrap().replace('\u{a0}', " ");
    assert!(said.ends_with(&format!(" → {now} tx.")), "{said}, and {now} wait");
    // It is empty, after having been longest right after the change.
    let now = waiting(run.as_mut(), 4680);
    let said = latest(run.as_ref(), &[queue]).unwrap().replace('\u{a0}', " ");
    assert!(said.ends_with(&format!(" → {now} tx.")), "{said}, and {now} wait");
}

/// That a metric is below its threshold again is no news for ever; then what the learner has set is told again.
#[test]
fn what_is_over_is_said_for_a_while_only() {
    let link = "queueing_lab?seed=2&arrivals_per_s=15&at=60,arrivals_per_s=0";
    let mut run = start(link);
    run.advance(SimTime::from_secs(300), u64::MAX);
    let over = run.announcements().last().unwrap().clone();
    assert!(matches!(over.what, What::Below(..)), "{over:?}");
    let bucket = run.series().width().nanos();
    let said = |buckets: u64| said_at(link, over.at + SimTime::from_nanos(buckets * bucket), &[]).unwrap();
    assert!(said(0).contains(&over.text(run.spec())));
    assert!(said(19).contains(&over.text(run.spec())));
    assert!(said(20).starts_with("00:01:00 · Arrivals"));
}

fn said_at(link: &str, at: SimTime, watched: &[&str]) -> Option<String> {
    let mut run = start(link);
    run.advance(at, u64::MAX);
    let watched: Vec<_> = watched.iter().map(|id| run.spec().metric(id).unwrap()).collect();
    latest(run.as_ref(), &watched)
}

/// A report asks for connections and gives them back. Both are told, and the end of it lapses; neither what was announced
/// before nor the action that began it takes its place.
#[test]
fn no_older_event_follows_on_one_that_is_over() {
    let link = "monolith_latency?seed=1&layout=core_plus_three&at=60,slow_report";
    let mut run = start(link);
    run.advance(SimTime::from_secs(600), u64::MAX);
    let last = run.announcements().last().unwrap();
    assert!(matches!(last.what, What::Said(..) | What::Below(..)), "{last:?}");
    assert!(said_at(link, last.at, &[]).unwrap().contains(&last.text(run.spec())));
    assert_eq!(said_at(link, SimTime::from_secs(600), &["cart_ms"]), None);
}

/// That a threshold is reached is told for as long as that is so, to whoever watches the metric.
#[test]
fn a_threshold_is_told_while_it_is_reached_and_watched() {
    let link = "monolith_latency?seed=1&layout=core_plus_three&at=200,hop_ms=500";
    let said = |metric| said_at(link, SimTime::from_secs(600), &[metric]).unwrap();
    assert!(said("cart_ms").contains("three seconds or longer"), "{}", said("cart_ms"));
    assert!(said("pages_open").contains("Hop"), "{}", said("pages_open"));
    // The queue that was full with 100 has room for 90: it is not clearly below 100, so nobody says that it is, and it has
    // reached 100 no longer.
    let link = "queueing_lab?seed=1&arrivals_per_s=30&queue_limit=100&at=60,queue_limit=90";
    let said = |secs| said_at(link, SimTime::from_secs(secs), &["waiting"]).unwrap();
    assert!(said(50).contains("100 requests wait"), "{}", said(50));
    assert!(said(1000).contains("Queue limit"), "{}", said(1000));
}

#[test]
fn a_text_is_told_again_once_a_stretch_is_over() {
    let apart = SimTime::from_secs(2);
    let mut announcements = Announcements::new(&[], apart);
    let said =
        [(0.0, "a"), (0.5, "b"), (1.0, "a"), (1.5, "b"), (2.0, "a"), (2.5, "b"), (3.9, "a"), (5.0, "a")];
    for (at, text) in said {
        announcements.say(SimTime::from_secs_f64(at), text.into());
    }
    let told: Vec<_> = announcements
        .told()
        .iter()
        .map(|told| match &told.what {
            What::Said(text) => (told.at.as_secs_f64(), text.as_ref()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, [(0.0, "a"), (0.5, "b"), (2.0, "a"), (2.5, "b"), (5.0, "a")]);
}

/// The share at which a metric is clearly below its threshold is part of what is not yet below.
#[test]
fn a_metric_is_below_its_threshold_again_once_it_stayed_under_four_fifths_of_it() {
    const SPEC: &[MetricSpec] = &[MetricSpec {
        id: "waiting",
        label: "Waiting",
        doc: "",
        unit: Unit::Things("requests"),
        kind: MetricKind::Gauge,
        thresholds: &[Threshold { value: 100.0, label: "many wait", again: None }],
    }];
    let mut announcements = Announcements::new(SPEC, SimTime::from_secs(1));
    announcements.hold(SimTime::from_secs(1), 0, 100.0, false);
    announcements.see(SimTime::from_secs(2), &[[10.0, 10.0, 80.0]]);
    announcements.see(SimTime::from_secs(3), &[[10.0, 10.0, 79.0]]);
    announcements.see(SimTime::from_secs(4), &[[10.0, 10.0, 10.0]]);
    announcements.hold(SimTime::from_secs(5), 0, 100.0, false);
    let told: Vec<_> =
        announcements.told().iter().map(|told| (told.at.as_secs_f64(), told.what.clone())).collect();
    assert_eq!(told, [(1.0, What::Reached(0, 0)), (3.0, What::Below(0, 0)), (5.0, What::Reached(0, 0))]);
}

#[test]
fn what_the_learner_does_is_answered_at_once() {
    let mut run = start("queueing_lab?seed=2&arrivals_per_s=30&at=60,clear_queue");
    run.advance(SimTime::from_secs(60), u64::MAX);
    assert!(matches!(run.announcements().last().unwrap().what, What::Below(..)));
}

/// A threshold says it all: no announcement puts a number and the words for it side by side.
#[test]
fn every_announcement_of_a_threshold_is_a_sentence() {
    let verbs = [
        " wait ",
        " is ",
        " are ",
        " was ",
        " has ",
        " take ",
        " takes ",
        " reaches ",
        " leads ",
        " run ",
        " gets ",
        " lapsed ",
        " came ",
        " had ",
        " expired ",
    ];
    for entry in scenarios::SCENARIOS {
        for (index, metric) in entry.spec.metrics.iter().enumerate() {
            for position in 0..metric.thresholds.len() {
                for what in [What::Reached(index, position), What::Below(index, position)] {
                    let told = Announcement { at: SimTime::ZERO, what };
                    let text = told.text(entry.spec).replace('\u{a0}', " ");
                    let is_clause = verbs.iter().any(|verb| format!("{text} ").contains(verb));
                    let begins =
                        text.starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit());
                    assert!(is_clause && begins && !text.contains("reached"), "{}: {text}", metric.id);
                }
            }
        }
    }
}

/// A call takes its time, a constant statement too, and so does the sleep, as long as neither system is at its limit.
#[test]
fn whoever_asks_what_a_connection_is_held_for_is_answered_at_once() {
    let calm = "connection_pool?seed=1&spike_multiplier=1&service_distribution=constant";
    let half_asleep = "In the last ten seconds a connection was held 1 s on average: \
                       400 ms for the database, 100 ms for the downstream call, 500 ms asleep";
    let awake = "In the last ten seconds a connection was held 500 ms on average: \
                 400 ms for the database, 100 ms for the downstream call, 0 ms asleep";
    let locked = "connection_pool?seed=1&app_instances=1&worker_threads=50&connections_per_tx=2&pool_size=10&spike_at_s=0";
    for (link, answer) in [
        (calm.to_owned(), half_asleep),
        (format!("{calm}&at=60,sleep_ms=0"), awake),
        (locked.to_owned(), "No connection was given back in the last ten seconds"),
    ] {
        let mut run = start(&link);
        run.advance(SimTime::from_secs(120), u64::MAX);
        let look = run.spec().actions.iter().position(|action| action.id == "look_at_hold_time").unwrap();
        let asked = run.input(Input::Action(look)).unwrap();
        let expected = format!("02:32:00 · {answer}.");
        for at in [asked, SimTime::from_secs(125)] {
            run.advance(at, u64::MAX);
            assert_eq!(latest(run.as_ref(), &[0]).unwrap().replace('\u{a0}', " "), expected, "{at}");
        }
    }
}
