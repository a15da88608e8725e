//! `cargo xtask test`: everything that must hold, in stages, from the quickest answer to the slowest.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::browser::Browser;
use crate::tools::Toolbox;
use crate::{lessons, page, run, slowest};

const WASM: &str = "wasm32-unknown-unknown";

/// The simulator's tests that run as WebAssembly, each a target in `src/sim/tests`; `speed`, a benchmark, is not here.
const WASM_TESTS: [&str; 2] = ["golden", "browser"];

struct Stage {
    name: &'static str,
    about: &'static str,
    run: fn(&Toolbox) -> Result<()>,
}

/// In this order; a new stage is one line here and one function below.
const STAGES: [Stage; 8] = [
    Stage { name: "format", about: "the code is formatted", run: format },
    Stage { name: "lint", about: "no warning, natively and for the browser", run: lint },
    Stage {
        name: "native",
        about: "unit, property and golden tests, and the simulator against theory",
        run: native,
    },
    Stage { name: "lessons", about: "every lesson against the simulator", run: lessons::prove },
    Stage { name: "wasm", about: "recorded runs as WebAssembly in a browser", run: wasm },
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
    slowest::forget(tools.root())?;
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
    slowest::print(tools.root())?;
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
    let frames = [
        "test",
        "--package",
        "e2e",
        "--test",
        "browser",
        "--",
        "--ignored",
        "--nocapture",
        "--test-threads=1",
    ];
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
    run::visibly(tools.cargo().args(app).args(deny))?;
    let sim = ["clippy", "--package", "warstories-sim", "--target", WASM];
    let tests = WASM_TESTS.iter().flat_map(|test| ["--test", test]);
    run::visibly(tools.cargo().args(sim).args(tests).args(deny))
}

fn native(tools: &Toolbox) -> Result<()> {
    tools.prepare_nextest()?;
    run::visibly(tools.cargo().args(["nextest", "run", "--workspace", "--exclude", "e2e"]))?;
    // Examples in doc comments are the one kind of test that nextest leaves to Cargo.
    run::visibly(tools.cargo().args(["test", "--quiet", "--workspace", "--doc"]))
}

/// The simulator as the page carries it: the same profile, and without the identities that only tests ask for.
fn wasm(tools: &Toolbox) -> Result<()> {
    tools.prepare_wasm_tests()?;
    let driver = Browser::find_or_install(tools)?.driver;
    let mut cargo = tools.cargo();
    // The page has the reader of rule files in a module of its own, these tests built in.
    cargo.args(["test", "--package", "warstories-sim", "--no-default-features", "--features", "yaml"]);
    cargo.args(["--target", WASM, "--profile", "page"]);
    cargo.args(WASM_TESTS.iter().flat_map(|test| ["--test", test]));
    run::visibly(cargo.env("CHROMEDRIVER", &driver))
}

fn browser(tools: &Toolbox) -> Result<()> {
    page::build(tools)?;
    tools.prepare_axe()?;
    Browser::find_or_install(tools)?;
    tools.prepare_nextest()?;
    run::visibly(tools.cargo().args(["nextest", "run", "--package", "e2e", "--profile", "browser"]))
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
    use std::fs;

    use super::*;

    #[test]
    fn every_test_for_the_browser_is_run() -> Result<()> {
        let mut found = Vec::new();
        for entry in walkdir::WalkDir::new(crate::project::root()?.join("src")) {
            let entry = entry?;
            if entry.path().extension().is_none_or(|kind| kind != "rs") {
                continue;
            }
            let text = fs::read_to_string(entry.path())?;
            if text.lines().any(|line| line.ends_with("_configure!(run_in_browser);")) {
                let path = entry.path().with_extension("");
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
        for path in &found {
            let is_known = WASM_TESTS
                .iter()
                .chain(&["speed"])
                .any(|test| path.ends_with(&format!("src/sim/tests/{test}")));
            assert!(is_known, "{path} is not run: add it to WASM_TESTS");
        }
        assert_eq!(found.len(), WASM_TESTS.len() + 1, "WASM_TESTS names what is not there");
        Ok(())
    }

    #[test]
    fn times_read_well() {
        assert_eq!(seconds(Duration::from_millis(1230)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 5 s");
    }
}
