//! The way from one box to another: along streets between the boxes, through none of them.

use super::diagram::HEAD;
use super::layout::Rect;

/// A point of the drawing.
pub type Point = (f64, f64);

/// A corner counts as much as this length, crossing another way as much as that, and lying on one this many times its
/// length.
const CORNER: f64 = 22.0;
const CROSSING: f64 = 12.0;
const ON_ANOTHER: f64 = 4.0;
/// What nobody can follow costs more than any way around it: two ways that look like one, or a head that is not seen.
const CONFUSING: f64 = 1000.0;
/// Where one bends on another, it is not clear which of them goes on.
const TOUCHING: f64 = 250.0;
/// Two ways closer than this look like one, if they run along each other for more than that.
const CLOSE: f64 = 4.5;
const BESIDE: f64 = 3.5;
/// Ways keep this far from boxes, and heads this far, with the line on which they stand, from all else.
const CLEAR: f64 = 2.0;
const HEAD_ROOM: f64 = 3.8;
/// Streets that are tried on either side of a box.
const NEAR: usize = 3;
/// How far the round corners of a box reach.
const CORNERS: f64 = 7.0;
/// Where a way may leave or reach a box, beside the middle of its side.
const PORTS: [f64; 5] = [0.0, -10.0, 10.0, -22.0, 22.0];

/// Where ways may run: upright at each x, level at each y.
#[derive(Clone, Debug, Default)]
pub struct Streets {
    /// Places of the upright ones.
    pub xs: Vec<f64>,
    /// Places of the level ones.
    pub ys: Vec<f64>,
}

/// A way that is there already.
#[derive(Clone, Copy, Debug)]
pub struct Other<'a> {
    /// Its corners.
    pub points: &'a [Point],
    /// Whether a new one may lie on it, in the same direction.
    pub joins: bool,
    /// Whether both end at the same box.
    pub meets: bool,
}

/// The best way, `shift` beside the middle of both boxes, and whether nobody can follow it. There always is one where boxes
/// stand in ranks with streets between them.
pub fn route(
    ends: (Rect, Rect),
    shift: f64,
    streets: &Streets,
    boxes: &[Rect],
    others: &[Other],
) -> (Vec<Point>, bool) {
    let (mut best, mut least, mut best_harm) = (Vec::new(), f64::INFINITY, 0.0);
    let turned = (ends.0.swapped(), ends.1.swapped());
    // The middle of both sides, then beside it at one of them or at both alike, then all there are.
    for beside in 0..3 {
        for (out, into) in PORTS.iter().flat_map(|out| PORTS.map(|into| (*out, into))) {
            let is_odd = |port: f64| usize::from(port != 0.0);
            if if out == into { is_odd(out) } else { is_odd(out) + is_odd(into) } != beside {
                continue;
            }
            let (off, shifts) = ((out.abs() + into.abs()) / 4.0, (shift + out, shift + into));
            let mut offer = |points: &[Point]| {
                let length: f64 = points.windows(2).map(length).sum();
                let cost = length + CORNER * points.len() as f64 + off;
                if cost >= least || is_blocked(points, ends, boxes) {
                    return;
                }
                let mut harm = others.iter().map(|other| disturbs(points, other)).sum::<f64>();
                if cost + harm < least && is_hidden(points, ends, boxes) {
                    harm += CONFUSING;
                }
                if cost + harm < least {
                    (best, least, best_harm) = (points.to_vec(), cost + harm, harm);
                }
            };
            leaving_level(ends, shifts, &streets.xs, &streets.ys, &mut offer);
            leaving_level(turned, shifts, &streets.ys, &streets.xs, &mut |points| {
                offer(&points.iter().map(|(x, y)| (*y, *x)).collect::<Vec<_>>());
            });
        }
        if best_harm < if beside == 0 { CROSSING } else { TOUCHING } {
            break;
        }
    }
    (best, best_harm >= TOUCHING)
}

/// Whether a way runs through a box.
fn is_blocked(points: &[Point], ends: (Rect, Rect), boxes: &[Rect]) -> bool {
    points.windows(2).enumerate().any(|(index, leg)| {
        let is_end = index + 2 == points.len();
        boxes.iter().any(|rect| {
            let own = index == 0 && *rect == ends.0 || is_end && *rect == ends.1;
            runs_through(leg, *rect, if own { 0.0 } else { CLEAR })
        })
    })
}

