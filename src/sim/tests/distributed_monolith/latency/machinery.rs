//! Exact counts: tries, budgets, crashes, what is merged by hand, and what takes exactly as long as it may.

use super::{SPEC, at, now, play, played, start};
use warstories_sim::Playable;
use warstories_sim::scenarios::distributed_monolith::Layout;
use warstories_sim::scenarios::distributed_monolith::latency::MonolithLatency;

/// One page, alone: pages come at random, and the first is awaited.
fn alone(setting: &str) -> super::Shop {
    let mut run = start(1, setting);
    while now(&run, "pages_total") < 1.0 {
        let next = run.next_time().unwrap();
        run.advance(next, u64::MAX);
    }
    let rate = SPEC.param("page_rate_per_s").unwrap();
    run.input(warstories_sim::Input::Change { param: rate, value: 0.0 }).unwrap();
    let end = run.now().as_secs_f64() + 200.0;
    play(&mut run, end);
    assert_eq!((now(&run, "pages_total"), now(&run, "pages_open")), (1.0, 0.0));
    run
}

/// A service that answers nobody is asked (1 + r)ᵈ times for a call, where each of d layers of callers may try r times more (B.
/// Beyer et al., "Site Reliability Engineering", 2016, chapter 22): 27 times with two retries in each of three layers. It is
/// all one whether it refuses at once or is never in time, for no layer learns that the one before it has given up.
#[test]
fn a_dead_service_is_asked_once_more_for_each_retry_of_each_layer() {
    for layers in 1..=3 {
        for retries in 0..=5_u32 {
            let law = f64::from((1 + retries).pow(layers));
            let setting = format!("layers={layers}&retries={retries}");
            let refused = alone(&format!("calls_per_page=4&page_timeout_s=60&{setting}&at=0,crash_module"));
            assert_eq!(now(&refused, "service_down"), 1.0);
            // User, Cart and Product answer at once.
            assert_eq!(now(&refused, "call_attempts_total") - 3.0, law, "{setting}");
            assert_eq!(now(&refused, "retries_total"), law - 1.0, "{setting}");
            // The way alone takes 150 ms.
            let late = alone(&format!("calls_per_page=1&call_timeout_ms=100&{setting}"));
            assert_eq!(now(&late, "call_timeout"), 1.0);
            assert_eq!(now(&late, "call_attempts_total"), law, "{setting}");
        }
    }
}

/// A layer that gives up goes on asking for nobody: what comes back then is no goodput. Here each layer waits 400 ms, the way
/// takes 150 ms from each to the next, and Inventory is in time for the last layer half of the time, but never for the page.
#[test]
fn an_answer_that_comes_too_late_for_the_page_is_no_goodput() {
    let setting = "layout=single&calls_per_page=4&work_ms=100&call_timeout_ms=400";
    let late = played(1, &format!("{setting}&layers=3&at=0,topology=split Inventory"), 60.0);
    assert!(now(&late, "call_attempts_total") > 500.0);
    assert_eq!((now(&late, "inventory_goodput_per_s"), now(&late, "pages_ok")), (0.0, 0.0));
    let direct = played(1, &format!("{setting}&at=0,topology=split Inventory"), 60.0);
    assert!(now(&direct, "inventory_goodput_per_s") > 5.0);
}

/// The budget gives a whole retry for each ten calls of a service, from the first call on.
#[test]
fn a_budget_of_a_tenth_gives_a_retry_for_each_ten_calls() {
    let run = played(1, "calls_per_page=4&retries=5&retry_budget_pct=10&at=0,crash_module", 200.0);
    let pages = now(&run, "service_down");
    assert!(pages > 1500.0);
    // Pages under way have called Inventory or not yet; each call that was refused has asked the budget.
    let calls = now(&run, "calls_total");
    let inventory = calls - 3.0 * (calls / 4.0).floor();
    let retries = now(&run, "retries_total");
    assert!((retries - (inventory / 10.0).floor()).abs() <= 1.0, "{retries} retries for {inventory} calls");
}

