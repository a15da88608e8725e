//! What the head of the page asks for first. A content policy in the page keeps browsers from looking ahead: they ask for
//! what they come across, and wait at each script. Over a slow network each such round takes half a second.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use oxc::allocator::Allocator;
use oxc::codegen::{Codegen, CodegenOptions};
use oxc::minifier::{Minifier, MinifierOptions};
use oxc::parser::Parser;
use oxc::span::SourceType;

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
        rules += &tight(&without_comments(&sheet, ("/*", "*/")));
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

/// `text` without its comments, which begin and end so: what only people read is a tenth of a style sheet.
pub(crate) fn without_comments(text: &str, (begin, end): (&str, &str)) -> String {
    let mut parts = text.split(begin);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once(end).map_or("", |(_, rest)| rest.trim_start()))
}

/// A style sheet without the white space that says nothing; text in quotation marks stays as it is.
fn tight(css: &str) -> String {
    let mut text = String::with_capacity(css.len());
    for (nth, part) in css.split('"').enumerate() {
        if nth > 0 {
            text.push('"');
        }
        if nth % 2 == 1 {
            text += part;
            continue;
        }
        for char in part.chars().map(|char| if char.is_whitespace() { ' ' } else { char }) {
            match char {
                ' ' if text.is_empty() || text.ends_with([' ', '{', '}', ';', ',', ':']) => continue,
                '{' | '}' | ';' | ',' if text.ends_with(' ') => drop(text.pop()),
                _ => {}
            }
            if char == '}' && text.ends_with(';') {
                text.pop();
            }
            text.push(char);
        }
    }
    text
}

/// Writes every script in `folder` as short as it can be: comments, line breaks and long names are for people.
pub(crate) fn shorten_scripts(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "js") {
            let script = fs::read_to_string(&path)?;
            let short =
                shortened(&script).with_context(|| format!("{} cannot be shortened", path.display()))?;
            fs::write(&path, short)?;
        }
    }
    Ok(())
}

/// A script in fewer letters. What it declares for other scripts keeps its name, unless it is a module.
fn shortened(script: &str) -> Result<String> {
    let allocator = Allocator::default();
    let mut parsed = Parser::new(&allocator, script, SourceType::unambiguous()).parse();
    if let Some(fault) = parsed.diagnostics.first() {
        bail!("It is no JavaScript: {fault}");
    }
    // Nothing is put in other words: those might be newer than the browsers that `theme.js` speaks to.
    let options = MinifierOptions { compress: None, ..MinifierOptions::default() };
    let names = Minifier::new(options).minify(&allocator, &mut parsed.program);
    let written = Codegen::new().with_options(CodegenOptions::minify()).with_scoping(names.scoping);
    Ok(written.build(&parsed.program).code)
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
        assert_eq!(fs::read_to_string(folder.path().join(SHEET))?, "b{}a{}");
        assert!(!folder.path().join("a.css").exists());
        Ok(())
    }

    #[test]
    fn style_sheets_go_out_without_white_space_that_says_nothing() {
        for (sheet, short) in [
            ("a , b  >  c {\n  color : red ;\n}\n", "a,b > c{color :red}"),
            ("a :hover { x: calc(1px + 2px) }", "a :hover{x:calc(1px + 2px)}"),
            ("q { content: \" ; { \" ; font: \"A B\" , serif; }", "q{content:\" ; { \";font:\"A B\",serif}"),
            (
                "@media (width > 1px) and (hover: none) { a { b: c; } }",
                "@media (width > 1px) and (hover:none){a{b:c}}",
            ),
        ] {
            assert_eq!(tight(sheet), short);
        }
    }

    #[test]
    fn scripts_go_out_short_and_keep_what_others_call() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text);
        let read = |name: &str| fs::read_to_string(folder.path().join(name));
        write("a.js", "// What it does.\nfunction begin(moment) {\n  console.log(moment); // c\n}\n")?;
        write("b.js", "const something = compute();\nexport default something;\n")?;
        shorten_scripts(folder.path())?;
        assert_eq!(read("a.js")?, "function begin(e){console.log(e)}");
        assert!(!read("b.js")?.contains("something"), "a module's own names are nobody else's");
        write("a.js", "function (")?;
        let refused = format!("{:#}", shorten_scripts(folder.path()).expect_err("it is broken"));
        assert!(refused.contains("a.js cannot be shortened: It is no JavaScript"), "{refused}");
        Ok(())
    }

    #[test]
    fn a_page_without_style_sheets_is_refused() -> Result<()> {
        let folder = tempfile::tempdir()?;
        assert!(hurry("<script src=\"./theme.js\"></script>", folder.path(), "./").is_err());
        Ok(())
    }
}
