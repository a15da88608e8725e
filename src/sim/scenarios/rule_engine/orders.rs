//! Orders: what they are made of, and how often each sort of them comes.

use crate::format;
use crate::random::Stream;
use crate::unit::Unit;

/// Who buys. Both are as frequent.
pub const SEGMENTS: [&str; 2] = ["member", "guest"];
/// Where they live. All are as frequent.
pub const COUNTRIES: [&str; 4] = ["SG", "MY", "NO", "US"];
/// What they buy: one in five is on clearance.
pub const TAGS: [&str; 2] = ["clearance", "regular"];

/// Prices of one piece, in cents. All are as frequent.
const UNITS: [u32; 4] = [400, 900, 2500, 8000];
/// Pieces in an order, and the weight of each number.
const QUANTITIES: [(u32, u32); 4] = [(1, 6), (2, 3), (10, 1), (12, 1)];
const TAG_WEIGHTS: [u32; 2] = [1, 4];
/// Days of delivery, and the weight of each.
const DATES: [(&str, u32); 2] = [("2024-02-10", 2), ("2024-03-01", 1)];

/// An order. Of segment, country and tag it has the position in the list above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Price of one piece, in cents.
    pub unit: u32,
    /// Pieces.
    pub qty: u32,
    /// Who buys.
    pub segment: u8,
    /// Where they live.
    pub country: u8,
    /// What they buy.
    pub tag: u8,
    /// The day of delivery, `YYYY-MM-DD`.
    pub date: &'static str,
}

impl Order {
    /// What it comes to before any rule, in cents.
    pub fn subtotal(&self) -> i64 {
        i64::from(self.unit) * i64::from(self.qty)
    }

    /// In words: "10 × $25.00, member, SG, regular, 2024-02-09".
    pub fn words(&self) -> String {
        let name = |all: &[&'static str], at: u8| all.get(usize::from(at)).copied().unwrap_or_default();
        format!(
            "{} × {}, {}, {}, {}, {}",
            self.qty,
            dollars(i64::from(self.unit)),
            name(&SEGMENTS, self.segment),
            name(&COUNTRIES, self.country),
            name(&TAGS, self.tag),
            self.date
        )
    }

    /// The order of this sort.
    pub fn of_sort(sort: usize) -> Self {
        cell(sort).0
    }
}

/// The sort of one more order of the stream. It takes six draws, whatever comes.
pub fn draw(stream: &mut Stream) -> usize {
    let (mut sort, mut sorts) = (0, 1);
    let mut pick = |weights: &[u32]| {
        let total: u32 = weights.iter().sum();
        let mut left = (stream.unit() * f64::from(total)) as u32;
        let at = weights.iter().position(|weight| {
            let is_it = left < *weight;
            left = left.saturating_sub(*weight);
            is_it
        });
        sort += sorts * at.unwrap_or_default();
        sorts *= weights.len();
    };
    pick(&[1; 4]);
    pick(&QUANTITIES.map(|(_, weight)| weight));
    pick(&[1; 2]);
    pick(&[1; 4]);
    pick(&TAG_WEIGHTS);
    pick(&DATES.map(|(_, weight)| weight));
    sort
}

/// Cents as people read them: "$12.50".
pub fn dollars(cents: i64) -> String {
    let amount = format::decimals(cents.unsigned_abs() as f64 / 100.0, 2);
    if cents < 0 { format!("-${amount}") } else { format!("${amount}") }
}

/// Cents, which need not be whole, as dollars with a unit of their own: "$36.74".
pub fn mean_dollars(cents: f64) -> String {
    format::quantity(cents / 100.0, Unit::Dollars)
}

/// Sorts of orders that there are: every combination.
pub const CELLS: usize = 512;
/// The weights of all sorts together.
pub const WEIGHT: u64 = 5280;

/// Every sort of order, with its weight of [`WEIGHT`].
pub fn cells() -> impl Iterator<Item = (Order, u32)> {
    (0..CELLS).map(cell)
}

fn cell(sort: usize) -> (Order, u32) {
    let mut rest = sort;
    let mut digit = |base: usize| {
        let digit = rest % base;
        rest /= base;
        digit
    };
    let (unit, (qty, qty_weight)) = (UNITS[digit(4)], QUANTITIES[digit(4)]);
    let [segment, country, tag] = [digit(2), digit(4), digit(2)];
    let (date, date_weight) = DATES[digit(2)];
    let weight = qty_weight * TAG_WEIGHTS[tag] * date_weight;
    (Order { unit, qty, segment: segment as u8, country: country as u8, tag: tag as u8, date }, weight)
}

/// An order whose price somebody has written down, in cents.
pub type Golden = (Order, i64);

/// The golden orders, most telling first. The first twelve hold no order that must not match a rule but for its country, and
/// none on sale below the cap; the last four do.
pub const GOLDEN: [Golden; 16] = [
    golden(9000, 1, "guest US regular", "2024-03-01", 9000),
    golden(4999, 1, "guest US regular", "2024-03-01", 5499),
    golden(5000, 1, "guest US regular", "2024-03-01", 5000),
    golden(1000, 1, "member SG regular", "2024-03-01", 1400),
    golden(1000, 1, "member NO regular", "2024-03-01", 1400),
    golden(1000, 1, "member MY regular", "2024-03-01", 1400),
    golden(400, 9, "guest US regular", "2024-03-01", 4100),
    golden(400, 10, "guest US regular", "2024-03-01", 3900),
    golden(2500, 10, "member SG regular", "2024-02-09", 15000),
    golden(2500, 1, "guest SG clearance", "2024-03-01", 1500),
    golden(40000, 1, "guest SG regular", "2024-02-13", 35000),
    golden(2500, 1, "guest SG regular", "2024-02-14", 3000),
    golden(1000, 1, "member US regular", "2024-03-01", 1500),
    golden(2500, 1, "guest US regular", "2024-02-10", 3000),
    golden(2500, 1, "guest SG regular", "2024-02-08", 3000),
    golden(2500, 1, "guest SG regular", "2024-02-10", 2500),
];

const fn golden(unit: u32, qty: u32, who: &str, date: &'static str, price: i64) -> Golden {
    let who = who.as_bytes();
    let is_guest = who[0] == b'g';
    let at = if is_guest { 6 } else { 7 };
    let country = match who[at] {
        b'S' => 0,
        b'M' => 1,
        b'N' => 2,
        _ => 3,
    };
    let is_regular = who[at + 3] == b'r';
    (Order { unit, qty, segment: is_guest as u8, country, tag: is_regular as u8, date }, price)
}
