//! Wrong calls: exit code 2, nothing on standard output, one sentence that names what is wrong and the cure.

mod command;

use std::fs;

/// Calls of `run queueing_lab`, and what the sentence must say.
const RUNS: &[(&[&str], &[&str])] = &[
    (&["--set", "server=2"], &["\"server\"", "\"servers\""]),
    (&["--set", "waiting=2"], &["\"waiting\"", "; there is servers, "]),
    (&["--set", "servces=2"], &["\"servces\"", "did you mean \"servers\"?"]),
    (&["--set", "servers"], &["servers", "servers=VALUE", "1 to 1000"]),
    (&["--set", "servers="], &["servers", "1 to 1000"]),
    (&["--set", ""], &["\"\"", "; there is servers, "]),
    (&["--set", "=2"], &["\"\"", "; there is servers, "]),
    (&["--set", "servers=0"], &["\"0\"", "1 to 1000"]),
    (&["--set", "servers=1001"], &["\"1001\"", "1 to 1000"]),
    (&["--set", "servers=1.5"], &["\"1.5\"", "whole number"]),
    (&["--set", "servers=-1"], &["\"-1\"", "1 to 1000"]),
    (&["--set", "servers=1e2"], &["\"1e2\"", "1 to 1000"]),
    (&["--set", "servers=nan"], &["\"nan\"", "1 to 1000"]),
    (&["--set", "servers=two\nlines"], &["servers", "1 to 1000"]),
    (&["--set", "servers=2", "--set", "servers=3"], &["servers", "twice"]),
    (&["--set", "servers=2x"], &["\"2x\"", "without its unit", "it has none"]),
    (&["--set", "service_ms=100ms"], &["\"100ms\"", "without its unit", "it is ms", "0.1 to 60000"]),
    (&["--set", "service_ms=0.1 s"], &["\"0.1 s\"", "it is ms"]),
    (&["--set", "service_ms=inf"], &["\"inf\"", "0.1 to 60000"]),
    (&["--set", "discipline=lifo"], &["\"lifo\"", "one of fifo, processor_sharing", "\"fifo\""]),
    (&["--set", "may_wait=yes"], &["\"yes\"", "true or false"]),
    (&["--set"], &["--set", "--help"]),
    (&["--at", "60", "server=2"], &["\"server\"", "\"servers\""]),
    (&["--at", "60", "servers=0"], &["\"0\"", "1 to 1000"]),
    (&["--at", "60", "service_ms=1s"], &["\"1s\"", "it is ms"]),
    (&["--at", "60s", "servers=2"], &["\"60s\"", "not a time", "seconds"]),
    (&["--at", "-1", "servers=2"], &["--at: -1 s is before the run begins", "at least 0 s"]),
    (&["--at", "servers=2", "60"], &["\"60\"", "parameter"]),
    (&["--at", "25:00:00", "servers=2"], &["\"25:00:00\"", "not a time"]),
    (&["--at", "2592001", "servers=2"], &["2592001", "at most 2592000 s"]),
    (&["--at", "60"], &["--at", "2 values"]),
    (&["--at", "60", "servers=2", "--at", "00:01:00", "servers=3"], &["servers", "twice at 60 s"]),
    (&["--act", "60", "clear"], &["\"clear\"", "\"clear_queue\""]),
    (&["--act", "noon", "clear_queue"], &["\"noon\"", "not a time"]),
    (&["--act", "2592001", "clear_queue"], &["2592001", "at most 2592000 s"]),
    (&["--act", "60"], &["--act", "2 values"]),
    (&["--until", "2592000.1"], &["2592000.1", "at most 2592000 s (30 days)"]),
    (&["--until", "10m"], &["\"10m\"", "not a time", "seconds"]),
    (&["--until", "-5"], &["--until: -5 s is before the run begins", "at least 0 s"]),
    (&["--until", "99999999999"], &["--until: 99999999999 s is past the end", "at most 2592000 s (30 days)"]),
    (&["--until", "99999999999999999999"], &["past the end", "at most 2592000 s (30 days)"]),
    (&["--until", "1", "--until", "2"], &["--until", "twice"]),
    (&["--seed", "-1"], &["\"-1\"", "0 to 18446744073709551615"]),
    (&["--seed", "one"], &["\"one\"", "0 to 18446744073709551615"]),
    (&["--seed", "18446744073709551616"], &["seed", "0 to 18446744073709551615"]),
    (&["--replicate", "0"], &["\"0\"", "1 to 10000"]),
    (&["--replicate", "10001"], &["\"10001\"", "1 to 10000"]),
    (&["--replicate", "+3"], &["\"+3\"", "1 to 10000"]),
    (&["--replicate", "2", "--seed", "18446744073709551615"], &["2 seeds", "at most 18446744073709551614"]),
    (&["--replicate", "2", "--csv", "x.csv"], &["--csv", "--replicate"]),
    (&["--csv", "no/such/folder/x.csv"], &["no/such/folder/x.csv"]),
    (&["--csv", "-", "--json"], &["--csv -", "--json", "name a file"]),
    (&["--json=yes"], &["--json", "yes"]),
    (&["--sed", "1"], &["\"--sed\"", "\"--seed\""]),
    (&["-x"], &["\"-x\"", "--help"]),
    (&["servers=2"], &["\"servers=2\"", "--set servers=2"]),
    (&["more"], &["\"more\"", "--help"]),
];

