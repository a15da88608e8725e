//! What can be typed at the server, and what it answers. The texts are those of the real commands where these have some;
//! see the tests for what was tried.

use super::LogFlood;
use super::choices::{LogVolume, ReopenMode, RotateMode};
use super::database::Said;
use super::files::File;
use super::tables::{Params, SPEC};
use crate::engine::Ctx;
use crate::terminal::{Command, Reply, Terminal};

/// Lines that `tail` prints.
const TAIL: usize = 10;
/// Bytes of the file system for each inode that it has (ext4's default).
const BYTES_AN_INODE: u64 = 16_384;
const FOLDER: &str = "/var/log/app";

/// The commands, in the order of [`run`](LogFlood::run_command).
pub const TERMINAL: Terminal = Terminal {
    prompt: "root@app-1:~# ",
    commands: &[
        Command::look(
            &["df -h"],
            "Shows how full the file systems are, deleted files that are still open included.",
        ),
        Command::look(&["df -i"], "Shows how many files there could be, and are."),
        Command::look(&["du -sh /var/log/app", "du -sh"], "Adds up the files of the log that have a name."),
        Command::look(&["ls -l /var/log/app", "ls -l"], "Lists the files of the log."),
        Command::look(&["lsof +L1"], "Lists files that are open and have no name any more."),
        Command::look(
            &["tail /var/log/app/app.log", "tail -n 10 /var/log/app/app.log", "tail"],
            "Prints the last ten lines of the log.",
        ),
        Command::look(
            &["journalctl -u postgresql"],
            "Prints the last lines that the database wrote about itself.",
        ),
        Command::act(&["systemctl restart postgresql"], "restart_db", "Restarts the database."),
        Command::act(&["systemctl restart app"], "restart_app", "Restarts the application on all servers."),
        Command::act(
            &["truncate -s 0 /var/log/app/app.log"],
            "truncate_log",
            "Cuts the log to nothing on all servers.",
        ),
        Command::act(
            &["truncate -s 0 /proc/812/fd/3"],
            "truncate_open",
            "Cuts the file that the application has open to nothing.",
        ),
        Command::act(
            &["rm /var/log/app/app.log", "rm -f /var/log/app/app.log"],
            "delete_log",
            "Removes the log on all servers.",
        ),
        Command::act(
            &["logrotate -f /etc/logrotate.d/app", "logrotate -f"],
            "rotate_now",
            "Rotates the log on all servers, whatever its size.",
        ),
        Command::look(&["crontab -l"], "Shows what is started at fixed times."),
        Command::look(&["date"], "Shows what time it is."),
    ],
};

/// What the database writes about itself; each line comes after the time.
fn words(said: Said) -> &'static [&'static str] {
    match said {
        Said::CannotExtend => &[
            "ERROR:  could not extend file \"base/16384/16397\": No space left on device",
            "HINT:  Check free disk space.",
        ],
        Said::Panic => &[
            "PANIC:  could not write to file \"pg_wal/xlogtemp.1207\": No space left on device",
            "LOG:  server process (PID 1207) was terminated by signal 6: Aborted",
            "LOG:  terminating any other active server processes",
            "LOG:  all server processes terminated; reinitializing",
        ],
        Said::CheckpointPanic => &[
            "LOG:  checkpoint starting: time",
            "PANIC:  could not write to file \"pg_logical/replorigin_checkpoint.tmp\": No space left on device",
            "LOG:  checkpointer process (PID 811) was terminated by signal 6: Aborted",
            "LOG:  terminating any other active server processes",
            "LOG:  all server processes terminated; reinitializing",
        ],
        Said::Stopped => &["LOG:  received fast shutdown request"],
        Said::Redo => &[
            "LOG:  database system was not properly shut down; automatic recovery in progress",
            "LOG:  redo starts",
        ],
        Said::NotYet => &["FATAL:  the database system is in recovery mode"],
        Said::GivesUp => &[
            "LOG:  redo done",
            "FATAL:  could not write to file \"pg_wal/xlogtemp.1311\": No space left on device",
            "LOG:  shutting down due to startup process failure",
            "LOG:  database system is shut down",
        ],
        Said::CannotStart => &[
            "FATAL:  could not write lock file \"postmaster.pid\": No space left on device",
            "LOG:  database system is shut down",
        ],
        Said::Ready => &["LOG:  redo done", "LOG:  database system is ready to accept connections"],
    }
}

