//! What stands where: a run with all its instruments, or the room of a lesson, which shows what its step needs.

use gloo::utils::document;
use warstories_sim::format;
use warstories_sim::summary::latest;
use yew::prelude::*;

use super::{Dialog, Msg, Panel, Play};
use crate::browser::keys::Command;
use crate::browser::storage;
use crate::browser::swipe;
use crate::run::lesson_host::LessonHost;
use crate::run::marks;
use crate::run::session::{Action, apart};
use crate::view::charts::Charts;
use crate::view::compare::{Compare, compare};
use crate::view::control_row::ControlRow;
use crate::view::controls::{ControlPanel, Controls};
use crate::view::exhibit::Exhibits;
use crate::view::exhibit::editor::Editor;
use crate::view::exhibit::sorter::Sorter;
use crate::view::exhibit::waterfall::waterfall;
use crate::view::live::{Live, live};
use crate::view::notices::notices;
use crate::view::numbers::numbers;
use crate::view::plot;
use crate::view::stage::Stage;
use crate::view::status::status;
use crate::view::timeline::moments;
use crate::view::toolbar::{Toolbar, Tools, toolbar, tools};
use crate::view::transport::{Transport, transport};

/// Where the learner's choice about instruments is kept.
const KEY: &str = "warstories.instruments";

/// Whether lessons show all instruments, as chosen on an earlier visit.
pub(super) fn instruments() -> bool {
    storage::get(KEY).as_deref() == Some("on")
}

/// Keeps the choice; without storage it lasts as long as the page.
pub(super) fn keep_instruments(on: bool) {
    storage::set(KEY, if on { "on" } else { "off" });
}

impl Play {
    pub(super) fn layout(&self, ctx: &Context<Self>) -> Html {
        let Self { session, screen, act, .. } = self;
        let spec = session.replay().spec();
        let key = |command| ctx.link().callback(move |()| Msg::Key(command));
        let tools = tools(&Tools {
            instruments: self.host.as_ref().map(|_| self.instruments),
            toggle: key(Command::Instruments),
            share: ctx.link().callback(|()| Msg::Dialog(Some(Dialog::Share))),
            help: key(Command::Help),
        });
        html! {
            <>
                { for document().get_element_by_id("tools").map(|head| create_portal(tools, head)) }
                { transport(&Transport {
                    playing: session.playing, speed: session.speed, spec, screen,
                    moment: self.player.moment(), span: marks::span(spec.length, self.player.furthest()),
                    act, step: key(Command::Step), back: key(Command::Back),
                }) }
                { match &self.host {
                    None => html! { <div class="play">{ self.instrument_panel(ctx) }</div> },
                    Some(host) if self.instruments => {
                        html! { <div class="play told">{ self.rail(host.as_ref(), ctx) }{ self.instrument_panel(ctx) }</div> }
                    }
                    Some(host) => self.room(host.as_ref(), ctx),
                } }
                { self.dialog(ctx) }
            </>
        }
    }

    fn rail(&self, host: &dyn LessonHost, ctx: &Context<Self>) -> Html {
        let on_save = ctx.link().callback(|()| Msg::SavePostMortem);
        host.rail(self.player.shown(), &self.session, &ctx.link().callback(Msg::Lesson), on_save)
    }

    fn controls(&self) -> Controls {
        let Self { session, act, .. } = self;
        let spec = session.replay().spec();
        let mut values = session.values(self.player.moment());
        for (param, value) in &self.dragged {
            values[*param] = *value;
        }
        Controls {
            spec,
            values,
            defaults: session.defaults(self.player.moment()),
            inert: self.player.shown().inert(),
            open: self.open_controls(),
            offered: None,
            changes: session.changes(session.replay()),
            rest: self.rest(),
            resets: session.resets,
            seed: session.replay().seed(),
            steps: session.steps(),
            pause_at_announcements: session.pause_at_announcements,
            picked: self.picked,
            docs: self.docs.clone(),
            act: act.clone(),
        }
    }

    fn toolbar(&self, ctx: &Context<Self>) -> Html {
        toolbar(&Toolbar {
            branches: &self.session.branches,
            comparing: self.comparing,
            rests: self.rest().is_some(),
            act: &self.act,
            compare: ctx.link().callback(|()| Msg::Key(Command::Compare)),
        })
    }

