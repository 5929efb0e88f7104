//! Credits that plans give, each once.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use packshot_api::service::Time;

use super::Plans;
use crate::clock::Clock;
use crate::credits::{Command, Key, Ledger, NewGrant};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::refusal::Refusal;
use crate::store::{Store, Writes};

/// Gives what plans owe to at most `limit` organisations. Returns to how many.
pub(crate) async fn give_due(store: &Store, ledger: &Ledger, clock: &Clock, plans: &Plans, limit: u32) -> Result<u32> {
    const DUE: &str =
        "SELECT id FROM organisation WHERE granted_for IS NULL OR granted_for < $1 ORDER BY granted_for LIMIT $2";
    let month = Month::of(clock.now())?;
    let due = store.rows(DUE, &[month.begins.into(), i64::from(limit).into()]).await?;
    let mut given = 0;
    for row in due {
        give(store, ledger, clock, plans, row.id("id")?).await?;
        given += 1;
    }
    Ok(given)
}

/// Gives what the plan of an organisation owes it for this month. The keys of the grants make it happen once, however
/// often and by whomever this is called.
pub(crate) async fn give(store: &Store, ledger: &Ledger, clock: &Clock, plans: &Plans, organisation: Id) -> Result<()> {
    const PLAN: &str = "SELECT plan FROM organisation WHERE id = $1";
    let month = Month::of(clock.now())?;
    let rows = store.rows(PLAN, &[(&organisation).into()]).await?;
    let plan = rows.first().ok_or(Error::NotFound("organisation"))?.text("plan")?;
    // A plan that was taken out of the file gives nothing more.
    for (place, grant) in plans.plan(&plan).into_iter().flat_map(|plan| &plan.grants).enumerate() {
        let monthly = grant.every == "month";
        let period = if monthly { month.begins.to_string() } else { "once".to_owned() };
        let key = Key::new(format!("plan/{plan}/{place}/{period}")).ok_or(Refusal::NoAmount)?;
        let id = Id::of(&[organisation.as_bytes(), key.as_str().as_bytes()]);
        let command = Command::Grant(NewGrant {
            id,
            amount: grant.amount,
            source: "plan".to_owned(),
            priority: i64::from(grant.priority),
            expires_at: monthly.then_some(month.ends),
        });
        match ledger.execute(organisation, &key, &command).await {
            // The month ended meanwhile, or the file of plans was changed within the month.
            Ok(_) | Err(Error::KeyReused | Error::Refused(Refusal::ExpiresInThePast)) => {}
            Err(error) => return Err(error),
        }
    }
    let mut writes = Writes::default();
    writes.add(
        "UPDATE organisation SET granted_for = $2 WHERE id = $1 AND plan = $3",
        [organisation.into(), month.begins.into(), plan.into()],
    );
    store.begin().await?.commit_with(writes).await
}

/// A month of the calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Month {
    begins: Time,
    ends: Time,
}

impl Month {
    fn of(time: Time) -> Result<Self> {
        let fault = |cause: jiff::Error| Error::Internal(cause.to_string());
        let day = Timestamp::from_microsecond(time.as_micros()).map_err(fault)?.to_zoned(TimeZone::UTC).date();
        let moment = |day: jiff::civil::Date| -> Result<Time> {
            let start = day.to_zoned(TimeZone::UTC).map_err(fault)?;
            Ok(Time::from_micros(start.timestamp().as_microsecond()))
        };
        let begins = moment(day.first_of_month())?;
        let ends = moment(day.last_of_month().tomorrow().map_err(fault)?)?;
        Ok(Self { begins, ends })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_and_ends_in_utc() {
        let month = |text: &str| {
            let Month { begins, ends } = Month::of(text.parse().unwrap()).unwrap();
            (begins.to_string(), ends.to_string())
        };
        let text = |begins: &str, ends: &str| (begins.to_owned(), ends.to_owned());
        assert_eq!(month("2028-02-29T23:59:59Z"), text("2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"));
        assert_eq!(month("2026-12-31T23:30:00-01:00"), text("2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z"));
    }
}
