//! The terminal: `df` and `du` disagree where they would, what changes something is an action, and no line does harm.
//!
//! The texts are those seen on Debian 12 with logrotate 3.21 and `PostgreSQL` 15.18. `df` leaves out of the whole what ext4
//! reserves for root: it showed 100 % and nothing available from the moment on at which nobody but root could write, and
//! went on showing that while root filled the rest. On Debian the database writes about itself into a file, not the journal.

use proptest::prelude::*;
use warstories_sim::scenarios::log_flood::{LogFlood, SPEC};
use warstories_sim::terminal::MOST_ANSWER;
use warstories_sim::{Input, Playable, Run, Scenario};

use crate::any::any_replay;
use crate::cases::fixed;
use crate::{at, now, play, played, start};

fn says(run: &Run<LogFlood>, line: &str) -> String {
    run.command(line).text
}

/// The columns of the row that ends with `last`.
fn columns(text: &str, last: &str) -> Vec<String> {
    let row = text.lines().find(|row| row.ends_with(last)).unwrap_or_else(|| panic!("no {last} in {text}"));
    row.split_whitespace().map(String::from).collect()
}

#[test]
fn df_and_du_agree_until_the_file_is_deleted() {
    let run = played(1, "", "05:30");
    // 46.3 MB/s for 41,400 s are 1,916,820 MB, and only root may use what is left: 100 %.
    assert_eq!(columns(&says(&run, "df -h"), "/var"), ["/dev/nvme1n1", "1.9T", "1.8T", "0", "100%", "/var"]);
    assert_eq!(says(&run, "du -sh"), "1.8T\t/var/log/app");
    assert_eq!(columns(&says(&run, "ls -l"), "app.log")[4], "1916820000000");
    assert_eq!(says(&run, "lsof +L1"), "");
    let run = played(1, "at=05:30,delete_log", "05:30:10");
    assert_eq!(columns(&says(&run, "df -h"), "/var")[2..5], ["1.8T", "0", "100%"]);
    assert_eq!(says(&run, "du -sh /var/log/app"), "4.0K\t/var/log/app", "the folder itself takes a block");
    assert_eq!((says(&run, "ls -l"), says(&run, "ls")), (String::from("total 0"), String::new()));
    let ghost = columns(&says(&run, "lsof +L1"), "(deleted)");
    assert_eq!(ghost[6..10], ["1917283000000", "0", "1312", "/var/log/app/app.log"]);
    let listed = says(&run, "lsof +L1");
    assert_eq!(says(&run, "lsof +L1 | grep deleted"), listed.lines().nth(1).unwrap());
    assert!(says(&run, "tail").ends_with("No such file or directory"));
    assert!(says(&run, "rm /var/log/app/app.log").starts_with("rm: cannot remove"));
    // Between two events, too, to the second.
    let mut run = played(1, "", "19:00:03");
    assert_eq!(columns(&says(&run, "ls -l"), "app.log")[4], (46_300_000_u64 * 3603).to_string());
    play(&mut run, at("19:00:04"));
    assert_eq!(columns(&says(&run, "ls -l"), "app.log")[4], (46_300_000_u64 * 3604).to_string());
}

#[test]
fn df_shows_what_anybody_may_use() {
    for (clock, percent) in
        [("18:00:00", "0%"), ("03:07", "80%"), ("03:08", "81%"), ("05:23:56", "100%"), ("08:00", "100%")]
    {
        let run = played(1, "", clock);
        assert_eq!(columns(&says(&run, "df -h"), "/var")[4], percent, "{clock}");
    }
    let run = played(1, "", "05:30");
    for line in ["df -h /var", "df -h /var/log", "df -h /var/log/app"] {
        assert_eq!(says(&run, line), says(&run, "df -h"), "{line}");
    }
    assert_eq!(columns(&says(&run, "df"), "/var")[1..5], ["1953125000", "1871894531", "0", "100%"]);
    // The database's own files are there as well.
    assert_eq!(columns(&says(&run, "df -i"), "/var")[2], "1012");
    let run = played(1, "log_volume=separate", "08:00");
    let text = says(&run, "df -h");
    assert_eq!(columns(&text, "/var")[2..5], ["0", "1.8T", "0%"]);
    assert_eq!(columns(&text, "/var/log")[2..5], ["1.9T", "0", "100%"]);
    let row = |line: &str| says(&run, line).lines().nth(1).map(String::from);
    assert_eq!(
        (row("df -h /var").as_deref(), says(&run, "df -h /var").lines().count()),
        (text.lines().nth(1), 2)
    );
    assert_eq!(row("df -h /var/log").as_deref(), text.lines().nth(2));
    assert_eq!(columns(&says(&run, "df -i"), "/var/log")[1..5], ["122070312", "12", "122070300", "1%"]);
}

