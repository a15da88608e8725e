//! A box of the diagram: what it is, how it is doing, and everything in it.

use warstories_sim::snapshot::{Content, Health, MOST_LEASES, Node};
use yew::prelude::*;

use super::layout::{Rect, TEXT_LINE};
use super::places::Places;
use super::text;
use warstories_sim::format;

/// Room between the edge of a box and what is in it; the boxes of an upright diagram are narrow.
const PAD: f64 = 12.0;
const NARROW_PAD: f64 = 8.0;
/// Type sizes, as in the style sheet.
const TITLE: f64 = 13.0;
const SMALL: f64 = 11.0;
/// A title's second line, where it has one, moves all below it by this much.
const TITLE_LINE: f64 = 15.0;
/// Above a title, and a line that says how something is doing.
const TITLE_TOP: f64 = 10.0;
const WORD_LINE: f64 = 15.0;
/// Where the content of a filled box begins, and what stays free below it for two lines of numbers.
const HEAD: f64 = 45.0;
const FOOT: f64 = 36.0;
/// Between two steps of a piece of work.
const STEP_GAP: f64 = 3.0;

/// How something is doing: a class of the style sheet and a shape, ten units wide.
pub fn look(health: Health) -> (&'static str, &'static str) {
    match health {
        Health::Fine => ("fine", "M5 1a4 4 0 1 0 0 8a4 4 0 0 0 0-8z"),
        Health::Strained => ("strained", "M5 0 10 5 5 10 0 5z"),
        Health::Failing => ("failing", "M5 .5 10 9.5H0z"),
    }
}

/// The places in a box that can be pointed at, and how many of them there are.
pub fn places(node: &Node, rect: Rect, upright: bool) -> Option<(Places, usize)> {
    let (pad, head) = (pad(upright), HEAD + TITLE_LINE * (title(node, rect, upright).len() - 1) as f64);
    let area = Rect { x: rect.x + pad, y: rect.y + head, w: rect.w - 2.0 * pad, h: rect.h - head - FOOT };
    match node.content {
        Content::Slots { used, total } => {
            let count = used.max(total) as usize;
            Some((Places::for_slots(area, count), count))
        }
        Content::Queue { length, .. } => {
            let places = Places::for_queue(area, upright);
            Some((places, places.len().min(length as usize)))
        }
        Content::Leases { count, .. } => {
            let places = Places::for_leases(area);
            Some((places, places.len().min(MOST_LEASES).min(count as usize)))
        }
        Content::Plain | Content::Load(_) | Content::Ring(_) | Content::Steps { .. } => None,
    }
}

const fn pad(upright: bool) -> f64 {
    if upright { NARROW_PAD } else { PAD }
}

/// The lines of the title, at least one.
fn title(node: &Node, rect: Rect, upright: bool) -> Vec<String> {
    let lines = text::lines(&node.title, rect.w - 2.0 * pad(upright), TITLE, 2);
    if lines.is_empty() { vec![String::new()] } else { lines }
}

