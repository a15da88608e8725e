//! How far the learner is, at the lessons of the front door, and what can be done with it: taken along as a file,
//! brought from another browser, deleted.

use gloo::events::EventListener;
use gloo::utils::{document, window};
use warstories_sim::suggest::shortened;
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;

use super::{at, lesson_title};
use crate::browser::address::OWN;
use crate::browser::file;
use crate::run::progress::{Store, kept};
use crate::view::chart_data::save_text;
use crate::view::dialog;

/// Gets the focus when the button that had it is gone.
const TITLE: &str = "progress-title";

/// The learner's progress, as it is kept now.
pub struct Progress {
    store: Store,
    /// Whether something was set aside that cannot be read.
    has_unread: bool,
    /// What has come of what was done last.
    said: Option<String>,
    /// Whether the learner is asked before everything is deleted.
    is_asked: bool,
    closing: Option<EventListener>,
    /// Whether the focus has lost its place.
    is_focus_lost: bool,
    /// Another tab may change what is kept.
    _listener: EventListener,
}

/// What happens to it.
pub enum Msg {
    /// What is kept may have changed.
    Changed,
    /// It is saved as a file.
    Export,
    /// What was set aside is saved as a file.
    ExportUnread,
    /// A file was opened.
    Import(Vec<u8>),
    /// Everything may have to be deleted: the learner is asked.
    Ask,
    /// The question was closed.
    Close,
    /// Everything is deleted.
    Delete,
}

impl Component for Progress {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let changed = ctx.link().callback(|()| Msg::Changed);
        let mut progress = Self {
            store: Store::default(),
            has_unread: false,
            said: None,
            is_asked: false,
            closing: None,
            is_focus_lost: false,
            _listener: EventListener::new(&window(), "storage", move |_| changed.emit(())),
        };
        progress.look();
        progress
    }

    fn update(&mut self, _: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Changed => {}
            Msg::Export => {
                // Another tab may have kept more since.
                self.look();
                save_text(&self.store.print(), "application/json", "warstories-progress.json");
                return true;
            }
            Msg::ExportUnread => {
                let unread = kept::unread().unwrap_or_default();
                save_text(&unread, "text/plain", "warstories-progress-unread.txt");
                return false;
            }
            Msg::Import(file) => self.said = Some(kept::import(&file, name)),
            Msg::Ask => self.is_asked = true,
            Msg::Close => (self.is_asked, self.closing) = (false, None),
            Msg::Delete => {
                kept::delete();
                (self.is_asked, self.closing, self.is_focus_lost) = (false, None, true);
                self.said = Some(String::from("Your progress is deleted."));
            }
        }
        self.look();
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let far = self
            .store
            .lessons
            .iter()
            .map(|(id, progress)| at(&format!("far-{id}"), html! { progress.far() }));
        html! {
            <>
                { for far }
                { at("progress", self.section(ctx)) }
                if self.is_asked {
                    { question(ctx.link().callback(|_| Msg::Delete)) }
                }
            </>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        if self.is_asked && self.closing.is_none() {
            self.closing = dialog::show(ctx.link().callback(|()| Msg::Close));
        }
        if std::mem::take(&mut self.is_focus_lost)
            && let Some(title) = document().get_element_by_id(TITLE)
            && let Ok(title) = title.dyn_into::<HtmlElement>()
        {
            let _ = title.focus();
        }
    }
}

impl Progress {
    /// Looks at what is kept.
    fn look(&mut self) {
        match kept::load() {
            Ok(store) => self.store = store,
            Err(sentence) => (self.store, self.said) = (Store::default(), Some(sentence)),
        }
        self.has_unread = kept::unread().is_some();
    }

    fn section(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let import = link.callback(Msg::Import);
        let choose = move |event: Event| {
            if let Some(file) = file::chosen(&event) {
                file::read(file, import.clone());
            }
        };
        let (begun, done, cards) = (self.store.lessons.len(), self.store.done(), self.store.cards.len());
        let answered = self.store.cards.values().filter(|card| card.review.is_some()).count();
        let is_begun = begun + cards > 0;
        let told = if is_begun {
            let answers = if cards > 0 {
                format!(" Interview questions answered and rated: {answered}.")
            } else {
                String::new()
            };
            format!(
                "Lessons begun: {begun}, of which done: {done}.{answers} Only this browser keeps it: export it to go on in another one."
            )
        } else {
            String::from(
                "This browser keeps no progress yet. If you have exported yours in another one, import it here.",
            )
        };
        html! {
            <section class="progress" aria-labelledby={TITLE}>
                <h2 id={TITLE} tabindex="-1">{ "Your progress" }</h2>
                <p>{ told }</p>
                <div class="ways">
                    if is_begun {
                        <button type="button" class="button" onclick={link.callback(|_| Msg::Export)}>{ "Export" }</button>
                    }
                    <label class="button">
                        { "Import" }
                        <input type="file" class="unseen" accept=".json,application/json" onchange={choose} />
                    </label>
                    if self.has_unread {
                        <button type="button" class="button" onclick={link.callback(|_| Msg::ExportUnread)}>{ "Save what cannot be read" }</button>
                    }
                    if is_begun || self.has_unread {
                        <button type="button" class="button" onclick={link.callback(|_| Msg::Ask)}>{ "Delete" }</button>
                    }
                </div>
                <div role="status">
                    if let Some(said) = &self.said { <p class="notice">{ said }</p> }
                </div>
            </section>
        }
    }
}

/// Asks before everything is deleted.
fn question(delete: Callback<MouseEvent>) -> Html {
    let content = html! {
        <>
            <p>{ "Everything that this browser keeps is deleted: steps, predictions, votes, answers and goals, and what you have said to interview questions. This cannot be undone." }</p>
            <div class="ways">
                <button type="button" class="button" onclick={|_| dialog::close()}>{ "Keep it" }</button>
                <button type="button" class="button" onclick={delete}>{ "Delete all progress" }</button>
            </div>
        </>
    };
    dialog::dialog("Delete your progress?", content)
}

/// What a lesson is called.
fn name(key: &str) -> String {
    match lesson_title(key) {
        Some(title) => title,
        None if key.split('.').next() == Some(OWN) => String::from("a lesson of your own"),
        None => shortened(key),
    }
}
