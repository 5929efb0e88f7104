//! Invitations into an organisation.

use packshot_api::service::{Invitation, Role};

use super::access::role;
use super::accounts::Found;
use super::{organisations, subjects};
use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::mail::{self, Letter, MailCode, Purpose};
use crate::once::Effect;
use crate::secrets::field;
use crate::state::App;
use crate::store::{Row, Tx, Writes};

/// The invitations of an organisation that can still be accepted.
pub(crate) async fn list(app: &App, organisation: Id) -> Result<Vec<Invitation>> {
    const LIST: &str = "SELECT id, email, role, expires_at FROM invitation \
        WHERE organisation = $1 AND expires_at > $2 ORDER BY expires_at, id";
    let rows = app.store().rows(LIST, &[(&organisation).into(), app.clock().now().into()]).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push(view(app, organisation, row).await?);
    }
    Ok(found)
}

pub(crate) async fn show(app: &App, organisation: Id, id: Id) -> Result<Invitation> {
    const SHOW: &str = "SELECT id, email, role, expires_at FROM invitation WHERE organisation = $1 AND id = $2";
    let rows = app.store().rows(SHOW, &[(&organisation).into(), (&id).into()]).await?;
    view(app, organisation, rows.first().ok_or(Error::NotFound("invitation"))?).await
}

async fn view(app: &App, organisation: Id, row: &Row) -> Result<Invitation> {
    let key = subjects::key(app.store(), app.secrets(), organisation).await?;
    Ok(Invitation {
        id: row.id("id")?.to_string(),
        email: key.open(field::EMAIL, &row.blob("email")?)?,
        role: row.word("role", role)?,
        expires_at: row.time("expires_at")?,
    })
}

/// Invites somebody. A second invitation of the same address takes the place of the first.
pub(crate) struct Invite<'a> {
    pub(crate) app: &'a App,
    pub(crate) organisation: Id,
    pub(crate) email: String,
    pub(crate) role: Role,
}

impl Effect for Invite<'_> {
    type What = Id;

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, Id)> {
        const COUNT: &str = "SELECT (SELECT COUNT(*) FROM member WHERE organisation = $1) + \
            (SELECT COUNT(*) FROM invitation WHERE organisation = $1 AND email_hash <> $2 AND expires_at > $3) AS number";
        const MEMBER: &str = "SELECT 1 AS one FROM member m JOIN account a ON a.id = m.account \
            WHERE m.organisation = $1 AND a.email_hash = $2";
        let (app, organisation) = (self.app, self.organisation);
        let (secrets, now) = (app.secrets(), app.clock().now());
        let hash = secrets.lookup(&self.email)?;
        if !tx.rows(MEMBER, &[(&organisation).into(), hash.as_slice().into()]).await?.is_empty() {
            return Err(Error::Denied(Code::AlreadyMember));
        }
        let count = tx.rows(COUNT, &[(&organisation).into(), hash.as_slice().into(), now.into()]).await?;
        let count = count.first().map(|row| row.int("number")).transpose()?.unwrap_or(0);
        if count >= i64::from(organisations::limits(app, tx, organisation).await?.0) {
            return Err(Error::Denied(Code::LimitReached));
        }
        let (id, mut writes) = (Id::new(), Writes::default());
        let key = subjects::key_in(tx, secrets, organisation).await?;
        writes.add(
            "INSERT INTO invitation VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organisation, email_hash) DO UPDATE \
                SET id = excluded.id, role = excluded.role, expires_at = excluded.expires_at",
            [
                id.into(),
                organisation.into(),
                hash.to_vec().into(),
                key.seal(field::EMAIL, &self.email)?.into(),
                self.role.as_str().to_owned().into(),
                (now + Purpose::Invitation.lasts()).into(),
            ],
        );
        mail::add(&mut writes, now, &key, &self.email, Letter::invitation(secrets, now, id)?)?;
        Ok((writes, id))
    }
}

/// Takes an invitation back.
pub(crate) struct Withdraw {
    pub(crate) organisation: Id,
    pub(crate) id: Id,
}

impl Effect for Withdraw {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        const FIND: &str = "SELECT 1 AS one FROM invitation WHERE organisation = $1 AND id = $2";
        if tx.rows(FIND, &[(&self.organisation).into(), (&self.id).into()]).await?.is_empty() {
            return Err(Error::NotFound("invitation"));
        }
        let mut writes = Writes::default();
        writes.add("DELETE FROM invitation WHERE id = $1", [self.id.into()]);
        Ok((writes, ()))
    }
}

/// Accepts an invitation: whoever has its code and is signed in becomes a member.
pub(crate) struct Accept<'a> {
    pub(crate) app: &'a App,
    pub(crate) account: Id,
    pub(crate) code: &'a str,
}

impl Effect for Accept<'_> {
    /// The organisation.
    type What = Id;

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, Id)> {
        const FIND: &str = "SELECT organisation, role, email_hash, expires_at FROM invitation WHERE id = $1";
        const MEMBER: &str = "SELECT 1 AS one FROM member WHERE organisation = $1 AND account = $2";
        let invalid = || Error::Denied(Code::CodeInvalid);
        let now = self.app.clock().now();
        let code = MailCode::read(self.app.secrets(), self.code, Purpose::Invitation, now)?;
        let rows = tx.rows(FIND, &[(&code.subject).into()]).await?;
        let row = rows.first().ok_or_else(invalid)?;
        if Found::by_id_in(tx, self.account).await?.is_none() || row.time("expires_at")? <= now {
            return Err(invalid());
        }
        let organisation = row.id("organisation")?;
        if !tx.rows(MEMBER, &[(&organisation).into(), (&self.account).into()]).await?.is_empty() {
            return Err(Error::Denied(Code::AlreadyMember));
        }
        let mut writes = Writes::default();
        writes.add(
            "INSERT INTO member VALUES ($1, $2, $3, $4)",
            [organisation.into(), self.account.into(), row.text("role")?.into(), now.into()],
        );
        writes.add("DELETE FROM invitation WHERE id = $1", [code.subject.into()]);
        Ok((writes, organisation))
    }
}
