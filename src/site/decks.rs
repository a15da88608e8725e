//! The interview questions of the house: read as `warstories check` reads them, written as the page takes them up.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use warstories_lesson::{Deck, Glossary, parse};
use warstories_sim::SCENARIOS;

/// Where decks lie below the folder of lessons.
const FOLDER: &str = "interview";
/// The deck that is about no story of its own: it comes last.
const GENERAL: &str = "in_general";
/// Where the data of all decks lie among the published files; `index.html` names it.
const FILE: &str = "interview.bin";

/// Every deck below the folder of `lessons`, in the order in which their scenarios are taught; their terms are those of
/// `glossary`.
pub(crate) fn read(lessons: &Path, glossary: &Glossary) -> Result<Vec<Deck>> {
    let folder = lessons.join(FOLDER);
    let unreadable = || format!("{} cannot be read.", folder.display());
    let mut decks = Vec::new();
    let mut problems = Vec::new();
    for entry in fs::read_dir(&folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let Some(id) = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()) else { continue };
        let text =
            fs::read_to_string(&path).with_context(|| format!("{} cannot be read.", path.display()))?;
        match parse::deck::read(&text, glossary) {
            Ok(deck) => decks.push((id, deck)),
            Err(found) => {
                problems.extend(found.iter().map(|problem| format!("lessons/{FOLDER}/{id}.md:{problem}")));
            }
        }
    }
    problems.sort_unstable();
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    decks.sort_by_key(|(id, deck)| (id == GENERAL, place(deck), id.clone()));
    Ok(decks.into_iter().map(|(_, deck)| deck).collect())
}

/// Where the scenario of the deck's first question stands among all.
fn place(deck: &Deck) -> Option<usize> {
    let play = &deck.cards.first()?.evidence.play;
    SCENARIOS.iter().position(|entry| Some(entry.spec.id) == play.split('?').next())
}

/// Writes all decks into one file below `folder`: whoever opens the interview room needs all of them.
pub(crate) fn write(decks: &[Deck], folder: &Path) -> Result<()> {
    let path = folder.join(FILE);
    fs::write(&path, postcard::to_allocvec(decks)?)
        .with_context(|| format!("{} cannot be written.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_of_the_decks_say_what_their_files_say() -> Result<()> {
        let lessons = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons");
        let decks = read(&lessons, &crate::glossary::read(&lessons)?)?;
        assert_eq!(decks.len(), fs::read_dir(lessons.join(FOLDER))?.count());
        assert_eq!(decks.last().map(|deck| deck.title.as_str()), Some("About you and your incidents"));
        let folder = tempfile::tempdir()?;
        write(&decks, folder.path())?;
        let read: Vec<Deck> = postcard::from_bytes(&fs::read(folder.path().join(FILE))?)?;
        assert_eq!(read, decks);
        let html = fs::read_to_string(lessons.join("../index.html"))?;
        assert!(html.contains(&format!("href=\"#/interview\" data-decks=\"./{FILE}\"")));
        Ok(())
    }

    #[test]
    fn a_deck_that_cannot_be_read_stops_the_build_with_its_line() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join(FOLDER))?;
        fs::write(folder.path().join(FOLDER).join("broken.md"), "+++\ndeck = 7\n+++\n")?;
        let said = read(folder.path(), &Glossary::default()).err().map(|error| error.to_string());
        let said = said.unwrap_or_default();
        assert!(said.starts_with("lessons/interview/broken.md:"), "{said}");
        Ok(())
    }
}
