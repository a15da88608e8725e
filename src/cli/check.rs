//! `warstories check`: lessons against the scenarios they are about.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;
use warstories_lesson::{Lesson, Problem, check, parse};

use crate::replicate::progress;
use crate::usage::one_line;

/// Bytes of a lesson, so that a wrong path cannot fill the memory.
const MAX_BYTES: u64 = parse::MAX_BYTES as u64;
/// What the folder tells its authors; not a lesson.
const README: &str = "README.md";

/// Which lessons to check.
#[derive(clap::Args)]
pub struct CheckArgs {
    /// Lessons, or folders of lessons
    #[arg(value_name = "FILE|FOLDER", default_value = "lessons/")]
    paths: Vec<PathBuf>,
    /// Seeds under which everything is proven: the lesson's own and those that follow it
    #[arg(long, value_name = "N", default_value_t = check::SEEDS, value_parser = clap::value_parser!(u64).range(1..=1000))]
    seeds: u64,
}

/// Checks every lesson, plays what it claims, and tells how many there are.
///
/// # Errors
/// One line for each thing that is wrong: `file:line: sentence`.
pub fn check(args: &CheckArgs) -> Result<String, String> {
    let mut paths = Vec::new();
    for path in &args.paths {
        paths.extend(find(path)?);
    }
    let read: Vec<_> = paths.iter().map(|path| lesson(path)).collect();
    // Every seed of every lesson is a run of its own: all cores have work until the last.
    let runs: Vec<(usize, u64)> =
        (0..paths.len()).flat_map(|file| (0..args.seeds).map(move |nth| (file, nth))).collect();
    let bar = progress(runs.len() as u64);
    let proven: Vec<(usize, Vec<Problem>)> = runs
        .into_par_iter()
        .map(|(file, nth)| {
            let problems =
                read[file].as_ref().map_or_else(|_| Vec::new(), |lesson| check::prove_seed(lesson, nth));
            bar.inc(1);
            (file, problems)
        })
        .collect();
    bar.finish_and_clear();
    let mut told = Vec::new();
    for (file, (path, read)) in paths.iter().zip(&read).enumerate() {
        if let Err(problems) = read {
            told.extend(problems.iter().cloned());
        }
        let seeds = proven.iter().filter(|(other, _)| *other == file).map(|(_, problems)| problems.clone());
        let path = shown(path);
        told.extend(check::together(seeds).iter().map(|problem| format!("{path}:{problem}")));
    }
    if !told.is_empty() {
        return Err(told.join("\n"));
    }
    Ok(match paths.len() {
        0 => {
            let places: Vec<_> = args.paths.iter().map(|path| shown(path)).collect();
            format!("no lessons found in {}\n", places.join(", "))
        }
        1 => String::from("1 lesson fits its scenario\n"),
        count => format!("{count} lessons fit their scenarios\n"),
    })
}

/// The lessons of a folder, by name; a file is a lesson whatever its name.
fn find(path: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name() {
        let entry = entry.map_err(|error| match error.io_error() {
            Some(cause) => format!("cannot read \"{}\": {cause}", shown(error.path().unwrap_or(path))),
            None => format!("cannot read \"{}\": a folder contains itself", shown(path)),
        })?;
        let is_lesson = entry.path().extension().is_some_and(|extension| extension == "md")
            && entry.file_name() != README;
        if !entry.file_type().is_dir() && (entry.depth() == 0 || is_lesson) {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

/// The lesson in this file, or a line for each thing that is wrong with it.
fn lesson(path: &Path) -> Result<Lesson, Vec<String>> {
    let file = shown(path);
    let text = read(path).map_err(|sentence| vec![format!("cannot read \"{file}\": {sentence}")])?;
    parse::read(&text)
        .map_err(|problems| problems.iter().map(|problem| format!("{file}:{problem}")).collect())
}

fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("a lesson has at most {MAX_BYTES} bytes"));
    }
    String::from_utf8(bytes).map_err(|_| String::from("it is not UTF-8 text; save it as UTF-8"))
}

fn shown(path: &Path) -> String {
    one_line(&path.to_string_lossy())
}
