//! Orders at random: shares that follow from the table, what each lesson asks for, and equations that hold whatever is set.

use super::{CLASSES, ROWS, SPEC, classes, now, play, played, start};
use warstories_sim::random::Stream;
use warstories_sim::scenario::Scenario;
use warstories_sim::scenarios::distributed_monolith::checkout::{MonolithCheckout, Protocol};
use warstories_sim::{Domain, Input, ParamSpec, Playable, Replay, Run, SimTime};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=6;

/// Whether so many of `count` are a share of `share`, within four standard errors of a binomial count.
fn assert_share(seen: f64, count: f64, share: f64, what: &str) {
    let (mean, error) = (count * share, libm::sqrt(count * share * (1.0 - share)));
    assert!((seen - mean).abs() <= 4.0 * error, "{what}: {seen}, expected {mean} ± {}", 4.0 * error);
}

/// No chance but what is added, and nobody clicks again.
fn quiet((protocol, payments_outside): (Protocol, bool), seed: u64) -> String {
    let alone = super::faults::alone((protocol, payments_outside), false, false);
    let rest = alone.strip_prefix("checkout_rate_per_s=0&").unwrap();
    format!("seed={seed}&checkout_rate_per_s=5&coordinator_recovery_s=1&{rest}")
}

/// The same setting with another value of a parameter that it has.
fn with(setting: &str, param: &str, value: f64) -> String {
    let entries = setting.split('&').map(|entry| match entry.split_once('=') {
        Some((id, _)) if id == param => format!("{id}={value}"),
        _ => entry.to_owned(),
    });
    entries.collect::<Vec<_>>().join("&")
}

/// Whoever finds the goods sold out has paid for nothing, and in a saga only if the refund fails.
#[test]
fn sold_out_goods_are_paid_for_or_refunded() {
    for seed in SEEDS {
        for (row, refunds) in [(0, 100.0), (3, 100.0), (3, 60.0), (3, 0.0)] {
            let setting = with(&quiet(ROWS[row], seed), "inventory_refuse_pct", 5.0);
            let mut run = start(&format!("{setting}&refund_success_pct={refunds}"));
            play(&mut run, 3600);
            let lost = now(&run, "charged_not_reserved");
            let at_rest = classes(&run).iter().sum::<u64>() as f64;
            let share = if row == 0 { 0.05 } else { 0.05 * (1.0 - refunds / 100.0) };
            assert_share(lost, at_rest, share, &format!("row {row}, refunds {refunds} %, seed {seed}"));
            // To the last order: who was refused and not refunded.
            assert_eq!(lost, now(&run, "refusals_total") - now(&run, "refunds_total"));
            assert_eq!(now(&run, "inconsistent_final_total"), lost);
        }
    }
}

/// Checkouts that die before one of their steps, evenly chosen: each class has the share of its places in the table.
#[test]
fn crashes_fall_evenly_on_the_places_of_the_table() {
    // Of each row the places of a crash, by class.
    let crashes: [[u32; 7]; 8] = [
        [1, 2, 1, 0, 0, 0, 0],
        [1, 3, 1, 0, 0, 0, 0],
        [1, 2, 0, 1, 1, 0, 0],
        [3, 1, 0, 0, 0, 1, 1],
        [1, 1, 0, 0, 0, 1, 0],
        [1, 4, 0, 0, 0, 1, 0],
        [1, 3, 0, 0, 0, 0, 0],
        [1, 2, 1, 0, 0, 0, 0],
    ];
    for (row, places) in ROWS.into_iter().zip(crashes) {
        let mut run = start(&with(&quiet(row, 1), "crash_pct", 5.0));
        play(&mut run, 7200);
        let counts = classes(&run);
        let all = counts.iter().sum::<u64>() as f64;
        let steps = f64::from(places.iter().sum::<u32>());
        // Whoever does not die ends well.
        for (class, (count, place)) in counts.into_iter().zip(places).enumerate().skip(1) {
            let share = 0.05 * f64::from(place) / steps;
            assert_share(count as f64, all, share, &format!("{row:?}, {}", CLASSES[class]));
        }
    }
}

