//! People's stories in a real browser, all in one program: each test has a browser, a profile and a server of its own.

mod branches;
mod close_up;
mod controls;
mod faults_are_seen;
mod first_visit;
mod frames;
mod handler;
mod hands;
mod hostile;
mod keyboard;
mod languages;
mod lesson;
mod offline;
mod old_browsers;
mod own_lesson;
mod progress;
mod queueing_lab;
mod room;
mod screens;
mod slow_network;
mod steps;
mod take_away;
mod time;
mod values;
