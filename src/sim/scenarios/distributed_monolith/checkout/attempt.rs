//! One pass of a checkout through its steps, and what it leaves behind: the one place that says what a step, a fault, a
//! crash and a recovery do.

use super::steps::{Act, Callee, Cure, Rules, Step};

/// What can strike a checkout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It dies before the step.
    Crash,
    /// The request is lost: nothing is done, and nobody answers.
    RequestLost,
    /// The reply is lost: everything is done, and nobody answers.
    ReplyLost,
    /// The card is declined, or the goods are sold out. That stays so.
    Refused,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Crash, Self::RequestLost, Self::ReplyLost, Self::Refused];

    /// Whether it can strike such a step at all.
    pub fn can_strike(self, step: &Step) -> bool {
        let calls = step.callee != Callee::Nobody;
        match self {
            Self::Crash => true,
            Self::RequestLost | Self::ReplyLost => calls,
            Self::Refused => calls && step.refused != Cure::Never,
        }
    }
}

/// What has become of an order at rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Charged once and reserved once.
    Ok,
    /// Neither charged nor reserved, and nothing is blocked.
    CleanFail,
    ChargedNotReserved,
    ReservedNotCharged,
    /// Neither charged nor reserved, but the amount is blocked on the card.
    HoldOnly,
    /// Charged more than once, whatever became of the stock.
    DoubleCharged,
    /// Reserved more than once, and charged once at most.
    DoubleReserved,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Ok,
        Self::CleanFail,
        Self::ChargedNotReserved,
        Self::ReservedNotCharged,
        Self::HoldOnly,
        Self::DoubleCharged,
        Self::DoubleReserved,
    ];
}

/// What card and stock say of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cart {
    /// Charges, and those of them that were refunded.
    pub charges: u8,
    pub refunds: u8,
    /// Amounts blocked on the card.
    pub holds: u8,
    /// Times that the goods were taken off the stock, and not put back.
    pub reserved: u8,
    /// Reservations for a while.
    pub temporary: u8,
    pub is_declined: bool,
    pub is_sold_out: bool,
}

impl Cart {
    /// Charges that were not refunded.
    pub const fn net(self) -> u8 {
        self.charges.saturating_sub(self.refunds)
    }

    /// What it is, if nothing more happens.
    pub const fn class(self) -> Class {
        match (self.net(), self.reserved) {
            (2.., _) => Class::DoubleCharged,
            (_, 2..) => Class::DoubleReserved,
            (1, 1) => Class::Ok,
            (1, 0) => Class::ChargedNotReserved,
            (0, 1) => Class::ReservedNotCharged,
            (0, 0) if self.holds > 0 => Class::HoldOnly,
            (0, 0) => Class::CleanFail,
        }
    }
}

/// More than 255 repetitions are counted as 255.
fn add(count: &mut u8, more: u8) {
    *count = count.saturating_add(more);
}

/// How an attempt is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It has not begun.
    #[default]
    Idle,
    /// It is about to make the step at its position.
    Running,
    /// It is dead, and a recovery will find it.
    Crashed,
    /// It came to its end.
    Done,
    /// It ended with an error, or is dead and nobody will find it.
    Failed,
    /// It ended because card or stock said no.
    Refused,
}

/// What a call brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    Yes,
    No,
    None,
}

/// One pass through the steps: the first click of a customer, or the second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attempt {
    pub state: State,
    /// The next step, from 0.
    pub position: u8,
    /// Where a recovery goes on.
    pub log: Option<u8>,
    /// The payment is prepared and locked.
    pub is_prepared: bool,
    /// The row of the stock is locked.
    pub has_row: bool,
    /// What the end of the open transaction makes stand: a payment, goods.
    pub open: (bool, bool),
    /// The customer has an answer.
    pub is_answered: bool,
}

impl Attempt {
    /// One that begins.
    pub fn begin() -> Self {
        Self { state: State::Running, ..Self::default() }
    }

