//! Faults placed by hand: the simulation and the explorer go through the same steps, so they come to the same end.

use super::{CLASSES, ROWS, SPEC, classes, now, play, played, start};
use warstories_sim::exhibit::{Exchange, Exhibit, Sequence};
use warstories_sim::parameter::ParamType;
use warstories_sim::scenario::Scenario;
use warstories_sim::scenarios::distributed_monolith::checkout::{MonolithCheckout, Place, Protocol, Rules};
use warstories_sim::snapshot::Content;
use warstories_sim::{Domain, Playable, Reading, Run, SimTime};

/// One order, and nothing happens to it but what is added.
pub const ALONE: &str = "checkout_rate_per_s=0&inventory_refuse_pct=0&lost_message_pct=0&crash_pct=0";

/// As links spell it.
fn id<T: ParamType>(param: &str, value: T) -> &'static str {
    match SPEC.params[SPEC.param(param).unwrap()].domain {
        Domain::Choice(choices) => choices[value.number() as usize].id,
        _ => panic!("{param} is no choice"),
    }
}

/// A protocol in its layout, and no order but one.
pub fn alone((protocol, payments_outside): (Protocol, bool), has_key: bool, clicks_again: bool) -> String {
    let layout = match protocol {
        Protocol::Outbox | Protocol::SingleTx => "core_plus_three",
        _ => "twenty_services",
    };
    let protocol = id("protocol", protocol);
    let clicks = if clicks_again { 100 } else { 0 };
    format!(
        "{ALONE}&protocol={protocol}&layout={layout}&payments_outside={payments_outside}\
         &idempotency_key={has_key}&customer_retry_pct={clicks}"
    )
}

fn sequence(run: &Run<MonolithCheckout>) -> Sequence {
    match MonolithCheckout::expensive_exhibit("trace", &run.ctx().params) {
        Some(Exhibit::Sequence(sequence)) => sequence,
        other => panic!("no sequence, but {other:?}"),
    }
}

/// What became of the only order, in the words of the table of metrics.
pub fn end(run: &Run<MonolithCheckout>) -> String {
    let classes = classes(run);
    assert_eq!(classes.iter().sum::<u64>(), 1, "{classes:?}");
    let class = classes.iter().position(|count| *count == 1).unwrap();
    SPEC.metrics[SPEC.metric(CLASSES[class]).unwrap()].label.to_lowercase()
}

/// Every place and every pair of places, under each protocol, with and without a key and a second click: 4,500 runs, each of
/// which ends as the explorer's steps say.
#[test]
fn the_simulation_ends_where_the_explorer_does() {
    for row in ROWS {
        let (protocol, payments_outside) = row;
        let places = Place::all(Rules { protocol, payments_outside, has_key: false });
        for (has_key, clicks_again) in [(false, false), (false, true), (true, false), (true, true)] {
            let setting = alone(row, has_key, clicks_again);
            let none = std::iter::once(&Place::None);
            for first in none.clone().chain(&places) {
                for second in none.clone().chain(&places) {
                    let marks = format!(
                        "&fault_at={}&second_fault_at={}",
                        id("fault_at", *first),
                        id("fault_at", *second)
                    );
                    let run = played(&(setting.clone() + &marks), 1200);
                    let lead = sequence(&run).lead;
                    assert!(lead.ends_with(&format!("At rest: {}.", end(&run))), "{setting}{marks}: {lead}");
                    assert_eq!(now(&run, "orders_open"), 0.0);
                }
            }
        }
    }
}

/// What a sequence tells, line by line.
pub fn told(Sequence { participants, steps, .. }: &Sequence) -> Vec<String> {
    let line = |step: &Exchange| {
        format!("{} > {}: {}: {}", participants[step.from], participants[step.to], step.action, step.result)
    };
    steps.iter().map(line).collect()
}

