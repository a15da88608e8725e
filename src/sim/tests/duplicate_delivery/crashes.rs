//! What crashes do to many orders at once, and what the lesson asks for.

use super::{SEEDS, now, played};
use warstories_sim::Playable;

/// Everything may crash anywhere, and the bug is live. Which orders are not mailed exactly once follows from the
/// listings: an order is mailed again if its worker dies between the send and what remembers it, and lost if it dies
/// between the marker and the send.
#[test]
fn only_a_key_at_the_receiver_holds_the_inbox() {
    let crashes = "background_crash_pct=5&at=3600,order_rate_per_min=0";
    let hardened = "&max_receives=5&heartbeat_s=10&visibility_timeout_s=900&log_position=last";
    // Listing, setting, until when, steps of the listing, those before the send or the first marker at which a crash
    // does no harm, those at which it does, and whether order 0 suffers anyway.
    let cases = [
        ("none", "", 4200.0, 3.0, 1.0, 2.0, true),
        ("none", "&max_receives=5", 4200.0, 3.0, 1.0, 2.0, true),
        ("none", hardened, 6000.0, 3.0, 1.0, 1.0, false),
        ("check_then_mark", "", 4200.0, 5.0, 2.0, 2.0, true),
        ("check_then_mark", hardened, 6000.0, 5.0, 2.0, 1.0, false),
        ("claim_lease", "", 4200.0, 5.0, 2.0, 2.0, true),
        ("claim_lease", hardened, 6000.0, 5.0, 2.0, 1.0, false),
        ("mark_first", "", 4200.0, 4.0, 1.0, 1.0, false),
        ("mark_first", hardened, 6000.0, 4.0, 1.0, 1.0, false),
    ];
    for seed in SEEDS {
        for (dedupe, settings, until, steps, harmless, harmful, has_victim) in cases {
            let run = played(seed, &format!("{crashes}&dedupe={dedupe}{settings}"), until);
            let orders = now(run.as_ref(), "orders_total");
            let wrong = (orders * (1.0 - now(run.as_ref(), "orders_mailed_once_pct") / 100.0)).round();
            let p = 0.05 * harmful / steps / (1.0 - 0.05 * harmless / steps);
            let expected = orders * p + f64::from(u8::from(has_victim));
            let error = (wrong - expected) / libm::sqrt(orders * p * (1.0 - p));
            println!(
                "{dedupe}{settings}, seed {seed}: {wrong} of {orders} wrong, expected {expected:.1}, {error:.2} errors"
            );
            assert!(error.abs() < 4.0 && wrong > 0.0, "{dedupe}{settings}, seed {seed}: {wrong}, {expected}");
            let lost = if dedupe == "mark_first" { wrong } else { 0.0 };
            assert_eq!(now(run.as_ref(), "orders_without_mail"), lost);
            assert_eq!(now(run.as_ref(), "lost_marked_not_sent"), lost);
            assert_eq!(now(run.as_ref(), "duplicate_mails_total") > 0.0, dedupe != "mark_first");
        }
        for (settings, until, most) in
            [("", 4200.0, 55.0), ("&max_receives=5", 4200.0, 5.0), (hardened, 6000.0, 5.0)]
        {
            let run = played(seed, &format!("{crashes}&dedupe=unique_key{settings}"), until);
            assert_eq!(now(run.as_ref(), "orders_mailed_once_pct"), 100.0, "seed {seed}");
            let receives = now(run.as_ref(), "receive_count_max");
            assert!(receives <= most && (most == 5.0 || receives == most), "seed {seed}: {receives}");
        }
    }
}

/// A key keeps a mail away that is asked for again and meant, unless it says which one it is.
#[test]
fn a_key_for_the_order_suppresses_what_was_wanted() {
    let wanted = "crash_step=none&dedupe=unique_key&resend_pct=5&at=3600,order_rate_per_min=0";
    for seed in SEEDS {
        let run = played(seed, wanted, 4300.0);
        let (orders, suppressed) =
            (now(run.as_ref(), "orders_total"), now(run.as_ref(), "suppressed_legitimate"));
        assert!(((suppressed - orders * 0.05) / libm::sqrt(orders * 0.05 * 0.95)).abs() < 4.0);
        let exact = orders * now(run.as_ref(), "orders_mailed_once_pct") / 100.0;
        assert_eq!(exact.round(), orders - suppressed);
        assert_eq!(now(run.as_ref(), "ledger_usd"), 8.0 * suppressed);
        for cure in ["key_kind=order_id_version", "key_kind=message_id", "dedupe=none"] {
            let setting = format!("{wanted}&{cure}").replace("dedupe=unique_key&", "");
            let setting =
                if cure.starts_with("key") { format!("{setting}&dedupe=unique_key") } else { setting };
            let run = played(seed, &setting, 4300.0);
            assert_eq!(now(run.as_ref(), "suppressed_legitimate"), 0.0, "{cure}");
            assert_eq!(now(run.as_ref(), "orders_mailed_once_pct"), 100.0, "{cure}");
            assert_eq!(now(run.as_ref(), "mails_sent_total"), orders + suppressed, "{cure}");
            assert_eq!(now(run.as_ref(), "duplicate_mails_total"), 0.0, "{cure}");
        }
    }
}

