//! What no compiler and no lint asks for, asked of every file: a convention counts when a test enforces it.
//!
//! Each table of exceptions gives a reason, and an exception that is no longer needed fails: the tables only shrink.

mod arrows;
mod stories;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::project;

/// What Git ignores, and its own.
const FOREIGN: [&str; 4] = [".git", ".tools", "dist", "target"];
const MAX_LINES: usize = 400;

/// Files of more lines, and why they may.
const LONG: [(&str, &str); 7] = [
    ("src/app/rooms/lesson/story/tests.rs", "one lesson under way, told from its first step to its last"),
    ("src/lesson/parse/prose.rs", "one walk over the events of Markdown; to be cut into blocks and inlines"),
    ("src/lesson/tests/broken.rs", "a table: each fault beside the sentence that names its cure"),
    ("src/sim/kernel/event_list.rs", "half of it is tests against a plain sorted list"),
    ("src/sim/tests/connection_pool/main.rs", "a table of the story's numbers, each with its bounds"),
    ("src/sim/tests/duplicate_delivery.rs", "the story's numbers, each with its bounds"),
    ("src/sim/tests/lab_model.rs", "a second, plain model of the lab, to be read as a whole"),
];

/// Names that say nothing of what is inside.
const LUMBER: [&str; 8] = ["util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"];

/// The hosts that a text of the project may name.
const HOSTS: [&str; 21] = [
    "127.0.0.1",
    "a.example",
    "example.org",
    // Public reports of incidents.
    "github.com",
    // What the glossary cites.
    "aws.amazon.com",
    "datatracker.ietf.org",
    "docs.aws.amazon.com",
    "doi.org",
    "learn.microsoft.com",
    "man7.org",
    "martinfowler.com",
    "pkg.go.dev",
    "redis.io",
    "sre.google",
    "www.postgresql.org",
    "www.rfc-editor.org",
    "json-schema.org",
    "rustup.rs",
    "stories.example",
    "www.apache.org",
    "www.w3.org",
];

struct File {
    /// From the root of the project, with slashes.
    path: String,
    text: String,
}

impl File {
    fn is_rust(&self) -> bool {
        self.kind() == Some("rs")
    }

    fn kind(&self) -> Option<&str> {
        Path::new(&self.path).extension()?.to_str()
    }
}

/// Every text file of the project.
fn files() -> Result<Vec<File>> {
    let root = project::root()?;
    let is_own = |name: &std::ffi::OsStr| !FOREIGN.iter().any(|foreign| name == *foreign);
    let walk = WalkDir::new(&root).sort_by_file_name().into_iter();
    let mut files = Vec::new();
    for entry in walk.filter_entry(|entry| is_own(entry.file_name())) {
        let entry = entry?;
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.path().strip_prefix(&root)?.to_str().context("a path is not UTF-8")?;
        // A picture is no text.
        if let Ok(text) = String::from_utf8(fs::read(entry.path())?) {
            files.push(File { path: path.replace('\\', "/"), text });
        }
    }
    assert!(files.len() > 200, "only {} files: the walk is broken", files.len());
    Ok(files)
}

/// Fails with everything that was found but is no listed exception, and with every exception that nothing needs.
fn assert_only(found: &[(String, String)], exceptions: &[(&str, &str)]) {
    let mut told: Vec<String> = Vec::new();
    for (key, what) in found {
        if !exceptions.iter().any(|(excepted, _)| excepted == key) {
            told.push(format!("{key}: {what}"));
        }
    }
    for (excepted, _) in exceptions {
        if !found.iter().any(|(key, _)| key == excepted) {
            told.push(format!("{excepted}: the exception is no longer needed: remove it"));
        }
    }
    assert!(told.is_empty(), "\n  {}\n", told.join("\n  "));
}

/// The places, as `path:line`, of the lines that `is_found` finds something in.
fn lines_where(files: &[File], is_found: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            if is_found(line) {
                found.push((format!("{}:{}", file.path, index + 1), line.trim().to_owned()));
            }
        }
    }
    found
}

