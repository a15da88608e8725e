//! A lesson around the run: what the learner does in the rail, and what the run answers.

use std::iter::successors;

use warstories_sim::SimTime;
use yew::prelude::*;

use super::{Opened, Panel, Play};
use crate::browser::address;
use crate::run::announcer::Announcer;
use crate::run::lesson_host::LessonAction;
use crate::run::session::{Action, DEFAULT_SPEED, SPEEDS, notices, whole};
use crate::view::chart_data::save_text;

/// Seconds that it takes to get from a question to its answer.
const ANSWER_S: f64 = 12.0;
/// How long a learner watches a run at most, unless they choose a speed of their own; beside a terminal there is something
/// to be done meanwhile, on the way to an answer, too.
const WATCH_S: f64 = 40.0;
const WORK_S: f64 = 120.0;
/// A run that is longer stands still at any speed that suits an hour.
const LONG: SimTime = SimTime::from_secs(6 * 3600);
const RESTS: &str = "Nothing can be changed until the run has answered your prediction.";
const PREDICT_FIRST: &str = "Lock in your prediction first: the run answers it then.";

impl Play {
    /// The learner does something in the rail.
    pub(super) fn act_in_lesson(&mut self, lesson_action: &LessonAction, ctx: &Context<Self>) {
        let moment = self.player.moment();
        let left = matches!(lesson_action, LessonAction::Go(_)).then(|| self.place_of(moment)).flatten();
        let is_challenge = matches!(lesson_action, LessonAction::Challenge(_));
        let runs = matches!(lesson_action, LessonAction::Lock(_) | LessonAction::Cast(_));
        let is_answer = matches!(
            lesson_action,
            LessonAction::Answer(_)
                | LessonAction::Observe(_)
                | LessonAction::Explain(..)
                | LessonAction::CheckRows(_)
        );
        let Some(host) = &mut self.host else { return };
        let before = (self.session.seek_request, self.session.branches.clone(), host.step());
        host.reduce(lesson_action.clone(), &mut self.session, moment);
        let is_elsewhere = host.step() != before.2;
        self.opened = match lesson_action {
            _ if is_elsewhere => Some(Opened::Step),
            LessonAction::Hint(line) => Some(Opened::Hint(*line)),
            _ => is_answer.then_some(Opened::Answer),
        };
        if is_elsewhere {
            self.panel = Panel::Story;
        }
        if is_challenge {
            self.panel = Panel::System;
        }
        if runs && self.session.playing {
            self.opened = Some(Opened::Run);
            self.panel = Panel::System;
            self.session.notices.retain(|notice| notice != PREDICT_FIRST);
            self.hurry(self.session.seek_request.at);
        }
        if (self.session.seek_request, &self.session.branches) != (before.0, &before.1) {
            self.player.follow(&self.session);
        }
        if is_elsewhere || is_challenge {
            self.begin_step();
        } else if *lesson_action == LessonAction::Retry {
            self.shell.clear();
        }
        self.listen_to_run(ctx);
        self.show();
        self.request_frame(ctx);
        let here = self.told_address(self.player.moment());
        if let (true, Some(left), Some(here)) = (is_elsewhere, left, here) {
            // Back returns to the step as it was left.
            self.address = None;
            address::show(&left);
            address::push(&here);
        } else {
            self.update_address(ctx);
        }
    }

    /// Somebody has gone to another place in the lesson by its address: mostly by Back or Forward.
    pub(super) fn arrive(&mut self, ctx: &Context<Self>) {
        let (Some(host), Some(start_lesson)) = (&mut self.host, &ctx.props().start_lesson) else { return };
        let (link, step) = (&ctx.props().link, host.step());
        self.address = None;
        // What was being dragged was meant for another run.
        self.dragged.clear();
        self.session.notices = notices(link);
        host.arrive(&start_lesson.place, link, &mut self.session);
        let is_elsewhere = host.step() != step;
        self.player.follow(&self.session);
        if is_elsewhere {
            (self.opened, self.panel) = (Some(Opened::Step), Panel::Story);
            self.begin_step();
        }
        self.listen_to_run(ctx);
        self.show();
        self.request_frame(ctx);
    }

    /// What was printed, what was read out and how fast time passed belong to the step before.
    fn begin_step(&mut self) {
        self.shell.clear();
        self.announcer = Announcer::default();
        self.player.forget_furthest();
        self.choose_pace();
    }

    /// Chooses the speed that suits what is on show: whoever watches a run of an hour wants to see its end. From then on it
    /// is the learner's. Where nothing is told, that goes for runs of days alone.
    pub(super) fn choose_pace(&mut self) {
        let now = self.player.moment();
        let spec = self.session.replay().spec();
        let (last, within_s) = match &self.host {
            Some(host) => {
                let has_terminal = host.open_controls(spec).terminal;
                let stops = successors(host.stop(now), |at| host.stop(*at));
                (stops.last(), if has_terminal { WORK_S } else { WATCH_S })
            }
            None if spec.length > LONG => (None, WATCH_S),
            None => return,
        };
        let speed = self.speed_to(last, now, within_s).max(DEFAULT_SPEED);
        (self.session.speed, self.session.own_speed) = (speed, None);
    }

