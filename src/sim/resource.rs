//! The queues and servers that stories share.

pub mod leased_queue;
pub mod processor_sharing;
