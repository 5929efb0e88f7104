//! The command line of `packshot policy`, as data.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use packshot_policy::{Period, Tier, Timestamp};

use super::questions::{Age, Consent, Cookies, Due, Flow, Notices};

/// Parses an instant, which must have a time zone or an offset.
pub(crate) fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "write an instant as 2026-01-31T12:00Z".to_owned())
}

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// Check that policies can be fulfilled and are free of contradictions
    Lint {
        /// Presets or files; all presets if none is given
        #[arg(value_name = "NAME|FILE")]
        policies: Vec<String>,
    },
    /// Explain how long something is kept, in a sentence that cites the clauses
    Explain(Box<Explain>),
    /// Compute the deadline for answering a request, a breach or a report about a child
    Due(Due),
    /// Tell whether data may be sent to a processor for a purpose, and which clause decides
    Flow(Flow),
    /// Tell who may have an account: ages, countries and guardians
    Age(Age),
    /// Tell which cookies may be stored on a person's device, and for how long
    Cookies(Cookies),
    /// Tell what needs consent, what applies before a person is asked, and what withdrawal does
    Consent(Consent),
    /// Tell who must be notified of what, how, and when it takes effect
    Notices(Notices),
    /// List every clause of the published texts, what implements it, the tests that show it, and the part left to
    /// people
    Report {
        /// Presets; all of them if none is given
        #[arg(value_name = "NAME")]
        policies: Vec<String>,
    },
    /// Compare two versions: what changes, for whom, how severe it is, and who must be notified
    Diff {
        /// The version that people agreed to
        #[arg(value_name = "OLDER")]
        older: String,
        /// The version that replaces it
        #[arg(value_name = "NEWER")]
        newer: String,
    },
    /// Check the proof that something is gone, without asking the service
    VerifyProof {
        /// A file with the proof; - for standard input
        #[arg(value_name = "FILE")]
        proof: PathBuf,
        /// The service's key, as `packshot retention proof-key` prints it
        #[arg(long, value_name = "KEY")]
        key: String,
    },
    /// Simulate a population of accounts under a policy, and check that no promise breaks
    Simulate(Simulate),
    /// Show a policy as text, or as a page for the people whose data it covers
    Show {
        /// A preset or a file
        #[arg(value_name = "NAME|FILE")]
        policy: String,
        /// Write a page in HTML instead; - for standard output
        #[arg(long, value_name = "PAGE")]
        html: Option<PathBuf>,
    },
}

/// Simulate a population of accounts under a policy, and check that no promise breaks.
///
/// Accounts upload, delete, change plans, close and ask for erasure, in simulated time. Exit code 1 means that
/// something was kept too long, or not long enough.
#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// A preset or a file
    #[arg(value_name = "NAME|FILE")]
    pub(crate) policy: String,
    /// How many accounts join
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) accounts: u64,
    /// For how many years
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) years: u16,
    /// The seed of the simulation; the same seed gives the same result
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// When the first account may join
    #[arg(long, value_name = "INSTANT", value_parser = instant, default_value = "2026-01-01T00:00Z")]
    pub(crate) start: Timestamp,
    /// Also write a chart of how long data was kept, as SVG
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
}

/// Explain how long something is kept, in a sentence that cites the clauses.
///
/// Instants are written as 2026-01-31T12:00Z. Events that are not given have not happened.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  packshot policy explain narpix --asset upload --plan free --uploaded 2026-01-31T12:00Z
  packshot policy explain picphoto --asset output --deleted 2026-02-03T12:00Z --tier backup
  packshot policy explain narpix --asset billing --issued 2026-01-31T12:00Z --tier backup")]
pub(crate) struct Explain {
    /// A preset or a file
    #[arg(value_name = "NAME|FILE")]
    pub(crate) policy: String,
    /// The class of the data in the policy, or the beginning of its name
    #[arg(long, value_name = "CLASS")]
    pub(crate) asset: String,
    /// The plan of its account [default: the first of the policy]
    #[arg(long)]
    pub(crate) plan: Option<String>,
    /// Which copy: production, backup or processor [default: that of the class]
    #[arg(long)]
    pub(crate) tier: Option<Tier>,

    /// When the photo arrived
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "What happened")]
    pub(crate) uploaded: Option<Timestamp>,
    /// When it was made
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "What happened")]
    pub(crate) created: Option<Timestamp>,
    /// When it was begun
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "What happened")]
    pub(crate) started: Option<Timestamp>,
    /// When the job ended
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "What happened")]
    pub(crate) processed: Option<Timestamp>,
    /// When an invoice or receipt was issued
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "What happened")]
    pub(crate) issued: Option<Timestamp>,
    /// When it was recorded
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "What happened")]
    pub(crate) recorded: Option<Timestamp>,
    /// When its user deleted it
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "What happened")]
    pub(crate) deleted: Option<Timestamp>,
    /// When the account was closed
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "What happened")]
    pub(crate) closed: Option<Timestamp>,
    /// When its user asked for erasure
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "What happened")]
    pub(crate) erasure: Option<Timestamp>,
    /// When the required consent was withdrawn
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "What happened")]
    pub(crate) withdrawn: Option<Timestamp>,
    /// When the request it belongs to was answered
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "What happened")]
    pub(crate) answered: Option<Timestamp>,

    /// A plan that the account had before; once for each, in chronological order
    #[arg(long, value_name = "PLAN", requires = "down_at", help_heading = "Account")]
    pub(crate) down_from: Vec<String>,
    /// When that plan ended
    #[arg(long, value_name = "INSTANT", value_parser = instant, requires = "down_from", help_heading = "Account")]
    pub(crate) down_at: Vec<Timestamp>,
    /// A shorter period that the account chose, such as 30d
    #[arg(long, value_name = "PERIOD", help_heading = "Account")]
    pub(crate) chosen: Option<Period>,
    /// When a legal hold was placed on it
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "Account")]
    pub(crate) held: Option<Timestamp>,
    /// When the legal hold was released
    #[arg(long, value_name = "INSTANT", value_parser = instant, requires = "held", help_heading = "Account")]
    pub(crate) released: Option<Timestamp>,
}