    /// Whether `action` has to wait until the run has answered; the learner is told.
    pub(super) fn must_wait(&mut self, action: &Action) -> bool {
        let waits = action.changes_run() && self.rest().is_some();
        if waits {
            self.notify(RESTS);
        }
        waits
    }

    /// `action`, but for a way to what a prediction asks: that leads to the question only, and the learner is told.
    pub(super) fn up_to_the_question(&mut self, action: Action) -> Action {
        let limit = self.holds_time_at().map(|held| held.max(self.player.moment()));
        match (&action, limit) {
            (Action::Seek(at), Some(limit)) if *at > limit => {
                self.notify(PREDICT_FIRST);
                Action::Seek(limit)
            }
            _ => action,
        }
    }

    pub(super) fn holds_time_at(&self) -> Option<SimTime> {
        self.host.as_ref()?.holds_time_at()
    }

    /// On a phone, turns to the story, where it has come to, or to a part of the system.
    pub(super) fn turn_to(&mut self, to: Opened) {
        self.panel = if to == Opened::Answer { Panel::Story } else { Panel::System };
        self.opened = Some(to);
    }

    pub(super) fn notify(&mut self, sentence: &str) {
        if self.session.notices.iter().all(|notice| notice != sentence) {
            self.session.notices.push(sentence.to_owned());
        }
    }

    /// Why the controls rest, if they do.
    pub(super) fn rest(&self) -> Option<&'static str> {
        self.host.as_ref()?.rest(self.session.replay(), self.session.playing)
    }

    /// Chooses a speed at which the answer, the next stop after `now`, is a few seconds away.
    fn hurry(&mut self, now: SimTime) {
        let stop = self.host.as_ref().and_then(|host| host.stop(now));
        // Beside a terminal there is something to look at on the way.
        let within_s = if self.open_controls().is_some_and(|open| open.terminal) { WORK_S } else { ANSWER_S };
        self.session.hurry(self.speed_to(stop, now, within_s));
    }

    /// The slowest speed at which `stop`, or else the run's end, is at most this far away from `now`.
    fn speed_to(&self, stop: Option<SimTime>, now: SimTime, within_s: f64) -> usize {
        let end = self.session.replay().spec().length.max(now);
        let pace = (stop.unwrap_or(end) - now).as_secs_f64() / within_s;
        SPEEDS.iter().position(|speed| *speed >= pace).unwrap_or(SPEEDS.len() - 1)
    }

    /// Notes what the run has answered and says what is worth saying.
    pub(super) fn listen_to_run(&mut self, ctx: &Context<Self>) {
        let Some(host) = &mut self.host else { return };
        if !self.player.is_seeking() {
            for news in host.observe(self.player.run()) {
                self.announcer.say(news);
            }
        }
        self.session.stop_at = host.stop(self.player.moment());
        if !self.session.playing && host.rest(self.session.replay(), false).is_none() {
            self.session.slow_down();
            self.session.notices.retain(|notice| notice != RESTS);
        }
        self.announce(ctx);
    }

    /// Whether the lesson wants time to stand still at this moment.
    pub(super) fn is_told_to_stop(&self) -> bool {
        self.session.stop_at.is_some_and(|stop| stop <= self.player.run().now())
    }

    pub(super) fn save_post_mortem(&self) {
        let file = self.host.as_ref().and_then(|host| host.post_mortem(self.player.run()));
        if let Some((name, text)) = file {
            save_text(&text, "text/markdown", &name);
        }
    }

    /// What the address says of the lesson, with the run at `moment`.
    pub(super) fn told_address(&self, moment: SimTime) -> Option<String> {
        self.address_of(&self.session.link(moment))
    }

    /// The same as if time stood still there.
    fn place_of(&self, moment: SimTime) -> Option<String> {
        self.address_of(&self.session.replay().print_to_send(Some(whole(moment))))
    }

    fn address_of(&self, link: &str) -> Option<String> {
        let run = link.split_once('?').map_or("", |(_, run)| run);
        self.host.as_ref().map(|host| host.address(run))
    }

    /// Time may pass, or the learner is told that a prediction comes first.
    pub(super) fn start_time(&mut self, ctx: &Context<Self>) {
        if self.holds_time_at().is_some() {
            self.notify(PREDICT_FIRST);
        } else {
            self.act(Action::Play, ctx);
            // After a reload the run has its way to the answer still before it.
            if self.session.own_speed.is_none() && self.rest().is_some() {
                self.hurry(self.player.moment());
            }
        }
    }
}
