//! What is asked and to be reached in a step, in short: a phone shows the system or the story, and whoever watches the
//! one must not miss what happens in the other.

use warstories_lesson::lesson::{Challenge, Goal, Part, Predict};
use warstories_lesson::measure::{Bound, Measure, Span, Statistic, Test};
use warstories_sim::clock::WallClock;
use warstories_sim::metric::MetricKind;
use warstories_sim::{Playable, SimTime, format};
use yew::prelude::*;

use super::prose;
use super::rail::collect::standing as standing_of_points;
use crate::rooms::lesson::story::{Standing, Story};
use crate::view::icon::{self, icon};

/// The predictions of the step that are locked in, with what came of them, and how its goals stand.
pub fn brief(story: &Story, run: &dyn Playable) -> Html {
    let parts = story.current().map_or(&[][..], |step| &step.parts);
    // What the story has not come to yet is not there.
    let waits = parts.iter().position(|part| story.is_waiting(part)).map_or(parts.len(), |waits| waits + 1);
    let parts = &parts[..waits];
    html! {
        <div class="brief">
            // The heading of the page while the story is out of sight.
            <h1 class="unseen">{ story.current().map_or("", |step| &step.title) }</h1>
            { for parts.iter().map(|part| match part {
            Part::Predict(predict) => prediction(story, predict, run),
            Part::Collect(collect) => html! { <div class="verdict"><p>{ standing_of_points(story, collect, run) }</p></div> },
            Part::Goal(goal) => of_goal(story, goal, run),
            Part::Challenge(challenge) if story.challenge == Some(challenge.line) => of_challenge(story, challenge, run),
            _ => Html::default(),
        }) }
        </div>
    }
}

fn prediction(story: &Story, predict: &Predict, run: &dyn Playable) -> Html {
    let Some(locked) = story.locked.get(&predict.line) else { return Html::default() };
    let said = predict.options.get(locked.option).map(|option| prose::line(&option.text, run));
    let (class, glyph, word) = match locked.outcome {
        None => ("verdict", icon::RING, "You said: "),
        Some(_) if locked.option == predict.answer => ("verdict met", icon::DONE, "You called it: "),
        Some(_) => ("verdict missed", icon::ACTION, "Not this time. You said: "),
    };
    let told = locked.outcome.and_then(|outcome| measured(predict, outcome, run));
    let told = told.map(|told| format!(". {told}The story says why."));
    html! {
        <div {class}>{ icon(glyph) }<p>if locked.outcome.is_none() { { prose::line(&predict.question, run) }{ " " } }<b>{ word }{ for said }</b>{ for told }</p></div>
    }
}

/// What the run answered to a prediction, in words.
pub fn measured(predict: &Predict, outcome: f64, run: &dyn Playable) -> Option<String> {
    let test = predict.options.get(predict.answer)?.test?;
    let metric = run.spec().metrics.get(test.measure.metric)?;
    Some(format!("{}: {}. ", metric.label, format::quantity(outcome, metric.unit)))
}

/// How a goal stands.
pub fn of_goal(story: &Story, goal: &Goal, run: &dyn Playable) -> Html {
    standing(story.goals.get(&(goal.line, 0)), &goal.test, Some(prose::line(&goal.text, run)), run)
}

/// How each test of a challenge stands.
pub fn of_challenge(story: &Story, challenge: &Challenge, run: &dyn Playable) -> Html {
    let tests = challenge.tests.iter().enumerate();
    tests.map(|(place, test)| standing(story.goals.get(&(challenge.line, place)), test, None, run)).collect()
}

