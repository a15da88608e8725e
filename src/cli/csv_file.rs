//! The sampled series of a run as a table for other programs.

use std::io;

use warstories_sim::metric::MetricKind;
use warstories_sim::{MetricSpec, Playable, SimTime};

/// What distinguishes the columns of a metric, in the order of its sample; counts have one column.
fn suffixes(spec: &MetricSpec) -> &'static [&'static str] {
    match spec.kind {
        MetricKind::Counter | MetricKind::Failure | MetricKind::Money => &[""],
        MetricKind::Gauge => &["_mean", "_min", "_max"],
        MetricKind::Histogram => &["_p50", "_p95", "_p99"],
    }
}

/// Writes a header and one line for each complete bucket. `time_s` is the end of the bucket; a cell is empty where
/// nothing was observed.
///
/// # Errors
/// Those of `out`.
pub fn write(run: &dyn Playable, out: impl io::Write) -> io::Result<()> {
    let specs = run.spec().metrics;
    let mut csv = csv::Writer::from_writer(out);
    let columns =
        specs.iter().flat_map(|spec| suffixes(spec).iter().map(|suffix| format!("{}{suffix}", spec.id)));
    csv.write_record(std::iter::once(String::from("time_s")).chain(columns))?;
    let series = run.series();
    for bucket in 0..series.len() {
        let end = SimTime::from_nanos((bucket as u64 + 1).saturating_mul(series.width().nanos()));
        let mut record = vec![end.to_string()];
        for (index, spec) in specs.iter().enumerate() {
            let sample = series.samples(index).get(bucket).copied().unwrap_or([f32::NAN; 3]);
            let cells = sample.iter().take(suffixes(spec).len());
            record.extend(cells.map(|value| if value.is_nan() { String::new() } else { value.to_string() }));
        }
        csv.write_record(record)?;
    }
    csv.flush()
}
