//! Links that nobody would write by accident: the page opens what it can, says what it dropped, and runs nothing.

use anyhow::{Result, ensure};

const PAYLOADS: [&str; 25] = [
    "<script>window.owned=1</script>",
    "%3Cscript%3Ewindow.owned=1%3C/script%3E",
    "\"><img src=x onerror=window.owned=1>",
    "javascript:window.owned=1",
    "'-(window.owned=1)-'",
    "<svg onload=window.owned=1>",
    "{{constructor.constructor('window.owned=1')()}}",
    "__proto__[owned]=1",
    "%00",
    "%ff%fe",
    "%",
    "%2",
    "\u{202e}dlrow",
    "💥💥💥",
    "1e309",
    "-1",
    "NaN",
    "Infinity",
    "18446744073709551616",
    "99999999999999999999999999999999",
    "0x10",
    "../../../../etc/passwd",
    "//example.invalid/x",
    "&&&===???###",
    "a,b,c=d,e",
];

const PLACES: [&str; 9] = [
    "#/X",
    "#/play/X",
    "#/play/queueing_lab?X",
    "#/play/queueing_lab?seed=X",
    "#/play/queueing_lab?servers=X&arrivals_per_s=9",
    "#/play/queueing_lab?discipline=X",
    "#/play/queueing_lab?at=X,servers=2",
    "#/play/queueing_lab?at=5,X&at=6,servers=X",
    "#/play/queueing_lab?t=X",
];

#[test]
fn no_link_breaks_the_page_or_runs_anything() -> Result<()> {
    e2e::visit("hostile", async |page| {
        page.open("").await?;
        page.find("heading", "War Stories").await?;
        for place in PLACES {
            for payload in PAYLOADS {
                let address = place.replace('X', payload);
                page.script("location.hash = arguments[0]", vec![address.clone().into()]).await?;
                page.until("a page", async || {
                    let alive = "return [...document.querySelectorAll('main h1')].some((title) => title.checkVisibility()) \
                                 && document.getElementById('broken') === null";
                    Ok((page.script(alive, vec![]).await? == true).then_some(()))
                })
                .await?;
                let owned = page.script("return window.owned ?? ({}).owned ?? null", vec![]).await?;
                ensure!(owned.is_null(), "{address} ran a script");
            }
        }
        // After all that the page still plays.
        page.script("location.hash = '#/play/queueing_lab?seed=7'", vec![]).await?;
        page.click("button", "Play").await?;
        page.until("events", async || {
            let events = page
                .script("return document.querySelector('[data-role=events]').textContent", vec![])
                .await?;
            Ok((events != "0").then_some(()))
        })
        .await
    })
}

/// A link as long as any that is read, full of changes.
#[test]
fn a_very_long_link_is_cut_with_a_word() -> Result<()> {
    e2e::visit("long-link", async |page| {
        let entries: Vec<String> =
            (1..5000).map(|second| format!("at={second},servers={}", second % 900 + 1)).collect();
        page.open(&format!("#/play/queueing_lab?{}", entries.join("&"))).await?;
        page.see("were read").await?;
        page.click("button", "Play").await
    })
}
