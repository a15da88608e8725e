//! What the team does, and what each second says.

use super::tables::{Action, ArrivalMode};
use super::{CacheStampede, SECOND};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::resource::rolling::Rolling;
use crate::time::SimTime;

/// What was decided, and what goes on because of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Controls {
    pub is_shut: bool,
    pub crash_next: bool,
    /// While the database restarts: the event at which it is up.
    pub up_again: Option<EventHandle>,
    /// It has been restarted, and no query has ended since.
    pub is_cold: bool,
}

/// What has happened in the second under way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Second {
    pub asked: u64,
    pub hits: u64,
    pub good: u64,
    pub slow: u64,
    pub stale: u64,
    pub failed: u64,
}

/// Whether the site does what it should, and since when it has not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trouble {
    /// Requests answered in each of the last ten seconds.
    good: Rolling<u64, 10>,
    /// The first miss since the last second in which everything was well.
    first_miss: Option<SimTime>,
    began: Option<SimTime>,
}

/// Goodput in proportion to the demand, above which all is well.
const WELL: f64 = 0.95;

type Context = Ctx<CacheStampede>;

impl CacheStampede {
    pub(super) fn take_action(&mut self, action: Action, ctx: &mut Context) {
        match action {
            Action::RestartDatabase => self.restart(ctx),
            Action::WarmUp => self.warm_up(ctx),
            Action::Shed => self.controls.is_shut = true,
            Action::Unshed => self.controls.is_shut = false,
            Action::EnableLock | Action::EnableStale | Action::SetCap => {}
            Action::CrashHolder => self.controls.crash_next = true,
            Action::PurgeCache => self.purge(ctx),
            Action::BreakingNews => self.break_news(ctx),
        }
    }

    pub(super) fn come_up(&mut self) {
        self.controls.up_again = None;
        self.controls.is_cold = true;
    }

    pub(super) fn note_miss(&mut self, now: SimTime) {
        self.trouble.first_miss.get_or_insert(now);
    }

    /// Requests a second, if every one of them were answered at once.
    pub(super) fn demand(ctx: &Context) -> f64 {
        match ctx.params.arrival_mode {
            ArrivalMode::Closed => ctx.params.users as f64 / ctx.params.think_s,
            ArrivalMode::Open => ctx.params.arrival_rps,
        }
    }

    /// A second is over.
    pub(super) fn count_second(&mut self, ctx: &mut Context) {
        let now = ctx.now();
        let Second { asked, hits, good, slow, stale, failed } = std::mem::take(&mut self.second);
        let metrics = &mut ctx.metrics;
        metrics.goodput_rps.show(now);
        if asked > 0 {
            metrics.hit_ratio.set(now, 100.0 * hits as f64 / asked as f64);
        }
        metrics.silent_s.set(now, (now - self.last_good).as_secs_f64());
        // The 99th percentile is at most 100 ms where at most one answer in a hundred took longer.
        if good > 0 && slow * 100 <= good && stale == 0 && failed == 0 {
            metrics.fresh_fast_s.add_one();
        }
        let trouble = &mut self.trouble;
        *trouble.good.at(now) = good;
        let seconds = Rolling::<u64, 10>::seconds(now);
        metrics.goodput_10s_rps.set(now, trouble.good.iter().sum::<u64>() as f64 / seconds);
        // Answers that were waited for come all at once: no second makes up for another.
        let demand = Self::demand(ctx);
        let most = demand + 2.0 * libm::sqrt(demand);
        let good: f64 = trouble.good.iter().map(|good| (good as f64).min(most)).sum();
        let is_well = seconds < 10.0 || good >= WELL * 10.0 * demand;
        // Few readers come unevenly, which is no trouble.
        let is_ill = !is_well && good < WELL * 10.0 * demand - 3.0 * libm::sqrt(10.0 * demand);
        if is_ill && trouble.began.is_none() {
            trouble.began = Some(trouble.first_miss.unwrap_or(now - SECOND));
        }
        if let Some(began) = trouble.began {
            ctx.metrics.recovery_s.set(now, (now - began).as_secs_f64());
        }
        if is_well {
            (trouble.began, trouble.first_miss) = (None, None);
        }
    }
}
