//! All charts of a run, under one crosshair.

use std::rc::Rc;

use warstories_sim::ScenarioSpec;
use yew::prelude::*;

use super::chart::Chart;
use crate::browser::theme::ThemeVersion;
use crate::run::screen::Screen;

/// What the charts show.
#[derive(Properties)]
pub struct ChartsProps {
    /// The scenario.
    pub spec: &'static ScenarioSpec,
    /// The run.
    pub screen: Rc<Screen>,
    /// Charts to show, by their position in the scenario's table; all of them if there are none.
    #[prop_or_default]
    pub only: Vec<usize>,
    /// The run's link, to be stamped into what is exported.
    pub link: AttrValue,
    /// Changes when they must be drawn again.
    pub look: ThemeVersion,
    /// Whether time passes.
    pub playing: bool,
}

impl PartialEq for ChartsProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.screen, &other.screen)
            && (self.look, self.playing, &self.link, &self.only)
                == (other.look, other.playing, &other.link, &other.only)
    }
}

/// The charts, in the order of the scenario's table.
#[component]
pub fn Charts(props: &ChartsProps) -> Html {
    let ChartsProps { spec, screen, only, link, look, playing } = props;
    let hover = use_state_eq(|| None::<f64>);
    let on_hover = use_callback((), {
        let hover = hover.setter();
        move |at, ()| hover.set(at)
    });
    let shown = if only.is_empty() { (0..spec.charts.len()).collect() } else { only.clone() };
    let charts = shown.into_iter().filter_map(|index| spec.charts.get(index));
    html! {
        <div class={if only.is_empty() { "charts" } else { "charts watched" }}>
            { for charts.map(|chart| html! {
                <Chart key={chart.title} {chart} {spec} screen={screen.clone()} link={link.clone()} hover={*hover} on_hover={on_hover.clone()} look={*look} playing={*playing} />
            }) }
        </div>
    }
}
