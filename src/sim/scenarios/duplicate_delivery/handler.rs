//! The handler as a list of steps, and what each of them does.

use super::MOST_LAG_S;
use super::keys::Keys;
use super::orders::Hindrance;
use super::tables::{CrashStep, Dedupe, KeyKind, LogPosition, Params};
use crate::time::SimTime;

/// A step of the handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Looks for the marker, claims, or sets the marker if it is absent.
    Check,
    /// Calls the mail service.
    Send,
    /// Writes the log.
    Log,
    /// Sets the marker, or turns the claim into one.
    Mark,
    /// Deletes the message.
    Ack,
}

impl Step {
    /// All steps, in the order in which a handler that has them all goes through them.
    pub const ALL: [Self; 5] = [Self::Check, Self::Send, Self::Log, Self::Mark, Self::Ack];

    /// As the code of the handler calls it.
    pub const fn word(self, dedupe: Dedupe) -> &'static str {
        match (self, dedupe) {
            (Self::Check, Dedupe::MarkFirst) => "set if absent",
            (Self::Check, Dedupe::ClaimLease) => "claim",
            (Self::Check, _) => "check",
            (Self::Send, Dedupe::UniqueKey) => "send with key",
            (Self::Send, _) => "send",
            (Self::Log, _) => "log",
            (Self::Mark, Dedupe::ClaimLease) => "set done",
            (Self::Mark, _) => "mark",
            (Self::Ack, _) => "ack",
        }
    }

    /// The setting by which a worker dies here.
    pub const fn crash(self) -> CrashStep {
        match self {
            Self::Check => CrashStep::Check,
            Self::Send => CrashStep::Send,
            Self::Log => CrashStep::Log,
            Self::Mark => CrashStep::Mark,
            Self::Ack => CrashStep::Ack,
        }
    }
}

/// The steps of a handler, in order.
pub const fn listing(dedupe: Dedupe, log: LogPosition) -> &'static [Step] {
    use Step::{Ack, Check, Log, Mark, Send};
    match (dedupe, log) {
        (Dedupe::None | Dedupe::UniqueKey, LogPosition::AfterSend) => &[Send, Log, Ack],
        (Dedupe::None | Dedupe::UniqueKey, LogPosition::Last) => &[Send, Ack, Log],
        (Dedupe::MarkFirst, LogPosition::AfterSend) => &[Check, Send, Log, Ack],
        (Dedupe::MarkFirst, LogPosition::Last) => &[Check, Send, Ack, Log],
        (Dedupe::CheckThenMark | Dedupe::ClaimLease, LogPosition::AfterSend) => {
            &[Check, Send, Log, Mark, Ack]
        }
        (Dedupe::CheckThenMark | Dedupe::ClaimLease, LogPosition::Last) => &[Check, Send, Mark, Ack, Log],
    }
}

/// What a marker or a key is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The order.
    Order,
    /// The message with this number.
    Message(u64),
    /// One of the order's mails.
    Version(u8),
}

impl Key {
    /// The key of a message of some order: its number, and which of the order's mails it asks for.
    pub const fn new(kind: KeyKind, message: u64, version: u8) -> Self {
        match kind {
            KeyKind::OrderId => Self::Order,
            KeyKind::MessageId => Self::Message(message),
            KeyKind::OrderIdVersion => Self::Version(version),
        }
    }
}

/// One pass through a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attempt {
    /// By which listing.
    pub dedupe: Dedupe,
    pub log: LogPosition,
    /// Its position in the listing.
    pub position: usize,
    pub key: Key,
    /// Which of the order's mails it is about.
    pub version: u8,
    /// It goes straight to the ack, and returns after it.
    pub skips: bool,
    /// What it looked for that had been there, and was there no more.
    pub missed: Missed,
}

/// What could have kept an attempt from mailing again, had it lived longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missed {
    Nothing,
    Claim,
    Marker,
    /// The marker or claim, which the store lost at a failover and would still have.
    Lost,
    Key,
    /// The key, which the mail service did not live to write.
    Unwritten,
}

impl Attempt {
    /// The step it is at; `None` at the end.
    pub fn step(&self) -> Option<Step> {
        listing(self.dedupe, self.log).get(self.position).copied()
    }

    /// Goes on to the next step; one that skips goes to the ack and returns after it.
    pub fn go_on(&mut self) {
        let steps = listing(self.dedupe, self.log);
        let ack = steps.iter().position(|step| *step == Step::Ack).unwrap_or(steps.len());
        self.position = match self.position {
            before if self.skips && before < ack => ack,
            _ if self.skips => steps.len(),
            position => position + 1,
        };
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    /// Somebody is at it. An attempt claims once, so it is never its own.
    Claimed,
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Marker {
    key: Key,
    mark: Mark,
    set: SimTime,
    /// Its last moment. After that it is not there any more, but known to have been.
    until: SimTime,
    /// The store lost it at a failover.
    is_lost: bool,
    version: u8,
}

/// What is remembered of one order outside of its handler.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Memory {
    /// What was written to the marker store, oldest first. Of each key the newest counts that is not lost; those before it
    /// are what a replica may still have in its place.
    markers: Vec<Marker>,
    /// Keys that the mail service has taken.
    keys: Keys,
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing that anybody outside would see.
    Nothing,
    /// The mail was accepted.
    Mailed,
    /// The mail service had the key; what that means for the mail.
    Refused { hindrance: Hindrance },
    /// The mail service died, before the mail was accepted or after it: leaves without an ack.
    Failed { mailed: bool },
    /// There is a marker, so only the ack is left; what that means for the mail.
    Skipped { hindrance: Hindrance },
    /// Somebody else has a claim: leaves without an ack.
    Left,
}

impl Memory {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.markers.clear();
        self.keys.clear();
    }

