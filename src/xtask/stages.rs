//! `cargo xtask test`: everything that must hold, in stages, from the quickest answer to the slowest.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::browser::Browser;
use crate::project::packages_with_wasm_tests;
use crate::tools::Toolbox;
use crate::{page, run};

const WASM: &str = "wasm32-unknown-unknown";

struct Stage {
    name: &'static str,
    about: &'static str,
    run: fn(&Toolbox) -> Result<()>,
}

/// In this order; a new stage is one line here and one function below.
const STAGES: [Stage; 8] = [
    Stage { name: "format", about: "the code is formatted", run: format },
    Stage { name: "lint", about: "no warning, natively and for the browser", run: lint },
    Stage { name: "native", about: "unit, property and golden tests", run: native },
    Stage {
        name: "statistics",
        about: "the simulator against theory and the lessons against the simulator, optimised",
        run: statistics,
    },
    Stage { name: "wasm", about: "tests that run as WebAssembly in a browser", run: wasm },
    Stage { name: "page", about: "the page builds for any static host", run: page::build },
    Stage { name: "size", about: "every way into the page keeps to its budget", run: page::check_budget },
    Stage { name: "browser", about: "people's stories in a real browser", run: browser },
];

pub fn names() -> impl Iterator<Item = &'static str> {
    STAGES.iter().map(|stage| stage.name)
}

/// Runs the stages that `only` names, or all.
///
/// # Errors
/// At the first stage that fails.
pub fn run(tools: &Toolbox, only: &[String]) -> Result<()> {
    let chosen = STAGES.iter().filter(|stage| only.is_empty() || only.iter().any(|name| name == stage.name));
    let started = Instant::now();
    let mut passed = Vec::new();
    for stage in chosen {
        println!("\n== {}: {}", stage.name, stage.about);
        let begun = Instant::now();
        if let Err(error) = (stage.run)(tools) {
            println!("== {} failed after {}", stage.name, seconds(begun.elapsed()));
            println!("stages: {} passed, 1 failed", passed.len());
            return Err(error);
        }
        let time = seconds(begun.elapsed());
        println!("== {} passed in {time}", stage.name);
        passed.push(format!("{} {time}", stage.name));
    }
    println!("\nPassed in {}: {}", seconds(started.elapsed()), passed.join(", "));
    println!("stages: {} passed, 0 failed", passed.len());
    Ok(())
}

/// `cargo xtask bench`.
///
/// # Errors
/// When a benchmark does not build or run.
pub fn bench(tools: &Toolbox) -> Result<()> {
    let native = ["bench", "--package", "warstories-sim", "--bench", "speed"];
    let native = measured(tools.cargo().args(native))?;
    tools.prepare_wasm_tests()?;
    let driver = Browser::find_or_install(tools)?.driver;
    let browser = ["test", "--package", "warstories-sim", "--target", WASM, "--test", "speed"];
    let browser = measured(
        tools
            .cargo()
            .args(browser)
            .args(["--profile", "page"])
            .args(["--", "--include-ignored", "--nocapture"])
            .env("CHROMEDRIVER", &driver),
    )?;
    let nanos = |report: &str, before: &str| -> Option<f64> {
        report.split_once(before)?.1.split_whitespace().next()?.parse().ok()
    };
    let native = native.split_once("M/M/100, rho .9 ").and_then(|(_, line)| nanos(line, "scenario"));
    if let (Some(native), Some(browser)) = (native, nanos(&browser, "M/M/100 in the browser:")) {
        println!("M/M/100, browser to native                ratio {:.2}", browser / native);
    }
    page::build(tools)?;
    let frames = ["test", "--package", "e2e", "--test", "frames", "--", "--ignored", "--nocapture"];
    run::visibly(tools.cargo().args(frames))
}

/// Runs a benchmark and hands on what it printed, having shown it.
fn measured(command: &mut Command) -> Result<String> {
    let report = run::answer(command).context("A benchmark failed: run it by itself to see why.")?;
    println!("{report}");
    Ok(report)
}

fn format(tools: &Toolbox) -> Result<()> {
    run::visibly(tools.cargo().args(["fmt", "--all", "--check"]))
}

fn lint(tools: &Toolbox) -> Result<()> {
    tools.prepare_wasm_tests()?;
    let deny = ["--", "--deny", "warnings"];
    run::visibly(tools.cargo().args(["clippy", "--workspace", "--all-targets"]).args(deny))?;
    // With all features: the worker is built with more than the page.
    let app = ["clippy", "--package", "warstories-app", "--all-targets", "--all-features", "--target", WASM];
    run::visibly(tools.cargo().args(app).args(deny))
}

fn native(tools: &Toolbox) -> Result<()> {
    run::visibly(tools.cargo().args(["test", "--workspace", "--exclude", "e2e"]))
}

/// Long runs: without optimisation they take ten times as long.
fn statistics(tools: &Toolbox) -> Result<()> {
    run::visibly(tools.cargo().args(["test", "--package", "warstories-sim", "--release"]))?;
    run::visibly(tools.cargo().args(["run", "--package", "warstories-cli", "--release", "--", "check"]))
}

fn wasm(tools: &Toolbox) -> Result<()> {
    tools.prepare_wasm_tests()?;
    let driver = Browser::find_or_install(tools)?.driver;
    let metadata = run::answer(tools.cargo().args(["metadata", "--no-deps", "--format-version", "1"]))
        .context("`cargo metadata` failed: run it by hand to see why.")?;
    let packages = packages_with_wasm_tests(&metadata)?;
    println!("Packages with tests for the browser: {}", packages.join(", "));
    for package in packages {
        let mut cargo = tools.cargo();
        // The integration tests; those inside a crate's library are native ones.
        cargo.args(["test", "--package", &package, "--target", WASM, "--test", "*"]);
        run::visibly(cargo.env("CHROMEDRIVER", &driver))?;
    }
    Ok(())
}

fn browser(tools: &Toolbox) -> Result<()> {
    page::build(tools)?;
    tools.prepare_axe()?;
    Browser::find_or_install(tools)?;
    run::visibly(tools.cargo().args(["test", "--package", "e2e"]))
}

/// Tenths below a minute, then minutes and seconds.
fn seconds(time: Duration) -> String {
    match time.as_secs() {
        whole if whole < 60 => format!("{:.1} s", time.as_secs_f64()),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        assert_eq!(seconds(Duration::from_millis(1230)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 5 s");
    }
}
