//! How runs ended up, side by side.

use warstories_sim::series::Series;
use warstories_sim::{MetricSpec, Reading, ScenarioSpec, SimTime};

use warstories_sim::format;

/// One figure of all runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The metric.
    pub metric: &'static MetricSpec,
    /// Which figure of it.
    pub stat: &'static str,
    /// The figure for each run, NaN where there is none.
    pub values: Vec<f64>,
}

impl Row {
    /// The figure of the run at `index` as people read it.
    pub fn text(&self, index: usize) -> String {
        let value = self.values.get(index).copied().unwrap_or(f64::NAN);
        self.figure(value)
    }

    /// Whether the runs say different things.
    pub fn differs(&self) -> bool {
        self.values.windows(2).any(|pair| pair[0] != pair[1] && !(pair[0].is_nan() && pair[1].is_nan()))
    }

    /// How far the run at `index` is from the one at `from`, in words; empty where that says nothing.
    pub fn difference(&self, index: usize, from: usize) -> String {
        let (Some(value), Some(from)) = (self.values.get(index), self.values.get(from)) else {
            return String::new();
        };
        let difference = value - from;
        if !difference.is_finite() {
            return String::new();
        }
        if difference == 0.0 {
            return String::from("same");
        }
        let size = difference.abs();
        // Less than the digits that are shown.
        if size < 0.0005 {
            return String::from("about the same");
        }
        let sign = if difference < 0.0 { '−' } else { '+' };
        format!("{sign}{}", self.figure(size))
    }

    /// Times say their unit with each number, since it changes as they grow; the others have it at the head of the row.
    fn figure(&self, value: f64) -> String {
        if self.metric.unit.is_time() {
            format::quantity(value, self.metric.unit)
        } else {
            format::number(value)
        }
    }
}

/// What is counted from the moment on at which the runs part.
pub const SINCE: &str = "since they parted";

/// All figures of `runs`, what each of whose metrics says is given. `shared` says what was counted of each metric while
/// they were one run; empty where they never were.
pub fn rows(spec: &'static ScenarioSpec, runs: &[&[Reading]], shared: &[f64]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (index, metric) in spec.metrics.iter().enumerate() {
        let Some(first) = runs.first().and_then(|run| run.get(index)) else { continue };
        let stats: &[&'static str] = match first {
            Reading::Count(_) | Reading::Money(_) => &["total"],
            Reading::Gauge { .. } => &["mean", "highest"],
            Reading::Histogram { .. } => &["p50", "p99"],
        };
        rows.extend(stats.iter().map(|stat| {
            let values =
                runs.iter().map(|run| run.get(index).map_or(f64::NAN, |reading| figure(*reading, stat)));
            Row { metric, stat, values: values.collect() }
        }));
        if let (&["total"], Some(shared), Some(total)) = (stats, shared.get(index), rows.last())
            && total.differs()
        {
            let values = total.values.iter().map(|value| value - shared).collect();
            rows.push(Row { metric, stat: SINCE, values });
        }
    }
    rows
}

/// What was counted of each metric up to the last sample before `parting`, and when that was; nothing at the beginning.
/// A sample that ends at `parting` has seen what parts them.
pub fn shared(spec: &ScenarioSpec, series: &Series, parting: SimTime) -> (SimTime, Vec<f64>) {
    let width = series.width().nanos();
    let buckets = ((parting.previous().nanos() / width) as usize).min(series.len());
    let counted = |metric| series.samples(metric)[..buckets].iter().map(|sample| f64::from(sample[0])).sum();
    let counts = if buckets > 0 { (0..spec.metrics.len()).map(counted).collect() } else { Vec::new() };
    (SimTime::from_nanos(width * buckets as u64), counts)
}

