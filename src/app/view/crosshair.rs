//! The crosshair of a chart: a layer of its own, moved by pointer or keyboard.

use warstories_sim::SimTime;
use warstories_sim::clock::WallClock;
use web_sys::Element;
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;

/// What the layer shows.
pub struct Crosshair<'a> {
    /// Heading of the chart.
    pub title: &'static str,
    /// The story's clock.
    pub clock: WallClock,
    /// The right end of the time axis, in seconds.
    pub end: f64,
    /// A key press moves the crosshair by this, in seconds.
    pub step: f64,
    /// How far the run has got, in seconds.
    pub now: f64,
    /// The moment under the crosshair, in seconds.
    pub hover: Option<f64>,
    /// The learner moves the crosshair, or takes it away.
    pub on_hover: &'a Callback<Option<f64>>,
}

/// Width of the layer's own coordinates.
const WIDE: f64 = 1000.0;

/// The layer.
pub fn crosshair(layer: &Crosshair) -> Html {
    let Crosshair { title, clock, end, step, now, hover: at, on_hover } = *layer;
    let point = on_hover.reform(move |event: PointerEvent| {
        let layer = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        let width = layer.map_or(0, |layer| layer.client_width());
        (width > 0).then(|| (f64::from(event.offset_x()) / f64::from(width) * end).clamp(0.0, now))
    });
    let leave = on_hover.reform(|_: PointerEvent| None);
    let blur = on_hover.reform(|_: FocusEvent| None);
    let press = {
        let on_hover = on_hover.clone();
        move |event: KeyboardEvent| {
            let from = at.unwrap_or(now);
            let to = match event.key().as_str() {
                "ArrowLeft" => Some(from - step),
                "ArrowRight" => Some(from + step),
                "Home" => Some(0.0),
                "End" => Some(now),
                "Escape" => None,
                _ => return,
            };
            // These keys move time elsewhere on the page.
            event.prevent_default();
            event.stop_propagation();
            on_hover.emit(to.map(|to| to.clamp(0.0, now)));
        }
    };
    let x = (at.unwrap_or(0.0) / end * WIDE).to_string();
    html! {
        <div class="crosshair" role="slider" tabindex="0" aria-label={format!("{title}: read the values at a moment")}
            aria-valuemin="0" aria-valuemax={now.to_string()} aria-valuenow={at.unwrap_or(now).to_string()}
            aria-valuetext={at.map_or_else(|| String::from("no moment chosen"), |at| clock.label(SimTime::from_secs_f64(at)))}
            onpointermove={point} onpointerleave={leave} onkeydown={press} onblur={blur}>
            if at.is_some() {
                <svg viewBox={format!("0 0 {WIDE} 10")} preserveAspectRatio="none" aria-hidden="true">
                    <line x1={x.clone()} x2={x} y1="0" y2="10" />
                </svg>
            }
        </div>
    }
}
