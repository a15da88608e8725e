//! What belongs to every story, and the order in which a crate presents its modules.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};

use super::{assert_only, files};
use crate::project;

/// Scenarios without a lesson, and why.
const UNTAUGHT: [(&str, &str); 0] = [];

fn source(path: &str) -> Result<String> {
    fs::read_to_string(project::root()?.join(path)).with_context(|| format!("{path} cannot be read"))
}

/// The scenarios, in teaching order, as their list names them: `Listed::of::<module::Type>()`.
fn scenarios(list: &str) -> Vec<&str> {
    list.lines()
        .filter_map(|line| line.trim().strip_prefix("Listed::of::<")?.split_once("::"))
        .map(|(module, _)| module)
        .collect()
}

#[test]
fn every_scenario_is_listed_taught_and_recorded() -> Result<()> {
    let list = source("src/sim/scenarios.rs")?;
    let listed = scenarios(&list);
    assert!(listed.len() >= 4, "only {listed:?}: the list of scenarios is not read");
    let mut modules: Vec<&str> =
        list.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let mut sorted = listed.clone();
    sorted.sort_unstable();
    modules.sort_unstable();
    assert_eq!(modules, sorted, "every module in scenarios.rs is in the list, and the other way round");

    let lessons: Vec<String> = files()?
        .iter()
        .filter(|file| file.path.starts_with("lessons/") && file.path != "lessons/README.md")
        .flat_map(|file| file.text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let untaught: Vec<_> = listed
        .iter()
        .filter(|id| !lessons.iter().any(|line| *line == format!("scenario = \"{id}\"")))
        .map(|id| ((*id).to_owned(), String::from("no lesson teaches it")))
        .collect();
    assert_only(&untaught, &UNTAUGHT);

    let golden = source("src/sim/tests/golden.tsv")?;
    let is_of = |line: &str, id: &str| line.split(['?', '\t']).next() == Some(id);
    for id in &listed {
        assert!(
            golden.lines().any(|line| is_of(line, id)),
            "no run of {id} is recorded: UPDATE_GOLDEN=1 cargo test -p warstories-sim --test golden"
        );
    }
    assert!(
        golden.lines().all(|line| listed.iter().any(|id| is_of(line, id))),
        "a recorded run is of no scenario that src/sim/scenarios.rs lists: list it, or record the runs anew"
    );
    let diagrams = source("src/sim/tests/diagrams.txt")?;
    for id in &listed {
        assert!(
            diagrams.lines().any(|line| is_of(line, id)),
            "no diagram of {id} is recorded: add a link to src/sim/tests/diagrams.rs, then \
             UPDATE_GOLDEN=1 cargo test -p warstories-sim --test diagrams"
        );
    }
    Ok(())
}

/// A stranger reads the modules in the order in which the first comment above them lists them.
#[test]
fn modules_stand_in_the_order_in_which_their_comment_lists_them() -> Result<()> {
    for path in ["src/sim/kernel.rs", "src/sim/model.rs", "src/lesson/lib.rs"] {
        let text = source(path)?;
        let modules: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
        let comment: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("//!")).collect();
        let comment = comment.join("\n");
        let mut listed: Vec<&str> = comment
            .split('`')
            .skip(1)
            .step_by(2)
            .map(|name| name.trim_start_matches("mod@"))
            .filter(|name| modules.contains(name))
            .collect();
        // What is named again later, such as a feature, stands where it was named first.
        let mut seen = BTreeSet::new();
        listed.retain(|name| seen.insert(*name));
        assert_eq!(listed, modules, "{path}: its comment, then its modules");
    }
    Ok(())
}
