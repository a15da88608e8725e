//! Whole runs: the story, its losses, who finds out when, and what each cure does.

use warstories_sim::format::quantity;
use warstories_sim::metric::Statistic;
use warstories_sim::scenarios::rule_engine::SPEC;
use warstories_sim::summary::latest;
use warstories_sim::{Playable, Unit};

use crate::{count, last, play, played, says, start, told};

/// Nobody pushes routine changes.
const QUIET: &str = "changes_per_day=0";

fn quiet(
    entries: &str,
    minutes: f64,
) -> warstories_sim::Run<warstories_sim::scenarios::rule_engine::RuleEngine> {
    played(&format!("{QUIET}&{entries}"), minutes)
}

fn money(run: &impl warstories_sim::Playable, id: &str) -> f64 {
    Statistic::Last.of(run.read(SPEC.metric(id).unwrap()))
}

/// `seen` dollars of a Poisson stream of so many orders, each off by a number with these two raw moments.
fn is_within_four_sigma(seen: f64, orders: f64, mean: f64, square: f64) {
    let error = libm::sqrt(orders * square);
    let off = (seen - orders * mean) / error;
    assert!(off.abs() < 4.0, "{seen} is off {} by {off} standard errors", orders * mean);
}

/// Mean and mean square of the difference that a fault makes, in dollars, over all sorts of orders.
fn moments(edits: &str) -> (f64, f64) {
    use warstories_sim::scenarios::rule_engine::orders::{WEIGHT, cells};
    use warstories_sim::scenarios::rule_engine::{rules::Switched, yaml::Version};
    let [new, old] = [edits, ""].map(|edits| crate::prices::rules(edits, Version::V1_2));
    let sum = cells().fold((0.0, 0.0), |(mean, square), (order, weight)| {
        let [new, old] = [&new, &old].map(|rules| rules.price(&order, Switched::NONE).price());
        let (size, weight) = ((new - old).abs() as f64 / 100.0, f64::from(weight) / WEIGHT as f64);
        (mean + size * weight, square + size * size * weight)
    });
    assert!(sum.0 > 0.0, "{edits} changes nothing");
    sum
}

/// Σ = rate × E|Δ| × (detect + restore): line 31 is live from 5 min 30 s on, heard of after 45 min, and gone 30 s later.
#[test]
fn what_a_silent_fault_costs_is_rate_times_size_times_time() {
    for (edits, entries) in [
        ("31<2", "fault_line=31&fault_kind=dedent"),
        ("22-", "fault_line=22&fault_kind=delete"),
        ("26=      discount_pct: 200", "fault_line=26&fault_kind=zero"),
    ] {
        let (mean, square) = moments(edits);
        for seed in 1..=4 {
            let run = quiet(&format!("seed={seed}&{entries}"), 120.0);
            let lost = money(&run, "mispriced_usd");
            assert_eq!((money(&run, "undercharged_usd"), count(&run, "orders_rejected")), (lost, 0));
            is_within_four_sigma(lost, 60.0 * 45.5, mean, square);
            assert_eq!(says(&run, "detect_min", Statistic::Max), 45.0);
            assert_eq!(says(&run, "restore_min", Statistic::Max), 45.5);
            let after = money(&run, "mispriced_usd");
            assert_eq!(after, money(&quiet(&format!("seed={seed}&{entries}"), 51.0), "mispriced_usd"));
        }
    }
    let told = told(&quiet("fault_line=31", 120.0));
    assert_eq!(told[0], "File accepted: 80\u{a0}% of orders change their price");
    assert!(told.contains(&String::from("Support: the first complaint about a price")), "{told:?}");
}

