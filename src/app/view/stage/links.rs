//! The ways between boxes: which flows share one, and where it runs.

use warstories_sim::snapshot::Snapshot;

use super::labels::{self, Spot};
use super::layout::Rect;
use super::route::{Other, Point, Streets, route};

/// Two ways between the same boxes run this far apart.
const APART: f64 = 14.0;
/// How often ways are sought that can be told apart.
const ROUNDS: usize = 2;

/// A line from one box to another: all flows between the two that are well, or all that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Positions of its flows.
    pub flows: Vec<usize>,
    /// Whether its requests failed.
    pub failed: bool,
    /// Letters that there is room for in each reason for which they did.
    pub reason: usize,
    /// What is counted, where that is no requests.
    pub unit: &'static str,
    /// Corners, from the first box to the second.
    pub points: Vec<Point>,
    /// Where its label stands, if there is room for one.
    pub label: Option<Spot>,
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

type Bundle = (usize, usize, bool, Vec<usize>);

/// Flows by the line they share, those that are well first.
fn bundles(system: &Snapshot) -> Vec<Bundle> {
    let mut all: Vec<Bundle> = Vec::new();
    let flows = || system.flows.iter().enumerate();
    let (well, bad) = (
        flows().filter(|(_, flow)| flow.failure.is_none()),
        flows().filter(|(_, flow)| flow.failure.is_some()),
    );
    for (index, flow) in well.chain(bad) {
        let failed = flow.failure.is_some();
        match all.iter_mut().find(|(from, to, bad, _)| (*from, *to, *bad) == (flow.from, flow.to, failed)) {
            Some((_, _, _, flows)) => flows.push(index),
            None => all.push((flow.from, flow.to, failed, vec![index])),
        }
    }
    all
}

/// All ways, those that are well first.
pub fn of(system: &Snapshot, boxes: &[Rect], streets: &Streets, size: (f64, f64)) -> Vec<Link> {
    let all = bundles(system);
    let same = |a: &Bundle, b: &Bundle| (a.0, a.1) == (b.0, b.1) || (a.0, a.1) == (b.1, b.0);
    let shift = |index: usize| {
        let count = all.iter().filter(|other| same(other, &all[index])).count();
        let rank = all[..index].iter().filter(|other| same(other, &all[index])).count();
        APART * (rank as f64 - (count as f64 - 1.0) / 2.0)
    };
    let mut ways: Vec<Vec<Point>> = vec![Vec::new(); all.len()];
    // The short ones first, since they have the least choice.
    let far = |index: &usize| (all[*index].2, boxes[all[*index].0].gap(boxes[all[*index].1]) as u32);
    let mut order: Vec<usize> = Vec::new();
    for index in 0..all.len() {
        order.insert(order.partition_point(|other| far(other) <= far(&index)), index);
    }
    // Who came first knew nothing of the others, and makes room for them when asked again.
    for _ in 0..ROUNDS {
        let mut is_clear = true;
        for index in order.iter().copied() {
            let (from, to, failed, _) = &all[index];
            // What comes from one box or goes to one may share a street.
            let others = all.iter().zip(&ways).enumerate().filter(|(other, _)| *other != index);
            let others: Vec<Other> = others
                .map(|(_, (other, points))| Other {
                    points,
                    joins: other.2 == *failed && (other.0 == *from || other.1 == *to),
                    meets: other.1 == *to,
                })
                .collect();
            let (points, is_confusing) =
                route((boxes[*from], boxes[*to]), shift(index), streets, boxes, &others);
            is_clear &= !is_confusing && ways[index] == points;
            ways[index] = points;
        }
        if is_clear {
            break;
        }
    }
    let mut ways: Vec<Link> = all
        .into_iter()
        .zip(ways)
        .map(|((_, _, failed, flows), points)| {
            let reasons = flows.iter().filter_map(|flow| system.flows[*flow].failure);
            // What people read may be a little longer than its name.
            let reason = reasons.map(|id| id.len() + 6).max().unwrap_or(0);
            let unit = system.flows[flows[0]].unit;
            Link { flows, failed, reason, unit, points, label: None }
        })
        .collect();
    labels::place(&mut ways, boxes, size);
    ways
}

#[cfg(test)]
mod tests {
    use super::super::layout::Layout;
    use warstories_sim::{Replay, SCENARIOS, scenarios};

    #[test]
    fn flows_between_the_same_boxes_share_a_line_and_a_dot_keeps_to_it() {
        let system = scenarios::start(Replay::new(SCENARIOS[0].spec)).snapshot();
        let layout = Layout::of(&system, (1060.0, 300.0), 1.0, None);
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
