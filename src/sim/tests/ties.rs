//! Races that end at one moment, each from both sides and at the tie, to the nanosecond: what takes exactly as long as
//! its limit is in time. The texts of the parameters say the same.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use warstories_sim::{Playable, Reading, Replay, SimTime, scenarios};

const NANO: SimTime = SimTime::from_nanos(1);

fn start(link: &str) -> Box<dyn Playable> {
    let link = Replay::parse(link).unwrap();
    assert_eq!(link.dropped, Vec::<String>::new());
    scenarios::start(link.replay)
}

/// What a counter or a gauge says after everything that happens at `until`.
fn at(link: &str, until: SimTime, id: &str) -> f64 {
    let mut run = start(link);
    run.advance(until, u64::MAX);
    match run.read(run.spec().metric(id).unwrap()) {
        Reading::Count(count) => count as f64,
        Reading::Gauge { last, .. } => last,
        other => panic!("{id} is {other:?}"),
    }
}

fn secs(secs: f64) -> SimTime {
    SimTime::from_secs_f64(secs)
}

/// What `id` says at `until` where `{}` in the link is a nanosecond less than `limit`, `limit`, and a nanosecond more.
fn around(link: &str, limit: SimTime, until: SimTime, id: &str) -> [f64; 3] {
    [limit - NANO, limit, limit + NANO].map(|limit| at(&link.replace("{}", &limit.to_string()), until, id))
}

/// When the first request arrives at `from` or later.
fn arrival(link: &str, from: SimTime) -> SimTime {
    let mut run = start(link);
    run.advance(from, u64::MAX);
    let arrived = run.spec().metric("arrived").unwrap();
    let before = run.read(arrived);
    while run.read(arrived) == before {
        let next = run.next_time().unwrap();
        run.advance(next, u64::MAX);
    }
    run.now()
}

const CALM: &str = "connection_pool?service_distribution=constant&base_tx_s=1&spike_multiplier=1";

#[test]
fn a_call_that_takes_exactly_as_long_as_its_limit_is_in_time() {
    let failed = |call_ms: &str| {
        at(
            &format!("{CALM}&downstream_timeout_ms=1000&downstream_ms={call_ms}"),
            secs(60.0),
            "downstream_timeout",
        )
    };
    assert_eq!((failed("999.999999"), failed("1000")), (0.0, 0.0));
    assert!(failed("1000.000001") > 30.0);
}

#[test]
fn an_answer_at_the_end_of_a_customers_patience_is_in_time() {
    // Half a second in the database, half a second downstream.
    let link = format!("{CALM}&db_ms=500&downstream_ms=500&client_patience_s={{}}");
    let [less, tie, more] = around(&link, secs(1.0), secs(60.0), "abandoned");
    assert!(less > 30.0);
    assert_eq!((tie, more), (0.0, 0.0));
}

#[test]
fn a_connection_at_the_end_of_a_customers_patience_is_given() {
    // Ten slots, each held for a second, and the eleventh customer waits for the first of them.
    let crowd = "connection_pool?service_distribution=constant&app_instances=1&pool_size=10&sleep_ms=0&db_ms=900\
                 &base_tx_s=100&spike_multiplier=1&cancel_abandoned=true";
    let free = arrival(crowd, SimTime::ZERO) + secs(1.0);
    let eleventh = (0..11).fold(SimTime::ZERO, |before, _| arrival(crowd, before));
    assert!(eleventh < free);
    let link = format!("{crowd}&client_patience_s={{}}");
    let waiting = at(crowd, free, "queue_depth");
    // Without patience the eleventh is gone, and the twelfth has the slot.
    assert_eq!(around(&link, free - eleventh, free, "queue_depth"), [waiting - 1.0, waiting, waiting]);
    // So have the ten before given up, who waited longer for their answers.
    assert_eq!(around(&link, free - eleventh, free, "abandoned"), [11.0, 11.0, 10.0]);
}

#[test]
fn a_connection_at_the_end_of_the_acquire_timeout_is_given() {
    // One slot, held for a second, and the second customer waits for it.
    let crowd = "connection_pool?service_distribution=constant&app_instances=1&pool_size=1&sleep_ms=0&db_ms=900\
                 &base_tx_s=100&spike_multiplier=1";
    let first = arrival(crowd, SimTime::ZERO);
    let (free, second) = (first + secs(1.0), arrival(crowd, first));
    let link = format!("{crowd}&acquire_timeout_s={{}}");
    assert_eq!(around(&link, free - second, free, "acquire_timeout"), [1.0, 0.0, 0.0]);
}

