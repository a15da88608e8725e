//! What a full disk does to the database, in two stages: a table that cannot grow fails one statement at a time; a
//! write-ahead log that cannot get its next segment takes the whole server down.

use super::tables::{Event, Failure, Params};
use super::{LogFlood, until_multiple};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::metric::FailureReason;
use crate::money;
use crate::resource::fluid::Fluid;
use crate::time::SimTime;

/// A segment of the write-ahead log: what the database needs to start or to go on (16 MiB unless it was built otherwise).
pub const SEGMENT: u64 = 16 << 20;
const MIB: u64 = 1 << 20;
/// What a commit takes on a disk that does nothing else, in milliseconds.
const COMMIT_MS: f64 = 5.0;
/// What a commit takes on average at most, in milliseconds.
const MOST_COMMIT_MS: f64 = 500.0;
/// Entries of the server's own log that are kept.
const MOST_ENTRIES: usize = 20;

/// What its states are called, in order.
pub const STATES: &[&str] = &["up", "reads only", "recovering", "down"];

/// How the database is doing, the worse the later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It takes orders.
    #[default]
    Ok,
    /// It reads; no table can grow.
    WriteErrors,
    /// It replays its log and answers nobody.
    Recovery,
    /// It is not running.
    Down,
}

/// What the database writes into its own log, which goes to the journal of the system and not to the volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A row found no space.
    CannotExtend,
    /// The next segment found none.
    Panic,
    /// A checkpoint could not write its own small file.
    CheckpointPanic,
    /// It has stopped on request.
    Stopped,
    /// It replays its log.
    Redo,
    /// Somebody asked meanwhile.
    NotYet,
    /// There is no space to go on after the replay.
    GivesUp,
    /// There is no space even for the file that says that it runs.
    CannotStart,
    /// It takes orders.
    Ready,
}

/// What the database has written about itself, perhaps several times in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was written first, and last.
    pub first: SimTime,
    pub last: SimTime,
    /// What it was.
    pub said: Said,
    /// How often it was written again.
    pub more: u64,
}

/// The database.
#[derive(Clone, Debug, Default)]
pub struct Database {
    state: State,
    /// Whether it came to recovery by a PANIC.
    has_panicked: bool,
    /// What goes into the write-ahead log while no table can grow; and how much had gone there when that began.
    wal: Fluid,
    wal_before: u64,
    /// Rows in the tables on disk, and rows that are only in the write-ahead log.
    in_tables: u64,
    in_wal: u64,
    checkpoint: EventHandle,
    said: Vec<Entry>,
}

impl Database {
    /// How it is doing.
    pub fn state(&self) -> State {
        self.state
    }

    /// Whether it came to its replay by a PANIC, and not by a restart.
    pub fn has_panicked(&self) -> bool {
        self.has_panicked
    }

    /// Rows that somebody who reads can see; none while nobody can.
    pub fn visible_rows(&self) -> u64 {
        if self.state < State::Recovery { self.in_tables + self.in_wal } else { 0 }
    }

    /// Rows that are on disk in one form or the other.
    pub fn durable_rows(&self) -> u64 {
        self.in_tables + self.in_wal
    }

    /// The last entries of its own log.
    pub fn said(&self) -> &[Entry] {
        &self.said
    }

    fn say(&mut self, now: SimTime, said: Said) {
        if let Some(entry) = self.said.last_mut().filter(|entry| entry.said == said) {
            (entry.last, entry.more) = (now, entry.more + 1);
            return;
        }
        if self.said.len() == MOST_ENTRIES {
            self.said.remove(0);
        }
        self.said.push(Entry { first: now, last: now, said, more: 0 });
    }

    /// What is left in hand of the write-ahead log while no table can grow, in bytes.
    fn wal_left(&self, now: SimTime, params: &Params) -> u64 {
        let used = self.wal.bytes(now) - self.wal_before;
        (params.wal_headroom_mib * MIB).saturating_sub(used)
    }

    /// How long it takes until the write-ahead log needs a segment that there is no room for.
    pub fn time_to_panic(&self, now: SimTime, params: &Params) -> SimTime {
        if self.state == State::WriteErrors {
            self.wal.time_for(now, self.wal_left(now, params))
        } else {
            SimTime::MAX
        }
    }
}

impl LogFlood {
    /// An order arrives: one row. What its commit would take is drawn in any case.
    pub(super) fn order(&mut self, ctx: &mut Ctx<Self>) {
        let unit = self.commits.exponential();
        let now = ctx.now();
        let reason = match self.database.state {
            _ if self.is_app_down => Failure::AppRestarting,
            State::Ok => {
                self.database.in_wal += 1;
                ctx.metrics.committed.add_one();
                let mean = (COMMIT_MS / (1.0 - self.disk_load(&ctx.params))).clamp(0.0, MOST_COMMIT_MS);
                ctx.metrics.commit_latency_ms.observe(SimTime::from_millis_f64(unit * mean));
                return;
            }
            State::WriteErrors => {
                self.database.say(now, Said::CannotExtend);
                Failure::HeapExtendEnospc
            }
            State::Recovery => {
                self.database.say(now, Said::NotYet);
                if self.database.has_panicked { Failure::WalPanic } else { Failure::DbRecovering }
            }
            State::Down => Failure::DbDown,
        };
        reason.count(&mut ctx.metrics);
        ctx.metrics.failed_writes.add_one();
        ctx.metrics.lost_orders_usd.enter(money::micros(ctx.params.order_value_usd));
    }

