//! What there is to set, to do and to measure.

pub use super::choices::{
    CrashKind, CrashScope, CrashStep, Dedupe, KeyKind, LateAck, LogPosition, MailService,
};

use super::presets::PRESETS;
use crate::clock::WallClock;
use crate::metric::MetricSet;
use crate::parameter::ParamSet;
use crate::spec::{ChartSpec, ScenarioSpec};
use crate::time::SimTime;
use crate::{actions, events, metrics, params, parts};

parts! {
    /// Where controls and metrics belong.
    Part {
        Orders = "Orders" ["orders"] ["orders_total", "orders_mailed_once_pct", "orders_without_mail"],
        Queue = "Queue" ["queue", "in_flight", "dlq"] ["queue_visible", "queue_in_flight", "dlq_depth", "receives_total", "receive_count_max", "oldest_message_age_s", "stale_acks_total"],
        Workers = "Workers" ["worker"] ["workers_busy_pct", "worker_crashes_total", "heartbeats_total"],
        Markers = "Marker store" ["markers"] ["duplicate_marker_expired", "duplicate_marker_lost", "duplicate_claim_lapsed", "lost_marked_not_sent"],
        Mail = "Mail service" ["mail"] ["mails_sent_total", "duplicate_mails_total", "time_to_mail_s", "duplicate_key_expired"],
    }
}

