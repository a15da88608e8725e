//! The terminal into a run: typed, pressed and tapped, on a page of its own and in a lesson; and the log beside it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use e2e::{Page, straight};
use serde_json::Value;
use thirtyfour::{Key, WebElement};

/// Twenty-four and a half minutes past five, when only root has space left on the volume.
pub(crate) const LATE: &str = "log_flood?seed=1&t=41070";
/// What was printed last.
pub(crate) const PRINTED: &str =
    "return document.querySelector('.terminal .printed > div:last-child pre')?.textContent ?? ''";
const FOCUS: &str = "const { activeElement: at } = document; return at.id || at.textContent";
pub(crate) const ENTRIES: &str = "return document.querySelectorAll('.terminal .printed > div').length";
const VALUE: &str = "return document.getElementById('terminal-line').value";

async fn opened(page: &Page, link: &str) -> Result<WebElement> {
    page.open(&format!("#/play/{link}")).await?;
    page.find("heading", "Terminal").await?;
    page.find("textbox", "Command").await
}

pub(crate) async fn reads(page: &Page, script: &str, expected: impl Into<Value>) -> Result<()> {
    let expected = expected.into();
    let mut seen = Value::Null;
    let found = page
        .until("what is expected", async || {
            seen = page.script(script, vec![]).await?;
            Ok((seen == expected).then_some(()))
        })
        .await;
    found.with_context(|| format!("{script} gives {seen}, not {expected}"))
}

pub(crate) async fn run(page: &Page, field: &WebElement, line: &str) -> Result<()> {
    field.send_keys(line).await?;
    field.send_keys("" + Key::Enter).await?;
    reads(page, VALUE, "").await
}

/// What `line` prints on the page is what the core says of the same run.
pub(crate) async fn prints(page: &Page, field: &WebElement, line: &str, of: &str) -> Result<()> {
    run(page, field, line).await?;
    reads(page, PRINTED, straight(of)?.command(line).text).await
}

#[test]
fn a_command_is_typed_completed_and_brought_back_and_nobody_is_caught_in_the_field() -> Result<()> {
    e2e::visit("terminal", async |page| {
        page.resize(1440, 900).await?;
        let field = opened(page, LATE).await?;
        prints(page, &field, "df -h", LATE).await?;
        for line in ["du -sh", "ls -l", "journalctl -u postgresql", "tail", "help"] {
            prints(page, &field, line, LATE).await?;
        }
        page.see("day 2 05:24:30").await?;
        // One end is completed, several are listed as far as they agree.
        field.send_keys("cron").await?;
        page.press(Key::Tab).await?;
        reads(page, VALUE, "crontab -l").await?;
        page.chord(&[Key::Control], 'a').await?;
        page.press("d").await?;
        page.press(Key::Tab).await?;
        let listed = "return [...document.querySelectorAll('.terminal [role=status] span')].map((way) => way.textContent.trim())";
        reads(page, listed, serde_json::json!(["df -h", "df -i", "du -sh /var/log/app", "du -sh", "date"]))
            .await?;
        page.press("f").await?;
        page.press(Key::Tab).await?;
        reads(page, VALUE, "df -").await?;
        reads(page, FOCUS, "terminal-line").await?;
        page.screenshot("terminal-completing").await?;
        page.assert_accessible().await?;
        // Escape leaves, and from then on Tab does, too, until something else is typed.
        page.press(Key::Escape).await?;
        reads(page, FOCUS, "df -h").await?;
        let back = page.driver().action_chain().key_down(Key::Shift).key_down(Key::Tab);
        back.key_up(Key::Tab).key_up(Key::Shift).perform().await?;
        reads(page, FOCUS, "terminal-line").await?;
        page.press(Key::Tab).await?;
        reads(page, FOCUS, "df -h").await?;
        // What nothing completes leaves the field as well; so does an empty one.
        for line in ["no such command", ""] {
            field.clear().await?;
            field.send_keys(line).await?;
            page.press(Key::Tab).await?;
            reads(page, FOCUS, "df -h").await?;
        }
        // Older lines come back, and what was being typed after them.
        field.send_keys("dat").await?;
        for (key, line) in [
            (Key::Up, "help"),
            (Key::Up, "tail"),
            (Key::Down, "help"),
            (Key::Down, "dat"),
            (Key::Down, "dat"),
        ] {
            page.press(key).await?;
            reads(page, VALUE, line).await?;
        }
        page.chord(&[Key::Control], 'l').await?;
        reads(page, ENTRIES, 0).await?;
        page.press(Key::Up).await?;
        reads(page, VALUE, "help").await?;
        // The keys that move time elsewhere wrote a line here.
        page.is_state("Paused").await?;
        let link = page.link("t=41070").await?;
        ensure!(link == LATE, "to look has changed the run: {link}");
        page.is_at(&link).await
    })
}

