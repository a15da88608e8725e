//! What a failover of the marker store loses, and what that means for mails, by hand and to the millisecond.

use super::{SEEDS, now, play, played, start};
use warstories_sim::announce::What;
use warstories_sim::{MetricKind, Playable, scenarios};

/// Order 0 alone, whose workers die at the ack: received at 2 s and checked at 2.005 s, mailed at 2.805 s, logged at
/// 2.810 s, marked at 2.815 s. It is received again at 79 s, and its mail, if there is one, is out at 79.805 s.
const MARKED: &str = "order_rate_per_min=0&crash_step=ack&dedupe=check_then_mark";

/// All reasons of duplicates, by id.
fn reasons() -> impl Iterator<Item = &'static str> {
    let metrics = scenarios::find("duplicate_delivery").unwrap().metrics.iter().map(|metric| metric.id);
    metrics.filter(|id| id.starts_with("duplicate_") && *id != "duplicate_mails_total")
}

/// The mails of a run are those that were the first of their kind and the duplicates of each reason.
fn all_mails_are_accounted_for(run: &dyn Playable) {
    let first = now(run, "mails_sent_total") - now(run, "duplicate_mails_total");
    let again: f64 = reasons().map(|reason| now(run, reason)).sum();
    assert_eq!(now(run, "mails_sent_total"), first + again);
    assert_eq!(again, now(run, "duplicate_mails_total"));
}

/// What the scenario itself has said, and when.
fn said(run: &dyn Playable) -> Vec<(f64, String)> {
    let told = run.announcements().iter().filter(|told| matches!(told.what, What::Said(_)));
    told.map(|told| (told.at.as_secs_f64(), told.text(run.spec()).replace('\u{a0}', " "))).collect()
}

fn announced(orders: &str) -> String {
    format!("The marker store failed over, and {orders} under way lost a marker or claim")
}

#[test]
fn a_marker_is_lost_if_the_replica_does_not_have_it_yet() {
    // 4.999 s after it was written, 5 s after it, 5.001 s after it; and before there is one.
    for (failover, lost) in [("7.814", 1.0), ("7.815", 1.0), ("7.816", 0.0), ("2.814", 0.0), ("2.815", 0.0)] {
        let mut run = start(1, &format!("{MARKED}&at={failover},failover_marker_store"));
        play(run.as_mut(), 79.804);
        assert_eq!(now(run.as_ref(), "inbox_mails"), 1.0, "{failover} s");
        play(run.as_mut(), 79.805);
        assert_eq!(now(run.as_ref(), "inbox_mails"), 1.0 + lost, "{failover} s");
        assert_eq!(now(run.as_ref(), "duplicate_marker_lost"), lost, "{failover} s");
        // The second worker writes its marker to the new primary, and dies as well; whoever comes later finds it.
        play(run.as_mut(), 4200.0);
        assert_eq!(now(run.as_ref(), "inbox_mails"), 1.0 + lost, "{failover} s");
        assert_eq!(now(run.as_ref(), "receive_count_max"), 55.0);
        all_mails_are_accounted_for(run.as_ref());
        let orders = if lost > 0.0 { "1 order" } else { "0 orders" };
        assert_eq!(said(run.as_ref()), [(failover.parse().unwrap(), announced(orders))]);
    }
}

/// What is told is of those who can be mailed again: order 0 is done at 2.820 s.
#[test]
fn the_marker_of_an_order_that_is_done_is_lost_without_harm() {
    let setting = MARKED.replace("crash_step=ack", "crash_step=none");
    for (failover, orders) in [("2.819", "1 order"), ("2.820", "1 order"), ("2.821", "0 orders")] {
        let run = played(1, &format!("{setting}&at={failover},failover_marker_store"), 300.0);
        assert_eq!(now(run.as_ref(), "mails_sent_total"), 1.0, "{failover} s");
        assert_eq!(said(run.as_ref()), [(failover.parse().unwrap(), announced(orders))]);
    }
}

/// A claim of one second, written at 2.005 s; its worker dies at the send.
#[test]
fn a_claim_that_has_lapsed_is_not_counted_as_lost() {
    let setting = "order_rate_per_min=0&dedupe=claim_lease&claim_ttl_s=1&crash_step=send";
    for (failover, orders) in [("3.005", "1 order"), ("3.006", "0 orders")] {
        let run = played(1, &format!("{setting}&at={failover},failover_marker_store"), 50.0);
        assert_eq!(said(run.as_ref()), [(failover.parse().unwrap(), announced(orders))]);
    }
}

