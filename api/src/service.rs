//! What goes between the service and its clients: the bodies of requests and answers, headers and error codes.
//!
//! Amounts of credits are whole thousandths ([`Credits`]), times are texts of RFC 3339 in UTC ([`Time`]), ids are opaque
//! texts. Later versions of the service may send more fields and more words: readers skip fields that they do not know,
//! and an [open word](Role) that they do not know is kept as it came.

mod account;
mod amount;
mod asset;
mod credits;
mod key;
mod open;
mod organisation;
mod page;
mod plan;
mod policy;
mod problem;
mod session;
mod test;
mod time;

pub use account::{Account, AccountState, Email, Password, PasswordChange, Profile, ResetPassword, SignUp, Token};
pub use amount::{Credits, NotCredits};
pub use asset::{
    Asset, AssetIds, AssetKind, AssetState, Deleted, Link, NewAsset, NewLegalHold, NewLink, ProofKey, PurgeProof,
    Retention, RetentionChoice, RetentionReport, Upload, UploadedPart, Variant,
};
pub use credits::{
    Audit, Balance, Capture, Correction, Grant, Hold, HoldState, NewGrant, NewHold, PhotoSize, Quote, QuoteRequest,
    QuotedStep, Transaction, TransactionKind, Transfer,
};
pub use key::{ApiKey, NewApiKey, Permission};
pub use organisation::{Invitation, Member, NewInvitation, NewOrganisation, NewRole, Organisation, Role};
pub use page::Page;
pub use plan::{NewPlan, Plan, PlanGrant, Price};
pub use policy::{OpenPoint, PolicyDocument};
pub use problem::{ErrorDescription, Problem, Wrong};
pub use session::{Refresh, Session, SignIn, Tokens};
pub use test::{ClockMove, ClockReading, Fault, Faults, Health};
pub use time::{NotTime, Time};

/// The version of the API that these types describe: a date. A client sends it as [`header::VERSION`].
pub const VERSION: &str = "2026-12-01";

/// The headers of the API. Standards that are still drafts are named in one place: here.
pub mod header {
    /// The version of the API that a client was written for, and that an answer follows.
    pub const VERSION: &str = "packshot-version";
    /// Names a request that changes something, so that it does so once. A text of 1 to 255 visible ASCII characters, in
    /// quotes or without (draft-ietf-httpapi-idempotency-key-header-07).
    pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
    /// `true` in an answer: the request was done before, under the same key; this is its first answer.
    pub const REPLAYED: &str = "idempotent-replayed";
    /// Names an answer, for questions about it.
    pub const REQUEST_ID: &str = "request-id";
    /// The hash of a part of an upload, which is refused if it differs: `sha-256=:…:` with the hash in base64 (RFC 9530).
    pub const CONTENT_DIGEST: &str = "content-digest";
    /// The organisation whose credits and members a request is about. Without it, that of the API key, or the first one
    /// of the account.
    pub const ORGANISATION: &str = "packshot-organisation";
    /// How many thousandths of a credit a request has spent.
    pub const CREDITS_CHARGED: &str = "packshot-credits-charged";
    /// How many thousandths of a credit a request has reserved.
    pub const CREDITS_HELD: &str = "packshot-credits-held";
    /// `true` or `false`: whether the same request can succeed later. It outweighs the status.
    pub const SHOULD_RETRY: &str = "packshot-should-retry";
    /// How much is left of a rate limit (draft-ietf-httpapi-ratelimit-headers-11).
    pub const RATE_LIMIT: &str = "ratelimit";
    /// The rate limits that apply (the same draft).
    pub const RATE_LIMIT_POLICY: &str = "ratelimit-policy";
    /// What whoever runs the service has to say to its clients, in a sentence.
    pub const NOTICE: &str = "packshot-notice";
}