/// The width at which a title is not cut.
pub fn least_width(node: &Node) -> f64 {
    text::width(&node.title, TITLE) + 2.0 * PAD
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

/// The drawing of a node; `picked` is the place in it that the learner looks at.
pub fn draw(node: &Node, rect: Rect, upright: bool, picked: Option<usize>) -> Html {
    let (health, word) = (node.health, node.word);
    let (left, room) = (rect.x + pad(upright), rect.w - 2.0 * pad(upright));
    let plain = node.content == Content::Plain;
    let titles = title(node, rect, upright);
    let extra = TITLE_LINE * (titles.len() - 1) as f64;
    let most = if plain && (!word.is_empty() || titles.len() > 1) { 1 } else { 2 };
    let mut lines = text::lines(&node.detail, room, SMALL, most);
    if let Some(more) = more(node, rect, upright) {
        lines.truncate(1);
        lines.insert(0, more);
    }
    // What is only text stands in the middle of its box.
    let shift = if plain {
        let words = if word.is_empty() { 0.0 } else { WORD_LINE };
        let text = TITLE_LINE + extra + words + TEXT_LINE * lines.len() as f64;
        (rect.h - text) / 2.0 - TITLE_TOP
    } else {
        0.0
    };
    let below = |index: usize| {
        if plain {
            let first = if word.is_empty() { 37.0 } else { 51.0 };
            rect.y + extra + shift + first + TEXT_LINE * index as f64
        } else {
            rect.y + rect.h - 10.0 - TEXT_LINE * (lines.len() - 1 - index) as f64
        }
    };
    // The node has a name, which says all of this.
    html! {
        <g aria-hidden="true">
            { frame("focus", rect, -4.0) }
            { frame("box", rect, 0.0) }
            if health == Health::Failing { { frame("ring", rect, 0.0) } }
            { for titles.iter().enumerate().map(|(index, title)| html! {
                <text class="node-title" x={at(left)} y={at(rect.y + shift + 21.0 + TITLE_LINE * index as f64)}>{ title.clone() }</text>
            }) }
            if !word.is_empty() {
                <path class="glyph" d={look(health).1} transform={format!("translate({left:.1} {:.1})", rect.y + shift + extra + 28.0)} />
                <text class="node-word" x={at(left + 15.0)} y={at(rect.y + shift + extra + 37.0)}>{ text::lines(word, room - 15.0, SMALL, 1).concat() }</text>
            }
            { limit(node, rect) }
            { content(node, rect, upright, extra, picked) }
            { for lines.iter().enumerate().map(|(index, line)| html! {
                <text class="node-detail" x={at(left)} y={at(below(index))}>{ line.clone() }</text>
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

/// Those who wait or are lent beyond what is drawn.
fn more(node: &Node, rect: Rect, upright: bool) -> Option<String> {
    let (Content::Queue { length: all, .. } | Content::Leases { count: all, .. }) = node.content else {
        return None;
    };
    let (_, drawn) = places(node, rect, upright)?;
    let more = all.saturating_sub(drawn as u64);
    (more > 0).then(|| format!("+ {} more", format::count(more)))
}

/// Places in line, at the upper right.
fn limit(node: &Node, rect: Rect) -> Html {
    let Content::Queue { limit: Some(limit), .. } = node.content else { return Html::default() };
    let text = if limit == 0 { "no places".to_owned() } else { format!("limit {}", format::count(limit)) };
    let beside_title = text::width(&node.title, TITLE) + text::width(&text, SMALL) + 34.0 < rect.w;
    if !beside_title {
        return Html::default();
    }
    html! { <text class="node-detail end" x={at(rect.x + rect.w - PAD)} y={at(rect.y + 21.0)}>{ text }</text> }
}

fn content(node: &Node, rect: Rect, upright: bool, extra: f64, picked: Option<usize>) -> Html {
    let (x, y, w) = (rect.x + pad(upright), rect.y + HEAD + extra + 1.0, rect.w - 2.0 * pad(upright));
    match node.content {
        Content::Load(share) => {
            let filled = w * share.clamp(0.0, 1.0);
            return html! {
                <>
                    <rect class="load" x={at(x)} y={at(y)} width={at(w)} height="9" rx="4.5" />
                    <rect class="load-filled" x={at(x)} y={at(y)} width={at(filled)} height="9" rx="4.5" />
                </>
            };
        }
        Content::Ring(left) => {
            return dial((rect.x + rect.w - pad(upright) - 13.0, rect.y + rect.h / 2.0), 12.0, left);
        }
        Content::Steps { at: reached, total } => {
            let pitch = (w + STEP_GAP) / total.max(1) as f64;
            return html! { <>{ for (0..total).map(|step| {
                let class = match reached {
                    Some(reached) if step < reached => "step step-done",
                    Some(reached) if step == reached => "step step-here",
                    _ => "step",
                };
                html! { <rect {class} x={at(x + pitch * step as f64)} y={at(y)} width={at(pitch - STEP_GAP)} height="9" rx="2" /> }
            }) }</> };
        }
        Content::Plain | Content::Slots { .. } | Content::Queue { .. } | Content::Leases { .. } => {}
    }
    let Some((places, count)) = places(node, rect, upright) else { return Html::default() };
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
    fn a_long_queue_says_how_many_are_not_drawn() {
        let rect = Rect { x: 0.0, y: 0.0, w: 180.0, h: 152.0 };
        let queue = |length| node(Content::Queue { length, limit: None }, "");
        assert_eq!(more(&queue(20), rect, false), None);
        let drawn = places(&queue(5000), rect, false).map(|(_, drawn)| drawn as u64).unwrap_or_default();
        assert!((50..=66).contains(&drawn), "{drawn}");
        assert_eq!(more(&queue(drawn + 1234), rect, false).as_deref(), Some("+ 1,234 more"));
    }
}
