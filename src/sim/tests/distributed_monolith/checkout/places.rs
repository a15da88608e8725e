//! Every place of one fault, under every protocol: what is left at rest.

use super::{ROWS, explored, paths};
use warstories_sim::scenarios::distributed_monolith::checkout::Protocol;

/// Of each row the places, what they lead to with a key and without one, in the order of the classes, and how many block.
const TABLE: [(u64, [u64; 7], [u64; 7], u64); 8] = [
    (10, [2, 4, 4, 0, 0, 0, 0], [2, 4, 4, 0, 0, 0, 0], 0),
    (14, [2, 8, 4, 0, 0, 0, 0], [2, 8, 4, 0, 0, 0, 0], 0),
    (14, [2, 4, 0, 4, 4, 0, 0], [2, 4, 0, 4, 4, 0, 0], 0),
    (12, [9, 3, 0, 0, 0, 0, 0], [5, 3, 0, 0, 0, 2, 2], 0),
    (6, [4, 2, 0, 0, 0, 0, 0], [2, 2, 0, 0, 0, 2, 0], 0),
    (16, [6, 10, 0, 0, 0, 0, 0], [3, 10, 0, 0, 0, 2, 1], 4),
    (4, [1, 3, 0, 0, 0, 0, 0], [1, 3, 0, 0, 0, 0, 0], 0),
    (7, [1, 4, 2, 0, 0, 0, 0], [1, 4, 2, 0, 0, 0, 0], 0),
];

#[test]
fn one_fault_anywhere_leaves_what_the_table_says() {
    for (row, (places, with_key, without_key, blocks)) in ROWS.into_iter().zip(TABLE) {
        for (has_key, expected) in [(true, with_key), (false, without_key)] {
            let (counts, blocked) = explored(paths(row, has_key, false, 1));
            assert_eq!(counts, expected, "{row:?}, key {has_key}");
            assert_eq!(counts.iter().sum::<u64>(), places, "{row:?}");
            assert_eq!(blocked, blocks, "{row:?}");
        }
    }
}

#[test]
fn a_second_click_finishes_with_a_key_and_charges_again_without() {
    let naive = (Protocol::Naive, true);
    assert_eq!(explored(paths(naive, true, true, 1)).0, [8, 1, 1, 0, 0, 0, 0]);
    assert_eq!(explored(paths(naive, false, true, 1)).0, [3, 1, 1, 0, 0, 5, 0]);
}

/// Without a fault every protocol comes to charged and reserved, in one way.
#[test]
fn without_a_fault_everything_is_well() {
    for row in ROWS {
        for has_key in [false, true] {
            assert_eq!(explored(paths(row, has_key, true, 0)), ([1, 0, 0, 0, 0, 0, 0], 0), "{row:?}");
        }
    }
}
