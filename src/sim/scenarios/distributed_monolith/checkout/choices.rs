//! What can be chosen: how stock and payment are kept together, whose database the stock is in, and where a fault strikes.

use crate::choices;
use crate::parameter::Choice;
use crate::scenarios::distributed_monolith::topology::Layout;

choices! {
    /// How a checkout moves the stock and the money of one order.
    Protocol {
        /// Writes the order, charges the card, reserves the stock. Whoever fails leaves everything as it is.
        Naive = "naive" "charge, then reserve",
        /// Reserves the stock for a while, charges, then confirms the reservation. A charge that is refused or not
        /// answered releases the reservation.
        ReserveFirst = "reserve_first" "reserve first",
        /// Blocks the amount on the card, reserves the stock, then captures the amount.
        AuthorizeCapture = "authorize_capture" "authorize, then capture",
        /// Writes a durable log between its steps and repeats each call until it is answered. A recovery goes on where
        /// the log ends. If the stock is refused, the money is refunded.
        Saga = "saga" "saga",
        /// Reserves the stock and writes the order and the charge that is still to be made in one local transaction. A
        /// relay then charges until it is answered. Needs the stock in the database of the orders.
        Outbox = "outbox" "outbox",
        /// Asks both sides to prepare, writes its decision, then tells both to commit. What is prepared stays locked
        /// until it is told. Assumes a payment provider that can prepare.
        TwoPhaseCommit = "two_phase_commit" "two-phase commit",
        /// One transaction in one database. Needs the stock in the database of the orders.
        SingleTx = "single_tx" "one transaction",
    }
}

/// Layouts that a checkout tells apart: the stock is in a database of its own, or in that of the orders. One application has
/// one database, as the core has, so that it would only repeat the second.
pub const LAYOUTS: &[Choice] = Layout::CHOICES.split_at(2).0;

choices! {
    /// A place at which one fault can strike a checkout. Steps count from 1, in the order of the listing.
    Place {
        /// Nowhere.
        None = "none" "nowhere",
        /// The checkout dies before its first step.
        Crash1 = "crash_1" "crash before step 1",
        /// It dies before its second step.
        Crash2 = "crash_2" "crash before step 2",
        /// It dies before its third step.
        Crash3 = "crash_3" "crash before step 3",
        /// It dies before its fourth step.
        Crash4 = "crash_4" "crash before step 4",
        /// It dies before its fifth step.
        Crash5 = "crash_5" "crash before step 5",
        /// It dies before its sixth step.
        Crash6 = "crash_6" "crash before step 6",
        /// The request of the second step is lost: nothing is done, and the checkout waits in vain.
        Request2 = "request_2" "request of step 2 lost",
        /// The request of the third step is lost.
        Request3 = "request_3" "request of step 3 lost",
        /// The request of the fourth step is lost.
        Request4 = "request_4" "request of step 4 lost",
        /// The request of the fifth step is lost.
        Request5 = "request_5" "request of step 5 lost",
        /// The request of the sixth step is lost.
        Request6 = "request_6" "request of step 6 lost",
        /// The reply of the second step is lost: everything is done, and the checkout waits in vain.
        Reply2 = "reply_2" "reply of step 2 lost",
        /// The reply of the third step is lost.
        Reply3 = "reply_3" "reply of step 3 lost",
        /// The reply of the fourth step is lost.
        Reply4 = "reply_4" "reply of step 4 lost",
        /// The reply of the fifth step is lost.
        Reply5 = "reply_5" "reply of step 5 lost",
        /// The reply of the sixth step is lost.
        Reply6 = "reply_6" "reply of step 6 lost",
        /// The second step is refused: the card is declined, or the goods are sold out.
        Refused2 = "refused_2" "step 2 refused",
        /// The third step is refused.
        Refused3 = "refused_3" "step 3 refused",
        /// The fourth step is refused.
        Refused4 = "refused_4" "step 4 refused",
    }
}