/// What is to be reached, whether it is met, and what the run says now.
fn standing(standing: Option<&Standing>, test: &Test, words: Option<Html>, run: &dyn Playable) -> Html {
    let spec = run.spec();
    let metric = &spec.metrics[test.measure.metric];
    let now = standing.and_then(|standing| standing.value);
    let is_met = standing.is_some_and(|standing| standing.met);
    // The learner goes on trying: another run has met it, and this one does not.
    let is_earlier = is_met && now.is_some_and(|now| !test.bound.allows(now));
    // What has gone too far never comes back, long before the moment at which it is judged.
    let is_lost = now.is_none() && !is_met && test.is_lost(run, SimTime::ZERO);
    let (class, glyph, word) = match now {
        _ if is_earlier => ("verdict met", icon::DONE, "Met by an earlier run"),
        _ if is_met => ("verdict met", icon::DONE, "Met"),
        // What is judged at a moment has a number only once that is over.
        Some(_) if test.measure.end().is_some() || run.now() >= spec.length => {
            ("verdict missed", icon::ACTION, "Missed")
        }
        Some(_) => ("verdict missed", icon::ACTION, "Not yet"),
        None if is_lost => ("verdict missed", icon::ACTION, "Missed"),
        None => ("verdict", icon::RING, "Open"),
    };
    // Time has stopped for something else, and has to go on for this.
    let is_open = now.is_none() && !is_met && !is_lost;
    let until = test.measure.end().filter(|end| is_open && *end > run.now());
    let until = until.map_or_else(String::new, |end| format!(" until {}", spec.clock.label(end)));
    // What is counted in seconds is not a duration: 570 of 600 seconds, not 9.5 minutes.
    let number = |value| match metric.kind {
        MetricKind::Counter => format::in_unit(format::number(value), metric.unit),
        _ => format::quantity(value, metric.unit),
    };
    let wanted = match test.bound {
        Bound::AtLeast(bound) => format!("at least {}", number(bound)),
        Bound::AtMost(bound) => format!("at most {}", number(bound)),
        Bound::Within(low, high) if low == high => format!("exactly {}", number(low)),
        Bound::Within(low, high) => format!("from {} to {}", number(low), number(high)),
    };
    let which = if is_earlier { " in this run" } else { "" };
    let now = now.map_or_else(String::new, |now| {
        format!(" {}{which}: {}.", measured_when(&test.measure, metric.kind, spec.clock), number(now))
    });
    html! {
        <div class={class}>
            { icon(glyph) }
            <div>if words.is_some() { <b>{ "Goal. " }</b>{ words } }{ " " }<p class="now">{ word }<span class="until">{ until }</span>{ ". " }<span>{ format!("{}: {wanted}.{now}", metric.label) }</span></p></div>
        </div>
    }
}

/// What a number is and of when: the chart beside it shows the moment on show, which is mostly another. A percentile is one of
/// the whole run up to its moment.
fn measured_when(measure: &Measure, kind: MetricKind, clock: WallClock) -> String {
    let mut said = String::from(match measure.statistic {
        Statistic::Mean => "Mean",
        Statistic::Max => "Highest",
        Statistic::Min => "Lowest",
        _ => "Measured",
    });
    let (before, from) = match measure.span {
        Span::Now => (if measure.recent { " lately" } else { " so far" }, None),
        Span::At(_) if kind == MetricKind::Histogram && !measure.recent => (" up to ", None),
        Span::At(_) => (" at ", None),
        Span::Window(from, _) => (" from ", Some(from)),
    };
    said += before;
    for (at, after) in [(from, " to "), (measure.end(), "")] {
        if let Some(at) = at {
            said += &clock.label(at);
            said += after;
        }
    }
    said
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a test may fail loudly")]

    use warstories_sim::scenarios;

    use super::*;

    #[test]
    fn a_number_beside_a_goal_says_of_when_it_is() {
        let spec = scenarios::find("queueing_lab").expect("the lab");
        for (measure, said) in [
            ("waiting", "Measured so far"),
            ("mean waiting", "Mean so far"),
            ("waiting at 00:02:00", "Measured at 00:02:00"),
            ("p95 wait_ms at 00:02:00", "Measured up to 00:02:00"),
            ("recent mean wait_ms", "Mean lately"),
            ("mean waiting from 00:09:00 to 00:10:00", "Mean from 00:09:00 to 00:10:00"),
            ("max waiting from 00:09:00 to 00:10:00", "Highest from 00:09:00 to 00:10:00"),
            ("rise done from 00:09:00 to 00:10:00", "Measured from 00:09:00 to 00:10:00"),
        ] {
            let read = Measure::parse(measure, 1, spec).expect(measure);
            assert_eq!(measured_when(&read, spec.metrics[read.metric].kind, spec.clock), said);
        }
    }
}
