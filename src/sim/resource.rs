//! The queues and servers that stories share.

pub mod processor_sharing;
