//! What a person sees if the page itself fails: a calm panel instead of a page that silently stands still.

use gloo::utils::{body, document, window};

/// Reports every panic to the console, and the first one to the person too.
pub fn set_hook() {
    // Through Yew, which otherwise puts a hook of its own in its place.
    yew::set_custom_panic_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show_panel();
    }));
}

/// Plain DOM: after a panic the app's own rendering cannot be trusted. Errors here have nowhere to go.
fn show_panel() {
    if document().get_element_by_id("broken").is_some() {
        return;
    }
    if let Ok(panel) = document().create_element("p") {
        panel.set_id("broken");
        panel.set_class_name("notice broken");
        let _ = panel.set_attribute("role", "alert");
        panel.set_text_content(Some(
            "Something in this page went wrong, and it has stopped. Reload to go on: the address keeps your run. This link shows it again: ",
        ));
        // Nobody but the address bar knows the run for certain any more.
        if let (Ok(link), Ok(address)) = (document().create_element("a"), window().location().href()) {
            let _ = link.set_attribute("href", &address);
            link.set_text_content(Some(&address));
            let _ = panel.append_child(&link);
        }
        let _ = body().prepend_with_node_1(&panel);
    }
}
