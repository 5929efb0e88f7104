//! The codes of everything that can go wrong: one list for answers, for the list of errors and for the documentation.

use packshot_api::service::ErrorDescription;

/// Defines the codes: word, status of an answer, title, what to do, and whether the same request can succeed later.
macro_rules! codes {
    ($($variant:ident = $word:literal, $status:literal, $title:literal, $action:literal, $retry:literal;)*) => {
        /// The stable name of a kind of error.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code { $(#[doc = $title] $variant,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The status of answers with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// What went wrong, in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// What to do.
            #[must_use]
            pub const fn action(self) -> &'static str {
                match self { $(Self::$variant => $action,)* }
            }

            /// Whether the same request can succeed later, as it is.
            #[must_use]
            pub const fn retry(self) -> bool {
                match self { $(Self::$variant => $retry,)* }
            }
        }
    };
}

codes! {
    // The request.
    RequestInvalid = "request_invalid", 422, "The request is not as it should be",
        "Mend the fields that are listed, and send it with a new idempotency key.", false;
    BodyUnreadable = "body_unreadable", 400, "The body is no JSON", "Send JSON, with `Content-Type: application/json`.", false;
    BodyTooLarge = "body_too_large", 413, "The body is too large", "Send less at once.", false;
    NoSuchRoute = "no_such_route", 404, "There is no such address", "See the OpenAPI document at /v1/openapi.json.", false;
    MethodNotAllowed = "method_not_allowed", 405, "The address does not take this method",
        "Use one of the methods in the header `Allow`.", false;
    VersionUnknown = "version_unknown", 400, "There is no such version of the API",
        "Send a version that the service has, or none.", false;
    RateLimited = "rate_limited", 429, "Too many requests", "Wait as long as `Retry-After` says.", true;
    TimedOut = "timed_out", 503, "The request took too long", "Send it again with the same idempotency key.", true;
    // Idempotency.
    KeyMissing = "idempotency_key_missing", 400, "The header `Idempotency-Key` is missing",
        "Make a random key for each new request, and send the same one when you send the request again.", false;
    KeyInvalid = "idempotency_key_invalid", 400, "The header `Idempotency-Key` is no key",
        "A key has 1 to 255 visible ASCII characters.", false;
    KeyReused = "idempotency_key_reused", 422, "The idempotency key was used for another request",
        "Make a new key for a new request.", false;
    // Who asks.
    TokenMissing = "token_missing", 401, "Nobody is signed in",
        "Send `Authorization: Bearer` with an access token or an API key.", false;
    TokenInvalid = "token_invalid", 401, "The token is not valid", "Refresh the session, or sign in again.", false;
    SignInFailed = "sign_in_failed", 401, "The address and the password do not belong together",
        "Check both. A new password can be asked for by mail.", false;
    NotPermitted = "not_permitted", 403, "This is not permitted", "Ask an owner or an admin of the organisation.", false;
    CodeInvalid = "code_invalid", 422, "The code of the mail is not valid any more", "Ask for a new mail.", false;
    TooYoung = "too_young", 403, "This age cannot have an account", "Nothing was kept.", false;
    GuardianNeeded = "guardian_needed", 422, "A guardian has to agree", "Send the address of a guardian.", false;
    AccountNotActive = "account_not_active", 403, "The account cannot be used",
        "Confirm the address, or open the account again.", false;
    AccountNotClosed = "account_not_closed", 409, "The account is not closed", "Sign in.", false;
    LastOwner = "last_owner", 409, "An organisation needs an owner", "Make another member the owner first.", false;
    AlreadyMember = "already_member", 409, "The account is a member already", "Change its role instead.", false;
    LimitReached = "limit_reached", 409, "The plan allows no more", "Remove some, or choose a larger plan.", false;
    NotFound = "not_found", 404, "There is no such thing", "Check the id, and whose it is.", false;
    // Assets.
    AssetNotKept = "asset_not_kept", 422, "The policy keeps no such thing", "Work on it on the device; see the policy.", false;
    AssetTooLarge = "asset_too_large", 422, "The picture is too large", "Scale it down, or save it smaller.", false;
    AssetNotAPhoto = "asset_not_a_photo", 422, "This is no picture that can be read", "Send a JPEG, PNG or WebP.", false;
    AssetInfected = "asset_infected", 422, "A virus was found in it", "Look at where the file comes from.", false;
    UploadEnded = "upload_ended", 409, "The upload has ended", "Announce a new asset.", false;
    PartsMissing = "parts_missing", 409, "Parts of the upload are missing", "Send those that the asset does not list.", false;
    NotRestorable = "not_restorable", 409, "It cannot be restored", "What was deleted can be restored for a while only.", false;
    LinkInvalid = "link_invalid", 403, "The link does not work any more", "Ask for a new one.", false;
    RangeInvalid = "range_invalid", 416, "There are no such bytes", "Ask for a range within the length.", false;
    RetentionNotOffered = "retention_not_offered", 422, "The policy offers no such choice",
        "Choose a shorter period than the policy's, where it offers that.", false;
    // Credits.
    InsufficientCredits = "insufficient_credits", 402, "Too few credits", "Add credits, or ask for less.", false;
    UnknownAccount = "account_without_credits", 402, "No credits yet", "Choose a plan, or add credits.", false;
    UnknownHold = "hold_not_found", 404, "There is no such hold", "Check the id, and whose it is.", false;
    HoldEnded = "hold_ended", 409, "The hold has ended", "Make a new hold.", false;
    HoldExpired = "hold_expired", 409, "The time of the hold is over", "Make a new hold.", false;
    CaptureTooLarge = "capture_too_large", 422, "More than may be captured", "Capture at most what was quoted.", false;
    NothingExpired = "nothing_expired", 409, "Nothing has expired", "Nothing is to be done.", false;
    AmountZero = "amount_zero", 422, "The amount is zero", "Send an amount of more than 0.", false;
    AmountTooLarge = "amount_too_large", 422, "The amount is too large", "Send it in several parts.", false;
    QuoteInvalid = "quote_invalid", 422, "The quote cannot be used", "Ask for a new quote.", false;
    ExpiryInThePast = "expiry_in_the_past", 422, "It would have expired already", "Send a later time.", false;
    IdTaken = "id_taken", 409, "The id is taken", "Make a new one.", false;
    NotCorrectable = "not_correctable", 422, "The transaction cannot be corrected",
        "Only a capture or a grant of the organisation can be.", false;
    CorrectionTooLarge = "correction_too_large", 422, "More than can be corrected", "Correct less.", false;
    NotPriced = "not_priced", 422, "A step of the recipe has no price here", "Leave the step out.", false;
    // The service.
    FolderUnusable = "folder_unusable", 500, "A folder cannot be used", "Check the folder and who may write into it.", false;
    SqliteTooOld = "sqlite_too_old", 500, "SQLite is too old", "Build the program with the SQLite that it contains.", false;
    MigrationChanged = "migration_changed", 500, "The database is of another version", "Start the version that made it.", false;
    KeyFile = "key_file", 500, "The file with the service's key is not the right one",
        "Put the file back from your copy. A new one cannot read what the old one protects.", false;
    PolicyUnusable = "policy_unusable", 500, "The policy cannot be obeyed", "Mend what `packshot policy lint` finds.", false;
    SettingInvalid = "setting_invalid", 500, "A setting is wrong", "Mend it; `packshot serve --help` describes all.", false;
    LedgerCorrupt = "ledger_corrupt", 500, "The ledger contradicts itself", "Tell the operator; nothing was changed.", false;
    Unsealable = "unsealable", 500, "What is sealed cannot be opened", "Tell the operator.", false;
    DatabaseFailed = "database_failed", 503, "The database does not answer", "Send the request again with the same key.", true;
    ScannerFailed = "scanner_failed", 503, "The file could not be scanned for viruses", "Complete the upload again later.", true;
    StorageFailed = "storage_failed", 503, "Content cannot be stored or read", "Send the request again with the same key.", true;
    MailFailed = "mail_failed", 503, "The mail could not be sent", "It is tried again by itself.", true;
    Internal = "internal", 500, "Something went wrong inside", "Tell the operator the request's id.", false;
}

impl Code {
    /// As `GET /v1/errors` lists it.
    pub(crate) fn description(self) -> ErrorDescription {
        ErrorDescription {
            code: self.as_str().to_owned(),
            status: self.status(),
            title: self.title().to_owned(),
            action: self.action().to_owned(),
            retry: self.retry(),
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