/// Other calls.
const CALLS: &[(&[&str], &[&str])] = &[
    (&[], &["list, run, check"]),
    (&["runs"], &["\"runs\"", "list, run, check"]),
    (&["--foo"], &["\"--foo\"", "--help"]),
    (&["run"], &["<SCENARIO>", "warstories list"]),
    (&["run", "queuing_lab"], &["\"queuing_lab\"", "\"queueing_lab\""]),
    (&["run", ""], &["\"\"", "; there is queueing_lab, connection_pool, "]),
    (&["run", "lorem ipsum"], &["\"lorem ipsum\"", "; there is queueing_lab, connection_pool, "]),
    (&["list", "queue"], &["\"queue\"", "did you mean"]),
    (&["list", "queueing_lab", "more"], &["\"more\"", "--help"]),
    (&["list", "--jsn"], &["\"--jsn\"", "\"--json\""]),
    (&["check", "no/such/file.md"], &["there is no file or folder \"no/such/file.md\"", "name a lesson"]),
    (&["check", "--seeds", "abc"], &["--seeds cannot be \"abc\"", "a whole number from 1 to 1000"]),
    (&["check", "--seeds", "-1"], &["--seeds cannot be \"-1\"", "from 1 to 1000"]),
    (&["check", "--all"], &["\"--all\"", "--help"]),
];

fn refused(args: &[&str], parts: &[&str]) {
    let sentence = command::refusal(args);
    for part in parts {
        assert!(sentence.contains(part), "{args:?} does not say {part:?}: {sentence}");
    }
}

#[test]
fn a_wrong_call_gets_one_sentence() {
    for (options, parts) in RUNS {
        refused(&[&["run", "queueing_lab"], *options].concat(), parts);
    }
    for (args, parts) in CALLS {
        refused(args, parts);
    }
}

#[test]
fn more_inputs_than_a_replay_holds_are_refused() {
    let times: Vec<String> = (0..1001).map(|time| time.to_string()).collect();
    let options = times.iter().flat_map(|time| ["--act", time, "clear_queue"]);
    let args: Vec<_> = ["run", "queueing_lab"].into_iter().chain(options).collect();
    refused(&args, &["at most 1000"]);
}

#[cfg(unix)]
#[test]
fn text_that_is_none_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let mut command = command::command(&["run", "queueing_lab", "--set"]);
    let output =
        command.arg(std::ffi::OsStr::from_bytes(b"servers=\xFF")).output().expect("the command starts");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "an argument is not UTF-8 text; write it in UTF-8\n");
}

