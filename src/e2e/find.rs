//! Finding elements as a person with a screen reader does: by role and name, as the browser computes both.

use std::sync::Arc;

use anyhow::Result;
use http::Method;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::prelude::*;
use thirtyfour::{RequestData, SessionId};

use crate::Page;

impl Page {
    /// Waits for the element of this role (`button`, `link`, `heading`, `slider`, `dialog` …) and accessible name.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn find(&self, role: &str, name: &str) -> Result<WebElement> {
        let what = format!("the {role} “{name}”");
        self.until(&what, async || {
            let found = self.find_all(role, Some(name)).await?.into_iter().next();
            if found.is_none() {
                self.unfold(NAMED, name).await?;
            }
            Ok(found)
        })
        .await
    }

    /// Waits for the control that a selector names, and opens the group that it is in.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn control(&self, selector: &str) -> Result<WebElement> {
        self.until(&format!("the control {selector}"), async || {
            self.unfold(SELECTED, selector).await?;
            Ok(Some(self.driver.find(By::Css(selector)).await?))
        })
        .await
    }

    /// Clicks on the heading of the folded group of controls in which a person would look for something.
    async fn unfold(&self, which: &str, what: &str) -> Result<()> {
        let script = format!(
            "const is = {which};
            const folded = [...document.querySelectorAll('.part:not([open])')];
            const summary = folded.find((part) => is(part, arguments[0]))?.querySelector('summary');
            summary?.scrollIntoView({{ block: 'center' }});
            return summary?.textContent ?? null"
        );
        let summary = self.script(&script, vec![what.into()]).await?;
        if let Some(summary) = summary.as_str() {
            let heading = By::XPath(format!("//details[@class='part']/summary[.=\"{summary}\"]"));
            self.driver.find(heading).await?.click().await?;
        }
        Ok(())
    }

    /// Every element of this role that is there now, with this name or with any.
    ///
    /// # Errors
    /// When the browser fails, or the page redraws itself meanwhile.
    pub async fn find_all(&self, role: &str, name: Option<&str>) -> Result<Vec<WebElement>> {
        let mut found = Vec::new();
        for element in self.driver.find_all(By::Css(candidates(role))).await? {
            if computed(&element, "role").await? != role {
                continue;
            }
            let matches = match name {
                Some(name) => computed(&element, "label").await? == name,
                None => true,
            };
            if matches {
                found.push(element);
            }
        }
        Ok(found)
    }

    /// Finds an element by role and name and clicks it.
    ///
    /// # Errors
    /// When it does not appear or something covers it.
    pub async fn click(&self, role: &str, name: &str) -> Result<()> {
        let what = format!("the {role} “{name}” to be clicked");
        self.until(&what, async || match self.find_all(role, Some(name)).await?.first() {
            None => {
                self.unfold(NAMED, name).await?;
                Ok(None)
            }
            Some(element) => {
                // As a person does who sees it half behind the bar at the bottom.
                let scroll = "arguments[0].scrollIntoView({ block: 'center' })";
                self.script(scroll, vec![element.to_json()?]).await?;
                Ok(Some(element.click().await?))
            }
        })
        .await
    }
}

/// Whether a group holds a control of this name.
const NAMED: &str = "(part, name) => [...part.querySelectorAll('label, label > span, .action > button')]
    .some((label) => label.textContent === name)";
/// Whether a group holds what a selector names.
const SELECTED: &str = "(part, selector) => part.querySelector(selector)";

/// A coarse first choice, so that the browser need not be asked about each element of the page.
fn candidates(role: &str) -> String {
    let native = match role {
        "button" => "button, summary, input[type=button], input[type=submit]",
        "link" => "a[href]",
        "heading" => "h1, h2, h3, h4, h5, h6",
        "slider" => "input[type=range]",
        "spinbutton" => "input[type=number]",
        "checkbox" | "switch" => "input[type=checkbox]",
        "radio" => "input[type=radio]",
        "searchbox" => "input[type=search]",
        "textbox" => "input, textarea",
        "combobox" | "listbox" => "select",
        "img" | "image" => "img, svg",
        "list" => "ul, ol",
        "table" => "table",
        "dialog" => "dialog",
        "main" | "nav" => role,
        "navigation" => "nav",
        "progressbar" => "progress",
        "meter" => "meter",
        "status" => "output",
        _ => "*",
    };
    format!("{native}, [role={role}]")
}

/// What the browser tells assistive technology about an element: its `role` or its `label`.
async fn computed(element: &WebElement, what: &'static str) -> Result<String> {
    let question = Computed { element: element.element_id().to_string().into(), what };
    Ok(element.handle().cmd(question).await?.value()?)
}

#[derive(Debug)]
struct Computed {
    element: Arc<str>,
    what: &'static str,
}

impl FormatRequestData for Computed {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let Self { element, what } = self;
        RequestData::new(Method::GET, format!("session/{session}/element/{element}/computed{what}"))
    }
}
