//! Places for slots and for those who wait: a grid in which every place is drawn and can be pointed at.

use std::fmt::Write;

use super::layout::Rect;

/// Distance of two slots, at most.
const SLOT: f64 = 14.0;
/// Distance of two who wait.
pub const WAITING: f64 = 9.5;
/// Distance of two dials.
pub const LEASE: f64 = 22.0;
/// Those who wait are drawn one by one up to this many.
const MOST_WAITING: usize = 60;

/// A grid of equal places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Places {
    area: Rect,
    pitch: f64,
    columns: usize,
    rows: usize,
    /// Places are counted down the last column, then down the one before: the head of a queue stands next to where
    /// it is going.
    from_right: bool,
}

impl Places {
    /// For `count` slots: as large as fit.
    pub fn for_slots(area: Rect, count: usize) -> Self {
        let count = count.max(1);
        let fits = |pitch: f64| (area.w / pitch).floor() * (area.h / pitch).floor() >= count as f64;
        // The pitch at which one more column or one more row just fits is the only kind worth a try.
        let pitch = (1..=count)
            .flat_map(|number| [area.w / number as f64, area.h / number as f64])
            .map(|pitch| (pitch - 1e-9).min(SLOT))
            .filter(|pitch| fits(*pitch))
            .fold(0.0_f64, f64::max)
            .max(0.5);
        let columns = ((area.w / pitch).floor() as usize).max(1);
        Self { area, pitch, columns, rows: count.div_ceil(columns), from_right: false }
    }

    /// For those who wait, up to a number that can be counted.
    pub fn for_queue(area: Rect) -> Self {
        let pitch = WAITING.min(area.h);
        let columns = ((area.w / pitch).floor() as usize).max(1);
        let rows = ((area.h / pitch).floor() as usize).max(1);
        let columns = columns.min(MOST_WAITING.div_ceil(rows));
        Self { area, pitch, columns, rows, from_right: true }
    }

    /// For dials of leases, the next one to end first.
    pub fn for_leases(area: Rect) -> Self {
        let pitch = LEASE.min(area.h);
        let columns = ((area.w / pitch).floor() as usize).max(1);
        let rows = ((area.h / pitch).floor() as usize).max(1);
        Self { area, pitch, columns, rows, from_right: false }
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.columns * self.rows
    }

    /// The upper left corner and the size of a place.
    pub fn place(&self, position: usize) -> (f64, f64, f64) {
        let (column, row) = if self.from_right {
            (self.columns - 1 - (position / self.rows).min(self.columns - 1), position % self.rows)
        } else {
            (position % self.columns, position / self.columns)
        };
        let inset = self.inset();
        let left =
            self.area.x + if self.from_right { self.area.w - self.columns as f64 * self.pitch } else { 0.0 };
        (
            left + column as f64 * self.pitch + inset,
            self.area.y + row as f64 * self.pitch + inset,
            self.pitch - 2.0 * inset,
        )
    }

    /// The place nearest to a point, if the point is on the grid.
    pub fn hit(&self, (x, y): (f64, f64)) -> Option<usize> {
        let inset = self.inset();
        (0..self.len()).find(|position| {
            let (left, top, size) = self.place(*position);
            let (dx, dy) = (x - left + inset, y - top + inset);
            (0.0..size + 2.0 * inset).contains(&dx) && (0.0..size + 2.0 * inset).contains(&dy)
        })
    }

    /// How many places lie between one and the next in a direction of the arrow keys.
    pub fn step(&self, key: &str) -> Option<isize> {
        let (across, down) =
            if self.from_right { (-(self.rows as isize), 1) } else { (1, self.columns as isize) };
        match key {
            "ArrowRight" => Some(across),
            "ArrowLeft" => Some(-across),
            "ArrowDown" => Some(down),
            "ArrowUp" => Some(-down),
            _ => None,
        }
    }

    /// An outline of rounded squares; one path for all, since a thousand elements would take too long to compare.
    pub fn squares(&self, positions: std::ops::Range<usize>, inset: f64) -> String {
        let mut path = String::with_capacity(positions.len() * 32);
        for position in positions {
            let (x, y, size) = self.place(position);
            let (x, y, size) = (x + inset, y + inset, (size - 2.0 * inset).max(0.4));
            // Writing to a string cannot fail.
            let _ = write!(path, "M{x:.2} {y:.2}h{size:.2}v{size:.2}h-{size:.2}z");
        }
        path
    }

    /// An outline of dots.
    pub fn dots(&self, positions: std::ops::Range<usize>, inset: f64) -> String {
        let mut path = String::with_capacity(positions.len() * 64);
        for position in positions {
            let (x, y, size) = self.place(position);
            let (radius, middle) = (size / 2.0 - inset, y + size / 2.0);
            let (x, across) = (x + inset, size - 2.0 * inset);
            // Writing to a string cannot fail.
            let _ = write!(
                path,
                "M{x:.2} {middle:.2}a{radius:.2} {radius:.2} 0 1 1 {across:.2} 0a{radius:.2} {radius:.2} 0 1 1-{across:.2} 0z"
            );
        }
        path
    }

    fn inset(&self) -> f64 {
        (self.pitch * 0.12).min(1.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Rect = Rect { x: 10.0, y: 20.0, w: 180.0, h: 66.0 };

    #[test]
    fn every_slot_is_drawn_and_can_be_hit() {
        for count in [1, 2, 9, 10, 99, 100, 101, 500, 1000] {
            let places = Places::for_slots(AREA, count);
            assert!(places.len() >= count, "{count}");
            for position in 0..count {
                let (x, y, size) = places.place(position);
                assert!(size > 1.5 && x >= AREA.x && y >= AREA.y, "{count}: {position}");
                assert!(x + size <= AREA.x + AREA.w && y + size <= AREA.y + AREA.h, "{count}: {position}");
                assert_eq!(places.hit((x + size / 2.0, y + size / 2.0)), Some(position));
            }
        }
    }

    #[test]
    fn the_head_of_a_queue_stands_where_it_leaves() {
        let places = Places::for_queue(AREA);
        assert!(places.len() <= 64);
        let (first, last) = (places.place(0), places.place(places.len() - 1));
        assert!(first.0 > last.0);
        assert!(first.0 + first.2 > AREA.x + AREA.w - WAITING);
        assert_eq!(places.hit((0.0, 0.0)), None);
    }
}
