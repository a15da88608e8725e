//! A story's own panels: announced by its scenario, drawn by their kind.

mod code;
mod sequence;
pub mod editor;
pub mod log;
pub mod sorter;
pub mod table;
pub mod terminal;
pub mod waterfall;

use warstories_sim::exhibit::{Exhibit, ExhibitSpec};
use warstories_sim::{ScenarioSpec, scenarios};
use web_sys::Element;
use yew::prelude::*;

use crate::browser::background::{Background, Request};
use crate::run::exhibits::{Answer, OpenExhibits, Sight, State};
use crate::run::lesson_host::OpenControls;
use crate::run::session::Action;

/// Which story, under which values.
#[derive(PartialEq, Properties)]
pub struct ExhibitsProps {
    /// The story.
    pub spec: &'static ScenarioSpec,
    /// Values of all parameters.
    pub values: Vec<f64>,
    /// Whether only those are shown that belong beside a run all the time.
    #[prop_or_default]
    pub is_beside: bool,
    /// The id of one that must not be seen yet, none for all that take a moment, and why.
    #[prop_or_default]
    pub withheld: Option<(Option<String>, String)>,
    /// In a lesson, what it lets the learner touch.
    pub open: Option<OpenControls>,
    /// Called when the learner changes something.
    pub act: Callback<Action>,
}

/// All exhibits of a story. What takes a moment is computed by a worker once it is opened.
pub struct Exhibits {
    open: OpenExhibits,
    background: Option<Background>,
}

/// What happens here.
pub enum Msg {
    /// Somebody opens or closes an exhibit.
    Toggle(&'static str, bool),
    /// The worker has answered, or there is none.
    Answer(Option<Box<Answer>>),
}

impl Component for Exhibits {
    type Message = Msg;
    type Properties = ExhibitsProps;

    fn create(ctx: &Context<Self>) -> Self {
        let ExhibitsProps { spec, values, is_beside, .. } = ctx.props();
        let mut exhibits = Self { open: OpenExhibits::default(), background: None };
        let announced = scenarios::exhibits(spec, values);
        for exhibit in announced.iter().filter(|exhibit| exhibit.is_open && !is_beside) {
            exhibits.open.toggle(exhibit.id, true);
        }
        exhibits.compute(ctx);
        exhibits
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &ExhibitsProps) -> bool {
        self.compute(ctx);
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            // The browser tells of what the page has opened by itself, too.
            Msg::Toggle(id, is_open) if self.open.is_open(id) == is_open => return false,
            Msg::Toggle(id, is_open) => self.open.toggle(id, is_open),
            Msg::Answer(answer) => {
                if answer.is_none() {
                    self.background = None;
                }
                self.open.take(answer.map(|answer| *answer), &ctx.props().values);
            }
        }
        self.compute(ctx);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let ExhibitsProps { spec, values, is_beside, .. } = ctx.props();
        scenarios::exhibits(spec, values)
            .into_iter()
            .filter(|exhibit| exhibit.is_cheap || !is_beside)
            .map(
                |exhibit| {
                    if exhibit.is_cheap { cheap(&exhibit, ctx) } else { self.on_request(&exhibit, ctx) }
                },
            )
            .collect()
    }
}

impl Exhibits {
    /// Has the next exhibit computed that is not up to date.
    fn compute(&mut self, ctx: &Context<Self>) {
        let ExhibitsProps { spec, values, .. } = ctx.props();
        let Some(asked) = self.open.next(spec, values) else { return };
        let request = Request::Exhibit(asked);
        if let Some(background) = &self.background {
            background.ask(&request);
            return;
        }
        self.background = Background::start(&request, ctx.link().callback(Msg::Answer));
        if self.background.is_none() {
            self.open.take(None, values);
        }
    }

    fn on_request(&self, exhibit: &ExhibitSpec, ctx: &Context<Self>) -> Html {
        let id = exhibit.id;
        let toggle = ctx.link().callback(move |event: Event| {
            let details = event.target_dyn_into::<Element>();
            Msg::Toggle(id, details.is_some_and(|details| details.has_attribute("open")))
        });
        let withheld = withheld(exhibit, ctx);
        let sight = self.open.sight(id, &ctx.props().values).filter(|_| withheld.is_none());
        html! {
            <details key={id} class="card exhibit" open={self.open.is_open(id)} ontoggle={toggle}>
                <summary><b>{ exhibit.title }</b>{ " " }<small>{ &exhibit.summary }</small></summary>
                { for withheld }
                { for sight.map(|Sight { exhibit: computed, state }| html! {
                    <>
                        <p role="status">{ match state {
                            State::Current => "",
                            State::Computing => "This is being computed.",
                            State::Failed => "This could not be computed: check the connection, then close this panel and open it again.",
                        } }</p>
                        <div class="exhibit-body" aria-busy={(state == State::Computing).then_some("true")}>
                            { for computed.map(|computed| body(exhibit, computed, ctx)) }
                        </div>
                    </>
                }) }
            </details>
        }
    }
}

fn cheap(exhibit: &ExhibitSpec, ctx: &Context<Exhibits>) -> Html {
    let ExhibitsProps { spec, values, is_beside, .. } = ctx.props();
    let Some(computed) = scenarios::cheap_exhibit(spec, exhibit.id, values) else { return Html::default() };
    html! {
        // Beside the charts it may scroll, and a lesson may leave nothing in it to be set.
        <section key={exhibit.id} class="card exhibit" aria-labelledby={exhibit.id} tabindex={is_beside.then_some("0")}>
            <header><h2 id={exhibit.id}>{ exhibit.title }</h2>{ " " }<small>{ &exhibit.summary }</small></header>
            { withheld(exhibit, ctx).unwrap_or_else(|| body(exhibit, &computed, ctx)) }
        </section>
    }
}

/// Why the exhibit must not be seen yet, if so.
fn withheld(exhibit: &ExhibitSpec, ctx: &Context<Exhibits>) -> Option<Html> {
    let (which, why) = ctx.props().withheld.as_ref()?;
    // What takes no time to compute tells of these values alone, and of no other run.
    if which.as_ref().map_or(exhibit.is_cheap, |which| which != exhibit.id) {
        return None;
    }
    Some(html! { <p>{ why }</p> })
}

fn body(exhibit: &ExhibitSpec, computed: &Exhibit, ctx: &Context<Exhibits>) -> Html {
    let ExhibitsProps { values, open, act, .. } = ctx.props();
    match computed {
        Exhibit::Code(code) => {
            let is_open =
                open.as_ref().is_none_or(|open| open.params.get(code.param).copied().unwrap_or(true));
            code::code(exhibit.id, code, values, is_open, act)
        }
        // Whoever follows a link out of a lesson must find the lesson as it was.
        Exhibit::Table(table) => table::table(exhibit.title, table, open.is_some()),
        Exhibit::Sequence(sequence) => sequence::sequence(exhibit.title, sequence),
        Exhibit::Listing(text) => html! {
            <pre class="printed listing" tabindex="0" role="region" aria-label={exhibit.title}>{ text }</pre>
        },
    }
}
