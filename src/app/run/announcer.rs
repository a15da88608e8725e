//! What is read out, and how often.

/// Between two messages, so that a screen reader can finish one.
const BETWEEN_MS: f64 = 3000.0;

/// At most one message every three seconds; of several that wait, the latest is said.
#[derive(Debug, Default)]
pub struct Announcer {
    said: String,
    waiting: Option<String>,
    next_ms: f64,
}

impl Announcer {
    /// Wants `text` to be read out.
    pub fn say(&mut self, text: String) {
        self.waiting = Some(text);
    }

    /// Says what waits if it is time; otherwise tells how long that still is.
    pub fn tick(&mut self, now_ms: f64) -> Option<f64> {
        self.waiting.as_ref()?;
        if now_ms < self.next_ms {
            return Some(self.next_ms - now_ms);
        }
        self.said = self.waiting.take().unwrap_or_default();
        self.next_ms = now_ms + BETWEEN_MS;
        None
    }

    /// What was said last.
    pub fn said(&self) -> &str {
        &self.said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_of_many_messages_is_said_when_it_is_time() {
        let mut announcer = Announcer::default();
        announcer.say("one".to_owned());
        assert_eq!((announcer.tick(100.0), announcer.said()), (None, "one"));
        for text in ["two", "three"] {
            announcer.say(text.to_owned());
            assert_eq!(announcer.tick(1100.0), Some(2000.0));
        }
        assert_eq!(announcer.said(), "one");
        assert_eq!((announcer.tick(3100.0), announcer.said()), (None, "three"));
        assert_eq!(announcer.tick(9000.0), None);
    }
}
