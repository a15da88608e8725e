//! Keys that the mail service, or the provider behind it, has taken for an order's mails.

use super::handler::{Attempt, Effect, Key, Missed};
use super::orders::Hindrance;
use super::tables::{MailService, Params};
use crate::time::SimTime;

/// The keys of one order.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Keys {
    taken: Vec<Taken>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Taken {
    key: Key,
    /// For which of the order's mails.
    version: u8,
    /// Its last moment. After that it would be taken again.
    until: SimTime,
    done: Done,
}

/// What was done before the mail service died, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Done {
    Both,
    KeyOnly,
    MailOnly,
}

impl Keys {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.taken.clear();
    }

    /// The mail service is called with a key. If it `dies` between its two acts, where it has two, only the first has
    /// happened, and the worker gets an error.
    pub fn send(&mut self, attempt: &mut Attempt, now: SimTime, params: &Params, dies: bool) -> Effect {
        let (key, version) = (attempt.key, attempt.version);
        let known = self.taken.iter_mut().find(|taken| taken.key == key);
        if let Some(taken) = &known
            && taken.done != Done::MailOnly
            && now <= taken.until
        {
            let hindrance = match taken.done {
                _ if taken.version != version => Hindrance::Suppressed,
                Done::KeyOnly => Hindrance::Unsent,
                Done::Both | Done::MailOnly => Hindrance::None,
            };
            return Effect::Refused { hindrance };
        }
        let fails = dies && params.mail_service != MailService::Atomic;
        let done = match params.mail_service {
            MailService::KeyFirst if dies => Done::KeyOnly,
            MailService::MailFirst if dies => Done::MailOnly,
            // The provider knows the key as soon as it has the mail, whether the mail service lives to say so or not.
            _ => Done::Both,
        };
        let until = if params.key_ttl_s == 0.0 {
            SimTime::MAX
        } else {
            now + SimTime::from_secs_f64(params.key_ttl_s)
        };
        let new = Taken { key, version, until, done };
        match known {
            Some(taken) => {
                attempt.missed = if taken.done == Done::MailOnly { Missed::Unwritten } else { Missed::Key };
                *taken = new;
            }
            None => self.taken.push(new),
        }
        if fails { Effect::Failed { mailed: done != Done::KeyOnly } } else { Effect::Mailed }
    }
}
