//! The `warstories` command: scenarios without a page, for other programs, for authors of lessons and for CI.
//!
//! Everything that can be wrong with a call becomes one sentence, written once, here, with exit code 2.

mod arguments;
mod check;
mod folder;
mod json;
mod list;
mod report;
mod replicate;
mod run;
mod csv_file;
mod table;
mod errors;

#[cfg(test)]
mod hostile;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Production incidents that replay: list the scenarios, run them without a page, check lessons.
#[derive(Parser)]
#[command(name = "warstories", version, arg_required_else_help = false)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lists the scenarios, or the parameters, actions and metrics of one.
    List(list::ListArgs),
    /// Runs a scenario to its end and prints what it measured.
    Run(arguments::RunArgs),
    /// Checks that lessons fit their scenarios.
    Check(check::CheckArgs),
}

/// What a call prints where nothing is wrong with it.
#[derive(Debug, Default)]
struct Output {
    /// For standard output.
    text: String,
    /// For standard error: what may not be what the caller meant, one sentence each.
    notes: Vec<String>,
}

impl From<String> for Output {
    fn from(text: String) -> Self {
        Self { text, notes: Vec::new() }
    }
}

/// What the command does, but for the printing.
fn run(args: &[OsString]) -> Result<Output, String> {
    match Cli::try_parse_from(args) {
        Ok(cli) => match cli.command {
            Command::List(args) => list::list(&args).map(Output::from),
            Command::Run(args) => run::run(&args),
            Command::Check(args) => check::check(&args).map(Output::from),
        },
        Err(help) if !help.use_stderr() => Ok(Output::from(format!("{}\n", help.to_string().trim_end()))),
        Err(error) => Err(errors::sentence(&error, args)),
    }
}

/// Whoever reads the output may stop reading, as `head` does; that is not an error.
fn print(text: &str) -> Result<(), String> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}"))
        }
        _ => Ok(()),
    }
}

fn tell(sentence: &str) {
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "{sentence}");
}

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let done = run(&args).and_then(|output| {
        for note in &output.notes {
            tell(note);
        }
        print(&output.text)
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            tell(&sentence);
            ExitCode::from(2)
        }
    }
}
