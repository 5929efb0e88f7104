//! Accounts: people.

use super::Time;
use super::open::{answers, open_words, requests};

open_words! {
    /// What an account can do.
    AccountState {
        /// Its address is not confirmed yet: nobody can sign in.
        Unconfirmed = "unconfirmed",
        /// Somebody is too young to decide: their guardian has to agree first.
        AwaitingGuardian = "awaiting_guardian",
        /// It can be used.
        Active = "active",
        /// Its owner closed it. It can be opened again until its data is erased.
        Closed = "closed",
    }
}

answers! {
    /// A person's account.
    pub struct Account {
        /// Its id.
        pub id: String,
        /// The e-mail address.
        pub email: String,
        /// What the person is called, as they wrote it.
        pub name: Option<String>,
        /// Whether it can be used.
        pub state: AccountState,
        /// Whether it operates this service.
        pub operator: bool,
        /// When it was made.
        pub created_at: Time,
        /// When it was closed.
        pub closed_at: Option<Time>,
        /// Until when a closed account can be opened again.
        pub reopen_until: Option<Time>,
    }
}

requests! {
    /// A new account. The answer is the same whether or not the address has one already: a mail tells its owner.
    pub struct SignUp {
        /// The e-mail address.
        #[cfg_attr(feature = "openapi", schema(format = "email", max_length = 254))]
        pub email: String,
        /// At least 8 characters.
        #[cfg_attr(feature = "openapi", schema(min_length = 8, max_length = 256, format = "password"))]
        pub password: String,
        /// What to call the person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
        pub name: Option<String>,
        /// The age in whole years. It is not kept.
        #[cfg_attr(feature = "openapi", schema(maximum = 150))]
        pub age: u32,
        /// The country, as an ISO 3166 code of two letters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z]{2}$"))]
        pub country: Option<String>,
        /// The address of a guardian, if the policy asks for one at this age.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(format = "email", max_length = 254))]
        pub guardian_email: Option<String>,
    }

    /// An e-mail address.
    pub struct Email {
        /// The address.
        #[cfg_attr(feature = "openapi", schema(format = "email", max_length = 254))]
        pub email: String,
    }

    /// The code of a mail.
    pub struct Token {
        /// The code, as it is in the mail.
        pub token: String,
    }

    /// What can be changed of an account.
    pub struct Profile {
        /// What to call the person. Empty removes it.
        #[cfg_attr(feature = "openapi", schema(max_length = 100))]
        pub name: String,
    }

    /// A new password for somebody who is signed in. All other sessions end.
    pub struct PasswordChange {
        /// The password until now.
        pub current: String,
        /// The new one: at least 8 characters.
        #[cfg_attr(feature = "openapi", schema(min_length = 8, max_length = 256, format = "password"))]
        pub new: String,
    }

    /// A new password for somebody who forgot theirs. All sessions end.
    pub struct ResetPassword {
        /// The code of the mail.
        pub token: String,
        /// The new password: at least 8 characters.
        #[cfg_attr(feature = "openapi", schema(min_length = 8, max_length = 256, format = "password"))]
        pub password: String,
    }

    /// The password, for what must not happen by mistake.
    pub struct Password {
        /// The password.
        pub password: String,
    }
}
