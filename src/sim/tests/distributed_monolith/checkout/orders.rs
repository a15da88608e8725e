//! Messages in any order: recoveries and second clicks that overtake each other, and requests that come late.

use super::faults::{alone, told};
use super::{ROWS, explored, paths, start};
use warstories_sim::exhibit::Exhibit;
use warstories_sim::explore::Protocol as _;
use warstories_sim::scenario::Scenario;
use warstories_sim::scenarios::distributed_monolith::checkout::{
    Class, Fault, MonolithCheckout, Move, Paths, Protocol, Verdict,
};

fn any_order(row: (Protocol, bool), has_key: bool, faults: u8) -> Paths {
    Paths { any_order: true, ..paths(row, has_key, true, faults) }
}

/// Whoever goes on with dead checkouts and repeats calls with a key, neither splits nor doubles an order, whatever comes when,
/// with one fault and with two. Take the key or the recovery away, and some order of messages does.
#[test]
fn a_recovery_and_a_key_stand_any_order_of_messages() {
    for row in ROWS {
        let recovers = matches!(row.0, Protocol::Saga | Protocol::Outbox | Protocol::TwoPhaseCommit);
        for has_key in [true, false] {
            for faults in 1..=2 {
                let (counts, _) = explored(any_order(row, has_key, faults));
                let bad: u64 = counts[2..].iter().sum();
                let is_one = row == (Protocol::SingleTx, false);
                let is_safe = has_key && (recovers || is_one);
                // One fault alone is healed by a second click, where a key keeps it from charging again.
                assert!(bad == 0 || !is_safe, "{row:?}, key {has_key}, {faults} faults: {counts:?}");
                assert!(bad > 0 || is_safe || faults == 1, "{row:?}, key {has_key}: {counts:?}");
            }
        }
    }
}

/// A request that comes late is done all the same, after its caller has stopped, rolled back or released: each call adds to
/// the table one fault that ends as if the reply had been lost, but for what the caller undoes and never asks for again.
#[test]
fn a_late_request_is_done_when_nobody_waits_for_it_any_more() {
    let expected = [
        (ROWS[0], [3, 4, 5, 0, 0, 0, 0]),
        (ROWS[1], [3, 9, 5, 0, 0, 0, 0]),
        (ROWS[2], [3, 4, 0, 5, 5, 0, 0]),
        (ROWS[7], [1, 4, 3, 0, 0, 0, 0]),
    ];
    for (row, expected) in expected {
        for has_key in [true, false] {
            let paths = Paths { clicks_again: false, ..any_order(row, has_key, 1) };
            assert_eq!(explored(paths).0, expected, "{row:?}, key {has_key}");
        }
    }
}

/// A confirmation is under way when the second click gives the goods back: it comes to goods that are not reserved any more.
#[test]
fn a_confirmation_after_the_release_is_refused() {
    let paths = any_order((Protocol::ReserveFirst, true), true, 2);
    let click = [Move::Step(0), Move::Step(0), Move::Step(0), Move::Delay(0), Move::Click];
    let release = [Move::Step(1), Move::Step(1), Move::Strike(1, Fault::RequestLost), Move::Arrive(0)];
    let mut scene = paths.start();
    for each in click.into_iter().chain(release) {
        assert!(paths.moves(&scene).contains(&each), "{each:?}");
        scene = paths.apply(&scene, each);
    }
    assert_eq!(paths.judge(&scene), Some((Class::ChargedNotReserved, 2, false)));
}

/// Every order of messages that ends with each verdict, counted one by one.
fn follow(
    paths: Paths,
    scene: &<Paths as warstories_sim::explore::Protocol>::State,
    ends: &mut Vec<Verdict>,
) {
    let moves = paths.moves(scene);
    if moves.is_empty() {
        ends.extend(paths.judge(scene));
    }
    for each in moves {
        follow(paths, &paths.apply(scene, each), ends);
    }
}

#[test]
fn merging_equal_scenes_loses_no_order() {
    for row in ROWS {
        for has_key in [true, false] {
            let paths = any_order(row, has_key, 1);
            let mut ends = Vec::new();
            follow(paths, &paths.start(), &mut ends);
            let count = |class: Class| {
                ends.iter().filter(|(end, faults, _)| *end == class && *faults == 1).count() as u64
            };
            assert_eq!(explored(paths).0, Class::ALL.map(count), "{row:?}, key {has_key}");
        }
    }
}

/// The quicker customer's orders are among them, so whatever can happen to that one can happen here.
#[test]
fn any_order_knows_every_end_of_the_usual_one() {
    for row in ROWS {
        for has_key in [true, false] {
            for faults in 1..=2 {
                let (usual, _) = explored(paths(row, has_key, true, faults));
                let (any, _) = explored(any_order(row, has_key, faults));
                assert!(usual.iter().zip(any).all(|(usual, any)| *usual <= any), "{row:?}, key {has_key}");
            }
        }
    }
}

fn late(setting: &str) -> (String, Vec<String>) {
    match MonolithCheckout::expensive_exhibit("late", &start(setting).ctx().params) {
        Some(Exhibit::Sequence(sequence)) => (sequence.lead.clone(), told(&sequence)),
        other => panic!("no sequence, but {other:?}"),
    }
}

/// The relay repeats a charge whose first request is under way: without a key both are carried out.
#[test]
fn the_shortest_bad_order_is_told() {
    let (lead, steps) = late(&alone((Protocol::Outbox, true), false, false));
    assert!(lead.ends_with("This is the shortest."), "{lead}");
    assert_eq!(
        steps,
        [
            "Checkout > Orders: transaction: reserve, insert order, insert outbox row: reserved",
            "Checkout > Payments: pay.charge(order): charged, reply lost",
            "Checkout > Payments: pay.charge(order): charged again",
            "Checkout > Orders: outbox.mark_sent(order): done",
        ]
    );
    let (lead, steps) = late(&alone((Protocol::Outbox, true), true, false));
    assert!(lead.ends_with("Each of the 10 sequences of messages ends well or fails cleanly."), "{lead}");
    assert_eq!(steps, [""; 0]);
}
