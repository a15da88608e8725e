//! How long an answer takes: counted up, never cut off, and only for whoever asks for it.

use gloo::timers::callback::Interval;
use yew::prelude::*;

/// Seconds after which an interviewer expects the point, and the end.
const POINT_S: u32 = 120;
const END_S: u32 = 180;

/// A watch.
#[derive(Default)]
pub struct Timer {
    /// Times that an interviewer gives, of which this many are allowed; 0 while it is off.
    pace: u32,
    seconds: u32,
    /// Runs while it counts.
    tick: Option<Interval>,
}

/// What happens to it.
pub enum Msg {
    /// It starts anew with so many times the usual time, or goes off with none.
    Pace(u32),
    /// A second has passed.
    Tick,
    /// It stops, or goes on.
    Pause,
}

impl Component for Timer {
    type Message = Msg;
    type Properties = ();

    fn create(_: &Context<Self>) -> Self {
        Self::default()
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Pace(pace) => {
                (self.pace, self.seconds) = (pace, 0);
                self.tick = (pace > 0).then(|| start(ctx));
            }
            Msg::Tick => self.seconds += 1,
            Msg::Pause => self.tick = self.tick.is_none().then(|| start(ctx)),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let choice = |(pace, name): (u32, &'static str)| {
            html! { <button type="button" class="button" aria-pressed={(pace == self.pace).to_string()} onclick={link.callback(move |_| Msg::Pace(pace))}>{ name }</button> }
        };
        html! {
            <div class="timer" role="group" aria-label="Timer">
                <span>{ "Timer" }</span>
                { for [(0, "Off"), (1, "3 minutes"), (2, "6 minutes")].map(choice) }
                if self.pace > 0 {
                    <button type="button" class="button" onclick={link.callback(|_| Msg::Pause)}>{ if self.tick.is_some() { "Pause" } else { "Go on" } }</button>
                    <b class="num" role="timer">{ clock(self.seconds) }</b>
                }
                <span role="status">{ remark(self.seconds, self.pace) }</span>
            </div>
        }
    }
}

fn start(ctx: &Context<Timer>) -> Interval {
    let link = ctx.link().clone();
    Interval::new(1000, move || link.send_message(Msg::Tick))
}

fn clock(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// What an interviewer would think after so many seconds, with so many times the usual time.
fn remark(seconds: u32, pace: u32) -> &'static str {
    match seconds {
        _ if pace == 0 => "",
        seconds if seconds >= END_S * pace => "An interviewer would ask you to come to an end.",
        seconds if seconds >= POINT_S * pace => "Come to the point that matters most.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_watch_reminds_and_never_cuts_off() {
        assert_eq!([0, 9, 60, 605].map(clock), ["0:00", "0:09", "1:00", "10:05"]);
        assert_eq!(remark(10_000, 0), "");
        for pace in [1, 2] {
            let at = |seconds| remark(seconds * pace, pace);
            assert_eq!((at(119), at(0)), ("", ""));
            assert!(at(120).contains("point") && at(180).contains("end") && at(100_000).contains("end"));
        }
    }
}
