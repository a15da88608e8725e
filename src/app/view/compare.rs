//! Runs side by side, in figures.

use warstories_sim::ScenarioSpec;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::controls::changed;
use super::icon::{self, icon};
use crate::browser::address;
use crate::run::branches::MAX_NAME;
use crate::run::compare::{Row, rows, shared};
use crate::run::screen::Screen;
use crate::run::session::{Action, Session, whole};

/// What the comparison shows.
pub struct Compare<'a> {
    /// The scenario.
    pub spec: &'static ScenarioSpec,
    /// The learner's runs.
    pub session: &'a Session,
    /// The runs.
    pub screen: &'a Screen,
    /// The learner does something.
    pub act: &'a Callback<Action>,
}

/// The comparison.
pub fn compare(props: &Compare) -> Html {
    let Compare { spec, session, screen, act } = props;
    let branches = &session.branches;
    let runs: Vec<_> = std::iter::once(screen.whole.as_slice())
        .chain(screen.ghosts.iter().map(|ghost| ghost.whole.as_slice()))
        .collect();
    // What the runs differ in comes first; the rest would hide it.
    let series = &screen.samples.0;
    let (since, counts) = branches.parting().map_or_else(Default::default, |at| shared(spec, series, at));
    let (different, same): (Vec<_>, Vec<_>) = rows(spec, &runs, &counts).into_iter().partition(Row::differs);
    let span = if counts.is_empty() {
        String::new()
    } else {
        format!(" and since {}, just before they parted", spec.clock.label(since))
    };
    let names = screen.ghosts.iter().map(|ghost| ghost.name.as_str());
    let baseline = {
        let act = (*act).clone();
        move |event: Event| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            act.emit(Action::Baseline(input.is_some_and(|input| input.checked())));
        }
    };
    html! {
        <section class="card compare" aria-labelledby="compare">
            <div class="row">
                <h2 id="compare" tabindex="-1">{ "Compare runs" }</h2>
                <label class="switch"><input type="checkbox" checked={branches.baseline} onchange={baseline} /><span>{ "Baseline: the run that nobody touched" }</span></label>
            </div>
            <ul class="branches">
                { for branches.all().iter().map(|branch| {
                    let id = branch.id;
                    let is_current = id == branches.current().id;
                    let rename = {
                        let act = (*act).clone();
                        move |event: Event| {
                            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                                act.emit(Action::Rename(id, input.value()));
                            }
                        }
                    };
                    html! {
                        <li key={id}>
                            <input class="name" aria-label={format!("Name of branch {}", branch.name)} maxlength={MAX_NAME.to_string()}
                                value={branch.name.clone()} onchange={rename} />
                            <small>{ changed(session.changes(&branch.replay)) }</small>
                            <a href={address::play(&branch.replay.print_to_send((screen.now.nanos() > 0).then_some(whole(screen.now))))} target="_blank" rel="noopener">
                                { "Link" }<span class="unseen">{ format!(" to branch {}, opens in a new tab", branch.name) }</span></a>
                            if branches.all().len() > 1 {
                                <button type="button" class="button" onclick={act.reform(move |_| Action::Remove(id))}>
                                    { icon(icon::CLOSE) }<span class="unseen">{ format!("Remove branch {}", branch.name) }</span></button>
                            }
                            if is_current { <span class="tag">{ "on show" }</span> }
                        </li>
                    }
                }) }
            </ul>
            if runs.len() < 2 {
                <p class="muted">{ "Fork the run to try something else from this moment on, or show the baseline: both go on side by side." }</p>
            } else {
                <div class="wide" tabindex="0" role="region" aria-label="Figures of all runs">
                <table>
                    <caption>{ format!("At {}, over the whole run{span}; differences to {}", spec.clock.label(screen.now), branches.current().name) }</caption>
                    <thead><tr>
                        <th scope="col"><span class="unseen">{ "Figure" }</span></th>
                        <th scope="col">{ branches.current().name.clone() }</th>
                        { for names.map(|name| html! { <th scope="col">{ name.to_owned() }</th> }) }
                    </tr></thead>
                    <tbody>{ for different.iter().map(|row| line(row, runs.len())) }</tbody>
                </table>
                </div>
                if !same.is_empty() {
                    <details>
                        <summary>{ format!("{} figures are the same in all runs", same.len()) }</summary>
                        <table><tbody>{ for same.iter().map(|row| line(row, 1)) }</tbody></table>
                    </details>
                }
            }
        </section>
    }
}

/// A figure of the first `runs`.
fn line(row: &Row, runs: usize) -> Html {
    html! {
        <tr key={format!("{} {}", row.metric.id, row.stat)}>
            <th scope="row">{ row.metric.label }<small>{ row.stat }</small></th>
            { for (0..runs).map(|index| html! {
                <td class="num" data-compare={row.metric.id} data-stat={row.stat}>{ row.text(index) }
                    if index > 0 { <small>{ row.difference(index, 0) }</small> }
                </td>
            }) }
        </tr>
    }
}
