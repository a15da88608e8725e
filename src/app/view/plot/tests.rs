use warstories_sim::clock::WallClock;
use warstories_sim::{Reading, Replay, SCENARIOS, scenarios, summary};

use super::*;
use crate::run::player::Player;
use crate::run::session::Session;

fn played(link: &str) -> (&'static ScenarioSpec, Screen) {
    let session = Session::open(Replay::parse(link).expect("a link"));
    let mut player = Player::new(&session);
    player.frame(&session, 0.0, || false);
    (session.replay().spec(), Screen::capture(&player, None, None))
}

#[test]
fn every_chart_of_every_scenario_can_be_drawn_before_and_after_it_ran() {
    for entry in SCENARIOS {
        for moment in [0, 60, 3600] {
            let (spec, screen) = played(&format!("{}?t={moment}", entry.spec.id));
            for chart in spec.charts {
                assert_eq!(
                    lines(chart, spec).iter().filter(|line| line.part == 0).count(),
                    chart.metrics.len(),
                    "{}: every id is a metric",
                    chart.title
                );
                let plot = Plot::of(chart, spec, &screen, None, 5);
                assert!((2..=5).contains(&plot.times.len()), "{:?}", plot.times);
                assert!((2..=7).contains(&plot.values.len()), "{:?}", plot.values);
                let inside = |(x, y): &(f64, f64)| *x <= plot.end && (y.is_nan() || *y <= plot.top);
                assert!(plot.lines.iter().flatten().all(inside));
                assert!(!sentence(chart, spec, &screen).contains("NaN"));
            }
        }
    }
}

#[test]
fn what_is_counted_is_drawn_as_a_rate() {
    let (spec, screen) = played("queueing_lab?t=600");
    let traffic = &spec.charts[0];
    let plot = Plot::of(traffic, spec, &screen, None, 5);
    let mean = plot.lines[0].iter().map(|(_, rate)| rate).sum::<f64>() / plot.lines[0].len() as f64;
    assert!((7.0..9.0).contains(&mean), "eight arrive each second, not {mean}");
}

/// A bill is a staircase where it becomes known every six hours, and it goes nowhere once nothing is shipped.
#[test]
fn money_is_drawn_as_what_it_comes_to() {
    let (spec, mut screen) = played("log_flood?t=50400");
    let metric = spec.metric("bill_usd").expect("the bill");
    screen.guesses = vec![Guess { metric, value: 1000.0, name: "Your guess", is_measured: false }];
    let bill = spec.charts.iter().find(|chart| chart.title == "Bill").expect("its chart");
    let plot = Plot::of(bill, spec, &screen, None, 5);
    assert_eq!((chart_unit(bill, spec).as_str(), plot.guesses.len()), ("USD", 1));
    let [bill_line, known] = &plot.lines[..] else { panic!("two lines") };
    assert!(bill_line.is_sorted_by(|one, other| one.1 <= other.1));
    assert!((bill_line.last().expect("a point").1 - 5000.0).abs() < 0.1);
    let mut stairs: Vec<f64> = known.iter().map(|(_, value)| value.round()).collect();
    stairs.dedup();
    assert_eq!(stairs, [0.0, 2500.0, 5000.0]);
    assert_eq!(lines(bill, spec)[1].text(spec, lines(bill, spec)[1].now(spec, &screen)), "5,000");
}

