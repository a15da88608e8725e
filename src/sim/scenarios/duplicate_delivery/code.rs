//! The handler as a page shows it.

use super::handler::{Step, listing};
use super::tables::{CrashKind, CrashScope, CrashStep, Dedupe, KeyKind, MailService, Params, SPEC};
use crate::exhibit::{Code, Line};
use crate::format::{quantity, sentence};
use crate::parameter::ParamType;
use crate::unit::Unit;

impl Step {
    /// As a line of code.
    const fn code(self, dedupe: Dedupe, key: KeyKind) -> &'static str {
        match (self, dedupe) {
            (Self::Check, Dedupe::MarkFirst) => "if not markers.set_if_absent(key): ack and return",
            (Self::Check, Dedupe::ClaimLease) => "if not markers.claim(key): return",
            (Self::Check, _) => "if markers.has(key): ack and return",
            (Self::Send, Dedupe::UniqueKey) => match key {
                KeyKind::OrderId => "mail.send(order, unique_key = order.id)",
                KeyKind::MessageId => "mail.send(order, unique_key = message.id)",
                KeyKind::OrderIdVersion => "mail.send(order, unique_key = order.id + version)",
            },
            (Self::Send, _) => "mail.send(order)",
            (Self::Log, _) => "log.write(order.customer)",
            (Self::Mark, Dedupe::ClaimLease) => "markers.set_done(key)",
            (Self::Mark, _) => "markers.set(key)",
            (Self::Ack, _) => "queue.ack(message)",
        }
    }
}

/// What the mail service does behind the call, where that takes it two acts.
fn behind(params: &Params) -> Option<&'static str> {
    match params.mail_service {
        _ if params.dedupe != Dedupe::UniqueKey => None,
        MailService::Atomic => None,
        MailService::KeyFirst => {
            Some("Behind this call the mail service writes the key, then calls the provider.")
        }
        MailService::MailFirst => {
            Some("Behind this call the mail service calls the provider, then writes the key.")
        }
        MailService::KeyPassedOn => Some(
            "Behind this call the mail service passes the key on to the provider, which refuses a key that it knows.",
        ),
    }
}

