//! The truths of `duplicate_delivery`: counts of mails to the last one, the outcome matrix, the interleavings of two
//! workers, what the told fix leaves open. Conservation (every message is somewhere, every mail belongs to an order,
//! every duplicate has one reason) is tested for every scenario in `runs.rs`, and here at the end of every run.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a report for people is no part of a run"
)]

#[path = "duplicate_delivery/controls.rs"]
mod controls;
#[path = "duplicate_delivery/crashes.rs"]
mod crashes;
#[path = "duplicate_delivery/failover.rs"]
mod failover;
#[path = "duplicate_delivery/machinery.rs"]
mod machinery;
#[path = "duplicate_delivery/mail_service.rs"]
mod mail_service;
#[path = "duplicate_delivery/reports.rs"]
mod reports;

use warstories_sim::exhibit::{Exhibit, Finding, Table};
use warstories_sim::random::Stream;
use warstories_sim::scenarios::duplicate_delivery::{Dedupe, LogPosition, Step, listing, race};
use warstories_sim::{Domain, Input, ParamSpec, Playable, Reading, Replay, SimTime, scenarios};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=6;
const DAY: f64 = 86_400.0;

fn at(secs: f64) -> SimTime {
    SimTime::from_secs_f64(secs)
}

fn start(seed: u64, setting: &str) -> Box<dyn Playable> {
    let link = Replay::parse(&format!("duplicate_delivery?seed={seed}&{setting}")).unwrap();
    assert_eq!(link.dropped, Vec::<String>::new());
    scenarios::start(link.replay)
}

/// Plays until `secs`, after everything that happens then, and checks the equations there.
fn play(run: &mut dyn Playable, secs: f64) {
    run.advance(at(secs), u64::MAX);
    for identity in run.identities() {
        assert_eq!(identity.left, identity.right, "{} at {} s", identity.name, run.now());
    }
}

/// Plays until just before `secs`.
fn play_before(run: &mut dyn Playable, secs: f64) {
    run.advance(SimTime::from_nanos(at(secs).nanos() - 1), u64::MAX);
}

/// A counter's total, a gauge's value, a sum of money.
fn now(run: &dyn Playable, id: &str) -> f64 {
    match run.read(run.spec().metric(id).unwrap()) {
        Reading::Count(count) => count as f64,
        Reading::Money(usd) => usd,
        Reading::Gauge { last, .. } => last,
        histogram @ Reading::Histogram { .. } => panic!("no single value: {histogram:?}"),
    }
}

fn longest(run: &dyn Playable, id: &str) -> f64 {
    match run.read(run.spec().metric(id).unwrap()) {
        Reading::Histogram { max, .. } => max,
        other => panic!("{id} is not a histogram: {other:?}"),
    }
}

/// A run played until `secs`.
fn played(seed: u64, setting: &str, secs: f64) -> Box<dyn Playable> {
    let mut run = start(seed, setting);
    play(run.as_mut(), secs);
    run
}

/// Mails to order 0 in the hour from the first on, which is sent at `first`.
fn hour(seed: u64, setting: &str, first: f64) -> f64 {
    let mut run = start(seed, setting);
    play_before(run.as_mut(), first);
    assert_eq!(now(run.as_ref(), "inbox_mails"), 0.0, "{setting}, seed {seed}");
    run.advance(at(first), u64::MAX);
    assert_eq!(now(run.as_ref(), "inbox_mails"), 1.0, "{setting}, seed {seed}");
    play_before(run.as_mut(), first + 3600.0);
    now(run.as_ref(), "inbox_mails")
}

/// When order 0 is mailed first: two seconds until it is picked up, and the send.
const FIRST: f64 = 2.8;

