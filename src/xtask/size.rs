//! What it costs to open the page: `index.html`, the files of `dist/` that it names, and the program of the room that
//! the address asks for.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;

/// One file of the first load, in bytes as it lies there and as a web server would send it.
pub(crate) struct Sized {
    name: String,
    raw: u64,
    pub(crate) brotli: u64,
}

/// A way into the page.
pub(crate) struct Entrance {
    /// As people read it.
    pub(crate) name: &'static str,
    /// Files without which it does not open, in place of the front door's own program.
    programs: &'static [&'static str],
    /// What it may cost, compressed, in bytes.
    pub(crate) budget: u64,
}

/// All ways in. The first load is the front door's; who follows a link to a run or a lesson gets what these need.
pub(crate) const ENTRANCES: [Entrance; 3] = [
    Entrance { name: "first load", programs: &[], budget: 250_000 },
    Entrance { name: "a run", programs: &["play.js", "play_bg.wasm"], budget: 300_000 },
    Entrance {
        name: "a lesson",
        programs: &["learn.js", "learn_bg.wasm", "reader_loader.js", "reader.js", "reader_bg.wasm"],
        budget: 600_000,
    },
];

/// Every file that this way in fetches.
pub(crate) fn files(dist: &Path, entrance: &Entrance) -> Result<Vec<Sized>> {
    let index = fs::read_to_string(dist.join("index.html"))
        .with_context(|| format!("{} holds no page: run `cargo xtask dist`.", dist.display()))?;
    let mut names = vec!["index.html".to_owned()];
    names.extend(named_files(&index, dist));
    if !entrance.programs.is_empty() {
        names.retain(|name| !is_door(name));
        names.extend(entrance.programs.iter().map(|&name| name.to_owned()));
    }
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| measure(dist, name)).collect()
}

/// Whether it is part of the front door's own program.
fn is_door(name: &str) -> bool {
    name.starts_with("warstories-app")
}

/// Every quoted value that names a file of `dist/`: attributes that load later count too, which errs on the safe side.
fn named_files(index: &str, dist: &Path) -> Vec<String> {
    index
        .split(['"', '\''])
        .map(|value| value.trim_start_matches("./"))
        .filter(|value| !value.is_empty() && !value.contains("..") && dist.join(value).is_file())
        .map(str::to_owned)
        .collect()
}

fn measure(dist: &Path, name: String) -> Result<Sized> {
    let content = fs::read(dist.join(&name))?;
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut content.as_slice(), &mut compressed, &BrotliEncoderParams::default())?;
    Ok(Sized { name, raw: content.len() as u64, brotli: compressed.len() as u64 })
}

pub(crate) fn table(entrance: &Entrance, files: &[Sized]) -> String {
    let mut text = format!("{:<45} {:>9} {:>9}", entrance.name, "bytes", "brotli");
    for file in files {
        let _ = write!(text, "\n{:<45} {:>9} {:>9}", file.name, file.raw, file.brotli);
    }
    let raw: u64 = files.iter().map(|file| file.raw).sum();
    let brotli: u64 = files.iter().map(|file| file.brotli).sum();
    let _ = write!(text, "\n{:<45} {raw:>9} {brotli:>9}", "all");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_each_named_file_once_and_nothing_else() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let dist = folder.path();
        let index = r#"<link href="./app.js"><script src='app.js' data-wasm="./app.wasm"></script><a href="gone.css">"#;
        fs::write(dist.join("index.html"), index)?;
        fs::write(dist.join("app.js"), "x".repeat(1000))?;
        fs::write(dist.join("app.wasm"), "y")?;
        fs::write(dist.join("later.js"), "z")?;
        let files = files(dist, &ENTRANCES[0])?;
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["app.js", "app.wasm", "index.html"]);
        assert_eq!(files[0].raw, 1000);
        assert!(files[0].brotli < 50);
        Ok(())
    }

    #[test]
    fn a_room_has_its_program_in_place_of_the_front_doors() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let dist = folder.path();
        for name in
            ["warstories-app-1.js", "warstories-app-1_bg.wasm", "style.css", "play.js", "play_bg.wasm"]
        {
            fs::write(dist.join(name), "x")?;
        }
        let index = r#"<link href="style.css"><script data-js="warstories-app-1.js" data-wasm="warstories-app-1_bg.wasm">"#;
        fs::write(dist.join("index.html"), index)?;
        let files = files(dist, &ENTRANCES[1])?;
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["index.html", "play.js", "play_bg.wasm", "style.css"]);
        Ok(())
    }
}
