//! Where everything on the stage stands: boxes by column and row, and the ways between them.
//!
//! A wide stage runs from left to right. Where the columns do not fit side by side, the diagram stands upright: columns
//! become lines from top to bottom. Both are worked out on one pair of axes, "main" along the columns and "cross" along
//! the rows, and swapped at the very end.

use warstories_sim::snapshot::{Content, Node, Snapshot};

use super::links::{self, Link};
use super::node;

/// Room for the ring of what has the focus.
const MARGIN: f64 = 6.0;
/// Room between two columns: a rate must fit, and more than the last only spreads things apart.
const GAP: (f64, f64, f64) = (56.0, 104.0, 170.0);
/// How far boxes shrink and grow with the stage.
const STRETCH: (f64, f64) = (0.7, 1.3);
/// Room between two lines of an upright diagram, and between two rows of another.
const LINE_GAP: f64 = 36.0;
const ROW_GAP: f64 = 30.0;
/// A line of a label.
pub const TEXT_LINE: f64 = 13.0;
/// Room above a row for ways that lead over other boxes.
const LANE: f64 = 26.0;
/// A stage wider than this is drawn larger, up to a limit.
const WIDE: f64 = 1150.0;
const LARGEST: f64 = 1.6;

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
    /// The middle.
    pub fn centre(self) -> (f64, f64) {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// Whether two boxes have a point in common that is not on their edges.
    pub fn overlaps(self, other: Self) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
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
    /// Whether columns run from top to bottom.
    pub upright: bool,
    /// A box for each node.
    pub nodes: Vec<Rect>,
    /// The ways between them.
    pub links: Vec<Link>,
}

/// Boxes and row axes, before the ways are known. Main axis first.
struct Grid {
    boxes: Vec<Rect>,
    axes: Vec<f64>,
    lanes: Vec<f64>,
    main: f64,
    cross: f64,
}

impl Layout {
    /// Arranges the diagram for a stage of this width in CSS pixels, with text of this size (1 is the usual).
    pub fn of(system: &Snapshot, width: f64, text: f64) -> Self {
        let zoom = text.max((width / WIDE).min(LARGEST));
        let width = (width / zoom).max(240.0);
        let columns = 1 + system.nodes.iter().map(|node| usize::from(node.place.0)).max().unwrap_or(0);
        let rows = 1 + system.nodes.iter().map(|node| usize::from(node.place.1)).max().unwrap_or(0);
        let flat = lie(system, width, columns, rows);
        let upright = flat.is_none();
        let grid = flat.unwrap_or_else(|| stand(system, width, columns, rows));
        let links = links::of(system, &grid.boxes, &grid.axes, &grid.lanes, upright);
        let turn = |rect: &Rect| if upright { rect.swapped() } else { *rect };
        let (width, height) = if upright { (width.max(grid.cross), grid.main) } else { (width, grid.cross) };
        Self { width, height, zoom, upright, nodes: grid.boxes.iter().map(turn).collect(), links }
    }
}

/// Width and height that a box likes to have.
fn natural(content: Content, upright: bool) -> (f64, f64) {
    match (content, upright) {
        (Content::Plain, false) => (128.0, 72.0),
        (Content::Plain, true) => (128.0, 78.0),
        (Content::Queue { .. }, false) => (176.0, 152.0),
        (Content::Slots { .. }, false) => (216.0, 152.0),
        (Content::Leases { .. }, _) => (176.0, 130.0),
        (Content::Load(_) | Content::Ring(_) | Content::Steps { .. }, _) => (156.0, 96.0),
        (Content::Queue { .. } | Content::Slots { .. }, true) => (176.0, 124.0),
    }
}

/// From left to right, if that fits.
fn lie(system: &Snapshot, width: f64, columns: usize, rows: usize) -> Option<Grid> {
    let (mut widths, mut heights) = (vec![0.0_f64; columns], vec![0.0_f64; rows]);
    for node in &system.nodes {
        let ((column, row), (w, h)) = (place(node), natural(node.content, false));
        widths[column] = widths[column].max(w);
        heights[row] = heights[row].max(h);
    }
    let (least, liked, most) = GAP;
    let gaps = (columns - 1) as f64;
    let (room, sum) = (width - 2.0 * MARGIN, widths.iter().sum::<f64>());
    let stretch = ((room - gaps * liked) / sum).clamp(STRETCH.0, STRETCH.1);
    let gap = if gaps > 0.0 { (room - stretch * sum) / gaps } else { 0.0 };
    if gaps > 0.0 && gap < least {
        return None;
    }
    let gap = gap.min(most);
    // What is left over stands on both sides.
    let mut x = (width - stretch * sum - gaps * gap) / 2.0;
    let middles: Vec<f64> = widths
        .iter()
        .map(|w| {
            let middle = x + stretch * w / 2.0;
            x += stretch * w + gap;
            middle
        })
        .collect();
    let labels = links::most_labels(system);
    let (mut y, mut axes, mut lanes) = (MARGIN, Vec::new(), Vec::new());
    for (row, height) in heights.iter().enumerate() {
        if row > 0 {
            y += ROW_GAP + TEXT_LINE * labels as f64;
        }
        if links::leads_over(system, row) {
            y += LANE;
        }
        lanes.push(y - LANE / 2.0);
        axes.push(y + height / 2.0);
        y += height;
    }
    let boxes = system.nodes.iter().map(|node| {
        let ((column, row), (w, h)) = (place(node), natural(node.content, false));
        // A title may take a little of the room between columns.
        let w = (stretch * w).max(node::least_width(node).min(stretch * w + least / 2.0));
        // At the edge it takes it from the inside alone.
        let x = (middles[column] - w / 2.0).clamp(0.0, (width - w).max(0.0));
        Rect { x, y: axes[row] - h / 2.0, w, h }
    });
    Some(Grid { boxes: boxes.collect(), axes, lanes, main: width, cross: y + MARGIN })
}