/// The handler under these values. Nobody dies at a step that it does not have, and a note says so; another tells what
/// happens behind the call to the mail service.
pub fn code(params: &Params) -> Option<Code> {
    let steps = listing(params.dedupe, params.log_position);
    let verb = match params.crash_kind {
        CrashKind::Exit => "dies",
        CrashKind::Hang => "hangs",
    };
    let who = match params.crash_scope {
        CrashScope::OneOrder => "a worker that handles order 0",
        CrashScope::AllOrders => "a worker",
    };
    let chance = match params.crash_pct {
        100.0 => String::new(),
        percent => format!(", with a chance of {}", quantity(percent, Unit::Percent)),
    };
    let line = |text: &str, crash: CrashStep| Line { text: text.to_owned(), value: crash.number() };
    let is_absent =
        params.crash_step != CrashStep::None && !steps.iter().any(|step| step.crash() == params.crash_step);
    let absent = is_absent.then(|| {
        let step = CrashStep::CHOICES.get(params.crash_step as usize).map_or("", |choice| choice.label);
        format!("No worker {verb} at \"{step}\": this handler has no such step.")
    });
    // The marker has been found, and the message is deleted there as well.
    let acks_first = matches!(params.dedupe, Dedupe::CheckThenMark | Dedupe::MarkFirst);
    let twice = (acks_first && params.crash_step == CrashStep::Ack)
        .then(|| format!("The ack in line 1 deletes the message as well: a worker {verb} there, too."));
    let behind = behind(params).map(str::to_owned);
    let notes: Vec<String> = absent.into_iter().chain(twice).chain(behind).collect();
    Some(Code {
        param: SPEC.param("crash_step").ok()?,
        instruction: format!("Choose a line, or drag the mark to it: {who} {verb} on entering it{chance}."),
        meaning: if params.crash_step == CrashStep::None {
            format!("No worker {verb} because of a line.")
        } else if params.crash_pct == 0.0 {
            format!("From now on no further worker {verb} at the marked line.")
        } else {
            format!("{} {verb} on entering the marked line{chance}.", sentence(who))
        },
        lines: steps
            .iter()
            .map(|step| line(step.code(params.dedupe, params.key_kind), step.crash()))
            .collect(),
        no_line: line("nowhere: all goes well", CrashStep::None),
        mark: format!("{verb} here"),
        note: (!notes.is_empty()).then(|| notes.join(" ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::ParamSet;

    fn set(values: &[(&str, f64)]) -> Params {
        let mut params = Params::defaults();
        for (id, value) in values {
            params.set(SPEC.param(id).unwrap_or_else(|problem| panic!("{problem}")), *value);
        }
        params
    }

    #[test]
    fn the_code_follows_the_strategy_and_names_each_crash() {
        let texts = |params: &Params| -> Vec<(String, f64)> {
            let lines = code(params).into_iter().flat_map(|code| code.lines);
            lines.map(|line| (line.text, line.value)).collect()
        };
        let expected =
            [("mail.send(order)", 2.0), ("log.write(order.customer)", 4.0), ("queue.ack(message)", 5.0)];
        assert_eq!(texts(&set(&[])), expected.map(|(text, value)| (text.to_owned(), value)));
        let marked = texts(&set(&[("dedupe", 1.0), ("log_position", 1.0)]));
        assert_eq!(marked.len(), 5);
        assert_eq!(marked.last(), Some(&("log.write(order.customer)".to_owned(), 4.0)));
    }

    #[test]
    fn what_the_mail_service_does_behind_the_call_is_told_where_it_matters() {
        let note = |dedupe: f64, service: f64, crash: f64| {
            let params = set(&[("dedupe", dedupe), ("mail_service", service), ("crash_step", crash)]);
            code(&params).and_then(|code| code.note).unwrap_or_default()
        };
        assert_eq!([note(0.0, 1.0, 2.0), note(4.0, 0.0, 2.0)], ["", ""]);
        let key_first = "Behind this call the mail service writes the key, then calls the provider.";
        assert_eq!(note(4.0, 1.0, 2.0), key_first);
        assert!(
            note(4.0, 1.0, 1.0).starts_with("No worker dies") && note(4.0, 1.0, 1.0).ends_with(key_first)
        );
        assert!(note(4.0, 2.0, 2.0).ends_with("then writes the key."));
        assert!(note(4.0, 3.0, 2.0).ends_with("refuses a key that it knows."));
    }

    #[test]
    fn what_happens_at_the_marked_line_is_what_the_crash_is_set_to() {
        let told = |values: &[(&str, f64)]| code(&set(values)).map(|code| (code.meaning, code.mark));
        let expect = |meaning: &str, mark: &str| Some((meaning.to_owned(), mark.to_owned()));
        let dies = "A worker that handles order 0 dies on entering the marked line.";
        assert_eq!(told(&[]), expect(dies, "dies here"));
        let all = [("crash_scope", 1.0), ("crash_kind", 1.0), ("crash_pct", 50.0)];
        let hangs = "A worker hangs on entering the marked line, with a chance of 50\u{a0}%.";
        assert_eq!(told(&all), expect(hangs, "hangs here"));
        let none = "No worker dies because of a line.";
        assert_eq!(told(&[("crash_step", 0.0)]), expect(none, "dies here"));
        let no_more = "From now on no further worker dies at the marked line.";
        assert_eq!(told(&[("crash_pct", 0.0)]), expect(no_more, "dies here"));
    }

    #[test]
    fn whoever_dies_at_the_ack_dies_at_every_ack() {
        let note = |dedupe: Dedupe| {
            code(&set(&[("dedupe", dedupe.number()), ("crash_step", CrashStep::Ack.number())]))
                .and_then(|code| code.note)
        };
        let both = "The ack in line 1 deletes the message as well: a worker dies there, too.";
        assert_eq!(
            [Dedupe::CheckThenMark, Dedupe::MarkFirst].map(note),
            [Some(both.to_owned()), Some(both.to_owned())]
        );
        assert_eq!([Dedupe::None, Dedupe::ClaimLease, Dedupe::UniqueKey].map(note), [None, None, None]);
    }

    /// Every choice of the crash is either a line that one sees or a sentence that says why nothing happens.
    #[test]
    fn a_crash_at_a_step_that_is_not_there_is_told() {
        for dedupe in 0..Dedupe::CHOICES.len() {
            for crash in 0..CrashStep::CHOICES.len() {
                let params = set(&[("dedupe", dedupe as f64), ("crash_step", crash as f64)]);
                let Some(code) = code(&params) else { panic!("there is a handler") };
                let is_there = code.no_line.value == crash as f64
                    || code.lines.iter().any(|line| line.value == crash as f64);
                let is_told = code.note.is_some_and(|note| note.starts_with("No worker dies"));
                assert_eq!(is_told, !is_there, "{params:?}");
            }
        }
        let code = code(&set(&[("crash_step", 1.0)]));
        assert_eq!(
            code.and_then(|code| code.note).as_deref(),
            Some("No worker dies at \"check or claim\": this handler has no such step.")
        );
    }
}