/// Whether there is no room for the head of a way.
fn is_hidden(points: &[Point], ends: (Rect, Rect), boxes: &[Rect]) -> bool {
    let [.., before, tip] = points else { return true };
    let room = head(points);
    length(&[*before, *tip]) < HEAD + 0.5 || boxes.iter().any(|rect| *rect != ends.1 && rect.overlaps(room))
}

/// What the head of a way covers.
fn head(points: &[Point]) -> Rect {
    let [.., before, tip] = points else { return Rect { x: 0.0, y: 0.0, w: 0.0, h: 0.0 } };
    let (x, y) = ((tip.0 - before.0).signum() * HEAD, (tip.1 - before.1).signum() * HEAD);
    if before.1 == tip.1 {
        Rect { x: tip.0.min(tip.0 - x), y: tip.1 - HEAD_ROOM, w: HEAD, h: 2.0 * HEAD_ROOM }
    } else {
        Rect { x: tip.0 - HEAD_ROOM, y: tip.1.min(tip.1 - y), w: 2.0 * HEAD_ROOM, h: HEAD }
    }
}

/// Offers ways that leave a box at its left or right, the straight ones first.
fn leaving_level(
    (from, to): (Rect, Rect),
    (out, into): (f64, f64),
    xs: &[f64],
    ys: &[f64],
    offer: &mut dyn FnMut(&[Point]),
) {
    let (y, to_y) = (beside(from.y, from.h, out), beside(to.y, to.h, into));
    let to_x = beside(to.x, to.w, into);
    let side = |rect: Rect, later: bool| if later { rect.x + rect.w } else { rect.x };
    let end = |y: f64| if y < to.y { to.y } else { to.y + to.h };
    let is_beside = |x: f64, rect: Rect| x < rect.x || x > rect.x + rect.w;
    let is_above = |y: f64| y < to.y || y > to.y + to.h;
    // Straight on, where the boxes face each other.
    let (top, bottom) = (from.y.max(to.y), (from.y + from.h).min(to.y + to.h));
    let onward = from.x < to.x;
    if bottom - top > 2.0 * out.abs() + 4.0 && out == into {
        let level = f64::midpoint(top, bottom) + out;
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

/// Beside the middle, but clear of the corners in any case.
fn beside(from: f64, length: f64, shift: f64) -> f64 {
    from + length / 2.0 + shift.clamp(CORNERS - length / 2.0, length / 2.0 - CORNERS)
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
fn disturbs(points: &[Point], other: &Other) -> f64 {
    let mut cost = 0.0;
    let on = |points: &[Point], head: Rect| points.windows(2).any(|leg| runs_through(leg, head, 0.5));
    if !other.meets && (on(points, head(other.points)) || on(other.points, head(points))) {
        cost += CONFUSING;
    }
    for leg in points.windows(2) {
        for their in other.points.windows(2) {
            let (is_level, other_is) = (leg[0].1 == leg[1].1, their[0].1 == their[1].1);
            let along = |leg: &[Point]| if is_level { (leg[0].0, leg[1].0) } else { (leg[0].1, leg[1].1) };
            let in_order = |(a, b): (f64, f64)| (a.min(b), a.max(b));
            let across = |point: Point| if is_level { point.1 } else { point.0 };
            let (a, b) = in_order(along(leg));
            if is_level == other_is {
                let (one, two) = (along(leg), along(their));
                let (c, d) = in_order(two);
                let (shared, apart) = (b.min(d) - a.max(c), (across(leg[0]) - across(their[0])).abs());
                let is_onward = (one.1 - one.0) * (two.1 - two.0) > 0.0;
                if apart < CLOSE && !(other.joins && is_onward) {
                    cost += match shared {
                        shared if shared > BESIDE => CONFUSING + shared * ON_ANOTHER,
                        shared if shared > -HEAD => TOUCHING,
                        _ => 0.0,
                    };
                }
            } else {
                let at = if is_level { their[0].0 } else { their[0].1 };
                let (c, d) = in_order((across(their[0]), across(their[1])));
                let level = across(leg[0]);
                let within =
                    |more: f64| a - more < at && at < b + more && c - more < level && level < d + more;
                if within(-CLEAR) {
                    cost += CROSSING;
                } else if within(CLEAR) && !other.joins {
                    cost += TOUCHING;
                }
            }
        }
    }
    cost
}
