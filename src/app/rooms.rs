//! What the page can be: the front door, a run by itself, a run with a lesson around it, and the interview room.

pub mod front_door;
pub mod lesson;
pub mod interview;
pub mod sandbox;
