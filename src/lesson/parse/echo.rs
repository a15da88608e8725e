//! Units said twice: a live number is shown with the unit of its metric, so that what follows it must not name it again.

use warstories_sim::ScenarioSpec;
use warstories_sim::unit::Unit;

use crate::prose::{Format, Inline};

const SECONDS: &[&str] =
    &["s", "sec", "second", "seconds", "ms", "millisecond", "milliseconds", "minute", "minutes"];
/// What says that something is a rate.
const RATES: &[&str] = &["/s", "per second", "a second", "each second", "every second"];

/// What to say of the first live number that is followed by its own unit, or by the unit of something else that is
/// counted.
pub(super) fn find(inlines: &[Inline], spec: &ScenarioSpec) -> Option<String> {
    let mut leaves = Vec::new();
    flatten(inlines, &mut leaves);
    leaves.windows(2).find_map(|pair| {
        let [Inline::Live(live), Inline::Text(after) | Inline::Term { text: after, .. }] = *pair else { return None };
        let unit = match live.format {
            Format::Percent => Unit::Percent,
            _ => spec.metrics.get(live.measure.metric).map_or(Unit::None, |metric| metric.unit),
        };
        let again = again(unit, after, spec)?;
        let suffix = unit.suffix();
        Some(format!(
            "the run's number is shown with its unit, \"{suffix}\", and \"{again}\" follows it; leave that out or put another word between"
        ))
    })
}

fn flatten<'t>(inlines: &'t [Inline], leaves: &mut Vec<&'t Inline>) {
    for inline in inlines {
        match inline {
            Inline::Emphasis(inside) | Inline::Strong(inside) | Inline::Link { text: inside, .. } => {
                flatten(inside, leaves);
            }
            leaf => leaves.push(leaf),
        }
    }
}

/// The words at the beginning of `after` that say what the number's unit has said.
fn again<'w>(unit: Unit, after: &'w str, spec: &ScenarioSpec) -> Option<&'w str> {
    let after = after.trim_start();
    let word = after
        .split(|char: char| char.is_whitespace() || ".,;:!?)–".contains(char))
        .next()
        .filter(|word| !word.is_empty())?;
    let is = |known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
    match unit {
        Unit::None | Unit::States(_) => None,
        Unit::Percent => is(&["%", "percent"]).then_some(word),
        Unit::Points => is(&["points", "percentage"]).then_some(word),
        Unit::Dollars => is(&["usd", "dollars"]).then_some(word),
        Unit::Times => is(&["times", "x"]).then_some(word),
        Unit::Milliseconds | Unit::Seconds => is(SECONDS).then_some(word),
        Unit::Minutes => is(&["min", "minute", "minutes"]).then_some(word),
        Unit::Hours => is(&["h", "hour", "hours"]).then_some(word),
        Unit::Megabytes => is(&["mb", "megabyte", "megabytes"]).then_some(word),
        Unit::Gigabytes => is(&["gb", "gigabyte", "gigabytes"]).then_some(word),
        Unit::Mebibytes => is(&["mib", "mebibyte", "mebibytes"]).then_some(word),
        Unit::KilobytesPerSecond | Unit::MegabytesPerSecond => {
            is(&["kb/s", "mb/s", "kilobytes", "megabytes"]).then_some(word)
        }
        Unit::PerSecond | Unit::PerMinute | Unit::TransactionsPerSecond => {
            // A noun may stand between: "12 /s requests per second".
            let clause = after.split(['.', ',', ';', ':']).next().unwrap_or(after);
            let begin: Vec<&str> = clause.split_whitespace().take(3).collect();
            let begin = begin.join(" ");
            RATES.iter().any(|rate| begin.starts_with(rate) || begin.ends_with(rate)).then_some(clause)
        }
        Unit::Transactions => is(&["tx", "transaction", "transactions"]).then_some(word),
        Unit::Things(_) => {
            let counted = spec.metrics.iter().filter_map(|metric| match metric.unit {
                Unit::Things(things) => Some(things),
                _ => None,
            });
            let mut counted = counted.chain(["readers", "workers", "customers", "times"]);
            counted.any(|things| is(&[things, things.trim_end_matches('s')])).then_some(word)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Measure;
    use crate::prose::Live;
    use warstories_sim::scenarios;

    fn found(scenario: &str, measure: &str, format: Format, after: &str) -> bool {
        let spec = scenarios::find(scenario).expect("a scenario");
        let measure = Measure::parse(measure, 1, spec).expect(measure);
        let live = Inline::Live(Live { measure, format });
        find(
            &[
                Inline::Text(String::from("There were ")),
                Inline::Strong(vec![live]),
                Inline::Text(after.to_owned()),
            ],
            spec,
        )
        .is_some()
    }

    #[test]
    fn a_unit_that_is_said_twice_is_found_in_every_kind_of_unit() {
        for (scenario, measure, format, twice, once) in [
            ("duplicate_delivery", "orders_total", Format::Auto, " orders without a mail", " without a mail"),
            ("duplicate_delivery", "orders_total", Format::Auto, " order", " in order"),
            ("duplicate_delivery", "worker_crashes_total", Format::Decimals(0), " times in all", " in all"),
            (
                "cache_stampede",
                "goodput_rps",
                Format::Auto,
                " requests per second",
                " in the worst ten seconds",
            ),
            ("cache_stampede", "goodput_rps", Format::Auto, " per second.", ", after a second"),
            ("queueing_lab", "mean wait_ms", Format::Decimals(1), " ms on average", " on average"),
            ("queueing_lab", "mean utilization", Format::Percent, " % busy", " busy"),
            ("connection_pool", "confirmed_loss_usd", Format::Auto, " dollars lost", " lost"),
        ] {
            assert!(found(scenario, measure, format, twice), "{measure}{twice}");
            assert!(!found(scenario, measure, format, once), "{measure}{once}");
        }
    }
}
