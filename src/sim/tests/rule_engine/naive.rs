//! A second rule engine, as simple as can be: it reads the few forms of YAML that the reference and its mutants have, line by line,
//! and prices by the words of the grammar. It shares no code with the first.

use std::collections::BTreeMap;

/// A value: a word, a list or a map.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Nothing,
    Word(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
}

/// A line: its spaces, and what stands behind them.
type Line = (usize, String);

/// Reads a file; `None` where it is not well-formed.
pub fn read(text: &str) -> Option<Value> {
    let line = |line: &str| (line.len() - line.trim_start().len(), line.trim_start().to_owned());
    let mut lines: Vec<Line> = text.lines().map(line).collect();
    let mut at = 0;
    let value = block(&mut lines, &mut at)?;
    (at == lines.len()).then_some(value)
}

/// Whatever begins in this line, with all lines that are as deep or deeper.
fn block(lines: &mut [Line], at: &mut usize) -> Option<Value> {
    let (depth, first) = lines.get(*at)?.clone();
    if first.starts_with("- ") { list(lines, at, depth) } else { map(lines, at, depth) }
}

fn list(lines: &mut [Line], at: &mut usize, depth: usize) -> Option<Value> {
    let mut items = Vec::new();
    while let Some((deep, text)) = lines.get(*at).cloned() {
        if deep < depth || (deep == depth && !text.starts_with("- ")) {
            break;
        }
        if deep > depth {
            return None;
        }
        // What stands behind the dash is the first line of the item.
        lines[*at] = (depth + 2, text[2..].trim_start().to_owned());
        items.push(block(lines, at)?);
    }
    Some(Value::List(items))
}

fn map(lines: &mut [Line], at: &mut usize, depth: usize) -> Option<Value> {
    let mut entries = BTreeMap::new();
    while let Some((deep, text)) = lines.get(*at).cloned() {
        if deep < depth || (deep == depth && text.starts_with("- ")) {
            break;
        }
        if deep > depth {
            return None;
        }
        *at += 1;
        let (key, rest) = text.split_once(':')?;
        let next = lines.get(*at).map(|(deep, text)| (*deep, text.starts_with("- ")));
        let value = match (rest.trim(), next) {
            ("", Some((deep, _))) if deep > depth => block(lines, at)?,
            ("", Some((deep, true))) if deep == depth => list(lines, at, depth)?,
            ("", _) => Value::Nothing,
            (_, Some((deep, _))) if deep > depth => return None,
            (rest, _) => word(rest),
        };
        if entries.insert(key.to_owned(), value).is_some() {
            return None;
        }
    }
    Some(Value::Map(entries))
}

fn word(text: &str) -> Value {
    match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(items) => Value::List(items.split(", ").map(|item| Value::Word(item.to_owned())).collect()),
        None => Value::Word(text.to_owned()),
    }
}

impl Value {
    fn get(&self, key: &str) -> Option<&Self> {
        if let Self::Map(entries) = self { entries.get(key) } else { None }
    }

    fn number(&self) -> f64 {
        if let Self::Word(word) = self { word.parse().unwrap_or(0.0) } else { 0.0 }
    }

    fn has(&self, name: &str) -> bool {
        match self {
            Self::List(items) => items.iter().any(|item| item.has(name)),
            Self::Word(word) => word == name,
            _ => false,
        }
    }

    fn text(&self) -> &str {
        if let Self::Word(word) = self { word } else { "" }
    }
}

/// An order: price of a piece in cents, pieces, segment, country, tag, day.
pub type Order = (u32, u32, &'static str, &'static str, &'static str, &'static str);

/// What an order costs by a file, in cents.
pub fn price(file: &Value, (unit, qty, segment, country, tag, date): Order) -> i64 {
    let subtotal = f64::from(unit * qty);
    let mut cap = file.get("max_discount_pct").map_or(100.0, Value::number);
    let mut shipping = file.get("default_shipping_usd").map_or(0.0, Value::number) * 100.0;
    let (mut best, mut stacked) = (0.0_f64, 0.0);
    let rules = if let Some(Value::List(rules)) = file.get("rules") { rules.clone() } else { Vec::new() };
    for rule in &rules {
        let when = if let Some(Value::Map(when)) = rule.get("when") { when.clone() } else { BTreeMap::new() };
        let holds = when.iter().all(|(key, value)| match key.as_str() {
            "segment" => value.has(segment),
            "country" => value.has(country),
            "tag" => value.has(tag),
            "min_qty" => f64::from(qty) >= value.number(),
            "min_subtotal_usd" => subtotal >= value.number() * 100.0,
            "from" => value.text() <= date,
            "to" => date <= value.text(),
            _ => true,
        });
        let Some(then) = rule.get("then").filter(|_| holds) else { continue };
        let is = |key: &str| then.get(key) == Some(&Value::Word(String::from("true")));
        if let Some(pct) = then.get("discount_pct") {
            let mut cut = (subtotal * pct.number() / 100.0).floor();
            if let Some(max) = then.get("max_discount_usd") {
                cut = cut.min(max.number() * 100.0);
            }
            if is("stack") { stacked += cut } else { best = best.max(cut) }
        }
        if is("lift_cap") {
            cap = 100.0;
        }
        if let Some(price) = then.get("shipping_usd") {
            shipping = price.number() * 100.0;
        }
    }
    let discount = (best + stacked).min((subtotal * cap.min(100.0) / 100.0).floor());
    (subtotal - discount + shipping) as i64
}

/// Every sort of order with its weight, written out.
pub fn orders() -> Vec<(Order, i64)> {
    let mut all = Vec::new();
    for unit in [400, 900, 2500, 8000] {
        for (qty, of_qty) in [(1, 6), (2, 3), (10, 1), (12, 1)] {
            for segment in ["member", "guest"] {
                for country in ["SG", "MY", "NO", "US"] {
                    for (tag, of_tag) in [("clearance", 1), ("regular", 4)] {
                        for (date, of_date) in [("2024-02-10", 2), ("2024-03-01", 1)] {
                            all.push(((unit, qty, segment, country, tag, date), of_qty * of_tag * of_date));
                        }
                    }
                }
            }
        }
    }
    all
}
