//! Curves on a canvas. How they look is the style sheet's to say: colours, widths and dashes are read from the
//! legend's swatches, so that legend and curve cannot differ and a change of theme reaches both.

use std::borrow::Cow;

use gloo::utils::window;
use js_sys::Array;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters_canvas::CanvasBackend;
use warstories_sim::spec::ChartSpec;
use warstories_sim::{ScenarioSpec, decimal};
use web_sys::wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, Element, HtmlCanvasElement};

use crate::run::screen::{MarkKind, Screen};
use crate::view::plot::Plot;

/// Sizes in CSS pixels where text has this size; all grow with it.
const TEXT: f64 = 11.0;
/// Room for a number such as "2,000,000".
const LEFT: f64 = 66.0;
const BOTTOM: f64 = 18.0;
const RIGHT: f64 = 26.0;
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
    /// Of thresholds, of what the learner did, of what was predicted, and of each run to compare with.
    mark: Stroke,
    moment: Stroke,
    guess: Stroke,
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
    let plot = Plot::of(chart, spec, screen, alone, ((width * scale / style.scale - LEFT) / LABEL) as usize);
    let context = canvas.get_context("2d").ok().flatten().and_then(|context| context.dyn_into().ok());
    if let (Some(context), Some(backend)) = (context, CanvasBackend::with_canvas_object(canvas.clone())) {
        // A canvas reports no errors that anybody could act on.
        let _ = paint(&backend.into_drawing_area(), &context, &plot, style);
    }
}

/// Where names of lines may stand, in canvas pixels.
struct Labels {
    /// Names that stand already: from, to and where below.
    taken: Vec<(f64, f64, f64)>,
    /// What is drawn, by its points from left to right.
    curves: Vec<Vec<(f64, f64)>>,
    /// The size of a letter.
    letter: f64,
}

impl Labels {
    /// The first of these left edges at which a name on the line at `y` lies over no other name and no curve, or else over
    /// no other name.
    fn place(&mut self, name: &str, y: f64, lefts: [f64; 3]) -> Option<f64> {
        let (width, height) = (width(name, self.letter), 1.1 * self.letter);
        let is_free = |left: &f64| {
            let is_beside = |(from, to, at): &(f64, f64, f64)| {
                left + width < *from || *left > *to || (y - at).abs() > height
            };
            self.taken.iter().all(is_beside)
        };
        let is_clear = |left: &f64| {
            !self.curves.iter().any(|curve| crosses(curve, (*left, left + width), (y - height, y)))
        };
        let free = || lefts.into_iter().filter(is_free);
        let left = free().find(is_clear).or_else(|| free().next())?;
        self.taken.push((left, left + width, y));
        Some(left)
    }
}

/// How wide a name is: letters are about half as wide as they are high.
fn width(name: &str, letter: f64) -> f64 {
    (name.chars().count() + 1) as f64 * letter * 0.55
}

/// A name that is cut where it would be wider than `room`.
fn fitting(name: &str, room: f64, letter: f64) -> Cow<'_, str> {
    if width(name, letter) <= room {
        return name.into();
    }
    let mut short: String = name.to_owned();
    while !short.is_empty() && width(&short, letter) + letter > room {
        short.pop();
    }
    format!("{}…", short.trim_end()).into()
}

/// Whether a curve goes through a box.
fn crosses(curve: &[(f64, f64)], (left, right): (f64, f64), (top, bottom): (f64, f64)) -> bool {
    curve.windows(2).any(|ends| {
        let [(x0, y0), (x1, y1)] = [ends[0], ends[1]];
        if x1 < left || x0 > right {
            return false;
        }
        let at = |x: f64| if x1 > x0 { y0 + (y1 - y0) * (x - x0) / (x1 - x0) } else { y1 };
        let (from, to) = (if x1 > x0 { at(x0.max(left)) } else { y0 }, at(x1.min(right)));
        from.min(to) <= bottom && from.max(to) >= top
    })
}

