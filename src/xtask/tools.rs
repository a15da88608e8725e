//! The commands that build the page, each of one pinned version: taken from the machine where it has them, otherwise
//! installed into `.tools/` of the project and nowhere else.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::project::locked_version;
use crate::run;

const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132.0.0";
const AXE: &str = "4.14.1";
const NEXTEST: &str = "0.9.143";
const WASM: &str = "wasm32-unknown-unknown";

/// The project's folder and the search path on which its tools stand first.
pub struct Toolbox {
    root: PathBuf,
    path: OsString,
}

impl Toolbox {
    /// # Errors
    /// When the project's own path cannot stand in a search path.
    pub fn new(root: PathBuf) -> Result<Self> {
        let own = [root.join(".tools/bin"), root.join(".tools/node_modules/.bin")];
        let inherited = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(own.into_iter().chain(env::split_paths(&inherited)))
            .with_context(|| format!("Move the project: {} cannot stand in PATH.", root.display()))?;
        Ok(Self { root, path })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A program that runs in the project and finds the project's tools first.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", &self.path);
        command
    }

    /// The cargo that started this program.
    pub(crate) fn cargo(&self) -> Command {
        self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// Everything that the page's build needs.
    pub(crate) fn prepare_build(&self) -> Result<()> {
        self.add_wasm_target()?;
        self.add_standard_library_source()?;
        self.install_trunk()?;
        self.install_wasm_bindgen()?;
        if !self.has("wasm-opt", major(BINARYEN)) && !self.install_npm_packages()? {
            eprintln!(
                "npm is not installed, so trunk fetches wasm-opt itself, which needs the network the first time."
            );
        }
        Ok(())
    }

    /// What the tests that run as WebAssembly need.
    pub(crate) fn prepare_wasm_tests(&self) -> Result<()> {
        self.add_wasm_target()?;
        self.install_wasm_bindgen()
    }

    /// What runs the tests: those of all packages side by side, each in a process of its own.
    pub(crate) fn prepare_nextest(&self) -> Result<()> {
        if self.has("cargo-nextest", NEXTEST) {
            return Ok(());
        }
        let mut cargo = self.cargo_install("cargo-nextest", NEXTEST);
        // Its release build takes three times as long and saves nothing that is felt.
        cargo.args(["--no-default-features", "--features", "default-no-update", "--debug"]);
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "0");
        self.install(&format!("cargo-nextest {NEXTEST}"), "3 to 5 minutes", &mut cargo)
    }

    /// The accessibility checker that browser tests put into the page.
    pub(crate) fn prepare_axe(&self) -> Result<()> {
        let installed = axe_version(&self.root).is_some_and(|version| version == AXE);
        ensure!(
            installed || self.install_npm_packages()?,
            "The accessibility tests need axe-core {AXE}: install Node.js with npm and start again."
        );
        Ok(())
    }

    fn add_wasm_target(&self) -> Result<()> {
        self.add_to_rust(
            "Rust's WebAssembly target",
            &["--print", "target-libdir", "--target", WASM],
            "",
            &["target", "add", WASM],
        )
    }

    /// The page is built with a standard library of its own.
    fn add_standard_library_source(&self) -> Result<()> {
        self.add_to_rust(
            "Rust's standard library as source",
            &["--print", "sysroot"],
            "lib/rustlib/src/rust/library",
            &["component", "add", "rust-src"],
        )
    }

    /// Has rustup add a part of Rust, unless the folder `inside` what rustc answers to `question` is there.
    fn add_to_rust(&self, what: &str, question: &[&str], inside: &str, addition: &[&str]) -> Result<()> {
        let answer = run::answer(self.command("rustc").args(question));
        if answer.is_some_and(|folder| Path::new(&folder).join(inside).is_dir()) {
            return Ok(());
        }
        ensure!(
            which::which_in("rustup", Some(&self.path), &self.root).is_ok(),
            "{what} is missing, and so is rustup, which adds it: install rustup from https://rustup.rs."
        );
        self.install(what, "seconds", self.command("rustup").args(addition))
    }

