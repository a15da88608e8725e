//! Twenty services, one cart: five people split a small shop into twenty services, and paid for it three times. Each of the
//! three prices is a scenario of its own.
//!
//! - [`latency`]: a cart page asks fifteen services, one after the other.
//! - [`checkout`]: money and goods are kept in two databases.
//! - [`team`]: the hours of the people who build and run the services, and the way of a change to production.
//!
//! `topology` names the services, and says which of them the team merges, by a [`Layout`] or one by one.

pub mod checkout;
pub mod latency;
pub mod team;
mod topology;

pub use self::topology::Layout;
