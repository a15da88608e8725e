//! The 2 TB debug log: DEBUG was switched on for a launch and stayed. The log filled the disk under the database, and
//! every byte of it went to a log service that charges by the gigabyte.
//!
//! ```text
//! users ──▶ application ──▶ file on a volume ──▶ agent ──▶ log service
//!    orders     │              ▲ same volume, or not            │ known late
//!               └────────▶ database                  alarms ◀───┘
//!                                                       └──▶ whoever is on call sets INFO
//! ```
//!
//! Log bytes are a fluid: between two events they flow at a steady rate, and each level that matters is an event at the
//! nanosecond at which it is reached. Orders, and requests that the bug strikes, are played one by one.
//!
//! Read on in [`tables`], [`choices`] and [`presets`] (what there is to set and to measure), [`files`] (which files hold the
//! bytes, named or not), [`flow`] (how much is logged, written and shipped), [`rotation`] (what cron does), [`database`]
//! (what a full disk does to it), [`alarms`] (who notices, and when), [`commands`], [`journal`] and [`lines`] (the terminal), [`inert`]
//! (which controls do nothing), [`exhibits`] (each fix by itself), and [`view`] (what a screen shows, and the equations that hold).

mod alarms;
mod choices;
mod commands;
mod database;
mod exhibits;
mod files;
mod flow;
mod inert;
mod journal;
mod lines;
mod presets;
mod rotation;
mod tables;
mod view;

pub use self::tables::{Action, Metrics, Params, SPEC};

use self::alarms::Alarms;
use self::choices::{DebugScope, LogLevel, RotateMode, ShipFilter};
use self::database::Database;
use self::files::Files;
use self::flow::{Flows, Volume};
use self::tables::Event;
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::exhibit::{Exhibit, ExhibitSpec};
use crate::inert::Rule;
use crate::random::Stream;
use crate::resource::poisson::Poisson;
use crate::scenario::{Identity, Scenario};
use crate::snapshot::{Life, Snapshot};
use crate::spec::ScenarioSpec;
use crate::terminal::{LogView, Reply, Terminal};
use crate::time::SimTime;

/// How long after midnight the run begins.
const AFTER_MIDNIGHT: SimTime = SimTime::from_secs(18 * 3600);
/// How long the application takes to restart.
const RESTART: SimTime = SimTime::from_secs(20);
/// How long the volume takes to grow.
const GROWTH: SimTime = SimTime::from_secs(600);
/// How often gauges are shown, and what was shipped is noted.
const SHOWN: SimTime = SimTime::from_secs(10);
/// Traces count as found within budget up to this bill, in millionths of a dollar.
const BUDGET_MICROS: i64 = 100_000_000;

/// The state of the system.
#[derive(Clone, Debug)]
pub struct LogFlood {
    orders: Poisson,
    bugs: Poisson,
    /// What commits take.
    commits: Stream,
    /// Which requests that the bug strikes are in the sample.
    sample: Stream,
    files: Files,
    volume: Volume,
    flows: Flows,
    database: Database,
    alarms: Alarms,
    /// Whether somebody or something else than the learner has set INFO, with DEBUG for nobody, since the learner last did.
    is_quiet: bool,
    /// When DEBUG came into force.
    debug_since: SimTime,
    debug_end: EventHandle,
    is_app_down: bool,
    /// Traces of the bug at the log service.
    shipped_traces: u64,
    /// When a fluid reaches its next level.
    reached: EventHandle,
    rotation: EventHandle,
    /// When the bill becomes known.
    billing: EventHandle,
}

impl Scenario for LogFlood {
    const SPEC: ScenarioSpec = SPEC;
    type Params = Params;
    type Metrics = Metrics;
    type Event = Event;

    fn start(ctx: &mut Ctx<Self>) -> Self {
        let mut system = Self {
            orders: Poisson::new(ctx.stream("orders")),
            bugs: Poisson::new(ctx.stream("bug")),
            commits: ctx.stream("commits"),
            sample: ctx.stream("sample"),
            files: Files::default(),
            volume: Volume::default(),
            flows: Flows::default(),
            database: Database::default(),
            alarms: Alarms::default(),
            is_quiet: false,
            debug_since: SimTime::ZERO,
            debug_end: EventHandle::NONE,
            is_app_down: false,
            shipped_traces: 0,
            reached: EventHandle::NONE,
            rotation: EventHandle::NONE,
            billing: EventHandle::NONE,
        };
        system.set_arrivals(ctx);
        ctx.schedule(SHOWN, Event::Show);
        system.plan_rotation(ctx);
        system.plan_debug_end(ctx);
        system.plan_billing(ctx);
        system.plan_checkpoint(ctx);
        system.plan_evaluation(ctx);
        system.update(ctx);
        system
    }

