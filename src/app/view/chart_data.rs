//! The numbers behind a chart: as a table, and to take away.

use std::rc::Rc;

use gloo::file::{Blob, ObjectUrl};
use gloo::utils::document;
use warstories_sim::ScenarioSpec;
use warstories_sim::spec::ChartSpec;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{HtmlAnchorElement, HtmlCanvasElement};
use yew::prelude::*;

use super::picture;
use crate::run::screen::Screen;
use crate::view::plot;

/// Which chart of which run.
pub struct ChartData<'a> {
    /// The chart.
    pub chart: &'static ChartSpec,
    /// Its scenario.
    pub spec: &'static ScenarioSpec,
    /// The run.
    pub screen: &'a Rc<Screen>,
    /// The run's link, to be stamped into what is exported.
    pub link: &'a AttrValue,
    /// The curves.
    pub canvas: &'a NodeRef,
    /// Whether the table shows.
    pub open: &'a UseStateHandle<bool>,
}

/// A table that opens, and two buttons.
pub fn chart_data(data: &ChartData) -> Html {
    let ChartData { chart, spec, screen, link, canvas, open } = *data;
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let name = format!("{}-{}", spec.id, chart.title.to_ascii_lowercase().replace(' ', "-"));
    let save_csv = {
        let (screen, link, name) = (screen.clone(), link.clone(), name.clone());
        move |_: MouseEvent| {
            let text = plot::csv(chart, spec, &screen.samples.0, &link);
            save(&Blob::new_with_options(text.as_str(), Some("text/csv")), &format!("{name}.csv"));
        }
    };
    let save_png = {
        let (canvas, link, name) = (canvas.clone(), link.clone(), format!("{name}.png"));
        move |_: MouseEvent| {
            if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
                let title = format!("{}: {}", spec.title, chart.title);
                let name = name.clone();
                picture::of(&canvas, &title, &link, move |blob| save(&blob.into(), &name));
            }
        }
    };
    html! {
        <div class="chart-data">
            <button type="button" class="quiet" aria-expanded={open.to_string()} onclick={toggle}>
                { if **open { "Hide table" } else { "Show data as table" } }<span class="unseen">{ format!(" of {}", chart.title) }</span>
            </button>
            <button type="button" class="quiet" onclick={save_csv}>{ "CSV" }<span class="unseen">{ format!(" of {}", chart.title) }</span></button>
            <button type="button" class="quiet" onclick={save_png}>{ "PNG" }<span class="unseen">{ format!(" of {}", chart.title) }</span></button>
            if **open {
                { table(chart, spec, screen) }
            }
        </div>
    }
}

fn table(chart: &ChartSpec, spec: &ScenarioSpec, screen: &Screen) -> Html {
    let (heads, rows) = plot::table(chart, spec, &screen.samples.0);
    let unit = plot::chart_unit(chart, spec);
    let caption = if unit.is_empty() { chart.title.to_owned() } else { format!("{}, {unit}", chart.title) };
    html! {
        <div class="data-table" tabindex="0" role="region" aria-label={format!("{}: data", chart.title)}>
            { data_table(&caption, &heads, &rows) }
        </div>
    }
}

/// Rows of as many cells as there are heads; the first cell of each is its head.
pub fn data_table(caption: &str, heads: &[String], rows: &[Vec<String>]) -> Html {
    html! {
        <table>
            <caption>{ caption }</caption>
            <thead><tr>{ for heads.iter().map(|head| html! { <th scope="col">{ head }</th> }) }</tr></thead>
            <tbody>{ for rows.iter().map(|row| html! {
                <tr>
                    <th scope="row" class="num">{ &row[0] }</th>
                    { for row[1..].iter().map(|cell| html! { <td class="num">{ cell }</td> }) }
                </tr>
            }) }</tbody>
        </table>
    }
}

/// Hands a text to the learner, as a file.
pub fn save_text(text: &str, kind: &str, name: &str) {
    save(&Blob::new_with_options(text, Some(kind)), name);
}

/// Hands a file to the learner.
fn save(file: &Blob, name: &str) {
    let url = ObjectUrl::from(file.clone());
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
}
