//! Public incidents, as runs of ours. What follows from the figures of a report is derived in each comment, and is exact.

use super::{SEEDS, at, now, play, play_before, played, redriven, start};

/// Order 0 alone, and nobody crashes: a job that a broker hands out.
const JOB: &str = "order_rate_per_min=0&crash_step=none&workers=8";

/// When order 0 is received, by `until`, in whole milliseconds.
fn receives(setting: &str, until: f64) -> Vec<u64> {
    let mut run = start(1, setting);
    let mut times = Vec::new();
    while let Some(next) = run.next_time().filter(|next| *next <= at(until)) {
        let before = now(run.as_ref(), "receives_total");
        run.advance(next, u64::MAX);
        if now(run.as_ref(), "receives_total") > before {
            times.push(run.now().nanos() / 1_000_000);
        }
    }
    times
}

/// Three receives, six minutes of lease after each, around 18 minutes until the message is put aside:
/// <https://github.com/near/queryapi/pull/75>. Received at 0, 6 and 12 minutes, its last lease ends at 18.
#[test]
fn three_receives_of_six_minutes_park_a_message_after_eighteen() {
    let failing = "order_rate_per_min=0&crash_step=ack&restart_s=0&visibility_timeout_s=360&pickup_delay_s=0&max_receives=3";
    assert_eq!(receives(failing, 3600.0), [0, 360_000, 720_000]);
    let mut run = start(1, failing);
    play_before(run.as_mut(), 1080.0);
    assert_eq!((now(run.as_ref(), "dlq_depth"), now(run.as_ref(), "mails_sent_total")), (0.0, 3.0));
    play(run.as_mut(), 1080.0);
    assert_eq!((now(run.as_ref(), "dlq_depth"), now(run.as_ref(), "mails_sent_total")), (1.0, 3.0));
}

/// A job of 120 s under a lock of 60 s: "after 1 minute the second worker would start before the first one finished",
/// <https://github.com/zoolutions/sidekiq-unique-jobs/issues/159>. A worker that finds the claim leaves; here one more comes
/// each second. The claim, made at 0.005 s, is there until 60.005 s, so that the worker of 61 s makes its own, and its mail
/// is out at 181.005 s. A claim that outlives the job keeps everybody else away.
#[test]
fn a_claim_shorter_than_its_job_lets_a_second_worker_in() {
    let job = format!("{JOB}&slow_send_s=120&dedupe=claim_lease&visibility_timeout_s=1&pickup_delay_s=0");
    let mut run = start(1, &format!("{job}&claim_ttl_s=60"));
    play_before(run.as_mut(), 181.005);
    assert_eq!(now(run.as_ref(), "inbox_mails"), 1.0);
    play(run.as_mut(), 181.005);
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "duplicate_claim_lapsed")), (2.0, 1.0));
    let run = played(1, &format!("{job}&claim_ttl_s=121"), 86_400.0);
    assert_eq!((now(run.as_ref(), "inbox_mails"), now(run.as_ref(), "queue_in_flight")), (1.0, 0.0));
}

/// One task received six times, evenly spaced an hour apart: <https://github.com/learningequality/studio/issues/3395>. The
/// broker is Redis with its lease of an hour. A job of d hours is received ceil(d) times before the first worker acks, which
/// deletes it. A queue that ignores late acks has no end.
#[test]
fn a_redis_broker_hands_a_long_task_out_each_hour_until_the_first_is_done() {
    let task = format!("{JOB}&visibility_timeout_s=3600&pickup_delay_s=0");
    for (hours, count) in [(5.5, 6), (1.5, 2), (0.9, 1)] {
        let task = format!("{task}&slow_send_s={}", hours * 3600.0);
        let hourly: Vec<u64> = (0..count).map(|hour| hour * 3_600_000).collect();
        assert_eq!(receives(&format!("{task}&late_ack=deletes"), 86_400.0), hourly, "{hours} h");
        let ignored = receives(&format!("{task}&late_ack=ignored"), 86_400.0).len();
        assert_eq!(ignored, if hours < 1.0 { 1 } else { 25 }, "{hours} h");
    }
}