/// What a command does is what the action does, and so it is in the link.
#[test]
fn a_command_that_changes_something_is_an_action() {
    let terminal = LogFlood::terminal().unwrap();
    let commands = || terminal.commands.iter().chain(terminal.unnamed);
    let acting: Vec<_> =
        commands().filter_map(|command| command.action.map(|id| (command.usage(), id))).collect();
    assert_eq!(acting.len(), 6);
    for (line, id) in acting {
        let mut run = played(1, "rotate_mode=cron&rotate_size_mb=100000", "20:00");
        let before = run.fingerprint();
        let action = run.command(line).action.unwrap();
        assert_eq!(SPEC.actions[action].id, id);
        assert_eq!(
            (run.fingerprint(), run.replay().inputs().len()),
            (before, 0),
            "typing it changes nothing yet"
        );
        run.input(Input::Action(action)).unwrap();
        play(&mut run, at("20:01"));
        let link = run.replay().print(None);
        assert!(link.ends_with(&format!(",{id}")), "{link}");
        let again = played(1, link.split_once('?').unwrap().1.split_once('&').unwrap().1, "20:01");
        assert_eq!(again.fingerprint(), run.fingerprint());
    }
    for command in commands().filter(|command| command.action.is_none()) {
        let run = played(1, "", "20:00");
        for spelling in command.spellings {
            assert_eq!(run.command(spelling).action, None, "{spelling}");
            assert_eq!(run.command(spelling), played(1, "", "20:00").command(spelling), "{spelling}");
        }
    }
}

#[test]
fn the_journal_tells_what_the_database_went_through() {
    let run = played(1, "", "05:24:30");
    assert!(says(&run, "journalctl -u postgresql").contains("ERROR:  could not extend file"));
    let run = played(1, "orders_per_s=0&at=06:30,restart_db", "08:00");
    let text = says(&run, "journalctl -u postgresql");
    let mut rest = text.as_str();
    for part in [
        "05:25:00 postgres[811]: PANIC:  could not write to file \"pg_logical",
        "postgres[802]: LOG:  checkpointer process (PID 811) was terminated",
        "05:25:30 postgres[983]: FATAL:  could not write to file \"pg_wal/xlogtemp.983\"",
        "shut down",
        "06:30:00",
        "postmaster.pid",
    ] {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("{part} is missing in {text}")).1;
    }
    // What is repeated is counted, and does not hide what came before.
    let text = says(&played(1, "", "08:00"), "journalctl -u postgresql");
    assert!(
        text.contains("PANIC")
            && text.contains("05:24:00 postgres[977]: ERROR:")
            && text.contains("postgres[977]: message repeated"),
        "{text}"
    );
    assert_eq!(says(&played(1, "", "19:00"), "journalctl -u postgresql"), "-- No entries --");
}