#[test]
fn who_arrives_at_the_last_moment_of_a_restart_is_refused() {
    for (link, takes, action) in [
        (CALM, 60.0, "restart_now"),
        (
            "cache_stampede?arrival_mode=open&arrival_rps=1&ttl_s=1&query_ms=10000&retries_max=0",
            20.0,
            "restart_database",
        ),
    ] {
        let arrival = arrival(link, secs(100.0));
        let refused = |action_at: SimTime| {
            at(&format!("{link}&at={action_at},{action}"), arrival, "refused_restarting")
        };
        let tie = arrival - secs(takes);
        assert_eq!(refused(tie), refused(tie - NANO) + 1.0, "{link}");
        assert_eq!(refused(tie), refused(tie + NANO), "{link}");
    }
}

const SITE: &str = "cache_stampede?arrival_mode=open&query_distribution=constant&db_cores=2000&retries_max=0";

#[test]
fn a_read_at_the_end_of_an_entrys_life_still_finds_it() {
    let link = format!("{SITE}&arrival_rps=1&ttl_s={{}}");
    let read = arrival(&link.replace("{}", "60"), secs(10.0));
    let hits = at(&link.replace("{}", "60"), read, "hits");
    assert_eq!(around(&link, read, read, "hits"), [hits - 1.0, hits, hits]);
}

#[test]
fn an_expired_page_is_given_out_at_the_last_moment_of_its_window() {
    let link = format!("{SITE}&arrival_rps=1&ttl_s=1&query_ms=10000&stale_window_s={{}}");
    let read = arrival(&link.replace("{}", "600"), secs(6.0));
    let served = at(&link.replace("{}", "600"), read, "stale_served");
    assert_eq!(around(&link, read - secs(1.0), read, "stale_served"), [served - 1.0, served, served]);
    assert_eq!(at(&link.replace("{}", "0"), read, "stale_served"), 0.0);
}

/// Ten readers at one moment: one asks the database, nine wait at the lock.
const TEN: &str = "cache_stampede?users=10&think_s=60&query_distribution=constant&lock_scope=fleet&ttl_s=3600\
                   &retries_max=0&at=1,purge_cache&at=1,breaking_news";

#[test]
fn a_page_at_the_very_moment_of_a_look_is_seen() {
    let good = |query_ms: &str, more: &str, until: f64| {
        at(&format!("{TEN}&query_ms={query_ms}&lock_poll_ms=500{more}"), secs(until), "slow")
    };
    // Who looks too early comes again at the next look, half a second later.
    assert_eq!(
        ["499.999999", "500", "500.000001"].map(|query_ms| good(query_ms, "", 1.5)),
        [10.0, 10.0, 0.0]
    );
    assert_eq!(good("500.000001", "", 1.999), 1.0);
    assert_eq!(good("500.000001", "", 2.0), 10.0);
    // The last look is at the end of the wait.
    let last = |query_ms: &str| good(query_ms, "&timeout_ms=700", 1.7);
    assert_eq!(["699.999999", "700", "700.000001"].map(last), [10.0, 10.0, 0.0]);
}

#[test]
fn a_page_at_the_end_of_the_wait_at_a_lock_makes_an_own_query_needless() {
    for more in ["", "&lock_poll_ms=300", "&lock_poll_ms=100"] {
        let queries = |query_ms: &str| {
            let link = format!("{TEN}{more}&query_ms={query_ms}&lock_fallback_ms=1000&db_cores=10");
            at(&link, secs(2.0), "queries")
        };
        assert_eq!(["999.999999", "1000", "1000.000001"].map(queries), [1.0, 1.0, 10.0], "{more}");
    }
}

#[test]
fn an_error_is_kept_to_the_last_moment_of_its_time() {
    let link = format!("{SITE}&arrival_rps=1&ttl_s=1&query_ms=10&query_failure_pct=100&negative_ttl_s={{}}");
    // The first query fails, and the error is read by the next reader but one, if it is kept for so long.
    let first = arrival(&link.replace("{}", "60"), secs(1.0));
    let next = arrival(&link.replace("{}", "60"), first);
    let read = arrival(&link.replace("{}", "60"), next);
    let failed = first + SimTime::from_millis_f64(10.0);
    assert!(failed < next && next < read, "{failed} {next} {read}");
    assert_eq!(around(&link, read - failed, read, "cached_error"), [1.0, 2.0, 2.0]);
    assert_eq!(around(&link, read - failed, read, "queries"), [2.0, 1.0, 1.0]);
}

