//! The richest arrangement that fits.

use warstories_sim::snapshot::Snapshot;

use super::{Grid, Rect, Unit};
use crate::view::stage::face::{self, FORMS, Form, SLIM};
use crate::view::stage::route::Streets;

/// Room for the ring of what has the focus, and for ways around everything.
const MARGIN: f64 = 5.0;
const LANE: f64 = 9.0;
const SIDE: f64 = 4.0;
/// Between a queue and its slots.
const TOGETHER: f64 = 4.0;
/// Between two columns: a rate must fit, and more than the last only spreads things apart.
const GAP: (f64, f64) = (40.0, 96.0);
/// Between two columns of a drawing that is larger than it needs to be.
const WIDE_GAP: f64 = 64.0;
/// Between two boxes of a column; many stand closer.
const ROW_GAP: (f64, f64) = (12.0, 26.0);
const CROWD: (usize, f64) = (4, 7.0);
/// Between two lines, and between two boxes of a line.
const LINE_GAP: (f64, f64) = (5.0, 26.0);
const BOX_GAP: (f64, f64) = (10.0, 48.0);
/// A stage as wide as this has room for rates between the boxes of a line.
const ROOMY: f64 = 500.0;
/// Boxes grow by this share at most where there is more room than they need.
const GROWTH: f64 = 0.5;
/// Boxes of a line, at most.
const MOST_IN_LINE: usize = 6;
/// Streets stand this far from boxes.
const STREET: f64 = 8.0;

/// How units are arranged.
#[derive(Clone, Copy)]
struct Way<'a> {
    system: &'a Snapshot,
    room: (f64, f64),
    /// Between two columns, at least.
    gap: f64,
    /// Whether slots stand below their queue.
    is_stacked: bool,
}

/// All that the system has, lying flat, if that fits.
pub(super) fn in_full(system: &Snapshot, units: &[Unit], room: (f64, f64)) -> Option<Grid> {
    Way { system, room, gap: WIDE_GAP, is_stacked: false }.flat(units, &FORMS[..2])
}

/// The richest arrangement that fits; where none does, the smallest.
pub(super) fn fit(system: &Snapshot, units: &[Unit], room: (f64, f64)) -> Grid {
    let beside = Way { system, room, gap: GAP.0, is_stacked: false };
    let stacked = Way { is_stacked: true, ..beside };
    let (all, long): (&[Form], Vec<Form>) =
        (&FORMS, FORMS.iter().copied().filter(|form| form.is_tall).collect());
    [(beside, all), (beside, &long), (stacked, all), (stacked, &long)]
        .into_iter()
        .find_map(|(way, forms)| way.flat(units, forms))
        .or_else(|| {
            let ways = FORMS.iter().flat_map(|form| (2..=MOST_IN_LINE).rev().map(move |most| (*form, most)));
            ways.into_iter().find_map(|(form, most)| beside.lines(units, form, most, true))
        })
        .or_else(|| beside.lines(units, FORMS[FORMS.len() - 1], 2, false))
        .unwrap_or_else(|| Grid { size: room, boxes: Vec::new(), streets: Streets::default() })
}