#[test]
fn lessons_are_checked_and_what_is_wrong_has_a_file_and_a_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let write = |name: &str, text: &[u8]| fs::write(path(name), text).expect("the file can be written");
    let here = path("");
    refused(&["check", &here], &[&format!("there are no lessons in {here}; name a file")]);
    write("README.md", b"# For authors\n");
    write("notes.txt", b"not a lesson\n");
    refused(&["check", &here], &[&format!("there are no lessons in {here}; name a file")]);
    let front = "title = \"Queues\"\nsummary = \"How long one waits.\"\nminutes = 5\n";
    let watch = concat!(
        "## Watch\n```observe\nquestion = \"What did you see?\"\n",
        "[[statement]]\ntext = \"Many came.\"\ntest = \"arrived at 60 >= 100\"\nholds = true\nbecause = \"They did.\"\n",
        "[[statement]]\ntext = \"Nobody.\"\ntest = \"arrived at 60 <= 0\"\nbecause = \"Many did.\"\n```\n",
        "```explain\nquestion = \"Why?\"\nours = \"By chance.\"\n```\n",
        "```challenge\ntext = \"Hurry.\"\ntests = [\"mean sojourn_ms at 600 <= 80\"]\npar = 1\n",
        "solution = [\"service_ms=10\"]\n```\n",
    );
    let lesson =
        format!("+++\nscenario = \"queueing_lab\"\n{front}[start]\nservers = 2\n+++\n{watch}The [[p99]].\n");
    write("queues.md", lesson.as_bytes());
    // The challenge is met neither by the fewest nor by the most of the servers that the lesson starts with.
    let tried = "none of 2 single changes meets a goal without what is taught, or a challenge that takes more than one change";
    let fits = format!("{} fits its scenario; {tried}\n", path("queues.md"));
    assert_eq!(command::text(&["check", &here]), fits);
    let twice = format!("{fits}{fits}2 lessons fit their scenarios\n");
    assert_eq!(command::text(&["check", &here, &path("queues.md")]), twice);
    refused(&["check", &path("README.md")], &["README.md:1: ", "write +++"]);
    // A glossary beside the lessons is theirs; without one they have that of the house.
    let glossary = path("glossary.md");
    write("glossary.md", b"Words.\n\n## p99\nOne in a hundred is slower.\n");
    let used = format!("{glossary} has 1 entry, each of which some lesson uses\n");
    assert_eq!(command::text(&["check", &here]), format!("{fits}{used}"));
    assert_eq!(command::text(&["check", &glossary]), format!("{glossary} has 1 entry\n"));
    assert_eq!(command::text(&["check", &path("queues.md")]), fits);
    write("glossary.md", b"Words.\n\n## p99\nOne in a hundred is slower.\n\n## knee\nA turn.\n");
    refused(
        &["check", &here],
        &["glossary.md:6: ", "no lesson uses \"knee\"; write [[knee]] in one that does"],
    );
    assert_eq!(command::text(&["check", &path("queues.md")]), fits);
    write("glossary.md", b"Words.\n\n## knee\nA turn.\n");
    refused(&["check", &path("queues.md")], &["queues.md:", "the glossary has no entry \"p99\""]);
    write("glossary.md", b"Words.\n\n## p99\n");
    refused(&["check", &path("queues.md")], &["glossary.md:3: ", "\"p99\" has no meaning"]);
    fs::remove_file(&glossary).expect("the file can be removed");
    // In the folder of the house each lesson introduces words of the trade; another of the same name does not, unless it
    // has a glossary beside it.
    write("why_queues_explode.md", lesson.as_bytes());
    assert!(command::text(&["check", &here]).contains("2 lessons fit"));
    write("glossary.md", b"Words.\n\n## p99\nOne in a hundred is slower.\n");
    let told = command::call(&["check", &path("why_queues_explode.md")]);
    let told = String::from_utf8(told.stderr).expect("UTF-8");
    let plain = "\"p99\" is used here first, without being introduced; write **[[p99]]**";
    assert!(told.lines().any(|line| line.ends_with(plain)), "{told}");
    for name in ["glossary.md", "why_queues_explode.md"] {
        fs::remove_file(path(name)).expect("the file can be removed");
    }
    write("wrong.md", lesson.replace("servers", "server").as_bytes());
    refused(&["check", &here], &["wrong.md:7: ", "\"server\"", "did you mean \"servers\"?"]);
    write("wrong.md", b"+++\ntitle\n\xFF\n+++\n");
    refused(&["check", &here], &["wrong.md:3: ", "UTF-8"]);
    write("wrong.md", &vec![b'x'; 2 << 20]);
    refused(&["check", &here], &["wrong.md", "1048576 bytes"]);
}

/// Decks of interview questions lie beside lessons or alone, and are told apart by their front matter.
#[test]
fn decks_are_checked_as_lessons_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("deck.md").to_str().expect("UTF-8").to_owned();
    let row = |level| format!("[[row]]\nlevel = \"{level}\"\nsays = \"Yes.\"\nprobe = \"Why?\"\n");
    let deck = format!(
        "+++\ndeck = \"Waiting\"\nsummary = \"Queues.\"\n+++\n## Half busy\n```question\nid = \"half\"\nasks = \"Who waits?\"\nanswer = \"Some.\"\n{}{}{}[evidence]\nplay = \"#/play/queueing_lab?t=60\"\nshows = \"Some.\"\ntest = \"arrived >= 1\"\n```\n",
        row("mid"),
        row("senior"),
        row("staff"),
    );
    fs::write(&path, &deck).expect("the file can be written");
    assert_eq!(command::text(&["check", &path]), format!("{path} is borne out by its runs; questions: 1\n"));
    fs::write(&path, deck.replace("arrived >= 1", "arrived <= 1")).expect("the file can be written");
    refused(
        &["check", &path],
        &["deck.md:25: ", "measured", "the link does not show what the question says"],
    );
    fs::write(&path, deck.replace("deck = ", "deck = 5 #")).expect("the file can be written");
    refused(&["check", &path], &["deck.md:2: "]);
}

/// A pipe that nobody writes to never ends: it is refused where it is called a lesson, and passed over elsewhere.
#[cfg(unix)]
#[test]
fn what_is_neither_a_file_nor_a_folder_is_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let pipe = |name: &str| {
        let made = std::process::Command::new("mkfifo").arg(path(name)).status().expect("mkfifo starts");
        assert!(made.success());
    };
    std::os::unix::fs::symlink(folder.path(), path("loop")).expect("a link");
    pipe("pipe");
    refused(&["check", &path("")], &["there are no lessons"]);
    pipe("pipe.md");
    refused(&["check", &path("")], &["pipe.md", "it is not a file"]);
    refused(&["check", &path("pipe")], &["it is not a file"]);
    refused(&["check", "/dev/zero"], &["it is not a file"]);
}
