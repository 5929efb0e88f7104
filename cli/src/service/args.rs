//! The command line of what the hosted service does, as data.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use packshot::api::service::{Credits, Permission, PhotoSize, Time};

/// Which service, and for whom.
#[derive(Debug, Args)]
#[command(next_help_heading = "Service", after_help = AFTER)]
pub(crate) struct Connection {
    /// Address of the service [default: that of the last `packshot login`]
    #[arg(long, global = true, value_name = "URL", env = "PACKSHOT_URL")]
    pub(crate) url: Option<String>,
    /// Organisation [default: that of the API key, or the first one of the account]
    #[arg(long, global = true, value_name = "ID", env = "PACKSHOT_ORGANISATION")]
    pub(crate) organisation: Option<String>,
}

const AFTER: &str = "An API key in PACKSHOT_API_KEY is used instead of a session.";

/// Sign in to the hosted service
///
/// The password is read from the terminal, or from standard input. The session is kept in a file that only you can read.
#[derive(Debug, Args)]
pub(crate) struct Login {
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// E-mail address of the account
    #[arg(long, value_name = "ADDRESS", required_unless_present = "operator")]
    pub(crate) email: Option<String>,
    /// Sign in as the operator of the service, with the code of a link that it has printed
    #[arg(long, value_name = "CODE", conflicts_with = "email")]
    pub(crate) operator: Option<String>,
}

/// Sign out of the hosted service
#[derive(Debug, Args)]
pub(crate) struct Logout {
    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// Make, show and close an account of the hosted service
#[derive(Debug, Args)]
pub(crate) struct Account {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(subcommand)]
    pub(crate) action: AccountAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountAction {
    /// Make an account; a mail with a code follows
    ///
    /// The password is read from the terminal, or from standard input: at least 8 characters.
    Create(SignUp),
    /// Confirm the address
    Confirm {
        /// The code of the mail
        code: String,
    },
    /// Show the account and its organisations
    Show,
    /// Close the account; it can be opened again for a while
    ///
    /// The password is read from the terminal, or from standard input.
    Close,
}

#[derive(Debug, Args)]
pub(crate) struct SignUp {
    /// E-mail address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: String,
    /// Age in years; it is not kept
    #[arg(long, value_name = "YEARS", value_parser = clap::value_parser!(u32).range(0..=150))]
    pub(crate) age: u32,
    /// Country, as two letters
    #[arg(long, value_name = "CODE")]
    pub(crate) country: Option<String>,
    /// What to call you
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// E-mail address of a guardian, if the policy asks for one at this age
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) guardian: Option<String>,
}

/// Show credits and what they were spent on, and ask what a recipe costs
#[derive(Debug, Args)]
pub(crate) struct Credit {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(subcommand)]
    pub(crate) action: CreditAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CreditAction {
    /// Show how many credits can be used, are held, and were spent
    Balance,
    /// List what was given, in the order in which it is used
    Grants,
    /// List the journal
    Transactions {
        /// Only those after this number
        #[arg(long, value_name = "NUMBER")]
        after: Option<i64>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: usize,
    },
    /// Print the statement as CSV
    Statement {
        /// From this moment on, such as 2026-12-01T00:00:00Z
        #[arg(long, value_name = "TIME")]
        from: Option<Time>,
        /// Until before this moment
        #[arg(long, value_name = "TIME")]
        to: Option<Time>,
    },
    /// Ask what a recipe costs
    Quote {
        /// A preset or a file
        #[arg(value_name = "NAME|FILE")]
        recipe: PathBuf,
        /// Size of the photos in pixels
        #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = size)]
        size: PhotoSize,
        /// Number of photos
        #[arg(long, value_name = "N")]
        count: Option<u32>,
    },
}

/// Reserve credits for work, and spend or return them
#[derive(Debug, Args)]
pub(crate) struct Hold {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(subcommand)]
    pub(crate) action: HoldAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HoldAction {
    /// Reserve credits
    Create {
        /// How many credits, such as 1.5 [default: as many as the quote says]
        #[arg(long, value_name = "CREDITS", value_parser = credits, required_unless_present = "quote")]
        amount: Option<Credits>,
        /// The id of a quote: at most its price can be captured
        #[arg(long, value_name = "ID")]
        quote: Option<String>,
        /// Ends by itself after so many seconds [default: an hour]
        #[arg(long, value_name = "SECONDS")]
        expires_in: Option<u32>,
        #[command(flatten)]
        once: Once,
    },
    /// Spend what a hold reserves, and return the rest
    Capture {
        /// Id of the hold
        id: String,
        /// How many credits [default: all that may be captured]
        #[arg(long, value_name = "CREDITS", value_parser = credits)]
        amount: Option<Credits>,
        #[command(flatten)]
        once: Once,
    },
    /// Return what a hold reserves
    Void {
        /// Id of the hold
        id: String,
        #[command(flatten)]
        once: Once,
    },
    /// Show a hold
    Show {
        /// Id of the hold
        id: String,
    },
}

/// Makes a command that is repeated have one effect.
#[derive(Debug, Args)]
pub(crate) struct Once {
    /// The key of a command whose answer was lost: it has no second effect
    #[arg(long, value_name = "KEY")]
    pub(crate) idempotency_key: Option<String>,
}

