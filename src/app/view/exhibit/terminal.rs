//! A terminal: what was printed, the line that is being typed, and every command as a button. The buttons are one stop of the
//! Tab key, the arrow keys go from one to the next.

use gloo::utils::document;
use warstories_sim::ScenarioSpec;
use warstories_sim::terminal::{Command, MOST_CHARS, Terminal};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::run::shell::{Entry, Shell, Typed, complete};

const HELP: Command = Command::look(&["help"], "Lists the commands, and what they do.");

/// What is typed, and what was printed.
pub struct Console<'a> {
    /// The story.
    pub spec: &'static ScenarioSpec,
    /// Its commands.
    pub terminal: &'static Terminal,
    /// How things stand.
    pub shell: &'a Shell,
    /// In a lesson, which actions may be taken at present, by their position.
    pub actions: Option<&'a [bool]>,
    /// Somebody does something.
    pub on_type: Callback<Typed>,
}

/// The panel.
pub fn console(console: &Console) -> Html {
    let Console { spec, terminal, shell, on_type, .. } = console;
    let (terminal, is_free, has_ways) = (*terminal, shell.is_free, !shell.ways.is_empty());
    let commands = offered(console);
    let current = shell.current.min(commands.len() - 1);
    let key = {
        let (on_type, last) = (on_type.clone(), commands.len() - 1);
        Callback::from(move |event: KeyboardEvent| {
            let Some(target) = event.target_dyn_into::<Element>() else { return };
            let is_alone = !(event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key());
            let pressed = event.key();
            let typed = if let Some(field) = target.dyn_ref::<HtmlInputElement>() {
                typed(&pressed, is_alone, &event, field, terminal, is_free, has_ways)
            } else if is_alone && target.has_attribute(COMMAND) {
                match pressed.as_str() {
                    "ArrowRight" | "ArrowDown" => Some(Typed::Go((current + 1).min(last))),
                    "ArrowLeft" | "ArrowUp" => Some(Typed::Go(current.saturating_sub(1))),
                    "Home" => Some(Typed::Go(0)),
                    "End" => Some(Typed::Go(last)),
                    _ => None,
                }
            } else {
                None
            };
            if let Some(typed) = typed {
                // Elsewhere on the page the arrow keys move time.
                if !matches!(typed, Typed::Write) {
                    event.prevent_default();
                    event.stop_propagation();
                }
                on_type.emit(typed);
            }
        })
    };
    let press = {
        let on_type = on_type.clone();
        Callback::from(move |event: MouseEvent| {
            let button = event.target_dyn_into::<Element>().filter(|target| target.has_attribute(COMMAND));
            if let Some(line) = button.and_then(|button| button.text_content()) {
                on_type.emit(Typed::Run(line));
            }
        })
    };
    let buttons = |name: &'static str, acts: bool| {
        let own = || commands.iter().enumerate().filter(|(_, command)| command.action.is_some() == acts);
        html! {
            if own().next().is_some() {
                <div role="group" aria-label={name}>
                    <small aria-hidden="true">{ name }</small>
                    { for own().map(|(at, command)| html! {
                        <button key={at} type="button" class="command" data-command="" title={command.doc}
                            tabindex={if at == current { "0" } else { "-1" }}>{ command.usage() }</button>
                    }) }
                </div>
            }
        }
    };
    html! {
        <section class="card exhibit terminal" aria-labelledby="terminal" onkeydown={key} onclick={press}>
            <header>
                <h2 id="terminal">{ "Terminal" }</h2>{ " " }
                <small id="terminal-keys" class={has_ways.then_some("unseen")}>
                    { "Tab completes, ↑ goes back; Escape, then Tab, leaves." }
                </small>
                <small role="status" class="mono">{ for shell.ways.iter().map(|way| html! { <span>{ *way }{ " " }</span> }) }</small>
            </header>
            <div class="printed" role="log" aria-label="What was printed" tabindex="0">
                if shell.screen().is_empty() {
                    <p class="at">{ "Type a command, or press one below; help says what each does." }</p>
                }
                { for shell.screen().iter().map(|entry| printed(entry, spec, terminal)) }
            </div>
            <div class="typing">
                <label for="terminal-line">{ terminal.prompt }</label>
                <input id="terminal-line" type="text" maxlength={MOST_CHARS.to_string()} aria-label="Command" aria-describedby="terminal-keys"
                    autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false" enterkeyhint="go" />
            </div>
            <div class="commands">{ buttons("Look", false) }{ buttons("Act", true) }</div>
        </section>
    }
}

const COMMAND: &str = "data-command";

/// What a key does in the field, if it is not the browser's own.
fn typed(
    pressed: &str,
    is_alone: bool,
    event: &KeyboardEvent,
    field: &HtmlInputElement,
    terminal: &Terminal,
    is_free: bool,
    has_ways: bool,
) -> Option<Typed> {
    if pressed == "l" && event.ctrl_key() && !event.shift_key() && !event.alt_key() {
        return Some(Typed::Clear);
    }
    let done = match pressed {
        _ if !is_alone || event.is_composing() => None,
        "Enter" => Some(Typed::Run(field.value())),
        "ArrowUp" | "ArrowDown" => Some(Typed::Recall(pressed == "ArrowUp", field.value())),
        "Escape" => Some(Typed::Leave),
        "Tab" if is_free => return None,
        "Tab" => {
            let line = field.value();
            let (to, ways) = complete(&line, terminal.completions(&line))?;
            Some(Typed::Complete(to, ways))
        }
        _ => None,
    };
    done.or_else(|| (is_free || has_ways).then_some(Typed::Write))
}

/// The commands that may be given at present: first those that look, then those that act.
fn offered(console: &Console) -> Vec<&'static Command> {
    let Console { spec, terminal, actions, .. } = console;
    let mut offered = Vec::new();
    for acts in [false, true] {
        for command in terminal.commands {
            let is_open = match (command.action, actions) {
                (Some(id), Some(open)) => spec.action(id).is_ok_and(|action| open.get(action) == Some(&true)),
                _ => true,
            };
            if command.action.is_some() == acts && is_open {
                offered.push(command);
            }
        }
        if !acts {
            offered.push(&HELP);
        }
    }
    offered
}

fn printed(entry: &Entry, spec: &ScenarioSpec, terminal: &Terminal) -> Html {
    html! {
        <div key={entry.number}>
            <p><span class="at">{ spec.clock.label(entry.at) }</span>{ " " }<span aria-hidden="true">{ terminal.prompt }</span><b>{ &entry.line }</b></p>
            if !entry.text.is_empty() { <pre>{ &entry.text }</pre> }
        </div>
    }
}

/// Writes a line into the field.
pub fn write(line: &str) {
    let field = document().get_element_by_id("terminal-line");
    if let Some(field) = field.as_ref().and_then(|field| field.dyn_ref::<HtmlInputElement>()) {
        field.set_value(line);
    }
}

/// Puts the focus on the button that is its stop.
pub fn focus_on_stop() {
    let stop = document().query_selector(".command[tabindex=\"0\"]").ok().flatten();
    if let Some(stop) = stop.as_ref().and_then(|stop| stop.dyn_ref::<HtmlElement>()) {
        let _ = stop.focus();
    }
}

/// Scrolls to what was printed last.
pub fn scroll_to_end() {
    if let Some(printed) = document().query_selector(".terminal .printed").ok().flatten() {
        printed.set_scroll_top(printed.scroll_height());
    }
}
