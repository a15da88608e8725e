//! Every lesson but the pool of one hundred, from its first step to its last, without a mouse.

use std::collections::BTreeSet;

use anyhow::Result;
use e2e::Page;

use crate::lesson::{next, read, take_the_challenge, walk_step};

async fn walk(page: &Page, name: &str) -> Result<()> {
    let lesson = read(name)?;
    page.resize(1440, 900).await?;
    page.open(&format!("#/learn/{}", name.trim_end_matches(".md"))).await?;
    let mut examined = BTreeSet::new();
    for index in 0..lesson.steps.len() {
        walk_step(page, &lesson, index).await?;
        // The walk with the keyboard is examined at every step; here what has the same parts would say the same.
        if examined.insert(page.parts().await?) {
            page.assert_accessible().await?;
        }
        if index + 1 < lesson.steps.len() {
            next(page).await?;
        }
    }
    Ok(())
}

/// The same, with the challenge of the last step.
async fn walk_with_challenge(page: &Page, name: &str) -> Result<()> {
    walk(page, name).await?;
    take_the_challenge(page, &read(name)?).await
}

#[test]
fn why_queues_explode_can_be_played_with_the_keyboard_alone() -> Result<()> {
    e2e::visit("queues", async |page| walk(page, "why_queues_explode.md").await)
}

#[test]
fn everyone_at_once_can_be_played_with_the_keyboard_alone() -> Result<()> {
    e2e::visit("stampede", async |page| walk_with_challenge(page, "everyone_at_once.md").await)
}

#[test]
fn the_47_emails_can_be_played_with_the_keyboard_alone() -> Result<()> {
    e2e::visit("emails", async |page| walk_with_challenge(page, "forty_seven_emails.md").await)
}

#[test]
fn paid_and_nothing_shipped_can_be_played_with_the_keyboard_alone() -> Result<()> {
    e2e::visit("checkout", async |page| walk_with_challenge(page, "paid_and_nothing_shipped.md").await)
}

#[test]
fn five_people_twenty_services_can_be_played_with_the_keyboard_alone() -> Result<()> {
    e2e::visit("team", async |page| walk_with_challenge(page, "five_people_twenty_services.md").await)
}

#[test]
fn two_terabytes_by_morning_can_be_played_with_the_keyboard_alone() -> Result<()> {
    e2e::visit("debug-log", async |page| walk_with_challenge(page, "two_terabytes_by_morning.md").await)
}

#[test]
fn two_spaces_can_be_played_with_the_keyboard_alone() -> Result<()> {
    e2e::visit("rule-file", async |page| walk_with_challenge(page, "two_spaces.md").await)
}

#[test]
fn fifteen_calls_can_be_played_with_the_keyboard_alone() -> Result<()> {
    e2e::visit("latency", async |page| walk_with_challenge(page, "fifteen_calls.md").await)
}