/// Messages that are lost: of the naive checkout's two calls either reply or the second request leaves something behind.
#[test]
fn lost_messages_fall_evenly_on_requests_and_replies() {
    for seed in SEEDS {
        let mut run = start(&with(&quiet(ROWS[0], seed), "lost_message_pct", 4.0));
        play(&mut run, 3600);
        let all = classes(&run).iter().sum::<u64>() as f64;
        // The first reply, or no loss at first and then the second request.
        let share = 0.02 + 0.96 * 0.02;
        assert_share(now(&run, "charged_not_reserved"), all, share, &format!("seed {seed}"));
        assert_share(now(&run, "clean_fail"), all, 0.02, &format!("seed {seed}"));
        let calls = 2.0 * all - now(&run, "clean_fail");
        assert_share(now(&run, "call_timeouts_total"), calls, 0.04, &format!("calls, seed {seed}"));
    }
}

/// Of ten places of the naive checkout, these four charge without stock.
#[test]
fn four_of_ten_places_charge_without_stock() {
    let code = [
        "crash_1",
        "crash_2",
        "request_2",
        "reply_2",
        "refused_2",
        "crash_3",
        "request_3",
        "reply_3",
        "refused_3",
        "crash_4",
    ];
    let splits = |place: &&str| {
        let run = played(&format!("customer_retry_pct=0&checkout_rate_per_s=0&fault_at={place}"), 60);
        now(&run, "charged_not_reserved") == 1.0
    };
    let found: Vec<&str> = code.into_iter().filter(splits).collect();
    assert_eq!(found, ["reply_2", "crash_3", "request_3", "refused_3"]);
}

/// One transaction with a key and payments outside, and what cures it.
const MERGED: &str = "layout=core_plus_three&protocol=single_tx&idempotency_key=true";
const SOLVED: &str = "layout=core_plus_three&protocol=outbox&idempotency_key=true";

#[test]
fn one_transaction_splits_and_second_clicks_heal_half() {
    // Not sold out, not dead before, and then either dead before the commit or without the reply of the charge.
    let share = 0.99 * (0.0025 * 0.996 + 0.995 * 0.002);
    let (mut orders, mut splits, mut healed) = (0.0, 0.0, 0.0);
    for seed in SEEDS {
        let run = played(&format!("seed={seed}&{MERGED}"), 3600);
        let left = now(&run, "charged_not_reserved");
        assert!(left > 0.0, "seed {seed}");
        assert_eq!(left, now(&run, "inconsistent_final_total"));
        assert_eq!(now(&run, "double_charged"), 0.0);
        orders += now(&run, "orders_total");
        splits += now(&run, "splits_total");
        healed += now(&run, "healed_total");
    }
    assert_share(splits, orders, share, "splits");
    // A second attempt that dies before its commit or loses a message of its charge heals nothing.
    assert_share(healed, splits, 0.5 * (1.0 - 0.0075 - 0.004), "healed");
    assert!((splits / 6.0 - 32.0).abs() < 4.0 * libm::sqrt(32.0 / 6.0), "{} an hour", splits / 6.0);
}

/// The final goal of this lab: neither inconsistent nor charged twice, in an hour of all faults.
#[test]
fn an_outbox_with_a_key_leaves_nothing_behind() {
    for seed in SEEDS {
        let bad = |setting: &str| {
            let run = played(&format!("seed={seed}&{setting}"), 3600);
            now(&run, "inconsistent_final_total") + now(&run, "double_charged")
        };
        assert_eq!(bad(SOLVED), 0.0, "seed {seed}");
        assert!(bad("") > 0.0 && bad(MERGED) > 0.0, "seed {seed}");
        // The key withheld, and the protocol withheld.
        assert!(bad("layout=core_plus_three&protocol=outbox") > 0.0, "seed {seed}");
        assert!(bad("layout=core_plus_three&idempotency_key=true") > 0.0, "seed {seed}");
        // Without the stock in its database, the outbox is the naive checkout.
        assert_eq!(bad("protocol=outbox&idempotency_key=true"), bad("idempotency_key=true"), "seed {seed}");
        for other in ["saga", "two_phase_commit"] {
            assert_eq!(bad(&format!("protocol={other}&idempotency_key=true")), 0.0, "{other}, seed {seed}");
        }
    }
}

