//! A lesson around the run: what the learner does in the rail, and what the run answers.

use warstories_sim::SimTime;
use yew::prelude::*;

use super::{Opened, Play};
use crate::session::{Action, SPEEDS};
use crate::teller::Deed;
use crate::view::chart_data::save_text;

/// Seconds that it takes to get from a question to its answer.
const ANSWER_S: f64 = 12.0;
const PREDICT_FIRST: &str = "Lock in your prediction first: the run answers it then.";

impl Play {
    /// The learner does something in the rail.
    pub(super) fn tell(&mut self, deed: Deed, ctx: &Context<Self>) {
        let moment = self.player.moment();
        let Some(teller) = &mut self.teller else { return };
        let before = (self.session.cue, self.session.branches.clone(), teller.step());
        teller.reduce(deed, &mut self.session, moment);
        self.opened = (teller.step() != before.2).then_some(Opened::Step);
        if self.session.playing {
            self.opened = Some(Opened::Run);
            self.session.notices.retain(|notice| notice != PREDICT_FIRST);
            self.hurry();
        }
        if (self.session.cue, &self.session.branches) != (before.0, &before.1) {
            self.player.follow(&self.session);
        }
        self.listen_to_run(ctx);
        self.show();
        self.request_frame(ctx);
        self.update_address(ctx);
    }

    /// Chooses a speed at which the next stop is a few seconds away.
    fn hurry(&mut self) {
        let now = self.session.cue.at;
        let stop = self.teller.as_ref().and_then(|teller| teller.stop(now));
        let end = self.session.replay().spec().length.max(now);
        let pace = (stop.unwrap_or(end) - now).as_secs_f64() / ANSWER_S;
        let faster = SPEEDS.iter().position(|speed| *speed >= pace).unwrap_or(SPEEDS.len() - 1);
        self.session.speed = faster;
    }

    /// Notes what the run has answered and says what is worth saying.
    pub(super) fn listen_to_run(&mut self, ctx: &Context<Self>) {
        let Some(teller) = &mut self.teller else { return };
        if !self.player.is_seeking() {
            for news in teller.observe(self.player.run()) {
                self.announcer.say(news);
            }
        }
        self.session.stop_at = teller.stop(self.player.moment());
        self.announce(ctx);
    }

    /// Whether the lesson wants time to stand still at this moment.
    pub(super) fn is_told_to_stop(&self) -> bool {
        self.session.stop_at.is_some_and(|stop| stop <= self.player.run().now())
    }

    pub(super) fn save_post_mortem(&self) {
        let file = self.teller.as_ref().and_then(|teller| teller.post_mortem(self.player.run()));
        if let Some((name, text)) = file {
            save_text(&text, "text/markdown", &name);
        }
    }

    /// What the address says of the lesson, with the run at `moment`.
    pub(super) fn told_address(&self, moment: SimTime) -> Option<String> {
        let link = self.session.link(moment);
        let run = link.split_once('?').map_or("", |(_, run)| run);
        self.teller.as_ref().map(|teller| teller.address(run))
    }

    /// Time may pass, or the learner is told that a prediction comes first.
    pub(super) fn start_time(&mut self, ctx: &Context<Self>) {
        if self.teller.as_ref().is_some_and(|teller| teller.must_predict()) {
            if self.session.notices.iter().all(|notice| notice != PREDICT_FIRST) {
                self.session.notices.push(String::from(PREDICT_FIRST));
            }
        } else {
            self.act(Action::Play, ctx);
        }
    }
}
