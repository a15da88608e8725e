//! The points that runs give to a plane: exact means over windows in which nobody changed anything.
//!
//! Like everything that is judged, a point is a function of the run alone. A run can only remember moments that it is
//! asked for in advance, so windows begin and end at whole multiples of [`tick`].

use serde::{Deserialize, Serialize};
use warstories_sim::{Playable, Replay, ScenarioSpec, SimTime};

use crate::lesson::Collect;
use crate::measure::{Measure, Span, Verdict};

/// Moments of a run, about, at which a window may begin.
const TICKS: u64 = 128;

/// What a run has measured over one window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The run up to the end of the window, as a link that shows it there.
    pub run: String,
    /// When the window ends.
    pub end: SimTime,
    /// The mean along the horizontal axis.
    pub x: f64,
    /// The mean along the vertical axis.
    pub y: f64,
}

/// What comes of a run as it stands if nobody changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// A point over this window, from when to when.
    Window(SimTime, SimTime),
    /// Nothing: the window since the latest change is over.
    Changed,
    /// Nothing: the run is over before a window would be.
    Over,
}

/// The time between two moments at which windows may begin and end.
pub fn tick(spec: &ScenarioSpec) -> SimTime {
    let width = spec.sample_width().nanos();
    SimTime::from_nanos(width * spec.length.nanos().div_ceil(width * TICKS).max(1))
}

/// What a run must remember so that windows can be measured in it.
pub(crate) fn moments(spec: &ScenarioSpec) -> impl Iterator<Item = SimTime> {
    let tick = tick(spec).nanos();
    (0..=spec.length.nanos() / tick).map(move |nth| SimTime::from_nanos(nth * tick))
}

impl Collect {
    /// The window that belongs to a change at `since`.
    fn window(&self, since: SimTime, spec: &ScenarioSpec) -> (SimTime, SimTime) {
        let tick = tick(spec).nanos();
        // What is done at a moment comes into force just behind it.
        let settled = (since + self.settle).previous().nanos().div_ceil(tick) * tick;
        let begin = SimTime::from_nanos(settled);
        (begin, begin + self.over)
    }

    /// When something was changed in `run`, from `from` on, which counts as the first change.
    fn changes(run: &dyn Playable, from: SimTime) -> Vec<SimTime> {
        let by = run.now().next();
        let inputs = run.replay().inputs().iter().map(|(at, _)| *at);
        let mut changes: Vec<SimTime> =
            std::iter::once(from).chain(inputs.filter(|at| *at > from && *at <= by)).collect();
        changes.dedup();
        changes
    }

    /// The points that `run` has given by now, where the step begins at `from`.
    pub fn measured(&self, run: &dyn Playable, from: SimTime) -> Vec<Point> {
        let changes = Self::changes(run, from);
        let windows = changes.iter().enumerate().map(|(nth, since)| {
            let (begin, end) = self.window(*since, run.spec());
            (begin, end, changes.get(nth + 1).copied().unwrap_or(SimTime::MAX))
        });
        let undisturbed = windows.filter(|(_, end, next)| *end <= run.now() && end < next);
        undisturbed
            .filter_map(|(begin, end, _)| {
                let mean = |measure: &Measure| {
                    let measure = Measure { span: Span::Window(begin, end), ..*measure };
                    match measure.evaluate(run) {
                        Verdict::Value(value) if value.is_finite() => Some(value),
                        _ => None,
                    }
                };
                let (x, y) = (mean(&self.x)?, mean(&self.y)?);
                let mut replay: Replay = run.replay().clone();
                replay.truncate(end);
                Some(Point { run: replay.print(Some(end)), end, x, y })
            })
            .collect()
    }

    /// What comes next of `run`.
    pub fn next(&self, run: &dyn Playable, from: SimTime) -> Next {
        let since = Self::changes(run, from).last().copied().unwrap_or(from);
        let (begin, end) = self.window(since, run.spec());
        match end {
            _ if end > run.spec().length => Next::Over,
            _ if end <= run.now() => Next::Changed,
            _ => Next::Window(begin, end),
        }
    }

    /// Between which values of `x` a point is still wanted; the whole plane where only their number is short.
    pub fn lacks(&self, points: &[Point]) -> Option<(f64, f64)> {
        let (lows, highs) = ([f64::NEG_INFINITY], [f64::INFINITY]);
        let parts = lows.iter().chain(&self.spread).zip(self.spread.iter().chain(&highs));
        let is_empty =
            |(low, high): &(&f64, &f64)| !points.iter().any(|point| (**low..**high).contains(&point.x));
        let empty = parts.into_iter().find(is_empty).map(|(low, high)| (*low, *high));
        empty.or_else(|| (points.len() < self.points).then_some((lows[0], highs[0])))
    }
}
