//! The story's timeline, what it hides, and what the lessons ask for.

use std::f64::consts::E;

use warstories_sim::SimTime;

use crate::Measure::{At, Low, Mean, Peak, Rise};
use crate::{DEMAND, EVER, SEEDS, check, check_on, dead, four_sd, healthy, measure, start};

/// Every 200 ms through stories in which everything happens, all equations hold.
#[test]
fn nobody_and_nothing_gets_lost_in_whole_stories() {
    let all = "at=70,crash_holder&at=80,restart_database&at=85,warm_up&at=110,enable_lock&at=112,restart_database\
               &at=115,crash_holder&at=150,enable_stale&at=160,purge_cache&at=170,set_cap&at=175,shed\
               &at=185,unshed&at=190,breaking_news";
    for setting in [
        all.to_owned(),
        format!("cancel_on_timeout=false&keys=300&key_skew=1&{all}&at=195,cancel_on_timeout=true"),
        format!(
            "db_discipline=fifo&fifo_recheck=true&keys=50&query_ms=300&xfetch_beta=1&{all}&at=100,users=20"
        ),
        format!(
            "db_discipline=fifo&lock_scope=process&{all}&at=90,db_discipline=processor_sharing&at=93,db_discipline=fifo"
        ),
        format!(
            "cancel_on_timeout=false&abandoned_fill=true&query_failure_pct=20&negative_ttl_s=1&lock_poll_ms=300\
             &lock_fallback_ms=2000&stale_refresh=each&{all}&at=90,abandoned_fill=false&at=120,lock_poll_ms=0\
             &at=130,cancel_on_timeout=true"
        ),
        format!(
            "keys=30&lock_scope=process&app_processes=3&query_failure_pct=50&lock_fallback_ms=1500&{all}\
             &at=100,negative_ttl_s=3&at=105,lock_poll_ms=100&at=125,lock_fallback_ms=0"
        ),
        format!(
            "arrival_mode=open&keys=20&lock_ttl_s=0.5&lock_scope=process&{all}&at=130,arrival_mode=closed"
        ),
    ] {
        let mut run = start(1, &setting);
        for step in 1..=1200 {
            run.advance(SimTime::from_millis_f64(f64::from(step) * 200.0), u64::MAX);
            for identity in run.identities() {
                assert_eq!(identity.left, identity.right, "{setting}: {} at {}", identity.name, run.now());
            }
        }
    }
}

#[test]
fn the_front_page_expires_and_the_site_never_comes_back() {
    let thinkers: f64 = (-5.0_f64 / 6.0).exp();
    check(&[(
        "",
        &[
            // All hits: 10,000 readers, one click in six seconds each.
            (Mean("goodput_rps", 0.0, 60.0), 0.99 * DEMAND, 1.01 * DEMAND),
            four_sd(Rise("good", 50.0, 60.0), 10.0 * DEMAND, (10.0 * DEMAND).sqrt()),
            (Rise("hits", 0.0, 60.0), 95_000.0, 105_000.0),
            (At("failed", 60.0), 0.0, 0.0),
            (At("expiries", 59.999), 0.0, 0.0),
            (At("expiries", 60.0), 1.0, 1.0),
            // Everybody who has clicked since waits in the database.
            four_sd(
                At("db_running", 64.99),
                10_000.0 * (1.0 - (-4.99_f64 / 6.0).exp()),
                (10_000.0 * thinkers * (1.0 - thinkers)).sqrt(),
            ),
            dead(60.0, 240.0),
            // Five seconds in the database, one second until the next try.
            (Mean("db_running", 120.0, 240.0), 8_283.0, 8_383.0),
            (Mean("db_cpu", 65.0, 240.0), 100.0, 100.0),
            (At("queries_finished", 240.0), 0.0, 0.0),
            (At("fresh_fast_s", 240.0), 60.0, 60.0),
            (At("recovery_s", 240.0), 179.9, 180.0),
            (At("silent_s", 240.0), 179.9, 180.1),
        ],
    )]);
}

#[test]
fn more_cores_fewer_retries_longer_waits_and_longer_lives_do_not_save_it() {
    for setting in ["db_cores=64", "db_cores=256", "retries_max=0", "timeout_ms=30000"] {
        check(&[(setting, &[healthy(50.0, 60.0), dead(60.0, 240.0)])]);
    }
    check_on(&(1..=2), &[("ttl_s=600", &[healthy(60.0, 600.0), dead(600.0, 720.0)])]);
    check(&[("db_cores=2000", &[healthy(60.0, 180.0), healthy(150.0, 180.0)])]);
}

