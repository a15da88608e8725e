//! Curves on a canvas. How they look is the style sheet's to say: colours, widths and dashes are read from the
//! legend's swatches, so that legend and curve cannot differ and a change of theme reaches both.

mod names;

use gloo::utils::window;
use js_sys::Array;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters_canvas::CanvasBackend;
use warstories_sim::spec::ChartSpec;
use warstories_sim::{ScenarioSpec, decimal};
use web_sys::wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, Element, HtmlCanvasElement, HtmlElement};

use self::names::{Names, ROW, rows, width};
use crate::run::screen::{MarkKind, Screen};
use crate::view::plot::Plot;

/// Sizes in CSS pixels where text has this size; all grow with it.
const TEXT: f64 = 11.0;
/// Room for a number such as "2,000,000".
const LEFT: f64 = 66.0;
const BOTTOM: f64 = 18.0;
const RIGHT: f64 = 26.0;
/// Charts narrower than this leave only the room that their numbers need.
const NARROW: f64 = 300.0;
/// Room for a threshold's name above its line.
const TOP: f64 = 16.0;
/// Pens for runs to compare with; they come last in the legend.
pub const GHOSTS: usize = 4;
/// Room for one label on the time axis.
const LABEL: f64 = 62.0;

/// How a line looks, in canvas pixels.
struct Stroke {
    style: ShapeStyle,
    /// Lengths of dashes and gaps in turn; none where it is not dashed.
    dashes: Array,
}

/// How everything looks, in canvas pixels.
pub struct ChartStyle {
    /// Canvas pixels in one of the sizes above.
    scale: f64,
    font: String,
    text: RGBColor,
    grid: RGBColor,
    paper: RGBColor,
    pens: Vec<Stroke>,
    /// Of thresholds, of what the learner did, of what was predicted and what came of it, and of each run to compare with.
    mark: Stroke,
    moment: Stroke,
    guess: Stroke,
    outcome: Stroke,
    ghosts: Vec<Stroke>,
}

/// Canvas pixels in a CSS pixel.
fn resolution() -> f64 {
    window().device_pixel_ratio().max(2.0)
}

/// Whether one would have to scroll to see it.
pub fn is_out_of_sight(canvas: &HtmlCanvasElement) -> bool {
    let place = canvas.get_bounding_client_rect();
    let height = window().inner_height().ok().and_then(|height| height.as_f64());
    place.bottom() < 0.0 || height.is_some_and(|height| place.top() > height)
}

/// Draws the chart as large as the canvas is on the page.
pub fn draw(
    canvas: &HtmlCanvasElement,
    style: &ChartStyle,
    chart: &ChartSpec,
    spec: &ScenarioSpec,
    screen: &Screen,
    alone: Option<usize>,
) {
    let scale = resolution();
    let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
    if width == 0.0 || height == 0.0 {
        return;
    }
    let pixels = |css: f64| (css * scale).round() as u32;
    // Setting a canvas's size clears it and costs a new bitmap, even if the size is the same.
    if (canvas.width(), canvas.height()) != (pixels(width), pixels(height)) {
        canvas.set_width(pixels(width));
        canvas.set_height(pixels(height));
    }
    let room = width * scale / style.scale;
    let plot = Plot::of(chart, spec, screen, alone, ((room - LEFT) / LABEL) as usize);
    let sides = sides(&plot, room);
    let around = canvas.parent_element().and_then(|around| around.dyn_into::<HtmlElement>().ok());
    for (name, side) in [("--left", sides.0), ("--right", sides.1)] {
        let side = format!("{:.1}px", side * style.scale / scale);
        // Without them the crosshair lies beside its curve; nobody could do anything about it.
        let _ = around.as_ref().map(|around| around.style().set_property(name, &side));
    }
    let context = canvas.get_context("2d").ok().flatten().and_then(|context| context.dyn_into().ok());
    if let (Some(context), Some(backend)) = (context, CanvasBackend::with_canvas_object(canvas.clone())) {
        // A canvas reports no errors that anybody could act on.
        let _ = paint(&backend.into_drawing_area(), &context, &plot, style, sides);
    }
}

/// The room left and right of a plot in a chart as wide as `room`, both at the text's usual size.
fn sides(plot: &Plot, room: f64) -> (f64, f64) {
    if room >= NARROW {
        return (LEFT, RIGHT);
    }
    let widest =
        |labels: &[(f64, String)]| labels.iter().map(|(_, label)| width(label, TEXT)).fold(0.0, f64::max);
    let times = widest(&plot.times) / 2.0;
    ((widest(&plot.values) + 6.0).max(times), times)
}

