//! What the first load costs: `index.html` and every file of `dist/` that it names.

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

pub(crate) fn first_load(dist: &Path) -> Result<Vec<Sized>> {
    let index = fs::read_to_string(dist.join("index.html"))
        .with_context(|| format!("{} holds no page: run `cargo xtask dist`.", dist.display()))?;
    let mut names = vec!["index.html".to_owned()];
    names.extend(named_files(&index, dist));
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| measure(dist, name)).collect()
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

pub(crate) fn table(files: &[Sized]) -> String {
    let mut text = format!("{:<45} {:>9} {:>9}", "first load", "bytes", "brotli");
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
        let files = first_load(dist)?;
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["app.js", "app.wasm", "index.html"]);
        assert_eq!(files[0].raw, 1000);
        assert!(files[0].brotli < 50);
        Ok(())
    }
}
