//! What controls, actions, presets and numbers mean: data beside the program, which plays without them, too.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use e2e::{Fault, Page};
use warstories_sim::docs::ScenarioDocs;
use warstories_sim::{SCENARIOS, ScenarioSpec, format, scenarios};

use crate::first_visit::built;

const MISSING: &str =
    "The explanations of this story did not load: check the connection and reload this page.";

fn spec(id: &str) -> Result<&'static ScenarioSpec> {
    scenarios::find(id).map_err(anyhow::Error::msg)
}

/// What should explain each control and each number, by the identifier that these refer to.
fn meant(spec: &ScenarioSpec, is_meant: impl Fn(&str) -> bool) -> BTreeMap<String, String> {
    let params = spec.params.iter().map(|param| ("param", param.id, param.doc));
    let actions = spec.actions.iter().map(|action| ("action", action.id, action.doc));
    let metrics = spec.metrics.iter().map(|metric| ("metric", metric.id, metric.doc));
    let all = params.chain(actions).filter(|(_, id, _)| is_meant(id)).chain(metrics);
    all.map(|(kind, id, doc)| (format!("{kind}-{id}-doc"), format::unbroken(doc))).collect()
}

/// The explanations in the page that something refers to, by their identifiers; empty for one that is not there.
async fn told(page: &Page) -> Result<BTreeMap<String, String>> {
    let told = "const named = [...document.querySelectorAll('[aria-describedby]')].flatMap((one) => one.getAttribute('aria-describedby').split(' '));
        return Object.fromEntries(named.filter((id) => !id.endsWith('-inert')).map((id) => [id, document.getElementById(id)?.textContent ?? '']))";
    Ok(serde_json::from_value(page.script(told, vec![]).await?)?)
}

async fn explains(page: &Page, meant: &BTreeMap<String, String>) -> Result<()> {
    page.until("all explanations", async || Ok((told(page).await? == *meant).then_some(()))).await
}

async fn unfold(page: &Page, selector: &str) -> Result<()> {
    let open = "document.querySelectorAll(arguments[0]).forEach((one) => { one.open = true; })";
    page.script(open, vec![selector.into()]).await.map(drop)
}

#[test]
fn help_texts_are_read_beside_controls_and_numbers_in_the_sandbox_and_in_a_lesson() -> Result<()> {
    let (spec, lab) = (spec("cache_stampede")?, spec("queueing_lab")?);
    e2e::visit("help-texts", async |page| {
        for (width, height) in [(1440, 900), (390, 844)] {
            page.resize(width, height).await?;
            page.open("#/play/cache_stampede").await?;
            explains(page, &meant(spec, |_| true)).await?;
            unfold(page, ".presets, .part, .notes details, .meanings, .leaves-out").await?;
            let shown = page.text().await?.replace('\u{a0}', " ");
            for text in ScenarioDocs::of(spec).all().filter(|text| !text.starts_with("https://")) {
                ensure!(shown.contains(&text.replace('\u{a0}', " ")), "“{text}” is not to be seen");
            }
            page.screenshot(&format!("help-texts-{width}")).await?;
            page.assert_accessible().await?;
            page.script("document.querySelector('.meanings').scrollIntoView()", vec![]).await?;
            page.screenshot(&format!("help-texts-numbers-{width}")).await?;
        }
        page.resize(1440, 900).await?;
        page.open("#/learn/why_queues_explode").await?;
        page.see("STEP 1 OF").await?;
        page.press("i").await?;
        explains(page, &meant(lab, |id| id == "arrivals_per_s")).await?;
        unfold(page, ".notes details").await?;
        let arrivals = lab.param("arrivals_per_s").map_err(anyhow::Error::msg)?;
        page.see(lab.params[arrivals].doc).await?;
        page.press("i").await
    })
}

#[test]
fn without_its_help_texts_a_run_plays_and_says_once_what_is_missing() -> Result<()> {
    let folder = built(|file| !file.parent().is_some_and(|folder| folder.ends_with("docs")))?;
    let preset = spec("queueing_lab")?.presets[0];
    e2e::visit_folder(folder.path(), "no-help-texts", async |page| {
        let says_so = async || {
            page.see(MISSING).await?;
            ensure!(page.text().await?.matches(MISSING).count() == 1, "it is said more than once");
            ensure!(told(page).await?.is_empty(), "something refers to an explanation that is not there");
            page.assert_accessible().await
        };
        page.open("#/play/queueing_lab").await?;
        says_so().await?;
        page.screenshot("no-help-texts").await?;
        let covered = "return [...document.querySelectorAll('.notes')].filter((note) => note.checkVisibility()).filter((note) => {
            const [value, tag] = [...note.children].map((one) => one.getBoundingClientRect());
            return value.right > tag.left;
        }).length";
        ensure!(page.script(covered, vec![]).await? == 0, "where a value comes from covers its default");
        unfold(page, ".presets").await?;
        page.click("button", preset.label).await?;
        page.see("the run was started from its beginning. Undo brings back the run before.").await?;
        page.is_state("Running").await?;
        page.open("#/learn/why_queues_explode").await?;
        page.see("STEP 1 OF").await?;
        page.press("i").await?;
        says_so().await?;
        crate::lesson::choose(page, "Not at all: the server has time to spare", 0).await?;
        page.click("button", "Lock in and run").await?;
        page.is_state("Running").await?;
        // The browser tells by itself that there is no such file, and nothing else is wrong.
        for fault in page.faults().await? {
            let is_known = matches!(&fault, Fault::Console(text) if text.contains("/docs/queueing_lab.bin") && text.contains("404"));
            ensure!(is_known, "{fault}");
        }
        Ok(())
    })
}

/// Every file with this ending below `folder`.
fn files(folder: &Path, ending: &str) -> Result<Vec<Vec<u8>>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).context("The page is not built: run `cargo xtask dist`.")? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, ending)?);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(fs::read(&path)?);
        }
    }
    Ok(found)
}

#[test]
fn no_program_of_the_page_carries_help_texts() -> Result<()> {
    let programs = files(&xtask::project::root()?.join("dist"), "wasm")?;
    let programs: Vec<_> = programs.iter().map(|program| String::from_utf8_lossy(program)).collect();
    // The page's, the worker's and the reader's, a part of the first two for each story, and one of the page's for lessons
    // and one for interviews.
    let mut stories: Vec<_> = SCENARIOS.iter().map(|entry| entry.story).collect();
    stories.dedup();
    ensure!(programs.len() == 5 + 2 * stories.len(), "{} programs and parts", programs.len());
    for entry in SCENARIOS {
        // What page and worker do carry is found in them.
        let title = entry.spec.title;
        let carried = programs.iter().filter(|program| program.contains(title)).count();
        ensure!(carried >= 2, "“{title}” is found in {carried}");
    }
    for program in &programs {
        for entry in SCENARIOS {
            // A word or two may well be the name of something, too.
            let docs = ScenarioDocs::of(entry.spec);
            let sentences: Vec<_> = docs.all().filter(|text| text.len() > 30).collect();
            ensure!(sentences.len() > 30, "{}: {}", entry.spec.id, sentences.len());
            for sentence in sentences {
                ensure!(!program.contains(sentence.as_str()), "a program says “{sentence}”");
            }
        }
    }
    Ok(())
}
