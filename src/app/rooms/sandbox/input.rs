//! What the learner does: by key, by handle, by button; entered into the session and written into the address.

use gloo::timers::callback::Timeout;
use warstories_sim::SimTime;
use yew::prelude::*;

use super::{Dialog, Msg, Opened, Play, layout};
use crate::browser::clock::clock_ms;
use crate::browser::input_events;
use crate::browser::keys::Command;
use crate::browser::storage;
use crate::run::marks;
use crate::run::session::{Action, SPEEDS, Session};
use crate::view::controls::new_seed;

/// Where the learner's own speed is kept, as its position among all.
const SPEED: &str = "warstories.speed";
/// Browsers limit how often an address may change.
const ADDRESS_DELAY_MS: u32 = 500;
/// Moving a handle again after this long is another movement, for those who move it with keys.
const GESTURE_MS: f64 = 1000.0;
const NO_FULL_SCREEN: &str = "The browser does not let this page fill the screen.";
/// A step back goes at most this share of the usual length.
const BACK_STEPS: u64 = 60;

impl Play {
    pub(super) fn obey(&mut self, command: Command, ctx: &Context<Self>) {
        match command {
            Command::Toggle if self.session.playing => self.act(Action::Pause, ctx),
            Command::Toggle => self.start_time(ctx),
            Command::Step => {
                if let Some(next) = self.player.next_time() {
                    self.act(Action::Seek(next), ctx);
                }
            }
            Command::Back => {
                let length = self.session.replay().spec().length;
                let most = SimTime::from_nanos(length.nanos() / BACK_STEPS);
                let at = marks::step_back(&self.screen.marks, self.player.moment(), most);
                self.act(Action::Seek(at), ctx);
            }
            Command::Restart => self.act(Action::Restart, ctx),
            Command::NewSeed => self.act(Action::Seed(new_seed()), ctx),
            Command::Undo => self.act(Action::Undo, ctx),
            Command::Redo => self.act(Action::Redo, ctx),
            Command::Compare => {
                self.comparing = !self.comparing;
                self.opened = self.comparing.then_some(Opened::Compare);
            }
            Command::Fullscreen => {
                input_events::toggle_fullscreen(ctx.link().callback(|()| Msg::Notify(NO_FULL_SCREEN)));
            }
            Command::Instruments => {
                self.instruments = !self.instruments;
                layout::keep_instruments(self.instruments);
            }
            Command::Help => self.dialog = Some(Dialog::Help),
        }
    }

    /// A handle moves: on its own after a while, or as a part of the movement that is under way.
    pub(super) fn slide(&mut self) {
        let now = clock_ms();
        if !self.is_pointer_down && now - self.slid_at > GESTURE_MS {
            self.enter(Action::EndGesture);
        }
        self.slid_at = now;
    }

    pub(super) fn act(&mut self, action: Action, ctx: &Context<Self>) {
        self.acted_at = clock_ms();
        self.enter_dragged();
        self.enter(action);
        self.listen_to_run(ctx);
        self.show();
        self.request_frame(ctx);
        self.update_address(ctx);
    }

    /// At the speed that the learner chose on an earlier visit.
    pub(super) fn at_own_speed(session: Session) -> Session {
        let kept = storage::get(SPEED).and_then(|speed| speed.parse().ok());
        Session { speed: kept.filter(|speed| *speed < SPEEDS.len()).unwrap_or(session.speed), ..session }
    }

    pub(super) fn enter(&mut self, action: Action) {
        if self.must_wait(&action) {
            return;
        }
        // Lessons last between minutes and an hour: a speed that suits one does not suit the next.
        if let Action::Speed(speed) = action
            && self.host.is_none()
        {
            storage::set(SPEED, &speed.to_string());
        }
        let action = self.up_to_the_question(action);
        self.session = self.session.reduce(action, self.player.moment());
        self.player.follow(&self.session);
    }

    /// Tells whether there was anything to enter.
    pub(super) fn enter_dragged(&mut self) -> bool {
        let dragged = std::mem::take(&mut self.dragged);
        for (param, value) in &dragged {
            self.enter(Action::Set { param: *param, value: *value });
        }
        !dragged.is_empty()
    }

    pub(super) fn update_address(&mut self, ctx: &Context<Self>) {
        if self.address.is_none() {
            let link = ctx.link().clone();
            self.address = Some(Timeout::new(ADDRESS_DELAY_MS, move || link.send_message(Msg::Address)));
        }
    }
}
