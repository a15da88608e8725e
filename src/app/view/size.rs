//! How large something is on the page.

use gloo::utils::window;
use warstories_sim::decimal;
use web_sys::wasm_bindgen::JsCast;
use web_sys::wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// Pixels of the type size that drawings are made for.
const TYPE: f64 = 16.0;

/// Width and height of an element in CSS pixels and the size of its text, kept up to date. The first is 0 until it is
/// known.
#[hook]
pub fn use_size(node: &NodeRef) -> (f64, f64, f64) {
    let size = use_state(|| (0.0, 0.0, 1.0));
    {
        let (node, size) = (node.clone(), size.clone());
        use_effect_with((), move |()| {
            let measured = node.clone();
            let changed = Closure::<dyn Fn()>::new(move || {
                let Some(element) = measured.cast::<Element>() else { return };
                let style = window().get_computed_style(&element).ok().flatten();
                let text = style.and_then(|style| style.get_property_value("font-size").ok());
                let text = text.and_then(|text| decimal::parse(text.strip_suffix("px")?));
                let (width, height) = (element.client_width(), element.client_height());
                size.set((width.into(), height.into(), text.map_or(1.0, |text| text / TYPE)));
            });
            let observer = ResizeObserver::new(changed.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(element)) = (&observer, node.cast::<Element>()) {
                observer.observe(&element);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(changed);
            }
        });
    }
    *size
}
