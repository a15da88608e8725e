//! The frame loop: how much is played and how often the page is shown anew.

use std::rc::Rc;

use gloo::render::request_animation_frame;
use yew::prelude::*;

use super::{Msg, Opened, Play};
use crate::browser::clock::clock_ms;
use crate::run::player::Stop;
use crate::run::screen::Screen;
use crate::run::session::Action;

/// The simulation's share of a frame.
const FRAME_BUDGET_MS: f64 = 8.0;
/// Between two drawings of numbers and charts.
const SHOW_EVERY_MS: f64 = 100.0;
/// A handle that is being dragged counts where it rests for this long, or is let go: a link keeps each change.
const REST_MS: f64 = 300.0;
/// A way back through time that is shorter than this is not shown.
const SILENT_SEEK_MS: f64 = 400.0;

impl Play {
    /// Tells whether the page is to be shown anew.
    pub(super) fn play_frame(&mut self, now: f64, ctx: &Context<Self>) -> bool {
        let elapsed = self.last_frame.map_or(0.0, |last| now - last);
        let started = clock_ms();
        self.watch_seek(started);
        let stop = self.player.frame(&self.session, elapsed, || clock_ms() - started > FRAME_BUDGET_MS);
        self.follow_announcements(ctx);
        match stop {
            Some(Stop::End) => {
                let is_told = self.is_told_to_stop();
                // Where the story ends, too, that is said.
                let is_over = !is_told || self.player.run().now() == self.session.replay().spec().length;
                self.act(if is_over { Action::End } else { Action::Pause }, ctx);
                if is_told {
                    self.opened = Some(Opened::Answer);
                }
            }
            // The frame may have gone a little past it.
            Some(Stop::Announcement(at)) => self.act(Action::Seek(at), ctx),
            None => {}
        }
        self.last_frame = Some(now);
        self.frame = None;
        self.request_frame(ctx);
        let is_last = self.frame.is_none();
        if !is_last && now - self.shown_at < SHOW_EVERY_MS {
            return false;
        }
        self.shown_at = now;
        let is_moving = self.is_pointer_down && clock_ms() - self.slid_at < REST_MS;
        if !is_moving && self.enter_dragged() {
            self.update_address(ctx);
        }
        self.listen_to_run(ctx);
        self.show();
        true
    }

    pub(super) fn show(&mut self) {
        self.look_at_log();
        if !self.player.is_seeking() || clock_ms() - self.acted_at > SILENT_SEEK_MS {
            let mut screen = Screen::of(&self.session, &self.player, self.picked, Some(&self.screen));
            screen.guesses = self.host.as_ref().map_or_else(Vec::new, |host| host.guesses());
            self.screen = Rc::new(screen);
        }
        if !self.session.playing && !self.player.is_seeking() {
            self.describe();
        }
    }

    /// Asks for another frame while there is anything to play.
    pub(super) fn request_frame(&mut self, ctx: &Context<Self>) {
        if !self.session.playing && !self.player.is_busy() {
            self.last_frame = None;
        } else if self.frame.is_none() {
            let link = ctx.link().clone();
            self.frame = Some(request_animation_frame(move |now| link.send_message(Msg::Frame(now))));
        }
    }
}
