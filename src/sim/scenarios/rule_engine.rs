//! Prices in a file: a rule engine whose rules are YAML that anybody can push, beside the same logic as typed code.
//!
//! Nothing is played: the learner's text is parsed, resolved, checked and run, and each order is priced by it and by the
//! reference, which stands for what the shop wants.
//!
//! ```text
//! editor ──▶ gates: parser, schema, golden orders, types ──▶ push or deployment ──▶ canary ──▶ live file
//! orders ───────────────────────────────────────────────────────▶ rule engine ──▶ price ◀── difference ──▶ reference
//! ```
//!
//! Read on in [`tables`] and [`presets`] (what there is to set and to measure), [`file`] (the reference, and a learner's file as a
//! list of edits), [`reading`], `desk` and [`yaml`] (how it is read), [`rules`] (how it prices) and [`code`] (the same logic with types), [`schema`] and
//! [`gates`] (what it is held against), [`race`] (every fault of one line), [`orders`] (what is ordered, and the golden orders),
//! [`rollout`] (the way of a change), [`live`] (orders, wrong prices, and who finds out), [`control`] (what the learner does),
//! [`opacity`] (who can explain a price), [`exhibits`], [`inert`] and [`view`] (what a screen shows, and the equations that hold).

pub mod code;
#[cfg(feature = "yaml")]
pub mod desk;
pub mod file;
pub mod gates;
pub mod opacity;
pub mod orders;
pub mod race;
pub mod reading;
pub mod rules;
pub mod schema;
pub mod yaml;
mod control;
mod exhibits;
mod inert;
mod live;
mod presets;
mod rollout;
mod tables;
mod view;

pub use self::tables::{CanaryCompare, FaultKind, LogicHome, Metrics, OnBadConfig, Params, SPEC};

use std::sync::Arc;

use self::file::REFERENCE;
use self::live::{Books, Latest, LiveFile, Minutes};
use self::orders::CELLS;
use self::reading::Added;
use self::rollout::{Canary, Change};
use self::rules::Switched;
use self::tables::{Action, Event, FILE, Version};
use crate::document::Document;
use crate::engine::Ctx;
use crate::exhibit::{Exhibit, ExhibitSpec, Sorting};
use crate::inert::Rule;
use crate::random::Stream;
use crate::resource::poisson::Poisson;
use crate::scenario::{Identity, Scenario};
use crate::snapshot::{Life, Snapshot};
use crate::spec::ScenarioSpec;
use crate::time::SimTime;

const MINUTE: SimTime = SimTime::from_secs(60);
/// When the change with the chosen fault is pushed.
const DRILL_AT: SimTime = SimTime::from_secs(300);
/// Hours in which others push so many changes as are said to be of a day.
const DAY_S: f64 = 8.0 * 3600.0;

type Context = Ctx<RuleEngine>;

/// The state of the shop.
#[derive(Clone, Debug)]
pub struct RuleEngine {
    arrivals: Poisson,
    pushes: Poisson,
    /// What is ordered.
    basket: Stream,
    /// Which routine changes hold a fault, and which fault.
    faults: Stream,
    /// Which orders try a change.
    coins: Stream,
    /// The truth: what each sort of order costs by the reference, as YAML 1.2 reads it.
    reference: Arc<[i64]>,
    /// The learner's file, not pushed.
    draft: Arc<str>,
    live: LiveFile,
    /// Files that were live before, the latest last.
    earlier: Vec<Arc<str>>,
    is_reverting: bool,
    switched: Switched,
    /// Golden orders that were frozen since the start.
    added: Vec<Added>,
    /// All that were pushed and have neither come through nor been stopped, in the order of their pushes.
    changes: Vec<Change>,
    canary: Option<Canary>,
    /// The number of the next change or live file.
    next: u32,
    latest: Option<Latest>,
    minutes: Minutes,
    books: Books,
}

impl RuleEngine {
    /// The learner's file as it stands, for an editor.
    pub fn draft(&self) -> &str {
        &self.draft
    }

    /// The file that is live, for an editor to show beside it.
    pub fn live_text(&self) -> &str {
        &self.live.text
    }

    fn next_number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }
}

impl Scenario for RuleEngine {
    const SPEC: ScenarioSpec = SPEC;
    type Params = Params;
    type Metrics = Metrics;
    type Event = Event;

