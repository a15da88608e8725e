//! The browser that tests the page: Chromium or Chrome, and the driver that belongs to it.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::run;
use crate::tools::Toolbox;

const BROWSERS: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const CURE: &str = "The browser tests need Chromium and its driver: install both (Debian and Ubuntu: `apt-get install \
                    chromium chromium-driver`), or name them in CHROME and CHROMEDRIVER.";

/// Where the browser and its driver are.
pub struct Browser {
    pub program: PathBuf,
    pub driver: PathBuf,
}

impl Browser {
    /// Looks in `CHROME` and `CHROMEDRIVER`, then on the search path.
    ///
    /// # Errors
    /// When either is missing.
    pub fn find() -> Result<Self> {
        let program = named("CHROME").or_else(|| BROWSERS.iter().find_map(|name| which::which(name).ok()));
        let driver = named("CHROMEDRIVER").or_else(|| which::which("chromedriver").ok());
        Ok(Self { program: program.context(CURE)?, driver: driver.context(CURE)? })
    }

    /// Installs what is missing where the system's package manager and the rights for it are at hand.
    pub(crate) fn find_or_install(tools: &Toolbox) -> Result<Self> {
        if let Ok(found) = Self::find() {
            return Ok(found);
        }
        if which::which("apt-get").is_err() {
            bail!(CURE);
        }
        let is_root = run::answer(tools.command("id").arg("-u")).is_some_and(|id| id == "0");
        let may_sudo = || run::answer(tools.command("sudo").args(["-n", "true"])).is_some();
        let prefix = match is_root {
            true => "",
            false if may_sudo() => "sudo -n ",
            false => bail!(CURE),
        };
        let install = format!(
            "{prefix}apt-get update && {prefix}env DEBIAN_FRONTEND=noninteractive \
             apt-get install -y chromium chromium-driver fonts-dejavu-core"
        );
        tools.install(
            "Chromium and its driver",
            "about a minute",
            tools.command("sh").args(["-c", &install]),
        )?;
        Self::find()
    }
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}