/// The refused file, found in ten minutes, costs less than half of the accepted one.
#[test]
fn the_loud_fault_costs_less_than_the_silent_one() {
    for seed in 1..=4 {
        let loud = quiet(&format!("seed={seed}&fault_line=32"), 120.0);
        assert_eq!(count(&loud, "orders_rejected"), count(&loud, "config_unparseable"));
        assert_eq!((count(&loud, "mispriced_orders"), says(&loud, "detect_min", Statistic::Max)), (0, 10.0));
        let (orders, price) = (60.0 * 10.5, 70.696_439);
        is_within_four_sigma(
            money(&loud, "lost_sales_usd"),
            orders,
            price,
            136.314 * 136.314 + price * price,
        );
        let silent = quiet(&format!("seed={seed}&fault_line=31"), 120.0);
        assert!(money(&loud, "lost_sales_usd") < money(&silent, "mispriced_usd"));
        // It costs nothing at all where the engine keeps what it had, and nobody is told.
        let kept = quiet(&format!("seed={seed}&fault_line=32&on_bad_config=keep_last_good"), 120.0);
        let [rejected, wrong, passed] =
            ["orders_rejected", "mispriced_orders", "files_refused"].map(|id| count(&kept, id));
        assert_eq!((rejected, wrong, passed), (0, 0, 1));
    }
    let told = told(&quiet("fault_line=32", 120.0));
    assert!(told[0].starts_with("The engine stops: line 32, column"), "{told:?}");
}

/// The library update, and the file with a quoted country.
#[test]
fn norways_members_pay_full_price_until_the_country_is_quoted() {
    let quoted = "at=1200,file=10=      country: [SG, MY, 'NO']&at=1201,push_file";
    let run = quiet(&format!("at=600,yaml_version=1.1&{quoted}"), 60.0);
    assert_eq!((count(&run, "mispriced_under"), count(&run, "orders_rejected")), (0, 0));
    let wrong = count(&run, "mispriced_over");
    // One order in eight, from 600 s until 1,231 s: 631 orders.
    let expected = 631.0 / 8.0;
    assert!((wrong as f64 - expected).abs() < 4.0 * libm::sqrt(expected), "{wrong} of {expected}");
    assert!((says(&run, "restore_min", Statistic::Max) - 631.0 / 60.0).abs() < 1e-9);
    assert!(told(&run).contains(&String::from("File accepted: 12.5\u{a0}% of orders change their price")));
    // Going back does not help: every earlier file reads the same.
    let stuck = quiet("at=600,yaml_version=1.1&complaint_min=1", 60.0);
    assert!(told(&stuck).contains(&String::from("There is no earlier file to go back to")));
    assert!(count(&stuck, "mispriced_over") > wrong);
}

#[test]
fn each_gate_stops_what_it_should_and_old_prices_stay() {
    let refused = |gate: &str, fault: &str, words: &str| {
        let run = quiet(&format!("{gate}&{fault}"), 60.0);
        let [refused, live, wrong, rejected] =
            ["changes_refused", "changes_live", "mispriced_orders", "orders_rejected"]
                .map(|id| count(&run, id));
        assert_eq!((refused, live, wrong, rejected), (1, 0, 0, 0), "{gate} {fault}");
        assert!(told(&run)[0].contains(words), "{:?}", told(&run));
    };
    refused(
        "gate_parser=true",
        "fault_line=32",
        "The changed file is refused since it cannot be parsed, line 32, column",
    );
    refused(
        "gate_schema=true",
        "fault_line=31",
        "refused by the schema, line 30, column 9: when is empty; its lines are perhaps indented too little",
    );
    refused(
        "gate_typed=true",
        "fault_line=10&fault_kind=delete",
        "would not compile, line 9, column 7: the field \"country\" is missing",
    );
    refused("gate_golden=true", "fault_line=31", "golden order");
    let twelve = "gate_schema=true&gate_typed=true&gate_golden=true";
    refused(
        &format!("{twelve}&golden_set=16"),
        "fault_line=26&fault_kind=zero",
        "golden order 16 (1 × $25.00, guest, SG, regular, 2024-02-10) costs",
    );
    let run = quiet(&format!("{twelve}&fault_line=26&fault_kind=zero"), 60.0);
    assert_eq!((count(&run, "changes_live"), last(&run, "faults_escaping") as u64), (1, 1));
    assert!(count(&run, "mispriced_under") > 0);
}

