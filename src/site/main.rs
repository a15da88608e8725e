//! Turns what Trunk has built into what is published: the front door is written into `index.html`, lessons and help texts become
//! data, style sheets become one, and every other file moves into a folder that is named by what is in it.
//!
//! Trunk calls this at the end of each build (`[[hooks]]` in Trunk.toml) and says by environment variables where things
//! are.

mod decks;
mod docs;
mod door;
mod edition;
mod glossary;
mod head;
mod imports;
mod lessons;
mod order;
mod parts;
mod script;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use warstories_sim::SCENARIOS;

use self::parts::Part;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error}");
            error.chain().skip(1).for_each(|cause| eprintln!("  because: {cause}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let told = |name: &str| {
        env::var(name).with_context(|| {
            format!("Trunk runs this and sets {name}: start `cargo xtask dist` or `trunk build` instead.")
        })
    };
    let (source, staging) =
        (PathBuf::from(told("TRUNK_SOURCE_DIR")?), PathBuf::from(told("TRUNK_STAGING_DIR")?));
    publish(&source.join("lessons"), &staging, &told("TRUNK_PUBLIC_URL")?)
}

/// A part for each story; the scenarios of one story lie together.
fn stories() -> Vec<Part> {
    let mut names: Vec<&str> = SCENARIOS.iter().map(|listed| listed.story).collect();
    names.dedup();
    names.into_iter().map(|name| Part::of("scenarios", name)).collect()
}

/// Publishes what is in `staging`; `base` is what the addresses in its `index.html` begin with.
fn publish(lessons: &Path, staging: &Path, base: &str) -> Result<()> {
    script::call_it_by_name(staging, "yaml")?;
    let flags = env::var("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS").unwrap_or_default();
    let is_told_apart = flags.contains("merge-functions=disabled");
    let rooms = ["lesson", "interview"].map(|name| Part::of("rooms", name));
    for (program, parts) in [
        (parts::PAGE, stories().into_iter().chain(rooms).collect()),
        ("worker", stories()),
        ("yaml", Vec::new()),
    ] {
        imports::number(staging, program)?;
        for file in parts::cut(staging, program, &parts, is_told_apart)? {
            order::by_resemblance(&file)?;
        }
    }
    head::shorten_scripts(staging)?;
    let words = glossary::read(lessons)?;
    glossary::write(&words, staging)?;
    lessons::write_for_authors(lessons, staging)?;
    decks::write(&decks::read(lessons, &words)?, staging)?;
    let lessons = lessons::read(lessons, &words)?;
    lessons::write(&lessons, staging)?;
    docs::write(staging)?;
    let page = staging.join("index.html");
    let html = fs::read_to_string(&page).with_context(|| format!("{} cannot be read.", page.display()))?;
    let html = head::hurry(&html, staging, base)?;
    let html = edition::with_size(&html, staging)?;
    let html = door::open(&html, &door::stories(&lessons, base))?;
    let html = head::without_comments(&html, ("<!--", "-->"));
    let folder = edition::gather(staging)?;
    fs::write(&page, edition::moved(&html, base, &folder))
        .with_context(|| format!("{} cannot be written.", page.display()))
}
