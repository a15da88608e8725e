//! Questions that answer themselves: tests that cannot fail, options that say the same, values beside their own tests.

use warstories_sim::{MetricKind, ScenarioSpec};

use super::table::Diagnostics;
use super::text::spoken;
use crate::lesson::{Predict, Text};
use crate::measure::{Bound, Statistic, Test};

/// What is wrong with a test that holds, or fails, in every run: nothing that is counted or measured here is negative,
/// except money.
pub(super) fn empty(test: &Test, spec: &ScenarioSpec) -> Option<String> {
    let metric = spec.metrics.get(test.measure.metric)?;
    if metric.kind == MetricKind::Money {
        return None;
    }
    let words = test.print(spec);
    match test.bound {
        Bound::AtLeast(low) if low <= 0.0 => Some(format!(
            "\"{words}\" holds in every run, since {} is never negative; ask for more",
            metric.id
        )),
        Bound::AtMost(high) | Bound::Within(_, high) if high < 0.0 => {
            Some(format!("\"{words}\" holds in no run, since {} is never negative; ask for less", metric.id))
        }
        Bound::Within(low, high) if counts(test) && low.ceil() > high.floor() => {
            Some(format!("\"{words}\" holds in no run, since no whole number lies there; widen the range"))
        }
        _ => None,
    }
}

/// Whether the number is a whole one.
fn counts(test: &Test) -> bool {
    matches!(test.measure.statistic, Statistic::Count | Statistic::Rise)
}

/// Reports options that read alike, apart from spaces, capitals and marks; `lines` are those of the options.
pub(super) fn alike<'t>(texts: impl Iterator<Item = (&'t Text, usize)>, diagnostics: &mut Diagnostics) {
    let mut seen: Vec<(String, usize)> = Vec::new();
    for (text, line) in texts {
        let words =
            spoken(text, diagnostics.spec).split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == words) {
            diagnostics.report(
                line,
                format!("this option says the same as that in line {first}; write another one"),
            );
        } else if !words.is_empty() {
            seen.push((words, line));
        }
    }
}

/// Reports what a prediction claims beside its own tests; `lines` are those of its options.
pub(super) fn prediction(predict: &Predict, lines: &[usize], diagnostics: &mut Diagnostics) {
    alike(predict.options.iter().map(|option| &option.text).zip(lines.iter().copied()), diagnostics);
    for (option, test) in predict.options.iter().filter_map(|option| Some((option, option.test?))) {
        let same = predict.measure.is_some_and(|measure| {
            (measure.metric, measure.statistic, measure.recent, measure.span)
                == (test.measure.metric, test.measure.statistic, test.measure.recent, test.measure.span)
        });
        if let Some(value) = option.value.filter(|value| same && !test.bound.allows(*value)) {
            let words = test.print(diagnostics.spec);
            diagnostics.report(
                test.measure.line,
                format!("the option's own value {value} fails \"{words}\"; mend one of the two"),
            );
        }
    }
    let answer = predict.options.get(predict.answer).and_then(|option| option.test?.measure.end());
    let Some(answer) = answer else { return };
    let mut late = Vec::new();
    crate::goal::inlines(&predict.after, &mut |measure| {
        if measure.end().is_none_or(|end| end > answer) {
            late.push(*measure);
        }
    });
    for measure in late {
        let (words, at) = (measure.print(diagnostics.spec), crate::measure::moment(answer, diagnostics.spec));
        diagnostics.report(
            measure.line,
            format!("\"{words}\" is not known when the text is told, which is at {at}; measure it at {at} or earlier"),
        );
    }
}
