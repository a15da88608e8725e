//! What a screen shows of the lab, and the equations that hold in it.

use super::QueueingLab;
use super::requests::{Request, State};
use super::tables::{Discipline, Failure};
use crate::diagram::Diagram;
use crate::engine::Ctx;
use crate::format::{count, counted, counted_of, exact};
use crate::metric::FailureReason;
use crate::scenario::Identity;
use crate::snapshot::{Content, Health, Life, Snapshot, Span};
use crate::time::SimTime;

impl Request {
    /// Whether a server works on it.
    fn is_served(&self) -> bool {
        matches!(self.state, State::InService | State::Sharing)
    }

    /// What has become of it by `now`; `end` says how it ended, and whether badly.
    pub(super) fn life(&self, now: SimTime, end: Option<(&'static str, bool)>) -> Life {
        let to = end.map(|_| now);
        let spans = if self.has_begun {
            let waited = Span::new("waited", self.arrived, Some(self.began));
            let name = if self.is_served() { "was served" } else { "waits for the rest of its service" };
            vec![waited, Span::new(name, self.began, to)]
        } else {
            vec![Span::new("waited", self.arrived, to)]
        };
        let failed = end.is_some_and(|(_, failed)| failed);
        Life { arrived: self.arrived, spans, outcome: end.map(|(outcome, _)| outcome), failed }
    }
}

impl QueueingLab {
    pub(super) fn diagram(&self, ctx: &Ctx<Self>) -> Snapshot {
        let (params, metrics) = (&ctx.params, &ctx.metrics);
        let (busy, waiting, servers) = (metrics.busy.value(), metrics.waiting.value(), params.servers);
        // Whoever shares the servers is in service, though not with a server of its own: nobody stands in line.
        let is_shared = params.discipline == Discipline::ProcessorSharing;
        let in_line = if is_shared { 0 } else { waiting };
        let limit =
            if params.may_wait { Some(params.queue_limit).filter(|limit| *limit > 0) } else { Some(0) };
        let limit = limit.filter(|_| !is_shared);
        // Full and one short of it take turns many times a second: one word for both.
        let is_full = limit.is_some_and(|limit| in_line + (limit / 10).max(1) >= limit && in_line > 0);
        // A queue is long when it takes a newcomer more than ten service times to get through.
        let is_long = in_line > 10 * servers;
        let (source, traffic) = if params.clients > 0 {
            ("Clients", counted_of(self.thinking, self.members, "think"))
        } else {
            ("Arrivals", format!("{} a second", exact(params.arrivals_per_s)))
        };
        let line = match in_line {
            _ if is_full && limit != Some(0) => (Health::Failing, "at its limit"),
            0 => (Health::Fine, "empty"),
            _ if is_long => (Health::Failing, "long"),
            _ => (Health::Strained, "waiting"),
        };
        let work = match busy {
            _ if is_shared && waiting > 10 * servers => (Health::Failing, "crowded"),
            _ if is_shared && waiting > 0 => (Health::Strained, "shared"),
            0 => (Health::Fine, "idle"),
            busy if busy < servers => (Health::Fine, "working"),
            // One server is busy or idle, and neither says anything of the load.
            _ if servers == 1 => (Health::Fine, "busy"),
            _ => (Health::Strained, "all busy"),
        };
        let at_work = if is_shared && waiting > 0 {
            let noun = if servers == 1 { "server" } else { "servers" };
            format!("{} share {} {noun}", count(waiting + busy), count(servers))
        } else {
            counted_of(busy, servers, "busy")
        };
        let accepted = metrics.arrived.total() - metrics.rejected.total();
        let queue = Content::Queue { length: in_line, limit };
        Diagram::new()
            .plain("source", source, (0, 0), traffic)
            .node("queue", "Queue", (1, 0), queue, line, counted(in_line, "waiting"))
            .node("servers", "Servers", (2, 0), Content::Slots { used: busy, total: servers }, work, at_work)
            .end("done", "Answered", (3, 0), metrics.done.total())
            .lost::<Failure>("Lost", (3, 1), metrics, metrics.done.lately(), 0)
            .flow("source", "queue", accepted)
            .flow("queue", "servers", self.begun)
            .flow("servers", "done", metrics.done.total())
            .failure("source", "lost", Failure::Rejected, metrics)
            .failure("queue", "lost", Failure::Abandoned, metrics)
            .failure("queue", "lost", Failure::Cleared, metrics)
            .finish()
    }

