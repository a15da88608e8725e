//! How much is logged, written and shipped, and what the volume is filled with.

use super::choices::{DebugScope, LogLevel, LogVolume, RotateMode, ShipFilter};
use super::database::State;
use super::tables::{Event, Params};
use super::{BUDGET_MICROS, LogFlood};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::money;
use crate::resource::fluid::Fluid;
use crate::time::SimTime;

/// What a volume takes in a second: the 125 MiB that every gp3 volume has without paying for more (AWS, 2025).
pub const DISK_BYTES_S: u64 = 131_072_000;
/// The largest size that a volume can grow to, which is an assumption.
const MOST_GB: u64 = 16_000;
const GB: u64 = 1_000_000_000;
/// A time until the volume is full that is as good as never, in seconds.
const NEVER_S: f64 = 30.0 * 86_400.0;
const HOUR_S: u64 = 3600;

/// The volume of the log.
#[derive(Clone, Copy, Debug, Default)]
pub struct Volume {
    /// Bytes that it has grown by.
    grown: u64,
    is_growing: bool,
    /// Whether it was told that the log cannot be written, and that it will soon be full.
    is_full: bool,
    is_nearly_full: bool,
    /// Bytes that came between a copy and the cut.
    pub copy_lost: u64,
}

impl Volume {
    /// Bytes, of which the learner has set so many gigabytes.
    pub fn size(self, volume_gb: u64) -> u64 {
        volume_gb * GB + self.grown
    }

    /// Bytes that anybody may use.
    pub fn open_to_all(self, params: &Params) -> u64 {
        let reserved = (params.reserved_pct * 100.0) as u64;
        self.size(params.volume_gb) * (10_000 - reserved) / 10_000
    }

    /// Bytes that the log may use.
    pub fn open_to_log(self, params: &Params) -> u64 {
        if params.log_writer_is_root { self.size(params.volume_gb) } else { self.open_to_all(params) }
    }

    /// Tells whether it begins to grow: not while it grows, and not beyond the largest size.
    pub fn begin_to_grow(&mut self, volume_gb: u64) -> bool {
        let begins = !self.is_growing && self.size(volume_gb) < MOST_GB * GB;
        self.is_growing |= begins;
        begins
    }

    /// It has grown by half.
    pub fn grow(&mut self, volume_gb: u64) {
        let size = self.size(volume_gb);
        self.grown += (size / 2).min((MOST_GB * GB).saturating_sub(size));
        self.is_growing = false;
    }
}

/// The log of one server in bytes, and what all servers have shipped of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flows {
    pub produced: Fluid,
    pub written: Fluid,
    pub dropped: Fluid,
    /// Of what is written, the lines of INFO and above.
    info: Fluid,
    /// Whole bytes of `written` and `info` that have been dealt with.
    taken: u64,
    taken_info: u64,
    shipped: u64,
    /// What the shipped bytes cost, in millionths of a dollar, and what is left over, in billionths of those.
    cost: u64,
    cost_rest: u64,
    /// Since when nothing is written.
    pub silent_since: Option<SimTime>,
}

impl Flows {
    /// What all servers have shipped, in bytes.
    pub fn shipped(&self) -> u64 {
        self.shipped
    }

    /// Bytes of one server that have been dealt with.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// What has been charged, in millionths of a dollar.
    pub fn cost_micros(&self) -> i64 {
        self.cost as i64
    }

    fn set(&mut self, now: SimTime, produced: u64, info: u64, is_full: bool) {
        let written = if is_full { 0 } else { produced.min(DISK_BYTES_S) };
        let info = info * written / produced.max(1);
        self.produced.set_rate(now, produced);
        self.written.set_rate(now, written);
        self.dropped.set_rate(now, produced - written);
        self.info.set_rate(now, info);
        self.silent_since = if written > 0 { None } else { self.silent_since.or(Some(now)) };
    }

    /// What one server ships of it, in bytes a second.
    pub fn ship_rate(&self, filter: ShipFilter) -> u64 {
        match filter {
            ShipFilter::All => self.written.rate(),
            ShipFilter::InfoPlus => self.info.rate(),
            ShipFilter::WarnPlus | ShipFilter::None => 0,
        }
    }
}

/// The size at which the appender cuts its file, where it does.
pub fn cap(params: &Params) -> Option<u64> {
    (params.rotate_mode == RotateMode::InProcess).then_some(params.rotate_size_mb * 1_000_000)
}

impl LogFlood {
    /// The same as [`Self::settle`], where the terms have not changed.
    pub(super) fn settle_now(&mut self, ctx: &mut Ctx<Self>) {
        let terms = *ctx.params;
        self.settle(&terms, ctx);
    }