    fn install_trunk(&self) -> Result<()> {
        if self.has("trunk", TRUNK) {
            return Ok(());
        }
        let mut cargo = self.cargo_install("trunk", TRUNK);
        // Its release build takes three times as long and saves nothing that is felt.
        cargo.args(["--no-default-features", "--debug"]).env("CARGO_PROFILE_DEV_DEBUG", "0");
        self.install(&format!("trunk {TRUNK}"), "2 to 4 minutes", &mut cargo)
    }

    fn install_wasm_bindgen(&self) -> Result<()> {
        let version = locked_version(&self.root, "wasm-bindgen")?;
        if self.has("wasm-bindgen", &version) && self.has("wasm-bindgen-test-runner", &version) {
            return Ok(());
        }
        let mut cargo = self.cargo_install("wasm-bindgen-cli", &version);
        cargo.env("CARGO_PROFILE_RELEASE_LTO", "off");
        cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16").env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        self.install(&format!("wasm-bindgen {version}"), "2 to 3 minutes", &mut cargo)
    }

    fn cargo_install(&self, package: &str, version: &str) -> Command {
        let mut cargo = self.cargo();
        cargo.args(["install", package, "--version", version, "--locked", "--force", "--root"]);
        cargo.arg(self.root.join(".tools"));
        cargo
    }

    /// Installs both packages at once, as npm removes what a later call does not name; `false` without npm.
    fn install_npm_packages(&self) -> Result<bool> {
        let Ok(npm) = which::which_in("npm", Some(&self.path), &self.root) else {
            return Ok(false);
        };
        let mut npm = self.command(npm);
        npm.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(self.root.join(".tools"));
        npm.args([format!("binaryen@{BINARYEN}"), format!("axe-core@{AXE}")]);
        self.install("binaryen and axe-core", "seconds", &mut npm)?;
        Ok(true)
    }

    pub(crate) fn install(&self, what: &str, duration: &str, command: &mut Command) -> Result<()> {
        run::installation(what, duration, &self.root.join(".tools/install.log"), command)
    }

    fn has(&self, program: &str, version: &str) -> bool {
        let Ok(found) = which::which_in(program, Some(&self.path), &self.root) else {
            return false;
        };
        let answer = run::answer(self.command(found).arg("--version"));
        answer.as_deref().and_then(version_said) == Some(version)
    }
}

/// The script file of axe-core, where npm has put it.
pub fn axe_script(root: &Path) -> PathBuf {
    root.join(".tools/node_modules/axe-core/axe.min.js")
}

fn axe_version(root: &Path) -> Option<String> {
    let package = fs::read(root.join(".tools/node_modules/axe-core/package.json")).ok()?;
    let package: serde_json::Value = serde_json::from_slice(&package).ok()?;
    axe_script(root).is_file().then(|| package["version"].as_str().map(str::to_owned))?
}

/// The version in an answer to `--version`: its first word that begins with a digit.
fn version_said(answer: &str) -> Option<&str> {
    answer.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
}

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_says_its_version_in_its_own_way() {
        assert_eq!(version_said("trunk 0.21.14\n"), Some("0.21.14"));
        assert_eq!(
            version_said("cargo-nextest 0.9.143 (60fa45f63 2026-08-04)\nrelease: 0.9.143"),
            Some(NEXTEST)
        );
        assert_eq!(version_said("wasm-bindgen 0.2.129 (1a2b3c4)"), Some("0.2.129"));
        assert_eq!(version_said("wasm-opt version 132 (version_132)"), Some(major(BINARYEN)));
        assert_eq!(version_said("command not found"), None);
    }

    #[test]
    fn trunk_is_told_the_same_pins() -> Result<()> {
        let trunk = fs::read_to_string(crate::project::root()?.join("Trunk.toml"))?;
        assert!(trunk.contains(&format!("trunk-version = \"{TRUNK}\"")));
        assert!(trunk.contains(&format!("wasm_opt = \"version_{}\"", major(BINARYEN))));
        Ok(())
    }
}
