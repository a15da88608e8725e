//! A run, live: the loop that joins session, player and view.

use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::render::{AnimationFrame, request_animation_frame};
use gloo::timers::callback::Timeout;
use gloo::utils::{document, window};
use warstories_sim::Link;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::look::Look;
use crate::player::Player;
use crate::route;
use crate::screen::{Pick, Screen};
use crate::session::{Action, Session};
use crate::view::chart::Chart;
use crate::view::controls::Controls;
use crate::view::notices::Notices;
use crate::view::numbers::Numbers;
use crate::view::stage::Stage;
use crate::view::status::Status;
use crate::view::transport::Transport;

/// The simulation's share of a frame.
const FRAME_BUDGET_MS: f64 = 8.0;
/// Between two drawings of numbers and charts, and between two changes of a handle that is being dragged.
const SHOW_EVERY_MS: f64 = 100.0;
/// A way back through time that is shorter than this is not shown.
const SILENT_SEEK_MS: f64 = 400.0;
/// Browsers limit how often an address may change.
const ADDRESS_DELAY_MS: u32 = 500;

/// Which run to play.
#[derive(PartialEq, Properties)]
pub struct PlayProps {
    /// The run, as its link says.
    pub link: Link,
    /// Changes when charts must be drawn again.
    pub look: Look,
}

/// The page of one run.
pub struct Play {
    session: Session,
    player: Player,
    screen: Rc<Screen>,
    /// Values of handles that are being dragged, entered when the page is next shown.
    dragged: Vec<(usize, f64)>,
    /// The request that the learner looks at.
    picked: Option<Pick>,
    act: Callback<Action>,
    frame: Option<AnimationFrame>,
    last_frame: Option<f64>,
    shown_at: f64,
    acted_at: f64,
    address: Option<Timeout>,
    _keys: EventListener,
}

/// What happens on this page.
pub enum Msg {
    /// The learner does something.
    Do(Action),
    /// The learner wants to see the next event.
    Step,
    /// The learner looks at a request, or at none any more.
    Pick(Option<Pick>),
    /// The space bar.
    Toggle,
    /// The browser is about to paint, at this time in milliseconds.
    Frame(f64),
    /// The address may be brought up to date.
    Address,
}

impl Component for Play {
    type Message = Msg;
    type Properties = PlayProps;

    fn create(ctx: &Context<Self>) -> Self {
        let session = Session::open(ctx.props().link.clone());
        let player = Player::new(&session);
        let screen = Rc::new(Screen::take(&player, None, None));
        let mut page = Self {
            session,
            player,
            screen,
            dragged: Vec::new(),
            picked: None,
            act: ctx.link().callback(Msg::Do),
            frame: None,
            last_frame: None,
            shown_at: 0.0,
            acted_at: clock_ms(),
            address: None,
            _keys: listen_to_space(ctx.link().callback(|()| Msg::Toggle)),
        };
        page.request_frame(ctx);
        page
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Do(Action::Set { param, value }) if self.session.playing => {
                self.dragged.retain(|(other, _)| *other != param);
                self.dragged.push((param, value));
            }
            Msg::Do(action) => self.act(action, ctx),
            Msg::Pick(pick) => {
                self.picked = pick;
                self.show();
            }
            Msg::Toggle if self.session.playing => self.act(Action::Pause, ctx),
            Msg::Toggle => self.act(Action::Play, ctx),
            Msg::Step => {
                if let Some(next) = self.player.next_time() {
                    self.act(Action::Seek(next), ctx);
                }
            }
            Msg::Frame(now) => return self.play_frame(now, ctx),
            Msg::Address => {
                self.address = None;
                route::show_play(&self.session.link(self.player.moment()));
                return false;
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Self { session, screen, act, .. } = self;
        let spec = session.replay.spec();
        let mut values = session.values(self.player.moment());
        for (param, value) in &self.dragged {
            values[*param] = *value;
        }
        html! {
            <>
                <Transport
                    playing={session.playing} speed={session.speed} seed={session.replay.seed()}
                    clock={spec.clock.label(screen.now)}
                    act={act.clone()} step={ctx.link().callback(|()| Msg::Step)}
                />
                <div class="play">
                    <main id="main" class="stage" tabindex="-1">
                        <Notices notices={session.notices.clone()} dismiss={act.reform(|()| Action::Dismiss)} />
                        <Status {spec} screen={screen.clone()} playing={session.playing} seeking={self.player.is_seeking()} />
                        <Stage {spec} screen={screen.clone()} playing={session.playing} picked={self.picked} pick={ctx.link().callback(Msg::Pick)} />
                        <div class="charts">
                            { for spec.charts.iter().map(|chart| html! {
                                <Chart key={chart.title} {chart} {spec} screen={screen.clone()} look={ctx.props().look} />
                            }) }
                        </div>
                        <Numbers {spec} screen={screen.clone()} />
                        <details class="card leaves-out">
                            <summary>{ "What this model leaves out" }</summary>
                            <ul>{ for spec.leaves_out.iter().map(|sentence| html! { <li>{ *sentence }</li> }) }</ul>
                        </details>
                    </main>
                    <Controls {spec} {values} inputs={session.replay.inputs().len()} act={act.clone()} />
                </div>
            </>
        }
    }
}

impl Play {
    fn act(&mut self, action: Action, ctx: &Context<Self>) {
        self.acted_at = clock_ms();
        self.enter_dragged();
        self.enter(action);
        self.show();
        self.request_frame(ctx);
        self.update_address(ctx);
    }

