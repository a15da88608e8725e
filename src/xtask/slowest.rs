//! The slowest tests of a run, so that whoever makes one slow sees it at once.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use roxmltree::Document;

/// Where nextest keeps its reports, one folder for each profile of `.config/nextest.toml`.
const REPORTS: &str = "target/nextest";
const SHOWN: usize = 10;

/// Removes the reports of earlier runs.
pub(crate) fn forget(root: &Path) -> Result<()> {
    match fs::remove_dir_all(root.join(REPORTS)) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{REPORTS} cannot be removed."))
        }
        _ => Ok(()),
    }
}

/// Prints the slowest tests of all stages that have run, if any has.
pub(crate) fn print(root: &Path) -> Result<()> {
    let mut tests = Vec::new();
    for profile in ["default", "browser"] {
        let report = root.join(REPORTS).join(profile).join("junit.xml");
        if report.is_file() {
            tests.extend(times(&fs::read_to_string(&report)?)?);
        }
    }
    if tests.is_empty() {
        return Ok(());
    }
    tests.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("\nThe slowest of {} tests:", tests.len());
    for (seconds, name) in tests.iter().take(SHOWN) {
        println!("{seconds:8.1} s  {name}");
    }
    Ok(())
}

/// Seconds and name of each test in a report.
fn times(report: &str) -> Result<Vec<(f64, String)>> {
    let report = Document::parse(report).context("nextest's report is no XML.")?;
    let cases = report.descendants().filter(|node| node.has_tag_name("testcase"));
    cases
        .map(|case| {
            let said = |name| {
                case.attribute(name).with_context(|| format!("nextest's report has a test without a {name}."))
            };
            Ok((said("time")?.parse()?, format!("{} {}", said("classname")?, said("name")?)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_gives_names_and_seconds() -> Result<()> {
        let report = r#"<?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="nextest-run" tests="2"><testsuite name="sim::runs" tests="2">
                <testcase name="a_live_run" classname="sim::runs" time="3.182"/>
                <testcase name="links" classname="sim::runs" time="0.020"><failure type="test failure"/></testcase>
            </testsuite></testsuites>"#;
        assert_eq!(
            times(report)?,
            [(3.182, "sim::runs a_live_run".to_owned()), (0.02, "sim::runs links".to_owned())]
        );
        assert!(times("<testcase name=\"untimed\"/>").is_err());
        Ok(())
    }
}
