//! Where the names of lines stand on a chart.

/// Where names may stand, in canvas pixels.
pub struct Names {
    /// Names that stand already: from, to, above and below.
    pub taken: Vec<(f64, f64, f64, f64)>,
    /// What is drawn, by its points from left to right.
    pub curves: Vec<Vec<(f64, f64)>>,
    /// Where lines from side to side lie.
    pub levels: Vec<f64>,
    /// The left, the right and the lower edge of the plot.
    pub edges: (f64, f64, f64),
    /// The size of a letter.
    pub letter: f64,
}

/// Places side by side that are tried.
const PLACES: u32 = 8;

impl Names {
    /// The left and the lower edge of a name next to its line at `level`, above it or else below: one where no other name
    /// and no other line from side to side is near, since it would seem to be that line's name. The place that hides
    /// least of the curves is best, and of such the right end, where a curve comes last. A name that is `needed` may lie
    /// on a line rather than be left out.
    pub fn place(&mut self, name: [&str; 2], level: f64, needed: bool) -> Option<(f64, f64)> {
        let [width, below] = name.map(|row| width(row, self.letter));
        let width = width.max(below);
        let rows = if name[1].is_empty() { ROW } else { 2.0 * ROW };
        let (height, gap) = (rows * self.letter, 0.27 * self.letter);
        let (first, last, bottom) = self.edges;
        let mut best: Option<((bool, u32), f64, f64)> = None;
        for (lower, from, to) in [
            (level - gap, level - height - 3.0 * gap, level - 0.5),
            (level + gap + height, level + 0.5, level + height + 3.0 * gap),
        ] {
            let is_near = self.levels.iter().any(|other| from < *other && *other < to);
            if lower > bottom || lower < height || is_near && !needed {
                continue;
            }
            for nth in (0..=PLACES).rev() {
                let left = first + (last - width - first).max(0.0) * f64::from(nth) / f64::from(PLACES);
                let right = left + width;
                let is_over = |(from, to, above, below): &(f64, f64, f64, f64)| {
                    right >= *from && left <= *to && lower >= *above && lower - height <= *below
                };
                if self.taken.iter().any(is_over) {
                    continue;
                }
                let mut hidden = 0;
                for piece in self.curves.iter().flat_map(|curve| curve.windows(2)) {
                    hidden += u32::from(crosses(piece, (left, right), (lower - height, lower)));
                }
                if best.is_none_or(|(least, ..)| (is_near, hidden) < least) {
                    best = Some(((is_near, hidden), left, lower));
                }
            }
        }
        let (_, left, lower) = best?;
        self.taken.push((left, left + width, lower - height, lower));
        Some((left, lower))
    }
}

/// How far apart the rows of a name are, in letters.
pub const ROW: f64 = 1.1;

/// How wide a name is: letters are about half as wide as they are high.
pub fn width(name: &str, letter: f64) -> f64 {
    (name.chars().count() + 1) as f64 * letter * 0.55
}

/// A name in one row, or in two where it would be wider than `room`; the second takes whatever is left.
pub fn rows(name: &str, room: f64, letter: f64) -> [&str; 2] {
    if width(name, letter) <= room {
        return [name, ""];
    }
    let fits = |(at, _): &(usize, &str)| width(&name[..*at], letter) <= room;
    let at = name.match_indices(' ').take_while(fits).last();
    at.map_or([name, ""], |(at, _)| [&name[..at], &name[at + 1..]])
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

#[cfg(test)]
mod tests {
    use super::*;

    fn names(curves: Vec<Vec<(f64, f64)>>, levels: &[f64]) -> Names {
        Names { taken: Vec::new(), curves, levels: levels.to_vec(), edges: (0.0, 200.0, 150.0), letter: 10.0 }
    }

    #[test]
    fn a_name_that_is_too_wide_takes_two_rows_and_keeps_every_word() {
        assert_eq!(rows("abcd", 40.0, 10.0), ["abcd", ""]);
        assert_eq!(rows("500 transactions wait", 120.0, 10.0), ["500 transactions", "wait"]);
        // Two rows take twice the room, and do not stick out above the plot.
        let both = ["500 transactions", "wait"];
        let mut high = names(Vec::new(), &[20.0]);
        assert!(high.place(both, 20.0, false).expect("below").1 > 40.0);
        let mut low = names(Vec::new(), &[95.0]);
        assert!(low.place(both, 95.0, false).expect("above").1 < 95.0);
        assert!(low.place(["next", ""], 80.0, false).is_some_and(|(left, _)| left < 110.0), "beside it");
    }

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

        // The curve is at the left; at the right end there is room, for one.
        let mut at_right = names(vec![vec![(0.0, 90.0), (120.0, 90.0)]], &[95.0]);
        let (left, lower) = at_right.place(["abcdefghi", ""], 95.0, false).expect("a place");
        assert!(left > 120.0 && lower < 95.0, "{left} {lower}");
        assert!(left + width("abcdefghi", 10.0) <= 200.0, "it ends within the plot");
        // Above its line the curve goes all the way: the next one stands below.
        let (left, lower) = at_right.place(["abcdefghi", ""], 95.0, false).expect("a place");
        assert!(lower > 95.0, "{left} {lower}");
        // A curve that goes along the line is hidden more than one that only crosses it.
        let along =
            vec![(0.0, 90.0), (40.0, 91.0), (80.0, 90.0), (130.0, 91.0), (160.0, 90.0), (200.0, 91.0)];
        let mut least = names(vec![along, vec![(0.0, 0.0), (195.0, 0.0), (195.0, 150.0)]], &[95.0]);
        assert!(
            least.place(["abcdefghi", ""], 95.0, false).expect("a place").1 > 95.0,
            "below only one goes through"
        );
        // It is so long that two have no room side by side, on no side of the line.
        let long = "a".repeat(30);
        let mut full = names(Vec::new(), &[95.0]);
        assert!(
            full.place([&long, ""], 95.0, false).is_some() && full.place([&long, ""], 95.0, false).is_some()
        );
        assert_eq!(full.place([&long, ""], 95.0, false), None);
    }

    /// Thresholds of 500 and 47,000 where the axis ends at two million: their lines are five pixels apart.
    #[test]
    fn a_threshold_is_named_only_where_its_name_is_apart_from_every_other_line() {
        let (high, low) = (143.0, 148.0);
        let mut both = names(Vec::new(), &[high, low]);
        let of_low = both.place(["500 transactions wait", ""], low, false);
        let (_, lower) =
            both.place(["47,000 transactions wait", ""], high, false).expect("nothing is above it");
        assert_eq!(of_low, None, "the other line goes through it, and below is the axis");
        assert!(lower < high && lower > high - 10.0, "{lower}: next to its own line");
        // Where there is room below the lower one, both have a name on their own side.
        let mut both = names(Vec::new(), &[80.0, 85.0]);
        assert!(both.place(["low", ""], 85.0, false).expect("below").1 > 85.0);
        assert!(both.place(["high", ""], 80.0, false).expect("above").1 < 80.0);
        // Between two others there is none, unless it is what was guessed.
        let mut three = names(Vec::new(), &[80.0, 85.0, 90.0]);
        assert_eq!(three.place(["mid", ""], 85.0, false), None);
        assert!(three.place(["mid", ""], 85.0, true).is_some());
    }
}
