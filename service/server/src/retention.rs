//! How long things are kept: the policy's answer for a record, from the versions under which it was stored.

mod lease;
mod terms;

use packshot_api::service::{Retention as InWords, Time};
use packshot_policy::{
    Action, ClassId, Events, GoneBy, Policy, PolicyHash, Record, RecordError, Retention, Timestamp, Versions,
};

pub(crate) use lease::{Lease, Turn};
pub(crate) use terms::{Life, Terms, choose, chosen, close, open_again, plan_anew};

use crate::error::{Error, Result};
use crate::store::{Store, Writes};

/// Every version of the policy under which something may be stored, the oldest first; the last one is in force.
pub(crate) struct Promises(Vec<(Policy, Retention)>);

/// What happens to a record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Standing {
    /// By when it is gone for ever, if anything ends it.
    pub(crate) gone_by: Option<Time>,
    /// From when on only the few who need it may read it.
    pub(crate) restricted_from: Option<Time>,
    /// Until when its owner can restore it.
    pub(crate) restorable_until: Option<Time>,
    /// What comes next.
    pub(crate) next: Option<Next>,
}

/// What a service has to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Next {
    pub(crate) action: Action,
    pub(crate) at: Time,
    pub(crate) by: Time,
    /// The rule that requires it.
    pub(crate) rule: String,
    /// The policy that has the rule: its version and hash.
    pub(crate) policy: (String, String),
}

impl Standing {
    /// Of what a service keeps for a period of its own, because the policy is silent.
    pub(crate) fn ends(policy: &Policy, at: Time, rule: &str) -> Self {
        let identity = policy.identity;
        let policy = (identity.version.to_string(), identity.hash.to_string());
        let next = Next { action: Action::Purge, at, by: at, rule: rule.to_owned(), policy };
        Self { gone_by: Some(at), restricted_from: None, restorable_until: None, next: Some(next) }
    }
}

impl Promises {
    /// The policy in force, and those before it, which the database remembers.
    pub(crate) async fn open(store: &Store, policy: &Policy, text: &str, now: Time) -> Result<Self> {
        const KNOWN: &str = "SELECT hash, text FROM policy_text ORDER BY since, hash";
        let own = policy.identity.hash.0;
        let (mut versions, mut known) = (Vec::new(), false);
        for row in store.rows(KNOWN, &[]).await? {
            if row.bytes::<32>("hash")? == own {
                known = true;
                continue;
            }
            let older: Policy = row.text("text")?.parse().map_err(|cause| {
                Error::Policy(format!("an earlier version, under which things are stored, cannot be read: {cause}"))
            })?;
            versions.push((Retention::new(&older), older));
        }
        if !known {
            let mut writes = Writes::default();
            writes.add(
                "INSERT INTO policy_text VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING",
                [own.to_vec().into(), text.to_owned().into(), now.into()],
            );
            // What a new version promises counts for what is there already.
            writes.add(
                "INSERT INTO replan SELECT DISTINCT organisation, $1 FROM asset WHERE true \
                 ON CONFLICT (organisation) DO UPDATE SET after_asset = excluded.after_asset",
                [vec![0; 16].into()],
            );
            store.begin().await?.commit_with(writes).await?;
        }
        versions.push((Retention::new(policy), policy.clone()));
        Ok(Self(versions.into_iter().map(|(retention, policy)| (policy, retention)).collect()))
    }

    /// The policy in force.
    pub(crate) fn policy(&self) -> &Policy {
        // There is always the one in force.
        &self.0[self.0.len() - 1].0
    }

    /// The answer for a record that was stored under the version with this hash.
    pub(crate) fn standing(&self, record: &Record<'_>, stored_under: [u8; 32]) -> Result<Standing> {
        self.asked(stored_under, |versions| standing(versions, record))
    }

    /// The same in words, of the version that decides.
    pub(crate) fn in_words(&self, record: &Record<'_>, stored_under: [u8; 32]) -> Result<InWords> {
        let decides = self.asked(stored_under, |versions| Ok(versions.answer(record)?.policy))?;
        let missing = || Error::Policy("the version that decides is missing".to_owned());
        let (policy, retention) = self.0.iter().find(|(policy, _)| policy.identity == decides).ok_or_else(missing)?;
        let told = policy.explain(retention, record).map_err(|cause| Error::Policy(cause.to_string()))?;
        let clauses = told.decided_by.iter().flat_map(|rule| &rule.clauses);
        Ok(InWords {
            sentence: told.sentence,
            more: told.more,
            clauses: clauses.map(|clause| clause.as_str().to_owned()).collect(),
            policy: policy.identity.version.to_string(),
            held: record.hold.is_some_and(|hold| hold.until.is_none()),
        })
    }

    /// Asks the versions since the one with this hash.
    fn asked<T>(
        &self,
        since: [u8; 32],
        ask: impl FnOnce(Versions<'_>) -> std::result::Result<T, RecordError>,
    ) -> Result<T> {
        let begin = self.0.iter().position(|(policy, _)| policy.identity.hash == PolicyHash(since));
        let begin =
            begin.ok_or_else(|| Error::Policy("a version is missing, under which things are stored".to_owned()))?;
        let Some(((_, now), older)) = self.0[begin..].split_last() else {
            return Err(Error::Policy("there is none".to_owned()));
        };
        let older: Vec<&Retention> = older.iter().map(|(_, retention)| retention).collect();
        ask(now.with_older(&older)).map_err(|cause| Error::Policy(cause.to_string()))
    }
}

fn standing(versions: Versions<'_>, record: &Record<'_>) -> std::result::Result<Standing, RecordError> {
    let answer = versions.answer(record)?;
    let next = versions.next_action(record)?.map(|next| Next {
        action: next.action,
        at: time(next.at),
        by: time(next.by),
        rule: next.rule.to_owned(),
        policy: (next.policy.version.to_string(), next.policy.hash.to_string()),
    });
    Ok(Standing {
        gone_by: if let GoneBy::At(at) = answer.gone_by { Some(time(at)) } else { None },
        restricted_from: answer.restricted.map(|restricted| time(restricted.from)),
        restorable_until: versions.restorable_until(record)?.map(time),
        next,
    })
}

/// An instant as the database has it.
pub(crate) fn time(at: Timestamp) -> Time {
    Time::from_micros(at.as_microsecond())
}

/// An instant as the policy has it.
pub(crate) fn instant(at: Time) -> Result<Timestamp> {
    Timestamp::from_microsecond(at.as_micros()).map_err(|cause| Error::Internal(cause.to_string()))
}

/// Those of `events` that a record of the class can have.
pub(crate) fn events(
    policy: &Policy,
    class: ClassId,
    events: impl IntoIterator<Item = (packshot_policy::Clock, Option<Time>)>,
) -> Result<Events> {
    let possible = policy.events_of(class);
    events.into_iter().try_fold(Events::new(), |known, (clock, at)| match at {
        Some(at) if possible.contains(clock) => Ok(known.with(clock, instant(at)?)),
        _ => Ok(known),
    })
}
