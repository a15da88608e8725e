//! What no visit may leave behind: an error or a warning in the console, an uncaught exception, something that the content policy
//! had to stop, or a request to anyone else.

use std::fmt;

use anyhow::{Result, ensure};
use serde_json::Value;
use thirtyfour::BrowserLogEntry;

use crate::Page;

const VIOLATION: &str = "Content policy violated:";

/// Repeats each violation in the console, because some kinds are reported to the page alone.
pub(crate) const REPORT_VIOLATIONS: &str = "addEventListener('securitypolicyviolation', (event) =>
    console.error(`Content policy violated: ${event.effectiveDirective} ${event.blockedURI}`), true);";

/// One thing that must not happen while a person uses the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An error or a warning in the console.
    Console(String),
    /// An exception that nothing caught.
    Exception(String),
    /// Something that the content policy stopped.
    Policy(String),
    /// A request to another origin.
    Elsewhere(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Console(text) => write!(f, "in the console: {text}"),
            Self::Exception(text) => write!(f, "uncaught exception: {text}"),
            Self::Policy(text) => write!(f, "content policy: {text}"),
            Self::Elsewhere(url) => write!(f, "request to another origin: {url}"),
        }
    }
}

impl Page {
    /// Everything that has gone wrong since the browser started.
    ///
    /// # Errors
    /// When the browser does not hand out its logs.
    pub async fn faults(&self) -> Result<Vec<Fault>> {
        // Reading a log empties it, so what was read is kept here.
        let console = self.driver.get_log("browser").await?;
        let network = self.driver.get_log("performance").await?;
        let mut faults = self.faults.borrow_mut();
        faults.extend(console.iter().filter_map(in_console));
        faults.extend(network.iter().filter_map(|entry| elsewhere(entry, &self.origin)));
        Ok(faults.clone())
    }

    /// # Errors
    /// When anything has gone wrong since the browser started, naming all of it.
    pub async fn assert_clean(&self) -> Result<()> {
        let faults: Vec<String> = self.faults().await?.iter().map(|fault| format!("\n  {fault}")).collect();
        ensure!(faults.is_empty(), "The page is not clean:{}", faults.concat());
        Ok(())
    }
}

fn in_console(entry: &BrowserLogEntry) -> Option<Fault> {
    let text = entry.message.clone();
    match entry.source.as_deref() {
        _ if !["SEVERE", "WARNING"].contains(&entry.level.as_str()) => None,
        // Nobody but a test looks at single pixels of a chart.
        _ if text.contains("willReadFrequently") => None,
        Some("security") => Some(Fault::Policy(text)),
        _ if text.contains(VIOLATION) => Some(Fault::Policy(text)),
        Some("javascript") => Some(Fault::Exception(text)),
        _ => Some(Fault::Console(text)),
    }
}

/// The address of a request over the network that does not go to the page's own server.
fn elsewhere(entry: &BrowserLogEntry, origin: &str) -> Option<Fault> {
    let event: Value = serde_json::from_str(&entry.message).ok()?;
    let event = &event["message"];
    let url = match event["method"].as_str()? {
        "Network.requestWillBeSent" => event["params"]["request"]["url"].as_str()?,
        "Network.webSocketCreated" | "Network.webTransportCreated" => event["params"]["url"].as_str()?,
        _ => return None,
    };
    let is_own =
        url.strip_prefix(origin).is_some_and(|path| path.is_empty() || path.starts_with(['/', '?', '#']));
    let stays_inside = ["data:", "blob:", "about:", "chrome:"].iter().any(|scheme| url.starts_with(scheme));
    (!is_own && !stays_inside).then(|| Fault::Elsewhere(url.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(url: &str) -> BrowserLogEntry {
        let message = serde_json::json!({ "message": {
            "method": "Network.requestWillBeSent", "params": { "request": { "url": url } } } });
        BrowserLogEntry { level: "INFO".into(), message: message.to_string(), timestamp: 0, source: None }
    }

    #[test]
    fn errors_and_warnings_are_faults_and_notes_are_none() {
        let fault = |level: &str| {
            let source = Some("console-api".to_owned());
            in_console(&BrowserLogEntry { level: level.into(), message: "text".into(), timestamp: 0, source })
        };
        assert_eq!(fault("SEVERE"), Some(Fault::Console("text".into())));
        assert_eq!(fault("WARNING"), Some(Fault::Console("text".into())));
        assert_eq!(fault("INFO"), None);
    }

    #[test]
    fn only_the_exact_origin_is_home() {
        let origin = "http://127.0.0.1:80";
        for url in [
            "http://127.0.0.1:80/app.js",
            "http://127.0.0.1:80",
            "data:,x",
            "about:blank",
            "chrome://resources/x.js",
        ] {
            assert_eq!(elsewhere(&request(url), origin), None, "{url}");
        }
        for url in [
            "http://127.0.0.1:8080/app.js",
            "https://127.0.0.1:80/",
            "https://example.org/",
            "ws://127.0.0.1:80/",
        ] {
            assert_eq!(elsewhere(&request(url), origin), Some(Fault::Elsewhere(url.to_owned())));
        }
    }
}
