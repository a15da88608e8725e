//! The lines of the log: what `tail` prints. The bytes are counted as a fluid; a line is made up when somebody looks, from its
//! number alone, so that whoever looks again at the same moment reads the same.

use super::LogFlood;
use super::database::State;
use super::tables::{Params, SPEC};
use crate::engine::Ctx;
use crate::terminal::LogView;
use crate::time::SimTime;

/// What requests say at DEBUG; a number stands between the parts.
const DEBUG: [(&str, &str); 8] = [
    ("cart: item ", " is in stock, reserved for 15 min"),
    ("price: rule ", " does not apply, next"),
    ("http: header accept-language has ", " bytes"),
    ("cache: key product:", " found, age 41 s"),
    ("sql: SELECT ... WHERE id = ", ", 1 row in 0.8 ms"),
    ("session: ", " attributes read back"),
    ("retry: attempt 1 of 3 for warehouse ", ""),
    ("json: ", " bytes rendered"),
];
/// What they say at INFO, before the status.
const INFO: [(&str, &str); 3] = [("GET /product/", ""), ("GET /cart/", ""), ("POST /search/", "")];

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
        // As many as have come to this server: a number for each request, whatever it writes.
        let request = u128::from(at.nanos()) * u128::from(params.req_rate_s) / 1_000_000_000;
        let millis = at.nanos() / 1_000_000 % 1000;
        let kinds: &[(&str, &str)] = if is_info { &INFO } else { &DEBUG };
        let (before, after) = kinds[(drawn >> 40) as usize % kinds.len()];
        let (clock, level) = (SPEC.clock.time_of_day(at), if is_info { "INFO " } else { "DEBUG" });
        let (request, number) = (request % 100_000_000, drawn % 97);
        let mut text = format!("{clock}.{millis:03} {level} req={request:08} {before}{number}{after}");
        if is_info {
            let is_answered = self.database.state() < State::Recovery;
            text.push_str(if is_answered { " 200" } else { " 500" });
        }
        // Nobody reads it to its end.
        if (text.len() as u64) < params.bytes_per_line {
            text.push('…');
        }
        text
    }
}