impl Way<'_> {
    /// Width and height of a unit.
    fn size(&self, unit: &Unit, form: Form) -> (f64, f64) {
        let sizes = unit.nodes.iter().map(|node| face::size(&self.system.nodes[*node], form));
        let (wide, high) =
            sizes.clone().fold((0.0_f64, 0.0_f64), |most, size| (most.0.max(size.0), most.1.max(size.1)));
        let together = TOGETHER * (unit.nodes.len() - 1) as f64;
        if self.is_stacked {
            (wide, sizes.map(|size| size.1).sum::<f64>() + together)
        } else {
            (sizes.map(|size| size.0).sum::<f64>() + together, high)
        }
    }

    /// The boxes of a unit that takes all of `rect`.
    fn split(&self, unit: &Unit, rect: Rect, form: Form, boxes: &mut Vec<(usize, Rect, Form)>) {
        let sizes: Vec<_> =
            unit.nodes.iter().map(|node| face::size(&self.system.nodes[*node], form)).collect();
        let needs = self.size(unit, form);
        let (more_w, more_h) = (rect.w - needs.0, rect.h - needs.1);
        let parts = sizes.len() as f64;
        let (mut x, mut y) = (rect.x, rect.y);
        for (node, (w, h)) in unit.nodes.iter().zip(sizes) {
            if self.is_stacked {
                let h = h + more_h / parts;
                boxes.push((*node, Rect { x: rect.x, y, w: rect.w, h }, form));
                y += h + TOGETHER;
            } else {
                let w = w + more_w / parts;
                boxes.push((*node, Rect { x, y: rect.y, w, h: rect.h }, form));
                x += w + TOGETHER;
            }
        }
    }

    /// From left to right, in one line of columns, if that fits. Each column has the first form that is low enough.
    fn flat(&self, units: &[Unit], forms: &[Form]) -> Option<Grid> {
        let columns: Vec<&[Unit]> = units.chunk_by(|one, other| one.place.0 == other.place.0).collect();
        let lane = if self.leads_around(&columns) { LANE } else { 0.0 };
        let room = (self.room.0 - 2.0 * MARGIN, self.room.1 - 2.0 * MARGIN - lane);
        let row_gap = |column: &[Unit]| if column.len() < CROWD.0 { ROW_GAP.0 } else { CROWD.1 };
        let height = |column: &[Unit], form: Form| {
            let all: f64 = column.iter().map(|unit| self.size(unit, form).1).sum();
            all + row_gap(column) * (column.len() - 1) as f64
        };
        let chosen: Vec<Form> = columns
            .iter()
            .map(|column| forms.iter().copied().find(|form| height(column, *form) <= room.1))
            .collect::<Option<_>>()?;
        let widths: Vec<f64> = columns
            .iter()
            .zip(&chosen)
            .map(|(column, form)| column.iter().map(|unit| self.size(unit, *form).0).fold(0.0, f64::max))
            .collect();
        let gaps = (columns.len() - 1) as f64;
        let spare = room.0 - widths.iter().sum::<f64>() - gaps * self.gap;
        if spare < 0.0 {
            return None;
        }
        let gap = self.gap + if gaps > 0.0 { (spare / gaps).min(GAP.1 - self.gap) } else { 0.0 };
        let high =
            columns.iter().zip(&chosen).map(|(column, form)| height(column, *form)).fold(0.0, f64::max);
        // What is left over stands on both sides.
        let mut x = (self.room.0 - widths.iter().sum::<f64>() - gaps * gap) / 2.0;
        let (mut boxes, mut xs) = (Vec::new(), Vec::new());
        for ((column, form), width) in columns.iter().zip(&chosen).zip(&widths) {
            let between = (column.len() - 1) as f64;
            let least = row_gap(column);
            let more = ((high - height(column, *form)) / between.max(1.0)).min(ROW_GAP.1 - least);
            let stack = height(column, *form) + between * more;
            let mut y = MARGIN + (high - stack) / 2.0;
            for unit in *column {
                let (w, h) = self.size(unit, *form);
                // Boxes one above the other are of one width, but for those much wider than the rest.
                let w = if w * (1.0 + GROWTH) > *width { *width } else { w };
                self.split(unit, Rect { x: x + (width - w) / 2.0, y, w, h }, *form, &mut boxes);
                y += h + least + more;
            }
            x += width + gap;
            xs.push(x - gap / 2.0);
        }
        Some(grid(boxes, (self.room.0, high + 2.0 * MARGIN + lane), xs, Vec::new()))
    }

    /// Whether a way has to go around a column.
    fn leads_around(&self, columns: &[&[Unit]]) -> bool {
        let column = |node: usize| {
            columns.iter().position(|column| column.iter().any(|unit| unit.nodes.contains(&node)))
        };
        let mut steps =
            self.system.flows.iter().filter_map(|flow| Some((column(flow.from)?, column(flow.to)?)));
        steps.any(|(from, to)| from.abs_diff(to) > 1)
    }

    /// Line after line, from left to right in each, at most so many boxes in one. Columns of several boxes have lines of
    /// their own, and a line that is too long lets its boxes be slim. What does not fit is laid out only if it must not.
    fn lines(&self, units: &[Unit], form: Form, most: usize, must_fit: bool) -> Option<Grid> {
        let room = self.room.0 - 2.0 * MARGIN - 2.0 * SIDE;
        let least = if room < ROOMY { BOX_GAP.0 } else { GAP.0 };
        let is_alone = |unit: &Unit| units.iter().filter(|other| other.place.0 == unit.place.0).count() == 1;
        let mut lines: Vec<Vec<&Unit>> = Vec::new();
        let mut left = 0.0;
        for unit in units {
            let width = self.size(unit, form).0.min(self.size(unit, SLIM).0);
            let joins = lines.last().is_some_and(|line| {
                let before = line[line.len() - 1];
                let boxes: usize = line.iter().map(|unit| unit.nodes.len()).sum();
                (before.place.0 == unit.place.0 || is_alone(before) && is_alone(unit))
                    && boxes + unit.nodes.len() <= most
                    && width + least <= left
            });
            match lines.last_mut() {
                Some(line) if joins => {
                    left -= width + least;
                    line.push(unit);
                }
                _ => {
                    left = room - width;
                    if left < 0.0 && must_fit {
                        return None;
                    }
                    lines.push(vec![unit]);
                }
            }
        }
        let chosen = lines.iter().map(|line| {
            let all: f64 = line.iter().map(|unit| self.size(unit, form).0 + least).sum();
            if all - least <= room { form } else { SLIM }
        });
        let chosen: Vec<Form> = chosen.collect();
        let heights: Vec<f64> = lines
            .iter()
            .zip(&chosen)
            .map(|(line, form)| line.iter().map(|unit| self.size(unit, *form).1).fold(0.0, f64::max))
            .collect();
        let gaps = (lines.len() - 1) as f64;
        let spare = self.room.1 - 2.0 * MARGIN - heights.iter().sum::<f64>() - gaps * LINE_GAP.0;
        if spare < 0.0 && must_fit {
            return None;
        }
        let line_gap =
            LINE_GAP.0 + if gaps > 0.0 { (spare / gaps).clamp(0.0, LINE_GAP.1 - LINE_GAP.0) } else { 0.0 };
        let (mut boxes, mut ys, mut y) = (Vec::new(), Vec::new(), MARGIN);
        for ((line, height), form) in lines.iter().zip(&heights).zip(&chosen) {
            let widths: Vec<f64> = line.iter().map(|unit| self.size(unit, *form).0.min(room)).collect();
            let (sum, gaps) = (widths.iter().sum::<f64>(), (line.len() - 1) as f64);
            let gap = if gaps > 0.0 { ((room - sum) / gaps).clamp(least, BOX_GAP.1) } else { 0.0 };
            let more = ((room - sum - gaps * gap) / sum).clamp(0.0, GROWTH);
            let mut x = (self.room.0 - sum * (1.0 + more) - gaps * gap) / 2.0;
            for (unit, width) in line.iter().zip(widths) {
                let w = width * (1.0 + more);
                self.split(unit, Rect { x, y, w, h: *height }, *form, &mut boxes);
                x += w + gap;
            }
            y += height + line_gap;
            ys.push(y - line_gap / 2.0);
        }
        Some(grid(boxes, (self.room.0, y - line_gap + MARGIN), Vec::new(), ys))
    }
}

/// Streets run between ranks, along boxes and around everything.
fn grid(boxes: Vec<(usize, Rect, Form)>, size: (f64, f64), mut xs: Vec<f64>, mut ys: Vec<f64>) -> Grid {
    xs.extend([3.0, size.0 - 3.0]);
    ys.extend([3.0, size.1 - 3.0]);
    for (_, rect, _) in &boxes {
        xs.extend([rect.x - STREET, rect.x + rect.w + STREET]);
        ys.extend([rect.y - STREET, rect.y + rect.h + STREET]);
    }
    let tidy = |all: &mut Vec<f64>, end: f64| {
        all.retain(|at| (2.0..=end - 2.0).contains(at));
        all.sort_unstable_by(f64::total_cmp);
        all.dedup_by(|one, other| (*one - *other).abs() < 1.0);
    };
    tidy(&mut xs, size.0);
    tidy(&mut ys, size.1);
    Grid { size, boxes, streets: Streets { xs, ys } }
}
