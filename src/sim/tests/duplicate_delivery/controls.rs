//! What the queue, the mail service and the workers may be like, one control at a time.

use super::{SEEDS, hour, now, played, start};

/// Order 0 alone, its worker slower than its lease: received every 32 s, a mail takes 40 s.
const SLOW: &str = "order_rate_per_min=0&slow_send_s=40&visibility_timeout_s=30&crash_step=none";

#[test]
fn what_a_late_ack_does_decides_when_a_flood_ends() {
    // Received at 2 and 34 s. The first worker is done at 42.01 s; what it does with the message decides about all others.
    let run = played(1, &format!("{SLOW}&late_ack=deletes"), 4200.0);
    assert_eq!((now(run.as_ref(), "receives_total"), now(run.as_ref(), "inbox_mails")), (2.0, 2.0));
    assert_eq!((now(run.as_ref(), "stale_acks_total"), now(run.as_ref(), "refused_acks_total")), (1.0, 0.0));
    assert_eq!(now(run.as_ref(), "duplicate_lease_lapsed"), 1.0);
    // ceil(3600 / 32) in the hour, whether the workers are told or not.
    for (late, told) in [("ignored", "stale_acks_total"), ("refused", "refused_acks_total")] {
        let setting = format!("{SLOW}&late_ack={late}");
        assert_eq!(hour(1, &setting, 42.0), 113.0, "{late}");
        let run = played(1, &setting, 4200.0);
        let acks = now(run.as_ref(), "stale_acks_total") + now(run.as_ref(), "refused_acks_total");
        assert_eq!((now(run.as_ref(), told), acks), (now(run.as_ref(), "inbox_mails"), acks), "{late}");
    }
}

/// One worker alone is never too late for a queue that deletes by the newest receipt, and always for one that refuses.
#[test]
fn a_message_that_nobody_else_has_received_is_deleted_late_unless_late_acks_are_refused() {
    for (late, mails) in [("ignored", 1.0), ("deletes", 1.0), ("refused", 5.0)] {
        // Received again as soon as the worker is free, every 40.01 s.
        let run = played(1, &format!("{SLOW}&late_ack={late}&workers=1"), 210.0);
        assert_eq!(now(run.as_ref(), "inbox_mails"), mails, "{late}");
        assert_eq!(now(run.as_ref(), "stale_acks_total"), 0.0, "{late}");
        assert_eq!(now(run.as_ref(), "refused_acks_total"), if mails > 1.0 { mails } else { 0.0 }, "{late}");
    }
}

#[test]
fn a_worker_whose_ack_is_refused_leaves_its_handler_there() {
    let setting = SLOW.replace("crash_step=none", "crash_step=log&log_position=last&late_ack=refused");
    let run = played(1, &setting, 600.0);
    assert!(now(run.as_ref(), "refused_acks_total") > 10.0);
    assert_eq!(now(run.as_ref(), "worker_crashes_total"), 0.0);
}

/// What is put aside stays there for somebody to look at, whoever acks.
#[test]
fn no_ack_deletes_what_is_parked() {
    for late in ["ignored", "deletes", "refused"] {
        let setting = format!("{SLOW}&late_ack={late}&max_receives=1");
        let run = played(1, &setting, 600.0);
        assert_eq!((now(run.as_ref(), "dlq_depth"), now(run.as_ref(), "inbox_mails")), (1.0, 1.0), "{late}");
    }
}

/// Nothing that is mended at the queue keeps crashes from mailing twice.
#[test]
fn a_crash_knows_no_late_ack() {
    for seed in SEEDS {
        for late in ["deletes", "refused"] {
            assert_eq!(hour(seed, &format!("late_ack={late}"), super::FIRST), 47.0, "{late}, seed {seed}");
        }
    }
    let mut run = start(1, &format!("{SLOW}&late_ack=deletes"));
    run.advance(super::at(60.0), u64::MAX);
    // The second worker is still at it when its message is gone.
    assert_eq!((now(run.as_ref(), "queue_in_flight"), now(run.as_ref(), "queue_visible")), (0.0, 0.0));
    assert!(now(run.as_ref(), "workers_busy_pct") > 0.0);
}

/// A worker dies with its claim, and the claim lapses before the next one comes: that is the reason, not the crash.
#[test]
fn a_duplicate_after_a_lapsed_claim_is_called_so() {
    for seed in SEEDS {
        // Nobody else's worker dies, so each duplicate is one of order 0.
        let run = played(seed, "dedupe=claim_lease", 3600.0);
        let duplicates = now(run.as_ref(), "inbox_mails") - 1.0;
        assert_eq!(duplicates, 46.0, "seed {seed}");
        assert_eq!(now(run.as_ref(), "duplicate_claim_lapsed"), duplicates);
        assert_eq!(now(run.as_ref(), "duplicate_after_crash"), 0.0);
    }
    // Nobody has to die: the lease lapses at 32 s and the claim at 32.005 s, while the first worker is still at it.
    let run = played(1, &format!("{SLOW}&dedupe=claim_lease&claim_ttl_s=30"), 600.0);
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "duplicate_claim_lapsed")), (2.0, 1.0));
}

/// Each listing remembers in its own way, and forgets too early in its own way.
#[test]
fn a_duplicate_is_named_after_the_memory_that_was_too_short() {
    // Received again after 77 s, and each memory lives 60 s.
    let short = "order_rate_per_min=0&marker_ttl_s=60&claim_ttl_s=60&key_ttl_s=60&crash_step=ack";
    for (dedupe, reason) in [
        ("none", "duplicate_after_crash"),
        ("check_then_mark", "duplicate_marker_expired"),
        ("mark_first", "duplicate_marker_expired"),
        ("claim_lease", "duplicate_marker_expired"),
        ("unique_key", "duplicate_key_expired"),
    ] {
        let run = played(1, &format!("{short}&dedupe={dedupe}"), 1000.0);
        let duplicates = now(run.as_ref(), "duplicate_mails_total");
        assert!(duplicates > 10.0 && now(run.as_ref(), reason) == duplicates, "{dedupe}: {duplicates}");
    }
}

