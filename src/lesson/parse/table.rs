//! TOML tables of which every key is known: what is unknown, missing or of another type gets a sentence and its line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use warstories_sim::random::Stream;
use warstories_sim::suggest::{known, shortened, shortened_to};
use warstories_sim::{Replay, ScenarioSpec, decimal};

use super::fill::Names;
use crate::glossary::Glossary;
use crate::lesson::Person;
use crate::problem::{Problem, is_hidden};

/// Everything that reading a lesson goes by, and what was found wrong.
pub(super) struct Diagnostics {
    pub spec: &'static ScenarioSpec,
    /// What terms are looked up in.
    pub glossary: Glossary,
    pub seed: u64,
    pub cast: Vec<Person>,
    /// Where lines begin in the file.
    pub starts: Vec<usize>,
    pub problems: Vec<Problem>,
    /// Runs that it takes to prove what has been read, under one seed.
    runs: usize,
    /// The line that asks for more runs than a lesson may.
    too_many: Option<usize>,
    /// Questions whose options have been put in order.
    questions: usize,
    /// What the tables to be filled in have by name only, until all scenes are known.
    pub fills: Vec<Names>,
}

/// Runs that it takes to prove a lesson under one seed, at most.
pub const MAX_RUNS: usize = 200;

impl Diagnostics {
    pub fn new(spec: &'static ScenarioSpec, text: &str, glossary: &Glossary) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(index, _)| index + 1);
        let starts = std::iter::once(0).chain(ends).collect();
        Self {
            spec,
            glossary: glossary.clone(),
            seed: Replay::DEFAULT_SEED,
            cast: Vec::new(),
            starts,
            problems: Vec::new(),
            runs: 0,
            too_many: None,
            questions: 0,
            fills: Vec::new(),
        }
    }

    /// The line of a place in the file, counted from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    pub fn report(&mut self, line: usize, sentence: impl Into<String>) {
        // More are not told; a file of a megabyte must not become a hundred megabytes of sentences.
        if self.problems.len() < 1000 {
            self.problems.push(Problem::new(line, sentence));
        }
    }

    /// Reports characters that nobody sees.
    pub fn hidden(&mut self, text: &str) {
        let chars = text.char_indices().skip(usize::from(text.starts_with('\u{FEFF}')));
        for (offset, char) in chars.filter(|(_, char)| is_hidden(*char)).take(20) {
            self.report(self.line(offset), super::prose::hidden(char));
        }
    }

    /// What stands in `line` takes another run to prove.
    pub fn plan_run(&mut self, line: usize) {
        self.runs += 1;
        if self.runs > MAX_RUNS {
            self.too_many.get_or_insert(line);
        }
    }

    /// Reports where the lesson asks for too much work.
    pub fn close_runs(&mut self) {
        if let Some(line) = self.too_many {
            let (runs, each) = (self.runs, self.spec.length);
            self.report(line, format!("to prove the lesson takes {runs} runs of {each} s under each seed, and {MAX_RUNS} are allowed, which are used up here; withhold fewer attempts, or make two lessons of it"));
        }
    }

    /// Puts the options of the next question in the order in which everybody sees them: as they are written if that is
    /// to be kept, else as it is drawn from the lesson's seed and the question's place in the lesson (Fisher and Yates).
    /// Gives where the answer, which was at `answer`, is then.
    pub fn arrange<T>(&mut self, options: &mut [T], mut answer: usize, keep: bool) -> usize {
        let mut stream = Stream::new(self.seed, &format!("options of question {}", self.questions));
        self.questions += 1;
        for last in (1..options.len()).rev().filter(|_| !keep) {
            let other = (stream.unit() * (last + 1) as f64) as usize;
            options.swap(last, other);
            if answer == last {
                answer = other;
            } else if answer == other {
                answer = last;
            }
        }
        answer
    }

    /// The value, or its sentence into the list.
    pub fn keep<T>(&mut self, line: usize, result: Result<T, String>) -> Option<T> {
        result.map_err(|sentence| self.report(line, sentence)).ok()
    }

    /// Reads `text`, which begins at `base` in the file, and gives the table to `read`.
    pub fn toml<T>(
        &mut self,
        what: &'static str,
        keys: &'static [&'static str],
        (text, base): (&str, usize),
        read: impl FnOnce(&Table<'_>, &mut Self) -> Option<T>,
    ) -> Option<T> {
        match DeTable::parse(text) {
            Ok(table) => {
                // The table stands from the line of its fence on.
                let line = self.line(base.saturating_sub(1));
                read(&Table::open(what, keys, table.get_ref(), (line, base), self), self)
            }
            Err(error) => {
                let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
                let line = self.line(base + place(&error, text));
                let message = shortened_to(&message, 120);
                self.report(line, format!("{what} is not TOML: {message}{}", cure(&error, text)));
                None
            }
        }
    }
}