    fn start(ctx: &mut Context) -> Self {
        let live = LiveFile::read(0, REFERENCE.into(), Version::V1_2, Switched::NONE);
        let mut shop = Self {
            arrivals: Poisson::new(ctx.stream("orders")),
            pushes: Poisson::new(ctx.stream("changes")),
            basket: ctx.stream("basket"),
            faults: ctx.stream("faults"),
            coins: ctx.stream("canary"),
            reference: live.engine.prices().cloned().unwrap_or_else(|| [0; CELLS].into()),
            draft: live.text.clone(),
            live,
            earlier: Vec::new(),
            is_reverting: false,
            switched: Switched::NONE,
            added: Vec::new(),
            changes: Vec::new(),
            canary: None,
            next: 0,
            latest: None,
            minutes: Minutes::default(),
            books: Books::default(),
        };
        shop.arrivals.set_rate(ctx.params.orders_per_min as f64 / 60.0, Event::Order, ctx);
        shop.pushes.set_rate(ctx.params.changes_per_day as f64 / DAY_S, Event::Change, ctx);
        ctx.schedule(DRILL_AT, Event::Drill);
        ctx.schedule_limit(MINUTE, Event::Minute);
        if ctx.params.yaml_version != Version::V1_2 {
            shop.read_anew(ctx);
        }
        shop.measure(ctx);
        shop
    }

    fn handle(&mut self, event: Event, ctx: &mut Context) {
        match event {
            Event::Order => {
                self.arrivals.next(Event::Order, ctx);
                self.order(ctx);
            }
            Event::Change => {
                self.pushes.next(Event::Change, ctx);
                self.push_routine(ctx);
            }
            Event::RolledOut(id) => self.roll_out(id, ctx),
            Event::CanaryEnd(id) => self.end_canary(id, ctx),
            Event::Complaint(id) => self.complain(id, ctx),
            Event::Noticed(id) => self.notice(id, ctx),
            Event::RevertEnd(id) => self.end_revert(id, ctx),
            Event::Switch(at) => self.set_switch(at, ctx),
            Event::Drill => self.push_drill(ctx),
            Event::Minute => {
                ctx.schedule_limit(MINUTE, Event::Minute);
                self.end_minute(ctx);
            }
        }
    }

    fn change(&mut self, before: &Params, ctx: &mut Context) {
        let params = *ctx.params;
        if params.orders_per_min != before.orders_per_min {
            self.arrivals.set_rate(params.orders_per_min as f64 / 60.0, Event::Order, ctx);
        }
        if params.changes_per_day != before.changes_per_day {
            self.pushes.set_rate(params.changes_per_day as f64 / DAY_S, Event::Change, ctx);
        }
        if params.yaml_version != before.yaml_version {
            self.read_anew(ctx);
        }
        self.measure(ctx);
    }

    fn act(&mut self, index: usize, ctx: &mut Context) {
        match Action::at(index) {
            Some(Action::PushFile) => self.push_draft(ctx),
            Some(Action::Revert) => self.revert_by_hand(ctx),
            Some(Action::AddGolden) => self.add_golden(ctx),
            Some(Action::Trace) | None => {}
        }
    }

    fn answer(&self, index: usize, ctx: &Context) -> Option<String> {
        (Action::at(index) == Some(Action::Trace)).then(|| self.explain(ctx))
    }

    fn enter(&mut self, index: usize, text: &str, ctx: &mut Context) {
        if index == FILE { self.edit(text, ctx) } else { Self::throw_switch(text, ctx) }
    }

    fn snapshot(&self, ctx: &Context) -> Snapshot {
        self.diagram(ctx)
    }

    fn request(&self, node: &str, position: usize, ctx: &Context) -> Option<Life> {
        self.life_at(node, position, ctx)
    }

    fn sorting(&self, _: &Context) -> Option<Sorting> {
        Some(self.switches())
    }

    fn document(&self) -> Option<Document> {
        Some(Document { sheet: &control::SHEET, draft: self.draft.clone(), live: self.live.text.clone() })
    }

    fn is_ready() -> bool {
        reading::is_ready()
    }

    fn exhibits(_: &Params) -> Vec<ExhibitSpec> {
        exhibits::all()
    }

    fn expensive_exhibit(id: &str, params: &Params) -> Option<Exhibit> {
        exhibits::compute(id, params)
    }

    fn inert(params: &Params) -> Vec<Rule> {
        inert::rules(params)
    }

    fn live_records(&self) -> u64 {
        (self.changes.len() + self.earlier.len() + self.added.len()) as u64
    }

    fn identities(&self, ctx: &Context) -> Vec<Identity> {
        self.equations(ctx)
    }
}
