//! Organisations: who shares credits.

use super::Time;
use super::open::{answers, open_words, requests};

open_words! {
    /// What somebody may do in an organisation.
    Role {
        /// Everything, and handing it over.
        Owner = "owner",
        /// Everything but to close it.
        Admin = "admin",
        /// Spends credits.
        Member = "member",
        /// Sees what was spent, and by whom.
        Finance = "finance",
        /// Sees what is there, to help.
        Support = "support",
    }
}

answers! {
    /// An organisation: it has the credits, and members who use them.
    pub struct Organisation {
        /// Its id.
        pub id: String,
        /// Its name.
        pub name: String,
        /// The role of who asks.
        pub role: Role,
        /// Its plan.
        pub plan: String,
        /// When it was made.
        pub created_at: Time,
    }

    /// A member.
    pub struct Member {
        /// Their account.
        pub account: String,
        /// Their e-mail address.
        pub email: String,
        /// What they are called.
        pub name: Option<String>,
        /// What they may do.
        pub role: Role,
        /// Since when.
        pub since: Time,
    }

    /// An invitation that nobody has accepted yet.
    pub struct Invitation {
        /// Its id.
        pub id: String,
        /// Whom it was sent to.
        pub email: String,
        /// The role that they get.
        pub role: Role,
        /// Until when it can be accepted.
        pub expires_at: Time,
    }
}

requests! {
    /// A new organisation; who makes it owns it.
    pub struct NewOrganisation {
        /// Its name: 1 to 100 characters.
        #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
        pub name: String,
    }

    /// Invites somebody by mail.
    pub struct NewInvitation {
        /// Their address.
        #[cfg_attr(feature = "openapi", schema(format = "email", max_length = 254))]
        pub email: String,
        /// The role that they get.
        pub role: Role,
    }

    /// Another role for a member.
    pub struct NewRole {
        /// The role.
        pub role: Role,
    }
}
