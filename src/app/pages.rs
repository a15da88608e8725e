//! The pages, one file each. The front door is plain HTML, see [`crate::door`].

pub mod play;
