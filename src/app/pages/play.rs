//! A run, live: the loop that joins session, player and view.

use std::rc::Rc;

use gloo::events::EventListener;
use gloo::render::{AnimationFrame, request_animation_frame};
use gloo::timers::callback::Timeout;
use gloo::utils::{document, window};
use warstories_sim::announce::summary;
use warstories_sim::{Link, SimTime};
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::announcer::Announcer;
use crate::keys::Command;
use crate::listen;
use crate::look::Look;
use crate::marks;
use crate::player::{Player, Stop};
use crate::route;
use crate::screen::{Pick, Screen};
use crate::session::{Action, Session};
use crate::view::charts::Charts;
use crate::view::compare::{Compare, compare};
use crate::view::controls::{Controls, controls, new_seed};
use crate::view::dialog;
use crate::view::help::{Help, help};
use crate::view::live::{Live, live};
use crate::view::notices::notices;
use crate::view::numbers::numbers;
use crate::view::share::{Share, share};
use crate::view::stage::Stage;
use crate::view::status::status;
use crate::view::timeline::moments;
use crate::view::toolbar::{Toolbar, toolbar};
use crate::view::transport::{Transport, transport};

/// The simulation's share of a frame.
const FRAME_BUDGET_MS: f64 = 8.0;
/// Between two drawings of numbers and charts, and between two changes of a handle that is being dragged.
const SHOW_EVERY_MS: f64 = 100.0;
/// A way back through time that is shorter than this is not shown.
const SILENT_SEEK_MS: f64 = 400.0;
/// Browsers limit how often an address may change.
const ADDRESS_DELAY_MS: u32 = 500;
/// Moving a handle again after this long is another movement, for those who move it with keys.
const GESTURE_MS: f64 = 1000.0;
/// A step back goes at most this share of the usual length.
const BACK_STEPS: u64 = 60;

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
    dialog: Option<Dialog>,
    /// While a dialog is open, waits for it to be closed.
    closing: Option<EventListener>,
    /// What became of the last copy.
    said: &'static str,
    comparing: bool,
    /// The comparison was just opened: the focus goes there.
    is_compare_new: bool,
    /// Whether a finger or a button is down: all that a handle does meanwhile is one movement.
    is_pointer_down: bool,
    slid_at: f64,
    announcer: Announcer,
    announcement: Option<Timeout>,
    /// The moment up to which crossings have been announced.
    heard: SimTime,
    summary: AttrValue,
    _listeners: Vec<EventListener>,
}

/// What is open above the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Giving the run to others.
    Share,
    /// The keys.
    Help,
}

