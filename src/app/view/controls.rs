//! All controls of a scenario, built from its tables and grouped by the part of the system that they belong to.

pub mod groups;
mod items;
mod presets;

use gloo::utils::document;
use warstories_sim::inert::Inert;
use warstories_sim::link::parse_seed;
use warstories_sim::{ScenarioSpec, format};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use self::groups::Groups;
use self::items::Item;
use super::icon::{self, icon};
use super::knob::Field;
use crate::run::docs::Docs;
use crate::run::lesson_host::OpenControls;
use crate::run::screen::Pick;
use crate::run::session::Action;

/// So many controls need no groups.
pub const FEW: usize = 6;

/// What the controls show.
#[derive(PartialEq, Properties)]
pub struct Controls {
    /// The scenario.
    pub spec: &'static ScenarioSpec,
    /// Values of its parameters.
    pub values: Vec<f64>,
    /// What they are unless somebody changes them.
    pub defaults: Vec<f64>,
    /// Parameters and actions that do nothing at present.
    pub inert: Vec<Inert>,
    /// What a lesson has opened; `None` where there is no lesson.
    pub open: Option<OpenControls>,
    /// An action that the story's own panel offers.
    pub offered: Option<usize>,
    /// Start values, and changes and actions, that differ from the run as it was given.
    pub changes: (usize, usize),
    /// Grows whenever all values are set anew.
    pub resets: u32,
    /// Why nothing may be changed at present, and what ends that.
    pub rest: Option<&'static str>,
    /// The seed.
    pub seed: u64,
    /// Whether there is anything to undo, and to redo.
    pub steps: (bool, bool),
    /// Whether time stops by itself when the run announces something.
    pub pause_at_announcements: bool,
    /// What the learner looks at in the diagram.
    pub picked: Option<Pick>,
    /// The help texts.
    pub docs: Docs,
    /// The learner does something.
    pub act: Callback<Action>,
}

impl Controls {
    /// Whether a lesson lets the learner sort something.
    pub fn has_sorting(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.texts.contains(&true))
    }

    /// The part of the system that the picked node belongs to, if there is a group of controls for it: its position and
    /// its label.
    pub fn picked_part(&self) -> Option<(usize, &'static str)> {
        let node = self.picked?.node;
        let items = self.items();
        let part = self.spec.parts.iter().position(|part| part.has(node))?;
        let has_group = items.len() > FEW && items.iter().any(|item| item.part == part);
        has_group.then(|| (part, self.spec.parts[part].label))
    }
}

/// The panel of controls.
#[component]
pub fn ControlPanel(panel: &Controls) -> Html {
    let Controls { spec, open, changes, rest, seed, pause_at_announcements, docs, act, .. } = panel;
    let rests = rest.is_some();
    let groups = use_mut_ref(Groups::default);
    let redraw = use_force_update();
    let (items, picked) = (panel.items(), panel.picked_part());
    {
        let asked = panel.picked.zip(picked).map(|(pick, (part, _))| (part, pick.clicks));
        groups.borrow_mut().follow(&panel.tally(&items), open.is_some(), asked);
        use_effect_with(asked, |asked| {
            if let Some((part, _)) = asked {
                bring_into_sight(*part);
            }
        });
    }
    let find = {
        let (groups, redraw) = (groups.clone(), redraw.clone());
        Callback::from(move |word: String| {
            groups.borrow_mut().find(&word);
            redraw.force_update();
        })
    };
    let fold = {
        let groups = groups.clone();
        Callback::from(move |(part, is_open)| {
            groups.borrow_mut().fold(part, is_open);
            // What is drawn next must differ from what the learner has made of it.
            redraw.force_update();
        })
    };
    html! {
        <aside class="controls" aria-labelledby="controls">
            <div class="row">
                <h2 id="controls">{ "Controls" }</h2>
                { undo_and_redo(panel) }
                <button type="button" class="button small" disabled={rests} onclick={act.reform(|_| Action::ResetParams)}>{ "Reset all" }</button>
            </div>
            <div class="row changes">
                <span data-role="inputs">{ changed(*changes) }</span>
                <button type="button" class="button" disabled={rests || changes.1 == 0}
                    onclick={act.reform(|_| Action::Forget)} title="Starts the run again without them">{ "Forget them" }</button>
            </div>
            if *docs == Docs::Missing {
                <p class="changes">{ "The explanations of this story did not load: check the connection and reload this page." }</p>
            }
            if let Some(rest) = rest {
                <p class="locked-knobs" data-role="rest">{ *rest }</p>
            } else if open.is_none() {
                { presets::presets(spec, docs.texts(), act) }
            } else if open.as_ref().is_some_and(|open| open.params.contains(&false)) {
                <p class="locked-knobs">{ "The story opens more controls as it goes on." }</p>
            }
            if items.len() > FEW {
                { search(groups.borrow().word(), said(&groups.borrow(), &items, picked), &find) }
                { grouped(panel, &items, &groups.borrow(), &fold) }
            } else {
                { for items.iter().filter(|item| !item.is_action()).map(|item| panel.item(item, false)) }
                if items.iter().any(Item::is_action) {
                    <h2>{ "Actions" }</h2>
                    { for items.iter().filter(|item| item.is_action()).map(|item| panel.item(item, false)) }
                }
            }
            <h2>{ "Run" }</h2>
            { run(*seed, rests, *pause_at_announcements, act) }
        </aside>
    }
}

