//! The system as one drawing: lines, boxes and labels.

use warstories_sim::ScenarioSpec;
use warstories_sim::course::Course;
use warstories_sim::snapshot::Snapshot;
use web_sys::Element;
use yew::prelude::*;

use super::face::{SMALL, TEXT_LINE};
use super::labels::Side;
use super::layout::Layout;
use super::links::Link;
use super::node::{self, at};
use super::readings::Readings;
use super::route::Point;
use super::text;
use crate::run::screen::Pick;

/// How round corners are, and how long an arrow head is.
const BEND: f64 = 8.0;
pub const HEAD: f64 = 7.0;

/// What a drawing is made from.
pub struct Diagram<'a> {
    /// The scenario, which names the reasons of failures.
    pub spec: &'static ScenarioSpec,
    /// The system.
    pub system: &'a Snapshot,
    /// Where everything stands.
    pub layout: &'a Layout,
    /// What it says.
    pub readings: &'a Readings,
    /// What has moved in it lately.
    pub course: &'a Course,
    /// Whether counts stand in for dots.
    pub still: bool,
    /// The request that the learner looks at.
    pub picked: Option<Pick>,
}

impl Diagram<'_> {
    /// The drawing. `svg` is where it ends up, `pick` is called with what the learner wants to look at.
    pub fn draw(&self, svg: &NodeRef, pick: &Callback<Option<Pick>>) -> Html {
        let layout = self.layout;
        html! {
            <svg class="diagram" ref={svg} role="group" aria-label={self.sentence()}
                viewBox={format!("0 0 {:.1} {:.1}", layout.width, layout.height)}>
                <g aria-hidden="true">{ for layout.links.iter().map(|link| self.line(link)) }</g>
                { for (0..self.system.nodes.len()).map(|index| self.node(index, svg, pick)) }
                <g aria-hidden="true">{ for layout.links.iter().map(|link| self.label(link)) }</g>
            </svg>
        }
    }

    /// The drawing in words: what happens on the ways; boxes speak for themselves.
    fn sentence(&self) -> String {
        let mut parts = vec!["The system".to_owned()];
        for link in self.layout.links.iter().filter(|link| self.is_used(link)) {
            let Some(flow) = link.flows.first().map(|flow| self.system.flows[*flow]) else { continue };
            let name = |node: usize| &self.system.nodes[node].title;
            let what = if link.failed { " failed" } else { "" };
            let rate = self.rate_text(self.rate(link), link.unit);
            if !rate.is_empty() {
                parts.push(format!("{} to {}: {rate}{what}", name(flow.from), name(flow.to)));
            }
        }
        parts.join("; ")
    }

    fn rate_text(&self, per_s: f64, unit: &str) -> String {
        text::rate(per_s, Course::window(self.spec.sample_width()), unit)
    }

    fn rate(&self, link: &Link) -> f64 {
        self.readings.rate(&link.flows)
    }

    /// Failures that have not happened yet are not drawn; their place is kept.
    fn is_shown(&self, link: &Link) -> bool {
        !link.failed || self.is_used(link)
    }

    /// Whether anybody has ever gone this way.
    fn is_used(&self, link: &Link) -> bool {
        link.flows.iter().any(|flow| self.system.flows[*flow].total > 0)
    }

    fn line(&self, link: &Link) -> Html {
        if !self.is_shown(link) {
            return Html::default();
        }
        let class = if link.failed { "way failed" } else { "way" };
        html! { <g {class}><path class="way-line" d={bent(&link.points)} /><path class="way-head" d={arrow(&link.points)} /></g> }
    }

    /// A way that nobody has gone says nothing.
    fn label(&self, link: &Link) -> Html {
        if !self.is_used(link) {
            return Html::default();
        }
        let Some(spot) = link.label else { return Html::default() };
        let lines = self.label_lines(link, spot.is_full);
        let (x, y) = spot.at;
        let last = lines.len().saturating_sub(1) as f64;
        let (x, y, end) = match spot.side {
            Side::Above => (x, y - 7.0 - last * TEXT_LINE, "middle"),
            Side::Below => (x, y + 16.0, "middle"),
            Side::Right => (x + 9.0, y + 4.0 - last * TEXT_LINE / 2.0, "start"),
            Side::Left => (x - 9.0, y + 4.0 - last * TEXT_LINE / 2.0, "end"),
        };
        let class = if link.failed { "way-label failed" } else { "way-label" };
        html! {
            { for lines.into_iter().enumerate().map(|(index, line)| html! {
                <text {class} text-anchor={end} x={at(x)} y={at(y + index as f64 * TEXT_LINE)}>{ line }</text>
            }) }
        }
    }

    /// Each flow keeps its lines, so that a reason that appears moves no other.
    fn label_lines(&self, link: &Link, is_full: bool) -> Vec<String> {
        let count = |flows: &[usize]| {
            if self.still {
                let all = flows.iter().map(|flow| self.readings.count(*flow)).sum();
                format!(" +{}", warstories_sim::format::count(all))
            } else {
                String::new()
            }
        };
        if !link.failed || !is_full {
            return vec![format!("{}{}", self.rate_text(self.rate(link), link.unit), count(&link.flows))];
        }
        let of_flow = |index: &usize| {
            let flow = self.system.flows[*index];
            let reason = flow.failure.map(|id| reason(self.spec, id)).unwrap_or_default();
            let reason = text::lines(&reason, text::letters(link.reason, SMALL), SMALL, 1).concat();
            let rate = self.rate_text(self.readings.rate(&[*index]), "");
            if flow.total > 0 { format!("{reason} {rate}{}", count(&[*index])) } else { String::new() }
        };
        let mut all: Vec<String> = link.flows.iter().map(of_flow).collect();
        // The first reason stands next to its line, wherever that is.
        if link.label.is_some_and(|spot| spot.side == Side::Above) {
            all.reverse();
        }
        all
    }

    fn node(&self, index: usize, svg: &NodeRef, pick: &Callback<Option<Pick>>) -> Html {
        let rect = self.layout.nodes[index];
        let node = self.readings.node(index).unwrap_or(&self.system.nodes[index]);
        let id = node.id;
        let picked = self.picked.filter(|pick| pick.node == id);
        let position = picked.map(|pick| pick.position);
        let clicks = self.picked.map_or(0, |pick| pick.clicks);
        let form = self.layout.forms[index];
        let grid = node::places(node, rect, form);
        let width = self.layout.width;
        let course =
            if self.course.is_of(self.system) { self.course.of_node(self.system, index) } else { Vec::new() };
        let click = {
            let (svg, pick) = (svg.clone(), pick.clone());
            move |event: MouseEvent| {
                let hit = point(&svg, width, &event).and_then(|point| grid?.0.hit(point));
                let position = hit.filter(|hit| grid.is_some_and(|(_, count)| *hit < count)).unwrap_or(0);
                pick.emit(Some(Pick { node: id, position, clicks: clicks + 1 }));
            }
        };
        let key = {
            let pick = pick.clone();
            move |event: KeyboardEvent| {
                let key = event.key();
                let step = grid.and_then(|(places, _)| places.step(&key));
                let (position, clicks) = match (key.as_str(), step) {
                    ("Enter" | " ", _) => (position.unwrap_or(0), clicks + 1),
                    (_, Some(step)) => {
                        let last = grid.map_or(0, |(_, count)| count.saturating_sub(1));
                        let next = position.map_or(0, |position| position.saturating_add_signed(step));
                        (next.min(last), clicks)
                    }
                    _ => return,
                };
                // Neither does the page scroll nor the run start.
                event.prevent_default();
                event.stop_propagation();
                pick.emit(Some(Pick { node: id, position, clicks }));
            }
        };
        html! {
            <g key={node.id} class={classes!("node", node::look(node.health).0)} role="button" tabindex="0" data-node={node.id}
                aria-pressed={picked.is_some().to_string()} onclick={click} onkeydown={key}>
                <title>{ node::name(node) }</title>
                { node::draw(node, rect, form, position, &course) }
            </g>
        }
    }
}

