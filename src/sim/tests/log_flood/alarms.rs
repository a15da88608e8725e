//! Who notices, and when.

use crate::{at, night, now, played, told};

/// When the level was set because of an alarm.
fn acts(setting: &str) -> Option<f64> {
    told(&night(1, setting), "the level is set to INFO because of an alarm")
}

/// First evaluation at or after the crossing, the further evaluations, and whoever is on call.
fn expected(crossing: f64, period: f64, datapoints: f64, responder_min: f64) -> f64 {
    (crossing / period).ceil() * period + (datapoints - 1.0) * period + responder_min * 60.0
}

#[test]
fn an_alarm_acts_when_its_evaluations_and_its_responder_say() {
    let eighty = 1.6e12 / 46.3e6;
    for (period, datapoints, responder) in [(60, 3, 20), (60, 1, 20), (300, 2, 0), (77, 5, 45)] {
        let setting = format!(
            "disk_alarm_pct=80&alarm_period_s={period}&alarm_datapoints={datapoints}&responder_night_min={responder}"
        );
        let [period, datapoints, responder] = [period, datapoints, responder].map(f64::from);
        assert_eq!(acts(&setting), Some(expected(eighty, period, datapoints, responder)), "{setting}");
    }
    assert_eq!(acts("disk_alarm_pct=80&auto_revert=true"), Some(expected(eighty, 60.0, 3.0, 0.0)));
    assert_eq!(acts(""), None);
}

#[test]
fn the_bill_is_known_too_late() {
    // It is known at midnight, which is six hours.
    assert_eq!(acts("bill_alarm_usd=100"), Some(expected(21_600.0, 60.0, 3.0, 20.0)));
    assert_eq!(acts("bill_alarm_usd=100&billing_lag_h=1"), Some(expected(3600.0, 60.0, 3.0, 5.0)));
    let bill = now(&night(1, "bill_alarm_usd=100"), "bill_usd");
    assert!((2000.0..3000.0).contains(&bill), "{bill}");
}

/// 231.5 MB/s of all servers are 5 GB in 21.6 s; it is evening, so that the responder takes five minutes.
#[test]
fn what_is_shipped_within_five_minutes_tells_at_once() {
    assert_eq!(acts("ingest_alarm_gb_5min=5"), Some(expected(21.6, 60.0, 3.0, 5.0)));
    // 69.45 GB are shipped within five minutes, and never more.
    assert_eq!(acts("ingest_alarm_gb_5min=69"), Some(expected(69e9 / 231.5e6, 60.0, 3.0, 5.0)));
    assert_eq!(acts("ingest_alarm_gb_5min=70"), None);
    assert_eq!(acts("ingest_alarm_gb_5min=5&at=0,pause_agent"), None);
}

/// The day of whoever is on call ends at 22:00.
#[test]
fn nights_begin_at_ten() {
    for (clock, minutes) in [("21:56:30", 5.0), ("21:57:30", 20.0)] {
        let setting = format!("log_level=info&ingest_alarm_gb_5min=5&at={clock},relapse");
        let rung = expected(at(clock).as_secs_f64() + 21.6, 60.0, 3.0, 0.0);
        assert_eq!(acts(&setting), Some(rung + minutes * 60.0), "{clock}");
    }
}

/// One who is called once is not called by the second alarm, and an alarm that goes on ringing calls nobody again.
#[test]
fn an_alarm_rings_once_until_it_has_been_quiet() {
    let run = night(1, "disk_alarm_pct=10&at=22:00,relapse");
    assert_eq!(now(&run, "alarms_rung"), 1.0);
    assert_eq!(now(&run, "log_bytes_s"), 46.3, "nobody comes a second time");
    let run = night(1, "disk_alarm_pct=10&at=21:59,truncate_log&at=22:00,relapse");
    assert_eq!((now(&run, "alarms_rung"), now(&run, "log_bytes_s")), (2.0, 0.463));
    // Switched off while somebody is on the way, it is forgotten, and they come all the same.
    let run = played(1, "ingest_alarm_gb_5min=5&at=18:04,ingest_alarm_gb_5min=0", "18:09");
    assert_eq!(now(&run, "log_bytes_s"), 0.463);
}
