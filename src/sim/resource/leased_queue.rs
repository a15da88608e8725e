//! A queue that lends its messages out: at least once, with leases, receipts, retention and a dead-letter queue.

use std::collections::VecDeque;

use super::fifo::{Fifo, NONE, Slab};
use crate::time::SimTime;

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In line, to be received.
    Visible,
    /// Lent to somebody.
    InFlight,
    /// In the dead-letter queue.
    Dead,
}

/// A message with the body `B`.
#[derive(Clone, Copy, Debug)]
pub struct Message<B> {
    /// What it says.
    pub body: B,
    /// Its own number, which a redrive does not keep.
    pub number: u64,
    /// When it was published; its retention counts from here, also in the dead-letter queue.
    pub published: SimTime,
    /// How often it was received.
    pub receives: u32,
    /// Where it is.
    pub place: Place,
    /// Since when it is there.
    pub since: SimTime,
    /// The newest lease; 0 if there is none that could still delete it.
    lease: u64,
    /// When that lease was given or extended, and when it lapses.
    granted: SimTime,
    until: SimTime,
}

impl<B> Message<B> {
    /// The share of its lease that is left at `now`, from 1 (all of it) to 0 (over, or not lent).
    pub fn left(&self, now: SimTime) -> f64 {
        if self.place != Place::InFlight || self.until <= now {
            return 0.0;
        }
        (self.until - now).as_secs_f64() / (self.until - self.granted).as_secs_f64()
    }
}

/// What a receiver gets: with it a message is extended or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Where the queue keeps the message.
    pub slot: u32,
    /// Number of the message.
    pub message: u64,
    /// Number of the lease, never given twice.
    pub lease: u64,
}

impl Receipt {
    /// Names no message.
    pub const NONE: Self = Self { slot: NONE, message: 0, lease: 0 };
}

/// Slots in order of a moment, each with its own. Quick at both ends, where nearly all come and go.
#[derive(Clone, Debug, Default)]
struct InOrder(VecDeque<(SimTime, u32)>);

impl InOrder {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn first(&self) -> Option<&(SimTime, u32)> {
        self.0.front()
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = &(SimTime, u32)> {
        self.0.iter()
    }

    fn insert(&mut self, item: (SimTime, u32)) {
        if self.0.back().is_none_or(|last| *last < item) {
            return self.0.push_back(item);
        }
        self.0.insert(self.0.partition_point(|other| *other < item), item);
    }

    fn remove(&mut self, item: &(SimTime, u32)) {
        if self.first() == Some(item) {
            self.0.pop_front();
        } else if let Ok(place) = self.0.binary_search(item) {
            self.0.remove(place);
        }
    }
}

/// Messages in line, lent out, and put aside.
///
/// A message that is received is hidden until its lease lapses, and then shows again, at the end of the line. What a
/// receipt may do after that is for the owner to say, who can ask how late it is. The queue knows no clock: its owner asks
/// when something is due, and calls again at the end of that moment, which still belongs to leases and retention.
/// Everything takes the logarithm of the number of messages, but for what leaves the middle of a long line.
#[derive(Clone, Debug)]
pub struct LeasedQueue<B> {
    messages: Slab<Message<B>>,
    /// The line, in order of the time since when they are visible.
    line: Fifo,
    /// Messages in line or lent out, and those put aside, the oldest first.
    by_age: InOrder,
    dead: InOrder,
    /// Leases that have not lapsed.
    leases: InOrder,
    numbers: u64,
    totals: Totals,
}

/// What has happened to messages so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Published, redriven ones included.
    pub published: u64,
    /// Deleted by a receipt.
    pub deleted: u64,
    /// Deleted by retention.
    pub expired: u64,
    /// Put aside.
    pub parked: u64,
    /// Taken out of the dead-letter queue, to be published anew.
    pub redriven: u64,
    /// Leases given; the number of each is how many there were with it.
    pub leased: u64,
    /// Leases that lapsed.
    pub lapsed: u64,
    /// Leases that ended before, with their message.
    pub cut_short: u64,
}

