//! Each protocol as a table of steps. The explorer and the simulation both go through these tables, and nothing else says
//! what a protocol does.

use super::choices::Protocol;
use super::tables::Params;
use crate::scenarios::distributed_monolith::topology::Layout;

/// What a step does, once it takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Writes the order.
    Order,
    /// Writes how far the checkout has come.
    Record,
    /// Tells the customer.
    Done,
    /// Takes the money.
    Charge,
    /// Blocks the amount on the card.
    Authorize,
    /// Takes the amount that is blocked.
    Capture,
    /// Takes the goods off the stock.
    Reserve,
    /// Takes the goods off the stock for a while.
    ReserveForAWhile,
    /// Makes such a reservation last.
    Confirm,
    /// Makes the payment ready and locks it.
    PreparePayment,
    /// Makes the stock ready and locks its row.
    PrepareStock,
    /// Takes the money that was made ready.
    CommitPayment,
    /// Takes the goods that were made ready.
    CommitStock,
    /// Writes the payment within the open transaction.
    PaymentRow,
    /// Takes the goods within the open transaction, and locks their row.
    StockRow,
    /// Ends the open transaction.
    Commit,
}

/// Who is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callee {
    /// Nobody: the step stays within the checkout and its own database.
    Nobody,
    Payments,
    Inventory,
}

/// What a checkout does about a step that was refused or not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cure {
    /// It does not happen.
    Never,
    /// Leaves everything as it is.
    Stop,
    /// Makes the call again.
    Again,
    /// Releases what it has reserved for a while.
    Release,
    /// Puts the goods back.
    PutBack,
    /// Refunds the charge.
    Refund,
    /// Undoes whatever is prepared or open, and unlocks it.
    RollBack,
}

/// A step of a protocol.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub act: Act,
    pub callee: Callee,
    /// What is done where the call is not answered.
    pub unanswered: Cure,
    /// What is done where it is refused.
    pub refused: Cure,
    /// The step at which a recovery goes on once this one is done, where it writes that down.
    pub log: Option<u8>,
    /// The customer has an answer once it is done.
    pub answers: bool,
}

const fn own(act: Act) -> Step {
    Step {
        act,
        callee: Callee::Nobody,
        unanswered: Cure::Never,
        refused: Cure::Never,
        log: None,
        answers: matches!(act, Act::Done),
    }
}

const fn logged(act: Act, log: u8) -> Step {
    Step { log: Some(log), ..own(act) }
}

/// A step within the database that a stock of none refuses, or that another transaction holds up for too long.
const fn stock(act: Act) -> Step {
    Step { unanswered: Cure::RollBack, refused: Cure::RollBack, ..own(act) }
}

const fn pay(act: Act, unanswered: Cure, refused: Cure) -> Step {
    Step { callee: Callee::Payments, unanswered, refused, ..own(act) }
}

const fn inv(act: Act, unanswered: Cure, refused: Cure) -> Step {
    Step { callee: Callee::Inventory, unanswered, refused, ..own(act) }
}

use Act::{
    Authorize, Capture, Charge, Commit, CommitPayment, CommitStock, Confirm, Done, Order, PaymentRow,
    PreparePayment, PrepareStock, Record, Reserve, ReserveForAWhile, StockRow,
};
use Cure::{Again, Never, PutBack, Refund, Release, RollBack, Stop};

const NAIVE: &[Step] = &[own(Order), pay(Charge, Stop, Stop), inv(Reserve, Stop, Stop), own(Done)];
const RESERVE_FIRST: &[Step] = &[
    own(Order),
    inv(ReserveForAWhile, Stop, Stop),
    pay(Charge, Release, Release),
    inv(Confirm, Stop, Stop),
    own(Done),
];
const AUTHORIZE_CAPTURE: &[Step] =
    &[own(Order), pay(Authorize, Stop, Stop), inv(Reserve, Stop, Stop), pay(Capture, Stop, Stop), own(Done)];
const SAGA: &[Step] = &[
    logged(Order, 1),
    pay(Charge, Again, Stop),
    logged(Record, 3),
    inv(Reserve, Again, Refund),
    logged(Record, 5),
    own(Done),
];
/// The local transaction is one step: it takes the goods and writes the order and what is to be charged.
const OUTBOX: &[Step] =
    &[Step { log: Some(1), answers: true, ..stock(Reserve) }, pay(Charge, Again, PutBack), logged(Record, 3)];
const TWO_PHASE_COMMIT: &[Step] = &[
    own(Order),
    pay(PreparePayment, RollBack, RollBack),
    inv(PrepareStock, RollBack, RollBack),
    logged(Record, 4),
    pay(CommitPayment, Again, Never),
    Step { answers: true, ..inv(CommitStock, Again, Never) },
];
const ONE_DATABASE: &[Step] = &[own(PaymentRow), stock(StockRow), own(Commit), own(Done)];
const PAYMENTS_OUTSIDE: &[Step] = &[stock(StockRow), pay(Charge, RollBack, RollBack), own(Commit), own(Done)];

impl Protocol {
    /// Whether it holds stock and orders in one transaction, for which both must be in one database.
    pub const fn needs_one_database(self) -> bool {
        matches!(self, Self::Outbox | Self::SingleTx)
    }
}

/// By what rules an order is checked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rules {
    pub protocol: Protocol,
    /// Payments are in another database than orders and stock.
    pub payments_outside: bool,
    /// Every call carries a key of its cart.
    pub has_key: bool,
}

impl Rules {
    /// By which an order is checked out that is placed under these values. Without the stock in the database of the
    /// orders, no local transaction can hold both: such a checkout is naive.
    pub fn of(params: &Params) -> Self {
        let is_apart = params.layout == Layout::TwentyServices;
        let needs_one = params.protocol.needs_one_database();
        Self {
            protocol: if is_apart && needs_one { Protocol::Naive } else { params.protocol },
            payments_outside: params.payments_outside,
            has_key: params.idempotency_key,
        }
    }

    /// Its steps, in order.
    pub const fn steps(self) -> &'static [Step] {
        match self.protocol {
            Protocol::Naive => NAIVE,
            Protocol::ReserveFirst => RESERVE_FIRST,
            Protocol::AuthorizeCapture => AUTHORIZE_CAPTURE,
            Protocol::Saga => SAGA,
            Protocol::Outbox => OUTBOX,
            Protocol::TwoPhaseCommit => TWO_PHASE_COMMIT,
            Protocol::SingleTx if self.payments_outside => PAYMENTS_OUTSIDE,
            Protocol::SingleTx => ONE_DATABASE,
        }
    }

    /// Whether somebody looks for checkouts that died, and goes on with them.
    pub const fn recovers(self) -> bool {
        matches!(self.protocol, Protocol::Saga | Protocol::Outbox | Protocol::TwoPhaseCommit)
    }
}
