//! What each order asked for and got, counted exactly, in memory that only orders with work left take.

use super::handler::Memory;
use crate::time::SimTime;

/// Mails that an order can ask for: the confirmation, and once more.
pub const VERSIONS: usize = 2;
/// Mails of a kind from which on a customer complains.
const COMPLAINS_AT: u32 = 3;

/// What may keep a mail from ever being sent, the one that tells most last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hindrance {
    /// Nothing but a marker, if it is never sent.
    #[default]
    None,
    /// The mail service had its key, and had died before it sent the mail.
    Unsent,
    /// Its last message got too old.
    Expired,
    /// It was taken for another mail of the order.
    Suppressed,
}

/// One of the mails that an order asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct MailRequest {
    /// When it was asked for; `None` if it was not.
    pub asked: Option<SimTime>,
    /// How often it was mailed.
    pub mails: u32,
    /// Messages that ask for it and workers that may still send it.
    pub refs: u32,
    /// What has kept it from being mailed.
    pub hindrance: Hindrance,
    /// It can never be mailed any more.
    pub lost: bool,
}

impl MailRequest {
    /// Something keeps it from being mailed.
    pub fn hinder(&mut self, hindrance: Hindrance) {
        self.hindrance = self.hindrance.max(hindrance);
    }
}

/// An order.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// From 0 on, in order of arrival.
    pub number: u64,
    pub mail_requests: [MailRequest; VERSIONS],
    /// Its customer will ask once more.
    pub asks_again: bool,
    /// Its customer has complained.
    pub complained: bool,
    pub memory: Memory,
    is_gone: bool,
}

impl Order {
    /// All its mails.
    pub fn mails(&self) -> u32 {
        self.mail_requests.iter().map(|mail_request| mail_request.mails).sum()
    }

    /// Nothing is left to be done for it.
    fn is_done(&self) -> bool {
        !self.asks_again && self.mail_requests.iter().all(|mail_request| mail_request.refs == 0)
    }

    fn tally(&self) -> Tally {
        let asked = || self.mail_requests.iter().filter(|mail_request| mail_request.asked.is_some());
        Tally {
            orders: 1,
            mails: self.mails().into(),
            once: u64::from(asked().all(|mail_request| mail_request.mails == 1)),
            without: u64::from(self.mails() == 0),
            duplicates: self
                .mail_requests
                .iter()
                .map(|mail_request| u64::from(mail_request.mails.saturating_sub(1)))
                .sum(),
        }
    }
}

/// Orders counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub orders: u64,
    pub mails: u64,
    /// Orders that got each mail they asked for exactly once.
    pub once: u64,
    /// Orders that got none.
    pub without: u64,
    /// Mails beyond the first of a kind.
    pub duplicates: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.orders += other.orders;
        self.mails += other.mails;
        self.once += other.once;
        self.without += other.without;
        self.duplicates += other.duplicates;
    }

    fn subtract(&mut self, other: Self) {
        self.orders -= other.orders;
        self.mails -= other.mails;
        self.once -= other.once;
        self.without -= other.without;
        self.duplicates -= other.duplicates;
    }
}

/// All orders.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    /// Order 0 stays, the others make room when nothing is left to be done for them.
    slots: Vec<Order>,
    free: Vec<u32>,
    all: Tally,
    /// Those among them that made room.
    gone: Tally,
    most_mails: u32,
}

impl Orders {
    /// Orders that are kept one by one, and places that they left.
    pub fn slots(&self) -> u64 {
        self.slots.len() as u64
    }

    /// A new order, which asks for nothing yet; where it is.
    pub fn add(&mut self, asks_again: bool) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Order::default());
            (self.slots.len() - 1) as u32
        });
        let order = &mut self.slots[slot as usize];
        let mut memory = std::mem::take(&mut order.memory);
        memory.clear();
        *order = Order { number: self.all.orders, asks_again, memory, ..Order::default() };
        let tally = order.tally();
        self.all.add(tally);
        slot
    }

    /// The order at `slot`.
    pub fn get(&self, slot: u32) -> &Order {
        &self.slots[slot as usize]
    }

    /// Changes the order at `slot`, and the counts with it.
    pub fn change<R>(&mut self, slot: u32, change: impl FnOnce(&mut Order) -> R) -> R {
        let order = &mut self.slots[slot as usize];
        self.all.subtract(order.tally());
        let result = change(order);
        self.all.add(order.tally());
        self.most_mails = self.most_mails.max(order.mails());
        result
    }

    /// All orders counted.
    pub fn all(&self) -> Tally {
        self.all
    }

    /// All orders counted anew, those that are there one by one.
    pub fn recount(&self) -> Tally {
        let mut all = self.gone;
        self.slots.iter().filter(|order| !order.is_gone).for_each(|order| all.add(order.tally()));
        all
    }

    /// Messages and workers that may still send a mail, as the orders count them.
    pub fn refs(&self) -> u64 {
        let refs = |order: &Order| {
            order.mail_requests.iter().map(|mail_request| u64::from(mail_request.refs)).sum::<u64>()
        };
        self.slots.iter().filter(|order| !order.is_gone).map(refs).sum()
    }

    /// Mails of the order that got most.
    pub fn most_mails(&self) -> u32 {
        self.most_mails
    }

    /// The marker store loses what was written at `from` or later; of how many orders that are not done it loses something
    /// that has not expired by `now`.
    pub fn lose_since(&mut self, from: SimTime, now: SimTime) -> u64 {
        let there = self.slots.iter_mut().filter(|order| !order.is_gone);
        there.map(|order| u64::from(order.memory.lose_since(from, now) && !order.is_done())).sum()
    }

    /// The order at `slot` complains if it has reason to, and has not yet; tells whether it does.
    pub fn complain(&mut self, slot: u32) -> bool {
        let order = &mut self.slots[slot as usize];
        let has_reason = order
            .mail_requests
            .iter()
            .any(|mail_request| mail_request.mails >= COMPLAINS_AT || mail_request.lost);
        let complains = has_reason && !order.complained;
        order.complained |= complains;
        complains
    }

    /// The order at `slot` makes room if nothing is left to be done for it.
    pub fn forget_if_done(&mut self, slot: u32) {
        let order = &mut self.slots[slot as usize];
        if order.is_done() && order.number > 0 && !order.is_gone {
            order.is_gone = true;
            self.gone.add(order.tally());
            self.free.push(slot);
        }
    }
}
