//! What the diagram and the page beside it say of the shop.

use super::{SPEC, Shop, now, played};
use warstories_sim::snapshot::Health;
use warstories_sim::{Playable, Reading};

/// How a part is doing, in words, and the line below it.
fn part(run: &Shop, id: &str) -> (Health, &'static str, String) {
    let node = run.snapshot().nodes.into_iter().find(|node| node.id == id).unwrap();
    (node.health, node.word, node.detail)
}

#[test]
fn the_diagram_says_what_is_wrong() {
    let say = |setting: &str, secs: f64, id: &str, expected: (Health, &'static str, &str)| {
        let run = played(1, setting, secs);
        let (health, word, detail) = part(&run, id);
        assert_eq!((health, word, detail.as_str()), expected, "{setting}");
    };
    let core = "layout=core_plus_three";
    say("at=10,crash_module", 20.0, "inventory", (Health::Failing, "down", "0 of 20 busy"));
    say("", 20.0, "core", (Health::Fine, "idle", "nothing merged"));
    say(core, 20.0, "inventory", (Health::Fine, "idle", "in the core"));
    say(&format!("{core}&at=10,crash_module"), 20.0, "core", (Health::Failing, "down", "15 merged, 0 busy"));
    let report = (Health::Strained, "all in use", "5 for the cart, 45 for the report");
    say(&format!("{core}&at=10,slow_report"), 60.0, "core", report);
    say("layout=single", 20.0, "services", (Health::Fine, "idle", "all merged"));
    say(
        "at=0,topology=merge all&at=0,topology=split Tax",
        0.0,
        "services",
        (Health::Fine, "idle", "1 service"),
    );
    // The line at the core is long by what the report leaves of it.
    let run = played(1, &format!("{core}&page_timeout_s=60&at=10,slow_report"), 60.0);
    assert_eq!(part(&run, "core_queue").1, "long");
    let run = played(1, "inventory_workers=2&call_timeout_ms=1000&retries=3&at=10,brownout", 60.0);
    assert_eq!((part(&run, "inventory").1, part(&run, "inventory_queue").1), ("slow", "long"));
    assert_eq!(part(&run, "lost").1, "Call timeout");
}

/// Where the curve of the slowest 1 % lies above its threshold, the diagram does not say that all is fine, and the other way
/// round. Both look at the last seconds, so a shop near the threshold may differ for a moment; these stay away from it.
#[test]
fn a_page_beyond_its_threshold_is_slow_in_the_diagram_too() {
    let cart_ms = SPEC.metric("cart_ms").unwrap();
    let [threshold] = SPEC.metrics[cart_ms].thresholds else { panic!("one is expected") };
    for setting in
        ["", "work_ms=40", "call_mode=parallel", "layout=core_plus_three", "slow_pct=3&call_mode=parallel"]
    {
        let run = played(1, setting, 120.0);
        let Reading::Histogram { p99, .. } = run.recent(cart_ms) else { panic!("{setting}") };
        let (health, word, _) = part(&run, "cart");
        let expected =
            if p99 >= threshold.value { (Health::Strained, "slow") } else { (Health::Fine, "under way") };
        assert_eq!((health, word), expected, "{setting}: {p99}");
    }
}

/// What a service that is down is asked is seen on its way there: all tries but those that are still under way.
#[test]
fn a_service_that_is_down_is_seen_to_be_asked() {
    let run = played(1, "calls_per_page=4&layers=3&retries=2&page_rate_per_s=1&at=0,crash_module", 100.0);
    let view = run.snapshot();
    let place = |id| view.nodes.iter().position(|node| node.id == id).unwrap();
    let total = |from, to| {
        let flow = view.flows.iter().find(|flow| (flow.from, flow.to) == (place(from), place(to)));
        flow.unwrap().total as f64
    };
    let failed = now(&run, "service_down");
    assert!(total("cart", "inventory_queue") >= 27.0 * failed && failed > 60.0, "{failed}");
    let tries = total("cart", "inventory_queue") + total("cart", "services_queue");
    assert!((0.0..20.0).contains(&(now(&run, "call_attempts_total") - tries)));
    assert_eq!(total("inventory_queue", "inventory"), 0.0);
}

#[test]
fn controls_that_do_nothing_are_named() {
    let named = |setting: &str| {
        let run = played(1, setting, 1.0);
        run.inert().into_iter().map(|inert| inert.control.id(SPEC)).collect::<Vec<_>>().join(" ")
    };
    let usual = "stages retry_budget_pct slow_ms slow_correlation";
    let no_core = "core_pool_size module_pool_max slow_report";
    assert_eq!(named(""), format!("{usual} {no_core}"));
    assert_eq!(named("call_mode=parallel&retries=1&slow_pct=1"), no_core);
    assert_eq!(named("calls_per_page=3"), format!("{usual} inventory_workers brownout {no_core}"));
    assert_eq!(named("layout=core_plus_three"), format!("{usual} inventory_workers"));
    // What is merged by hand counts as much as what the layout merges.
    assert_eq!(named("at=0,topology=merge Tax"), usual);
    assert_eq!(named("layout=core_plus_three&at=0,topology=split all"), format!("{usual} {no_core}"));
    assert!(named("layout=single").ends_with("retries layers hedge_after_ms"));
}
