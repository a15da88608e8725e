//! The handler as a page shows it.

use super::handler::{Step, listing};
use super::tables::{CrashStep, Dedupe, KeyKind, Params, SPEC};
use crate::exhibit::{Code, Line};
use crate::parameter::ParamType;

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
            (Self::Ack, _) => "queue.delete(message)",
        }
    }
}

/// The handler under these values. Nobody dies at a step that it does not have, and a note says so.
pub fn code(params: &Params) -> Option<Code> {
    let steps = listing(params.dedupe, params.log_position);
    let line = |text: &str, crash: CrashStep| Line { text: text.to_owned(), value: crash.number() };
    let is_absent =
        params.crash_step != CrashStep::None && !steps.iter().any(|step| step.crash() == params.crash_step);
    let note = is_absent.then(|| {
        let step = CrashStep::CHOICES.get(params.crash_step as usize).map_or("", |choice| choice.label);
        format!("No worker dies at \"{step}\": this handler has no such step.")
    });
    Some(Code {
        param: SPEC.param("crash_step").ok()?,
        instruction: String::from("Drag the crash to a line: the worker dies on entering it."),
        meaning: String::from("The worker dies on entering the marked line."),
        lines: steps
            .iter()
            .map(|step| line(step.code(params.dedupe, params.key_kind), step.crash()))
            .collect(),
        no_line: line("nowhere: all goes well", CrashStep::None),
        mark: String::from("dies here"),
        note,
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
            [("mail.send(order)", 2.0), ("log.write(order.customer)", 4.0), ("queue.delete(message)", 5.0)];
        assert_eq!(texts(&set(&[])), expected.map(|(text, value)| (text.to_owned(), value)));
        let marked = texts(&set(&[("dedupe", 1.0), ("log_position", 1.0)]));
        assert_eq!(marked.len(), 5);
        assert_eq!(marked.last(), Some(&("log.write(order.customer)".to_owned(), 4.0)));
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
                assert_eq!(code.note.is_none(), is_there, "{params:?}");
            }
        }
        let code = code(&set(&[("crash_step", 1.0)]));
        assert_eq!(
            code.and_then(|code| code.note).as_deref(),
            Some("No worker dies at \"check or claim\": this handler has no such step.")
        );
    }
}
