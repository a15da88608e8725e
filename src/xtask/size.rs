//! What it costs to open the page, room by room: `index.html`, the files of `dist/` that it needs to be read, and what a
//! room fetches on top.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use brotli::enc::BrotliEncoderParams;

/// One file, in bytes as it lies there and as a web server would send it.
pub(crate) struct Sized {
    name: String,
    raw: u64,
    pub(crate) brotli: u64,
}

/// A way into the page.
pub(crate) struct Entrance {
    /// As people read it.
    pub(crate) name: &'static str,
    /// What is fetched besides the front door.
    rooms: &'static [Room],
    /// What it may cost, compressed, in bytes.
    pub(crate) budget: u64,
}

/// Something that is fetched when it is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    /// The program, which every run and every lesson needs.
    Program,
    /// What the program lacks for one story, the one with the largest part.
    Story,
    /// The data of the longest lesson, and what the program lacks for lessons.
    Lesson,
    /// The questions of the interview room, and what the program lacks for it.
    Interview,
    /// The help texts of a scenario, the one with the longest.
    Docs,
    /// The module that reads YAML, for the story that needs it.
    Yaml,
    /// The worker that reads and proves a lesson of one's own; it computes exhibits, too.
    Worker,
}

/// All ways in, each with everything that it fetches. The front door is read and its links work with the first alone.
pub(crate) const ENTRANCES: [Entrance; 6] = [
    Entrance { name: "the front door", rooms: &[], budget: 40_000 },
    Entrance { name: "a run", rooms: &[Room::Program, Room::Story, Room::Docs], budget: 380_000 },
    // A lesson answers each mistake and observation in words; the longest are some eleven kilobytes of them.
    Entrance {
        name: "the longest lesson",
        rooms: &[Room::Program, Room::Story, Room::Docs, Room::Lesson],
        budget: 450_000,
    },
    Entrance { name: "the interview room", rooms: &[Room::Program, Room::Interview], budget: 380_000 },
    Entrance {
        name: "a run over YAML",
        rooms: &[Room::Program, Room::Story, Room::Docs, Room::Yaml],
        budget: 455_000,
    },
    Entrance {
        name: "a lesson of one's own",
        rooms: &[Room::Program, Room::Story, Room::Docs, Room::Lesson, Room::Worker],
        budget: 740_000,
    },
];

/// Every file that this way in fetches.
pub(crate) fn files(dist: &Path, entrance: &Entrance) -> Result<Vec<Sized>> {
    let index = fs::read_to_string(dist.join("index.html"))
        .with_context(|| format!("{} holds no page: run `cargo xtask dist`.", dist.display()))?;
    let mut names = named(&index, &["href", "src"]);
    names.push("index.html".to_owned());
    for room in entrance.rooms {
        names.extend(room.files(&index, dist)?);
    }
    // What is offered for download, such as texts for authors, is not fetched to read the page.
    names.retain(|name| dist.join(name).is_file() && !name.contains("/authors/"));
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| measure(dist, name)).collect()
}

impl Room {
    fn files(self, index: &str, dist: &Path) -> Result<Vec<String>> {
        let mut names = match self {
            Self::Program => named(index, &["data-js", "data-wasm"]),
            Self::Story => named(index, &["data-part"]),
            Self::Lesson => named(index, &["data-lesson"]),
            Self::Interview => named(index, &["data-decks"]),
            Self::Docs => named(index, &["data-docs"]),
            Self::Yaml => named(index, &["data-yaml"]),
            Self::Worker => named(index, &["data-worker"]),
        };
        for name in &names {
            ensure!(
                dist.join(name).is_file(),
                "index.html names {name}, which is not in {}.",
                dist.display()
            );
        }
        ensure!(!names.is_empty(), "index.html does not name all that a room needs.");
        match self {
            Self::Program => {}
            Self::Interview => names.extend(part(index, "interview")),
            Self::Story | Self::Docs => names = largest(names, dist),
            Self::Lesson => {
                names = largest(names, dist);
                names.extend(part(index, "lesson"));
            }
            // Its script is named, its program lies beside it.
            Self::Yaml => {
                let program = names.first().map(|name| name.replace(".js", "_bg.wasm"));
                names.extend(program);
            }
            // Its loader names the other two.
            Self::Worker => {
                let loader = names.first().map_or("", |name| name.trim_end_matches("_loader.js")).to_owned();
                let part = |name: String| name.replace("/parts/warstories-app-", "/parts/worker-");
                let parts = Self::Story.files(index, dist)?.into_iter().map(part);
                names.extend(parts.chain([format!("{loader}.js"), format!("{loader}_bg.wasm")]));
            }
        }
        Ok(names)
    }
}

/// What the program lacks for the room called so.
fn part(index: &str, room: &str) -> Option<String> {
    named(index, &["data-room"]).into_iter().find(|name| name.ends_with(&format!("-{room}.wasm")))
}

/// The largest of these files.
fn largest(mut names: Vec<String>, dist: &Path) -> Vec<String> {
    names.sort_by_key(|name| fs::metadata(dist.join(name)).map_or(0, |facts| facts.len()));
    names.pop().into_iter().collect()
}

