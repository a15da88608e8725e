//! What is kept of a lesson between visits.

use crate::browser::address::OWN;
use crate::rooms::lesson::story::Story;
use crate::run::progress::{LessonProgress, kept};

/// Keeps the progress in one lesson.
pub struct Keeper {
    key: String,
    /// What the learner had done when it was last kept.
    last: Option<LessonProgress>,
    /// What then lay there.
    kept: Option<LessonProgress>,
    /// What another tab with the same lesson has kept.
    other: Option<LessonProgress>,
    /// Whether something is kept that must not be written over.
    rests: bool,
}

impl Keeper {
    /// Takes up what was kept of the story's lesson. What cannot be taken up is set aside, not lost, and one sentence
    /// says so.
    pub fn recall(story: &mut Story) -> (Self, Option<String>) {
        let mut keeper = Self { key: key(story), last: None, kept: None, other: None, rests: false };
        let all = match kept::load() {
            Ok(all) => all,
            Err(sentence) => return (keeper, Some(sentence)),
        };
        let Some(progress) = all.lessons.get(&keeper.key) else { return (keeper, None) };
        // Also where it is set aside: it is no other tab's, and is not to be added to what comes.
        keeper.kept = Some(progress.clone());
        let Err(reason) = story.take_up_progress(progress) else { return (keeper, None) };
        keeper.rests = !kept::set_lesson_aside(&keeper.key, progress.clone());
        let then = if keeper.rests {
            "this visit is not kept, because the browser has no room to set your earlier progress aside"
        } else {
            kept::CURE
        };
        (keeper, Some(format!("This lesson starts from the beginning, because {reason}; {then}.")))
    }

    /// Keeps what the learner has done, if that is something new.
    pub fn keep(&mut self, story: &Story) {
        let progress = story.progress();
        if self.rests || self.last.as_ref() == Some(&progress) {
            return;
        }
        self.last = Some(progress.clone());
        let mut all = progress;
        kept::change(&self.key, |there| {
            if there != self.kept {
                self.other = there.filter(|there| there.edition == all.edition);
            }
            if let Some(other) = &self.other {
                all.add_missing(other);
            }
            self.kept = Some(all.clone());
            all
        });
    }
}

/// All lessons of one's own have the same address: they are told apart by what they say.
fn key(story: &Story) -> String {
    if story.id == OWN { format!("{OWN}.{:x}", story.edition) } else { story.id.clone() }
}
