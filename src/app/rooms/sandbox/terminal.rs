//! The terminal into the run, and its log: what the learner types is answered by the run at the moment on show.

use warstories_sim::terminal::Reply;
use yew::prelude::*;

use super::{Msg, Opened, Play};
use crate::browser::clock::clock_ms;
use crate::run::lesson_host::OpenControls;
use crate::run::session::Action;
use crate::run::shell::Typed;
use crate::view::controls::Controls;
use crate::view::exhibit::log::log;
use crate::view::exhibit::terminal::{self, Console, console};

/// Lines of the log on show.
const LOG_LINES: usize = 12;
/// While time passes the log changes once in so many milliseconds: nobody could read it any faster.
const LOG_EVERY_MS: f64 = 2000.0;
const CLOSED: &str = "Nothing was run: this command is not for this step.";
const ONLY_LOOKS: &str = "Lock in your answer first. Until then the terminal only looks.";
const ON_ITS_WAY: &str = "The run is still on its way to this moment. Try again once it is there.";

impl Play {
    pub(super) fn type_in(&mut self, typed: Typed, ctx: &Context<Self>) {
        self.shell.ways.clear();
        self.shell.is_free = false;
        match typed {
            Typed::Run(line) => {
                terminal::write("");
                if !line.trim().is_empty() {
                    self.run_line(&line, ctx);
                    self.opened = Some(Opened::Printed);
                }
            }
            Typed::Recall(older, line) => {
                if let Some(line) = self.shell.recall(older, line) {
                    terminal::write(line);
                }
            }
            Typed::Complete(to, ways) => {
                if !to.is_empty() {
                    terminal::write(to);
                }
                self.shell.ways = ways;
            }
            Typed::Write => {}
            Typed::Leave => {
                self.shell.is_free = true;
                terminal::focus_on_stop();
            }
            Typed::Clear => self.shell.clear(),
            Typed::Go(button) => {
                self.shell.current = button;
                self.opened = Some(Opened::Button);
            }
        }
    }

    /// The learner runs a line. What it prints is of the moment before what it does.
    fn run_line(&mut self, line: &str, ctx: &Context<Self>) {
        let moment = self.player.moment();
        let Reply { mut text, mut action } = self.reply(line);
        if let (Some(index), Some(open)) = (action, self.open_controls())
            && open.actions.get(index) != Some(&true)
        {
            action = None;
            let spec = self.session.replay().spec();
            let is_for_later = self
                .host
                .as_ref()
                .is_some_and(|host| host.open_controls(spec).actions.get(index) == Some(&true));
            let later = || self.rest().unwrap_or(ONLY_LOOKS);
            text = String::from(if is_for_later { later() } else { CLOSED });
        }
        self.shell.print(moment, line, text);
        if let Some(action) = action {
            self.act(Action::Act(action), ctx);
        }
    }

    /// What a lesson lets the learner touch. A terminal shows at once what comes of an action, which may be just what is
    /// asked: until the answer is locked in, nobody acts.
    pub(super) fn open_controls(&self) -> Option<OpenControls> {
        let mut open = self.host.as_ref()?.open_controls(self.session.replay().spec());
        if self.holds_time_at().is_some() && self.player.run().terminal().is_some() {
            open.actions.fill(false);
        }
        Some(open)
    }

    fn reply(&self, line: &str) -> Reply {
        if self.player.is_seeking() {
            return String::from(ON_ITS_WAY).into();
        }
        self.player.shown().command(line)
    }

    /// Looks at the log again where it is time to.
    pub(super) fn look_at_log(&mut self) {
        let now = clock_ms();
        if !self.session.playing || now - self.log_at > LOG_EVERY_MS {
            self.log_at = now;
            self.log = self.player.shown().log(LOG_LINES);
        }
    }

    /// The terminal, if the story has one.
    pub(super) fn terminal(&self, panel: &Controls, ctx: &Context<Self>) -> Option<Html> {
        let terminal = self.player.run().terminal()?;
        let actions = panel.open.as_ref().map(|open| open.actions.as_slice());
        let on_type = ctx.link().callback(Msg::Type);
        Some(console(&Console { spec: panel.spec, terminal, shell: &self.shell, actions, on_type }))
    }

    /// The terminal beside the log.
    pub(super) fn terminal_and_log(&self, panel: &Controls, ctx: &Context<Self>) -> Option<Html> {
        let terminal = self.terminal(panel, ctx)?;
        Some(html! { <div class="into">{ terminal }{ for self.log.as_ref().map(log) }</div> })
    }
}