fn figure(reading: Reading, stat: &str) -> f64 {
    match reading {
        Reading::Count(count) => count as f64,
        Reading::Money(dollars) => dollars,
        Reading::Gauge { mean, max, .. } => {
            if stat == "mean" {
                mean
            } else {
                max
            }
        }
        Reading::Histogram { count: 0, .. } => f64::NAN,
        Reading::Histogram { p50, p99, .. } => {
            if stat == "p50" {
                p50
            } else {
                p99
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use warstories_sim::{Replay, scenarios};

    use super::*;

    fn readings(link: &str) -> (&'static ScenarioSpec, Vec<Reading>) {
        let mut run = scenarios::start(Replay::parse(link).expect("a link to the lab").replay);
        run.advance(SimTime::from_secs(100), u64::MAX);
        (run.spec(), (0..run.spec().metrics.len()).map(|index| run.read(index)).collect())
    }

    #[test]
    fn rows_tell_what_another_server_changed() {
        let (spec, one) = readings("queueing_lab?arrivals_per_s=12");
        let (_, two) = readings("queueing_lab?arrivals_per_s=12&servers=2");
        let rows = rows(spec, &[&one, &two], &[]);
        let row = |id: &str, stat: &str| {
            rows.iter().find(|row| (row.metric.id, row.stat) == (id, stat)).expect("a row")
        };
        assert_eq!(row("arrived", "total").difference(1, 0), "same");
        assert!(row("waiting", "highest").difference(1, 0).starts_with('−'));
        assert!(row("sojourn_ms", "p99").values[0] > row("sojourn_ms", "p99").values[1]);
        assert_eq!(row("done", "total").difference(0, 0), "same");
        assert_eq!((row("arrived", "total").differs(), row("waiting", "highest").differs()), (false, true));
    }

    /// A moment in the middle of a sample: what is told begins at the sample's own beginning.
    #[test]
    fn what_is_counted_since_the_runs_parted_leaves_out_what_they_share() {
        let parting = SimTime::from_millis_f64(40_500.0);
        let play = |link: &str, until: SimTime| {
            let mut run = scenarios::start(Replay::parse(link).expect("a link to the lab").replay);
            run.advance(until, u64::MAX);
            run
        };
        let (one, two) =
            ("queueing_lab?arrivals_per_s=12", "queueing_lab?arrivals_per_s=12&at=40.5,servers=2");
        let now = SimTime::from_secs(100);
        let [one, two] = [one, two].map(|link| play(link, now));
        assert_eq!(one.replay().parts_from(two.replay()), Some(parting));
        let spec = one.spec();
        let (since, shared) = shared(spec, one.series(), parting);
        assert!(since <= parting && parting < since + one.series().width(), "{since}");
        let before = play("queueing_lab?arrivals_per_s=12", since);
        let read = |run: &dyn warstories_sim::Playable| -> Vec<_> {
            (0..spec.metrics.len()).map(|index| run.read(index)).collect()
        };
        let rows = rows(spec, &[&read(one.as_ref()), &read(two.as_ref())], &shared);
        let done = spec.metric("done").expect("a metric");
        let Reading::Count(earlier) = before.read(done) else { panic!("a count") };
        let row =
            |stat: &str| rows.iter().find(|row| (row.metric.id, row.stat) == ("done", stat)).expect("a row");
        for run in 0..2 {
            assert_eq!(row(SINCE).values[run], row("total").values[run] - earlier as f64);
        }
        assert_eq!(row(SINCE).difference(1, 0), row("total").difference(1, 0));
        assert!(earlier > 0 && rows.iter().all(|row| (row.metric.id, row.stat) != ("arrived", SINCE)));
    }

    /// A restart loses money at the very moment at which a sample ends.
    #[test]
    fn what_parts_the_runs_is_not_shared() {
        let link = "connection_pool?at=3660,restart_now";
        let mut run = scenarios::start(Replay::parse(link).expect("a link").replay);
        run.advance(SimTime::from_secs(3700), u64::MAX);
        let (since, shared) = shared(run.spec(), run.series(), SimTime::from_secs(3660));
        assert_eq!(since + run.series().width(), SimTime::from_secs(3660));
        let loss = run.spec().metric("confirmed_loss_usd").expect("a metric");
        let Reading::Money(total) = run.read(loss) else { panic!("money") };
        assert!(total > 1e6 && shared[loss] == 0.0, "{total}, {}", shared[loss]);
    }

    #[test]
    fn a_run_without_observations_has_no_figure() {
        let (spec, none) = readings("queueing_lab?arrivals_per_s=0");
        let rows = rows(spec, &[&none, &none], &[]);
        let wait = rows.iter().find(|row| row.metric.id == "wait_ms").expect("a row");
        assert_eq!((wait.text(0), wait.difference(1, 0)), (format::NONE.to_owned(), String::new()));
        assert!(rows.iter().all(|row| !row.differs()));
    }
}