#[test]
fn an_action_that_is_typed_stands_in_the_link_and_is_taken_back_and_what_was_printed_stays() -> Result<()> {
    e2e::visit("terminal-action", async |page| {
        page.resize(1440, 900).await?;
        let field = opened(page, LATE).await?;
        run(page, &field, "rm /var/log/app/app.log").await?;
        let deleted = page.link("delete_log").await?;
        page.is_at(&deleted).await?;
        // It is seen at once.
        run(page, &field, "lsof +L1").await?;
        page.until("the deleted file", async || {
            let text = page.script(PRINTED, vec![]).await?;
            Ok(text.as_str().is_some_and(|text| text.contains("app.log (deleted)")).then_some(()))
        })
        .await?;
        run(page, &field, "rm /var/log/app/app.log").await?;
        reads(page, PRINTED, "rm: cannot remove '/var/log/app/app.log': No such file or directory").await?;
        page.find("button", "df -h").await?.focus().await?;
        for _ in 0..2 {
            page.chord(&[Key::Control], 'z').await?;
        }
        page.until("a link without the action", async || {
            let link = page.link("t=41070").await?;
            Ok((!link.contains("delete_log")).then_some(()))
        })
        .await?;
        run(page, &field, "lsof +L1").await?;
        reads(page, PRINTED, "").await?;
        reads(page, ENTRIES, 4).await?;
        // Another moment and another branch leave it as it is; each line says when it was answered.
        page.set_slider("Timeline", 3612.0).await?;
        page.link("t=3612").await?;
        prints(page, &field, "df -h", "log_flood?seed=1&t=3612").await?;
        page.click("button", "Fork here").await?;
        run(page, &field, "date").await?;
        reads(page, ENTRIES, 6).await?;
        let times =
            "return [...document.querySelectorAll('.terminal .printed .at')].map((at) => at.textContent)";
        let times: Vec<String> = serde_json::from_value(page.script(times, vec![]).await?)?;
        ensure!(times[0] == "day 2 05:24:30" && times[4] == "19:00:12", "{times:?}");
        Ok(())
    })
}

#[test]
fn what_nobody_would_type_does_no_harm() -> Result<()> {
    e2e::visit("terminal-hostile", async |page| {
        page.resize(1440, 900).await?;
        opened(page, LATE).await?;
        // As a paste does it in a browser that lets it, and then Enter.
        let submit = "const field = document.getElementById('terminal-line');
            field.value = arguments[0].repeat(arguments[1]);
            field.dispatchEvent(new InputEvent('input', { bubbles: true }));
            for (const key of ['Tab', 'Enter'])
                field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))";
        let started = Instant::now();
        let lines: [(&str, u32); 8] = [
            ("<script>window.owned=1</script><img src=x onerror=window.owned=1>", 1),
            ("x", 1_000_000),
            ("df -h\n", 10_000),
            ("\u{202e}h- fd\u{202c}\u{200f}", 1),
            ("\u{1b}[2J\u{7}\0", 3),
            ("💥", 100_000),
            ("; rm -rf / #", 1),
            ("help", 1),
        ];
        for (text, times) in lines {
            page.script(submit, vec![text.into(), times.into()]).await?;
        }
        for _ in 0..60 {
            page.script(submit, vec!["help".into(), 1.into()]).await?;
        }
        page.until("an answer to the last line", async || {
            let text = page.script(PRINTED, vec![]).await?;
            Ok(text.as_str().is_some_and(|text| text.ends_with("help")).then_some(()))
        })
        .await?;
        ensure!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
        let owned = page.script("return window.owned ?? null", vec![]).await?;
        ensure!(owned.is_null(), "a line ran as a script");
        let size = "const text = document.querySelector('.terminal .printed').textContent;
            return [text.length, document.documentElement.scrollWidth - innerWidth]";
        let (length, beyond): (u32, i32) = serde_json::from_value(page.script(size, vec![]).await?)?;
        ensure!(length < 60_000 && beyond <= 0, "{length} characters, {beyond} pixels beyond the page");
        let link = page.link("t=41070").await?;
        ensure!(link == LATE, "{link}");
        page.is_at(&link).await
    })
}

