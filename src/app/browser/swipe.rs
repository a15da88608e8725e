//! Swipes: a finger that moves to the side and is lifted.

use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

/// CSS pixels to the side that make a movement a swipe.
const SHORTEST: i32 = 60;
/// What a finger moves by itself, sideways too.
const HELD: &str = "canvas, input, select, textarea, [role=slider], .exhibit, .detail";

/// A point on the screen, in CSS pixels from the left and from the top.
pub type Point = (i32, i32);

/// Where a finger came down, unless it took hold of something.
pub fn begin(event: &PointerEvent) -> Option<Point> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let is_held = target.closest(HELD).ok()?.is_some();
    (event.pointer_type() == "touch" && event.is_primary() && !is_held).then(|| point(event))
}

/// Where a finger was lifted.
pub fn point(event: &PointerEvent) -> Point {
    (event.client_x(), event.client_y())
}

/// Whether the movement was a swipe to the left (`Some(true)`), as one turns to the next page, or to the right
/// (`Some(false)`).
pub fn to_next(from: Point, to: Point) -> Option<bool> {
    let (aside, along) = (to.0 - from.0, to.1 - from.1);
    (aside.abs() >= SHORTEST && aside.abs() > 2 * along.abs()).then_some(aside < 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_and_level_movement_turns_the_page() {
        let from = (200, 400);
        for (to, turned) in [
            ((120, 410), Some(true)),
            ((280, 390), Some(false)),
            ((150, 400), None),
            ((100, 460), None),
            ((200, 100), None),
            ((200, 400), None),
        ] {
            assert_eq!(to_next(from, to), turned, "{to:?}");
        }
    }
}
