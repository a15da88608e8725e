//! Twenty services, one cart: five developers split a small shop into twenty services and pay for it three times.
//!
//! Each price is a scenario of its own: [`checkout`] is about money and goods that are kept in two databases, [`team`]
//! about the hours of the people who build and run the services, and about the way of a change to production.

pub mod checkout;
pub mod team;