/// One receive parks innocents; five of them hardly ever do.
#[test]
fn a_dead_letter_queue_needs_a_second_chance() {
    let crashes = "dedupe=unique_key&background_crash_pct=5&at=3600,order_rate_per_min=0";
    for seed in SEEDS {
        let run = played(seed, &format!("{crashes}&max_receives=1"), 4200.0);
        let (orders, without) = (now(run.as_ref(), "orders_total"), now(run.as_ref(), "orders_without_mail"));
        // Parked with no mail: those whose worker died at the first of three steps.
        let p = 0.05 / 3.0;
        assert!(((without - orders * p) / libm::sqrt(orders * p * (1.0 - p))).abs() < 4.0, "{without}");
        let run = played(seed, &format!("{crashes}&max_receives=5"), 4200.0);
        assert_eq!(now(run.as_ref(), "orders_without_mail"), 0.0);
    }
}

/// What the lesson's steps ask for: it fails at their start and holds with their solution.
#[test]
fn every_goal_of_the_lesson_fails_first_and_can_be_reached() {
    type Goal = fn(&dyn Playable) -> bool;
    let inbox_is_one: Goal = |run| now(run, "inbox_mails") == 1.0;
    let marked_lost = "order_rate_per_min=0&crash_step=send&max_receives=5";
    let slow = "crash_step=none&slow_send_s=40&visibility_timeout_s=30";
    let luck = "crash_scope=all_orders&workers=16";
    let late = "crash_step=ack&max_receives=5&at=3600,crash_step=none&at=90000,redrive_dlq";
    let hold = "background_crash_pct=5&at=3600,order_rate_per_min=0";
    let steps: [(&str, &str, &str, f64, Goal); 8] = [
        ("", "crash_step=none", "crash_step=log", 3602.7, |run| now(run, "inbox_mails") >= 47.0),
        ("", "visibility_timeout_s=30", "visibility_timeout_s=300", 3602.7, |run| {
            now(run, "inbox_mails") <= 12.0
        }),
        (luck, "crash_pct=50", "crash_pct=10", 5400.0, |run| now(run, "mails_per_order_mean") <= 1.3),
        ("", "dedupe=check_then_mark", "dedupe=check_then_mark&log_position=last", 4200.0, inbox_is_one),
        (marked_lost, "dedupe=mark_first", "dedupe=unique_key", 4200.0, |run| now(run, "dlq_depth") == 1.0),
        (slow, "heartbeat_s=0", "heartbeat_s=10", 4200.0, |run| {
            now(run, "inbox_mails") == 1.0 && now(run, "stale_acks_total") == 0.0
        }),
        (late, "dedupe=check_then_mark", "dedupe=unique_key", 90_060.0, inbox_is_one),
        (hold, "dedupe=none", "dedupe=unique_key&max_receives=5", 4200.0, |run| {
            now(run, "orders_mailed_once_pct") == 100.0 && now(run, "receive_count_max") <= 10.0
        }),
    ];
    for seed in SEEDS {
        for (setting, before, after, until, goal) in steps {
            let reached = |change: &str| {
                let setting = format!("{setting}&{change}");
                goal(played(seed, setting.trim_start_matches('&'), until).as_ref())
            };
            assert!(!reached(before), "{setting} {before}, seed {seed}");
            assert!(reached(after), "{setting} {after}, seed {seed}");
        }
        let mean =
            now(played(seed, &format!("{luck}&crash_pct=50"), 5400.0).as_ref(), "mails_per_order_mean");
        assert!((1.8..=2.2).contains(&mean), "seed {seed}: {mean}");
        let lost = played(seed, &format!("{marked_lost}&dedupe=mark_first"), 4200.0);
        assert_eq!((now(lost.as_ref(), "orders_without_mail"), now(lost.as_ref(), "dlq_depth")), (1.0, 0.0));
    }
}

/// The runs that the lesson links to, for the cases that its claims are not about.
#[test]
fn the_lesson_links_to_runs_that_show_what_it_says_of_them() {
    const LESSON: &str = include_str!("../../../../lessons/forty_seven_emails.md");
    for (setting, secs, reason) in [
        (
            "visibility_timeout_s=30&late_ack=deletes&slow_send_s=40&crash_step=none",
            600.0,
            "duplicate_lease_lapsed",
        ),
        (
            "crash_step=ack&dedupe=unique_key&key_ttl_s=1800&max_receives=5&at=300,deploy_log_fix&at=2400,redrive_dlq",
            2460.0,
            "duplicate_key_expired",
        ),
    ] {
        let link = format!("(#/play/duplicate_delivery?seed=1&{setting}&t={secs})");
        assert!(LESSON.contains(&link), "{link}");
        for seed in SEEDS {
            let run = played(seed, setting, secs);
            assert_eq!(now(run.as_ref(), "inbox_mails"), 2.0, "{setting}, seed {seed}");
            assert_eq!(now(run.as_ref(), reason), 1.0, "{setting}, seed {seed}");
        }
    }
}
