//! The editor of the rule file: by the keyboard alone, with faults at their lines, as a part of the run; and the module that reads
//! it, which no other story fetches.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use e2e::{Page, straight};
use thirtyfour::{By, Key, WebElement};
use warstories_sim::{Input, Replay};

use crate::lesson::{is_kept, press, tab_to};

/// A minute after nine, and nobody else pushes anything.
const QUIET: &str = "rule_engine?seed=1&changes_per_day=0&t=60";
const TEXT: &str = "return document.getElementById('sheet').value";
const REMARKS: &str = "return [...document.querySelectorAll('.remarks > div')].map((each) => each.textContent.trim()).join('\\n')";
const MODULE: &str =
    "return performance.getEntriesByType('resource').filter((each) => each.name.includes('yaml')).length";

/// Whether the input edits the file of its scenario.
pub(crate) fn is_edit(run: &Replay, input: &Input) -> bool {
    let spec = run.spec();
    matches!(input, Input::Text { field, .. } if spec.texts[*field].id == "file")
}

/// Edits a line by the keyboard alone, as the input says: from wherever the focus is to the editor, and to the line.
pub(crate) async fn edit_by_key(page: &Page, input: &Input) -> Result<()> {
    let Input::Text { text, .. } = input else { anyhow::bail!("{input:?} edits nothing") };
    let end = text.find(|c: char| !c.is_ascii_digit()).context("a line, and what becomes of it")?;
    let (line, new): (usize, &str) = (text[..end].parse()?, &text[end + 1..]);
    tab_to(page, "Rule file", false).await?;
    page.driver()
        .action_chain()
        .key_down(Key::Control)
        .send_keys(Key::Home)
        .key_up(Key::Control)
        .perform()
        .await?;
    for _ in 1..line {
        page.press(Key::Down).await?;
    }
    match (&text[end..=end], line) {
        ("+", 0) => {
            page.press(new).await?;
            page.press(Key::Enter).await
        }
        ("=", _) => {
            page.press(Key::Home).await?;
            page.driver()
                .action_chain()
                .key_down(Key::Shift)
                .send_keys(Key::End)
                .key_up(Key::Shift)
                .perform()
                .await?;
            page.press(new).await
        }
        ("<", _) => {
            page.press(Key::Home).await?;
            page.press(Key::Delete).await?;
            page.press(Key::Delete).await
        }
        _ => anyhow::bail!("nobody has said how {text} is typed"),
    }
}

async fn editor(page: &Page, link: &str) -> Result<WebElement> {
    page.resize(1440, 900).await?;
    page.open(&format!("#/play/{link}")).await?;
    page.find("textbox", "Rule file").await
}

async fn reads(page: &Page, script: &str, what: &str, is_it: impl Fn(&str) -> bool) -> Result<()> {
    let mut seen = String::new();
    let found = page.until(what, async || {
        seen = String::from(page.script(script, vec![]).await?.as_str().unwrap_or_default());
        Ok(is_it(&seen).then_some(()))
    });
    found.await.with_context(|| format!("it reads {seen:?}"))
}

fn edit(text: &str) -> Input {
    Input::Text { field: 0, text: text.into() }
}

#[test]
fn a_line_is_edited_by_key_and_pushed_and_each_moment_keeps_its_own_file() -> Result<()> {
    e2e::visit("editor", async |page| {
        editor(page, QUIET).await?;
        page.see("It is the reference, line for line.").await?;
        page.see("This is the file that is live.").await?;
        edit_by_key(page, &edit("31<2")).await?;
        page.see("This file is not live.").await?;
        page.see("Against the reference: 1 line gone, 1 new").await?;
        // The browser's own undo works in the field, and leaves the run alone.
        for _ in 0..2 {
            page.chord(&[Key::Control], 'z').await?;
        }
        page.see("It is the reference, line for line.").await?;
        edit_by_key(page, &edit("31<2")).await?;
        // The Tab key leaves: what is written is a part of the run from then on.
        page.press(Key::Tab).await?;
        let inside = "return document.activeElement.id === 'sheet'";
        ensure!(page.script(inside, vec![]).await? == false, "Tab does not leave the editor");
        page.link("file=31%3C2").await?;
        press(page, "Push the file").await?;
        let link = page.link("push_file").await?;
        page.is_at(&link).await?;
        page.screenshot("editor").await?;
        page.assert_accessible().await?;
        page.set_slider("Timeline", 144.0).await?;
        page.see("This is the file that is live.").await?;
        let link = page.link("t=144").await?;
        page.is_at(&link).await?;
        // Before the edit there is the file as it was.
        page.set_slider("Timeline", 0.0).await?;
        page.see("It is the reference, line for line.").await?;
        page.open(&format!("#/play/{link}")).await?;
        reads(page, TEXT, "the edited file", |text| text.contains("\n    tag: [clearance]\n")).await?;
        page.prefer(&[("prefers-color-scheme", "dark")]).await?;
        page.assert_accessible().await
    })
}