#[test]
fn the_story_comes_out_as_it_was_told() {
    for seed in SEEDS {
        let mut run = start(seed, "");
        for (minutes, mails) in [(15.0, 12.0), (30.0, 24.0), (45.0, 36.0), (60.0, 47.0)] {
            play_before(run.as_mut(), FIRST + 60.0 * minutes);
            assert_eq!(now(run.as_ref(), "inbox_mails"), mails, "seed {seed}, {minutes} min");
        }
        // Only one customer suffers, and only the receive count tells.
        play(run.as_mut(), 4200.0);
        assert_eq!(now(run.as_ref(), "receive_count_max"), 55.0);
        assert_eq!(now(run.as_ref(), "worker_crashes_total"), 55.0);
        let others = now(run.as_ref(), "mails_sent_total") - now(run.as_ref(), "inbox_mails");
        assert!(others <= now(run.as_ref(), "orders_total") - 1.0);
        assert_eq!(now(run.as_ref(), "duplicate_mails_total"), 54.0);
        assert_eq!(now(run.as_ref(), "duplicate_after_crash"), 54.0);
        assert_eq!(now(run.as_ref(), "ledger_usd"), 8.0);
    }
    // Alone, to the nanosecond: the 47th mail 46 cycles of 77 s after the first, the 48th 47 cycles after.
    let mut run = start(1, "order_rate_per_min=0");
    for mails in 1..=48_u32 {
        let sent = FIRST + 77.0 * f64::from(mails - 1);
        play_before(run.as_mut(), sent);
        assert_eq!(now(run.as_ref(), "inbox_mails"), f64::from(mails - 1));
        run.advance(at(sent), u64::MAX);
        assert_eq!(now(run.as_ref(), "inbox_mails"), f64::from(mails));
    }
}

#[test]
fn the_visibility_timeout_sets_the_pace() {
    for (timeout, mails) in [(30, 113.0), (60, 59.0), (75, 47.0), (300, 12.0), (900, 4.0)] {
        let setting = format!("order_rate_per_min=0&visibility_timeout_s={timeout}");
        assert_eq!(hour(1, &setting, FIRST), mails, "{timeout} s");
    }
}

/// Each receive fails with chance p, and m receives are allowed: the mails of an order are a geometric number that is
/// cut at m, with mean (1 - p^m) / (1 - p).
#[test]
fn luck_gives_a_geometric_number_of_mails() {
    for (pct, most) in [(50.0, 0), (50.0, 5), (10.0, 0), (90.0, 3), (80.0, 10), (30.0, 1)] {
        let (p, limit) = (pct / 100.0, if most == 0 { f64::INFINITY } else { f64::from(most) });
        let expected = (1.0 - libm::pow(p, limit)) / (1.0 - p);
        for seed in SEEDS {
            let setting = format!(
                "crash_scope=all_orders&crash_pct={pct}&workers=16&max_receives={most}&at=7200,order_rate_per_min=0"
            );
            let mut run = start(seed, &setting);
            play(run.as_mut(), 7200.0);
            // Until nobody waits.
            while now(run.as_ref(), "queue_visible") + now(run.as_ref(), "queue_in_flight") > 0.0 {
                let next = run.now().as_secs_f64() + 600.0;
                assert!(next < 100_000.0, "{setting} never gets done");
                play(run.as_mut(), next);
            }
            let orders = now(run.as_ref(), "orders_total");
            let mean = now(run.as_ref(), "mails_per_order_mean");
            assert_eq!(mean, now(run.as_ref(), "mails_sent_total") / orders);
            // Σ (2k - 1) p^(k-1) up to m is the second moment.
            let second: f64 = (1..=2000)
                .take_while(|k| f64::from(*k) <= limit)
                .map(|k| f64::from(2 * k - 1) * libm::pow(p, f64::from(k - 1)))
                .sum();
            let error = (mean - expected) / libm::sqrt((second - expected * expected).max(0.0) / orders);
            println!("p {p}, m {most}, seed {seed}: {mean:.4}, expected {expected:.4}, {error:.2} errors");
            assert!(mean == expected || error.abs() < 4.0, "{setting}: {mean}, expected {expected}");
        }
    }
}

#[test]
fn a_dead_letter_queue_caps_the_harm() {
    for seed in SEEDS {
        let run = played(seed, "max_receives=5", 4200.0);
        assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "dlq_depth")), (5.0, 1.0));
        assert_eq!(now(run.as_ref(), "receive_count_max"), 5.0);
        assert_eq!(now(run.as_ref(), "parked_in_dlq"), 1.0);
        // A complaint, and somebody who has to look.
        assert_eq!(now(run.as_ref(), "ledger_usd"), 23.0);
    }
}

