//! The glossary as HTML: a file that a page fetches when somebody asks for a word, so it costs nothing before.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use warstories_lesson::glossary::{Entry, Reference};
use warstories_lesson::prose::{Block, Inline};
use warstories_lesson::{Glossary, parse};

use crate::door::escaped;

/// How it is called among the published files; `glossary.js` fetches it from beside itself.
const FILE: &str = "glossary.html";

/// The glossary that lies beside the lessons in `folder`.
///
/// # Errors
/// When it cannot be read, with every line that is wrong.
pub(crate) fn read(folder: &Path) -> Result<Glossary> {
    let name = parse::glossary::FILE;
    let text =
        fs::read_to_string(folder.join(name)).with_context(|| format!("lessons/{name} cannot be read."))?;
    parse::glossary::read(&text).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(|problem| format!("lessons/{name}:{problem}")).collect();
        anyhow!(lines.join("\n"))
    })
}

/// Writes it below `folder`.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write(glossary: &Glossary, folder: &Path) -> Result<()> {
    let path = folder.join(FILE);
    fs::write(&path, html(glossary)).with_context(|| format!("{} cannot be written.", path.display()))
}

fn html(glossary: &Glossary) -> String {
    let mut html = String::from("<h1>Glossary</h1>\n");
    for block in &glossary.introduction {
        if let Block::Paragraph(text) = block {
            // Writing to a string cannot fail.
            let _ = writeln!(html, "<p>{}</p>", inside(text));
        }
    }
    let mut entries: Vec<&Entry> = glossary.entries.iter().collect();
    entries.sort_by_key(|entry| entry.term.to_lowercase());
    html.push_str("<div class=\"entries\">\n");
    for each in entries {
        entry(&mut html, each);
    }
    html.push_str("</div>\n");
    html
}

/// An entry: the part of the page that an address names, and what a card shows beside a text.
fn entry(html: &mut String, entry: &Entry) {
    let _ = writeln!(html, "<article id=\"term-{}\" tabindex=\"-1\">", entry.id);
    let _ = writeln!(html, "<h2>{}</h2>", escaped(&entry.term));
    let _ = writeln!(html, "<p>{}</p>", inside(&entry.meaning));
    let also = (!entry.also.is_empty()).then(|| entry.also.join(", "));
    let said = [("Also", also), ("Formula", entry.formula.clone()), ("Unit", entry.unit.clone())];
    let mut facts: Vec<(&str, String)> =
        said.into_iter().filter_map(|(name, text)| Some((name, escaped(&text?)))).collect();
    for (name, references) in [("See it happen", &entry.see), ("Source", &entry.source)] {
        if !references.is_empty() {
            facts.push((name, references.iter().map(link).collect::<Vec<_>>().join(", ")));
        }
    }
    if !facts.is_empty() {
        html.push_str("<dl>\n");
        for (name, text) in facts {
            let _ = writeln!(html, "<dt>{name}</dt><dd>{text}</dd>");
        }
        html.push_str("</dl>\n");
    }
    html.push_str("</article>\n");
}

fn link(reference: &Reference) -> String {
    let Reference { text, to } = reference;
    let elsewhere = if to.starts_with('#') { "" } else { " target=\"_blank\" rel=\"noopener noreferrer\"" };
    format!("<a href=\"{}\"{elsewhere}>{}</a>", escaped(to), escaped(text))
}

fn inside(text: &[Inline]) -> String {
    text.iter()
        .map(|part| match part {
            Inline::Text(text) => escaped(text),
            Inline::Emphasis(text) => format!("<em>{}</em>", inside(text)),
            Inline::Strong(text) => format!("<strong>{}</strong>", inside(text)),
            Inline::Code(text) => format!("<code>{}</code>", escaped(text)),
            Inline::Term { id, text } => format!("<a href=\"#/glossary/{id}\">{}</a>", escaped(text)),
            Inline::Link { to, text } => {
                format!("<a href=\"{}\">{}</a>", escaped(to), inside(text))
            }
            Inline::Break => String::from("<br>"),
            // No run stands beside the glossary: its reader lets no live number through.
            Inline::Live(_) => String::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_can_be_addressed_and_leads_on() -> Result<()> {
        let lessons = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons");
        let folder = tempfile::tempdir()?;
        let glossary = read(&lessons)?;
        write(&glossary, folder.path())?;
        let html = fs::read_to_string(folder.path().join(FILE))?;
        assert!(glossary.entries.len() > 20);
        for entry in &glossary.entries {
            assert!(html.contains(&format!("<article id=\"term-{}\"", entry.id)), "{}", entry.id);
            for reference in entry.see.iter().chain(&entry.source) {
                assert!(html.contains(&format!("<a href=\"{}\"", escaped(&reference.to))), "{reference:?}");
            }
        }
        Ok(())
    }

    #[test]
    fn words_of_an_entry_cannot_be_markup() -> Result<()> {
        let text = "Words.\n\n## a & c\nIt is **so** & `x<y>`.\nFormula: a < b\n";
        let glossary = parse::glossary::read(text).map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
        let html = html(&glossary);
        assert!(html.contains("<h2>a &amp; c</h2>"), "{html}");
        assert!(html.contains("<strong>so</strong> &amp; <code>x&lt;y&gt;</code>"), "{html}");
        assert!(html.contains("a &lt; b"), "{html}");
        Ok(())
    }
    #[test]
    fn a_glossary_that_cannot_be_read_stops_the_build_with_its_line() -> Result<()> {
        let folder = tempfile::tempdir()?;
        assert!(read(folder.path()).is_err());
        fs::write(folder.path().join(parse::glossary::FILE), "Words.\n\n## p99\n")?;
        let said = read(folder.path()).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(said.starts_with("lessons/glossary.md:3: \"p99\" has no meaning"), "{said}");
        Ok(())
    }
}
