//! Who asks, and for which organisation.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use packshot_api::service::{Permission, Role, header};

use super::context::Context;
use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::identity::{Identity, Membership, identify, membership};
use crate::state::App;

/// A person who is signed in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller {
    pub(crate) account: Id,
    pub(crate) session: Id,
    operator: bool,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        match known(parts, app).await? {
            Identity::Person { account, session, operator } => Ok(Self { account, session, operator }),
            Identity::Program { .. } => Err(Error::Denied(Code::NotPermitted)),
        }
    }
}

/// A person who operates the service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operator(pub(crate) Caller);

impl FromRequestParts<App> for Operator {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        if caller.operator { Ok(Self(caller)) } else { Err(Error::Denied(Code::NotPermitted)) }
    }
}

/// The organisation that a request is about, and what its sender may do there.
#[derive(Debug, Clone)]
pub(crate) struct Org {
    pub(crate) id: Id,
    /// The person; none for a program with an API key.
    pub(crate) account: Option<Id>,
    permissions: Vec<Permission>,
    role: Option<Role>,
}

impl Org {
    /// The person; a program with an API key is refused.
    pub(crate) fn person(&self) -> Result<Id> {
        self.account.ok_or(Error::Denied(Code::NotPermitted))
    }

    /// Fails unless the sender has this permission.
    pub(crate) fn may(&self, permission: &Permission) -> Result<()> {
        if self.permissions.contains(permission) { Ok(()) } else { Err(Error::Denied(Code::NotPermitted)) }
    }

    /// The role of a person.
    pub(crate) const fn role(&self) -> Option<&Role> {
        self.role.as_ref()
    }

    /// Everything that the sender may do.
    pub(crate) fn permissions(&self) -> &[Permission] {
        &self.permissions
    }
}

impl FromRequestParts<App> for Org {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let identity = known(parts, app).await?;
        let asked = organisation(&parts.headers)?;
        match identity {
            Identity::Program { organisation, permissions, .. } => match asked {
                Some(asked) if asked != organisation => Err(Error::NotFound("organisation")),
                _ => Ok(Self { id: organisation, account: None, permissions, role: None }),
            },
            Identity::Person { account, .. } => {
                let Membership { organisation, role } = membership(app.store(), account, asked).await?;
                let permissions = crate::identity::allowed(&role).to_vec();
                Ok(Self { id: organisation, account: Some(account), permissions, role: Some(role) })
            }
        }
    }
}

/// Who asks, within their rate limit.
async fn known(parts: &Parts, app: &App) -> Result<Identity> {
    let token = token(&parts.headers)?;
    let identity = identify(app.store(), app.secrets(), app.clock().now(), token).await?;
    let who = match &identity {
        Identity::Person { account, .. } => *account,
        Identity::Program { key, .. } => *key,
    };
    Context::of(parts)?.met(app.limits().of_account(who))?;
    Ok(identity)
}

fn token(headers: &HeaderMap) -> Result<&str> {
    let value = headers.get(AUTHORIZATION).ok_or(Error::Denied(Code::TokenMissing))?;
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).unwrap_or_default();
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(Error::Denied(Code::TokenMissing)) }
}

fn organisation(headers: &HeaderMap) -> Result<Option<Id>> {
    let Some(value) = headers.get(header::ORGANISATION) else { return Ok(None) };
    let id = value.to_str().ok().and_then(|text| text.parse().ok());
    id.map(Some).ok_or(Error::NotFound("organisation"))
}

/// A request that checks a password or sends a mail: fewer of them are taken from one address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Costly;

impl FromRequestParts<App> for Costly {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let context = Context::of(parts)?;
        context.met(app.limits().of_costly(context.address))?;
        Ok(Self)
    }
}
