//! The time that passes for whoever looks at the page.

use gloo::utils::window;

/// Milliseconds on the browser's clock.
pub fn clock_ms() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}