/// Where in `text` it stops being TOML. What is nested too deep has no place of its own: it is where most keys are
/// joined by dots.
pub(super) fn place(error: &toml::de::Error, text: &str) -> usize {
    error.span().map(|span| span.start.min(text.len())).filter(|start| *start > 0).unwrap_or_else(|| {
        let mut deepest = (0, 0);
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let depth = line.matches(['.', '[', '{']).count();
            if depth > deepest.0 && error.message().contains("recurs") {
                deepest = (depth, start);
            }
            start += line.len();
        }
        deepest.1
    })
}

/// The end of a sentence about text that is not TOML: how to mend it, by what the parser says of it.
pub(super) fn cure(error: &toml::de::Error, text: &str) -> String {
    let message = error.message();
    if message.contains("duplicate key") {
        let key = error.span().and_then(|span| text.get(span)).unwrap_or_default();
        return format!(" \"{}\"; delete one of the two", shortened(key.trim()));
    }
    let cures = [
        ("must be quoted", "write the text in quotation marks, key = \"…\""),
        ("escaped value", "write \\\\ for a backslash, or put the text in single quotes"),
        ("multi-line", "close the text with the three marks that open it"),
        ("string", "close the text with the mark that opens it, on the same line"),
        ("unclosed", "close the bracket"),
        ("comma", "part the values of a list by commas and close it with ]"),
        ("recurs", "join fewer keys by dots and nest fewer lists"),
    ];
    let cure = cures.iter().find(|(part, _)| message.contains(part));
    format!("; {}", cure.map_or("write key = value, each on a line of its own", |(_, cure)| cure))
}

/// A value and its line.
#[derive(Clone, Copy)]
pub(super) struct Item<'v> {
    pub value: &'v DeValue<'v>,
    pub line: usize,
    base: usize,
    /// In how many lists of its key's value it stands.
    depth: u8,
}

/// A table whose keys are known.
pub(super) struct Table<'v> {
    pub what: &'static str,
    pub line: usize,
    /// Whether a key is unknown: it may be the misspelt name of one that is missing.
    strange: bool,
    entries: Vec<(&'static str, Item<'v>)>,
}

impl<'v> Table<'v> {
    pub fn open(
        what: &'static str,
        keys: &'static [&'static str],
        table: &'v DeTable<'v>,
        (line, base): (usize, usize),
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let (mut entries, mut strange) = (Vec::new(), false);
        for (key, value) in table {
            let at = diagnostics.line(base + key.span().start);
            if let Some(key) = keys.iter().find(|known| **known == key.get_ref().as_ref()) {
                entries.push((*key, Item { value: value.get_ref(), line: at, base, depth: 0 }));
            } else {
                strange = true;
                let hint = known(key.get_ref(), keys.iter().copied());
                diagnostics.report(at, format!("{what} has no key \"{}\"{hint}", shortened(key.get_ref())));
            }
        }
        Self { what, line, strange, entries }
    }

    pub fn get(&self, key: &str) -> Option<Item<'v>> {
        self.entries.iter().find(|(known, _)| *known == key).map(|(_, item)| *item)
    }

    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The value of a key that must be there; `example` is how to write it.
    pub fn required(&self, key: &str, example: &str, diagnostics: &mut Diagnostics) -> Option<Item<'v>> {
        let found = self.get(key);
        if found.is_none() && !self.strange {
            diagnostics.report(self.line, format!("{} has no {key}; write {key} = {example}", self.what));
        }
        found
    }

    /// A text that must be there and not be empty.
    pub fn required_text(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<(&'v str, usize)> {
        let item = self.required(key, "\"…\"", diagnostics)?;
        Some((item.text(key, diagnostics)?, item.line))
    }

    pub fn text(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<(&'v str, usize)> {
        let item = self.get(key)?;
        Some((item.text(key, diagnostics)?, item.line))
    }

    /// The items of a list; none where there is no such key.
    pub fn list(&self, key: &str, diagnostics: &mut Diagnostics) -> Vec<Item<'v>> {
        self.get(key).map_or_else(Vec::new, |item| item.list(key, diagnostics))
    }

    /// The texts of a list, each with its line.
    pub fn texts(&self, key: &str, diagnostics: &mut Diagnostics) -> Vec<(&'v str, usize)> {
        let items = self.list(key, diagnostics);
        items.into_iter().filter_map(|item| Some((item.text(key, diagnostics)?, item.line))).collect()
    }
}