/// The buttons that take the last step back, and take it once more.
pub fn undo_and_redo(Controls { rest, steps, act, .. }: &Controls) -> Html {
    let rests = rest.is_some();
    html! {
        <>
            <button type="button" class="button small" disabled={rests || !steps.0} title="Undo (Ctrl + Z)"
                onclick={act.reform(|_| Action::Undo)}>{ icon(icon::UNDO) }<span class="unseen">{ "Undo" }</span></button>
            <button type="button" class="button small" disabled={rests || !steps.1} title="Redo (Ctrl + Shift + Z)"
                onclick={act.reform(|_| Action::Redo)}>{ icon(icon::REDO) }<span class="unseen">{ "Redo" }</span></button>
        </>
    }
}

/// What the last search has found, or which group was opened last.
fn said(groups: &Groups, items: &[Item], picked: Option<(usize, &str)>) -> String {
    if groups.word().is_empty() {
        return picked.map_or_else(String::new, |(_, label)| format!("The controls of “{label}” are open."));
    }
    let found = items.iter().filter(|item| groups.finds(&item.texts)).count();
    format!("{found} of {} controls match", items.len())
}

/// The field for a word to look for.
fn search(word: &str, said: String, find: &Callback<String>) -> Html {
    let write = find.reform(|event: InputEvent| {
        event.target_dyn_into::<HtmlInputElement>().map_or_else(String::new, |input| input.value())
    });
    let find = find.clone();
    let clear = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            find.emit(String::new());
        }
    };
    html! {
        <div>
            <input type="search" class="find" placeholder="Find a control" aria-label="Find a control" autocomplete="off"
                value={word.to_owned()} oninput={write} onkeydown={clear} />
            <p role="status" class={if word.is_empty() { "unseen" } else { "changes" }}>{ said }</p>
        </div>
    }
}

/// The controls by part of the system; of these, the ones that a search finds.
fn grouped(panel: &Controls, items: &[Item], groups: &Groups, fold: &Callback<(usize, bool)>) -> Html {
    let tally = panel.tally(items);
    let group = |part: usize| {
        let own = || items.iter().filter(|item| item.part == part);
        let is_empty = own().all(|item| !groups.finds(&item.texts));
        let toggle = fold.reform(move |event: Event| {
            (part, event.target_dyn_into::<Element>().is_some_and(|group| group.has_attribute("open")))
        });
        let (label, changed) = (panel.spec.parts[part].label, tally[part].changed);
        html! {
            <details key={label} id={group_id(part)} class="part" open={groups.is_open(part)} hidden={is_empty} ontoggle={toggle}>
                <summary><b>{ label }</b>if changed > 0 { <small>{ format!(" {changed} changed") }</small> }</summary>
                { for own().map(|item| panel.item(item, !groups.finds(&item.texts))) }
            </details>
        }
    };
    html! { { for (0..tally.len()).filter(|part| tally[*part].shown > 0).map(group) } }
}

fn group_id(part: usize) -> String {
    format!("part-{part}")
}

/// Scrolls the column of controls, and only that, to a group whose beginning is not in its upper half.
fn bring_into_sight(part: usize) {
    let group = document().get_element_by_id(&group_id(part));
    if let Some(group) = group.and_then(|group| group.dyn_into::<HtmlElement>().ok())
        && let Some(column) = group.parent_element()
    {
        let (top, seen) = (group.offset_top(), column.scroll_top());
        if !(seen..seen + column.client_height() / 2).contains(&top) {
            column.set_scroll_top(top);
        }
    }
}

/// How many start values are other than they were given, and how much is done later.
pub fn changed((starts, inputs): (usize, usize)) -> String {
    let plural = |count| if count == 1 { "" } else { "s" };
    let [start, later] = [starts, inputs].map(|count| format::count(count as u64));
    let start = format!("{start} start value{} changed", plural(starts));
    let later = format!("{later} change{} in this run", plural(inputs));
    match (starts, inputs) {
        (0, 0) => String::from("No changes yet"),
        (_, 0) => start,
        (0, _) => later,
        _ => format!("{later}, {start}"),
    }
}

/// New seeds are drawn below this: short enough to be told to a neighbour.
const NEW_SEEDS: f64 = 1_000_000.0;

/// A seed that nobody has chosen.
pub fn new_seed() -> u64 {
    (js_sys::Math::random() * NEW_SEEDS) as u64
}

/// What the run as a whole depends on, and how it is watched.
fn run(seed: u64, rests: bool, pause_at_announcements: bool, act: &Callback<Action>) -> Html {
    let commit = {
        let act = act.clone();
        Callback::from(move |text: String| parse_seed(text.trim()).map(|seed| act.emit(Action::Seed(seed))))
    };
    let pause = {
        let act = act.clone();
        move |event: Event| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            act.emit(Action::PauseAtAnnouncements(input.is_some_and(|input| input.checked())));
        }
    };
    html! {
        <>
            <Field label="Seed" of="seed" id="seed" value={seed.to_string()} disabled={rests} on_commit={commit}>
                <button type="button" class="button small" disabled={rests} onclick={act.reform(|_| Action::Seed(new_seed()))}>{ "New seed" }</button>
            </Field>
            <label class="switch" title="Time stops where a metric reaches a threshold, falls below it again, or something else happens that the timeline marks.">
                <span>{ "Pause at announcements" }</span>
                <input type="checkbox" checked={pause_at_announcements} onchange={pause} />
            </label>
        </>
    }
}
