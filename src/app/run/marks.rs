//! Moments worth finding again: what the learner did, and what the run did in answer.

use warstories_sim::announce::Announcement;
use warstories_sim::clock::WallClock;
use warstories_sim::summary::done;
use warstories_sim::{Input, Replay, SimTime};

use crate::run::screen::{Mark, MarkKind};

/// Marks nearer to each other than this share of the timeline are shown as one.
const NEAR: f64 = 0.016;

/// All marks of a run, in order of time.
pub fn marks(replay: &Replay, announcements: &[Announcement]) -> Vec<Mark> {
    let spec = replay.spec();
    let done = done(replay).into_iter().zip(replay.inputs());
    let mut marks: Vec<Mark> = done
        .map(|((at, text), (_, input))| {
            let is_action = matches!(input, Input::Action(_));
            let kind = if is_action { MarkKind::Action } else { MarkKind::Change };
            Mark { at: shown(at), kind, text }
        })
        .collect();
    for told in announcements {
        let at = told.at.ceil_to_millisecond();
        let mark = Mark { at, kind: MarkKind::Announcement, text: told.text(spec) };
        marks.insert(marks.partition_point(|other| other.at <= at), mark);
    }
    marks
}

/// An input comes one nanosecond after the moment that was on show when it was entered: that is where to find it.
fn shown(at: SimTime) -> SimTime {
    const MILLISECOND: u64 = 1_000_000;
    if at.nanos() % MILLISECOND == 1 { at.previous() } else { at }
}

/// Marks that a timeline shows as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The first moment.
    pub at: SimTime,
    /// What they are, as the first one: what the learner did and what the run did are never in one group.
    pub kind: MarkKind,
    /// What happened, each in a line of its own, with its time.
    pub text: String,
}

/// What a timeline of length `span` shows of `marks`: few enough to be told apart.
pub fn groups(marks: &[Mark], span: SimTime, clock: WallClock) -> Vec<Group> {
    const MOST: usize = 4;
    let near = SimTime::from_secs_f64(span.as_secs_f64() * NEAR);
    let mut groups: Vec<(Group, usize)> = Vec::new();
    for mark in marks {
        let is_told = mark.kind == MarkKind::Announcement;
        let text = format!("{}: {}", clock.label(mark.at), mark.text);
        let last = groups.iter_mut().rfind(|(group, _)| (group.kind == MarkKind::Announcement) == is_told);
        match last {
            Some((group, count)) if mark.at - group.at < near => {
                *count += 1;
                if *count <= MOST {
                    group.text = format!("{}\n{text}", group.text);
                }
            }
            _ => groups.push((Group { at: mark.at, kind: mark.kind, text }, 1)),
        }
    }
    let told = |(mut group, count): (Group, usize)| {
        if count > MOST {
            group.text = format!("{}\n{} more", group.text, count - MOST);
        }
        group
    };
    groups.into_iter().map(told).collect()
}

/// Where a step back leads: to the last mark, but not further than `most`.
pub fn step_back(marks: &[Mark], now: SimTime, most: SimTime) -> SimTime {
    let last = marks.iter().map(|mark| mark.at).rfind(|at| *at < now).unwrap_or_default();
    last.max(now - most)
}

/// How long the timeline is: the usual length, and longer in steps where a run has gone on.
pub fn span(length: SimTime, furthest: SimTime) -> SimTime {
    let step = (length.nanos() / 2).max(1);
    length.max(SimTime::from_nanos(furthest.nanos().div_ceil(step).saturating_mul(step)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lab(link: &str) -> Vec<Mark> {
        marks(&Replay::parse(link).expect("a link to the lab").replay, &[])
    }

    #[test]
    fn marks_say_what_was_done_from_what_to_what() {
        let marks =
            lab("queueing_lab?servers=2&at=60.000000001,arrivals_per_s=12&at=70,servers=4&at=80,clear_queue");
        let told: Vec<_> =
            marks.iter().map(|mark| (mark.at.to_string(), mark.text.replace('\u{a0}', " "))).collect();
        let expected =
            [("60", "Arrivals: 8 /s → 12 /s"), ("70", "Servers: 2 → 4"), ("80", "Clear the queue")];
        assert_eq!(told, expected.map(|(at, text)| (at.to_owned(), text.to_owned())));
        assert_eq!(marks[2].kind, MarkKind::Action);
    }

    #[test]
    fn what_the_run_tells_is_marked_too() {
        let replay = Replay::parse("queueing_lab?arrivals_per_s=30&at=5,servers=2").expect("the lab").replay;
        let mut run = warstories_sim::scenarios::start(replay.clone());
        run.advance(SimTime::from_secs(60), u64::MAX);
        let marks = marks(&replay, run.announcements());
        assert!(marks.is_sorted_by_key(|mark| mark.at));
        assert!(marks.iter().any(|mark| mark.text.contains("100 requests wait")), "{marks:?}");
    }

    #[test]
    fn a_thousand_marks_become_few() {
        let entries: Vec<_> = (0..1000).map(|step| format!("at={step},servers={}", step % 9 + 2)).collect();
        let marks = lab(&format!("queueing_lab?{}", entries.join("&")));
        let clock = WallClock::starting_at(9, 0);
        let groups = groups(&marks, SimTime::from_secs(1000), clock);
        assert!(groups.len() < 90 && groups[3].text.ends_with("more"), "{}", groups.len());
        // What is shown as one still has its own time each.
        let times: Vec<_> = groups[1].text.lines().filter_map(|line| line.get(..10)).collect();
        assert_eq!(times[..3], ["09:00:16: ", "09:00:17: ", "09:00:18: "]);
    }

    #[test]
    fn a_step_back_ends_at_the_last_mark_or_a_little_earlier() {
        let marks = lab("queueing_lab?at=60,servers=2&at=95,servers=3");
        let back = |now| step_back(&marks, SimTime::from_secs(now), SimTime::from_secs(10));
        assert_eq!([100, 95, 60, 4].map(|now| back(now).to_string()), ["95", "85", "50", "0"]);
    }

    #[test]
    fn the_timeline_grows_in_steps() {
        let span = |furthest| span(SimTime::from_secs(600), SimTime::from_secs(furthest)).to_string();
        assert_eq!([0, 600, 601, 900, 901].map(span), ["600", "600", "900", "900", "1200"]);
    }
}
