//! The system as a diagram, alive: boxes that fill, requests on their way, and whatever the learner points at.

mod detail;
mod diagram;
mod dots;
mod face;
mod labels;
mod layer;
mod layout;
pub mod life;
mod links;
mod node;
mod places;
mod readings;
mod route;
mod text;

use std::rc::Rc;

use gloo::utils::window;
use warstories_sim::ScenarioSpec;
use warstories_sim::snapshot::{Health, Node};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use self::detail::Detail;
use self::diagram::Diagram;
use self::layer::Layer;
use self::layout::Layout;
use self::readings::Readings;
use crate::browser::clock::clock_ms;
use crate::browser::theme::ThemeVersion;
use crate::run::screen::{Pick, Screen};
use crate::view::size::use_size;
use warstories_sim::format;

/// Of the window's height, where the frame has no height of its own; and the least that this is, in CSS pixels.
const SHARE: f64 = 0.42;
const LEAST_HEIGHT: f64 = 220.0;

/// States that are told above the diagram.
const PILLS: usize = 3;

/// What the stage shows.
#[derive(Properties)]
pub struct StageProps {
    /// The scenario.
    pub spec: &'static ScenarioSpec,
    /// The run.
    pub screen: Rc<Screen>,
    /// Whether time passes.
    pub playing: bool,
    /// The request that the learner looks at.
    pub picked: Option<Pick>,
    /// The part of the system whose controls are open for that.
    pub part: Option<&'static str>,
    /// The learner looks at a request, or at none any more.
    pub pick: Callback<Option<Pick>>,
    /// Changes when it must be drawn again.
    pub look: ThemeVersion,
    /// Whether it fills the height that its frame has; else it takes a share of the window's height.
    #[prop_or_default]
    pub fill: bool,
}

impl PartialEq for StageProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.screen, &other.screen)
            && (self.playing, self.picked, self.part, self.look, self.fill)
                == (other.playing, other.picked, other.part, other.look, other.fill)
    }
}

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let StageProps { spec, screen, playing, picked, part, pick, look, fill } = props;
    let (frame, svg, switch) = (use_node_ref(), use_node_ref(), use_node_ref());
    let size = use_size(&frame);
    let height = if *fill { size.1 } else { spare_height() };
    let each = use_state(|| 1_u64);
    let is_open = use_state(|| false);
    let readings = use_mut_ref(Readings::default);
    let kept = use_mut_ref(|| None::<(u32, Rc<Layout>)>);
    let layout = {
        let mut kept = kept.borrow_mut();
        let before =
            kept.as_ref().filter(|(drawing, _)| *drawing == screen.drawing).map(|(_, layout)| layout);
        let layout = Layout::of(&screen.system, (size.0, height), size.2, before);
        *kept = Some((screen.drawing, layout.clone()));
        layout
    };
    {
        let frame = frame.clone();
        use_effect_with(layout.least.ceil() as u32, move |least| {
            // The page allows no style in its markup. Without it the frame is as high as its card allows.
            let _ = frame
                .cast::<HtmlElement>()
                .map(|frame| frame.style().set_property("--least", &format!("{least}px")));
        });
    }
    readings.borrow_mut().follow(
        (&screen.system, screen.now),
        &screen.course,
        screen.drawing,
        *playing,
        clock_ms(),
    );
    let still = prefers_stillness();
    let shows_detail = *is_open || picked.is_some();
    let close = {
        let (is_open, pick, svg, switch, picked, screen) =
            (is_open.clone(), pick.clone(), svg.clone(), switch.clone(), *picked, screen.clone());
        Callback::from(move |()| {
            is_open.set(false);
            pick.emit(None);
            // Whoever closes it with the keyboard goes on where it was opened.
            let boxes = svg.cast::<Element>().map(|svg| svg.query_selector_all(".node"));
            let place =
                picked.and_then(|pick| screen.system.nodes.iter().position(|node| node.id == pick.node));
            let node = boxes.and_then(Result::ok).and_then(|boxes| boxes.item(place? as u32));
            let origin = node.and_then(|node| node.dyn_into::<web_sys::SvgElement>().ok());
            // Nothing is lost where an element does not take the focus.
            let _ = match (origin, switch.cast::<HtmlElement>()) {
                (Some(node), _) => node.focus(),
                (None, Some(switch)) => switch.focus(),
                (None, None) => Ok(()),
            };
        })
    };
    let escape = {
        let close = close.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" && shows_detail {
                event.stop_propagation();
                close.emit(());
            }
        }
    };
    let toggle = {
        let (is_open, close) = (is_open.clone(), close.clone());
        move |_: MouseEvent| {
            if shows_detail {
                close.emit(());
            } else {
                is_open.set(true);
            }
        }
    };
    let each_changed = {
        let each = each.clone();
        Callback::from(move |value| each.set(value))
    };
    let readings = readings.borrow();
    let drawing = Diagram {
        spec,
        system: &screen.system,
        layout: &layout,
        readings: &readings,
        course: &screen.course,
        still,
        picked: *picked,
    };
    html! {
        <section class="card stage-card" aria-labelledby="stage-title" onkeydown={escape}>
            <header class="stage-head">
                <h2 id="stage-title">{ "The system" }</h2>
                { pills(&readings, screen.system.nodes.len()) }
                <small class="num dots-note">
                    // One number cannot say what a dot is where some are orders and others megabytes.
                    if *each > 1 && !still && screen.system.flows.iter().all(|flow| flow.unit.is_empty()) { { format!("each moving dot stands for {}", format::count(*each)) } }
                </small>
                <button type="button" class="button" ref={switch} aria-expanded={shows_detail.to_string()}
                    onclick={toggle}>{ "Requests" }</button>
            </header>
            <div class="stage-frame" ref={frame}>
                if size.0 > 0.0 {
                    { drawing.draw(&svg, pick) }
                    if !still {
                        <Layer screen={screen.clone()} layout={layout.clone()} playing={*playing} each={each_changed} look={*look} />
                    }
                }
            </div>
            if shows_detail {
                <Detail {spec} screen={screen.clone()} playing={*playing} picked={*picked} part={*part} {close} />
            }
        </section>
    }
}

