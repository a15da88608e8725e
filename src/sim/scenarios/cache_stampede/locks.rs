//! Locks, which let one query through for all who wait at them.

use super::CacheStampede;
use super::database::Query;
use super::tables::{Event, Failure, LockScope};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::resource::fifo::{Fifo, NONE};
use crate::time::SimTime;

/// A lock on a key.
#[derive(Clone, Debug)]
pub struct Lock {
    /// The query of whoever holds it; [`NONE`] where the holder died.
    pub holder: u32,
    expiry: EventHandle,
    /// Requests that wait for its value and are told at once.
    pub line: Fifo,
}

/// Locks that a key may have: one for each process, and one for all.
const SLOTS: u32 = 512;
const FLEET: u32 = SLOTS - 1;

type Context = Ctx<CacheStampede>;

impl CacheStampede {
    /// The name of the lock that a request for `key` in `process` has to take; [`NONE`] where there is none to take.
    pub(super) fn code(key: u32, process: u32, ctx: &Context) -> u32 {
        match ctx.params.lock_scope {
            LockScope::None => NONE,
            LockScope::Process => key * SLOTS + process.min(FLEET - 1),
            LockScope::Fleet => key * SLOTS + FLEET,
        }
    }

    /// A request that found nothing gets the page made, or waits until somebody else has.
    pub(super) fn fetch(&mut self, id: u32, key: u32, process: u32, ctx: &mut Context) {
        let code = Self::code(key, process, ctx);
        if code == NONE {
            self.send_for(id, key, code, ctx);
        } else {
            self.lock_or_wait(id, code, ctx);
        }
    }

    /// A request takes the lock and sends its query, or waits while the lock is held.
    fn lock_or_wait(&mut self, id: u32, code: u32, ctx: &mut Context) {
        if !self.locks.contains_key(&code) {
            if !std::mem::take(&mut self.controls.crash_next) {
                if let Some(query) = self.send_for(id, code / SLOTS, code, ctx) {
                    self.hold(code, query, ctx);
                }
                return;
            }
            self.hold(code, NONE, ctx);
        }
        self.wait(id, code, ctx);
    }

    /// A request waits at a lock: in its line, or until it looks again; and in either case no longer than the fallback
    /// allows.
    fn wait(&mut self, id: u32, code: u32, ctx: &mut Context) {
        let Some(request) = self.requests.get_mut(id) else { return };
        request.code = code;
        let poll = SimTime::from_millis_f64(ctx.params.lock_poll_ms as f64);
        let mut pause = Self::fallback(ctx).map(|longest| request.arrived + longest - ctx.now());
        if poll > SimTime::ZERO {
            pause = Some(pause.map_or(poll, |left| left.min(poll)));
        }
        if let Some(pause) = pause {
            request.look = ctx.schedule_limit(pause, Event::LookAgain(id));
        }
        request.in_line = poll == SimTime::ZERO;
        if request.in_line
            && let Some(lock) = self.locks.get_mut(&code)
        {
            lock.line.join(&mut self.requests, id);
        }
    }

    /// How long a request waits at a lock before it sends a query of its own, if it ever does.
    fn fallback(ctx: &Context) -> Option<SimTime> {
        let longest = ctx.params.lock_fallback_ms;
        (longest > 0.0).then(|| SimTime::from_millis_f64(longest))
    }

    /// A request that waits at a lock looks whether it may go on.
    pub(super) fn look_again(&mut self, id: u32, ctx: &mut Context) {
        self.leave_line(id);
        let Some(request) = self.requests.get(id).copied() else { return };
        if self.finds_result(id, ctx) {
            return;
        }
        if Self::fallback(ctx).is_some_and(|longest| ctx.now() >= request.arrived + longest) {
            self.send_for(id, request.code / SLOTS, NONE, ctx);
        } else {
            self.lock_or_wait(id, request.code, ctx);
        }
    }

    /// Whether a request that waits at a lock finds a page or an error in the cache, with which it is over.
    pub(super) fn finds_result(&mut self, id: u32, ctx: &mut Context) -> bool {
        let code = self.requests.get(id).map_or(NONE, |request| request.code);
        let entry = self.entry(code / SLOTS).copied();
        if entry.is_some_and(|entry| entry.is_fresh) {
            self.answer_waiting(id, ctx);
            return true;
        }
        let is_error = entry.is_some_and(|entry| entry.keeps_error(ctx.now()));
        if is_error {
            self.fail(id, Failure::CachedError, ctx);
        }
        is_error
    }

