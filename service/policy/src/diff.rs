//! What changed between two versions of a policy: for whom, how grave, and who must be told.

mod entries;
mod retention;

use std::fmt;

use crate::notices::Telling;
use crate::policy::Policy;
use crate::{Law, Occasion, Period};

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
        changes.extend(entries::changes(self, newer));
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

/// Collects changes.
#[derive(Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn add(&mut self, topic: Topic, what: impl Into<String>, before: String, after: String, effect: Effect) {
        self.0.push(Change { topic, what: what.into(), plan: None, before, after, effect, held: false });
    }

    /// The same for a promise about data: if it becomes weaker, data that is held already is concerned.
    fn add_held(&mut self, topic: Topic, what: impl Into<String>, before: String, after: String, effect: Effect) {
        self.add(topic, what, before, after, effect);
        if let Some(change) = self.0.last_mut() {
            change.held = effect == Effect::Weaker;
        }
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
