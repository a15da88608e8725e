//! Public incidents, as runs. Each names the thread that reported it.

use crate::Measure::{At, Mean, Peak, Rise};
use crate::{check, dead, four_sd, open};

/// rpardini/docker-registry-proxy #31: 1, 2 and 4 clients who pull the same image at one moment had it after 1:43, 3:05 and
/// 6:07 minutes, though nginx was told to download it once. Its lock is free again after 5 s (`proxy_cache_lock_age`), and
/// whoever waits goes past it after 5 s (`proxy_cache_lock_timeout`): k downloads share one line. A line that is never
/// idle is done with k downloads of 103 s after k x 103 s, to the nanoseconds that shared work is rounded by.
#[test]
fn a_lock_shorter_than_the_download_lets_every_client_download() {
    let pull = |clients: u32, more: &str| {
        format!(
            "users={clients}&think_s=60&retries_max=0&query_ms=103000&query_distribution=constant&db_cores=1\
             &timeout_ms=600000&ttl_s=3600&lock_scope=fleet{more}&at=1,purge_cache&at=1,breaking_news\
             &at=1.001,shed"
        )
    };
    let done = |clients: f64, queries: f64| {
        let last = clients * 103_000.0;
        [(Peak("wait_ms", 500.0), last - 0.001, last + 0.001), (At("queries", 500.0), queries, queries)]
    };
    for clients in [1, 2, 4] {
        let each = f64::from(clients);
        check(&[
            (&pull(clients, "&lock_ttl_s=5"), &done(each, each)),
            (&pull(clients, "&lock_ttl_s=5&lock_poll_ms=500&lock_fallback_ms=5000"), &done(each, each)),
            // The cure that the thread names: a lock that is held for as long as a download takes.
            (&pull(clients, "&lock_ttl_s=120"), &done(1.0, 1.0)),
        ]);
    }
}

/// Readers who come back as fast as they can, think so long on average and ask for one page, which takes so long to make.
/// At its end all are reading on: after the first, each of the others comes within the rebuild with p = 1 - e^(-D / think).
/// A first query and a binomial number of others: variance (n - 1) p (1 - p).
fn crowd(readers: f64, rebuild_s: f64, ttl_s: f64) -> (String, (crate::Measure, f64, f64)) {
    let share = 1.0 - (-rebuild_s / 0.5).exp();
    let secs = 40.0 * (ttl_s + 2.0 * rebuild_s);
    // The last of a crowd makes the page new at most a rebuild after the first.
    let cycles = secs / (ttl_s + 2.0 * rebuild_s + 1.0);
    let setting = format!(
        "users={readers}&think_s=0.5&ttl_s={ttl_s}&query_ms={}&query_distribution=constant&db_cores=2000",
        rebuild_s * 1e3
    );
    let sd = ((readers - 1.0) * share * (1.0 - share) / cycles).sqrt();
    (setting, four_sd(Mean("rebuilds_per_expiry", 0.0, secs), 1.0 + (readers - 1.0) * share, sd))
}

/// jiangwenyuan/nuster #74: 100 connections ask for one page as fast as they can; as soon as its 5 s are over "all (or
/// many)" go to the backend. msqd/harp #947: 50 clients for one cold resource made 47 fetches; the origin's time is not
/// told, 1.4 s give as many.
#[test]
fn nearly_all_connections_miss_when_a_busy_page_expires() {
    let (nuster, nuster_bound) = crowd(100.0, 2.0, 5.0);
    let (harp, harp_bound) = crowd(50.0, 1.4, 30.0);
    assert!((f64::midpoint(nuster_bound.1, nuster_bound.2) - 98.2).abs() < 0.05);
    assert!((f64::midpoint(harp_bound.1, harp_bound.2) - 47.0).abs() < 0.05);
    check(&[(&nuster, &[nuster_bound]), (&harp, &[harp_bound])]);
    // With nuster's remedy, `wait`, one goes, and the others have its answer.
    check(&[(&format!("{nuster}&lock_scope=fleet"), &[(Peak("rebuilds_per_expiry", 100.0), 1.0, 1.0)])]);
}

/// A slow spell of 30 s, in which queries take four times as long, and then all is as before. 60 new readers a second, each
/// with another page, ask for 2 s of 160 cores: 75 %. Readers wait 5 s. If nobody is answered, r x 5 s queries share the
/// cores, and one is done in time as soon as they are fewer than 160 x 5 / 2 = 400. With one retry the 120 tries a second
/// are 600 at once, and stay; without any the 60 are 300, and the spell is over when it is over. The number at once is
/// Poisson, so that 400 is eight standard deviations below the one, and four of the other above it.
#[test]
fn one_retry_makes_a_slow_spell_last_for_ever() {
    let site = open(60.0, 2000.0, 160, 1.0, "&keys=20000&retries_max=");
    let spell = "&at=60,query_ms=8000&at=90,query_ms=2000";
    let all = 60.0_f64 * 480.0;
    let answered = four_sd(Rise("good", 120.0, 600.0), all, all.sqrt());
    check(&[
        (&format!("{site}1"), &[answered, (Rise("failed", 5.0, 600.0), 0.0, 0.0)]),
        (&format!("{site}1{spell}"), &[dead(100.0, 600.0)]),
        (&format!("{site}0{spell}"), &[answered, (Rise("failed", 120.0, 600.0), 0.0, 0.0)]),
    ]);
}
