//! Reads a TOML text key by key, and collects every fault with its position.

use std::cell::RefCell;
use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::clause::Clause;
use crate::fault::{Fault, FaultCode, Faults};
use crate::identity::PolicyHash;
use crate::period::Period;
use crate::plain::{acts, plain};
use crate::words::Word;

/// The most entries of one list or section: far more than a policy needs, and few enough to count in sixteen bits.
const MOST_ENTRIES: usize = 1_000;

/// The message for a text with characters that have an effect when printed.
const ACTS: &str = "the text contains an unprintable character";

/// The longest text that is read, in bytes: thirty times the longest policy that comes with the crate.
pub const MOST_BYTES: usize = 1 << 20;

/// The text and the faults that were found in it.
pub(crate) struct Text<'t> {
    text: &'t str,
    faults: RefCell<Vec<Fault>>,
}

impl<'t> Text<'t> {
    pub(crate) fn new(text: &'t str) -> Text<'t> {
        Text { text, faults: RefCell::new(Vec::new()) }
    }

    pub(crate) fn fault(&self, code: FaultCode, key: &str, span: &Range<usize>, message: impl Into<String>) {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        self.faults.borrow_mut().push(Fault {
            code,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            key: plain(key).into_owned(),
            message: plain(&message.into()).into_owned(),
        });
    }

    /// Whether the text is too long; that is then the only fault.
    pub(crate) fn is_too_long(&self) -> bool {
        let length = self.text.len();
        if length > MOST_BYTES {
            self.fault(FaultCode::TooLong, "", &(0..0), format!("{length} bytes are more than {MOST_BYTES}"));
        }
        length > MOST_BYTES
    }

    fn count(&self) -> usize {
        self.faults.borrow().len()
    }

    /// Returns the value if there was no fault.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, Faults> {
        let mut faults = self.faults.into_inner();
        faults.sort_by_key(|fault| (fault.line, fault.column));
        match value {
            Some(value) if faults.is_empty() => Ok(value),
            _ => Err(Faults(faults)),
        }
    }

    /// The outermost section, unless the text is not TOML.
    pub(crate) fn root(&'t self) -> Option<Section<'t>> {
        match DeTable::parse(self.text) {
            Ok(table) => Some(Section {
                text: self,
                path: String::new(),
                span: 0..0,
                table: table.into_inner(),
                known: Vec::new(),
                faults_before: 0,
            }),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                self.fault(FaultCode::Syntax, "", &span, error.message().replace('\n', " "));
                None
            }
        }
    }
}

/// One table of the text. Keys are removed as they are read; what is left at the end is unknown.
pub(crate) struct Section<'t> {
    text: &'t Text<'t>,
    path: String,
    span: Range<usize>,
    table: DeTable<'t>,
    known: Vec<&'static str>,
    faults_before: usize,
}

impl<'t> Section<'t> {
    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Reports a fault of the whole section.
    pub(crate) fn fault(&self, code: FaultCode, message: impl Into<String>) {
        self.text.fault(code, &self.path, &self.span, message);
    }

    /// Whether every key so far was valid: only then is a missing part reported separately.
    pub(crate) fn is_sound_so_far(&self) -> bool {
        self.text.count() == self.faults_before
    }

    /// Whether the section was completely read without a fault.
    pub(crate) fn is_sound(&self) -> bool {
        self.table.is_empty() && self.is_sound_so_far()
    }

    /// The hash of all keys and values that are still to be read.
    pub(crate) fn hash(&self) -> PolicyHash {
        PolicyHash::of(&self.table)
    }

    fn take(&mut self, key: &'static str) -> Option<Entry<'t>> {
        self.known.push(key);
        let value = self.table.remove(key)?;
        let span = value.span();
        Some(Entry { text: self.text, path: self.path_of(key), span, value: value.into_inner() })
    }

    /// Reads a required key.
    pub(crate) fn must<T>(&mut self, key: &'static str, read: impl FnOnce(Entry<'t>) -> Option<T>) -> Option<T> {
        match self.take(key) {
            Some(found) => read(found),
            None => {
                self.text.fault(FaultCode::MissingKey, &self.path_of(key), &self.span, format!("`{key}` is missing"));
                None
            }
        }
    }

