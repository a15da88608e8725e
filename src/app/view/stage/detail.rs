//! What the learner looks at: one request's life so far, the box it is in, and the requests that ended lately.

use std::rc::Rc;

use warstories_sim::snapshot::{Content, Life};
use warstories_sim::{Reading, ScenarioSpec};
use yew::prelude::*;

use super::node;
use super::{diagram, life};
use crate::browser::clock::clock_ms;
use crate::run::screen::{Pick, Screen};
use warstories_sim::format;

/// Requests that ended lately, at most.
const ENDED: usize = 8;
/// While the run plays, their list stands still this long, so that it can be read.
const HOLD_MS: f64 = 1500.0;

/// What the detail shows.
#[derive(Properties)]
pub struct DetailProps {
    /// The scenario.
    pub spec: &'static ScenarioSpec,
    /// The run.
    pub screen: Rc<Screen>,
    /// Whether time passes.
    pub playing: bool,
    /// What the learner looks at, if it is more than the list.
    pub picked: Option<Pick>,
    /// The part of the system whose controls are open for that.
    pub part: Option<&'static str>,
    /// The learner has seen enough.
    pub close: Callback<()>,
}

impl PartialEq for DetailProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.screen, &other.screen)
            && (self.playing, self.picked, self.part) == (other.playing, other.picked, other.part)
    }
}

/// The detail.
#[component]
pub fn Detail(props: &DetailProps) -> Html {
    let DetailProps { spec, screen, playing, picked, part, close } = props;
    let held = use_mut_ref(|| (0.0, u32::MAX, Vec::<Life>::new()));
    let ended = {
        let mut held = held.borrow_mut();
        let now = clock_ms();
        if !playing || held.1 != screen.generation || held.2.is_empty() || now - held.0 > HOLD_MS {
            *held = (now, screen.generation, screen.ended.iter().rev().take(ENDED).cloned().collect());
        }
        held.2.clone()
    };
    html! {
        <div class="detail" id="stage-detail">
            { for picked.map(|pick| request(spec, screen, pick, *part)) }
            <section class="ended" aria-labelledby="ended-title">
                <h3 id="ended-title">{ "Requests that ended lately" }<small>{ " by time of arrival, the latest to end first" }</small></h3>
                { list(spec, screen, &ended) }
            </section>
            <button type="button" class="button detail-close" onclick={close.reform(|_: MouseEvent| ())}>
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M3 4.4 4.4 3 8 6.6 11.6 3 13 4.4 9.4 8l3.6 3.6-1.4 1.4L8 9.4 4.4 13 3 11.6 6.6 8z" /></svg>
                { "Close" }
            </button>
        </div>
    }
}

/// The request at a place, and what passes its box.
fn request(spec: &'static ScenarioSpec, screen: &Screen, pick: Pick, part: Option<&str>) -> Html {
    let nodes = &screen.system.nodes;
    // A system that has changed may have lost the part.
    let Some(at) = nodes.iter().position(|node| node.id == pick.node) else { return Html::default() };
    let node = &nodes[at];
    let number = format::count(pick.position as u64 + 1);
    let (place, nobody) = match node.content {
        Content::Slots { .. } => (format!("place {number}"), "Free at this moment."),
        Content::Queue { .. } => (format!("number {number} in line"), "Nobody waits here at this moment."),
        Content::Leases { .. } => (format!("lease {number}"), "Nothing is lent out at this moment."),
        Content::Plain | Content::Load(_) | Content::Ring(_) | Content::Steps { .. } => (String::new(), ""),
    };
    let flows = screen.system.flows.iter().filter(|flow| flow.from == at || flow.to == at);
    html! {
        <section class="request" aria-labelledby="request-title">
            <h3 id="request-title">{ &node.title }{ if place.is_empty() { "" } else { ": " } }{ place }</h3>
            <p class="num">{ node::name(node) }</p>
            { for part.map(|part| html! { <p class="nobody">{ format!("Its controls are open under “{part}”.") }</p> }) }
            if let Some(life) = &screen.picked {
                { waterfall(spec, screen, life) }
            } else if !nobody.is_empty() {
                <p class="nobody">{ nobody }</p>
            }
            <ul class="passed num">
                { for flows.map(|flow| {
                    let other = if flow.from == at { flow.to } else { flow.from };
                    let way = if flow.from == at { "to" } else { "from" };
                    let title = screen.system.nodes.get(other).map_or("", |node| node.title.as_str());
                    let why = flow.failure.map(|id| format!(", {}", diagram::reason(spec, id))).unwrap_or_default();
                    html! { <li><b>{ format::with_unit(format::count(flow.total), flow.unit) }</b>{ format!(" {way} {title}{why}") }</li> }
                }) }
            </ul>
            { measured(spec, screen, node.id) }
        </section>
    }
}

