//! Questions that answer themselves: tests that cannot fail, options that say the same, values beside their own tests.

use warstories_sim::{MetricKind, ScenarioSpec, SimTime};

use super::table::Diagnostics;
use super::text::spoken;
use crate::lesson::{Observe, Predict, Statement, Text};
use crate::measure::{Bound, Statistic, Test};

/// What may end a text that says the same without it.
const ENDS: [char; 7] = ['.', ',', ';', ':', '!', '?', '…'];

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

/// Reports what stands twice among `items`, each with its line; `what` is said of both.
pub(super) fn once(items: &[(String, usize)], what: &str, diagnostics: &mut Diagnostics) {
    for (index, (words, line)) in items.iter().enumerate() {
        if let Some((_, first)) = items[..index].iter().find(|(other, _)| other == words) {
            diagnostics.report(
                *line,
                format!(
                    "this {what} the same as that in line {first}; write another, or delete one of the two"
                ),
            );
        }
    }
}

/// Reports options that read alike, apart from spaces, capitals, marks and what ends them; `lines` are those of the options.
pub(super) fn alike<'t>(texts: impl Iterator<Item = (&'t Text, usize)>, diagnostics: &mut Diagnostics) {
    let mut says = Vec::new();
    for (text, line) in texts.filter(|(text, _)| !text.is_empty()) {
        let words = spoken(text, diagnostics.spec).split_whitespace().collect::<Vec<_>>().join(" ");
        says.push((words.to_lowercase().trim_end_matches(ENDS).to_owned(), line));
    }
    once(&says, "option says", diagnostics);
}

/// Reports what a prediction claims beside its own tests; `lines` are those of its options.
pub(super) fn prediction(predict: &Predict, lines: &[usize], diagnostics: &mut Diagnostics) {
    alike(predict.options.iter().map(|option| &option.text).zip(lines.iter().copied()), diagnostics);
    let mut tests = Vec::new();
    for (option, test) in predict.options.iter().filter_map(|option| Some((option, option.test?))) {
        tests.push((test.print(diagnostics.spec), test.measure.line));
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
    once(&tests, "asks", diagnostics);
    if let Some(end) = predict.end() {
        predict.outcome_texts().for_each(|text| late(text, end, diagnostics));
    }
}

/// Reports values of options that do not rise, in a prediction whose options stay in the order in which they are written.
pub(super) fn order(predict: &Predict, lines: &[usize], diagnostics: &mut Diagnostics) {
    let values = predict.options.iter().zip(lines).filter_map(|(option, line)| Some((option.value?, *line)));
    let values: Vec<(f64, usize)> = values.collect();
    for pair in values.windows(2) {
        if let [(before, _), (value, line)] = *pair
            && value <= before
        {
            diagnostics.report(
                line,
                format!("the options keep their order, and their values do not rise: {value} stands behind {before}; write them in rising order, or leave out keep_order"),
            );
        }
    }
}

/// Reports what an observation claims beside its own tests; `lines` are those of its statements.
pub(super) fn observation(observe: &Observe, lines: &[usize], diagnostics: &mut Diagnostics) {
    alike(observe.statements.iter().map(|statement| &statement.text).zip(lines.iter().copied()), diagnostics);
    let mut tests = Vec::new();
    for Statement { test, because, .. } in &observe.statements {
        tests.push((test.print(diagnostics.spec), test.measure.line));
        late(because, observe.end(), diagnostics);
    }
    once(&tests, "asks", diagnostics);
}

/// Reports numbers of a text that is told at `end` which are not known by then.
fn late(text: &Text, end: SimTime, diagnostics: &mut Diagnostics) {
    let mut late = Vec::new();
    crate::goal::inlines(text, &mut |measure| {
        if measure.end().is_none_or(|known| known > end) {
            late.push(*measure);
        }
    });
    for measure in late {
        let (words, at) = (measure.print(diagnostics.spec), crate::measure::moment(end, diagnostics.spec));
        diagnostics.report(
            measure.line,
            format!("\"{words}\" is not known when the text is told, which is at {at}; measure it at {at} or earlier"),
        );
    }
}
