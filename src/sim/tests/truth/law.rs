//! The curves that the lab supplies: against exact values, and against its own runs.

use warstories_sim::theory::{Law, Theory};
use warstories_sim::{Replay, SimTime, scenarios};

use crate::{Point, SERVICE_MS, Value, check};

/// Mean waits in M/M/c, in mean service times, by servers and utilization; computed with 40 digits.
const TABLE: &str = include_str!("mmc.tsv");

/// What theory says of the lab under these settings, in the spelling of links.
fn law(setting: &str) -> Result<Law, &'static str> {
    let link = Replay::parse(&format!("queueing_lab?service_ms={SERVICE_MS}&{setting}")).unwrap();
    assert_eq!(link.dropped, Vec::<String>::new());
    let all = scenarios::theory(link.replay.spec(), &link.replay.values(SimTime::ZERO));
    let [Theory { id: "mean_wait", x: "utilization", y: "wait_ms", law }] = all[..] else {
        panic!("other curves: {all:?}")
    };
    law
}

#[test]
fn the_curve_of_several_servers_goes_through_every_exact_value() {
    let mut points = 0;
    for row in TABLE.lines().skip(1) {
        let cells: Vec<f64> = row.split('\t').map(|cell| cell.parse().unwrap()).collect();
        let [servers, rho, exact] = cells[..] else { panic!("{row}") };
        let wait = law(&format!("servers={servers}")).unwrap().at(rho) / SERVICE_MS;
        assert!((wait / exact - 1.0).abs() < 1e-8, "{row}: {wait}");
        points += 1;
    }
    assert_eq!(points, 65);
}

#[test]
fn a_curve_ends_where_the_servers_are_full() {
    for setting in ["servers=1", "servers=20", "service_distribution=log_normal"] {
        let law = law(setting).unwrap();
        assert_eq!(law.at(0.0), 0.0, "{setting}");
        assert!(law.at(0.999_999) > 100.0 * SERVICE_MS && law.at(1.0).is_nan(), "{setting}");
    }
}

#[test]
fn the_curve_of_the_lab_is_what_its_runs_measure() {
    let points = [
        ("servers=1", 1.0, 0.8, 400e3),
        ("servers=4", 4.0, 0.9, 1e6),
        ("servers=1&service_distribution=constant", 1.0, 0.8, 400e3),
        ("servers=1&service_distribution=uniform", 1.0, 0.7, 400e3),
        ("servers=1&service_distribution=log_normal", 1.0, 0.7, 1e6),
    ];
    let points = points.map(|(setting, servers, rho, service_times)| Point {
        setting: format!("{setting}&arrivals_per_s={}", (rho * servers * 10.0 * 1e6_f64).round() / 1e6),
        service_times,
        vague: 0.02,
        exact: vec![
            (Value::Mean("wait_ms"), law(setting).unwrap().at(rho) / SERVICE_MS),
            (Value::Mean("utilization"), rho),
        ],
    });
    check(&points);
}

#[test]
fn where_no_closed_form_holds_the_lab_says_why() {
    for (setting, part) in [
        ("discipline=processor_sharing", "processor sharing"),
        ("clients=10", "Clients"),
        ("may_wait=false", "may not wait"),
        ("queue_limit=10", "limit"),
        ("patience_ms=100", "give up"),
        ("servers=2&service_distribution=constant", "exponential"),
    ] {
        let reason = law(setting).expect_err(setting);
        assert!(reason.contains(part), "{setting}: {reason}");
    }
}