    pub(super) fn life_at(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        let request = match node {
            "queue" => self.requests.get(self.queue.iter(&self.requests).nth(position)?)?,
            "servers" => self.requests.iter().filter(|(_, request)| request.is_served()).nth(position)?.1,
            _ => return None,
        };
        Some(request.life(ctx.now(), None))
    }

    pub(super) fn equations(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        let metrics = &ctx.metrics;
        let in_system = metrics.in_system.value();
        let failed: u64 = Failure::ALL.iter().map(|reason| reason.total(metrics)).sum();
        let present = || self.requests.iter().map(|(_, request)| request);
        let age: u128 = present().map(|request| u128::from((ctx.now() - request.arrived).nanos())).sum();
        let queued = self.queue.iter(&self.requests).count();
        let sharing = self.sharing.jobs.len() as u64;
        let mut identities = vec![
            Identity {
                name: "arrived = done + rejected + abandoned + cleared + in the system",
                left: metrics.arrived.total().into(),
                right: (metrics.done.total() + failed + in_system).into(),
            },
            Identity {
                name: "accepted = begun + abandoned + cleared + present whose service has not begun",
                left: i128::from(metrics.arrived.total()) - i128::from(metrics.rejected.total()),
                right: i128::from(self.begun + metrics.abandoned.total() + metrics.cleared.total())
                    + present().filter(|request| !request.has_begun).count() as i128,
            },
            Identity {
                name: "requests held = in the system",
                left: present().count() as i128,
                right: in_system.into(),
            },
            Identity {
                name: "in the system = waiting + busy servers",
                left: in_system.into(),
                right: (metrics.waiting.value() + metrics.busy.value()).into(),
            },
            Identity {
                name: "waiting = length of the queue + sharers without a server of their own",
                left: metrics.waiting.value().into(),
                right: queued as i128 + i128::from(sharing.saturating_sub(ctx.params.servers)),
            },
            Identity {
                name: "sum of sojourns = integral of the number in the system (Little's law)",
                left: (metrics.sojourn_ms.sum_nanos() + self.lost_sojourn + age) as i128,
                right: metrics.in_system.integral(ctx.now()) as i128,
            },
            Identity {
                name: "clients = thinking + with a request under way",
                left: self.members.into(),
                right: i128::from(self.thinking)
                    + present().filter(|request| request.from_client).count() as i128,
            },
            Identity {
                name: "servers in use are within the limit whenever one is given",
                left: self.given_past_limit.into(),
                right: 0,
            },
            Identity {
                name: "waits observed = done + present whose wait is known",
                left: metrics.wait_ms.count().into(),
                right: i128::from(metrics.done.total())
                    + present().filter(|request| request.has_waited).count() as i128,
            },
            Identity {
                name: "sojourns observed = done",
                left: metrics.sojourn_ms.count().into(),
                right: metrics.done.total().into(),
            },
        ];
        if !self.ever_shared {
            let under_way: u128 = present()
                .filter(|request| request.state == State::InService)
                .map(|request| u128::from((ctx.now() - request.began).nanos()))
                .sum();
            identities.push(Identity {
                name: "sum of service given = integral of busy servers",
                left: (self.service_given + under_way) as i128,
                right: metrics.busy.integral(ctx.now()) as i128,
            });
        }
        identities
    }
}
