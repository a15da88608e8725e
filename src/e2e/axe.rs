//! The accessibility rules that a program can check, by axe-core.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use xtask::{project, tools};

use crate::Page;

/// WCAG 2.2 up to level AA, and what axe-core's authors recommend beyond it.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

impl Page {
    /// What axe-core objects to in the page as it is now: the rule, what to do about it, and where.
    ///
    /// # Errors
    /// When axe-core is not installed or the browser fails.
    pub async fn axe(&self) -> Result<Vec<String>> {
        let file = tools::axe_script(&project::root()?);
        let source = fs::read_to_string(&file).context(
            "The accessibility tests need axe-core: `cargo xtask test --only browser` installs it, where npm is there.",
        )?;
        // Put in through the driver: the page's content policy would rightly refuse it.
        self.script(&source, vec![]).await?;
        // A bar at the window's edge may cover all of a target but a pixel. What is large enough once scrolling has uncovered
        // it is not too small.
        let run = "
            const find = (rules) => axe.run(document, { runOnly: rules, resultTypes: ['violations', 'passes'], preload: false });
            const name = ({ target }) => target.join(' ');
            const isSeen = ({ any }) => any.every(({ data }) => data?.messageKey !== 'obscured');
            return (async () => {
                const { violations } = await find(arguments[0]);
                const small = violations.find(({ id }) => id === 'target-size');
                if (small) {
                    const at = scrollY;
                    scrollBy(0, 200);
                    if (scrollY === at) scrollBy(0, -200);
                    const { passes } = await find({ type: 'rule', values: ['target-size'] });
                    scrollTo(0, at);
                    const large = passes.flatMap(({ nodes }) => nodes.filter(isSeen).map(name));
                    small.nodes = small.nodes.filter((node) => !large.includes(name(node)));
                }
                return violations.filter(({ nodes }) => nodes.length)
                    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(name).join(', ')})`);
            })()";
        let violations = self.script(run, vec![json!(RULES)]).await?;
        let violations = violations.as_array().context("axe-core gave no list of violations.")?;
        Ok(violations.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// The sorts of parts that the page is made of now: element, role, classes and state of everything in sight. Where two
    /// pages have the same, the rules find the same in both.
    ///
    /// # Errors
    /// When the browser fails.
    pub async fn parts(&self) -> Result<String> {
        let sorts = "return [...new Set([...document.querySelectorAll('body *')]
            .filter(each => each.checkVisibility())
            .map(each => [each.localName, each.getAttribute('role'), each.getAttribute('class'),
                each.getAttributeNames().filter(name => name.startsWith('aria-') || name === 'disabled').sort()].join()))]
            .sort().join('\\n')";
        let sorts = self.script(sorts, vec![]).await?;
        Ok(sorts.as_str().context("The page has no parts.")?.to_owned())
    }

    /// # Errors
    /// When axe-core objects to anything, naming all of it.
    pub async fn assert_accessible(&self) -> Result<()> {
        let violations = self.axe().await?;
        ensure!(violations.is_empty(), "The page is not accessible to all:\n  {}", violations.join("\n  "));
        Ok(())
    }
}
