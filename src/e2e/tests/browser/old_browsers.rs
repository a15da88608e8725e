//! A browser that lacks something that the program is built on.

use anyhow::{Result, ensure};

/// One way for each to be without what README asks for, as it was before.
const LACKING: [&str; 4] = [
    "delete window.WebAssembly",
    "WebAssembly.validate = () => false",
    "delete window.TransformStream",
    "delete window.HTMLDialogElement",
];

#[test]
fn an_old_browser_reads_the_front_door_and_why_nothing_plays() -> Result<()> {
    for lack in LACKING {
        e2e::visit("old-browser", async |page| {
            page.driver().cdp().page().add_script_to_evaluate_on_new_document(lack).await?;
            for address in ["", "#/play/queueing_lab", "#/learn/why_queues_explode"] {
                page.open(address).await?;
                page.see("This browser is too old to play the stories: War Stories needs").await?;
                page.find("heading", "Why queues explode").await?;
            }
            page.open("").await?;
            page.assert_accessible().await?;
            page.click("link", "Play freely: Why queues explode").await?;
            page.until("the sentence in sight", async || {
                let top = "return document.querySelector('#notice').getBoundingClientRect().top >= 0";
                Ok((page.script(top, vec![]).await? == true).then_some(()))
            })
            .await?;
            let programs = "return performance.getEntriesByType('resource').filter((entry) => entry.name.includes('warstories-app')).length";
            ensure!(page.script(programs, vec![]).await? == 0, "the program was fetched after: {lack}");
            page.screenshot("old-browser").await
        })?;
    }
    Ok(())
}

#[test]
fn a_browser_that_has_all_of_it_reads_nothing_of_that() -> Result<()> {
    e2e::visit("new-browser", async |page| {
        page.open("").await?;
        page.find("heading", "War Stories").await?;
        ensure!(!page.text().await?.contains("too old"), "{}", page.text().await?);
        Ok(())
    })
}
