//! What becomes of an order, for every protocol and every fault, or every pair of faults: explored, and each entry a link to
//! the run that comes to it.

use super::attempt::{Class, Fault};
use super::choices::{Place, Protocol};
use super::paths::{Move, Paths};
use super::steps::Rules;
use super::tables::{Params, SPEC};
use super::trace;
use crate::exhibit::{Finding, Row, Table};
use crate::explore::Protocol as _;
use crate::format;
use crate::metric::FailureReason;
use crate::parameter::ParamType;
use crate::replay::Replay;
use crate::scenarios::distributed_monolith::topology::Layout;
use crate::time::SimTime;

/// Each protocol, whether payments are outside, and the head of its row.
pub const ROWS: [(Protocol, bool, &str); 8] = [
    (Protocol::Naive, true, "charge, then reserve"),
    (Protocol::ReserveFirst, true, "reserve first"),
    (Protocol::AuthorizeCapture, true, "authorize, then capture"),
    (Protocol::Saga, true, "saga"),
    (Protocol::Outbox, true, "outbox"),
    (Protocol::TwoPhaseCommit, true, "two-phase commit"),
    (Protocol::SingleTx, false, "one transaction, one database"),
    (Protocol::SingleTx, true, "one transaction, payments outside"),
];

/// When everything is over in a run with the usual outage and the usual reservations.
pub const END: SimTime = SimTime::from_secs(1200);

impl Class {
    /// As people read it.
    pub fn label(self) -> &'static str {
        match self.failure() {
            Some(failure) => failure.label(),
            None => "Charged and reserved",
        }
    }
}

/// The order of a run in which nothing happens but what is set.
pub fn replay(rules: Rules, clicks_again: bool, places: &[Place]) -> Replay {
    let layout =
        if rules.protocol.needs_one_database() { Layout::CorePlusThree } else { Layout::TwentyServices };
    let place = |at: usize| places.get(at).copied().unwrap_or(Place::None).number();
    let values = [
        ("checkout_rate_per_s", 0.0),
        ("layout", layout.number()),
        ("protocol", rules.protocol.number()),
        ("payments_outside", rules.payments_outside.number()),
        ("idempotency_key", rules.has_key.number()),
        ("customer_retry_pct", if clicks_again { 100.0 } else { 0.0 }),
        ("inventory_refuse_pct", 0.0),
        ("lost_message_pct", 0.0),
        ("crash_pct", 0.0),
        ("fault_at", place(0)),
        ("second_fault_at", place(1)),
    ];
    let mut replay = Replay::new(&SPEC);
    for (id, value) in values {
        if let Ok(param) = SPEC.param(id) {
            replay.set_start(param, value);
        }
    }
    replay
}

/// The places of the faults in a path.
pub fn places(paths: Paths, moves: &[Move]) -> Vec<Place> {
    let mut scene = paths.start();
    let mut places = Vec::new();
    for each in moves {
        if let Move::Strike(at, fault) = *each {
            places.push(Place::of(scene.attempts[at].position, fault));
        }
        scene = paths.apply(&scene, *each);
    }
    places
}

/// The outcomes of all faults, or of all pairs of faults, under each protocol, with the key and the customer of these values.
pub fn table(params: &Params, faults: u8) -> Table {
    let clicks_again = trace::clicks_again(params);
    let here = Rules::of(params);
    let row = |(protocol, payments_outside, head): (Protocol, bool, &str)| {
        let rules = Rules { protocol, payments_outside, has_key: params.idempotency_key };
        row(Paths { rules, clicks_again, faults, any_order: false }, head)
    };
    let is_here = |(protocol, outside, _): &(Protocol, bool, &str)| {
        let is_apart = *protocol != Protocol::SingleTx || *outside == here.payments_outside;
        *protocol == here.protocol && is_apart
    };
    let counted = if faults == 1 {
        "How many of the places at which one fault can strike lead there"
    } else {
        "How many of the pairs of places, at which one fault strikes and then another, lead there"
    };
    let key = if params.idempotency_key { "with a key on every call" } else { "without a key" };
    let customer = if clicks_again {
        "a customer who clicks once more after an error"
    } else {
        "a customer who clicks once"
    };
    let class = trace::outcome(params);
    let is_fault = faults == 1 && params.fault_at != Place::None && params.second_fault_at == Place::None;
    Table {
        legend: format!(
            "{counted}, {key} and for {customer}. Refunds succeed. Blocked: where something stays locked until the coordinator is back, which is counted beside what is left at rest."
        ),
        findings: vec![String::from(if faults == 1 { "one fault" } else { "two faults" })],
        axis: String::from("at rest"),
        columns: Class::ALL
            .iter()
            .map(|class| class.label().to_ascii_lowercase())
            .chain([String::from("blocked")])
            .collect(),
        rows: ROWS.map(row).to_vec(),
        here: ROWS
            .iter()
            .position(is_here)
            .zip(Class::ALL.iter().position(|each| *each == class))
            .filter(|_| is_fault),
    }
}

/// The outcomes of one protocol: a cell for each class, and one for what is blocked on the way.
fn row(paths: Paths, head: &str) -> Row {
    let found = paths.explore();
    let reached = |is_in: &dyn Fn(Class, bool) -> bool| {
        let all = found
            .verdicts
            .iter()
            .filter(|((class, faults, blocked), _)| *faults == paths.faults && is_in(*class, *blocked));
        let mut count = 0;
        let mut shortest: Option<&[Move]> = None;
        for (_, each) in all {
            count += each.orders;
            if shortest.is_none_or(|known| each.shortest.len() < known.len()) {
                shortest = Some(&each.shortest);
            }
        }
        shortest.map(|moves| (count, moves))
    };
    let cell = |found: Option<(u64, &[Move])>, words: &str| {
        let finding = found.map(|(count, moves)| Finding {
            text: format::count(count),
            words: format!("{} of them: {words}", format::count(count)),
            link: replay(paths.rules, paths.clicks_again, &places(paths, moves)).print(Some(END)),
        });
        finding.into_iter().collect()
    };
    let classes =
        Class::ALL.map(|class| cell(reached(&|each, _| each == class), &class.label().to_ascii_lowercase()));
    let blocked = cell(reached(&|_, blocked| blocked), "something stays locked on the way");
    Row { head: head.to_owned(), cells: classes.into_iter().chain([blocked]).collect() }
}

/// All kinds of faults, in words.
pub const fn word(fault: Fault) -> &'static str {
    match fault {
        Fault::Crash => "the checkout dies here",
        Fault::RequestLost => "the request is lost",
        Fault::ReplyLost => "the reply is lost",
        Fault::Refused => "it is refused",
    }
}
