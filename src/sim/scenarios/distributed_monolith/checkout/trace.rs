//! What happens to the order at which the faults are set, step by step.

use super::attempt::{Class, Fault, State};
use super::choices::Place;
use super::paths::{Move, Paths, Scene};
use super::steps::{Act, Callee, Rules, Step};
use super::tables::Params;
use super::{code, flow};
use crate::exhibit::{Exchange, Sequence};
use crate::explore::Protocol as _;

/// More moves than an order with two faults has.
const MOST_MOVES: usize = 100;

const CUSTOMER: usize = 0;
const CHECKOUT: usize = 1;
const DATABASE: usize = 2;
const PAYMENTS: usize = 3;
const INVENTORY: usize = 4;

/// Whether the customer of the order is supposed to click once more: if all do.
pub fn clicks_again(params: &Params) -> bool {
    params.customer_retry_pct == 100.0
}

/// Each move under these values, with the scene before it and the scene after it.
fn path(params: &Params) -> Vec<(Scene, Move, Scene)> {
    let marks = flow::marks(params, Rules::of(params));
    let mut due = marks.into_iter().filter_map(Place::strike).peekable();
    let paths =
        Paths { rules: Rules::of(params), clicks_again: clicks_again(params), faults: 2, any_order: false };
    let mut scene = paths.start();
    let mut path = Vec::new();
    while path.len() < MOST_MOVES {
        let moves = paths.moves(&scene);
        let strikes = |each: &&Move| match **each {
            Move::Strike(at, fault) => due.peek() == Some(&(scene.attempts[at].position, fault)),
            _ => false,
        };
        let struck = moves.iter().find(strikes).copied();
        let Some(next) = struck.or_else(|| moves.first().copied()) else { break };
        if struck.is_some() {
            due.next();
        }
        let after = paths.apply(&scene, next);
        path.push((std::mem::replace(&mut scene, after.clone()), next, after));
    }
    path
}

/// What becomes of the order.
pub fn outcome(params: &Params) -> Class {
    path(params).last().map_or(Class::CleanFail, |(.., after)| after.cart.class())
}

/// The faults that are set, one after the other, and what comes of them.
pub fn sequence(params: &Params) -> Sequence {
    let rules = Rules::of(params);
    let steps = path(params)
        .iter()
        .flat_map(|(before, each, after)| {
            [Some(exchange(rules, before, *each, after)), end(before, *each, after)].into_iter().flatten()
        })
        .collect();
    let customer = match params.customer_retry_pct {
        100.0 => "A customer who sees an error clicks once more.",
        0.0 => "No customer clicks again.",
        _ => {
            "Here the customer does not click again; some do, unless \"Customers who click again\" is 0 % or 100 %."
        }
    };
    let set = match flow::marks(params, rules) {
        [Place::None, Place::None] => "No fault is set.",
        _ => "The faults strike where they are set.",
    };
    Sequence {
        lead: format!("{set} {customer} At rest: {}.", outcome(params).label().to_ascii_lowercase()),
        participants: participants(),
        steps,
    }
}

/// Who takes part in a checkout.
pub fn participants() -> Vec<String> {
    ["Customer", "Checkout", "Orders", "Payments", "Inventory"].map(String::from).to_vec()
}

/// What the customer sees where a move ends an attempt badly.
fn end(before: &Scene, each: Move, after: &Scene) -> Option<Exchange> {
    let is_over = |state| matches!(state, State::Failed | State::Refused | State::Crashed);
    let mut attempts = before.attempts.iter().zip(&after.attempts);
    attempts.find(|(was, is)| !is_over(was.state) && is_over(is.state))?;
    let (from, action) = match each {
        Move::Strike(_, Fault::Crash) => (CUSTOMER, "no answer: an error"),
        _ => (CHECKOUT, "answers with an error"),
    };
    Some(Exchange { from, to: CUSTOMER, action: action.to_owned(), result: String::new(), is_lost: false })
}

