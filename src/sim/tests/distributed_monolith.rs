//! The truths of the distributed monolith: of each of its scenarios what their closed forms, counts and identities say.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "distributed_monolith/checkout/mod.rs"]
mod checkout;
