//! The ways between boxes: which flows share one, and where it runs.

use warstories_sim::snapshot::Snapshot;

use super::labels::{self, Spot};
use super::layout::{Rect, place};

/// Two ways between the same boxes run this far apart.
const APART: f64 = 18.0;
/// A point of the drawing.
pub type Point = (f64, f64);

/// A line from one box to another: all flows between the two that are well, or all that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Positions of its flows.
    pub flows: Vec<usize>,
    /// Whether its requests failed.
    pub failed: bool,
    /// Corners, from the first box to the second.
    pub points: Vec<Point>,
    /// Where its label stands.
    pub label: Spot,
}

impl Link {
    /// From end to end.
    pub fn length(&self) -> f64 {
        self.points.windows(2).map(|ends| distance(ends[0], ends[1])).sum()
    }

    /// The point that is this far along.
    pub fn at(&self, mut along: f64) -> Point {
        for ends in self.points.windows(2) {
            let (from, to, length) = (ends[0], ends[1], distance(ends[0], ends[1]));
            if along <= length && length > 0.0 {
                let part = along / length;
                return (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            }
            along -= length;
        }
        self.points.last().copied().unwrap_or_default()
    }
}

/// From one point to another.
pub fn distance(from: Point, to: Point) -> f64 {
    (to.0 - from.0).hypot(to.1 - from.1)
}

/// The most labels that one line carries.
pub fn most_labels(system: &Snapshot) -> usize {
    bundles(system).iter().map(|(_, _, _, flows)| flows.len()).max().unwrap_or(0)
}

/// Whether a way leads over other boxes of the row, above it.
pub fn leads_over(system: &Snapshot, row: usize) -> bool {
    let taken: Vec<_> = system.nodes.iter().map(place).collect();
    system.flows.iter().any(|flow| {
        let (from, to) = (place(&system.nodes[flow.from]), place(&system.nodes[flow.to]));
        from.1 == row && to.1 == row && !free(&taken, from, to)
    })
}

/// Whether there is no box between two of the same row or column.
fn free(taken: &[(usize, usize)], from: (usize, usize), to: (usize, usize)) -> bool {
    let columns = from.0.min(to.0)..=from.0.max(to.0);
    columns
        .flat_map(|column| (from.1.min(to.1)..=from.1.max(to.1)).map(move |row| (column, row)))
        .all(|cell| cell == from || cell == to || !taken.contains(&cell))
}

type Bundle = (usize, usize, bool, Vec<usize>);

/// Flows by the line they share.
fn bundles(system: &Snapshot) -> Vec<Bundle> {
    let mut all: Vec<Bundle> = Vec::new();
    for (index, flow) in system.flows.iter().enumerate() {
        let failed = flow.failure.is_some();
        match all.iter_mut().find(|(from, to, bad, _)| (*from, *to, *bad) == (flow.from, flow.to, failed)) {
            Some((_, _, _, flows)) => flows.push(index),
            None => all.push((flow.from, flow.to, failed, vec![index])),
        }
    }
    all
}

/// All ways. Boxes, axes and lanes are given main axis first; `upright` says whether that is down.
pub fn of(system: &Snapshot, boxes: &[Rect], axes: &[f64], lanes: &[f64], upright: bool) -> Vec<Link> {
    let taken: Vec<_> = system.nodes.iter().map(place).collect();
    let all = bundles(system);
    let seen: Vec<Rect> = boxes.iter().map(|rect| if upright { rect.swapped() } else { *rect }).collect();
    let same = |a: &Bundle, b: &Bundle| (a.0, a.1) == (b.0, b.1) || (a.0, a.1) == (b.1, b.0);
    let ways = all
        .iter()
        .enumerate()
        .map(|(index, bundle)| {
            let (from, to, failed, flows) = bundle;
            let count = all.iter().filter(|other| same(other, bundle)).count();
            let rank = all[..index].iter().filter(|other| same(other, bundle)).count();
            let offset = APART * (rank as f64 - (count as f64 - 1.0) / 2.0);
            let (a, b) = (place(&system.nodes[*from]), place(&system.nodes[*to]));
            let ends = (boxes[*from], boxes[*to]);
            let mut points = if a.1 == b.1 {
                in_row(ends, axes[a.1] + offset, lanes[a.1] + offset, a.0 < b.0, free(&taken, a, b))
            } else if a.0 == b.0 && free(&taken, a, b) {
                let main = ends.0.centre().0 + offset;
                let down = a.1 < b.1;
                vec![(main, far(ends.0, down)), (main, far(ends.1, !down))]
            } else {
                across(ends, axes[a.1] + offset, axes[b.1] + offset, (a, b), &taken)
            };
            if upright {
                points = points.into_iter().map(|(x, y)| (y, x)).collect();
            }
            let spots = labels::spots(&points, offset > 0.0, count > 1);
            let link = Link { flows: flows.clone(), failed: *failed, points, label: labels::NOWHERE };
            (link, spots)
        })
        .collect();
    labels::place(ways, &seen)
}

/// The edge of a box across the main axis: the later one, or the earlier.
fn far(rect: Rect, later: bool) -> f64 {
    if later { rect.y + rect.h } else { rect.y }
}

/// The edge of a box along the main axis.
fn side(rect: Rect, later: bool) -> f64 {
    if later { rect.x + rect.w } else { rect.x }
}

fn in_row((a, b): (Rect, Rect), axis: f64, lane: f64, onward: bool, is_free: bool) -> Vec<Point> {
    if is_free {
        return vec![(side(a, onward), axis), (side(b, !onward), axis)];
    }
    let (from, to) = (a.centre().0, b.centre().0);
    vec![(from, a.y), (from, lane), (to, lane), (to, b.y)]
}

fn across(
    (a, b): (Rect, Rect),
    axis_a: f64,
    axis_b: f64,
    (cell_a, cell_b): ((usize, usize), (usize, usize)),
    taken: &[(usize, usize)],
) -> Vec<Point> {
    let onward = cell_a.0 < cell_b.0;
    let corner = (cell_a.0, cell_b.1);
    if !taken.contains(&corner) && free(taken, cell_a, corner) && free(taken, corner, cell_b) {
        let main = a.centre().0;
        return vec![(main, far(a, cell_a.1 < cell_b.1)), (main, axis_b), (side(b, !onward), axis_b)];
    }
    // Through the room before the second box, where no box stands.
    let before = side(b, !onward) + if onward { -20.0 } else { 20.0 };
    vec![(side(a, onward), axis_a), (before, axis_a), (before, axis_b), (side(b, !onward), axis_b)]
}

#[cfg(test)]
mod tests {
    use super::super::layout::Layout;
    use warstories_sim::{Replay, SCENARIOS, scenarios};

    #[test]
    fn flows_between_the_same_boxes_share_a_line_and_a_dot_keeps_to_it() {
        let system = scenarios::start(Replay::new(SCENARIOS[0].spec)).snapshot();
        let layout = Layout::of(&system, 1060.0, 1.0);
        let shared: usize = layout.links.iter().map(|link| link.flows.len()).sum();
        assert_eq!(shared, system.flows.len());
        assert!(layout.links.len() < system.flows.len());
        for link in &layout.links {
            assert_eq!(link.at(0.0), link.points[0]);
            let (end, last) = (link.at(link.length() + 1.0), link.points[link.points.len() - 1]);
            assert_eq!(end, last);
        }
    }
}
