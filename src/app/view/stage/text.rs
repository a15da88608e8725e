//! Text that fits: SVG neither wraps nor clips it.

use warstories_sim::SimTime;
use warstories_sim::format::{count, with_unit};

/// Widths of letters differ between systems; this is that of a wide face, in parts of the type size.
const LETTER: f64 = 0.62;

/// Width of a text, rather too large than too small.
pub fn width(text: &str, size: f64) -> f64 {
    letters(text.chars().count(), size)
}

/// Width of a text in bold letters, of which some are much wider than others.
pub fn bold(text: &str, size: f64) -> f64 {
    let wide = |letter: char| match letter {
        'm' | 'w' | 'M' | 'W' => 1.04,
        'i' | 'j' | 'l' | 'I' | ' ' | '\'' | '.' | ',' | ':' => 0.38,
        'f' | 'r' | 't' | '-' | '–' => 0.5,
        'a' | 'c' | 'e' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' => 0.68,
        'A'..='Z' => 0.84,
        _ => 0.72,
    };
    let all: f64 = text.chars().map(wide).sum();
    (all * size).max(width(text, size))
}

/// Width of so many letters.
pub fn letters(count: usize, size: f64) -> f64 {
    count as f64 * size * LETTER
}

/// The text in at most `most` lines that are no wider than `room`; what does not fit ends in an ellipsis.
pub fn lines(text: &str, room: f64, size: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // A number and its unit stay together: only an ordinary space parts words.
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let full = lines.len() == most;
        match lines.last_mut() {
            Some(line) if width(line, size) + width(word, size) + size * LETTER <= room => {
                line.push(' ');
                line.push_str(word);
            }
            Some(line) if full => {
                line.push('…');
                break;
            }
            _ => lines.push(word.to_owned()),
        }
    }
    // A text that just fits must not be cut for the last bit of a number.
    let letters = ((room / (size * LETTER) + 1e-6) as usize).max(2);
    for line in &mut lines {
        if line.chars().count() > letters {
            *line = line.chars().take(letters - 1).chain(['…']).collect();
        }
    }
    lines
}

/// A rate that people can read while it changes, taken over `window`: for each hour, minute or second, the longest of them
/// that lies within. It stays the same through a story, and a single request in the window is seen. What is no request has a
/// unit, and is told for each second, as everywhere else.
pub fn rate(per_s: f64, window: SimTime, unit: &str) -> String {
    let (rate, time) = match window.as_secs_f64() {
        _ if !unit.is_empty() => (per_s, "s"),
        window if window >= 3600.0 => (per_s * 3600.0, "h"),
        window if window >= 60.0 => (per_s * 60.0, "min"),
        _ => (per_s, "s"),
    };
    match rate {
        rate if !rate.is_finite() => String::new(),
        rate => {
            let number = if rate < 9.95 { format!("{rate:.1}") } else { count(rate.round() as u64) };
            format!("{}/{time}", with_unit(number, unit))
        }
    }
}

#[cfg(test)]
mod tests {
    use warstories_sim::SCENARIOS;
    use warstories_sim::course::Course;

    use super::*;

    #[test]
    fn text_wraps_at_words_and_never_grows_wider_than_its_room() {
        assert_eq!(lines("14 waiting", 100.0, 11.0, 2), ["14 waiting"]);
        assert_eq!(
            lines("held 1.0 s each: work and sleep", 110.0, 11.0, 2),
            ["held 1.0 s each:", "work and sleep"]
        );
        assert_eq!(lines("one two three four", 60.0, 11.0, 2), ["one two", "three…"]);
        assert!(lines("", 60.0, 11.0, 2).is_empty());
        for text in ["Workers 3-4", "Marker store", "Load balancer"] {
            assert_eq!(lines(text, 24.0 + width(text, 13.0) - 24.0, 13.0, 2), [text]);
        }
        for room in 20..200 {
            for line in
                lines("1,000,000 of 1,000,000 connections incomprehensibilities", f64::from(room), 11.0, 2)
            {
                assert!(width(&line, 11.0) <= f64::from(room).max(2.0 * 11.0) + 11.0, "{room}: {line}");
            }
        }
    }

    #[test]
    fn rates_have_as_many_digits_as_can_be_read() {
        assert_eq!(
            [0.0, 8.24, 9.97, 899.6, 12_345.0].map(|per_s| rate(per_s, SimTime::from_secs(59), "")),
            ["0.0/s", "8.2/s", "10/s", "900/s", "12,345/s"]
        );
        assert!(rate(f64::NAN, SimTime::from_secs(59), "MB").is_empty());
        assert_eq!(rate(46.3, SimTime::from_secs(60), "MB"), "46\u{a0}MB/s");
    }

    #[test]
    fn a_single_request_in_the_window_is_seen() {
        for (window_s, once, often) in [
            (5, "0.2/s", "10/s"),
            (60, "1.0/min", "600/min"),
            (3600, "1.0/h", "36,000/h"),
            (5625, "0.6/h", "36,000/h"),
        ] {
            let window = SimTime::from_secs(window_s);
            assert_eq!([1.0 / window_s as f64, 10.0].map(|per_s| rate(per_s, window, "")), [once, often]);
        }
    }

    /// Stories of minutes are told in requests a second, that of a night in minutes, that of weeks in hours.
    #[test]
    fn the_unit_of_a_rate_is_that_of_its_story() {
        let units = SCENARIOS.iter().map(|entry| {
            let text = rate(0.0, Course::window(entry.spec.sample_width()), "");
            (entry.spec.id, text)
        });
        for (id, text) in units {
            let unit = match id {
                "monolith_team" => "h",
                "log_flood" | "rule_engine" => "min",
                _ => "s",
            };
            assert_eq!(text, format!("0.0/{unit}"), "{id}");
        }
    }
}