    fn notices(&self, sentences: &[String]) -> Html {
        notices(sentences, Some(self.act.reform(|()| Action::Dismiss)))
    }

    fn stage(&self, fill: bool, panel: &Controls, ctx: &Context<Self>) -> Html {
        let spec = self.session.replay().spec();
        html! {
            <Stage {spec} {fill} screen={self.screen.clone()} playing={self.session.playing} picked={self.picked} part={panel.picked_part().map(|(_, label)| label)}
                pick={ctx.link().callback(Msg::Pick)} look={ctx.props().look} />
        }
    }

    /// What the learner sorts, if the story has such a thing.
    fn sorter(&self, panel: &Controls) -> Option<Html> {
        let sorting = self.screen.sorting.clone()?;
        let is_open =
            panel.rest.is_none() && panel.open.as_ref().is_none_or(|open| open.texts[sorting.field]);
        Some(html! { <Sorter {sorting} {is_open} act={self.act.clone()} /> })
    }

    /// The editor of the story's file, if it has one, and the action that it offers.
    fn editor(&self, panel: &Controls) -> Option<(Html, usize)> {
        let document = self.screen.document.clone()?;
        let action = panel.spec.action(document.sheet.action).ok()?;
        let rests = panel.rest.is_some();
        let is_open = !rests && panel.open.as_ref().is_none_or(|open| open.texts[document.sheet.field]);
        let may_push = !rests && panel.open.as_ref().is_none_or(|open| open.actions[action]);
        let push = may_push.then(|| (action, panel.spec.actions[action].label));
        let values = panel.values.clone();
        let most = panel.spec.texts[document.sheet.field].most;
        Some((
            html! { <Editor {document} {values} {most} {is_open} {push} act={self.act.clone()} /> },
            action,
        ))
    }

    fn comparison(&self) -> Html {
        let Self { session, screen, act, .. } = self;
        if !self.comparing {
            return Html::default();
        }
        compare(&Compare { spec: session.replay().spec(), session, screen, act })
    }

    fn live(&self, ctx: &Context<Self>) -> Html {
        live(&Live {
            said: AttrValue::from(self.announcer.said().to_owned()),
            summary: self.summary.clone(),
            on_ask: ctx.link().callback(|()| Msg::Ask),
        })
    }

    /// Everything there is.
    fn instrument_panel(&self, ctx: &Context<Self>) -> Html {
        let Self { session, screen, act, .. } = self;
        let spec = session.replay().spec();
        let mut panel = self.controls();
        let editor = self.editor(&panel);
        panel.offered = editor.as_ref().map(|(_, action)| *action);
        html! {
            <>
                <main id="main" class="stage" tabindex="-1">
                    { status(spec, screen, session.playing, self.player.is_seeking()) }
                    { self.toolbar(ctx) }
                    { self.notices(&session.notices) }
                    { for self.catching_up(ctx) }
                    { self.stage(false, &panel, ctx) }
                    { for editor.map(|(editor, _)| editor) }
                    <Exhibits {spec} withheld={self.host.as_ref().and_then(|host| host.withheld())} values={panel.values.clone()} open={panel.open.clone()} act={act.clone()} />
                    { for self.sorter(&panel) }
                    { for self.terminal_and_log(&panel, ctx) }
                    { for screen.record.iter().map(|record| waterfall(record, spec.clock)) }
                    { for self.host.iter().flat_map(|host| host.planes(self.player.shown())) }
                    <Charts {spec} screen={screen.clone()} link={session.replay().print(None)} look={ctx.props().look} playing={session.playing} />
                    { self.comparison() }
                    { moments(spec, screen, act) }
                    { numbers(spec, screen, self.docs.texts()) }
                    if let Some(texts) = self.docs.texts() {
                        <details class="card leaves-out">
                            <summary>{ "What this model leaves out" }</summary>
                            <ul>{ for texts.leaves_out.iter().map(|sentence| html! { <li>{ format::unbroken(sentence) }</li> }) }</ul>
                        </details>
                    }
                    { self.live(ctx) }
                </main>
                <ControlPanel ..panel />
            </>
        }
    }

