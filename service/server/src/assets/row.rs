//! An asset as the database has it.

use std::time::Duration;

use packshot_api::service::{AssetKind as Kind, AssetState as State, Time};
use packshot_policy::{ClassId, Policy};

use crate::error::{Error, Result};
use crate::id::Id;
use crate::retention::{Life, Next, Promises, Standing, Terms};
use crate::store::{Row, Rows};
use crate::vault::Place;

/// How long what is not complete is kept, under a policy that says nothing about it.
const INCOMPLETE: Duration = Duration::from_secs(24 * 3600);

/// An asset.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) id: Id,
    pub(crate) owner: Id,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) refused: Option<String>,
    pub(crate) name: Option<Vec<u8>>,
    pub(crate) bytes: u64,
    pub(crate) part_bytes: u64,
    pub(crate) format: Option<String>,
    pub(crate) size: Option<(u32, u32)>,
    /// The hash of the policy that it was stored under.
    pub(crate) policy: [u8; 32],
    pub(crate) created_at: Time,
    pub(crate) uploaded_at: Option<Time>,
    pub(crate) deleted_at: Option<Time>,
    pub(crate) held: Option<(Time, Option<Time>)>,
    pub(crate) restricted: bool,
}

/// The columns of an asset, for a query that ends with this condition.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT id, organisation, kind, state, refused, name, bytes, part_bytes, format, width, height, policy, created_at, \
             uploaded_at, deleted_at, held_from, held_until, restricted FROM asset WHERE ",
            $condition
        )
    };
}
pub(super) use select;

impl Found {
    pub(super) fn of(row: &Row) -> Result<Self> {
        let number = |column| row.int(column).map(|number| u64::try_from(number).unwrap_or(0));
        let side = |column| row.maybe_int(column).map(|side| side.and_then(|side| u32::try_from(side).ok()));
        Ok(Self {
            id: row.id("id")?,
            owner: row.id("organisation")?,
            kind: Kind::from(&*row.text("kind")?),
            state: State::from(&*row.text("state")?),
            refused: row.maybe_text("refused")?,
            name: row.maybe_blob("name")?,
            bytes: number("bytes")?,
            part_bytes: number("part_bytes")?,
            format: row.maybe_text("format")?,
            size: side("width")?.zip(side("height")?),
            policy: row.bytes("policy")?,
            created_at: row.time("created_at")?,
            uploaded_at: row.maybe_time("uploaded_at")?,
            deleted_at: row.maybe_time("deleted_at")?,
            held: match row.maybe_time("held_from")? {
                Some(from) => Some((from, row.maybe_time("held_until")?)),
                None => None,
            },
            restricted: row.int("restricted")? != 0,
        })
    }

    /// An asset of an organisation.
    pub(crate) async fn in_organisation(rows: &mut impl Rows, organisation: Id, id: Id) -> Result<Self> {
        let values = [(&id).into(), (&organisation).into()];
        let found = rows.rows(select!("id = $1 AND organisation = $2"), &values).await?;
        Self::of(found.first().ok_or(Error::NotFound("asset"))?)
    }

    pub(crate) async fn by_id(rows: &mut impl Rows, id: Id) -> Result<Self> {
        let found = rows.rows(select!("id = $1"), &[(&id).into()]).await?;
        Self::of(found.first().ok_or(Error::NotFound("asset"))?)
    }

    /// Whether a legal hold keeps it.
    pub(crate) const fn is_held(&self) -> bool {
        matches!(self.held, Some((_, None)))
    }

    /// Where a part of its content is.
    pub(crate) const fn place<'n>(&self, name: &'n str) -> Place<'n> {
        Place { owner: self.owner, asset: self.id, name }
    }

    /// How many parts its upload has.
    pub(crate) fn parts(&self) -> u32 {
        u32::try_from(self.bytes.div_ceil(self.part_bytes.max(1))).unwrap_or(u32::MAX)
    }

    /// How many bytes a part has; none if there is no such part.
    pub(crate) fn length_of_part(&self, number: u32) -> Option<u64> {
        if !(1..=self.parts()).contains(&number) {
            return None;
        }
        Some(self.part_bytes.min(self.bytes - u64::from(number - 1) * self.part_bytes))
    }

    /// Its class in a policy. What the policy has no class for is never kept, but for uploads that are not complete: they have
    /// a period of their own.
    pub(crate) fn class(&self, policy: &Policy) -> Option<ClassId> {
        match self.state {
            State::Uploading | State::Checking | State::Refused => policy.class("upload.incomplete"),
            _ => class_of(policy, &self.kind),
        }
    }

    const fn life(&self) -> Life {
        let uploaded = match self.uploaded_at {
            Some(at) => at,
            None => self.created_at,
        };
        Life {
            started_at: Some(self.created_at),
            uploaded_at: Some(uploaded),
            created_at: Some(self.created_at),
            deleted_at: self.deleted_at,
            held: self.held,
            restricted: self.restricted,
        }
    }

    /// What happens to it.
    pub(crate) fn standing(&self, promises: &Promises, terms: &Terms) -> Result<Standing> {
        let policy = promises.policy();
        match self.class(policy) {
            Some(class) => promises.standing(&terms.record(policy, class, self.life())?, self.policy),
            None => Ok(Standing::ends(policy, self.created_at + INCOMPLETE, "incomplete-uploads")),
        }
    }

    /// The same in words.
    pub(crate) fn in_words(&self, promises: &Promises, terms: &Terms) -> Result<packshot_api::service::Retention> {
        let policy = promises.policy();
        match self.class(policy) {
            Some(class) => promises.in_words(&terms.record(policy, class, self.life())?, self.policy),
            None => Ok(packshot_api::service::Retention {
                sentence: "An upload that is not complete is gone a day after it began.".to_owned(),
                more: Vec::new(),
                clauses: Vec::new(),
                policy: policy.identity.version.to_string(),
                held: false,
            }),
        }
    }

    /// When there is something to do, for the index of what is due, and by when it is done.
    pub(crate) fn next_times(&self, promises: &Promises, terms: &Terms) -> Result<(Option<Time>, Option<Time>)> {
        let next = self.standing(promises, terms)?.next;
        Ok(next.map_or((None, None), |Next { at, by, .. }| (Some(at), Some(by))))
    }
}

/// The class of what is complete.
pub(crate) fn class_of(policy: &Policy, kind: &Kind) -> Option<ClassId> {
    match kind {
        Kind::Photo => policy.class("upload.original"),
        Kind::Result => policy.class("output"),
        _ => None,
    }
}
