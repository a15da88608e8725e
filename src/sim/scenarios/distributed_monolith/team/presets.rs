//! Settings worth trying.

use crate::presets;
use crate::spec::Preset;

/// In the order of the page.
pub const PRESETS: &[Preset] = presets![
    Preset {
        label: "The fix as it was told",
        doc: "Fifteen services become a core, three stay for a reason, and two are left over.",
        look_for: "Watch the time for features: the core and five services leave 77.5 % of the week, and twenty services left 25 %.",
        values: &[("layout", "core_plus_three")],
        report: None,
    },
    Preset {
        label: "Three people, eight services",
        doc: "The story as it is told in interviews: half of the time goes into operations.",
        look_for: "Watch the hours of a week: 60 of 120 keep eight services running.",
        values: &[("developers", "3"), ("services", "8")],
        report: None,
    },
    Preset {
        label: "Three people, one application",
        doc: "The same team after all eight services were merged. It is told that they were twice as fast.",
        look_for: "Watch the time for features: 93.75 % is 1.875 times as much as 50 %, because one application wants its hours, too.",
        values: &[("developers", "3"), ("services", "8"), ("layout", "single")],
        report: None,
    },
    Preset {
        label: "A platform engineer",
        doc: "One of the five builds no features and halves the hours of each service.",
        look_for: "Watch the time for features: it rises from 25 % to 42.5 %, and stays far below that of a merge.",
        values: &[("platform_engineers", "1")],
        report: None,
    },
    Preset {
        label: "Boundaries that fit",
        doc: "Twenty services, cut so that each change touches one of them.",
        look_for: "Watch the lead time: it is a pipeline run and hardly more, without any merge of services.",
        values: &[("services_per_change", "1")],
        report: None,
    },
    Preset {
        label: "Forty people, one application",
        doc: "Forty changes a day, and one pipeline that takes 32.",
        look_for: "Watch the deploy queue: it grows by two hours a day.",
        values: &[("developers", "40"), ("layout", "single")],
        report: None,
    },
    Preset {
        label: "Forty people, twenty services",
        doc: "The same forty people with a pipeline for each service.",
        look_for: "Watch the lead time: two hours of it are hand-overs, but it stays the same for ever.",
        values: &[("developers", "40")],
        report: None,
    },
];
