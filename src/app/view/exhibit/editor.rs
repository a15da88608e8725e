//! An editor for the file of a run. What is written is entered into the run when the field is left, or with Ctrl and Enter, or
//! before the file is put to use; until then it is the learner's alone, and the browser's own undo works in it. The Tab key leaves.

use gloo::timers::callback::Timeout;
use gloo::utils::document;
use warstories_sim::document::{Change, Document, MOST_COMPARED, Remark, changes};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};
use yew::prelude::*;

use crate::run::session::Action;
use crate::view::icon::{self, icon};

/// Characters that the field takes. A run holds fewer of what differs from the reference.
const MOST_CHARS: u32 = 10_000;
/// A text is inspected when nobody has written for so long: what is half written is no fault.
const QUIET_MS: u32 = 300;

/// What is edited, and how.
#[derive(PartialEq, Properties)]
pub struct EditorProps {
    /// The file.
    pub document: Document,
    /// Values of all parameters, by which it is inspected.
    pub values: Vec<f64>,
    /// Characters of its entry at most: so much of a difference to the reference a run holds.
    pub most: usize,
    /// Whether it may be edited at present.
    pub is_open: bool,
    /// The action that puts it to use, where that may be taken, and its label.
    pub push: Option<(usize, &'static str)>,
    /// Called when the learner changes something.
    pub act: Callback<Action>,
}

/// The panel.
pub struct Editor {
    field: NodeRef,
    /// What stands in the field.
    text: String,
    remarks: Vec<Remark>,
    /// Why it cannot be entered as it stands, in a sentence.
    refusal: Option<&'static str>,
    /// How high the part of it was that is in sight, in CSS pixels.
    height: i32,
    inspection: Option<Timeout>,
}

/// What happens to the panel.
pub enum Msg {
    /// Somebody writes.
    Write,
    /// Nobody has written for a while.
    Inspect,
    /// What is written is entered.
    Enter,
    /// It is entered and put to use.
    Push,
    /// All is as in the reference again.
    Reset,
    /// Somebody goes to a place: line and column.
    Go(u32, u32),
    /// A line is broken: the next one begins as far to the right.
    Break,
}

impl Component for Editor {
    type Message = Msg;
    type Properties = EditorProps;

    fn create(ctx: &Context<Self>) -> Self {
        let text = ctx.props().document.draft.to_string();
        let mut editor = Self {
            field: NodeRef::default(),
            text,
            remarks: Vec::new(),
            refusal: None,
            height: 0,
            inspection: None,
        };
        editor.inspect(ctx);
        editor
    }

