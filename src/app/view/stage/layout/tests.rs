use warstories_sim::snapshot::Node;
use warstories_sim::{Domain, Replay, SCENARIOS, SimTime, scenarios};

use super::*;
use crate::view::stage::face::{SMALL, TITLE, Voice, face};
use crate::view::stage::route::runs_through;
use crate::view::stage::text;

/// What a stage gets: on a laptop in a lesson at the least and at the most, on larger screens, on a phone, on a tablet.
const SIZES: [(f64, f64); 9] = [
    (950.0, 190.0),
    (950.0, 240.0),
    (1100.0, 300.0),
    (1560.0, 380.0),
    (358.0, 300.0),
    (358.0, 320.0),
    (358.0, 340.0),
    (358.0, 360.0),
    (730.0, 330.0),
];

/// Every scenario as it is, and with each parameter at its extremes, at its beginning and in full swing.
fn systems() -> Vec<(String, Snapshot)> {
    let mut all = Vec::new();
    for entry in SCENARIOS {
        let mut replays = vec![Replay::new(entry.spec)];
        for (param, spec) in entry.spec.params.iter().enumerate() {
            // More than a thousand parts or people take long and look no different.
            let most = if matches!(spec.domain, Domain::Integer { .. }) { 1000.0 } else { f64::INFINITY };
            for value in spec.extremes().into_iter().map(|value| value.min(most)) {
                let mut replay = Replay::new(entry.spec);
                replay.set_start(param, value);
                replays.push(replay);
            }
        }
        for replay in replays {
            let link = replay.print(None);
            let mut run = scenarios::start(replay);
            all.push((link.clone(), run.snapshot()));
            run.advance(entry.spec.length, 50_000);
            all.push((format!("{link} at {}", run.now()), run.snapshot()));
        }
    }
    all
}

/// Each of the systems on each of the stages. Where only numbers have changed, the ways are those of the system before, as
/// they are while a run is played.
fn laid_out() -> impl Iterator<Item = (String, (f64, f64), Snapshot, Rc<Layout>)> {
    let systems = systems();
    SIZES.into_iter().flat_map(move |size| {
        let mut before: Option<(Snapshot, Rc<Layout>)> = None;
        systems.clone().into_iter().map(move |(link, system)| {
            let alike =
                before.as_ref().filter(|(other, _)| other.is_alike(&system)).map(|(_, layout)| layout);
            let layout = Layout::of(&system, size, 1.0, alike);
            before = Some((system.clone(), layout.clone()));
            (format!("{link} on {}x{}", size.0, size.1), size, system, layout)
        })
    })
}

#[test]
fn every_system_fits_every_stage_and_nothing_is_drawn_upon() {
    for (at, (width, height), _, layout) in laid_out() {
        assert!(layout.width * layout.zoom <= width + 0.5, "{at}");
        assert!(layout.height * layout.zoom <= height + 0.5, "{at}");
        assert!(layout.zoom * SMALL >= 10.5, "{at}");
        for (index, node) in layout.nodes.iter().enumerate() {
            assert!(node.x >= 0.0 && node.x + node.w <= layout.width, "{at} {node:?}");
            assert!(node.y >= 0.0 && node.y + node.h <= layout.height, "{at} {node:?}");
            for other in &layout.nodes[..index] {
                assert!(!node.overlaps(*other), "{at} {node:?} {other:?}");
            }
        }
        for link in &layout.links {
            for leg in link.points.windows(2) {
                let crossed = layout.nodes.iter().find(|node| runs_through(leg, **node, -0.5));
                assert!(crossed.is_none(), "{at} {link:?} crosses {crossed:?}");
                assert!(leg[0].0 == leg[1].0 || leg[0].1 == leg[1].1, "{at} {link:?} is aslant");
            }
            assert!(link.length() > 3.0, "{at} {link:?}");
        }
    }
}

