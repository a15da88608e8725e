//! A story's terminal under way: what was typed, and what was printed, as it was then, whatever becomes of the run.

use warstories_sim::SimTime;
use warstories_sim::terminal::{MOST_CHARS, is_plain};

/// Lines that are kept at most; the oldest entries go first.
pub const MOST_LINES: usize = 400;

/// What somebody does at a terminal.
#[derive(Debug)]
pub enum Typed {
    /// Runs a line.
    Run(String),
    /// Brings back an older line in place of this one, or else a newer one.
    Recall(bool, String),
    /// Asks how the line could go on: to this, or to any of these.
    Complete(&'static str, Vec<&'static str>),
    /// Writes on.
    Write,
    /// Leaves the line: from now on Tab does, too.
    Leave,
    /// Empties the screen.
    Clear,
    /// Goes from one button on to another.
    Go(usize),
}

/// A line, and what it printed.
#[derive(Debug)]
pub struct Entry {
    /// Tells entries apart; grows.
    pub number: usize,
    /// The moment of the run that answered.
    pub at: SimTime,
    /// The line, as it can be shown.
    pub line: String,
    /// What was printed; empty where a command has nothing to say.
    pub text: String,
    /// How many lines that makes.
    lines: usize,
}

/// All that there is to be shown.
#[derive(Debug, Default)]
pub struct Shell {
    entries: Vec<Entry>,
    /// Lines of all of them.
    lines: usize,
    /// Number of the next entry.
    pub next: usize,
    /// Number of the first entry on the screen.
    cleared: usize,
    /// How many lines ago what stands in the field was typed; 0 for what is new.
    ago: usize,
    /// What was being typed before an older line was brought back.
    draft: String,
    /// What the line could go on to.
    pub ways: Vec<&'static str>,
    /// Whether Tab leaves the field, whatever stands in it.
    pub is_free: bool,
    /// The button that the Tab key comes to.
    pub current: usize,
}

impl Shell {
    /// What is on the screen, the oldest first.
    pub fn screen(&self) -> &[Entry] {
        let first = self.entries.partition_point(|entry| entry.number < self.cleared);
        &self.entries[first..]
    }

    /// Takes up what `line` has printed at `at`.
    pub fn print(&mut self, at: SimTime, line: &str, text: String) {
        let lines = 1 + text.lines().count();
        self.entries.push(Entry { number: self.next, at, line: shown(line), text, lines });
        self.next += 1;
        self.ago = 0;
        self.lines += lines;
        while self.lines > MOST_LINES && self.entries.len() > 1 {
            self.lines -= self.entries.remove(0).lines;
        }
    }

    /// Empties the screen. What was typed can still be brought back.
    pub fn clear(&mut self) {
        self.cleared = self.next;
    }

    /// What was typed before what stands in the field, or else after it; `line` is what stands there.
    pub fn recall(&mut self, older: bool, line: String) -> Option<&str> {
        if self.ago == 0 {
            self.draft = line;
        }
        let ago = if older { self.ago + 1 } else { self.ago.checked_sub(1)? };
        if ago > self.entries.len() {
            return None;
        }
        self.ago = ago;
        let line = self.entries.get(self.entries.len() - ago).map_or(&self.draft, |entry| &entry.line);
        Some(line)
    }
}

/// A line as it can be shown: no longer than one that is read, and without characters that are not plain text.
fn shown(line: &str) -> String {
    let mut chars = line.trim().chars();
    let plain = |char| if char != '\t' && is_plain(char) { char } else { '\u{fffd}' };
    let mut text: String = chars.by_ref().take(MOST_CHARS).map(plain).collect();
    if chars.next().is_some() {
        text.push('…');
    }
    text
}

/// What Tab makes of `line`, which can end in these ways: the longest beginning that they have in common, if that is
/// longer, and all of them where there are several. `None` where there is nothing to complete.
pub fn complete(line: &str, ways: Vec<&'static str>) -> Option<(&'static str, Vec<&'static str>)> {
    let line = line.trim_start();
    let mut common = *ways.first().filter(|_| !line.is_empty())?;
    for way in &ways {
        let same = common.bytes().zip(way.bytes()).take_while(|(one, other)| one == other).count();
        common = common.get(..same).unwrap_or_default();
    }
    let common = if common.len() > line.len() { common } else { "" };
    match ways.len() {
        1 if common.is_empty() => None,
        1 => Some((common, Vec::new())),
        _ => Some((common, ways)),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_kept_is_bounded_and_is_the_latest() {
        let mut shell = Shell::default();
        for index in 0..1000_u32 {
            shell.print(SimTime::from_secs(index.into()), &format!("line {index}"), "a\nb\nc".to_owned());
        }
        let lines: usize = shell.screen().iter().map(|entry| entry.lines).sum();
        assert!(lines <= MOST_LINES && lines > MOST_LINES - 5, "{lines}");
        assert_eq!(shell.screen().last().map(|entry| entry.at), Some(SimTime::from_secs(999)));
    }

    #[test]
    fn an_answer_longer_than_the_screen_is_still_shown() {
        let mut shell = Shell::default();
        shell.print(SimTime::ZERO, "date", String::new());
        shell.print(SimTime::ZERO, "help", "x\n".repeat(2 * MOST_LINES));
        assert_eq!(shell.screen().iter().map(|entry| entry.line.as_str()).collect::<Vec<_>>(), ["help"]);
    }

    #[test]
    fn older_lines_come_back_and_then_what_was_being_typed() {
        let mut shell = Shell::default();
        for line in ["ls -l", "df -h", "date"] {
            shell.print(SimTime::ZERO, line, String::new());
        }
        shell.clear();
        assert!(shell.screen().is_empty());
        for (older, line) in [
            (true, Some("date")),
            (true, Some("df -h")),
            (true, Some("ls -l")),
            (true, None),
            (false, Some("df -h")),
            (false, Some("date")),
            (false, Some("dr")),
            (false, None),
        ] {
            assert_eq!(shell.recall(older, "dr".to_owned()).map(str::to_owned).as_deref(), line);
        }
        shell.recall(true, String::new());
        shell.print(SimTime::ZERO, "help", String::new());
        assert_eq!(shell.screen().len(), 1);
        assert_eq!(shell.recall(true, String::new()), Some("help"));
    }

    #[test]
    fn tab_completes_one_end_and_lists_several() {
        let ways = || vec!["df -h", "df -i"];
        assert_eq!(complete("d", ways()), Some(("df -", ways())));
        assert_eq!(complete("df -", ways()), Some(("", ways())));
        assert_eq!(complete("df", vec!["df -h"]), Some(("df -h", vec![])));
        assert_eq!(complete("df -h", vec!["df -h"]), None);
        assert_eq!(complete(" ", ways()), None);
        assert_eq!(complete("x", vec![]), None);
    }

    proptest! {
        #[test]
        fn no_line_does_harm(line in "(?s).{0,400}", text in "(?s).{0,100}") {
            let mut shell = Shell::default();
            shell.print(SimTime::ZERO, &line, text);
            let shown = &shell.screen()[0].line;
            prop_assert!(shown.chars().count() <= MOST_CHARS + 1 && shown.chars().all(is_plain));
            if let Some((to, _)) = complete(&line, vec!["df -h", "df -i", "é", "è"]) {
                prop_assert!(to.is_empty() || to.len() > line.trim_start().len());
            }
        }
    }
}