#[test]
fn luck_decides_whether_a_first_result_fills_the_cache() {
    check(&[
        ("query_distribution=constant", &[dead(60.0, 180.0)]),
        ("query_distribution=log_normal", &[dead(60.0, 180.0)]),
        (
            "query_distribution=exponential",
            &[(Mean("goodput_rps", 60.0, 70.0), 1590.0, 1690.0), healthy(80.0, 120.0)],
        ),
        (
            "db_discipline=fifo",
            &[(Rise("good", 60.0, 70.0), 14_000.0, 14_800.0), healthy(80.0, 120.0), healthy(140.0, 180.0)],
        ),
        // The queries in line are for nobody; the line outlives the page.
        (
            "db_discipline=fifo&cancel_on_timeout=false",
            &[healthy(80.0, 120.0), dead(130.0, 180.0), (Rise("good", 60.0, 70.0), 14_000.0, 14_800.0)],
        ),
        (
            "db_discipline=fifo&cancel_on_timeout=false&fifo_recheck=true",
            &[healthy(60.0, 120.0), healthy(120.0, 180.0), (At("wasted_queries", 180.0), 0.0, 0.0)],
        ),
    ]);
}

#[test]
fn locks_help_by_their_scope_and_hurt_by_their_dead() {
    let survives = [(Mean("goodput_rps", 60.0, 180.0), 1590.0, 1690.0)];
    check(&[
        (
            "lock_scope=fleet",
            &[
                survives[0],
                (Peak("rebuilds_per_expiry", 180.0), 1.0, 1.0),
                (Peak("wait_ms", 180.0), 1_390.0, 2_600.0),
                // Whoever clicks during a rebuild of 1.4 s to 2.6 s.
                (Rise("slow", 60.0, 70.0), 1_900.0, 3_700.0),
                (At("failed", 180.0), 0.0, 0.0),
            ],
        ),
        ("lock_scope=process&app_processes=20", &survives),
        // Servers of the app that are added add queries, not cores.
        ("lock_scope=process&app_processes=40", &[(Peak("db_running", 64.0), 40.0, 40.0)]),
        ("lock_scope=process", &[dead(60.0, 180.0), (Peak("db_running", 180.0), 100.0, 100.0)]),
        ("lock_scope=fleet&lock_ttl_s=1", &[survives[0], (Peak("rebuilds_per_expiry", 180.0), 2.0, 3.0)]),
        ("lock_scope=fleet&lock_ttl_s=0.1", &[survives[0], (Peak("rebuilds_per_expiry", 180.0), 14.0, 26.0)]),
        // Whoever takes it cannot keep it long enough.
        ("lock_scope=fleet&query_ms=8000", &[dead(60.0, 180.0), (Peak("db_running", 180.0), 1.0, 1.0)]),
        (
            "lock_scope=fleet&query_ms=8000&stale_window_s=30",
            &[healthy(60.0, 180.0), (At("failed", 180.0), 0.0, 0.0)],
        ),
    ]);
    // The holder dies: nobody is answered until the lock's time is over, and a rebuild after it.
    for (ttl, good) in [(3.0, (12_800.0, 14_700.0)), (10.0, (0.0, 0.0)), (30.0, (0.0, 0.0))] {
        check(&[(
            &format!("lock_scope=fleet&lock_ttl_s={ttl}&at=50,crash_holder"),
            &[
                dead(60.0, 60.0 + ttl + 1.3),
                (Rise("good", 60.0, 63.0 + ttl), 1.0, EVER),
                (Rise("good", 60.0, 70.0), good.0, good.1),
                healthy(75.0 + ttl, 120.0),
                (At("queries", 110.0), 1.0, 1.0),
            ],
        )]);
    }
}

#[test]
fn stale_pages_help_if_the_window_exceeds_the_rebuild() {
    check(&[
        (
            "stale_window_s=30",
            &[
                (Peak("wait_ms", 180.0), 0.0, 0.0),
                (Rise("slow", 60.0, 70.0), 0.0, 0.0),
                (Peak("rebuilds_per_expiry", 180.0), 1.0, 1.0),
                (Peak("stale_age_s", 180.0), 1.35, 2.65),
                healthy(60.0, 70.0),
            ],
        ),
        ("stale_window_s=1", &[dead(61.0, 180.0), (Rise("stale_served", 60.0, 61.0), 1_500.0, 1_834.0)]),
    ]);
}

