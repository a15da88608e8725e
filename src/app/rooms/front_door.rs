//! The front door: a part of the document that is read, and whose links work, before the program has loaded. The program
//! hides it while a run is on show, and takes from it what there is to be learnt.

pub mod progress;

use gloo::utils::{document, document_element, window};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};
use yew::prelude::*;

use crate::browser::address;

/// What is to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The front door.
    Door,
    /// A room that is about to open.
    Waiting,
    /// A room.
    Room,
}

/// Shows the front door or makes way for a room; `crumb` says which.
pub fn show(sight: Sight, crumb: Option<&str>) {
    let root = document_element();
    let _ = match sight {
        Sight::Door => root.remove_attribute("data-room"),
        Sight::Waiting => root.set_attribute("data-room", "waiting"),
        Sight::Room => root.set_attribute("data-room", "open"),
    };
    if let Ok(Some(skip)) = document().query_selector(".skip") {
        let _ = skip.set_attribute("href", &format!("#{}", main(sight)));
    }
    if let Some(place) = document().get_element_by_id("crumb") {
        place.set_text_content(crumb);
    }
    let title = crumb.map_or_else(|| String::from("War Stories"), |crumb| format!("{crumb} · War Stories"));
    document().set_title(&title);
}

/// The id of what is to be seen.
fn main(sight: Sight) -> &'static str {
    if sight == Sight::Door { "door" } else { "main" }
}

/// Puts the focus on what is to be seen, past the top bar, which stays in sight; in a lesson, on the step.
pub fn focus(sight: Sight) {
    let step = document().get_element_by_id("rail").filter(|_| sight == Sight::Room);
    let main = step.or_else(|| document().get_element_by_id(main(sight)));
    if let Some(main) = main.and_then(|main| main.dyn_into::<HtmlElement>().ok()) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = main.focus_with_options(&options);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Whether a link was followed at the front door before the program was there; `boot.js` notes it.
pub fn was_left() -> bool {
    document_element().has_attribute("data-followed")
}

/// Shows `content` at the place of the front door with this id.
pub fn at(id: &str, content: Html) -> Html {
    document().get_element_by_id(id).map_or_else(Html::default, |place| create_portal(content, place))
}

/// The address of the data of the lesson called `id`; `None` where the front door leads to no such lesson.
pub fn lesson_data(id: &str) -> Option<String> {
    of_link(&address::lesson(id), "data-lesson")
}

/// The title of the lesson called `id`, likewise.
pub fn lesson_title(id: &str) -> Option<String> {
    of_link(&address::lesson(id), "data-title")
}

/// The address of the help texts of the scenario called `id`, likewise.
pub fn docs_data(id: &str) -> Option<String> {
    of_link(&address::play(id), "data-docs")
}

/// The address of the data of all interview questions, likewise.
pub fn decks_data() -> Option<String> {
    of_link(address::INTERVIEW, "data-decks")
}

/// What the link of the front door to `address` carries in its `attribute`.
fn of_link(address: &str, attribute: &str) -> Option<String> {
    let links = document().query_selector_all(&format!("[{attribute}]")).ok()?;
    let mut links = (0..links.length()).filter_map(|index| links.item(index)?.dyn_into::<Element>().ok());
    links.find(|link| link.get_attribute("href").as_deref() == Some(address))?.get_attribute(attribute)
}
