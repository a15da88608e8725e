//! The queues and servers that stories share.

mod heap;
pub mod leased_queue;
pub mod line;
pub mod processor_sharing;
pub mod slab;