params! {
    in Orders:
    /// New orders each minute, at random (a Poisson process). Order 0 comes at the start whatever the rate is.
    order_rate_per_min: f64 = 20, "Orders", "1/min", Number { min: 0.0, max: 120.0, step: 1.0 }, Assumed;

    in Workers:
    /// Workers, each at one message at a time. A worker that is taken away finishes what it has.
    workers: u64 = 4, "Workers", "", Integer { min: 1, max: 64 }, Assumed;
    /// Messages that a worker receives at a time, if so many are there (Amazon SQS: up to ten). All their leases run
    /// from the receive; a heartbeat extends only that of the message being handled. A message whose lease lapsed while
    /// it was buffered is still begun; some consumers, such as AWS Lambda's poller, give it back. A worker that dies
    /// loses them all.
    prefetch: u64 = 1, "Received at a time", "", Integer { min: 1, max: 10 }, Assumed;

    in Queue:
    /// How long a received message is hidden from other workers: its lease, the last moment included. A change applies
    /// to messages received after it.
    visibility_timeout_s: f64 = 75, "Visibility timeout", "s", Number { min: 1.0, max: 43_200.0, step: 5.0 }, Derived;
    /// What the queue does with an ack whose lease has lapsed; in the last moment of its lease it is not late. A worker
    /// whose ack is refused leaves its handler there. A change acts at once.
    late_ack: LateAck = ignored, "A late ack", "", Choice(LateAck::CHOICES), Source;
    /// Time until a free worker receives a visible message. An ack at the very moment of the receive comes first.
    pickup_delay_s: f64 = 2, "Pick-up delay", "s", Number { min: 0.0, max: 30.0, step: 0.5 }, Derived;

    in Mail:
    /// How long a call to the mail service takes. A call of hours stands for any long job.
    send_s: f64 = 0.8, "Sending a mail", "s", Number { min: 0.05, max: 14_400.0, step: 0.1 }, Assumed;
    /// How long that call takes for order 0. 0 means as long as for the others.
    slow_send_s: f64 = 0, "Sending order 0's mail", "s", Number { min: 0.0, max: 43_200.0, step: 5.0 }, Assumed, 0 = "as the others";

    in Workers:
    /// How long every other step of the handler takes. Of two steps that end at the same moment, the one that began first
    /// takes effect first.
    op_ms: f64 = 5, "Other steps", "ms", Number { min: 0.0, max: 100.0, step: 1.0 }, Assumed;
    /// How long it takes to replace a worker that died.
    restart_s: f64 = 10, "Restart of a worker", "s", Number { min: 0.0, max: 300.0, step: 5.0 }, Assumed;
    /// The step at which workers die, if the handler has it. A change acts at once on all work that has not reached it.
    crash_step: CrashStep = log, "Crash at", "", Choice(CrashStep::CHOICES), Story;
    /// Chance, for each message, that its worker dies at that step.
    crash_pct: f64 = 100, "Crash chance", "%", Number { min: 0.0, max: 100.0, step: 5.0 }, Story;
    /// Whose messages make workers die there.
    crash_scope: CrashScope = one_order, "Crash hits", "", Choice(CrashScope::CHOICES), Derived;
    /// What a worker does there.
    crash_kind: CrashKind = exit, "Crash is", "", Choice(CrashKind::CHOICES), Story;
    /// Chance, for each message, that its worker exits at a step of its handler, evenly chosen.
    background_crash_pct: f64 = 0, "Other crashes", "%", Number { min: 0.0, max: 20.0, step: 1.0 }, Assumed;
    /// What keeps the handler from mailing twice. A change applies to messages begun after it.
    dedupe: Dedupe = none, "Duplicates are stopped by", "", Choice(Dedupe::CHOICES), Story;
    /// Where the handler writes its log. A change applies to messages begun after it.
    log_position: LogPosition = after_send, "Log is written", "", Choice(LogPosition::CHOICES), Story;
    /// What markers and keys are made of. A change applies to messages begun after it.
    key_kind: KeyKind = order_id, "Key", "", Choice(KeyKind::CHOICES), Story;

    in Markers:
    /// How long a marker lives; a worker that looks after exactly that time still finds it.
    marker_ttl_s: f64 = 86400, "Marker lives", "s", Number { min: 60.0, max: 1_209_600.0, step: 3600.0 }, Story;
    /// How long a claim lives; a worker that comes after exactly that time still finds it.
    claim_ttl_s: f64 = 60, "Claim lives", "s", Number { min: 1.0, max: 86_400.0, step: 5.0 }, Assumed;
    /// How far the replica of the marker store is behind its primary. Markers and claims are written to the primary, and a
    /// worker goes on before the replica has them; one written exactly so long before a failover is lost. What counts is
    /// the lag at the failover.
    marker_replication_lag_s: f64 = 5, "Replication lag", "s", Number { min: 0.0, max: super::MOST_LAG_S, step: 1.0 }, Assumed;

    in Mail:
    /// How long the mail service remembers a unique key, the last moment included. 0 means for ever; payment services
    /// often keep keys for 24 hours. A change applies to keys taken after it.
    key_ttl_s: f64 = 0, "Key is remembered", "s", Number { min: 0.0, max: 1_209_600.0, step: 3600.0 }, Assumed, 0 = "for ever";
    /// How the mail service keeps a unique key and has the mail sent by a provider. Both acts come at the end of the call,
    /// one right after the other. A change acts at once.
    mail_service: MailService = atomic, "Key and mail", "", Choice(MailService::CHOICES), Assumed;
    /// Chance, for each call that would send a mail, that the mail service dies between its two acts. The worker then
    /// gets an error and leaves its handler without an ack, so the message shows again when its lease is over. The mail
    /// service is up again at once. A change acts at once.
    mail_service_crash_pct: f64 = 0, "Mail service dies", "%", Number { min: 0.0, max: 100.0, step: 5.0 }, Assumed;

    in Queue:
    /// Receives after which a message is moved to the dead-letter queue (Amazon SQS: up to 1,000). 0 means that there
    /// is no such queue.
    max_receives: u64 = 0, "Receives before parking", "", Integer { min: 0, max: 1000 }, Derived, 0 = "never";
    /// How long the queue keeps a message (Amazon SQS: 4 days by default, 14 at most). A receive, ack or parking after
    /// exactly that time is in time.
    retention_s: f64 = 345600, "Retention", "s", Number { min: 60.0, max: 1_209_600.0, step: 3600.0 }, Source;
    /// How long the dead-letter queue keeps a message, counted from when it was first published (Amazon SQS, standard
    /// queues).
    dlq_retention_s: f64 = 1209600, "Retention when parked", "s", Number { min: 60.0, max: 1_209_600.0, step: 3600.0 }, Source;

    in Workers:
    /// How long a worker waits, after it begins a message and after each heartbeat, before it renews that message's
    /// lease for another visibility timeout. 0 means never. A change applies from its next message or heartbeat on.
    heartbeat_s: u64 = 0, "Heartbeat", "s", Integer { min: 0, max: 3600 }, Assumed, 0 = "never";
    /// Mean time of a heartbeat, which extends the lease at its end. One that ends at the very moment when the lease
    /// does is in time; a later one does nothing, and no other follows. A change applies from the worker's next message
    /// or heartbeat on.
    heartbeat_ms: f64 = 0, "Heartbeat takes", "ms", Number { min: 0.0, max: 60_000.0, step: 10.0 }, Assumed;
    /// How far heartbeats spread evenly around that mean: at 0 % all take as long, at 100 % from no time to twice as
    /// long.
    heartbeat_spread_pct: f64 = 0, "Spread of heartbeats", "%", Number { min: 0.0, max: 100.0, step: 10.0 }, Assumed;

    in Orders:
    /// Share of orders whose customer asks for a second mail ten minutes later, and means it.
    resend_pct: f64 = 0, "Asked for again", "%", Number { min: 0.0, max: 20.0, step: 1.0 }, Assumed;
}

