//! The page as a person meets it: a real browser, the built page, and rules that every test ends with.
//!
//! ```no_run
//! fn a_person_finds_the_title() -> anyhow::Result<()> {
//!     e2e::visit("title", async |page| {
//!         page.open("").await?;
//!         page.find("heading", "War Stories").await?;
//!         page.assert_accessible().await
//!     })
//! }
//! ```
//! [`visit`] itself closes each test with [`Page::assert_clean`], so that no test can forget it.

mod axe;
mod clean;
mod driver;
mod find;
mod page;
mod run;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

use anyhow::Result;
use tokio::runtime;
use xtask::project;
use xtask::serve::StaticServer;

pub use clean::Fault;
pub use page::Page;
pub use run::straight;

/// Tells one story of a person at the built page, in a fresh browser, and ends with [`Page::assert_clean`].
///
/// When the story fails, its last sight is kept as `target/screens/<name>-failed.png`.
///
/// # Errors
/// When the story fails, the page is not clean afterwards, or the browser cannot be started.
pub fn visit(name: &str, story: impl AsyncFnOnce(&Page) -> Result<()>) -> Result<()> {
    let dist = project::root()?.join("dist");
    visit_folder(&dist, name, async |page| {
        story(page).await?;
        page.assert_clean().await
    })
}

/// The same for any folder, and without the closing check.
///
/// # Errors
/// When the story fails or the browser cannot be started.
pub fn visit_folder(folder: &Path, name: &str, story: impl AsyncFnOnce(&Page) -> Result<()>) -> Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let server = StaticServer::start(folder)?;
    let session = runtime.block_on(driver::Session::start())?;
    let page = runtime.block_on(Page::new(session.driver(), server.origin()))?;

    // The browser must be closed even after a failed assertion, and its last sight is worth keeping.
    let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(story(&page))));
    if !matches!(outcome, Ok(Ok(()))) {
        let _ = runtime.block_on(page.screenshot(&format!("{name}-failed")));
    }
    drop(page);
    let closed = runtime.block_on(session.close());
    match outcome {
        Ok(told) => told.and(closed),
        Err(panic) => resume_unwind(panic),
    }
}