/// Whoever is not fine, the worst first: as many as fit in one line, and how many more there are.
fn pills(readings: &Readings, nodes: usize) -> Html {
    let all = || (0..nodes).filter_map(|node| readings.node(node));
    let of = |wanted| all().filter(move |node| node.health == wanted);
    let says = |node: &Node| format!("{}: {}", node.title, node.word);
    let states: Vec<&Node> = of(Health::Failing).chain(of(Health::Strained)).collect();
    let (shown, more) = states.split_at(states.len().min(PILLS));
    let more: Vec<String> = more.iter().map(|node| says(node)).collect();
    html! {
        <ul class="states" aria-label="How the system is doing">
            if states.is_empty() {
                { pill(node::look(Health::Fine), "All fine".to_owned()) }
            }
            { for shown.iter().map(|node| pill(node::look(node.health), says(node))) }
            if !more.is_empty() {
                <li class="more" title={more.join("\n")}>
                    { format!("and {} more", more.len()) }<span class="unseen">{ format!(": {}", more.join("; ")) }</span>
                </li>
            }
        </ul>
    }
}

fn pill((class, glyph): (&'static str, &'static str), text: String) -> Html {
    html! {
        <li class={classes!("state", class)}><svg viewBox="0 0 10 10" aria-hidden="true"><path d={glyph} /></svg><span>{ text }</span></li>
    }
}

/// What the window can spare for a stage without a height of its own, in CSS pixels.
fn spare_height() -> f64 {
    let height = window().inner_height().ok().and_then(|height| height.as_f64());
    (height.unwrap_or_default() * SHARE).max(LEAST_HEIGHT)
}

fn prefers_stillness() -> bool {
    window()
        .match_media("(prefers-reduced-motion: reduce)")
        .is_ok_and(|query| query.is_some_and(|query| query.matches()))
}
