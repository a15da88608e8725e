//! The interview room: a question is answered in one's own words first; then one grades the answer by what a good one
//! says, and sees the run that bears it out. Questions come again after some days.

mod answer;
mod card;
mod deal;
mod export;
mod list;
mod timer;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::{document, window};
use litemap::LiteMap;
use warstories_lesson::Deck;
use warstories_lesson::deck::Card;
use warstories_lesson::measure::Measure;
use warstories_lesson::practice::Day;
use warstories_sim::{Link, Playable, Replay, SimTime, scenarios};
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;

use self::answer::{Act, Cursor};
use crate::browser::{address, calendar, data, input_events, parts};
use crate::rooms::front_door;
use crate::run::progress::{CardProgress, kept};
use crate::view::chart_data::save_text;

/// What is said where the browser keeps nothing.
const NOT_KEPT: &str = "This browser does not keep your answers, and they are lost when you leave this page: allow it to keep data, or save them as Markdown under \"All questions\".";

/// Events of a run that are played before the page answers again.
const SLICE: u64 = 20_000;

/// What the address asks for.
#[derive(Clone, PartialEq, Properties)]
pub struct InterviewProps {
    /// The question, by its id; none for all of them.
    pub card: Option<String>,
}

/// The interview room.
pub struct Interview {
    /// All questions; `None` until they have come.
    decks: Option<Vec<Deck>>,
    /// What has gone wrong, in a sentence.
    said: Option<String>,
    /// What was said to them.
    kept: LiteMap<String, CardProgress>,
    /// Whether the browser has taken all of it.
    is_kept: bool,
    today: Day,
    /// The run that bears out the answer to the question on show.
    proof: Option<Proof>,
    /// The row of the answer's grades that keys grade.
    row: Cursor,
    /// Whether the focus goes to what has just come.
    is_moved: bool,
    _listeners: [EventListener; 2],
}

/// The run that bears out an answer, on its way to its moment.
struct Proof {
    run: Box<dyn Playable>,
    moment: SimTime,
    is_there: bool,
    /// Its next slice, while it is on its way.
    on: Option<Timeout>,
}

/// What happens in the room.
pub enum Msg {
    /// All questions have come, or could not be had.
    Decks(Option<Vec<Deck>>),
    /// What the run of a story needs has come, or could not be had.
    Story(bool),
    /// Another tab may have changed what is kept.
    Changed,
    /// The learner does something at the question on show.
    Act(Act),
    /// The next question comes.
    Next,
    /// The run goes on.
    Run,
    /// Saves all answers for people to read.
    SaveAnswers,
    /// Saves all questions for a program that asks them.
    SaveCards,
}

impl Component for Interview {
    type Message = Msg;
    type Properties = InterviewProps;

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link();
        match front_door::decks_data() {
            Some(address) => data::fetch(address, {
                let link = link.clone();
                move |decks| link.send_message(Msg::Decks(decks))
            }),
            None => link.send_message(Msg::Decks(None)),
        }
        let changed = link.callback(|()| Msg::Changed);
        let pressed = link.callback(|key| Msg::Act(Act::Key(key)));
        let mut room = Self {
            decks: None,
            said: None,
            kept: LiteMap::new(),
            is_kept: true,
            today: calendar::today(),
            proof: None,
            row: None,
            is_moved: false,
            _listeners: [
                EventListener::new(&window(), "storage", move |_| changed.emit(())),
                input_events::single_keys_pressed(move |key| {
                    // The space bar moves the page, except where it gives an answer.
                    let asks = document().get_element_by_id(card::ANSWER).is_some();
                    let key = answer::key(key).filter(|key| *key != ' ' || asks);
                    if let Some(key) = key {
                        pressed.emit(key);
                    }
                    key.is_some()
                }),
            ],
        };
        room.look();
        room
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &InterviewProps) -> bool {
        self.arrive(ctx);
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Decks(decks) => {
                if decks.is_none() {
                    let sentence = "The questions did not load: check the connection and reload this page.";
                    self.said = Some(String::from(sentence));
                }
                self.decks = decks;
                self.arrive(ctx);
            }
            Msg::Story(true) => self.prove(ctx),
            Msg::Story(false) => {
                let sentence =
                    "The story behind this question did not load: check the connection and reload this page.";
                self.said = Some(String::from(sentence));
            }
            Msg::Changed => self.look(),
            Msg::Act(act) => self.act(act, ctx),
            Msg::Next => {
                let (decks, open) = (self.decks.as_deref().unwrap_or_default(), ctx.props().card.as_deref());
                let next = deal::next(decks, &self.kept, self.today, open);
                let to = next.map_or_else(|| String::from(address::INTERVIEW), |id| address::interview(&id));
                let _ = window().location().set_hash(&to);
                return false;
            }
            // What it says on the way is not what is asked for.
            Msg::Run => return self.run_on(ctx),
            Msg::SaveAnswers => {
                let text = export::markdown(self.decks.as_deref().unwrap_or_default(), &self.kept);
                save_text(&text, "text/markdown", "warstories-interview.md");
                return false;
            }
            Msg::SaveCards => {
                let text = export::anki(self.decks.as_deref().unwrap_or_default());
                save_text(&text, "text/tab-separated-values", "warstories-interview.txt");
                return false;
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let said = self.said.as_ref().map(|said| html! { <p class="notice" role="alert">{ said }</p> });
        let content = match (&self.decks, &ctx.props().card, self.card(ctx)) {
            (None, ..) if self.said.is_some() => Html::default(),
            (None, ..) => html! { <p class="waiting" role="status">{ "Loading the questions…" }</p> },
            (Some(decks), Some(_), Some(card)) => self.question(decks, card, ctx),
            (Some(decks), Some(id), None) => html! { <>{ list::unknown(id) }{ self.list(decks, ctx) }</> },
            (Some(decks), None, _) => self.list(decks, ctx),
        };
        html! { <main id="main" class="interview" tabindex="-1">{ said.unwrap_or_default() }{ content }</main> }
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        if std::mem::take(&mut self.is_moved) {
            let id = self.row.map_or_else(|| String::from(card::HEADING), card::row_id);
            let place = document().get_element_by_id(&id);
            if let Some(place) = place.and_then(|place| place.dyn_into::<HtmlElement>().ok()) {
                let _ = place.focus();
            }
        }
    }
}