#[test]
fn a_cap_saves_the_site_if_a_full_one_ends_in_time() {
    check(&[
        ("db_concurrency_cap=20", &[healthy(60.0, 180.0), (Peak("db_running", 180.0), 20.0, 20.0)]),
        ("db_concurrency_cap=400", &[dead(60.0, 180.0), (Peak("db_running", 180.0), 400.0, 400.0)]),
        ("at=120,set_cap", &[dead(60.0, 120.0), healthy(135.0, 180.0)]),
        // The largest cap of which all end in time is cores x timeout / work: 16 x 5 s / 2 s = 40.
        ("query_distribution=constant&db_concurrency_cap=40", &[healthy(60.0, 180.0)]),
        ("query_distribution=constant&db_concurrency_cap=41", &[dead(65.0, 180.0)]),
        // Where queries differ, one that ends in time is enough, and the shortest has 1.4 s of work: 16 x 5 / 1.4 = 57.1.
        ("db_concurrency_cap=40", &[healthy(60.0, 180.0)]),
        ("db_concurrency_cap=58", &[dead(65.0, 180.0)]),
    ]);
}

#[test]
fn many_keys_need_more_than_a_lock_each() {
    let many = "keys=4000&query_ms=60";
    // Sliding windows of ten seconds from 60 s on; the last one ends at 120 s.
    let lowest = Low("goodput_10s_rps", 70.0, 120.0);
    let fleet = |more: &str| format!("{many}&lock_scope=fleet{more}");
    check(&[
        (&fleet(""), &[(lowest, 0.0, 100.0), (Rise("good", 60.0, 120.0), 0.0, 6_000.0)]),
        (
            &fleet("&ttl_jitter_s=15"),
            &[(lowest, 1600.0, DEMAND), (Mean("goodput_rps", 60.0, 70.0), 1620.0, 1715.0)],
        ),
        (&fleet("&retries_max=0"), &[(lowest, 20.0, 60.0)]),
        (&fleet("&db_concurrency_cap=20"), &[(lowest, 1_250.0, 1_350.0)]),
        (&fleet("&ttl_jitter_s=5"), &[(lowest, 0.0, 1_500.0)]),
        (&fleet("&db_cores=64"), &[(lowest, 1600.0, DEMAND)]),
        // Cold keys are never read shortly before their end.
        (&format!("{many}&xfetch_beta=1"), &[(Mean("goodput_rps", 60.0, 180.0), 0.0, 100.0)]),
    ]);
}

#[test]
fn early_refresh_keeps_one_hot_key_fresh_and_fast() {
    check(&[
        (
            "xfetch_beta=1",
            &[healthy(60.0, 180.0), (At("failed", 180.0), 0.0, 0.0), (Peak("wait_ms", 180.0), 0.0, 0.0)],
        ),
        (
            "lock_scope=fleet&xfetch_beta=1",
            &[
                (Rise("fresh_fast_s", 60.0, 180.0), 119.0, 120.0),
                (At("stale_served", 180.0), 0.0, 0.0),
                (Peak("rebuilds_per_expiry", 180.0), 1.0, 1.0),
            ],
        ),
        ("lock_scope=fleet", &[(Rise("fresh_fast_s", 60.0, 180.0), 110.0, 118.0)]),
        ("stale_window_s=30", &[(Rise("fresh_fast_s", 60.0, 180.0), 110.0, 118.0)]),
    ]);
    // A page lives 60 s less its lead of 2 s (ln 3333 + 0.577), and refreshes still under way prolong that: 46 s, and e
    // queries each. The number of queries of a life has a variance of e (e - 1).
    let minutes = 10.0 * 10.0;
    let queries: f64 =
        (1..=10).map(|seed| measure(seed, "xfetch_beta=1", &[Rise("queries", 60.0, 660.0)])[0]).sum();
    let (expected, lives) = (60.0 / 46.0 * E, minutes * 60.0 / 46.0);
    let sd = (E * (E - 1.0) * lives).sqrt() / minutes;
    println!("{} queries a minute, expected {expected}, standard deviation {sd}", queries / minutes);
    assert!((queries / minutes - expected).abs() < 4.0 * sd, "{} a minute", queries / minutes);
    // Too little eagerness is a gamble.
    let dead = (1..=20)
        .filter(|seed| measure(*seed, "xfetch_beta=0.25", &[Rise("good", 180.0, 200.0)])[0] < 1.0)
        .count();
    println!("{dead} of 20 runs with beta 0.25 had collapsed");
    assert!((1..=15).contains(&dead), "{dead} of 20 runs with beta 0.25 collapsed");
    let dead =
        (1..=40).filter(|seed| measure(*seed, "xfetch_beta=1", &[At("failed", 180.0)])[0] > 0.0).count();
    assert_eq!(dead, 0, "of 40 runs with beta 1");
}