    /// Reads an optional key.
    pub(crate) fn may<T>(&mut self, key: &'static str, read: impl FnOnce(Entry<'t>) -> Option<T>) -> Option<T> {
        self.take(key).and_then(read)
    }

    /// Reads a list; empty if the key is missing.
    pub(crate) fn list<T>(&mut self, key: &'static str, read: impl FnMut(Entry<'t>) -> Option<T>) -> Vec<T> {
        self.may(key, |found| found.list(read)).unwrap_or_default()
    }

    /// Reads `key = true`; false if the key is missing.
    pub(crate) fn flag(&mut self, key: &'static str) -> bool {
        self.may(key, Entry::yes_no).unwrap_or(false)
    }

    /// Reads the entries `[[key]]`, each with its position.
    pub(crate) fn entries<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Section<'t>) -> Option<T>,
    ) -> Vec<T> {
        self.list(key, |found| found.section(&mut read))
    }

    /// Reads all remaining keys, for sections whose keys are names.
    pub(crate) fn names<T>(mut self, mut read: impl FnMut(String, Entry<'t>) -> Option<T>) -> Vec<T> {
        if self.table.len() > MOST_ENTRIES {
            self.fault(FaultCode::Limit, format!("{} names are more than {MOST_ENTRIES}", self.table.len()));
        }
        let mut table = std::mem::take(&mut self.table).into_iter().collect::<Vec<_>>();
        table.sort_by_key(|(key, _)| key.span().start);
        table
            .into_iter()
            .filter_map(|(key, value)| {
                let name = key.get_ref().clone().into_owned();
                let found =
                    Entry { text: self.text, path: self.path_of(&name), span: value.span(), value: value.into_inner() };
                if name.contains(acts) { found.fault(FaultCode::Unprintable, ACTS) } else { read(name, found) }
            })
            .collect()
    }

    /// Reports keys that were not read.
    pub(crate) fn end(self) {
        for key in self.table.keys() {
            let name = key.get_ref();
            let near = self.known.iter().min_by_key(|known| distance(known, name));
            let message = match near {
                Some(near) if distance(near, name) <= 2 => format!("there is no key `{name}`; the nearest is `{near}`"),
                _ => format!("there is no key `{name}` here; expected {}", quoted(self.known.iter().copied())),
            };
            self.text.fault(FaultCode::UnknownKey, &self.path_of(name), &key.span(), message);
        }
    }
}

/// A value and its position.
pub(crate) struct Entry<'t> {
    text: &'t Text<'t>,
    pub(crate) path: String,
    span: Range<usize>,
    value: DeValue<'t>,
}

impl<'t> Entry<'t> {
    pub(crate) fn fault<T>(&self, code: FaultCode, message: impl Into<String>) -> Option<T> {
        self.text.fault(code, &self.path, &self.span, message);
        None
    }

