//! Proving the lessons and the decks of interview questions against the simulator: only those that have not been proven by this very program.

use std::path::Path;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::tools::Toolbox;
use crate::{fingerprint, run};

/// What tells authors how to write one, and what words mean; no lessons.
const OTHERS: [&str; 2] = ["README.md", "glossary.md"];
/// Where lessons lie, those to begin with and the decks included.
const FOLDERS: [&str; 3] = ["lessons", "lessons/interview", "lessons/skeletons"];
/// One file for each lesson: the fingerprint with which it was proven.
const PROVEN: &str = "target/lessons";

/// Beside all that the native tests have built, so that the simulator is not compiled a second time for it.
const BUILD: [&str; 6] = ["build", "--workspace", "--exclude", "e2e", "--bin", "warstories"];

/// Runs `warstories check` on each lesson that it has not passed before, or on all of them where `CI=true`.
///
/// The built program stands for all that it is made from: simulator, lesson crate, libraries and compiler.
pub(crate) fn prove(tools: &Toolbox) -> Result<()> {
    let root = tools.root();
    run::visibly(tools.cargo().args(BUILD))?;
    let program = format!("target/debug/warstories{}", env::consts::EXE_SUFFIX);
    let lessons = lessons(root)?;
    let in_full = env::var_os("CI").is_some_and(|value| value == "true");
    let open = if in_full { lessons.clone() } else { unproven(root, &program, &lessons)? };
    println!("{} of {} lessons to be proven", open.len(), lessons.len());
    if open.is_empty() {
        return Ok(());
    }
    // Taken before the check: a lesson that is saved meanwhile differs from it the next time.
    let stamps = stamps(root, &program, &open)?;
    run::visibly(tools.command(root.join(&program)).arg("check").args(&open))?;
    fs::create_dir_all(root.join(PROVEN))?;
    for (lesson, stamp) in open.iter().zip(stamps) {
        let place = place(root, lesson);
        fs::write(&place, stamp).with_context(|| format!("{} cannot be written.", place.display()))?;
    }
    Ok(())
}

/// The lessons of the house, as paths from its root, by name.
fn lessons(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for folder in FOLDERS {
        for entry in fs::read_dir(root.join(folder))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let is_markdown = Path::new(&name).extension().is_some_and(|kind| kind == "md");
            let is_lesson = is_markdown && !OTHERS.contains(&name.as_str());
            names.extend(is_lesson.then(|| format!("{folder}/{name}")));
        }
    }
    names.sort();
    Ok(names)
}

/// Those that are not what this program has passed before.
fn unproven(root: &Path, program: &str, lessons: &[String]) -> Result<Vec<String>> {
    let stamps = stamps(root, program, lessons)?;
    let is_open = |(lesson, stamp): &(&String, String)| {
        fs::read_to_string(place(root, lesson)).ok().as_ref() != Some(stamp)
    };
    Ok(lessons.iter().zip(stamps).filter(is_open).map(|(lesson, _)| lesson.clone()).collect())
}

fn stamps(root: &Path, program: &str, lessons: &[String]) -> Result<Vec<String>> {
    let program = fingerprint::of(root, &[program])?;
    lessons
        .iter()
        .map(|lesson| Ok(format!("{program:016x} {:016x}", fingerprint::of(root, &[lesson])?)))
        .collect()
}

fn place(root: &Path, lesson: &str) -> std::path::PathBuf {
    root.join(PROVEN).join(Path::new(lesson).file_stem().unwrap_or_default()).with_extension("stamp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_lesson_alone_is_proven_again_and_a_changed_program_proves_all() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        for folder in FOLDERS {
            fs::create_dir_all(root.join(folder))?;
        }
        fs::create_dir_all(root.join(PROVEN))?;
        for (file, text) in [
            ("program", "1"),
            ("lessons/a.md", "a"),
            ("lessons/b.md", "b"),
            ("lessons/README.md", ""),
            ("lessons/glossary.md", ""),
            ("lessons/interview/d.md", "d"),
            ("lessons/skeletons/c.md", "c"),
        ] {
            fs::write(root.join(file), text)?;
        }
        let all = lessons(root)?;
        assert_eq!(all, ["lessons/a.md", "lessons/b.md", "lessons/interview/d.md", "lessons/skeletons/c.md"]);
        assert_eq!(unproven(root, "program", &all)?, all);
        for (lesson, stamp) in all.iter().zip(stamps(root, "program", &all)?) {
            fs::write(place(root, lesson), stamp)?;
        }
        assert!(unproven(root, "program", &all)?.is_empty());
        fs::write(root.join("lessons/b.md"), "changed")?;
        assert_eq!(unproven(root, "program", &all)?, ["lessons/b.md"]);
        fs::write(root.join("program"), "2")?;
        assert_eq!(unproven(root, "program", &all)?, all);
        Ok(())
    }
}
