//! What can be typed at the server, and what it answers. The texts are those of the real commands where these have some;
//! see the tests for what was tried.

use std::ops::Range;

use super::LogFlood;
use super::choices::{LogVolume, ReopenMode, RotateMode};
use super::database::State;
use super::tables::{Params, SPEC};
use crate::engine::Ctx;
use crate::terminal::{Command, Reply, Terminal};

/// Lines that `tail` prints.
const TAIL: usize = 10;
/// Bytes of the file system for each inode that it has (ext4's default).
const BYTES_AN_INODE: u64 = 16_384;
/// Inodes that a file system without files has taken.
const FOLDERS: u64 = 11;
/// Files of a database that holds little (`PostgreSQL` 15).
const DATABASE_FILES: u64 = 1000;

/// The commands, in the order of [`run`](LogFlood::run_command).
pub const TERMINAL: Terminal = Terminal {
    prompt: "root@app-1:~# ",
    commands: &[
        Command::look(&["df -h"], "Shows how full the file systems are."),
        Command::look(&["df -i"], "Shows how many files there could be, and are."),
        Command::look(&["du -sh /var/log/app", "du -sh"], "Adds up the files of the log."),
        Command::look(&["ls -l /var/log/app", "ls -l"], "Lists the files of the log."),
        Command::look(&["lsof +L1"], "Lists open files that have less than one link."),
        Command::look(
            &["tail /var/log/app/app.log", "tail -n 10 /var/log/app/app.log", "tail"],
            "Prints the last ten lines of the log.",
        ),
        Command::look(
            &["journalctl -u postgresql", "journalctl", "journalctl -xeu postgresql.service"],
            "Prints what the database wrote about itself.",
        ),
        Command::look(
            &["systemctl status postgresql", "systemctl status postgresql.service", "systemctl status"],
            "Shows whether the database is running.",
        ),
        Command::look(&["crontab -l"], "Shows what is started at fixed times."),
        Command::look(&["cat /etc/logrotate.d/app"], "Shows how the log is rotated."),
        Command::look(&["date"], "Shows what time it is."),
        Command::act(&["systemctl restart postgresql"], "restart_db", "Restarts the database."),
        Command::act(&["systemctl restart app"], "restart_app", "Restarts the application."),
        Command::act(&["truncate -s 0 /var/log/app/app.log"], "truncate_log", "Cuts the log to nothing."),
        Command::act(
            &["rm /var/log/app/app.log", "rm -f /var/log/app/app.log"],
            "delete_log",
            "Removes the log.",
        ),
        Command::act(
            &["logrotate -f /etc/logrotate.d/app", "logrotate -f"],
            "rotate_now",
            "Rotates the log, whatever its size.",
        ),
    ],
    unnamed: &[
        Command::look(&["df"], ""),
        Command::look(&["df -h /var"], ""),
        Command::look(&["df -h /var/log", "df -h /var/log/app"], ""),
        Command::look(&["ls", "ls /var/log/app"], ""),
        Command::look(&["lsof +L1 | grep deleted", "lsof | grep deleted"], ""),
        // lsof says which number to write here.
        Command::act(&["truncate -s 0 /proc/812/fd/3"], "truncate_open", ""),
    ],
};

/// What `df` prints.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Df {
    Human,
    Inodes,
    Blocks,
}

/// A size as `df -h` and `du -h` print it: in powers of 1024, rounded up, with one decimal below ten.
fn human(bytes: u64) -> String {
    let (mut size, mut letter) = (bytes as f64, "");
    for next in ["K", "M", "G", "T"] {
        if libm::ceil(size) >= 1024.0 {
            (size, letter) = (size / 1024.0, next);
        }
    }
    let tenths = libm::ceil(size * 10.0);
    if letter.is_empty() || tenths >= 100.0 {
        format!("{:.0}{letter}", libm::ceil(size))
    } else {
        format!("{:.1}{letter}", tenths / 10.0)
    }
}

/// Adds these parts.
#[inline(never)]
pub(super) fn add(text: &mut String, parts: &[&str]) {
    for part in parts {
        text.push_str(part);
    }
}

