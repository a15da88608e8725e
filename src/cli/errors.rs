//! What is wrong with the arguments themselves, in one sentence.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};
use warstories_sim::suggest::{nearest, shortened};

use crate::Cli;

/// Characters of a sentence about something that somebody else wrote: an operating system, a parser.
const LONGEST: usize = 240;

/// `error`, which the parser tells in a paragraph, as one sentence with the cure.
pub fn sentence(error: &clap::Error, args: &[OsString]) -> String {
    let cli = Cli::command();
    let command = args.get(1).and_then(|arg| cli.find_subcommand(arg));
    let help = command.map_or_else(
        || String::from("\"warstories --help\""),
        |command| format!("\"warstories {} --help\"", command.get_name()),
    );
    let wrong = text(error, ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::MissingSubcommand => format!("say what to do: {}", commands(&cli)),
        ErrorKind::InvalidSubcommand => {
            let wrong = text(error, ContextKind::InvalidSubcommand);
            format!("there is no command \"{}\"; there is {}", shortened(&wrong), commands(&cli))
        }
        ErrorKind::UnknownArgument if wrong.starts_with('-') => {
            let hint = command.and_then(|command| nearest_flag(&wrong, command)).unwrap_or_default();
            format!("there is no option \"{}\"{hint}; {help} lists all", shortened(&wrong))
        }
        ErrorKind::UnknownArgument if wrong.contains('=') => {
            format!("\"{0}\" is one word too many; to set a parameter write --set {0}", shortened(&wrong))
        }
        ErrorKind::UnknownArgument => {
            format!("\"{}\" is one word too many; {help} shows what goes where", shortened(&wrong))
        }
        ErrorKind::MissingRequiredArgument => {
            format!("{} is missing; \"warstories list\" shows the scenarios", one_line(&wrong))
        }
        ErrorKind::ArgumentConflict if wrong == text(error, ContextKind::PriorArg) => {
            format!("{} is given twice; leave one out", one_line(&wrong))
        }
        ErrorKind::InvalidUtf8 => String::from("an argument is not UTF-8 text; write it in UTF-8"),
        _ => {
            let rendered = error.render().to_string();
            let first = rendered.split("\n\n").next().unwrap_or_default();
            let first = first.strip_prefix("error: ").unwrap_or(first);
            format!("{}; see {help}", one_line(first))
        }
    }
}

/// `text` on one line and not too long, without characters that would disturb a terminal.
pub fn one_line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let mut line: String = words.join(" ").chars().filter(|char| !char.is_control()).take(LONGEST).collect();
    if line.chars().count() == LONGEST {
        line.push('…');
    }
    line
}

fn text(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    }
}

fn commands(cli: &Command) -> String {
    cli.get_subcommands().map(Command::get_name).collect::<Vec<_>>().join(", ")
}

fn nearest_flag(wrong: &str, command: &Command) -> Option<String> {
    let flags = command.get_arguments().filter_map(clap::Arg::get_long);
    Some(format!(", perhaps \"--{}\"", nearest(wrong.trim_start_matches('-'), flags)?))
}
