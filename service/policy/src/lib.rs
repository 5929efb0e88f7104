//! Privacy policies that a program can read, check and obey.
//!
//! - [`Policy`]: everything that one version of a policy says, read from a text of the format [`SCHEMA`] with
//!   [`str::parse`]. [`Faults`] says what is wrong with a text: line, key and remedy.
//! - [`Rule`]: how long a class of data is kept and by when it is gone, and the [`Clause`]s that say so.
//! - [`Retention`]: the [`Answer`] for one [`Record`]: keep until, gone by, legal floor, the rules that decided, and the
//!   version they are of. [`Versions`]: the same for what was stored under an older version.
//! - [`Next`]: what a service does next with a record, and when: to purge, to truncate or to restrict.
//! - [`Policy::explain`]: the same answer in a sentence, with its clauses.
//! - [`Policy::promises`]: what is promised about a class of data, in lines for people.
//! - [`Policy::page`]: a page in HTML for the people whose data it is about.
//! - [`Policy::due`]: by when a request, an incident or a report must be answered.
//! - [`Policy::flow`]: whether data may go to a processor, for a purpose, and the clauses that decide.
//! - [`Policy::telling`]: who must be told of a change, how, from when on it holds for them, and what they are asked anew.
//! - [`Policy::agreement`], [`Policy::may_store`]: consents and cookies. [`Policy::admission`]: ages and guardians.
//! - [`Policy::shorten`]: whether an account may choose a shorter period.
//! - [`Policy::diff`]: what a new version changes, for whom, how grave, and who must be told.
//! - [`Simulation`]: lets a population live under a policy for years, and looks whether any promise breaks.
//! - [`Policy::lint`]: promises that contradict each other or cannot be kept.
//! - [`Policy::told`]: what people are told of a setting, if it is promised. [`plain`]: text that is safe to print.
//! - [`Policy::check_events`]: which events a record can have, and in which order. [`Policy::hangs_on`]: what needs a consent.
//! - [`Preset`]: the policies of five published services. [`Preset::report`]: each clause of their texts, what decides it, as
//!   shown by tests, and what people have to do.
//! - [`Period`] and [`Calendar`]: `30d`, `12mo`, `7bd`, and what they mean at the end of a month, in a leap year and when
//!   clocks change.
//!
//! ```
//! use packshot_policy::{Clock, Events, GoneBy, Preset, Record, Retention};
//!
//! # fn run() -> Option<()> {
//! let policy = Preset::named("narpix")?.policy().ok()?;
//! let retention = Retention::new(&policy);
//!
//! let uploaded = Events::new().with(Clock::UploadedAt, "2026-01-31T12:00:00Z".parse().ok()?);
//! let photo = Record::new(policy.class("upload.original")?, policy.plan("free")?, uploaded);
//! let answer = retention.answer(&photo).ok()?;
//!
//! assert_eq!(answer.gone_by, GoneBy::At("2026-02-01T12:00:00Z".parse().ok()?));
//! assert!(policy.rules_in(answer.rules).any(|rule| rule.id == "images-free"));
//! # Some(())
//! # }
//! # assert_eq!(run(), Some(()));
//! ```
//!
//! The crate reads no file, has no clock and opens no connection: what it answers depends on what it is given.

mod admission;
mod calendar;
mod choices;
mod clause;
mod diff;
mod due;
mod events;
mod explain;
mod fault;
mod flow;
mod identity;
mod lint;
mod name;
mod notices;
mod page;
mod parse;
mod period;
mod plain;
mod policy;
mod presets;
mod promises;
mod reader;
mod record;
mod report;
mod retention;
mod rule;
mod settings;
mod shorten;
mod simulate;
mod wording;
mod words;

pub use admission::Admission;
pub use calendar::Calendar;
pub use choices::{Agreement, Because, HangsOn, MayStore};
pub use clause::Clause;
pub use diff::{Change, Diff, Effect, Topic};
pub use due::{Due, Erased, NoExtension};
pub use events::{Clocks, EventError, Events};
pub use explain::Explanation;
pub use fault::{Fault, FaultCode, Faults};
pub use flow::Flow;
pub use identity::{Identity, PolicyHash};
pub use lint::{Check, Finding, Severity};
pub use name::{ClassId, PlanId, VersionId};
pub use notices::Telling;
pub use parse::SCHEMA;
pub use period::{Period, PeriodError};
pub use plain::{acts, plain};
pub use policy::{
    About, Age, Backup, Consent, Contact, Cookie, DataClass, Deadline, EngineTimes, MOST_PLANS, Never, Notice,
    OpenPoint, PlanChange, Policy, Processor, Security,
};
pub use presets::Preset;
pub use promises::Promise;
pub use reader::MOST_BYTES;
pub use record::{Done, LegalHold, PlanBefore, Record, RecordError};
pub use report::{Kept, Proof, Standing, Who};
pub use retention::{Answer, FieldLimit, GoneBy, KeepUntil, Next, Restricted, Retention, Versions};
pub use rule::{AddressBits, Keep, MOST_RULES, Rule, RuleSet};
pub use shorten::Shortening;
pub use simulate::{ClassOutcome, Outcome, Scenario, Simulation, Violation, Wrong};
pub use words::{
    Action, Basis, CardData, Channel, Clock, CookieClass, Downgrade, Law, Occasion, Purpose, Right, Setting,
    StaffAccess, Tier, TlsVersion, Training, Trigger, Unbounded, UnknownWord,
};

/// An instant, to the nanosecond; time zones play no part in it.
pub use jiff::Timestamp;
