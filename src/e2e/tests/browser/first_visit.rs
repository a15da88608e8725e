//! A person opens War Stories for the first time.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

#[test]
fn the_page_opens() -> Result<()> {
    e2e::visit("opens", async |page| {
        page.open("").await?;
        page.find("heading", "War Stories").await?;
        let title = page.driver().title().await?;
        ensure!(title.contains("War Stories"), "the title is “{title}”");
        // The first paint is gone: the app has taken its place.
        page.until("the app", async || {
            let waiting =
                page.script("return document.getElementById('boot-progress') !== null", vec![]).await?;
            Ok((waiting == false).then_some(()))
        })
        .await?;
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
fn the_chosen_theme_is_there_before_the_app() -> Result<()> {
    let folder = first_paint_only()?;
    e2e::visit_folder(folder.path(), "theme", async |page| {
        for (chosen, shown) in [("dark", "dark"), ("light", "light"), ("auto", "")] {
            page.open("").await?;
            page.script("localStorage.setItem('warstories.theme', arguments[0])", vec![chosen.into()])
                .await?;
            page.open("").await?;
            let theme = page.script("return document.documentElement.dataset.theme ?? ''", vec![]).await?;
            ensure!(theme == shown, "{chosen} is shown as {theme}");
        }
        Ok(())
    })
}

#[test]
fn a_page_that_cannot_start_says_so_calmly() -> Result<()> {
    let folder = first_paint_only()?;
    e2e::visit_folder(folder.path(), "no-start", async |page| {
        page.open("").await?;
        page.see("War Stories could not start. Check the connection").await?;
        page.screenshot("no-start").await?;
        page.assert_accessible().await
    })
}

/// The built page without its program: what is seen while that is on its way, or when it never arrives.
fn first_paint_only() -> Result<tempfile::TempDir> {
    let dist = xtask::project::root()?.join("dist");
    let folder = tempfile::tempdir()?;
    for entry in fs::read_dir(dist).context("The page is not built: run `cargo xtask dist`.")? {
        let path = entry?.path();
        let name = path.file_name().context("a file without a name")?;
        if path.is_file() && Path::new(name).extension().is_none_or(|kind| kind != "wasm") {
            fs::copy(&path, folder.path().join(name))?;
        }
    }
    Ok(folder)
}
