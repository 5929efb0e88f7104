//! Accounts: made, confirmed, changed, closed and opened again.

use std::time::Duration;

use packshot_api::service::{Account, AccountState, SignUp, Time};
use packshot_policy::{Admission, Calendar, Keep, Policy, Timestamp};

use super::{email, organisations, subjects};
use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::mail::{self, Letter, MailCode, Purpose};
use crate::once::Effect;
use crate::retention;
use crate::secrets::{Secrets, field};
use crate::state::App;
use crate::store::{Row, Tx, Writes};

/// How long a closed account can be opened again under a policy that says nothing about it.
const REOPEN: Duration = Duration::from_secs(7 * 24 * 3600);

/// What is read of an account.
pub(crate) struct Found {
    pub(crate) id: Id,
    pub(crate) state: AccountState,
    pub(crate) password: String,
    pub(crate) password_number: i64,
    email: Vec<u8>,
    closed_at: Option<Time>,
}

macro_rules! find {
    ($condition:literal) => {
        concat!(
            "SELECT id, email, name, password, password_number, state, operator, created_at, closed_at FROM account WHERE ",
            $condition
        )
    };
}

impl Found {
    fn of(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.id("id")?,
            state: AccountState::from(&*row.text("state")?),
            password: row.text("password")?,
            password_number: row.int("password_number")?,
            email: row.blob("email")?,
            closed_at: row.maybe_time("closed_at")?,
        })
    }

    /// The account with this address.
    pub(crate) async fn by_email(app: &App, email: &str) -> Result<Option<Self>> {
        let hash = app.secrets().lookup(email)?;
        let rows = app.store().rows(find!("email_hash = $1"), &[hash.as_slice().into()]).await?;
        rows.first().map(Self::of).transpose()
    }

    async fn by_email_in(tx: &mut Tx, secrets: &Secrets, email: &str) -> Result<Option<Self>> {
        let hash = secrets.lookup(email)?;
        let rows = tx.rows(find!("email_hash = $1"), &[hash.as_slice().into()]).await?;
        rows.first().map(Self::of).transpose()
    }

    pub(crate) async fn by_id_in(tx: &mut Tx, id: Id) -> Result<Option<Self>> {
        let rows = tx.rows(find!("id = $1"), &[(&id).into()]).await?;
        rows.first().map(Self::of).transpose()
    }

    /// The account of somebody who is signed in.
    pub(crate) async fn by_id(app: &App, id: Id) -> Result<Self> {
        let rows = app.store().rows(find!("id = $1"), &[(&id).into()]).await?;
        Self::of(rows.first().ok_or(Error::NotFound("account"))?)
    }
}

/// An account as its owner sees it.
pub(crate) async fn view(app: &App, id: Id) -> Result<Account> {
    let rows = app.store().rows(find!("id = $1"), &[(&id).into()]).await?;
    let row = rows.first().ok_or(Error::NotFound("account"))?;
    let key = subjects::key(app.store(), app.secrets(), id).await?;
    let closed_at = row.maybe_time("closed_at")?;
    Ok(Account {
        id: id.to_string(),
        email: key.open(field::EMAIL, &row.blob("email")?)?,
        name: row.maybe_blob("name")?.map(|name| key.open(field::NAME, &name)).transpose()?,
        state: AccountState::from(&*row.text("state")?),
        operator: row.int("operator")? != 0,
        created_at: row.time("created_at")?,
        closed_at,
        reopen_until: closed_at.map(|closed| reopen_until(app.policy(), closed)).transpose()?,
    })
}

/// Until when an account that was closed can be opened again, as the policy says.
fn reopen_until(policy: &Policy, closed: Time) -> Result<Time> {
    let rule = policy.rules.iter().find(|rule| rule.basis == packshot_policy::Basis::Reopen);
    let Some(Keep::For(period)) = rule.and_then(|rule| rule.keep) else { return Ok(closed + REOPEN) };
    let from = Timestamp::from_microsecond(closed.as_micros()).map_err(|cause| Error::Internal(cause.to_string()))?;
    let until = Calendar::new(policy.about.timezone.clone()).at_the_earliest(from, period);
    Ok(Time::from_micros(until.as_microsecond()))
}

