//! The proof of a deck: what each question shows holds at the moment to which its link leads.

use warstories_sim::{Replay, scenarios};

use super::{BUDGET, rounded};
use crate::deck::{Card, Deck, Evidence};
use crate::measure::{Measure, Verdict};
use crate::problem::Problem;

/// Plays the run of each question to its moment.
pub fn prove_deck(deck: &Deck) -> Vec<Problem> {
    Problem::in_order(deck.cards.iter().flat_map(prove).collect())
}

fn prove(card: &Card) -> Vec<Problem> {
    let Evidence { line, play, test, .. } = &card.evidence;
    let alone = |sentence| vec![Problem::new(*line, sentence)];
    let link = match Replay::parse(play) {
        Ok(link) => link,
        Err(sentence) => return alone(sentence),
    };
    let (spec, moment) = (link.replay.spec(), link.moment.unwrap_or_default());
    let measures = card.evidence.measures();
    if let Some(late) = measures.iter().find(|measure| measure.end().is_some_and(|end| end > moment)) {
        let (words, at) = (late.print(spec), spec.clock.label(moment));
        return alone(format!(
            "\"{words}\" is not over at the moment of the link, {at}; ask for something earlier, or link to later"
        ));
    }
    let mut run = scenarios::start(link.replay);
    for at in measures.iter().flat_map(Measure::moments) {
        run.probe(at);
    }
    if !run.advance(moment, BUDGET) {
        return alone(format!(
            "the run makes more than {BUDGET} events by the moment of the link; choose smaller rates or an earlier moment"
        ));
    }
    let told = |measure: &Measure| match measure.evaluate(run.as_ref()) {
        Verdict::Value(value) if !value.is_nan() => Some(value),
        Verdict::Value(_) | Verdict::Pending => None,
    };
    let silent = measures.iter().filter(|measure| told(measure).is_none()).map(|measure| {
        let sentence = format!(
            "the run has nothing to say to \"{}\"; choose what was measured by then",
            measure.print(spec)
        );
        Problem::new(measure.line, sentence)
    });
    let mut problems: Vec<Problem> = silent.collect();
    if let Some(value) = told(&test.measure).filter(|value| !test.bound.allows(*value)) {
        let (words, value) = (test.print(spec), rounded(value));
        problems.push(Problem::new(
            test.measure.line,
            format!("\"{words}\" measured {value}; the link does not show what the question says"),
        ));
    }
    problems
}
