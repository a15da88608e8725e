//! What keys do.

/// Something that a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Plays or pauses.
    Toggle,
    /// Goes to the next event.
    Step,
    /// Goes back to the last marker.
    Back,
    /// Plays the same run from its beginning.
    Restart,
    /// Plays with other randomness.
    NewSeed,
    /// Opens or closes the comparison.
    Compare,
    /// In a lesson, shows everything that the run measures, or what the step needs.
    Instruments,
    /// Fills the screen, or leaves it.
    Fullscreen,
    /// Opens this list of keys.
    Help,
    /// Takes the last step back.
    Undo,
    /// Takes it once more.
    Redo,
}

/// The keys that work alone, what they do, and how that is called.
pub const SINGLE: &[(&[&str], Command, &str)] = &[
    (&["Space", "K"], Command::Toggle, "Play or pause"),
    (&["→"], Command::Step, "To the next event"),
    (&["←"], Command::Back, "Back to the last marker"),
    (&["R"], Command::Restart, "Same seed again, from the beginning"),
    (&["N"], Command::NewSeed, "New seed"),
    (&["C"], Command::Compare, "Compare runs"),
    (&["I"], Command::Instruments, "In a lesson: all instruments, or what the step needs"),
    (&["F"], Command::Fullscreen, "Full screen"),
    (&["?"], Command::Help, "This list"),
];

/// The keys that work together with Ctrl or Cmd; they cannot be switched off.
pub const COMBINED: &[(&str, &str)] = &[("Ctrl + Z", "Undo"), ("Ctrl + Shift + Z", "Redo")];

/// Where the focus is while a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// In a field that is written in.
    Text,
    /// On a slider, which has keys of its own, but none that is called space bar.
    Slider,
    /// On a box or a list, which the space bar presses or opens.
    Input,
    /// On a button or a link, which the space bar presses.
    Button,
    /// In a dialog that is open above the page.
    Dialog,
    /// Anywhere else.
    Page,
}

/// A key that is pressed.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    /// As the browser names it: what the key writes.
    pub key: &'a str,
    /// Where it is on a keyboard of the United States: `KeyK`.
    pub code: &'a str,
    /// With Ctrl or Cmd.
    pub ctrl: bool,
    /// With Shift.
    pub shift: bool,
    /// With Alt.
    pub alt: bool,
    /// Where the focus is.
    pub focus: Focus,
}

/// Whether a character is a letter, but no Latin one such as é or ı.
fn is_of_another_alphabet(char: char) -> bool {
    char.is_alphabetic() && char >= '\u{370}' && !('\u{1E00}'..='\u{1EFF}').contains(&char)
}

/// What the key of `press` is called, in small letters.
fn name(Press { key, code, .. }: Press) -> String {
    // Keyboards that write another alphabet have the Latin letters in the same places. What writes a Latin letter is taken
    // at its word: on a French keyboard Z and W have changed places.
    let is_foreign = !key.is_empty() && key.chars().all(is_of_another_alphabet);
    match code.strip_prefix("Key").filter(|_| is_foreign).unwrap_or(key) {
        // Arabic and full-width: keyboards that write them have no other question mark.
        "\u{61f}" | "\u{ff1f}" => String::from("?"),
        key => key.to_ascii_lowercase(),
    }
}

/// The key that `press` presses alone where it means nothing to what has the focus, in small letters; `single` says
/// whether keys work alone.
pub fn alone(press: Press, single: bool) -> Option<String> {
    let Press { ctrl, shift, alt, focus, .. } = press;
    let key = name(press);
    let is_taken = match focus {
        Focus::Text | Focus::Input | Focus::Slider | Focus::Dialog => true,
        Focus::Button => key == " " || key == "enter",
        Focus::Page => false,
    };
    (single && !(ctrl || shift || alt || is_taken)).then_some(key)
}

