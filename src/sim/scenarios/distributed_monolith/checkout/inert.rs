//! Controls that do nothing at present, and why.

use super::steps::{Act, Callee, Cure, Rules};
use super::tables::{Params, Place, Protocol};
use crate::inert::Rule;
use crate::scenarios::distributed_monolith::topology::Layout;

/// What rests which of them; the reason names the control that decides.
pub fn rules(params: &Params) -> Vec<Rule> {
    let rules = Rules::of(params);
    let has = |act: Act| rules.steps().iter().any(|step| step.act == act);
    let needs_one = params.protocol.needs_one_database();
    let is_apart = needs_one && params.layout == Layout::TwentyServices;
    let is_absent = |place: Place| place != Place::None && !place.is_in(rules);
    let has_calls = rules.steps().iter().any(|step| step.callee != Callee::Nobody);
    vec![
        (
            is_apart,
            &["protocol=naive"],
            "\"Layout\" keeps the stock in a database of its own, so checkouts do what \"charge, then reserve\" does.",
        ),
        (!needs_one, &["layout"], "This protocol calls Inventory as a service, wherever it runs."),
        (
            rules.protocol != Protocol::SingleTx,
            &["payments_outside"],
            "Checkouts do not run as \"one transaction\".",
        ),
        (
            !has(Act::ReserveForAWhile),
            &["reservation_ttl_s"],
            "This protocol makes no reservation that expires.",
        ),
        (
            !rules.recovers(),
            &["coordinator_recovery_s"],
            "This protocol has no recovery: nobody looks for dead checkouts.",
        ),
        (
            !rules.steps().iter().any(|step| step.refused == Cure::Refund),
            &["refund_success_pct"],
            "This protocol refunds nothing; only a saga does.",
        ),
        (!has_calls, &["lost_message_pct"], "This protocol calls no other service."),
        (
            is_absent(params.fault_at),
            &["fault_at=none"],
            "Checkouts have no such place; \"Protocol\" decides which they have.",
        ),
        (
            is_absent(params.second_fault_at),
            &["second_fault_at=none"],
            "Checkouts have no such place; \"Protocol\" decides which they have.",
        ),
    ]
}