#[test]
fn the_sequence_tells_every_message() {
    let naive = alone((Protocol::Naive, true), false, true);
    assert_eq!(
        sequence(&start(&format!("{naive}&fault_at=reply_2"))).lead,
        "The faults strike where they are set. A customer who sees an error clicks once more. At rest: charged twice."
    );
    assert_eq!(
        told(&sequence(&start(&format!("{naive}&fault_at=reply_2")))),
        [
            "Checkout > Orders: orders.insert(order): done",
            "Checkout > Payments: pay.charge(order): charged, reply lost",
            "Checkout > Customer: answers with an error: ",
            "Customer > Checkout: clicks again: begins anew",
            "Checkout > Orders: orders.insert(order): done",
            "Checkout > Payments: pay.charge(order): charged again",
            "Checkout > Inventory: inv.reserve(goods): reserved",
            "Checkout > Customer: reply(\"thank you\"): done",
        ]
    );
    // What never arrives leads to nobody.
    for (fault, lost) in [("request_2", 1), ("reply_2", 0), ("crash_2", 0)] {
        let steps = sequence(&start(&format!("{naive}&fault_at={fault}"))).steps;
        assert_eq!(steps.iter().filter(|step| step.is_lost).count(), lost, "{fault}");
    }
    let two_phases = alone((Protocol::TwoPhaseCommit, true), true, true);
    assert_eq!(
        told(&sequence(&start(&format!("{two_phases}&fault_at=crash_5")))),
        [
            "Checkout > Orders: orders.insert(order): done",
            "Checkout > Payments: pay.prepare(order): prepared and locked",
            "Checkout > Inventory: inv.prepare(goods): prepared and locked",
            "Checkout > Orders: log.write(\"commit\"): done",
            "Checkout > Checkout: dies, and leaves locks: ",
            "Customer > Customer: no answer: an error: ",
            "Customer > Checkout: clicks again: begins anew",
            "Checkout > Orders: orders.insert(order): done",
            "Checkout > Payments: pay.prepare(order): prepared and locked",
            "Checkout > Inventory: inv.prepare(goods): locked: no answer; rolled back",
            "Checkout > Customer: answers with an error: ",
            "Checkout > Orders: reads the log: goes on at step 5",
            "Checkout > Payments: pay.commit(key = cart.id): charged",
            "Checkout > Inventory: inv.commit(key = cart.id): reserved",
        ]
    );
}

/// What is undone is told with what it is undone for.
#[test]
fn the_sequence_tells_what_is_undone() {
    let last = |row: (Protocol, bool), fault: &str| {
        let setting = format!("{}&fault_at={fault}", alone(row, true, false));
        let told = told(&sequence(&start(&setting)));
        assert_eq!(
            told.iter().filter(|step| step.ends_with("error: ")).count(),
            1,
            "the customer sees it: {told:?}"
        );
        told.into_iter().rfind(|step| !step.ends_with("error: ")).unwrap()
    };
    let told = [
        (
            ROWS[1],
            "request_3",
            "Checkout > Payments: pay.charge(order, key = cart.id): request lost, nothing done; released",
        ),
        (ROWS[1], "crash_3", "Inventory > Inventory: a reservation expires: "),
        (ROWS[3], "refused_4", "Checkout > Inventory: inv.reserve(goods, key = cart.id): refused; refunded"),
        (
            ROWS[4],
            "refused_2",
            "Checkout > Payments: pay.charge(order, key = cart.id): refused; goods put back",
        ),
        (
            ROWS[5],
            "reply_3",
            "Checkout > Inventory: inv.prepare(goods): prepared and locked, reply lost; rolled back",
        ),
        (ROWS[5], "crash_4", "Checkout > Orders: reads the log: no decision; rolled back"),
        (
            ROWS[7],
            "reply_2",
            "Checkout > Payments: pay.charge(order, key = cart.id): charged, reply lost; rolled back",
        ),
        (ROWS[7], "crash_3", "Checkout > Checkout: dies, and its transaction is rolled back: "),
    ];
    for (row, fault, expected) in told {
        assert_eq!(last(row, fault), expected);
    }
}

/// A fault that is set in mid-run strikes the next order, once.
#[test]
fn a_fault_strikes_the_next_order_that_is_placed() {
    let setting =
        format!("{ALONE}&customer_retry_pct=0&at=100,fault_at=crash_3&at=100,checkout_rate_per_s=2");
    let mut run = start(&setting);
    play(&mut run, 100);
    assert_eq!(now(&run, "ok"), 1.0);
    play(&mut run, 200);
    assert_eq!((now(&run, "charged_not_reserved"), now(&run, "crashes_total")), (1.0, 1.0));
    assert!(now(&run, "ok") > 100.0);
}

