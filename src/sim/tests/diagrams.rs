//! What a screen shows of every scenario: recorded diagrams, and diagrams under every setting.
//! `UPDATE_GOLDEN=1 cargo test -p warstories-sim --test diagrams` records them anew.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use warstories_sim::scenarios::{self, SCENARIOS};
use warstories_sim::snapshot::Node;
use warstories_sim::{Domain, Replay, SimTime};

/// Calm, in trouble, and with every part that only some settings show.
const LINKS: &[&str] = &[
    "queueing_lab?seed=1&servers=4&arrivals_per_s=60&patience_ms=2000&queue_limit=50&at=30,clear_queue&t=40",
    "queueing_lab?seed=1&clients=20&discipline=processor_sharing&t=40",
    "connection_pool?seed=1&spike_at_s=10&admission_tx_s=150&breaker=true&downstream_ms=900&t=60",
    "connection_pool?seed=1&app_instances=8&spike_at_s=0&client_patience_s=5&at=20,restart_now&at=21,look_at_hold_time&t=30",
    "connection_pool?seed=1&app_instances=1&worker_threads=20&connections_per_tx=2&pool_size=5&spike_at_s=0&t=30",
    "cache_stampede?seed=1&ttl_s=10&lock_scope=fleet&at=15,restart_database&at=20,set_cap&t=30",
    "cache_stampede?seed=1&keys=50&ttl_s=10&stale_window_s=30&db_discipline=fifo&admission_rps=900&t=30",
    "duplicate_delivery?seed=1&workers=2&max_receives=3&t=900",
    "duplicate_delivery?seed=1&workers=9&order_rate_per_min=120&crash_step=none&t=120",
];

/// The link, and one line for each part and each way, in their order.
fn diagram(text: &str) -> String {
    let link = Replay::parse(text).unwrap();
    assert_eq!(link.dropped, Vec::<String>::new());
    let mut run = scenarios::start(link.replay);
    run.advance(link.moment.unwrap(), u64::MAX);
    let snapshot = run.snapshot();
    let nodes = snapshot.nodes.iter().map(|node| {
        let Node { id, title, place, content, health, word, detail } = node;
        format!("  {id} \"{title}\" {place:?} {content:?} {health:?} \"{word}\" \"{detail}\"")
    });
    let flows = snapshot.flows.iter().map(|flow| {
        let [from, to] = [flow.from, flow.to].map(|node| snapshot.nodes[node].id);
        format!("  {from} -> {to} {} {}", flow.total, flow.failure.unwrap_or("well"))
    });
    let lines: Vec<String> = std::iter::once(text.to_owned()).chain(nodes).chain(flows).collect();
    lines.join("\n") + "\n"
}

#[test]
fn recorded_diagrams_look_the_same() {
    let drawn = LINKS.iter().copied().map(diagram).collect::<Vec<_>>().join("\n");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diagrams.txt"), drawn).unwrap();
        return;
    }
    let recorded = include_str!("diagrams.txt");
    for (recorded, drawn) in recorded.lines().zip(drawn.lines()) {
        assert_eq!(recorded, drawn);
    }
    assert_eq!(recorded.len(), drawn.len());
}

/// A way whose end is missing stops this test where it is drawn; see `Diagram::finish`.
#[test]
fn under_every_setting_all_ways_lead_somewhere() {
    for entry in SCENARIOS {
        let mut settings = vec![Replay::new(entry.spec)];
        for (param, spec) in entry.spec.params.iter().enumerate() {
            let extremes = match spec.domain {
                Domain::Integer { min, max } => vec![min as f64, max.min(1000) as f64],
                Domain::Number { min, max, .. } => vec![min, max],
                Domain::Switch => vec![0.0, 1.0],
                Domain::Choice(choices) => (0..choices.len()).map(|choice| choice as f64).collect(),
            };
            for value in extremes {
                let mut replay = Replay::new(entry.spec);
                replay.set_start(param, value);
                settings.push(replay);
            }
        }
        for replay in settings {
            let link = replay.print(None);
            let mut run = scenarios::start(replay);
            let ways = run.snapshot().flows.len();
            run.advance(SimTime::from_secs(60), 2_000);
            let snapshot = run.snapshot();
            assert_eq!(snapshot.flows.len(), ways, "{link}");
            for (index, node) in snapshot.nodes.iter().enumerate() {
                let is_joined = snapshot.flows.iter().any(|flow| flow.from == index || flow.to == index);
                assert!(is_joined, "no way leads to {} in {link}", node.id);
            }
        }
    }
}
