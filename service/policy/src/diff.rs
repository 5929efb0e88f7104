//! What changed between two versions of a policy: for whom, how grave, and who must be told.

mod data;
mod people;
mod retention;
mod settings;

use std::fmt;

use crate::clause::Clause;
use crate::notices::Telling;
use crate::period::Period;
use crate::policy::Policy;
use crate::words::{Law, Occasion};

pub(crate) use settings::is_protection;

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// How long data is kept.
    Retention,
    /// What data may not be used for.
    Never,
    /// Who else gets data.
    Processor,
    /// Which data there is.
    Data,
    /// How backups forget.
    Backup,
    /// What people are asked.
    Consent,
    /// What is stored on their devices.
    Cookie,
    /// What people may ask for.
    Right,
    /// By when they are answered.
    Deadline,
    /// How they are told of changes.
    Notice,
    /// Who may use the service.
    Age,
    /// Promises about storage and access.
    Security,
    /// Plans, and what a change of plan does.
    Plan,
    /// Words, dates and addresses.
    Words,
}

impl Topic {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Topic::Retention => "retention",
            Topic::Never => "never",
            Topic::Processor => "processor",
            Topic::Data => "data",
            Topic::Backup => "backup",
            Topic::Consent => "consent",
            Topic::Cookie => "cookie",
            Topic::Right => "right",
            Topic::Deadline => "deadline",
            Topic::Notice => "notice",
            Topic::Age => "age",
            Topic::Security => "security",
            Topic::Plan => "plan",
            Topic::Words => "words",
        }
    }
}

/// What a change does to a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// People get less than they were promised.
    Weaker,
    /// It cannot be said in general who gains: sometimes one, sometimes the other.
    Unclear,
    /// People get more.
    Stronger,
    /// Nobody's rights change.
    None,
}

impl Effect {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Effect::Weaker => "weaker",
            Effect::Unclear => "unclear",
            Effect::Stronger => "stronger",
            Effect::None => "none",
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is about.
    pub topic: Topic,
    /// What changed, such as `output, gone after it was made`.
    pub what: String,
    /// The plan that it concerns; everybody if none.
    pub plan: Option<String>,
    /// What was said before; empty if nothing.
    pub before: String,
    /// What is said now; empty if nothing.
    pub after: String,
    /// What it does to the promise.
    pub effect: Effect,
    /// Whether data that is held already was collected under the better promise. Such data should keep it.
    pub held: bool,
}

impl Change {
    /// Whether it touches rights or the use of data. Otherwise it is minor: words, dates, addresses.
    #[must_use]
    pub fn is_material(&self) -> bool {
        self.effect != Effect::None
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        if let Some(plan) = &self.plan {
            write!(f, ", under the plan {plan}")?;
        }
        let or_nothing = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
        write!(f, ": {} becomes {}", or_nothing(&self.before), or_nothing(&self.after))
    }
}

/// All changes from one version of a policy to the next.
#[derive(Debug, Clone)]
pub struct Diff<'p> {
    older: &'p Policy,
    /// The changes, gravest first.
    pub changes: Vec<Change>,
}

impl Policy {
    /// What `newer` changes. Rules are compared by what they promise, so that giving one another name, or saying one thing
    /// in two rules, is no change.
    #[must_use]
    pub fn diff<'p>(&'p self, newer: &Policy) -> Diff<'p> {
        let mut changes = retention::changes(self, newer);
        let mut others = Changes::default();
        data::changes(self, newer, &mut others);
        people::changes(self, newer, &mut others);
        settings::changes(self, newer, &mut others);
        changes.extend(others.0);
        changes.sort_by(|one, other| {
            (one.effect, !one.held, one.topic, &one.what).cmp(&(other.effect, !other.held, other.topic, &other.what))
        });
        Diff { older: self, changes }
    }
}

impl<'p> Diff<'p> {
    /// Whether any change touches rights or the use of data. A version with one must not be posted as minor.
    #[must_use]
    pub fn is_material(&self) -> bool {
        self.changes.iter().any(Change::is_material)
    }

    /// The changes that weaken a promise for data that is held already.
    pub fn broken_promises(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.held && change.effect == Effect::Weaker)
    }

    /// The notice that the older version promises for such a change, to a person whom `laws` protect. None if nothing
    /// changed, or if the older version promised no notice.
    #[must_use]
    pub fn telling(&self, laws: &[Law]) -> Option<Telling<'p>> {
        if self.changes.is_empty() {
            return None;
        }
        let occasion = if self.is_material() { Occasion::PolicyMaterial } else { Occasion::PolicyMinor };
        self.older.telling(occasion, laws)
    }
}

