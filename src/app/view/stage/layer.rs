//! The canvas above the diagram on which dots travel.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::render::{AnimationFrame, request_animation_frame};
use gloo::utils::window;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};
use yew::prelude::*;

use super::dots::Dots;
use super::layout::Layout;
use crate::browser::clock::clock_ms;
use crate::browser::theme::ThemeVersion;
use crate::run::screen::Screen;

/// Half the width of a dot and of a cross, in units of the drawing.
const RADIUS: f64 = 3.2;
/// A frame that comes later than this found the page hidden; dots do not jump.
const LONGEST_MS: f64 = 100.0;

/// What travels.
#[derive(Properties)]
pub struct LayerProps {
    /// The run.
    pub screen: Rc<Screen>,
    /// The drawing below.
    pub layout: Rc<Layout>,
    /// Whether time passes.
    pub playing: bool,
    /// How many requests a dot stands for, when that changes.
    pub each: Callback<u64>,
    /// Changes when the style sheet may say other colours.
    pub look: ThemeVersion,
}

impl PartialEq for LayerProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.screen, &other.screen)
            && self.layout == other.layout
            && (self.playing, self.look) == (other.playing, other.look)
    }
}

#[derive(Default)]
struct Stage {
    dots: Dots,
    layout: Option<Rc<Layout>>,
    playing: bool,
    frame: Option<AnimationFrame>,
    last_ms: Option<f64>,
    well: String,
    bad: String,
    /// What the colours were read for.
    look: Option<ThemeVersion>,
}

/// The dots.
#[component]
pub fn Layer(props: &LayerProps) -> Html {
    let canvas = use_node_ref();
    let stage = use_memo((), |()| RefCell::new(Stage::default()));
    {
        let (canvas, stage, each) = (canvas.clone(), stage.clone(), props.each.clone());
        let (screen, layout) = (props.screen.clone(), props.layout.clone());
        let (playing, look) = (props.playing, props.look);
        use_effect(move || {
            {
                let mut stage = stage.borrow_mut();
                let before = stage.dots.each();
                let now = clock_ms();
                stage.dots.follow(&screen.system, &layout.links, screen.now, screen.drawing, playing, now);
                (stage.layout, stage.playing) = (Some(layout), playing);
                if stage.look.replace(look) != Some(look) {
                    stage.well.clear();
                }
                if stage.dots.each() != before {
                    each.emit(stage.dots.each());
                }
            }
            step(&stage, &canvas, None);
        });
    }
    {
        // A frame that is still to come would find no canvas.
        use_effect_with((), move |()| move || stage.borrow_mut().frame = None);
    }
    html! { <canvas class="dots" ref={canvas} aria-hidden="true" /> }
}

/// Draws, and asks for another frame while dots move. `at_ms` is the time of a frame, if this is one.
fn step(stage: &Rc<RefCell<Stage>>, node: &NodeRef, at_ms: Option<f64>) {
    let Ok(mut this) = stage.try_borrow_mut() else { return };
    if at_ms.is_some() {
        this.frame = None;
    } else if this.frame.is_some() {
        return;
    }
    let (Some(canvas), Some(layout)) = (node.cast::<HtmlCanvasElement>(), this.layout.clone()) else {
        return;
    };
    if this.playing {
        if let Some(at) = at_ms {
            let passed = this.last_ms.map_or(0.0, |last| (at - last).clamp(0.0, LONGEST_MS));
            this.dots.advance(passed, &layout.links);
        }
        this.last_ms = at_ms;
    } else {
        this.last_ms = None;
    }
    draw(&mut this, &canvas, &layout);
    if this.playing && !this.dots.is_empty() {
        let (stage, node) = (stage.clone(), node.clone());
        this.frame = Some(request_animation_frame(move |now| step(&stage, &node, Some(now))));
    } else {
        this.last_ms = None;
    }
}

fn draw(this: &mut Stage, canvas: &HtmlCanvasElement, layout: &Layout) {
    let scale = window().device_pixel_ratio().max(2.0) * layout.zoom;
    let (width, height) = ((layout.width * scale).round() as u32, (layout.height * scale).round() as u32);
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let context = canvas.get_context("2d").ok().flatten();
    let Some(context) = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok())
    else {
        return;
    };
    if this.well.is_empty()
        && let Ok(Some(style)) = window().get_computed_style(canvas)
    {
        let value = |property| style.get_property_value(property).unwrap_or_default();
        // A canvas has no text and no border of its own: the properties carry the colours of dots.
        (this.well, this.bad) = (value("color"), value("border-top-color"));
    }
    context.clear_rect(0.0, 0.0, width.into(), height.into());
    let size = RADIUS * scale;
    context.set_fill_style_str(&this.well);
    context.begin_path();
    for ((x, y), _) in this.dots.places(&layout.links).filter(|(_, failed)| !failed) {
        context.move_to(x * scale + size, y * scale);
        // The radius is positive, the only thing that an arc could object to.
        let _ = context.arc(x * scale, y * scale, size, 0.0, std::f64::consts::TAU);
    }
    context.fill();
    context.set_stroke_style_str(&this.bad);
    context.set_line_width(2.2 * scale);
    context.begin_path();
    for ((x, y), _) in this.dots.places(&layout.links).filter(|(_, failed)| *failed) {
        let (x, y) = (x * scale, y * scale);
        context.move_to(x - size, y - size);
        context.line_to(x + size, y + size);
        context.move_to(x + size, y - size);
        context.line_to(x - size, y + size);
    }
    context.stroke();
}