    fn wrong<T>(&self, wanted: &str) -> Option<T> {
        let found = match &self.value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a section",
        };
        self.fault(FaultCode::WrongKind, format!("expected {wanted}, found {found}"))
    }

    pub(crate) fn str(&self) -> Option<&str> {
        match &self.value {
            DeValue::String(text) if text.contains(acts) => self.fault(FaultCode::Unprintable, ACTS),
            DeValue::String(text) if !text.trim().is_empty() => Some(text),
            DeValue::String(_) => self.fault(FaultCode::WrongKind, "the text is empty"),
            _ => self.wrong("a text"),
        }
    }

    pub(crate) fn text(self) -> Option<String> {
        self.str().map(ToOwned::to_owned)
    }

    /// A name, created by `make`.
    pub(crate) fn name<N>(&self, text: &str, make: impl FnOnce(&str) -> Option<N>) -> Option<N> {
        make(text).or_else(|| self.fault(FaultCode::Limit, format!("`{text}` is empty, or longer than 47 bytes")))
    }

    pub(crate) fn yes_no(self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(value) => Some(value),
            _ => self.wrong("true or false"),
        }
    }

    pub(crate) fn number(self, range: Range<u32>) -> Option<u32> {
        let DeValue::Integer(number) = &self.value else { return self.wrong("a number") };
        match u32::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) if range.contains(&number) => Some(number),
            _ => self.fault(FaultCode::Limit, format!("{number} is not between {} and {}", range.start, range.end - 1)),
        }
    }

    pub(crate) fn period(self) -> Option<Period> {
        let text = self.str()?;
        text.parse().map_or_else(|error| self.fault(FaultCode::Period, format!("`{text}` {error}")), Some)
    }

    /// One value, or a list of at least one.
    pub(crate) fn one_or_more<T>(self, mut read: impl FnMut(Entry<'t>) -> Option<T>) -> Option<Vec<T>> {
        match &self.value {
            DeValue::Array(list) if list.is_empty() => self.fault(FaultCode::EmptyList, "the list is empty"),
            DeValue::Array(_) => self.list(read),
            _ => read(self).map(|one| vec![one]),
        }
    }

    pub(crate) fn is_section(&self) -> bool {
        matches!(self.value, DeValue::Table(_))
    }

    pub(crate) fn date(self) -> Option<Date> {
        let date = match &self.value {
            DeValue::Datetime(value) => match (value.date, value.time) {
                (Some(date), None) => Some(date),
                _ => return self.fault(FaultCode::WrongKind, "expected a day without a time of day"),
            },
            DeValue::String(text) => {
                return self.fault(FaultCode::IncompleteDate, format!("`{text}` is not an exact day"));
            }
            _ => return self.wrong("a date"),
        };
        let day = |value: u8| i8::try_from(value).ok();
        date.and_then(|date| Date::new(i16::try_from(date.year).ok()?, day(date.month)?, day(date.day)?).ok())
            .map_or_else(|| self.fault(FaultCode::IncompleteDate, "there is no such day"), Some)
    }

    pub(crate) fn word<W: Word>(self) -> Option<W> {
        let text = self.str()?;
        match W::WORDS.iter().find(|(word, _)| *word == text) {
            Some((_, word)) => Some(*word),
            None => {
                let words = quoted(W::WORDS.iter().map(|(word, _)| *word));
                self.fault(FaultCode::UnknownWord, format!("`{text}` is not one of {words}"))
            }
        }
    }

    pub(crate) fn clause(self) -> Option<Clause> {
        let text = self.str()?;
        Clause::new(text)
            .map_or_else(|| self.fault(FaultCode::ClauseId, format!("`{text}` is not an id of a clause")), Some)
    }

    pub(crate) fn list<T>(self, mut read: impl FnMut(Entry<'t>) -> Option<T>) -> Option<Vec<T>> {
        let DeValue::Array(array) = &self.value else { return self.wrong("a list") };
        if array.len() > MOST_ENTRIES {
            return self.fault(FaultCode::Limit, format!("{} entries are more than {MOST_ENTRIES}", array.len()));
        }
        let DeValue::Array(array) = self.value else { return None };
        let path = self.path;
        Some(
            array
                .into_iter()
                .enumerate()
                .filter_map(|(index, value): (usize, Spanned<DeValue<'t>>)| {
                    let path = format!("{path}[{}]", index + 1);
                    read(Entry { text: self.text, path, span: value.span(), value: value.into_inner() })
                })
                .collect(),
        )
    }

    /// Reads a section; keys that `read` does not read are unknown.
    pub(crate) fn section<T>(self, read: impl FnOnce(&mut Section<'t>) -> Option<T>) -> Option<T> {
        let mut section = self.open()?;
        let value = read(&mut section);
        section.end();
        value
    }

    pub(crate) fn open(self) -> Option<Section<'t>> {
        match self.value {
            DeValue::Table(table) => {
                let faults_before = self.text.count();
                Some(Section {
                    text: self.text,
                    path: self.path,
                    span: self.span,
                    table,
                    known: Vec::new(),
                    faults_before,
                })
            }
            _ => self.wrong("a section"),
        }
    }
}

/// `a`, `b` or `c`.
fn quoted<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut words: Vec<_> = words.map(|word| format!("`{word}`")).collect();
    words.dedup();
    match words.pop() {
        Some(last) if !words.is_empty() => format!("{} or {last}", words.join(", ")),
        last => last.unwrap_or_default(),
    }
}

/// The Levenshtein distance.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, second) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *second);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}
