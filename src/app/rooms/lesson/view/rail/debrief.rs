//! The end of a lesson: the post-mortem of the learner's own run.

use warstories_lesson::lesson::Debrief;
use warstories_sim::{MetricKind, Playable, SimTime, format};
use yew::prelude::*;

use super::Rail;
use crate::rooms::lesson::postmortem::{Section, sections};
use crate::rooms::lesson::view::plane::plane;
use crate::run::lesson_host::LessonAction;
use crate::view::curve::curve;

/// Size of a graph, in its own units.
const GRAPH: (f64, f64) = (300.0, 72.0);
/// Points of a graph at most.
const POINTS: usize = 300;

/// The post-mortem, to be read, printed and taken along.
pub fn debrief(props: &Rail, debrief: &Debrief) -> Html {
    let Rail { story, run, session, act, .. } = *props;
    let spec = run.spec();
    let is_short = run.now() < spec.length;
    let print = |_: MouseEvent| {
        let _ = gloo::utils::window().print();
    };
    html! {
        <div class="debrief">
            if is_short {
                <div class="ask">
                    <p>{ format!("Your run stands at {}. Some of what follows is known at {} only.", spec.clock.label(run.now()), spec.clock.label(spec.length)) }</p>
                    <button type="button" class="button primary" disabled={session.playing} onclick={act.reform(|_| LessonAction::PlayOn)}>{ "Play it to the end" }</button>
                </div>
            }
            // Before any time has passed there is nothing to draw.
            if run.now() > SimTime::ZERO {
                { for debrief.charts.iter().map(|metric| graph(run, *metric)) }
            }
            { for story.lesson.collects().filter(|(_, collect)| !story.points(collect.line).is_empty()).map(|(_, collect)| plane(story, collect, run)) }
            { for sections(story, run, debrief).iter().map(section) }
            <div class="tried">
                <button type="button" class="button" onclick={print}>{ "Print" }</button>
                <button type="button" class="button" onclick={props.on_save.reform(|_| ())}>{ "Save as Markdown" }</button>
            </div>
        </div>
    }
}

fn section(section: &Section) -> Html {
    html! {
        <section>
            <h2>{ section.title }</h2>
            <ul>{ for section.lines.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
        </section>
    }
}

/// The graph of a metric over the whole run so far, from zero up to its highest sample.
fn graph(run: &dyn Playable, metric: usize) -> Html {
    let (spec, series) = (run.spec(), run.series());
    let Some(measured) = spec.metrics.get(metric) else { return Html::default() };
    let samples = series.samples(metric);
    let many = samples.len().div_ceil(POINTS).max(1);
    let is_of_durations = measured.kind == MetricKind::Histogram;
    // Of durations it is the 99th percentile.
    let part = if is_of_durations { 2 } else { 0 };
    let values: Vec<f64> =
        samples.chunks(many).map(|few| measured.merged(few, part, series.width())).collect();
    // Of a gauge the curve shows means, and the caption its extremes.
    let (lowest, highest) = match measured.kind {
        MetricKind::Gauge => {
            extremes(samples.iter().flat_map(|sample| [sample[1], sample[2]]).map(f64::from))
        }
        _ => extremes(values.iter().copied()),
    };
    let known = values.iter().enumerate().filter(|(_, value)| value.is_finite());
    let points: Vec<(f64, f64)> = known.map(|(at, value)| (at as f64, *value)).collect();
    let said = |value: f64| match measured.kind {
        MetricKind::Histogram => format::quantity(value, measured.unit),
        _ => format::with_unit(format::number(value), &measured.charted_unit()),
    };
    let (least, most) = (said(lowest), said(highest));
    let range = if least == most { least } else { format!("{least} to {most}") };
    let which = if is_of_durations { ", 99th percentile" } else { "" };
    let end = |at: SimTime| spec.clock.label(at);
    html! {
        <figure class="graph">
            <figcaption class="num">{ format!("{}{which}, {} to {}: {range}", measured.label, end(SimTime::ZERO), end(run.now())) }</figcaption>
            <svg viewBox={format!("0 0 {} {}", GRAPH.0, GRAPH.1)} preserveAspectRatio="none" aria-hidden="true">
                { curve(&points, (0.0, (values.len().max(2) - 1) as f64), (0.0, 0.0, GRAPH.0, GRAPH.1), "line line-1") }
            </svg>
        </figure>
    }
}

/// The least and the largest of these values; zeros where there are none.
fn extremes(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let known = values.filter(|value| value.is_finite());
    known
        .map(|value| (value, value))
        .reduce(|(least, most), (value, _)| (least.min(value), most.max(value)))
        .unwrap_or_default()
}