/// A failure reason as people read it, within a sentence.
pub fn reason(spec: &ScenarioSpec, id: &str) -> String {
    let label = spec.metrics.iter().find(|metric| metric.id == id).map(|metric| metric.label);
    label.map_or_else(|| id.replace('_', " "), str::to_ascii_lowercase)
}

/// Where a click went, in units of the drawing.
fn point(svg: &NodeRef, width: f64, event: &MouseEvent) -> Option<Point> {
    let rect = svg.cast::<Element>()?.get_bounding_client_rect();
    let unit = rect.width() / width;
    let (x, y) = (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top());
    (unit > 0.0).then(|| (x / unit, y / unit))
}

/// The line through all corners, which are rounded.
fn bent(points: &[Point]) -> String {
    let corner = |(index, (x, y)): (usize, &Point)| {
        let ends = (index.checked_sub(1).and_then(|before| points.get(before)), points.get(index + 1));
        match ends {
            (None, _) => format!("M{x:.1} {y:.1}"),
            (Some(_), None) => format!("L{x:.1} {y:.1}"),
            (Some(before), Some(after)) => {
                let (from, to) = (toward((*x, *y), *before, BEND), toward((*x, *y), *after, BEND));
                format!("L{:.1} {:.1}Q{x:.1} {y:.1} {:.1} {:.1}", from.0, from.1, to.0, to.1)
            }
        }
    };
    points.iter().enumerate().map(corner).collect::<Vec<_>>().concat()
}

/// The point this far from one toward another, at most half way.
fn toward(from: Point, to: Point, by: f64) -> Point {
    let length = (to.0 - from.0).hypot(to.1 - from.1).max(1e-9);
    let part = (by / length).min(0.5);
    (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part)
}

fn arrow(points: &[Point]) -> String {
    let [.., before, tip] = points else { return String::new() };
    let (x, y) = (tip.0 - before.0, tip.1 - before.1);
    let part = HEAD.min(x.hypot(y)) / x.hypot(y).max(1e-9);
    let (x, y) = (tip.0 - x * part, tip.1 - y * part);
    let (dx, dy) = ((tip.0 - x) * 0.55, (tip.1 - y) * 0.55);
    format!("M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}z", tip.0, tip.1, x - dy, y + dx, x + dy, y - dx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_are_round_and_the_arrow_points_to_the_end() {
        assert_eq!(bent(&[(0.0, 0.0), (50.0, 0.0)]), "M0.0 0.0L50.0 0.0");
        let path = bent(&[(0.0, 0.0), (50.0, 0.0), (50.0, 50.0)]);
        assert_eq!(path, "M0.0 0.0L42.0 0.0Q50.0 0.0 50.0 8.0L50.0 50.0");
        assert!(arrow(&[(0.0, 0.0), (50.0, 0.0)]).starts_with("M50.0 0.0L43.0"));
    }
}