/// From top to bottom. Main is down, cross is to the right.
fn stand(system: &Snapshot, width: f64, columns: usize, rows: usize) -> Grid {
    let mut heights = vec![0.0_f64; columns];
    for node in &system.nodes {
        let column = place(node).0;
        heights[column] = heights[column].max(natural(node.content, true).1);
    }
    // The first row is where the story happens; it gets more room. More rows than fit make the drawing wider than
    // the stage, which then shows it smaller.
    let lane = if (0..rows).any(|row| links::leads_over(system, row)) { LANE } else { 0.0 };
    let gaps = (rows - 1) as f64;
    let gap = (width * 0.25 / gaps.max(1.0)).clamp(52.0, 100.0);
    let room = (width - 2.0 * MARGIN - lane - gaps * gap).max(84.0 * rows as f64);
    let share = room / (rows as f64 + 0.4);
    let widths: Vec<f64> = match rows {
        1 => vec![room.min(300.0)],
        _ => (0..rows).map(|row| if row == 0 { share * 1.4 } else { share }).collect(),
    };
    let mut x = MARGIN + lane;
    let (mut axes, mut lanes) = (Vec::new(), Vec::new());
    for row_width in &widths {
        lanes.push(x - LANE / 2.0);
        axes.push(x + row_width / 2.0);
        x += row_width + gap;
    }
    let cross = x - gap + MARGIN;
    let mut y = MARGIN;
    let tops: Vec<f64> = heights
        .iter()
        .map(|height| {
            let top = y;
            y += height + LINE_GAP;
            top
        })
        .collect();
    let boxes = system.nodes.iter().map(|node| {
        let (column, row) = place(node);
        let h = natural(node.content, true).1;
        let alone = system.nodes.iter().filter(|other| place(other).0 == column).count() == 1;
        // Many slots need the whole line, where nobody else does.
        let spans = alone && rows > 1 && row == 0 && matches!(node.content, Content::Slots { .. });
        let (left, w) = if spans {
            (MARGIN + lane, cross - 2.0 * MARGIN - lane)
        } else {
            (axes[row] - widths[row] / 2.0, widths[row])
        };
        Rect { x: tops[column] + (heights[column] - h) / 2.0, y: left, w: h, h: w }
    });
    Grid { boxes: boxes.collect(), axes, lanes, main: y - LINE_GAP + MARGIN, cross }
}

/// Column and row of a node.
pub fn place(node: &Node) -> (usize, usize) {
    (node.place.0.into(), node.place.1.into())
}

#[cfg(test)]
mod tests {
    use warstories_sim::{Replay, SCENARIOS, scenarios};

    use super::*;

    #[test]
    fn boxes_stay_on_the_stage_and_apart_at_every_width() {
        for entry in SCENARIOS {
            let system = scenarios::start(Replay::new(entry.spec)).snapshot();
            for width in (268..2000).step_by(7) {
                let layout = Layout::of(&system, f64::from(width), 1.0);
                let id = entry.spec.id;
                for (index, node) in layout.nodes.iter().enumerate() {
                    assert!(node.x >= 0.0 && node.x + node.w <= layout.width, "{id} at {width}: {node:?}");
                    assert!(node.y >= 0.0 && node.y + node.h <= layout.height, "{id} at {width}: {node:?}");
                    for other in &layout.nodes[..index] {
                        assert!(!node.overlaps(*other), "{id} at {width}: {node:?} {other:?}");
                    }
                }
                for link in &layout.links {
                    assert!(link.length() > 15.0, "{id} at {width}: {link:?}");
                }
            }
        }
    }

    #[test]
    fn a_narrow_stage_stands_upright_and_a_projector_draws_larger() {
        let system = scenarios::start(Replay::new(SCENARIOS[0].spec)).snapshot();
        let at = |width| Layout::of(&system, width, 1.0);
        assert!(at(340.0).upright && !at(760.0).upright);
        assert_eq!((at(340.0).zoom, at(1060.0).zoom), (1.0, 1.0));
        assert!(at(1500.0).zoom > 1.25);
    }
}
