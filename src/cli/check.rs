//! `warstories check`: lessons and decks of interview questions against the scenarios they are about.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;
use warstories_lesson::attempts::{Tried, try_all};
use warstories_lesson::check::{self, Proven};
use warstories_lesson::owed::owed;
use warstories_lesson::{Deck, Glossary, Lesson, Problem, parse};

use crate::arguments::count;
use crate::folder::{self, Folder, Folders, read, shown};
use crate::replicate::progress;

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

/// Checks every lesson, plays what it claims, and tells how many there are; and the glossary of each folder.
///
/// # Errors
/// One line for each thing that is wrong: `file:line: sentence`.
pub fn check(args: &CheckArgs) -> Result<String, String> {
    let seeds = count("--seeds", &args.seeds, MAX_SEEDS)?;
    let mut found = Vec::new();
    for path in &args.paths {
        found.extend(find(path)?);
    }
    if found.is_empty() {
        let places: Vec<_> = args.paths.iter().map(|path| shown(path)).collect();
        return Err(format!(
            "there are no lessons in {}; name a file, or a folder with files *.md",
            places.join(", ")
        ));
    }
    let folders = folder::around(found.iter().map(PathBuf::as_path));
    let (named, paths): (Vec<_>, Vec<_>) = found.into_iter().partition(|path| folder::is_glossary(path));
    let (decks, paths): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| is_deck(path));
    let read: Vec<_> = paths.iter().map(|path| lesson(path, &folders)).collect();
    let proven = prove(&read, seeds);
    let mut told: Vec<String> =
        folders.values().filter_map(|folder| folder.glossary.as_ref().err()).flatten().cloned().collect();
    for (file, (path, read)) in paths.iter().zip(&read).enumerate() {
        match read {
            Err(problems) => told.extend(problems.iter().cloned()),
            Ok(lesson) => {
                let own = || proven.iter().filter(|(other, ..)| *other == file);
                let tried = own().map(|(_, _, tried)| tried.problems.clone().into());
                let words = folders.get(folder::of(path)).map(|folder| folder.introduced(path, lesson));
                let seeds = own().map(|(_, proven, _)| proven.clone()).chain(tried);
                let all = words.map(Proven::from).into_iter().chain(seeds);
                let path = shown(path);
                told.extend(folder::told(&path, &check::together(all)));
            }
        }
    }
    let mut lines: Vec<String> = paths
        .iter()
        .enumerate()
        .map(|(file, path)| {
            let of_file = proven.iter().filter(|(other, ..)| *other == file).map(|(_, _, tried)| tried);
            format!("{} fits its scenario{}\n", shown(path), attempts(&of_file.collect::<Vec<_>>()))
        })
        .collect();
    if paths.len() > 1 {
        lines.push(format!("{} lessons fit their scenarios\n", paths.len()));
    }
    let asked: Vec<_> = decks.par_iter().map(|path| deck(path, &folders)).collect();
    for (path, asked) in decks.iter().zip(asked) {
        match asked {
            Ok(deck) => lines.push(format!(
                "{} is borne out by its runs; questions: {}\n",
                shown(path),
                deck.cards.len()
            )),
            Err(problems) => told.extend(problems),
        }
    }
    for (place, folder) in &folders {
        let is_whole = args.paths.iter().any(|path| path.is_dir() && place.starts_with(path));
        let own = paths.iter().zip(&read).filter(|(path, _)| folder::of(path) == place);
        let own: Option<Vec<&Lesson>> = own.map(|(_, read)| read.as_ref().ok()).collect();
        // What cannot be read may use an entry.
        let (Some(own), true) = (own, is_whole || named.iter().any(|path| folder::of(path) == place)) else {
            continue;
        };
        match folder.told(is_whole.then_some(&own)) {
            Ok(sentence) => lines.push(sentence),
            Err(idle) => told.extend(idle),
        }
    }
    if told.is_empty() { Ok(lines.concat()) } else { Err(told.join("\n")) }
}

/// Plays what the lessons claim, each by its position: every seed of each, and the attempts on it.
fn prove(read: &[Result<Lesson, Vec<String>>], seeds: u64) -> Vec<(usize, Proven, Tried)> {
    // Every seed of every lesson, and the attempts on it, are work of their own: all cores have some until the last.
    let jobs: Vec<(usize, Option<u64>)> = (0..read.len())
        .flat_map(|file| std::iter::once(None).chain((0..seeds).map(Some)).map(move |nth| (file, nth)))
        .collect();
    let bar = progress(jobs.len() as u64);
    let proven = jobs
        .into_par_iter()
        .map(|(file, nth)| {
            let (proven, tried) = match (&read[file], nth) {
                (Err(_), _) => (Proven::default(), Tried::default()),
                (Ok(lesson), None) => (owed(lesson).into(), try_all(lesson)),
                (Ok(lesson), Some(nth)) => (check::prove_seed(lesson, nth), Tried::default()),
            };
            bar.inc(1);
            (file, proven, tried)
        })
        .collect();
    bar.finish_and_clear();
    proven
}

/// What came of the attempts to meet the goals and the challenges of a lesson otherwise than they are meant; empty where
/// there was none.
fn attempts(proven: &[&Tried]) -> String {
    let count = |which: fn(&Tried) -> usize| proven.iter().map(|tried| which(tried)).sum::<usize>();
    let tried = count(|tried| tried.attempts);
    let left = [
        (count(|tried| tried.given_up), "of them made too many events and were given up"),
        (
            count(|tried| tried.untried),
            "more, on challenges, were left out, since all together make too many events",
        ),
    ];
    if tried + left[1].0 == 0 {
        return String::new();
    }
    let told = format!(
        "; none of {tried} single changes meets a goal without what is taught, or a challenge that takes more than one change"
    );
    let left = left.into_iter().filter(|(count, _)| *count > 0);
    left.fold(told, |told, (count, what)| format!("{told}; {count} {what}"))
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

/// Whether this is a deck of interview questions, and no lesson; what cannot be read is told of as a lesson.
fn is_deck(path: &Path) -> bool {
    read(path).is_ok_and(|bytes| parse::text(&bytes).is_ok_and(parse::deck::is_deck))
}

/// The deck in this file, whose runs show what it says, or a line for each thing that is wrong with it.
fn deck(path: &Path, folders: &Folders) -> Result<Deck, Vec<String>> {
    let deck = read_as(path, folders, parse::deck::read)?;
    let problems = check::prove_deck(&deck);
    if problems.is_empty() { Ok(deck) } else { Err(folder::told(&shown(path), &problems)) }
}

/// The lesson in this file, or a line for each thing that is wrong with it.
fn lesson(path: &Path, folders: &Folders) -> Result<Lesson, Vec<String>> {
    read_as(path, folders, parse::read)
}

/// What `reader` reads in this file, or a line for each thing that is wrong with it; none where its glossary cannot be read.
fn read_as<T>(
    path: &Path,
    folders: &Folders,
    reader: fn(&str, &Glossary) -> Result<T, Vec<Problem>>,
) -> Result<T, Vec<String>> {
    let Some(Folder { glossary: Ok(glossary), .. }) = folders.get(folder::of(path)) else {
        return Err(Vec::new());
    };
    folder::parsed(path, |text| reader(text, glossary))
}
