//! The words that policies choose from.

macro_rules! words {
    ($($(#[$doc:meta])* $kind:ident { $($(#[$word_doc:meta])* $name:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $kind { $($(#[$word_doc])* $name,)* }

        impl $kind {
            /// All of them, in this order.
            pub const ALL: &'static [$kind] = &[$($kind::$name,)*];

            /// The word in the policy's text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($kind::$name => $text,)* }
            }
        }

        impl Word for $kind {
            const WORDS: &'static [(&'static str, Self)] = &[$(($text, $kind::$name),)*];
        }

        impl std::str::FromStr for $kind {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                <$kind as Word>::WORDS
                    .iter()
                    .find(|(word, _)| *word == text)
                    .map(|(_, word)| *word)
                    .ok_or(UnknownWord)
            }
        }
    )*};
}

/// Words that are values of a key, such as `purge` or `truncate`.
pub(crate) trait Word: Copy + 'static {
    const WORDS: &'static [(&'static str, Self)];
}

/// A text that is not one of the words of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such word")]
pub struct UnknownWord;

words! {
    /// An event that a period is counted from.
    Clock {
        /// The photo arrived.
        UploadedAt = "uploaded_at",
        /// The record was made: an output, an export, an entry in a list.
        CreatedAt = "created_at",
        /// Something began that may never end, such as an upload in parts.
        StartedAt = "started_at",
        /// The job that needed the copy ended, well or not.
        ProcessingEndedAt = "processing_ended_at",
        /// The user deleted this item.
        DeletedByUserAt = "deleted_by_user_at",
        /// The account was closed.
        AccountClosedAt = "account_closed_at",
        /// An invoice or receipt was issued.
        IssuedAt = "issued_at",
        /// A line of a log was written, or an address stored.
        RecordedAt = "recorded_at",
        /// The consent that this record needs was withdrawn.
        ConsentWithdrawnAt = "consent_withdrawn_at",
        /// The privacy request that this record belongs to was answered.
        RequestClosedAt = "request_closed_at",
        /// The person asked for erasure of everything.
        ErasureRequestedAt = "erasure_requested_at",
    }

    /// Where a copy of a record is held.
    Tier {
        /// The service's own storage.
        Production = "production",
        /// Backups.
        Backup = "backup",
        /// Storage of a processor, or scratch space while a job runs.
        Processor = "processor",
    }

    /// Why something is kept.
    Basis {
        /// The service promised it; ends when the user deletes, closes or asks for erasure.
        Service = "service",
        /// A closed account may come back; ends when the user deletes the item or asks for erasure.
        Reopen = "reopen",
        /// The law demands it; nothing but time ends it.
        Legal = "legal",
    }

    /// What happens at the end of `gone_by`.
    Action {
        /// The whole record is deleted.
        Purge = "purge",
        /// A field loses the part that identifies a person.
        Truncate = "truncate",
        /// Access to the record is restricted to the few who need it.
        Restrict = "restrict",
    }

    /// Why a class has no ceiling.
    Unbounded {
        /// The class holds no personal data, only sums over many people.
        Aggregate = "aggregate",
        /// The text promises to keep it until the user ends it.
        Promise = "promise",
    }

    /// What a downgrade to a plan with shorter periods does to existing data.
    Downgrade {
        /// The new plan's periods count from the old clocks.
        Recompute = "recompute",
        /// The same, but not before the notice period is over.
        RecomputeAfter = "recompute_after",
        /// The new plan's periods count from the day of the downgrade.
        FromChange = "from_change",
    }

    /// Whether photos or prompts may train models.
    Training {
        /// Never, and no consent can change it.
        Never = "never",
        /// Only what people explicitly gave for it.
        OptIn = "opt_in",
    }

    /// A body of law that decides rights and deadlines.
    Law {
        /// The General Data Protection Regulation of the European Union.
        Gdpr = "gdpr",
        /// The California Consumer Privacy Act.
        Ccpa = "ccpa",
        /// The Children's Online Privacy Protection Act of the United States.
        Coppa = "coppa",
        /// Tax law of the United States.
        UsTax = "us-tax",
    }

    /// What people may ask for.
    Right {
        /// What is collected, and whether it is sold.
        Know = "know",
        /// A copy of their data.
        Access = "access",
        /// To have it corrected.
        Rectify = "rectify",
        /// To have it deleted.
        Erase = "erase",
        /// To take it elsewhere, in a machine-readable form.
        Portability = "portability",
        /// To have it kept but not used.
        Restrict = "restrict",
        /// To object to a use.
        Object = "object",
        /// To withdraw consent.
        Withdraw = "withdraw",
        /// To refuse sale.
        OptOutSale = "opt_out_sale",
        /// To refuse marketing mail.
        OptOutMarketing = "opt_out_marketing",
        /// To be treated the same, whatever they asked for.
        NonDiscrimination = "non_discrimination",
        /// To complain.
        Complain = "complain",
    }

    /// What personal data is used for, or must never be used for.
    Purpose {
        /// To do the job that the user asked for.
        Job = "job",
        /// To store and serve.
        Hosting = "hosting",
        /// To carry requests and keep attackers out.
        Edge = "edge",
        /// To be paid.
        Billing = "billing",
        /// To send mail about the account.
        Mail = "mail",
        /// To count visits.
        Analytics = "analytics",
        /// To advertise the service itself.
        Marketing = "marketing",
        /// To train models.
        Training = "training",
        /// To sell, rent or trade.
        Sale = "sale",
        /// To follow people across other sites.
        CrossSiteAds = "cross_site_ads",
        /// To serve files from a public place, without access control.
        PublicCdn = "public_cdn",
    }

    /// What a deadline answers.
    Trigger {
        /// A person exercised one of their rights.
        PrivacyRequest = "privacy_request",
        /// Personal data reached somebody who must not have it.
        Incident = "incident",
        /// A child's data is held without permission.
        ChildReport = "child_report",
    }

    /// What people must be told about.
    Occasion {
        /// Any change of the policy.
        PolicyAny = "policy.any",
        /// A change of words only.
        PolicyMinor = "policy.minor",
        /// A change of rights or of the use of data.
        PolicyMaterial = "policy.material",
        /// A plan with shorter periods.
        PlanDowngrade = "plan.downgrade",
        /// A new tool, model or data class.
        NewTool = "release.new_tool",
        /// An account that was closed, and what is about to go with it.
        AccountClosed = "account.closed",
    }

    /// How people are told.
    Channel {
        /// On the policy's page.
        Page = "page",
        /// By email.
        Email = "email",
        /// A notice in the service that stays until it is read.
        Banner = "banner",
        /// At the next sign-in.
        LoginPopup = "login_popup",
    }

    /// A kind of cookie.
    CookieClass {
        /// The service does not work without it.
        Essential = "essential",
        /// Remembers choices.
        Preference = "preference",
        /// Counts visits.
        Analytics = "analytics",
        /// Measures campaigns.
        Marketing = "marketing",
    }

    /// Which data of a payment card is stored.
    CardData {
        /// Nothing at all.
        None = "none",
        /// Only the token of the payment provider.
        Token = "token",
        /// Brand, last four digits and expiry.
        Last4 = "last4",
    }

    /// Which staff may see photos.
    StaffAccess {
        /// Nobody.
        Never = "never",
        /// In exceptional circumstances only, and every access is logged.
        BreakGlass = "break_glass",
        /// Engineers on call, with credentials for one occasion.
        OnCall = "on_call",
    }

    /// The oldest supported version of TLS.
    TlsVersion {
        /// 1.2.
        V12 = "1.2",
        /// 1.3.
        V13 = "1.3",
    }

    /// A setting that a text, or the operator, promises to people. Settings that are not promised concern only the
    /// operator, and appear on no page.
    Setting {
        /// `security.tls_min`.
        TlsMin = "tls_min",
        /// `security.at_rest`.
        AtRest = "at_rest",
        /// `security.password_hash`.
        PasswordHash = "password_hash",
        /// `security.private_store`.
        PrivateStore = "private_store",
        /// `security.strip_metadata`.
        StripMetadata = "strip_metadata",
        /// `security.card_data`.
        CardData = "card_data",
        /// `security.staff_bytes_access`.
        StaffAccess = "staff_bytes_access",
        /// `security.signed_url_max`.
        SignedUrlMax = "signed_url_max",
        /// `security.store_region`.
        StoreRegion = "store_region",
        /// `security.scan_before_persist`.
        ScanBeforePersist = "scan_before_persist",
        /// `security.mfa`.
        Mfa = "mfa",
        /// `security.audit_log`.
        AuditLog = "audit_log",
        /// `security.oauth`.
        OAuth = "oauth",
        /// `engine.restore_for`.
        RestoreFor = "restore_for",
        /// `backup.window`.
        BackupWindow = "backup_window",
        /// `backup.shred`.
        Shred = "shred",
        /// `dpa` of every processor.
        Contracts = "dpa",
    }
}
