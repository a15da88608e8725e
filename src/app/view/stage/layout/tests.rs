use warstories_sim::snapshot::Node;
use warstories_sim::{Domain, Replay, SCENARIOS, SimTime, scenarios};

use super::*;
use crate::view::stage::diagram::HEAD;
use crate::view::stage::face::{SMALL, TITLE, Voice, face};
use crate::view::stage::labels;
use crate::view::stage::links::distance;
use crate::view::stage::route::{Point, runs_through};
use crate::view::stage::text;

/// What a stage gets: on a laptop in a lesson at the least and at the most, on larger screens, on a phone, on a tablet.
const WIDE: [(f64, f64); 5] =
    [(950.0, 130.0), (950.0, 190.0), (1100.0, 300.0), (1560.0, 380.0), (730.0, 330.0)];
const NARROW: [(f64, f64); 5] =
    [(356.0, 270.0), (358.0, 300.0), (358.0, 320.0), (358.0, 340.0), (358.0, 360.0)];

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

/// A system, what it is, and how it is laid out on a stage of this size.
type Laid = (String, (f64, f64), Snapshot, Layout);

/// Each of the systems on each of these stages. Where only numbers have changed, the ways are those of the system before, as
/// they are while a run is played.
fn laid_out(stages: [(f64, f64); 5]) -> Vec<Laid> {
    let (systems, mut all) = (systems(), Vec::new());
    for stage in stages {
        let mut before: Option<(&Snapshot, Rc<Layout>)> = None;
        for (link, system) in &systems {
            let alike = before.as_ref().filter(|(other, _)| other.is_alike(system)).map(|(_, layout)| layout);
            // In a lesson a stage that is too low grows.
            let least = Layout::of(system, stage, 1.0, alike).least;
            let size = (stage.0, stage.1.max(least));
            let layout = Layout::of(system, size, 1.0, alike);
            all.push((
                format!("{link} on {}x{}", size.0, size.1),
                size,
                system.clone(),
                layout.as_ref().clone(),
            ));
            before = Some((system, layout));
        }
    }
    all
}

/// What holds for every diagram. To lay them all out takes far longer than to look at them.
const RULES: [fn(&[Laid]); 6] = [
    every_system_fits_every_stage_and_nothing_is_drawn_upon,
    every_box_says_its_name_its_state_and_its_number,
    every_way_ends_with_a_head_that_can_be_seen,
    a_way_below_everything_keeps_clear_of_boxes_and_of_the_edge,
    no_line_is_two_ways,
    a_rate_stands_nearer_to_its_way_than_to_a_box_that_it_does_not_join,
];

fn keeps_the_rules(stages: [(f64, f64); 5]) {
    let laid = laid_out(stages);
    for rule in RULES {
        rule(&laid);
    }
}

#[test]
fn every_diagram_keeps_the_rules_on_wide_stages() {
    keeps_the_rules(WIDE);
}

#[test]
fn every_diagram_keeps_the_rules_on_narrow_stages() {
    keeps_the_rules(NARROW);
}

fn every_system_fits_every_stage_and_nothing_is_drawn_upon(laid: &[Laid]) {
    for (at, (width, height), _, layout) in laid {
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
fn every_box_says_its_name_its_state_and_its_number(laid: &[Laid]) {
    for (link, _, system, layout) in laid {
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
                let width = match voice {
                    Voice::Title => text::bold(text, TITLE),
                    Voice::Word => text::bold(text, SMALL),
                    Voice::Detail => text::width(text, SMALL),
                };
                assert!(*x >= rect.x && x + width <= rect.x + rect.w, "{at}: {text}");
                assert!(y - 8.0 >= rect.y && y + 2.0 <= rect.y + rect.h, "{at}: {text}");
            }
        }
    }
}

/// What a straight leg covers, with so much beside it.
fn around(leg: &[Point], more: f64) -> Rect {
    let ((ax, ay), (bx, by)) = (leg[0], leg[1]);
    let (w, h) = ((ax - bx).abs(), (ay - by).abs());
    Rect { x: ax.min(bx) - more, y: ay.min(by) - more, w: w + 2.0 * more, h: h + 2.0 * more }
}

/// What the head of a way covers.
fn head(link: &Link) -> Rect {
    let (tip, back) = (link.points[link.points.len() - 1], link.at(link.length() - HEAD));
    let (x, y) = ((tip.1 - back.1).abs() * 0.5, (tip.0 - back.0).abs() * 0.5);
    let leg = around(&[back, tip], 0.0);
    Rect { x: leg.x - x, y: leg.y - y, w: leg.w + 2.0 * x, h: leg.h + 2.0 * y }
}

/// The boxes that a way joins.
fn ends(system: &Snapshot, link: &Link) -> (usize, usize) {
    let flow = system.flows[link.flows[0]];
    (flow.from, flow.to)
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} of them: {:#?}", wrong.len(), &wrong[..wrong.len().min(5)]);
}

