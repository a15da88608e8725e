//! What the panels say: the tables count what the explorer finds, and each entry opens a run that comes to it.

use super::faults::{alone, end};
use super::{CLASSES, ROWS, SPEC, explored, now, paths, played, start};
use warstories_sim::exhibit::{Exhibit, Table};
use warstories_sim::scenario::Scenario;
use warstories_sim::scenarios::distributed_monolith::checkout::{MonolithCheckout, Protocol};

fn table(setting: &str, id: &str) -> Table {
    match MonolithCheckout::expensive_exhibit(id, &start(setting).ctx().params) {
        Some(Exhibit::Table(table)) => table,
        other => panic!("{id} is no table, but {other:?}"),
    }
}

/// Every entry of both tables: its number is the explorer's, and its run ends in its column.
#[test]
fn each_entry_of_a_table_opens_a_run_that_comes_to_it() {
    let mut entries = 0;
    for (has_key, clicks_again) in [(false, false), (false, true), (true, false), (true, true)] {
        for (id, faults) in [("outcomes", 1), ("pairs", 2)] {
            let table = table(&alone(ROWS[0], has_key, clicks_again), id);
            for (row, shown) in ROWS.into_iter().zip(&table.rows) {
                let (counts, blocked) = explored(paths(row, has_key, clicks_again, faults));
                let counts: Vec<u64> = counts.into_iter().chain([blocked]).collect();
                assert_eq!(shown.cells.len(), counts.len());
                for (column, (cell, count)) in shown.cells.iter().zip(counts).enumerate() {
                    let Some(finding) = cell.first() else {
                        assert_eq!(count, 0, "{} {}", shown.head, table.columns[column]);
                        continue;
                    };
                    assert_eq!(finding.text, count.to_string(), "{} {}", shown.head, table.columns[column]);
                    let (scenario, entry) = finding.link.split_once('?').unwrap();
                    assert_eq!(scenario, SPEC.id);
                    let run = played(entry, 1200);
                    if column < CLASSES.len() {
                        assert_eq!(end(&run), table.columns[column], "{}", finding.link);
                    } else {
                        assert!(now(&run, "lock_blocked_s") > 0.0, "{}", finding.link);
                    }
                    entries += 1;
                }
            }
        }
    }
    assert!(entries > 100, "{entries}");
}

#[test]
fn a_table_knows_where_we_are() {
    let saga = alone((Protocol::Saga, true), false, false);
    assert_eq!(table(&format!("{saga}&fault_at=reply_4"), "outcomes").here, Some((3, 6)));
    assert_eq!(table(&saga, "outcomes").here, None);
    let outside = alone((Protocol::SingleTx, true), false, false);
    assert_eq!(table(&format!("{outside}&fault_at=crash_3"), "outcomes").here, Some((7, 2)));
    // Without a database in common, it is the first row.
    let apart = outside.replace("core_plus_three", "twenty_services");
    assert_eq!(table(&format!("{apart}&fault_at=crash_3"), "outcomes").here, Some((0, 2)));
}

/// The listing has a line for each place, and says where the protocol has none.
#[test]
fn the_listing_has_a_line_for_each_place() {
    for (row, places) in ROWS.into_iter().zip([10, 14, 14, 12, 6, 16, 4, 7]) {
        let code =
            match MonolithCheckout::cheap_exhibit("steps", &start(&alone(row, true, false)).ctx().params) {
                Some(Exhibit::Code(code)) => code,
                other => panic!("no code, but {other:?}"),
            };
        assert_eq!(code.lines.len(), places, "{row:?}");
        assert_eq!(SPEC.params[code.param].id, "fault_at");
        assert_eq!(code.note, None);
        let mut values: Vec<f64> = code.lines.iter().map(|line| line.value).collect();
        values.dedup();
        assert_eq!(values.len(), places);
    }
    let absent = format!("{}&fault_at=crash_6", alone(ROWS[0], true, false));
    let Some(Exhibit::Code(code)) = MonolithCheckout::cheap_exhibit("steps", &start(&absent).ctx().params)
    else {
        panic!("no code")
    };
    assert!(code.note.is_some());
}