#[test]
fn no_source_file_has_more_than_400_lines() -> Result<()> {
    let long: Vec<_> = files()?
        .iter()
        .filter(|file| matches!(file.kind(), Some("rs" | "css")))
        .map(|file| (file.path.clone(), file.text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(path, lines)| (path, format!("{lines} lines: cut it in two")))
        .collect();
    assert_only(&long, &LONG);
    Ok(())
}

/// Names of projects that are written like types.
const PROJECTS: [&str; 2] = ["FlexMeasures", "HikariCP"];

/// The names of types that stand in what `line` says to people: in a text of more than one word.
fn types_told(line: &str) -> Vec<&str> {
    let is_type = |word: &&str| {
        let bytes = word.as_bytes();
        !PROJECTS.contains(word)
            && bytes.first().is_some_and(u8::is_ascii_uppercase)
            && bytes.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
    };
    let texts = line.split('"').skip(1).step_by(2).filter(|text| text.trim().contains(' '));
    texts.flat_map(|text| text.split(|c: char| !c.is_alphanumeric())).filter(is_type).collect()
}

/// Renaming a type by search and replace once changed what a button says.
#[test]
fn no_text_for_people_says_the_name_of_a_type() -> Result<()> {
    let is_for_people = |file: &File| {
        let is_product =
            ["app", "cli", "lesson", "sim"].iter().any(|room| file.path.starts_with(&format!("src/{room}/")));
        file.is_rust() && is_product && !file.path.contains("tests")
    };
    let files: Vec<_> = files()?.into_iter().filter(is_for_people).collect();
    assert_only(&lines_where(&files, |line| !types_told(line).is_empty()), &[]);
    assert_eq!(types_told(r#"<button>{ "StartLesson me how it is" }</button>"#), ["StartLesson"]);
    assert_eq!(types_told(r#"find("LessonHost").expect("a word") + "JSON and CSV""#), [""; 0]);
    Ok(())
}

#[test]
fn no_file_or_module_is_a_lumber_room() -> Result<()> {
    let files = files()?;
    let is_lumber = |name: &str| LUMBER.contains(&name);
    let paths = files
        .iter()
        .filter(|file| file.path.split('/').any(|part| is_lumber(part.split('.').next().unwrap_or(part))));
    let mut found: Vec<_> =
        paths.map(|file| (file.path.clone(), String::from("name what is inside"))).collect();
    let is_module = |line: &str| {
        let name =
            line.trim().trim_start_matches("pub ").trim_start_matches("pub(crate) ").strip_prefix("mod ");
        name.is_some_and(|name| is_lumber(name.trim_end_matches(['{', ';', ' '])))
    };
    found.extend(lines_where(&files, is_module));
    assert_only(&found, &[]);
    Ok(())
}

#[test]
fn nothing_is_left_for_later() -> Result<()> {
    // In halves, so that this file does not name them itself.
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("dbg", "!(")];
    assert_only(&lines_where(&files()?, |line| words.iter().any(|word| line.contains(word))), &[]);
    Ok(())
}

#[test]
fn whatever_is_ignored_says_why() -> Result<()> {
    let rust: Vec<File> = files()?.into_iter().filter(File::is_rust).collect();
    let bare = [concat!("#[ig", "nore]"), concat!(" ig", "nore)]")];
    assert_only(&lines_where(&rust, |line| bare.iter().any(|form| line.contains(form))), &[]);
    Ok(())
}

#[test]
fn no_text_knows_the_machine_that_it_was_written_on() -> Result<()> {
    let folders =
        [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];
    let is_foreign_host = |line: &str| {
        let mut addresses = line.split("://").skip(1);
        addresses.any(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-');
            let host = rest[..end.unwrap_or(rest.len())].trim_end_matches('.');
            host.contains('.') && !HOSTS.contains(&host)
        })
    };
    // Cargo writes where it finds each package of a registry into the lock file.
    let is_from_registry = |line: &str| line.starts_with("source = \"registry+");
    let files = files()?;
    let is_found = |line: &str| {
        let is_foreign = folders.iter().any(|folder| line.contains(folder)) || is_foreign_host(line);
        is_foreign && !is_from_registry(line)
    };
    assert_only(&lines_where(&files, is_found), &[]);
    Ok(())
}

#[test]
fn an_exception_is_needed_and_everything_else_is_told() {
    let found = [("a".to_owned(), "broken".to_owned())];
    assert_only(&found, &[("a", "a reason")]);
    for exceptions in [vec![], vec![("a", "a reason"), ("b", "no longer needed")]] {
        assert!(std::panic::catch_unwind(|| assert_only(&found, &exceptions)).is_err(), "{exceptions:?}");
    }
}
