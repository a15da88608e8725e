//! Where the focus and the view go when something new has opened.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::{document, document_element, window};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, KeyboardEvent};

use super::Opened;
use crate::browser::clock::clock_ms;
use crate::view::exhibit::terminal;

/// What has the focus by key, and all that it stands in, from the inside out.
pub(super) struct Held(Vec<Element>);

/// What has the focus before the page is shown anew. Whoever has clicked needs no focus.
pub(super) fn held() -> Option<Held> {
    let focused = document().active_element().filter(|one| one.matches(":focus-visible") == Ok(true))?;
    let play = focused.closest(".play").ok().flatten()?;
    let all = std::iter::successors(Some(focused), |one: &Element| one.parent_element());
    Some(Held(all.take_while(|one| play.contains(Some(one))).collect()))
}

/// Goes on nearby where the page has taken away what had the focus, or has switched it off. The browser would go to the
/// beginning of the page, where the space bar plays.
pub(super) fn go_on(Held(held): &Held) {
    let is_lost = |active: Element| active.matches("body, :disabled") == Ok(true);
    if document().active_element().is_none_or(is_lost) {
        let mut around = held.iter().skip(1).filter(|around| around.is_connected());
        // What is not drawn at present does not take the focus.
        let _ = around.any(|around| take_up(&successor(around)));
    }
}

/// What tells best what became of a button in `around`: in a lesson the answer, beside a slider the slider.
fn successor(around: &Element) -> Element {
    let is_in = |selector| around.closest(selector).ok().flatten();
    let found = if let Some(knob) = is_in(".knob") {
        knob.query_selector("[type=range]").ok().flatten()
    } else if around.matches("#rail, .foot") == Ok(true) {
        // What was answered has moved into what is told.
        last(&document_element(), ".telling :is(.ask, .verdict)")
    } else if let Some(goal) = is_in(".goals") {
        last(&document_element(), &format!("#{}-hints .hint", goal.id()))
    } else {
        is_in(".ask").and_then(|asked| last(&asked, ".verdict"))
    };
    found.unwrap_or_else(|| around.clone())
}

/// How much of what is told fades away at its lower edge, in CSS pixels.
const FADE: f64 = 28.0;
/// For so long the space bar may be the second press of a button that was there.
const SECOND_PRESS_MS: f64 = 1000.0;

/// Puts the focus on `element` without a jump; tells whether it went there. For a moment the space bar then does nothing.
fn take_up(element: &Element) -> bool {
    let Some(element) = element.dyn_ref::<HtmlElement>() else { return false };
    let is_slider = element.has_attribute("type");
    if !is_slider && !element.has_attribute("tabindex") {
        element.set_tab_index(-1);
    }
    focus_where_it_is(element);
    let is_there = document().active_element().is_some_and(|active| active.is_same_node(Some(element)));
    if is_there {
        let options = EventListenerOptions::enable_prevent_default();
        let until = clock_ms() + SECOND_PRESS_MS;
        let calm = EventListener::new_with_options(element, "keydown", options, move |event| {
            let is_space = event.dyn_ref::<KeyboardEvent>().is_some_and(|press| press.key() == " ");
            if is_space && clock_ms() < until {
                event.prevent_default();
                event.stop_propagation();
            }
        });
        EventListener::once(element, "blur", |_| drop(calm)).forget();
    }
    is_there
}

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
        Opened::Hint(line) => hint(line),
        Opened::System => {
            if let Some(scene) = find(".scene") {
                scene.set_scroll_top(0);
            }
            // Many controls take more than one view; in a step without any there may be an editor.
            if let Some(row) =
                find(".control-row").or_else(|| find("[data-panel=controls] :is(.sorter, .editor)"))
            {
                row.scroll_into_view_with_bool(false);
            }
            terminal::scroll_to_end();
        }
        Opened::Printed => terminal::scroll_to_end(),
        Opened::Button => terminal::focus_on_stop(),
        Opened::Compare => {
            if let Some(heading) = find("#compare") {
                let _ = heading.focus();
            }
        }
    }
}

/// Brings into sight the hint that a goal has shown last.
fn hint(line: usize) {
    let Some(last) = last(&document_element(), &format!("#goal-{line}-hints .hint")) else { return };
    let place = last.get_bounding_client_rect();
    let telling = find(".rail .telling").map(|telling| telling.get_bounding_client_rect().bottom() - FADE);
    let transport = find(".transport").map(|transport| transport.get_bounding_client_rect().top());
    if [telling, transport].into_iter().flatten().any(|floor| place.bottom() > floor) {
        last.scroll_into_view_with_bool(false);
    }
}

fn step() {
    let Some(rail) = find("#rail") else { return };
    if let Some(telling) = find(".rail .telling") {
        telling.set_scroll_top(0);
    }
    focus_where_it_is(&rail);
    let place = rail.get_bounding_client_rect();
    if place.top() > place.height() || place.bottom() < 0.0 {
        rail.scroll_into_view();
    }
}

/// Within what is told, moves what was answered last so far that its end is in sight above what waits.
fn answer() {
    let verdict = last(&document_element(), ".rail .ask .verdict");
    let ask = verdict.as_ref().and_then(|verdict| verdict.closest(".ask").ok().flatten());
    if let (Some(verdict), Some(ask), Some(telling)) = (verdict, ask, find(".rail .telling")) {
        let (place, room) = (ask.get_bounding_client_rect(), telling.get_bounding_client_rect());
        if place.height() > 0.0 && (place.bottom() > room.bottom() || place.top() < room.top()) {
            ask.scroll_into_view_with_bool(false);
            // Where there is no room for all of it, it begins with the verdict.
            if verdict.get_bounding_client_rect().top() < room.top() {
                verdict.scroll_into_view();
            }
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

fn last(within: &Element, selector: &str) -> Option<Element> {
    let all = within.query_selector_all(selector).ok()?;
    all.item(all.length().checked_sub(1)?)?.dyn_into().ok()
}

fn focus_where_it_is(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}
