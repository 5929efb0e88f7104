//! Why the ledger does not do what it is asked.

use packshot_api::service::Credits;

use crate::code::Code;
use crate::words::words;

/// How a hold ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldEnd {
    /// It was captured.
    Captured,
    /// It was given up.
    Voided,
    /// Nobody captured it in time.
    Expired,
}

words!(pub HoldEnd { Captured = "captured", Voided = "voided", Expired = "expired" });

/// Why the ledger does not do what a command says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The account has too few available credits.
    #[error("{needed} credits are needed and {available} are available; add credits, or ask for less")]
    InsufficientCredits {
        /// What the command asks for.
        needed: Credits,
        /// What it could use.
        available: Credits,
    },
    /// The account has no journal.
    #[error("the account has no credits; grant some first")]
    UnknownAccount,
    /// The account has no such hold.
    #[error("the account has no such hold")]
    UnknownHold,
    /// The hold has ended already.
    #[error("the hold was {0} already")]
    HoldEnded(HoldEnd),
    /// The time of the hold is over.
    #[error("the hold expired; make a new one")]
    HoldExpired,
    /// More than was quoted would be captured.
    #[error("{asked} credits are more than the {quoted} that may be captured")]
    CaptureTooLarge {
        /// What the command asks for.
        asked: Credits,
        /// At most.
        quoted: Credits,
    },
    /// Nothing is over yet.
    #[error("nothing has expired yet")]
    NothingExpired,
    /// The amount is zero.
    #[error("the amount must be more than 0")]
    NoAmount,
    /// The amount is larger than one command may move.
    #[error("the amount is more than {} credits", Credits::MAX)]
    AmountTooLarge,
    /// The quoted price is not between 0 and what is held.
    #[error("the quoted price must be more than 0 and at most what is held")]
    BadQuote,
    /// An end that lies in the past.
    #[error("it would expire in the past")]
    ExpiresInThePast,
    /// There is a hold or grant of this id.
    #[error("this id is taken; make a new one")]
    IdTaken,
    /// The account's journal has no such transaction, or one of a kind that is not corrected.
    #[error("only a capture or a grant of this account can be corrected")]
    NotCorrectable,
    /// The correction is larger than what is left of the transaction.
    #[error("{asked} credits are more than the {left} that can still be corrected")]
    CorrectionTooLarge {
        /// What the command asks for.
        asked: Credits,
        /// At most.
        left: Credits,
    },
}

impl Refusal {
    /// The stable name of this kind of refusal.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::InsufficientCredits { .. } => Code::InsufficientCredits,
            Self::UnknownAccount => Code::UnknownAccount,
            Self::UnknownHold => Code::UnknownHold,
            Self::HoldEnded(_) => Code::HoldEnded,
            Self::HoldExpired => Code::HoldExpired,
            Self::CaptureTooLarge { .. } => Code::CaptureTooLarge,
            Self::NothingExpired => Code::NothingExpired,
            Self::NoAmount => Code::AmountZero,
            Self::AmountTooLarge => Code::AmountTooLarge,
            Self::BadQuote => Code::QuoteInvalid,
            Self::ExpiresInThePast => Code::ExpiryInThePast,
            Self::IdTaken => Code::IdTaken,
            Self::NotCorrectable => Code::NotCorrectable,
            Self::CorrectionTooLarge { .. } => Code::CorrectionTooLarge,
        }
    }
}
