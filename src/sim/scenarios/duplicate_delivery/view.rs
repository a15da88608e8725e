//! What a screen shows of the shop, and the equations that hold in it.

use std::ops::Range;

use super::flow::{Body, COMPLAINT_MICROS, PARKED_MICROS};
use super::handler::Attempt;
use super::tables::{CrashStep, Failure, Params};
use super::worker::{State, Worker};
use super::{DuplicateDelivery, Fix, MOST_WORKERS, handler};
use crate::diagram::Diagram;
use crate::engine::Ctx;
use crate::format;
use crate::resource::leased_queue::{Message, Place};
use crate::scenario::Identity;
use crate::snapshot::{Content, Health, Life, MOST_LEASES, Snapshot, Span};
use crate::time::SimTime;
use crate::unit::Unit;

/// Workers that the diagram shows one by one; the last one stands for all that follow.
pub const MOST_SHOWN: usize = 3;

/// Names of the workers, so that their ids are as fixed as those of everything else.
const WORKERS: [(&str, &str); MOST_SHOWN] =
    [("worker_1", "Worker 1"), ("worker_2", "Worker 2"), ("worker_3", "Worker 3")];

/// The life of a message by `now`; `end` says how it ended, and whether badly.
pub fn life(message: &Message<Body>, now: SimTime, end: Option<(&'static str, bool)>) -> Life {
    let to = end.map(|_| now);
    let mut spans = Vec::with_capacity(2);
    if message.since > message.published {
        let name = if message.place == Place::InFlight && message.receives == 1 {
            "waited"
        } else {
            "was received before"
        };
        spans.push(Span::new(name, message.published, Some(message.since)));
    }
    let name = match message.place {
        Place::Visible => "is visible",
        Place::InFlight => "is in flight",
        Place::Dead => "is parked",
    };
    spans.push(Span::new(name, message.since, to));
    let failed = end.is_some_and(|(_, failed)| failed);
    Life { arrived: message.published, spans, outcome: end.map(|(outcome, _)| outcome), failed }
}

/// Mails in the story's inbox after an hour.
const STORY: u64 = 47;

/// Receives of a message from which on the diagram says so.
const AGAIN: u32 = 5;

impl DuplicateDelivery {
    /// The workers that each box of the diagram stands for.
    fn groups(&self) -> impl Iterator<Item = Range<usize>> {
        let shown = self.shown;
        (0..shown).map(move |index| index..if index + 1 == shown { MOST_WORKERS } else { index + 1 })
    }

    pub(super) fn diagram(&self, ctx: &Ctx<Self>) -> Snapshot {
        let (now, params, metrics) = (ctx.now(), &ctx.params, &ctx.metrics);
        let plain = (Health::Fine, "");
        let (visible, in_flight, dead) = (self.queue.visible(), self.queue.in_flight(), self.queue.dead());
        let line = match visible {
            0 => (Health::Fine, "empty"),
            visible if visible > 50 * params.workers => (Health::Failing, "long"),
            visible if visible > 5 * params.workers => (Health::Strained, "growing"),
            _ => (Health::Fine, "short"),
        };
        let next = self.queue.next().map(|message| self.orders.get(message.body.order).number);
        let lapses = self.queue.next_lapse().map_or_else(
            || String::from("no message"),
            |until| {
                let left = format::quantity((until - now).as_secs_f64(), Unit::Seconds);
                if in_flight == 1 { format!("ends in {left}") } else { format!("next ends in {left}") }
            },
        );
        let parked = match dead {
            _ if params.max_receives == 0 && dead == 0 => (Health::Fine, "none"),
            0 => (Health::Fine, "empty"),
            _ => (Health::Strained, "to look at"),
        };
        let lost = metrics.lost_marked_not_sent.total()
            + metrics.lost_key_not_sent.total()
            + metrics.lost_retention_expired.total()
            + metrics.suppressed_legitimate.total();
        let lost_word = if lost == 0 { (Health::Fine, "nothing") } else { (Health::Failing, "never sent") };
        let zero = self.orders.get(0);
        let marker = match zero.memory.marked_until(now) {
            Some(until) => {
                let left = format::quantity((until - now).as_secs_f64(), Unit::Seconds);
                ((Health::Fine, "set"), format!("for {left} more"))
            }
            None if zero.memory.has_lost_marker(now) => {
                ((Health::Strained, "lost"), String::from("at a failover"))
            }
            None => ((Health::Fine, "unset"), String::new()),
        };
        let inbox = match self.counts.inbox_0 {
            0 => (Health::Strained, "no mail yet"),
            1 => (Health::Fine, "one mail"),
            2..=4 => (Health::Strained, "too many"),
            _ => (Health::Failing, "flooded"),
        };
        let once = metrics.orders_mailed_once_pct.value();
        let once = match once {
            once if once.is_nan() => String::from("no order yet"),
            // Almost all are not all.
            once if once < 100.0 => format!("{:.1}\u{a0}% got one", once.min(99.9)),
            _ => String::from("all got one"),
        };
        let queue = |length| Content::Queue { length, limit: None };
        let mut left = [0.0; MOST_LEASES];
        for (share, message) in left.iter_mut().zip(self.queue.lent()) {
            *share = message.left(now);
        }
        // A message that comes back so often is no bad luck any more.
        let tried = self.queue.lent().map(|message| message.receives).max().unwrap_or_default();
        let retries = if tried >= AGAIN { (Health::Strained, "retried") } else { plain };
        let fix = match self.fix {
            Fix::None => "",
            Fix::InWork => "a fix is in work",
            Fix::Live => "the fix is live",
        };
        let per_min = format!("{} a minute", format::number(params.order_rate_per_min));
        let next = next.map_or_else(String::new, |number| format!("next: order {}", format::count(number)));
        let (mails, twice) = (metrics.mails_sent_total.lately(), metrics.duplicate_mails_total.lately());
        let service = if metrics.mail_service_crashes_total.lately() > 0 {
            (Health::Failing, "died, up again")
        } else {
            (Health::of_outcomes(twice, mails - twice), if twice > 0 { "duplicates" } else { "" })
        };
        let sent = metrics.mails_sent_total.total();
        let mail = match self.counts.refused {
            0 => format::counted(sent, "sent"),
            refused => format::counted_of(refused, refused + sent, "refused"),
        };
        let mails = self.counts.inbox_0;
        let (slots, so_far) =
            (Content::Slots { used: mails.min(STORY), total: STORY }, format::counted(mails, "so far"));
        let never = format::counted(lost, "mails");
        let totals = self.queue.totals();
        let mut diagram = Diagram::new()
            .node("orders", "Orders", (0, 1), Content::Plain, (Health::Fine, fix), per_min)
            .node("queue", "Queue", (1, 1), queue(visible), line, next)
            .node(
                "in_flight",
                "In flight",
                (1, 2),
                Content::Leases { count: in_flight, left },
                retries,
                lapses,
            )
            .node("dlq", "Dead letters", (1, 0), queue(dead), parked, "")
            .node("lost", "Lost", (0, 2), Content::Plain, lost_word, never)
            .node("markers", "Marker store", (3, 1), Content::Plain, marker.0, marker.1)
            .node("mail", "Mail service", (3, 0), Content::Plain, service, mail)
            .node("inbox", "Order 0's inbox", (4, 0), slots, inbox, so_far)
            .plain("others", "Other inboxes", (4, 1), once)
            .flow("orders", "queue", totals.published - totals.redriven)
            .flow("queue", "in_flight", metrics.receives_total.total())
            .flow("in_flight", "queue", totals.lapsed)
            .failure("queue", "dlq", Failure::ParkedInDlq, metrics)
            .failure("queue", "dlq", Failure::ParkedUntried, metrics)
            .flow("dlq", "queue", totals.redriven)
            .failure("in_flight", "lost", Failure::LostMarkedNotSent, metrics)
            .failure("in_flight", "lost", Failure::LostKeyNotSent, metrics)
            .failure("in_flight", "lost", Failure::SuppressedLegitimate, metrics)
            .failure("queue", "lost", Failure::LostRetentionExpired, metrics)
            .flow("mail", "inbox", mails)
            .flow("mail", "others", metrics.mails_sent_total.total() - mails);
        for (index, group) in self.groups().enumerate() {
            diagram = self.workers_in(diagram, index, group, params);
        }
        diagram.finish()
    }

    /// Adds the box that stands for these workers.
    fn workers_in(&self, diagram: Diagram, index: usize, group: Range<usize>, params: &Params) -> Diagram {
        let workers = &self.workers[group.clone()];
        let used = workers.iter().filter(|worker| worker.state != State::Idle).count();
        let count = (params.workers as usize).clamp(1, MOST_WORKERS);
        let total = count.clamp(group.start, group.end) - group.start;
        let first = workers.iter().find(|worker| worker.state != State::Idle).unwrap_or(&workers[0]);
        let (word, mut detail) = at_work(first, params.crash_step, total);
        if total > 1 && used > 1 {
            detail = format!("{used} of {total} at work");
        }
        let (id, title) = WORKERS[index];
        let title = if total > 1 {
            format!("Workers {}–{}", group.start + 1, group.start + total)
        } else {
            title.to_owned()
        };
        let Attempt { dedupe, log, position, .. } = first.attempt;
        let (dedupe, log, at) = match first.state {
            State::Idle => (params.dedupe, params.log_position, None),
            State::Working | State::Dead | State::Hung => (dedupe, log, Some(position)),
        };
        let content = Content::Steps { at, total: handler::listing(dedupe, log).len() };
        let sum = |of: fn(&Worker) -> u64| workers.iter().map(of).sum::<u64>();
        diagram
            .node(id, &title, (2, index as u8), content, word, detail)
            .flow("in_flight", id, sum(|worker| worker.received_total))
            .flow(id, "mail", sum(|worker| worker.mailed_total))
            .flow(id, "markers", sum(|worker| worker.marker_calls))
    }

    pub(super) fn life_at(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        let now = ctx.now();
        match node {
            "queue" => self.queue.line().nth(position).map(|message| life(message, now, None)),
            "in_flight" => self.queue.lent().nth(position).map(|message| life(message, now, None)),
            "dlq" => self.queue.parked().nth(position).map(|message| life(message, now, None)),
            _ => {
                let group = self.groups().nth(WORKERS.iter().position(|(id, _)| *id == node)?)?;
                let worker =
                    self.workers[group].iter().filter(|worker| worker.state != State::Idle).nth(position)?;
                let doing = match worker.state {
                    State::Hung => "hangs with its worker",
                    State::Dead => "lost its worker",
                    State::Idle | State::Working => {
                        worker.attempt.step().map_or("is handled", |step| step.word(worker.attempt.dedupe))
                    }
                };
                let spans = vec![
                    Span::new("waited", worker.published, Some(worker.received)),
                    Span::new("was handled", worker.received, Some(worker.since)),
                    Span::new(doing, worker.since, None),
                ];
                Some(Life { arrived: worker.published, spans, outcome: None, failed: false })
            }
        }
    }

    pub(super) fn equations(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        let metrics = &ctx.metrics;
        let (queue, totals) = (&self.queue, self.queue.totals());
        let (all, recount) = (self.orders.all(), self.orders.recount());
        let equal = |name, left: u64, right: u64| Identity { name, left: left.into(), right: right.into() };
        let at_work = self.workers.iter().filter(|worker| worker.state == State::Working).count() as u64;
        let duplicates = metrics.duplicate_after_crash.total()
            + metrics.duplicate_lease_lapsed.total()
            + metrics.duplicate_marker_expired.total()
            + metrics.duplicate_marker_lost.total()
            + metrics.duplicate_claim_lapsed.total()
            + metrics.duplicate_key_expired.total()
            + metrics.duplicate_key_unwritten.total();
        let waiting = self.workers.iter().map(|worker| worker.waiting.len() as u64).sum::<u64>();
        let workers = |of: fn(&Worker) -> u64| self.workers.iter().map(of).sum::<u64>();
        let paid = self.counts.complaints as i64 * COMPLAINT_MICROS + totals.parked as i64 * PARKED_MICROS;
        vec![
            equal(
                "published = deleted + visible + in flight + parked + expired + redriven",
                totals.published,
                totals.deleted
                    + queue.visible()
                    + queue.in_flight()
                    + queue.dead()
                    + totals.expired
                    + totals.redriven,
            ),
            equal("receives = leases", metrics.receives_total.total(), totals.leased),
            equal(
                "leases = lapsed + cut short + in flight",
                totals.leased,
                totals.lapsed + totals.cut_short + queue.in_flight(),
            ),
            equal("messages in line = visible", queue.line().count() as u64, queue.visible()),
            equal("mails = sum over orders", metrics.mails_sent_total.total(), recount.mails),
            equal("duplicates = sum over orders", metrics.duplicate_mails_total.total(), recount.duplicates),
            equal("duplicates = sum of their reasons", metrics.duplicate_mails_total.total(), duplicates),
            equal("orders = sum over orders", metrics.orders_total.total(), recount.orders),
            equal("orders counted as they change = counted anew", u64::from(all == recount), 1),
            equal(
                "mails for the first time = mails - duplicates",
                metrics.time_to_mail_s.count(),
                all.mails - all.duplicates,
            ),
            equal(
                "mails = what the workers sent",
                metrics.mails_sent_total.total(),
                workers(|l| l.mailed_total),
            ),
            equal(
                "receives = what the workers received",
                metrics.receives_total.total(),
                workers(|l| l.received_total),
            ),
            equal(
                "receives = returned + left + crashed + under way + not begun",
                metrics.receives_total.total(),
                self.counts.returned
                    + self.counts.left
                    + metrics.worker_crashes_total.total()
                    + at_work
                    + waiting
                    + self.counts.not_begun,
            ),
            equal(
                "references = messages and workers that point at orders",
                self.orders.refs(),
                queue.len() + at_work + waiting,
            ),
            equal(
                "parked = put aside",
                metrics.parked_in_dlq.total() + metrics.parked_untried.total(),
                totals.parked,
            ),
            Identity {
                name: "cost = sum of its entries",
                left: metrics.ledger_usd.micros().into(),
                right: paid.into(),
            },
        ]
    }
}

/// What a worker does, and for whom; `total` are the workers that it stands for.
fn at_work(worker: &Worker, crash: CrashStep, total: usize) -> ((Health, &'static str), String) {
    let waiting = match worker.waiting.len() {
        0 => String::new(),
        waiting => format!(" and {} more", format::count(waiting as u64)),
    };
    // Short enough for a small box: the number of the order first, and how often it came if that is not once.
    let again = match worker.receives {
        0 | 1 => String::new(),
        receives => format!(" received {}×", format::count(receives.into())),
    };
    let order = format!("#{}{again}{waiting}", format::count(worker.order_number));
    match worker.state {
        State::Idle if total == 0 => ((Health::Fine, "not there"), String::new()),
        State::Idle => ((Health::Fine, "idle"), String::new()),
        State::Dead => ((Health::Failing, "restarting"), order),
        State::Hung => ((Health::Failing, "hung"), order),
        State::Working => {
            let step = worker.attempt.step();
            let word = step.map_or("done", |step| step.word(worker.attempt.dedupe));
            let is_marked = step.is_some_and(|step| step.crash() == crash);
            (if is_marked { (Health::Strained, word) } else { (Health::Fine, word) }, order)
        }
    }
}