impl Interview {
    /// Looks at what is kept, unless this page knows more.
    fn look(&mut self) {
        if !self.is_kept {
            return;
        }
        match kept::load() {
            Ok(store) => self.kept = store.cards,
            Err(sentence) => self.said = Some(sentence),
        }
    }

    /// The question on show.
    fn card<'s>(&'s self, ctx: &Context<Self>) -> Option<&'s Card> {
        let id = ctx.props().card.as_ref()?;
        deal::cards(self.decks.as_deref()?).find(|card| card.id == *id)
    }

    /// What is kept of a question.
    fn progress(&self, card: &Card) -> CardProgress {
        self.kept.get(card.id.as_str()).cloned().unwrap_or_default()
    }

    /// A question has come on show, or all of them.
    fn arrive(&mut self, ctx: &Context<Self>) {
        self.look();
        self.today = calendar::today();
        (self.row, self.proof) = (None, None);
        let Some(card) = self.card(ctx).cloned() else { return };
        if deal::standing(self.kept.get(card.id.as_str()), self.today) == deal::Standing::Due {
            let again = self.progress(&card).again();
            self.kept.insert(card.id.clone(), again);
        }
        self.prove(ctx);
    }

    /// Has the run at hand that bears out the answer, once all is there that it needs.
    fn prove(&mut self, ctx: &Context<Self>) {
        let Some(card) = self.card(ctx).cloned() else { return };
        let Ok(evidence) = Replay::parse(&card.evidence.play) else { return };
        let story = parts::Need::Story(evidence.replay.spec());
        if !story.is_met() {
            let link = ctx.link().clone();
            story.load(move |is_there| link.send_message(Msg::Story(is_there)));
            return;
        }
        self.proof = Some(Proof::new(&card, evidence));
        if self.progress(&card).is_given {
            let _ = self.run_on(ctx);
        }
    }

    fn act(&mut self, act: Act, ctx: &Context<Self>) {
        let Some(card) = self.card(ctx).cloned() else { return };
        let (before, row) = (self.progress(&card), self.row);
        let mut after = before.clone();
        let is_key = matches!(act, Act::Key(_));
        answer::act(&mut after, &mut self.row, &card, act, self.today);
        self.is_moved |=
            after.is_given != before.is_given || after.rated != before.rated || (is_key && self.row != row);
        if after.is_given && !before.is_given {
            let _ = self.run_on(ctx);
        }
        if after != before {
            if !kept::change_card(&card.id, after.clone()) {
                self.is_kept = false;
                self.said = Some(String::from(NOT_KEPT));
            }
            self.kept.insert(card.id.clone(), after);
        }
    }

    /// Plays the run that bears out the answer on towards its moment. Says whether it has come there.
    fn run_on(&mut self, ctx: &Context<Self>) -> bool {
        let Some(proof) = &mut self.proof else { return false };
        proof.is_there = proof.run.advance(proof.moment, SLICE);
        let link = ctx.link().clone();
        proof.on = (!proof.is_there).then(|| Timeout::new(0, move || link.send_message(Msg::Run)));
        proof.is_there
    }
}

impl Proof {
    /// The run of a question, at its beginning.
    fn new(card: &Card, link: Link) -> Self {
        let moment = link.moment.unwrap_or_default();
        let mut run = scenarios::start(link.replay);
        for at in card.evidence.measures().iter().flat_map(Measure::moments) {
            run.probe(at);
        }
        Self { run, moment, is_there: false, on: None }
    }
}
