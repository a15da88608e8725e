//! Reading measures and tests from their text.

use std::str::SplitWhitespace;

use warstories_sim::suggest::{known, shortened};
use warstories_sim::{MetricKind, MetricSpec, ScenarioSpec, SimTime, decimal};

use super::{Bound, Measure, Span, Statistic, Test, moment};

/// Characters of a measure or a test.
const MAX_TEXT: usize = 200;

impl Measure {
    /// Reads `[recent] [STATISTIC] METRIC [at TIME | from TIME to TIME]`.
    ///
    /// # Errors
    /// One sentence that says what is wrong and the cure.
    pub fn parse(text: &str, line: usize, spec: &ScenarioSpec) -> Result<Self, String> {
        let mut words = words(text)?;
        let (measure, next) = measure(&mut words, line, spec)?;
        match next {
            None => Ok(measure),
            Some(word) => Err(format!(
                "\"{}\" does not belong behind \"{}\"; a measure ends with at TIME or from TIME to TIME",
                shortened(word),
                measure.print(spec)
            )),
        }
    }
}

impl Test {
    /// Reads a measure and `>= NUMBER`, `<= NUMBER` or `in LOW..HIGH`.
    ///
    /// # Errors
    /// One sentence that says what is wrong and the cure.
    pub fn parse(text: &str, line: usize, spec: &ScenarioSpec) -> Result<Self, String> {
        let mut words = words(text)?;
        let (measure, sign) = measure(&mut words, line, spec)?;
        let unit = spec.metrics.get(measure.metric).map_or("", |metric| metric.unit.symbol());
        let number = |text: &str| {
            decimal::parse(text).filter(|number| number.is_finite()).ok_or_else(|| {
                let unit = if unit.is_empty() { "it has none" } else { unit };
                format!("\"{}\" is not a number; write it without a unit ({unit})", shortened(text))
            })
        };
        let bound = match (sign, words.next()) {
            (Some(">="), Some(low)) => Bound::AtLeast(number(low)?),
            (Some("<="), Some(high)) => Bound::AtMost(number(high)?),
            (Some("in"), Some(range)) => {
                let (low, high) = range
                    .split_once("..")
                    .ok_or_else(|| format!("\"{}\" is not a range; write in LOW..HIGH", shortened(range)))?;
                let (low, high) = (number(low)?, number(high)?);
                if low > high {
                    return Err(format!("no number is in {low}..{high}; write the smaller one first"));
                }
                Bound::Within(low, high)
            }
            (sign, _) => {
                let found =
                    sign.map_or(String::from("ends there"), |sign| format!("says \"{}\"", shortened(sign)));
                return Err(format!(
                    "the test {found} behind \"{}\"; write >= NUMBER, <= NUMBER or in LOW..HIGH",
                    measure.print(spec)
                ));
            }
        };
        match words.next() {
            None => Ok(Self { measure, bound }),
            Some(word) => Err(format!(
                "\"{}\" does not belong behind the number; a test ends there, and the number has no unit",
                shortened(word)
            )),
        }
    }
}

fn words(text: &str) -> Result<SplitWhitespace<'_>, String> {
    if text.len() > MAX_TEXT {
        return Err(format!(
            "a measure or a test has at most {MAX_TEXT} characters; this one has {}",
            text.len()
        ));
    }
    Ok(text.split_whitespace())
}

/// The measure at the beginning of `words`, and the first word that is not part of it.
fn measure<'a>(
    words: &mut SplitWhitespace<'a>,
    line: usize,
    spec: &ScenarioSpec,
) -> Result<(Measure, Option<&'a str>), String> {
    let mut word = words.next();
    let recent = word == Some("recent");
    if recent {
        word = words.next();
    }
    let statistic = Statistic::ALL.into_iter().find(|statistic| word == Some(statistic.word()));
    if statistic.is_some() {
        word = words.next();
    }
    let id = word.ok_or_else(|| {
        let first = spec.metrics.first().map_or("", |metric| metric.id);
        format!("the measure names no metric; write one of {}, such as {first}", spec.id)
    })?;
    let metric = spec.metric(id).map_err(|sentence| {
        // A statistic that nobody knows stands where the metric should.
        let all = Statistic::ALL.map(Statistic::word);
        match (statistic, words.clone().next()) {
            (None, Some(next)) if spec.metric(next).is_ok() => {
                format!("\"{}\" is no statistic{}", shortened(id), known(id, all.into_iter()))
            }
            _ => sentence,
        }
    })?;
    let mut next = words.next();
    let span = match next {
        Some("at") => {
            let at = time(words, "at", spec)?;
            next = words.next();
            Span::At(at)
        }
        Some("from") => {
            let from = time(words, "from", spec)?;
            if words.next() != Some("to") {
                return Err(format!("the window of {id} has no end; write from TIME to TIME"));
            }
            let to = time(words, "to", spec)?;
            if from >= to {
                return Err(format!(
                    "the window of {id} ends at {}, before it begins; write the earlier time first",
                    moment(to, spec)
                ));
            }
            next = words.next();
            Span::Window(from, to)
        }
        _ => Span::Now,
    };
    let kind = &spec.metrics[metric];
    let statistic = match statistic {
        Some(statistic) => statistic,
        None => otherwise(kind)?,
    };
    fits(statistic, recent, kind, span, spec)?;
    Ok((Measure { line, statistic, recent, metric, span }, next))
}

