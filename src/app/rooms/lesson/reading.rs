//! Has a lesson file read and proven by the worker, which is loaded when somebody opens a lesson of their own.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use warstories_lesson::lesson::Lesson;
use yew::Callback;

use crate::browser::background::{Background, Request};

/// A line of a lesson that is wrong, counted from 1 (0: the file as a whole), what it says, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The line.
    pub line: usize,
    /// What it says.
    pub text: String,
    /// What is wrong and the cure.
    pub sentence: String,
}

impl Fault {
    /// What is wrong with the file as a whole.
    pub fn alone(sentence: impl Into<String>) -> Self {
        Self { line: 0, text: String::new(), sentence: sentence.into() }
    }
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// The lesson.
    Lesson(Box<Lesson>),
    /// There is no lesson to play.
    Faults(Vec<Fault>),
    /// How much of a lesson's claims has been tried, from 0 to 1.
    Tried(f32),
    /// All claims have been tried; those that do not hold.
    Proven(Vec<Fault>),
}

/// What has become of a lesson that is being read.
#[derive(Clone, Debug, PartialEq)]
pub enum LessonUpdate {
    /// It can be played.
    Lesson(Rc<Lesson>),
    /// It cannot.
    Faults(Vec<Fault>),
    /// How much of its claims has been tried, from 0 to 1.
    Tried(f32),
    /// All claims have been tried; those that do not hold.
    Proven(Vec<Fault>),
}

/// Has the lesson in `file` read and calls back with what becomes of it. The reading stops when what comes of this is
/// dropped; `None` where the browser has no workers.
pub fn start(file: Vec<u8>, on_update: Callback<LessonUpdate>) -> Option<Background> {
    let on_reply = Callback::from(move |reply| {
        on_update.emit(match reply {
            Some(Reply::Lesson(lesson)) => LessonUpdate::Lesson(Rc::from(lesson)),
            Some(Reply::Faults(faults)) => LessonUpdate::Faults(faults),
            Some(Reply::Tried(share)) => LessonUpdate::Tried(share),
            Some(Reply::Proven(faults)) => LessonUpdate::Proven(faults),
            None => LessonUpdate::Faults(vec![Fault::alone(
                "The reader for lessons did not load: check the connection and reload this page.",
            )]),
        });
    });
    Background::start(&Request::Lesson(file), on_reply)
}
