//! A chart as a picture to take away, with the run's link stamped in, so that anybody can play it again.

use gloo::utils::document;
use web_sys::wasm_bindgen::closure::Closure;
use web_sys::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, CanvasRenderingContext2d, Element, HtmlCanvasElement};

/// Length of a line in the legend, in heights of the band.
const SAMPLE: f64 = 0.8;

/// Room for the title above and the link below, as a share of the curves' width.
const BAND: f64 = 0.06;

/// Paints the curves between title and link, and hands over the picture when the browser has packed it.
pub fn of(curves: &HtmlCanvasElement, title: &str, link: &str, done: impl FnOnce(Blob) + 'static) {
    let (width, height) = (f64::from(curves.width()), f64::from(curves.height()));
    let band = (width * BAND).round();
    let picture =
        document().create_element("canvas").ok().and_then(|made| made.dyn_into::<HtmlCanvasElement>().ok());
    let Some(picture) = picture else { return };
    picture.set_width(width as u32);
    picture.set_height((height + 2.0 * band) as u32);
    let context = picture.get_context("2d").ok().flatten();
    let Some(context) = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok())
    else {
        return;
    };
    let style = gloo::utils::window().get_computed_style(curves).ok().flatten();
    let property =
        |name| style.as_ref().and_then(|style| style.get_property_value(name).ok()).unwrap_or_default();
    context.set_fill_style_str(&property("background-color"));
    context.fill_rect(0.0, 0.0, width, height + 2.0 * band);
    context.set_fill_style_str(&property("color"));
    // A picture that lacks a line of text is still the chart; the browser reports nothing to act on.
    context.set_font(&format!("600 {}px sans-serif", (band * 0.55).round()));
    let _ = context.fill_text_with_max_width(title, band / 2.0, band * 0.7, width - band);
    legend(&context, curves, width, band);
    let _ = context.draw_image_with_html_canvas_element(curves, 0.0, band);
    context.set_font(&format!("{}px monospace", (band * 0.4).round()));
    let _ = context.fill_text_with_max_width(link, band / 2.0, height + band * 1.6, width - band);
    let packed = Closure::once_into_js(move |blob: Option<Blob>| {
        if let Some(blob) = blob {
            done(blob);
        }
    });
    let _ = picture.to_blob(packed.unchecked_ref());
}

/// What each line is, at the right end of the band above the curves, as the page's own legend looks.
fn legend(context: &CanvasRenderingContext2d, curves: &HtmlCanvasElement, width: f64, band: f64) {
    let swatches = curves.closest(".chart").ok().flatten();
    let swatches = swatches.and_then(|chart| chart.query_selector_all(".legend button .line").ok());
    context.set_font(&format!("{}px sans-serif", (band * 0.45).round()));
    let mut right = width - band / 2.0;
    for index in (0..swatches.as_ref().map_or(0, web_sys::NodeList::length)).rev() {
        let Some(swatch) = swatches.as_ref().and_then(|all| all.item(index)?.dyn_into::<Element>().ok())
        else {
            continue;
        };
        let name = swatch.closest("button").ok().flatten().and_then(|button| button.text_content());
        let name = name.unwrap_or_default();
        right -= context.measure_text(&name).map_or(0.0, |text| text.width());
        let _ = context.fill_text(&name, right, band * 0.7);
        right -= band * 0.2;
        if let Ok(Some(style)) = gloo::utils::window().get_computed_style(&swatch) {
            let value = |property| style.get_property_value(property).unwrap_or_default();
            let scale = band / 22.0;
            let size = |text: &str| {
                warstories_sim::decimal::parse(text.trim().trim_end_matches("px")).map(|size| size * scale)
            };
            let dash = value("stroke-dasharray")
                .split(',')
                .filter_map(size)
                .map(JsValue::from)
                .collect::<js_sys::Array>();
            let _ = context.set_line_dash(&dash);
            context.set_stroke_style_str(&value("stroke"));
            context.set_line_width(size(&value("stroke-width")).unwrap_or(scale));
            context.begin_path();
            context.move_to(right - band * SAMPLE, band * 0.55);
            context.line_to(right, band * 0.55);
            context.stroke();
        }
        right -= band * (SAMPLE + 0.5);
    }
}
