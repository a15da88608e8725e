//! What is shown: the playground page.
//!
//! Three floors, each of which knows those below it, and the frame around them:
//! - [`browser`]: what only a browser has;
//! - [`run`]: the run under way, plain data and pure functions; [`view`]: how it is drawn, functions of that data;
//! - [`rooms`]: the front door, a run by itself, a run with a lesson around it, and the interview room;
//! - [`app`]: what the address asks for.

pub mod app;
pub mod browser;
pub mod rooms;
pub mod run;
pub mod view;

/// Starts the page beside the front door, which stays in the document.
pub fn start() {
    if let Some(root) = gloo::utils::document().get_element_by_id("app") {
        yew::Renderer::<app::App>::with_root(root).render();
    }
}
