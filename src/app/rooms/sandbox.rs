//! A run, live: the loop that joins session, player and view.

mod input;
mod catching_up;
mod dialogs;
mod focus;
mod frame_loop;
mod help_texts;
mod layout;
mod lesson_bridge;
mod live_region;
mod terminal;

use std::rc::Rc;

use gloo::events::EventListener;
use gloo::render::AnimationFrame;
use gloo::timers::callback::Timeout;
use warstories_sim::terminal::LogView;
use warstories_sim::{Link, SimTime};
use yew::prelude::*;

use self::catching_up::Seek;
use self::focus::Held;
use crate::browser::address;
use crate::browser::clock::clock_ms;
use crate::browser::input_events;
use crate::browser::keys::Command;
use crate::browser::swipe::{self, Point};
use crate::browser::theme::ThemeVersion;
use crate::run::announcer::Announcer;
use crate::run::docs::Docs;
use crate::run::lesson_host::{LessonAction, LessonHost, StartLesson};
use crate::run::player::Player;
use crate::run::screen::{Pick, Screen};
use crate::run::session::{Action, Session};
use crate::run::shell::{Shell, Typed};
use crate::view::dialog;

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
    docs: Docs,
    /// What was typed into the terminal, and what was printed.
    shell: Shell,
    /// The latest lines of the log, and when they were looked at.
    log: Option<LogView>,
    log_at: f64,
    /// Values of handles that are being dragged, entered when they rest.
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
    /// Whether a lesson shows everything that the run measures.
    instruments: bool,
    /// What a phone shows of a lesson.
    panel: Panel,
    /// Where a finger came down that may turn to the other panel.
    touched: Option<Point>,
    /// What was just opened: the focus goes there.
    opened: Option<Opened>,
    /// What had the focus before the page was shown anew.
    held: Option<Held>,
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
pub enum Opened {
    /// Another step of the lesson.
    Step,
    /// The comparison.
    Compare,
    /// The run, after a question was answered or a preset was chosen.
    Run,
    /// The rail, after the run has answered.
    Answer,
    /// A hint of the goal in this line of the lesson.
    Hint(usize),
    /// The controls, on a phone.
    Controls,
    /// The terminal, on a phone.
    Terminal,
    /// What the terminal has printed.
    Printed,
    /// A button of the terminal.
    Button,
}

/// What a phone shows of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// What the step tells and asks.
    Story,
    /// The run.
    System,
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
    /// On a phone, the learner turns to the story, where it has come to, or to a part of the system.
    Turn(Opened),
    /// A finger comes down in a lesson, unless it takes hold of something.
    Touch(Option<Point>),
    /// A finger is lifted there.
    Lift(Point),
    /// The learner looks at a request, or at none any more.
    Pick(Option<Pick>),
    /// The learner does something at the terminal.
    Type(Typed),
    /// The learner does something in a lesson.
    Lesson(LessonAction),
    /// The learner takes the post-mortem along.
    SavePostMortem,
    /// The help texts have arrived, or they will not.
    Docs(Docs),
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
        let mut session =
            if ctx.props().start_lesson.is_none() { Self::at_own_speed(session) } else { session };
        let host = ctx.props().start_lesson.as_ref().map(|start_lesson| {
            let mut host = (start_lesson.begin)(&mut session);
            host.arrive(&start_lesson.place, &ctx.props().link, &mut session);
            host
        });
        let docs = help_texts::of(session.replay().spec(), ctx.link().callback(Msg::Docs));
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
            docs,
            shell: Shell::default(),
            log: None,
            log_at: 0.0,
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
            instruments: layout::instruments(),
            panel: Panel::Story,
            touched: None,
            opened: None,
            held: None,
            is_pointer_down: false,
            slid_at: 0.0,
            announcer: Announcer::default(),
            announcement: None,
            announced_until,
            summary: AttrValue::default(),
            _listeners: listeners,
        };
        page.choose_pace();
        page.describe();
        page.look_at_log();
        page.listen_to_run(ctx);
        page.request_frame(ctx);
        page
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        self.held = focus::held();
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
            Msg::Do(preset @ Action::Preset(..)) => {
                self.act(preset, ctx);
                self.opened = Some(Opened::Run);
            }
            Msg::Do(action) => self.act(action, ctx),
            Msg::Lesson(lesson_action) => self.act_in_lesson(&lesson_action, ctx),
            Msg::SavePostMortem => {
                self.save_post_mortem();
                return false;
            }
            Msg::Turn(to) => self.turn_to(to),
            Msg::Touch(point) => {
                self.touched = point;
                return false;
            }
            Msg::Lift(point) => {
                let swiped = self.touched.take().and_then(|from| swipe::to_next(from, point));
                let Some(next) = swiped else { return false };
                self.turn_to(if next { Opened::Printed } else { Opened::Answer });
            }
            Msg::Pick(pick) => {
                self.picked = pick;
                self.show();
            }
            Msg::Type(typed) => self.type_in(typed, ctx),
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
            Msg::Docs(docs) => self.docs = docs,
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
        self.layout(ctx)
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        if self.dialog.is_some() && self.closing.is_none() {
            self.closing = dialog::show(ctx.link().callback(|()| Msg::Dialog(None)));
        }
        let opened = self.opened.take();
        let held = self.held.take().filter(|_| !matches!(opened, Some(Opened::Step | Opened::Compare)));
        held.iter().for_each(focus::go_on);
        opened.into_iter().for_each(focus::on);
    }
}
