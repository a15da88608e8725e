//! Who notices, and when: three alarms that are evaluated now and then, and somebody on call.

use super::tables::{Event, Params};
use super::{AFTER_MIDNIGHT, LogFlood, until_multiple};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::time::SimTime;

/// Notes of what was shipped that span five minutes, one each ten seconds.
const NOTES: usize = 31;
/// Hours of the day at which whoever is on call is awake: from the first, until the second.
const DAY: (u64, u64) = (7, 22);

/// What is told when an alarm rings: of the disk, of the bill, of what is shipped.
const TOLD: [&str; 3] = ["The disk alarm rings", "The bill alarm rings", "The ingest alarm rings"];

/// One alarm.
#[derive(Clone, Copy, Debug, Default)]
struct Alarm {
    /// Evaluations in a row that were above its bound.
    streak: u64,
    is_ringing: bool,
}

/// All alarms.
#[derive(Clone, Debug)]
pub struct Alarms {
    /// Of the disk, of the bill, of what is shipped.
    all: [Alarm; 3],
    evaluation: EventHandle,
    response: EventHandle,
    /// What had been shipped in all, each ten seconds of the last five minutes.
    notes: [u64; NOTES],
    /// Where the next note goes, which is where the oldest is.
    next_note: usize,
    /// How often somebody on call has set the level, for the drawing.
    responses: u64,
}

impl Default for Alarms {
    fn default() -> Self {
        Self {
            all: [Alarm::default(); 3],
            evaluation: EventHandle::NONE,
            response: EventHandle::NONE,
            notes: [0; NOTES],
            next_note: 0,
            responses: 0,
        }
    }
}

impl Alarms {
    /// Notes what has been shipped in all, ten seconds after the last note.
    pub fn note(&mut self, shipped: u64) {
        self.notes[self.next_note] = shipped;
        self.next_note = (self.next_note + 1) % NOTES;
    }

    /// What was shipped within the five minutes before the last note.
    fn shipped_lately(&self) -> u64 {
        self.notes[(self.next_note + NOTES - 1) % NOTES] - self.notes[self.next_note]
    }

    /// Whether any alarm rings.
    pub fn are_ringing(&self) -> bool {
        self.all.iter().any(|alarm| alarm.is_ringing)
    }

    /// Whether somebody is about to set the level.
    pub fn are_answered(&self) -> bool {
        self.response != EventHandle::NONE
    }

    /// How often the level was set because of an alarm.
    pub fn responses(&self) -> u64 {
        self.responses
    }
}

/// The bounds that are set: of the disk, of the bill, of what is shipped.
fn bounds(params: &Params) -> [Option<f64>; 3] {
    let set = |bound: f64| (bound > 0.0).then_some(bound);
    [params.disk_alarm_pct as f64, params.bill_alarm_usd as f64, params.ingest_alarm_gb_5min].map(set)
}

/// Whether any alarm is set.
pub fn is_any(params: &Params) -> bool {
    bounds(params).iter().any(Option::is_some)
}

impl LogFlood {
    /// Alarms are evaluated at whole multiples of their period, after everything else that happens then.
    pub(super) fn plan_evaluation(&mut self, ctx: &mut Ctx<Self>) {
        ctx.cancel(self.alarms.evaluation);
        self.alarms.evaluation = if is_any(&ctx.params) {
            let wait = until_multiple(ctx.now(), SimTime::ZERO, ctx.params.alarm_period_s);
            ctx.schedule_limit(wait, Event::Evaluate)
        } else {
            EventHandle::NONE
        };
    }

    /// The learner has changed a parameter. An alarm that is switched off is quiet, and forgets.
    pub(super) fn change_alarms(&mut self, before: &Params, ctx: &mut Ctx<Self>) {
        let planned = |params: &Params| (params.alarm_period_s, is_any(params));
        if planned(&ctx.params) != planned(before) {
            self.plan_evaluation(ctx);
        }
        for (alarm, bound) in self.alarms.all.iter_mut().zip(bounds(&ctx.params)) {
            if bound.is_none() {
                *alarm = Alarm::default();
            }
        }
    }

    pub(super) fn evaluate(&mut self, ctx: &mut Ctx<Self>) {
        let params = *ctx.params;
        let size = self.volume.size(params.volume_gb) as f64;
        let now = [
            self.files.used() as f64 * 100.0 / size,
            ctx.metrics.bill_seen_usd.micros() as f64 / 1e6,
            self.alarms.shipped_lately() as f64 / 1e9,
        ];
        for (index, bound) in bounds(&params).into_iter().enumerate() {
            let alarm = &mut self.alarms.all[index];
            if !bound.is_some_and(|bound| now[index] > bound) {
                *alarm = Alarm::default();
                continue;
            }
            alarm.streak += 1;
            if alarm.streak >= params.alarm_datapoints && !alarm.is_ringing {
                alarm.is_ringing = true;
                ctx.metrics.alarms_rung.add_one();
                ctx.announce(TOLD[index]);
                self.call(&params, ctx);
            }
        }
    }

    /// Somebody is called, unless they are called already.
    fn call(&mut self, params: &Params, ctx: &mut Ctx<Self>) {
        if params.auto_revert {
            self.set_quiet(ctx);
        } else if self.alarms.response == EventHandle::NONE {
            let hour = (ctx.now() + AFTER_MIDNIGHT).nanos() / SimTime::from_secs(3600).nanos() % 24;
            let is_day = (DAY.0..DAY.1).contains(&hour);
            let minutes = if is_day { params.responder_day_min } else { params.responder_night_min };
            self.alarms.response = ctx.schedule(SimTime::from_secs(minutes * 60), Event::Respond);
        }
    }

    /// Whoever is on call has come to it.
    pub(super) fn respond(&mut self, ctx: &mut Ctx<Self>) {
        self.alarms.response = EventHandle::NONE;
        self.set_quiet(ctx);
    }

    /// The level is INFO from now on, with DEBUG for nobody, if it was anything that logs more.
    fn set_quiet(&mut self, ctx: &mut Ctx<Self>) {
        if self.is_debug(&ctx.params) {
            self.is_quiet = true;
            self.alarms.responses += 1;
            ctx.announce("The level is set to INFO because of an alarm");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_minutes_are_thirty_notes() {
        let mut alarms = Alarms::default();
        for note in 1..=29 {
            alarms.note(note * 10);
        }
        assert_eq!(alarms.shipped_lately(), 290);
        for note in 30..=100 {
            alarms.note(note * 10);
            assert_eq!(alarms.shipped_lately(), 300);
        }
    }
}
