//! What the head of the page asks for first. A content policy in the page keeps browsers from looking ahead: they ask for
//! what they come across, and wait at each script. Over a slow network each such round takes half a second.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// The style sheets in one file.
const SHEET: &str = "page.css";

/// `html` with one style sheet in place of all that it names in `folder`, asked for together with `boot.js` before the
/// first script; `base` is what its addresses begin with.
pub(crate) fn hurry(html: &str, folder: &Path, base: &str) -> Result<String> {
    let link = format!("<link rel=\"stylesheet\" href=\"{base}");
    let mut rules = String::new();
    let mut lines = Vec::new();
    for line in html.lines() {
        let Some(name) = line.trim_start().strip_prefix(&link).and_then(|rest| rest.split('"').next()) else {
            lines.push(line);
            continue;
        };
        let file = folder.join(name);
        let sheet =
            fs::read_to_string(&file).with_context(|| format!("{} cannot be read.", file.display()))?;
        rules += &without_comments(&sheet);
        fs::remove_file(&file)?;
    }
    ensure!(!rules.is_empty(), "index.html must name its style sheets, each on a line of its own.");
    fs::write(folder.join(SHEET), rules)?;
    let first = lines.iter().position(|line| line.trim_start().starts_with("<script"));
    let first = first.context("index.html must start the page by a script.")?;
    let early = format!("    {link}{SHEET}\">\n    <link rel=\"modulepreload\" href=\"{base}boot.js\">");
    lines.insert(first, &early);
    Ok(lines.join("\n") + "\n")
}

/// What only people read is a tenth of what is fetched.
fn without_comments(css: &str) -> String {
    let mut parts = css.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once("*/").map_or("", |(_, rest)| rest.trim_start()))
}

/// Takes the comments out of every script in `folder`: lines of their own that begin with `//` or `/**`.
pub(crate) fn shorten_scripts(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "js") {
            let script = fs::read_to_string(&path)?;
            let is_comment = |line: &&str| {
                let line = line.trim();
                line.starts_with("//") || line.starts_with("/**") && line.ends_with("*/")
            };
            let lines = script.lines().filter(|line| !is_comment(line));
            fs::write(&path, lines.flat_map(|line| [line.trim_start(), "\n"]).collect::<String>())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_script_waits_for_nothing_that_could_have_been_asked_for_before() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("a.css"), "a {}\n")?;
        fs::write(folder.path().join("b.css"), "/* B. */\nb { } /* C */\n")?;
        let html = "<head>\n<script src=\"./theme.js\"></script>\n<link rel=\"stylesheet\" href=\"./b.css\" integrity=\"x\"/>\n\
                    <link rel=\"stylesheet\" href=\"./a.css\"/>\n</head>";
        let page = hurry(html, folder.path(), "./")?;
        let begins = |what: &str| page.find(what).with_context(|| format!("no {what} in {page}"));
        let script = begins("<script")?;
        assert!(begins("href=\"./page.css\"")? < script && begins("href=\"./boot.js\"")? < script);
        assert_eq!(page.matches("stylesheet").count(), 1);
        assert_eq!(fs::read_to_string(folder.path().join(SHEET))?, "b { } a {}\n");
        assert!(!folder.path().join("a.css").exists());
        Ok(())
    }

    #[test]
    fn scripts_go_out_without_their_comments() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let script = folder.path().join("a.js");
        fs::write(&script, "// What it does.\n/** How. */\nconst a = \"//\";\n  b(); // c\n")?;
        shorten_scripts(folder.path())?;
        assert_eq!(fs::read_to_string(script)?, "const a = \"//\";\nb(); // c\n");
        Ok(())
    }

    #[test]
    fn a_page_without_style_sheets_is_refused() -> Result<()> {
        let folder = tempfile::tempdir()?;
        assert!(hurry("<script src=\"./theme.js\"></script>", folder.path(), "./").is_err());
        Ok(())
    }
}
