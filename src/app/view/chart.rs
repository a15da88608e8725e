//! A chart: title, legend and values in HTML, the curves on a canvas below, the crosshair on a layer of its own.

use std::rc::Rc;

use warstories_sim::spec::ChartSpec;
use warstories_sim::{ScenarioSpec, SimTime};
use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

use super::canvas::{self, ChartStyle};
use super::chart_data::{ChartData, chart_data};
use super::crosshair::{Crosshair, crosshair};
use crate::browser::theme::ThemeVersion;
use crate::run::screen::Screen;
use crate::view::plot;
use crate::view::size::use_size;

/// Lines that a legend names in any case. Of more than these it leaves out whatever has never happened.
const FEW: usize = 4;

/// What a chart shows.
#[derive(Properties)]
pub struct ChartProps {
    /// The chart.
    pub chart: &'static ChartSpec,
    /// Its scenario.
    pub spec: &'static ScenarioSpec,
    /// The run.
    pub screen: Rc<Screen>,
    /// The run's link, to be stamped into what is exported.
    pub link: AttrValue,
    /// The moment under the crosshair that all charts share, in seconds.
    pub hover: Option<f64>,
    /// The learner moves the crosshair, or takes it away.
    pub on_hover: Callback<Option<f64>>,
    /// Changes when it must be drawn again.
    pub look: ThemeVersion,
    /// Whether time passes.
    pub playing: bool,
}

impl PartialEq for ChartProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.screen, &other.screen)
            && (self.look, self.playing, self.hover, &self.link)
                == (other.look, other.playing, other.hover, &other.link)
    }
}

/// A chart.
#[component]
pub fn Chart(props: &ChartProps) -> Html {
    let ChartProps { chart, spec, screen, link, hover, on_hover, look, playing } = props;
    let canvas = use_node_ref();
    let size = use_size(&canvas);
    let legend = use_node_ref();
    let alone = use_state(|| None::<usize>);
    let open = use_state(|| false);
    let style = use_mut_ref(|| None::<(ThemeVersion, ChartStyle)>);
    let drawn = use_mut_ref(|| None);
    {
        let (chart, spec, canvas, legend) = (*chart, *spec, canvas.clone(), legend.clone());
        let (screen, alone, look, playing) = (screen.clone(), *alone, *look, *playing);
        use_effect(move || {
            let (Some(canvas), Some(legend)) = (canvas.cast::<HtmlCanvasElement>(), legend.cast::<Element>())
            else {
                return;
            };
            let ghosts: Vec<_> = screen.ghosts.iter().map(|ghost| ghost.samples.clone()).collect();
            let (samples, guesses) = (screen.samples.clone(), screen.guesses.clone());
            let still = (!screen.playing).then_some(screen.now);
            let new = Some((samples, ghosts, screen.marks.len(), guesses, alone, look, size, still));
            let (mut drawn, mut style) = (drawn.borrow_mut(), style.borrow_mut());
            let is_read = style.as_ref().is_some_and(|(of, _)| *of == look);
            // While time passes the next chance to draw comes as soon as somebody can have scrolled here.
            if *drawn == new || playing && is_read && canvas::is_out_of_sight(&canvas) {
                return;
            }
            if !is_read {
                *style = ChartStyle::read(&canvas, &legend).map(|style| (look, style));
            }
            if let Some((_, style)) = style.as_ref() {
                canvas::draw(&canvas, style, chart, spec, &screen, alone);
                *drawn = new;
            }
        });
    }
    let id = format!("chart-{}", chart.title.to_ascii_lowercase().replace(' ', "-"));
    let hovered = hover.map(|seconds| plot::readout(chart, spec, screen, seconds));
    let lines = plot::lines(chart, spec);
    let is_crowded = lines.len() > FEW;
    let entries = lines.into_iter().enumerate().map(|(index, line)| {
        let value = hovered
            .as_ref()
            .and_then(|values| values.get(index).cloned())
            .unwrap_or_else(|| line.text(spec, line.now(spec, screen)));
        let is_alone = *alone == Some(index);
        let isolate = {
            let alone = alone.clone();
            move |_| alone.set((!is_alone).then_some(index))
        };
        let dimmed = alone.is_some_and(|alone| alone != index).then_some("dimmed");
        let class = classes!(dimmed, (is_crowded && line.is_idle(spec, screen)).then_some("idle"));
        html! {
            <li {class}>
                <button type="button" aria-pressed={is_alone.to_string()} title="Show this line alone" onclick={isolate}>
                    { swatch(line.class) }{ &line.label }
                </button>
                <b class="num">{ value }</b>
            </li>
        }
    });
    let near = hover.map(|seconds| {
        let clock = spec.clock.label(SimTime::from_secs_f64(seconds));
        plot::mark_near(screen, spec, seconds).map_or(clock, |mark| mark.text.clone())
    });
    let layer = Crosshair {
        title: chart.title,
        clock: spec.clock,
        end: plot::axis_end(&screen.samples.0, spec),
        step: screen.samples.0.width().as_secs_f64(),
        now: screen.now.as_secs_f64(),
        hover: *hover,
        on_hover,
    };
    html! {
        <section class="card chart" aria-labelledby={id.clone()}>
            <header>
                <h2 {id}>{ chart.title }</h2>
                <small>{ near.unwrap_or_else(|| format!("{} now", plot::chart_unit(chart, spec))) }</small>
                <ul class="legend" ref={legend}>
                    { for entries }
                    <li class="unseen" aria-hidden="true">
                        { swatch("line-mark") }{ swatch("line-moment") }{ swatch("line-guess") }{ swatch("line-run") }
                        { for GHOST_CLASSES.map(swatch) }
                    </li>
                </ul>
                if !screen.ghosts.is_empty() {
                    <ul class="ghosts" aria-label="Runs to compare with">
                        { for screen.ghosts.iter().zip(GHOST_CLASSES.iter().cycle()).map(|(ghost, class)| html! {
                            <li>{ ghost_swatch(class) }{ &ghost.name }{ plot::ghost_part(chart, spec) }</li>
                        }) }
                    </ul>
                }
            </header>
            <div class="plot">
                <canvas ref={canvas.clone()} role="img" aria-label={plot::sentence(chart, spec, screen)} />
                { crosshair(&layer) }
            </div>
            { chart_data(&ChartData { chart, spec, screen, link, canvas: &canvas, open: &open }) }
        </section>
    }
}

const GHOST_CLASSES: [&str; canvas::GHOSTS] = ["ghost-1", "ghost-2", "ghost-3", "ghost-4"];

/// A piece of a line as the style sheet draws it; the canvas reads from it how to draw the rest.
fn swatch(class: &'static str) -> Html {
    html! { <svg class="swatch" viewBox="0 0 20 8" aria-hidden="true"><line class={classes!("line", class)} x1="0" x2="20" y1="4" y2="4" /></svg> }
}

/// The same, where the canvas need not read it a second time.
fn ghost_swatch(class: &'static str) -> Html {
    html! { <svg class="swatch" viewBox="0 0 20 8" aria-hidden="true"><line class={classes!("ghost", class)} x1="0" x2="20" y1="4" y2="4" /></svg> }
}