    /// The step that it is about to make.
    pub fn step(&self, rules: Rules) -> Option<&'static Step> {
        rules.steps().get(usize::from(self.position))
    }

    /// Whether that step is a call to another service.
    pub fn calls(&self, rules: Rules) -> bool {
        self.step(rules).is_some_and(|step| step.callee != Callee::Nobody)
    }

    /// Whether something is still to happen to it by itself.
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, State::Running | State::Crashed)
    }

    /// Whether a dead attempt keeps others from what it has locked.
    pub fn blocks(&self) -> bool {
        self.state == State::Crashed && (self.is_prepared || self.has_row)
    }

    /// Whether the customer sees an error.
    pub fn shows_error(&self) -> bool {
        matches!(self.state, State::Failed | State::Crashed) && !self.is_answered
    }

    /// Whether the next step needs the row of the stock, and has it not.
    pub fn needs_row(&self, rules: Rules) -> bool {
        let locks = |step: &Step| matches!(step.act, Act::PrepareStock | Act::StockRow);
        !self.has_row && self.step(rules).is_some_and(locks)
    }

    /// Whether the call under way is known by its key, so that it is not done again. Payments never forget a key;
    /// the inventory does once the goods are back.
    fn is_known(&self, rules: Rules, cart: Cart) -> bool {
        let count = match self.step(rules).map(|step| step.act) {
            Some(Act::Charge | Act::Capture | Act::PreparePayment | Act::CommitPayment | Act::PaymentRow) => {
                cart.charges
            }
            Some(Act::Authorize) => cart.charges | cart.holds,
            Some(Act::Reserve | Act::Confirm | Act::PrepareStock | Act::CommitStock | Act::StockRow) => {
                cart.reserved
            }
            Some(Act::ReserveForAWhile) => cart.reserved | cart.temporary,
            _ => 0,
        };
        rules.has_key && count > 0
    }

    /// Whether `fault` can strike the next step. What is known by its key is not refused.
    pub fn can_suffer(&self, fault: Fault, rules: Rules, cart: Cart) -> bool {
        self.step(rules).is_some_and(|step| fault.can_strike(step))
            && (fault != Fault::Refused || !self.is_known(rules, cart))
    }

    /// The next step takes effect, unless the fault keeps it from that; tells what the checkout learns.
    pub fn call(&mut self, rules: Rules, cart: &mut Cart, fault: Option<Fault>) -> Answer {
        match (fault, self.step(rules).map(|step| step.callee)) {
            (Some(Fault::RequestLost), _) => return Answer::None,
            (Some(Fault::Refused), Some(Callee::Payments)) => cart.is_declined = true,
            (Some(Fault::Refused), _) => cart.is_sold_out = true,
            _ => {}
        }
        let answer = if self.perform(rules, cart) { Answer::Yes } else { Answer::No };
        if fault == Some(Fault::ReplyLost) { Answer::None } else { answer }
    }

    /// What the step does to the cart; tells whether it is done and not refused.
    fn perform(&mut self, rules: Rules, cart: &mut Cart) -> bool {
        let Some(step) = self.step(rules) else { return true };
        let is_new = !self.is_known(rules, *cart);
        let added = u8::from(is_new);
        match step.act {
            Act::Order | Act::Record | Act::Done => {}
            Act::Charge | Act::Authorize | Act::Capture | Act::PreparePayment
                if is_new && cart.is_declined =>
            {
                return false;
            }
            Act::Reserve | Act::ReserveForAWhile | Act::Confirm | Act::PrepareStock | Act::StockRow
                if is_new && cart.is_sold_out =>
            {
                return false;
            }
            // The reservation has expired.
            Act::Confirm if is_new && cart.temporary == 0 => return false,
            Act::Charge => add(&mut cart.charges, added),
            Act::Authorize => add(&mut cart.holds, added),
            Act::Capture => {
                cart.holds = cart.holds.saturating_sub(added);
                add(&mut cart.charges, added);
            }
            Act::Reserve => add(&mut cart.reserved, added),
            Act::ReserveForAWhile => add(&mut cart.temporary, added),
            Act::Confirm => {
                cart.temporary = cart.temporary.saturating_sub(added);
                add(&mut cart.reserved, added);
            }
            Act::PreparePayment => self.is_prepared = true,
            Act::PrepareStock => self.has_row = true,
            Act::CommitPayment => {
                self.is_prepared = false;
                add(&mut cart.charges, added);
            }
            Act::CommitStock => {
                self.has_row = false;
                add(&mut cart.reserved, added);
            }
            Act::PaymentRow => self.open.0 = is_new,
            Act::StockRow => (self.has_row, self.open.1) = (true, is_new),
            Act::Commit => {
                add(&mut cart.charges, self.open.0.into());
                add(&mut cart.reserved, self.open.1.into());
                self.unlock();
            }
        }
        true
    }

    fn unlock(&mut self) {
        (self.is_prepared, self.has_row, self.open) = (false, false, (false, false));
    }

    /// The checkout acts on what it has learned; `refunds_work` says whether a refund succeeds.
    pub fn learn(&mut self, rules: Rules, cart: &mut Cart, answer: Answer, refunds_work: bool) {
        let Some(step) = self.step(rules) else { return };
        let (cure, end) = match answer {
            Answer::Yes => {
                self.log = step.log.or(self.log);
                self.is_answered |= step.answers;
                self.position += 1;
                self.stop_at_end(rules);
                return;
            }
            Answer::None => (step.unanswered, State::Failed),
            Answer::No => (step.refused, State::Refused),
        };
        match cure {
            Cure::Again => return,
            Cure::Never | Cure::Stop => {}
            Cure::Release => cart.temporary = cart.temporary.saturating_sub(1),
            Cure::PutBack => cart.reserved = cart.reserved.saturating_sub(1),
            Cure::Refund => cart.refunds += u8::from(refunds_work && cart.net() > 0),
            Cure::RollBack => self.unlock(),
        }
        self.state = end;
    }

    fn stop_at_end(&mut self, rules: Rules) {
        if self.step(rules).is_none() {
            self.state = State::Done;
        }
    }

    /// The checkout dies. A database rolls back what was open; what is prepared stays locked.
    pub fn crash(&mut self, rules: Rules) {
        if !rules.recovers() {
            self.unlock();
        }
        let is_found = self.log.is_some() || self.is_prepared || self.has_row;
        self.state = if rules.recovers() && is_found { State::Crashed } else { State::Failed };
    }

    /// The recovery finds the dead checkout: it goes on where the log says, or undoes everything.
    pub fn recover(&mut self, rules: Rules) {
        if let Some(position) = self.log {
            (self.state, self.position) = (State::Running, position);
            self.stop_at_end(rules);
        } else {
            self.unlock();
            self.state = State::Failed;
        }
    }
}