/// What was measured at the node `id`: totals and levels as they are now, durations of late.
fn measured(spec: &'static ScenarioSpec, screen: &Screen, id: &str) -> Html {
    let Some(part) = spec.parts.iter().find(|part| part.has(id)) else { return Html::default() };
    let metrics = part.metrics.iter().filter_map(|id| spec.metric(id).ok());
    let readings = metrics.filter_map(|metric| {
        let spec = spec.metrics.get(metric)?;
        let text = match *screen.recent.get(metric)? {
            Reading::Count(count) => format::with_unit(format::count(count), spec.unit.suffix()),
            Reading::Money(value) | Reading::Gauge { last: value, .. } => format::quantity(value, spec.unit),
            Reading::Histogram { count: 0, .. } => "none of late".to_owned(),
            Reading::Histogram { mean, p99, .. } => {
                format!(
                    "mean {}, p99 {}",
                    format::quantity(mean, spec.unit),
                    format::quantity(p99, spec.unit)
                )
            }
        };
        Some(html! { <li>{ spec.label }{ ": " }<b>{ text }</b></li> })
    });
    html! { <ul class="passed num" aria-label={format!("Measured: {}", part.label)}>{ for readings }</ul> }
}

fn waterfall(spec: &'static ScenarioSpec, screen: &Screen, of: &Life) -> Html {
    let axis = life::axis_ms(std::iter::once(of), screen.now);
    let names = life::names(std::iter::once(of));
    html! {
        <>
            <p class="num">{ format!("Arrived {}, ", life::moment(spec.clock, of.arrived)) }<b>{ life::duration(life::age_ms(of, screen.now)) }</b>{ " ago" }</p>
            <ol class="waterfall">
                { for of.spans.iter().map(|span| {
                    let lasts = life::duration(life::ms(span.from, span.to.unwrap_or(screen.now)));
                    html! {
                        <li>
                            <span class={(span.depth > 0).then_some("inner")}>{ span.name }{ if span.to.is_none() { ", still" } else { "" } }</span>
                            { life::bars(std::slice::from_ref(span), of.arrived, screen.now, axis, &names) }
                            <b class="num">{ lasts }{ if span.to.is_none() { " …" } else { "" } }</b>
                        </li>
                    }
                }) }
                <li class="axis num" aria-hidden="true"><span /><span class="ends"><span>{ "0" }</span><span>{ life::duration(axis) }</span></span><b /></li>
            </ol>
        </>
    }
}

/// The latest first, on a common scale.
fn list(spec: &'static ScenarioSpec, screen: &Screen, ended: &[Life]) -> Html {
    if ended.is_empty() {
        return html! { <p class="nobody">{ "None yet." }</p> };
    }
    let axis = life::axis_ms(ended.iter(), screen.now);
    let names = life::names(ended.iter());
    html! {
        <>
            { life::legend(&names, &names, axis) }
            <ol class="lives">
                { for ended.iter().map(|of| html! {
                    <li class={of.failed.then_some("failed")}>
                        <span class="num">{ life::moment(spec.clock, of.arrived) }</span>
                        { life::bars(&life::innermost(of), of.arrived, screen.now, axis, &names) }
                        <b class="num">{ life::duration(life::age_ms(of, screen.now)) }</b>
                        <span class="outcome">{ outcome(of.failed) }{ of.outcome.unwrap_or("") }</span>
                    </li>
                }) }
            </ol>
        </>
    }
}

fn outcome(failed: bool) -> Html {
    let path = if failed { "M2 2l8 8M10 2l-8 8" } else { "M1.5 6.5 5 10l5.5-8" };
    html! { <svg viewBox="0 0 12 12" aria-hidden="true"><path d={path} /></svg> }
}
