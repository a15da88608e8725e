//! What the page says by itself, for those who do not see it.

use gloo::timers::callback::Timeout;
use warstories_sim::summary::summary;
use yew::prelude::*;

use super::{Msg, Play};
use crate::browser::clock::clock_ms;

impl Play {
    /// Says in words how the run is doing.
    pub(super) fn describe(&mut self) {
        self.summary = AttrValue::from(summary(self.player.shown()));
    }

    /// Announces what waits as soon as it is due.
    pub(super) fn announce(&mut self, ctx: &Context<Self>) {
        if let Some(wait) = self.announcer.tick(clock_ms())
            && self.announcement.is_none()
        {
            let link = ctx.link().clone();
            let wait = wait.ceil().max(1.0) as u32;
            self.announcement = Some(Timeout::new(wait, move || link.send_message(Msg::Announce)));
        }
    }

    /// Notes what the run told since the last time.
    pub(super) fn follow_announcements(&mut self, ctx: &Context<Self>) {
        let run = self.player.run();
        let now = run.now();
        let new = run.announcements().iter().rfind(|told| told.at > self.announced_until);
        if let Some(told) = new.filter(|_| self.session.playing) {
            self.announcer.say(told.sentence(run.spec()));
        }
        self.announced_until = now;
        self.announce(ctx);
    }
}