/// A way ends straight, with its head between two boxes, where no way to another box runs.
fn every_way_ends_with_a_head_that_can_be_seen(laid: &[Laid]) {
    let mut wrong = Vec::new();
    for (at, _, system, layout) in laid {
        for link in &layout.links {
            let last = &link.points[link.points.len() - 2..];
            let (tip, to) = (head(link), ends(system, link).1);
            let is_straight = distance(last[0], last[1]) >= HEAD;
            let is_covered =
                layout.nodes.iter().enumerate().any(|(node, rect)| node != to && rect.overlaps(tip));
            let mut others = layout.links.iter().filter(|other| ends(system, other).1 != to);
            let crossed =
                others.find(|other| other.points.windows(2).any(|leg| around(leg, 0.5).overlaps(tip)));
            if !is_straight || is_covered || crossed.is_some() {
                wrong.push(format!("{at}: {link:?} covered {is_covered} crossed by {crossed:?}"));
            }
        }
    }
    none(&wrong);
}

/// Where there is room, a way below all boxes can be told from their borders, and what moves along it is not cut off.
fn a_way_below_everything_keeps_clear_of_boxes_and_of_the_edge(laid: &[Laid]) {
    let mut wrong = Vec::new();
    for (at, _, _, layout) in laid {
        let bottom = layout.nodes.iter().map(|rect| rect.y + rect.h).fold(0.0, f64::max);
        let last = layout.nodes.iter().filter(|rect| rect.y + rect.h > bottom - 1.0);
        let top = last.map(|rect| rect.y).fold(f64::INFINITY, f64::min);
        let above = layout.nodes.iter().map(|rect| rect.y + rect.h).filter(|end| *end < top);
        let is_roomy = top - above.fold(0.0, f64::max) > 18.5;
        for (x, y) in layout.links.iter().flat_map(|link| &link.points).filter(|(_, y)| *y > bottom) {
            if is_roomy && (y - bottom < 5.0 || layout.height - y < 3.0) {
                wrong.push(format!("{at}: {x}, {y} below {bottom} of {}", layout.height));
            }
        }
    }
    none(&wrong);
}

/// Only ways from one box or to one box, of requests that end alike, share a stretch, and they run the same way.
fn no_line_is_two_ways(laid: &[Laid]) {
    let mut wrong = Vec::new();
    for (at, _, system, layout) in laid {
        for (index, link) in layout.links.iter().enumerate() {
            for other in &layout.links[..index] {
                let (one, two) = (ends(system, link), ends(system, other));
                let is_kin = link.failed == other.failed && (one.0 == two.0 || one.1 == two.1);
                let legs = link
                    .points
                    .windows(2)
                    .flat_map(|leg| other.points.windows(2).map(move |their| (leg, their)));
                let mut shared = legs.filter(|(leg, their)| {
                    let way = |leg: &[Point]| (leg[1].0 - leg[0].0, leg[1].1 - leg[0].1);
                    let (a, b) = (way(leg), way(their));
                    let along = a.0 * b.0 + a.1 * b.1;
                    // Both lie this close along more than a bend.
                    let (one, two) = (around(leg, 0.0), around(their, 0.0));
                    let common = |a: f64, w: f64, b: f64, v: f64| (a + w).min(b + v) - a.max(b);
                    let (x, y) = (common(one.x, one.w, two.x, two.w), common(one.y, one.h, two.y, two.h));
                    along != 0.0 && x.min(y) > -4.0 && x.max(y) > 4.0 && (along < 0.0 || !is_kin)
                });
                if let Some(both) = shared.next() {
                    wrong.push(format!("{at}: {link:?} and {other:?} along {both:?}"));
                }
            }
        }
    }
    none(&wrong);
}

fn a_rate_stands_nearer_to_its_way_than_to_a_box_that_it_does_not_join(laid: &[Laid]) {
    let mut wrong = Vec::new();
    for (at, _, system, layout) in laid {
        for link in &layout.links {
            let Some(spot) = &link.label else { continue };
            let (area, (from, to)) = (labels::area(link, spot), ends(system, link));
            let own =
                link.points.windows(2).map(|leg| area.gap(around(leg, 0.0))).fold(f64::INFINITY, f64::min);
            for (node, rect) in layout.nodes.iter().enumerate().filter(|(node, _)| ![from, to].contains(node))
            {
                if area.gap(*rect) < own {
                    wrong.push(format!("{at}: {link:?} {area:?} beside {} {rect:?}", system.nodes[node].id));
                }
            }
        }
    }
    none(&wrong);
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
        ("monolith_checkout", "customers", "done"),
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
    for (width, height) in WIDE.into_iter().chain(NARROW) {
        let (nodes, layout) = of("connection_pool", width, height);
        let rect = |id| layout.nodes[nodes.iter().position(|node| node.id == id).expect("a box")];
        for (queue, pool) in [("queue_a", "pool_a"), ("queue_b", "pool_b")] {
            let (queue, pool) = (rect(queue), rect(pool));
            let gap = (pool.x - queue.x - queue.w).max(pool.y - queue.y - queue.h);
            assert!((1.0..=8.0).contains(&gap), "{gap} on {width}x{height}");
        }
    }
}
