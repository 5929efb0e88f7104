//! Credits: what an organisation has, reserves and spends.

use super::open::{answers, open_words, requests};
use super::{Credits, Time};

open_words! {
    /// What became of a hold.
    HoldState {
        /// It reserves credits.
        Open = "open",
        /// Some or all were spent, and the rest was returned.
        Captured = "captured",
        /// All were returned.
        Voided = "voided",
        /// Nobody captured it in time, and all were returned.
        Expired = "expired",
    }
}

open_words! {
    /// What a transaction did.
    TransactionKind {
        /// Gave credits.
        Grant = "grant",
        /// Reserved credits.
        Hold = "hold",
        /// Spent what a hold reserved, and returned the rest.
        Capture = "capture",
        /// Returned what a hold reserved.
        Void = "void",
        /// Ended credits whose time was over.
        Expire = "expire",
        /// Returned spent credits, or took back a grant.
        Correct = "correct",
    }
}

answers! {
    /// The credits of an organisation: those that can be used, and what became of the rest.
    pub struct Balance {
        /// Those that can be used now.
        pub available: Credits,
        /// Those that holds reserve.
        pub held: Credits,
        /// Those that were spent.
        pub consumed: Credits,
        /// Those that were not used in time.
        pub expired: Credits,
        /// Those that were taken back.
        pub voided: Credits,
        /// All that were ever given: the sum of the others.
        pub granted: Credits,
    }

    /// Credits that were given at one time. They are used by priority, then those that expire first, then those that came
    /// first.
    pub struct Grant {
        /// Its id.
        pub id: String,
        /// Where it comes from, such as `plan`, `purchase` or `gift`.
        pub source: String,
        /// Grants with a lower number are used first.
        pub priority: i64,
        /// From this moment on what is not held or spent is gone.
        pub expires_at: Option<Time>,
        /// How many credits it gave.
        pub granted: Credits,
        /// Those that can be used.
        pub available: Credits,
        /// Those that holds reserve.
        pub held: Credits,
        /// Those that were spent.
        pub consumed: Credits,
        /// Those that were not used in time.
        pub expired: Credits,
        /// Those that were taken back.
        pub voided: Credits,
    }

    /// Credits that are reserved for work.
    pub struct Hold {
        /// Its id.
        pub id: String,
        /// How many it reserves, or reserved.
        pub amount: Credits,
        /// The price that was quoted: at most this much can be captured.
        pub quoted: Credits,
        /// How many were spent.
        pub captured: Credits,
        /// What became of it.
        pub state: HoldState,
        /// From this moment on it can no longer be captured.
        pub expires_at: Time,
    }

    /// One entry of an organisation's journal, which only grows.
    pub struct Transaction {
        /// Its number in the journal, from 1 and without gaps.
        pub number: i64,
        /// What it did.
        pub kind: TransactionKind,
        /// The grant or hold that it made or ended.
        pub subject: Option<String>,
        /// How many credits it gave, reserved, spent or returned.
        pub amount: Credits,
        /// The number of the transaction that it corrects.
        pub corrects: Option<i64>,
        /// When it was made.
        pub at: Time,
        /// What it moved.
        pub transfers: Vec<Transfer>,
    }

    /// Credits of a grant that went from one bucket to another.
    pub struct Transfer {
        /// The grant.
        pub grant: String,
        /// Where they were: `issued`, `available`, `held`, `consumed`, `expired` or `voided`.
        pub from: String,
        /// Where they are now.
        pub to: String,
        /// How many.
        pub amount: Credits,
    }

    /// What a recipe costs for photos of one size.
    pub struct Quote {
        /// Sent with a hold: at most the quoted price can be captured then.
        pub id: String,
        /// The price of all photos.
        pub amount: Credits,
        /// Each step of the recipe, for one photo.
        pub steps: Vec<QuotedStep>,
        /// Until when it can be used.
        pub expires_at: Time,
    }

    /// What a step costs for one photo.
    pub struct QuotedStep {
        /// The tool.
        pub step: String,
        /// The size of the photo before it.
        pub input: PhotoSize,
        /// The largest that it can be afterwards.
        pub output: PhotoSize,
        /// The price.
        pub amount: Credits,
    }

    /// What an audit found: every transaction was read, and everything else rebuilt from them.
    pub struct Audit {
        /// How many transactions the journal has.
        pub transactions: i64,
        /// What contradicts the journal; empty if all is well.
        pub faults: Vec<String>,
    }
}

requests! {
    /// Width and height of a photo.
    #[derive(Copy)]
    pub struct PhotoSize {
        /// In pixels.
        #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100_000))]
        pub width: u32,
        /// In pixels.
        #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100_000))]
        pub height: u32,
    }

    /// Asks what a recipe costs.
    pub struct QuoteRequest {
        /// The recipe, as in a file: `{"schema": "packshot.recipe/1", "steps": […]}`.
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        pub recipe: serde_json::Value,
        /// The size of the photos.
        pub photo: PhotoSize,
        /// How many photos: 1 to 100,000. One, if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100_000))]
        pub count: Option<u32>,
    }

    /// Reserves credits.
    pub struct NewHold {
        /// How many. If absent, as many as the quote says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub amount: Option<Credits>,
        /// The id of a quote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub quote: Option<String>,
        /// After so many seconds it ends by itself: 1 to 604,800 (a week). An hour, if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 604_800))]
        pub expires_in: Option<u32>,
    }

    /// Spends what a hold reserves.
    pub struct Capture {
        /// How many. If absent, all that may be captured.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub amount: Option<Credits>,
    }

    /// Gives credits to an organisation.
    pub struct NewGrant {
        /// How many.
        pub amount: Credits,
        /// Where they come from, such as `purchase` or `gift`: 1 to 40 characters.
        #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
        pub source: String,
        /// Grants with a lower number are used first: 0 to 100. 50, if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(maximum = 100))]
        pub priority: Option<u32>,
        /// From this moment on what is not held or spent is gone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub expires_at: Option<Time>,
    }

    /// Returns spent credits of a capture, or takes back available ones of a grant.
    pub struct Correction {
        /// The number of the capture or the grant in the journal.
        pub transaction: i64,
        /// How many.
        pub amount: Credits,
        /// Why, without personal data: 1 to 200 characters.
        #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
        pub reason: String,
    }
}