/// Each hour the log grows by a twelfth of the disk, and then the oldest hour is deleted: no tooth is blunt or left out.
#[test]
fn what_is_filled_and_emptied_keeps_its_edges() {
    let (spec, screen) = played("log_flood?rotate_mode=cron&rotate_interval_s=3600&t=50400");
    let disk = spec.charts.iter().find(|chart| chart.title == "Saturation").expect("its chart");
    let plot = Plot::of(disk, spec, &screen, None, 5);
    let line = &plot.lines[0];
    let top = |from: f64| {
        let hour = line.iter().filter(|(at, _)| (from..from + 3600.0).contains(at));
        hour.fold((f64::INFINITY, 0.0_f64), |(low, high), (_, value)| (value.min(low), value.max(high)))
    };
    for hour in 2..14 {
        let (low, high) = top(3600.0 * f64::from(hour));
        assert!(low < 8.8 && high > 16.4, "hour {hour}: from {low} to {high}");
    }
    assert_eq!(plot.spikes[0], [], "an edge is no spike");
    // A copy that lasts for a moment is one, and so is a level that comes and goes at random.
    let (spec, copied) =
        played("log_flood?rotate_mode=cron&rotate_interval_s=3600&reopen_mode=copytruncate&t=50400");
    assert!(Plot::of(disk, spec, &copied, None, 5).spikes[0].len() > 6);
    let (spec, screen) = played("queueing_lab?t=600");
    let busy = spec.charts.iter().find(|chart| chart.metrics.contains(&"utilization")).expect("its chart");
    assert!(Plot::of(busy, spec, &screen, None, 5).lines[0].len() <= 122);
}

#[test]
fn a_state_is_drawn_in_steps_and_told_by_its_name() {
    let (spec, screen) = played("log_flood?t=50400");
    let chart = spec.charts.iter().find(|chart| chart.title == "State of the database").expect("its chart");
    let plot = Plot::of(chart, spec, &screen, None, 5);
    let names: Vec<&str> = plot.values.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["up", "reads only", "recovering", "down"]);
    assert!(plot.lines[0].iter().all(|(_, value)| value.fract() == 0.0), "no mean of states");
    let is_step = |two: &[(f64, f64)]| two[0].0 == two[1].0 || two[0].1 == two[1].1;
    assert!(plot.lines[0].windows(2).all(is_step), "nothing lies between two states");
    assert!(plot.marks.is_empty(), "each state has its name");
    assert_eq!(
        sentence(chart, spec, &screen),
        "State of the database: State of the database down now, highest down."
    );
}

/// What is set goes from one value to the next at its moment, within a sample bucket of 50 seconds, and what happens is not drawn
/// before the bucket in which it begins.
#[test]
fn a_value_that_is_set_is_a_step_and_nothing_is_drawn_before_its_cause() {
    let quiet = "rule_engine?seed=1&changes_per_day=0";
    let (spec, screen) = played(&format!("{quiet}&at=60,gate_golden=true&t=300"));
    let chart = spec.charts.iter().find(|chart| chart.title == "Faults that escape").expect("its chart");
    let line = &Plot::of(chart, spec, &screen, None, 5).lines[0];
    let step: Vec<_> = line.windows(2).filter(|two| two[0].1 != two[1].1).collect();
    assert_eq!(step.len(), 1, "{line:?}");
    assert_eq!([step[0][0].1, step[0][1].1], [80.0, 7.0]);
    assert!(step[0].iter().all(|(at, _)| (at - 60.0).abs() < 0.01), "{step:?}");
    let (spec, screen) = played(&format!("{quiet}&fault_line=31&t=900"));
    let chart = spec.charts.iter().find(|chart| chart.title == "Errors").expect("its chart");
    let mispriced = &Plot::of(chart, spec, &screen, None, 5).lines[1];
    assert!(mispriced.iter().all(|(at, value)| *at > 300.0 || *value == 0.0), "{mispriced:?}");
    assert_eq!(mispriced.first().map(|point| point.0), Some(0.0));
    assert_eq!(mispriced.last().map(|point| point.0), Some(900.0));
}