    /// What the step of a lesson needs, in one view. On a phone, story and system take turns.
    fn room(&self, host: &dyn LessonHost, ctx: &Context<Self>) -> Html {
        let Self { session, screen, act, panel, .. } = self;
        let spec = session.replay().spec();
        let mut controls = self.controls();
        let mut charts: Vec<usize> =
            host.watch().iter().filter_map(|metric| spec.chart_of(spec.metrics.get(*metric)?.id)).collect();
        if charts.is_empty() {
            charts.push(0);
        }
        let planes = host.planes(self.player.shown());
        if !planes.is_empty() {
            charts.truncate(1);
        }
        let is_written = |field: Option<usize>| {
            field.is_some_and(|field| controls.open.as_ref().is_some_and(|open| open.texts[field]))
        };
        let sorts = is_written(screen.sorting.as_ref().map(|sorting| sorting.field));
        let edits = is_written(screen.document.as_ref().map(|document| document.sheet.field));
        let sorter = if sorts { self.sorter(&controls) } else { None };
        let editor = if edits { self.editor(&controls) } else { None };
        controls.offered = editor.as_ref().map(|(_, action)| *action);
        // Beside one chart there is room for it.
        let has_terminal = controls.open.as_ref().is_some_and(|open| open.terminal);
        let terminal = if has_terminal { self.terminal(&controls, ctx) } else { None };
        let is_alone =
            charts.len() + planes.len() == 1 && sorter.is_none() && editor.is_none() && terminal.is_none();
        let record = screen.record.iter().filter(|_| is_alone).map(|record| waterfall(record, spec.clock));
        let changed = latest(self.player.shown(), host.watch(), &|metric, from| {
            plot::extremes(metric, spec, screen, from)
        })
        .filter(|_| !self.player.is_seeking());
        // In a lesson the rail says what comes next: that time has stopped is said where the change was, without pushing all down.
        let (end, others) = apart(&session.notices, spec);
        let has_controls = controls.has_any() || controls.has_sorting();
        let turn = |to: Panel, text: &'static str| {
            html! {
                <button type="button" class="button" aria-pressed={(*panel == to).to_string()} onclick={ctx.link().callback(move |_| Msg::Turn(to))}>{ text }</button>
            }
        };
        html! {
            <>
                <div class="play told lesson-room" data-panel={panel.word()}
                    onpointerdown={ctx.link().callback(|event| Msg::Touch(swipe::begin(&event)))}
                    onpointerup={ctx.link().callback(|event| Msg::Lift(swipe::point(&event)))}>
                    { self.rail(host, ctx) }
                    <main id="main" class="stage scene" tabindex="-1">
                        { self.notices(&others) }
                        { for self.catching_up(ctx) }
                        { host.brief(self.player.shown()) }
                        <div class="moment">
                            <div class="changed num">
                                <p data-role="changed">{ changed }</p>
                                <p role="status">{ end }</p>
                            </div>
                            if session.branches.all().len() > 1 { { self.toolbar(ctx) } }
                        </div>
                        { self.stage(true, &controls, ctx) }
                        <div class="watch">
                            { host.beside(self.player.shown()).unwrap_or_else(|| html! {
                                <>
                                    <Charts {spec} only={charts} screen={screen.clone()} link={session.replay().print(None)} look={ctx.props().look} playing={session.playing} />
                                    { for planes }
                                    { for sorter }
                                    { for editor.map(|(editor, _)| editor) }
                                    { for terminal }
                                    { for record }
                                    <Exhibits {spec} is_beside=true values={controls.values.clone()} open={controls.open.clone()} act={act.clone()} />
                                </>
                            }) }
                        </div>
                        <ControlRow ..controls />
                        { self.comparison() }
                        { self.live(ctx) }
                    </main>
                </div>
                <nav class="panels" aria-label="Story and system">
                    { turn(Panel::Story, "Story") }
                    { turn(Panel::System, "System") }
                    if has_controls { { turn(Panel::Controls, "Controls") } }
                    if has_terminal { { turn(Panel::Terminal, "Terminal") } }
                </nav>
            </>
        }
    }
}
