//! The mutation race: every fault of one line, held against two other implementations.
//!
//! One is [`naive`](crate::naive). `race.tsv` was written by the other: another parser and resolver (`PyYAML` 6.0.3, with a check for duplicate keys, and for YAML 1.2 with
//! the patterns of the core schema), prices in fractions, and its own mutator, schema, types and golden orders, in a script of 150
//! lines. Its columns: version, sort of fault, line, `refused` or `runs`; whether the strict schema, twelve and sixteen golden orders
//! and the types stop it; the weight of wrong orders of 5,280, and the weighted sum of their differences in cents.

use std::collections::BTreeMap;

use warstories_sim::scenarios::rule_engine::FaultKind;
use warstories_sim::scenarios::rule_engine::file::{REFERENCE, edited};
use warstories_sim::scenarios::rule_engine::gates::{Gates, Trial, faults};
use warstories_sim::scenarios::rule_engine::race::{Fate, Race, race};
use warstories_sim::scenarios::rule_engine::yaml::Version;

use crate::naive;

const SECOND: &str = include_str!("race.tsv");

const NONE: Gates = Gates { parser: false, schema: false, golden: None, typed: false };

fn golden(count: usize) -> Gates {
    Gates { golden: Some(count), ..NONE }
}

const SCHEMA: Gates = Gates { schema: true, ..NONE };
const TYPED: Gates = Gates { typed: true, ..NONE };

fn modern() -> &'static Race {
    race(Version::V1_2)
}