fn paint(
    area: &DrawingArea<CanvasBackend, Shift>,
    context: &CanvasRenderingContext2d,
    plot: &Plot,
    style: &ChartStyle,
    (left, right): (f64, f64),
) -> Result<(), DrawingAreaErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>> {
    let pixels = |css: f64| (css * style.scale).round() as i32;
    area.fill(&style.paper)?;
    let text = FontDesc::new(FontFamily::Name(&style.font), TEXT * style.scale, FontStyle::Normal)
        .color(&style.text);
    let chart = ChartBuilder::on(area)
        .margin_top(pixels(TOP))
        .margin_right(pixels(right))
        .x_label_area_size(pixels(BOTTOM))
        .y_label_area_size(pixels(left))
        .build_cartesian_2d(0.0..plot.end, 0.0..plot.top)?;
    let place = |point: &(f64, f64)| chart.backend_coord(point);
    let path = |points: &[(f64, f64)], style| {
        area.draw(&PathElement::new(points.iter().map(place).collect::<Vec<_>>(), style))
    };
    // The browser cuts a line into dashes far quicker than one can be drawn dash by dash.
    let line = |points: &[(f64, f64)], stroke: &Stroke| {
        let _ = context.set_line_dash(&stroke.dashes);
        let drawn = path(points, stroke.style);
        let _ = context.set_line_dash(&Array::new());
        drawn
    };
    let level = |value: f64| [(0.0, value), (plot.end, value)];
    let rule = ShapeStyle::from(style.grid).stroke_width(pixels(1.0) as u32);
    for (value, label) in &plot.values {
        path(&level(*value), rule)?;
        let (x, y) = place(&(0.0, *value));
        area.draw_text(label, &text.pos(Pos::new(HPos::Right, VPos::Center)), (x - pixels(6.0), y))?;
    }
    for (time, label) in &plot.times {
        let (x, y) = place(&(*time, 0.0));
        area.draw(&PathElement::new([(x, y), (x, y + pixels(3.0))], rule))?;
        area.draw_text(label, &text.pos(Pos::new(HPos::Center, VPos::Top)), (x, y + pixels(6.0)))?;
    }
    for (value, _, is_measured) in &plot.guesses {
        line(&level(*value), style.of_guess(*is_measured))?;
    }
    for (value, _) in &plot.marks {
        line(&level(*value), &style.mark)?;
    }
    for (at, kind) in plot.moments.iter().filter(|(_, kind)| *kind != MarkKind::Announcement) {
        let (x, bottom) = place(&(*at, 0.0));
        let (_, top) = place(&(*at, plot.top));
        area.draw(&PathElement::new([(x, top), (x, bottom)], style.moment.style))?;
        // A full block for a change, an open one for an action.
        let (size, is_change) = (pixels(4.0), *kind == MarkKind::Change);
        let style = ShapeStyle { filled: is_change, ..style.moment.style };
        area.draw(&Rectangle::new([(x - size, top - 2 * size), (x + size, top)], style))?;
    }
    for (lines, stroke) in plot.ghosts.iter().zip(style.ghosts.iter().cycle()) {
        for run in lines.iter().flat_map(|points| points.split(|(_, value)| value.is_nan())) {
            line(run, stroke)?;
        }
    }
    for (spikes, stroke) in plot.spikes.iter().zip(&style.pens) {
        let thin = stroke.style.stroke_width(pixels(1.0) as u32);
        for (at, low, high) in spikes {
            path(&[(*at, *low), (*at, *high)], thin)?;
            area.draw(&Circle::new(place(&(*at, *high)), pixels(1.5), stroke.style.filled()))?;
        }
    }
    for (points, stroke) in plot.lines.iter().zip(&style.pens) {
        for run in points.split(|(_, value)| value.is_nan()) {
            if let [single] = run {
                let dot = Circle::new(place(single), stroke.style.stroke_width, stroke.style.filled());
                area.draw(&dot)?;
            } else {
                line(run, stroke)?;
            }
        }
    }
    let drawn = plot.lines.iter().chain(plot.ghosts.iter().flatten());
    let curves = drawn.flat_map(|points| points.split(|(_, value)| value.is_nan()));
    let pixel = |point: &(f64, f64)| {
        let (x, y) = place(point);
        (f64::from(x), f64::from(y))
    };
    let height = |value: f64| pixel(&(0.0, value)).1;
    let ((first, bottom), (last, _)) = (pixel(&(0.0, 0.0)), pixel(&(plot.end, 0.0)));
    let first = first + f64::from(pixels(4.0));
    let letter = TEXT * style.scale;
    let levels =
        plot.guesses.iter().map(|(value, ..)| value).chain(plot.marks.iter().map(|(value, _)| value));
    let mut names = Names {
        taken: Vec::new(),
        curves: curves.map(|points| points.iter().map(pixel).collect()).collect(),
        levels: levels.map(|value| height(*value)).collect(),
        edges: (first, last, bottom),
        letter,
    };
    context.set_stroke_style_str(&format!("rgb({},{},{})", style.paper.0, style.paper.1, style.paper.2));
    context.set_line_width(4.0 * style.scale);
    context.set_line_join("round");
    let guesses = plot
        .guesses
        .iter()
        .map(|(value, name, is_measured)| (value, name.as_str(), style.of_guess(*is_measured), true));
    let marks = plot.marks.iter().map(|(value, name)| (value, *name, &style.mark, false));
    for (value, name, stroke, needed) in guesses.chain(marks) {
        let name = rows(name, last - first, letter);
        // One name less is better than two that cannot be read; the announcements tell all of them.
        let Some((x, y)) = names.place(name, height(*value), needed) else { continue };
        let text = text.color(&stroke.style.color).pos(Pos::new(HPos::Left, VPos::Bottom));
        let [first, second] = name;
        let above = if second.is_empty() { 0.0 } else { ROW * letter };
        for (row, y) in [(first, y - above), (second, y)].into_iter().filter(|(row, _)| !row.is_empty()) {
            let (x, y) = (x as i32, y as i32);
            let write = || area.draw_text(row, &text, (x, y));
            // Written twice: the first time sets the font of the rim that parts the name from a curve behind it.
            write()?;
            let _ = context.stroke_text(row, f64::from(x), f64::from(y));
            write()?;
        }
    }
    Ok(())
}

