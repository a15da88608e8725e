//! One browser for one test: its own driver process, its own profile, gone when the test ends.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{Capabilities, WebDriver};
use xtask::browser::Browser;
use xtask::project;

const OPTIONS: &str = "goog:chromeOptions";

/// How often the driver is started before a test gives up.
const STARTS: usize = 3;

/// A running browser. Dropping it without [`Session::close`] still ends both processes.
pub(crate) struct Session {
    driver: WebDriver,
    _process: DriverProcess,
    _profile: TempDir,
}

impl Session {
    pub(crate) async fn start() -> Result<Self> {
        let browser = Browser::find()?;
        let profile = tempfile::tempdir()?;
        let process = DriverProcess::start(&browser)?;
        let driver = WebDriver::new(&process.address, capabilities(&browser, &profile)?);
        let driver = driver
            .await
            .context("The browser did not start: try it by hand, with the flags in webdriver.json.")?;
        Ok(Self { driver, _process: process, _profile: profile })
    }

    pub(crate) fn driver(&self) -> &WebDriver {
        &self.driver
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.driver.quit().await.context("The browser did not close.")
    }
}

/// The flags of `webdriver.json`, which the WebAssembly tests use too, and what only these tests need.
fn capabilities(browser: &Browser, profile: &TempDir) -> Result<Capabilities> {
    let file = project::root()?.join("webdriver.json");
    let mut wanted: Value = serde_json::from_slice(&fs::read(&file)?)?;
    let flags = wanted[OPTIONS]["args"].as_array_mut().context("webdriver.json lists no browser flags.")?;
    flags.push(json!("--window-size=1280,900"));
    flags.push(json!(format!("--user-data-dir={}", profile.path().display())));
    wanted[OPTIONS]["binary"] = json!(browser.program);
    wanted["goog:loggingPrefs"] = json!({ "browser": "ALL", "performance": "ALL" });
    let Value::Object(wanted) = wanted else { unreachable!("indexed as an object above") };
    Ok(Capabilities::from(wanted))
}

/// The driver program, ended with its test whatever happens.
struct DriverProcess {
    child: Child,
    address: String,
}

impl DriverProcess {
    /// Starts the driver, again when it ended at once: it binds a port that is free for IPv4 and then the
    /// same one for IPv6, where another test's connection may hold it.
    fn start(browser: &Browser) -> Result<Self> {
        let early = (1..STARTS).find_map(|_| Self::start_once(browser).ok());
        early.map_or_else(|| Self::start_once(browser), Ok)
    }

    fn start_once(browser: &Browser) -> Result<Self> {
        let mut command = Command::new(&browser.driver);
        // Port 0: the driver picks a free one and says which, so that two tests cannot race for it.
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child =
            command.spawn().with_context(|| format!("{} did not start.", browser.driver.display()))?;
        let pipe = child.stdout.take();
        // Made first, so that a driver that says nothing useful is ended as well.
        let mut process = Self { child, address: String::new() };
        let mut said = Vec::new();
        for line in pipe.into_iter().flat_map(|pipe| BufReader::new(pipe).lines()).map_while(Result::ok) {
            if let Some(port) = port_said(&line) {
                process.address = format!("http://127.0.0.1:{port}");
                return Ok(process);
            }
            said.push(line);
        }
        bail!("The browser's driver ended before it said its port. It said: {}", said.join(" "))
    }
}

impl Drop for DriverProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn port_said(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_says_its_port() {
        assert_eq!(port_said("ChromeDriver was started successfully on port 45123."), Some(45123));
        assert_eq!(port_said("Starting ChromeDriver 140.0 on port 0"), None);
    }
}
