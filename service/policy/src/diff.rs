//! What changed between two versions of a policy: for whom, how severe it is, and who must be told.

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

/// The subject of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// How long data is kept.
    Retention,
    /// What data may not be used for.
    Never,
    /// Who else receives data.
    Processor,
    /// Which data exists.
    Data,
    /// How data leaves backups.
    Backup,
    /// Consents.
    Consent,
    /// What is stored on people's devices.
    Cookie,
    /// What people may ask for.
    Right,
    /// The deadlines for answers.
    Deadline,
    /// How people are told of changes.
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
    /// It depends on the case who gains.
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
    /// Its subject.
    pub topic: Topic,
    /// What changed, such as `output, gone after it was made`.
    pub what: String,
    /// The plan that it concerns; `None` for everybody.
    pub plan: Option<String>,
    /// The older promise; empty if there was none.
    pub before: String,
    /// The newer promise; empty if there is none.
    pub after: String,
    /// Its effect on the promise.
    pub effect: Effect,
    /// Whether existing data was collected under the better promise, which should continue to apply to it.
    pub held: bool,
}

impl Change {
    /// Whether it affects rights or the use of data. Otherwise it is minor: words, dates, addresses.
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
    /// The changes, most severe first.
    pub changes: Vec<Change>,
}

impl Policy {
    /// What `newer` changes. Rules are compared by what they promise: renaming a rule, or splitting it in two, is not a
    /// change.
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
    /// Whether any change affects rights or the use of data. A version with such a change must not be posted as minor.
    #[must_use]
    pub fn is_material(&self) -> bool {
        self.changes.iter().any(Change::is_material)
    }

    /// The changes that weaken a promise for existing data.
    pub fn broken_promises(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.held && change.effect == Effect::Weaker)
    }

    /// The notice that the older version promises for such a change, to a person protected by `laws`. `None` if nothing
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

/// Collects changes; equal values are ignored.
///
/// Structs are destructured field by field for comparison, so that a new field of the format does not compile until it
/// is compared.
#[derive(Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn add(&mut self, topic: Topic, what: impl Into<String>, before: String, after: String, effect: Effect) {
        if before != after {
            self.0.push(Change { topic, what: what.into(), plan: None, before, after, effect, held: false });
        }
    }

    /// The same for a promise about data: if it becomes weaker, existing data is affected.
    fn add_held(&mut self, topic: Topic, what: impl Into<String>, before: String, after: String, effect: Effect) {
        let count = self.0.len();
        self.add(topic, what, before, after, effect);
        for change in self.0.iter_mut().skip(count) {
            change.held = effect == Effect::Weaker;
        }
    }

    /// Compares words that promise nothing.
    fn words(&mut self, what: impl Into<String>, before: impl ToString, after: impl ToString) {
        self.add(Topic::Words, what, before.to_string(), after.to_string(), Effect::None);
    }

    /// Compares words that may be missing.
    fn maybe(&mut self, what: impl Into<String>, before: Option<&String>, after: Option<&String>) {
        let or_nothing = |text: Option<&String>| text.cloned().unwrap_or_default();
        self.words(what, or_nothing(before), or_nothing(after));
    }

    /// Compares the clauses behind something, in any order.
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

/// Pairs the entries of two lists by key.
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

/// The effect of a change between values of which the greater is better for people. Yes is greater than no.
fn order<T: Ord>(before: T, after: T) -> Effect {
    match before.cmp(&after) {
        std::cmp::Ordering::Less => Effect::Stronger,
        std::cmp::Ordering::Equal => Effect::None,
        std::cmp::Ordering::Greater => Effect::Weaker,
    }
}

/// Whether a list that benefits people grew (stronger), shrank (weaker), or both.
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

/// Whether the earliest of `after` is sooner than the earliest of `before`, from whatever instant both are counted.
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

/// The opposite effect.
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
