#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;

fn at(secs: u64) -> SimTime {
    SimTime::from_secs(secs)
}

#[test]
fn a_lapsed_lease_shows_the_message_again_and_each_receipt_says_how_late_it_is() {
    let mut queue = LeasedQueue::new();
    queue.publish(at(0), 'a');
    queue.publish(at(1), 'b');
    let first = queue.receive(at(2), at(32)).unwrap();
    assert_eq!((queue.visible(), queue.in_flight(), queue.next_lapse()), (1, 1, Some(at(32))));
    assert_eq!(queue.lapse(at(31)), None);
    assert_eq!(queue.lapse(at(32)), Some(first));
    // Behind the one that has waited longer.
    assert_eq!(queue.line().map(|message| message.body).collect::<String>(), "ba");
    assert!(!queue.extend(at(32), first, at(60)));
    queue.receive(at(33), at(63)).unwrap();
    let second = queue.receive(at(34), at(64)).unwrap();
    assert_eq!(queue.message(second.slot).unwrap().receives, 2);
    assert_eq!(queue.message(second.slot).unwrap().left(at(49)), 0.5);
    assert_eq!([first, second].map(|receipt| queue.is_leased(receipt)), [false, true]);
    assert_eq!([first, second].map(|receipt| queue.is_newest(receipt)), [false, true]);
    assert_eq!([first, second].map(|receipt| queue.is_held(receipt)), [true, true]);
    assert!(queue.extend(at(40), second, at(90)));
    // The lease runs anew from where it was extended.
    assert_eq!(queue.message(second.slot).unwrap().left(at(40)), 1.0);
    assert_eq!(queue.message(second.slot).unwrap().left(at(80)), 0.2);
    assert_eq!(queue.next_lapse(), Some(at(63)));
    queue.lapse(at(63)).unwrap();
    assert_eq!(queue.lapse(at(90)), Some(second));
    // Late, but nobody else has it.
    assert!(!queue.is_leased(second) && queue.is_newest(second));
    // Whoever has it, it is the same message.
    assert_eq!(queue.delete(first).unwrap().body, 'a');
    assert!(!queue.is_held(second) && queue.delete(second).is_none());
    assert_eq!((queue.len(), queue.visible(), queue.totals().deleted), (1, 1, 1));
}

#[test]
fn what_is_put_aside_keeps_its_age_and_is_new_after_a_redrive() {
    let mut queue = LeasedQueue::new();
    queue.publish(at(0), 'a');
    let receipt = queue.receive(at(1), at(2)).unwrap();
    queue.lapse(at(2)).unwrap();
    assert_eq!(queue.park(at(3)).unwrap().number, 1);
    assert!(queue.delete(receipt).is_none());
    assert_eq!((queue.dead(), queue.oldest(), queue.oldest_dead()), (1, None, Some(at(0))));
    assert_eq!(queue.redrive(at(9)), 1);
    let again = queue.next().unwrap();
    assert_eq!((again.number, again.published, again.receives), (2, at(9), 0));
    assert_eq!(queue.expire().unwrap().body, 'a');
    assert!(queue.is_empty() && queue.next().is_none() && queue.expire().is_none());
    let expected = Totals {
        published: 2,
        deleted: 0,
        expired: 1,
        parked: 1,
        redriven: 1,
        leased: 1,
        lapsed: 1,
        cut_short: 0,
    };
    assert_eq!(queue.totals(), expected);
}

#[test]
fn a_message_that_expires_while_it_is_lent_out_is_gone_for_its_receiver() {
    let mut queue = LeasedQueue::new();
    queue.publish(at(0), ());
    let receipt = queue.receive(at(0), at(9)).unwrap();
    queue.expire().unwrap();
    queue.publish(at(1), ());
    // The slot is used again, the lease is not.
    assert!(!queue.is_newest(receipt) && queue.delete(receipt).is_none());
    assert_eq!((queue.in_flight(), queue.next_lapse(), queue.visible()), (0, None, 1));
    assert_eq!((queue.totals().lapsed, queue.totals().cut_short), (0, 1));
}

#[test]
fn of_a_lease_without_length_nothing_is_left() {
    let mut queue = LeasedQueue::new();
    queue.publish(at(0), ());
    let receipt = queue.receive(at(2), at(2)).unwrap();
    assert_eq!(queue.message(receipt.slot).unwrap().left(at(2)), 0.0);
}

#[test]
fn what_was_put_aside_expires_by_its_age() {
    let mut queue = LeasedQueue::new();
    for body in ['a', 'b', 'c'] {
        queue.publish(at(0), body);
        queue.park(at(1)).unwrap();
    }
    assert_eq!(queue.expire_dead().unwrap().body, 'a');
    assert_eq!(queue.expire_dead().unwrap().body, 'b');
    assert_eq!((queue.dead(), queue.len(), queue.totals().expired, queue.totals().parked), (1, 1, 2, 3));
    assert_eq!(queue.expire_dead().unwrap().body, 'c');
    assert!(queue.expire_dead().is_none() && queue.is_empty());
    assert_eq!(queue.totals().expired, 3);
}