impl<B: Copy> LeasedQueue<B> {
    /// No message.
    pub fn new() -> Self {
        Self {
            messages: Slab::default(),
            line: Fifo::default(),
            by_age: InOrder::default(),
            dead: InOrder::default(),
            leases: InOrder::default(),
            numbers: 0,
            totals: Totals::default(),
        }
    }

    /// Messages in line.
    pub fn visible(&self) -> u64 {
        self.line.len() as u64
    }

    /// Messages lent out.
    pub fn in_flight(&self) -> u64 {
        self.leases.len() as u64
    }

    /// Messages put aside.
    pub fn dead(&self) -> u64 {
        self.dead.len() as u64
    }

    /// All messages.
    pub fn len(&self) -> u64 {
        (self.by_age.len() + self.dead.len()) as u64
    }

    /// Whether there is no message at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What has happened so far.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// The message in `slot`; `None` if it is gone.
    pub fn message(&self, slot: u32) -> Option<&Message<B>> {
        self.messages.get(slot)
    }

    /// The body of the message in `slot`, to be changed.
    pub fn body_mut(&mut self, slot: u32) -> Option<&mut B> {
        self.messages.get_mut(slot).map(|message| &mut message.body)
    }

    /// Messages in line, the next first.
    pub fn line(&self) -> impl Iterator<Item = &Message<B>> {
        self.line.iter(&self.messages).filter_map(|slot| self.messages.get(slot))
    }

    /// Messages put aside, the oldest first.
    pub fn parked(&self) -> impl Iterator<Item = &Message<B>> {
        self.dead.iter().filter_map(|(_, slot)| self.messages.get(*slot))
    }

    /// Messages lent out, the lease that lapses next first.
    pub fn lent(&self) -> impl Iterator<Item = &Message<B>> {
        self.leases.iter().filter_map(|(_, slot)| self.messages.get(*slot))
    }

    /// A message is published at `now`, and visible at once.
    pub fn publish(&mut self, now: SimTime, body: B) {
        self.numbers += 1;
        self.totals.published += 1;
        let message = Message {
            body,
            number: self.numbers,
            published: now,
            receives: 0,
            place: Place::Visible,
            since: now,
            lease: 0,
            granted: now,
            until: now,
        };
        let slot = self.messages.insert(message);
        self.by_age.insert((now, slot));
        self.show(now, slot);
    }

    /// The next message in line.
    pub fn next(&self) -> Option<&Message<B>> {
        self.messages.get(self.line.first()?)
    }

    /// Lends out the next message in line from `now` until `until`.
    pub fn receive(&mut self, now: SimTime, until: SimTime) -> Option<Receipt> {
        let slot = self.line.take_first(&mut self.messages)?;
        self.totals.leased += 1;
        let message = &mut self.messages[slot];
        message.receives = message.receives.saturating_add(1);
        (message.place, message.since) = (Place::InFlight, now);
        message.lease = self.totals.leased;
        (message.granted, message.until) = (now, until);
        self.leases.insert((until, slot));
        Some(Receipt { slot, message: message.number, lease: self.totals.leased })
    }

    /// Puts the next message in line aside, into the dead-letter queue. No receipt deletes it any more.
    pub fn park(&mut self, now: SimTime) -> Option<&Message<B>> {
        let slot = self.line.take_first(&mut self.messages)?;
        let message = &mut self.messages[slot];
        (message.place, message.since, message.lease) = (Place::Dead, now, 0);
        self.by_age.remove(&(message.published, slot));
        self.dead.insert((message.published, slot));
        self.totals.parked += 1;
        Some(message)
    }

    /// Whether `receipt` is the newest of a message that is still there.
    pub fn is_newest(&self, receipt: Receipt) -> bool {
        self.message(receipt.slot).is_some_and(|message| message.lease == receipt.lease)
    }

    /// Whether the lease of `receipt` has not lapsed.
    pub fn is_leased(&self, receipt: Receipt) -> bool {
        self.is_newest(receipt) && self.messages[receipt.slot].place == Place::InFlight
    }

