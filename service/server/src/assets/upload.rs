//! Uploads: announced, sent in parts, complete.

use bytes::Bytes;
use packshot_api::service::{AssetKind as Kind, AssetState as State, Time};
use sha2::{Digest as _, Sha256};

use super::row::{Found, class_of};
use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::identity::subjects;
use crate::once::Effect;
use crate::retention::Terms;
use crate::secrets::{field, hex};
use crate::state::App;
use crate::store::{Tx, Writes};

/// Bytes of a part: as many as a phone that loses its connection should have to send again.
pub(crate) const PART: u64 = 5 << 20;

/// Announces an asset.
pub(crate) struct Announce<'a> {
    pub(crate) app: &'a App,
    pub(crate) organisation: Id,
    pub(crate) kind: Kind,
    pub(crate) bytes: u64,
    pub(crate) name: Option<String>,
}

impl Effect for Announce<'_> {
    type What = Id;

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, Id)> {
        let (app, now, mut writes) = (self.app, self.app.clock().now(), Writes::default());
        let policy = app.policy();
        if class_of(policy, &self.kind).is_none() {
            return Err(Error::Denied(Code::AssetNotKept));
        }
        if self.bytes > app.settings().largest_asset {
            return Err(Error::Denied(Code::AssetTooLarge));
        }
        let found = Found {
            id: Id::new(),
            owner: self.organisation,
            kind: self.kind.clone(),
            state: State::Uploading,
            refused: None,
            name: None,
            bytes: self.bytes,
            part_bytes: PART,
            format: None,
            size: None,
            policy: policy.identity.hash.0,
            created_at: now,
            uploaded_at: None,
            deleted_at: None,
            held: None,
            restricted: false,
        };
        let name = match &self.name {
            Some(name) => {
                let key = subjects::key_in(tx, app.secrets(), self.organisation).await?;
                Some(key.seal(field::NAME, name)?)
            }
            None => None,
        };
        let terms = Terms::of(tx, policy, self.organisation).await?;
        let (next_at, due_by) = found.next_times(app.promises(), &terms)?;
        writes.add(
            "INSERT INTO asset (id, organisation, kind, state, name, bytes, part_bytes, policy, created_at, restricted, next_at, due_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11)",
            [
                found.id.into(),
                found.owner.into(),
                found.kind.as_str().to_owned().into(),
                found.state.as_str().to_owned().into(),
                name.into(),
                i64::try_from(found.bytes).map_err(|_| Error::Denied(Code::AssetTooLarge))?.into(),
                i64::try_from(PART).unwrap_or(i64::MAX).into(),
                found.policy.to_vec().into(),
                now.into(),
                next_at.into(),
                due_by.into(),
            ],
        );
        Ok((writes, found.id))
    }
}

/// A part that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) number: u32,
    pub(crate) bytes: u64,
    pub(crate) sha256: [u8; 32],
}

impl Part {
    /// Where its content is.
    pub(super) fn name(number: u32) -> String {
        format!("part-{number:05}")
    }

    /// The parts of an asset that are there, in their order.
    pub(crate) async fn of(app: &App, asset: Id) -> Result<Vec<Self>> {
        const PARTS: &str = "SELECT number, bytes, sha256 FROM asset_part WHERE asset = $1 ORDER BY number";
        let rows = app.store().rows(PARTS, &[(&asset).into()]).await?;
        let part = |row: &crate::store::Row| {
            Ok(Self {
                number: u32::try_from(row.int("number")?).unwrap_or(0),
                bytes: u64::try_from(row.int("bytes")?).unwrap_or(0),
                sha256: row.bytes("sha256")?,
            })
        };
        rows.iter().map(part).collect()
    }
}

/// Keeps a part of an upload; a part that comes again takes the place of the one before. `digest` is its SHA-256, as the
/// sender has it.
pub(crate) async fn put_part(
    app: &App,
    asset: &Found,
    number: u32,
    bytes: Bytes,
    digest: Option<[u8; 32]>,
) -> Result<Part> {
    if asset.state != State::Uploading {
        return Err(Error::Denied(Code::UploadEnded));
    }
    let expected = asset.length_of_part(number).ok_or(Error::NotFound("part"))?;
    if bytes.len() as u64 != expected {
        return Err(Error::field("body", format!("has {} bytes; part {number} has {expected}", bytes.len())));
    }
    let sha256: [u8; 32] = Sha256::digest(&bytes).into();
    if digest.is_some_and(|digest| digest != sha256) {
        return Err(Error::field("content-digest", format!("differs: what came has {}", hex(&sha256))));
    }
    let key = app.vault().keys().make(asset.owner, asset.id).await?;
    app.vault().put(&key, asset.place(&Part::name(number)), bytes).await?;
    let mut tx = app.store().begin().await?;
    if Found::by_id(&mut tx, asset.id).await?.state != State::Uploading {
        tx.give_up().await?;
        return Err(Error::Denied(Code::UploadEnded));
    }
    let mut writes = Writes::default();
    writes.add(
        "INSERT INTO asset_part VALUES ($1, $2, $3, $4) \
         ON CONFLICT (asset, number) DO UPDATE SET bytes = excluded.bytes, sha256 = excluded.sha256",
        [
            asset.id.into(),
            i64::from(number).into(),
            i64::try_from(expected).unwrap_or(0).into(),
            sha256.to_vec().into(),
        ],
    );
    tx.commit_with(writes).await?;
    Ok(Part { number, bytes: expected, sha256 })
}

/// All parts were sent: from now on they are checked.
pub(crate) struct Completed {
    pub(crate) organisation: Id,
    pub(crate) asset: Id,
    pub(crate) now: Time,
}

impl Effect for Completed {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        const COUNT: &str = "SELECT COUNT(*) AS number FROM asset_part WHERE asset = $1";
        let found = Found::in_organisation(tx, self.organisation, self.asset).await?;
        match found.state {
            // Its check was interrupted.
            State::Checking => return Ok((Writes::default(), ())),
            State::Uploading => {}
            _ => return Err(Error::Denied(Code::UploadEnded)),
        }
        let there = tx.rows(COUNT, &[(&self.asset).into()]).await?;
        let there = there.first().map(|row| row.int("number")).transpose()?.unwrap_or(0);
        if there < i64::from(found.parts()) {
            return Err(Error::Denied(Code::PartsMissing));
        }
        let mut writes = Writes::default();
        writes.add(
            "UPDATE asset SET state = 'checking', uploaded_at = $2 WHERE id = $1 AND state = 'uploading'",
            [self.asset.into(), self.now.into()],
        );
        Ok((writes, ()))
    }
}
