//! What a lesson is made of on the page.

pub mod own;
pub mod prose;
pub mod rail;