/// A move as a line of the sequence.
pub fn exchange(rules: Rules, before: &Scene, each: Move, after: &Scene) -> Exchange {
    let at = match each {
        Move::Step(at) | Move::Strike(at, _) | Move::Delay(at) | Move::GiveUp(at) | Move::Recover(at) => at,
        Move::Arrive(late) => before.late[late].map_or(0, |(at, _)| at),
        Move::Click | Move::Expire => 0,
    };
    let (attempt, later) = (&before.attempts[at], &after.attempts[at]);
    let step = match each {
        Move::Arrive(late) => before.late[late].and_then(|(_, step)| rules.steps().get(usize::from(step))),
        _ => attempt.step(rules),
    };
    let (to, action) = step.map_or((CHECKOUT, ""), |step| (called(*step), code::line(rules, *step)));
    let (from, to, action, result) = match each {
        Move::Click => (CUSTOMER, CHECKOUT, "clicks again", String::from("begins anew")),
        Move::Expire => (INVENTORY, INVENTORY, "a reservation expires", String::new()),
        Move::Recover(_) if attempt.log.is_some() => {
            (CHECKOUT, DATABASE, "reads the log", format!("goes on at step {}", later.position + 1))
        }
        Move::Recover(_) => (CHECKOUT, DATABASE, "reads the log", String::from("no decision")),
        Move::GiveUp(_) => (CHECKOUT, to, action, String::from("locked: no answer")),
        Move::Strike(_, Fault::Crash) => {
            let left = match (attempt.has_row, later.blocks()) {
                (_, true) => "dies, and leaves locks",
                (true, false) => "dies, and its transaction is rolled back",
                (false, false) => "dies",
            };
            (CHECKOUT, CHECKOUT, left, String::new())
        }
        Move::Strike(_, Fault::RequestLost) => {
            (CHECKOUT, to, action, "request lost, nothing done".to_owned())
        }
        Move::Strike(_, Fault::ReplyLost) => {
            (CHECKOUT, to, action, format!("{}, reply lost", result(rules, before, after, at)))
        }
        Move::Strike(_, Fault::Refused) | Move::Step(_) => {
            (CHECKOUT, to, action, result(rules, before, after, at).to_owned())
        }
        Move::Delay(_) => (CHECKOUT, to, action, String::from("no answer yet")),
        Move::Arrive(_) if before.cart == after.cart => {
            (CHECKOUT, to, "the late request", "nothing new".to_owned())
        }
        Move::Arrive(_) => (CHECKOUT, to, "the late request", result(rules, before, after, at).to_owned()),
    };
    let undone = if result.is_empty() { "" } else { undone(before, after, at) };
    let is_lost = matches!(each, Move::Strike(_, Fault::RequestLost));
    Exchange { from, to, action: action.to_owned(), result: result + undone, is_lost }
}

fn called(step: Step) -> usize {
    match step.callee {
        Callee::Nobody if step.answers && step.log.is_none() => CUSTOMER,
        Callee::Nobody => DATABASE,
        Callee::Payments => PAYMENTS,
        Callee::Inventory => INVENTORY,
    }
}

/// What a step has changed.
fn result(rules: Rules, before: &Scene, after: &Scene, at: usize) -> &'static str {
    let (was, is) = (before.cart, after.cart);
    let (attempt, later) = (&before.attempts[at], &after.attempts[at]);
    if later.state == State::Refused && attempt.state != State::Refused {
        "refused"
    } else if is.charges > was.charges && is.net() > 1 {
        "charged again"
    } else if is.charges > was.charges && is.reserved > was.reserved {
        "charged and reserved"
    } else if is.charges > was.charges {
        "charged"
    } else if is.reserved > was.reserved && is.reserved > 1 {
        "reserved again"
    } else if is.reserved > was.reserved {
        "reserved"
    } else if is.temporary > was.temporary {
        "reserved for a while"
    } else if is.holds > was.holds {
        "amount blocked"
    } else if attempt
        .step(rules)
        .is_some_and(|step| matches!(step.act, Act::PreparePayment | Act::PrepareStock))
    {
        "prepared and locked"
    } else if attempt.calls(rules) {
        // It is known by its key.
        "known, nothing new"
    } else {
        "done"
    }
}

/// What the checkout has undone, if it has.
fn undone(before: &Scene, after: &Scene, at: usize) -> &'static str {
    let (was, is) = (before.cart, after.cart);
    let (attempt, later) = (&before.attempts[at], &after.attempts[at]);
    if (attempt.has_row || attempt.is_prepared) && matches!(later.state, State::Failed | State::Refused) {
        "; rolled back"
    } else if is.refunds > was.refunds {
        "; refunded"
    } else if is.temporary < was.temporary && is.reserved == was.reserved {
        "; released"
    } else if is.reserved < was.reserved {
        "; goods put back"
    } else {
        ""
    }
}