/// The coordinator dies after both said yes.
#[test]
fn a_dead_coordinator_blocks_and_a_saga_does_not() {
    for seed in SEEDS {
        let blocked = |setting: &str| {
            let run = played(&format!("seed={seed}&fault_at=crash_4&idempotency_key=true&{setting}"), 600);
            (now(&run, "lock_blocked_s"), now(&run, "lock_timeouts_total"))
        };
        let (seconds, locked_out) = blocked("protocol=two_phase_commit");
        assert!(seconds >= 120.0 && locked_out > 0.0, "seed {seed}: {seconds} s, {locked_out} locked out");
        // Of the first order alone.
        assert_eq!(blocked("protocol=two_phase_commit&crash_pct=0").0, 120.0, "seed {seed}");
        assert_eq!(blocked("protocol=saga"), (0.0, 0.0), "seed {seed}");
    }
}

/// Orders come at the same moments, and are of the same goods, whatever is done with them.
#[test]
fn runs_under_other_rules_share_their_orders() {
    let placed = |setting: &str| -> Vec<f64> {
        let mut run = start(setting);
        let minutes = (1..=30).map(|minute| {
            play(&mut run, 60 * minute);
            now(&run, "orders_total")
        });
        minutes.collect()
    };
    let alone = placed("");
    for other in
        ["protocol=two_phase_commit&crash_pct=5", "customer_retry_pct=100&lost_message_pct=5", SOLVED]
    {
        assert_eq!(placed(other), alone, "{other}");
    }
}

/// A value of the parameter, often an end of its range.
fn value_of(spec: &ParamSpec, stream: &mut Stream) -> f64 {
    let unit = stream.unit();
    match spec.domain {
        Domain::Integer { min, max } => libm::floor(min as f64 + (max - min) as f64 * unit),
        Domain::Number { min, max, .. } if unit < 0.2 => {
            if unit < 0.1 {
                min
            } else {
                max
            }
        }
        Domain::Number { min, max, .. } => min + (max - min) * unit * unit,
        Domain::Switch => f64::from(u8::from(unit < 0.5)),
        Domain::Choice(choices) => libm::floor(unit * choices.len() as f64),
    }
}

/// Whatever is set and changed, every order has one class or is open, and money is what was charged and not refunded.
#[test]
fn whatever_is_set_everything_adds_up() {
    let mut ends = [0; 7];
    let mut waited = 0.0;
    for seed in 0..200 {
        let mut stream = Stream::new(seed, "anything");
        let mut replay = Replay::new(SPEC).with_seed(seed);
        for (param, spec) in SPEC.params.iter().enumerate() {
            if stream.unit() < 0.6 {
                replay.set_start(param, value_of(spec, &mut stream));
            }
        }
        for _ in 0..20 {
            let param = (stream.unit() * SPEC.params.len() as f64) as usize;
            let value = value_of(&SPEC.params[param], &mut stream);
            let at = SimTime::from_secs_f64(stream.unit() * 900.0);
            replay.add(at, Input::Change { param, value }).unwrap();
        }
        let mut run = Run::<MonolithCheckout>::new(replay);
        for step in 1..=20 {
            play(&mut run, 50 * step);
            for node in run.snapshot().nodes {
                assert!(run.request(node.id, 0).is_none_or(|life| life.arrived <= run.now()));
            }
        }
        ends.iter_mut().zip(classes(&run)).for_each(|(sum, count)| *sum += count);
        waited += now(&run, "lock_timeouts_total");
    }
    // Every class is reached, and rows are waited for in vain.
    assert!(ends.iter().all(|count| *count > 0) && waited > 0.0, "{ends:?}, {waited}");
}

/// What the scenario says of itself names what there is.
#[test]
fn presets_and_parts_name_what_there_is() {
    for preset in MonolithCheckout::SPEC.presets {
        let entries: Vec<String> = preset.values.iter().map(|(id, value)| format!("{id}={value}")).collect();
        play(&mut start(&entries.join("&")), 60);
    }
    for part in SPEC.parts {
        assert!(part.metrics.iter().all(|id| SPEC.metric(id).is_ok()), "{}", part.label);
    }
}