    /// The step that `attempt` is at, at its end. The ack is the queue's. `dies` says whether the mail service dies between
    /// its two acts, should it come to that.
    pub fn perform(&mut self, attempt: &mut Attempt, now: SimTime, params: &Params, dies: bool) -> Effect {
        let ttl = SimTime::from_secs_f64(params.marker_ttl_s);
        match (attempt.step(), attempt.dedupe) {
            (Some(Step::Check), dedupe) => {
                let claims = dedupe == Dedupe::ClaimLease;
                let marker = self.newest(attempt.key, |marker| !marker.is_lost);
                if let Some(marker) = marker.filter(|marker| now <= marker.until) {
                    match marker.mark {
                        Mark::Done => {
                            attempt.skips = true;
                            let other = marker.version != attempt.version;
                            let hindrance = if other { Hindrance::Suppressed } else { Hindrance::None };
                            return Effect::Skipped { hindrance };
                        }
                        Mark::Claimed if claims => return Effect::Left,
                        Mark::Claimed => {}
                    }
                }
                // Had the store lost nothing, this is what it would have, or what would have expired.
                if let Some(marker) = self.newest(attempt.key, |_| true) {
                    attempt.missed = match marker.mark {
                        Mark::Claimed if !claims => Missed::Nothing,
                        _ if marker.is_lost && now <= marker.until => Missed::Lost,
                        Mark::Claimed => Missed::Claim,
                        Mark::Done => Missed::Marker,
                    };
                }
                match dedupe {
                    Dedupe::MarkFirst => self.set(attempt, Mark::Done, now, ttl),
                    Dedupe::ClaimLease => {
                        let ttl = SimTime::from_secs_f64(params.claim_ttl_s);
                        self.set(attempt, Mark::Claimed, now, ttl);
                    }
                    Dedupe::None | Dedupe::CheckThenMark | Dedupe::UniqueKey => {}
                }
                Effect::Nothing
            }
            (Some(Step::Send), Dedupe::UniqueKey) => self.keys.send(attempt, now, params, dies),
            (Some(Step::Send), _) => Effect::Mailed,
            (Some(Step::Mark), _) => {
                self.set(attempt, Mark::Done, now, ttl);
                Effect::Nothing
            }
            (Some(Step::Log | Step::Ack) | None, _) => Effect::Nothing,
        }
    }

    /// The store loses what was written at `from` or later, and has what was there before; tells whether anything is lost
    /// that has not expired by `now`.
    pub fn lose_since(&mut self, from: SimTime, now: SimTime) -> bool {
        let mut loses = false;
        for marker in self.markers.iter_mut().filter(|marker| !marker.is_lost && marker.set >= from) {
            marker.is_lost = true;
            loses |= now <= marker.until;
        }
        loses
    }

    /// Until when the order's marker is there; `None` if it is not.
    pub fn marked_until(&self, now: SimTime) -> Option<SimTime> {
        let newest = |marker: &&Marker| self.newest(marker.key, |other| !other.is_lost) == Some(**marker);
        let done = |marker: &&Marker| marker.mark == Mark::Done && now <= marker.until;
        self.markers.iter().filter(newest).filter(done).map(|marker| marker.until).max()
    }

    /// Whether the store lost a marker of the order that it would still have.
    pub fn has_lost_marker(&self, now: SimTime) -> bool {
        self.markers.iter().any(|marker| marker.is_lost && marker.mark == Mark::Done && now <= marker.until)
    }

    /// What was written last under this key, of that which `counts`.
    fn newest(&self, key: Key, counts: impl Fn(&Marker) -> bool) -> Option<Marker> {
        self.markers.iter().rev().find(|marker| marker.key == key && counts(marker)).copied()
    }

    fn set(&mut self, attempt: &Attempt, mark: Mark, now: SimTime, ttl: SimTime) {
        let (key, version) = (attempt.key, attempt.version);
        // A replica has all that was written before this, and of that only the newest can come back.
        let copied = now - SimTime::from_secs_f64(MOST_LAG_S);
        let oldest = self.newest(key, |marker| !marker.is_lost && marker.set < copied);
        let oldest = oldest.map(|marker| marker.set);
        self.markers.retain(|marker| marker.key != key || !marker.is_lost && Some(marker.set) >= oldest);
        self.markers.push(Marker { key, mark, set: now, until: now + ttl, is_lost: false, version });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::ParamSet;

    /// A message that is received every second for an hour: of its markers only those are kept that a failover can lose, and
    /// the one that would be there then.
    #[test]
    fn what_every_replica_has_copied_is_kept_once() {
        let (params, mut memory) = (Params::defaults(), Memory::default());
        let mut attempt = Attempt {
            dedupe: Dedupe::CheckThenMark,
            log: LogPosition::Last,
            position: 2,
            key: Key::Order,
            version: 0,
            skips: false,
            missed: Missed::Nothing,
        };
        assert_eq!(attempt.step(), Some(Step::Mark));
        for second in 0..3600 {
            memory.perform(&mut attempt, SimTime::from_secs(second), &params, false);
        }
        let (newest, most) = (SimTime::from_secs(3599), SimTime::from_secs_f64(MOST_LAG_S));
        let set: Vec<SimTime> = memory.markers.iter().map(|marker| marker.set).collect();
        assert_eq!(set.first(), Some(&(newest - most - SimTime::from_secs(1))));
        assert_eq!((set.len(), set.last()), (62, Some(&newest)));
    }
}
