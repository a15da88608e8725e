//! A task to collect points: how far it is, and what is to be done for the next one.

use warstories_lesson::lesson::Collect;
use warstories_lesson::points::Next;
use warstories_sim::{Playable, format};
use yew::prelude::*;

use super::Rail;
use crate::rooms::lesson::story::{Story, latest};
use crate::rooms::lesson::view::prose;

/// The task.
pub fn collect(props: &Rail, collect: &Collect) -> Html {
    let Rail { story, run, .. } = *props;
    html! {
        <div class="ask">
            <p><b>{ prose::line(&collect.question, run) }</b></p>
            <p class="num" data-role="points">{ standing(story, collect, run) }</p>
            if story.is_collected(collect) {
                <p>{ prose::line(&collect.after, run) }</p>
            }
        </div>
    }
}

/// The latest point, what is still wanted, and what becomes of the run as it stands.
pub fn standing(story: &Story, collect: &Collect, run: &dyn Playable) -> String {
    let points = story.points(collect.line);
    let metric = &run.spec().metrics[collect.x.metric];
    let number = |value| format::quantity(value, metric.unit);
    let label = metric.label.to_ascii_lowercase();
    let wanted = match collect.lacks(points) {
        None => return format!("{} All points are there.", latest(collect, points, run)),
        Some((low, high)) => match (low.is_finite(), high.is_finite()) {
            (false, false) => String::new(),
            (false, true) => format!(", one of them at a {label} below {}", number(high)),
            (true, false) => format!(", one of them at a {label} of {} or more", number(low)),
            (true, true) => format!(", one of them at a {label} from {} to {}", number(low), number(high)),
        },
    };
    let more = collect.points.saturating_sub(points.len()).max(1);
    let clock = run.spec().clock;
    let next = match collect.next(run, story.lesson.begins(story.step)) {
        Next::Window(begin, end) => {
            let what = if run.now() < begin { "The run settles" } else { "It is being measured" };
            format!(
                "{what}: the next point is the mean from {} to {}. A change before its end discards it.",
                clock.label(begin),
                clock.label(end)
            )
        }
        Next::Changed => String::from("Change a control for the next one, then press Play."),
        Next::Over => {
            String::from("The run ends too soon for another one: start it again. Your points stay.")
        }
    };
    format!("{} {more} more wanted{wanted}. {next}", latest(collect, points, run))
}