/// Six receives from 17:57:51.435 to 22:59:18.938, an hour and about half a second apart from the second on (the first gap
/// has a minute more), of a task that was not due yet: <https://github.com/celery/celery/issues/7009>. In the 18,087.5 s of
/// that log there are 1 + floor(18,087.5 / 3600.57) of them.
#[test]
fn a_task_that_is_not_due_is_received_each_hour() {
    let task =
        format!("{JOB}&visibility_timeout_s=3600&pickup_delay_s=0.57&slow_send_s=43200&late_ack=deletes");
    let times = receives(&task, 0.57 + 18_087.5);
    assert_eq!(times, (0..6).map(|count| 570 + count * 3_600_570).collect::<Vec<u64>>());
}

/// A mail to all ticket holders, of 12,826.3 s, received at 21:22:09, 22:23:20, 23:23:21 and 00:23:21, and no more after it
/// was done at 00:55:56: <https://github.com/pretix/pretix/issues/2058>. With any delay below 675 s until a lapsed message
/// is received, four leases begin before the job ends: 3 (3600 + delay) < 12,826.3.
#[test]
fn a_mail_of_three_and_a_half_hours_is_begun_four_times() {
    for delay in [0.0, 1.0, 30.0] {
        let task = format!(
            "{JOB}&visibility_timeout_s=3600&slow_send_s=12826.3&pickup_delay_s={delay}&late_ack=deletes"
        );
        let run = played(1, &task, 86_400.0);
        assert_eq!((now(run.as_ref(), "receives_total"), now(run.as_ref(), "inbox_mails")), (4.0, 4.0));
        assert_eq!(now(run.as_ref(), "duplicate_lease_lapsed"), 3.0);
    }
}

/// Messages that are fetched while nobody is free come back with a higher receive count that "doesn't reflect the number of
/// actual attempts": <https://github.com/DataBiosphere/azul/issues/3708>. Here one worker is busy with order 0 until 302 s,
/// and then receives all n orders that have come, with one receive each and a lease of 75 s. A mail takes 60 s: by 377 s the
/// first is acked, the second begun, and n - 2 have not been touched. The other worker, who is new, puts them aside.
#[test]
fn a_receive_is_counted_as_an_attempt_though_nobody_has_tried() {
    for seed in SEEDS {
        let setting = "crash_step=none&workers=1&order_rate_per_min=2&slow_send_s=300&send_s=60&visibility_timeout_s=400\
                       &max_receives=1&at=180,order_rate_per_min=0&at=300,visibility_timeout_s=75&at=303,workers=2";
        let run = played(seed, &format!("{setting}&prefetch=10"), 400.0);
        let waiting = now(run.as_ref(), "orders_total") - 1.0;
        assert!((2.0..=10.0).contains(&waiting), "seed {seed}: {waiting} do not fit into one receive");
        assert_eq!(now(run.as_ref(), "parked_untried"), waiting - 2.0, "seed {seed}");
        assert_eq!(now(run.as_ref(), "parked_in_dlq"), 1.0, "seed {seed}");
        // Whoever receives one at a time tries what it receives.
        let run = played(seed, setting, 4200.0);
        assert_eq!(now(run.as_ref(), "parked_untried") + now(run.as_ref(), "dlq_depth"), 0.0, "seed {seed}");
    }
}

/// Keys of 24 hours, as in pay-connector #4454 <https://github.com/alphagov/pay-connector/pull/4454>: what comes
/// back within a day is refused, and what somebody redrives ten days later is mailed again.
#[test]
fn a_key_is_remembered_shorter_than_a_message_is_kept() {
    let key = "dedupe=unique_key&crash_step=ack&at=1800,deploy_log_fix";
    for (ttl, hours, mails) in [(86_400, 23, 1.0), (86_400, 240, 2.0), (864_000, 240, 1.0), (0, 240, 1.0)] {
        let run = redriven(&format!("{key}&key_ttl_s={ttl}"), hours);
        assert_eq!(now(run.as_ref(), "inbox_mails"), mails, "{ttl} s, {hours} h");
        assert_eq!(now(run.as_ref(), "duplicate_key_expired"), mails - 1.0);
    }
}