/// A sign-up that was checked.
pub(crate) struct NewAccount<'a> {
    app: &'a App,
    email: String,
    name: Option<String>,
    password: String,
    guardian: Option<String>,
}

impl<'a> NewAccount<'a> {
    /// Checks what can be checked without knowing whether the address has an account, and hashes the password. Of somebody
    /// who is too young nothing is kept.
    pub(crate) async fn check(app: &'a App, new: &SignUp) -> Result<Self> {
        let guardian = match app.policy().admission(new.age, new.country.as_deref()) {
            Admission::TooYoung { .. } => return Err(Error::Denied(Code::TooYoung)),
            Admission::NeedsGuardian { .. } => {
                let guardian = new.guardian_email.as_deref().ok_or(Error::Denied(Code::GuardianNeeded))?;
                Some(email::normalised("guardian_email", guardian)?)
            }
            Admission::Welcome => None,
        };
        let email = email::normalised("email", &new.email)?;
        if guardian.as_ref() == Some(&email) {
            return Err(Error::field("guardian_email", "is that of the account; a guardian has another"));
        }
        if new.country.as_ref().is_some_and(|code| code.len() != 2 || !code.bytes().all(|c| c.is_ascii_alphabetic())) {
            return Err(Error::field("country", "is an ISO 3166 code of two letters"));
        }
        crate::passwords::check("password", &new.password, &email)?;
        let name = new.name.as_deref().map(|name| name_of("name", name)).transpose()?;
        let password = app.passwords().hash(&new.password).await?;
        Ok(Self { app, email, name, password, guardian })
    }
}

impl Effect for NewAccount<'_> {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        let (app, mut writes) = (self.app, Writes::default());
        let (secrets, now) = (app.secrets(), app.clock().now());
        if let Some(found) = Found::by_email_in(tx, secrets, &self.email).await? {
            let key = subjects::key_in(tx, secrets, found.id).await?;
            let letter = match found.state {
                AccountState::Unconfirmed => Letter::confirm(secrets, now, found.id)?,
                _ => Letter::exists(),
            };
            mail::add(&mut writes, now, &key, &self.email, letter)?;
            return Ok((writes, ()));
        }
        let id = Id::new();
        let key = subjects::add(secrets, id, &mut writes)?;
        let identity = app.policy().identity;
        let state = if self.guardian.is_some() { AccountState::AwaitingGuardian } else { AccountState::Unconfirmed };
        let sealed = |field, text: &Option<String>| text.as_deref().map(|text| key.seal(field, text)).transpose();
        writes.add(
            "INSERT INTO account VALUES ($1, $2, $3, $4, $5, 0, $6, 0, $7, $8, $9, $10, NULL, NULL)",
            [
                id.into(),
                secrets.lookup(&self.email)?.to_vec().into(),
                key.seal(field::EMAIL, &self.email)?.into(),
                sealed(field::NAME, &self.name)?.into(),
                self.password.clone().into(),
                state.as_str().to_owned().into(),
                sealed(field::GUARDIAN, &self.guardian)?.into(),
                identity.version.to_string().into(),
                identity.hash.0.to_vec().into(),
                now.into(),
            ],
        );
        match &self.guardian {
            Some(guardian) => mail::add(&mut writes, now, &key, guardian, Letter::guardian(secrets, now, id)?)?,
            None => mail::add(&mut writes, now, &key, &self.email, Letter::confirm(secrets, now, id)?)?,
        }
        Ok((writes, ()))
    }
}

/// What somebody with the code of a mail does to an account.
pub(crate) enum Confirm {
    /// Confirms the address. The account gets an organisation of its own.
    Address,
    /// Agrees, as a guardian. The account's owner gets a mail.
    Guardian,
}

