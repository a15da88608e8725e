//! The lessons of the house, for everybody who lists them.

/// As addresses spell a lesson of the learner's own.
pub const OWN: &str = "own";

/// One of the lessons of the house, as `lessons/` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As addresses spell it.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// Minutes that a learner needs, about.
    pub minutes: u32,
    /// Steps.
    pub steps: usize,
    /// Id of its scenario.
    pub scenario: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/lessons.rs"));
