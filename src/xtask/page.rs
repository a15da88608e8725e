//! Building the page into `dist/`, but only when something that it is made from has changed.

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::tools::Toolbox;
use crate::{fingerprint, run, size};

/// Everything that the page is made from. `src/cli`, `src/e2e` and `src/xtask` are not in it.
const INPUTS: [&str; 13] = [
    "src/app",
    "src/lesson",
    "src/sim",
    "src/site",
    "src/yaml",
    "lessons",
    "static",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    ".cargo",
];

/// How the page gets a standard library that is built for size and says nothing when it panics: with it, everything that
/// can be played takes a sixteenth less. Cargo still calls these settings unstable, and takes them from the pinned
/// compiler only when it is told so.
const SMALL_STANDARD_LIBRARY: [(&str, &str); 5] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    ("CARGO_UNSTABLE_PANIC_IMMEDIATE_ABORT", "true"),
    ("CARGO_PROFILE_PAGE_PANIC", "immediate-abort"),
];

/// How the compiler keeps the functions of one story apart from those of others, by name and without folding equal ones
/// into one, so that `src/site` can cut each story off.
const TOLD_APART: (&str, &str) = (
    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
    "-Csymbol-mangling-version=v0 -Zmerge-functions=disabled",
);

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
    eprintln!("Building the page (two to five minutes the first time)");
    let started = Instant::now();
    let mut trunk = tools.command("trunk");
    trunk.args(["build", "--release"]).envs(SMALL_STANDARD_LIBRARY).envs([TOLD_APART]);
    // A failure is explained by the compiler; trunk's own backtrace would push that off the screen.
    run::visibly(trunk.env_remove("RUST_BACKTRACE"))?;
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