#[test]
fn systemctl_says_whether_the_database_runs_and_why_a_restart_fails() {
    let status = |run: &Run<LogFlood>| says(run, "systemctl status postgresql");
    let restart = |run: &Run<LogFlood>| says(run, "systemctl restart postgresql");
    let run = played(1, "", "05:24:30");
    assert!(status(&run).ends_with("active (running)"), "{}", status(&run));
    // While a restart replays the log, the diagram says so, and so does the terminal. After a PANIC the service goes on.
    for (setting, clock, active) in [
        ("at=05:00,restart_db", "05:00:10", "activating (start)"),
        ("at=05:30,truncate_log&at=05:31,restart_db", "05:31:10", "activating (start)"),
        ("", "05:25:10", "active (running)"),
    ] {
        let run = played(1, setting, clock);
        let database = run.snapshot().nodes.into_iter().find(|node| node.id == "database").unwrap();
        assert_eq!(database.word, "recovering", "{setting}");
        assert!(status(&run).ends_with(active), "{setting}: {}", status(&run));
    }
    let run = played(1, "", "05:30");
    assert!(status(&run).ends_with("failed (Result: exit-code)"), "{}", status(&run));
    assert!(restart(&run).starts_with("Job for postgresql.service failed"), "{}", restart(&run));
    // What is said to tell more is known here.
    for line in restart(&run).split('"').skip(1).step_by(2) {
        assert!(says(&run, line).lines().count() > 1, "{line}");
    }
    let run = played(1, "at=05:30,truncate_log", "05:31");
    assert_eq!(restart(&run), "");
    assert!(
        says(&run, "systemctl status app")
            .contains("Nothing was run. This terminal knows: systemctl status postgresql")
    );
}

#[test]
fn the_log_is_written_at_the_level_and_the_rate_in_force() {
    let run = played(1, "", "19:00");
    let view = run.log(50).unwrap();
    assert_eq!((view.lines.len(), view.lines_per_s), (50, 100_000.0));
    assert!(
        view.lines.iter().all(|line| line.starts_with("18:59:59.999 ") || line.starts_with("19:00:00.000 "))
    );
    assert!(view.lines.iter().filter(|line| line.contains(" DEBUG ")).count() > 40);
    assert_eq!(says(&run, "tail"), view.lines[40..].join("\n"));
    // The same lines are there a moment later, further up.
    let later = played(1, "", "19:00:00.0001").log(30).unwrap().lines;
    assert_eq!(later[..20], view.lines[30..], "ten lines in a tenth of a millisecond");
    let quiet = played(1, "log_level=info", "19:00").log(10).unwrap();
    assert_eq!(quiet.lines_per_s, 1000.0);
    assert!(quiet.lines.iter().all(|line| line.contains(" INFO  ") && line.ends_with(" 200…")), "{quiet:?}");
    // A log that cannot be written ends when it could be the last time.
    let full = played(1, "", "08:00");
    assert!(says(&full, "tail").lines().all(|line| line.starts_with("05:59:56.")), "{}", says(&full, "tail"));
    assert_eq!(full.log(10).unwrap().lines_per_s, 0.0);
    assert_eq!(says(&start(1, ""), "tail"), "");
    assert_eq!(says(&played(1, "at=19:00,truncate_log", "19:00"), "tail"), "");
}

/// A request has one number, which rises with the traffic of the server: a thousand a second, whatever each of them writes.
#[test]
fn requests_are_numbered_as_they_come() {
    let numbers = |setting: &str, at: &str| -> Vec<u64> {
        let lines = played(1, setting, at).log(10).unwrap().lines;
        let number = |line: &String| line.split_once("req=").unwrap().1[..8].parse().unwrap();
        lines.iter().map(number).collect()
    };
    let quiet = numbers("log_level=info", "19:00");
    assert!(quiet.windows(2).all(|two| two[1] == two[0] + 1), "a line for each request: {quiet:?}");
    assert_eq!(quiet[9], 3_600_000);
    let debug = numbers("", "19:00");
    assert!(debug.is_sorted() && debug[9] - debug[0] <= 1, "a hundred lines for each request: {debug:?}");
}