#[test]
fn a_short_spike_is_drawn_and_told_however_long_the_run() {
    // For one second of a long quiet run two thousand a second arrive.
    let (spec, screen) =
        played("queueing_lab?servers=1000&at=300,arrivals_per_s=2000&at=301,arrivals_per_s=8&t=20000");
    let traffic = &spec.charts[0];
    let plot = Plot::of(traffic, spec, &screen, None, 5);
    let series = &screen.samples.0;
    let arrived =
        series.samples(spec.metric("arrived").expect("the lab's own")).iter().map(|sample| sample[0]);
    let busiest = f64::from(arrived.fold(0.0, f32::max)) / series.width().as_secs_f64();
    let highest = plot.spikes[0].iter().map(|(.., high)| *high).fold(0.0, f64::max);
    assert!(busiest > 30.0, "the spike stands out from eight a second: {busiest}");
    assert_eq!(highest, busiest);
    assert!(plot.lines[0].iter().all(|(_, value)| *value < highest));
    assert!(plot.spikes[0].len() < 4, "what happens at random is no spike: {:?}", plot.spikes[0]);
    assert!(plot.top >= highest);
    assert!(sentence(traffic, spec, &screen).contains(&format!("highest {}", format::number(busiest))));
}

#[test]
fn one_line_can_stand_alone_and_ghosts_stand_beside() {
    let (spec, mut screen) = played("queueing_lab?arrivals_per_s=12&t=600");
    let (_, quiet) = played("queueing_lab?t=600");
    screen.ghosts =
        vec![Ghost { name: String::from("Baseline"), samples: quiet.samples, whole: quiet.whole }];
    let latency = spec.charts.iter().find(|chart| chart.title == "Latency").expect("the lab's own");
    let plot = Plot::of(latency, spec, &screen, None, 5);
    assert_eq!((plot.lines.len(), plot.ghosts.len(), plot.ghosts[0].len()), (3, 1, 1));
    let alone = Plot::of(latency, spec, &screen, Some(2), 5);
    assert!(alone.lines[0].is_empty() && alone.lines[1].is_empty() && !alone.lines[2].is_empty());
    assert_eq!(readout(latency, spec, &screen, 300.0).len(), 3);
}

#[test]
fn tables_are_short_and_csv_is_whole() {
    let (spec, screen) = played("queueing_lab?t=600");
    let series = &screen.samples.0;
    for chart in spec.charts {
        let (heads, rows) = table(chart, spec, series);
        assert!(rows.len() <= 60 && rows.iter().all(|row| row.len() == heads.len()));
        assert_eq!(rows.last().map(|row| row[0].as_str()), Some("00:10:00"));
        let csv = csv(chart, spec, series, "queueing_lab?seed=1");
        assert!(csv.contains("# queueing_lab?seed=1\ntime_s,"), "{csv:.200}");
        assert_eq!(csv.lines().count(), 3 + series.len());
    }
}

#[test]
fn thresholds_show_when_the_curve_comes_near() {
    let queue = |link| {
        let (spec, screen) = played(link);
        let chart = spec.charts.iter().find(|chart| chart.title == "Queue").expect("the lab's queue");
        Plot::of(chart, spec, &screen, None, 5).marks.len()
    };
    assert_eq!(queue("queueing_lab?t=600"), 0);
    assert_eq!(queue("queueing_lab?arrivals_per_s=12&t=600"), 2);
}

#[test]
fn a_guess_is_in_sight_on_the_chart_of_its_metric_and_on_no_other() {
    let (spec, mut screen) = played("queueing_lab?t=600");
    let metric = spec.metric("waiting").expect("the lab's queue");
    for (name, value, is_measured) in [("Your guess", 4000.0, false), ("The run", 5000.0, true)] {
        screen.guesses.push(Guess { metric, value, name, is_measured });
    }
    for chart in spec.charts {
        let plot = Plot::of(chart, spec, &screen, None, 5);
        let is_its = chart.title == "Queue";
        let labels: Vec<_> = plot.guesses.iter().map(|(_, label, _)| label.as_str()).collect();
        let expected: &[&str] =
            if is_its { &["– – Your guess", "– · – The run: 5,000\u{a0}requests"] } else { &[] };
        assert_eq!(labels, expected);
        assert_eq!(plot.top >= 5000.0, is_its, "{}", chart.title);
    }
}