/// List, make and remove API keys of an organisation
#[derive(Debug, Args)]
pub(crate) struct Keys {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(subcommand)]
    pub(crate) action: KeyAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyAction {
    /// List the keys
    List,
    /// Make a key; it is printed only now
    Create {
        /// What it is for
        name: String,
        /// What it allows, such as credits:read; may be given several times
        #[arg(long = "permission", value_name = "WORD", required = true, value_parser = permission)]
        permissions: Vec<Permission>,
        /// When it ends, such as 2027-12-01T00:00:00Z [default: never]
        #[arg(long, value_name = "TIME")]
        expires_at: Option<Time>,
        #[command(flatten)]
        once: Once,
    },
    /// End a key
    Remove {
        /// Id of the key
        id: String,
    },
}

/// Upload, download and delete photos and results
#[derive(Debug, Args)]
pub(crate) struct Assets {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(subcommand)]
    pub(crate) action: AssetAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AssetAction {
    /// Upload files, and tell how long they are kept
    Upload(UploadArgs),
    /// List them, the newest first
    List {
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: usize,
    },
    /// Show one: what it is, and how long it is kept
    Show {
        /// Id of the asset
        id: String,
    },
    /// Download one
    Download {
        /// Id of the asset
        id: String,
        /// The file to write, which must not be there
        #[arg(short, long, value_name = "FILE", value_parser = super::assets::new_file)]
        output: PathBuf,
        /// A smaller picture of it, such as thumbnail
        #[arg(long, value_name = "NAME")]
        variant: Option<String>,
    },
    /// Make a link that works without signing in, for a while
    Link {
        /// Id of the asset
        id: String,
        /// A smaller picture of it, such as thumbnail
        #[arg(long, value_name = "NAME")]
        variant: Option<String>,
        /// For so many seconds [default: 600]
        #[arg(long, value_name = "SECONDS")]
        expires_in: Option<u32>,
        /// Browsers save it instead of showing it
        #[arg(long)]
        save: bool,
    },
    /// Delete some; they can be restored for a while
    Delete {
        /// Ids of the assets
        #[arg(required = true)]
        ids: Vec<String>,
    },
    /// Restore one that was deleted
    Restore {
        /// Id of the asset
        id: String,
    },
    /// Print the proof that one is gone
    Proof {
        /// Id of the asset
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct UploadArgs {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// They were made of photos, and are no photos themselves
    #[arg(long)]
    pub(crate) result: bool,
    /// Go on with an upload that broke off; only what is missing is sent
    #[arg(long, value_name = "ID")]
    pub(crate) resume: Option<String>,
}

/// Show and choose how long photos are kept
#[derive(Debug, Args)]
pub(crate) struct Retention {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(subcommand)]
    pub(crate) action: RetentionAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RetentionAction {
    /// Show what the organisation chose
    Show,
    /// Have photos kept for a shorter time than the policy's, where it offers that
    Choose {
        /// A period such as 7d, or `default` for that of the policy
        keep: String,
    },
    /// Print the key with which proofs are checked
    ProofKey,
    /// For the operator: what is due, late and held
    Report,
}

/// Reads `1.5` credits.
fn credits(text: &str) -> Result<Credits, String> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let millis = (is_number(whole) && is_number(rest) && rest.len() <= 3).then(|| format!("{whole}{rest:0<3}"));
    let credits = millis.and_then(|millis| Credits::from_millis(millis.parse().ok()?));
    credits.ok_or_else(|| "write credits as 12 or 0.5, with at most three decimals".to_owned())
}

fn size(text: &str) -> Result<PhotoSize, String> {
    let sides = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    sides.map(|(width, height)| PhotoSize { width, height }).ok_or_else(|| "write a size as 2000x1500".to_owned())
}

/// A word that this version does not know is a mistake of whoever typed it.
fn permission(text: &str) -> Result<Permission, String> {
    match Permission::from(text) {
        Permission::Unknown(_) => {
            let known: Vec<_> = Permission::ALL.iter().map(Permission::as_str).collect();
            Err(format!("the permissions are {}", known.join(", ")))
        }
        permission => Ok(permission),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_are_read_as_they_are_written() {
        for (text, millis) in [("12", Some(12_000)), ("0.5", Some(500)), ("1.050", Some(1050)), ("0", Some(0))] {
            assert_eq!(credits(text).ok().map(Credits::as_millis), millis, "{text}");
        }
        for text in ["", ".", "1.", ".5", "-1", "1.2345", "1,5", "1e3", "99999999999999999999", "1000000001"] {
            assert!(credits(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_and_permissions_are_read() {
        assert_eq!(size("2000x1500"), Ok(PhotoSize { width: 2000, height: 1500 }));
        for text in ["2000", "x", "2000x", "-1x5", "2000X1500"] {
            assert!(size(text).is_err(), "{text}");
        }
        assert_eq!(permission("credits:read"), Ok(Permission::CreditsRead));
        assert!(permission("credits:eat").unwrap_err().contains("credits:read, credits:spend"));
    }
}
