//! The richest arrangement that fits.
//!
//! Columns that stand side by side and lines that follow each other are the same on exchanged axes: ranks along the main
//! axis, and the boxes of a rank across it.

use warstories_sim::snapshot::Snapshot;

use super::{Grid, Rect, Unit};
use crate::view::stage::face::{self, FORMS, Form, SLIM};
use crate::view::stage::route::Streets;

/// Room for the ring of what has the focus, and for ways around everything: below columns, and beside lines.
const MARGIN: f64 = 5.0;
const LANE: (f64, f64) = (9.0, 22.0);
/// Below the last line, where ways go around and there is room.
const FLOOR: f64 = 7.0;
/// Between a queue and its slots: the head of a way.
const TOGETHER: f64 = 7.6;
/// Between two columns: a rate must fit, and more than the last only spreads things apart.
const COLUMN_GAP: (f64, f64) = (40.0, 96.0);
/// Between two columns of a drawing that is larger than it needs to be.
const WIDE_GAP: (f64, f64) = (64.0, 96.0);
/// Between two boxes of a column; many stand closer.
const ROW_GAP: (f64, f64) = (12.0, 26.0);
const CROWD: (usize, f64) = (4, 7.0);
/// Between two lines, and between two boxes of a line; a way must get through between two lines, and its head
/// must be seen.
const LINE_GAP: (f64, f64) = (11.0, 26.0);
const BOX_GAP: (f64, f64) = (10.0, 48.0);
/// A stage as wide as this has room for rates between the boxes of a line.
const ROOMY: f64 = 500.0;
/// Every stage is so high. What needs more is tried step by step, up to so many.
const EVERY: f64 = 128.0;
const STEP: f64 = 6.0;
const HIGHEST: u8 = 40;
/// Boxes grow by this share at most where there is more room than they need.
const GROWTH: f64 = 0.5;
/// Boxes of a line, at most.
const MOST_IN_LINE: usize = 6;
/// Streets stand this far from boxes, and at the edge.
const STREET: f64 = 8.0;
const EDGE: f64 = 3.0;

type Ranks<'a> = Vec<Vec<&'a Unit>>;

/// How ranks follow each other.
struct Plan<'a> {
    system: &'a Snapshot,
    /// Width and height.
    room: (f64, f64),
    /// Whether ranks are columns.
    is_flat: bool,
    /// Between ranks, at least and at most.
    gap: (f64, f64),
    /// Whether nothing is better than what does not fit.
    must_fit: bool,
}

/// All that the system has, lying flat, if that fits.
pub(super) fn in_full(system: &Snapshot, units: &[Unit], room: (f64, f64)) -> Option<Grid> {
    Plan { system, room, is_flat: true, gap: WIDE_GAP, must_fit: true }.arrange(&columns(units), &FORMS[..2])
}

/// The richest arrangement that fits; where none does, the smallest.
pub(super) fn fit(system: &Snapshot, units: &[Unit], room: (f64, f64)) -> Grid {
    let flat = Plan { system, room, is_flat: true, gap: COLUMN_GAP, must_fit: true };
    if let Some(grid) = flat.arrange(&columns(units), &FORMS) {
        return grid;
    }
    let upright = Plan { is_flat: false, gap: LINE_GAP, ..flat };
    for form in FORMS {
        for most in (2..=MOST_IN_LINE).rev() {
            if let Some(grid) = upright.arrange(&upright.lines(units, form, most), &[form, SLIM]) {
                return grid;
            }
        }
    }
    smallest(system, units, room)
}

/// The height of the lowest arrangement, give or take a few, but for heights that every stage has.
pub(super) fn lowest(system: &Snapshot, units: &[Unit], width: f64) -> f64 {
    let fits = |height: f64| fit(system, units, (width, height)).size.1 <= height;
    let mut heights = (0..HIGHEST).map(|more| EVERY + STEP * f64::from(more));
    let low = if width >= ROOMY { heights.find(|height| fits(*height)) } else { None };
    low.unwrap_or_else(|| smallest(system, units, (width, 0.0)).size.1)
}

/// The lowest arrangement of a few boxes in a line, however high that is.
fn smallest(system: &Snapshot, units: &[Unit], room: (f64, f64)) -> Grid {
    let plan = Plan { system, room, is_flat: false, gap: LINE_GAP, must_fit: false };
    let form = FORMS[FORMS.len() - 1];
    let smallest = plan.arrange(&plan.lines(units, form, 2), &[form]);
    smallest.unwrap_or_else(|| Grid { size: room, boxes: Vec::new(), streets: Streets::default() })
}