    fn enter(&mut self, action: Action) {
        self.session = self.session.reduce(action, self.player.moment());
        self.player.follow(&self.session);
    }

    /// Tells whether there was anything to enter.
    fn enter_dragged(&mut self) -> bool {
        let dragged = std::mem::take(&mut self.dragged);
        for (param, value) in &dragged {
            self.enter(Action::Set { param: *param, value: *value });
        }
        !dragged.is_empty()
    }

    /// Tells whether the page is to be shown anew.
    fn play_frame(&mut self, now: f64, ctx: &Context<Self>) -> bool {
        let elapsed = self.last_frame.map_or(0.0, |last| now - last);
        let started = clock_ms();
        self.player.frame(&self.session, elapsed, || clock_ms() - started > FRAME_BUDGET_MS);
        self.last_frame = Some(now);
        self.frame = None;
        self.request_frame(ctx);
        let is_last = self.frame.is_none();
        if !is_last && now - self.shown_at < SHOW_EVERY_MS {
            return false;
        }
        self.shown_at = now;
        if self.enter_dragged() {
            self.update_address(ctx);
        }
        self.show();
        true
    }

    fn show(&mut self) {
        if !self.player.is_seeking() || clock_ms() - self.acted_at > SILENT_SEEK_MS {
            self.screen = Rc::new(Screen::take(&self.player, self.picked, Some(&self.screen)));
        }
    }

    /// Asks for another frame while there is anything to play.
    fn request_frame(&mut self, ctx: &Context<Self>) {
        if !self.session.playing && !self.player.is_seeking() {
            self.last_frame = None;
        } else if self.frame.is_none() {
            let link = ctx.link().clone();
            self.frame = Some(request_animation_frame(move |now| link.send_message(Msg::Frame(now))));
        }
    }

    fn update_address(&mut self, ctx: &Context<Self>) {
        if self.address.is_none() {
            let link = ctx.link().clone();
            self.address = Some(Timeout::new(ADDRESS_DELAY_MS, move || link.send_message(Msg::Address)));
        }
    }
}

/// Milliseconds on the browser's clock.
fn clock_ms() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// The space bar plays and pauses, except where it already means something.
fn listen_to_space(toggle: Callback<()>) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&document(), "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let is_plain = !event.repeat() && !event.ctrl_key() && !event.alt_key() && !event.meta_key();
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_taken = target.is_some_and(|target| {
            target.closest("a, button, input, select, textarea, summary").is_ok_and(|found| found.is_some())
        });
        if event.key() == " " && is_plain && !is_taken {
            event.prevent_default();
            toggle.emit(());
        }
    })
}
