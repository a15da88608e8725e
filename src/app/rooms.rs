//! What the page can be: the front door, a run by itself, and a run with a lesson around it.

pub mod front_door;
pub mod lesson;
pub mod sandbox;
