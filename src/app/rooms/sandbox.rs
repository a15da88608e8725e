//! A run, live: the loop that joins session, player and view.

mod input;
mod catching_up;
mod dialogs;
mod frame_loop;
mod lesson_bridge;
mod live_region;

use std::rc::Rc;

use gloo::events::EventListener;
use gloo::render::AnimationFrame;
use gloo::timers::callback::Timeout;
use gloo::utils::{document, window};
use warstories_sim::{Link, SimTime, format};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};
use yew::prelude::*;

use self::catching_up::Seek;
use crate::browser::address;
use crate::browser::clock::clock_ms;
use crate::browser::input_events;
use crate::browser::keys::Command;
use crate::browser::theme::ThemeVersion;
use crate::run::announcer::Announcer;
use crate::run::lesson_host::{LessonAction, LessonHost, StartLesson};
use crate::run::marks;
use crate::run::player::Player;
use crate::run::screen::{Pick, Screen};
use crate::run::session::{Action, Session};
use crate::view::charts::Charts;
use crate::view::compare::{Compare, compare};
use crate::view::controls::{Controls, Panel};
use crate::view::dialog;
use crate::view::exhibit::Exhibits;
use crate::view::live::{Live, live};
use crate::view::notices::notices;
use crate::view::numbers::numbers;
use crate::view::stage::Stage;
use crate::view::status::status;
use crate::view::timeline::moments;
use crate::view::toolbar::{Toolbar, toolbar};
use crate::view::transport::{Transport, transport};

/// Which run to play.
#[derive(PartialEq, Properties)]
pub struct PlayProps {
    /// The run, as its link says.
    pub link: Link,
    /// The lesson around it, if there is one.
    pub start_lesson: Option<StartLesson>,
    /// Grows whenever somebody goes to another place of the lesson by its address.
    pub arrival: u32,
    /// Changes when charts must be drawn again.
    pub look: ThemeVersion,
}

/// Shows a run, afresh with each visit.
pub fn show(
    visit: u32,
    arrival: u32,
    link: Link,
    look: ThemeVersion,
    start_lesson: Option<StartLesson>,
) -> Html {
    html! { <Play key={visit} {arrival} {link} {look} {start_lesson} /> }
}

/// The page of one run.
pub struct Play {
    session: Session,
    /// The lesson around the run.
    host: Option<Box<dyn LessonHost>>,
    player: Player,
    screen: Rc<Screen>,
    /// Values of handles that are being dragged, entered when the page is next shown.
    dragged: Vec<(usize, f64)>,
    /// The request that the learner looks at.
    picked: Option<Pick>,
    act: Callback<Action>,
    frame: Option<AnimationFrame>,
    /// The way to another moment, while the run is on it.
    seek: Option<Seek>,
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
    /// What was just opened: the focus goes there.
    opened: Option<Opened>,
    /// Whether a finger or a button is down: all that a handle does meanwhile is one movement.
    is_pointer_down: bool,
    slid_at: f64,
    announcer: Announcer,
    announcement: Option<Timeout>,
    /// The moment up to which the run's announcements have been read out.
    announced_until: SimTime,
    summary: AttrValue,
    _listeners: Vec<EventListener>,
}

/// A part of the page that was not there a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opened {
    /// Another step of the lesson.
    Step,
    /// The comparison.
    Compare,
    /// The run, after a question was answered or a preset was chosen.
    Run,
    /// The rail, after the run has answered.
    Answer,
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
    /// The page has something to say.
    Notify(&'static str),
    /// The run has caught up enough: it stops where it is.
    StopSeek,
    /// The next announcement may be due.
    Announce,
    /// The learner looks at a request, or at none any more.
    Pick(Option<Pick>),
    /// The learner does something in a lesson.
    Lesson(LessonAction),
    /// The learner takes the post-mortem along.
    SavePostMortem,
    /// The browser is about to paint, at this time in milliseconds.
    Frame(f64),
    /// The address may be brought up to date.
    Address,
}

impl Component for Play {
    type Message = Msg;
    type Properties = PlayProps;

