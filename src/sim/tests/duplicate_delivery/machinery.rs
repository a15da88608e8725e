//! What the queue, the workers and the diagram do, one thing at a time.

use super::{now, play, played, start};
use warstories_sim::Playable;

const ALONE: &str = "order_rate_per_min=0";

/// Whoever finds the marker acks and returns: a log that is written last is not written.
#[test]
fn a_worker_that_skips_returns_after_the_ack() {
    let setting = format!(
        "{ALONE}&dedupe=check_then_mark&log_position=last&crash_step=ack&at=10,crash_step=log&max_receives=5"
    );
    let run = played(1, &setting, 600.0);
    assert_eq!(now(run.as_ref(), "worker_crashes_total"), 1.0);
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "receives_total")), (1.0, 2.0));
}

/// The dead-letter queue counts age from the first publish, not from when the message was put aside.
#[test]
fn a_parked_message_gets_too_old_as_well() {
    let setting = format!("{ALONE}&crash_step=send&max_receives=5&dlq_retention_s=1000");
    let run = played(1, &setting, 999.9);
    assert_eq!((now(run.as_ref(), "dlq_depth"), now(run.as_ref(), "lost_retention_expired")), (1.0, 0.0));
    let run = played(1, &setting, 1000.0);
    assert_eq!((now(run.as_ref(), "dlq_depth"), now(run.as_ref(), "lost_retention_expired")), (0.0, 1.0));
    // Somebody looked, and the customer complained.
    assert_eq!(now(run.as_ref(), "ledger_usd"), 23.0);
}

/// A redriven message starts anew, and may be received as often as the first.
#[test]
fn a_redriven_message_has_all_its_receives() {
    let run = played(1, &format!("{ALONE}&max_receives=5&at=1000,redrive_dlq"), 2000.0);
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "dlq_depth")), (10.0, 1.0));
    assert_eq!(now(run.as_ref(), "receive_count_max"), 5.0);
}

/// A message is parked by whoever would have received it: as long as everybody is busy, it waits.
#[test]
fn nobody_parks_while_everybody_is_busy() {
    let setting = format!("{ALONE}&workers=1&crash_step=none&slow_send_s=100&max_receives=1");
    let run = played(1, &setting, 90.0);
    assert_eq!((now(run.as_ref(), "queue_visible"), now(run.as_ref(), "dlq_depth")), (1.0, 0.0));
    // The late ack still deletes it.
    let run = played(1, &setting, 110.0);
    assert_eq!((now(run.as_ref(), "queue_visible"), now(run.as_ref(), "dlq_depth")), (0.0, 0.0));
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "stale_acks_total")), (1.0, 0.0));
}

#[test]
fn workers_come_and_go_while_it_runs() {
    let mut run = start(1, "crash_step=none&order_rate_per_min=120&at=600,workers=1&at=1200,workers=16");
    let visible = |run: &dyn Playable| now(run, "queue_visible");
    play(run.as_mut(), 600.0);
    assert!(visible(run.as_ref()) < 30.0);
    play(run.as_mut(), 1200.0);
    // One worker sends 74.5 mails a minute, and 120 orders come.
    assert!(visible(run.as_ref()) > 300.0);
    play(run.as_mut(), 1300.0);
    assert!(visible(run.as_ref()) < 30.0);
    let run = played(1, "crash_kind=hang&crash_scope=all_orders&workers=2", 600.0);
    assert_eq!((now(run.as_ref(), "workers_busy_pct"), now(run.as_ref(), "receives_total")), (100.0, 2.0));
}

/// What the diagram says of a part: its word, and the line below.
fn says(run: &dyn Playable, id: &str) -> (&'static str, String) {
    let snapshot = run.snapshot();
    snapshot.nodes.into_iter().find(|node| node.id == id).map(|node| (node.word, node.detail)).unwrap()
}

#[test]
fn the_diagram_shows_the_step_that_a_worker_is_at() {
    let mut run = start(1, &format!("{ALONE}&dedupe=check_then_mark"));
    for (secs, word, detail) in [
        (1.0, "idle", ""),
        (2.001, "check", "#0"),
        (2.5, "send", "#0"),
        (3.0, "restarting", "#0"),
        (20.0, "idle", ""),
    ] {
        play(run.as_mut(), secs);
        assert_eq!(says(run.as_ref(), "worker_1"), (word, detail.to_owned()), "{secs} s");
    }
    assert_eq!(says(run.as_ref(), "markers").0, "unset");
    assert_eq!(says(run.as_ref(), "in_flight").1, "ends in 57\u{a0}s");
    // Another worker has it then.
    play(run.as_mut(), 79.5);
    assert_eq!(says(run.as_ref(), "worker_2"), ("send", String::from("#0 received 2×")));
    let life = run.request("in_flight", 0).unwrap();
    assert_eq!((life.spans[0].name, life.spans[1].name), ("was received before", "is in flight"));
    let run = played(1, &format!("{ALONE}&dedupe=claim_lease&log_position=last"), 60.0);
    assert_eq!(says(run.as_ref(), "markers").0, "set");
    assert_eq!(says(run.as_ref(), "inbox").0, "one mail");
}

#[test]
fn the_mail_service_says_when_mails_are_duplicates() {
    let mut run = start(1, ALONE);
    for (secs, word) in [(79.5, ""), (79.9, "duplicates"), (84.9, "duplicates"), (85.1, "")] {
        play(run.as_mut(), secs);
        assert_eq!(says(run.as_ref(), "mail").0, word, "{secs} s");
    }
}

#[test]
fn a_fix_is_in_work_for_half_an_hour() {
    let mut run = start(1, "at=600,deploy_log_fix&at=1200,deploy_log_fix&at=2500,deploy_log_fix");
    let crash_step = run.spec().param("crash_step").unwrap();
    for (secs, word, step) in [
        (599.0, "", "log"),
        (601.0, "a fix is in work", "log"),
        (2399.0, "a fix is in work", "log"),
        (2400.0, "the fix is live", "none"),
        (2501.0, "the fix is live", "none"),
    ] {
        play(run.as_mut(), secs);
        assert_eq!(says(run.as_ref(), "orders").0, word, "{secs} s");
        assert_eq!(run.spec().params[crash_step].print(run.param(crash_step)), step, "{secs} s");
    }
    // The message is received once more, mailed once more, and deleted.
    play(run.as_mut(), 4200.0);
    assert_eq!(now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "worker_crashes_total") + 1.0);
}
