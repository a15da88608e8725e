//! The distributed monolith: a shop that was split into twenty services from its first day, as three scenarios.

pub mod checkout;
