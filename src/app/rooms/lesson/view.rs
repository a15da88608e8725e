//! What a lesson is made of on the page.

pub mod brief;
pub mod own_lesson;
pub mod plane;
pub mod prose;
pub mod rail;