/// The learner's file is an input like any other: it comes into force at its moment and is taken back.
#[test]
fn the_file_is_part_of_the_run() {
    let mut run = start(&format!("{QUIET}&at=60,file=31<2%0A10-&at=100,push_file&at=600,revert"));
    play(&mut run, 1.5);
    assert!(
        run.model().draft().contains("    tag: [clearance]")
            && !run.model().live_text().contains("\n    tag:")
    );
    assert!(!run.model().draft().contains("[SG, MY, NO]"));
    play(&mut run, 2.0);
    assert_eq!((count(&run, "mispriced_orders"), last(&run, "changes_under_way") as u64), (0, 1));
    play(&mut run, 3.0);
    assert_eq!(run.model().live_text(), run.model().draft());
    play(&mut run, 60.0);
    let harm = count(&run, "mispriced_orders");
    assert!(harm > 300 && !run.model().live_text().contains("\n    tag:"));
    let minutes = |id| says(&run, id, Statistic::Max);
    assert!((minutes("detect_min") - 470.0 / 60.0).abs() < 1e-9);
    assert!((minutes("restore_min") - 500.0 / 60.0).abs() < 1e-9);
    let wrong = quiet("at=60,file=nothing&at=61,file=32<2", 2.0);
    let told = told(&wrong);
    assert!(told[0].starts_with("The file stays as it is: \"nothing\" is no edit; write 31<2"), "{told:?}");
    assert!(told[1].starts_with("Your file cannot be parsed, line 32, column"), "{told:?}");
}

/// Whoever presses twice pushes once, freezes once and reverts once.
#[test]
fn impatience_changes_nothing() {
    let pressed = |times: usize| {
        let press = |at: u32, action: &str| format!("at={at},{action}&").repeat(times);
        let all =
            [press(60, "push_file"), press(600, "add_golden"), press(900, "revert"), press(901, "revert")];
        quiet(&format!("at=50,file=31<2&{}at=3000,trace", all.concat()), 60.0)
    };
    let (once, twice) = (pressed(1), pressed(2));
    for (metric, spec) in SPEC.metrics.iter().enumerate() {
        assert_eq!(format!("{:?}", once.read(metric)), format!("{:?}", twice.read(metric)), "{}", spec.id);
    }
    assert_eq!((count(&twice, "changes_pushed"), count(&twice, "changes_live")), (1, 1));
    assert!(told(&twice).contains(&String::from("Your file is on its way already")));
    assert!(told(&quiet("at=60,push_file", 2.0)).contains(&String::from("Your file is live already")));
}

/// Six orders say nothing; a shadow sees all, and customers pay the old price.
#[test]
fn a_canary_of_one_percent_lets_line_31_through_and_a_shadow_does_not() {
    for seed in 1..=12 {
        let small = quiet(&format!("seed={seed}&fault_line=31&canary_pct=1"), 20.0);
        assert_eq!((count(&small, "canary_aborted"), count(&small, "changes_live")), (0, 1), "{seed}");
        let shadow = quiet(&format!("seed={seed}&fault_line=31&canary_pct=10&canary_compare=shadow"), 40.0);
        let [aborted, live, wrong] =
            ["canary_aborted", "changes_live", "mispriced_orders"].map(|id| count(&shadow, id));
        assert_eq!((aborted, live, wrong), (1, 0, 0), "{seed}");
    }
}

/// A fifth of all orders for ten minutes stops line 31 six times in ten, which is a fault of 52 % of all sales; and it takes back
/// one good change in 250. The expectations are from 1,000 pairs of samples drawn elsewhere.
#[test]
fn a_large_canary_stops_line_31_more_often_than_not_and_a_good_change_hardly_ever() {
    let (mut stopped, mut tried, mut aborted) = (0, 0, 0);
    for seed in 1..=40 {
        let run = quiet(&format!("seed={seed}&fault_line=31&canary_pct=20"), 16.0);
        stopped += count(&run, "canary_aborted");
        assert_eq!(count(&run, "canary_aborted") + count(&run, "changes_live"), 1);
    }
    assert!((f64::from(stopped as u32) - 24.0).abs() < 4.0 * libm::sqrt(40.0 * 0.6 * 0.4), "{stopped} of 40");
    for seed in 1..=10 {
        let run = played(&format!("seed={seed}&fault_share=0&canary_pct=20"), 480.0);
        aborted += count(&run, "canary_aborted");
        tried += count(&run, "canary_aborted") + count(&run, "changes_live");
        assert_eq!(count(&run, "mispriced_orders"), 0);
    }
    let expected = tried as f64 * 0.004;
    assert!(tried > 200 && (aborted as f64) < expected + 4.0 * libm::sqrt(expected), "{aborted} of {tried}");
}

