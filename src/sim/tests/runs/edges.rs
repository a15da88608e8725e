//! The edges of what a run adopts, remembers and holds, and what the lab says of itself.

use std::collections::BTreeSet;

use warstories_sim::scenarios;
use warstories_sim::snapshot::{Content, Health};
use warstories_sim::{Input, Playable, Reading, Replay, SimTime};

/// An input comes before everything else that happens at its moment, so one at a moment that has been played is late.
#[test]
fn a_run_adopts_no_input_of_a_moment_that_it_has_played() {
    let replay = Replay::parse("queueing_lab?seed=2").unwrap().replay;
    let servers = replay.spec().param("servers").unwrap();
    let mut run = scenarios::start(replay.clone());
    let played = SimTime::from_secs(10);
    run.advance(played, u64::MAX);
    for (at, is_to_come) in [(played.previous(), false), (played, false), (played.next(), true)] {
        let mut branch = replay.clone();
        branch.add(at, Input::Change { param: servers, value: 3.0 }).unwrap();
        assert_eq!(run.checkpoint().adopt(&branch), is_to_come, "{at}");
    }
}

/// Requests end back to back here, exactly as far apart as the lives that a run remembers, or a quarter of that.
#[test]
fn whoever_ends_when_the_next_is_to_be_remembered_is_remembered() {
    let spec = scenarios::find("queueing_lab").unwrap();
    let apart = SimTime::from_nanos(spec.sample_width().nanos() / 8);
    for service in [apart.nanos(), apart.nanos() / 4] {
        let link = format!(
            "queueing_lab?arrivals_per_s=1000&service_distribution=constant&service_ms={}",
            service as f64 / 1e6
        );
        let mut run = scenarios::start(Replay::parse(&link).unwrap().replay);
        run.advance(SimTime::from_nanos(apart.nanos() * 40), u64::MAX);
        let ends: Vec<_> = run.ended().iter().filter_map(|life| life.spans.last()?.to).collect();
        assert!(ends.len() >= 30, "{ends:?}");
        assert!(ends.windows(2).all(|pair| pair[1] - pair[0] == apart), "{ends:?}");
    }
}

/// At the start nobody is there, and what holds memory is what is going to happen.
#[test]
fn what_is_going_to_happen_is_part_of_what_a_run_holds() {
    for (link, records) in [("queueing_lab", 1), ("queueing_lab?clients=50", 50)] {
        let run = scenarios::start(Replay::parse(link).unwrap().replay);
        assert_eq!(run.live_records(), records, "{link}");
    }
}