    fn create(ctx: &Context<Self>) -> Self {
        let mut session = Session::open(ctx.props().link.clone());
        let host = ctx.props().start_lesson.as_ref().map(|start_lesson| {
            let mut host = (start_lesson.begin)(&mut session);
            host.arrive(&start_lesson.place, &ctx.props().link, &mut session);
            host
        });
        let player = Player::new(&session);
        let screen = Rc::new(Screen::of(&session, &player, None, None));
        let mut listeners = input_events::pointer(&ctx.link().callback(Msg::Pointer));
        listeners.push(input_events::keys(ctx.link().callback(Msg::Key)));
        let announced_until = session.seek_request.at;
        let mut page = Self {
            session,
            host,
            player,
            screen,
            dragged: Vec::new(),
            picked: None,
            act: ctx.link().callback(Msg::Do),
            frame: None,
            seek: None,
            last_frame: None,
            shown_at: 0.0,
            acted_at: clock_ms(),
            address: None,
            dialog: None,
            closing: None,
            said: "",
            comparing: false,
            opened: None,
            is_pointer_down: false,
            slid_at: 0.0,
            announcer: Announcer::default(),
            announcement: None,
            announced_until,
            summary: AttrValue::default(),
            _listeners: listeners,
        };
        page.describe();
        page.listen_to_run(ctx);
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
            Msg::Do(Action::Play) => self.start_time(ctx),
            Msg::Do(preset @ Action::Preset(_)) => {
                self.act(preset, ctx);
                self.opened = Some(Opened::Run);
            }
            Msg::Do(action) => self.act(action, ctx),
            Msg::Lesson(lesson_action) => self.act_in_lesson(lesson_action, ctx),
            Msg::SavePostMortem => {
                self.save_post_mortem();
                return false;
            }
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
            Msg::Notify(sentence) => self.notify(sentence),
            Msg::StopSeek => {
                let at = self.player.run().now().ceil_to_millisecond();
                self.act(Action::Seek(at), ctx);
            }
            Msg::SingleKeys(on) => input_events::keep_single_keys(on),
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
                let moment = self.player.moment();
                let address = self.told_address(moment);
                address::show(&address.unwrap_or_else(|| address::play(&self.session.link(moment))));
                return false;
            }
        }
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, before: &PlayProps) -> bool {
        if ctx.props().arrival != before.arrival {
            self.arrive(ctx);
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
        let panel = Controls {
            spec,
            values: values.clone(),
            defaults: session.defaults(self.player.moment()),
            inert: self.player.run().inert(),
            open: self.host.as_ref().map(|host| host.open_controls(spec)),
            changes: session.changes(session.replay()),
            rest: self.rest(),
            resets: session.resets,
            seed: session.replay().seed(),
            steps: session.steps(),
            pause_at_announcements: session.pause_at_announcements,
            picked: self.picked,
            act: act.clone(),
        };
        html! {
            <>
                { transport(&Transport {
                    playing: session.playing, speed: session.speed, spec, screen,
                    moment: self.player.moment(), span: marks::span(spec.length, self.player.furthest()),
                    act, step: key(Command::Step), back: key(Command::Back),
                }) }
                <div class={classes!("play", self.host.is_some().then_some("told"))}>
                    if let Some(host) = &self.host {
                        { host.rail(self.player.run(), session, &ctx.link().callback(Msg::Lesson), ctx.link().callback(|()| Msg::SavePostMortem)) }
                    }
                    <main id="main" class="stage" tabindex="-1">
                        { status(spec, screen, session.playing, self.player.is_seeking()) }
                        { toolbar(&Toolbar {
                            branches: &session.branches, comparing: self.comparing, rests: self.rest().is_some(), act, compare: key(Command::Compare),
                            share: ctx.link().callback(|()| Msg::Dialog(Some(Dialog::Share))), help: key(Command::Help),
                        }) }
                        { notices(&session.notices, Some(act.reform(|()| Action::Dismiss))) }
                        { for self.catching_up(ctx) }
                        <Stage {spec} screen={screen.clone()} playing={session.playing} picked={self.picked} part={panel.picked_part().map(|(_, label)| label)} pick={ctx.link().callback(Msg::Pick)} look={ctx.props().look} />
                        <Exhibits {spec} {values} open={panel.open.clone()} act={act.clone()} />
                        <Charts {spec} screen={screen.clone()} link={session.replay().print(None)} look={ctx.props().look} />
                        if self.comparing {
                            { compare(&Compare { spec, session, screen, act }) }
                        }
                        { moments(spec, screen, act) }
                        { numbers(spec, screen) }
                        <details class="card leaves-out">
                            <summary>{ "What this model leaves out" }</summary>
                            <ul>{ for spec.leaves_out.iter().map(|sentence| html! { <li>{ format::unbroken(sentence) }</li> }) }</ul>
                        </details>
                        { live(&Live { said: AttrValue::from(self.announcer.said().to_owned()), summary: self.summary.clone(), on_ask: ctx.link().callback(|()| Msg::Ask) }) }
                    </main>
                    <Panel ..panel />
                </div>
                { self.dialog(ctx) }
            </>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        if self.dialog.is_some() && self.closing.is_none() {
            self.closing = dialog::show(ctx.link().callback(|()| Msg::Dialog(None)));
        }
        let opened = self.opened.take();
        if opened == Some(Opened::Step)
            && let Some(rail) = document().get_element_by_id("rail")
            && let Ok(rail) = rail.dyn_into::<HtmlElement>()
        {
            rail.set_scroll_top(0);
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = rail.focus_with_options(&options);
            // On a phone the rail is below the system: only there it has to be brought into sight.
            let place = rail.get_bounding_client_rect();
            if place.top() > place.height() || place.bottom() < 0.0 {
                rail.scroll_into_view();
            }
        }
        // On a phone the rail and the system are not in sight together.
        let target = match opened {
            Some(Opened::Run) => ".notice, .stage-card",
            Some(Opened::Answer) => ".rail .ask, .rail",
            _ => "",
        };
        if !target.is_empty()
            && let Ok(Some(element)) = document().query_selector(target)
        {
            let place = element.get_bounding_client_rect();
            let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::MAX);
            if place.top() > 0.6 * height || place.bottom() < 0.2 * height {
                element.scroll_into_view();
            }
        }
        if opened == Some(Opened::Compare)
            && let Some(heading) = document().get_element_by_id("compare")
            && let Ok(heading) = heading.dyn_into::<HtmlElement>()
        {
            let _ = heading.focus();
        }
    }
}
