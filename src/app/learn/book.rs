//! The lesson that is open, and how it came to be.

use std::rc::Rc;

use warstories_lesson::lesson::Lesson;
use yew::Callback;

use super::house;
use super::reading::{self, Fault, News};
use crate::background::Background;
use crate::door;
use crate::route::OWN;

/// The lesson that is open, or about to be.
#[derive(Default)]
pub struct Book {
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

impl Book {
    /// Begins to read a lesson of the house.
    pub fn open(id: &str, on_news: Callback<News>) -> Self {
        let mut book = Self { id: id.to_owned(), ..Self::default() };
        match door::lesson_data(id) {
            Some(address) => house::fetch(address, on_news),
            None if id == OWN => {}
            None => {
                let id = shortened(id);
                book.faults.push(Fault::alone(format!(
                    "There is no lesson \"{id}\" here. These are the stories that can be played."
                )));
            }
        }
        book
    }

    /// Begins to read a lesson of the learner's own.
    pub fn own(file: Vec<u8>, on_news: Callback<News>) -> Self {
        Self {
            id: OWN.to_owned(),
            tried: Some(0.0),
            reading: reading::start(file, on_news),
            ..Self::default()
        }
    }

    /// Whether there is nothing to play, so that opening it once more may help.
    pub fn is_missing(&self) -> bool {
        self.id != OWN && self.lesson.is_none() && !self.faults.is_empty()
    }

    /// Takes in what has become of it.
    pub fn hear(&mut self, news: News) {
        match news {
            News::Lesson(lesson) => self.lesson = Some(lesson),
            News::Tried(share) => self.tried = Some(share),
            News::Faults(faults) | News::Proven(faults) => {
                self.faults = faults;
                self.tried = self.tried.map(|_| 1.0);
                self.reading = None;
            }
        }
    }
}

fn shortened(id: &str) -> String {
    id.chars().filter(|char| !char.is_control()).take(40).collect()
}
