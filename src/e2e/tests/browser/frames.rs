//! How evenly the page paints while ten thousand requests are in the system: a benchmark, printed by
//! `cargo xtask bench`, since times on a shared machine are no test.

use anyhow::{Context, Result, ensure};

const FRAMES: u64 = 400;

#[test]
#[ignore = "a benchmark"]
fn frames_keep_their_pace() -> Result<()> {
    e2e::visit("frames", async |page| {
        page.resize(1440, 900).await?;
        // 200 a second come and 10 go: by 60 s more than ten thousand wait.
        page.open("#/play/queueing_lab?arrivals_per_s=200&t=60").await?;
        page.click("button", "Play").await?;
        page.script(
            "const gaps = window.frameGaps = []; let last;
             const paint = now => { if (last !== undefined) gaps.push(now - last); last = now;
                 if (gaps.length < arguments[0]) requestAnimationFrame(paint); };
             requestAnimationFrame(paint);",
            vec![FRAMES.into()],
        )
        .await?;
        let gaps = page
            .until("all frames", async || {
                let gaps = page.script("return window.frameGaps", vec![]).await?;
                let gaps = gaps.as_array().context("no list of gaps")?;
                let gaps: Vec<f64> = gaps.iter().filter_map(serde_json::Value::as_f64).collect();
                Ok((gaps.len() as u64 >= FRAMES).then_some(gaps))
            })
            .await?;
        let waiting = page
            .script(
                "return document.querySelector('[data-metric=waiting][data-stat=now]').dataset.value",
                vec![],
            )
            .await?;
        let waiting: f64 = waiting.as_str().context("no number of waiting requests")?.parse()?;
        ensure!(waiting >= 10_000.0, "only {waiting} requests wait");
        let mut gaps = gaps;
        gaps.sort_by(f64::total_cmp);
        let at = |share: f64| gaps[((gaps.len() - 1) as f64 * share) as usize];
        println!(
            "frames with {waiting} requests waiting       median {:.1} ms (limit 17)   p95 {:.1} ms (limit 33)",
            at(0.5),
            at(0.95)
        );
        Ok(())
    })
}
