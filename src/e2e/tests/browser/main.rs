//! People's stories in a real browser, all in one program: each test has a browser, a profile and a server of its own.

mod branches;
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
mod own_lesson;
mod progress;
mod queueing_lab;
mod screens;
mod steps;
mod take_away;
mod time;
mod values;
