//! What orders cost: exact expectations over all sorts of orders.

use warstories_sim::scenarios::rule_engine::code;
use warstories_sim::scenarios::rule_engine::file::{REFERENCE, edited};
use warstories_sim::scenarios::rule_engine::gates::{Difference, Loaded};
use warstories_sim::scenarios::rule_engine::orders::{CELLS, GOLDEN, WEIGHT, cells};
use warstories_sim::scenarios::rule_engine::rules::{Outcome, RuleSet, Switched};
use warstories_sim::scenarios::rule_engine::yaml::Version;

/// The rules of the reference with these edits.
pub fn rules(edits: &str, version: Version) -> RuleSet {
    let text = edited(edits).unwrap();
    let (loaded, _) = Loaded::read(&text, version);
    RuleSet::clone(loaded.rules().unwrap_or_else(|| panic!("{edits}: {:?}", loaded.fault())))
}

fn difference(edits: &str, version: Version) -> Difference {
    Difference::of(&rules(edits, version), &rules("", Version::V1_2))
}

#[test]
fn the_sorts_of_orders_weigh_what_they_should() {
    let all: Vec<_> = cells().collect();
    assert_eq!((all.len(), all.iter().map(|(_, weight)| u64::from(*weight)).sum()), (CELLS, WEIGHT));
    for (at, (order, _)) in all.iter().enumerate() {
        assert!(all[..at].iter().all(|(other, _)| other != order), "{order:?} twice");
    }
    // The mean subtotal is 2,950 c × 34/11 pieces.
    let subtotals: i64 = all.iter().map(|(order, weight)| order.subtotal() * i64::from(*weight)).sum();
    assert_eq!(subtotals * 11, 2950 * 34 * WEIGHT as i64);
}

/// 933,193/132 cents; σ 13,631.4.
#[test]
fn the_mean_price_of_the_reference_is_exact() {
    let own = difference("", Version::V1_2);
    let sum: i64 = cells()
        .map(|(order, weight)| {
            rules("", Version::V1_2).price(&order, Switched::NONE).price() * i64::from(weight)
        })
        .sum();
    assert_eq!(sum * 132, 933_193 * WEIGHT as i64);
    assert!(own.is_none() && (own.mean - 933_193.0 / 132.0).abs() < 1e-9, "{own:?}");
    assert!((own.variance.sqrt() - 13_631.4).abs() < 0.05, "{}", own.variance.sqrt());
}

/// Share of orders in 5,280ths, and cents an order in as many parts.
#[test]
fn each_fault_of_the_story_costs_what_it_costs() {
    let of = |edits, version| {
        let Difference { wrong, sum, .. } = difference(edits, version);
        (wrong as f64 / WEIGHT as f64, sum as f64 / WEIGHT as f64)
    };
    let near = |(share, cents): (f64, f64), expected: (f64, f64)| {
        assert!((share - expected.0).abs() < 5e-7 && (cents - expected.1).abs() < 5e-5, "{share} {cents}");
    };
    near(of("31<2", Version::V1_2), (0.8, -3673.5455));
    near(of("", Version::V1_1), (0.125, 113.9773));
    near(of("10-", Version::V1_2), (0.125, -113.9773));
    near(of("22-", Version::V1_2), (0.5, -604.4545));
    near(of("26=      discount_pct: 200", Version::V1_2), (8.0 / 55.0, -77.9167));
    // Dollars a minute at 60 orders.
    assert!((difference("31<2", Version::V1_2).mean_size() * 0.6 - 2204.13).abs() < 0.005);
    // A quoted NO is a word in both versions.
    assert!(difference("10=      country: [SG, MY, 'NO']", Version::V1_1).is_none());
}

#[test]
fn the_file_and_the_typed_code_agree_on_every_order() {
    let file = rules("", Version::V1_2);
    let golden = GOLDEN.iter().map(|(order, _)| *order);
    for order in cells().map(|(order, _)| order).chain(golden) {
        assert_eq!(file.price(&order, Switched::NONE), code::price(&order, &code::RULES), "{order:?}");
    }
    assert!(code::SOURCE.contains("pub fn price(") && REFERENCE.contains("member_price"));
}

#[test]
fn the_golden_orders_cost_what_is_written() {
    let file = rules("", Version::V1_2);
    for (order, price) in GOLDEN {
        assert_eq!(file.price(&order, Switched::NONE).price(), price, "{}", order.words());
    }
}

/// Subtotal − discount + shipping, and the discount follows from what the rules did.
#[test]
fn a_trace_adds_up() {
    for edits in ["", "31<2", "22-", "26=      discount_pct: 200", "35-", "19=      stack: true"] {
        let file = rules(edits, Version::V1_2);
        for (order, _) in cells() {
            let (mut stacked, mut best, mut seen) = (0, 0, 0);
            let priced = file.trace(&order, Switched::NONE, &mut |rule, outcome| {
                seen += 1;
                match outcome {
                    Outcome::Off => panic!("nothing is switched off"),
                    Outcome::Missed(condition) => assert!(!condition.holds(&order)),
                    Outcome::Matched { cut, .. } if rule.stack => stacked += cut.unwrap_or(0),
                    Outcome::Matched { cut, .. } => best = best.max(cut.unwrap_or(0)),
                }
            });
            assert_eq!(seen, file.rules.len());
            assert_eq!(priced, file.price(&order, Switched::NONE));
            assert_eq!(priced.price(), priced.subtotal - priced.discount + priced.shipping);
            assert!(priced.discount <= stacked + best && priced.discount <= priced.subtotal);
        }
    }
}
