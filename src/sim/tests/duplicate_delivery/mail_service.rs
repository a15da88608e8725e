//! The provider behind the mail service: what a key is worth if it is not kept in one act with the mail.

use super::{SEEDS, at, now, play, played, start};
use warstories_sim::Playable;
use warstories_sim::snapshot::Health;

/// One order, no worker dies, and the mail service dies at the first call alone.
const ONCE: &str = "order_rate_per_min=0&crash_step=none&dedupe=unique_key&mail_service_crash_pct=100\
                    &at=10,mail_service_crash_pct=0";
/// The same, at every call.
const ALWAYS: &str =
    "order_rate_per_min=0&crash_step=none&dedupe=unique_key&max_receives=5&mail_service_crash_pct=100";

#[test]
fn what_a_crash_between_key_and_mail_leaves_behind() {
    // Service, mails, receives, crashes of the service, lost, duplicates, parked; if it dies once, and always.
    for (service, once, always) in [
        ("atomic", [1.0, 1.0, 0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0, 0.0, 0.0]),
        ("key_first", [0.0, 2.0, 1.0, 1.0, 0.0, 0.0], [0.0, 2.0, 1.0, 1.0, 0.0, 0.0]),
        ("mail_first", [2.0, 2.0, 1.0, 0.0, 1.0, 0.0], [5.0, 5.0, 5.0, 0.0, 4.0, 1.0]),
        ("key_passed_on", [1.0, 2.0, 1.0, 0.0, 0.0, 0.0], [1.0, 2.0, 1.0, 0.0, 0.0, 0.0]),
    ] {
        for (setting, expected) in [(ONCE, once), (ALWAYS, always)] {
            let run = played(1, &format!("{setting}&mail_service={service}"), 600.0);
            let told = [
                "inbox_mails",
                "receives_total",
                "mail_service_crashes_total",
                "lost_key_not_sent",
                "duplicate_key_unwritten",
                "dlq_depth",
            ];
            assert_eq!(told.map(|id| now(run.as_ref(), id)), expected, "{service}: {setting}");
            // Nobody else is to blame, no worker died, and nothing is left in line.
            assert_eq!(now(run.as_ref(), "duplicate_mails_total"), expected[4], "{service}");
            for id in ["worker_crashes_total", "queue_visible", "queue_in_flight", "lost_marked_not_sent"] {
                assert_eq!(now(run.as_ref(), id), 0.0, "{service}: {id}");
            }
        }
    }
}

/// A worker that gets an error goes on with other messages; its own shows again when the lease is over.
#[test]
fn a_worker_whose_call_fails_leaves_without_an_ack() {
    let mut run = start(1, &format!("{ONCE}&mail_service=mail_first&workers=1"));
    // Received at 2 s, mailed at 2.8 s, visible at 77 s, received at 79 s, mailed at 79.8 s.
    let state = |run: &mut dyn Playable, secs: f64| {
        play(run, secs);
        let mail = run.snapshot().nodes.into_iter().find(|node| node.id == "mail").unwrap();
        (now(run, "inbox_mails"), now(run, "queue_in_flight"), now(run, "workers_busy_pct"), mail.health)
    };
    assert_eq!(state(run.as_mut(), 2.799), (0.0, 1.0, 100.0, Health::Fine));
    assert_eq!(state(run.as_mut(), 2.8), (1.0, 1.0, 0.0, Health::Failing));
    assert_eq!(state(run.as_mut(), 76.9), (1.0, 1.0, 0.0, Health::Fine));
    assert_eq!(state(run.as_mut(), 78.9), (1.0, 0.0, 0.0, Health::Fine));
    assert_eq!(state(run.as_mut(), 79.8).0, 2.0);
}

/// The story's bug with another culprit: its numbers are the same.
#[test]
fn a_mail_service_that_always_dies_after_the_mail_sends_forty_seven_in_an_hour() {
    let setting = "crash_step=none&dedupe=unique_key&mail_service=mail_first&order_rate_per_min=0\
                   &mail_service_crash_pct=100";
    let mut run = start(1, setting);
    run.advance(at(3602.799), u64::MAX);
    assert_eq!(now(run.as_ref(), "inbox_mails"), 47.0);
}

/// Every message comes back until it is acked, so a chance p of a crash between the two acts loses p of the mails where the
/// key is first, and multiplies them by 1 / (1 - p) where the mail is. Where the provider keeps the key each order gets
/// its mail once, whatever else crashes.
#[test]
fn a_key_that_the_provider_keeps_mails_everybody_once_whatever_dies() {
    for (pct, background) in [(10.0, 0.0), (50.0, 5.0), (90.0, 20.0), (100.0, 5.0)] {
        let busy = format!(
            "crash_step=none&dedupe=unique_key&workers=16&order_rate_per_min=60&at=1800,order_rate_per_min=0\
             &mail_service_crash_pct={pct}&background_crash_pct={background}"
        );
        for seed in SEEDS {
            for service in ["atomic", "key_passed_on"] {
                let run = played(seed, &format!("{busy}&mail_service={service}"), 4200.0);
                assert!(now(run.as_ref(), "orders_total") > 1500.0);
                assert_eq!(
                    now(run.as_ref(), "orders_mailed_once_pct"),
                    100.0,
                    "{service}, {pct} %, seed {seed}"
                );
                let died = now(run.as_ref(), "mail_service_crashes_total");
                assert_eq!(died > 0.0, service == "key_passed_on");
            }
            let (p, sd) = (pct / 100.0, |variance: f64, orders: f64| libm::sqrt(variance * orders));
            let run = played(seed, &format!("{busy}&mail_service=key_first"), 4200.0);
            let (orders, lost) = (now(run.as_ref(), "orders_total"), now(run.as_ref(), "lost_key_not_sent"));
            assert!(
                (lost - orders * p).abs() <= 4.0 * sd(p * (1.0 - p), orders),
                "{lost} of {orders}, {pct} %"
            );
            assert_eq!(now(run.as_ref(), "duplicate_mails_total"), 0.0);
            assert_eq!(now(run.as_ref(), "orders_without_mail"), lost);
            if pct <= 50.0 {
                let run = played(seed, &format!("{busy}&mail_service=mail_first"), 4200.0);
                let repeated = now(run.as_ref(), "duplicate_key_unwritten");
                let expected = orders * p / (1.0 - p);
                let error = sd(p / (1.0 - p) / (1.0 - p), orders);
                assert!(
                    (repeated - expected).abs() <= 4.0 * error,
                    "{repeated}, expected {expected}, {pct} %"
                );
                assert_eq!(now(run.as_ref(), "duplicate_mails_total"), repeated);
                assert_eq!(now(run.as_ref(), "orders_without_mail"), 0.0);
            }
        }
    }
}
