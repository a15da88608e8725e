//! What belongs to every story, and the order in which a crate presents its modules.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};

use super::{File, assert_only, files};
use crate::project;

/// Scenarios without a lesson, and why.
const UNTAUGHT: [(&str, &str); 0] = [];

fn source(path: &str) -> Result<String> {
    fs::read_to_string(project::root()?.join(path)).with_context(|| format!("{path} cannot be read"))
}

/// The modules of the scenarios, in teaching order, as their list names them: `Listed::of::<module::Type>("module")`, or
/// `Listed::of::<family::module::Type>("family")` where several scenarios share one module.
fn scenarios(list: &str) -> Vec<&str> {
    let listed =
        list.lines().filter_map(|line| line.trim().strip_prefix("Listed::of::<")?.split_once(">(\""));
    listed
        .filter_map(|(path, story)| {
            let (module, _) = path.rsplit_once("::")?;
            let outermost = module.split("::").next()?;
            assert_eq!(story.split('"').next(), Some(outermost), "{path} is in the part of its own story");
            Some(module)
        })
        .collect()
}

/// The modules that this source declares for others.
fn modules(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
}

/// The name that links use for the scenario in this module: the only `id` of a table in its file and folder that stands
/// where that of a `ScenarioSpec` does.
fn id_of(module: &str, files: &[File]) -> String {
    let place = format!("src/sim/scenarios/{}", module.replace("::", "/"));
    let is_its = |path: &str| path == format!("{place}.rs") || path.starts_with(&format!("{place}/"));
    let ids: Vec<&str> = files
        .iter()
        .filter(|file| is_its(&file.path))
        .flat_map(|file| file.text.lines())
        .filter_map(|line| line.strip_prefix("    id: \"")?.strip_suffix("\","))
        .collect();
    assert_eq!(ids.len(), 1, "the scenario in {place} has one SPEC, with one id: {ids:?}");
    ids[0].to_owned()
}

#[test]
fn a_family_has_several_scenarios() {
    let list = r#"    Listed::of::<lab::Lab>("lab"),
    Listed::of::<shop::cart::Cart>("shop"),
    Listed::of::<shop::team::Team>("shop"),"#;
    assert_eq!(scenarios(list), ["lab", "shop::cart", "shop::team"]);
}

#[test]
fn every_scenario_is_listed_taught_and_recorded() -> Result<()> {
    let list = source("src/sim/scenarios.rs")?;
    let paths = scenarios(&list);
    assert!(paths.len() >= 4, "only {paths:?}: the list of scenarios is not read");
    let families: BTreeSet<&str> =
        paths.iter().filter_map(|path| path.split_once("::")).map(|(family, _)| family).collect();
    let mut declared = Vec::new();
    for module in modules(&list) {
        if families.contains(module) {
            let family = source(&format!("src/sim/scenarios/{module}.rs"))?;
            declared.extend(modules(&family).map(|lab| format!("{module}::{lab}")));
        } else {
            declared.push(module.to_owned());
        }
    }
    let mut sorted = paths.clone();
    sorted.sort_unstable();
    declared.sort_unstable();
    assert_eq!(declared, sorted, "every public module is in the list of scenarios, and the other way round");

    let files = files()?;
    let listed: Vec<String> = paths.iter().map(|path| id_of(path, &files)).collect();
    for (path, id) in paths.iter().zip(&listed) {
        assert!(path.contains("::") || path == id, "the module {path} has the name that links use, {id}");
    }

    let lessons: Vec<String> = files
        .iter()
        .filter(|file| file.path.starts_with("lessons/") && file.path != "lessons/README.md")
        .flat_map(|file| file.text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let untaught: Vec<_> = listed
        .iter()
        .filter(|id| !lessons.iter().any(|line| *line == format!("scenario = \"{id}\"")))
        .map(|id| (id.clone(), String::from("no lesson teaches it")))
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
        let modules: Vec<&str> = modules(&text).collect();
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
