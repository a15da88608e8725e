//! What a diagram says, held against how requests have ended lately.

use proptest::prelude::*;
use warstories_sim::snapshot::Health;
use warstories_sim::{MetricKind, Playable, Reading, SimTime, scenarios};

use super::any::{SECONDS, any_replay};
use super::{BUDGET, fixed};

fn count(run: &dyn Playable, id: &str) -> u64 {
    match run.read(run.spec().metric(id).unwrap()) {
        Reading::Count(count) => count,
        other => panic!("{id} is no count: {other:?}"),
    }
}

/// Outcomes of a run so far, good and bad. Mails stand for the mail story's: one that was wanted is good, one more of the
/// same and one that is lost for ever are bad.
fn outcomes(run: &dyn Playable) -> [u64; 2] {
    let total = |id: &str| count(run, id);
    let failed = || {
        let failures = run.spec().metrics.iter().filter(|metric| metric.kind == MetricKind::Failure);
        failures.map(|metric| total(metric.id)).sum()
    };
    match run.spec().id {
        "queueing_lab" => [total("done"), failed()],
        "monolith_latency" => [total("pages_ok"), failed()],
        "monolith_team" => [total("shipped"), failed()],
        "connection_pool" | "cache_stampede" => [total("good"), failed()],
        "rule_engine" => [total("orders_priced") - total("mispriced_orders"), failed()],
        "log_flood" => [total("committed"), failed()],
        "monolith_checkout" => [total("ok"), failed()],
        _ => {
            let again = total("duplicate_mails_total");
            let lost = ["lost_marked_not_sent", "lost_retention_expired", "suppressed_legitimate"].map(total);
            [total("mails_sent_total") - again, again + lost.iter().sum::<u64>()]
        }
    }
}

/// Whether orders of the checkout lab have come to rest otherwise than they should: money and goods stay where they are.
fn has_lasting_harm(run: &dyn Playable) -> bool {
    let kinds =
        ["charged_not_reserved", "reserved_not_charged", "hold_only", "double_charged", "double_reserved"];
    run.spec().id == "monolith_checkout" && kinds.into_iter().any(|id| count(run, id) > 0)
}

proptest! {
    #![proptest_config(fixed(256))]

    /// Lately is: since the last whole sample bucket began. Where more outcomes were bad than good in that time, the diagram
    /// does not say that all is fine; where requests end at a part for those who fail, this part is fine where none was bad,
    /// unless what was is bad still, strained where some were, and failing where most were.
    #[test]
    fn a_diagram_in_which_most_fail_does_not_say_that_all_is_fine(replay in any_replay()) {
        let mut run = scenarios::start(replay);
        let width = run.spec().sample_width();
        let buckets = SECONDS * 1_000_000_000 / width.nanos();
        // Before the first bucket, and at the end of each.
        let mut ends = vec![[0; 2]; 2];
        for bucket in 0..buckets {
            let begin = SimTime::from_nanos(width.nanos() * bucket);
            let middle = begin + SimTime::from_nanos(width.nanos() / 2);
            if !run.advance(middle, BUDGET / 20) {
                break;
            }
            let [good_before, bad_before] = ends[ends.len() - 2];
            let [good, bad] = outcomes(run.as_ref());
            let (good, bad) = (good - good_before, bad - bad_before);
            let nodes = run.snapshot().nodes;
            let is_fine = nodes.iter().all(|node| node.health == Health::Fine);
            prop_assert!(bad <= good || !is_fine, "{bad} bad, {good} good at {middle} s: {nodes:?}");
            let lost = nodes.iter().find(|node| node.id == "lost" && run.spec().id != "duplicate_delivery");
            if let Some(lost) = lost {
                let expected = match bad {
                    0 if has_lasting_harm(run.as_ref()) => Health::Strained,
                    0 => Health::Fine,
                    bad if bad <= good => Health::Strained,
                    _ => Health::Failing,
                };
                prop_assert_eq!(lost.health, expected, "{} bad, {} good: {:?}", bad, good, lost);
            }
            if !run.advance(begin + width, BUDGET / 20) {
                break;
            }
            ends.push(outcomes(run.as_ref()));
        }
    }
}
