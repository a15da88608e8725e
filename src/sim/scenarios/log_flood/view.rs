//! What a screen shows of the system, and the equations that hold.

use super::LogFlood;
use super::choices::{DebugScope, LogLevel, LogVolume};
use super::database::{STATES, State};
use super::tables::{Failure, Params};
use crate::diagram::Diagram;
use crate::engine::Ctx;
use crate::format;
use crate::metric::FailureReason;
use crate::scenario::Identity;
use crate::snapshot::{Content, Health, Snapshot};
use crate::unit::Unit;

const MB: u64 = 1_000_000;

impl LogFlood {
    pub(super) fn diagram(&self, ctx: &Ctx<Self>) -> Snapshot {
        let (params, metrics, flows) = (&ctx.params, &ctx.metrics, &self.flows);
        let all = metrics.committed.total() + metrics.failed_writes.total();
        let restarting = Failure::AppRestarting.total(metrics);
        let lost = |reason: Failure| reason.total(metrics);
        let at_database = all - restarting;
        let written = flows.taken() / MB;
        let shipped = flows.shipped() / MB;
        let dollars = |micros: i64| format::quantity(micros as f64 / 1e6, Unit::Dollars);
        let used = metrics.disk_used_pct.value();
        let responses = self.alarms.responses();
        let diagram = Diagram::new()
            .plain("users", "Users", (0, 0), format::counted(all, "orders"))
            .node(
                "app",
                "Application",
                (1, 0),
                Content::Plain,
                self.app_state(params),
                self.app_detail(params),
            )
            .node(
                "volume",
                if params.log_volume == LogVolume::Shared {
                    "Volume, with the database"
                } else {
                    "Volume of the log"
                },
                (2, 0),
                Content::Load((used / 100.0).clamp(0.0, 1.0)),
                self.volume_state(params),
                format::quantity(used, Unit::Percent) + " used",
            )
            .plain(
                "agent",
                "Agent",
                (3, 0),
                format::quantity(self.shipped_mb_s(params), Unit::MegabytesPerSecond),
            )
            .plain("service", "Log service", (4, 0), dollars(metrics.bill_usd.micros()))
            .node("database", "Database", (2, 1), Content::Plain, self.database_state(), String::new())
            .lost::<Failure>("Failed", (1, 1), metrics, metrics.committed.lately(), 0)
            .node("alarms", "Alarms", (4, 1), Content::Plain, self.alarm_state(params), {
                String::from("known: ") + &dollars(metrics.bill_seen_usd.micros())
            });
        let ways = [
            ("users", "app", all, ""),
            ("app", "database", at_database, ""),
            ("app", "volume", written, "MB"),
            ("volume", "agent", shipped, "MB"),
            ("agent", "service", shipped, "MB"),
            ("service", "alarms", metrics.alarms_rung.total(), ""),
            ("alarms", "app", responses, ""),
        ];
        let diagram = ways
            .into_iter()
            .fold(diagram, |diagram, (from, to, total, unit)| diagram.stream(from, to, total, unit));
        let reasons = [Failure::HeapExtendEnospc, Failure::WalPanic, Failure::DbRecovering, Failure::DbDown];
        debug_assert_eq!(reasons.map(lost).iter().sum::<u64>() + restarting, metrics.failed_writes.total());
        reasons
            .into_iter()
            .fold(diagram, |diagram, reason| diagram.failure("database", "lost", reason, metrics))
            .failure("app", "lost", Failure::AppRestarting, metrics)
            .finish()
    }

    /// What all servers ship in a second, in megabytes.
    fn shipped_mb_s(&self, params: &Params) -> f64 {
        (self.flows.ship_rate(params.ship_filter) * params.instances) as f64 / 1e6
    }