    /// What has flowed since the last event gets where it goes, on the terms that held until now.
    pub(super) fn settle(&mut self, terms: &Params, ctx: &mut Ctx<Self>) {
        let (now, flows) = (ctx.now(), &mut self.flows);
        let (written, info) = (flows.written.bytes(now), flows.info.bytes(now));
        let (fresh, fresh_info) = (written - flows.taken, info - flows.taken_info);
        (flows.taken, flows.taken_info) = (written, info);
        self.files.write(now, fresh);
        if let Some(cap) = cap(terms) {
            self.files.cut(cap);
        }
        // Whatever frees space now, this is how far it came.
        let size = self.volume.size(terms.volume_gb) as f64;
        ctx.metrics.disk_used_pct.set(now, self.files.used() as f64 * 100.0 / size);
        let leaves = match terms.ship_filter {
            ShipFilter::All => fresh,
            ShipFilter::InfoPlus => fresh_info,
            ShipFilter::WarnPlus | ShipFilter::None => 0,
        };
        let shipped = leaves * terms.instances;
        flows.shipped += shipped;
        let rest = flows.cost_rest + shipped * money::micros(terms.price_usd_gb) as u64;
        let charged = (rest / GB) as i64;
        flows.cost += rest / GB;
        flows.cost_rest = rest % GB;
        ctx.metrics.bill_usd.enter(charged);
        let spent = ctx.metrics.bill_usd.micros();
        if spent >= BUDGET_MICROS && spent - charged < BUDGET_MICROS {
            ctx.announce("$100 is spent, and the bill does not say so yet");
        }
    }

    /// Requests of one server that fail in a second.
    fn failing(&self, params: &Params) -> f64 {
        let all = params.req_rate_s as f64;
        let struck = if params.bug_raises_error { all * params.bug_ppm as f64 / 1e6 } else { 0.0 };
        let unwritten = match self.database.state() {
            State::Ok => 0.0,
            State::WriteErrors => params.orders_per_s / params.instances as f64,
            State::Recovery | State::Down => all,
        };
        (struck + unwritten).min(all)
    }

    /// What the DEBUG lines of failed requests would take at one server, and what they may, in bytes a second.
    fn on_error(&self, params: &Params) -> (u64, u64) {
        let wanted = self.failing(params) * (params.lines_debug * params.bytes_per_line) as f64;
        let wanted = libm::round(wanted) as u64;
        let cap = if params.debug_budget_kb_s == 0 { u64::MAX } else { params.debug_budget_kb_s * 1000 };
        (wanted, wanted.min(cap))
    }

    /// What one server logs in a second: lines of INFO and above, and all lines, in bytes.
    pub(super) fn logged(&self, params: &Params) -> (u64, u64) {
        if self.is_app_down {
            return (0, 0);
        }
        let line = params.req_rate_s * params.bytes_per_line;
        let (level, scope) = self.in_force(params);
        if (level, scope) == (LogLevel::Debug, DebugScope::All) {
            return (line * params.lines_info.min(params.lines_debug), line * params.lines_debug);
        }
        let info = if level == LogLevel::Warn { 0 } else { line * params.lines_info };
        let debug = match scope {
            DebugScope::Sampled => {
                libm::round((line * params.lines_debug) as f64 * params.sample_pct / 100.0) as u64
            }
            DebugScope::OnError => self.on_error(params).1,
            DebugScope::All | DebugScope::Off => 0,
        };
        (info, info + debug)
    }

    /// The share of the requests struck by the bug whose DEBUG lines are written.
    pub(super) fn traced_share(&self, ctx: &Ctx<Self>) -> f64 {
        let produced = self.flows.produced.rate();
        if self.is_app_down || produced == 0 {
            return 0.0;
        }
        let params = &ctx.params;
        let in_scope = match self.in_force(params) {
            (LogLevel::Debug, DebugScope::All) => 1.0,
            (_, DebugScope::Sampled) => params.sample_pct / 100.0,
            (_, DebugScope::OnError) => {
                let fails = params.bug_raises_error || self.database.state() >= State::Recovery;
                let (wanted, may) = self.on_error(params);
                if fails && wanted > 0 { may as f64 / wanted as f64 } else { 0.0 }
            }
            (_, DebugScope::All | DebugScope::Off) => 0.0,
        };
        in_scope * self.flows.written.rate() as f64 / produced as f64
    }

    /// How busy the log keeps the disk of the database, from 0 to 1.
    pub(super) fn disk_load(&self, params: &Params) -> f64 {
        match params.log_volume {
            LogVolume::Shared => self.flows.written.rate() as f64 / DISK_BYTES_S as f64,
            LogVolume::Separate => 0.0,
        }
    }

    /// Bytes that the database could have; as many as it may want on a volume of its own.
    pub(super) fn space_for_database(&self, params: &Params) -> u64 {
        match params.log_volume {
            LogVolume::Shared => self.volume.open_to_all(params).saturating_sub(self.files.used()),
            LogVolume::Separate => u64::MAX,
        }
    }

