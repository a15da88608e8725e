//! The same night counted a second time, second by second in plain numbers, and held against the run: what the volume holds,
//! what is lost, what it costs, and when the database can no longer write.

use proptest::prelude::*;

use crate::cases::fixed;
use crate::{at, most, now, play, start, told};

/// What differs between the nights.
#[derive(Clone, Copy, Debug)]
struct Night {
    requests: u32,
    volume_gb: u32,
    reserved_pct: u32,
    root: bool,
    mode: Mode,
    interval_s: u32,
    size_mb: u32,
    keep: usize,
    instances: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Off,
    Cron,
    InProcess,
}

/// What comes of a night.
#[derive(Debug)]
struct Count {
    used: f64,
    peak: f64,
    dropped: f64,
    usd: f64,
    first_error_s: Option<f64>,
}

const SECONDS: u32 = 50_400;
/// What a gp3 disk takes in a second.
const DISK: f64 = 131_072_000.0;

fn counted(night: Night) -> Count {
    let rate = f64::from(night.requests) * 46_300.0;
    let size = f64::from(night.volume_gb) * 1e9;
    let for_all = size * (1.0 - f64::from(night.reserved_pct) / 100.0);
    let for_log = if night.root { size } else { for_all };
    let (cap, least) = (f64::from(night.size_mb) * 1e6, f64::from(night.size_mb) * 1e6);
    let (mut active, mut archives) = (0.0_f64, Vec::<f64>::new());
    let mut count = Count { used: 0.0, peak: 0.0, dropped: 0.0, usd: 0.0, first_error_s: None };
    for second in 1..=SECONDS {
        let room = for_log - count.used;
        let mut written = rate.min(DISK).min(room);
        if night.mode == Mode::InProcess && active >= cap {
            written = rate.min(DISK);
        }
        count.dropped += rate - written;
        count.usd += written * f64::from(night.instances) / 1e9 * 0.5;
        active += written;
        if night.mode == Mode::InProcess {
            active = active.min(cap);
        }
        let used = active + archives.iter().sum::<f64>();
        count.peak = count.peak.max(used);
        if used >= for_all && count.first_error_s.is_none() {
            count.first_error_s = Some(f64::from(second));
        }
        // The run begins at 18:00.
        if night.mode == Mode::Cron && (64_800 + second) % night.interval_s == 0 && active >= least {
            archives.insert(0, std::mem::take(&mut active));
            archives.truncate(night.keep);
        }
        count.used = active + archives.iter().sum::<f64>();
    }
    count
}

fn any_night() -> impl Strategy<Value = Night> {
    let modes = prop::sample::select(vec![Mode::Off, Mode::Cron, Mode::InProcess]);
    let room = (100..4000_u32, 0..=10_u32, any::<bool>());
    let rotation = (modes, 600..20_000_u32, 10..100_000_u32, 0..6_usize);
    (100..4000_u32, 1..20_u32, room, rotation).prop_map(
        |(requests, instances, (volume_gb, reserved_pct, root), (mode, interval_s, size_mb, keep))| Night {
            requests,
            volume_gb,
            reserved_pct,
            root,
            mode,
            interval_s,
            size_mb,
            keep,
            instances,
        },
    )
}

proptest! {
    #![proptest_config(fixed(48))]

    #[test]
    fn a_second_count_agrees(night in any_night()) {
        let count = counted(night);
        let mode = ["off", "cron", "in_process"][night.mode as usize];
        let setting = format!(
            "orders_per_s=0&bug_ppm=0&req_rate_s={}&instances={}&volume_gb={}&reserved_pct={}&log_writer_is_root={}\
             &rotate_mode={mode}&rotate_interval_s={}&rotate_size_mb={}&rotate_keep={}",
            night.requests, night.instances, night.volume_gb, night.reserved_pct, night.root, night.interval_s,
            night.size_mb, night.keep,
        );
        let mut run = start(1, &setting);
        play(&mut run, at("08:00"));
        // What comes within two seconds, since this count looks once a second.
        let slack = 2.0 * f64::from(night.requests) * 46_300.0;
        let size = f64::from(night.volume_gb) * 1e9;
        let near = |id: &str, found: f64, expected: f64, slack: f64| {
            prop_assert!((found - expected).abs() <= slack, "{id}: {found}, not {expected}: {night:?}");
            Ok(())
        };
        near("used", now(&run, "disk_used_pct") / 100.0 * size, count.used, slack)?;
        near("peak", most(&run, "disk_used_pct") / 100.0 * size, count.peak, slack)?;
        near("dropped", now(&run, "dropped_log_gb") * 1e9, count.dropped, slack)?;
        near("bill", now(&run, "bill_usd"), count.usd, slack * f64::from(night.instances) / 1e9 * 0.5)?;
        match (told(&run, "the database can read"), count.first_error_s) {
            (Some(found), Some(expected)) => near("first error", found, expected, 2.0)?,
            (found, expected) => prop_assert_eq!(found.is_some(), expected.is_some(), "{:?}", night),
        }
    }
}