/// Title, state and the first number of what a box says are there in full, and nothing leaves its box.
#[test]
fn every_box_says_its_name_its_state_and_its_number() {
    for (link, _, system, layout) in laid_out() {
        for ((node, rect), form) in system.nodes.iter().zip(&layout.nodes).zip(&layout.forms) {
            let texts = face(node, *rect, *form).texts;
            let at = format!("{} of {link}: {rect:?} {form:?} {texts:?}", node.id);
            let said = |voice| {
                let of = texts.iter().filter(|(which, ..)| *which == voice).map(|(_, text, _)| text.as_str());
                of.collect::<Vec<_>>().join(" ")
            };
            assert_eq!(said(Voice::Title), node.title, "{at}");
            assert_eq!(said(Voice::Word), node.word, "{at}");
            let number =
                node.detail.split(' ').find(|word| word.contains(|letter: char| letter.is_ascii_digit()));
            // How many are in line comes before whose turn it is.
            let says =
                |number| said(Voice::Detail).contains(number) || said(Voice::Detail).contains(" in all");
            assert!(number.is_none_or(says), "{at}");
            for (voice, text, (x, y)) in &texts {
                let size = if *voice == Voice::Title { TITLE } else { SMALL };
                assert!(*x >= rect.x && x + text::width(text, size) <= rect.x + rect.w, "{at}: {text}");
                assert!(y - 8.0 >= rect.y && y + 2.0 <= rect.y + rect.h, "{at}: {text}");
            }
        }
    }
}

fn of(id: &str, width: f64, height: f64) -> (Vec<Node>, Rc<Layout>) {
    let entry = SCENARIOS.iter().find(|entry| entry.spec.id == id).expect("a scenario");
    let mut run = scenarios::start(Replay::new(entry.spec));
    run.advance(SimTime::from_secs(30), u64::MAX);
    let system = run.snapshot();
    let layout = Layout::of(&system, (width, height), 1.0, None);
    (system.nodes, layout)
}

#[test]
fn a_diagram_lies_flat_where_there_is_room_and_a_projector_draws_larger() {
    for (id, first, last) in [
        ("queueing_lab", "source", "done"),
        ("connection_pool", "customers", "answered"),
        ("cache_stampede", "readers", "answered"),
        ("duplicate_delivery", "orders", "inbox"),
    ] {
        for (width, height) in [(950.0, 190.0), (1100.0, 300.0), (1560.0, 380.0)] {
            let (nodes, layout) = of(id, width, height);
            let column = |id| {
                let place = nodes.iter().position(|node| node.id == id).expect("a box");
                layout.nodes[place]
            };
            let end = layout.nodes.iter().map(|rect| rect.x).fold(0.0, f64::max);
            assert!(column(first).x < layout.width / 4.0 && column(last).x >= end - 1.0, "{id} on {width}");
            let well = || layout.links.iter().filter(|link| !link.failed && link.length() > 15.0);
            let (all, told) = (well().count(), well().filter(|link| link.label.is_some()).count());
            // Three workers that call two services leave little room between them.
            let least = if id == "duplicate_delivery" { all * 3 / 4 } else { all };
            assert!(told >= least, "{id} on {width}x{height}: rates on {told} of {all} ways");
        }
    }
    assert_eq!(of("connection_pool", 950.0, 240.0).1.zoom, 1.0);
    assert!(of("queueing_lab", 950.0, 240.0).1.zoom > 1.25);
    assert!(of("connection_pool", 1560.0, 380.0).1.zoom > 1.25);
}

#[test]
fn a_queue_and_the_slots_that_it_feeds_stand_together() {
    for (width, height) in SIZES {
        let (nodes, layout) = of("connection_pool", width, height);
        let rect = |id| layout.nodes[nodes.iter().position(|node| node.id == id).expect("a box")];
        for (queue, pool) in [("queue_a", "pool_a"), ("queue_b", "pool_b")] {
            let (queue, pool) = (rect(queue), rect(pool));
            let gap = (pool.x - queue.x - queue.w).max(pool.y - queue.y - queue.h);
            assert!((1.0..=8.0).contains(&gap), "{gap} on {width}x{height}");
        }
    }
}
