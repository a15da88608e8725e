//! The lives of requests as waterfalls: bars on an axis of time.

use warstories_sim::clock::WallClock;
use warstories_sim::snapshot::{Life, Span};
use warstories_sim::{SimTime, Unit};
use yew::prelude::*;

use warstories_sim::format;

/// Width of a waterfall in its own units.
const WIDTH: f64 = 1000.0;
/// Looks of bars: as many as the style sheet knows.
const LOOKS: usize = 5;
const HEIGHT: f64 = 12.0;

/// A moment within its second, as the page's clock shows it: hh:mm:ss.mmm.
pub fn moment(clock: WallClock, at: SimTime) -> String {
    format!("{}.{:03}", clock.label(at), at.nanos() / 1_000_000 % 1000)
}

/// A duration, with its unit.
pub fn duration(ms: f64) -> String {
    format::quantity(ms, Unit::Milliseconds)
}

/// From arrival to the end, or to now.
pub fn age_ms(life: &Life, now: SimTime) -> f64 {
    match life.spans.iter().map(|span| span.to.unwrap_or(now)).max() {
        Some(end) => ms(life.arrived, end),
        // Turned away at the door.
        None if life.outcome.is_some() => 0.0,
        None => ms(life.arrived, now),
    }
}

/// Spans that no other lies within: side by side they are the whole life.
pub fn innermost(life: &Life) -> Vec<Span> {
    let next = life.spans.iter().skip(1).map(|span| span.depth).chain([0]);
    life.spans.iter().zip(next).filter(|(span, next)| *next <= span.depth).map(|(span, _)| *span).collect()
}

/// The shortest axis of a round length, in milliseconds, on which all lives find room.
pub fn axis_ms<'a>(lives: impl Iterator<Item = &'a Life>, now: SimTime) -> f64 {
    let longest = lives.map(|life| age_ms(life, now)).fold(0.001, f64::max);
    let powers = std::iter::successors(Some(0.001), |power| Some(power * 10.0)).take(18);
    let mut rounds = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|step| step * power));
    rounds.find(|round| *round >= longest).unwrap_or(longest)
}

/// Names of everything that the lives did, in order of their first appearance: the legend.
pub fn names<'a>(lives: impl Iterator<Item = &'a Life>) -> Vec<&'static str> {
    let mut names = Vec::new();
    for span in lives.flat_map(innermost) {
        if !names.contains(&span.name) {
            names.push(span.name);
        }
    }
    names
}

/// The class of a bar; what is not in the legend has others within it.
pub fn look(names: &[&str], name: &str) -> String {
    let index = names.iter().position(|other| *other == name);
    index.map_or_else(|| String::from("span span-outer"), |index| format!("span span-{}", index % LOOKS))
}

/// What the looks of those bars stand for that there are, and how long the axis is.
pub fn legend(present: &[&'static str], names: &[&str], axis: f64) -> Html {
    html! {
        <ul class="legend-spans">
            { for present.iter().map(|name| html! { <li><svg class="bars-key" viewBox="0 0 16 12" aria-hidden="true"><rect class={look(names, name)} width="16" height="12" /></svg>{ *name }</li> }) }
            <li class="num">{ format!("full width {}", duration(axis)) }</li>
        </ul>
    }
}

/// Bars of some spans on an axis that begins with the arrival.
pub fn bars(spans: &[Span], arrived: SimTime, now: SimTime, axis: f64, names: &[&str]) -> Html {
    html! {
        <svg class="bars" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} preserveAspectRatio="none" aria-hidden="true">
            <path class="bars-axis" d={format!("M0 {HEIGHT}H{WIDTH}")} />
            { for spans.iter().map(|span| {
                let (from, to) = place(span, arrived, now, axis);
                let open = span.to.is_none().then_some("open");
                let rest = open.map(|_| html! { <path class="bars-open" d={format!("M{to:.1} 8H{WIDTH}")} /> });
                html! { <>{ for rest }<rect class={classes!(look(names, span.name), open)} x={format!("{from:.1}")} y="0" height={HEIGHT.to_string()} width={format!("{:.1}", if to > from { (to - from).max(3.0) } else { 0.0 })} /></> }
            }) }
        </svg>
    }
}

/// Both ends of a bar.
fn place(span: &Span, arrived: SimTime, now: SimTime, axis: f64) -> (f64, f64) {
    let at = |time: SimTime| (ms(arrived, time) / axis * WIDTH).clamp(0.0, WIDTH);
    (at(span.from), at(span.to.unwrap_or(now)))
}

/// Milliseconds between two moments.
pub fn ms(from: SimTime, to: SimTime) -> f64 {
    to.nanos().saturating_sub(from.nanos()) as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(waited: u64, served: Option<u64>) -> Life {
        let at = |ms: u64| SimTime::from_nanos(ms * 1_000_000);
        let mut spans = vec![Span::new("waited", at(100), Some(at(100 + waited)))];
        if let Some(served) = served {
            let to = Some(at(100 + waited + served));
            spans.push(Span::new("was served", at(100 + waited), to));
        }
        Life { arrived: at(100), spans, outcome: Some("done"), failed: false }
    }

    #[test]
    fn an_axis_is_round_and_long_enough() {
        let now = SimTime::from_secs(9);
        let axis = |waited| axis_ms([life(waited, Some(50))].iter(), now);
        assert_eq!([40, 60, 160, 500, 949, 951].map(axis), [100.0, 200.0, 500.0, 1000.0, 1000.0, 2000.0]);
    }

    #[test]
    fn bars_follow_each_other_and_a_life_under_way_reaches_to_now() {
        let mut life = life(50, Some(25));
        let ends = |life: &Life, now| {
            life.spans.iter().map(|span| place(span, life.arrived, now, 100.0)).collect::<Vec<_>>()
        };
        let now = SimTime::from_secs(9);
        assert_eq!(ends(&life, now), [(0.0, 500.0), (500.0, 750.0)]);
        assert_eq!(age_ms(&life, now), 75.0);
        life.spans[1].to = None;
        let now = SimTime::from_nanos(190_000_000);
        assert_eq!(ends(&life, now), [(0.0, 500.0), (500.0, 900.0)]);
        assert_eq!(names([life].iter()), ["waited", "was served"]);
    }

    #[test]
    fn what_lies_within_a_span_takes_its_place_on_one_line() {
        let at = SimTime::from_secs;
        let span = |name, from, to| Span::new(name, at(from), Some(at(to)));
        let spans = vec![
            span("waited", 0, 1),
            span("held", 1, 4),
            span("read", 1, 2).within(1),
            span("called", 2, 4).within(1),
            span("left", 4, 5),
        ];
        let life = Life { arrived: at(0), spans, outcome: None, failed: false };
        assert_eq!(names([&life].into_iter()), ["waited", "read", "called", "left"]);
        assert_eq!(age_ms(&life, at(9)), 5000.0);
    }

    #[test]
    fn whoever_was_turned_away_has_no_age() {
        let turned_away = Life { spans: Vec::new(), outcome: Some("rejected"), ..life(0, None) };
        assert_eq!(age_ms(&turned_away, SimTime::from_secs(9)), 0.0);
    }

    #[test]
    fn a_moment_is_told_to_the_millisecond() {
        let clock = WallClock::starting_at(3, 17);
        assert_eq!(moment(clock, SimTime::from_nanos(1_234_567_890)), "03:17:01.234");
    }
}