#[test]
fn a_fault_is_told_at_its_line_and_a_press_goes_there() -> Result<()> {
    e2e::visit("editor-fault", async |page| {
        editor(page, &QUIET.replace("&t", "&gate_schema=true&t")).await?;
        edit_by_key(page, &edit("32<2")).await?;
        reads(page, REMARKS, "the parser's fault", |told| told.starts_with("Parser: line 32, column 3: "))
            .await?;
        let marked = "return document.querySelector('.lines .wrong').textContent.trim()";
        reads(page, marked, "the faulty line marked", |marked| marked == "32 ×").await?;
        page.screenshot("editor-fault").await?;
        page.assert_accessible().await?;
        press(page, "line 32, column 3").await?;
        let line = "const field = document.getElementById('sheet');
            return field.value.slice(0, field.selectionStart).split('\\n').length + ' ' + (document.activeElement === field)";
        reads(page, line, "the cursor there", |place| place == "32 true").await?;
        press(page, "Back to the reference").await?;
        page.link("file=reset").await?;
        edit_by_key(page, &edit("9=      segmen: [member]")).await?;
        let told = "Strict schema: line 9, column 7: when has no key \"segmen\"; did you mean \"segment\"?";
        reads(page, REMARKS, "the schema's fault", |remarks| remarks.starts_with(told)).await
    })
}

#[test]
fn what_nobody_would_write_is_a_sentence_with_a_place_and_does_no_harm() -> Result<()> {
    e2e::visit("editor-hostile", async |page| {
        editor(page, QUIET).await?;
        let paste = "const field = document.getElementById('sheet');
            field.value = arguments[0].repeat(arguments[1]);
            field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
        let started = Instant::now();
        for (text, times) in [
            ("<script>window.owned=1</script>: <img src=x onerror=window.owned=1>\n", 2),
            ("a: &a [x, x]\nb: *a\n", 1),
            ("[", 5000),
            ("- ", 5000),
            ("\t", 100),
            ("%YAML 9.9\n", 1),
            ("💥\u{202e}: [\n", 500),
            ("a: 1\n", 100_000),
        ] {
            page.script(paste, vec![text.into(), times.into()]).await?;
            reads(page, REMARKS, "a sentence with a place", |told| told.starts_with("Parser: line ")).await?;
        }
        ensure!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
        let owned = page.script("return window.owned ?? null", vec![]).await?;
        ensure!(owned.is_null(), "a file ran as a script");
        // A run cannot hold so much of a difference: the file before must not be pushed in its place.
        let address = "return location.hash";
        let before = page.script(address, vec![]).await?;
        press(page, "Push the file").await?;
        reads(page, REMARKS, "why it is not entered", |told| told.contains("This file is not entered"))
            .await?;
        ensure!(page.script(address, vec![]).await? == before, "another file was pushed");
        let wide = "return document.documentElement.scrollWidth - innerWidth";
        ensure!(page.script(wide, vec![]).await?.as_i64() <= Some(0), "the page scrolls to the side");
        press(page, "Back to the reference").await?;
        page.see("It is the reference, line for line.").await
    })
}

#[test]
fn the_reader_is_fetched_with_the_story_that_needs_it_and_an_exhibit_has_it_too() -> Result<()> {
    e2e::visit("editor-module", async |page| {
        page.resize(1440, 900).await?;
        page.open("#/play/queueing_lab").await?;
        page.find("button", "Play").await?;
        ensure!(page.script(MODULE, vec![]).await? == 0, "the lab fetches a reader of YAML");
        page.open(&format!("#/play/{QUIET}")).await?;
        page.find("textbox", "Rule file").await?;
        ensure!(page.script(MODULE, vec![]).await? == 2, "a script and its program");
        ensure!(straight(QUIET)?.document().is_some());
        let panel = page.driver().find(By::XPath("//details[summary/b='The mutation race']/summary")).await?;
        panel.focus().await?;
        page.press(Key::Enter).await?;
        page.see("all of them").await?;
        page.screenshot("editor-race").await?;
        is_kept(page, "t=60").await
    })
}
