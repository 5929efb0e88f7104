//! API keys: programs that act for an organisation.

use super::Time;
use super::open::{answers, open_words, requests};

open_words! {
    /// What a role or an API key allows.
    Permission {
        /// To see the balance, grants, holds and transactions.
        CreditsRead = "credits:read",
        /// To make, capture and void holds.
        CreditsSpend = "credits:spend",
        /// To see the statement.
        StatementRead = "statement:read",
        /// To see the members and the invitations.
        MembersRead = "members:read",
        /// To invite, to change roles and to remove.
        MembersWrite = "members:write",
        /// To see the API keys.
        KeysRead = "keys:read",
        /// To make and to end API keys.
        KeysWrite = "keys:write",
        /// To see and download assets.
        AssetsRead = "assets:read",
        /// To upload, delete and restore assets.
        AssetsWrite = "assets:write",
        /// To rename the organisation, and to choose how long its photos are kept.
        OrganisationWrite = "organisation:write",
    }
}

answers! {
    /// An API key.
    pub struct ApiKey {
        /// Its id.
        pub id: String,
        /// What it is for, in words of its maker.
        pub name: String,
        /// What it allows.
        pub permissions: Vec<Permission>,
        /// When it was made.
        pub created_at: Time,
        /// When it ends.
        pub expires_at: Option<Time>,
        /// The key itself: only in the answer that makes it. Sent as `Authorization: Bearer …`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub secret: Option<String>,
    }
}

requests! {
    /// A new API key.
    pub struct NewApiKey {
        /// What it is for: 1 to 100 characters.
        #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
        pub name: String,
        /// What it allows: at most what its maker may do.
        #[cfg_attr(feature = "openapi", schema(min_items = 1))]
        pub permissions: Vec<Permission>,
        /// When it ends; never, if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub expires_at: Option<Time>,
    }
}
