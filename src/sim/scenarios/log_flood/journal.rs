//! What the database has written about itself, as the journal of the system has it.

use super::LogFlood;
use super::commands::add;
use super::database::Said;
use super::tables::SPEC;
use crate::terminal::Reply;

/// What the database writes about itself, each line by the process of this number: a session, the checkpointer, the one
/// that replays, or their parent.
fn words(said: Said) -> &'static [&'static str] {
    match said {
        Said::CannotExtend => &[
            "977 ERROR:  could not extend file \"base/16384/16397\": No space left on device",
            "977 HINT:  Check free disk space.",
        ],
        Said::Panic => &[
            "977 PANIC:  could not write to file \"pg_wal/xlogtemp.977\": No space left on device",
            "802 LOG:  server process (PID 977) was terminated by signal 6: Aborted",
            "802 LOG:  terminating any other active server processes",
            "802 LOG:  all server processes terminated; reinitializing",
        ],
        Said::CheckpointPanic => &[
            "811 LOG:  checkpoint starting: time",
            "811 PANIC:  could not write to file \"pg_logical/replorigin_checkpoint.tmp\": No space left on device",
            "802 LOG:  checkpointer process (PID 811) was terminated by signal 6: Aborted",
            "802 LOG:  terminating any other active server processes",
            "802 LOG:  all server processes terminated; reinitializing",
        ],
        Said::Stopped => &["802 LOG:  received fast shutdown request"],
        Said::Redo => &[
            "983 LOG:  database system was not properly shut down; automatic recovery in progress",
            "983 LOG:  redo starts",
        ],
        Said::NotYet => &["991 FATAL:  the database system is in recovery mode"],
        Said::GivesUp => &[
            "983 LOG:  redo done",
            "983 FATAL:  could not write to file \"pg_wal/xlogtemp.983\": No space left on device",
            "802 LOG:  shutting down due to startup process failure",
            "802 LOG:  database system is shut down",
        ],
        Said::CannotStart => &[
            "802 FATAL:  could not write lock file \"postmaster.pid\": No space left on device",
            "802 LOG:  database system is shut down",
        ],
        Said::Ready => &["983 LOG:  redo done", "802 LOG:  database system is ready to accept connections"],
    }
}

impl LogFlood {
    pub(super) fn journal(&self) -> Reply {
        let mut text = String::new();
        for entry in self.database.said() {
            let mut line = |at, process: &str, words: &str| {
                if !text.is_empty() {
                    text.push('\n');
                }
                add(&mut text, &[&SPEC.clock.time_of_day(at), " postgres[", process, "]:", words]);
            };
            let words = words(entry.said);
            for words in words {
                line(entry.first, &words[..3], &words[3..]);
            }
            if entry.more > 0 {
                let again = format!(" message repeated {} times", entry.more);
                line(entry.last, &words[0][..3], &again);
            }
        }
        if text.is_empty() {
            text.push_str("-- No entries --");
        }
        text.into()
    }
}
