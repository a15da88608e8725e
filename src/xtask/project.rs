//! Where the project lies, and what Cargo knows about it.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};

/// The folder of the workspace, for a crate in `src/` that Cargo runs.
///
/// Asked at run time: an address compiled in would still name the old place after the project has moved.
///
/// # Errors
/// When the program was not started by Cargo.
pub fn root() -> Result<PathBuf> {
    env::var_os("CARGO_MANIFEST_DIR")
        .and_then(|own| Path::new(&own).ancestors().nth(2).map(Path::to_owned))
        .context("This needs to know where the project is: start it with `cargo xtask` or `cargo test`.")
}

/// The version of a package that `Cargo.lock` names, so that no tool can drift away from its crate.
pub(crate) fn locked_version(root: &Path, package: &str) -> Result<String> {
    let lock = fs::read_to_string(root.join("Cargo.lock"))
        .context("Cargo.lock cannot be read: run `cargo generate-lockfile` in the project.")?;
    version_in_lock(&lock, package)
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock names no {package}: add it to the crate that needs it."))
}

fn version_in_lock<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "[[package]]\nname = \"wasm-bindgen-test\"\nversion = \"0.3.79\"\n\n\
                        [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n";

    #[test]
    fn the_lock_names_the_exact_package() {
        assert_eq!(version_in_lock(LOCK, "wasm-bindgen"), Some("0.2.129"));
        assert_eq!(version_in_lock(LOCK, "wasm"), None);
    }
}
