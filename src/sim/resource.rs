//! The queues and servers that stories share.

mod heap;
pub mod processor_sharing;
