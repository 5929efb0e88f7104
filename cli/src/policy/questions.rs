//! The command line of questions about a policy, as data.

use clap::Args;
use packshot_policy::{CookieClass, Law, Occasion, Purpose, Right, Timestamp, Trigger};

use super::args::instant;

/// Parses one of several words, or returns a message that lists them.
macro_rules! word {
    ($name:ident, $kind:ident) => {
        fn $name(text: &str) -> Result<$kind, String> {
            text.parse().map_err(|_| one_of($kind::ALL.iter().map(|word| word.as_str())))
        }
    };
}
word!(law, Law);
word!(purpose, Purpose);
word!(cookie_class, CookieClass);

fn one_of<'w>(words: impl Iterator<Item = &'w str>) -> String {
    format!("it is one of {}", words.collect::<Vec<_>>().join(", "))
}

/// What must be answered: a request by its right, or a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrived {
    Request(Right),
    Report(Trigger),
}

fn arrived(text: &str) -> Result<Arrived, String> {
    let reports = [Trigger::Incident, Trigger::ChildReport];
    let report = reports.into_iter().find(|report| report.as_str() == text).map(Arrived::Report);
    report
        .or_else(|| text.parse().ok().map(Arrived::Request))
        .ok_or_else(|| one_of(Right::ALL.iter().map(|right| right.as_str()).chain(reports.map(Trigger::as_str))))
}

/// Events that people may have to be notified of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Happening {
    Occasion(Occasion),
    Incident,
}

impl Happening {
    /// All events; a change of the policy is minor or material.
    pub(crate) fn all() -> impl Iterator<Item = Happening> {
        let occasions = Occasion::ALL.iter().filter(|occasion| **occasion != Occasion::PolicyAny);
        occasions.map(|occasion| Happening::Occasion(*occasion)).chain([Happening::Incident])
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Happening::Occasion(occasion) => occasion.as_str(),
            Happening::Incident => Trigger::Incident.as_str(),
        }
    }
}

fn happening(text: &str) -> Result<Happening, String> {
    let known = Happening::all().find(|happening| happening.as_str() == text);
    known.ok_or_else(|| one_of(Happening::all().map(Happening::as_str)))
}

fn country(text: &str) -> Result<String, String> {
    let is_code = text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_alphabetic());
    if is_code { Ok(text.to_ascii_uppercase()) } else { Err("write a country as two letters, such as DE".to_owned()) }
}

/// Compute the deadline for answering a request, a breach or a report about a child.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  packshot policy due narpix access --received 2026-01-31T12:00Z
  packshot policy due narpix erase --received 2026-01-31T12:00Z --law gdpr
  packshot policy due narpix access --received 2026-01-31T12:00Z --told 2026-02-20T09:00Z
  packshot policy due narpix incident --received 2026-01-31T12:00Z")]
pub(crate) struct Due {
    /// A preset or a file
    #[arg(value_name = "NAME|FILE")]
    pub(crate) policy: String,
    /// What was received: the right of the request (access, erase, object …), incident or child_report
    #[arg(value_name = "WHAT", value_parser = arrived)]
    pub(crate) what: Arrived,
    /// When it was received
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) received: Timestamp,
    /// A law that protects the person; may be given several times
    #[arg(long, value_parser = law)]
    pub(crate) law: Vec<Law>,
    /// When the person was told that the answer takes longer
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) told: Option<Timestamp>,
}

/// Tell whether data may be sent to a processor for a purpose, and which clause decides.
///
/// The exit code is 0 for every answer, yes or no.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  packshot policy flow narpix --data upload.original
  packshot policy flow narpix --data upload.original --to 'Modal Labs'
  packshot policy flow narpix --data agg.usage --to 'Google Analytics' --consent analytics
  packshot policy flow nanaimg --data prompt --to Stripe --purpose training")]
pub(crate) struct Flow {
    /// A preset or a file
    #[arg(value_name = "NAME|FILE")]
    pub(crate) policy: String,
    /// A class of data, or class.field
    #[arg(long, value_name = "DATA")]
    pub(crate) data: String,
    /// The processor, by name or id [default: all declared ones]
    #[arg(long, value_name = "PROCESSOR")]
    pub(crate) to: Option<String>,
    /// The purpose [default: those that the policy declares for each]
    #[arg(long, value_parser = purpose)]
    pub(crate) purpose: Option<Purpose>,
    /// A consent that the person gave; may be given several times
    #[arg(long, value_name = "CONSENT")]
    pub(crate) consent: Vec<String>,
}

/// Tell who may have an account: ages, countries and guardians.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  packshot policy age picphoto
  packshot policy age picphoto --age 14 --country DE
  packshot policy age narpix --age 15")]
pub(crate) struct Age {
    /// A preset or a file
    #[arg(value_name = "NAME|FILE")]
    pub(crate) policy: String,
    /// The age of a person, in whole years
    #[arg(long, value_name = "YEARS", value_parser = clap::value_parser!(u32).range(0..=150))]
    pub(crate) age: Option<u32>,
    /// The country of the person, by its ISO 3166 code
    #[arg(long, value_name = "CODE", value_parser = country)]
    pub(crate) country: Option<String>,
}

/// Tell which cookies may be stored on a person's device, and for how long.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  packshot policy cookies narpix
  packshot policy cookies narpix --agree analytics --refuse preference
  packshot policy cookies narpix --agree marketing --gpc")]
pub(crate) struct Cookies {
    /// A preset or a file
    #[arg(value_name = "NAME|FILE")]
    pub(crate) policy: String,
    /// A kind that the person agreed to; may be given several times
    #[arg(long, value_name = "KIND", value_parser = cookie_class)]
    pub(crate) agree: Vec<CookieClass>,
    /// A kind that the person refused; may be given several times
    #[arg(long, value_name = "KIND", value_parser = cookie_class)]
    pub(crate) refuse: Vec<CookieClass>,
    /// The browser sends Global Privacy Control
    #[arg(long)]
    pub(crate) gpc: bool,
}

/// Tell what needs consent, what applies before a person is asked, and what withdrawal does.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  packshot policy consent narpix
  packshot policy consent nanaimg training
  packshot policy consent narpix marketing --answer yes --gpc")]
pub(crate) struct Consent {
    /// A preset or a file
    #[arg(value_name = "NAME|FILE")]
    pub(crate) policy: String,
    /// The consent [default: all in the policy]
    #[arg(value_name = "CONSENT")]
    pub(crate) consent: Option<String>,
    /// The person's answer
    #[arg(long, value_name = "ANSWER", value_enum)]
    pub(crate) answer: Option<Answer>,
    /// The browser sends Global Privacy Control
    #[arg(long)]
    pub(crate) gpc: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Answer {
    Yes,
    No,
}

/// Tell who must be notified of what, how, and when it takes effect.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  packshot policy notices narpix
  packshot policy notices narpix --on policy.material --law gdpr --told 2026-01-31T12:00Z
  packshot policy notices narpix --on incident --told 2026-01-31T12:00Z")]
pub(crate) struct Notices {
    /// A preset or a file
    #[arg(value_name = "NAME|FILE")]
    pub(crate) policy: String,
    /// The event: policy.minor, policy.material, plan.downgrade, release.new_tool, account.closed or incident
    /// [default: all]
    #[arg(long, value_name = "WHAT", value_parser = happening)]
    pub(crate) on: Option<Happening>,
    /// A law that protects the person; may be given several times
    #[arg(long, value_parser = law)]
    pub(crate) law: Vec<Law>,
    /// When the person is notified; for an incident, when it was found
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) told: Option<Timestamp>,
}
