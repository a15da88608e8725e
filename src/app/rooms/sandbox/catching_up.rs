//! A way to another moment that takes long: how far it is, how long it will take, and how to end it.

use warstories_sim::{SimTime, Unit, format};
use yew::prelude::*;

use super::{Msg, Play};
use crate::browser::clock::clock_ms;

/// A way that takes less is over before anybody has read of it.
const LONG_MS: f64 = 2000.0;

/// A way to another moment.
#[derive(Clone, Copy, Debug)]
pub struct Seek {
    from: SimTime,
    to: SimTime,
    began_ms: f64,
    is_told: bool,
}

impl Play {
    /// Notes where a way begins, and says that it is a long one.
    pub(super) fn watch_seek(&mut self, now_ms: f64) {
        let to = self.player.is_seeking().then(|| self.player.moment());
        if self.seek.map(|seek| seek.to) != to {
            let from = self.player.run().now();
            self.seek = to.map(|to| Seek { from, to, began_ms: now_ms, is_told: false });
        }
        if let Some(seek) =
            self.seek.as_mut().filter(|seek| !seek.is_told && now_ms - seek.began_ms > LONG_MS)
        {
            seek.is_told = true;
            let clock = self.session.replay().spec().clock;
            self.announcer.say(format!("Catching up with {}. This takes a while.", clock.label(seek.to)));
        }
    }

    /// What there is to see of a long way.
    pub(super) fn catching_up(&self, ctx: &Context<Self>) -> Option<Html> {
        let Seek { from, to, began_ms, .. } =
            self.seek.filter(|seek| seek.is_told && self.player.is_seeking())?;
        let clock = self.session.replay().spec().clock;
        let now = self.screen.now.clamp(from, to);
        let left_s = (clock_ms() - began_ms) / 1000.0 * (to - now).as_secs_f64() / (now - from).as_secs_f64();
        // Nobody waits for a part of a second, nor of a minute where there are many.
        let left_s = if left_s < 90.0 { left_s.ceil() } else { (left_s / 60.0).ceil() * 60.0 };
        let share = (now - from).as_secs_f64() / (to - from).as_secs_f64();
        Some(html! {
            <div class="card catching-up">
                <p>{ format!("Catching up: {} of {}, about {} left at this pace.", clock.label(now), clock.label(to), format::quantity(left_s, Unit::Seconds)) }</p>
                <progress aria-label="Catching up" value={share.to_string()} />
                <button type="button" class="button" onclick={ctx.link().callback(|_: MouseEvent| Msg::StopSeek)}>{ "Stop here" }</button>
            </div>
        })
    }
}