    /// Whether the message of `receipt` is in line or lent out, to whomever.
    pub fn is_held(&self, receipt: Receipt) -> bool {
        self.message(receipt.slot)
            .is_some_and(|message| message.number == receipt.message && message.place != Place::Dead)
    }

    /// Whether the lease of `receipt` has not lapsed by `now`; if so, it now does at `until`.
    pub fn extend(&mut self, now: SimTime, receipt: Receipt, until: SimTime) -> bool {
        let runs = self.is_leased(receipt);
        if runs {
            let message = &mut self.messages[receipt.slot];
            self.leases.remove(&(message.until, receipt.slot));
            (message.granted, message.until) = (now, until);
            self.leases.insert((until, receipt.slot));
        }
        runs
    }

    /// Deletes the message of `receipt`, whoever has it by now. Nothing happens if it is gone or put aside.
    pub fn delete(&mut self, receipt: Receipt) -> Option<Message<B>> {
        if !self.is_held(receipt) {
            return None;
        }
        self.totals.deleted += 1;
        Some(self.remove(receipt.slot))
    }

    /// When the next lease lapses.
    pub fn next_lapse(&self) -> Option<SimTime> {
        self.leases.first().map(|(until, _)| *until)
    }

    /// Ends the next lease that lapses by `now`: its message is visible again. Tells which receipt it was.
    pub fn lapse(&mut self, now: SimTime) -> Option<Receipt> {
        let (until, slot) = *self.leases.first()?;
        if until > now {
            return None;
        }
        self.leases.remove(&(until, slot));
        self.totals.lapsed += 1;
        self.show(now, slot);
        let message = &self.messages[slot];
        Some(Receipt { slot, message: message.number, lease: message.lease })
    }

    /// When the oldest message in line or lent out was published.
    pub fn oldest(&self) -> Option<SimTime> {
        self.by_age.first().map(|(published, _)| *published)
    }

    /// When the oldest message put aside was published.
    pub fn oldest_dead(&self) -> Option<SimTime> {
        self.dead.first().map(|(published, _)| *published)
    }

    /// Deletes the oldest message in line or lent out, for its age.
    pub fn expire(&mut self) -> Option<Message<B>> {
        let (_, slot) = *self.by_age.first()?;
        self.totals.expired += 1;
        Some(self.remove(slot))
    }

    /// Deletes the oldest message put aside, for its age.
    pub fn expire_dead(&mut self) -> Option<Message<B>> {
        let (_, slot) = *self.dead.first()?;
        self.totals.expired += 1;
        Some(self.remove(slot))
    }

    /// Publishes anew what was put aside, the oldest first: with another number, another age, and never received.
    /// Tells how many messages there were.
    pub fn redrive(&mut self, now: SimTime) -> u64 {
        let parked = std::mem::take(&mut self.dead);
        for (_, slot) in parked.iter() {
            let body = self.messages[*slot].body;
            self.messages.remove(*slot);
            self.publish(now, body);
        }
        self.totals.redriven += parked.len() as u64;
        parked.len() as u64
    }

    /// Takes a message out of everything that it is in.
    fn remove(&mut self, slot: u32) -> Message<B> {
        let message = self.messages[slot];
        match message.place {
            Place::Visible => self.line.leave(&mut self.messages, slot),
            Place::InFlight => {
                self.leases.remove(&(message.until, slot));
                self.totals.cut_short += 1;
            }
            Place::Dead => {
                self.dead.remove(&(message.published, slot));
            }
        }
        self.by_age.remove(&(message.published, slot));
        self.messages.remove(slot);
        message
    }

    /// To the end of the line.
    fn show(&mut self, now: SimTime, slot: u32) {
        let message = &mut self.messages[slot];
        (message.place, message.since) = (Place::Visible, now);
        self.line.join(&mut self.messages, slot);
    }
}

impl<B: Copy> Default for LeasedQueue<B> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
