//! What about an organisation changes how long its things are kept.

use packshot_api::service::Time;
use packshot_policy::{LegalHold, Period, PlanBefore, PlanId, Policy, Record};

use super::{events, instant};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::store::{Rows, Store, Writes};

/// The terms of an organisation.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    plan: PlanId,
    before: Vec<PlanBefore>,
    chosen: Option<Period>,
    closed_at: Option<Time>,
    erased_at: Option<Time>,
}

/// What about one thing decides how long it is kept.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Life {
    pub(crate) started_at: Option<Time>,
    pub(crate) uploaded_at: Option<Time>,
    pub(crate) created_at: Option<Time>,
    pub(crate) deleted_at: Option<Time>,
    pub(crate) held: Option<(Time, Option<Time>)>,
    pub(crate) restricted: bool,
}

impl Terms {
    pub(crate) async fn of(rows: &mut impl Rows, policy: &Policy, organisation: Id) -> Result<Self> {
        const TERMS: &str = "SELECT o.plan, r.keep, r.closed_at, r.erased_at FROM organisation o \
            LEFT JOIN organisation_retention r ON r.organisation = o.id WHERE o.id = $1";
        const BEFORE: &str = "SELECT plan, until_at FROM organisation_plan WHERE organisation = $1 ORDER BY until_at";
        let found = rows.rows(TERMS, &[(&organisation).into()]).await?;
        let row = found.first().ok_or(Error::NotFound("organisation"))?;
        let keep = row.maybe_text("keep")?;
        let mut before = Vec::new();
        for row in rows.rows(BEFORE, &[(&organisation).into()]).await? {
            before.push(PlanBefore::new(plan(&row.text("plan")?)?, instant(row.time("until_at")?)?));
        }
        let unreadable = |_| Error::Corrupt("a chosen period cannot be read".to_owned());
        let plan = row.text("plan")?;
        Ok(Self {
            plan: policy.plan(&plan).ok_or_else(|| Error::Policy(format!("it has no plan `{plan}`")))?,
            before,
            chosen: keep.map(|keep| keep.parse().map_err(unreadable)).transpose()?,
            closed_at: row.maybe_time("closed_at")?,
            erased_at: row.maybe_time("erased_at")?,
        })
    }

    pub(crate) const fn plan(&self) -> PlanId {
        self.plan
    }

    /// The record of a thing of this class.
    pub(crate) fn record(&self, policy: &Policy, class: packshot_policy::ClassId, life: Life) -> Result<Record<'_>> {
        use packshot_policy::Clock;
        let happened = [
            (Clock::StartedAt, life.started_at),
            (Clock::UploadedAt, life.uploaded_at),
            (Clock::CreatedAt, life.created_at),
            (Clock::DeletedByUserAt, life.deleted_at),
            (Clock::AccountClosedAt, self.closed_at),
            (Clock::ErasureRequestedAt, self.erased_at),
        ];
        let mut record = Record::new(class, self.plan, events(policy, class, happened)?).after_plans(&self.before);
        record.chosen = self.chosen;
        if let Some((from, until)) = life.held {
            record.hold = Some(LegalHold { from: instant(from)?, until: until.map(instant).transpose()? });
        }
        record.done.restricted = life.restricted;
        Ok(record)
    }
}

fn plan(name: &str) -> Result<PlanId> {
    // A plan of an earlier version, which the one in force need not have.
    PlanId::new(name).ok_or_else(|| Error::Corrupt(format!("`{name}` is no plan")))
}

/// Notes that the assets of an organisation have to be planned anew.
pub(crate) fn plan_anew(writes: &mut Writes<'static>, organisation: Id) {
    writes.add(
        "INSERT INTO replan VALUES ($1, $2) ON CONFLICT (organisation) DO UPDATE SET after_asset = excluded.after_asset",
        [organisation.into(), vec![0; 16].into()],
    );
}

/// The shorter period that an organisation chose.
pub(crate) async fn chosen(store: &Store, organisation: Id) -> Result<Option<String>> {
    const CHOSEN: &str = "SELECT keep FROM organisation_retention WHERE organisation = $1";
    let rows = store.rows(CHOSEN, &[(&organisation).into()]).await?;
    Ok(rows.first().map(|row| row.maybe_text("keep")).transpose()?.flatten())
}

/// Sets it. Whether the policy offers it was checked.
pub(crate) async fn choose(store: &Store, organisation: Id, keep: Option<String>) -> Result<()> {
    let mut writes = Writes::default();
    writes.add(
        "INSERT INTO organisation_retention (organisation, keep) VALUES ($1, $2) \
         ON CONFLICT (organisation) DO UPDATE SET keep = excluded.keep",
        [organisation.into(), keep.into()],
    );
    plan_anew(&mut writes, organisation);
    store.begin().await?.commit_with(writes).await
}

/// The organisations that belong to an account and to nobody else end with it.
pub(crate) fn close(writes: &mut Writes<'static>, account: Id, at: Time) {
    writes.add(
        "INSERT INTO organisation_retention (organisation, closed_at) SELECT m.organisation, $2 FROM member m \
         WHERE m.account = $1 AND NOT EXISTS \
         (SELECT 1 FROM member o WHERE o.organisation = m.organisation AND o.account <> $1) \
         ON CONFLICT (organisation) DO UPDATE SET closed_at = excluded.closed_at",
        [account.into(), at.into()],
    );
    plan_those_of(writes, account);
}

/// The account came back.
pub(crate) fn open_again(writes: &mut Writes<'static>, account: Id) {
    writes.add(
        "UPDATE organisation_retention SET closed_at = NULL WHERE organisation IN \
         (SELECT m.organisation FROM member m WHERE m.account = $1)",
        [account.into()],
    );
    plan_those_of(writes, account);
}

fn plan_those_of(writes: &mut Writes<'static>, account: Id) {
    writes.add(
        "INSERT INTO replan SELECT m.organisation, $2 FROM member m WHERE m.account = $1 \
         ON CONFLICT (organisation) DO UPDATE SET after_asset = excluded.after_asset",
        [account.into(), vec![0; 16].into()],
    );
}
