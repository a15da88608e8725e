//! Where the labels of the ways stand: beside a stretch, where nothing else is.

use super::layout::{Rect, TEXT_LINE};
use super::links::{Link, Point, distance};

/// A level stretch shorter than this is no place for a label, if another one is longer.
const ROOM: f64 = 70.0;
/// Width of a rate, and of a reason where nothing else says how much room there is.
const RATE: f64 = 40.0;
const REASON: f64 = 116.0;

/// Where a label stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The point it is set at.
    pub at: Point,
    /// What the point is to the text.
    pub side: Side,
    /// Width there is for it.
    pub room: f64,
}

/// Of a way that leads nowhere.
pub const NOWHERE: Spot = Spot { at: (0.0, 0.0), side: Side::Above, room: 0.0 };

impl Spot {
    /// What a label of this size covers.
    fn area(&self, (w, h): (f64, f64)) -> Rect {
        let (x, y) = self.at;
        match self.side {
            Side::Above => Rect { x: x - w / 2.0, y: y - 5.0 - h, w, h },
            Side::Below => Rect { x: x - w / 2.0, y: y + 5.0, w, h },
            Side::Right => Rect { x: x + 9.0, y: y - h / 2.0, w, h },
            Side::Left => Rect { x: x - 9.0 - w, y: y - h / 2.0, w, h },
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

/// Where a label may stand, the best first: beside a long level stretch, else beside the longest.
pub fn spots(points: &[Point], later: bool, several: bool) -> Vec<Spot> {
    let length = |ends: &[Point]| distance(ends[0], ends[1]);
    let is_level = |ends: &[Point]| ends[0].1 == ends[1].1;
    let rank = |ends: &[Point]| (is_level(ends) && length(ends) >= ROOM, length(ends));
    let mut stretches: Vec<&[Point]> = Vec::new();
    for ends in points.windows(2) {
        stretches.insert(stretches.partition_point(|other| rank(other) >= rank(ends)), ends);
    }
    stretches
        .into_iter()
        .flat_map(|ends| {
            let (sides, room) = match (is_level(ends), later, several) {
                (true, false, _) => ([Side::Above, Side::Below], length(ends) - 8.0),
                (true, true, _) => ([Side::Below, Side::Above], length(ends) - 8.0),
                (false, false, true) => ([Side::Left, Side::Right], REASON),
                (false, ..) => ([Side::Right, Side::Left], REASON),
            };
            let at = |part: f64| {
                (ends[0].0 + (ends[1].0 - ends[0].0) * part, ends[0].1 + (ends[1].1 - ends[0].1) * part)
            };
            // In the middle, or rather where the way has left the others behind.
            [0.5, 0.75, 0.25]
                .into_iter()
                .flat_map(move |part| sides.map(|side| Spot { at: at(part), side, room }))
        })
        .collect()
}

/// Gives each way the first of the best places for its label: with nothing under it, or as little as can be.
pub fn place(ways: Vec<(Link, Vec<Spot>)>, boxes: &[Rect]) -> Vec<Link> {
    let lines: Vec<Vec<Point>> = ways.iter().map(|(link, _)| link.points.clone()).collect();
    let mut taken: Vec<Rect> = Vec::new();
    ways.into_iter()
        .enumerate()
        .map(|(index, (link, spots))| {
            let area = |spot: &Spot| {
                let width = if link.failed { REASON.min(spot.room) } else { RATE };
                spot.area((width, TEXT_LINE * link.flows.len() as f64))
            };
            let crowd = |spot: &Spot| {
                let area = area(spot);
                let under = taken.iter().chain(boxes).filter(|other| area.overlaps(**other)).count();
                let others = lines.iter().enumerate().filter(|(other, _)| *other != index);
                under + others.filter(|(_, points)| leads_through(points, spot.at)).count()
            };
            let label = spots.iter().min_by_key(|spot| crowd(spot)).copied().unwrap_or(NOWHERE);
            taken.push(area(&label));
            Link { label, ..link }
        })
        .collect()
}

/// Whether a way leads through a point.
fn leads_through(points: &[Point], at: Point) -> bool {
    points
        .windows(2)
        .any(|ends| distance(ends[0], at) + distance(at, ends[1]) < distance(ends[0], ends[1]) + 0.01)
}

#[cfg(test)]
mod tests {
    use super::super::layout::Layout;
    use super::*;
    use warstories_sim::{Replay, SCENARIOS, scenarios};

    #[test]
    fn no_two_rates_stand_on_each_other() {
        for entry in SCENARIOS {
            let system = scenarios::start(Replay::new(entry.spec)).snapshot();
            for width in [338.0, 700.0, 1060.0, 1500.0] {
                let layout = Layout::of(&system, width, 1.0);
                let rates: Vec<_> = layout.links.iter().filter(|link| !link.failed).collect();
                for (index, link) in rates.iter().enumerate() {
                    let area = link.label.area((RATE, TEXT_LINE));
                    for other in &rates[..index] {
                        let other = other.label.area((RATE, TEXT_LINE));
                        assert!(!area.overlaps(other), "{} at {width}: {area:?} {other:?}", entry.spec.id);
                    }
                }
            }
        }
    }
}
