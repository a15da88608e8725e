//! Who may know whom: between the crates and between the folders, arrows go one way.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::{File, assert_only, files};

/// Each crate, and the crates of the project that its sources may name.
const CRATES: [(&str, &[&str]); 8] = [
    ("sim", &["warstories_sim"]),
    ("lesson", &["warstories_lesson", "warstories_sim"]),
    ("cli", &["warstories_lesson", "warstories_sim"]),
    ("app", &["warstories_app", "warstories_lesson", "warstories_sim"]),
    ("site", &["warstories_lesson", "warstories_sim"]),
    ("yaml", &["warstories_sim"]),
    ("xtask", &["xtask"]),
    ("e2e", &["e2e", "warstories_lesson", "warstories_sim", "xtask"]),
];
/// All of them, as sources name them.
const NAMES: [&str; 5] = ["warstories_app", "warstories_lesson", "warstories_sim", "xtask", "e2e"];

/// The floors of the simulator, lowest first, each with the modules that its crate knows by their own names.
const FLOORS: [(&str, &[&str]); 4] = [
    (
        "kernel",
        &["clock", "decimal", "event_list", "histogram", "money", "random", "suggest", "time", "unit"],
    ),
    (
        "model",
        &[
            "announce",
            "course",
            "diagram",
            "docs",
            "document",
            "engine",
            "run",
            "exhibit",
            "explore",
            "format",
            "inert",
            "theory",
            "metric",
            "parameter",
            "probe",
            "replay",
            "scenario",
            "series",
            "spec",
            "snapshot",
            "summary",
            "terminal",
            "Playable",
            "Scenario",
            "ScenarioSpec",
            "Replay",
            "Run",
            "Ctx",
        ],
    ),
    ("resource", &["resource"]),
    ("scenarios", &["link", "Link", "scenarios", "SCENARIOS"]),
];

/// The floors of the page, lowest first.
const PAGE_FLOORS: [(&str, &[&str]); 5] = [
    ("browser", &["browser"]),
    ("run", &["run"]),
    ("view", &["view"]),
    ("rooms", &["rooms"]),
    ("app", &["app"]),
];

/// The modules of its crate that a source at `path` must not know, because they stand above it.
fn above(path: &str) -> Vec<&'static str> {
    let of = |house: &str, floors: &[(&str, &[&'static str])]| -> Vec<&'static str> {
        let floor = floors.iter().position(|(floor, _)| belongs_to(path, &format!("{house}/{floor}")));
        let above = floor.map_or(&[][..], |floor| &floors[floor + 1..]);
        above.iter().flat_map(|(_, modules)| *modules).copied().collect()
    };
    [of("sim", &FLOORS), of("app", &PAGE_FLOORS)].concat()
}

/// Where a module knows one that it should not, as `path -> module`.
const BROKEN: [(&str, &str); 0] = [];

/// The modules that a source names from the root of its crate, or from a module above it.
fn modules(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for root in ["crate::", "super::"] {
        for (at, _) in text.match_indices(root) {
            let rest = &text[at + root.len()..];
            match rest.strip_prefix('{') {
                Some(group) => found.extend(heads(group)),
                None => found.extend(identifier(rest)),
            }
        }
    }
    found
}

/// The first name of each path in a group that has been opened: `a` and `c` in `a::{b}, c}`.
fn heads(group: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut heads) = (0, 0, Vec::new());
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                heads.extend(identifier(group[begin..at].trim_start()));
                begin = at + 1;
                if character == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads
}

fn identifier(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}

/// Whether a source names a crate as the beginning of a path.
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let is_path = text[at + name.len()..].starts_with("::");
        let is_word = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        is_path && is_word
    })
}

/// The code of a file without its comments, which may speak of everything.
fn code(file: &File) -> String {
    let lines = file.text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn arrows_between_the_crates_go_one_way() -> Result<()> {
    let mut found = Vec::new();
    for file in files()?.iter().filter(|file| file.is_rust()) {
        let folder = file.path.split('/').nth(1).context("a source outside src/")?;
        let (_, may) = CRATES
            .iter()
            .find(|(name, _)| *name == folder)
            .with_context(|| format!("{} belongs to no crate that is known here", file.path))?;
        let code = code(file);
        for name in NAMES.iter().filter(|name| !may.contains(name) && names(&code, name)) {
            found.push((file.path.clone(), format!("must not know {name}")));
        }
    }
    assert_only(&found, &[]);
    Ok(())
}

#[test]
fn arrows_between_the_folders_go_one_way() -> Result<()> {
    let mut found = Vec::new();
    for file in files()?.iter().filter(|file| file.is_rust()) {
        let path = file.path.strip_prefix("src/").unwrap_or(&file.path);
        let code = code(file);
        for module in modules(&code).intersection(&above(path).into_iter().collect()) {
            found.push((format!("{} -> {module}", file.path), String::from("an arrow upwards")));
        }
    }
    assert_only(&found, &BROKEN);
    Ok(())
}

#[test]
fn each_module_of_the_simulator_is_listed_on_its_floor() -> Result<()> {
    let files = files()?;
    for (floor, modules) in &FLOORS[..2] {
        let prefix = format!("src/sim/{floor}/");
        let names = files.iter().filter_map(|file| file.path.strip_prefix(&prefix)?.strip_suffix(".rs"));
        let missing: Vec<_> = names.filter(|name| !name.contains('/') && !modules.contains(name)).collect();
        assert!(missing.is_empty(), "name {missing:?} in FLOORS under {floor}");
    }
    Ok(())
}

/// Whether a path is a module's own file, or lies in its folder.
fn belongs_to(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

#[test]
fn the_modules_that_a_source_uses_are_read_from_every_form() {
    let source =
        "use crate::engine::{Ctx, Run};\nuse crate::{pages::{a, b}, view};\nlet at = crate::time::now();";
    assert_eq!(modules(source).into_iter().collect::<Vec<_>>(), ["engine", "pages", "time", "view"]);
    assert!(names("use xtask::serve;", "xtask") && !names("let x = my_xtask::y", "xtask"));
    assert_eq!(above("sim/resource/fifo.rs"), ["link", "Link", "scenarios", "SCENARIOS"]);
    assert_eq!(above("app/run/tape.rs"), ["view", "rooms", "app"]);
    assert!(belongs_to("sim/random/normal.rs", "sim/random") && !belongs_to("sim/randomly.rs", "sim/random"));
}