#[test]
fn without_a_dead_letter_queue_only_retention_ends_it() {
    for (days, mails) in [(4.0, 4489.0), (14.0, 15_710.0)] {
        let setting = format!("order_rate_per_min=0&retention_s={}", days * DAY);
        let mut run = start(1, &setting);
        play_before(run.as_mut(), days * DAY);
        assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "queue_in_flight")), (mails, 1.0));
        play(run.as_mut(), days * DAY + 1000.0);
        assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "queue_in_flight")), (mails, 0.0));
        // It was mailed: nothing is lost.
        assert_eq!(now(run.as_ref(), "lost_retention_expired"), 0.0);
    }
    let lost = played(1, "order_rate_per_min=0&crash_step=send&retention_s=3600", 4200.0);
    assert_eq!((now(lost.as_ref(), "lost_retention_expired"), now(lost.as_ref(), "ledger_usd")), (1.0, 8.0));
}

/// A busy shop for as long as a queue keeps anything: memory and time stay small.
#[test]
fn two_weeks_of_traffic_can_be_played() {
    let run = played(1, "retention_s=1209600&background_crash_pct=5", 14.0 * DAY);
    let within = |what: &str, count: f64, expected: f64, variance: f64| {
        assert!(
            (count - expected).abs() < 4.0 * libm::sqrt(variance),
            "{what}: {count}, expected {expected}"
        );
    };
    let expected = 20.0 * 60.0 * 24.0 * 14.0;
    within("orders", now(run.as_ref(), "orders_total") - 1.0, expected, expected);
    // Of 15,710 receives of the first message one in 60 dies before the send.
    let receives = now(run.as_ref(), "receive_count_max");
    assert!((15_700.0..=15_710.0).contains(&receives), "{receives}");
    let p = 0.05 / 3.0;
    within("mails", now(run.as_ref(), "inbox_mails"), receives * (1.0 - p), receives * p * (1.0 - p));
}

/// What the outcome matrix shows, under these values.
fn outcomes(setting: &str) -> Table {
    let replay = Replay::parse(&format!("duplicate_delivery?{setting}")).unwrap().replay;
    match scenarios::exhibit(replay.spec(), "outcomes", replay.start()) {
        Some(Exhibit::Table(table)) => table,
        other => panic!("no table: {other:?}"),
    }
}

fn assert_matrix(log: &str, expected: &[[&str; 5]; 5]) {
    let table = outcomes(&format!("log_position={log}"));
    assert_eq!(table.rows.len(), expected.len());
    for (row, expected) in table.rows.iter().zip(expected) {
        let texts = |cell: &Vec<Finding>| match cell.as_slice() {
            [] => String::from("-"),
            findings => findings.iter().map(|finding| finding.text.as_str()).collect::<Vec<_>>().join(" / "),
        };
        assert_eq!(row.cells.iter().map(texts).collect::<Vec<_>>(), expected, "{}, log {log}", row.head);
    }
}

/// Whoever opens the run that a cell links to sees exactly what the cell says.
#[test]
fn every_cell_of_the_matrix_is_proven_by_the_run_that_it_links_to() {
    let mut proven = 0;
    for log in ["after_send", "last"] {
        let table = outcomes(&format!("log_position={log}"));
        for (row, finding) in
            table.rows.iter().flat_map(|row| row.cells.iter().flatten().map(move |f| (row, f)))
        {
            let link = Replay::parse(&finding.link).unwrap();
            assert_eq!(link.dropped, Vec::<String>::new(), "{}", finding.link);
            let mut run = scenarios::start(link.replay);
            play(run.as_mut(), link.moment.unwrap().as_secs_f64());
            let end = if now(run.as_ref(), "dlq_depth") > 0.0 {
                " P"
            } else if now(run.as_ref(), "lost_marked_not_sent") > 0.0 {
                " L"
            } else {
                ""
            };
            let mails = now(run.as_ref(), "inbox_mails");
            assert_eq!(format!("{mails}{end}"), finding.text, "{}: {}", row.head, finding.link);
            // Whatever is to happen has happened by then.
            assert_eq!(now(run.as_ref(), "queue_visible") + now(run.as_ref(), "queue_in_flight"), 0.0);
            assert_eq!(now(run.as_ref(), "orders_total"), 1.0);
            proven += 1;
        }
    }
    // 3 + 5 + 4 + 5 + 3 steps, each at the first attempt and at all of them, with the log in two places.
    assert_eq!(proven, 20 * 2 * 2);
}

