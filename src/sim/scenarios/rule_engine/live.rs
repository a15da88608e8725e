//! Orders, the file that prices them, wrong prices, and who finds out.

use std::sync::Arc;

use super::code;
use super::orders::{Order, WEIGHT, cells, draw};
use super::reading::{Engine, load};
use super::rules::Switched;
use super::tables::{CanaryCompare, Event, Failure, OnBadConfig, Params, Version};
use super::{Context, RuleEngine};
use crate::format;
use crate::metric::FailureReason;
use crate::snapshot::{Life, Span};
use crate::time::SimTime;
use crate::unit::Unit;

/// Files that can be gone back to.
const MOST_EARLIER: usize = 16;
/// Millionths of a dollar in a cent.
const CENT: i64 = 10_000;
/// Minutes whose mean order the alarm looks at.
const WINDOW: usize = 10;
/// The mean price of an order under the reference, in cents: what the shop is used to.
const USUAL: f64 = 933_193.0 / 132.0;

/// The file that prices orders, or that has stopped the engine.
#[derive(Clone, Debug)]
pub struct LiveFile {
    /// Its number.
    pub id: u32,
    pub text: Arc<str>,
    /// How it was read.
    pub version: Version,
    pub engine: Engine,
    /// What each sort of order is charged, with some rules switched off.
    charged: Option<Arc<[i64]>>,
    /// What is wrong with it; `None` where nothing is.
    pub incident: Option<Incident>,
}

/// A bad file is live.
#[derive(Clone, Copy, Debug)]
pub struct Incident {
    /// Since when prices have been wrong, perhaps by an earlier file.
    began: SimTime,
    /// Since when they have been so by this one.
    since: SimTime,
    /// Whether somebody knows.
    pub is_detected: bool,
    /// Orders that it has priced wrongly or turned away.
    harmed: u64,
}

impl LiveFile {
    pub fn read(id: u32, text: Arc<str>, version: Version, off: Switched) -> Self {
        let engine = load(&text, version, Switched::NONE);
        let mut file = Self { id, text, version, engine, charged: None, incident: None };
        file.switch(off);
        file
    }

    /// Other rules are switched off.
    pub fn switch(&mut self, off: Switched) {
        self.charged = if off.is_empty() {
            self.engine.prices().cloned()
        } else {
            load(&self.text, self.version, off).prices().cloned()
        };
    }

    /// What an order of this sort is charged; `None` where the engine stands still.
    fn price(&self, sort: usize) -> Option<i64> {
        self.charged.as_ref()?.get(sort).copied()
    }
}

/// The latest order, and what it was charged.
#[derive(Clone, Copy, Debug)]
pub struct Latest {
    pub sort: usize,
    pub price: i64,
}

/// One minute of orders.
#[derive(Clone, Copy, Debug, Default)]
struct Minute {
    count: u64,
    /// Cents.
    sum: i64,
    /// Cents that were lost.
    loss: i64,
}

/// The last minutes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Minutes {
    under_way: Minute,
    whole: [Minute; WINDOW],
    /// Whole minutes since prices have been what they are.
    seen: usize,
    rings: bool,
}

/// What must add up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Books {
    pub orders: u64,
    /// Cents that orders were charged, and that the reference says of the same orders.
    pub charged: i64,
    pub due: i64,
    /// Orders that the typed code prices otherwise than the reference: none.
    pub coded_otherwise: u64,
    /// Changes that came through by way of the canary.
    pub through_canary: u64,
    /// Nanoseconds that changes were under way which the canary stopped.
    pub stopped_nanos: u128,
}

/// The share of orders that cost something else.
fn share(prices: &[i64], before: &[i64]) -> f64 {
    let differing = cells().zip(prices.iter().zip(before)).filter(|(_, (price, before))| price != before);
    differing.map(|((_, weight), _)| f64::from(weight)).sum::<f64>() / WEIGHT as f64
}