#[test]
fn a_guess_that_came_true_is_one_line_with_what_came_of_it() {
    let (spec, mut screen) = played("queueing_lab?t=600");
    let metric = spec.metric("waiting").expect("the lab's queue");
    let queue = spec.charts.iter().find(|chart| chart.title == "Queue").expect("the lab's queue");
    for (guess, lines) in [(5000.0, 1), (4999.0, 1), (4900.0, 2)] {
        screen.guesses = vec![
            Guess { metric, value: guess, name: "Your guess", is_measured: false },
            Guess { metric, value: 5000.0, name: "The run", is_measured: true },
        ];
        let guesses = Plot::of(queue, spec, &screen, None, 5).guesses;
        assert_eq!(guesses.len(), lines, "{guesses:?}");
        let label = if lines == 1 {
            "– · – Your guess, and the run"
        } else {
            "– · – The run: 5,000\u{a0}requests"
        };
        assert_eq!(guesses.last(), Some(&(5000.0, label.to_owned(), true)));
    }
}

#[test]
fn while_a_run_stands_still_the_curve_of_a_gauge_ends_at_what_is_said_of_it_now() {
    for entry in SCENARIOS {
        // Within a sample, and behind some, which last for minutes where a run lasts for weeks.
        let moment = (3.4 * entry.spec.sample_width().as_secs_f64()).max(63.7);
        let (spec, screen) = played(&format!("{}?t={moment}", entry.spec.id));
        for chart in spec.charts {
            let plot = Plot::of(chart, spec, &screen, None, 5);
            for (line, points) in lines(chart, spec).iter().zip(&plot.lines) {
                let (_, end) = points.last().expect("a point");
                let now = line.now(spec, &screen);
                let is_gauge = spec.metrics[line.metric].kind == MetricKind::Gauge;
                assert!(!is_gauge || *end == now || now.is_nan(), "{}: {end}, not {now}", line.label);
            }
        }
    }
    // What is done at the very moment on show has emptied the queue.
    let (spec, mut screen) = played(
        "connection_pool?seed=1&client_patience_s=30&client_retries=3&at=3660,cancel_abandoned=true&t=3660",
    );
    let queue = spec.charts.iter().find(|chart| chart.title == "Queue").expect("the pool's queue");
    let ends = |screen: &Screen| {
        let points = &Plot::of(queue, spec, screen, None, 5).lines[0];
        (points[points.len() - 2].1, points[points.len() - 1].1)
    };
    let (before, now) = ends(&screen);
    assert!(now < before / 2.0, "{before}, then {now}");
    screen.playing = true;
    let (before, now) = ends(&screen);
    assert!(now > before / 2.0, "while time passes the end does not flicker: {before}, then {now}");
}

/// A stampede lasts for less than a point of the chart: what the sentence says is as high as the chart's spike.
#[test]
fn what_is_said_to_have_been_in_between_is_what_the_chart_shows() {
    // What was set last is told for good, and an action only until something is announced after it.
    let link =
        "cache_stampede?seed=1&lock_scope=fleet&lock_ttl_s=30&at=30,crash_holder&at=31,page_value_usd=0.02";
    let session = Session::open(Replay::parse(&format!("{link}&t=120")).expect("a link"));
    let mut player = Player::new(&session);
    player.frame(&session, 0.0, || false);
    let (spec, screen) = (session.replay().spec(), Screen::capture(&player, None, None));
    let from = SimTime::from_secs(31);
    let mut told = 0;
    for chart in spec.charts {
        let plot = Plot::of(chart, spec, &screen, None, 5);
        for (index, line) in lines(chart, spec).iter().enumerate() {
            let metric = &spec.metrics[line.metric];
            // How far a level went is said to the unit, even where a chart draws a mean.
            if !line.says_most(spec) || metric.kind.is_counted() || metric.unit.counts_things() {
                continue;
            }
            let spikes = plot.spikes[index].iter().map(|(at, _, high)| (*at, *high));
            let shown =
                plot.lines[index].iter().copied().chain(spikes).filter(|(at, _)| *at >= from.as_secs_f64());
            let (least, most) = shown
                .fold((f64::NAN, f64::NAN), |(least, most), (_, value)| (value.min(least), value.max(most)));
            let said = summary::latest(player.run(), &[line.metric], &|metric, from| {
                extremes(metric, spec, &screen, from)
            });
            let said = said.expect("the value was set");
            for (words, value) in [(", up to ", most), (", down to ", least)] {
                if let Some((_, rest)) = said.split_once(words) {
                    let expected = format!("{} in between", format::quantity(value, metric.unit));
                    assert!(rest.starts_with(&expected), "{said} But the chart shows {expected}.");
                    told += 1;
                }
            }
        }
    }
    assert!(told >= 2, "{told}");
}

