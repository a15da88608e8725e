//! The opacity lab: who can say why an order costs what it costs, in a file of fifty lines and in one of five thousand?
//!
//! The file is written out, parsed and run like any other: the reference, and behind its rules one campaign after the other, most
//! of them over. The answer is always the same; what grows is the search for it.

use super::file::{REFERENCE, reference};
use super::gates::Loaded;
use super::orders::{GOLDEN, Order, dollars};
use super::reading;
use super::rules::{Claimed, Outcome, RuleSet, Switched};
use super::tables::Params;
use super::yaml::Version;

/// Seconds in which a person follows one rule that matched, with its line before them.
const RULE_S: f64 = 10.0;
/// Lines of a campaign.
const CAMPAIGN: usize = 8;
/// Of so many campaigns one is not over.
const CURRENT: usize = 500;

/// A file of exactly so many lines, of which the reference is the first 40.
pub fn long_file(lines: usize) -> String {
    let mut file = String::from(REFERENCE);
    let left = lines.saturating_sub(reference().count());
    for campaign in 1..=left / CAMPAIGN {
        // One that is not over is for ten pieces, and worse than the rule for bulk: it matches and changes nothing.
        let is_current = campaign.is_multiple_of(CURRENT);
        let (year, qty) = if is_current { (2024, 10) } else { (2023, campaign % 5 + 1) };
        let pct = campaign % 9 + 1;
        let country = ["SG", "MY", "NO", "US"][campaign % 4];
        let rule = [
            format!("  - name: campaign_{campaign}"),
            String::from("    when:"),
            format!("      country: [{country}]"),
            format!("      from: {year}-01-01"),
            format!("      to: {year}-12-31"),
            format!("      min_qty: {qty}"),
            String::from("    then:"),
            format!("      discount_pct: {pct}"),
        ];
        for line in rule {
            file.push_str(&line);
            file.push('\n');
        }
    }
    for _ in 0..left % CAMPAIGN {
        file.push_str("# kept for the audit\n");
    }
    file
}

/// The order to explain.
pub fn order(params: &Params) -> Order {
    golden(params.traced_order)
}

fn golden(number: u64) -> Order {
    GOLDEN[(number as usize).clamp(1, GOLDEN.len()) - 1].0
}

/// The rules of a file of so many lines.
pub fn rules(lines: u64) -> Option<std::sync::Arc<RuleSet>> {
    Loaded::read(&long_file(lines as usize), Version::V1_2).0.rules().cloned()
}

/// How many rules match an order.
pub fn matched(rules: &RuleSet, order: &Order) -> u64 {
    let mut count = 0;
    rules.trace(order, Switched::NONE, &mut |_, outcome| {
        count += u64::from(matches!(outcome, Outcome::Matched { .. }));
    });
    count
}

/// How many rules of a file of so many lines match the golden order of this number.
pub fn matched_in(lines: u64, number: u64) -> u64 {
    rules(lines).map_or(0, |rules| matched(&rules, &golden(number)))
}

/// Seconds until somebody knows why the order costs what it costs. Without a trace the rule that decides may stand anywhere, so half
/// of the file is read on average. With one, only the rules that matched are.
pub fn explain_s(params: &Params) -> f64 {
    if !params.trace_on {
        return params.file_lines as f64 / 2.0 / params.read_lines_per_min * 60.0;
    }
    reading::matched(params) * RULE_S
}

/// See [`reading::explain`].
pub fn explain(text: &str, version: Version, off: Switched, order: &Order) -> String {
    let loaded = Loaded::read(text, version).0;
    let Some(rules) = loaded.rules() else {
        return String::from("No order has been priced by this file");
    };
    let (mut did, mut claimed) = (Vec::new(), Claimed::default());
    let priced = rules.trace(order, off, &mut |rule, outcome| {
        claimed.add(rule, outcome);
        match outcome {
            Outcome::Matched { cut: Some(cut), .. } => {
                did.push(format!("{} takes {}", rule.name, dollars(cut)));
            }
            Outcome::Matched { shipping: Some(shipping), .. } => {
                did.push(format!("{} ships for {}", rule.name, dollars(shipping)));
            }
            _ => {}
        }
    });
    if claimed.sum() > priced.discount {
        did.push(format!("the limit leaves {}", dollars(priced.discount)));
    }
    let did = if did.is_empty() { String::from("no rule matched") } else { did.join(", ") };
    let [subtotal, discount, shipping, price] =
        [priced.subtotal, priced.discount, priced.shipping, priced.price()].map(dollars);
    format!("{}: {subtotal} − {discount} + {shipping} = {price}; {did}", order.words())
}
