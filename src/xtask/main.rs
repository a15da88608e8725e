//! The command line: `cargo xtask play | test | bench | dist`.

use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};
use xtask::tools::Toolbox;
use xtask::{page, project, serve, stages};

/// How War Stories is played, built and tested.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the page where it has changed, and serve it on this machine
    Play {
        /// The port to serve on; the next free one is taken when it is in use
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Build the page into dist/, ready for any static host, and print its sizes
    Dist,
    /// Check everything, stage by stage, up to the first that fails
    Test {
        /// Run this stage only; may be given several times
        #[arg(long, value_name = "STAGE", value_parser = PossibleValuesParser::new(stages::names()))]
        only: Vec<String>,
    },
    /// Measure the simulator
    Bench,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Sentences for a person; a backtrace of this program would help nobody.
            eprintln!("\n{error}");
            error.chain().skip(1).for_each(|cause| eprintln!("  because: {cause}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    let tools = Toolbox::new(project::root()?)?;
    match &cli.command {
        Command::Play { port } => {
            page::build(&tools)?;
            serve::forever(&tools.root().join("dist"), *port)
        }
        Command::Dist => {
            page::build(&tools)?;
            page::print_sizes(&tools)
        }
        Command::Test { only } => stages::run(&tools, only),
        Command::Bench => stages::bench(&tools),
    }
}
