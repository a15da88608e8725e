//! What pages are made of. Each part is a function of plain data and calls back with an action.

pub mod canvas;
pub mod chart;
pub mod controls;
pub mod knob;
pub mod notices;
pub mod numbers;
pub mod stage;
pub mod status;
pub mod top;
pub mod transport;