fn time(words: &mut SplitWhitespace<'_>, word: &str, spec: &ScenarioSpec) -> Result<SimTime, String> {
    let text =
        words.next().ok_or_else(|| format!("there is no time behind \"{word}\"; write {word} TIME"))?;
    within(SimTime::parse(text, spec.clock)?, text, spec)
}

/// `time` if the run lasts so long.
///
/// # Errors
/// One sentence that says how long it lasts.
pub fn within(time: SimTime, text: &str, spec: &ScenarioSpec) -> Result<SimTime, String> {
    if time > spec.length {
        return Err(format!(
            "{} is after the end of the run, which lasts from {} to {} ({} s)",
            shortened(text),
            spec.clock.label(SimTime::ZERO),
            spec.clock.label(spec.length),
            spec.length
        ));
    }
    Ok(time)
}

/// The statistic where none is named.
fn otherwise(metric: &MetricSpec) -> Result<Statistic, String> {
    match metric.kind {
        MetricKind::Counter | MetricKind::Failure => Ok(Statistic::Count),
        MetricKind::Gauge | MetricKind::Money => Ok(Statistic::Last),
        MetricKind::Histogram => {
            let id = metric.id;
            Err(format!(
                "{id} is a histogram and says many numbers; write mean, p50, p95, p99, p999, max or count before it"
            ))
        }
    }
}

fn fits(
    statistic: Statistic,
    recent: bool,
    metric: &MetricSpec,
    span: Span,
    spec: &ScenarioSpec,
) -> Result<(), String> {
    use MetricKind::{Counter, Failure, Gauge, Histogram, Money};
    use Statistic::{Count, Last, Max, Mean, Min, P50, P95, P99, P999, Rise};
    let (id, window) = (metric.id, matches!(span, Span::Window(..)));
    if recent && (metric.kind != Histogram || window) {
        return Err(format!("\"recent\" is for a histogram at one moment; leave it out before {id}"));
    }
    let known = match metric.kind {
        Counter | Failure => [Count, Rise].as_slice(),
        Money => &[Last, Rise],
        Gauge => &[Last, Mean, Min, Max],
        Histogram => &[Mean, P50, P95, P99, P999, Max, Count],
    };
    if !known.contains(&statistic) {
        let words: Vec<_> = known.iter().map(|statistic| statistic.word()).collect();
        let kind = metric.kind.word();
        return Err(format!("{id} is a {kind} and has no {}; write {}", statistic.word(), words.join(", ")));
    }
    match (statistic, span) {
        (Rise, Span::Now | Span::At(_)) => {
            Err(format!("rise {id} needs a window; write rise {id} from TIME to TIME"))
        }
        (Last | Count | P50 | P95 | P99 | P999, Span::Window(..)) => {
            let word = statistic.word();
            let cure = match metric.kind {
                Counter | Failure | Money => format!("rise {id} from TIME to TIME"),
                Gauge => format!("mean {id} from TIME to TIME"),
                Histogram => format!("recent {word} {id} at TIME"),
            };
            Err(format!("{word} {id} belongs to one moment, not to a window; write at TIME, or {cure}"))
        }
        (Max, Span::Window(..)) if metric.kind == Histogram => {
            Err(format!("max {id} is of the whole run; write max {id} at TIME"))
        }
        // Extremes between two moments come from the samples of the chart.
        (Max | Min, Span::Window(from, to)) => {
            let width = spec.sample_width();
            if from.nanos().is_multiple_of(width.nanos()) && to.nanos().is_multiple_of(width.nanos()) {
                Ok(())
            } else {
                let word = statistic.word();
                Err(format!(
                    "a window of {word} {id} begins and ends at multiples of {width} s; move its ends there"
                ))
            }
        }
        _ => Ok(()),
    }
}