impl RuleEngine {
    /// A customer orders.
    pub(super) fn order(&mut self, ctx: &mut Context) {
        let sort = draw(&mut self.basket);
        let is_tried = self.coins.unit() * 100.0 < ctx.params.canary_pct;
        let due = self.reference[sort];
        self.books.orders += 1;
        // Only the equations ask for it.
        if cfg!(feature = "identities") {
            let coded = code::price(&Order::of_sort(sort), &code::RULES).price();
            self.books.coded_otherwise += u64::from(coded != due);
        }
        let metrics = &mut ctx.metrics;
        let Some(old) = self.live.price(sort) else {
            let reason = match &self.live.engine {
                Engine::Stops { is_no_map: true, .. } => Failure::EngineError,
                _ => Failure::ConfigUnparseable,
            };
            reason.count(metrics);
            metrics.orders_rejected.add_one();
            metrics.lost_sales_usd.enter(due * CENT);
            self.minutes.under_way.loss += due;
            self.harm();
            Self::end_order("rejected", true, ctx);
            return;
        };
        let mut price = old;
        if let Some(canary) = &mut self.canary {
            if is_tried {
                let new = canary.file.as_ref().and_then(|file| file.price(sort)).unwrap_or(old);
                canary.tried.add(new);
                canary.differing += u64::from(new != old);
                if canary.compare == CanaryCompare::TwoSample {
                    price = new;
                }
            } else {
                canary.others.add(old);
            }
        }
        self.books.charged += price;
        self.books.due += due;
        self.latest = Some(Latest { sort, price });
        metrics.orders_priced.add_one();
        let minute = &mut self.minutes.under_way;
        minute.count += 1;
        minute.sum += price;
        let (more, size) = (price - due, (price - due).abs());
        if more == 0 {
            Self::end_order("priced", false, ctx);
            return;
        }
        minute.loss += size;
        metrics.mispriced_orders.add_one();
        metrics.mispriced_usd.enter(size * CENT);
        if more < 0 {
            Failure::MispricedUnder.count(metrics);
            metrics.undercharged_usd.enter(size * CENT);
        } else {
            Failure::MispricedOver.count(metrics);
            metrics.overcharged_usd.enter(size * CENT);
        }
        if old != due {
            self.harm();
        }
        Self::end_order(if more < 0 { "undercharged" } else { "overcharged" }, true, ctx);
    }

    fn harm(&mut self) {
        if let Some(incident) = &mut self.live.incident {
            incident.harmed += 1;
        }
    }

    fn end_order(outcome: &'static str, failed: bool, ctx: &mut Context) {
        let now = ctx.now();
        ctx.end(|| Life {
            arrived: now,
            spans: vec![Span::new("was priced", now, Some(now))],
            outcome: Some(outcome),
            failed,
        });
    }

    /// A file reaches the engine, which runs it, stops at it, or passes it over.
    pub(super) fn install(&mut self, id: u32, text: Arc<str>, ctx: &mut Context) {
        let file = LiveFile::read(id, text, ctx.params.yaml_version, self.switched);
        if let Some(fault) = file.engine.fault()
            && ctx.params.on_bad_config == OnBadConfig::KeepLastGood
        {
            ctx.metrics.files_refused.add_one();
            ctx.announce(format!("The engine cannot run the new file, {fault}. It keeps the old one"));
            return;
        }
        let before = std::mem::replace(&mut self.live, file);
        if self.earlier.len() == MOST_EARLIER {
            self.earlier.remove(0);
        }
        self.earlier.push(before.text);
        self.tell_change("File accepted", &before.engine, ctx);
        self.look_at_live(before.incident, ctx);
    }

    /// Another library reads the live file.
    pub(super) fn read_anew(&mut self, ctx: &mut Context) {
        let mut file = LiveFile::read(0, self.live.text.clone(), ctx.params.yaml_version, self.switched);
        if file.engine.fault().is_some() && ctx.params.on_bad_config == OnBadConfig::KeepLastGood {
            ctx.metrics.files_refused.add_one();
            ctx.announce("The new library cannot read the live file: the engine keeps what it has");
            return;
        }
        file.id = self.next_number();
        let before = std::mem::replace(&mut self.live, file);
        if ctx.params.yaml_version == Version::V1_1 {
            ctx.announce("A library update reads the file as YAML 1.1");
        } else {
            ctx.announce("The library reads the file as YAML 1.2 again");
        }
        self.tell_change("The same file, read anew", &before.engine, ctx);
        self.look_at_live(before.incident, ctx);
    }

    /// Says what has come of the file that is live now. `what` happened.
    fn tell_change(&self, what: &str, before: &Engine, ctx: &mut Context) {
        match (&self.live.engine, before.prices()) {
            (Engine::Prices(prices), Some(before)) => {
                let share = share(prices, before);
                if share > 0.0 {
                    let share = format::quantity(100.0 * share, Unit::Percent);
                    ctx.announce(format!("{what}: {share} of orders change their price"));
                }
            }
            (Engine::Prices(_), None) => ctx.announce("The engine runs again"),
            (Engine::Stops { why, .. }, _) => ctx.announce(format!("The engine stops: {why}")),
        }
    }

