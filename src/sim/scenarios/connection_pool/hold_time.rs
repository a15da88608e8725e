//! What connections are held for.

use super::ConnectionPool;
use super::flow::{State, Transaction};
use crate::format;
use crate::time::SimTime;
use crate::unit::Unit;

/// Connections that were given back in some time, and what they had been held for, in nanoseconds in all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    connections: u64,
    waiting: u64,
    database: u64,
    downstream: u64,
    asleep: u64,
}

impl Held {
    /// A transaction that holds something gives it back at `now`.
    pub fn add(&mut self, transaction: &Transaction, now: SimTime) {
        let Transaction { began, ready, called, answered, state, held, .. } = *transaction;
        // Where the transaction is now ends now; it has not been where it would have come to after that.
        let until = |is_now: bool, end: SimTime| if is_now { now } else { end };
        let ready = until(state == State::Waiting, ready);
        let called = until(matches!(state, State::Waiting | State::Database), called);
        let answered = until(state != State::Sleeping, answered);
        // The second of two connections was given when the first had waited for it.
        let held = u64::from(held);
        self.connections += held;
        self.waiting += (ready - began).nanos();
        self.database += held * (called - ready).nanos();
        self.downstream += held * (answered - called).nanos();
        self.asleep += held * (now - answered).nanos();
    }

    fn and(self, other: Self) -> Self {
        Self {
            connections: self.connections + other.connections,
            waiting: self.waiting + other.waiting,
            database: self.database + other.database,
            downstream: self.downstream + other.downstream,
            asleep: self.asleep + other.asleep,
        }
    }
}

impl ConnectionPool {
    /// What connections that were given back in the last ten seconds had been held for, on average.
    pub(super) fn hold_time(&self) -> String {
        let Held { connections, waiting, database, downstream, asleep } =
            self.window.held.iter().fold(Held::default(), Held::and);
        if connections == 0 {
            return String::from("No connection was given back in the last ten seconds");
        }
        let mean = |nanos: u64| {
            let millis = nanos as f64 / connections as f64 / 1e6;
            format::quantity(millis, Unit::Milliseconds)
        };
        let all = mean(waiting + database + downstream + asleep);
        let [database, downstream, asleep] = [database, downstream, asleep].map(mean);
        let waiting =
            if waiting > 0 { format!(", {} waiting for a second one", mean(waiting)) } else { String::new() };
        format!(
            "In the last ten seconds a connection was held {all} on average: \
             {database} for the database, {downstream} for the downstream call, {asleep} asleep{waiting}"
        )
    }
}
