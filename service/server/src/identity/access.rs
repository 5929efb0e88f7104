//! What each role allows.

use packshot_api::service::{Permission, Role};

use crate::error::{Error, Result};

/// The permissions of a role.
pub(crate) fn allowed(role: &Role) -> &'static [Permission] {
    use Permission::{AssetsRead, AssetsWrite, CreditsRead, CreditsSpend, KeysRead, MembersRead, StatementRead};
    match role {
        Role::Owner | Role::Admin => Permission::ALL,
        Role::Member => &[CreditsRead, CreditsSpend, AssetsRead, AssetsWrite, MembersRead],
        Role::Finance => &[CreditsRead, StatementRead, MembersRead],
        Role::Support => &[CreditsRead, MembersRead, KeysRead],
        _ => &[],
    }
}

/// A role that this service knows.
pub(crate) fn role(word: &str) -> Option<Role> {
    Some(Role::from(word)).filter(|role| Role::ALL.contains(role))
}

/// The role of a request, which may name one that does not exist.
pub(crate) fn role_of(asked: &Role) -> Result<Role> {
    let words = Role::ALL.iter().map(Role::as_str).collect::<Vec<_>>().join(", ");
    role(asked.as_str()).ok_or_else(|| Error::field("role", format!("is `{asked}`; it may be {words}")))
}
