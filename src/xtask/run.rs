//! Running other programs: shown as they are, or folded into one moving line while something installs.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use indicatif::ProgressBar;

/// Lines of a failed installation that are worth showing.
const TAIL: usize = 15;

/// What the usual package clients write when they cannot reach their registry.
const NO_NETWORK: [&str; 7] = [
    "could not resolve host",
    "could not resolve '",
    "temporary failure resolving",
    "failed to connect",
    "network failure",
    "enotfound",
    "eai_again",
];

/// Runs a program whose own output is what the person wants to see.
pub(crate) fn visibly(command: &mut Command) -> Result<()> {
    let text = spoken(command);
    let status = command.stdin(Stdio::null()).status();
    let status = status.with_context(|| format!("`{text}` could not be started."))?;
    ensure!(status.success(), "`{text}` failed: what it printed above says why.");
    Ok(())
}

/// What a program prints, trimmed; `None` when it is missing or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs an installation: one line on the screen that moves, everything in the log.
pub(crate) fn installation(what: &str, duration: &str, log: &Path, command: &mut Command) -> Result<()> {
    eprintln!("Installing {what} (only once; {duration})");
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut log_file = File::create(log).with_context(|| format!("{} cannot be written.", log.display()))?;
    let text = spoken(command);
    let child = command.stdin(Stdio::null()).stdout(log_file.try_clone()?).stderr(Stdio::piped()).spawn();
    let mut child = child.with_context(|| format!("`{text}` could not be started."))?;

    let spinner = ProgressBar::new_spinner();
    spinner.enable_steady_tick(Duration::from_millis(100));
    for line in child.stderr.take().into_iter().flat_map(|pipe| BufReader::new(pipe).lines()) {
        let line = line.unwrap_or_default();
        writeln!(log_file, "{line}")?;
        spinner.set_message(format!("{}s {}", spinner.elapsed().as_secs(), line.trim()));
    }
    let status = child.wait()?;
    spinner.finish_and_clear();
    if status.success() {
        return Ok(());
    }

    let written = String::from_utf8_lossy(&fs::read(log)?).into_owned();
    let tail: VecDeque<&str> = written.lines().rev().take(TAIL).collect();
    for line in tail.iter().rev() {
        eprintln!("  {line}");
    }
    if speaks_of_no_network(&written) {
        bail!("{what} could not be fetched: connect this machine to the network and start again.");
    }
    bail!(
        "{what} could not be installed by `{text}`: its last lines stand above, all of it in {}.",
        log.display()
    )
}

fn speaks_of_no_network(written: &str) -> bool {
    let written = written.to_lowercase();
    NO_NETWORK.iter().any(|phrase| written.contains(phrase))
}

/// The command as a person would type it.
fn spoken(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_network_is_recognised() {
        assert!(speaks_of_no_network("warning: spurious error: [6] Could not resolve host: example.org"));
        assert!(speaks_of_no_network("npm error code ENOTFOUND"));
        assert!(!speaks_of_no_network("error[E0433]: failed to resolve: use of undeclared crate"));
    }

    #[test]
    fn a_command_reads_as_typed() {
        assert_eq!(spoken(Command::new("/usr/bin/cargo").args(["test", "-p", "e2e"])), "cargo test -p e2e");
    }

    #[test]
    fn a_failed_installation_names_its_cure() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let log = folder.path().join("logs/try.log");
        let Some(failure) =
            installation("nothing", "a moment", &log, Command::new("cargo").arg("no-such-command")).err()
        else {
            bail!("an unknown cargo command must fail");
        };
        assert!(failure.to_string().contains("`cargo no-such-command`"), "{failure}");
        assert!(fs::read_to_string(&log)?.contains("no-such-command"));
        Ok(())
    }
}