fn escaped(gates: Gates) -> Vec<usize> {
    let mut lines: Vec<usize> = modern().escaped(gates, &[], None).map(|mutant| mutant.line).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn a_second_implementation_says_the_same_of_every_mutant_in_both_versions() {
    let mut rows: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for row in SECOND.lines() {
        let fields: Vec<&str> = row.split('\t').collect();
        rows.insert(fields[..3].join(" "), fields[3..].to_vec());
    }
    assert_eq!(rows.len(), 488);
    for version in [Version::V1_2, Version::V1_1] {
        let race = race(version);
        for mutant in &race.mutants {
            let name = format!("{version:?} {:?} {}", mutant.kind, mutant.line);
            let theirs = rows.remove(&name).unwrap_or_else(|| panic!("{name} is not in the table"));
            if mutant.loaded.rules().is_none() {
                assert_eq!(theirs[0], "refused", "{name}: {:?}", mutant.loaded.fault());
                continue;
            }
            let stops = |gates: Gates| {
                let is_stopped = matches!(mutant.fate(gates, &[], None, race.before), Fate::Stopped(_));
                u8::from(is_stopped).to_string()
            };
            let ours = [
                String::from("runs"),
                stops(SCHEMA),
                stops(golden(12)),
                stops(golden(16)),
                stops(TYPED),
                mutant.difference.wrong.to_string(),
                mutant.difference.sum.to_string(),
            ];
            assert_eq!(ours.to_vec(), theirs, "{name}");
        }
    }
    assert!(rows.is_empty(), "not tried: {:?}", rows.keys());
}

/// Refused or not, and what each of 512 sorts of orders costs; the golden orders follow from prices.
#[test]
fn a_simple_engine_refuses_and_prices_every_mutant_alike() {
    let orders = naive::orders();
    assert_eq!(orders.iter().map(|(_, weight)| *weight).sum::<i64>(), 5280);
    let prices = |file: &naive::Value| -> Vec<i64> {
        orders.iter().map(|(order, _)| naive::price(file, *order)).collect()
    };
    let before = prices(&naive::read(REFERENCE).unwrap());
    let (mut refused, mut changed) = (0, 0);
    for mutant in &modern().mutants {
        let file = naive::read(&edited(&mutant.edit).unwrap());
        assert_eq!(file.is_some(), mutant.loaded.rules().is_some(), "{}: {:?}", mutant.edit, mutant.loaded);
        let Some(file) = file else {
            refused += 1;
            continue;
        };
        let deltas = prices(&file).into_iter().zip(&before).map(|(price, before)| price - before);
        let weighed = || deltas.clone().zip(&orders).map(|(delta, (_, weight))| (delta, *weight));
        let wrong: i64 = weighed().filter(|(delta, _)| *delta != 0).map(|(_, weight)| weight).sum();
        let sum: i64 = weighed().map(|(delta, weight)| delta * weight).sum();
        let size: i64 = weighed().map(|(delta, weight)| delta.abs() * weight).sum();
        let ours = &mutant.difference;
        assert_eq!((ours.wrong as i64, ours.sum, ours.size), (wrong, sum, size), "{}", mutant.edit);
        changed += u32::from(wrong > 0);
    }
    assert_eq!((refused, changed), (117, 80));
}

#[test]
fn there_are_as_many_mutants_as_lines_can_have() {
    let of = |kind| modern().mutants.iter().filter(|mutant| mutant.kind == kind).count();
    assert_eq!(FaultKind::ALL.map(of), [34, 40, 40, 40, 39, 13, 38]);
    assert_eq!(modern().mutants.len(), 244);
}

/// Refused, schema, golden orders, types, canary, no effect, escaped.
#[test]
fn the_funnel_at_each_set_of_gates_is_what_was_counted() {
    let funnel = |gates| modern().funnel(gates, &[], None);
    assert_eq!(funnel(NONE), [0, 0, 0, 0, 0, 117, 47, 80]);
    assert_eq!(funnel(Gates { parser: true, ..NONE }), [117, 0, 0, 0, 0, 0, 47, 80]);
    assert_eq!(funnel(SCHEMA), [117, 85, 0, 0, 0, 0, 24, 18]);
    assert_eq!(funnel(golden(12)), [117, 0, 74, 0, 0, 0, 46, 7]);
    assert_eq!(funnel(golden(16)), [117, 0, 83, 0, 0, 0, 44, 0]);
    assert_eq!(funnel(TYPED), [117, 0, 0, 101, 0, 0, 21, 5]);
    assert_eq!(funnel(Gates { schema: true, ..golden(12) }), [117, 85, 15, 0, 0, 0, 24, 3]);
    assert_eq!(funnel(Gates { schema: true, typed: true, ..golden(12) }), [117, 85, 15, 5, 0, 0, 21, 1]);
}

#[test]
fn what_escapes_is_broader_or_masked() {
    let twelve = Gates { parser: true, schema: true, ..golden(12) };
    assert_eq!(escaped(twelve), [10, 22, 26]);
    assert_eq!(escaped(Gates { typed: true, ..twelve }), [26]);
    assert_eq!(escaped(golden(16)), [0; 0]);
    // Types let wrong numbers through.
    assert_eq!(escaped(TYPED), [4, 12, 16, 18, 26]);
    // No fault of an indentation passes the schema.
    let race = modern();
    let indents = race.escaped(SCHEMA, &[], None).filter(|mutant| mutant.kind <= FaultKind::Indent);
    assert_eq!(indents.count(), 0);
}

/// The loud ones are the lucky ones.
#[test]
fn more_dedents_are_refused_than_change_prices() {
    let dedents = || modern().mutants.iter().filter(|mutant| mutant.kind == FaultKind::Dedent);
    let refused = dedents().filter(|mutant| mutant.loaded.rules().is_none()).count();
    let silent = dedents().filter(|mutant| mutant.loaded.rules().is_some() && mutant.has_effect()).count();
    assert_eq!((refused, silent), (24, 9));
}

#[test]
fn classes_add_up_and_a_gate_more_never_lets_more_escape() {
    let trials = [
        None,
        Some(Trial { tried: 6.0, others: 594.0, is_shadow: false }),
        Some(Trial { tried: 300.0, others: 300.0, is_shadow: false }),
        Some(Trial { tried: 60.0, others: 540.0, is_shadow: true }),
    ];
    for version in [Version::V1_2, Version::V1_1] {
        let race = race(version);
        for bits in 0..8_u8 {
            let gates = |bits: u8, count| Gates {
                parser: false,
                schema: bits & 1 > 0,
                typed: bits & 2 > 0,
                golden: (bits & 4 > 0).then_some(count),
            };
            for trial in trials {
                let mut fewest = usize::MAX;
                for count in 0..=16 {
                    let counts = race.funnel(gates(bits, count), &[], trial);
                    assert_eq!(counts.iter().sum::<usize>(), 244);
                    assert!(counts[7] <= fewest, "{bits} {count}");
                    fewest = counts[7];
                    let without = [1, 2, 4].map(|bit| race.funnel(gates(bits & !bit, count), &[], trial)[7]);
                    assert!(without.iter().all(|more| *more >= counts[7]), "{bits} {count}: {without:?}");
                    assert!(race.funnel(gates(bits, count), &[], None)[7] >= counts[7]);
                }
            }
        }
    }
}

/// Each gate refuses just what the race says it stops: the way of a file through the gates and the race agree.
#[test]
fn the_gates_of_a_run_and_the_race_are_one() {
    let all = Gates { parser: true, schema: true, typed: true, ..golden(12) };
    for gates in [NONE, SCHEMA, TYPED, golden(12), golden(16), all] {
        for mutant in &modern().mutants {
            let (_, faults) = faults(&edited(&mutant.edit).unwrap(), Version::V1_2, gates, &[]);
            let stopped = faults.first().map(|(gate, _)| *gate);
            let expected = match mutant.fate(gates, &[], None, modern().before) {
                Fate::Stopped(gate) => Some(gate),
                Fate::Refused | Fate::NoEffect | Fate::Escaped => None,
            };
            assert_eq!(stopped, expected, "{gates:?} {}", mutant.edit);
        }
    }
}

/// One percent of ten minutes is six orders: z = 1.4 by the model.
#[test]
fn a_small_canary_has_no_power_and_a_shadow_has() {
    let race = modern();
    let of =
        |line, kind| race.mutants.iter().find(|mutant| mutant.line == line && mutant.kind == kind).unwrap();
    let line_31 = of(31, FaultKind::Dedent).difference;
    let (mean, variance) = race.before;
    let z = |tried: f64| Trial::z((line_31.mean, line_31.variance, tried), (mean, variance, 600.0 - tried));
    assert!((z(6.0) - 1.4).abs() < 0.05, "{}", z(6.0));
    let stops = |tried, is_shadow| {
        let trial = Trial { tried, others: 600.0 - tried, is_shadow };
        trial.stops(line_31, race.before)
    };
    assert!(!stops(6.0, false) && stops(6.0, true));
    assert!(!stops(1.0, true));
    // Half of all orders for ten minutes.
    assert!(z(300.0) > 3.0, "{}", z(300.0));
}