    fn changed(&mut self, ctx: &Context<Self>, before: &EditorProps) -> bool {
        let EditorProps { document, values, .. } = ctx.props();
        // Another moment or another run: its file is shown.
        if document.draft != before.document.draft && *document.draft != *self.text {
            self.text = document.draft.to_string();
            self.inspect(ctx);
        } else if *values != before.values {
            self.inspect(ctx);
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let act = &ctx.props().act;
        match msg {
            Msg::Write => {
                let Some(field) = self.field() else { return false };
                self.text = field.value();
                let link = ctx.link().clone();
                self.inspection = Some(Timeout::new(QUIET_MS, move || link.send_message(Msg::Inspect)));
            }
            Msg::Inspect => self.inspect(ctx),
            Msg::Enter => self.enter(ctx),
            Msg::Push => {
                self.enter(ctx);
                // What the run does not have would not be pushed, but the file before.
                if let Some((action, _)) = ctx.props().push.filter(|_| self.refusal.is_none()) {
                    act.emit(Action::Act(action));
                }
            }
            Msg::Reset => {
                self.text = String::from(ctx.props().document.sheet.reference);
                self.inspect(ctx);
                self.enter(ctx);
            }
            Msg::Go(line, column) => {
                self.go(line, column);
                return false;
            }
            Msg::Break => {
                self.break_line();
                return false;
            }
        }
        true
    }

    /// Whoever writes goes on seeing where, also when something is said below that takes room.
    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        let Some(field) = self.field() else { return };
        let Some(sheet) = field.parent_element() else { return };
        let height = sheet.client_height();
        if std::mem::replace(&mut self.height, height) == height
            || document().active_element().as_ref() != Some(field.as_ref())
        {
            return;
        }
        let at = field.selection_end().ok().flatten().unwrap_or_default() as usize;
        let above = self.text.encode_utf16().take(at).filter(|unit| *unit == u16::from(b'\n')).count() as i32;
        let line = field.client_height() / self.text.split('\n').count().max(1) as i32;
        let (top, bottom) = (above * line, (above + 1) * line);
        let shown = sheet.scroll_top();
        if top < shown || bottom > shown + height {
            sheet.set_scroll_top((bottom - height).max(0));
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let EditorProps { document, is_open, push, .. } = ctx.props();
        let button = |label: &'static str, disabled: bool, msg: fn() -> Msg| {
            html! { <button type="button" class="button" {disabled} onclick={ctx.link().callback(move |_| msg())}>{ label }</button> }
        };
        let (sheet, link) = (document.sheet, ctx.link());
        let changes = changes(sheet.reference, &self.text);
        let key = link.batch_callback(|event: KeyboardEvent| {
            if event.key() != "Enter" || event.is_composing() || event.alt_key() || event.shift_key() {
                return None;
            }
            event.prevent_default();
            Some(if event.ctrl_key() || event.meta_key() { Msg::Push } else { Msg::Break })
        });
        let cols = self.text.lines().take(MOST_COMPARED).map(|line| line.chars().count()).max();
        let is_live = *document.live == *self.text;
        html! {
            <section class="card exhibit editor" aria-labelledby="editor">
                <header>
                    <h2 id="editor">{ sheet.title }</h2>{ " " }
                    <small>{ if is_live { "This is the file that is live." } else { "This file is not live." } }</small>
                </header>
                // What scrolls is reached by the field in it.
                <div class="sheet">
                    <div class="lines" aria-hidden="true">{ self.lines(&changes) }</div>
                    <textarea ref={self.field.clone()} id="sheet" aria-label={sheet.title} aria-describedby="sheet-keys" rows={(self.text.split('\n').count()).to_string()}
                        cols={(cols.unwrap_or_default() + 2).to_string()} maxlength={MOST_CHARS.to_string()} readonly={!is_open} wrap="off"
                        spellcheck="false" autocapitalize="none" value={self.text.clone()}
                        oninput={link.callback(|_| Msg::Write)} onchange={link.callback(|_| Msg::Enter)} onkeydown={key} />
                </div>
                <div class="remarks" role="status">
                    { for self.remarks.iter().map(|remark| told(remark, ctx)) }
                    { for self.refusal.iter().map(|why| html! { <div>{ icon(icon::CLOSE) }{ why }</div> }) }
                </div>
                if *is_open {
                    <div class="editing">
                        if let Some((_, label)) = push {
                            { button(label, false, || Msg::Push) }
                        }
                        { button("Back to the reference", changes.is_empty(), || Msg::Reset) }
                        <small id="sheet-keys">
                            if push.is_some() { { "Ctrl+Enter pushes. " } }
                            { "Tab leaves the file." }
                        </small>
                    </div>
                }
                if changes.is_empty() {
                    <p class="differs">{ "It is the reference, line for line." }</p>
                } else {
                    <details class="differs">
                        <summary>{ differs(&changes) }</summary>
                        <pre>{ for changes.iter().map(line) }</pre>
                    </details>
                }
            </section>
        }
    }
}

impl Editor {
    fn field(&self) -> Option<HtmlTextAreaElement> {
        self.field.cast()
    }

    fn inspect(&mut self, ctx: &Context<Self>) {
        self.inspection = None;
        let EditorProps { document, values, .. } = ctx.props();
        self.remarks = (document.sheet.inspect)(&self.text, values);
        let length = (document.sheet.entry)(&self.text).chars().count();
        self.refuse(length, ctx);
    }

    fn refuse(&mut self, length: usize, ctx: &Context<Self>) {
        let most = ctx.props().most;
        self.refusal = (length > most).then_some(
            "This file is not entered: it differs from the reference by more characters than a run holds. Shorten it.",
        );
    }