/// Uses the code of a mail.
pub(crate) struct UseCode<'a> {
    pub(crate) app: &'a App,
    pub(crate) code: &'a str,
    pub(crate) what: Confirm,
}

impl Effect for UseCode<'_> {
    /// The account, and its new organisation.
    type What = (Id, Option<Id>);

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, Self::What)> {
        let (app, mut writes) = (self.app, Writes::default());
        let (secrets, now) = (app.secrets(), app.clock().now());
        let (purpose, before) = match self.what {
            Confirm::Address => (Purpose::Confirm, AccountState::Unconfirmed),
            Confirm::Guardian => (Purpose::Guardian, AccountState::AwaitingGuardian),
        };
        let code = MailCode::read(secrets, self.code, purpose, now)?;
        let found = Found::by_id_in(tx, code.subject).await?.filter(|found| found.state == before);
        // The state is what makes a code work once.
        let found = found.ok_or(Error::Denied(Code::CodeInvalid))?;
        match self.what {
            Confirm::Address => {
                writes.add(
                    "UPDATE account SET state = 'active', confirmed_at = $2 WHERE id = $1 AND state = 'unconfirmed'",
                    [found.id.into(), now.into()],
                );
                let organisation = organisations::add(app, &mut writes, found.id, organisations::FIRST)?;
                Ok((writes, (found.id, Some(organisation))))
            }
            Confirm::Guardian => {
                writes
                    .add("UPDATE account SET state = 'unconfirmed', guardian = NULL WHERE id = $1", [found.id.into()]);
                let key = subjects::key_in(tx, secrets, found.id).await?;
                let address = key.open(field::EMAIL, &found.email)?;
                mail::add(&mut writes, now, &key, &address, Letter::confirm(secrets, now, found.id)?)?;
                Ok((writes, (found.id, None)))
            }
        }
    }
}

/// Sends a mail to an address, if it has an account in the right state. Nobody else learns whether it has.
pub(crate) struct Ask<'a> {
    pub(crate) app: &'a App,
    pub(crate) email: String,
    pub(crate) purpose: Purpose,
}

impl Effect for Ask<'_> {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        let (secrets, now, mut writes) = (self.app.secrets(), self.app.clock().now(), Writes::default());
        if let Some(found) = Found::by_email_in(tx, secrets, &self.email).await? {
            let letter = match (self.purpose, &found.state) {
                (Purpose::Confirm, AccountState::Unconfirmed) => Some(Letter::confirm(secrets, now, found.id)?),
                (Purpose::Reset, AccountState::Active | AccountState::Closed) => {
                    Some(Letter::reset(secrets, now, found.id, found.password_number)?)
                }
                _ => None,
            };
            if let Some(letter) = letter {
                let key = subjects::key_in(tx, secrets, found.id).await?;
                mail::add(&mut writes, now, &key, &self.email, letter)?;
            }
        }
        Ok((writes, ()))
    }
}

/// A new password, which was hashed already. Ends all sessions but `keep`, and the codes of all mails for a new one.
pub(crate) struct SetPassword {
    pub(crate) account: Id,
    /// The number of the password until now: another one means that somebody was faster.
    pub(crate) number: i64,
    pub(crate) hash: String,
    pub(crate) keep: Option<Id>,
    pub(crate) now: Time,
}

impl Effect for SetPassword {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        let found = Found::by_id_in(tx, self.account).await?;
        if found.is_none_or(|found| found.password_number != self.number) {
            return Err(Error::Denied(Code::CodeInvalid));
        }
        let mut writes = Writes::default();
        writes.add(
            "UPDATE account SET password = $2, password_number = password_number + 1 WHERE id = $1 AND password_number = $3",
            [self.account.into(), self.hash.clone().into(), self.number.into()],
        );
        end_sessions(&mut writes, self.account, self.keep, self.now);
        Ok((writes, ()))
    }
}