/// Inventory is down for five minutes, by itself or with the core: every page fails that asks it, and no other. A page of three
/// calls does not ask Inventory; where it is merged, the core is down for that page all the same.
#[test]
fn a_crash_fails_whoever_asks_and_whoever_shares_the_process() {
    for (setting, fails) in [
        ("", true),
        ("calls_per_page=3", false),
        ("layout=core_plus_three", true),
        ("layout=core_plus_three&calls_per_page=3", true),
        ("layout=single&calls_per_page=1", true),
        ("layout=core_plus_three&calls_per_page=3&at=50,topology=split Inventory", false),
    ] {
        let mut run = start(1, &format!("{setting}&at=100,crash_module"));
        play(&mut run, 100.0);
        let before = now(&run, "pages_ok") + now(&run, "pages_open");
        play(&mut run, 399.0);
        let (ok, down) = (now(&run, "pages_ok"), now(&run, "service_down"));
        if fails {
            // Those who had asked it before are answered.
            assert!(ok <= before && down > 2800.0, "{setting}: {ok} of {before}, {down} failed");
        } else {
            assert_eq!(down, 0.0, "{setting}");
        }
        // Up again, everybody is answered who comes from then on.
        play(&mut run, 405.0);
        let down = now(&run, "service_down");
        play(&mut run, 600.0);
        assert_eq!(now(&run, "service_down"), down, "{setting}");
        assert!(now(&run, "pages_ok") > ok + 1700.0, "{setting}");
    }
}

/// What is merged by hand costs no trip. With Inventory alone in the core, a page makes 14 trips.
#[test]
fn a_service_that_is_merged_by_hand_is_asked_without_a_trip() {
    let calls = |setting: &str| now(&alone(setting), "calls_total");
    assert_eq!(calls(""), 15.0);
    assert_eq!(calls("at=0,topology=merge Inventory"), 14.0);
    assert_eq!(calls("at=0,topology=merge all"), 0.0);
    assert_eq!(calls("at=0,topology= MERGE search "), 14.0);
    assert_eq!(calls("layout=core_plus_three"), 3.0);
    assert_eq!(calls("layout=core_plus_three&at=0,topology=split Inventory"), 4.0);
    assert_eq!(calls("layout=single&at=0,topology=split all"), 15.0);
    // Two services that the page does not ask.
    assert_eq!(calls("at=0,topology=merge Media&at=0,topology=merge Audit"), 15.0);
    // A layout undoes it, and what means nothing does nothing.
    assert_eq!(calls("at=0,topology=merge all&at=0,layout=core_plus_three"), 3.0);
    for nonsense in ["", "merge", "split Elephant", "merge ", "unite Cart", "ß merge Cart"] {
        assert_eq!(calls(&format!("at=0,topology={nonsense}")), 15.0, "{nonsense}");
    }
}

/// Batches of five carry 15 questions in three trips, 7 in two, and leave out what is merged.
#[test]
fn batches_carry_what_is_not_merged() {
    for (setting, trips) in [
        ("", 3.0),
        ("calls_per_page=7", 2.0),
        ("calls_per_page=5", 1.0),
        ("calls_per_page=40", 8.0),
        ("layout=core_plus_three", 1.0),
        ("at=0,topology=merge Cart", 3.0),
    ] {
        let run = alone(&format!("call_mode=batched&{setting}"));
        assert_eq!(now(&run, "calls_total"), trips, "{setting}");
        assert_eq!(now(&run, "pages_ok"), 1.0, "{setting}");
    }
}

/// What takes exactly as long as it may is in time. Where all but Inventory is merged and Inventory is down, a call is refused
/// after connection and hop, to the nanosecond; a limit that is shorter by one ends first.
#[test]
fn a_refusal_after_exactly_the_timeout_comes_before_it() {
    let setting = "layout=single&calls_per_page=4&at=0,topology=split Inventory&at=0,crash_module";
    for (timeout, expected) in [(150.0, "service_down"), (149.999_999, "call_timeout")] {
        let run = alone(&format!("{setting}&call_timeout_ms={timeout}"));
        for failure in ["service_down", "call_timeout"] {
            assert_eq!(
                now(&run, failure),
                f64::from(u8::from(failure == expected)),
                "{timeout} ms: {failure}"
            );
        }
    }
}