/// A row for each strategy, a column for each step. Mails if the first worker dies there / if every worker does; P parked, L lost.
#[test]
fn every_listing_has_its_outcomes() {
    assert_matrix(
        "after_send",
        &[
            ["-", "1 / 0 P", "2 / 5 P", "-", "2 / 5 P"],
            ["1 / 0 P", "1 / 0 P", "2 / 5 P", "2 / 5 P", "1 / 1 P"],
            ["1 / 0 P", "0 L / 0 L", "1 / 1", "-", "1 / 1 P"],
            ["1 / 0 P", "1 / 0 P", "2 / 5 P", "2 / 5 P", "1 / 1 P"],
            ["-", "1 / 0 P", "1 / 1 P", "-", "1 / 1 P"],
        ],
    );
    assert_matrix(
        "last",
        &[
            ["-", "1 / 0 P", "1 / 1", "-", "2 / 5 P"],
            ["1 / 0 P", "1 / 0 P", "1 / 1", "2 / 5 P", "1 / 1 P"],
            ["1 / 0 P", "0 L / 0 L", "1 / 1", "-", "1 / 1 P"],
            ["1 / 0 P", "1 / 0 P", "1 / 1", "2 / 5 P", "1 / 1 P"],
            ["-", "1 / 0 P", "1 / 1", "-", "1 / 1 P"],
        ],
    );
}

#[test]
fn listings_are_those_of_the_story() {
    use Step::{Ack, Check, Log, Mark, Send};
    assert_eq!(listing(Dedupe::None, LogPosition::AfterSend), [Send, Log, Ack]);
    assert_eq!(listing(Dedupe::CheckThenMark, LogPosition::AfterSend), [Check, Send, Log, Mark, Ack]);
    assert_eq!(listing(Dedupe::MarkFirst, LogPosition::Last), [Check, Send, Ack, Log]);
}

#[test]
fn two_workers_with_one_message_race() {
    // For each number of mails the orders of steps that end with it.
    let counts = |dedupe| -> Vec<(u64, u64)> {
        let found = race(dedupe);
        assert_eq!(found.cut, 0);
        found.verdicts.iter().map(|(mails, reached)| (*mails, reached.orders)).collect()
    };
    assert_eq!(counts(Dedupe::CheckThenMark), [(1, 10), (2, 60)]);
    assert_eq!(counts(Dedupe::MarkFirst), [(1, 20)]);
    assert_eq!(counts(Dedupe::None), [(2, 6)]);
    assert_eq!(counts(Dedupe::UniqueKey), [(1, 6)]);
    // Whoever finds a claim leaves: the message comes again, and then there is a marker.
    assert_eq!(counts(Dedupe::ClaimLease), [(1, 70)]);
}

#[test]
fn the_fix_as_told_does_not_cure_the_bug_as_told() {
    for seed in SEEDS {
        let told = "dedupe=check_then_mark";
        assert_eq!(hour(seed, told, FIRST + 0.005), 47.0, "seed {seed}");
        let run = played(seed, &format!("{told}&crash_step=ack"), 4200.0);
        assert_eq!(now(run.as_ref(), "inbox_mails"), 1.0);
        assert_eq!(now(run.as_ref(), "receive_count_max"), 55.0);
        // What does cure it: the log last, or a key.
        for cure in ["dedupe=check_then_mark&log_position=last", "dedupe=unique_key", "log_position=last"] {
            assert_eq!(now(played(seed, cure, 4200.0).as_ref(), "inbox_mails"), 1.0, "{cure}");
        }
        assert_eq!(now(played(seed, "dedupe=unique_key", 4200.0).as_ref(), "receive_count_max"), 55.0);
        // A claim is gone when the message comes again.
        assert_eq!(hour(seed, "dedupe=claim_lease", FIRST + 0.005), 47.0);
    }
}

