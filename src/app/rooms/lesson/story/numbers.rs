//! The numbers in the texts of a lesson, as the run on show tells them, and those that were guessed.

use warstories_lesson::lesson::Text;
use warstories_lesson::measure::{Bound, Measure, Test, Verdict};
use warstories_lesson::prose::{self, Inline, Live};
use warstories_sim::Playable;

use super::Story;
use crate::run::screen::Guess;

/// What a measure says, if the run has come there.
pub fn value(measure: &Measure, run: &dyn Playable) -> Option<f64> {
    match measure.evaluate(run) {
        Verdict::Value(value) => Some(value).filter(|value| value.is_finite()),
        Verdict::Pending => None,
    }
}

/// What a run says to the live numbers of these texts, in their order; NaN where nothing.
pub(super) fn told<'t>(texts: impl Iterator<Item = &'t Text>, run: &dyn Playable) -> Vec<f64> {
    texts.flat_map(|text| lives(text)).map(|live| value(&live.measure, run).unwrap_or(f64::NAN)).collect()
}

/// The live numbers of a text, in their order.
pub(super) fn lives(text: &[Inline]) -> Vec<&Live> {
    fn of(part: &Inline) -> Vec<&Live> {
        match part {
            Inline::Live(live) => vec![live],
            Inline::Emphasis(text) | Inline::Strong(text) | Inline::Link { text, .. } => lives(text),
            Inline::Text(_) | Inline::Code(_) | Inline::Term { .. } | Inline::Break => Vec::new(),
        }
    }
    text.iter().flat_map(of).collect()
}

/// Text without its marks.
pub fn plain(text: &[Inline]) -> String {
    prose::plain(text, &|_| String::from("…"))
}

impl Story {
    /// What was predicted in this step as numbers, each with what came of it.
    pub fn guesses(&self) -> Vec<Guess> {
        let mut guesses = Vec::new();
        for predict in self.predictions() {
            let (Some(measure), Some(locked)) = (predict.measure, self.locked.get(&predict.line)) else {
                continue;
            };
            let guess = |value, name, is_measured| Guess { metric: measure.metric, value, name, is_measured };
            let own = predict.options.get(locked.option);
            let name = match own.filter(|option| option.open).and_then(|option| option.test) {
                Some(Test { bound: Bound::AtLeast(_), .. }) => "Your guess: above",
                Some(_) => "Your guess: below",
                None => "Your guess",
            };
            let value = own.and_then(|option| option.value);
            guesses.extend(value.map(|value| guess(value, name, false)));
            let asked = predict.options.get(predict.answer).and_then(|answer| answer.test);
            let outcome =
                locked.outcome.filter(|_| asked.is_some_and(|test| test.measure.metric == measure.metric));
            guesses.extend(outcome.map(|value| guess(value, "The run", true)));
        }
        guesses
    }
}