fn end_sessions(writes: &mut Writes<'static>, account: Id, keep: Option<Id>, now: Time) {
    // No session has this id.
    let keep = keep.unwrap_or(Id::from_bytes([0; 16]));
    writes.add(
        "UPDATE session SET ended_at = $3 WHERE account = $1 AND id <> $2 AND ended_at IS NULL",
        [account.into(), keep.into(), now.into()],
    );
}

/// Closes an account: all sessions end, and so do the keys of organisations that nobody else belongs to.
pub(crate) struct Close<'a> {
    pub(crate) app: &'a App,
    pub(crate) account: Id,
}

impl Effect for Close<'_> {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        /// Organisations with other members whose only owner this is.
        const NEEDED: &str = "SELECT m.organisation FROM member m WHERE m.account = $1 AND m.role = 'owner' \
            AND EXISTS (SELECT 1 FROM member o WHERE o.organisation = m.organisation AND o.account <> $1) \
            AND NOT EXISTS (SELECT 1 FROM member o WHERE o.organisation = m.organisation AND o.account <> $1 AND o.role = 'owner')";
        if !tx.rows(NEEDED, &[(&self.account).into()]).await?.is_empty() {
            return Err(Error::Denied(Code::LastOwner));
        }
        let (now, mut writes) = (self.app.clock().now(), Writes::default());
        writes.add(
            "UPDATE account SET state = 'closed', closed_at = $2 WHERE id = $1 AND state = 'active'",
            [self.account.into(), now.into()],
        );
        end_sessions(&mut writes, self.account, None, now);
        retention::close(&mut writes, self.account, now);
        writes.add(
            "UPDATE api_key SET ended_at = $2 WHERE ended_at IS NULL AND organisation IN \
                (SELECT m.organisation FROM member m WHERE m.account = $1 AND NOT EXISTS \
                (SELECT 1 FROM member o WHERE o.organisation = m.organisation AND o.account <> $1))",
            [self.account.into(), now.into()],
        );
        Ok((writes, ()))
    }
}

/// Opens a closed account again, while that is possible.
pub(crate) struct Reopen<'a> {
    pub(crate) app: &'a App,
    pub(crate) account: Id,
}

impl Effect for Reopen<'_> {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        let found = Found::by_id_in(tx, self.account).await?.ok_or(Error::NotFound("account"))?;
        let Some(closed) = found.closed_at.filter(|_| found.state == AccountState::Closed) else {
            return Err(Error::Denied(Code::AccountNotClosed));
        };
        if reopen_until(self.app.policy(), closed)? <= self.app.clock().now() {
            return Err(Error::Denied(Code::SignInFailed));
        }
        let mut writes = Writes::default();
        writes.add(
            "UPDATE account SET state = 'active', closed_at = NULL WHERE id = $1 AND state = 'closed'",
            [self.account.into()],
        );
        retention::open_again(&mut writes, self.account);
        Ok((writes, ()))
    }
}

/// Changes what somebody is called; an empty name removes it.
pub(crate) async fn rename(app: &App, account: Id, name: &str) -> Result<()> {
    let key = subjects::key(app.store(), app.secrets(), account).await?;
    let name = match name.trim() {
        "" => None,
        name => Some(key.seal(field::NAME, &name_of("name", name)?)?),
    };
    let mut writes = Writes::default();
    writes.add("UPDATE account SET name = $2 WHERE id = $1", [account.into(), name.into()]);
    app.store().begin().await?.commit_with(writes).await
}

/// A name of a person, an organisation or a key: 1 to 100 characters in a line.
pub(crate) fn name_of(field: &str, text: &str) -> Result<String> {
    text_of(field, text, 100)
}

/// A text in a line, of at most so many characters.
pub(crate) fn text_of(field: &str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    let is_well = (1..=most).contains(&text.chars().count()) && !text.contains(char::is_control);
    if is_well {
        Ok(text.to_owned())
    } else {
        Err(Error::field(field, format!("has 1 to {most} characters, in one line")))
    }
}
