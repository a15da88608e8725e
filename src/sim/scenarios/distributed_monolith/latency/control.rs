//! What the learner does, and what each second says.

use super::tables::Event;
use super::{Context, MonolithLatency};
use crate::resource::rolling::Rolling;
use crate::scenarios::distributed_monolith::topology::INVENTORY;
use crate::time::SimTime;

const BROWNOUT_TAKES: SimTime = SimTime::from_secs(60);
const OUTAGE_TAKES: SimTime = SimTime::from_secs(300);
/// A page that takes this long is slow: the threshold of `cart_ms`.
pub const LONG: SimTime = SimTime::from_secs(3);

/// What is wrong at present.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trouble {
    is_brownout: bool,
    /// Something has crashed.
    is_outage: bool,
    /// Inventory is asked more often by those who try again than by those who ask for the first time.
    is_storm: bool,
}

impl Trouble {
    /// Whether Inventory is slow.
    pub fn is_brownout(self) -> bool {
        self.is_brownout
    }
}

/// What happened in one second.
#[derive(Clone, Copy, Debug, Default)]
pub struct Second {
    /// Pages that ended well, those of them that took [`LONG`], pages that failed, and that had a slow call.
    pub ok: u64,
    pub long: u64,
    pub failed: u64,
    pub slow: u64,
    /// Calls to Inventory that were answered while somebody waited, first tries and retries.
    pub inventory: u64,
    pub first_tries: u64,
    pub retries: u64,
}

impl Second {
    /// Whether the slowest 1 % of the pages took so long that it is announced, too.
    pub fn is_slow(self) -> bool {
        self.long > 0 && self.long * 100 >= self.ok
    }
}

/// What happened in the last ten seconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window(Rolling<Second, 10>);

impl Window {
    /// The second under way.
    pub fn at(&mut self, now: SimTime) -> &mut Second {
        self.0.at(now)
    }

    /// All of them together.
    pub fn sum(&self) -> Second {
        self.0.iter().fold(Second::default(), |sum, each| Second {
            ok: sum.ok + each.ok,
            long: sum.long + each.long,
            failed: sum.failed + each.failed,
            slow: sum.slow + each.slow,
            inventory: sum.inventory + each.inventory,
            first_tries: sum.first_tries + each.first_tries,
            retries: sum.retries + each.retries,
        })
    }
}

impl MonolithLatency {
    /// A second is over.
    pub(super) fn count_second(&mut self, ctx: &mut Context) {
        let now = ctx.now();
        let Second { ok, failed, slow, inventory, first_tries, retries, .. } = self.window.sum();
        let metrics = &mut ctx.metrics;
        if ok + failed > 0 {
            let pct = |part: u64| 100.0 * part as f64 / (ok + failed) as f64;
            metrics.cart_ok_pct.set(now, pct(ok));
            metrics.pages_with_slow_call_pct.set(now, pct(slow));
        }
        metrics.inventory_goodput_per_s.set(now, inventory as f64 / Rolling::<Second, 10>::seconds(now));
        // The next second begins, and the first of the ten is forgotten.
        self.window.at(now);
        let is_storm = retries > first_tries;
        if is_storm && !self.trouble.is_storm {
            ctx.announce("Inventory is asked more often by retries than by first tries");
        }
        self.trouble.is_storm = is_storm;
    }

    pub(super) fn begin_brownout(&mut self, ctx: &mut Context) {
        if !self.trouble.is_brownout {
            self.trouble.is_brownout = true;
            ctx.schedule(BROWNOUT_TAKES, Event::BrownoutEnd);
            ctx.announce("Inventory works slowly: 1,200 ms for a call");
        }
    }

    pub(super) fn end_brownout(&mut self, ctx: &mut Context) {
        self.trouble.is_brownout = false;
        ctx.announce("Inventory works as fast as before");
    }

    /// Inventory crashes, and takes with it whatever runs in the same process.
    pub(super) fn crash(&mut self, ctx: &mut Context) {
        if self.trouble.is_outage {
            return;
        }
        self.trouble.is_outage = true;
        ctx.schedule(OUTAGE_TAKES, Event::Up);
        if self.core.has(INVENTORY) {
            ctx.announce("Inventory crashes, and the core with it");
            self.crash_core(ctx);
        } else {
            ctx.announce("Inventory crashes");
            self.crash_service(INVENTORY, ctx);
        }
    }

    pub(super) fn come_up(&mut self, ctx: &mut Context) {
        self.trouble.is_outage = false;
        self.core_pool.is_down = false;
        self.services[INVENTORY].is_down = false;
        ctx.announce("What had crashed is up again");
    }
}
