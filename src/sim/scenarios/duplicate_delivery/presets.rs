//! Settings worth trying, and public incidents that are settings of ours.

use crate::metric::Statistic;
use crate::presets;
use crate::spec::{Figure, Preset, Report};

/// In the order of the page.
pub const PRESETS: &[Preset] = presets![
    Preset {
        label: "The fix as it was told",
        doc: "A marker is looked up, the mail is sent, the marker is set.",
        look_for: "Watch order 0's inbox: the worker dies in between, and there are 47 again.",
        values: &[("dedupe", "check_then_mark")],
        report: None,
    },
    Preset {
        label: "Nobody crashed",
        doc: "The mail service takes 40 seconds, the lease 30.",
        look_for: "Watch order 0's inbox: a flood of mails without a single error.",
        values: &[("crash_step", "none"), ("slow_send_s", "40"), ("visibility_timeout_s", "30")],
        report: None,
    },
    Preset {
        label: "Marked, never sent",
        doc: "The marker is set first, and the worker dies before the send.",
        look_for: "Watch order 0's inbox: the mail is lost, and nothing reports it.",
        values: &[("dedupe", "mark_first"), ("crash_step", "send"), ("max_receives", "5")],
        report: None,
    },
    Preset {
        label: "Every message is poisoned",
        doc: "Every order makes its worker die.",
        look_for: "Watch the queue: restarts are the throttle, and it grows.",
        values: &[("crash_scope", "all_orders")],
        report: None,
    },
    Preset {
        label: "A key at the mail service",
        doc: "Workers die everywhere, and the bug is still live.",
        look_for: "Watch the inboxes: every order is mailed once.",
        values: &[("background_crash_pct", "5"), ("dedupe", "unique_key"), ("max_receives", "5")],
        report: None,
    },
    Preset {
        label: "The key first, then the mail",
        doc: "No worker dies. The mail service writes the key, and at one call of ten it dies before it calls its provider. The other order sends mails twice; a key that the provider keeps does neither.",
        look_for: "Watch the lost mails: every order is acked, and the queue is empty.",
        values: &[
            ("crash_step", "none"),
            ("dedupe", "unique_key"),
            ("mail_service", "key_first"),
            ("mail_service_crash_pct", "10"),
        ],
        report: None,
    },
    Preset {
        label: "A mail to all ticket holders",
        doc: "A job that writes to everybody with a ticket takes three and a half hours; its broker, Redis, lends it out for one. The ack of the first worker is late, and deletes the message. Amazon SQS would ignore that ack, and the job would go on.",
        look_for: "Watch the receives: every hour another worker begins the job anew, until the first is done.",
        values: &[
            ("order_rate_per_min", "0"),
            ("crash_step", "none"),
            ("visibility_timeout_s", "3600"),
            ("pickup_delay_s", "1"),
            ("slow_send_s", "12826.3"),
            ("workers", "8"),
            ("late_ack", "deletes"),
        ],
        report: Some(Report {
            source: "pretix #2058",
            url: "https://github.com/pretix/pretix/issues/2058",
            at_s: 86_400,
            figures: &[
                Figure {
                    what: "Receives of the one job",
                    reported: "4",
                    metric: "receives_total",
                    statistic: Statistic::Count,
                    ours: "4\u{a0}receives",
                },
                Figure {
                    what: "Time until it is done first",
                    reported: "214 min",
                    metric: "time_to_mail_s",
                    statistic: Statistic::Max,
                    ours: "214\u{a0}min",
                },
            ],
        }),
    },
    Preset {
        label: "Six times, an hour apart",
        doc: "The log shows one task received six times, an hour apart: the lease of its Redis broker. How long it took is not reported.",
        look_for: "Watch the receives: any job of five to six hours is received six times, and then never again.",
        values: &[
            ("order_rate_per_min", "0"),
            ("crash_step", "none"),
            ("visibility_timeout_s", "3600"),
            ("pickup_delay_s", "0"),
            ("slow_send_s", "19800"),
            ("workers", "8"),
            ("late_ack", "deletes"),
        ],
        report: Some(Report {
            source: "Kolibri Studio #3395",
            url: "https://github.com/learningequality/studio/issues/3395",
            at_s: 86_400,
            figures: &[Figure {
                what: "Receives of the one task",
                reported: "6",
                metric: "receive_count_max",
                statistic: Statistic::Max,
                ours: "6\u{a0}receives",
            }],
        }),
    },
    Preset {
        label: "Done three times, then parked",
        doc: "A function does its work, but the service that calls it takes each call for a failure, so no message is deleted.",
        look_for: "Watch the dead letters: after three receives with a lease of six minutes each, the message is parked.",
        values: &[
            ("order_rate_per_min", "0"),
            ("crash_step", "ack"),
            ("restart_s", "0"),
            ("visibility_timeout_s", "360"),
            ("pickup_delay_s", "0"),
            ("max_receives", "3"),
        ],
        report: Some(Report {
            source: "near/queryapi #75",
            url: "https://github.com/near/queryapi/pull/75",
            at_s: 3600,
            figures: &[
                Figure {
                    what: "Receives of a message",
                    reported: "3",
                    metric: "receives_total",
                    statistic: Statistic::Count,
                    ours: "3\u{a0}receives",
                },
                Figure {
                    what: "Time until it is put aside",
                    reported: "around 18 min",
                    metric: "oldest_message_age_s",
                    statistic: Statistic::Max,
                    ours: "18\u{a0}min",
                },
            ],
        }),
    },
];
