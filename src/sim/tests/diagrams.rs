//! What a screen shows of every scenario: recorded diagrams, and diagrams under every setting.
//! `UPDATE_GOLDEN=1 cargo test -p warstories-sim --test diagrams` records them anew.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use warstories_sim::scenarios::{self, SCENARIOS};
use warstories_sim::snapshot::Node;
use warstories_sim::{Domain, Playable, Reading, Replay, SimTime, format};

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
    "monolith_latency?seed=1&slow_pct=5&retries=2&call_timeout_ms=1000&at=10,brownout&t=30",
    "monolith_latency?seed=1&layout=core_plus_three&page_timeout_s=5&at=10,slow_report&t=40",
    "monolith_latency?seed=1&layout=core_plus_three&at=10,crash_module&at=12,topology=split%20all&t=20",
    "monolith_checkout?seed=1&t=600",
    "monolith_checkout?seed=1&protocol=two_phase_commit&crash_pct=5&checkout_rate_per_s=20&t=100",
    "monolith_checkout?seed=1&layout=core_plus_three&protocol=single_tx&checkout_rate_per_s=20&lost_message_pct=5&t=100",
    "monolith_team?seed=1&layout=core_plus_three&t=144000",
    "monolith_team?seed=1&developers=40&layout=single&t=432000",
    "monolith_team?seed=1&services=2&developers=100&pipeline_min=60&t=86400",
    "log_flood?seed=1&t=3600",
    "log_flood?seed=1&disk_alarm_pct=80&responder_night_min=120&at=05:24:30,delete_log&t=41100",
    "log_flood?seed=1&log_volume=separate&debug_scope=sampled&log_level=info&bill_alarm_usd=10&at=21600,restart_app&t=21610",
    "rule_engine?seed=1&t=3600",
    "rule_engine?seed=1&gate_schema=true&canary_pct=5&changes_per_day=100&t=7200",
    "rule_engine?seed=1&changes_per_day=0&fault_line=32&t=400",
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
            // More than a thousand parts or people take long and look no different.
            let most = if matches!(spec.domain, Domain::Integer { .. }) { 1000.0 } else { f64::INFINITY };
            for value in spec.extremes().into_iter().map(|value| value.min(most)) {
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

/// Rates on the ways and what the parts held are those of the run at the moment, whether it was played in steps of a
/// tenth of a second, of a minute, or from a copy made on the way.
#[test]
fn what_moved_lately_does_not_depend_on_how_a_moment_was_reached() {
    for entry in SCENARIOS {
        let end = SimTime::from_nanos(entry.spec.length.nanos() / 3 + 123_456_789);
        let start = || {
            let mut run = scenarios::start(Replay::new(entry.spec));
            run.watch();
            run
        };
        let told = |run: &dyn Playable| {
            let (system, course) = (run.snapshot(), run.course().unwrap());
            assert!(course.is_of(&system));
            let totals: Vec<u64> = system.flows.iter().map(|flow| flow.total).collect();
            let ways: Vec<_> = (0..system.flows.len())
                .map(|flow| (course.rate(&[flow], &totals, run.now()), course.count(flow)))
                .collect();
            let nodes: Vec<_> = (0..system.nodes.len()).map(|node| course.of_node(&system, node)).collect();
            (ways, nodes)
        };
        let mut at_once = start();
        assert!(at_once.advance(end, u64::MAX));
        let expected = told(at_once.as_ref());
        assert!(expected.0.iter().any(|(rate, _)| *rate > 0.0), "{}", entry.spec.id);
        for step in [SimTime::from_nanos(100_000_000), SimTime::from_secs(60)] {
            let mut run = start();
            let mut now = SimTime::ZERO;
            while now < end {
                now = end.min(now + step);
                assert!(run.advance(now, u64::MAX));
            }
            assert_eq!(told(run.as_ref()), expected, "{}", entry.spec.id);
        }
        let mut run = start();
        run.advance(SimTime::from_nanos(end.nanos() / 2), u64::MAX);
        let mut copy = run.checkpoint();
        run.advance(end + end, u64::MAX);
        while !copy.advance(end, 1000) {}
        assert_eq!(told(copy.as_ref()), expected, "{}", entry.spec.id);
    }
}

/// What a box holds is what the metric of the same thing says, at the end of any sample bucket.
#[test]
fn what_a_box_holds_is_what_its_metric_says() {
    let held: [(&str, &[(&str, &str)]); 4] = [
        ("queueing_lab", &[("queue", "waiting"), ("servers", "busy")]),
        ("connection_pool", &[("queue_", "queue_depth"), ("pool_", "connections_in_use")]),
        ("cache_stampede", &[("app", "waiting")]),
        (
            "duplicate_delivery",
            &[("queue", "queue_visible"), ("in_flight", "queue_in_flight"), ("dlq", "dlq_depth")],
        ),
    ];
    for (scenario, parts) in held {
        let entry = SCENARIOS.iter().find(|entry| entry.spec.id == scenario).unwrap();
        let mut run = scenarios::start(Replay::new(entry.spec));
        run.watch();
        let mut buckets = 0;
        while run.now() < SimTime::from_nanos(entry.spec.length.nanos() / 4) {
            let (end, width) = (run.series().next(), run.series().width());
            // Somewhere else in each step, so that no end of a bucket is hit by luck.
            run.advance(end + SimTime::from_nanos(width.nanos() / 97 * (buckets % 89)), u64::MAX);
            let mut exact = run.checkpoint();
            exact.advance(exact.series().next(), u64::MAX);
            let (system, course) = (exact.snapshot(), exact.course().unwrap());
            for (part, metric) in parts {
                let index = entry.spec.metrics.iter().position(|spec| spec.id == *metric).unwrap();
                let nodes = (0..system.nodes.len()).filter(|node| system.nodes[*node].id.starts_with(part));
                let lasts = nodes.map(|node| course.of_node(&system, node).last().copied().unwrap());
                let (times, levels): (Vec<f64>, Vec<f64>) = lasts.unzip();
                let Reading::Gauge { last, .. } = exact.read(index) else { panic!("{metric} is no gauge") };
                assert_eq!(levels.iter().sum::<f64>(), last, "{scenario}: {part} at {}", exact.now());
                assert_eq!(times[0], exact.now().as_secs_f64());
            }
            buckets += 1;
        }
        assert!(buckets > 50, "{scenario}: {buckets}");
    }
}

/// How many have come to a box so far, as it says.
fn so_far(run: &dyn Playable, title: &str) -> u64 {
    let nodes = run.snapshot().nodes;
    let node = nodes.iter().find(|node| node.title == title).unwrap();
    let all = node.detail.strip_suffix(" so far").or(node.detail.split_once(" of ").map(|(_, all)| all));
    all.unwrap().replace(',', "").parse().unwrap()
}

/// Under settings in which work is done for people who have left: it is neither an answer nor a second failure.
#[test]
fn whoever_arrived_is_answered_or_failed_once_at_most() {
    let pool = "pool_size=4&db_ms=50&downstream_ms=10&sleep_ms=0&base_tx_s=100&spike_multiplier=1\
                &client_patience_s=5&client_retries=5&retry_budget_pct=10&at=60,db_ms=500";
    for (link, failed, is_for_nobody) in [
        (format!("connection_pool?seed=1&{pool}&t=300"), "Failed", true),
        (format!("connection_pool?seed=1&{pool}&acquire_timeout_s=8&t=300"), "Failed", false),
        (format!("connection_pool?seed=1&{pool}&at=200,restart_now&t=300"), "Failed", false),
        (
            format!("connection_pool?seed=1&{pool}&downstream_timeout_ms=100&at=70,downstream_ms=400&t=300"),
            "Failed",
            false,
        ),
        (String::from("queueing_lab?seed=1&arrivals_per_s=60&patience_ms=500&t=300"), "Lost", false),
        (
            String::from("cache_stampede?seed=1&timeout_ms=500&cancel_on_timeout=false&ttl_s=10&t=60"),
            "Failed",
            false,
        ),
    ] {
        let parsed = Replay::parse(&link).unwrap();
        assert_eq!(parsed.dropped, Vec::<String>::new());
        let mut run = scenarios::start(parsed.replay);
        run.advance(parsed.moment.unwrap(), u64::MAX);
        let Reading::Count(arrived) = run.read(run.spec().metric("arrived").unwrap()) else { panic!() };
        let (answered, failed) = (so_far(run.as_ref(), "Answered"), so_far(run.as_ref(), failed));
        assert!(answered > 0 && failed > 0, "{link}: {answered} and {failed}");
        assert!(answered + failed <= arrived, "{link}: {answered} and {failed} of {arrived}");
        if is_for_nobody {
            let nodes = run.snapshot().nodes;
            assert!(nodes.iter().any(|node| node.word == "zombie work"), "{link}");
        }
    }
}

#[test]
fn a_vote_is_no_state_of_any_box() {
    let drawn = |actions: &str| {
        let link = format!("connection_pool?seed=1{actions}");
        let mut run = scenarios::start(Replay::parse(&link).unwrap().replay);
        run.advance(SimTime::from_secs(60), u64::MAX);
        run.snapshot()
    };
    let votes: Vec<_> = SCENARIOS.iter().flat_map(|entry| entry.spec.actions).collect();
    let mut votes = votes.iter().filter(|action| action.id.starts_with("vote_")).peekable();
    assert!(votes.peek().is_some());
    for vote in votes {
        assert_eq!(drawn(&format!("&at=30,{}", vote.id)), drawn(""), "{}", vote.id);
    }
}

/// The last box stands for all instances that follow, and says so.
#[test]
fn a_box_is_called_after_all_instances_that_it_stands_for() {
    for (instances, expected) in [(1, "Queue A"), (4, "Queue D"), (5, "Queues D–E"), (8, "Queues D–H")] {
        let link = format!("connection_pool?app_instances={instances}");
        let nodes = scenarios::start(Replay::parse(&link).unwrap().replay).snapshot().nodes;
        let last =
            |prefix: &str| nodes.iter().rfind(|node| node.id.starts_with(prefix)).unwrap().title.clone();
        assert_eq!(last("queue_"), expected);
        assert_eq!(last("pool_"), expected.replace("Queue", "Pool"));
    }
}

/// Fifty workers of one pool wait for a second connection each, and everybody else for a worker.
#[test]
fn a_queue_for_two_things_says_how_many_wait_for_each() {
    let link = "connection_pool?seed=1&app_instances=1&worker_threads=50&connections_per_tx=2&pool_size=10&spike_at_s=0";
    let mut run = scenarios::start(Replay::parse(link).unwrap().replay);
    run.advance(SimTime::from_secs(60), u64::MAX);
    let [connection, worker] = ["queue_depth", "worker_queue"].map(|id| {
        let metric = run.spec().metric(id).unwrap();
        let Reading::Gauge { last, .. } = run.read(metric) else { panic!("{id} is no gauge") };
        (run.spec().metrics[metric].label, format::number(last))
    });
    assert_eq!((connection.0, worker.0), ("Waiting for a connection", "Waiting for a worker"));
    let nodes = run.snapshot().nodes;
    let queue = nodes.iter().find(|node| node.id == "queue_a").unwrap();
    assert_eq!(queue.detail, format!("{} for a connection, {} for a worker", connection.1, worker.1));
}
