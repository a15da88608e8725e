//! Where the focus and the view go when something new has opened.

use gloo::utils::{document, window};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

use super::Opened;

/// Goes to what has just opened.
pub(super) fn on(opened: Opened) {
    match opened {
        Opened::Step => step(),
        // On a phone the story and the system are not in sight together.
        Opened::Run => bring_into_sight(".notice, .stage-card"),
        Opened::Answer => {
            bring_into_sight(".rail .ask, .rail");
            answer();
        }
        Opened::Compare => {
            if let Some(heading) = find("#compare") {
                let _ = heading.focus();
            }
        }
    }
}

fn step() {
    let Some(rail) = find("#rail") else { return };
    if let Some(telling) = find(".rail .telling") {
        telling.set_scroll_top(0);
    }
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = rail.focus_with_options(&options);
    let place = rail.get_bounding_client_rect();
    if place.top() > place.height() || place.bottom() < 0.0 {
        rail.scroll_into_view();
    }
}

/// Within what is told, moves what was answered last so far that its end is in sight above what waits, or the goals that it
/// has given way to.
fn answer() {
    let verdicts = document().query_selector_all(".rail .ask .verdict").ok();
    let last = verdicts.and_then(|all| all.item(all.length().checked_sub(1)?));
    let ask = last.and_then(|last| last.parent_element()?.closest(".ask").ok().flatten());
    let goals =
        ask.as_ref().and_then(Element::next_element_sibling).filter(|next| next.class_name() == "goals");
    if let (Some(ask), Some(telling)) = (goals.or(ask), find(".rail .telling")) {
        let (place, room) = (ask.get_bounding_client_rect(), telling.get_bounding_client_rect());
        if place.height() > 0.0 && (place.bottom() > room.bottom() || place.top() < room.top()) {
            ask.scroll_into_view_with_bool(false);
        }
    }
}

fn bring_into_sight(selector: &str) {
    let Some(element) = find(selector) else { return };
    let place = element.get_bounding_client_rect();
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::MAX);
    // What is not drawn at present has no height; another panel is on show.
    if place.height() > 0.0 && (place.top() > 0.6 * height || place.bottom() < 0.2 * height) {
        element.scroll_into_view();
    }
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}
