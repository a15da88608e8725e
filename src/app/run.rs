//! The run under way, as plain data and pure functions: a click becomes an [`session::Action`], the pure [`session`] turns
//! it into a new replay, the [`player`] plays that replay as far as the wall clock says, and a [`screen`] is what the page
//! is drawn from. Nothing flows back.

pub mod session;
pub mod history;
pub mod branches;
pub mod player;
pub mod tape;
pub mod screen;
pub mod marks;
pub mod compare;
pub mod exhibits;
pub mod shell;
pub mod docs;
pub mod progress;
pub mod announcer;
pub mod share;
pub mod lesson_host;
