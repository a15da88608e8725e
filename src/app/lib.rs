//! What is shown: the playground page.
//!
//! A click becomes an [`session::Action`]; the pure [`session`] turns it into a new replay; the [`player`] plays that
//! replay as far as the wall clock says; a [`screen`] is what the page is drawn from. Nothing flows back.
//! Plain data and pure functions: [`session`], [`player`], [`screen`], [`exhibits`], [`scale`], [`plot`], [`route`].
//! Web: [`app`], [`background`], [`door`], [`look`], [`pages`], [`view`].

pub mod announcer;
pub mod app;
pub mod background;
pub mod branches;
pub mod compare;
pub mod door;
pub mod exhibits;
pub mod history;
pub mod keys;
pub mod learn;
pub mod listen;
pub mod look;
pub mod marks;
pub mod pages;
mod panic;
pub mod player;
pub mod plot;
pub mod route;
pub mod scale;
pub mod screen;
pub mod session;
pub mod share;
pub mod tape;
pub mod teller;
pub mod view;

/// Starts the page beside the front door, which stays in the document.
pub fn start() {
    panic::set_hook();
    if let Some(root) = gloo::utils::document().get_element_by_id("app") {
        yew::Renderer::<app::App>::with_root(root).render();
    }
}