metrics! {
    /// Orders that came in.
    orders_total: Counter, "Orders", "orders";
    /// Orders that got every mail they asked for exactly once, in proportion to all so far.
    orders_mailed_once_pct: Gauge, "Mailed exactly once", "%";
    /// Mails that the mail service accepted.
    mails_sent_total: Counter, "Mails sent", "mails";
    /// Times that a worker received a message.
    receives_total: Counter, "Receives", "receives";
    /// Workers that died, whether they exited or hang.
    worker_crashes_total: Counter, "Worker crashes", "crashes";
    /// Calls at which the mail service died between its two acts.
    mail_service_crashes_total: Counter, "Mail service crashes", "crashes";
    /// Acks that did nothing, because the message had been received again or was gone.
    stale_acks_total: Counter, "Stale acks", "acks", [1.0 "an ack came too late and did nothing"];
    /// Acks that were refused, because their lease had lapsed.
    refused_acks_total: Counter, "Refused acks", "acks", [1.0 "an ack was refused: its lease had lapsed"];
    /// Leases extended by a heartbeat.
    heartbeats_total: Counter, "Heartbeats", "heartbeats";
    /// Mails beyond the first that was asked for.
    duplicate_mails_total: Counter, "Duplicate mails", "mails";
    /// Orders to which no mail has gone.
    orders_without_mail: Level, "Orders without mail", "orders";
    /// Mails in the inbox of order 0.
    inbox_mails: Level, "Order 0's inbox", "mails",
        [2.0 "order 0 has two mails", 5.0 "order 0 has five mails", 10.0 "order 0 has ten mails", 47.0 "order 0 has 47 mails, as in the story"];
    /// Mails of the order that got most.
    mails_per_order_max: Level, "Most mails of an order", "mails",
        [2.0 "an order has two mails", 5.0 "an order has five mails", 47.0 "an order has 47 mails"];
    /// Mails for each order, on average.
    mails_per_order_mean: Gauge, "Mails per order", "mails",
        [2.0 "an order gets two mails on average" or "an order gets fewer than two mails on average again"];
    /// Messages that wait to be received.
    queue_visible: Level, "Visible", "messages";
    /// Messages whose lease has not lapsed.
    queue_in_flight: Level, "In flight", "messages";
    /// Messages put aside.
    dlq_depth: Level, "Dead-letter queue", "messages",
        [1.0 "a message is parked in the dead-letter queue" or "the dead-letter queue is empty again"];
    /// Age of the oldest message in line or in flight.
    oldest_message_age_s: Gauge, "Oldest message", "s",
        [300.0 "the oldest message is five minutes old" or "the oldest message is younger than five minutes again"];
    /// Receives of the message that was received most.
    receive_count_max: Level, "Most receives", "receives",
        [5.0 "a message has been received five times" or "no message has been received five times any more",
        10.0 "a message has been received ten times" or "no message has been received ten times any more"];
    /// Time from when a mail was asked for until it was first sent.
    time_to_mail_s: Histogram, "Time to mail", "s",
        [60.0 "the slowest 1 % of mails take a minute or longer" or "99 % of mails take less than a minute again"];
    /// Workers that are not idle: at work, dead or hung.
    workers_busy_pct: Gauge, "Workers busy", "%", [80.0 "80 % of the workers are busy" or "fewer than 80 % of the workers are busy again"];
    /// What it costs: 8 USD for the complaint of each order with three mails or more of a kind, or with one missing, and
    /// 15 USD for each message that somebody has to look at in the dead-letter queue.
    ledger_usd: Money, "Cost", "USD";
    /// Mails sent again because the worker before had died.
    duplicate_after_crash: Failure, "Duplicate after a crash", "mails";
    /// Mails sent again because a lease lapsed while its worker was still at work.
    duplicate_lease_lapsed: Failure, "Duplicate, lease lapsed", "mails",
        [1.0 "a lease lapsed while its worker was still at work"];
    /// Mails sent again because the marker had expired.
    duplicate_marker_expired: Failure, "Duplicate, marker expired", "mails", [1.0 "a mail was sent again: its marker had expired"];
    /// Mails sent again because a failover of the marker store had lost a marker or claim that would still have been there.
    duplicate_marker_lost: Failure, "Duplicate, marker lost", "mails", [1.0 "a mail was sent again: its marker was lost at a failover"];
    /// Mails sent again because the claim was gone, whether its worker had died or was still at work.
    duplicate_claim_lapsed: Failure, "Duplicate, claim lapsed", "mails", [1.0 "a mail was sent again: its claim had lapsed"];
    /// Mails sent again because the mail service had forgotten their key.
    duplicate_key_expired: Failure, "Duplicate, key forgotten", "mails", [1.0 "a mail was sent again: the mail service had forgotten its key"];
    /// Mails sent again because the mail service had died before it wrote their key.
    duplicate_key_unwritten: Failure, "Duplicate, key not written", "mails",
        [1.0 "a mail was sent again: the mail service had died before it wrote its key"];
    /// Mails never sent because a marker said that they were: the message was acked without them.
    lost_marked_not_sent: Failure, "Lost: marked, not sent", "mails",
        [1.0 "a message was deleted, and its mail never sent"];
    /// Mails never sent because the mail service had their key, and had died before it sent them: the message was acked
    /// without them.
    lost_key_not_sent: Failure, "Lost: key, not sent", "mails", [1.0 "a key was known, and its mail never sent"];
    /// Mails never sent because their message got too old.
    lost_retention_expired: Failure, "Lost: too old", "mails", [1.0 "a message was deleted for its age"];
    /// Messages moved to the dead-letter queue that a worker had begun.
    parked_in_dlq: Failure, "Parked", "messages";
    /// Messages moved to the dead-letter queue that no worker had begun: each lease lapsed while its worker was busy
    /// with another message, or dead.
    parked_untried: Failure, "Parked untried", "messages", [1.0 "a message was parked that nobody had begun"];
    /// Second mails that were wanted, taken for duplicates and never sent.
    suppressed_legitimate: Failure, "Wanted, but suppressed", "mails", [1.0 "a mail that was wanted was taken for a duplicate and never sent"];
}