/// The story ends after 80 minutes, between two steps of the axis.
#[test]
fn the_time_axis_ends_with_the_story_unless_somebody_plays_on() {
    let spec = scenarios::find("connection_pool").expect("it is there");
    let end = |secs: u64| {
        let mut run = scenarios::start(Replay::new(spec));
        run.advance(SimTime::from_secs(secs), u64::MAX);
        axis_end(run.series(), spec)
    };
    assert_eq!([end(1100), end(1300), end(3700), end(4800)], [1200.0, 1800.0, 4800.0, 4800.0]);
    assert_eq!(end(4900), 7200.0);
}

#[test]
fn the_time_axis_speaks_the_clock_of_the_story() {
    let labels = |end, most| {
        let all = times(end, most, WallClock::starting_at(3, 17));
        all.into_iter().map(|(_, label)| label).collect::<Vec<_>>()
    };
    assert_eq!(labels(60.0, 5), ["03:17:00", "03:17:15", "03:17:30", "03:17:45", "03:18:00"]);
    assert_eq!(labels(600.0, 3), ["03:17", "03:22", "03:27"]);
    // A narrow chart of a story that lasts 70 minutes.
    assert_eq!(labels(4200.0, 2), ["03:17", "04:17"]);
    // Two days and nights.
    assert_eq!(labels(2.0 * 86_400.0, 7), ["03:17", "11:17", "19:17", "day 2", "11:17", "19:17", "day 3"]);
}

#[test]
fn the_time_axis_names_the_days_of_a_story_of_office_hours() {
    let labels = |hours: f64, most| {
        let all = times(hours * 3600.0, most, WallClock::starting_at(9, 0).of_working_days(8));
        all.into_iter().map(|(_, label)| label).collect::<Vec<_>>()
    };
    assert_eq!(labels(4.0, 5), ["09:00", "10:00", "11:00", "12:00", "13:00"]);
    assert_eq!(labels(8.0, 5), ["09:00", "11:00", "13:00", "15:00", "day 2"]);
    assert_eq!(labels(16.0, 5), ["09:00", "13:00", "day 2", "13:00", "day 3"]);
    assert_eq!(labels(24.0, 5), ["day 1", "day 2", "day 3", "day 4"]);
    assert_eq!(labels(160.0, 5), ["day 1", "day 7", "day 13", "day 19"]);
}

/// A disk is as full as it is, and a server that is busy now and then is so for a part of the time.
#[test]
fn a_level_is_told_as_it_is_and_what_comes_and_goes_over_the_last_moments() {
    let now = |link: &str, metric: &str| {
        let (spec, screen) = played(link);
        let metric = spec.metric(metric).expect("a metric");
        let line = Line { metric, part: 0, label: String::new(), class: "" };
        let Reading::Gauge { last, .. } = screen.recent[metric] else { panic!("no gauge") };
        (line.now(spec, &screen), last)
    };
    for link in ["log_flood?t=41070", "log_flood?at=41060,truncate_log&t=41070"] {
        for metric in ["disk_used_pct", "du_pct"] {
            let (told, last) = now(link, metric);
            assert_eq!(told, last, "{metric} in {link}");
        }
    }
    let (told, last) = now("queueing_lab?servers=1&arrivals_per_s=5&t=60.7", "utilization");
    assert!(last == 0.0 || last == 1.0, "{last}");
    assert!(told > 0.1 && told < 0.9, "{told}");
}