/// Units by their columns.
fn columns(units: &[Unit]) -> Ranks<'_> {
    units.chunk_by(|one, other| one.place.0 == other.place.0).map(|column| column.iter().collect()).collect()
}

/// A pair along the main axis of ranks, or of a point as it is seen: the other way round for lines.
fn turned<T>(is_flat: bool, (one, other): (T, T)) -> (T, T) {
    if is_flat { (one, other) } else { (other, one) }
}

impl Plan<'_> {
    /// Width and height of a unit.
    fn size(&self, unit: &Unit, form: Form) -> (f64, f64) {
        let (mut wide, mut high) = (-TOGETHER, 0.0_f64);
        for node in &unit.nodes {
            let (w, h) = face::size(&self.system.nodes[*node], form);
            (wide, high) = (wide + w + TOGETHER, high.max(h));
        }
        (wide, high)
    }

    /// Between two boxes of a rank, at least and at most.
    fn between(&self, boxes: usize) -> (f64, f64) {
        match (self.is_flat, boxes >= CROWD.0, self.room.0 >= ROOMY) {
            (true, false, _) => ROW_GAP,
            (true, true, _) => (CROWD.1, ROW_GAP.1),
            (false, _, false) => BOX_GAP,
            (false, _, true) => (COLUMN_GAP.0, BOX_GAP.1),
        }
    }

    /// Lines from left to right, at most so many boxes in one. Columns of several boxes have lines of their own, and in a
    /// line that is too long boxes are slim.
    fn lines<'a>(&self, units: &'a [Unit], form: Form, most: usize) -> Ranks<'a> {
        let is_alone = |unit: &Unit| units.iter().filter(|other| other.place.0 == unit.place.0).count() == 1;
        let (mut lines, mut left, mut count): (Ranks, f64, usize) = (Vec::new(), 0.0, 0);
        for unit in units {
            let width = self.size(unit, form).0.min(self.size(unit, SLIM).0) + self.between(0).0;
            let follows =
                |before: &Unit| before.place.0 == unit.place.0 || is_alone(before) && is_alone(unit);
            match lines.last_mut() {
                Some(line)
                    if width <= left && count + unit.nodes.len() <= most && follows(line[line.len() - 1]) =>
                {
                    line.push(unit);
                }
                _ => {
                    (left, count) = (self.room.0 - 2.0 * MARGIN - LANE.1 + self.between(0).0, 0);
                    lines.push(vec![unit]);
                }
            }
            (left, count) = (left - width, count + unit.nodes.len());
        }
        lines
    }

    /// All ranks, each in the first of the forms that fits across.
    fn arrange(&self, ranks: &[Vec<&Unit>], forms: &[Form]) -> Option<Grid> {
        let leads_around = self.leads_around(ranks);
        let lane = match self.is_flat {
            false => LANE.1,
            true if leads_around => LANE.0,
            true => 0.0,
        };
        let (room_along, room_across) = turned(self.is_flat, self.room);
        let (room_along, room_across) = (room_along - 2.0 * MARGIN, room_across - 2.0 * MARGIN - lane);
        let size = |unit: &Unit, form| turned(self.is_flat, self.size(unit, form));
        let sum = |rank: &[&Unit], form| rank.iter().map(|unit| size(unit, form).1).sum::<f64>();
        // Form, extent along the main axis and across it.
        let (mut chosen, mut along, mut widest) = (Vec::new(), 0.0, 0.0_f64);
        for rank in ranks {
            let least = self.between(rank.len()).0 * (rank.len() - 1) as f64;
            let mut fitting = forms.iter().copied().filter(|form| sum(rank, *form) + least <= room_across);
            let form = fitting.next().or(forms.last().copied().filter(|_| !self.must_fit))?;
            let extent = rank.iter().map(|unit| size(unit, form).0).fold(0.0, f64::max);
            let across = sum(rank, form) + least;
            (along, widest) = (along + extent, widest.max(across));
            chosen.push((form, extent, across));
        }
        let gaps = ranks.len().saturating_sub(1) as f64;
        let spare = room_along - along - gaps * self.gap.0;
        if spare < 0.0 && self.must_fit {
            return None;
        }
        let floor = if !self.is_flat && leads_around && spare >= FLOOR { FLOOR } else { 0.0 };
        let spare = spare - floor;
        let gap = self.gap.0 + (spare / gaps.max(1.0)).clamp(0.0, self.gap.1 - self.gap.0);
        along += gaps * gap;
        // Columns stand in the middle of the stage, lines begin at its top; boxes of a line use all of its width.
        let mut at = if self.is_flat { MARGIN + (room_along - along) / 2.0 } else { MARGIN };
        let whole = if self.is_flat { widest } else { room_across };
        let edge = if self.is_flat { MARGIN } else { MARGIN + lane / 2.0 };
        let (mut boxes, mut streets) = (Vec::new(), Vec::new());
        for (rank, (form, extent, across)) in ranks.iter().zip(chosen) {
            let (least, most) = self.between(rank.len());
            let more = ((whole - across) / (rank.len() - 1).max(1) as f64).clamp(0.0, most - least);
            let step = if rank.len() > 1 { least + more } else { 0.0 };
            let filled = sum(rank, form);
            let free = whole - filled - step * (rank.len() - 1) as f64;
            let growth = if self.is_flat { 0.0 } else { (free / filled).clamp(-1.0, GROWTH) };
            let mut place = edge + (free - growth * filled) / 2.0;
            for unit in rank {
                let (own, wide) = size(unit, form);
                let wide = wide * (1.0 + growth);
                // Boxes of a rank are of one extent, but for those much smaller than the others.
                let own = if own * (1.0 + GROWTH) > extent { extent } else { own };
                let (x, y) = turned(self.is_flat, (at + (extent - own) / 2.0, place));
                let (w, h) = turned(self.is_flat, (own, wide));
                self.split(unit, Rect { x, y, w, h }, form, &mut boxes);
                place += wide + step;
            }
            at += extent + gap;
            streets.push(at - gap / 2.0);
        }
        let size = if self.is_flat {
            (self.room.0, widest + 2.0 * MARGIN + lane)
        } else {
            (self.room.0, along + 2.0 * MARGIN + floor)
        };
        let (xs, ys) = turned(self.is_flat, (streets, Vec::new()));
        Some(grid(boxes, size, xs, ys))
    }

    /// The boxes of a unit that takes all of `rect`.
    fn split(&self, unit: &Unit, rect: Rect, form: Form, boxes: &mut Vec<(usize, Rect, Form)>) {
        let more = (rect.w - self.size(unit, form).0) / unit.nodes.len() as f64;
        let mut x = rect.x;
        for node in &unit.nodes {
            let w = face::size(&self.system.nodes[*node], form).0 + more;
            boxes.push((*node, Rect { x, w, ..rect }, form));
            x += w + TOGETHER;
        }
    }

    /// Whether a way has to go around a rank.
    fn leads_around(&self, ranks: &[Vec<&Unit>]) -> bool {
        let rank =
            |node: usize| ranks.iter().position(|rank| rank.iter().any(|unit| unit.nodes.contains(&node)));
        let far = |(from, to): (usize, usize)| from.abs_diff(to) > 1;
        self.system.flows.iter().any(|flow| rank(flow.from).zip(rank(flow.to)).is_some_and(far))
    }
}

/// Streets run between ranks, along boxes and around everything.
fn grid(boxes: Vec<(usize, Rect, Form)>, size: (f64, f64), mut xs: Vec<f64>, mut ys: Vec<f64>) -> Grid {
    let street = |all: &mut Vec<f64>, at: f64, end: f64| {
        let place = all.partition_point(|other| *other < at);
        if (EDGE - 0.1..=end - EDGE + 0.1).contains(&at) && all.get(place) != Some(&at) {
            all.insert(place, at);
        }
    };
    let around = Rect {
        x: EDGE + STREET,
        y: EDGE + STREET,
        w: size.0 - 2.0 * (EDGE + STREET),
        h: size.1 - 2.0 * (EDGE + STREET),
    };
    for rect in boxes.iter().map(|(_, rect, _)| *rect).chain([around]) {
        for side in [-STREET, STREET] {
            let later = f64::from(u8::from(side > 0.0));
            street(&mut xs, rect.x + later * rect.w + side, size.0);
            street(&mut ys, rect.y + later * rect.h + side, size.1);
        }
    }
    Grid { size, boxes, streets: Streets { xs, ys } }
}