#[test]
fn nobody_has_to_crash() {
    let slow = "crash_step=none&slow_send_s=40&visibility_timeout_s=30";
    for seed in SEEDS {
        assert_eq!(hour(seed, slow, 42.0), 113.0, "seed {seed}");
        let run = played(seed, slow, 4200.0);
        let (mails, stale) = (now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "stale_acks_total"));
        assert_eq!((now(run.as_ref(), "worker_crashes_total"), stale), (0.0, mails));
        assert_eq!(now(run.as_ref(), "duplicate_lease_lapsed"), mails - 1.0);
        for (cure, mails) in [
            ("workers=1", 1.0),
            ("heartbeat_s=10", 1.0),
            ("dedupe=check_then_mark", 2.0),
            ("dedupe=mark_first", 1.0),
            ("dedupe=unique_key", 1.0),
        ] {
            let run = played(seed, &format!("{slow}&{cure}"), 4200.0);
            assert_eq!(now(run.as_ref(), "inbox_mails"), mails, "{cure}, seed {seed}");
        }
        let run = played(seed, &format!("{slow}&heartbeat_s=10"), 4200.0);
        assert_eq!(now(run.as_ref(), "stale_acks_total"), 0.0);
        // One order of 40 s, extended every 10 s.
        assert_eq!(now(run.as_ref(), "heartbeats_total"), 4.0);
    }
}

/// What a run of a few days in which the message was parked, the bug fixed and the message redriven says.
fn redriven(setting: &str, hours: u32) -> Box<dyn Playable> {
    let redrive = f64::from(hours) * 3600.0;
    let setting = format!("order_rate_per_min=0&max_receives=5&{setting}&at={redrive},redrive_dlq");
    let mut run = start(1, &setting);
    play(run.as_mut(), 1800.0);
    assert_eq!(now(run.as_ref(), "dlq_depth"), 1.0);
    play(run.as_mut(), redrive + 60.0);
    assert_eq!(now(run.as_ref(), "dlq_depth"), 0.0);
    run
}

#[test]
fn a_marker_lives_shorter_than_a_message() {
    let marked = "dedupe=check_then_mark&crash_step=ack&at=1800,deploy_log_fix";
    for (hours, mails) in [(23, 1.0), (25, 2.0)] {
        let run = redriven(marked, hours);
        assert_eq!(now(run.as_ref(), "inbox_mails"), mails, "{hours} h");
        assert_eq!(now(run.as_ref(), "duplicate_marker_expired"), mails - 1.0);
    }
    let key = "dedupe=unique_key&crash_step=ack&at=1800,deploy_log_fix";
    assert_eq!(now(redriven(key, 25).as_ref(), "inbox_mails"), 1.0);
    // The fix is live half an hour after it was asked for, not before.
    let early = played(1, "order_rate_per_min=0&at=1800,deploy_log_fix", 3599.0);
    assert_eq!(now(early.as_ref(), "queue_in_flight"), 1.0);
    let late = played(1, "order_rate_per_min=0&at=1800,deploy_log_fix", 3600.0 + 77.0);
    assert_eq!(now(late.as_ref(), "queue_in_flight"), 0.0);
}

#[test]
fn a_redrive_makes_another_message() {
    for (key, mails) in [("message_id", 2.0), ("order_id", 1.0), ("order_id_version", 1.0)] {
        let setting = format!("dedupe=unique_key&key_kind={key}&at=3600,crash_step=none");
        assert_eq!(now(redriven(&setting, 25).as_ref(), "inbox_mails"), mails, "{key}");
    }
}

#[test]
fn restarts_are_the_throttle_when_every_message_is_poisoned() {
    for seed in SEEDS {
        let mut run = start(seed, "crash_scope=all_orders");
        play(run.as_mut(), 1800.0);
        let before = now(run.as_ref(), "receives_total");
        play(run.as_mut(), 4200.0);
        let a_minute = (now(run.as_ref(), "receives_total") - before) / 40.0;
        // Each of four workers takes a message every 10.8 s, always.
        let expected = 4.0 / 10.8 * 60.0;
        assert!((a_minute - expected).abs() < 0.1, "seed {seed}: {a_minute} a minute");
        let visible = now(run.as_ref(), "queue_visible");
        assert!(visible > 1000.0, "seed {seed}: {visible}");
    }
}

