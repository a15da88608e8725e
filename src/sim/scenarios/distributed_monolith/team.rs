//! Where a week goes: few people, many services, and a pipeline for each of them.
//!
//! ```text
//! developers ──▶ laptop ──▶ line of a pipeline ──▶ pipeline ──▶ production
//!                                  ▲                  │
//!                                  └──── hand-over ◀──┘   to the next service that the change touches
//! ```
//!
//! Read on in [`tables`] (what there is to set and to measure), [`layout`] (which service is deployed with which),
//! [`week`] (where the hours go, and what a laptop holds), [`changes`] (the way of a change), [`trend`] (what happened in
//! the last day), [`exhibits`] (headcounts and layouts side by side), and [`view`] (what a screen shows, and the equations
//! that hold).

mod layout;
mod week;
mod changes;
mod trend;
mod exhibits;
mod presets;
mod tables;
mod view;

pub use self::tables::{Metrics, Params, SPEC};

use self::changes::{Change, Pipeline};
use self::tables::Event;
use self::trend::LastDay;
use crate::engine::Ctx;
use crate::exhibit::{Exhibit, ExhibitSpec};
use crate::inert::Rule;
use crate::random::Stream;
use crate::resource::fifo::Slab;
use crate::resource::poisson::Poisson;
use crate::scenario::{Identity, Scenario};
use crate::snapshot::{Life, Snapshot};
use crate::spec::ScenarioSpec;
use crate::theory::Theory;
use crate::time::SimTime;

/// Services that there can be, and so pipelines.
const MOST_SERVICES: usize = 40;
/// Services that a change touches at most.
const MOST_TOUCHED: usize = 6;
/// A working day.
const DAY: SimTime = SimTime::from_secs(8 * 3600);
const HOUR: SimTime = SimTime::from_secs(3600);

/// The state of the team and of its pipelines.
#[derive(Clone, Debug)]
pub struct MonolithTeam {
    merges: Poisson,
    /// Which services a change touches.
    touched: Stream,
    /// All that have been merged and are not in production.
    changes: Slab<Change>,
    /// One for each service. What is deployed together goes through the pipeline of the first service in it.
    pipelines: Vec<Pipeline>,
    merged_last_day: LastDay,
    shipped_last_day: LastDay,
    hours: usize,
    counts: Counts,
}

/// What the diagram and the identities count.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    /// Pipeline runs that all changes merged so far need.
    planned: u64,
    /// Runs that have begun, and that have ended.
    begun: u64,
    ended: u64,
    /// Hand-overs that have begun, and that have ended.
    handed: u64,
    taken: u64,
}

impl Scenario for MonolithTeam {
    const SPEC: ScenarioSpec = SPEC;
    type Params = Params;
    type Metrics = Metrics;
    type Event = Event;

    fn start(ctx: &mut Ctx<Self>) -> Self {
        let mut team = Self {
            merges: Poisson::new(ctx.stream("merges")),
            touched: ctx.stream("touched services"),
            changes: Slab::default(),
            pipelines: vec![Pipeline::default(); MOST_SERVICES],
            merged_last_day: LastDay::default(),
            shipped_last_day: LastDay::default(),
            hours: 0,
            counts: Counts::default(),
        };
        team.set_rate(ctx);
        Self::plan_week(ctx);
        ctx.schedule(HOUR, Event::Hour);
        team.settle(ctx);
        team
    }

    fn handle(&mut self, event: Event, ctx: &mut Ctx<Self>) {
        match event {
            Event::Merge => {
                self.merges.next(Event::Merge, ctx);
                self.merge(ctx);
            }
            Event::RunEnd(pipeline) => self.end_run(pipeline as usize, ctx),
            Event::HandedOver(id) => self.take_over(id, ctx),
            Event::Hour => {
                ctx.schedule(HOUR, Event::Hour);
                self.end_hour(ctx);
            }
        }
        self.settle(ctx);
    }

    fn change(&mut self, before: &Params, ctx: &mut Ctx<Self>) {
        if ctx.params.builders() != before.builders() {
            self.set_rate(ctx);
        }
        Self::plan_week(ctx);
        self.settle(ctx);
    }

    fn snapshot(&self, ctx: &Ctx<Self>) -> Snapshot {
        self.diagram(ctx)
    }

    fn request(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        self.life_at(node, position, ctx)
    }

    fn exhibits(_: &Params) -> Vec<ExhibitSpec> {
        exhibits::all()
    }

    fn expensive_exhibit(id: &str, params: &Params) -> Option<Exhibit> {
        exhibits::expensive(id, params)
    }

    fn theory(params: &Params) -> Vec<Theory> {
        vec![Theory { id: "mean_wait", x: "pipelines_busy", y: "pipeline_wait_min", law: params.mean_wait() }]
    }

    fn inert(params: &Params) -> Vec<Rule> {
        layout::inert(params)
    }

    fn live_records(&self) -> u64 {
        (self.changes.len() + self.pipelines.len()) as u64
    }

    fn identities(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        self.equations(ctx)
    }
}
