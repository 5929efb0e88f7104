//! Sessions: who is signed in where.

use super::Time;
use super::open::{answers, requests};

requests! {
    /// An e-mail address and its password.
    pub struct SignIn {
        /// The address.
        pub email: String,
        /// The password.
        pub password: String,
    }

    /// Exchanges a refresh token for new tokens.
    pub struct Refresh {
        /// The refresh token. It works once; the one before it for half a minute more, for answers that were lost.
        pub refresh_token: String,
    }
}

answers! {
    /// What a client sends to be known. Neither is kept by the service.
    pub struct Tokens {
        /// The session.
        pub session: String,
        /// Sent as `Authorization: Bearer …`.
        pub access_token: String,
        /// When the access token ends.
        pub access_expires_at: Time,
        /// Gets the next tokens.
        pub refresh_token: String,
        /// When the refresh token ends, unless it is used.
        pub refresh_expires_at: Time,
    }

    /// A place where somebody is signed in.
    pub struct Session {
        /// Its id.
        pub id: String,
        /// When it began.
        pub created_at: Time,
        /// When it was last refreshed.
        pub refreshed_at: Time,
        /// When it ends, unless it is refreshed.
        pub expires_at: Time,
        /// Whether this request belongs to it.
        pub current: bool,
    }
}
