//! How a run is doing now, in words.

use crate::format;
use crate::metric::{MetricKind, Reading};
use crate::scenario::Playable;

/// How the run is doing now, in a few sentences: what a person who does not see the screen wants to know first.
pub fn summary(run: &dyn Playable) -> String {
    let spec = run.spec();
    let mut parts = vec![format!("{}, {}.", spec.title, spec.clock.label(run.now()))];
    let snapshot = run.snapshot();
    for node in snapshot.nodes.iter().filter(|node| !node.word.is_empty()) {
        let detail = if node.detail.is_empty() { String::new() } else { format!(", {}", node.detail) };
        parts.push(format!("{}: {}{detail}.", node.title, node.word));
    }
    for (index, metric) in spec.metrics.iter().enumerate() {
        match run.recent(index) {
            Reading::Histogram { p50, p99, count, .. } if count > 0 => {
                let [p50, p99] = [p50, p99].map(|value| format::quantity(value, metric.unit));
                parts.push(format!("{}: p50 {p50}, p99 {p99}.", metric.label));
            }
            Reading::Count(count) if metric.kind == MetricKind::Failure && count > 0 => {
                parts.push(format!("{}: {} in all.", metric.label, format::count(count)));
            }
            _ => {}
        }
    }
    parts.join(" ")
}
