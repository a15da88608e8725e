//! A run leaves the command as a link and comes back as one.

mod command;

use command::{call, json, refusal, repeatable, string, text};
use serde_json::json;

const BUSY: [&str; 17] = [
    "run",
    "queueing_lab",
    "--seed",
    "7",
    "--set",
    "servers=2",
    "--at",
    "60",
    "servers=1",
    "--at",
    "60.5",
    "discipline=processor_sharing",
    "--act",
    "90",
    "clear_queue",
    "--until",
    "120",
];
const LINK: &str = "queueing_lab?seed=7&servers=2&at=60,servers=1&at=60.5,discipline=processor_sharing&at=90,clear_queue&t=120";

/// Two experiments that differ in what is done during the run look different.
#[test]
fn json_tells_what_is_done_during_the_run_and_the_link_that_plays_it() {
    let run = repeatable(&[&BUSY[..], &["--json"]].concat());
    assert_eq!(string(&run, "replay"), LINK);
    assert_eq!(
        run["inputs"],
        json!([
            {"at_s": 60.0, "parameter": "servers", "value": 1},
            {"at_s": 60.5, "parameter": "discipline", "value": "processor_sharing"},
            {"at_s": 90.0, "action": "clear_queue"},
        ])
    );
    assert_eq!(run["parameters"]["servers"], 2, "parameters are those at the start");
    let many = json(&[&BUSY[..], &["--replicate", "2", "--json"]].concat());
    assert_eq!((&many["inputs"], &many["replay"]), (&run["inputs"], &run["replay"]));
    assert_eq!(json(&["run", "queueing_lab", "--until", "1", "--json"])["inputs"], json!([]));
}

#[test]
fn a_link_plays_what_it_says_however_it_is_copied() {
    let run = repeatable(&[&BUSY[..], &["--json"]].concat());
    for before in ["", "#/play/", "/play/", "https://stories.example/some/folder/#/play/"] {
        let link = format!("{before}{LINK}");
        if before == "/play/" {
            assert!(refusal(&["run", "--replay", &link]).contains("there is no scenario"), "{link}");
        } else {
            assert_eq!(repeatable(&["run", "--replay", &link, "--json"]), run, "{link}");
        }
    }
    assert_eq!(text(&["run", "--replay", LINK]), text(&BUSY));
    // The page writes a link as its address bar spells it.
    let encoded = LINK.replace(',', "%2C");
    assert_eq!(repeatable(&["run", "--replay", &encoded, "--json"]), run);
}

#[test]
fn a_link_without_a_moment_lasts_as_long_as_its_story_and_until_says_otherwise() {
    let until = |args: &[&str]| json(&[&["run", "--json"], args].concat())["until_s"].clone();
    assert_eq!(until(&["--replay", "queueing_lab"]), 600.0);
    assert_eq!(until(&["--replay", "queueing_lab?t=30"]), 30.0);
    assert_eq!(until(&["--replay", "queueing_lab?t=30", "--until", "40"]), 40.0);
}

#[test]
fn options_that_contradict_a_link_are_refused() {
    let contradictions: [(&[&str], &str); 5] = [
        (&["queueing_lab"], "leave the scenario out"),
        (&["--seed", "2"], "leave --seed out"),
        (&["--set", "servers=2"], "leave --set out"),
        (&["--at", "60", "servers=2"], "leave --at out"),
        (&["--act", "60", "clear_queue"], "leave --act out"),
    ];
    for (options, part) in contradictions {
        let told = refusal(&[&["run", "--replay", LINK], options].concat());
        assert!(told.contains("--replay says everything") && told.contains(part), "{told}");
    }
}

#[test]
fn a_link_that_cannot_be_played_as_it_is_is_refused() {
    for (link, parts) in [
        ("", &["there is no scenario"][..]),
        ("#/learn/why_queues_explode", &["the address of a lesson", "press Share", "#/play/"]),
        ("https://stories.example/#/learn/own/2?seed=1&t=30", &["the address of a lesson"]),
        ("queuing_lab", &["did you mean \"queueing_lab\"?"]),
        ("queueing_lab?server=2", &["\"server\"", "\"servers\""]),
        ("queueing_lab?seed=x", &["the seed cannot be"]),
        ("connection_pool?at=02:00,sleep_ms=0", &["\"02:00\" is before the story begins"]),
    ] {
        let told = refusal(&["run", "--replay", link]);
        assert!(parts.iter().all(|part| told.contains(part)), "{link}: {told}");
    }
}

#[test]
fn a_time_of_day_before_the_story_is_refused_unless_the_run_lasts_until_then() {
    for options in [
        ["--until", "02:00", "--json"],
        ["--until", "02:29:59", "--json"],
        ["--at", "02:00", "sleep_ms=0"],
        ["--act", "00:00", "restart_now"],
    ] {
        let told = refusal(&[&["run", "connection_pool"], &options[..]].concat());
        assert!(told.contains("before the story begins; its clock runs from 02:30:00 to 03:50:00"), "{told}");
    }
    // Later than the run lasts is still the same day.
    let later = json(&["run", "duplicate_delivery", "--until", "11:00", "--json"]);
    assert_eq!(later["until_s"], 7200.0);
    // The seconds that the sentence names are taken.
    let day = ["run", "duplicate_delivery", "--set", "order_rate_per_min=0", "--until", "84600", "--json"];
    assert_eq!(json(&day)["until_s"], 84600.0);
}

#[test]
fn a_crash_at_a_step_that_the_handler_does_not_have_is_noted() {
    let note = |options: &[&str]| {
        let output = call(&[&["run", "duplicate_delivery", "--until", "60"], options].concat());
        assert!(output.status.success());
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let told = "No worker dies at \"check or claim\": this handler has no such step.\n";
    assert_eq!(note(&["--set", "crash_step=check"]), format!("note: from 0 s on: {told}"));
    assert_eq!(note(&["--at", "30", "crash_step=check"]), format!("note: from 30 s on: {told}"));
    assert_eq!(note(&["--at", "30", "crash_step=check", "--at", "30", "dedupe=mark_first"]), "");
    assert_eq!(note(&["--set", "crash_step=check", "--set", "dedupe=claim_lease"]), "");
    assert_eq!(note(&["--at", "90", "crash_step=check"]).lines().count(), 1, "it does not happen");
}
