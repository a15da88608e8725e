//! A person opens War Stories for the first time, or finds it updated: with its program, before it, and without.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use e2e::Page;
use warstories_sim::SCENARIOS;

#[test]
fn the_page_opens() -> Result<()> {
    e2e::visit("opens", async |page| {
        page.open("").await?;
        page.find("heading", "War Stories").await?;
        let title = page.driver().title().await?;
        ensure!(title.contains("War Stories"), "the title is “{title}”");
        page.screenshot("opens").await
    })
}

#[test]
fn the_page_is_accessible_in_light_and_dark() -> Result<()> {
    e2e::visit("accessible", async |page| {
        for theme in ["light", "dark"] {
            page.prefer(&[("prefers-color-scheme", theme)]).await?;
            page.open("").await?;
            page.find("heading", "War Stories").await?;
            page.assert_accessible().await?;
            page.screenshot(&format!("first-visit-{theme}")).await?;
        }
        Ok(())
    })
}

#[test]
fn the_front_door_is_read_and_chooses_its_theme_without_any_program() -> Result<()> {
    let folder = built(without_programs)?;
    e2e::visit_folder(folder.path(), "door-alone", async |page| {
        page.open("").await?;
        for entry in SCENARIOS {
            page.find("heading", entry.spec.title).await?;
            page.find("link", &format!("Play freely: {}", entry.spec.title)).await?;
        }
        page.find("link", "Learn: Why queues explode").await?;
        page.assert_accessible().await?;
        for (chosen, shown) in [("dark", "dark"), ("light", "light"), ("auto", "")] {
            let choose = "const select = document.getElementById('theme'); select.value = arguments[0];
                select.dispatchEvent(new Event('change', { bubbles: true }));";
            page.script(choose, vec![chosen.into()]).await?;
            let theme = "return document.documentElement.dataset.theme ?? ''";
            ensure!(page.script(theme, vec![]).await? == shown, "{chosen} is not shown at once");
            // A busy browser takes a moment until what one document has stored is there for the next.
            page.until(&format!("{chosen} on the next visit"), async || {
                page.open("").await?;
                Ok((page.script(theme, vec![]).await? == shown).then_some(()))
            })
            .await?;
            ensure!(page.script("return document.getElementById('theme').value", vec![]).await? == chosen);
        }
        Ok(())
    })
}

#[test]
fn a_link_of_the_front_door_opens_its_room_and_back_leads_to_the_door() -> Result<()> {
    e2e::visit("door-and-back", async |page| {
        page.open("").await?;
        page.click("link", "Play freely: Why queues explode").await?;
        page.find("button", "Play").await?;
        let is_seen = "return document.getElementById('door').checkVisibility()";
        ensure!(page.script(is_seen, vec![]).await? == false, "the front door is seen beside a run");
        let focus = page.script("return document.activeElement.id", vec![]).await?;
        ensure!(focus == "main", "the focus is at {focus}");
        page.driver().back().await?;
        page.find("link", "Learn: Why queues explode").await?;
        let title = page.driver().title().await?;
        ensure!(title == "War Stories", "the title of the front door is “{title}”");
        page.click("link", "Learn: Why queues explode").await?;
        page.see("STEP 1 OF").await?;
        page.click("link", "war stories").await?;
        page.find("heading", "Stories").await?;
        page.assert_accessible().await
    })
}

#[test]
fn the_program_is_loaded_ahead_unless_data_are_to_be_saved() -> Result<()> {
    e2e::visit("ahead", async |page| {
        let programs = "return performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('app_bg.wasm')).length";
        let parts = "return performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/parts/')).map((entry) => entry.name)";
        page.open("").await?;
        page.until("the program", async || Ok((page.script(programs, vec![]).await? == 1).then_some(())))
            .await?;
        page.click("link", "Play freely: Why queues explode").await?;
        page.find("button", "Play").await?;
        ensure!(page.script(programs, vec![]).await? == 1, "the program was fetched again");
        // Then come its parts, each of them once.
        let mut stories: Vec<_> = SCENARIOS.iter().map(|listed| listed.story).collect();
        stories.dedup();
        let all = async || {
            Ok::<Vec<String>, anyhow::Error>(serde_json::from_value(page.script(parts, vec![]).await?)?)
        };
        page.until("all parts", async || Ok((all().await?.len() == stories.len() + 2).then_some(()))).await?;
        for story in stories.iter().chain(&["lesson", "interview"]) {
            let name = format!("warstories-app-{story}.wasm");
            ensure!(all().await?.iter().any(|part| part.ends_with(&name)), "{name} was not fetched");
        }

        let save = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });";
        page.driver().cdp().page().add_script_to_evaluate_on_new_document(save).await?;
        page.open("").await?;
        page.find("heading", "War Stories").await?;
        // The browser has been idle, and the page has had its chance.
        let idle = "const done = arguments[0]; requestIdleCallback(() => setTimeout(done, 500))";
        page.driver().execute_async(idle, vec![]).await?;
        ensure!(page.script(programs, vec![]).await? == 0, "the program was fetched ahead");
        page.click("link", "Play freely: Why queues explode").await?;
        page.find("button", "Play").await?;
        page.driver().execute_async(idle, vec![]).await?;
        ensure!(all().await?.len() == 1, "the part of another story was fetched ahead");
        Ok(())
    })
}