/// A wait of 20 s and a heartbeat of up to 20 s more, evenly spread: half of them come after the lease of 30 s, so each
/// receive lapses with p = 1/2, and the receives of an order are a geometric number with mean 2 and variance 2. One
/// heartbeat in time is enough for a mail of 45 s.
#[test]
fn a_heartbeat_that_is_late_half_the_time_doubles_the_receives() {
    let beating = "crash_step=none&order_rate_per_min=10&workers=64&visibility_timeout_s=30&send_s=45&heartbeat_s=20\
                   &heartbeat_ms=10000&heartbeat_spread_pct=100&at=7200,order_rate_per_min=0";
    for seed in SEEDS {
        let run = played(seed, beating, 9000.0);
        assert_eq!(now(run.as_ref(), "queue_visible") + now(run.as_ref(), "queue_in_flight"), 0.0);
        let orders = now(run.as_ref(), "orders_total");
        let mean = now(run.as_ref(), "receives_total") / orders;
        assert!((mean - 2.0).abs() < 4.0 * libm::sqrt(2.0 / orders), "seed {seed}: {mean} of {orders}");
        // Each of them mails, and all but the last ack too late.
        let duplicates = now(run.as_ref(), "duplicate_mails_total");
        assert_eq!(duplicates, now(run.as_ref(), "receives_total") - orders);
        assert_eq!(now(run.as_ref(), "stale_acks_total"), duplicates);
    }
}

/// Without a spread a heartbeat takes as long each time, whatever is drawn, and delays those after it.
#[test]
fn a_heartbeat_delays_the_next_one() {
    let setting = "order_rate_per_min=0&crash_step=none&slow_send_s=100&heartbeat_s=10";
    // The ack takes effect 100.01 s after the receive: ten times 10 s, eight times 12 s.
    for (takes, beats) in [(0, 10.0), (2000, 8.0)] {
        let run = played(1, &format!("{setting}&heartbeat_ms={takes}"), 200.0);
        assert_eq!((now(run.as_ref(), "heartbeats_total"), now(run.as_ref(), "inbox_mails")), (beats, 1.0));
    }
}

/// Two workers that are never out of work, 10.01 s a message, a lease of 75 s: of seven messages received at a time the
/// last is acked after 70.07 s, and of ten the last three after 80.08, 90.09 and 100.1 s.
#[test]
fn the_lease_of_a_batch_must_last_for_all_of_it() {
    let setting = "crash_step=none&workers=2&send_s=10&order_rate_per_min=40&late_ack=refused";
    for seed in SEEDS {
        let run = played(seed, &format!("{setting}&prefetch=7"), 4200.0);
        assert_eq!(now(run.as_ref(), "refused_acks_total"), 0.0, "seed {seed}");
        let mut run = start(seed, &format!("{setting}&prefetch=10"));
        super::play(run.as_mut(), 600.0);
        let before = now(run.as_ref(), "refused_acks_total");
        super::play(run.as_mut(), 4200.0);
        let refused = now(run.as_ref(), "refused_acks_total") - before;
        // Three in each batch of both workers, which may be under way at the beginning and at the end.
        let expected = 2.0 * 3.0 * 3600.0 / 100.1;
        assert!((refused - expected).abs() <= 2.0 * 3.0, "seed {seed}: {refused}, expected {expected}");
    }
}

/// Orders come for five minutes, each has one receive, and the only worker dies at the first message of those that it has.
/// Order 0 is alone when it is received, after 30 s; when the worker is up again, 300 s later, all the others are there. So
/// it begins order 0, and then one of each ten.
#[test]
fn what_waits_behind_a_poisoned_message_is_parked_untried() {
    for seed in SEEDS {
        let setting = "crash_step=send&crash_scope=all_orders&workers=1&restart_s=300&pickup_delay_s=30&max_receives=1\
                       &prefetch=10&at=300,order_rate_per_min=0";
        let run = played(seed, setting, 20_000.0);
        let orders = now(run.as_ref(), "orders_total");
        let begun = 1.0 + ((orders - 1.0) / 10.0).ceil();
        assert!(orders > 60.0 && now(run.as_ref(), "dlq_depth") == orders, "seed {seed}: {orders}");
        assert_eq!(now(run.as_ref(), "worker_crashes_total"), begun, "seed {seed}");
        assert_eq!(now(run.as_ref(), "parked_in_dlq"), begun);
        assert_eq!(now(run.as_ref(), "parked_untried"), orders - begun);
        // Each has been received once, and nobody has got a mail.
        assert_eq!(
            (now(run.as_ref(), "receives_total"), now(run.as_ref(), "mails_sent_total")),
            (orders, 0.0)
        );
    }
}

/// A heartbeat is for the message that its worker is at; of two, the one that waits behind it lapses.
#[test]
fn a_heartbeat_does_not_hold_what_waits() {
    let setting =
        "crash_step=none&workers=2&send_s=100&heartbeat_s=30&order_rate_per_min=20&late_ack=refused";
    for (prefetch, lapses) in [(1, false), (2, true)] {
        let run = played(1, &format!("{setting}&prefetch={prefetch}"), 4200.0);
        assert_eq!(now(run.as_ref(), "refused_acks_total") > 0.0, lapses, "{prefetch} at a time");
    }
}
