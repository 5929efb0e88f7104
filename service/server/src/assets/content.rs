//! Reads content: only what is ready, and only until it has to be gone.

use std::ops::Range;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::try_unfold;
use packshot_api::service::{AssetState as State, Time};

use super::row::Found;
use crate::error::{Error, Result};
use crate::retention::Terms;
use crate::state::App;
use crate::vault::Opened;

/// How much is opened at once.
const WINDOW: u64 = 1 << 20;

/// Content that can be read.
pub(crate) struct Content {
    message: Opened,
    pub(crate) length: u64,
    /// The format of the file.
    pub(crate) format: String,
}

/// Opens the original of an asset, or one of its variants.
pub(crate) async fn open(app: &App, asset: &Found, variant: Option<&str>) -> Result<Content> {
    const VARIANT: &str = "SELECT bytes, format FROM asset_variant WHERE asset = $1 AND name = $2";
    let terms = Terms::of(&mut app.store(), app.policy(), asset.owner).await?;
    if !is_readable(app, asset, &terms, app.clock().now())? {
        return Err(Error::NotFound("content"));
    }
    let name = variant.unwrap_or("original");
    let (length, format) = if name == "original" {
        (asset.bytes, asset.format.clone().ok_or(Error::NotFound("content"))?)
    } else {
        let rows = app.store().rows(VARIANT, &[(&asset.id).into(), name.into()]).await?;
        let row = rows.first().ok_or(Error::NotFound("variant"))?;
        (u64::try_from(row.int("bytes")?).unwrap_or(0), row.text("format")?)
    };
    let key = app.vault().keys().of(asset.owner, asset.id).await?;
    let message = app.vault().open_message(&key, asset.place(name), length).await?;
    Ok(Content { message, length, format })
}

/// Whether an asset's owner may read it now. The promise counts, and not whether the work is done yet.
pub(super) fn is_readable(app: &App, asset: &Found, terms: &Terms, now: Time) -> Result<bool> {
    let standing = asset.standing(app.promises(), terms)?;
    let over = |end: Option<Time>| end.is_some_and(|end| end <= now);
    Ok(asset.state == State::Ready && !over(standing.gone_by) && !over(standing.restricted_from))
}

impl Content {
    /// The bytes of a range, a megabyte at a time.
    pub(crate) fn stream(self, range: Range<u64>) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
        try_unfold((self.message, range.start), move |(message, at)| async move {
            if at >= range.end {
                return Ok(None);
            }
            // Windows begin at multiples, so that no chunk is opened twice.
            let next = ((at / WINDOW + 1) * WINDOW).min(range.end);
            let bytes = message.read(at..next).await?;
            Ok(Some((bytes, (message, next))))
        })
    }
}