    fn app_state(&self, params: &Params) -> (Health, &'static str) {
        match self.in_force(params) {
            _ if self.is_app_down => (Health::Failing, "restarting"),
            (LogLevel::Debug, DebugScope::All) => (Health::Strained, "DEBUG"),
            (_, DebugScope::Sampled) => (Health::Fine, "DEBUG, sampled"),
            (_, DebugScope::OnError) => (Health::Fine, "DEBUG on errors"),
            (LogLevel::Warn, _) => (Health::Fine, "WARN"),
            _ => (Health::Fine, "INFO"),
        }
    }

    fn app_detail(&self, params: &Params) -> String {
        let rate = |bytes: u64| format::quantity(bytes as f64 / 1e6, Unit::MegabytesPerSecond);
        let (wanted, written) = (self.flows.produced.rate(), self.flows.written.rate());
        if written < wanted {
            // A box has no room for the unit twice.
            return format::number(written as f64 / 1e6) + " of " + &rate(wanted);
        }
        format::count(params.instances) + " × " + &rate(written)
    }

    fn volume_state(&self, params: &Params) -> (Health, &'static str) {
        let (used, size) = (self.files.used(), self.volume.size(params.volume_gb));
        if used >= self.volume.open_to_log(params) {
            (Health::Failing, "full")
        } else if used >= self.volume.open_to_all(params) {
            (Health::Failing, "full but for root")
        } else if self.files.ghost().is_some_and(|file| file.bytes > 0) {
            (Health::Strained, "deleted, still open")
        } else if used >= size / 5 * 4 {
            (Health::Strained, "nearly full")
        } else {
            (Health::Fine, "room left")
        }
    }

    fn database_state(&self) -> (Health, &'static str) {
        let state = self.database.state();
        let health = if state == State::Ok { Health::Fine } else { Health::Failing };
        (health, Unit::States(STATES).state(f64::from(state as u8)).unwrap_or_default())
    }

    fn alarm_state(&self, params: &Params) -> (Health, &'static str) {
        if self.alarms.are_answered() {
            (Health::Strained, "somebody is called")
        } else if self.alarms.are_ringing() {
            (Health::Strained, "ringing")
        } else if super::alarms::is_any(params) {
            (Health::Fine, "quiet")
        } else {
            (Health::Fine, "none set")
        }
    }

    pub(super) fn equations(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        let (now, metrics, flows, files) = (ctx.now(), &ctx.metrics, &self.flows, &self.files);
        let equal = |name, left: u64, right: u64| Identity { name, left: left.into(), right: right.into() };
        let failed: u64 = Failure::ALL.iter().map(|reason| reason.total(metrics)).sum();
        let rows = self.database.visible_rows();
        vec![
            Identity {
                name: "bytes logged = written + dropped",
                left: flows.produced.parts(now) as i128,
                right: (flows.written.parts(now) + flows.dropped.parts(now)) as i128,
            },
            equal(
                "bytes written = in files with a name or without + deleted",
                flows.taken(),
                files.used() + files.deleted(),
            ),
            equal("bytes written = bytes that files took", flows.taken(), files.written()),
            equal(
                "bytes used = active + archives + deleted and still open",
                files.used(),
                files.active().map_or(0, |file| file.bytes)
                    + files.archives().map(|file| file.bytes).sum::<u64>()
                    + files.ghost().map_or(0, |file| file.bytes),
            ),
            equal("orders failed = sum over the reasons", metrics.failed_writes.total(), failed),
            equal(
                "commits measured = orders taken",
                metrics.commit_latency_ms.count(),
                metrics.committed.total(),
            ),
            equal("orders taken = rows on disk", metrics.committed.total(), self.database.durable_rows()),
            equal(
                "rows that can be read = orders taken, while anything can be read",
                if rows == 0 { metrics.committed.total() } else { rows },
                metrics.committed.total(),
            ),
            Identity {
                name: "bill = cost of the bytes shipped",
                left: metrics.bill_usd.micros().into(),
                right: flows.cost_micros().into(),
            },
        ]
    }
}
