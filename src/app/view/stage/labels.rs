//! Where the labels of the ways stand: beside a stretch, where nothing else is.

use super::face::{SMALL, TEXT_LINE};
use super::layout::Rect;
use super::links::{Link, distance};
use super::route::{Point, runs_through};
use super::text;

/// A level stretch shorter than this is no place for a label, if another one is longer.
const ROOM: f64 = 44.0;
/// Letters of a rate.
const RATE: usize = 6;
/// A way shorter than this says nothing: what it joins stands together.
const SHORTEST: f64 = 15.0;
/// From a level way to its label, and from an upright one.
const OFF: (f64, f64) = (5.0, 9.0);
/// Parts of a stretch at which a label may stand: in the middle, or rather where the way has left others behind.
const PARTS: [f64; 5] = [0.5, 0.7, 0.3, 0.85, 0.15];

/// Where a label stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The point it is set at.
    pub at: Point,
    /// What the point is to the text.
    pub side: Side,
    /// Whether there is room for reasons, not only for one rate of all together.
    pub is_full: bool,
}

impl Spot {
    /// What a label of this size covers.
    fn area(&self, (w, h): (f64, f64)) -> Rect {
        let (x, y) = self.at;
        match self.side {
            Side::Above => Rect { x: x - w / 2.0, y: y - OFF.0 - h, w, h },
            Side::Below => Rect { x: x - w / 2.0, y: y + OFF.0, w, h },
            Side::Right => Rect { x: x + OFF.1, y: y - h / 2.0, w, h },
            Side::Left => Rect { x: x - OFF.1 - w, y: y - h / 2.0, w, h },
        }
    }
}

/// Where a label stands beside its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Above a level stretch.
    Above,
    /// Below a level stretch.
    Below,
    /// To the right of an upright stretch.
    Right,
    /// To the left of an upright stretch.
    Left,
}

/// What the label of a way covers at a spot.
pub fn area(link: &Link, spot: &Spot) -> Rect {
    let (letters, lines) = match (link.failed, spot.is_full) {
        (true, true) => (link.reason + 1 + RATE, link.flows.len()),
        _ => (RATE + link.unit.len(), 1),
    };
    spot.area((text::letters(letters, SMALL), TEXT_LINE * lines as f64))
}

/// The first of the best places for the label of a way that is free: beside a long level stretch, else beside the longest.
fn free_spot(link: &Link, is_free: impl Fn(&Rect, f64) -> bool) -> Option<Spot> {
    let length = |ends: &[Point]| distance(ends[0], ends[1]);
    let is_level = |ends: &[Point]| ends[0].1 == ends[1].1;
    let rank = |ends: &[Point]| (is_level(ends) && length(ends) >= ROOM, length(ends));
    let mut stretches: Vec<&[Point]> = Vec::new();
    for ends in link.points.windows(2).filter(|ends| length(ends) >= SHORTEST) {
        stretches.insert(stretches.partition_point(|other| rank(other) >= rank(ends)), ends);
    }
    let forms: &[bool] = if link.failed { &[true, false] } else { &[true] };
    for is_full in forms.iter().copied() {
        for ends in &stretches {
            let sides = if is_level(ends) { [Side::Above, Side::Below] } else { [Side::Right, Side::Left] };
            for part in PARTS {
                let (x, y) = (ends[1].0 - ends[0].0, ends[1].1 - ends[0].1);
                let at = (ends[0].0 + x * part, ends[0].1 + y * part);
                for side in sides {
                    let spot = Spot { at, side, is_full };
                    if is_free(&area(link, &spot), if is_level(ends) { OFF.0 } else { OFF.1 }) {
                        return Some(spot);
                    }
                }
            }
        }
    }
    None
}

/// Gives each way a place for its label, if there is one: on nothing else, and nearer to its way than to another one or to a
/// box that it does not join.
pub fn place(ways: &mut [Link], boxes: &[Rect], (width, height): (f64, f64)) {
    let mut taken: Vec<Rect> = Vec::new();
    for index in 0..ways.len() {
        let way = &ways[index];
        let joins = |rect: &Rect| {
            let mut ends = way.points.first().into_iter().chain(way.points.last());
            ends.any(|(x, y)| rect.larger(0.1).overlaps(Rect { x: *x, y: *y, w: 0.0, h: 0.0 }))
        };
        let is_free = |area: &Rect, off: f64| {
            area.x >= 0.0
                && area.y >= 0.0
                && area.x + area.w <= width
                && area.y + area.h <= height
                && !taken.iter().any(|other| area.overlaps(*other))
                && !boxes.iter().any(|rect| area.larger(if joins(rect) { 0.0 } else { off }).overlaps(*rect))
                && !ways.iter().any(|way| way.points.windows(2).any(|leg| runs_through(leg, *area, -1.0)))
        };
        let label = free_spot(way, is_free);
        if let Some(spot) = label {
            taken.push(area(way, &spot));
        }
        ways[index].label = label;
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout::Layout;
    use super::*;
    use warstories_sim::{Replay, SCENARIOS, scenarios};

    #[test]
    fn no_label_stands_on_a_box_another_label_or_a_way() {
        for entry in SCENARIOS {
            let system = scenarios::start(Replay::new(entry.spec)).snapshot();
            for (width, height) in
                [(338.0, 300.0), (700.0, 330.0), (950.0, 190.0), (1060.0, 300.0), (1500.0, 380.0)]
            {
                let layout = Layout::of(&system, (width, height), 1.0, None);
                let labels = |links: &[Link]| -> Vec<Rect> {
                    links.iter().filter_map(|link| Some(area(link, link.label.as_ref()?))).collect()
                };
                for (index, link) in layout.links.iter().enumerate() {
                    let Some(spot) = link.label else { continue };
                    let area = area(link, &spot);
                    let at = format!("{} at {width}: {area:?}", entry.spec.id);
                    assert!(
                        labels(&layout.links[..index]).iter().all(|other| !area.overlaps(*other)),
                        "{at}"
                    );
                    assert!(layout.nodes.iter().all(|other| !area.overlaps(*other)), "{at}");
                    let mut legs = layout.links.iter().flat_map(|link| link.points.windows(2));
                    assert!(!legs.any(|leg| runs_through(leg, area, -1.0)), "{at}");
                }
            }
        }
    }
}
