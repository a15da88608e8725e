//! The lines of the log: what `tail` prints. The bytes are counted as a fluid; a line is made up when somebody looks, from its
//! number alone, so that whoever looks again at the same moment reads the same.

use super::LogFlood;
use super::database::State;
use super::tables::{Params, SPEC};
use crate::engine::Ctx;
use crate::terminal::LogView;
use crate::time::SimTime;

/// What requests say at DEBUG; `#` stands for a number.
const DEBUG: [&str; 8] = [
    "cart: item # is in stock, reserved for 15 min",
    "price: rule # does not apply, next",
    "http: header accept-language has # bytes",
    "cache: key product:# found, age 41 s",
    "sql: SELECT ... WHERE id = #, 1 row in 0.8 ms",
    "session: # attributes read back",
    "retry: attempt 1 of 3 for warehouse #",
    "json: # bytes rendered",
];
/// What they say at INFO, before the status.
const INFO: [&str; 3] = ["GET /product/#", "GET /cart/#", "POST /search/#"];

/// A number that looks drawn and follows from `number` alone (the last step of `SplitMix64`).
fn scattered(number: u64) -> u64 {
    let mixed = (number ^ number >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}

impl LogFlood {
    /// The latest lines that were written, at most so many.
    pub(super) fn log_view(&self, most: usize, ctx: &Ctx<Self>) -> LogView {
        let (now, params, flows) = (ctx.now(), &ctx.params, &self.flows);
        let length = params.bytes_per_line.max(1);
        let lines_per_s = flows.written.rate() as f64 / length as f64;
        let end = flows.written.bytes(now) / length;
        // Until when lines were written, and how long one takes.
        let last = flows.silent_since.unwrap_or(now);
        let each = if lines_per_s > 0.0 { 1e9 / lines_per_s } else { 0.0 };
        let lines = (end.saturating_sub(most as u64)..end).map(|number| {
            let at = last - SimTime::from_nanos(((end - 1 - number) as f64 * each) as u64);
            self.line(number, at, params)
        });
        LogView { lines_per_s, lines: lines.collect() }
    }

    /// The line of this number, written at `at`.
    fn line(&self, number: u64, at: SimTime, params: &Params) -> String {
        let (info, produced) = self.logged(params);
        let drawn = scattered(number);
        let is_info = drawn % produced.max(1) < info;
        let request = scattered(number / params.lines_debug.max(1)) >> 32;
        let millis = at.nanos() / 1_000_000 % 1000;
        let mut text = SPEC.clock.time_of_day(at);
        text.push('.');
        for place in [100, 10, 1] {
            text.push((b'0' + (millis / place % 10) as u8) as char);
        }
        text.push_str(if is_info { " INFO  req=" } else { " DEBUG req=" });
        for place in (0..8).rev() {
            let digit = (request >> (4 * place)) as u32 & 15;
            text.push(char::from_digit(digit, 16).unwrap_or('0'));
        }
        text.push(' ');
        let kinds: &[&str] = if is_info { &INFO } else { &DEBUG };
        let kind = kinds[(drawn >> 40) as usize % kinds.len()];
        let (before, after) = kind.split_once('#').unwrap_or((kind, ""));
        text.push_str(before);
        text.push_str(&(drawn % 9973).to_string());
        text.push_str(after);
        if is_info {
            let is_answered = self.database.state() < State::Recovery;
            text.push_str(if is_answered { " 200" } else { " 500" });
        }
        text
    }
}