/// Collects changes. What is equal before and after is none.
///
/// Whoever compares a struct takes it apart field by field, so that a new field of the format does not compile before it
/// is compared.
#[derive(Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn add(&mut self, topic: Topic, what: impl Into<String>, before: String, after: String, effect: Effect) {
        if before != after {
            self.0.push(Change { topic, what: what.into(), plan: None, before, after, effect, held: false });
        }
    }

    /// The same for a promise about data: if it becomes weaker, data that is held already is concerned.
    fn add_held(&mut self, topic: Topic, what: impl Into<String>, before: String, after: String, effect: Effect) {
        let count = self.0.len();
        self.add(topic, what, before, after, effect);
        for change in self.0.iter_mut().skip(count) {
            change.held = effect == Effect::Weaker;
        }
    }

    /// Words that promise nothing.
    fn words(&mut self, what: impl Into<String>, before: impl ToString, after: impl ToString) {
        self.add(Topic::Words, what, before.to_string(), after.to_string(), Effect::None);
    }

    /// Words that may be missing.
    fn maybe(&mut self, what: impl Into<String>, before: Option<&String>, after: Option<&String>) {
        let or_nothing = |text: Option<&String>| text.cloned().unwrap_or_default();
        self.words(what, or_nothing(before), or_nothing(after));
    }

    /// The clauses behind something, in whatever order.
    fn clauses(&mut self, behind: &str, before: &[Clause], after: &[Clause]) {
        self.words(format!("clauses behind {behind}"), ids(before), ids(after));
    }

    fn yes_no(&mut self, topic: Topic, what: impl Into<String>, before: bool, after: bool, effect: Effect) {
        self.add(topic, what, yes_no(before), yes_no(after), effect);
    }
}

fn ids(clauses: &[Clause]) -> String {
    let mut ids: Vec<&str> = clauses.iter().map(Clause::as_str).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.join(", ")
}

fn yes_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

/// The entries of two lists side by side: those with the same key belong together, one by one.
fn paired<'p, T, K: PartialEq>(
    older: &'p [T],
    newer: &'p [T],
    key: impl Fn(&'p T) -> K,
) -> Vec<(Option<&'p T>, Option<&'p T>)> {
    let mut rest: Vec<&T> = older.iter().collect();
    let mut pairs = Vec::new();
    for new in newer {
        let place = rest.iter().position(|old| key(old) == key(new));
        pairs.push((place.map(|place| rest.remove(place)), Some(new)));
    }
    pairs.extend(rest.into_iter().map(|old| (Some(old), None)));
    pairs
}

/// What a change from one value to another does, where the greater one is better for people. Yes is greater than no.
fn order<T: Ord>(before: T, after: T) -> Effect {
    match before.cmp(&after) {
        std::cmp::Ordering::Less => Effect::Stronger,
        std::cmp::Ordering::Equal => Effect::None,
        std::cmp::Ordering::Greater => Effect::Weaker,
    }
}

/// Whether a list that is good for people grew (stronger), shrank (weaker), or both.
fn grown<T: PartialEq>(before: &[T], after: &[T]) -> Effect {
    let lost = before.iter().any(|item| !after.contains(item));
    let gained = after.iter().any(|item| !before.contains(item));
    match (lost, gained) {
        (false, false) => Effect::None,
        (false, true) => Effect::Stronger,
        (true, false) => Effect::Weaker,
        (true, true) => Effect::Unclear,
    }
}

/// Whether the earliest of `after` comes sooner than the earliest of `before`, wherever both are counted from.
fn sooner(before: &[Period], after: &[Period]) -> Effect {
    let within = |one: Period, other: Period| one == other || one.always_shorter_than(other);
    let covers =
        |some: &[Period], all: &[Period]| all.iter().all(|long| some.iter().any(|short| within(*short, *long)));
    match (before, after) {
        ([], []) => Effect::None,
        ([], _) => Effect::Stronger,
        (_, []) => Effect::Weaker,
        _ => match (covers(after, before), covers(before, after)) {
            (true, true) => Effect::None,
            (true, false) => Effect::Stronger,
            (false, true) => Effect::Weaker,
            (false, false) => Effect::Unclear,
        },
    }
}

/// The other way round.
fn opposite(effect: Effect) -> Effect {
    match effect {
        Effect::Weaker => Effect::Stronger,
        Effect::Stronger => Effect::Weaker,
        same => same,
    }
}

/// `30 days or 1 month`.
fn words(periods: &[Period]) -> String {
    let mut words: Vec<String> = periods.iter().map(|period| period.in_words()).collect();
    words.sort();
    words.dedup();
    words.join(" or ")
}
