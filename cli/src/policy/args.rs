//! The command line of `packshot policy`, as data.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use packshot_policy::{Period, Tier, Timestamp};

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// Check that policies can be kept and do not contradict themselves
    Lint {
        /// Presets or files; all presets if none is given
        #[arg(value_name = "NAME|FILE")]
        policies: Vec<String>,
    },
    /// Say how long something is kept, in a sentence with the clauses behind it
    Explain(Box<Explain>),
    /// List every clause of the published texts and what keeps it, from the results of tests
    Report {
        /// Presets; all of them if none is given
        #[arg(value_name = "NAME")]
        policies: Vec<String>,
    },
    /// Show what a policy says, as text or as a page for the people whose data it is about
    Show {
        /// A preset or a file
        #[arg(value_name = "NAME|FILE")]
        policy: String,
    },
}

/// Say how long something is kept, in a sentence with the clauses behind it.
///
/// Instants are written as 2026-01-31T12:00Z. What is not given has not happened.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  packshot policy explain narpix --asset upload --plan free --uploaded 2026-01-31T12:00Z
  packshot policy explain picphoto --asset output --created 2026-01-31T12:00Z --deleted 2026-02-03T12:00Z --tier backup
  packshot policy explain narpix --asset billing --issued 2026-01-31T12:00Z --closed 2026-06-30T00:00Z")]
pub(crate) struct Explain {
    /// A preset or a file
    #[arg(value_name = "NAME|FILE")]
    pub(crate) policy: String,
    /// What it is: a class of the policy, or the beginning of its name
    #[arg(long, value_name = "CLASS")]
    pub(crate) asset: String,
    /// The plan of its account [default: the first of the policy]
    #[arg(long)]
    pub(crate) plan: Option<String>,
    /// Which copy: production, backup or processor [default: where the class lies]
    #[arg(long)]
    pub(crate) tier: Option<Tier>,

    /// When the photo arrived
    #[arg(long, value_name = "INSTANT", help_heading = "What happened")]
    pub(crate) uploaded: Option<Timestamp>,
    /// When it was made
    #[arg(long, value_name = "INSTANT", help_heading = "What happened")]
    pub(crate) created: Option<Timestamp>,
    /// When it was begun
    #[arg(long, value_name = "INSTANT", help_heading = "What happened")]
    pub(crate) started: Option<Timestamp>,
    /// When the job ended
    #[arg(long, value_name = "INSTANT", help_heading = "What happened")]
    pub(crate) processed: Option<Timestamp>,
    /// When an invoice or receipt was issued
    #[arg(long, value_name = "INSTANT", help_heading = "What happened")]
    pub(crate) issued: Option<Timestamp>,
    /// When it was written down
    #[arg(long, value_name = "INSTANT", help_heading = "What happened")]
    pub(crate) recorded: Option<Timestamp>,
    /// When its user deleted it
    #[arg(long, value_name = "INSTANT", help_heading = "What happened")]
    pub(crate) deleted: Option<Timestamp>,
    /// When the account was closed
    #[arg(long, value_name = "INSTANT", help_heading = "What happened")]
    pub(crate) closed: Option<Timestamp>,
    /// When its user asked for erasure
    #[arg(long, value_name = "INSTANT", help_heading = "What happened")]
    pub(crate) erasure: Option<Timestamp>,
    /// When the consent it needs was taken back
    #[arg(long, value_name = "INSTANT", help_heading = "What happened")]
    pub(crate) withdrawn: Option<Timestamp>,
    /// When the request it belongs to was answered
    #[arg(long, value_name = "INSTANT", help_heading = "What happened")]
    pub(crate) answered: Option<Timestamp>,

    /// The plan before, if the account went down from it
    #[arg(long, value_name = "PLAN", requires = "down_at", help_heading = "Account")]
    pub(crate) down_from: Option<String>,
    /// When the account went down
    #[arg(long, value_name = "INSTANT", requires = "down_from", help_heading = "Account")]
    pub(crate) down_at: Option<Timestamp>,
    /// A shorter period that the account chose, such as 30d
    #[arg(long, value_name = "PERIOD", help_heading = "Account")]
    pub(crate) chosen: Option<Period>,
    /// When a legal hold was placed on it
    #[arg(long, value_name = "INSTANT", help_heading = "Account")]
    pub(crate) held: Option<Timestamp>,
    /// When the legal hold was released
    #[arg(long, value_name = "INSTANT", requires = "held", help_heading = "Account")]
    pub(crate) released: Option<Timestamp>,
}