#[test]
fn the_lag_at_the_failover_decides_what_is_lost() {
    for (lag, failover, lost) in [
        ("1", "3.815", 1.0),
        ("1", "3.816", 0.0),
        ("60", "62.815", 1.0),
        ("60", "62.816", 0.0),
        ("0.001", "2.816", 1.0),
        ("0", "2.816", 0.0),
    ] {
        let failed_over = format!("at={failover},failover_marker_store");
        let set = format!("{MARKED}&marker_replication_lag_s={lag}&{failed_over}");
        let later = format!("{MARKED}&at=2.816,marker_replication_lag_s={lag}&{failed_over}");
        for setting in [set, later] {
            let run = played(1, &setting, 300.0);
            assert_eq!(now(run.as_ref(), "inbox_mails"), 1.0 + lost, "{setting}");
            assert_eq!(now(run.as_ref(), "duplicate_marker_lost"), lost, "{setting}");
        }
    }
}

/// Workers die everywhere, and the store fails over every 20 s.
fn often(more: &str) -> String {
    let failovers: Vec<_> = (1..200).map(|time| format!("at={},failover_marker_store", 20 * time)).collect();
    format!(
        "background_crash_pct=20&order_rate_per_min=120&workers=16&max_receives=5&{more}&{}",
        failovers.join("&")
    )
}

/// All that a run has counted.
fn counts(run: &dyn Playable) -> Vec<String> {
    let counted =
        run.spec().metrics.iter().enumerate().filter(|(_, metric)| metric.kind != MetricKind::Gauge);
    counted.map(|(at, metric)| format!("{}: {:?}", metric.id, run.read(at))).collect()
}

#[test]
fn a_replica_without_lag_loses_nothing() {
    for seed in SEEDS {
        for dedupe in ["check_then_mark", "mark_first", "claim_lease"] {
            let setting = often(&format!("dedupe={dedupe}&crash_step=ack&marker_replication_lag_s=0"));
            let run = played(seed, &setting, 4200.0);
            let calm = setting.split("&at=").next().unwrap();
            assert_eq!(counts(run.as_ref()), counts(played(seed, calm, 4200.0).as_ref()), "{dedupe}");
            assert!(said(run.as_ref()).iter().all(|(_, text)| *text == announced("0 orders")), "{dedupe}");
        }
    }
}

#[test]
fn failovers_do_not_touch_a_key_at_the_mail_service() {
    for seed in SEEDS {
        let setting = often("dedupe=unique_key&crash_step=ack&marker_replication_lag_s=60");
        let run = played(seed, &setting, 4200.0);
        let calm = setting.split("&at=").next().unwrap();
        assert_eq!(counts(run.as_ref()), counts(played(seed, calm, 4200.0).as_ref()), "seed {seed}");
        assert_eq!(now(run.as_ref(), "duplicate_mails_total"), 0.0);
    }
}

#[test]
fn every_duplicate_has_one_reason_however_often_the_store_fails_over() {
    for seed in SEEDS {
        for dedupe in ["check_then_mark", "mark_first", "claim_lease"] {
            // Leases shorter than the lag, so that lost markers are looked for.
            let more =
                format!("dedupe={dedupe}&visibility_timeout_s=5&marker_replication_lag_s=30&resend_pct=20");
            let run = played(seed, &often(&more), 4200.0);
            all_mails_are_accounted_for(run.as_ref());
            assert!(now(run.as_ref(), "duplicate_marker_lost") > 10.0, "{dedupe}, seed {seed}");
        }
    }
}

/// A marker that nobody would find any more, failover or not, was not missed for the failover.
#[test]
fn a_lost_marker_that_would_have_expired_is_called_expired() {
    for (marker_ttl_s, reason) in [("76.189", "duplicate_marker_expired"), ("76.19", "duplicate_marker_lost")]
    {
        // Looked for at 79.005 s, 76.19 s after it was written.
        let setting = format!("{MARKED}&marker_ttl_s={marker_ttl_s}&at=5,failover_marker_store");
        let run = played(1, &setting, 100.0);
        assert_eq!(
            (now(run.as_ref(), "inbox_mails"), now(run.as_ref(), reason)),
            (2.0, 1.0),
            "{marker_ttl_s}"
        );
    }
}

/// The worker has the mail under way and nothing to read any more: it goes on, and marks the new primary.
#[test]
fn a_worker_that_has_checked_goes_on_and_marks_the_new_primary() {
    let run = played(1, &format!("{MARKED}&at=2.5,failover_marker_store"), 4200.0);
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "duplicate_mails_total")), (1.0, 0.0));
    // One that has found the marker acks, whatever becomes of it: checked at 34.005 s, deleted at 34.010 s.
    let setting =
        format!("{MARKED}&visibility_timeout_s=30&marker_replication_lag_s=60&at=10,crash_step=none");
    for (failover, mails) in [("34.005", 2.0), ("34.006", 1.0)] {
        let run = played(1, &format!("{setting}&at={failover},failover_marker_store"), 4200.0);
        assert_eq!(now(run.as_ref(), "inbox_mails"), mails, "{failover} s");
        assert_eq!(now(run.as_ref(), "queue_visible") + now(run.as_ref(), "queue_in_flight"), 0.0);
    }
}

