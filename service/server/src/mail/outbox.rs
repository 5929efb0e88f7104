//! Mails that wait.

use std::time::Duration;

use packshot_api::service::Time;

use super::letter::{Letter, written};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::secrets::{SubjectKey, field};
use crate::state::App;
use crate::store::{Row, Writes};

/// How long to wait after each attempt that failed; as long as the last one after further ones.
const PAUSES: [Duration; 5] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(6 * 3600),
];

/// After so many attempts a mail is given up: its code has ended.
const ATTEMPTS: i64 = 40;

/// Adds a mail to `address`, which is sealed under the key of the subject it belongs to.
pub(crate) fn add(
    writes: &mut Writes<'static>,
    now: Time,
    key: &SubjectKey,
    address: &str,
    letter: Letter,
) -> Result<()> {
    let code = letter.code.map(|code| key.seal(field::CODE, &code)).transpose()?;
    writes.add(
        "INSERT INTO mail VALUES ($1, $2, $3, $4, $5, $6, 0, $6)",
        [
            Id::new().into(),
            letter.kind.into(),
            key.subject().into(),
            key.seal(field::ADDRESS, address)?.into(),
            code.into(),
            now.into(),
        ],
    );
    Ok(())
}

/// Sends at most `limit` mails that are due. Returns how many were due. A mail that could not be sent stays, and does not
/// keep others from being sent.
pub(crate) async fn deliver_due(app: &App, limit: u32) -> Result<u32> {
    const DUE: &str = "SELECT m.id, m.kind, m.subject, m.address, m.code, m.tries, k.wrapped FROM mail m \
        LEFT JOIN subject_key k ON k.subject = m.subject WHERE m.next_try <= $1 ORDER BY m.next_try, m.id LIMIT $2";
    let due = app.store().rows(DUE, &[app.clock().now().into(), i64::from(limit).into()]).await?;
    for row in &due {
        let (id, mut writes) = (row.id("id")?, Writes::default());
        match deliver(app, row).await {
            Ok(()) => writes.add("DELETE FROM mail WHERE id = $1", [id.into()]),
            Err(error) => {
                tracing::warn!(mail = %id, code = error.code().as_str(), cause = %error, "a mail could not be sent");
                let tries = row.int("tries")?;
                let pause = usize::try_from(tries).ok().and_then(|tries| PAUSES.get(tries)).unwrap_or(&PAUSES[4]);
                let next = app.clock().now() + *pause;
                if tries + 1 < ATTEMPTS {
                    writes.add(
                        "UPDATE mail SET tries = tries + 1, next_try = $2 WHERE id = $1",
                        [id.into(), next.into()],
                    );
                } else {
                    writes.add("DELETE FROM mail WHERE id = $1", [id.into()]);
                }
            }
        }
        app.store().begin().await?.commit_with(writes).await?;
    }
    Ok(u32::try_from(due.len()).unwrap_or(limit))
}

/// Sends one mail. One whose subject has gone has nobody to go to.
async fn deliver(app: &App, row: &Row) -> Result<()> {
    let Some(wrapped) = row.maybe_blob("wrapped")? else { return Ok(()) };
    let key = SubjectKey::unwrap(app.secrets(), row.id("subject")?, &wrapped)?;
    let address = key.open(field::ADDRESS, &row.blob("address")?)?;
    let code = row.maybe_blob("code")?.map(|code| key.open(field::CODE, &code)).transpose()?;
    let kind = row.text("kind")?;
    let (service, url) = (&app.policy().about.service, app.settings().public_url.as_deref());
    let (subject, text) = written(&kind, code.as_deref(), service, url)
        .ok_or_else(|| Error::Mail(format!("there is no mail of the kind `{kind}`")))?;
    app.mailer().send(&address, &subject, text).await
}
