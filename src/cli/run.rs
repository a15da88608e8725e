//! `warstories run`: one run without a page.

use std::fs::File;
use std::time::Instant;

use serde_json::{Value, json};
use warstories_sim::{Playable, Reading, scenarios};

use crate::arguments::{Experiment, RunArgs, experiment, replicates};
use crate::errors::one_line;
use crate::{Output, csv_file, json, replicate, report};

/// Where the samples go if they go to standard output.
const STDOUT: &str = "-";

/// Runs what `args` describe.
///
/// # Errors
/// One sentence about what is wrong with them.
pub fn run(args: &RunArgs) -> Result<Output, String> {
    let experiment = experiment(args)?;
    let notes = experiment.notes();
    if let Some(count) = &args.replicate {
        let text = replicate::replicate(&experiment, replicates(count)?, args.json)?;
        return Ok(Output { text, notes });
    }
    let text = match args.csv.as_deref() {
        Some(STDOUT) if args.json => {
            return Err(String::from(
                "--csv - and --json both write to standard output; name a file for --csv",
            ));
        }
        Some(STDOUT) => {
            let mut bytes = Vec::new();
            csv_file::write(play(&experiment).as_ref(), &mut bytes).map_err(|error| error.to_string())?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
        Some(path) => {
            let failed = |error| format!("cannot write \"{}\": {error}", one_line(path));
            // Opened before the run: nobody waits for samples that then cannot be written.
            let file = File::create(path).map_err(failed)?;
            let (text, run) = report(&experiment, args.json);
            csv_file::write(run.as_ref(), file).map_err(failed)?;
            text
        }
        None => report(&experiment, args.json).0,
    };
    Ok(Output { text, notes })
}

/// The run, played to its end.
pub fn play(experiment: &Experiment) -> Box<dyn Playable> {
    let mut run = scenarios::start(experiment.replay.clone());
    while !run.advance(experiment.until, u64::MAX) {}
    run
}

/// What all metrics say, in the order of the scenario.
pub fn readings(run: &dyn Playable) -> Vec<Reading> {
    (0..run.spec().metrics.len()).map(|index| run.read(index)).collect()
}

fn report(experiment: &Experiment, as_json: bool) -> (String, Box<dyn Playable>) {
    let began = Instant::now();
    let run = play(experiment);
    let wall_ms = began.elapsed().as_micros() as f64 / 1e3;
    let text = if as_json {
        format!("{}\n", object(experiment, run.as_ref(), wall_ms))
    } else {
        report::run(experiment, run.as_ref())
    };
    (text, run)
}

fn object(experiment: &Experiment, run: &dyn Playable, wall_ms: f64) -> Value {
    let spec = run.spec();
    let values: Vec<_> = readings(run).into_iter().map(json::reading).collect();
    let (metrics, failures) = json::metrics_and_failures(spec, &values);
    json!({
        "scenario": spec.id,
        "seed": experiment.replay.seed(),
        "until_s": experiment.until.as_secs_f64(),
        "parameters": json::parameters(&experiment.replay),
        "inputs": json::inputs(&experiment.replay),
        "replay": experiment.replay.print(Some(experiment.until)),
        "metrics": metrics,
        "failures": failures,
        "events": run.events(),
        "fingerprint": fingerprint(run),
        "wall_ms": wall_ms,
    })
}

/// What the run did, event by event, in 16 hexadecimal digits.
pub fn fingerprint(run: &dyn Playable) -> String {
    format!("{:016x}", run.fingerprint())
}
