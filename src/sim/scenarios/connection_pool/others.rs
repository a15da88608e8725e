//! The other systems that call the same downstream system.
//!
//! The load that they offer is constant. In processor sharing that alone says how their calls fare. Let `s` be their load
//! in slots, `free` the slots that it leaves, and `n` our calls. Where all share the slots, each call runs at
//! r = (free + s) / (n + m), and a constant load keeps m = s / r of their calls under way: so r = free / n, which is the
//! rate at which ours run. A call of theirs runs as fast as ours at the same moment. Where their load alone exceeds the
//! capacity, what they then do to each other is left out: they are slowed down by our calls only.

use std::collections::VecDeque;

use super::{NORMAL_CALLS, NORMAL_LOAD};
use crate::time::SimTime;

/// Calls a second for which [`NORMAL_CALLS`] slots are busy.
const NORMAL_RATE: f64 = 200.0;
/// How long a call takes while the downstream system has room.
const WORK: SimTime = SimTime::from_nanos((NORMAL_CALLS * 1e9 / NORMAL_RATE) as u64);

/// A call while not all run at full speed.
#[derive(Clone, Copy, Debug)]
struct Call {
    began: SimTime,
    /// The last moment at which its answer is in time.
    deadline: SimTime,
    /// What the virtual clock says when it is done.
    done: f64,
}

/// The calls of the other systems. They come evenly, and each needs as much work as one of ours and waits as long for it.
///
/// While all of them run at full speed nothing is done for each: how many ended follows from the time. They are followed
/// one by one from the moment at which the downstream system is exhausted until the last call that felt it has ended.
/// Until then `served` is a virtual clock, which counts the work done for a call that is under way all the time.
#[derive(Clone, Debug)]
pub struct Others {
    /// Nanoseconds from one call to the next; `None` where there are no calls.
    spacing: Option<u64>,
    /// How long they wait for an answer.
    limit: SimTime,
    /// Since when they come so far apart, and those that came by then.
    since: SimTime,
    before: u64,
    is_slow: bool,
    under_way: VecDeque<Call>,
    served: f64,
    /// By when those under way were last looked at, and when they last ran at less than full speed.
    passed: SimTime,
    eased: SimTime,
    ok: u64,
    timed_out: u64,
}

impl Others {
    /// Their calls, which have come since long before the start of the run, where our share of the normal load is
    /// `share` points and a call waits for `limit`, at least 100 ms.
    pub fn new(share: f64, limit: SimTime) -> Self {
        Self {
            spacing: Self::spacing(share),
            limit,
            since: SimTime::ZERO,
            before: 0,
            is_slow: false,
            under_way: VecDeque::new(),
            served: 0.0,
            passed: SimTime::ZERO,
            eased: SimTime::ZERO,
            ok: 0,
            timed_out: 0,
        }
    }

    /// For each point of their load they make as many calls as we do for each of ours.
    fn spacing(share: f64) -> Option<u64> {
        let rate = NORMAL_RATE * (NORMAL_LOAD - share) / share;
        (rate > 0.0).then(|| SimTime::from_secs_f64(1.0 / rate).nanos())
    }

    /// From `now` on, up to which all time has passed, these hold; a limit for calls that begin then.
    pub fn set(&mut self, now: SimTime, share: f64, limit: SimTime) {
        let spacing = Self::spacing(share);
        if spacing != self.spacing {
            self.follow(now);
            let at = Self::ahead(now);
            (self.before, self.since, self.spacing) = (self.came(at), at, spacing);
            self.eased = at;
        }
        self.limit = limit;
    }

    /// From `from`, up to which all time has passed, to `to` every call ran at this rate, at most 1. Where that is 1 and
    /// nobody is followed, the time passes by itself.
    #[inline]
    pub fn pass(&mut self, from: SimTime, to: SimTime, rate: f64) {
        if rate < 1.0 || self.is_slow {
            self.pass_slowly(from, to, rate);
        }
    }

    #[inline(never)]
    fn pass_slowly(&mut self, from: SimTime, to: SimTime, rate: f64) {
        self.follow(from);
        let (from, to) = (self.passed, Self::ahead(to));
        for index in self.came(from) + 1..=self.came(to) {
            let began = self.began(index);
            let done = self.served + (began - from).as_nanos_f64() * rate + WORK.as_nanos_f64();
            self.under_way.push_back(Call { began, deadline: began + self.limit, done });
        }
        let served = self.served + (to - from).as_nanos_f64() * rate;
        // Whoever came first ends first, and so does the time of whoever came first.
        while let Some(call) = self.under_way.front() {
            if call.done <= served {
                // To the nearest nanosecond: what takes exactly as long as it may is in time.
                let end = from + SimTime::from_nanos(libm::round((call.done - self.served) / rate) as u64);
                if end <= call.deadline { self.ok += 1 } else { self.timed_out += 1 }
            } else if call.deadline < to {
                self.timed_out += 1;
            } else {
                break;
            }
            self.under_way.pop_front();
        }
        (self.served, self.passed) = (served, to);
        if rate < 1.0 {
            self.eased = to;
        } else if self.under_way.front().is_none_or(|call| call.began >= self.eased) {
            self.is_slow = false;
            self.under_way.clear();
        }
    }

    /// Calls that are followed.
    pub fn followed(&self) -> usize {
        self.under_way.len()
    }

    /// Calls that got their answer and that took too long, by `now`, up to which all time has passed.
    pub fn ended(&mut self, now: SimTime) -> (u64, u64) {
        if !self.is_slow {
            self.ok = self.came(now) - self.timed_out;
        }
        (self.ok, self.timed_out)
    }

    /// Calls that came, and those that ended or are under way, by the moment up to which time has passed for certain.
    pub fn accounts(&self, now: SimTime) -> (u64, u64) {
        let mut others = self.clone();
        others.follow(now);
        let (ok, timed_out) = others.ended(now);
        (others.came(others.passed), ok + timed_out + others.under_way.len() as u64)
    }

    /// Follows each call from `now` on, up to which all ran at full speed if none is followed yet.
    fn follow(&mut self, now: SimTime) {
        if self.is_slow {
            return;
        }
        self.ended(now);
        let at = Self::ahead(now);
        (self.is_slow, self.served, self.passed) = (true, 0.0, at);
        for index in self.came(now) + 1..=self.came(at) {
            let began = self.began(index);
            let done = WORK.as_nanos_f64() - (at - began).as_nanos_f64();
            self.under_way.push_back(Call { began, deadline: began + self.limit, done });
        }
    }

    /// The clock by which calls come. It is ahead by the length of a call: a run starts while calls are under way, and
    /// those that are not slowed down have ended by `now` if they came by `now` on this clock.
    fn ahead(now: SimTime) -> SimTime {
        now + WORK
    }

    /// Calls that came by a moment of their clock.
    fn came(&self, at: SimTime) -> u64 {
        self.before + self.spacing.map_or(0, |spacing| (at - self.since).nanos() / spacing)
    }

    /// When a call came, of those that came since they come so far apart.
    fn began(&self, index: u64) -> SimTime {
        self.since + SimTime::from_nanos(self.spacing.unwrap_or(0).saturating_mul(index - self.before))
    }
}