/// A size as `df -h` and `du -h` print it: in powers of 1024, rounded up, with one decimal below ten.
fn human(bytes: u64) -> String {
    let (mut unit, mut letter) = (1_u64, "");
    for next in ["K", "M", "G", "T"] {
        if bytes.div_ceil(unit) >= 1024 {
            (unit, letter) = (unit << 10, next);
        }
    }
    let tenths = (bytes * 10).div_ceil(unit);
    let mut text = if unit == 1 || tenths >= 100 {
        bytes.div_ceil(unit).to_string()
    } else {
        (tenths / 10).to_string() + "." + &(tenths % 10).to_string()
    };
    text.push_str(letter);
    text
}

/// Adds a row of columns, each set to the right in so many places, and then `last`.
fn row(text: &mut String, columns: &[(&str, usize)], last: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    for (column, width) in columns {
        cell(text, column, *width);
    }
    text.push_str(last);
}

/// Adds a column, set to the right in so many places.
fn cell(text: &mut String, column: &str, width: usize) {
    for _ in column.len()..width {
        text.push(' ');
    }
    text.push_str(column);
    text.push(' ');
}

/// What share `part` is of `whole` in percent, rounded up as df does.
fn percent(part: u64, whole: u64) -> String {
    (part * 100).div_ceil(whole.max(1)).to_string() + "%"
}

impl LogFlood {
    /// What the command at this position answers. What flows is reckoned up to the moment itself.
    pub(super) fn run_command(&self, index: usize, ctx: &Ctx<Self>) -> Reply {
        let now = self.files_at(ctx);
        let text = match index {
            0 => now.df(ctx, false),
            1 => now.df(ctx, true),
            2 => human(now.files.named()) + "\t" + FOLDER,
            3 => now.ls(),
            4 => now.lsof(),
            5 => now.tail(ctx),
            6 => now.journal(),
            11 if now.files.active().is_none() => {
                String::from("rm: cannot remove '/var/log/app/app.log': No such file or directory")
            }
            12 => now.logrotate(&ctx.params),
            13 => Self::crontab(&ctx.params),
            14 => SPEC.clock.label(ctx.now()),
            _ => String::new(),
        };
        text.into()
    }

    /// The system with everything written that has flowed since the last event.
    fn files_at(&self, ctx: &Ctx<Self>) -> Self {
        let mut now = self.clone();
        let fresh = now.flows.written.bytes(ctx.now()) - now.flows.taken();
        now.files.write(ctx.now(), fresh);
        if let Some(cap) = super::flow::cap(&ctx.params) {
            now.files.cut(cap);
        }
        now
    }

    fn df(&self, ctx: &Ctx<Self>, of_inodes: bool) -> String {
        let params = &ctx.params;
        let mut text = String::new();
        let heads = if of_inodes {
            [("Inodes", 10), ("IUsed", 6), ("IFree", 10), ("IUse%", 5)]
        } else {
            [("Size", 5), ("Used", 5), ("Avail", 5), ("Use%", 4)]
        };
        text.push_str("Filesystem     ");
        for (head, width) in heads {
            cell(&mut text, head, width);
        }
        text.push_str("Mounted on");
        let is_shared = params.log_volume == LogVolume::Shared;
        let mounts: &[(&str, &str)] = if is_shared {
            &[("/dev/nvme1n1  ", "/var")]
        } else {
            &[("/dev/nvme1n1  ", "/var/lib/postgresql"), ("/dev/nvme2n1  ", "/var/log")]
        };
        for (position, (device, mount)) in mounts.iter().enumerate() {
            let has_log = position + 1 == mounts.len();
            let size = self.volume.size(params.volume_gb);
            let used = if has_log { self.files.used() } else { 0 };
            let available = self.volume.open_to_all(params).saturating_sub(used);
            let count = self.files.archives().len() + usize::from(self.files.active().is_some());
            let inodes = size / BYTES_AN_INODE;
            let taken = 11 + if has_log { count as u64 + u64::from(self.files.ghost().is_some()) } else { 0 };
            let numbers = if of_inodes {
                [inodes.to_string(), taken.to_string(), (inodes - taken).to_string(), percent(taken, inodes)]
            } else {
                [human(size), human(used), human(available), percent(used, used + available)]
            };
            row(&mut text, &[(device, 14)], "");
            for (number, (_, width)) in numbers.iter().zip(heads) {
                cell(&mut text, number, width);
            }
            text.push_str(mount);
        }
        text
    }