/// Which controls the lab says do nothing. That they do nothing is tested for every scenario.
#[test]
fn each_control_of_the_lab_that_does_nothing_is_named() {
    let said = |link: &str| {
        let run = scenarios::start(Replay::parse(link).unwrap().replay);
        run.inert().into_iter().map(|inert| inert.control.id(run.spec())).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(said("queueing_lab"), "think_ms");
    assert_eq!(said("queueing_lab?clients=1"), "arrivals_per_s");
    assert_eq!(said("queueing_lab?may_wait=false"), "think_ms queue_limit patience_ms");
    assert_eq!(said("queueing_lab?clients=5&may_wait=false"), "arrivals_per_s queue_limit patience_ms");
}

/// What the lab's diagram says in words, of every state that it can be in.
#[test]
fn the_words_at_the_labs_queue_and_servers_follow_from_their_numbers() {
    let mut words = BTreeSet::new();
    for (link, places) in [
        ("queueing_lab?seed=2&arrivals_per_s=9.5", None),
        ("queueing_lab?seed=2&arrivals_per_s=2", None),
        ("queueing_lab?seed=2&servers=2&arrivals_per_s=25&queue_limit=35", Some(35)),
        ("queueing_lab?seed=2&arrivals_per_s=9&queue_limit=3", Some(3)),
        ("queueing_lab?seed=2&arrivals_per_s=12&may_wait=false", Some(0)),
        ("queueing_lab?seed=2&arrivals_per_s=12&discipline=processor_sharing", None),
        ("queueing_lab?seed=2&arrivals_per_s=12&discipline=processor_sharing&queue_limit=4", None),
    ] {
        let mut run = scenarios::start(Replay::parse(link).unwrap().replay);
        for step in 1..=1000 {
            run.advance(SimTime::from_nanos(step * 50_000_000), u64::MAX);
            let snapshot = run.snapshot();
            let [_, queue, servers, ..] = &snapshot.nodes[..] else { panic!("no servers") };
            let (Content::Queue { length, limit }, Content::Slots { used, total }) =
                (&queue.content, &servers.content)
            else {
                panic!("{queue:?} {servers:?}")
            };
            assert_eq!(*limit, places, "{link}");
            let line = match (*length, limit.unwrap_or_default()) {
                (0, _) => (Health::Fine, "empty"),
                // One short of a small limit, or a tenth of a large one, counts as full.
                (length, limit) if limit > 0 && length >= limit - (limit / 10).max(1) => {
                    (Health::Failing, "at its limit")
                }
                (length, _) if length > 10 * *total => (Health::Failing, "long"),
                _ => (Health::Strained, "waiting"),
            };
            let Reading::Gauge { last: waiting, .. } = run.read(run.spec().metric("waiting").unwrap()) else {
                panic!("waiting is a gauge")
            };
            let share = link.contains("processor_sharing") && waiting > 0.0;
            let work = match *used {
                // They are in service, and each is as slow as if it stood in line.
                _ if share && waiting > 10.0 * *total as f64 => (Health::Failing, "crowded"),
                _ if share => (Health::Strained, "shared"),
                0 => (Health::Fine, "idle"),
                1 if *total == 1 => (Health::Fine, "busy"),
                used if used >= *total => (Health::Strained, "all busy"),
                _ => (Health::Fine, "working"),
            };
            assert_eq!((queue.health, queue.word), line, "{link}: {queue:?}");
            assert_eq!((servers.health, servers.word), work, "{link}: {servers:?}");
            assert_eq!(servers.detail.contains(" share "), share, "{link}: {servers:?}");
            words.extend([queue.word, servers.word]);
        }
    }
    let all = [
        "all busy",
        "at its limit",
        "busy",
        "crowded",
        "empty",
        "idle",
        "long",
        "shared",
        "waiting",
        "working",
    ];
    assert_eq!(words.into_iter().collect::<Vec<_>>(), all);
}

/// Whoever shares the servers and then stands in line waits for the rest; each is found where the diagram draws it.
#[test]
fn a_request_of_the_lab_is_found_where_it_is_and_says_what_it_waits_for() {
    let link = "queueing_lab?seed=2&arrivals_per_s=30&discipline=processor_sharing&at=10,discipline=fifo";
    let mut run = scenarios::start(Replay::parse(link).unwrap().replay);
    let last = |run: &dyn Playable, node: &str, position: usize| {
        run.request(node, position).and_then(|life| life.spans.last().map(|span| span.name))
    };
    run.advance(SimTime::from_secs(9), u64::MAX);
    assert_eq!(
        (last(run.as_ref(), "queue", 0), last(run.as_ref(), "servers", 5)),
        (None, Some("was served"))
    );
    run.advance(SimTime::from_secs(10), u64::MAX);
    assert_eq!(last(run.as_ref(), "servers", 0), Some("was served"));
    assert_eq!(last(run.as_ref(), "servers", 1), None, "there is one server");
    assert_eq!(last(run.as_ref(), "queue", 0), Some("waits for the rest of its service"));
    run.advance(SimTime::from_secs(20), u64::MAX);
    let Content::Queue { length, .. } = run.snapshot().nodes[1].content else { panic!("no queue") };
    assert_eq!(last(run.as_ref(), "queue", length as usize - 1), Some("waited"));
    assert_eq!(last(run.as_ref(), "queue", length as usize), None);
}

/// At the start, too, the learner comes first, whatever one input brings about before the next.
#[test]
fn all_inputs_at_the_start_come_before_the_events_of_that_moment() {
    let link = "cache_stampede?at=0,breaking_news&at=0,purge_cache";
    let mut run = scenarios::start(Replay::parse(link).unwrap().replay);
    let arrived = run.spec().metric("arrived").unwrap();
    assert!(!run.advance(SimTime::ZERO, 2));
    assert_eq!((run.events(), run.read(arrived)), (2, Reading::Count(0)));
    run.advance(SimTime::ZERO, u64::MAX);
    assert_ne!(run.read(arrived), Reading::Count(0), "nobody clicks at the start");
}

/// Random runs are held to the equations of their scenario, so each has to state some.
#[test]
fn every_scenario_states_equations() {
    for entry in scenarios::SCENARIOS {
        let run = scenarios::start(Replay::new(entry.spec));
        assert!(!run.identities().is_empty(), "{}", entry.spec.id);
    }
}