/// Data of a shipped lesson need no parser, so neither the worker nor any part of it is fetched.
#[test]
fn a_lesson_of_the_house_is_two_small_files_besides_the_program() -> Result<()> {
    e2e::visit("lesson-files", async |page| {
        page.open("#/learn/why_queues_explode").await?;
        page.see("STEP 1 OF").await?;
        let fetched = "return performance.getEntriesByType('resource').map((entry) => entry.name.split('/').slice(4).join('/'))";
        let fetched: Vec<String> = serde_json::from_value(page.script(fetched, vec![]).await?)?;
        let lessons = fetched.iter().filter(|name| name.starts_with("lessons/")).count();
        ensure!(lessons == 1, "{lessons} lessons were fetched: {fetched:?}");
        let docs: Vec<_> = fetched.iter().filter(|name| name.starts_with("docs/")).collect();
        ensure!(docs == ["docs/queueing_lab.bin"], "help texts were fetched: {docs:?}");
        ensure!(
            !fetched.iter().any(|name| name.starts_with("worker")),
            "the worker was fetched: {fetched:?}"
        );
        let mut once = fetched.clone();
        once.sort_unstable();
        once.dedup();
        ensure!(once.len() == fetched.len(), "something was fetched twice: {fetched:?}");
        Ok(())
    })
}

#[test]
fn a_room_that_cannot_open_says_so_calmly() -> Result<()> {
    let folder = built(without_programs)?;
    e2e::visit_folder(folder.path(), "no-start", async |page| {
        page.open("#/play/queueing_lab").await?;
        page.see("War Stories could not start. Check the connection").await?;
        page.screenshot("no-start").await?;
        page.assert_accessible().await?;
        page.click("link", "war stories").await?;
        page.find("heading", "War Stories").await?;
        page.click("link", "Play freely: Why queues explode").await?;
        page.see("War Stories could not start. Check the connection").await
    })
}

#[test]
fn whoever_has_the_page_open_while_it_is_updated_gets_the_new_one() -> Result<()> {
    let folder = built(without_programs)?;
    e2e::visit_folder(folder.path(), "updated", async |page| {
        page.open("").await?;
        page.find("heading", "War Stories").await?;
        // The next edition replaces all that this page was going to fetch.
        copy(&dist()?, folder.path(), |_| true)?;
        rename_edition(folder.path())?;
        page.click("link", "Play freely: Why queues explode").await?;
        page.find("button", "Play").await?;
        ensure!(was_loaded_again(page).await?, "the page was not loaded again");
        Ok(())
    })
}

#[test]
fn a_lesson_that_is_missing_after_an_update_is_opened_by_the_new_page() -> Result<()> {
    let folder = built(|_| true)?;
    e2e::visit_folder(folder.path(), "updated-lesson", async |page| {
        page.open("#/play/queueing_lab").await?;
        page.find("button", "Play").await?;
        rename_edition(folder.path())?;
        page.script("location.hash = '#/learn/why_queues_explode'", vec![]).await?;
        page.see("STEP 1 OF").await?;
        ensure!(was_loaded_again(page).await?, "the page was not loaded again");
        Ok(())
    })
}

/// A cache on the way may hand out the old page again and again.
#[test]
fn an_old_page_that_comes_back_does_not_load_itself_for_ever() -> Result<()> {
    let folder = built(without_programs)?;
    e2e::visit_folder(folder.path(), "stale", async |page| {
        page.open("").await?;
        // What the page is told of the server's copy is new, what it is loaded from is not.
        let lie = "const fetched = window.fetch;
            window.fetch = (address, options) => options?.cache === 'no-store'
                ? Promise.resolve(new Response('edition-new')) : fetched(address, options);";
        page.driver().cdp().page().add_script_to_evaluate_on_new_document(lie).await?;
        page.open("#/play/queueing_lab").await?;
        page.see("War Stories was updated since your browser kept this page: reload it.").await?;
        ensure!(was_loaded_again(page).await?, "the page was not loaded again");
        Ok(())
    })
}

/// Whether what is on show came from loading the page again, not from following a link.
async fn was_loaded_again(page: &Page) -> Result<bool> {
    let kind = "return performance.getEntriesByType('navigation')[0].type";
    Ok(page.script(kind, vec![]).await? == "reload")
}

fn dist() -> Result<PathBuf> {
    Ok(xtask::project::root()?.join("dist"))
}

/// The page without its programs: what is there while they are on their way, or when they never arrive.
fn without_programs(file: &Path) -> bool {
    file.extension().is_none_or(|kind| kind != "wasm")
}

/// A copy of those files of the built page that are wanted.
pub(crate) fn built(wanted: impl Fn(&Path) -> bool + Copy) -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    copy(&dist()?, folder.path(), wanted)?;
    Ok(folder)
}

fn copy(from: &Path, to: &Path, wanted: impl Fn(&Path) -> bool + Copy) -> Result<()> {
    for entry in fs::read_dir(from).context("The page is not built: run `cargo xtask dist`.")? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("a file without a name")?);
        if path.is_dir() {
            fs::create_dir_all(&target)?;
            copy(&path, &target, wanted)?;
        } else if wanted(&path) {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

/// Publishes the page in `folder` once more, as another edition in place of the one that is there.
fn rename_edition(folder: &Path) -> Result<()> {
    let is_edition = |name: &str| name.starts_with("edition-");
    let names = fs::read_dir(folder)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let old = names.into_iter().find(|name| is_edition(name)).context("no edition")?;
    fs::rename(folder.join(&old), folder.join("edition-next"))?;
    let page = folder.join("index.html");
    Ok(fs::write(&page, fs::read_to_string(&page)?.replace(&old, "edition-next"))?)
}
