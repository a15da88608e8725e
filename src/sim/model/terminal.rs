//! A terminal into a running system: the few commands that its scenario declares, and the lines of its log.
//!
//! Nothing is executed. A line is looked up in a table, and what it answers follows from the state of the run and the moment
//! alone, so that the same replay answers the same there. To look costs the replay nothing. A command that changes something
//! is an action of the scenario: whoever offers the terminal enters that action, and so it stands in the link.

use crate::spec::ScenarioSpec;
use crate::suggest::{did_you_mean, shortened};

/// Characters of a line that are read.
pub const MOST_CHARS: usize = 200;
/// Characters of an answer.
pub const MOST_ANSWER: usize = 8000;

/// One command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// Every way in which it may be written, the usual one first.
    pub spellings: &'static [&'static str],
    /// What it shows or does, in a sentence.
    pub doc: &'static str,
    /// The action of the scenario that it is; `None` where it only looks.
    pub action: Option<&'static str>,
}

impl Command {
    /// A command that looks at the system.
    pub const fn look(spellings: &'static [&'static str], doc: &'static str) -> Self {
        Self { spellings, doc, action: None }
    }

    /// A command that is the action called `action`.
    pub const fn act(spellings: &'static [&'static str], action: &'static str, doc: &'static str) -> Self {
        Self { spellings, doc, action: Some(action) }
    }

    /// As it is usually written.
    pub fn usage(&self) -> &'static str {
        self.spellings.first().copied().unwrap_or_default()
    }
}

/// What can be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// What stands before the line.
    pub prompt: &'static str,
    /// All commands but `help`, in the order in which that lists them.
    pub commands: &'static [Command],
    /// Those that are known and that nothing names: ways of typing the same, and what somebody is to find out. Their
    /// positions come after those of the others.
    pub unnamed: &'static [Command],
}

/// What a line comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// What is printed; empty where a command has nothing to say.
    pub text: String,
    /// Position of the action that the line is, to be entered into the run. The text is of the moment before it.
    pub action: Option<usize>,
}

impl From<String> for Reply {
    fn from(text: String) -> Self {
        Self { text, action: None }
    }
}

/// A few lines of a log that nobody could read as fast as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct LogView {
    /// Lines that are written in a second at present.
    pub lines_per_s: f64,
    /// The latest of them, the last one last.
    pub lines: Vec<String>,
}

/// Whether a character is one of plain text: no control character but the tab, and none that turns the direction of others.
pub fn is_plain(char: char) -> bool {
    let turns = matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !turns && (char == '\t' || !char.is_control())
}

/// What a line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing was typed.
    Nothing,
    /// `help`.
    Help,
    /// The command at this position.
    Command(usize),
}

impl Terminal {
    /// Finds out what `line` means. Any number of blanks parts its words.
    ///
    /// # Errors
    /// One sentence that says what is not known here, and what is.
    pub fn read(&self, line: &str) -> Result<Meaning, String> {
        if line.chars().nth(MOST_CHARS).is_some() {
            return Err(String::from("a command here has at most 200 characters"));
        }
        if !line.chars().all(is_plain) {
            return Err(String::from("a command here is one line of plain text"));
        }
        let mut words = line.split_whitespace();
        let is_same = |spelling: &str| spelling.split(' ').eq(line.split_whitespace());
        let Some(first) = words.next() else { return Ok(Meaning::Nothing) };
        // Whoever asks for help with one command finds it among the others.
        if first == "help" {
            return Ok(Meaning::Help);
        }
        let known = |command: &Command| command.spellings.iter().any(|spelling| is_same(spelling));
        let named = self.commands.iter().position(known);
        let unnamed = || self.unnamed.iter().position(known).map(|position| self.commands.len() + position);
        if let Some(position) = named.or_else(unnamed) {
            return Ok(Meaning::Command(position));
        }
        // Whoever wants to look is not told what acts.
        for acts in [false, true] {
            let mut told = String::new();
            for command in self.commands {
                let rest = command.usage().strip_prefix(first);
                let is_alike = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
                if is_alike && command.action.is_some() == acts {
                    let before =
                        if told.is_empty() { "Nothing was run. This terminal knows: " } else { ", " };
                    told.push_str(before);
                    told.push_str(command.usage());
                }
            }
            if !told.is_empty() {
                return Err(told);
            }
        }
        let hint = did_you_mean(line.trim(), self.commands.iter().map(Command::usage));
        Err(format!(
            "Nothing was run. {} is not known here; type help to see what is{hint}",
            shortened(first)
        ))
    }

    fn at(&self, position: usize) -> Option<&Command> {
        self.commands.get(position).or_else(|| self.unnamed.get(position - self.commands.len()))
    }