/// What happens on this page.
pub enum Msg {
    /// The learner does something.
    Do(Action),
    /// A key.
    Key(Command),
    /// A finger or a button comes down, or is lifted.
    Pointer(bool),
    /// A dialog opens, or the open one closes.
    Dialog(Option<Dialog>),
    /// Something became of a copy.
    Said(&'static str),
    /// The learner switches keys that work alone on or off.
    SingleKeys(bool),
    /// The learner asks how the run is doing.
    Ask,
    /// The next announcement may be due.
    Announce,
    /// The learner looks at a request, or at none any more.
    Pick(Option<Pick>),
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
        let screen = Rc::new(Screen::of(&session, &player, None, None));
        let mut listeners = listen::pointer(&ctx.link().callback(Msg::Pointer));
        listeners.push(listen::keys(ctx.link().callback(Msg::Key)));
        let heard = session.cue.at;
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
            dialog: None,
            closing: None,
            said: "",
            comparing: false,
            is_compare_new: false,
            is_pointer_down: false,
            slid_at: 0.0,
            announcer: Announcer::default(),
            announcement: None,
            heard,
            summary: AttrValue::default(),
            _listeners: listeners,
        };
        page.describe();
        page.request_frame(ctx);
        page
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Do(Action::Set { param, value }) => {
                self.slide();
                if self.session.playing {
                    self.dragged.retain(|(other, _)| *other != param);
                    self.dragged.push((param, value));
                } else {
                    self.act(Action::Set { param, value }, ctx);
                }
            }
            Msg::Do(action) => self.act(action, ctx),
            Msg::Pick(pick) => {
                self.picked = pick;
                self.show();
            }
            Msg::Key(command) => self.obey(command, ctx),
            Msg::Pointer(is_down) => {
                self.is_pointer_down = is_down;
                if !is_down {
                    // What was dragged up to here still belongs to the movement.
                    if self.enter_dragged() {
                        self.update_address(ctx);
                    }
                    self.enter(Action::EndGesture);
                }
                return false;
            }
            Msg::Dialog(dialog) => {
                // What is shared is one moment.
                if dialog == Some(Dialog::Share) && self.session.playing {
                    self.act(Action::Pause, ctx);
                }
                self.dialog = dialog;
                self.closing = None;
                self.said = "";
            }
            Msg::Said(said) => self.said = said,
            Msg::SingleKeys(on) => listen::keep_single_keys(on),
            Msg::Ask => {
                self.describe();
                self.announcer.say(self.summary.to_string());
                self.announce(ctx);
            }
            Msg::Announce => {
                self.announcement = None;
                self.announce(ctx);
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
        let spec = session.replay().spec();
        let mut values = session.values(self.player.moment());
        for (param, value) in &self.dragged {
            values[*param] = *value;
        }
        let key = |command| ctx.link().callback(move |()| Msg::Key(command));
        let history = &session.branches.current().history;
        let panel = Controls {
            spec,
            values,
            inputs: session.replay().inputs().len(),
            seed: session.replay().seed(),
            steps: (history.can_undo(), history.can_redo()),
            pause_at_crossings: session.pause_at_crossings,
            act: act.clone(),
        };
        html! {
            <>
                { transport(&Transport {
                    playing: session.playing, speed: session.speed, spec, screen,
                    moment: self.player.moment(), span: marks::span(spec.length, self.player.furthest()),
                    act, step: key(Command::Step), back: key(Command::Back),
                }) }
                <div class="play">
                    <main id="main" class="stage" tabindex="-1">
                        { notices(&session.notices, Some(act.reform(|()| Action::Dismiss))) }
                        { status(spec, screen, session.playing, self.player.is_seeking()) }
                        { toolbar(&Toolbar {
                            branches: &session.branches, comparing: self.comparing, act, compare: key(Command::Compare),
                            share: ctx.link().callback(|()| Msg::Dialog(Some(Dialog::Share))), help: key(Command::Help),
                        }) }
                        <Stage {spec} screen={screen.clone()} playing={session.playing} picked={self.picked} pick={ctx.link().callback(Msg::Pick)} />
                        <Charts {spec} screen={screen.clone()} link={session.replay().print(None)} look={ctx.props().look} />
                        if self.comparing {
                            { compare(&Compare { spec, branches: &session.branches, screen, act }) }
                        }
                        { moments(spec, screen, act) }
                        { numbers(spec, screen) }
                        <details class="card leaves-out">
                            <summary>{ "What this model leaves out" }</summary>
                            <ul>{ for spec.leaves_out.iter().map(|sentence| html! { <li>{ *sentence }</li> }) }</ul>
                        </details>
                        { live(&Live { said: AttrValue::from(self.announcer.said().to_owned()), summary: self.summary.clone(), on_ask: ctx.link().callback(|()| Msg::Ask) }) }
                    </main>
                    { controls(&panel) }
                </div>
                { self.dialog(ctx) }
            </>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        if self.dialog.is_some() && self.closing.is_none() {
            self.closing = dialog::show(ctx.link().callback(|()| Msg::Dialog(None)));
        }
        if std::mem::take(&mut self.is_compare_new)
            && let Some(heading) = document().get_element_by_id("compare")
            && let Ok(heading) = heading.dyn_into::<HtmlElement>()
        {
            let _ = heading.focus();
        }
    }
}

impl Play {
    fn dialog(&self, ctx: &Context<Self>) -> Html {
        match self.dialog {
            None => Html::default(),
            Some(Dialog::Help) => {
                let on_single = ctx.link().callback(Msg::SingleKeys);
                help(&Help { single: listen::single_keys(), on_single })
            }
            Some(Dialog::Share) => {
                let moment = self.player.moment();
                let link = self.session.replay().print((moment > SimTime::ZERO).then_some(moment));
                let title = self.session.replay().spec().title;
                let on_said = ctx.link().callback(Msg::Said);
                let summary = summary(self.player.run());
                share(&Share { address: route::whole(&link), title, summary, said: self.said, on_said })
            }
        }
    }

