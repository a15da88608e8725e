//! What pages are made of. Each part is a function of plain data and calls back with an action.

pub mod canvas;
pub mod chart;
pub mod chart_data;
pub mod charts;
pub mod compare;
pub mod control_row;
pub mod controls;
pub mod crosshair;
pub mod dialog;
pub mod exhibit;
pub mod help;
pub mod icon;
pub mod knob;
pub mod live;
pub mod notices;
pub mod numbers;
pub mod picture;
pub mod plot;
pub mod scale;
pub mod size;
pub mod share;
pub mod stage;
pub mod status;
pub mod timeline;
pub mod toolbar;
pub mod transport;
