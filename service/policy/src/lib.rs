//! Privacy policies that a program can read, check and obey.
//!
//! - [`Policy`]: everything that one version of a policy says, read from a text of the format [`SCHEMA`] with
//!   [`str::parse`]. [`Faults`] says what is wrong with a text: line, key and remedy.
//! - [`Rule`]: how long a class of data is kept and by when it is gone, and the [`Clause`]s that say so.
//! - [`Retention`]: the [`Answer`] for one [`Record`]: keep until, gone by, legal floor, and the rules that decided.
//! - [`Preset`]: the policies of five published services.
//! - [`Period`] and [`Calendar`]: `30d`, `12mo`, `7bd`, and what they mean at the end of a month, in a leap year and when
//!   clocks change.
//!
//! The crate reads no file, has no clock and opens no connection: what it answers depends on what it is given.

mod calendar;
mod fault;
mod parse;
mod period;
mod policy;
mod presets;
mod reader;
mod record;
mod retention;
mod rule;
mod words;

pub use calendar::Calendar;
pub use fault::{Fault, FaultCode, Faults};
pub use parse::SCHEMA;
pub use period::{Period, PeriodError};
pub use policy::{
    About, Age, Backup, ClassId, Clause, Consent, Contact, Cookie, DataClass, Deadline, Engine, Never, Notice,
    OpenPoint, PlanChange, PlanId, Policy, Processor, Security,
};
pub use presets::Preset;
pub use record::{Downgraded, Events, Record};
pub use retention::{Answer, FieldLimit, GoneBy, KeepUntil, Restricted, Retention};
pub use rule::{AddressBits, Keep, MOST_RULES, Rule, RuleSet};
pub use words::{
    Action, Basis, CardData, Channel, Clock, CookieClass, Downgrade, Law, Occasion, Purpose, Right, StaffAccess, Tier,
    TlsVersion, Training, Trigger, Unbounded, UnknownWord,
};

/// An instant, to the nanosecond; time zones play no part in it.
pub use jiff::Timestamp;
