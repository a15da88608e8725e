//! Which page the address names. Routes live behind `#`, so that the page works on any static host and in any folder.

use gloo::utils::{history, window};

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The front door.
    Home,
    /// A run, as `Replay::parse` reads it.
    Play(String),
    /// An address that leads nowhere.
    Unknown(String),
}

impl Route {
    /// Reads the part of an address that starts with `#`.
    pub fn parse(hash: &str) -> Self {
        let path = hash.strip_prefix('#').unwrap_or(hash);
        match path.strip_prefix('/').unwrap_or(path) {
            "" => Self::Home,
            path => match path.strip_prefix("play/") {
                Some(link) => Self::Play(link.to_owned()),
                None => Self::Unknown(path.to_owned()),
            },
        }
    }

    /// Where the address bar points now.
    pub fn current() -> Self {
        Self::parse(&window().location().hash().unwrap_or_default())
    }
}

/// The address of a run, relative to the page.
pub fn play(link: &str) -> String {
    format!("#/play/{link}")
}

/// Writes the address of a run into the address bar, without a new entry in the history.
pub fn show_play(link: &str) {
    // A browser that refuses (too many in a minute, a sandboxed frame) only costs a link that lags behind.
    let _ = history().replace_state_with_url(&js_sys::Object::new(), "", Some(&play(link)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_pages() {
        for home in ["", "#", "#/"] {
            assert_eq!(Route::parse(home), Route::Home);
        }
        let link = "queueing_lab?seed=7&at=60,arrivals_per_s=12";
        assert_eq!(Route::parse(&play(link)), Route::Play(link.to_owned()));
        assert_eq!(Route::parse("#/lessons"), Route::Unknown("lessons".to_owned()));
    }
}