#[test]
fn a_page_at_the_end_of_a_readers_patience_is_in_time() {
    let failed = |timeout_ms: &str| {
        let link = format!("{SITE}&arrival_rps=1&ttl_s=1&query_ms=1000&timeout_ms={timeout_ms}");
        at(&link, secs(60.0), "failed")
    };
    assert!(failed("999.999999") > 5.0);
    assert_eq!((failed("1000"), failed("1000.000001")), (0.0, 0.0));
    // Somebody else's query counts as one's own.
    let waited = |timeout_ms: &str| {
        let link =
            format!("{SITE}&arrival_rps=100&ttl_s=1&query_ms=1000&lock_scope=fleet&timeout_ms={timeout_ms}");
        at(&link, secs(1.9), "failed") + at(&link, secs(2.2), "failed")
    };
    assert!(waited("999.999999") > 0.0);
    assert_eq!(waited("1000"), 0.0);
}

#[test]
fn a_query_that_ends_at_the_end_of_its_lock_ends_under_it() {
    let link = format!("{SITE}&arrival_rps=10&ttl_s=1&query_ms=3000&lock_scope=fleet&lock_ttl_s={{}}");
    assert_eq!(around(&link, secs(3.0), secs(4.9), "queries"), [2.0, 1.0, 1.0]);
}

/// All readers click at once, one query may run, and who was rejected tries again just when it ends.
#[test]
fn a_query_that_ends_makes_room_for_one_that_is_sent_later_at_that_moment() {
    let link = "cache_stampede?users=10&query_distribution=constant&query_ms=1000&db_concurrency_cap=1&think_s=60\
                &at=1,purge_cache&at=2,breaking_news&retry_max_ms=60000&retry_min_ms=";
    let link = |pause: &str| {
        format!("{link}{pause}").replace("retry_max_ms=60000", &format!("retry_max_ms={pause}"))
    };
    assert_eq!(at(&link("999.999999"), secs(3.0), "cap_rejected"), 18.0);
    assert_eq!(at(&link("1000"), secs(3.0), "cap_rejected"), 9.0);
    assert_eq!(at(&link("1000"), secs(3.0), "good"), at(&link("1000.000001"), secs(3.000_000_001), "good"));
}

/// Order 0 alone: received at 2 s.
const ALONE: &str = "duplicate_delivery?order_rate_per_min=0";

#[test]
fn a_heartbeat_at_the_end_of_its_lease_is_in_time() {
    let link = format!("{ALONE}&crash_step=none&slow_send_s=40&heartbeat_s=30&visibility_timeout_s={{}}");
    let [less, tie, more] = around(&link, secs(30.0), secs(600.0), "inbox_mails");
    assert!(less > 1.0);
    assert_eq!((tie, more), (1.0, 1.0));
}

/// A heartbeat that takes a second needs a second more: a margin that is used up is none.
#[test]
fn a_heartbeat_that_ends_with_its_lease_is_in_time() {
    let link = format!(
        "{ALONE}&crash_step=none&slow_send_s=40&heartbeat_s=29&heartbeat_ms=1000&visibility_timeout_s={{}}"
    );
    let [less, tie, more] = around(&link, secs(30.0), secs(600.0), "inbox_mails");
    assert!(less > 1.0);
    assert_eq!((tie, more), (1.0, 1.0));
}

#[test]
fn an_ack_at_the_moment_at_which_its_message_would_be_received_again_is_in_time() {
    // The lease ends 30 s after the receive and the message is picked up `delay` later; log and ack take 10 ms.
    for (delay, busy) in [(2.0, ""), (0.0, ""), (2.0, "&workers=2"), (2.0, "&workers=16")] {
        let link = format!(
            "{ALONE}&crash_step=none&visibility_timeout_s=30&pickup_delay_s={delay}&slow_send_s={{}}{busy}"
        );
        let sends = secs(30.0 + delay - 0.01);
        let stale = around(&link, sends, secs(100.0), "stale_acks_total");
        assert_eq!(&stale[..2], [0.0, 0.0], "{delay} s");
        assert!(stale[2] > 0.0, "{delay} s");
        assert_eq!(around(&link, sends, secs(50.0), "receives_total"), [1.0, 1.0, 2.0], "{delay} s");
    }
}