/// Adds a column, set to the right in so many places.
fn cell(text: &mut String, column: &str, width: usize) {
    for _ in column.len()..width {
        text.push(' ');
    }
    text.push_str(column);
    text.push(' ');
}

/// Adds the name of the log, or of the archive at this position, from 1 on.
fn push_name(text: &mut String, position: usize) {
    text.push_str("app.log");
    if position > 0 {
        add(text, &[".", &position.to_string()]);
    }
}

impl LogFlood {
    /// What the command at this position answers. What flows is reckoned up to the moment itself.
    pub(super) fn run_command(&self, index: usize, ctx: &Ctx<Self>) -> Reply {
        let now = self.files_at(ctx);
        let params = &ctx.params;
        let mut text = String::new();
        let fixed = match index {
            0 => return now.df(params, Df::Human, 0..2),
            1 => return now.df(params, Df::Inodes, 0..2),
            2 => {
                // The folder takes a block, too.
                text = human(now.files.named() + 4096);
                "\t/var/log/app"
            }
            3 => return now.ls(params, true),
            4 => return now.lsof(params, true),
            5 if now.files.active().is_none() => {
                "tail: cannot open '/var/log/app/app.log' for reading: No such file or directory"
            }
            5 => return now.tail(ctx),
            6 => return now.journal(),
            7 => match self.database.state() {
                State::Down => "● postgresql.service\n   Active: failed (Result: exit-code)",
                // After a PANIC the service replays its log without having been started anew.
                State::Recovery if !self.database.has_panicked() => {
                    "● postgresql.service\n   Active: activating (start)"
                }
                _ => "● postgresql.service\n   Active: active (running)",
            },
            8 if params.rotate_mode != RotateMode::Cron => "no crontab for root",
            8 => {
                text = Self::crontab(params.rotate_interval_s);
                " /usr/sbin/logrotate /etc/logrotate.d/app"
            }
            9 if params.rotate_mode != RotateMode::Cron => {
                "cat: /etc/logrotate.d/app: No such file or directory"
            }
            9 => {
                let [size, keep] =
                    [params.rotate_size_mb, params.rotate_keep].map(|number| number.to_string());
                add(&mut text, &["/var/log/app/app.log {\n    size ", &size, "M\n    rotate ", &keep, "\n"]);
                match params.reopen_mode {
                    ReopenMode::Signal => {
                        "    postrotate\n        systemctl kill -s HUP app\n    endscript\n}"
                    }
                    ReopenMode::None => "}",
                    ReopenMode::Copytruncate => "    copytruncate\n}",
                }
            }
            10 => return SPEC.clock.label(ctx.now()).into(),
            11 if now.cannot_start(params) => {
                "Job for postgresql.service failed.\n\
                 See \"systemctl status postgresql.service\" and \"journalctl -xeu postgresql.service\" for details."
            }
            14 if now.files.active().is_none() => {
                "rm: cannot remove '/var/log/app/app.log': No such file or directory"
            }
            15 => now.logrotate(params),
            16 => return now.df(params, Df::Blocks, 0..2),
            17 => return now.df(params, Df::Human, 0..1),
            18 => return now.df(params, Df::Human, params.log_volume as usize..2),
            19 => return now.ls(params, false),
            20 => return now.lsof(params, false),
            _ => "",
        };
        text.push_str(fixed);
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

    fn df(&self, params: &Params, what: Df, which: Range<usize>) -> Reply {
        let (heads, widths) = match what {
            Df::Human => (" Size  Used Avail Use%", [5, 5, 5, 4]),
            Df::Inodes => ("    Inodes  IUsed      IFree IUse%", [10, 6, 10, 5]),
            Df::Blocks => ("  1K-blocks        Used   Available Use%", [11, 11, 11, 4]),
        };
        let mut text = String::new();
        add(&mut text, &["Filesystem     ", heads, " Mounted on"]);
        let is_shared = params.log_volume == LogVolume::Shared;
        for mount in which.start..which.end.min(if is_shared { 1 } else { 2 }) {
            let (has_database, has_log) = (mount == 0, is_shared || mount == 1);
            let used = if has_log { self.files.used() } else { 0 };
            let mut numbers = [
                self.volume.size(params.volume_gb),
                used,
                self.volume.open_to_all(params).saturating_sub(used),
            ];
            if what == Df::Inodes {
                let database = if has_database { DATABASE_FILES } else { 0 };
                let taken = FOLDERS + database + if has_log { self.files.count() } else { 0 };
                let all = numbers[0] / BYTES_AN_INODE;
                numbers = [all, taken, all - taken];
            }
            text.push_str(if has_database { "\n/dev/nvme1n1   " } else { "\n/dev/nvme2n1   " });
            for (number, width) in numbers.into_iter().zip(widths) {
                let number = match what {
                    Df::Human => human(number),
                    Df::Inodes => number.to_string(),
                    Df::Blocks => (number / 1024).to_string(),
                };
                cell(&mut text, &number, width);
            }
            // Rounded up, as df does.
            let share = (numbers[1] * 100).div_ceil((numbers[1] + numbers[2]).max(1));
            cell(&mut text, &(share.to_string() + "%"), widths[3]);
            text.push_str(if has_database { "/var" } else { "/var/log" });
        }
        text.into()
    }

    fn ls(&self, params: &Params, is_long: bool) -> Reply {
        let mut text = String::new();
        if is_long {
            add(&mut text, &["total ", &(self.files.named() / 1024).to_string()]);
        }
        let archives = self.files.archives().enumerate().map(|(position, file)| (position + 1, *file));
        for (position, file) in self.files.active().map(|file| (0, file)).into_iter().chain(archives) {
            if is_long {
                text.push_str("\n-rw-r----- 1 ");
                cell(&mut text, owner(params), 4);
                text.push_str("adm ");
                cell(&mut text, &file.bytes.to_string(), 13);
                cell(&mut text, &SPEC.clock.time_of_day(file.until)[..5], 5);
            } else if !text.is_empty() {
                text.push_str("  ");
            }
            push_name(&mut text, position);
        }
        text.into()
    }

    fn lsof(&self, params: &Params, has_head: bool) -> Reply {
        let mut text = String::new();
        if let Some(file) = self.files.ghost() {
            if has_head {
                text.push_str("COMMAND  PID USER  FD TYPE DEVICE      SIZE/OFF NLINK NODE NAME\n");
            }
            text.push_str("app      812 ");
            cell(&mut text, owner(params), 4);
            text.push_str(" 3w  REG  259,1 ");
            cell(&mut text, &file.bytes.to_string(), 13);
            text.push_str("    0 1312 /var/log/app/");
            push_name(&mut text, self.files.ghost_was());
            text.push_str(" (deleted)");
        }
        text.into()
    }

    fn tail(&self, ctx: &Ctx<Self>) -> Reply {
        let bytes = self.files.active().map_or(0, |file| file.bytes);
        let lines = (bytes / ctx.params.bytes_per_line.max(1)).min(TAIL as u64);
        self.log_view(lines as usize, ctx).lines.join("\n").into()
    }

    fn logrotate(&self, params: &Params) -> &'static str {
        let has_room = self.volume.size(params.volume_gb)
            - self.files.used().min(self.volume.size(params.volume_gb))
            >= self.files.active().map_or(0, |file| file.bytes);
        if params.rotate_mode != RotateMode::Cron {
            "error: cannot stat /etc/logrotate.d/app: No such file or directory"
        } else if params.reopen_mode == ReopenMode::Copytruncate && params.rotate_keep > 0 && !has_room {
            "error: error writing to /var/log/app/app.log.1: No space left on device\n\
             error: error copying /var/log/app/app.log to /var/log/app/app.log.1: No space left on device"
        } else {
            ""
        }
    }

    /// When cron starts what is to be started so often.
    fn crontab(every: u64) -> String {
        match every {
            86_400 => String::from("0 0 * * *"),
            3600 => String::from("0 * * * *"),
            _ if every.is_multiple_of(3600) && 86_400_u64.is_multiple_of(every) => {
                format!("0 */{} * * *", every / 3600)
            }
            // cron has no words for it.
            _ => format!("# every {every} s:"),
        }
    }
}

/// Who owns the log, which is who writes it.
fn owner(params: &Params) -> &'static str {
    if params.log_writer_is_root { "root" } else { "app" }
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
