//! The closing check of every test is worth something only if it can fail.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use e2e::{Fault, Page, visit_folder};
use tempfile::TempDir;
use xtask::serve::StaticServer;

fn fixture(html: &str, script: &str) -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let head = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Fixture</title>\
                <link rel=\"icon\" href=\"data:,\">";
    fs::write(folder.path().join("index.html"), format!("{head}{html}<script src=\"fixture.js\"></script>"))?;
    fs::write(folder.path().join("fixture.js"), format!("{script}\ndocument.title = 'done';"))?;
    Ok(folder)
}

/// Opens the fixture and waits for a fault of the expected kind, and for the closing check to fail because of it.
fn reports(folder: &Path, name: &str, expected: impl Fn(&Fault) -> bool) -> Result<()> {
    visit_folder(folder, name, async |page: &Page| {
        page.open("").await?;
        page.until("the fault", async || Ok(page.faults().await?.iter().any(&expected).then_some(())))
            .await?;
        ensure!(
            page.assert_clean().await.is_err(),
            "the check passed in spite of {:?}",
            page.faults().await?
        );
        Ok(())
    })
}

#[test]
fn a_quiet_page_is_clean() -> Result<()> {
    let folder = fixture("<p>Nothing to see</p>", "console.info('only a note')")?;
    visit_folder(folder.path(), "quiet", async |page| {
        page.open("").await?;
        page.until("the script", async || Ok((page.driver().title().await? == "done").then_some(()))).await?;
        page.assert_clean().await
    })
}

#[test]
fn a_warning_in_the_console_is_seen() -> Result<()> {
    let folder = fixture("", "console.warn('dim lamp')")?;
    reports(
        folder.path(),
        "console-warning",
        |fault| matches!(fault, Fault::Console(text) if text.contains("dim lamp")),
    )
}

#[test]
fn an_error_in_the_console_is_seen() -> Result<()> {
    let folder = fixture("", "console.error('broken lamp')")?;
    reports(
        folder.path(),
        "console",
        |fault| matches!(fault, Fault::Console(text) if text.contains("broken lamp")),
    )
}

#[test]
fn a_missing_file_is_seen() -> Result<()> {
    let folder = fixture("<img src=\"gone.png\" alt=\"\">", "")?;
    reports(
        folder.path(),
        "missing",
        |fault| matches!(fault, Fault::Console(text) if text.contains("gone.png")),
    )
}

#[test]
fn an_uncaught_exception_is_seen() -> Result<()> {
    let folder = fixture("", "setTimeout(() => { throw new Error('slipped'); })")?;
    reports(
        folder.path(),
        "exception",
        |fault| matches!(fault, Fault::Exception(text) if text.contains("slipped")),
    )
}

#[test]
fn an_unhandled_rejection_is_seen() -> Result<()> {
    let folder = fixture("", "Promise.reject(new Error('refused'))")?;
    reports(
        folder.path(),
        "rejection",
        |fault| matches!(fault, Fault::Exception(text) if text.contains("refused")),
    )
}

#[test]
fn a_violated_policy_is_seen() -> Result<()> {
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'self'\">";
    let folder = fixture(&format!("{policy}<script>document.title = 'inline'</script>"), "")?;
    reports(folder.path(), "policy", |fault| matches!(fault, Fault::Policy(_)))
}

#[test]
fn a_request_to_another_origin_is_seen() -> Result<()> {
    let other = fixture("", "")?;
    let other = StaticServer::start(other.path())?;
    let address = format!("{}/fixture.js", other.origin());
    let folder = fixture("", &format!("fetch('{address}', {{ mode: 'no-cors' }})"))?;
    reports(folder.path(), "elsewhere", |fault| *fault == Fault::Elsewhere(address.clone()))
}

#[test]
fn a_button_without_a_name_is_inaccessible() -> Result<()> {
    let folder = fixture("<main><h1>Fixture</h1><button></button></main>", "")?;
    visit_folder(folder.path(), "nameless", async |page| {
        page.open("").await?;
        let violations = page.axe().await?;
        ensure!(violations.iter().any(|one| one.starts_with("button-name")), "axe-core saw {violations:?}");
        ensure!(page.assert_accessible().await.is_err(), "the check passed in spite of {violations:?}");
        Ok(())
    })
}