/// One change is tried at a time: four changes of one hour wait for each other, first come, first served.
#[test]
fn changes_wait_in_line_for_the_canary() {
    let pushes = "at=60,file=1=# one&at=61,push_file&at=62,file=1=# two&at=63,push_file&at=64,file=1=# three&at=65,push_file";
    let mut run = start(&format!("{QUIET}&canary_pct=10&canary_min=10&{pushes}"));
    play(&mut run, 5.0);
    assert_eq!(last(&run, "changes_under_way") as u64, 3);
    let held =
        |run: &dyn Playable, node: &str| (0..9).take_while(|at| run.request(node, *at).is_some()).count();
    assert_eq!((held(&run, "canary"), held(&run, "rollout")), (1, 2));
    assert_eq!(run.request("rollout", 0).unwrap().spans[1].name, "waited for the canary");
    play(&mut run, 60.0);
    // Pushed at 61, 63 and 65 s, rolled out 30 s later, and tried for ten minutes each.
    let took = |id, statistic| says(&run, id, statistic);
    assert_eq!((count(&run, "changes_live"), count(&run, "canary_aborted")), (3, 0));
    let took = [took("lead_time_s", Statistic::Max), took("lead_time_s", Statistic::Mean) * 3.0];
    assert_eq!(took.map(f64::round), [1826.0, 630.0 + 1228.0 + 1826.0]);
    assert!(run.model().live_text().starts_with("# three\n"));
}

/// While a canary of the share f goes on, the harm is f times that of all orders.
#[test]
fn exposure_is_the_share_of_the_canary() {
    let (mean, square) = moments("31<2");
    let (mut lost, mut runs) = (0.0, 0.0);
    for seed in 1..=10 {
        let mut run = start(&format!("{QUIET}&seed={seed}&fault_line=31&canary_pct=20&canary_min=60"));
        play(&mut run, 65.4);
        assert_eq!(last(&run, "changes_under_way") as u64, 1);
        lost += money(&run, "mispriced_usd");
        runs += 1.0;
    }
    // From 5.5 to 65.4 minutes.
    is_within_four_sigma(lost, runs * 60.0 * 59.9 * 0.2, mean, square);
}

#[test]
fn an_alarm_hears_line_31_before_any_customer_does() {
    let run = quiet("fault_line=31&revenue_alarm_pct=30", 120.0);
    let detected = says(&run, "detect_min", Statistic::Max);
    assert!((9.0..11.0).contains(&detected), "{detected}");
    // The mean of 600 orders has a standard error of 8 %: at 10 % it rings for nothing.
    let nervous = quiet("revenue_alarm_pct=10", 480.0);
    assert!(count(&nervous, "false_alarms") > 3, "{}", count(&nervous, "false_alarms"));
    assert_eq!(count(&quiet("revenue_alarm_pct=40", 480.0), "false_alarms"), 0);
}

/// As the story begins, and as it was told to end.
#[test]
fn the_start_fails_all_goals_and_the_fix_meets_them() {
    let fix = "gate_parser=true&gate_schema=true&gate_golden=true&golden_set=16&gate_typed=true&logic_home=code\
               &on_bad_config=keep_last_good&revenue_alarm_pct=10";
    for seed in 1..=8 {
        let start = played(&format!("seed={seed}"), 480.0);
        let wrong = money(&start, "mispriced_usd");
        let rejected = count(&start, "orders_rejected");
        assert!(wrong > 200.0 && rejected > 0, "{seed}: {wrong} {rejected}");
        assert_eq!(last(&start, "faults_escaping") as u64, 80);
        let fixed = played(&format!("seed={seed}&{fix}"), 480.0);
        let [wrong, rejected] = ["mispriced_orders", "orders_rejected"].map(|id| count(&fixed, id));
        assert_eq!((wrong, rejected, last(&fixed, "faults_escaping") as u64), (0, 0, 0), "{seed}");
        assert!((says(&fixed, "lead_time_s", Statistic::P50) / 720.0 - 1.0).abs() < 0.004);
        // Sixteen golden orders do the same for the file, and a change stays as quick as it was.
        let file = played(&format!("seed={seed}&gate_golden=true&golden_set=16"), 480.0);
        let [wrong, rejected] = ["mispriced_orders", "orders_rejected"].map(|id| count(&file, id));
        assert_eq!((wrong, rejected, last(&file, "faults_escaping") as u64), (0, 0, 0), "{seed}");
        assert!((says(&file, "lead_time_s", Statistic::P50) / 30.0 - 1.0).abs() < 0.004);
    }
    let fix_without = fix.replace("gate_golden=true", "canary_pct=5");
    assert!(last(&start(&fix_without), "faults_escaping") > 0.0);
    assert_eq!(last(&start(&fix.replace("golden_set=16", "golden_set=12")), "faults_escaping") as u64, 1);
    // Who freezes all changes has no lead time to show.
    assert!(says(&quiet("", 480.0), "lead_time_s", Statistic::P50).is_nan());
}