#[test]
fn a_key_is_refused_in_its_last_moment() {
    // Taken at 2.8 s; the second worker's mail comes at 79.8 s.
    let link = format!("{ALONE}&dedupe=unique_key&key_ttl_s={{}}");
    assert_eq!(around(&link, secs(77.0), secs(100.0), "inbox_mails"), [2.0, 1.0, 1.0]);
}

#[test]
fn an_ack_in_the_last_moment_of_its_lease_is_not_late() {
    // Received at 2 s, and the lease ends 30 s after that; log and ack take 10 ms.
    let link = format!("{ALONE}&crash_step=none&visibility_timeout_s=30&late_ack=refused&slow_send_s={{}}");
    let refused = around(&link, secs(30.0 - 0.01), secs(33.0), "refused_acks_total");
    assert_eq!(refused, [0.0, 0.0, 1.0]);
}

#[test]
fn a_marker_is_found_at_its_last_moment() {
    // Set at 2.815 s; the second worker looks at 79.005 s.
    let link = format!("{ALONE}&dedupe=check_then_mark&crash_step=ack&marker_ttl_s={{}}");
    assert_eq!(around(&link, secs(76.19), secs(100.0), "inbox_mails"), [2.0, 1.0, 1.0]);
}

#[test]
fn a_claim_is_found_at_its_last_moment() {
    // Claimed at 2.005 s; the second worker comes at 79.005 s.
    let link = format!("{ALONE}&dedupe=claim_lease&claim_ttl_s={{}}");
    assert_eq!(around(&link, secs(77.0), secs(100.0), "inbox_mails"), [2.0, 1.0, 1.0]);
}

#[test]
fn a_marker_of_exactly_five_seconds_is_lost_by_a_failover() {
    let link = format!("{ALONE}&dedupe=check_then_mark&crash_step=ack&at={{}},failover_marker_store");
    assert_eq!(around(&link, secs(7.815), secs(100.0), "inbox_mails"), [2.0, 2.0, 1.0]);
    // One that looks at the very moment of the failover finds none.
    let failover = format!(
        "{ALONE}&dedupe=check_then_mark&crash_step=ack&visibility_timeout_s=1&pickup_delay_s=2\
                            &at={{}},failover_marker_store"
    );
    // Received at 2 s and at 5 s; marked at 2.815 s, looked for at 5.005 s.
    assert_eq!(around(&failover, secs(5.005), secs(6.0), "inbox_mails"), [2.0, 2.0, 1.0]);
}

#[test]
fn a_message_is_received_at_the_last_moment_of_its_retention() {
    // The first worker dies; the second receive is at 2 + 58 + 2 s.
    let link =
        format!("{ALONE}&crash_step=send&visibility_timeout_s=58&at=10,crash_step=none&retention_s={{}}");
    assert_eq!(around(&link, secs(62.0), secs(100.0), "receives_total"), [1.0, 2.0, 2.0]);
    assert_eq!(around(&link, secs(62.0), secs(100.0), "lost_retention_expired"), [1.0, 0.0, 0.0]);
    // An ack, too: after the send, log and ack of the second.
    let kept = around(&link, secs(62.81), secs(100.0), "stale_acks_total");
    assert_eq!(kept, [1.0, 0.0, 0.0]);
    // What is redriven at that moment is published anew.
    let dead = format!("{ALONE}&crash_step=send&max_receives=2&dlq_retention_s={{}}&at=1000,redrive_dlq");
    assert_eq!(around(&dead, secs(1000.0), secs(1000.0), "lost_retention_expired"), [1.0, 0.0, 0.0]);
}

#[test]
fn a_worker_that_comes_to_the_line_at_the_moment_of_the_fix_still_dies() {
    // The 25th worker comes there at 1,850.8 s, half an hour after 50.8 s.
    let link = format!("{ALONE}&at={{}},deploy_log_fix");
    assert_eq!(around(&link, secs(50.8), secs(1851.0), "worker_crashes_total"), [24.0, 25.0, 25.0]);
}