#[test]
fn a_hung_worker_with_a_heartbeat_hides_its_mail_for_half_a_day() {
    let hung = "order_rate_per_min=0&crash_step=send&crash_kind=hang&visibility_timeout_s=30\
                &at=3,crash_step=none";
    let run = played(1, hung, 60.0);
    assert!((longest(run.as_ref(), "time_to_mail_s") - 34.8).abs() < 0.1);
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "worker_crashes_total")), (1.0, 1.0));
    // Twelve hours after the receive at 2 s, however long the lease is: seen, picked up 2 s later, sent.
    for timeout in [30, 75, 900] {
        let setting = hung.replace("timeout_s=30", &format!("timeout_s={timeout}"));
        let mut run = start(1, &format!("{setting}&heartbeat_s=10"));
        play_before(run.as_mut(), 43_204.8);
        assert_eq!(now(run.as_ref(), "inbox_mails"), 0.0);
        run.advance(at(43_204.8), u64::MAX);
        assert_eq!(now(run.as_ref(), "inbox_mails"), 1.0, "{timeout} s");
    }
}

/// A claim that outlives the lease makes every other receive leave empty-handed.
#[test]
fn a_long_claim_halves_the_pace() {
    let setting = "order_rate_per_min=0&dedupe=claim_lease&claim_ttl_s=100";
    assert_eq!(hour(1, setting, FIRST + 0.005), 24.0);
    let run = played(1, &format!("{setting}&max_receives=5"), 4200.0);
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "dlq_depth")), (3.0, 1.0));
}

/// Runs that differ in what handles them share every order.
#[test]
fn orders_are_the_same_whatever_handles_them() {
    let minutes = |seed, setting| -> Vec<f64> {
        let mut run = start(seed, setting);
        (1..=60)
            .map(|minute| {
                run.advance(at(60.0 * f64::from(minute)), u64::MAX);
                now(run.as_ref(), "orders_total")
            })
            .collect()
    };
    for seed in SEEDS {
        let alone = minutes(seed, "");
        for other in [
            "dedupe=unique_key",
            "workers=16&crash_scope=all_orders",
            "background_crash_pct=20&crash_kind=hang",
            "resend_pct=20",
            "max_receives=1&visibility_timeout_s=1",
        ] {
            assert_eq!(minutes(seed, other), alone, "{other}, seed {seed}");
        }
    }
}

/// A value of the parameter, more often a small one, at which more happens.
fn value_of(spec: &ParamSpec, stream: &mut Stream) -> f64 {
    let unit = stream.unit();
    match spec.domain {
        Domain::Integer { min, max } => libm::floor(min as f64 + (max - min) as f64 * unit * unit * unit),
        Domain::Number { min, max, .. } => min + (max - min) * unit * unit * unit * unit,
        Domain::Switch => f64::from(u8::from(unit < 0.5)),
        Domain::Choice(choices) => libm::floor(unit * choices.len() as f64),
    }
}

/// Hours of anything: leases lapse, messages get too old, are parked and redriven, and everything that is counted still
/// adds up.
#[test]
fn whatever_is_set_and_done_for_hours_everything_adds_up() {
    let spec = scenarios::find("duplicate_delivery").unwrap();
    let mut expired = 0.0;
    for seed in 0..400 {
        let mut stream = Stream::new(seed, "hours");
        let mut replay = Replay::new(spec).with_seed(seed);
        for (param, spec) in spec.params.iter().enumerate() {
            if stream.unit() < 0.4 {
                replay.set_start(param, value_of(spec, &mut stream));
            }
        }
        for _ in 0..20 {
            let choice = (stream.unit() * (spec.params.len() + 10) as f64) as usize;
            let input = match spec.params.get(choice) {
                Some(param) => Input::Change { param: choice, value: value_of(param, &mut stream) },
                None => Input::Action(choice % spec.actions.len()),
            };
            replay.add(at(stream.unit() * 20_000.0), input).unwrap();
        }
        let mut run = scenarios::start(replay);
        for hour in 1..=6 {
            play(run.as_mut(), 3600.0 * f64::from(hour));
            for node in run.snapshot().nodes {
                assert!(run.request(node.id, 0).is_none_or(|life| life.arrived <= run.now()));
            }
        }
        expired += now(run.as_ref(), "lost_retention_expired");
    }
    assert!(expired > 0.0, "no run came to where messages get too old");
}