    /// Goes from one state to the next as space and write-ahead log demand.
    pub(super) fn update_database(&mut self, ctx: &mut Ctx<Self>) {
        let (now, params) = (ctx.now(), *ctx.params);
        let space = self.space_for_database(&params);
        let database = &mut self.database;
        if database.state == State::Ok && space == 0 {
            database.state = State::WriteErrors;
            database.wal_before = database.wal.bytes(now);
        } else if database.state == State::WriteErrors && space >= SEGMENT {
            database.state = State::Ok;
        }
        if database.state == State::WriteErrors && database.wal_left(now, &params) == 0 {
            self.panic(Said::Panic, "PANIC: no room for the next WAL segment", ctx);
        }
        let database = &mut self.database;
        let rate = if database.state == State::WriteErrors { params.wal_bytes_s } else { 0 };
        database.wal.set_rate(now, rate);
    }

    fn panic(&mut self, said: Said, told: &'static str, ctx: &mut Ctx<Self>) {
        self.database.say(ctx.now(), said);
        ctx.announce(told);
        self.begin_redo(true, ctx);
    }

    /// Checkpoints come at whole multiples of their interval.
    pub(super) fn plan_checkpoint(&mut self, ctx: &mut Ctx<Self>) {
        ctx.cancel(self.database.checkpoint);
        let every = ctx.params.checkpoint_s;
        self.database.checkpoint = if every > 0 {
            ctx.schedule(until_multiple(ctx.now(), SimTime::ZERO, every), Event::Checkpoint)
        } else {
            EventHandle::NONE
        };
    }

    /// A checkpoint brings the write-ahead log into the tables, and writes a small new file. Where nothing has been
    /// written since the last one, there is none.
    pub(super) fn checkpoint(&mut self, ctx: &mut Ctx<Self>) {
        match self.database.state {
            State::Ok => self.database.in_tables += std::mem::take(&mut self.database.in_wal),
            State::WriteErrors if ctx.params.wal_bytes_s > 0 => {
                self.panic(Said::CheckpointPanic, "PANIC: a checkpoint has no room for its own file", ctx);
            }
            State::WriteErrors | State::Recovery | State::Down => {}
        }
    }

    fn begin_redo(&mut self, has_panicked: bool, ctx: &mut Ctx<Self>) {
        self.database.state = State::Recovery;
        self.database.has_panicked = has_panicked;
        self.database.say(ctx.now(), Said::Redo);
        ctx.schedule(SimTime::from_secs(ctx.params.redo_s), Event::RedoEnd);
    }

    /// The replay is over. What was in the write-ahead log is in the tables, if there is room to say so in a new segment.
    pub(super) fn end_redo(&mut self, ctx: &mut Ctx<Self>) {
        let has_room = self.space_for_database(&ctx.params) >= SEGMENT;
        let database = &mut self.database;
        if has_room {
            database.in_tables += std::mem::take(&mut database.in_wal);
        }
        database.state = if has_room { State::Ok } else { State::Down };
        database.say(ctx.now(), if has_room { Said::Ready } else { Said::GivesUp });
    }

    /// Whether a restart fails at once.
    pub(super) fn cannot_start(&self, params: &Params) -> bool {
        self.database.state != State::Recovery && self.space_for_database(params) == 0
    }

    /// A restart of the database, from whatever state; one that recovers goes on with that. Without any space it does not
    /// even begin to replay.
    pub(super) fn restart_database(&mut self, ctx: &mut Ctx<Self>) {
        let cannot_start = self.cannot_start(&ctx.params);
        let state = self.database.state;
        if matches!(state, State::Ok | State::WriteErrors) {
            self.database.say(ctx.now(), Said::Stopped);
        }
        if state != State::Recovery && !cannot_start {
            self.begin_redo(false, ctx);
        } else if state != State::Recovery {
            self.database.say(ctx.now(), Said::CannotStart);
            self.database.state = State::Down;
            ctx.announce("The database does not start: it has no room even for its lock file");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_own_log_keeps_the_last_entries_and_counts_what_is_repeated() {
        let mut database = Database::default();
        for secs in 0..1000 {
            let said = if secs % 3 == 0 { Said::Panic } else { Said::NotYet };
            database.say(SimTime::from_secs(secs), said);
        }
        assert_eq!(database.said().len(), MOST_ENTRIES);
        let [.., repeated, last] = database.said() else { panic!("no entries") };
        let at = SimTime::from_secs;
        assert_eq!(*last, Entry { first: at(999), last: at(999), said: Said::Panic, more: 0 });
        assert_eq!(*repeated, Entry { first: at(997), last: at(998), said: Said::NotYet, more: 1 });
    }
}
