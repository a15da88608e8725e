//! `warstories check`: lessons against the scenarios they are about.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::usage::one_line;

/// Bytes of a lesson, so that a wrong path cannot fill the memory.
const MAX_BYTES: u64 = 1024 * 1024;
/// What the folder tells its authors; not a lesson.
const README: &str = "README.md";

/// Which lessons to check.
#[derive(clap::Args)]
pub struct CheckArgs {
    /// Lessons, or folders of lessons
    #[arg(value_name = "FILE|FOLDER", default_value = "lessons/")]
    paths: Vec<PathBuf>,
}

/// Checks every lesson and tells how many there are.
///
/// # Errors
/// One line for each thing that is wrong: `file:line: sentence`.
pub fn check(args: &CheckArgs) -> Result<String, String> {
    let mut lessons = Vec::new();
    for path in &args.paths {
        lessons.extend(find(path)?);
    }
    let problems: Vec<String> = lessons.iter().flat_map(|path| problems(path)).collect();
    if !problems.is_empty() {
        return Err(problems.join("\n"));
    }
    Ok(match lessons.len() {
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

fn problems(path: &Path) -> Vec<String> {
    let file = shown(path);
    match read(path).map(|text| warstories_lesson::replay(&text)) {
        Ok(Ok(_)) => Vec::new(),
        Ok(Err(problems)) => problems.iter().map(|problem| format!("{file}:{problem}")).collect(),
        Err(sentence) => vec![format!("cannot read \"{file}\": {sentence}")],
    }
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
