//! Organisations and their members.

use packshot_api::service::{Member, Organisation, Role};

use super::access::role;
use super::subjects;
use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::once::Effect;
use crate::secrets::field;
use crate::state::App;
use crate::store::{Row, Store, Tx, Writes};

/// The name of an account's first organisation until somebody gives it another.
pub(crate) const FIRST: &str = "My organisation";

/// Adds an organisation that `owner` owns.
pub(crate) fn add(app: &App, writes: &mut Writes<'static>, owner: Id, name: &str) -> Result<Id> {
    let (id, now) = (Id::new(), app.clock().now());
    let key = subjects::add(app.secrets(), id, writes)?;
    let plan = app.plans().first()?.id.clone();
    writes.add(
        "INSERT INTO organisation VALUES ($1, $2, $3, NULL, $4)",
        [id.into(), key.seal(field::NAME, name)?.into(), plan.into(), now.into()],
    );
    writes.add("INSERT INTO member VALUES ($1, $2, 'owner', $3)", [id.into(), owner.into(), now.into()]);
    Ok(id)
}

macro_rules! of_account {
    ($condition:literal) => {
        concat!(
            "SELECT o.id, o.name, o.plan, o.created_at, m.role FROM member m JOIN organisation o ON o.id = m.organisation \
            WHERE m.account = $1",
            $condition,
            " ORDER BY m.since, o.id"
        )
    };
}

/// The organisations that an account belongs to.
pub(crate) async fn list(app: &App, account: Id) -> Result<Vec<Organisation>> {
    let rows = app.store().rows(of_account!(""), &[(&account).into()]).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push(view(app, row).await?);
    }
    Ok(found)
}

/// One of them.
pub(crate) async fn show(app: &App, account: Id, id: Id) -> Result<Organisation> {
    let rows = app.store().rows(of_account!(" AND o.id = $2"), &[(&account).into(), (&id).into()]).await?;
    view(app, rows.first().ok_or(Error::NotFound("organisation"))?).await
}

async fn view(app: &App, row: &Row) -> Result<Organisation> {
    let id = row.id("id")?;
    let key = subjects::key(app.store(), app.secrets(), id).await?;
    Ok(Organisation {
        id: id.to_string(),
        name: key.open(field::NAME, &row.blob("name")?)?,
        role: row.word("role", role)?,
        plan: row.text("plan")?,
        created_at: row.time("created_at")?,
    })
}

/// A new organisation.
pub(crate) struct Create<'a> {
    pub(crate) app: &'a App,
    pub(crate) owner: Id,
    pub(crate) name: String,
}

impl Effect for Create<'_> {
    type What = Id;

    async fn apply(&self, _: &mut Tx) -> Result<(Writes<'static>, Id)> {
        let mut writes = Writes::default();
        let id = add(self.app, &mut writes, self.owner, &self.name)?;
        Ok((writes, id))
    }
}

pub(crate) async fn rename(app: &App, id: Id, name: &str) -> Result<()> {
    let key = subjects::key(app.store(), app.secrets(), id).await?;
    let mut writes = Writes::default();
    writes.add("UPDATE organisation SET name = $2 WHERE id = $1", [id.into(), key.seal(field::NAME, name)?.into()]);
    app.store().begin().await?.commit_with(writes).await
}

/// The members of an organisation.
pub(crate) async fn members(app: &App, id: Id) -> Result<Vec<Member>> {
    const MEMBERS: &str = "SELECT a.id, a.email, a.name, m.role, m.since FROM member m JOIN account a ON a.id = m.account \
        WHERE m.organisation = $1 ORDER BY m.since, a.id";
    let rows = app.store().rows(MEMBERS, &[(&id).into()]).await?;
    let mut members = Vec::with_capacity(rows.len());
    for row in rows {
        let account = row.id("id")?;
        let key = subjects::key(app.store(), app.secrets(), account).await?;
        members.push(Member {
            account: account.to_string(),
            email: key.open(field::EMAIL, &row.blob("email")?)?,
            name: row.maybe_blob("name")?.map(|name| key.open(field::NAME, &name)).transpose()?,
            role: row.word("role", role)?,
            since: row.time("since")?,
        });
    }
    Ok(members)
}

/// How many members an organisation's plan allows, and how many API keys.
pub(crate) async fn limits(app: &App, tx: &mut Tx, id: Id) -> Result<(u32, u32)> {
    let rows = tx.rows("SELECT plan FROM organisation WHERE id = $1", &[(&id).into()]).await?;
    let plan = rows.first().ok_or(Error::NotFound("organisation"))?.text("plan")?;
    // A plan that was taken out of the file allows what there is, and no more.
    Ok(app.plans().plan(&plan).map_or((0, 0), |plan| (plan.members, plan.keys)))
}

/// What is to become of a member.
pub(crate) enum Fate {
    Has(Role),
    Leaves,
}

/// Changes the role of a member, or ends the membership. An organisation always has an owner.
pub(crate) struct Change {
    pub(crate) organisation: Id,
    pub(crate) account: Id,
    /// Who asks for it is an owner; only owners make and unmake owners.
    pub(crate) by_owner: bool,
    pub(crate) fate: Fate,
}

impl Change {
    /// Does it for a request without a key: the same one again changes nothing.
    pub(crate) async fn run(&self, store: &Store) -> Result<()> {
        let mut tx = store.begin().await?;
        let (writes, ()) = self.apply(&mut tx).await?;
        tx.commit_with(writes).await
    }
}

impl Effect for Change {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        const ROLE: &str = "SELECT role FROM member WHERE organisation = $1 AND account = $2";
        const OWNERS: &str = "SELECT COUNT(*) AS number FROM member WHERE organisation = $1 AND role = 'owner'";
        tx.lock("LOCK TABLE member IN SHARE ROW EXCLUSIVE MODE").await?;
        let rows = tx.rows(ROLE, &[(&self.organisation).into(), (&self.account).into()]).await?;
        let before = rows.first().ok_or(Error::NotFound("member"))?.word("role", role)?;
        let makes_owner = matches!(&self.fate, Fate::Has(Role::Owner));
        if (before == Role::Owner || makes_owner) && !self.by_owner {
            return Err(Error::Denied(Code::NotPermitted));
        }
        if before == Role::Owner && !makes_owner {
            let owners = tx.rows(OWNERS, &[(&self.organisation).into()]).await?;
            if owners.first().map(|row| row.int("number")).transpose()?.unwrap_or(0) < 2 {
                return Err(Error::Denied(Code::LastOwner));
            }
        }
        let mut writes = Writes::default();
        match &self.fate {
            Fate::Has(role) => writes.add(
                "UPDATE member SET role = $3 WHERE organisation = $1 AND account = $2",
                [self.organisation.into(), self.account.into(), role.as_str().to_owned().into()],
            ),
            Fate::Leaves => writes.add(
                "DELETE FROM member WHERE organisation = $1 AND account = $2",
                [self.organisation.into(), self.account.into()],
            ),
        }
        Ok((writes, ()))
    }
}