#[test]
fn layouts_merge_what_their_table_says() {
    let merged = |layout: Layout| layout.core().len();
    assert_eq!(Layout::ALL.map(merged), [0, 15, 20]);
}

/// An action that is taken again while it takes effect does nothing more.
#[test]
fn impatience_costs_nothing() {
    for (setting, action) in [
        ("inventory_workers=2", "brownout"),
        ("", "crash_module"),
        ("layout=core_plus_three", "crash_module"),
        ("layout=core_plus_three", "slow_report"),
    ] {
        let once = played(3, &format!("{setting}&at=20,{action}"), 400.0);
        let again = played(3, &format!("{setting}&at=20,{action}&at=20,{action}&at=60,{action}"), 400.0);
        for metric in 0..SPEC.metrics.len() {
            assert_eq!(once.read(metric), again.read(metric), "{action}: {}", SPEC.metrics[metric].id);
        }
        let nothing = played(3, setting, 400.0);
        assert!((0..SPEC.metrics.len()).any(|metric| once.read(metric) != nothing.read(metric)), "{action}");
    }
}

/// A checkpoint goes its own way and comes to the same.
#[test]
fn a_checkpoint_plays_on_like_the_run_itself() {
    let setting = "layout=core_plus_three&call_mode=parallel&slow_pct=5&hedge_after_ms=300&retries=2&call_timeout_ms=400\
                   &at=5,slow_report&at=9,brownout&at=12,crash_module";
    let mut straight = start(9, setting);
    straight.advance(at(20.0), u64::MAX);
    let mut halting: Box<dyn Playable> = Box::new(start(9, setting));
    while !halting.advance(at(20.0), 97) {
        halting = halting.checkpoint();
    }
    assert_eq!((halting.events(), halting.fingerprint()), (straight.events(), straight.fingerprint()));
    let _: &MonolithLatency = straight.model();
}

/// However fast tries come that nobody can work off, no page is let in while there are too many of them.
#[test]
fn what_is_held_is_bounded() {
    let flood = "page_rate_per_s=50&calls_per_page=40&call_mode=parallel&stages=1&work_ms=1000&workers_per_service=1\
                 &call_timeout_ms=100&retries=5";
    let mut run = start(1, flood);
    run.advance(at(25.0), u64::MAX);
    let (held, turned_away) = (run.live_records(), now(&run, "pool_exhausted"));
    assert!(turned_away > 100.0 && held > 200_000, "{held} held, {turned_away} turned away");
    // Records, and an event for each that is on its way or at work.
    assert!(held < 300_000, "{held}");
    play(&mut run, 30.0);
    assert!(now(&run, "pool_exhausted") > turned_away + 200.0);
}

/// Nobody waits any more for nearly all of these tries, and each of their items is worked on all the same.
#[test]
fn work_that_was_begun_is_done_for_nobody() {
    for (setting, items) in [("calls_per_page=1", 1), ("calls_per_page=5&call_mode=batched", 5)] {
        let mut run = start(1, &format!("{setting}&call_timeout_ms=151&retries=2&at=60,page_rate_per_s=0"));
        play(&mut run, 120.0);
        let (tries, ok) = (now(&run, "call_attempts_total") as u64, now(&run, "pages_ok"));
        assert!(tries > 1500 && ok < 60.0, "{setting}: {tries} tries, {ok} answered");
        let system = run.snapshot();
        let worked_on =
            system.flows.iter().filter(|flow| ["services", "inventory"].contains(&system.nodes[flow.to].id));
        assert_eq!(worked_on.map(|flow| flow.total).sum::<u64>(), tries * items, "{setting}");
    }
}
