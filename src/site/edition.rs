//! One folder for everything but `index.html`, named by what is in it.
//!
//! A browser that has kept files of an earlier edition can therefore never mix them with files of this one, and a server
//! may have all of them kept for ever.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use walkdir::WalkDir;

const PAGE: &str = "index.html";
/// What `index.html` says where the size of the program is to stand: by it the page shows how far a download is, even
/// one that arrives compressed.
const SIZE: &str = "data-size=\"\"";

/// `html` with the size of the program that it names.
pub(crate) fn with_size(html: &str, folder: &Path) -> Result<String> {
    ensure!(
        html.matches(SIZE).count() == 1,
        "{PAGE} must say {SIZE} once, in the script that starts the page."
    );
    let wasm = html.split_once("data-wasm=\"").and_then(|(_, rest)| rest.split_once('"'));
    let (wasm, _) = wasm.context("index.html must name the program in data-wasm.")?;
    let file = folder.join(wasm.rsplit('/').next().unwrap_or(wasm));
    let bytes = fs::metadata(&file).with_context(|| format!("{} is missing.", file.display()))?.len();
    Ok(html.replace(SIZE, &format!("data-size=\"{bytes}\"")))
}

/// Moves every file below `folder` but `index.html` into a new folder there, and gives its name.
pub(crate) fn gather(folder: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        let name = entry.path().strip_prefix(folder)?;
        if entry.file_type().is_file() && name != Path::new(PAGE) {
            name.hash(&mut hasher);
            fs::read(entry.path())?.hash(&mut hasher);
        }
    }
    let edition = format!("edition-{:016x}", hasher.finish());
    let inner = folder.join(&edition);
    fs::create_dir(&inner).with_context(|| format!("{} cannot be made.", inner.display()))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name != PAGE && name != *edition {
            fs::rename(entry.path(), inner.join(&name))
                .with_context(|| format!("{} cannot be moved.", entry.path().display()))?;
        }
    }
    Ok(edition)
}

/// `html` with every address of the site, which begins with `base`, leading into the folder `edition`.
pub(crate) fn moved(html: &str, base: &str, edition: &str) -> String {
    html.replace(&format!("=\"{base}"), &format!("=\"{base}{edition}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(script: &str) -> Result<(tempfile::TempDir, String)> {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join("lessons"))?;
        for (name, content) in [(PAGE, "page"), ("app.js", script), ("lessons/one.bin", "1")] {
            fs::write(folder.path().join(name), content)?;
        }
        let edition = gather(folder.path())?;
        Ok((folder, edition))
    }

    #[test]
    fn all_but_the_page_lies_in_a_folder_named_by_what_is_in_it() -> Result<()> {
        let (folder, edition) = site("1")?;
        assert!(folder.path().join(PAGE).is_file());
        assert!(folder.path().join(&edition).join("app.js").is_file());
        assert!(folder.path().join(&edition).join("lessons/one.bin").is_file());
        assert_eq!(fs::read_dir(folder.path())?.count(), 2);
        assert_eq!(site("1")?.1, edition);
        assert_ne!(site("2")?.1, edition);
        Ok(())
    }

    #[test]
    fn addresses_lead_into_the_folder_and_routes_stay() {
        let html = r##"<link href="./a.css"><a href="#/play/x" data-lesson="./l/x.bin"><a href="data:,x">"##;
        let moved = moved(html, "./", "edition-1");
        assert_eq!(
            moved,
            r##"<link href="./edition-1/a.css"><a href="#/play/x" data-lesson="./edition-1/l/x.bin"><a href="data:,x">"##
        );
    }

    #[test]
    fn the_page_says_how_large_its_program_is() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("app_bg.wasm"), "12345")?;
        let html = r#"<script data-wasm="./app_bg.wasm" data-size="">"#;
        assert_eq!(with_size(html, folder.path())?, r#"<script data-wasm="./app_bg.wasm" data-size="5">"#);
        assert!(with_size("<script>", folder.path()).is_err());
        Ok(())
    }
}