#[test]
fn recovery_needs_the_mechanism_repaired_and_the_zombies_gone() {
    let rescue = "at=120,restart_database&at=120,shed&at=141,warm_up&at=146,unshed";
    let zombies = "cancel_on_timeout=false";
    check(&[
        (zombies, &[dead(60.0, 240.0), (At("db_running", 120.0), 90_000.0, 100_000.0)]),
        (&format!("{zombies}&at=120,restart_database"), &[dead(60.0, 240.0)]),
        (&format!("{zombies}&at=120,lock_scope=fleet"), &[dead(60.0, 240.0)]),
        (
            &format!("{zombies}&at=120,restart_database&at=120,lock_scope=fleet"),
            &[healthy(150.0, 240.0), (At("recovery_s", 199.0), 90.0, 96.0)],
        ),
        (&format!("{zombies}&at=120,stale_window_s=300"), &[healthy(150.0, 240.0)]),
        // A cache that has deleted the page has no old one to give out.
        (&format!("{zombies}&expired_kept=false&at=120,stale_window_s=300"), &[dead(60.0, 240.0)]),
        (&format!("{zombies}&at=120,admission_rps=100"), &[dead(60.0, 240.0)]),
        // Healthy for one life of the page, and then as before.
        (&format!("{zombies}&{rescue}"), &[healthy(150.0, 200.0), dead(204.5, 240.0)]),
        (rescue, &[healthy(150.0, 200.0), dead(204.5, 240.0)]),
        // Load that is shed helps only below what the database can finish: 8 queries of 2 s a second.
        ("at=120,admission_rps=100", &[dead(60.0, 240.0)]),
        ("at=120,admission_rps=7", &[(Mean("goodput_rps", 130.0, 240.0), 6.5, 7.5)]),
    ]);
}

/// The order that is taught, where it is needed whole: a cache that deletes, and old news as the repair.
#[test]
fn recovery_sheds_then_repairs_then_warms_up_then_admits() {
    let collapsed = "cancel_on_timeout=false&expired_kept=false&at=120,restart_database";
    let played = |steps: &str| format!("{collapsed}{steps}");
    check(&[
        (
            &played("&at=120,shed&at=121,enable_stale&at=141,warm_up&at=146,unshed"),
            &[healthy(150.0, 240.0), (Rise("failed", 150.0, 240.0), 0.0, 0.0)],
        ),
        // Admitted before the cache is warm, or never warmed up.
        (&played("&at=120,shed&at=121,enable_stale&at=141,unshed&at=141,warm_up"), &[dead(150.0, 240.0)]),
        (&played("&at=120,shed&at=121,enable_stale&at=146,unshed"), &[dead(150.0, 240.0)]),
        // Warmed up while the database was not up yet, which refuses it.
        (&played("&at=120,shed&at=121,enable_stale&at=130,warm_up&at=146,unshed"), &[dead(150.0, 240.0)]),
        // Nobody was kept out.
        (&played("&at=121,enable_stale&at=141,warm_up"), &[dead(150.0, 240.0)]),
        // Repaired only after the page was made, which is deleted when its time to live ends.
        (
            &played("&at=120,shed&at=141,warm_up&at=146,unshed&at=150,enable_stale"),
            &[healthy(150.0, 200.0), dead(204.5, 240.0)],
        ),
    ]);
}

#[test]
fn a_lost_page_has_its_price() {
    for seed in SEEDS {
        let numbers =
            measure(seed, "", &[At("failed", 180.0), At("lost_pages_usd", 180.0), At("timeout", 180.0)]);
        assert!((numbers[1] - 0.01 * numbers[0]).abs() < 1e-6 && numbers[0] == numbers[2], "{numbers:?}");
    }
}

/// Runs that differ in what protects the database share every arrival of new readers, and all readers until then.
#[test]
fn arrivals_are_the_same_whatever_protects_the_database() {
    let others = [
        "lock_scope=fleet",
        "stale_window_s=30",
        "xfetch_beta=1",
        "db_discipline=fifo",
        "query_distribution=exponential",
        "ttl_jitter_s=5",
        "keys=400",
    ];
    for seed in SEEDS {
        // New readers who do not try again.
        let fresh: Vec<_> = [1.0, 30.0, 61.0, 90.0].map(|at| At("arrived", at)).into();
        let open = "arrival_mode=open&retries_max=0";
        let alone = measure(seed, open, &fresh);
        let until: Vec<_> = [1.0, 30.0, 54.0].map(|at| At("arrived", at)).into();
        let same = measure(seed, "", &until);
        for other in others {
            assert_eq!(measure(seed, &format!("{open}&{other}"), &fresh), alone, "{other}, seed {seed}");
            assert_eq!(measure(seed, other, &until), same, "{other}, seed {seed}");
        }
    }
}
