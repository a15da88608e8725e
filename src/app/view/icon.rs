//! Glyphs, drawn because symbol fonts are missing on some machines.

use yew::prelude::*;

pub const PLAY: &str = "M4 2v12l10-6z";
pub const PAUSE: &str = "M4 2.5h3v11H4zM9 2.5h3v11H9z";
pub const STEP: &str = "M3 2v12l8-6zM11.5 2H14v12h-2.5z";
pub const BACK: &str = "M13 2v12L5 8zM2 2h2.5v12H2z";
pub const RESTART: &str = "M8 2.5V0L3.5 3.5 8 7V4.5A4 4 0 1 1 4 8.5H2a6 6 0 1 0 6-6z";
pub const UNDO: &str = "M6 2.5v3h3.5a4.5 4.5 0 0 1 0 9H5v-2h4.5a2.5 2.5 0 0 0 0-5H6v3L1.5 6.5z";
pub const REDO: &str = "M10 2.5v3H6.5a4.5 4.5 0 0 0 0 9H11v-2H6.5a2.5 2.5 0 0 1 0-5H10v3l4.5-4z";
pub const FORK: &str = "M4 1a2 2 0 0 1 1 3.7V8l5-1.6V4.700A2 2 0 1 1 12 4.7V8L5 10.200v1.100A2 2 0 1 1 3 11.3V4.7A2 2 0 0 1 4 1z";
pub const CHANGE: &str = "M8 2l6 11H2z";
pub const ACTION: &str = "M8 1l6 7-6 7-6-7z";
pub const RING: &str = "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z";
pub const DONE: &str = "M6.2 13.2L1.500 8.500l1.600-1.600 3.100 3.100 6.700-6.700 1.600 1.600z";
pub const PREVIOUS: &str = "M10 2L4 8l6 6 1.400-1.400L6.800 8l4.600-4.600z";
pub const NEXT: &str = "M6 2l6 6-6 6-1.400-1.400L9.200 8 4.600 3.400z";
pub const INSTRUMENTS: &str = "M2 14V8h3v6zM6.500 14V2h3v12zM11 14V5h3v9z";
pub const CLOSE: &str = "M3 1.600 8 6.6l5-5L14.400 3l-5 5 5 5-1.400 1.400-5-5-5 5L1.600 13l5-5-5-5z";

/// The glyph of a path in a box of 16.
pub fn icon(path: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg> }
}