    /// Sends the query of a request, which fails if it cannot be sent.
    fn send_for(&mut self, id: u32, key: u32, code: u32, ctx: &mut Context) -> Option<u32> {
        match self.send(key, id, code, ctx) {
            Ok(query) => {
                if let Some(request) = self.requests.get_mut(id) {
                    ctx.cancel(request.look);
                    (request.query, request.code, request.sent) = (query, code, ctx.now());
                    request.in_line = false;
                }
                Some(query)
            }
            Err(failure) => {
                self.fail(id, failure, ctx);
                None
            }
        }
    }

    /// The lock is held from now on by whoever sent `query`, or by a process that died.
    pub(super) fn hold(&mut self, code: u32, query: u32, ctx: &mut Context) {
        let life = SimTime::from_secs_f64(ctx.params.lock_ttl_s);
        let expiry = ctx.schedule_limit(life, Event::LockExpires(code));
        let lock = self.locks.entry(code).or_insert_with(|| Lock {
            holder: NONE,
            expiry: EventHandle::NONE,
            line: Fifo::default(),
        });
        (lock.holder, lock.expiry) = (query, expiry);
        if query == NONE {
            ctx.announce("The process that took the lock died: the lock is held until its time is over");
        }
    }

    /// The lock is free. Of those in its line the one who came last takes it: there is the most time left for a query.
    /// In a fleet whose processes look at the lock again and again it is whoever looks next.
    pub(super) fn pass_on(&mut self, code: u32, ctx: &mut Context) {
        let Some(lock) = self.locks.get(&code) else { return };
        ctx.cancel(lock.expiry);
        loop {
            let Some(lock) = self.locks.get_mut(&code) else { return };
            if !lock.line.is_empty() && std::mem::take(&mut self.controls.crash_next) {
                self.hold(code, NONE, ctx);
                return;
            }
            let Some(id) = lock.line.take_last(&mut self.requests) else {
                self.locks.remove(&code);
                return;
            };
            if let Some(query) = self.send_for(id, code / SLOTS, code, ctx) {
                self.hold(code, query, ctx);
                return;
            }
        }
    }

    /// Passes the lock on if this query holds it.
    pub(super) fn pass_on_from(&mut self, query: u32, code: u32, ctx: &mut Context) {
        if self.locks.get(&code).is_some_and(|lock| lock.holder == query) {
            self.pass_on(code, ctx);
        }
    }

    /// A request leaves the line of its lock, if it stands there.
    pub(super) fn leave_line(&mut self, id: u32) {
        let Some(request) = self.requests.get_mut(id) else { return };
        let code = request.code;
        if std::mem::take(&mut request.in_line)
            && let Some(lock) = self.locks.get_mut(&code)
        {
            lock.line.leave(&mut self.requests, id);
        }
    }

    /// The entry is fresh: whoever waits for this query, or in the line of the lock that it was sent under, is answered.
    pub(super) fn hand_out(&mut self, id: u32, query: &Query, ctx: &mut Context) {
        self.answer_waiting(query.request, ctx);
        let mut line = self.take_line(id, query.code, ctx);
        while let Some(waiter) = line.take_first(&mut self.requests) {
            self.answer_waiting(waiter, ctx);
        }
    }

    /// The query has failed: whoever waits for it, or in the line of the lock that it holds, gets the error.
    pub(super) fn share_error(&mut self, id: u32, query: &Query, ctx: &mut Context) {
        self.fail(query.request, Failure::QueryFailed, ctx);
        if self.locks.get(&query.code).is_some_and(|lock| lock.holder == id) {
            let mut line = self.take_line(id, query.code, ctx);
            while let Some(waiter) = line.take_first(&mut self.requests) {
                self.fail(waiter, Failure::QueryFailed, ctx);
            }
        }
    }

    /// Takes everybody out of the line of a lock, which is free if this query holds it.
    fn take_line(&mut self, query: u32, code: u32, ctx: &mut Context) -> Fifo {
        let Some(lock) = self.locks.get_mut(&code) else { return Fifo::default() };
        let line = std::mem::take(&mut lock.line);
        if lock.holder == query {
            ctx.cancel(lock.expiry);
            self.locks.remove(&code);
        }
        line
    }
}
