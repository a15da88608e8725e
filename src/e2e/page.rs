//! What a person does with the page, and what they see.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use thirtyfour::Key;
use thirtyfour::prelude::*;
use xtask::project;

use crate::clean::{Fault, REPORT_VIOLATIONS};

/// How long a test waits for anything: far longer than a slow, busy machine needs.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(50);

/// The page in one browser.
pub struct Page {
    pub(crate) driver: WebDriver,
    pub(crate) origin: String,
    pub(crate) faults: RefCell<Vec<Fault>>,
}

impl Page {
    pub(crate) async fn new(driver: &WebDriver, origin: String) -> Result<Self> {
        // What the browser's own start page has asked for and said is not the page's doing.
        driver.goto("about:blank").await?;
        driver.get_log("performance").await?;
        driver.get_log("browser").await?;
        driver.cdp().page().add_script_to_evaluate_on_new_document(REPORT_VIOLATIONS).await?;
        Ok(Self { driver: driver.clone(), origin, faults: RefCell::default() })
    }

    /// The browser itself, for what this has no word for.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Opens the page afresh at a route: `""` or `"#/lesson/pool"`.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn open(&self, fragment: &str) -> Result<()> {
        // From elsewhere: between two fragments of one page a browser would not load anything.
        self.driver.goto("about:blank").await?;
        Ok(self.driver.goto(format!("{}/{fragment}", self.origin)).await?)
    }

    /// Asks again and again until the answer is there, for 20 seconds at most. A failing question is asked again too:
    /// while the page redraws itself, elements come and go.
    ///
    /// # Errors
    /// When the time is up, saying what was waited for.
    pub async fn until<T>(&self, what: &str, mut ask: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
        let started = Instant::now();
        loop {
            let answer = ask().await;
            if let Ok(Some(found)) = answer {
                return Ok(found);
            }
            if started.elapsed() > PATIENCE {
                let sight = self.text().await.unwrap_or_default();
                let seen = answer.err().map_or_else(String::new, |error| format!(" ({error:#})"));
                bail!("Waited {} s in vain for {what}{seen}. The page reads:\n{sight}", PATIENCE.as_secs());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What the browser has saved at `path`. It reserves the name with an empty file and fills it in one act.
    ///
    /// # Errors
    /// When nothing comes.
    pub async fn saved(&self, path: &Path) -> Result<Vec<u8>> {
        let filled = || fs::read(path).ok().filter(|bytes| !bytes.is_empty());
        self.until(&format!("the file {}", path.display()), async || Ok(filled())).await
    }

    /// All text that can be seen.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn text(&self) -> Result<String> {
        let text = self.script("return document.body.innerText", vec![]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until this text can be seen; where lines may break is not looked at.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn see(&self, text: &str) -> Result<()> {
        let text = text.replace('\u{a0}', " ");
        self.until(&format!("the text “{text}”"), async || {
            Ok(self.text().await?.replace('\u{a0}', " ").contains(&text).then_some(()))
        })
        .await
    }

    /// Runs a script in the page: `arguments` holds the values, `return` gives the answer.
    ///
    /// # Errors
    /// When the script throws.
    pub async fn script(&self, source: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.driver.execute(source, arguments).await?.json().clone())
    }

    /// Presses keys where the focus is, as in `page.press(Key::Space)` or `page.press("r")`.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self.driver.action_chain().send_keys(keys).perform().await?)
    }

    /// Presses a key while others are held down.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn chord(&self, held: &[Key], key: char) -> Result<()> {
        let mut keys = self.driver.action_chain();
        for held in held {
            keys = keys.key_down(held.clone());
        }
        keys = keys.key_down(key).key_up(key);
        for held in held.iter().rev() {
            keys = keys.key_up(held.clone());
        }
        Ok(keys.perform().await?)
    }

    /// Moves the named slider to a value, as dragging does: its value changes, then it says so.
    /// For the keyboard's way, focus it and [`press`](Self::press) `Key::Right`.
    ///
    /// # Errors
    /// When there is no such slider, or it cannot take that value.
    pub async fn set_slider(&self, name: &str, value: f64) -> Result<()> {
        let slider = self.find("slider", name).await?;
        let script = "const [slider, value] = arguments;
            slider.value = value;
            for (const kind of ['input', 'change']) slider.dispatchEvent(new Event(kind, { bubbles: true }));
            return slider.valueAsNumber;";
        let taken = self.script(script, vec![slider.to_json()?, json!(value)]).await?;
        if taken.as_f64() != Some(value) {
            bail!(
                "The slider “{name}” took {taken} for {value}: choose a value within its range and on its steps."
            );
        }
        Ok(())
    }

    /// Shows the page as on a screen of this size, also one narrower than a window can be.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let emulation = self.driver.cdp();
        Ok(emulation.emulation().set_device_metrics_override(width, height, 1.0, false).await?)
    }

    /// Makes the screen one that fingers touch.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn touch_screen(&self) -> Result<()> {
        let touch = json!({ "enabled": true, "maxTouchPoints": 1 });
        self.driver.cdp().send_raw("Emulation.setTouchEmulationEnabled", touch).await?;
        Ok(())
    }

    /// Puts a finger on a point of the window and lifts it.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn tap(&self, (x, y): (u32, u32)) -> Result<()> {
        let touches = [("touchStart", json!([{ "x": x, "y": y }])), ("touchEnd", json!([]))];
        for (kind, points) in touches {
            let touch = json!({ "type": kind, "touchPoints": points });
            self.driver.cdp().send_raw("Input.dispatchTouchEvent", touch).await?;
        }
        Ok(())
    }

    /// Moves a finger from one point of the window to another, in CSS pixels, and lifts it.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn swipe(&self, from: (u32, u32), to: (u32, u32)) -> Result<()> {
        let moved = |kind: &str, points: &[(u32, u32)]| {
            let points: Vec<_> = points.iter().map(|(x, y)| json!({ "x": x, "y": y })).collect();
            json!({ "type": kind, "touchPoints": points })
        };
        let between = (u32::midpoint(from.0, to.0), u32::midpoint(from.1, to.1));
        for touch in [
            moved("touchStart", &[from]),
            moved("touchMove", &[between]),
            moved("touchMove", &[to]),
            moved("touchEnd", &[]),
        ] {
            self.driver.cdp().send_raw("Input.dispatchTouchEvent", touch).await?;
        }
        Ok(())
    }

    /// Sets the person's preferences, as in `[("prefers-color-scheme", "dark"), ("prefers-reduced-motion", "reduce")]`;
    /// those left out go back to the browser's own.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn prefer(&self, preferences: &[(&str, &str)]) -> Result<()> {
        let features: Vec<Value> =
            preferences.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.driver.cdp().send_raw("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
        Ok(())
    }

    /// Keeps what can be seen as `target/screens/<name>.png`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn screenshot(&self, name: &str) -> Result<()> {
        let folder = project::root()?.join("target/screens");
        fs::create_dir_all(&folder)?;
        let file = folder.join(format!("{name}.png"));
        self.driver.screenshot(&file).await.with_context(|| format!("{} was not taken.", file.display()))
    }
}