    fn obey(&mut self, command: Command, ctx: &Context<Self>) {
        match command {
            Command::Toggle if self.session.playing => self.act(Action::Pause, ctx),
            Command::Toggle => self.act(Action::Play, ctx),
            Command::Step => {
                if let Some(next) = self.player.next_time() {
                    self.act(Action::Seek(next), ctx);
                }
            }
            Command::Back => {
                let length = self.session.replay().spec().length;
                let most = SimTime::from_nanos(length.nanos() / BACK_STEPS);
                let at = marks::step_back(&self.screen.marks, self.player.moment(), most);
                self.act(Action::Seek(at), ctx);
            }
            Command::Restart => self.act(Action::Restart, ctx),
            Command::NewSeed => self.act(Action::Seed(new_seed()), ctx),
            Command::Undo => self.act(Action::Undo, ctx),
            Command::Redo => self.act(Action::Redo, ctx),
            Command::Compare => {
                self.comparing = !self.comparing;
                self.is_compare_new = self.comparing;
            }
            Command::Fullscreen => listen::toggle_fullscreen(),
            Command::Help => self.dialog = Some(Dialog::Help),
        }
    }

    /// A handle moves: on its own after a while, or as a part of the movement that is under way.
    fn slide(&mut self) {
        let now = clock_ms();
        if !self.is_pointer_down && now - self.slid_at > GESTURE_MS {
            self.enter(Action::EndGesture);
        }
        self.slid_at = now;
    }

    /// Says in words how the run is doing.
    fn describe(&mut self) {
        self.summary = AttrValue::from(summary(self.player.run()));
    }

    /// Announces what waits as soon as it is due.
    fn announce(&mut self, ctx: &Context<Self>) {
        if let Some(wait) = self.announcer.tick(clock_ms())
            && self.announcement.is_none()
        {
            let link = ctx.link().clone();
            let wait = wait.ceil().max(1.0) as u32;
            self.announcement = Some(Timeout::new(wait, move || link.send_message(Msg::Announce)));
        }
    }

    /// Notes which thresholds were crossed since the last time.
    fn hear(&mut self, ctx: &Context<Self>) {
        let run = self.player.run();
        let now = run.now();
        let new = run.crossings().iter().rfind(|crossing| crossing.at > self.heard);
        if let Some(crossing) = new.filter(|_| self.session.playing) {
            self.announcer.say(crossing.sentence(run.spec()));
        }
        self.heard = now;
        self.announce(ctx);
    }

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
        let stop = self.player.frame(&self.session, elapsed, || clock_ms() - started > FRAME_BUDGET_MS);
        self.hear(ctx);
        match stop {
            Some(Stop::End) => self.act(Action::End, ctx),
            // The frame may have gone a little past it.
            Some(Stop::Crossing(at)) => self.act(Action::Seek(at), ctx),
            None => {}
        }
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
            self.screen = Rc::new(Screen::of(&self.session, &self.player, self.picked, Some(&self.screen)));
        }
        if !self.session.playing && !self.player.is_seeking() {
            self.describe();
        }
    }

    /// Asks for another frame while there is anything to play.
    fn request_frame(&mut self, ctx: &Context<Self>) {
        if !self.session.playing && !self.player.is_busy() {
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
