//! Cuts a program into what every run needs and one part for each story, so that nobody waits for the stories that they do
//! not open.
//!
//! A story is reached through tables of functions alone: those of `warstories_sim::scenarios::Listed` and those of its own
//! types. So its functions can come later: into the same memory and the same table of functions, at the places that the
//! program has left for them. Which function belongs to a story is read from the names that the compiler gives, which
//! therefore must not fold equal functions of two stories into one ([`merge`] does that afterwards).

mod cut;
mod merge;
mod place;
mod program;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use self::program::Program;

/// A part of a program: what it is called, and what the name of a function of its own holds.
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) sign: String,
}

impl Part {
    /// The part for what is in the module `name` of `parent`.
    pub(crate) fn of(parent: &str, name: &str) -> Self {
        Self { name: name.to_owned(), sign: format!("::{parent}::{name}::") }
    }
}

/// The program of the page.
pub(crate) const PAGE: &str = "warstories-app";

/// Where the parts of the program `stem` lie among the published files.
pub(crate) fn file(stem: &str, part: &str) -> String {
    format!("parts/{stem}-{part}.wasm")
}

/// Cuts the program `stem`_bg.wasm in `folder`, and gives the paths of all that has come of it. A program whose functions
/// cannot be told apart stays whole, and its parts are empty.
///
/// # Errors
/// When it cannot be read, understood or written.
pub(crate) fn cut(folder: &Path, stem: &str, parts: &[Part], is_told_apart: bool) -> Result<Vec<PathBuf>> {
    let path = folder.join(format!("{stem}_bg.wasm"));
    let bytes = fs::read(&path).with_context(|| format!("{} cannot be read.", path.display()))?;
    let program = Program::read(&bytes).with_context(|| format!("{} is no program.", path.display()))?;
    let signs = if is_told_apart { parts } else { &[] };
    let places = place::places(&program, signs);
    let stands_for = merge::equals(&program, &places)?;
    let mut written = vec![path];
    let cuts = cut::apart(&program, &bytes, &places, &stands_for, parts.len())?;
    fs::create_dir_all(folder.join("parts"))?;
    written.extend(parts.iter().map(|part| folder.join(file(stem, &part.name))));
    for (path, module) in written.iter().zip(cuts) {
        fs::write(path, module).with_context(|| format!("{} cannot be written.", path.display()))?;
    }
    Ok(written)
}
