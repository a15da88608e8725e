//! Numbers and columns for people.

/// Which way a column leans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// Rows whose columns stand below each other.
#[derive(Debug)]
pub struct Table<const N: usize> {
    align: [Align; N],
    titles: [&'static str; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    /// No rows yet.
    pub fn new(align: [Align; N]) -> Self {
        Self::titled(align, [""; N])
    }

    /// No rows yet, and a title above each column.
    pub fn titled(align: [Align; N], titles: [&'static str; N]) -> Self {
        Self { align, titles, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: [impl Into<String>; N]) {
        self.rows.push(cells.map(Into::into));
    }

    /// All rows, indented, one line each; nothing where there are none.
    pub fn text(&self) -> String {
        let titles = self.titles.map(String::from);
        let has_titles = !self.rows.is_empty() && titles.iter().any(|title| !title.is_empty());
        let rows = || has_titles.then_some(&titles).into_iter().chain(&self.rows);
        let mut widths = [0; N];
        for row in rows() {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        let line = |row: &[String; N]| -> String {
            let cells = row.iter().zip(widths).zip(self.align);
            let cells = cells.map(|((cell, width), align)| match align {
                Align::Left => format!("  {cell:<width$}"),
                Align::Right => format!("  {cell:>width$}"),
            });
            cells.collect()
        };
        rows().map(|row| line(row).trim_end().to_owned() + "\n").collect()
    }
}

/// A number with four significant digits, or all of its whole part, in groups of three from five digits on.
pub fn number(value: f64) -> String {
    const SIGNIFICANT: i32 = 4;
    const MAX_DECIMALS: i32 = 9;
    if !value.is_finite() {
        return String::from("–");
    }
    if value == 0.0 {
        return String::from("0");
    }
    let decimals = (SIGNIFICANT - 1 - value.abs().log10().floor() as i32).clamp(0, MAX_DECIMALS);
    let text = format!("{value:.0$}", decimals as usize);
    if decimals > 0 {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    if digits.len() <= 4 {
        return text;
    }
    let mut grouped = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_keep_their_whole_part() {
        let cases = [
            (0.0, "0"),
            (8.0, "8"),
            (0.8, "0.8"),
            (0.799_96, "0.8"),
            (12.345_6, "12.35"),
            (999.96, "1000"),
            (1234.5, "1234"),
            (12_345.6, "12 346"),
            (1_234_567.0, "1 234 567"),
            (-123_456.0, "-123 456"),
            (0.001_234_56, "0.001235"),
            (f64::NAN, "–"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn columns_stand_below_each_other() {
        let mut table = Table::new([Align::Left, Align::Right, Align::Left]);
        table.row(["a", "1", "ms"]);
        table.row(["metric", "100", ""]);
        assert_eq!(table.text(), "  a         1  ms\n  metric  100\n");
        let mut table = Table::titled([Align::Left, Align::Right], ["", "mean"]);
        assert_eq!(table.text(), "");
        table.row(["a", "1"]);
        assert_eq!(table.text(), "     mean\n  a     1\n");
    }
}
