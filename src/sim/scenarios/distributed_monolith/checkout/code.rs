//! The checkout as a page shows it: its steps, and under each the ways in which it can fail.

use super::attempt::Fault;
use super::choices::{Place, Protocol};
use super::outcomes::word;
use super::steps::{Act, Callee, Cure, Rules, Step};
use super::tables::{Params, SPEC};
use crate::exhibit::{Code, Line};
use crate::parameter::ParamType;

/// A step as a line of code.
pub fn line(rules: Rules, step: Step) -> &'static str {
    let is_local = step.callee == Callee::Nobody;
    match (step.act, rules.has_key) {
        (Act::Order, _) => "orders.insert(order)",
        (Act::Record, _) if rules.protocol == Protocol::Outbox => "outbox.mark_sent(order)",
        (Act::Record, _) if rules.protocol == Protocol::TwoPhaseCommit => "log.write(\"commit\")",
        (Act::Record, _) => "log.write(step)",
        (Act::Done, _) => "reply(\"thank you\")",
        (Act::Charge, false) => "pay.charge(order)",
        (Act::Charge, true) => "pay.charge(order, key = cart.id)",
        (Act::Authorize, false) => "pay.authorize(order)",
        (Act::Authorize, true) => "pay.authorize(order, key = cart.id)",
        (Act::Capture, false) => "pay.capture(order)",
        (Act::Capture, true) => "pay.capture(order, key = cart.id)",
        (Act::Reserve, _) if is_local => "transaction: reserve, insert order, insert outbox row",
        (Act::Reserve, false) => "inv.reserve(goods)",
        (Act::Reserve, true) => "inv.reserve(goods, key = cart.id)",
        (Act::ReserveForAWhile, false) => "inv.reserve(goods, expires)",
        (Act::ReserveForAWhile, true) => "inv.reserve(goods, expires, key = cart.id)",
        (Act::Confirm, false) => "inv.confirm(goods)",
        (Act::Confirm, true) => "inv.confirm(goods, key = cart.id)",
        (Act::PreparePayment, _) => "pay.prepare(order)",
        (Act::PrepareStock, _) => "inv.prepare(goods)",
        (Act::CommitPayment, false) => "pay.commit()",
        (Act::CommitPayment, true) => "pay.commit(key = cart.id)",
        (Act::CommitStock, false) => "inv.commit()",
        (Act::CommitStock, true) => "inv.commit(key = cart.id)",
        (Act::PaymentRow, _) => "begin; insert payment",
        (Act::StockRow, _) if rules.payments_outside => "begin; update stock",
        (Act::StockRow, _) => "update stock",
        (Act::Commit, _) => "commit",
    }
}

/// What a checkout does about a step that was not answered.
const fn cure(cure: Cure) -> &'static str {
    match cure {
        Cure::Never | Cure::Stop => "stop",
        Cure::Again => "call again",
        Cure::Release => "release, stop",
        Cure::PutBack => "put the goods back, stop",
        Cure::Refund => "refund, stop",
        Cure::RollBack => "roll back, stop",
    }
}

/// The listing under these values. A fault strikes at the marked line; a note says where these rules have no such place.
pub fn code(params: &Params) -> Option<Code> {
    let rules = Rules::of(params);
    let mut lines = Vec::new();
    for place in Place::all(rules) {
        if let Some((at, fault)) = place.strike()
            && let Some(step) = rules.steps().get(usize::from(at))
        {
            let cured = cure(if fault == Fault::Refused { step.refused } else { step.unanswered });
            let text = if fault == Fault::Crash {
                format!("{}. {}", at + 1, line(rules, *step))
            } else {
                format!("    # {}: {cured}", word(fault))
            };
            lines.push(Line { text, value: place.number() });
        }
    }
    let is_absent = params.fault_at != Place::None && !params.fault_at.is_in(rules);
    Some(Code {
        param: SPEC.param("fault_at").ok()?,
        instruction: String::from(
            "Choose a line, or drag the mark to it: the fault strikes the next order there. On the line of a step the checkout dies before it.",
        ),
        meaning: if params.fault_at == Place::None {
            String::from("No fault is placed by hand.")
        } else {
            String::from(
                "The fault strikes one order at the marked line. On the line of a step the checkout dies before it.",
            )
        },
        lines,
        no_line: Line { text: String::from("nowhere: all goes well"), value: Place::None.number() },
        mark: String::from("strikes here"),
        note: is_absent.then(|| String::from("No fault strikes: this protocol has no such place.")),
    })
}
