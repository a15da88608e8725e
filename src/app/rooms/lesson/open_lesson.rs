//! The lesson that is open, and how it came to be.

use std::rc::Rc;

use warstories_lesson::lesson::Lesson;
use warstories_sim::suggest::shortened;
use yew::Callback;

use super::catalog;
use super::reading::{self, Fault, LessonUpdate};
use crate::browser::address::OWN;
use crate::browser::background::Background;
use crate::rooms::front_door;

/// The lesson that is open, or about to be.
#[derive(Default)]
pub struct OpenLesson {
    /// As addresses spell it.
    pub id: String,
    /// The lesson, once it has been read.
    pub lesson: Option<Rc<Lesson>>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// How much of an own lesson's claims has been tried, from 0 to 1; `None` for a lesson of the house, whose claims
    /// were tried before it was published.
    pub tried: Option<f32>,
    reading: Option<Background>,
}

impl OpenLesson {
    /// Begins to read a lesson of the house.
    pub fn open(id: &str, on_update: Callback<LessonUpdate>) -> Self {
        let mut opened = Self { id: id.to_owned(), ..Self::default() };
        match front_door::lesson_data(id) {
            Some(address) => catalog::fetch(address, on_update),
            None if id == OWN => {}
            None => {
                let id = shortened(id);
                opened.faults.push(Fault::alone(format!(
                    "There is no lesson \"{id}\" here. These are the stories that can be played."
                )));
            }
        }
        opened
    }

    /// Begins to read a lesson of the learner's own.
    pub fn own(file: Vec<u8>, on_update: Callback<LessonUpdate>) -> Self {
        Self {
            id: OWN.to_owned(),
            tried: Some(0.0),
            reading: reading::start(file, on_update),
            ..Self::default()
        }
    }

    /// Whether there is nothing to play, so that opening it once more may help.
    pub fn is_missing(&self) -> bool {
        self.id != OWN && self.lesson.is_none() && !self.faults.is_empty()
    }

    /// Takes in what has become of it.
    pub fn take_in(&mut self, news: LessonUpdate) {
        match news {
            LessonUpdate::Lesson(lesson) => self.lesson = Some(lesson),
            LessonUpdate::Tried(share) => self.tried = Some(share),
            LessonUpdate::Faults(faults) | LessonUpdate::Proven(faults) => {
                self.faults = faults;
                self.tried = self.tried.map(|_| 1.0);
                self.reading = None;
            }
        }
    }
}