/// A dead checkout keeps its locks from its crash until it is found, to the second.
#[test]
fn locks_of_the_dead_are_counted_to_the_second() {
    let row = (Protocol::TwoPhaseCommit, true);
    for (crash, is_locked) in [(1, false), (2, false), (3, true), (4, true), (5, true), (6, true)] {
        for outage in [1, 7, 120] {
            let setting =
                format!("{}&fault_at=crash_{crash}&coordinator_recovery_s={outage}", alone(row, true, false));
            let run = played(&setting, 1200);
            let expected = if is_locked { f64::from(outage) } else { 0.0 };
            assert_eq!(now(&run, "lock_blocked_s"), expected, "{setting}");
            assert_eq!(now(&run, "locks_held"), 0.0);
        }
    }
    for other in [Protocol::Saga, Protocol::Outbox] {
        for crash in 1..=3 {
            let run = played(&format!("{}&fault_at=crash_{crash}", alone((other, true), true, false)), 1200);
            assert_eq!(now(&run, "lock_blocked_s"), 0.0, "{other:?}");
        }
    }
}

/// A reservation that is confirmed or released stays so; any other comes back after its time, and not before.
#[test]
fn a_reservation_comes_back_after_its_time() {
    let setting = alone((Protocol::ReserveFirst, true), false, false);
    let mut run = start(&format!("{setting}&fault_at=crash_3&reservation_ttl_s=300"));
    // Reserved after 10 ms and a call.
    run.advance(SimTime::from_nanos(300_229_999_999), u64::MAX);
    assert_eq!(now(&run, "orders_open"), 1.0);
    play(&mut run, 301);
    assert_eq!(end(&run), "failed cleanly");
    // A charge that is not answered releases it, ten seconds later.
    let mut run = start(&format!("{setting}&fault_at=request_3&reservation_ttl_s=300"));
    play(&mut run, 11);
    assert_eq!(end(&run), "failed cleanly");
}

/// Without a fault a customer waits for the steps up to the answer, to the millisecond, and nobody gets anything twice.
#[test]
fn a_checkout_takes_as_long_as_its_steps() {
    let answers = [460.0, 680.0, 680.0, 480.0, 10.0, 900.0, 40.0, 250.0];
    for (row, millis) in ROWS.into_iter().zip(answers) {
        let run = played(&alone(row, false, true), 60);
        let Reading::Histogram { count, max, .. } = run.read(SPEC.metric("checkout_s").unwrap()) else {
            panic!("no histogram")
        };
        assert_eq!((count, libm::round(max * 1000.0)), (1, millis), "{row:?}");
        assert_eq!((now(&run, "charges_total"), now(&run, "taken_usd")), (1.0, 50.0), "{row:?}");
        assert_eq!(now(&run, "ledger_usd"), 0.0);
    }
}

/// Two orders for the same goods at once: the second has its row when the first has committed.
#[test]
fn a_row_is_one_checkouts_at_a_time() {
    let rows = |run: &Run<MonolithCheckout>| {
        let snapshot = run.snapshot();
        let inventory = snapshot.nodes.iter().find(|node| node.id == "inventory").unwrap().content;
        let Content::Slots { used, .. } = inventory else { panic!("no slots") };
        used
    };
    let setting = alone((Protocol::SingleTx, true), false, false).replace("rate_per_s=0", "rate_per_s=20");
    let mut run = start(&setting);
    let mut held = 0.0;
    let samples: u32 = 20_000;
    for step in 1..=samples {
        run.advance(SimTime::from_nanos(u64::from(step) * 50_000_000), u64::MAX);
        held += rows(&run) as f64;
    }
    // Little's law: each holds its row from its first step until its commit, for 230 ms. Samples 50 ms apart see four or five
    // moments of it, 4.6 on average with a variance of .24; those still open have been seen for less.
    let (mean, orders) = (held / f64::from(samples), now(&run, "orders_total"));
    let error = libm::sqrt(orders * 0.24) / f64::from(samples);
    let open = now(&run, "orders_open") * 0.23 / 1000.0;
    let expected = orders * 0.23 / 1000.0;
    assert!((mean - expected).abs() < 4.0 * error + open, "{mean} rows, expected {expected}");
    assert_eq!(now(&run, "clean_fail"), 0.0);
}
