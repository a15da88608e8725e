//! Series and replications: numbers that must agree with those of single runs.

mod command;

use command::{items, json, number, string, text};
use serde_json::Value;

const LOADED: [&str; 8] =
    ["run", "queueing_lab", "--set", "queue_limit=5", "--at", "50", "arrivals_per_s=20", "--until=100"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&LOADED[..], more].concat()
}

#[test]
fn counts_in_the_csv_sum_up_to_the_metric() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("samples.csv");
    let run = json(&with(&["--json", "--csv", path.to_str().expect("UTF-8")]));
    let written = std::fs::read_to_string(&path).expect("the file is there");
    assert_eq!(text(&with(&["--csv", "-"])), written);

    let mut csv = csv::Reader::from_reader(written.as_bytes());
    let header = csv.headers().expect("a header").clone();
    let rows: Vec<_> = csv.records().map(|row| row.expect("as many cells as columns")).collect();
    let column = |name: &str| -> Vec<&str> {
        let index =
            header.iter().position(|title| title == name).unwrap_or_else(|| panic!("no column {name}"));
        rows.iter().map(|row| &row[index]).collect()
    };
    let times: Vec<f64> = column("time_s").iter().map(|time| time.parse().expect("a number")).collect();
    assert!(times.is_sorted() && times.last() == Some(&100.0), "{times:?}");

    let scenario = json(&["list", "queueing_lab", "--json"]);
    let mut columns = 1;
    for metric in items(&scenario["metrics"]) {
        let id = string(metric, "id");
        let suffixes: &[&str] = match string(metric, "kind") {
            "gauge" => &["_mean", "_min", "_max"],
            "histogram" => &["_p50", "_p95", "_p99"],
            _ => &[""],
        };
        columns += suffixes.len();
        for suffix in suffixes {
            let cells = column(&format!("{id}{suffix}"));
            let values = cells.iter().filter(|cell| !cell.is_empty()).map(|cell| cell.parse::<f64>());
            let values: Vec<f64> = values.collect::<Result<_, _>>().expect("numbers");
            if suffix.is_empty() {
                assert_eq!(values.iter().sum::<f64>(), number(&run["metrics"], id), "{id}");
            }
        }
    }
    assert_eq!(header.len(), columns);
    assert!(number(&run["failures"], "rejected") > 0.0, "the test rejects nobody");
}

#[test]
fn a_cell_without_observations_is_empty() {
    let written = text(&["run", "queueing_lab", "--set", "arrivals_per_s=0", "--until", "3", "--csv", "-"]);
    let mut csv = csv::Reader::from_reader(written.as_bytes());
    let header = csv.headers().expect("a header").clone();
    let index = header.iter().position(|title| title == "wait_ms_p99").expect("a column");
    let cells: Vec<_> = csv.records().map(|row| row.expect("a row")[index].to_owned()).collect();
    assert_eq!(cells, ["", "", ""]);
}

#[test]
fn means_over_seeds_are_those_of_the_single_runs() {
    let together = json(&with(&["--seed", "5", "--replicate", "3", "--json"]));
    let alone: Vec<_> = ["5", "6", "7"].iter().map(|seed| json(&with(&["--seed", seed, "--json"]))).collect();
    assert_eq!(together["seeds"], serde_json::json!([5, 6, 7]));
    for key in ["scenario", "until_s", "parameters"] {
        assert_eq!(together[key], alone[0][key]);
    }
    let agree = |estimate: &Value, values: Vec<f64>| {
        let mean = values.iter().sum::<f64>() / 3.0;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 2.0;
        let error = (variance / 3.0).sqrt();
        for (name, expected) in [("mean", mean), ("standard_error", error)] {
            // Reading JSON may round the last digit.
            assert!((number(estimate, name) - expected).abs() <= 1e-12 * expected, "{estimate}: {expected}");
        }
    };
    for metric in items(&json(&["list", "queueing_lab", "--json"])["metrics"]) {
        let id = string(metric, "id");
        let fields: &[&str] = match string(metric, "kind") {
            "gauge" => &["mean", "last", "max"],
            "histogram" => &["mean", "p50", "p95", "p99"],
            _ => {
                agree(
                    &together["metrics"][id],
                    alone.iter().map(|run| number(&run["metrics"], id)).collect(),
                );
                &[]
            }
        };
        for field in fields {
            let values = alone.iter().map(|run| number(&run["metrics"][id], field)).collect();
            agree(&together["metrics"][id][field], values);
        }
    }
    assert_eq!(together["failures"]["rejected"], together["metrics"]["rejected"]);
    assert!(number(&together["failures"]["rejected"], "mean") > 0.0);
}

#[test]
fn one_run_has_no_standard_error() {
    let one = json(&with(&["--replicate", "1", "--json"]));
    assert_eq!(one["metrics"]["done"]["standard_error"], Value::Null);
    assert_eq!(one["metrics"]["wait_ms"]["p99"]["standard_error"], Value::Null);
    assert!(text(&with(&["--replicate", "1"])).contains('–'));
}