#[test]
fn small_answers() {
    let run = played(1, "rotate_mode=cron&rotate_interval_s=3600", "19:30");
    assert_eq!(says(&run, "crontab -l"), "0 * * * * /usr/sbin/logrotate /etc/logrotate.d/app");
    assert_eq!(says(&run, "ls"), "app.log  app.log.1");
    assert!(says(&run, "cat /etc/logrotate.d/app").contains("size 500M\n    rotate 1\n    postrotate\n"));
    let silent = start(1, "rotate_mode=cron&reopen_mode=none");
    assert!(!says(&silent, "cat /etc/logrotate.d/app").contains("postrotate"));
    for (every, when) in [(86_400, "0 0"), (21_600, "0 */6"), (7000, "# every 7000 s:")] {
        let text = says(&start(1, &format!("rotate_mode=cron&rotate_interval_s={every}")), "crontab -l");
        assert!(text.starts_with(&format!("{when} ")), "{every}: {text}");
    }
    assert_eq!(says(&run, "date"), "19:30:00");
    assert!(columns(&says(&run, "ls -l"), "app.log.1")[4].starts_with("166680000"));
    assert_eq!(columns(&says(&run, "ls -l"), "app.log.1")[5], "19:00");
    assert_eq!(columns(&says(&played(1, "", "08:00"), "ls -l"), "app.log")[5], "05:59");
    // An empty file is as old as it is empty.
    let renamed = played(1, "rotate_mode=cron&rotate_interval_s=3600&reopen_mode=none", "22:00");
    assert_eq!(columns(&says(&renamed, "ls -l"), " app.log")[4..6], ["0", "19:00"]);
    let full = played(1, "at=06:30,truncate_log", "06:30");
    assert_eq!(columns(&says(&full, "ls -l"), "app.log")[2..6], ["root", "adm", "0", "06:30"]);
    let own = played(1, "log_writer_is_root=false", "20:00");
    assert_eq!(columns(&says(&own, "ls -l"), "app.log")[2], "app");
    assert_eq!(says(&run, "logrotate -f"), "");
    let run = played(1, "", "19:30");
    assert_eq!(says(&run, "crontab -l"), "no crontab for root");
    assert!(says(&run, "logrotate -f").starts_with("error: cannot stat"));
    let run =
        played(1, "rotate_mode=cron&reopen_mode=copytruncate&rotate_size_mb=100000&rotate_keep=2", "02:00");
    assert!(now(&run, "disk_used_pct") > 50.0);
    let help = says(&run, "help");
    let commands = LogFlood::terminal().unwrap().commands;
    assert!(commands.iter().all(|command| help.contains(command.usage()) && command.doc.ends_with('.')));
    assert!(help.len() < MOST_ANSWER);
    // What the lesson asks is not told before.
    assert!(!help.contains("/proc") && !help.contains("deleted") && !help.contains("name"), "{help}");
    assert_eq!(LogFlood::terminal().unwrap().completions("crontab"), ["crontab -l"]);
}

proptest! {
    #![proptest_config(fixed(64))]

    /// Whatever is typed, into whatever run: the answer is bounded, and the run is as it was.
    #[test]
    fn no_line_does_harm(replay in any_replay(), lines in prop::collection::vec("(?s).{0,250}", 1..20), pick in any::<prop::sample::Index>()) {
        let mut run = Run::<LogFlood>::new(replay);
        run.advance(at("02:00"), 20_000);
        let before = (run.fingerprint(), run.events(), run.now());
        let commands = LogFlood::terminal().unwrap().completions("");
        let known = String::from(commands[pick.index(commands.len())]);
        for line in lines.iter().chain([&known]) {
            let reply = run.command(line);
            prop_assert!(reply.text.chars().count() <= MOST_ANSWER);
            prop_assert!(reply.action.is_none_or(|action| action < SPEC.actions.len()));
            prop_assert_eq!(&reply, &run.command(line));
        }
        prop_assert_eq!((run.fingerprint(), run.events(), run.now()), before);
    }
}

#[test]
fn ten_thousand_lines_are_nothing() {
    let run = played(1, "", "20:00");
    let paste = "rm -rf /\n".repeat(10_000);
    let reply = run.command(&paste);
    assert!(reply.text.chars().count() < 100 && reply.action.is_none(), "{}", reply.text);
    assert_eq!(
        paste
            .lines()
            .map(|line| run.command(line).text)
            .filter(|text| text == "Nothing was run. This terminal knows: rm /var/log/app/app.log")
            .count(),
        10_000
    );
}
