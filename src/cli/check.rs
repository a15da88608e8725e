//! `warstories check`: lessons against the scenarios they are about.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;
use warstories_lesson::attempts::{Tried, try_all};
use warstories_lesson::{Lesson, check, parse};

use crate::arguments::count;
use crate::errors::one_line;
use crate::replicate::progress;

/// Bytes of a lesson, so that a wrong path cannot fill the memory.
const MAX_BYTES: u64 = parse::MAX_BYTES as u64;
/// Seeds under which a lesson is proven, at most.
const MAX_SEEDS: u64 = 1000;
/// What the folder tells its authors; not a lesson.
const README: &str = "README.md";

/// Which lessons to check.
#[derive(clap::Args)]
pub struct CheckArgs {
    /// Lessons, or folders of lessons
    #[arg(value_name = "FILE|FOLDER", default_value = "lessons/")]
    paths: Vec<PathBuf>,
    /// Seeds under which everything is proven: the lesson's own and those that follow it
    #[arg(long, value_name = "N", default_value_t = check::SEEDS.to_string(), allow_negative_numbers = true)]
    seeds: String,
}

/// Checks every lesson, plays what it claims, and tells how many there are.
///
/// # Errors
/// One line for each thing that is wrong: `file:line: sentence`.
pub fn check(args: &CheckArgs) -> Result<String, String> {
    let seeds = count("--seeds", &args.seeds, MAX_SEEDS)?;
    let mut paths = Vec::new();
    for path in &args.paths {
        paths.extend(find(path)?);
    }
    if paths.is_empty() {
        let places: Vec<_> = args.paths.iter().map(|path| shown(path)).collect();
        return Err(format!(
            "there are no lessons in {}; name a file, or a folder with files *.md",
            places.join(", ")
        ));
    }
    let read: Vec<_> = paths.iter().map(|path| lesson(path)).collect();
    // Every seed of every lesson, and the attempts on it, are work of their own: all cores have some until the last.
    let jobs: Vec<(usize, Option<u64>)> = (0..paths.len())
        .flat_map(|file| std::iter::once(None).chain((0..seeds).map(Some)).map(move |nth| (file, nth)))
        .collect();
    let bar = progress(jobs.len() as u64);
    let proven: Vec<(usize, Tried)> = jobs
        .into_par_iter()
        .map(|(file, nth)| {
            let tried = match (&read[file], nth) {
                (Err(_), _) => Tried::default(),
                (Ok(lesson), None) => try_all(lesson),
                (Ok(lesson), Some(nth)) => {
                    Tried { problems: check::prove_seed(lesson, nth), ..Tried::default() }
                }
            };
            bar.inc(1);
            (file, tried)
        })
        .collect();
    bar.finish_and_clear();
    let mut told = Vec::new();
    for (file, (path, read)) in paths.iter().zip(&read).enumerate() {
        if let Err(problems) = read {
            told.extend(problems.iter().cloned());
        }
        let seeds =
            proven.iter().filter(|(other, _)| *other == file).map(|(_, tried)| tried.problems.clone());
        let path = shown(path);
        told.extend(check::together(seeds).iter().map(|problem| format!("{path}:{problem}")));
    }
    if !told.is_empty() {
        return Err(told.join("\n"));
    }
    let mut lines: Vec<String> = paths
        .iter()
        .enumerate()
        .map(|(file, path)| {
            let of_file = proven.iter().filter(|(other, _)| *other == file).map(|(_, tried)| tried);
            format!("{} fits its scenario{}\n", shown(path), attempts(&of_file.collect::<Vec<_>>()))
        })
        .collect();
    if paths.len() > 1 {
        lines.push(format!("{} lessons fit their scenarios\n", paths.len()));
    }
    Ok(lines.concat())
}

/// What came of the attempts to meet the goals of a lesson without what it teaches; empty where it has no goal.
fn attempts(proven: &[&Tried]) -> String {
    let count = |which: fn(&Tried) -> usize| proven.iter().map(|tried| which(tried)).sum::<usize>();
    match (count(|tried| tried.attempts), count(|tried| tried.given_up)) {
        (0, _) => String::new(),
        (all, 0) => format!("; no goal is met by one of {all} single changes without what is taught"),
        (all, given_up) => format!(
            "; no goal is met by one of {all} single changes without what is taught; {given_up} of them made too many \
             events and were given up"
        ),
    }
}

/// The lessons of a folder, by name; a file is a lesson whatever its name.
fn find(path: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name() {
        let entry = entry.map_err(|error| match error.io_error() {
            Some(cause) if cause.kind() == ErrorKind::NotFound => format!(
                "there is no file or folder \"{}\"; name a lesson, or a folder with files *.md",
                shown(error.path().unwrap_or(path))
            ),
            Some(cause) => format!("cannot read \"{}\": {cause}", shown(error.path().unwrap_or(path))),
            None => format!("cannot read \"{}\": a folder contains itself", shown(path)),
        })?;
        let is_lesson = entry.path().extension().is_some_and(|extension| extension == "md")
            && entry.file_name() != README;
        // Through links: what is neither a file nor a folder, such as a pipe, may never end.
        let kind = fs::metadata(entry.path());
        match kind {
            Ok(kind) if kind.is_dir() => {}
            Ok(kind) if kind.is_file() || entry.depth() > 0 && !is_lesson => {
                if entry.depth() == 0 || is_lesson {
                    found.push(entry.into_path());
                }
            }
            Ok(_) => {
                return Err(format!(
                    "cannot read \"{}\": it is not a file; remove it, or name the lessons one by one",
                    shown(entry.path())
                ));
            }
            Err(_) if entry.depth() > 0 && !is_lesson => {}
            Err(error) => return Err(format!("cannot read \"{}\": {error}", shown(entry.path()))),
        }
    }
    Ok(found)
}

/// The lesson in this file, or a line for each thing that is wrong with it.
fn lesson(path: &Path) -> Result<Lesson, Vec<String>> {
    let file = shown(path);
    let bytes = read(path).map_err(|sentence| vec![format!("cannot read \"{file}\": {sentence}")])?;
    let text = parse::text(&bytes).map_err(|problem| vec![format!("{file}:{problem}")])?;
    parse::read(text).map_err(|problems| problems.iter().map(|problem| format!("{file}:{problem}")).collect())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("a lesson has at most {MAX_BYTES} bytes"));
    }
    Ok(bytes)
}

fn shown(path: &Path) -> String {
    one_line(&path.to_string_lossy())
}
