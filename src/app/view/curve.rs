//! A curve without axes.

use yew::prelude::*;

/// A curve through `points` of what lasts from `first` to `last`, from zero up to the largest value, as wide and high as
/// `area` (x, y, width, height).
pub fn curve(
    points: &[(f64, f64)],
    (first, last): (f64, f64),
    (x, y, w, h): (f64, f64, f64, f64),
    class: &'static str,
) -> Html {
    let most = points.iter().fold(0.0_f64, |most, point| most.max(point.1));
    let scale = (w / (last - first).max(1e-9), if most > 0.0 { (h - 2.0) / most } else { 0.0 });
    let points = points.iter().map(|(at, value)| {
        format!("{:.1},{:.1} ", x + (at - first) * scale.0, y + h - 1.0 - value * scale.1)
    });
    html! { <polyline {class} points={points.collect::<String>()} /> }
}