impl<'v> Item<'v> {
    /// Reports `what` is wrong with the value; `example` is how to write it, outside of lists.
    fn mend(self, what: &str, (key, example): (&str, &str), diagnostics: &mut Diagnostics) {
        let mut example = example.to_owned();
        for _ in 0..self.depth {
            example = format!("[{example}]");
        }
        diagnostics.report(self.line, format!("{key} {what}; write {key} = {example}"));
    }

    fn wrong(self, key: &str, example: &str, diagnostics: &mut Diagnostics) {
        let what = format!("cannot be a TOML {}", self.value.type_str());
        self.mend(&what, (key, example), diagnostics);
    }

    pub fn text(self, key: &str, diagnostics: &mut Diagnostics) -> Option<&'v str> {
        match self.value {
            DeValue::String(text) if text.trim().is_empty() => {
                self.mend("is empty", (key, "\"…\""), diagnostics);
                None
            }
            DeValue::String(text) => Some(text.as_ref()),
            _ => {
                self.wrong(key, "\"…\"", diagnostics);
                None
            }
        }
    }

    pub fn list(self, key: &str, diagnostics: &mut Diagnostics) -> Vec<Item<'v>> {
        let DeValue::Array(items) = self.value else {
            self.wrong(key, "[…]", diagnostics);
            return Vec::new();
        };
        let item = |value: &'v Spanned<DeValue<'v>>| {
            let line = diagnostics.line(self.base + value.span().start);
            Item { value: value.get_ref(), line, depth: self.depth + 1, ..self }
        };
        items.iter().map(item).collect()
    }

    pub fn table(
        self,
        what: &'static str,
        keys: &'static [&'static str],
        diagnostics: &mut Diagnostics,
    ) -> Option<Table<'v>> {
        let DeValue::Table(table) = self.value else {
            diagnostics
                .report(self.line, format!("{what} is not a table; write {{ {} = … }}", keys.join(" = …, ")));
            return None;
        };
        Some(Table::open(what, keys, table, (self.line, self.base), diagnostics))
    }

    /// Keys that the author chooses, each with its value; their lines are those of the keys.
    pub fn free_table(
        self,
        key: &str,
        example: &str,
        diagnostics: &mut Diagnostics,
    ) -> Vec<(&'v str, Item<'v>)> {
        let DeValue::Table(table) = self.value else {
            diagnostics.report(self.line, format!("{key} is not a table; write {example}"));
            return Vec::new();
        };
        let entry = |(name, value): (&'v Spanned<_>, &'v Spanned<DeValue<'v>>)| {
            let name: &'v Spanned<std::borrow::Cow<'v, str>> = name;
            let line = diagnostics.line(self.base + name.span().start);
            (name.get_ref().as_ref(), Item { value: value.get_ref(), line, ..self })
        };
        table.iter().map(entry).collect()
    }

    pub fn switch(self, key: &str, diagnostics: &mut Diagnostics) -> Option<bool> {
        if let DeValue::Boolean(switch) = self.value {
            return Some(*switch);
        }
        self.wrong(key, "true or false", diagnostics);
        None
    }

    pub fn number(self, key: &str, diagnostics: &mut Diagnostics) -> Option<f64> {
        let number = match self.value {
            DeValue::Integer(integer) if integer.radix() == 10 => decimal::parse(integer.as_str()),
            DeValue::Float(float) => decimal::parse(float.as_str()),
            _ => None,
        };
        if number.is_none() {
            self.mend("is not a plain number", (key, "12.5"), diagnostics);
        }
        number
    }

    /// A whole number from 1 to `max`.
    pub fn whole(self, key: &str, max: u32, diagnostics: &mut Diagnostics) -> Option<u32> {
        let number = match self.value {
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
            _ => None,
        };
        let number = number.filter(|number| (1..=max).contains(number));
        if number.is_none() {
            diagnostics.report(
                self.line,
                format!("{key} is not a whole number from 1 to {max}; write {key} = {}", max.min(10)),
            );
        }
        number
    }
}