/// A wrong price that is written down keeps the right file out.
#[test]
fn a_golden_order_can_be_frozen_wrong() {
    let wrong = "at=60,file=31<2&at=61,push_file&at=600,add_golden&at=601,gate_golden=true&at=602,file=reset&at=603,push_file";
    let run = quiet(wrong, 12.0);
    assert_eq!((count(&run, "changes_refused"), last(&run, "golden_orders") as u64), (1, 13));
    assert!(last(&run, "faults_escaping") < 80.0);
}

#[test]
fn a_switch_takes_five_seconds_and_doubles_the_states() {
    let mut run = start(&format!("{QUIET}&flags=4&at=600,switch=off clearance&at=1200,switch=on clearance"));
    play(&mut run, 10.08);
    assert_eq!((count(&run, "mispriced_orders"), last(&run, "flag_combinations") as u64), (0, 16));
    play(&mut run, 20.0);
    assert_eq!(last(&run, "flag_combinations") as u64, 32);
    let over = count(&run, "mispriced_over");
    assert!(over > 50 && count(&run, "mispriced_under") == 0, "{over}");
    play(&mut run, 20.09);
    let over = count(&run, "mispriced_over");
    play(&mut run, 60.0);
    assert_eq!((count(&run, "mispriced_over"), last(&run, "flag_combinations") as u64), (over, 16));
    let states = |flags| last(&start(&format!("flags={flags}&flag_test_s=2")), "flag_combinations") as u64;
    assert_eq!([0, 5, 10, 12].map(states), [1, 32, 1024, 4096]);
}

#[test]
fn an_order_is_explained_by_its_trace_or_by_reading() {
    let answer = |entries: &str| told(&quiet(&format!("{entries}&at=600,trace"), 11.0)).pop().unwrap();
    assert_eq!(answer("trace_on=false"), "The engine keeps no trace: somebody has to read the file");
    let traced = answer("trace_on=true");
    assert!(traced.contains(" × $") && traced.contains(" = $"), "{traced}");
    let explain = |entries: &str| last(&start(entries), "explain_s");
    assert_eq!([explain(""), explain("file_lines=50")], [5000.0, 50.0]);
    // Four rules of the reference match the ninth golden order, and one campaign.
    assert_eq!([explain("trace_on=true"), explain("trace_on=true&file_lines=50")], [50.0, 40.0]);
}

/// What is counted since something was done is counted to the event, and money a minute is told as it stood and stands,
/// whatever the sample buckets of the run are.
#[test]
fn what_is_counted_since_then_is_counted_to_the_moment() {
    let entries = format!("{QUIET}&fault_line=31&at=920.5,revenue_alarm_pct=20");
    let [before, run] = [920.4, 3000.0].map(|seconds| played(&entries, seconds / 60.0));
    let metrics = ["mispriced_orders", "loss_usd_per_min"].map(|id| SPEC.metric(id).unwrap());
    let said = latest(&run, &metrics, &|_, _| (f64::NAN, f64::NAN)).unwrap().replace('\u{a0}', " ");
    let mispriced = count(&run, "mispriced_orders") - count(&before, "mispriced_orders");
    let money = |run| quantity(last(run, "loss_usd_per_min"), Unit::Dollars).replace('\u{a0}', " ");
    assert!(mispriced > 40, "{mispriced}");
    assert!(said.contains(&format!("Mispriced: {mispriced} orders since then.")), "{said}");
    assert!(said.contains(&format!("Loss a minute: {} → {}", money(&before), money(&run))), "{said}");
}