    fn handle(&mut self, event: Event, ctx: &mut Ctx<Self>) {
        // What arrives by the thousand changes no rate.
        match event {
            Event::Order => {
                self.orders.next(Event::Order, ctx);
                return self.order(ctx);
            }
            Event::Bug => {
                self.bugs.next(Event::Bug, ctx);
                return self.strike(ctx);
            }
            _ => self.settle_now(ctx),
        }
        match event {
            Event::Order | Event::Bug | Event::Reached => {}
            Event::Show => {
                ctx.schedule(SHOWN, Event::Show);
                self.alarms.note(self.flows.shipped());
            }
            Event::Rotate => {
                self.rotation = EventHandle::NONE;
                self.plan_rotation(ctx);
                self.rotate(false, ctx);
            }
            Event::Checkpoint => {
                self.plan_checkpoint(ctx);
                self.checkpoint(ctx);
            }
            Event::RedoEnd => self.end_redo(ctx),
            Event::AppUp => self.is_app_down = false,
            Event::Grown => self.volume.grow(ctx.params.volume_gb),
            Event::Billing => {
                self.billing = EventHandle::NONE;
                self.plan_billing(ctx);
                let news = ctx.metrics.bill_usd.micros() - ctx.metrics.bill_seen_usd.micros();
                ctx.metrics.bill_seen_usd.enter(news);
            }
            Event::Evaluate => {
                self.plan_evaluation(ctx);
                self.evaluate(ctx);
            }
            Event::Respond => self.respond(ctx),
            Event::DebugEnd => {
                self.debug_end = EventHandle::NONE;
                self.is_quiet = true;
                ctx.announce("The time of DEBUG is over, and the level is INFO again");
            }
        }
        self.update(ctx);
    }

    fn change(&mut self, before: &Params, ctx: &mut Ctx<Self>) {
        self.settle(before, ctx);
        let now = *ctx.params;
        let level = |params: &Params| (params.log_level, params.debug_scope);
        if level(&now) != level(before) {
            self.deploy(ctx);
        }
        if now.debug_ttl_min != before.debug_ttl_min {
            self.plan_debug_end(ctx);
        }
        let arrivals =
            |params: &Params| (params.orders_per_s, params.req_rate_s, params.instances, params.bug_ppm);
        if arrivals(&now) != arrivals(before) {
            self.set_arrivals(ctx);
        }
        let rotation = |params: &Params| (params.rotate_mode, params.rotate_interval_s);
        if rotation(&now) != rotation(before) {
            if now.rotate_mode == RotateMode::InProcess && before.rotate_mode != RotateMode::InProcess {
                self.files.reopen();
            }
            self.plan_rotation(ctx);
        }
        if now.billing_lag_h != before.billing_lag_h {
            self.plan_billing(ctx);
        }
        if now.checkpoint_s != before.checkpoint_s {
            self.plan_checkpoint(ctx);
        }
        self.change_alarms(before, ctx);
        // A smaller cap holds from the next byte on, which is now.
        self.settle(&now, ctx);
        self.update(ctx);
    }

    fn act(&mut self, index: usize, ctx: &mut Ctx<Self>) {
        self.settle_now(ctx);
        if let Some(action) = Action::at(index) {
            self.take(action, ctx);
        }
        self.update(ctx);
    }

    fn snapshot(&self, ctx: &Ctx<Self>) -> Snapshot {
        self.diagram(ctx)
    }

    /// Requests are not played one by one.
    fn request(&self, _: &str, _: usize, _: &Ctx<Self>) -> Option<Life> {
        None
    }

    fn terminal() -> Option<&'static Terminal> {
        Some(&commands::TERMINAL)
    }

    fn command(&self, index: usize, ctx: &Ctx<Self>) -> Reply {
        self.run_command(index, ctx)
    }

    fn log(&self, most: usize, ctx: &Ctx<Self>) -> Option<LogView> {
        Some(self.log_view(most, ctx))
    }

    fn exhibits(_: &Params) -> Vec<ExhibitSpec> {
        exhibits::all()
    }

    fn expensive_exhibit(id: &str, params: &Params) -> Option<Exhibit> {
        exhibits::expensive(id, params)
    }

    fn inert(params: &Params) -> Vec<Rule> {
        inert::rules(params)
    }

    fn pending(&self, _: &Ctx<Self>) -> Vec<Rule> {
        vec![(
            self.is_quiet,
            &["log_level", "debug_scope"],
            "INFO is in force since an alarm or a time limit set it; a new value counts.",
        )]
    }

    fn live_records(&self) -> u64 {
        self.files.archives().len() as u64 + 64
    }

    fn identities(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        self.equations(ctx)
    }
}