fn paint(
    area: &DrawingArea<CanvasBackend, Shift>,
    context: &CanvasRenderingContext2d,
    plot: &Plot,
    style: &ChartStyle,
) -> Result<(), DrawingAreaErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>> {
    let pixels = |css: f64| (css * style.scale).round() as i32;
    area.fill(&style.paper)?;
    let text = FontDesc::new(FontFamily::Name(&style.font), TEXT * style.scale, FontStyle::Normal)
        .color(&style.text);
    let chart = ChartBuilder::on(area)
        .margin_top(pixels(TOP))
        .margin_right(pixels(RIGHT))
        .x_label_area_size(pixels(BOTTOM))
        .y_label_area_size(pixels(LEFT))
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
    let drawn = plot.lines.iter().chain(plot.ghosts.iter().flatten());
    let curves = drawn.flat_map(|points| points.split(|(_, value)| value.is_nan()));
    let pixel = |point: &(f64, f64)| {
        let (x, y) = place(point);
        (f64::from(x), f64::from(y))
    };
    let mut named = Labels {
        taken: Vec::new(),
        curves: curves.map(|points| points.iter().map(pixel).collect()).collect(),
        letter: TEXT * style.scale,
    };
    // Names come before the curves: where there is no room beside them, a curve is not hidden.
    let mut name_line = |name: &str, value: f64, lefts: [f64; 3], stroke: &Stroke| {
        let y = pixel(&(0.0, value)).1 - f64::from(pixels(3.0));
        // One name less is better than two that cannot be read; the announcements tell all of them.
        let Some(left) = named.place(name, y, lefts) else { return Ok(()) };
        let text = text.color(&stroke.style.color).pos(Pos::new(HPos::Left, VPos::Bottom));
        area.draw_text(name, &text, (left as i32, y as i32))
    };
    let gap = f64::from(pixels(4.0));
    for (nth, (value, name)) in plot.guesses.iter().enumerate() {
        line(&level(*value), &style.guess)?;
        // Side by side: a good guess lies on what came of it.
        let left = |third: usize| pixel(&(plot.end * (third % 3) as f64 / 3.0, 0.0)).0 + gap;
        name_line(name, *value, [left(nth), left(nth + 1), left(nth + 2)], &style.guess)?;
    }
    for (value, name) in &plot.marks {
        line(&level(*value), &style.mark)?;
        let right = pixel(&(plot.end, 0.0)).0;
        let first = pixel(&(0.0, 0.0)).0 + gap;
        let name = fitting(name, right - first, TEXT * style.scale);
        let last = right - width(&name, TEXT * style.scale);
        name_line(&name, *value, [last, f64::midpoint(first, last), first], &style.mark)?;
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
    Ok(())
}

impl ChartStyle {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_where_no_curve_goes_through_it() {
        let falls = vec![(0.0, 10.0), (50.0, 10.0), (100.0, 90.0)];
        assert!(crosses(&falls, (20.0, 40.0), (5.0, 15.0)));
        assert!(crosses(&falls, (60.0, 90.0), (40.0, 50.0)));
        assert!(!crosses(&falls, (60.0, 90.0), (0.0, 15.0)));
        assert!(!crosses(&falls, (110.0, 120.0), (0.0, 100.0)));
        let upright = vec![(30.0, 0.0), (30.0, 80.0)];
        assert!(crosses(&upright, (20.0, 40.0), (50.0, 60.0)));
        assert!(!crosses(&upright, (20.0, 40.0), (85.0, 95.0)));

        assert_eq!(fitting("abcd", 40.0, 10.0), "abcd");
        assert_eq!(fitting("ab cdefgh", 36.0, 10.0), "ab…");

        let mut labels = Labels { taken: Vec::new(), curves: vec![falls], letter: 10.0 };
        let lefts = [5.0, 70.0, 40.0];
        assert_eq!(labels.place("ab", 12.0, lefts), Some(70.0), "the curve is at the first place");
        assert_eq!(labels.place("ab", 12.0, lefts), Some(5.0), "another name is at the clear place");
        assert_eq!(labels.place("abcdefgh", 12.0, [5.0, 60.0, 65.0]), None);
    }
}