#[test]
fn every_command_is_a_button_by_key_by_mouse_and_by_finger() -> Result<()> {
    e2e::visit("terminal-buttons", async |page| {
        page.resize(390, 844).await?;
        page.touch_screen().await?;
        opened(page, LATE).await?;
        let to_sight = "const button = [...document.querySelectorAll('.command')].find((each) => each.textContent === arguments[0]);
            button.scrollIntoView({ block: 'center', inline: 'center' });
            const { x, y, width, height } = button.getBoundingClientRect();
            return [Math.round(x + width / 2), Math.round(y + height / 2)]";
        let tap = async |name: &str, expected: &str| {
            let place = page.script(to_sight, vec![name.into()]).await?;
            page.tap(serde_json::from_value(place)?).await?;
            reads(page, PRINTED, expected).await
        };
        let expected = straight(LATE)?.command("du -sh").text;
        // Where the machine is busy, the browser may see a long press, which presses nothing.
        if tap("du -sh /var/log/app", &expected).await.is_err() {
            tap("du -sh /var/log/app", &expected).await?;
        }
        tap("truncate -s 0 /var/log/app/app.log", "").await?;
        page.link("truncate_log").await?;
        page.screenshot("terminal-phone").await?;
        let wide = "return document.documentElement.scrollWidth - innerWidth";
        ensure!(page.script(wide, vec![]).await?.as_i64() <= Some(0), "the page scrolls to the side");
        page.assert_accessible().await?;
        page.prefer(&[("prefers-color-scheme", "dark")]).await?;
        page.assert_accessible().await?;

        page.resize(1440, 900).await?;
        page.find("button", "df -h").await?.focus().await?;
        for (key, name) in [
            (Key::Right, "df -i"),
            (Key::Down, "du -sh /var/log/app"),
            (Key::Left, "df -i"),
            (Key::Home, "df -h"),
        ] {
            page.press(key).await?;
            reads(page, FOCUS, name).await?;
        }
        page.press(Key::End).await?;
        reads(page, FOCUS, "logrotate -f /etc/logrotate.d/app").await?;
        page.press(Key::Enter).await?;
        reads(page, PRINTED, "error: cannot stat /etc/logrotate.d/app: No such file or directory").await?;
        page.link("rotate_now").await?;
        let described = "return document.activeElement.title";
        ensure!(page.script(described, vec![]).await? == "Rotates the log, whatever its size.");
        page.press(Key::Tab).await?;
        let inside = "return document.querySelector('.commands').contains(document.activeElement)";
        ensure!(page.script(inside, vec![]).await? == false, "Tab goes from button to button");
        page.screenshot("terminal-dark").await?;
        page.assert_accessible().await
    })
}

#[test]
fn the_log_changes_at_a_calm_pace_and_stands_still_with_the_clock() -> Result<()> {
    e2e::visit("terminal-log", async |page| {
        page.resize(1440, 900).await?;
        page.prefer(&[("prefers-reduced-motion", "reduce")]).await?;
        opened(page, "log_flood?seed=1&t=60").await?;
        page.see("100,000 lines a second").await?;
        let count = "const log = document.querySelector('.log .printed');
            window.changes = 0;
            new MutationObserver(() => window.changes++).observe(log, { subtree: true, childList: true, characterData: true });
            return log.closest('[aria-live], [role=log], [role=status]') === null && log.textContent.split('\\n').length";
        ensure!(page.script(count, vec![]).await? == 12, "twelve lines that nobody is told of");
        tokio::time::sleep(Duration::from_millis(2500)).await;
        ensure!(page.script("return window.changes", vec![]).await? == 0, "a log of a run that stands still");
        let speed = "const speed = document.querySelector('[data-role=speed]');
            speed.value = '100×';
            speed.dispatchEvent(new Event('change', { bubbles: true }))";
        page.script(speed, vec![]).await?;
        page.click("button", "Play").await?;
        tokio::time::sleep(Duration::from_secs(5)).await;
        let changes = page.script("return window.changes", vec![]).await?.as_u64().context("a number")?;
        ensure!((1..=5).contains(&changes), "{changes} changes in five seconds");
        page.click("button", "Pause").await?;
        page.is_state("Paused").await?;
        page.click("button", "Set INFO").await?;
        page.set_slider("Timeline", 7224.0).await?;
        page.see("1,000 lines a second").await?;
        page.assert_accessible().await
    })
}