impl ChartStyle {
    fn of_guess(&self, is_measured: bool) -> &Stroke {
        if is_measured { &self.outcome } else { &self.guess }
    }

    /// As the style sheet says it now. That takes longer than to draw a chart, so it is to be kept until it may have changed.
    pub fn read(canvas: &HtmlCanvasElement, legend: &Element) -> Option<Self> {
        let style = computed(canvas)?;
        let scale = resolution() * numbers(&value(&style, "font-size")).next().unwrap_or(TEXT) / TEXT;
        let swatches = legend.query_selector_all(".line").ok()?;
        let mut pens: Vec<Stroke> = (0..swatches.length())
            .filter_map(|index| {
                let style = computed(swatches.item(index)?.dyn_ref::<Element>()?)?;
                Some(Stroke::read(&style, scale))
            })
            .collect();
        Some(Self {
            scale,
            font: value(&style, "font-family"),
            text: colour(&style, "color"),
            // A canvas has no border of its own here: the property carries the colour of its rules.
            grid: colour(&style, "border-top-color"),
            paper: colour(&style, "background-color"),
            ghosts: pens.split_off(pens.len().checked_sub(GHOSTS)?),
            outcome: pens.pop()?,
            guess: pens.pop()?,
            moment: pens.pop()?,
            mark: pens.pop()?,
            pens,
        })
    }
}

impl Stroke {
    fn read(style: &CssStyleDeclaration, scale: f64) -> Self {
        let width = numbers(&value(style, "stroke-width")).next().unwrap_or(1.5);
        let dashes = value(style, "stroke-dasharray");
        let dashes = numbers(&dashes).map(|length| JsValue::from(length * scale)).collect();
        Self {
            style: ShapeStyle::from(colour(style, "stroke")).stroke_width((width * scale).round() as u32),
            dashes,
        }
    }
}

fn computed(element: &Element) -> Option<CssStyleDeclaration> {
    window().get_computed_style(element).ok().flatten()
}

fn value(style: &CssStyleDeclaration, property: &str) -> String {
    style.get_property_value(property).unwrap_or_default()
}

/// The browser answers `rgb(31, 127, 214)`, whatever the style sheet said.
fn colour(style: &CssStyleDeclaration, property: &str) -> RGBColor {
    let value = value(style, property);
    let mut parts = numbers(&value).map(|part| part as u8);
    let mut next = || parts.next().unwrap_or(128);
    RGBColor(next(), next(), next())
}

fn numbers(text: &str) -> impl Iterator<Item = f64> {
    let is_part = |char: char| char.is_ascii_digit() || char == '.';
    text.split(move |char| !is_part(char)).filter_map(decimal::parse)
}
