//! A box of the diagram: what it is, how it is doing, and everything in it.

use warstories_sim::snapshot::{Content, Health, MOST_LEASES, Node};
use yew::prelude::*;

use super::face::{self, Face, Form, Voice, face};
use super::layout::Rect;
use super::places::Places;
use crate::view::curve::curve;

/// Between two steps of a piece of work.
const STEP_GAP: f64 = 3.0;
/// Height of a bar at most.
const BAR: f64 = 9.0;

/// How something is doing: a class of the style sheet and a shape, ten units wide.
pub fn look(health: Health) -> (&'static str, &'static str) {
    match health {
        Health::Fine => ("fine", "M5 1a4 4 0 1 0 0 8a4 4 0 0 0 0-8z"),
        Health::Strained => ("strained", "M5 0 10 5 5 10 0 5z"),
        Health::Failing => ("failing", "M5 .5 10 9.5H0z"),
    }
}

/// The places in a box that can be pointed at, and how many of them there are.
pub fn places(node: &Node, rect: Rect, form: Form) -> Option<(Places, usize)> {
    let area = face(node, rect, form).picture?;
    match node.content {
        Content::Slots { used, total } => {
            let count = used.max(total) as usize;
            Some((Places::for_slots(area, count), count))
        }
        Content::Queue { length, .. } => {
            let places = Places::for_queue(area);
            Some((places, places.len().min(length as usize)))
        }
        Content::Leases { count, .. } => {
            let places = Places::for_leases(area);
            Some((places, places.len().min(MOST_LEASES).min(count as usize)))
        }
        Content::Plain | Content::Load(_) | Content::Ring(_) | Content::Steps { .. } => None,
    }
}

/// What a screen reader says of a node.
pub fn name(node: &Node) -> String {
    let mut name = node.title.clone();
    for (mark, part) in [(": ", node.word), (", ", node.detail.as_str())] {
        if !part.is_empty() {
            name.push_str(if name.contains(": ") { mark } else { ": " });
            name.push_str(part);
        }
    }
    name
}

/// The drawing of a node; `picked` is the place in it that the learner looks at, `course` how much it held lately.
pub fn draw(node: &Node, rect: Rect, form: Form, picked: Option<usize>, course: &[(f64, f64)]) -> Html {
    let Face { texts, picture, course: course_area, dial: middle } = face(node, rect, form);
    // The node has a name, which says all of this.
    html! {
        <g aria-hidden="true">
            { frame("focus", rect, -4.0) }
            { frame("box", rect, 0.0) }
            if node.health == Health::Failing { { frame("ring", rect, 0.0) } }
            { for texts.into_iter().map(|(voice, text, place)| {
                let class = match voice {
                    Voice::Title => "node-title",
                    Voice::Word => "node-word",
                    Voice::Detail => "node-detail",
                };
                let (x, y) = face::glyph(place);
                html! {
                    <>
                        if voice == Voice::Word {
                            <path class="glyph" d={look(node.health).1} transform={format!("translate({x:.1} {y:.1})")} />
                        }
                        <text {class} x={at(place.0)} y={at(place.1)}>{ text }</text>
                    </>
                }
            }) }
            { for picture.map(|area| content(node, rect, form, area, picked)) }
            if let (Some(middle), Content::Ring(left)) = (middle, node.content) { { dial(middle, 11.0, left) } }
            { for course_area.zip(course.first().zip(course.last())).map(|(area, (first, last))| {
                let h = area.h.min(22.0);
                let place = (area.x, area.y + (area.h - h) / 2.0, area.w, h);
                curve(course, (first.0, last.0), place, "course")
            }) }
        </g>
    }
}

/// A coordinate as an attribute.
pub fn at(value: f64) -> String {
    format!("{value:.1}")
}

fn frame(class: &'static str, rect: Rect, inset: f64) -> Html {
    html! {
        <rect {class} x={at(rect.x + inset)} y={at(rect.y + inset)} rx={at(8.0 - inset)}
            width={at(rect.w - 2.0 * inset)} height={at(rect.h - 2.0 * inset)} />
    }
}