    /// What `help` prints: each command, and below it what it does.
    pub fn help(&self) -> String {
        let mut text = String::new();
        for command in self.commands {
            for part in [command.usage(), "\n    ", command.doc, "\n"] {
                text.push_str(part);
            }
        }
        text.push_str("help");
        text
    }

    /// Every way in which a line that begins with `beginning` can end, in the order of the commands.
    pub fn completions(&self, beginning: &str) -> Vec<&'static str> {
        let spellings = self.commands.iter().flat_map(|command| command.spellings.iter().copied());
        spellings.chain(["help"]).filter(|spelling| spelling.starts_with(beginning.trim_start())).collect()
    }

    /// What `line` comes to, where `command` answers what is the scenario's own.
    pub fn reply(&self, line: &str, spec: &ScenarioSpec, command: &dyn Fn(usize) -> Reply) -> Reply {
        let mut reply = match self.read(line) {
            Ok(Meaning::Nothing) => Reply::default(),
            Ok(Meaning::Help) => self.help().into(),
            Ok(Meaning::Command(position)) => {
                let mut reply = command(position);
                let action = self.at(position).and_then(|command| command.action);
                reply.action = action.and_then(|id| spec.action(id).ok());
                reply
            }
            Err(sentence) => sentence.into(),
        };
        if let Some((end, _)) = reply.text.char_indices().nth(MOST_ANSWER) {
            reply.text.truncate(end);
        }
        reply
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TERMINAL: Terminal = Terminal {
        prompt: "$ ",
        commands: &[
            Command::look(&["df -h", "df -h /var"], "Shows how full it is."),
            Command::act(&["rm a.log"], "delete", "Deletes it."),
            Command::look(&["ctl status"], "Shows how it is."),
            Command::act(&["ctl restart"], "restart", "Restarts it."),
        ],
        unnamed: &[Command::look(&["ctl secret"], "")],
    };

    #[test]
    fn a_line_is_a_command_however_its_words_are_set_apart() {
        for (line, meaning) in [
            ("", Meaning::Nothing),
            (" \t ", Meaning::Nothing),
            ("help", Meaning::Help),
            ("help rm", Meaning::Help),
            ("  df \t -h", Meaning::Command(0)),
            ("df -h /var ", Meaning::Command(0)),
            ("rm a.log", Meaning::Command(1)),
            ("ctl secret", Meaning::Command(4)),
        ] {
            assert_eq!(TERMINAL.read(line), Ok(meaning), "{line:?}");
        }
    }

    #[test]
    fn what_is_not_known_gets_one_sentence() {
        let long = "df ".repeat(1000);
        for (line, part) in [
            ("df", "Nothing was run. This terminal knows: df -h"),
            ("df -h; rm -rf /", "Nothing was run. This terminal knows: df -h"),
            ("rm -rf /", "Nothing was run. This terminal knows: rm a.log"),
            ("ctl stop", "Nothing was run. This terminal knows: ctl status"),
            ("sudo rm a.log", "Nothing was run. sudo is not known here; type help to see what is"),
            ("dg -h", "; did you mean \"df -h\"?"),
            ("df -h\nrm a.log", "one line"),
            ("\u{1b}[2Jdf -h", "one line"),
            ("df \u{202e}h-", "plain text"),
            (&long, "at most 200 characters"),
        ] {
            let sentence = TERMINAL.read(line).expect_err(line);
            assert!(sentence.contains(part) && !sentence.contains('\n'), "{line:?}: {sentence}");
            assert!(!sentence.contains("restart") && !sentence.contains("secret"), "{line:?}: {sentence}");
        }
    }

    #[test]
    fn a_beginning_is_completed_in_every_way_that_there_is() {
        assert_eq!(TERMINAL.completions("df"), ["df -h", "df -h /var"]);
        assert_eq!(TERMINAL.completions(" rm"), ["rm a.log"]);
        assert_eq!(TERMINAL.completions("x"), [""; 0]);
        assert_eq!(TERMINAL.completions("ctl"), ["ctl status", "ctl restart"]);
        assert_eq!(TERMINAL.completions("").len(), 6);
        for line in TERMINAL.completions("") {
            assert!(TERMINAL.read(line).is_ok(), "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_line_does_harm(line in "(?s).{0,300}") {
            match TERMINAL.read(&line) {
                Ok(_) => {}
                Err(sentence) => prop_assert!(sentence.chars().count() < 200 && !sentence.chars().any(char::is_control)),
            }
            prop_assert!(TERMINAL.completions(&line).len() <= 6);
        }
    }
}
