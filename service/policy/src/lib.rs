//! Privacy policies that a program can read, check and obey.
//!
//! - [`Policy`]: the content of one version of a policy, parsed from a text of the format [`SCHEMA`] with
//!   [`str::parse`]. [`Faults`] lists the errors in a text: line, key and remedy.
//! - [`Rule`]: how long a class of data is kept and by when it is gone, and the [`Clause`]s behind it.
//! - [`Retention`]: the [`Answer`] for one [`Record`]: keep until, gone by, legal floor, and the deciding rules with
//!   their version. [`Versions`]: the same for data that was stored under an older version.
//! - [`Next`]: the next action of a service on a record, and when: purge, truncate or restrict.
//! - [`Policy::explain`]: the same answer in a sentence, with its clauses.
//! - [`Policy::promises`]: the promises about a class of data, in lines for people.
//! - [`Policy::page`]: a page in HTML for the people whose data it covers.
//! - [`Policy::due`]: the deadline for answering a request, an incident or a report.
//! - [`Policy::flow`]: whether data may be sent to a processor for a purpose, and the clauses that decide.
//! - [`Policy::telling`]: who must be told of a change, how, when it takes effect, and which consents are asked again.
//! - [`Policy::agreement`], [`Policy::may_store`]: consents and cookies. [`Policy::admission`]: ages and guardians.
//! - [`Policy::shorten`]: whether an account may choose a shorter period.
//! - [`Policy::diff`]: what a new version changes, for whom, how severe it is, and who must be told.
//! - [`Simulation`]: simulates a population under a policy for years, and checks that no promise breaks.
//! - [`Policy::lint`]: finds promises that contradict each other or cannot be kept.
//! - [`Policy::told`]: the sentence about a setting, if it is promised. [`plain`]: text that is safe to print.
//! - [`Policy::check_events`]: which events a record can have, and in which order. [`Policy::hangs_on`]: what needs a
//!   consent.
//! - [`Preset`]: the policies of five published services. [`Preset::report`]: each clause of their texts, what
//!   implements it, as shown by tests, and the part left to people.
//! - [`Purged`]: the signed proof that a record is gone, as a signed note ([`NoteSigner`], [`NoteVerifier`]).
//! - [`Period`] and [`Calendar`]: `30d`, `12mo`, `7bd`, and their meaning at the end of a month, in a leap year and
//!   when clocks change.
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
//! The crate reads no files, has no clock and opens no connections: its answers depend only on its input.

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
mod note;
mod notices;
mod page;
mod parse;
mod period;
mod plain;
mod policy;
mod presets;
mod promises;
mod purged;
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
pub use note::{NoteError, NoteSigner, NoteVerifier};
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
pub use purged::Purged;
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

/// An instant, to the nanosecond, independent of time zones.
pub use jiff::Timestamp;
