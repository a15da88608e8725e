//! Where everything on the stage stands: boxes in ranks, and the ways between them.
//!
//! The diagram lies flat, its columns side by side, wherever that fits. Where it does not, the columns follow each other
//! in lines, a few boxes to a line. Either way a box is as large as what it shows, and it shows less where there is
//! little room; a queue and the slots that it feeds stand together.

mod fit;

use std::rc::Rc;

use warstories_sim::snapshot::{Content, Snapshot};

use super::face::{Form, SLIM};
use super::links::{self, Link};
use super::route::Streets;

/// A stage larger than this is drawn larger, up to a limit.
const WIDE: f64 = 1100.0;
const HIGH: f64 = 250.0;
const LARGEST: f64 = 1.6;
/// How much larger a small system is drawn, the best first.
const LARGER: [f64; 3] = [1.3, 1.2, 1.1];
/// The smallest type that can be read, in parts of the usual.
const SMALLEST: f64 = 10.5 / super::face::SMALL;
/// No stage is laid out for less.
const NARROWEST: f64 = 240.0;

/// A box, in units of the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// Whether two boxes have a point in common that is not on their edges.
    pub fn overlaps(self, other: Self) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
    }

    /// The box with so much more on each side.
    pub fn larger(self, by: f64) -> Self {
        Self { x: self.x - by, y: self.y - by, w: self.w + 2.0 * by, h: self.h + 2.0 * by }
    }

    /// From the border of one box to that of another.
    pub fn gap(self, other: Self) -> f64 {
        let between = |a: f64, length: f64, b: f64, other: f64| (b - a - length).max(a - b - other).max(0.0);
        between(self.x, self.w, other.x, other.w).hypot(between(self.y, self.h, other.y, other.h))
    }

    /// The same box with x and y exchanged.
    pub fn swapped(self) -> Self {
        Self { x: self.y, y: self.x, w: self.h, h: self.w }
    }
}

/// The drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Width of the drawing, in its units.
    pub width: f64,
    /// Height of the drawing, in its units.
    pub height: f64,
    /// CSS pixels in a unit.
    pub zoom: f64,
    /// CSS pixels in height that it needs at the least.
    pub least: f64,
    /// A box for each node.
    pub nodes: Vec<Rect>,
    /// What each of them shows.
    pub forms: Vec<Form>,
    /// The ways between them.
    pub links: Vec<Link>,
}

/// Boxes that stand together.
#[derive(Clone, Debug)]
struct Unit {
    /// Positions of its nodes: a queue and the slots that it feeds, or one alone.
    nodes: Vec<usize>,
    /// Column and row of the first of them.
    place: (u8, u8),
}

/// Boxes in their places, and the streets between them.
struct Grid {
    size: (f64, f64),
    boxes: Vec<(usize, Rect, Form)>,
    streets: Streets,
}

impl Layout {
    /// Arranges the diagram for a stage of this size in CSS pixels, with text of this size (1 is the usual). Finding the
    /// ways is work: they are those of `before`, a layout of the same system, where no box has moved since.
    pub fn of(
        system: &Snapshot,
        (width, height): (f64, f64),
        text: f64,
        before: Option<&Rc<Self>>,
    ) -> Rc<Self> {
        let (units, least) =
            (units(system), text.max((width / WIDE).min(height / HIGH).min(LARGEST)).max(SMALLEST));
        let room = |zoom: f64| ((width / zoom).max(NARROWEST), height / zoom);
        // A small system is drawn larger, where it lies flat and shows all that it has.
        let mut larger = LARGER.into_iter().map(|more| least.max((least * more).min(LARGEST)));
        let larger = larger.find_map(|zoom| Some((zoom, fit::in_full(system, &units, room(zoom))?)));
        let (zoom, grid) = larger.unwrap_or_else(|| (least, fit::fit(system, &units, room(least))));
        let Grid { size, boxes, streets } = grid;
        let mut nodes = vec![Rect { x: 0.0, y: 0.0, w: 0.0, h: 0.0 }; system.nodes.len()];
        let mut forms = vec![SLIM; nodes.len()];
        for (node, rect, form) in boxes {
            (nodes[node], forms[node]) = (rect, form);
        }
        let same = |before: &&Rc<Self>| {
            (before.width, before.height, before.zoom) == (size.0, size.1, zoom)
                && before.nodes == nodes
                && before.forms == forms
        };
        if let Some(before) = before.filter(same) {
            return before.clone();
        }
        // Not for the zoom of a large stage, or a stage that grows by what it needs would need more.
        let small = text.max(SMALLEST);
        let lowest = fit::lowest(system, &units, (width / small).max(NARROWEST)) * small;
        let links = links::of(system, &nodes, &streets, size);
        Rc::new(Self { width: size.0, height: size.1, zoom, least: lowest, nodes, forms, links })
    }
}

/// All nodes in the order of columns and rows; a queue and the slots beside it are one.
fn units(system: &Snapshot) -> Vec<Unit> {
    let fed = |node: usize| {
        let flows = system.flows.iter().filter(|flow| flow.from == node && flow.failure.is_none());
        let mut slots = flows.map(|flow| flow.to).filter(|to| {
            let (queue, slots) = (&system.nodes[node], &system.nodes[*to]);
            matches!((queue.content, slots.content), (Content::Queue { .. }, Content::Slots { .. }))
                && queue.place.1 == slots.place.1
        });
        slots.next()
    };
    let all = 0..system.nodes.len();
    let second: Vec<usize> = all.clone().filter_map(fed).collect();
    let mut units: Vec<Unit> = Vec::new();
    for node in all.filter(|node| !second.contains(node)) {
        let place = system.nodes[node].place;
        let at = units.partition_point(|other| other.place <= place);
        units.insert(at, Unit { nodes: std::iter::once(node).chain(fed(node)).collect(), place });
    }
    units
}

#[cfg(test)]
mod tests;
