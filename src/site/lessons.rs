//! The lessons of the house: read and judged as `warstories check` reads them, written as the page takes them up.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use warstories_lesson::{Glossary, Lesson, parse};
use warstories_sim::SCENARIOS;

/// Every lesson in `folder`, by id, in the order in which their scenarios are taught; their terms are those of `glossary`.
pub(crate) fn read(folder: &Path, glossary: &Glossary) -> Result<Vec<(String, Lesson)>> {
    let unreadable = || format!("{} cannot be read.", folder.display());
    let mut lessons = Vec::new();
    let mut problems = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(id) = name.strip_suffix(".md").filter(|id| *id != "README" && name != parse::glossary::FILE)
        else {
            continue;
        };
        let text = fs::read_to_string(&path).with_context(|| format!("lessons/{name} cannot be read."))?;
        match parse::read(&text, glossary) {
            Ok(lesson) => lessons.push((id.to_owned(), lesson)),
            Err(found) => problems.extend(found.iter().map(|problem| format!("lessons/{name}:{problem}"))),
        }
    }
    problems.sort_unstable();
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    let place = |lesson: &Lesson| SCENARIOS.iter().position(|entry| entry.spec.id == lesson.scenario);
    lessons.sort_by(|(one, left), (other, right)| (place(left), one).cmp(&(place(right), other)));
    Ok(lessons)
}

/// Where the data of a lesson lies among the published files.
pub(crate) fn file(id: &str) -> String {
    format!("lessons/{id}.bin")
}

/// Writes every lesson below `folder`, each into a file of its own: one is fetched only when it is opened.
pub(crate) fn write(lessons: &[(String, Lesson)], folder: &Path) -> Result<()> {
    fs::create_dir_all(folder.join("lessons"))?;
    for (id, lesson) in lessons {
        let path = folder.join(file(id));
        fs::write(&path, postcard::to_allocvec(lesson)?)
            .with_context(|| format!("{} cannot be written.", path.display()))?;
    }
    Ok(())
}

/// What the front door offers to authors lies here among the published files.
const AUTHORS: &str = "authors";
const GUIDE: &str = "guide.md";

/// Writes the guide and the lessons to begin with below `folder`, as they are in the folder of `lessons`.
pub(crate) fn write_for_authors(lessons: &Path, folder: &Path) -> Result<()> {
    let (skeletons, authors) = (lessons.join("skeletons"), folder.join(AUTHORS));
    fs::create_dir_all(&authors)?;
    let copy = |from: &Path, to: &Path| {
        fs::copy(from, to).map(drop).with_context(|| format!("{} cannot be copied.", from.display()))
    };
    copy(&lessons.join("README.md"), &authors.join(GUIDE))?;
    for entry in
        fs::read_dir(&skeletons).with_context(|| format!("{} cannot be read.", skeletons.display()))?
    {
        let entry = entry?;
        copy(&entry.path(), &authors.join(entry.file_name()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The front door names files, and the guide names the same.
    #[test]
    fn authors_find_every_skeleton_at_the_front_door_and_in_the_guide() -> Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder = tempfile::tempdir()?;
        write_for_authors(&root.join("lessons"), folder.path())?;
        let (door, guide) = (
            fs::read_to_string(root.join("index.html"))?,
            fs::read_to_string(root.join("lessons/README.md"))?,
        );
        let mut written = Vec::new();
        for entry in fs::read_dir(folder.path().join(AUTHORS))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            assert!(door.contains(&format!("href=\"./{AUTHORS}/{name}\"")), "{name}");
            assert!(name == GUIDE || guide.contains(&format!("(skeletons/{name})")), "{name}");
            written.push(name);
        }
        assert_eq!(door.matches(&format!("\"./{AUTHORS}/")).count(), written.len());
        assert!(written.len() >= 4, "{written:?}");
        Ok(())
    }

    #[test]
    fn the_data_of_a_lesson_say_what_its_file_says() -> Result<()> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons");
        let lessons = read(&folder, &crate::glossary::read(&folder)?)?;
        assert!(!lessons.is_empty());
        let folder = tempfile::tempdir()?;
        write(&lessons, folder.path())?;
        for (id, lesson) in &lessons {
            let read: Lesson = postcard::from_bytes(&fs::read(folder.path().join(file(id)))?)?;
            assert_eq!(read, *lesson, "{id}");
        }
        Ok(())
    }

    #[test]
    fn a_lesson_that_cannot_be_read_stops_the_build_with_its_line() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("README.md"), "for authors")?;
        fs::write(folder.path().join("broken.md"), "+++\ntitle = 7\n+++\n")?;
        let said = read(folder.path(), &Glossary::default())
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(said.starts_with("lessons/broken.md:"), "{said}");
        assert!(!said.contains("README"), "{said}");
        Ok(())
    }
}