/// Marked first at 2.005 s; the worker dies at the send. Without the failover the next one believes the marker.
#[test]
fn a_failover_saves_a_mail_that_was_marked_and_not_sent() {
    let setting = "order_rate_per_min=0&dedupe=mark_first&crash_step=send&at=10,crash_step=none";
    let run = played(1, setting, 300.0);
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "lost_marked_not_sent")), (0.0, 1.0));
    let run = played(1, &format!("{setting}&at=7.005,failover_marker_store"), 300.0);
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "lost_marked_not_sent")), (1.0, 0.0));
    assert_eq!(now(run.as_ref(), "duplicate_mails_total"), 0.0);
}

/// A mail that takes 40 s, a lease of 30 s: received at 2 s and 34 s, claimed at 2.005 s, mailed at 42.005 s, done at
/// 42.015 s.
const CLAIMED: &str = "order_rate_per_min=0&crash_step=none&slow_send_s=40&visibility_timeout_s=30\
                       &dedupe=claim_lease&claim_ttl_s=100";

#[test]
fn a_lost_claim_lets_two_workers_send() {
    let run = played(1, CLAIMED, 300.0);
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "duplicate_mails_total")), (1.0, 0.0));
    for (failover, lost) in [("7.004", 1.0), ("7.005", 1.0), ("7.006", 0.0)] {
        let run = played(1, &format!("{CLAIMED}&at={failover},failover_marker_store"), 300.0);
        assert_eq!(now(run.as_ref(), "inbox_mails"), 1.0 + lost, "{failover} s");
        assert_eq!(now(run.as_ref(), "duplicate_marker_lost"), lost, "{failover} s");
    }
}

/// The replica has the claim and not yet what the claim became: whoever comes leaves, until the claim is over at 102.005 s.
#[test]
fn a_replica_that_lacks_the_newest_has_what_was_there_before() {
    // The worker dies at the ack of what it has done, and everybody comes after 32 s: at 34, 66, 98 and 130 s.
    let claimed = CLAIMED.replace("crash_step=none&slow_send_s=40", "crash_step=ack&slow_send_s=1");
    let setting = format!("{claimed}&at=5,failover_marker_store");
    // Claimed at 2.005 s, done at 3.015 s: of the last 2.5 s only the latter is lost.
    let mut run =
        played(1, &setting.replace("&claim_ttl_s", "&marker_replication_lag_s=2.5&claim_ttl_s"), 129.0);
    assert_eq!((now(run.as_ref(), "receives_total"), now(run.as_ref(), "inbox_mails")), (4.0, 1.0));
    assert_eq!(now(run.as_ref(), "worker_crashes_total"), 1.0);
    play(run.as_mut(), 140.0);
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "duplicate_marker_lost")), (2.0, 1.0));
    // Of the last five seconds both are lost, and the very next worker mails.
    let run = played(1, &setting, 40.0);
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "duplicate_marker_lost")), (2.0, 1.0));
}

/// Two workers race: marked at 42.015 s and, over it, at 74.015 s; both die at the ack, and the message is received again at
/// 98 s. A replica that lacks the second marker has the first.
#[test]
fn a_marker_that_was_written_over_is_there_again() {
    let race = CLAIMED.replace("dedupe=claim_lease", "dedupe=check_then_mark");
    for (lag, lost) in [("5", 0.0), ("33.985", 1.0), ("33.984", 0.0)] {
        let failover = "at=76,failover_marker_store";
        let run = played(
            1,
            &format!("{race}&marker_replication_lag_s={lag}&at=50,crash_step=ack&{failover}"),
            139.0,
        );
        assert_eq!(now(run.as_ref(), "inbox_mails"), 2.0 + lost, "{lag} s");
        assert_eq!(now(run.as_ref(), "duplicate_marker_lost"), lost, "{lag} s");
        assert_eq!(now(run.as_ref(), "duplicate_lease_lapsed"), 1.0, "{lag} s");
    }
}

#[test]
fn two_failovers_in_a_row_lose_no_more_than_the_later_one_alone() {
    for (lag, mails) in [("5", 1.0), ("60", 2.0)] {
        let setting = format!("{MARKED}&marker_replication_lag_s={lag}&visibility_timeout_s=20");
        let both = format!("{setting}&at=20,failover_marker_store&at=20.5,failover_marker_store");
        for setting in [format!("{setting}&at=20.5,failover_marker_store"), both] {
            let run = played(1, &setting, 200.0);
            assert_eq!(now(run.as_ref(), "inbox_mails"), mails, "{setting}");
        }
    }
}

#[test]
fn the_diagram_says_that_the_marker_is_lost_until_there_is_another() {
    let mut run = start(1, &format!("{MARKED}&at=5,failover_marker_store"));
    for (secs, word) in [(2.9, "set"), (5.0, "lost"), (79.8, "lost"), (79.9, "set")] {
        play(run.as_mut(), secs);
        let snapshot = run.snapshot();
        let markers = snapshot.nodes.iter().find(|node| node.id == "markers").unwrap();
        assert_eq!(markers.word, word, "{secs} s");
    }
}
