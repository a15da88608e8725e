//! Building the page into `dist/`, but only when something that it is made from has changed.

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::tools::Toolbox;
use crate::{fingerprint, run, size};

/// Everything that the page is made from. `src/cli`, `src/e2e` and `src/xtask` are not in it.
const INPUTS: [&str; 12] = [
    "src/app",
    "src/lesson",
    "src/sim",
    "src/site",
    "lessons",
    "static",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    ".cargo",
];

/// Builds `dist/`, unless it is what these very inputs gave.
///
/// The stamp covers both ends: a changed input and a `dist/` that something else has written both lead to a build.
///
/// # Errors
/// When a tool cannot be had or the build fails.
pub fn build(tools: &Toolbox) -> Result<()> {
    let root = tools.root();
    let stamp = root.join("target/page.stamp");
    // Taken before the build: a file that is saved meanwhile differs from it the next time.
    let inputs = fingerprint::of(root, &INPUTS)?;
    let current = || Ok::<_, anyhow::Error>(format!("{inputs:x} {:x}", fingerprint::of(root, &["dist"])?));
    if root.join("dist/index.html").is_file() && fs::read_to_string(&stamp).ok() == Some(current()?) {
        return Ok(());
    }

    tools.prepare_build()?;
    eprintln!("Building the page (a minute or two the first time)");
    let started = Instant::now();
    // A failure is explained by the compiler; trunk's own backtrace would push that off the screen.
    run::visibly(tools.command("trunk").args(["build", "--release"]).env_remove("RUST_BACKTRACE"))?;
    fs::create_dir_all(root.join("target"))?;
    fs::write(&stamp, current()?).with_context(|| format!("{} cannot be written.", stamp.display()))?;
    eprintln!("Built dist/ in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// # Errors
/// When `dist/` cannot be read.
pub fn print_sizes(tools: &Toolbox) -> Result<()> {
    measure(tools).map(|_| ())
}

/// Prints what every way in costs, and gives the sums.
fn measure(tools: &Toolbox) -> Result<Vec<u64>> {
    let one = |entrance| {
        let files = size::files(&tools.root().join("dist"), entrance)?;
        println!("{}\n", size::table(entrance, &files));
        Ok(files.iter().map(|file| file.brotli).sum())
    };
    size::ENTRANCES.iter().map(one).collect()
}

pub(crate) fn check_budget(tools: &Toolbox) -> Result<()> {
    for (size::Entrance { name, budget, .. }, total) in size::ENTRANCES.iter().zip(measure(tools)?) {
        ensure!(
            total <= *budget,
            "What \"{name}\" fetches takes {total} bytes as brotli, over its budget of {budget}: drop a dependency or load it later."
        );
    }
    Ok(())
}