    /// Finds out, as nobody in the shop can, whether the live file is as it should be, and sets the clock for those who will.
    /// Where prices were wrong already, they have been since then, and nobody knows of this file yet.
    fn look_at_live(&mut self, before: Option<Incident>, ctx: &mut Context) {
        let now = ctx.now();
        self.minutes.seen = 0;
        if self.live.engine.prices() == Some(&self.reference) {
            if let Some(incident) = before {
                ctx.metrics.restore_min.observe(now - incident.began);
            }
            return;
        }
        let began = before.map_or(now, |incident| incident.began);
        self.live.incident = Some(Incident { began, since: now, is_detected: false, harmed: 0 });
        let minutes = |minutes: f64| SimTime::from_secs_f64(minutes * 60.0);
        let Params { complaint_min, error_detect_min, .. } = *ctx.params;
        if self.live.engine.prices().is_some() {
            ctx.schedule_limit(minutes(complaint_min), Event::Complaint(self.live.id));
        } else {
            ctx.schedule_limit(minutes(error_detect_min), Event::Noticed(self.live.id));
        }
    }

    /// The incident of the file with this number, if it is live and nobody knows.
    fn unknown(&self, id: u32) -> Option<Incident> {
        self.live.incident.filter(|incident| self.live.id == id && !incident.is_detected)
    }

    /// Somebody complains, if there is a reason; or else a minute later.
    pub(super) fn complain(&mut self, id: u32, ctx: &mut Context) {
        match self.unknown(id) {
            Some(Incident { harmed: 0, .. }) => {
                ctx.schedule_limit(super::MINUTE, Event::Complaint(id));
            }
            Some(_) => self.detect("Support: the first complaint about a price", ctx),
            None => {}
        }
    }

    pub(super) fn notice(&mut self, id: u32, ctx: &mut Context) {
        if self.unknown(id).is_some() {
            self.detect("Support: no order goes through", ctx);
        }
    }

    fn detect(&mut self, how: &'static str, ctx: &mut Context) {
        ctx.announce(how);
        self.know(ctx);
        self.begin_revert(ctx);
    }

    /// Somebody knows of the bad file.
    fn know(&mut self, ctx: &mut Context) {
        if let Some(incident) = &mut self.live.incident
            && !incident.is_detected
        {
            incident.is_detected = true;
            ctx.metrics.detect_min.observe(ctx.now() - incident.since);
        }
    }

    pub(super) fn revert_by_hand(&mut self, ctx: &mut Context) {
        self.know(ctx);
        self.begin_revert(ctx);
    }

    fn begin_revert(&mut self, ctx: &mut Context) {
        if self.is_reverting {
            return;
        }
        if self.earlier.is_empty() {
            ctx.announce("There is no earlier file to go back to");
            return;
        }
        self.is_reverting = true;
        ctx.schedule(ctx.params.revert_takes(), Event::RevertEnd(self.live.id));
    }

    /// The file before is live again, unless another has come in between.
    pub(super) fn end_revert(&mut self, id: u32, ctx: &mut Context) {
        self.is_reverting = false;
        if self.live.id != id {
            ctx.announce("The revert came too late: another file is live");
            if self.live.incident.is_some_and(|incident| incident.is_detected) {
                self.begin_revert(ctx);
            }
            return;
        }
        let Some(text) = self.earlier.pop() else { return };
        let file = LiveFile::read(self.next_number(), text, ctx.params.yaml_version, self.switched);
        let before = std::mem::replace(&mut self.live, file);
        ctx.announce("The file before is live again");
        self.look_at_live(before.incident, ctx);
    }

    /// A minute is over: what was lost in it, and whether the alarm rings.
    pub(super) fn end_minute(&mut self, ctx: &mut Context) {
        let now = ctx.now();
        let minutes = &mut self.minutes;
        let over = std::mem::take(&mut minutes.under_way);
        ctx.metrics.loss_usd_per_min.set(now, over.loss as f64 / 100.0);
        minutes.whole.rotate_right(1);
        minutes.whole[0] = over;
        minutes.seen = (minutes.seen + 1).min(WINDOW);
        let (count, sum) =
            minutes.whole.iter().fold((0, 0), |(count, sum), each| (count + each.count, sum + each.sum));
        let off = (sum as f64 / count as f64 / USUAL - 1.0).abs() * 100.0;
        let limit = ctx.params.revenue_alarm_pct;
        let rang = self.minutes.rings;
        self.minutes.rings = limit > 0.0 && count > 0 && self.minutes.seen == WINDOW && off > limit;
        if !self.minutes.rings {
            return;
        }
        match self.live.incident {
            Some(Incident { is_detected: false, .. }) => {
                self.detect("Revenue alarm: the mean order is off", ctx);
            }
            None if !rang => {
                ctx.metrics.false_alarms.add_one();
                ctx.announce("Revenue alarm: the mean order is off, and nothing is wrong with the prices");
            }
            Some(_) | None => {}
        }
    }
}
