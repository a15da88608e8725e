//! How fast the browser plays: nanoseconds a customer of M/M/100, printed for `cargo xtask bench`, which compares
//! them with the native benchmark of the same model.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::disallowed_macros, reason = "a benchmark may fail loudly and reports")]

use warstories_sim::{Reading, Replay, SimTime, scenarios};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const ROUNDS: usize = 15;

#[wasm_bindgen_test]
#[ignore = "a benchmark"]
fn customers_of_mm100() {
    // The quickest: whatever else the machine does only adds to a time.
    let quickest = (0..ROUNDS)
        .map(|_| {
            let link = Replay::parse("queueing_lab?servers=100&arrivals_per_s=900&service_ms=100").unwrap();
            let mut run = scenarios::start(link.replay);
            let start = js_sys::Date::now();
            // In frames of a second, as a page would play it.
            for second in 1..=444 {
                run.advance(SimTime::from_secs(second), u64::MAX);
            }
            let elapsed = js_sys::Date::now() - start;
            let done = match run.read(run.spec().metric("done").unwrap()) {
                Reading::Count(done) => done,
                other => panic!("done is not a counter: {other:?}"),
            };
            elapsed * 1e6 / done as f64
        })
        .fold(f64::INFINITY, f64::min);
    console_log!("M/M/100 in the browser: {quickest:.1} ns a customer");
}
