//! Messages in any order: one fault, a recovery and a second click that may overtake each other, and a request that comes
//! late. It shows the shortest order after which payment and stock are not as they should be.

use super::attempt::Class;
use super::paths::Paths;
use super::steps::Rules;
use super::tables::Params;
use super::trace::{clicks_again, exchange, participants};
use crate::exhibit::Sequence;
use crate::explore::Protocol;
use crate::format::count;

/// What a person would rather not see, the worst first.
const WORST: [Class; 5] = [
    Class::DoubleCharged,
    Class::ChargedNotReserved,
    Class::DoubleReserved,
    Class::ReservedNotCharged,
    Class::HoldOnly,
];

/// Of all orders with one fault the shortest that ends worst, if one ends badly.
pub fn sequence(params: &Params) -> Sequence {
    let rules = Rules::of(params);
    let clicks_again = clicks_again(params);
    let paths = Paths { rules, clicks_again, faults: 1, any_order: true };
    let found = paths.explore();
    let customer = if clicks_again {
        "and the customer clicks once more after an error"
    } else {
        "and no customer clicks again"
    };
    let suppose = format!(
        "Suppose one fault strikes, which may be a request that comes late, after its caller has given up, {customer}."
    );
    let all = count(found.orders);
    let of = |class: Class| found.verdicts.iter().filter(move |((each, ..), _)| *each == class);
    let Some(worst) = WORST.into_iter().find(|class| of(*class).next().is_some()) else {
        let lead = format!("{suppose} Each of the {all} sequences of messages ends well or fails cleanly.");
        return Sequence { lead, participants: Vec::new(), steps: Vec::new() };
    };
    let orders = of(worst).map(|(_, reached)| reached.orders).sum();
    let shortest = of(worst).map(|(_, reached)| &reached.shortest).min_by_key(|moves| moves.len());
    let mut steps = Vec::new();
    let mut scene = paths.start();
    for each in shortest.into_iter().flatten() {
        let after = paths.apply(&scene, *each);
        steps.push(exchange(rules, &scene, *each, &after));
        scene = after;
    }
    let lead = format!(
        "{suppose} Of the {all} sequences of messages, {} end like this: {}. This is the shortest.",
        count(orders),
        worst.label().to_ascii_lowercase()
    );
    Sequence { lead, participants: participants(), steps }
}