fn content(node: &Node, rect: Rect, form: Form, area: Rect, picked: Option<usize>) -> Html {
    let Rect { x, y, w, h } = area;
    let (bar, y) = (at(h.min(BAR)), y + (h - h.min(BAR)).min(3.0) / 2.0);
    match node.content {
        Content::Load(share) => {
            let filled = w * share.clamp(0.0, 1.0);
            return html! {
                <>
                    <rect class="load" x={at(x)} y={at(y)} width={at(w)} height={bar.clone()} rx="4" />
                    <rect class="load-filled" x={at(x)} y={at(y)} width={at(filled)} height={bar} rx="4" />
                </>
            };
        }
        Content::Steps { at: reached, total } => {
            let pitch = (w + STEP_GAP) / total.max(1) as f64;
            return html! { <>{ for (0..total).map(|step| {
                let class = match reached {
                    Some(reached) if step < reached => "step step-done",
                    Some(reached) if step == reached => "step step-here",
                    _ => "step",
                };
                html! { <rect {class} x={at(x + pitch * step as f64)} y={at(y)} width={at(pitch - STEP_GAP)} height={bar.clone()} rx="2" /> }
            }) }</> };
        }
        Content::Plain
        | Content::Ring(_)
        | Content::Slots { .. }
        | Content::Queue { .. }
        | Content::Leases { .. } => {}
    }
    let Some((places, count)) = places(node, rect, form) else { return Html::default() };
    let ring = picked.filter(|position| *position < places.len()).map(|position| {
        let (x, y, size) = places.place(position);
        let grown = size.max(5.0) + 5.0;
        let inset = (size - grown) / 2.0;
        html! { <rect class="picked" x={at(x + inset)} y={at(y + inset)} width={at(grown)} height={at(grown)} rx="3" /> }
    });
    let drawn = match node.content {
        Content::Slots { used, total } => {
            let (used, total) = (used as usize, total as usize);
            html! {
                <>
                    <path class="slots-free" d={places.squares(used.min(total)..total, 0.5)} />
                    <path class="slots-used" d={places.squares(0..used.min(total), 0.0)} />
                    <path class="slots-leaving" d={places.squares(total..used.max(total), 0.5)} />
                </>
            }
        }
        Content::Queue { limit, .. } => {
            let open = limit.map_or(0, |limit| (limit as usize).min(places.len())).max(count);
            html! {
                <>
                    <path class="queue-free" d={places.dots(count..open, 0.6)} />
                    <path class="queue-waiting" d={places.dots(0..count, 0.0)} />
                </>
            }
        }
        Content::Leases { left, .. } => html! { <>{ for (0..count).map(|position| {
            let (x, y, size) = places.place(position);
            dial((x + size / 2.0, y + size / 2.0), size / 2.0 - 2.0, left.get(position).copied().unwrap_or(0.0))
        }) }</> },
        Content::Plain | Content::Load(_) | Content::Ring(_) | Content::Steps { .. } => Html::default(),
    };
    html! { <>{ drawn }{ for ring }</> }
}

/// A dial that shows which share of a time is left.
fn dial((x, y): (f64, f64), radius: f64, left: f64) -> Html {
    let left = format!("{:.3} 1", left.clamp(0.0, 1.0));
    html! {
        <>
            <circle class="dial" cx={at(x)} cy={at(y)} r={at(radius)} />
            <circle class="dial-left" cx={at(x)} cy={at(y)} r={at(radius)} pathLength="1" stroke-dasharray={left} transform={format!("rotate(-90 {x:.1} {y:.1})")} />
        </>
    }
}

#[cfg(test)]
mod tests {
    use warstories_sim::format;

    use super::*;

    fn node(content: Content, detail: &str) -> Node {
        Node {
            id: "queue",
            title: "Queue".to_owned(),
            place: (0, 0),
            content,
            health: Health::Strained,
            word: "waiting",
            detail: detail.to_owned(),
        }
    }

    #[test]
    fn a_node_has_a_name_that_says_how_it_is_doing() {
        let queue = node(Content::Queue { length: 14, limit: None }, "14 waiting");
        assert_eq!(name(&queue), "Queue: waiting, 14 waiting");
        let silent = |detail| Node { word: "", ..node(Content::Plain, detail) };
        assert_eq!(name(&silent("8 a second")), "Queue: 8 a second");
        assert_eq!(name(&silent("")), "Queue");
    }

    #[test]
    fn a_queue_that_is_not_all_drawn_says_how_long_it_is() {
        let rect = Rect { x: 0.0, y: 0.0, w: 140.0, h: 100.0 };
        let form = face::FORMS[0];
        let says = |length, detail| {
            let texts = face(&node(Content::Queue { length, limit: None }, detail), rect, form).texts;
            texts.into_iter().any(|(_, text, _)| text.contains(&format::count(length)))
        };
        let drawn = |length| {
            places(&node(Content::Queue { length, limit: None }, ""), rect, form).map(|(_, drawn)| drawn)
        };
        assert_eq!((drawn(5), says(5, "")), (Some(5), false));
        assert!((20..=60).contains(&drawn(5000).expect("a picture")));
        assert!(says(5000, "") && says(5000, "5,000 waiting") && says(5000, "next: order 7"));
    }

    #[test]
    fn a_queue_for_two_things_shows_how_many_wait_for_each() {
        let waiting = "50 for a connection, 119,915 for a worker";
        let queue = node(Content::Queue { length: 119_965, limit: None }, waiting);
        let (w, h) = face::size(&queue, face::SLIM);
        let texts = face(&queue, Rect { x: 0.0, y: 0.0, w, h }, face::SLIM).texts;
        let told: Vec<_> = texts.iter().filter(|(voice, ..)| *voice == Voice::Detail).collect();
        let lines = told.iter().map(|(_, line, _)| line.as_str());
        assert_eq!(lines.collect::<Vec<_>>(), ["50 for a connection,", "119,915 for a worker"]);
    }
}
