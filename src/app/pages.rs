//! The pages, one file each.

pub mod home;
pub mod play;
