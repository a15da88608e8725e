//! What a test asks of a run on the page, and what the core says of the same run without any page.

use anyhow::{Context, Result, anyhow, ensure};
use thirtyfour::By;
use warstories_sim::{Playable, Replay, scenarios};

use crate::Page;

/// The run of a link, played in one go to the link's moment.
///
/// # Errors
/// When that is no link.
pub fn straight(link: &str) -> Result<Box<dyn Playable>> {
    let link = Replay::parse(link).map_err(|problem| anyhow!(problem))?;
    ensure!(link.dropped.is_empty(), "the link says what it cannot: {:?}", link.dropped);
    let mut run = scenarios::start(link.replay);
    run.advance(link.moment.unwrap_or_default(), u64::MAX);
    Ok(run)
}

/// The state as the page says it, or whether its button plays or pauses.
const STATE: &str = "const pill = document.querySelector('.proof .pill');
    const button = document.querySelector('.play-button');
    return pill?.textContent.trim() ?? (button?.textContent.trim() === 'Pause' ? 'Running' : button && 'Still')";

impl Page {
    /// What the place with this `data-role` reads.
    ///
    /// # Errors
    /// When there is no such place.
    pub async fn shown(&self, role: &str) -> Result<String> {
        Ok(self.driver().find(By::Css(format!("[data-role='{role}']"))).await?.text().await?)
    }

    /// The exact number in a cell of the tables.
    ///
    /// # Errors
    /// When there is no such number.
    pub async fn reading(&self, metric: &str, stat: &str) -> Result<f64> {
        let cell = format!("[data-metric='{metric}'][data-stat='{stat}']");
        let value = self.driver().find(By::Css(cell)).await?.attr("data-value").await?;
        value.context("the cell has no value")?.parse().context("the value is no number")
    }

    /// The link in the address bar, once it holds `part`: it follows the run within half a second.
    ///
    /// # Errors
    /// When it never does.
    pub async fn link(&self, part: &str) -> Result<String> {
        self.until(&format!("an address with “{part}”"), async || {
            let hash = self.script("return location.hash", vec![]).await?;
            let link = hash.as_str().and_then(|hash| hash.strip_prefix("#/play/")).map(str::to_owned);
            Ok(link.filter(|link| link.contains(part)))
        })
        .await
    }

    /// Waits until the page shows the very state that the core alone reaches for `link`.
    ///
    /// # Errors
    /// When it never does.
    pub async fn is_at(&self, link: &str) -> Result<()> {
        let expected = format!("{:016x}", straight(link)?.fingerprint());
        self.until(&format!("the run {link}, fingerprint {expected}"), async || {
            Ok((self.shown("fingerprint").await? == expected).then_some(()))
        })
        .await
    }

    /// Waits until the run is in this state: `Ready`, `Running`, `Paused`. A step of a lesson that shows no instruments
    /// tells by its button alone whether time passes.
    ///
    /// # Errors
    /// When it never is.
    pub async fn is_state(&self, state: &str) -> Result<()> {
        self.until(&format!("the state “{state}”"), async || {
            let shown = self.script(STATE, vec![]).await?;
            let is_it = shown == state || shown == "Still" && state != "Running";
            Ok(is_it.then_some(()))
        })
        .await
    }
}
