//! Sentences above a run.

use warstories_sim::{Link, ScenarioSpec};

/// What there is to be said of a link: all that it could not be taken at.
pub fn notices(link: &Link) -> Vec<String> {
    link.dropped.iter().map(|problem| format!("Left out of this link: {problem}")).collect()
}

/// What is said where time stops by itself at the end.
pub fn usual_end(spec: &ScenarioSpec) -> String {
    format!("{}: the usual end of this run. Press Play to go on from here.", spec.clock.label(spec.length))
}

/// What is said at the usual end, while it is said, and all other notices.
pub fn apart(notices: &[String], spec: &ScenarioSpec) -> (Option<String>, Vec<String>) {
    let said = usual_end(spec);
    let (end, others): (Vec<_>, Vec<_>) = notices.iter().cloned().partition(|notice| *notice == said);
    (end.into_iter().next(), others)
}
