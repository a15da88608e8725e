//! Which page the address names. Routes live behind `#`, so that the page works on any static host and in any folder.
//!
//! A run writes its own address, because it does so all the time and must not be routed to itself; only another step of a
//! lesson is another entry in the browser's history.

use gloo::utils::{history, window};

/// As addresses spell a lesson of the learner's own.
pub const OWN: &str = "own";

/// A page, with all that its address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The front door.
    Home,
    /// The words of the trade, a part of the front door that needs no program.
    Glossary,
    /// The interview room: one of its questions, by its id, or all of them.
    Interview(Option<String>),
    /// A run, as `Replay::parse` reads it.
    Play(String),
    /// A lesson.
    Learn {
        /// As addresses spell it.
        lesson: String,
        /// The step, counted from 1, and what of it is on show, as somebody wrote it.
        step: Option<String>,
        /// The run, as `Replay::parse` reads it behind the scenario's id; empty where the lesson's own is meant.
        run: String,
    },
    /// An address that leads nowhere.
    Unknown(String),
}

impl Route {
    /// Where the browser is.
    pub fn here() -> Self {
        Self::read(&window().location().hash().unwrap_or_default())
    }

    /// Whether both are places in one lesson.
    pub fn is_same_lesson(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Learn { lesson, .. }, Self::Learn { lesson: other, .. }) if lesson == other)
    }

    /// Reads an address from its `#` on.
    fn read(hash: &str) -> Self {
        let is_slash = |char| char == '/' || char == '\\';
        let address = hash.trim_start_matches('#').trim_start_matches(is_slash);
        let (path, rest) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
        let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        match parts.as_slice() {
            [""] => Self::Home,
            ["glossary"] | ["glossary", _] => Self::Glossary,
            ["interview"] => Self::Interview(None),
            ["interview", card] => Self::Interview(Some((*card).to_owned())),
            ["play", scenario] => Self::Play(format!("{scenario}{rest}")),
            ["learn", lesson] => Self::learn(lesson, None, rest),
            ["learn", lesson, step @ ..] => Self::learn(lesson, Some(&step.join("/")), rest),
            _ => Self::Unknown(path.to_owned()),
        }
    }

    fn learn(lesson: &str, step: Option<&str>, run: &str) -> Self {
        Self::Learn { lesson: lesson.to_owned(), step: step.map(str::to_owned), run: run.to_owned() }
    }
}

/// The address of all interview questions.
pub const INTERVIEW: &str = "#/interview";

/// The address of an interview question.
pub fn interview(card: &str) -> String {
    format!("{INTERVIEW}/{card}")
}

/// The address of a run, relative to the page.
pub fn play(link: &str) -> String {
    format!("#/play/{link}")
}

/// The address of a lesson where the learner left it.
pub fn lesson(id: &str) -> String {
    format!("#/learn/{id}")
}

/// The address of a step of a lesson, as [`Route::Learn`] spells it, with the run on show.
pub fn learn(lesson: &str, step: &str, run: &str) -> String {
    let mark = if run.is_empty() { "" } else { "?" };
    format!("#/learn/{lesson}/{step}{mark}{run}")
}

/// The whole address of a run, to be given to others.
pub fn whole(link: &str) -> String {
    let here = window().location().href().unwrap_or_default();
    let page = here.split('#').next().unwrap_or_default();
    format!("{page}{}", play(link))
}

/// Writes an address into the address bar, without a new entry in the history.
pub fn show(address: &str) {
    // A browser that refuses (too many in a minute, a sandboxed frame) only costs a link that lags behind.
    let _ = history().replace_state_with_url(&js_sys::Object::new(), "", Some(address));
}

/// Writes an address into the address bar as a new entry, so that Back returns to the one before.
pub fn push(address: &str) {
    let _ = history().push_state_with_url(&js_sys::Object::new(), "", Some(address));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_pages() {
        let rest = "?seed=7&at=60,arrivals_per_s=12";
        assert_eq!(play("queueing_lab"), "#/play/queueing_lab");
        assert_eq!(Route::read(&play("queueing_lab")), Route::Play("queueing_lab".to_owned()));
        let link = format!("queueing_lab{rest}");
        assert_eq!(Route::read(&play(&link)), Route::Play(link));
        assert_eq!(Route::read(&lesson("why")), Route::learn("why", None, ""));
        for step in ["3", "3/challenge-1"] {
            assert_eq!(Route::read(&learn("why", step, "")), Route::learn("why", Some(step), ""));
            assert_eq!(Route::read(&learn("why", step, &rest[1..])), Route::learn("why", Some(step), rest));
        }
        assert_eq!(Route::read("#/learn/why/x"), Route::learn("why", Some("x"), ""));
        assert_eq!(Route::read("#/glossary"), Route::Glossary);
        assert_eq!(Route::read("#/glossary/backoff"), Route::Glossary);
        assert_eq!(Route::read(INTERVIEW), Route::Interview(None));
        assert_eq!(Route::read(&interview("hold_time")), Route::Interview(Some("hold_time".to_owned())));
        assert_eq!(Route::read("#/interview/a/b"), Route::Unknown("interview/a/b".to_owned()));
        assert_eq!(Route::read("#/lessons"), Route::Unknown("lessons".to_owned()));
        assert_eq!(Route::read("#/play/a/b"), Route::Unknown("play/a/b".to_owned()));
    }

    #[test]
    fn slashes_too_many_or_too_few_do_no_harm() {
        for home in ["", "#", "#/", "#//", "#/\\"] {
            assert_eq!(Route::read(home), Route::Home, "{home}");
        }
        assert_eq!(Route::read("#play/x?t=1"), Route::Play("x?t=1".to_owned()));
        assert_eq!(Route::read("#/play/x/?t=1"), Route::Play("x?t=1".to_owned()));
        assert_eq!(Route::read("#///host.example/x"), Route::Unknown("host.example/x".to_owned()));
        assert_eq!(Route::read("#/play/x?at=1,y//z"), Route::Play("x?at=1,y//z".to_owned()));
    }
}