/// What the attributes called so name.
fn named(index: &str, attributes: &[&str]) -> Vec<String> {
    let values = |attribute: &&str| {
        let begin = format!(" {attribute}=\"");
        let values = index.split(&begin).skip(1).filter_map(|rest| rest.split('"').next());
        values.map(|value| value.trim_start_matches("./").to_owned()).collect::<Vec<_>>()
    };
    attributes.iter().flat_map(values).filter(|value| !value.is_empty() && !value.contains("..")).collect()
}

fn measure(dist: &Path, name: String) -> Result<Sized> {
    let content = fs::read(dist.join(&name))?;
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut content.as_slice(), &mut compressed, &BrotliEncoderParams::default())?;
    Ok(Sized { name, raw: content.len() as u64, brotli: compressed.len() as u64 })
}

pub(crate) fn table(entrance: &Entrance, files: &[Sized]) -> String {
    let mut text = format!("{:<60} {:>9} {:>9}", entrance.name, "bytes", "brotli");
    for file in files {
        let _ = write!(text, "\n{:<60} {:>9} {:>9}", file.name, file.raw, file.brotli);
    }
    let raw: u64 = files.iter().map(|file| file.raw).sum();
    let brotli: u64 = files.iter().map(|file| file.brotli).sum();
    let _ = write!(text, "\n{:<60} {raw:>9} {brotli:>9} of {}", "all", entrance.budget);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dist: &Path, entrance: &Entrance) -> Result<Vec<String>> {
        Ok(files(dist, entrance)?.into_iter().map(|file| file.name).collect())
    }

    #[test]
    fn every_way_in_counts_what_it_fetches_once_and_nothing_else() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let dist = folder.path();
        let index = r##"<link href="./e/a.css"><link href="./e/a.css"><a href="#/learn/x" data-lesson="./e/x.bin" data-room="./e/parts/warstories-app-lesson.wasm">
            <a href="#/learn/y" data-lesson="./e/y.bin" data-docs="./e/z.bin"><a href="gone.css">
            <a href="#/play/long" data-docs="./e/long.bin" data-part="./e/parts/warstories-app-long.wasm">
            <a href="#/play/z" data-docs="./e/z.bin" data-part="./e/parts/warstories-app-z.wasm">
            <a href="#/interview" data-decks="./e/i.bin" data-room="./e/parts/warstories-app-interview.wasm">
            <a href="./e/authors/guide.md" download>
            <script src="./e/boot.js" data-js="./e/app.js" data-wasm="./e/app.wasm" data-worker="./e/w_loader.js" data-yaml="./e/y.js">"##;
        fs::write(dist.join("index.html"), index)?;
        fs::create_dir_all(dist.join("e/authors"))?;
        fs::create_dir_all(dist.join("e/parts"))?;
        for name in [
            "a.css",
            "boot.js",
            "app.js",
            "app.wasm",
            "w_loader.js",
            "w.js",
            "w_bg.wasm",
            "y.js",
            "y_bg.wasm",
            "other.js",
            "z.bin",
            "i.bin",
            "parts/warstories-app-z.wasm",
            "parts/warstories-app-lesson.wasm",
            "parts/warstories-app-interview.wasm",
            "parts/worker-long.wasm",
            "authors/guide.md",
        ] {
            fs::write(dist.join("e").join(name), "x")?;
        }
        fs::write(dist.join("e/x.bin"), "x".repeat(1000))?;
        fs::write(dist.join("e/y.bin"), "y")?;
        fs::write(dist.join("e/long.bin"), "long")?;
        let part = "e/parts/warstories-app-long.wasm";
        fs::write(dist.join(part), "long")?;
        let [door, run, lesson, interview, yaml, own] = &ENTRANCES;
        assert_eq!(names(dist, door)?, ["e/a.css", "e/boot.js", "index.html"]);
        assert_eq!(
            names(dist, run)?,
            ["e/a.css", "e/app.js", "e/app.wasm", "e/boot.js", "e/long.bin", part, "index.html"]
        );
        assert!(names(dist, lesson)?.contains(&"e/x.bin".to_owned()));
        assert!(!names(dist, lesson)?.contains(&"e/y.bin".to_owned()));
        let of_lessons = "e/parts/warstories-app-lesson.wasm".to_owned();
        assert!(names(dist, lesson)?.contains(&of_lessons) && !names(dist, run)?.contains(&of_lessons));
        for name in ["e/i.bin", "e/parts/warstories-app-interview.wasm"] {
            assert!(names(dist, interview)?.iter().any(|fetched| fetched == name), "{name}");
        }
        for name in ["e/w_bg.wasm", "e/parts/worker-long.wasm"] {
            assert!(names(dist, own)?.iter().any(|fetched| fetched == name), "{name}");
        }
        assert!(names(dist, yaml)?.contains(&"e/y_bg.wasm".to_owned()));
        let long =
            files(dist, lesson)?.into_iter().find(|file| file.name == "e/x.bin").context("no lesson")?;
        assert_eq!(long.raw, 1000);
        assert!(long.brotli < 50);
        Ok(())
    }

    #[test]
    fn a_file_that_a_room_needs_and_that_is_missing_is_told() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("index.html"), r#"<script src="boot.js" data-js="app.js">"#)?;
        assert!(files(folder.path(), &ENTRANCES[1]).is_err());
        Ok(())
    }
}