impl LogFlood {
    fn set_arrivals(&mut self, ctx: &mut Ctx<Self>) {
        let Params { orders_per_s, req_rate_s, instances, bug_ppm, .. } = *ctx.params;
        self.orders.set_rate(orders_per_s, Event::Order, ctx);
        let struck = (req_rate_s * instances * bug_ppm) as f64 / 1e6;
        self.bugs.set_rate(struck, Event::Bug, ctx);
    }

    /// Rows that somebody who reads the database can see, for tests.
    pub fn visible_rows(&self) -> u64 {
        self.database.visible_rows()
    }

    fn take(&mut self, action: Action, ctx: &mut Ctx<Self>) {
        match action {
            // What they set is set by now.
            Action::SetLevelInfo | Action::PauseAgent => {}
            Action::Relapse => self.deploy(ctx),
            Action::RestartApp => {
                if !self.is_app_down {
                    self.is_app_down = true;
                    self.files.reopen();
                    ctx.schedule(RESTART, Event::AppUp);
                }
            }
            Action::DeleteLog => {
                self.files.delete();
                if self.files.ghost().is_some_and(|file| file.bytes > 0) {
                    ctx.announce(
                        "The log is deleted and still open: du says empty, and df says what it said before",
                    );
                }
            }
            Action::TruncateLog => self.files.truncate(),
            Action::TruncateOpen => self.files.truncate_open(),
            Action::RotateNow => self.rotate(true, ctx),
            Action::GrowVolume => {
                if self.volume.begin_to_grow(ctx.params.volume_gb) {
                    ctx.schedule(GROWTH, Event::Grown);
                }
            }
            Action::RestartDb => self.restart_database(ctx),
        }
    }

    /// Level and scope as they are in force.
    fn in_force(&self, params: &Params) -> (LogLevel, DebugScope) {
        if self.is_quiet { (LogLevel::Info, DebugScope::Off) } else { (params.log_level, params.debug_scope) }
    }

    /// Whether any request writes DEBUG lines.
    fn is_debug(&self, params: &Params) -> bool {
        matches!(
            self.in_force(params),
            (LogLevel::Debug, DebugScope::All) | (_, DebugScope::Sampled | DebugScope::OnError)
        )
    }

    /// Level and scope are what the learner has set, from now on.
    fn deploy(&mut self, ctx: &mut Ctx<Self>) {
        self.is_quiet = false;
        self.debug_since = ctx.now();
        self.plan_debug_end(ctx);
    }

    /// The time limit counts from the moment at which DEBUG came into force.
    fn plan_debug_end(&mut self, ctx: &mut Ctx<Self>) {
        ctx.cancel(self.debug_end);
        let limit = ctx.params.debug_ttl_min * 60;
        self.debug_end = if limit > 0 && self.is_debug(&ctx.params) {
            let end = self.debug_since + SimTime::from_secs(limit);
            ctx.schedule_limit(end - ctx.now(), Event::DebugEnd)
        } else {
            EventHandle::NONE
        };
    }

    /// The bill is known at whole multiples of its lag.
    fn plan_billing(&mut self, ctx: &mut Ctx<Self>) {
        ctx.cancel(self.billing);
        let wait = until_multiple(ctx.now(), SimTime::ZERO, ctx.params.billing_lag_h * 3600);
        self.billing = ctx.schedule(wait, Event::Billing);
    }

    /// The bug strikes a request. Whatever becomes of it, one draw is taken.
    fn strike(&mut self, ctx: &mut Ctx<Self>) {
        let unit = self.sample.unit();
        self.settle_now(ctx);
        if unit >= self.traced_share(ctx) {
            return;
        }
        if ctx.params.ship_filter == ShipFilter::All {
            self.shipped_traces += 1;
        } else {
            self.files.keep_trace(ctx.params.rotate_mode == RotateMode::InProcess);
        }
        self.show_traces(ctx);
    }
}

/// How long it takes from `now` until so many seconds have passed a whole number of times since `origin` before the start
/// of the run.
fn until_multiple(now: SimTime, origin: SimTime, secs: u64) -> SimTime {
    let period = SimTime::from_secs(secs.max(1)).nanos();
    SimTime::from_nanos(period - (now + origin).nanos() % period)
}
