//! Folders of lessons: each has the glossary that lies in it, or else that of the house.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use warstories_lesson::parse::{self, glossary};
use warstories_lesson::{Glossary, Lesson, Problem, terms};

use crate::errors::one_line;

/// Bytes of a lesson or a glossary, so that a wrong path cannot fill the memory.
const MAX_BYTES: u64 = parse::MAX_BYTES as u64;

/// The glossary of a folder.
pub(crate) struct Folder {
    /// Its file, where there is one.
    file: Option<PathBuf>,
    /// What is in it, or a line for each thing that is wrong with it.
    pub glossary: Result<Glossary, Vec<String>>,
}

/// Folders by their paths.
pub(crate) type Folders = BTreeMap<PathBuf, Folder>;

/// The folders in which `paths` lie.
pub(crate) fn around<'p>(paths: impl Iterator<Item = &'p Path>) -> Folders {
    let mut folders = Folders::new();
    for folder in paths.map(of) {
        folders.entry(folder.to_owned()).or_insert_with(|| Folder::open(folder));
    }
    folders
}

/// The folder of a file.
pub(crate) fn of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// Whether this is a glossary, and no lesson.
pub(crate) fn is_glossary(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == glossary::FILE)
}

/// A line for each thing that is wrong with a file.
pub(crate) fn told(file: &str, problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{file}:{problem}")).collect()
}

/// What `reader` reads in a file.
///
/// # Errors
/// A line for each thing that is wrong with it.
pub(crate) fn parsed<T>(
    path: &Path,
    reader: impl FnOnce(&str) -> Result<T, Vec<Problem>>,
) -> Result<T, Vec<String>> {
    let file = shown(path);
    let bytes = read(path).map_err(|sentence| vec![format!("cannot read \"{file}\": {sentence}")])?;
    let found = parse::text(&bytes).map_err(|problem| vec![problem]).and_then(reader);
    found.map_err(|problems| told(&file, &problems))
}

impl Folder {
    fn open(folder: &Path) -> Self {
        let path = folder.join(glossary::FILE);
        if !path.is_file() {
            let glossary = glossary::house().map_err(|problems| told("glossary", &problems));
            return Self { file: None, glossary };
        }
        let glossary = parsed(&path, glossary::read);
        Self { file: Some(path), glossary }
    }

    /// What is wrong with how a lesson of this folder introduces terms; nothing is asked of one that lies elsewhere.
    pub(crate) fn introduced(&self, path: &Path, lesson: &Lesson) -> Vec<Problem> {
        match (&self.file, &self.glossary) {
            (Some(_), Ok(glossary)) => {
                let id = path.file_stem().unwrap_or_default().to_string_lossy();
                terms::introduced(&id, lesson, glossary)
            }
            _ => Vec::new(),
        }
    }

    /// One sentence about a glossary that lies here; `lessons` are all of its folder, or nothing where some may be missing.
    ///
    /// # Errors
    /// A line for each entry that no lesson uses.
    pub(crate) fn told(&self, lessons: Option<&[&Lesson]>) -> Result<String, Vec<String>> {
        let (Some(path), Ok(glossary)) = (&self.file, &self.glossary) else { return Ok(String::new()) };
        let file = shown(path);
        let count = match glossary.entries.len() {
            1 => String::from("1 entry"),
            count => format!("{count} entries"),
        };
        let Some(lessons) = lessons else { return Ok(format!("{file} has {count}\n")) };
        let idle = Problem::in_order(terms::unused(glossary, lessons.iter().copied()));
        if idle.is_empty() {
            return Ok(format!("{file} has {count}, each of which some lesson uses\n"));
        }
        Err(idle.iter().map(|problem| format!("{file}:{problem}")).collect())
    }
}

/// What is in a file, if that is no more than a lesson may have.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("a lesson has at most {MAX_BYTES} bytes"));
    }
    Ok(bytes)
}

/// A path as a sentence names it.
pub(crate) fn shown(path: &Path) -> String {
    one_line(&path.to_string_lossy())
}
