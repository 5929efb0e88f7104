//! Assets as their owners see them.

use packshot_api::service::{Asset, AssetState as State, Page, Upload, UploadedPart, Variant};

use super::link::PartsFacts;
use super::row::{Found, select};
use super::upload::Part;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::identity::subjects;
use crate::retention::Terms;
use crate::secrets::{field, hex};
use crate::state::App;

/// One asset.
pub(crate) async fn show(app: &App, asset: &Found) -> Result<Asset> {
    let terms = Terms::of(&mut app.store(), app.policy(), asset.owner).await?;
    view(app, asset, &terms).await
}

/// The assets of an organisation, the newest first.
pub(crate) async fn list(app: &App, organisation: Id, after: Option<Id>, limit: u32) -> Result<Page<Asset>> {
    const LIST: &str = select!("organisation = $1 AND id < $2 AND state <> 'purging' ORDER BY id DESC LIMIT $3");
    // One more tells whether there is another page.
    let last = after.unwrap_or(Id::from_bytes([0xff; 16]));
    let values = [(&organisation).into(), (&last).into(), (i64::from(limit) + 1).into()];
    let rows = app.store().rows(LIST, &values).await?;
    let terms = Terms::of(&mut app.store(), app.policy(), organisation).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows.iter().take(limit as usize) {
        items.push(view(app, &Found::of(row)?, &terms).await?);
    }
    let next = (rows.len() > items.len()).then(|| items.last().map(|asset| asset.id.clone())).flatten();
    Ok(Page { items, next })
}

async fn view(app: &App, asset: &Found, terms: &Terms) -> Result<Asset> {
    let standing = asset.standing(app.promises(), terms)?;
    let is_deleted = asset.state == State::Deleted;
    Ok(Asset {
        id: asset.id.to_string(),
        kind: asset.kind.clone(),
        state: asset.state.clone(),
        refused_because: asset.refused.clone(),
        name: name(app, asset).await?,
        bytes: asset.bytes,
        format: asset.format.clone(),
        width: asset.size.map(|(width, _)| width),
        height: asset.size.map(|(_, height)| height),
        variants: variants(app, asset.id).await?,
        created_at: asset.created_at,
        uploaded_at: asset.uploaded_at,
        deleted_at: asset.deleted_at,
        restore_until: standing.restorable_until.filter(|_| is_deleted),
        expires_at: standing.gone_by,
        retention: asset.in_words(app.promises(), terms)?,
        upload: if asset.state == State::Uploading { Some(upload(app, asset, standing.gone_by).await?) } else { None },
    })
}

async fn name(app: &App, asset: &Found) -> Result<Option<String>> {
    let Some(sealed) = &asset.name else { return Ok(None) };
    let key = subjects::key(app.store(), app.secrets(), asset.owner).await?;
    key.open(field::NAME, sealed).map(Some)
}

async fn variants(app: &App, asset: Id) -> Result<Vec<Variant>> {
    const VARIANTS: &str =
        "SELECT name, bytes, format, width, height FROM asset_variant WHERE asset = $1 ORDER BY name";
    let rows = app.store().rows(VARIANTS, &[(&asset).into()]).await?;
    let side = |number: i64| u32::try_from(number).unwrap_or(0);
    let variant = |row: &crate::store::Row| {
        Ok(Variant {
            name: row.text("name")?,
            bytes: u64::try_from(row.int("bytes")?).unwrap_or(0),
            format: row.text("format")?,
            width: side(row.int("width")?),
            height: side(row.int("height")?),
        })
    };
    rows.iter().map(variant).collect()
}

async fn upload(app: &App, asset: &Found, gone_by: Option<packshot_api::service::Time>) -> Result<Upload> {
    let expires_at = gone_by.ok_or_else(|| Error::Policy("uploads that are not complete have no end".to_owned()))?;
    let token = PartsFacts { asset: asset.id, expires_at }.write(app.secrets())?;
    let received = Part::of(app, asset.id).await?.into_iter().map(|part| UploadedPart {
        number: part.number,
        bytes: part.bytes,
        sha256: hex(&part.sha256),
    });
    Ok(Upload {
        part_bytes: asset.part_bytes,
        parts: asset.parts(),
        received: received.collect(),
        url: app.address(&format!("/v1/uploads/{token}")),
        expires_at,
    })
}