actions! {
    /// What the team can do.
    Action {
        /// Takes the crash out of the handler. The fix is live after 30 minutes; a worker that reaches the line at that
        /// very moment still dies. Asking again delays nothing.
        DeployLogFix in Workers = "deploy_log_fix" "Fix and deploy" sets { crash_step = 0.0 } after super::FIX_TAKES,
        /// Moves everything in the dead-letter queue back to the queue, as new messages. Mails come late, or again.
        RedriveDlq in Queue = "redrive_dlq" "Redrive the dead-letter queue",
        /// The primary of the marker store dies, and its replica takes over at once. Markers and claims written within the
        /// replication lag are lost, so mails may be sent again. Keys at the mail service stay.
        FailoverMarkerStore in Markers = "failover_marker_store" "Fail the marker store over",
    }
}

events! {
    /// What can happen in the shop.
    Event {
        /// A customer orders.
        Order,
        /// The customer of an order asks for the mail once more.
        Resend(u32),
        /// A lease lapses, a message gets too old, or one can be received.
        Due,
        /// The step that a worker is at ends.
        StepEnd(u32),
        /// A worker has been restarted.
        Up(u32),
        /// A worker's heartbeat.
        Heartbeat(u32),
        /// The fix is live.
        FixLive,
        /// A second is over.
        Second,
    }
}

