//! The arrivals, queues, servers and guards that stories share.

pub mod backoff;
pub mod breaker;
pub mod fifo;
pub mod fluid;
mod heap;
pub mod leased_queue;
pub mod poisson;
pub mod processor_sharing;
pub mod retry_budget;
pub mod rolling;
pub mod service_time;
pub mod station;
pub mod token_bucket;
