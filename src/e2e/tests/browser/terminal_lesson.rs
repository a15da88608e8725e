//! The terminal in a lesson: when it only looks, what it forgets, and the way to it on a phone.

use anyhow::{Result, bail, ensure};
use thirtyfour::{By, Key};
use warstories_lesson::lesson::Part;

use crate::lesson::{choose, is_kept, plain, press, read, tab_to};
use crate::terminal::{ENTRIES, LATE, PRINTED, prints, reads, run};

const FASTEST: &str = "const speed = document.querySelector('[data-role=speed]');
    speed.value = '5,000×';
    speed.dispatchEvent(new Event('change', { bubbles: true }))";
const SPEED: &str = "return document.querySelector('[data-role=speed]').selectedOptions[0].textContent";

const BY_DU: &str = "return [...document.querySelectorAll('.legend li')]
    .map((line) => line.textContent.match(/By du\\D*([\\d.]+)/)?.[1]).find((value) => value)";

#[test]
fn a_lesson_shows_the_terminal_where_its_step_says_so() -> Result<()> {
    e2e::visit("terminal-lesson", async |page| {
        page.resize(1440, 900).await?;
        page.open("#/learn/two_terabytes_by_morning/5").await?;
        page.find("heading", "Terminal").await?;
        let field = page.find("textbox", "Command").await?;
        // What rm does is what the question asks.
        let acts = "return document.querySelectorAll('[role=group][aria-label=Act], [data-action]').length";
        ensure!(
            page.script(acts, vec![]).await? == 0,
            "an action can be pressed before the answer is locked in"
        );
        for line in ["rm /var/log/app/app.log", "truncate -s 0 /var/log/app/app.log"] {
            run(page, &field, line).await?;
            reads(page, PRINTED, "Lock in your answer first. Until then the terminal only looks.").await?;
        }
        prints(page, &field, "df -h", LATE).await?;
        let link = page.script("return location.hash", vec![]).await?;
        ensure!(!link.to_string().contains("delete_log"), "{link}");
        page.screenshot("terminal-lesson").await?;
        page.assert_accessible().await?;

        // The answer, and the run once more: nothing of it is on the screen of the terminal any more.
        let lesson = read("two_terabytes_by_morning.md")?;
        let Some(Part::Predict(predict)) =
            lesson.steps[4].parts.iter().find(|part| matches!(part, Part::Predict(_)))
        else {
            bail!("the fifth step asks nothing");
        };
        choose(page, &plain(&predict.options[0].text), predict.answer).await?;
        press(page, "Lock in and run").await?;
        page.see("You called it.").await?;
        let own = page.script(SPEED, vec![]).await?;
        run(page, &field, "systemctl restart app").await?;
        reads(page, PRINTED, "Nothing was run: this command is not for this step.").await?;
        page.click("button", "Start this run again").await?;
        reads(page, ENTRIES, 0).await?;
        run(page, &field, "rm /var/log/app/app.log").await?;
        is_kept(page, "delete_log").await?;
        // Time stands still, and all tell of the same moment: the terminal, the charts and the diagram.
        reads(page, BY_DU, "0").await?;
        run(page, &field, "du -sh /var/log/app").await?;
        // What is played again goes on beyond what was asked, at the speed that was there.
        page.click("button", "Play").await?;
        page.until("the moment of the question to pass", async || {
            let clock =
                page.script("return document.querySelector('[data-role=clock]').textContent", vec![]).await?;
            Ok((clock.as_str() > Some("day 2 05:25:30")).then_some(()))
        })
        .await?;
        page.is_state("Running").await?;
        ensure!(page.script(SPEED, vec![]).await? == own, "the speed has changed by itself");
        page.click("button", "Pause").await?;

        // The next step begins with an empty screen; by keyboard alone the terminal meets its goal.
        page.click("button", "Next").await?;
        page.find("heading", "A call too late").await?;
        reads(page, ENTRIES, 0).await?;
        // What is announced is of this step, and nothing that was said in the one before.
        let said = "return document.querySelector('[data-role=live]').textContent";
        reads(page, said, "Founder: I have deleted the log for you. And the shop is still down?").await?;
        for line in ["truncate -s 0 /proc/812/fd/3", "systemctl restart postgresql"] {
            tab_to(page, "Command", false).await?;
            page.press(line).await?;
            page.press(Key::Enter).await?;
        }
        is_kept(page, "restart_db").await?;
        let volume = "return document.querySelector('[data-node=volume]').textContent.includes('room left')";
        let database =
            "return document.querySelector('[data-node=database]').textContent.includes('recovering')";
        for seen in [volume, database] {
            reads(page, seen, true).await?;
        }
        // The run stops where the night is over, and says so.
        page.script(FASTEST, vec![]).await?;
        page.click("button", "Play").await?;
        page.see("Met. ").await?;
        page.see("day 2 08:00:00: the usual end of this run.").await?;
        page.is_state("Paused").await?;
        page.open("#/learn/two_terabytes_by_morning/7").await?;
        page.find("heading", "Half a gigabyte").await?;
        let panels = || page.driver().find_all(By::Css(".terminal"));
        ensure!(panels().await?.is_empty(), "a step shows what it does not need");
        page.press("i").await?;
        page.find("heading", "Terminal").await?;
        let acts = "return [...document.querySelectorAll('.commands [role=group]')].length";
        ensure!(page.script(acts, vec![]).await? == 1, "what is closed can be pressed");
        page.assert_accessible().await
    })
}

/// With a finger: the story's button leads to the terminal, all of whose lines and commands can be seen.
#[test]
fn a_phone_has_a_way_from_the_story_to_the_terminal() -> Result<()> {
    e2e::visit("terminal-phone-lesson", async |page| {
        page.resize(390, 844).await?;
        page.touch_screen().await?;
        page.open("#/learn/two_terabytes_by_morning/8").await?;
        page.find("heading", "One line left out").await?;
        let seen = "const { top, bottom, height } = document.querySelector('.terminal')?.getBoundingClientRect() ?? {};
            return height > 0 && top < innerHeight / 2 && bottom > 100";
        ensure!(page.script(seen, vec![]).await? == false, "the terminal is in sight beside the story");
        page.click("button", "Terminal").await?;
        reads(page, seen, true).await?;
        let field = page.find("textbox", "Command").await?;
        run(page, &field, "crontab -l").await?;
        run(page, &field, "ls -l").await?;
        let cut = "return [...document.querySelectorAll('.terminal .printed, .commands, .commands > div')]
            .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.className)";
        reads(page, cut, serde_json::json!([])).await?;
        let end =
            "const { scrollTop, scrollHeight, clientHeight } = document.querySelector('.terminal .printed');
            return scrollTop + clientHeight > scrollHeight - 2";
        reads(page, end, true).await?;
        // It is still there after a look at the story.
        page.click("button", "Story").await?;
        page.click("button", "Terminal").await?;
        reads(page, end, true).await?;
        page.screenshot("terminal-phone-lesson").await?;
        page.assert_accessible().await
    })
}