    /// How fast the used space grows, in bytes a second.
    fn growth(&self, params: &Params) -> u64 {
        let is_capped = cap(params).is_some_and(|cap| self.files.written_file().bytes >= cap);
        if is_capped { 0 } else { self.flows.written.rate() }
    }

    /// Sets what follows from files, space and level: the state of the database, rates, gauges, and what comes next.
    pub(super) fn update(&mut self, ctx: &mut Ctx<Self>) {
        let (now, params) = (ctx.now(), *ctx.params);
        self.update_database(ctx);
        let (info, produced) = self.logged(&params);
        let limit = self.volume.open_to_log(&params);
        let is_capped = cap(&params).is_some_and(|cap| self.files.written_file().bytes >= cap);
        let is_full = self.files.used() >= limit && !is_capped;
        self.flows.set(now, produced, info, is_full);
        if is_full && !self.volume.is_full {
            ctx.announce("The log has gone quiet: it cannot be written any more");
        }
        self.volume.is_full = is_full;
        let growth = self.growth(&params);
        let left = limit.saturating_sub(self.files.used());
        let eta = if growth == 0 && !is_full { NEVER_S } else { left as f64 / growth.max(1) as f64 };
        let is_nearly_full = growth > 0 && eta <= HOUR_S as f64;
        if is_nearly_full && !self.volume.is_nearly_full {
            ctx.announce("At this rate the disk is full in an hour");
        }
        self.volume.is_nearly_full = is_nearly_full;
        ctx.metrics.full_eta_h.set(now, eta.min(NEVER_S) / HOUR_S as f64);
        self.show_gauges(ctx);
        self.plan_level(ctx);
    }

    fn show_gauges(&mut self, ctx: &mut Ctx<Self>) {
        let (now, flows) = (ctx.now(), &self.flows);
        let size = self.volume.size(ctx.params.volume_gb) as f64;
        let metrics = &mut ctx.metrics;
        metrics.log_bytes_s.set(now, flows.written.rate() as f64 / 1e6);
        metrics.disk_used_pct.set(now, self.files.used() as f64 * 100.0 / size);
        metrics.du_pct.set(now, self.files.named() as f64 * 100.0 / size);
        metrics.dropped_log_gb.set(now, flows.dropped.bytes(now) as f64 / 1e9);
        metrics.shipped_gb.set(now, flows.shipped as f64 / 1e9);
        metrics.copy_lost_mb.set(now, self.volume.copy_lost as f64 / 1e6);
        metrics.db_state.set(now, self.database.state() as u64);
        self.show_traces(ctx);
    }

    pub(super) fn show_traces(&mut self, ctx: &mut Ctx<Self>) {
        let (now, traces) = (ctx.now(), self.shipped_traces + self.files.traces());
        let is_within = ctx.metrics.bill_usd.micros() <= BUDGET_MICROS;
        ctx.metrics.bug_traces.set(now, traces);
        ctx.metrics.bug_traces_within_budget.set(now, if is_within { traces } else { 0 });
    }

    /// Plans the next moment at which a fluid reaches a level that matters.
    fn plan_level(&mut self, ctx: &mut Ctx<Self>) {
        let (now, params, flows) = (ctx.now(), &ctx.params, &self.flows);
        let (size, used) = (self.volume.size(params.volume_gb), self.files.used());
        let part = |percent: u64| (size * percent).div_ceil(100);
        let limit = self.volume.open_to_log(params);
        let room = cap(params).map_or(u64::MAX, |cap| cap.saturating_sub(self.files.written_file().bytes));
        let hour_left = limit.saturating_sub(flows.written.rate() * HOUR_S);
        let levels = [part(80), part(95), self.volume.open_to_all(params), hour_left, limit];
        let ahead = levels.into_iter().filter_map(|level| level.checked_sub(used)).chain([room]);
        let growth = if room == 0 { None } else { ahead.filter(|bytes| *bytes > 0).min() };
        let mut wait = growth.map_or(SimTime::MAX, |bytes| flows.written.time_for(now, bytes));
        let price = money::micros(params.price_usd_gb) as u64 * params.instances;
        let budget = BUDGET_MICROS as u64;
        if price > 0 && flows.cost < budget {
            let bytes = ((budget - flows.cost) * GB - flows.cost_rest).div_ceil(price);
            let flow = if params.ship_filter == ShipFilter::All { flows.written } else { flows.info };
            if flows.ship_rate(params.ship_filter) > 0 {
                wait = wait.min(flow.time_for(now, bytes));
            }
        }
        wait = wait.min(self.database.time_to_panic(now, params));
        ctx.cancel(self.reached);
        self.reached =
            if wait == SimTime::MAX { EventHandle::NONE } else { ctx.schedule(wait, Event::Reached) };
    }
}
