//! What cron does: it starts logrotate at fixed times of day, and logrotate looks at the size only then.

use super::choices::{ReopenMode, RotateMode};
use super::files::Handover;
use super::tables::Event;
use super::{AFTER_MIDNIGHT, LogFlood, until_multiple};
use crate::engine::Ctx;
use crate::event_list::EventHandle;

impl LogFlood {
    /// Plans the next moment at which a whole number of intervals has passed since midnight.
    pub(super) fn plan_rotation(&mut self, ctx: &mut Ctx<Self>) {
        ctx.cancel(self.rotation);
        self.rotation = if ctx.params.rotate_mode == RotateMode::Cron {
            let wait = until_multiple(ctx.now(), AFTER_MIDNIGHT, ctx.params.rotate_interval_s);
            ctx.schedule(wait, Event::Rotate)
        } else {
            EventHandle::NONE
        };
    }

    /// logrotate runs; `is_forced` where the size is not to be looked at.
    pub(super) fn rotate(&mut self, is_forced: bool, ctx: &mut Ctx<Self>) {
        let params = &ctx.params;
        let size = self.files.active().map_or(0, |file| file.bytes);
        if params.rotate_mode != RotateMode::Cron || !is_forced && size < params.rotate_size_mb * 1_000_000 {
            return;
        }
        let whole = self.volume.size(params.volume_gb);
        let handover = match params.reopen_mode {
            ReopenMode::Signal => Handover::Reopens,
            ReopenMode::None => Handover::KeepsOld,
            ReopenMode::Copytruncate => Handover::Copied {
                free: whole.saturating_sub(self.files.used()),
                gap: self.flows.written.rate() * params.copy_gap_ms / 1000,
            },
        };
        let keep = params.rotate_keep as usize;
        let used = self.files.used();
        let had_ghost = self.files.ghost().is_some();
        let Some(lost) = self.files.rotate(keep, handover) else {
            if size > 0 {
                ctx.announce("Logrotate finds no room for its copy of the log");
            }
            return;
        };
        self.volume.copy_lost += lost;
        if matches!(handover, Handover::Copied { .. }) && keep > 0 {
            // For as long as the copy takes, the file is there twice.
            let peak = (used + size) as f64 * 100.0 / whole as f64;
            ctx.metrics.disk_used_pct.set(ctx.now(), peak);
        }
        if !had_ghost && self.files.ghost().is_some() {
            ctx.announce("The archive is deleted while the application still writes into it");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tables::SPEC;
    use super::*;
    use crate::time::SimTime;

    #[test]
    fn the_run_begins_when_its_clock_says_so() {
        assert_eq!(SPEC.clock.time_of_day(SimTime::ZERO), "18:00:00");
        assert_eq!(AFTER_MIDNIGHT, SimTime::from_secs(64_800));
        let wait = |now: u64, every: u64| {
            until_multiple(SimTime::from_secs(now), AFTER_MIDNIGHT, every).as_secs_f64()
        };
        assert_eq!([wait(0, 86_400), wait(0, 3600), wait(1, 3600)], [21_600.0, 3600.0, 3599.0]);
    }
}
