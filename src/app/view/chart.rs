//! A chart: title, legend and current values in HTML, the curves on a canvas below.

use std::rc::Rc;

use warstories_sim::ScenarioSpec;
use warstories_sim::scenario::ChartSpec;
use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

use super::canvas;
use crate::look::Look;
use crate::plot;
use crate::screen::Screen;

/// What a chart shows.
#[derive(Properties)]
pub struct ChartProps {
    /// The chart.
    pub chart: &'static ChartSpec,
    /// Its scenario.
    pub spec: &'static ScenarioSpec,
    /// The run.
    pub screen: Rc<Screen>,
    /// Changes when it must be drawn again.
    pub look: Look,
}

impl PartialEq for ChartProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.screen, &other.screen) && self.look == other.look
    }
}

/// A chart.
#[component]
pub fn Chart(props: &ChartProps) -> Html {
    let ChartProps { chart, spec, screen, look } = props;
    let canvas = use_node_ref();
    let legend = use_node_ref();
    {
        let (chart, spec, canvas, legend) = (*chart, *spec, canvas.clone(), legend.clone());
        use_effect_with((screen.samples.clone(), *look), move |(samples, _)| {
            if let (Some(canvas), Some(legend)) =
                (canvas.cast::<HtmlCanvasElement>(), legend.cast::<Element>())
            {
                canvas::draw(&canvas, &legend, chart, spec, &samples.0);
            }
        });
    }
    let id = format!("chart-{}", chart.title.to_lowercase().replace(' ', "-"));
    html! {
        <section class="card chart" aria-labelledby={id.clone()}>
            <header>
                <h2 {id}>{ chart.title }</h2>
                <small>{ plot::chart_unit(chart, spec) }</small>
                <ul class="legend" ref={legend}>
                    { for plot::lines(chart, spec).into_iter().map(|line| html! {
                        <li><span>{ swatch(line.class) }{ &line.label }</span><b class="num">{ line.text(spec, line.now(spec, screen)) }</b></li>
                    }) }
                    <li class="unseen" aria-hidden="true">{ swatch("line-mark") }</li>
                </ul>
            </header>
            <canvas ref={canvas} role="img" aria-label={plot::sentence(chart, spec, screen)} />
        </section>
    }
}

/// A piece of a line as the style sheet draws it; the canvas reads from it how to draw the rest.
fn swatch(class: &'static str) -> Html {
    html! { <svg class="swatch" viewBox="0 0 20 8" aria-hidden="true"><line class={classes!("line", class)} x1="0" x2="20" y1="4" y2="4" /></svg> }
}
