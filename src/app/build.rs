//! Reads the lessons of the house, so that the page can list them and none goes out that does not fit its scenario.
#![allow(clippy::unwrap_used, reason = "a build fails loudly")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let folder = Path::new("../../lessons");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        path.extension().is_some_and(|extension| extension == "md") && !path.ends_with("README.md")
    });
    files.sort();
    let mut lessons = Vec::new();
    let mut problems = Vec::new();
    for path in &files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match warstories_lesson::parse::read(&fs::read_to_string(path).unwrap()) {
            Ok(lesson) => lessons.push((name.trim_end_matches(".md").to_owned(), lesson)),
            Err(found) => problems.extend(found.iter().map(|problem| format!("lessons/{name}:{problem}"))),
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    // As the scenarios are taught.
    let place = |id: &str| warstories_sim::SCENARIOS.iter().position(|entry| entry.spec.id == id);
    lessons.sort_by_key(|(_, lesson)| place(&lesson.scenario));
    let mut table =
        String::from("/// The lessons of the house, in teaching order.\npub const LESSONS: &[Entry] = &[\n");
    for (id, lesson) in &lessons {
        let (title, summary, minutes, steps) =
            (&lesson.title, &lesson.summary, lesson.minutes, lesson.steps.len());
        let scenario = &lesson.scenario;
        writeln!(table, "    Entry {{ id: {id:?}, title: {title:?}, summary: {summary:?}, minutes: {minutes}, steps: {steps}, scenario: {scenario:?} }},").unwrap();
    }
    table.push_str("];\n");
    fs::write(Path::new(&env::var_os("OUT_DIR").unwrap()).join("lessons.rs"), table).unwrap();
}
