use warstories_sim::clock::WallClock;
use warstories_sim::{Replay, SCENARIOS};

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
    for (name, is_measured) in [("Your guess", false), ("The run", true)] {
        screen.guesses.push(Guess { metric, value: 5000.0, name, is_measured });
    }
    for chart in spec.charts {
        let plot = Plot::of(chart, spec, &screen, None, 5);
        let is_its = chart.title == "Queue";
        let labels: Vec<_> = plot.guesses.iter().map(|(_, label)| label.as_str()).collect();
        let expected: &[&str] = if is_its { &["Your guess", "The run: 5,000\u{a0}requests"] } else { &[] };
        assert_eq!(labels, expected);
        assert_eq!(plot.top >= 5000.0, is_its, "{}", chart.title);
    }
}

#[test]
fn the_time_axis_speaks_the_clock_of_the_story() {
    let labels = |end, most| {
        let all = times(end, most, WallClock::starting_at(3, 17));
        all.into_iter().map(|(_, label)| label).collect::<Vec<_>>()
    };
    assert_eq!(labels(60.0, 5), ["03:17:00", "03:17:15", "03:17:30", "03:17:45", "03:18:00"]);
    assert_eq!(labels(600.0, 3), ["03:17", "03:22", "03:27"]);
}
