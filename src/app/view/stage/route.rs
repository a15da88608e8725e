//! The way from one box to another: along streets between the boxes, through none of them.

use super::layout::Rect;

/// A point of the drawing.
pub type Point = (f64, f64);

/// A corner counts as much as this length, crossing another way as much as that, and lying on one this many times its
/// length.
const CORNER: f64 = 22.0;
const CROSSING: f64 = 12.0;
const ON_ANOTHER: f64 = 4.0;
/// Ways keep this far from boxes.
const CLEAR: f64 = 2.0;
/// Streets that are tried on either side of a box.
const NEAR: usize = 3;

/// Where ways may run: upright at each x, level at each y.
#[derive(Clone, Debug, Default)]
pub struct Streets {
    /// Places of the upright ones.
    pub xs: Vec<f64>,
    /// Places of the level ones.
    pub ys: Vec<f64>,
}

/// A way that is there already, and whether a new one may lie on it.
pub type Other<'a> = (&'a [Point], bool);

/// The best way, `shift` beside the middle of both boxes. There always is one where boxes stand in ranks with streets
/// between them.
pub fn route(
    ends: (Rect, Rect),
    shift: f64,
    streets: &Streets,
    boxes: &[Rect],
    others: &[Other],
) -> Vec<Point> {
    let (mut best, mut least) = (Vec::new(), f64::INFINITY);
    let mut offer = |points: &[Point]| {
        let length: f64 = points.windows(2).map(length).sum();
        let mut cost = length + CORNER * points.len() as f64;
        let is_blocked = || {
            points.windows(2).enumerate().any(|(index, leg)| {
                let is_end = index + 2 == points.len();
                boxes.iter().any(|rect| {
                    let own = index == 0 && *rect == ends.0 || is_end && *rect == ends.1;
                    runs_through(leg, *rect, if own { 0.0 } else { CLEAR })
                })
            })
        };
        if cost >= least || is_blocked() {
            return;
        }
        cost += others.iter().map(|other| disturbs(points, *other)).sum::<f64>();
        if cost < least {
            (best, least) = (points.to_vec(), cost);
        }
    };
    leaving_level(ends, shift, &streets.xs, &streets.ys, &mut offer);
    let turned = (ends.0.swapped(), ends.1.swapped());
    leaving_level(turned, shift, &streets.ys, &streets.xs, &mut |points| {
        offer(&points.iter().map(|(x, y)| (*y, *x)).collect::<Vec<_>>());
    });
    best
}

/// Offers ways that leave a box at its left or right, the straight ones first.
fn leaving_level(
    (from, to): (Rect, Rect),
    shift: f64,
    xs: &[f64],
    ys: &[f64],
    offer: &mut dyn FnMut(&[Point]),
) {
    let (y, to_y) = (beside(from.y, from.h, shift), beside(to.y, to.h, shift));
    let to_x = beside(to.x, to.w, shift);
    let side = |rect: Rect, later: bool| if later { rect.x + rect.w } else { rect.x };
    let end = |y: f64| if y < to.y { to.y } else { to.y + to.h };
    let is_beside = |x: f64, rect: Rect| x < rect.x || x > rect.x + rect.w;
    let is_above = |y: f64| y < to.y || y > to.y + to.h;
    // Straight on, where the boxes face each other.
    let (top, bottom) = (from.y.max(to.y), (from.y + from.h).min(to.y + to.h));
    let onward = from.x < to.x;
    if bottom - top > 2.0 * shift.abs() + 4.0 {
        let level = f64::midpoint(top, bottom) + shift;
        offer(&[(side(from, onward), level), (side(to, !onward), level)]);
    }
    if is_above(y) && is_beside(to_x, from) {
        offer(&[(side(from, to_x > from.x), y), (to_x, y), (to_x, end(y))]);
    }
    for x in xs.iter().copied().filter(|x| is_beside(*x, from) && is_beside(*x, to)) {
        offer(&[(side(from, x > from.x), y), (x, y), (x, to_y), (side(to, x > to.x), to_y)]);
    }
    for x in near(xs, from).concat() {
        let (start, turn) = ((side(from, x > from.x), y), (x, y));
        for street in ys.iter().copied() {
            if is_above(street) {
                offer(&[start, turn, (x, street), (to_x, street), (to_x, end(street))]);
            }
            for last in near(xs, to).concat() {
                let end = (side(to, last > to.x), to_y);
                offer(&[start, turn, (x, street), (last, street), (last, to_y), end]);
            }
        }
    }
}

/// Beside the middle, but on the edge in any case.
fn beside(from: f64, length: f64, shift: f64) -> f64 {
    from + length / 2.0 + shift.clamp(4.0 - length / 2.0, length / 2.0 - 4.0)
}

/// The nearest streets on both sides of a box; streets are in order.
fn near(xs: &[f64], rect: Rect) -> [&[f64]; 2] {
    let before = xs.partition_point(|x| *x < rect.x);
    let behind = xs.partition_point(|x| *x <= rect.x + rect.w);
    [&xs[before.saturating_sub(NEAR)..before], &xs[behind..xs.len().min(behind + NEAR)]]
}

/// Whether a straight leg runs through a box that is larger by `clear` on all sides.
pub fn runs_through(leg: &[Point], rect: Rect, clear: f64) -> bool {
    let ((ax, ay), (bx, by)) = (leg[0], leg[1]);
    ax.min(bx) < rect.x + rect.w + clear
        && ax.max(bx) > rect.x - clear
        && ay.min(by) < rect.y + rect.h + clear
        && ay.max(by) > rect.y - clear
}

fn length(leg: &[Point]) -> f64 {
    (leg[1].0 - leg[0].0).abs() + (leg[1].1 - leg[0].1).abs()
}

/// How much a way disturbs another one.
fn disturbs(points: &[Point], (other, may_lie_on): Other) -> f64 {
    let mut cost = 0.0;
    for leg in points.windows(2) {
        for their in other.windows(2) {
            let (is_level, other_is) = (leg[0].1 == leg[1].1, their[0].1 == their[1].1);
            let along = |leg: &[Point]| {
                let (a, b) = if is_level { (leg[0].0, leg[1].0) } else { (leg[0].1, leg[1].1) };
                (a.min(b), a.max(b))
            };
            let across = |point: Point| if is_level { point.1 } else { point.0 };
            if is_level == other_is {
                let ((a, b), (c, d)) = (along(leg), along(their));
                if !may_lie_on && (across(leg[0]) - across(their[0])).abs() < 4.0 {
                    cost += (b.min(d) - a.max(c)).max(0.0) * ON_ANOTHER;
                }
            } else {
                let ((a, b), at) = (along(leg), if is_level { their[0].0 } else { their[0].1 });
                let (c, d) = (across(their[0]).min(across(their[1])), across(their[0]).max(across(their[1])));
                if a < at && at < b && c < across(leg[0]) && across(leg[0]) < d {
                    cost += CROSSING;
                }
            }
        }
    }
    cost
}