    /// Enters what is written, unless the run has it already, or cannot hold it.
    fn enter(&mut self, ctx: &Context<Self>) {
        let EditorProps { document, act, is_open, .. } = ctx.props();
        let sheet = document.sheet;
        let (mine, its) = ((sheet.entry)(&self.text), (sheet.entry)(&document.draft));
        self.refuse(mine.chars().count(), ctx);
        if *is_open && mine != its && self.refusal.is_none() {
            act.emit(Action::Write { field: sheet.field, text: mine.into() });
        }
    }

    /// The numbers of the lines, with a sign where one is wrong or differs from the reference.
    fn lines(&self, changes: &[Change]) -> Html {
        let count = self.text.split('\n').count().min(MOST_COMPARED);
        let is_wrong = |number: usize| {
            self.remarks.iter().any(|remark| remark.at.is_some_and(|(line, _)| line as usize == number))
        };
        let is_new = |number: usize| {
            changes.iter().any(|change| matches!(change, Change::Come(line, _) if *line == number))
        };
        (1..=count)
            .map(|number| {
                let (class, sign) = match number {
                    _ if is_wrong(number) => (Some("wrong"), '×'),
                    _ if is_new(number) => (Some("new"), '+'),
                    _ => (None, ' '),
                };
                html! { <span key={number} {class}>{ format!("{number:>3} {sign}") }</span> }
            })
            .collect()
    }

    fn go(&self, line: u32, column: u32) {
        let Some(field) = self.field() else { return };
        // A field counts in units of UTF-16.
        let units = |text: &str| text.encode_utf16().count() as u32;
        let mut lines = self.text.split('\n');
        let begin: u32 =
            lines.by_ref().take((line as usize).saturating_sub(1)).map(|line| units(line) + 1).sum();
        let own = lines.next().unwrap_or_default();
        let before: usize = own.chars().take((column as usize).saturating_sub(1)).map(char::len_utf16).sum();
        let _ = field.focus();
        let _ = field.set_selection_range(begin + before as u32, begin + units(own));
    }

    fn break_line(&self) {
        let Some(field) = self.field() else { return };
        let at = field.selection_start().ok().flatten().unwrap_or_default() as usize;
        let units: Vec<u16> = field.value().encode_utf16().take(at).collect();
        let line = units.iter().rposition(|unit| *unit == u16::from(b'\n')).map_or(0, |at| at + 1);
        let indent = units[line..].iter().take_while(|unit| **unit == u16::from(b' ')).count();
        let text = String::from("\n") + &" ".repeat(indent);
        // As if it had been typed, so that the browser's own undo knows of it.
        if let Some(document) = document().dyn_ref::<HtmlDocument>() {
            let _ = document.exec_command_with_show_ui_and_value("insertText", false, &text);
        }
    }
}

fn told(remark: &Remark, ctx: &Context<Editor>) -> Html {
    html! {
        <div>
            { icon(icon::CLOSE) }
            <b>{ &remark.who }</b>{ ": " }
            if let Some((line, column)) = remark.at {
                <button type="button" class="place" onclick={ctx.link().callback(move |_| Msg::Go(line, column))}>
                    { format!("line {line}, column {column}") }
                </button>
                { ": " }
            }
            { &remark.why }{ if remark.why.ends_with('?') { "" } else { "." } }
        </div>
    }
}

/// How many lines differ, in words; some do.
fn differs(changes: &[Change]) -> String {
    let come = changes.iter().filter(|change| matches!(change, Change::Come(..))).count();
    let gone = changes.len() - come;
    format!("Against the reference: {gone} {} gone, {come} new", if gone == 1 { "line" } else { "lines" })
}

fn line(change: &Change) -> Html {
    match change {
        Change::Gone(number, text) => html! { <del>{ format!("− {number:>3}  {text}\n") }</del> },
        Change::Come(number, text) => html! { <ins>{ format!("+ {number:>3}  {text}\n") }</ins> },
    }
}