pub const SPEC: ScenarioSpec = ScenarioSpec {
    id: "duplicate_delivery",
    title: "The 47 emails",
    summary: "A worker mails an order confirmation and dies before it tells the queue: one customer gets 47 of them in an hour.",
    leaves_out: crate::docs::list(&[
        "The queue is like a standard queue of Amazon SQS, but loses nothing and lends a message to one worker at a time; a real one may now and then lend it to two.",
        "What a late ack does is the same each time; a real standard queue may let an old receipt work now and then.",
        "The age of the oldest message counts every message; Amazon's metric passes over those received more than three times.",
        "A failover of the marker store takes no time, and no call to the store fails; a replica is behind by the same time whatever is written.",
        "Nobody waits until a replica has a marker, and no marker that was lost comes back from the old primary.",
        "A mail service that died is up again at once, and a mail that was accepted arrives at once.",
        "The two acts of the mail service follow each other at once: no other call comes in between.",
        "A mail that was accepted while its answer was lost is the same as a crash right after the send.",
        "Nobody at the mail service or its provider notices the flood: no spam filter, no rate limit.",
        "Nobody else steps in: no alarm goes off, and dead letters stay until you redrive them or they are too old.",
        "The queue holds a million messages at most; orders beyond that do not come in.",
    ]),
    clock: WallClock::starting_at(9, 0),
    length: SimTime::from_secs(4200),
    parts: Part::SPEC,
    params: Params::SPEC,
    actions: Action::SPEC,
    texts: &[],
    metrics: Metrics::SPEC,
    charts: &[
        ChartSpec { title: "Traffic", metrics: &["orders_total", "receives_total", "mails_sent_total"] },
        ChartSpec {
            title: "Errors",
            metrics: &[
                "worker_crashes_total",
                "mail_service_crashes_total",
                "duplicate_mails_total",
                "stale_acks_total",
                "refused_acks_total",
            ],
        },
        ChartSpec { title: "Latency", metrics: &["time_to_mail_s"] },
        ChartSpec { title: "Saturation", metrics: &["workers_busy_pct"] },
        ChartSpec { title: "Inbox", metrics: &["inbox_mails"] },
        ChartSpec { title: "Queue", metrics: &["queue_visible", "queue_in_flight", "dlq_depth"] },
        ChartSpec { title: "Receives of one message", metrics: &["receive_count_max"] },
        ChartSpec {
            title: "Lost and parked",
            metrics: &[
                "lost_marked_not_sent",
                "lost_key_not_sent",
                "lost_retention_expired",
                "parked_in_dlq",
                "parked_untried",
                "suppressed_legitimate",
            ],
        },
        ChartSpec { title: "Cost", metrics: &["ledger_usd"] },
    ],
    presets: PRESETS,
};
