//! One style sheet made of all: it is fetched at once, and compressed together they take a quarter less.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

const LINK: &str = "<link rel=\"stylesheet\" href=\"";
/// The sheet that all others join.
const SHEET: &str = "style.css";

/// Writes all sheets that `html` names, in its order and without comments, into one in `folder`, and gives the page that
/// names this one alone, in the place of the first. `base` is what addresses begin with.
pub(crate) fn join(html: &str, folder: &Path, base: &str) -> Result<String> {
    let mut parts = html.split(LINK);
    let mut page = parts.next().unwrap_or_default().to_owned();
    let mut sheet = String::new();
    for (index, part) in parts.enumerate() {
        let (address, rest) = part.split_once('"').context("index.html names a style sheet without end.")?;
        let rest = rest.split_once('>').map_or(rest, |(_, rest)| rest);
        let file = folder.join(address.strip_prefix(base).unwrap_or(address));
        let text =
            fs::read_to_string(&file).with_context(|| format!("{} cannot be read.", file.display()))?;
        sheet.push_str(&without_comments(&text));
        fs::remove_file(&file).with_context(|| format!("{} cannot be removed.", file.display()))?;
        if index == 0 {
            page.extend([LINK, base, SHEET, "\">"]);
        }
        page.push_str(rest);
    }
    let file = folder.join(SHEET);
    fs::write(&file, sheet).with_context(|| format!("{} cannot be written.", file.display()))?;
    Ok(page)
}

fn without_comments(css: &str) -> String {
    let mut parts = css.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once("*/").map_or("", |(_, rest)| rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_sheets_become_one_in_their_order_and_without_comments() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("style.css"), "/* One. */\na { b: c }\n")?;
        fs::write(folder.path().join("stage.css"), "d { e: f } /* Two. */ g { h: i }\n")?;
        let html = r#"<title>T</title><link rel="stylesheet" href="./style.css" integrity="x"/>
<link rel="stylesheet" href="./stage.css"><script></script>"#;
        let joined = join(html, folder.path(), "./")?;
        assert_eq!(
            joined,
            "<title>T</title><link rel=\"stylesheet\" href=\"./style.css\">\n<script></script>"
        );
        let sheet = fs::read_to_string(folder.path().join("style.css"))?;
        assert_eq!(sheet, "a { b: c }\nd { e: f } g { h: i }\n");
        assert!(!folder.path().join("stage.css").exists());
        Ok(())
    }
}