/// What `press` does; `single` says whether keys work alone.
pub fn command(press: Press, single: bool) -> Option<Command> {
    let Press { ctrl, shift, alt, focus, .. } = press;
    if alt || focus == Focus::Dialog {
        return None;
    }
    let key = name(press);
    if ctrl {
        return match (key.as_str(), shift) {
            // A field that is written in has an undo of its own.
            _ if focus == Focus::Text => None,
            ("z", false) => Some(Command::Undo),
            ("z", true) | ("y", false) => Some(Command::Redo),
            _ => None,
        };
    }
    let has_own = match focus {
        Focus::Slider => key != " ",
        _ => matches!(focus, Focus::Text | Focus::Input),
    };
    if !single || has_own || shift && key != "?" {
        return None;
    }
    let called = match key.as_str() {
        " " if focus == Focus::Button => return None,
        " " => "Space",
        "arrowright" => "→",
        "arrowleft" => "←",
        key => key,
    };
    let is_named = |known: &&str| known.eq_ignore_ascii_case(called);
    SINGLE.iter().find(|(keys, ..)| keys.iter().any(is_named)).map(|(_, command, _)| *command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str, focus: Focus) -> Press<'_> {
        Press { key, code: "", ctrl: false, shift: false, alt: false, focus }
    }

    #[test]
    fn a_key_that_writes_another_alphabet_does_what_its_place_does_and_a_latin_one_what_it_writes() {
        let russian = Press { code: "KeyK", ..press("л", Focus::Page) };
        assert_eq!(command(russian, true), Some(Command::Toggle));
        let greek = Press { code: "KeyZ", ctrl: true, ..press("ζ", Focus::Input) };
        assert_eq!(command(greek, true), Some(Command::Undo));
        assert_eq!(command(Press { shift: true, key: "Ζ", ..greek }, true), Some(Command::Redo));
        let french = Press { code: "KeyW", ctrl: true, ..press("z", Focus::Page) };
        assert_eq!(command(french, true), Some(Command::Undo));
        for (key, code) in
            [("ü", "BracketLeft"), ("é", "KeyF"), ("ı", "KeyR"), ("ạ", "KeyN"), ("’", "KeyN"), ("€", "KeyC")]
        {
            assert_eq!(command(Press { code, ..press(key, Focus::Page) }, true), None, "{key}");
        }
    }

    #[test]
    fn each_listed_key_does_what_is_listed() {
        for (key, meant) in [
            (" ", 0),
            ("k", 0),
            ("K", 0),
            ("ArrowRight", 1),
            ("ArrowLeft", 2),
            ("r", 3),
            ("n", 4),
            ("c", 5),
            ("i", 6),
            ("f", 7),
        ] {
            assert_eq!(command(press(key, Focus::Page), true), Some(SINGLE[meant].1), "{key}");
        }
        let help = Press { shift: true, ..press("?", Focus::Page) };
        for key in ["?", "؟", "？"] {
            assert_eq!(command(Press { key, ..help }, true), Some(Command::Help), "{key}");
        }
    }

    #[test]
    fn keys_alone_do_nothing_where_they_mean_something_else_or_are_switched_off() {
        assert_eq!(command(press(" ", Focus::Slider), true), Some(Command::Toggle));
        assert_eq!(command(press("ArrowLeft", Focus::Slider), true), None);
        for key in [" ", "k", "r", "ArrowLeft", "?"] {
            for focus in [Focus::Text, Focus::Input, Focus::Dialog] {
                assert_eq!(command(press(key, focus), true), None, "{key} {focus:?}");
            }
            assert_eq!(command(press(key, Focus::Page), false), None, "{key}");
            assert_eq!(command(Press { alt: true, ..press(key, Focus::Page) }, true), None, "{key}");
            assert_eq!(command(Press { ctrl: true, ..press(key, Focus::Page) }, true), None, "{key}");
        }
        assert_eq!(command(press(" ", Focus::Button), true), None);
        assert_eq!(command(press("k", Focus::Button), true), Some(Command::Toggle));
        assert_eq!(command(Press { shift: true, ..press("R", Focus::Page) }, true), None);
    }

    #[test]
    fn a_key_alone_is_told_where_it_means_nothing_else() {
        assert_eq!(alone(press("J", Focus::Page), true).as_deref(), Some("j"));
        assert_eq!(alone(press("j", Focus::Button), true).as_deref(), Some("j"));
        assert_eq!(alone(Press { code: "KeyJ", ..press("о", Focus::Page) }, true).as_deref(), Some("j"));
        assert_eq!(alone(press(" ", Focus::Page), true).as_deref(), Some(" "));
        assert_eq!(alone(press("j", Focus::Page), false), None);
        for focus in [Focus::Text, Focus::Input, Focus::Dialog] {
            assert_eq!(alone(press("1", focus), true), None, "{focus:?}");
        }
        for key in [" ", "Enter"] {
            assert_eq!(alone(press(key, Focus::Button), true), None, "{key}");
        }
        for press in [
            Press { ctrl: true, ..press("1", Focus::Page) },
            Press { alt: true, ..press("1", Focus::Page) },
            Press { shift: true, ..press("1", Focus::Page) },
        ] {
            assert_eq!(alone(press, true), None, "{press:?}");
        }
    }

    #[test]
    fn undo_works_even_where_single_keys_do_not_but_not_in_text() {
        let undo = Press { ctrl: true, ..press("z", Focus::Input) };
        assert_eq!(command(undo, false), Some(Command::Undo));
        assert_eq!(command(Press { shift: true, key: "Z", ..undo }, false), Some(Command::Redo));
        assert_eq!(command(Press { focus: Focus::Text, ..undo }, false), None);
        assert_eq!(command(Press { focus: Focus::Dialog, ..undo }, false), None);
    }
}