    fn ls(&self) -> String {
        let kib = self.files.named() / 1024;
        let mut text = String::from("total ") + &kib.to_string();
        let mut list = |file: &File, name: &str| {
            let (size, clock) = (file.bytes.to_string(), SPEC.clock.time_of_day(file.until));
            let columns =
                [("-rw-r-----", 10), ("1", 1), ("app", 3), ("adm", 3), (&size, 13), (&clock[..5], 5)];
            row(&mut text, &columns, name);
        };
        if let Some(file) = self.files.active() {
            list(&file, "app.log");
        }
        for (position, file) in self.files.archives().enumerate() {
            list(file, &(String::from("app.log.") + &(position + 1).to_string()));
        }
        text
    }

    fn lsof(&self) -> String {
        let mut text = String::new();
        if let Some(file) = self.files.ghost() {
            let heads = [
                ("COMMAND", 7),
                ("PID", 4),
                ("USER", 4),
                ("FD", 3),
                ("TYPE", 4),
                ("DEVICE", 6),
                ("SIZE/OFF", 13),
                ("NLINK", 5),
                ("NODE", 4),
            ];
            row(&mut text, &heads, "NAME");
            let size = file.bytes.to_string();
            let values = ["app    ", "812", "app", "3w", "REG", "259,1", &size, "0", "11"];
            text.push('\n');
            for (value, (_, width)) in values.iter().zip(heads) {
                cell(&mut text, value, width);
            }
            text.push_str("/var/log/app/app.log");
            let was = self.files.ghost_was();
            if was > 0 {
                text.push('.');
                text.push_str(&was.to_string());
            }
            text.push_str(" (deleted)");
        }
        text
    }

    fn tail(&self, ctx: &Ctx<Self>) -> String {
        let Some(active) = self.files.active() else {
            return String::from(
                "tail: cannot open '/var/log/app/app.log' for reading: No such file or directory",
            );
        };
        let lines = (active.bytes / ctx.params.bytes_per_line.max(1)).min(TAIL as u64);
        self.log_view(lines as usize, ctx).lines.join("\n")
    }

    fn journal(&self) -> String {
        let mut text = String::new();
        let mut line = |at, words: &str| {
            let clock = SPEC.clock.time_of_day(at);
            row(&mut text, &[(&clock, 8), ("postgres[802]:", 14)], words);
        };
        for entry in self.database.said() {
            for words in words(entry.said) {
                line(entry.first, words);
            }
            if entry.more > 0 {
                line(entry.last, &(String::from("message repeated ") + &entry.more.to_string() + " times"));
            }
        }
        if text.is_empty() { String::from("-- No entries --") } else { text }
    }

    fn logrotate(&self, params: &Params) -> String {
        let has_room = self.volume.size(params.volume_gb)
            - self.files.used().min(self.volume.size(params.volume_gb))
            >= self.files.active().map_or(0, |file| file.bytes);
        let text = if params.rotate_mode != RotateMode::Cron {
            "error: cannot stat /etc/logrotate.d/app: No such file or directory"
        } else if params.reopen_mode == ReopenMode::Copytruncate && params.rotate_keep > 0 && !has_room {
            "error: error writing to /var/log/app/app.log.1: No space left on device\n\
             error: error copying /var/log/app/app.log to /var/log/app/app.log.1: No space left on device"
        } else {
            ""
        };
        String::from(text)
    }

    fn crontab(params: &Params) -> String {
        if params.rotate_mode != RotateMode::Cron {
            return String::from("no crontab for root");
        }
        String::from("# every ")
            + &params.rotate_interval_s.to_string()
            + " s, counted from 00:00: size "
            + &params.rotate_size_mb.to_string()
            + "M, rotate "
            + &params.rotate_keep.to_string()
            + "\n/usr/sbin/logrotate /etc/logrotate.d/app"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_printed_as_df_does() {
        for (bytes, text) in [
            (0, "0"),
            (1023, "1023"),
            (1024, "1.0K"),
            (1025, "1.1K"),
            (10 * 1024, "10K"),
            (500_000_000, "477M"),
            (2_000_000_000_000, "1.9T"),
            (1_900_000_000_000, "1.8T"),
            (100_000_000_000, "94G"),
        ] {
            assert_eq!(human(bytes), text, "{bytes}");
        }
    }
}
