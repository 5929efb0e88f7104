//! What a complete upload goes through before anybody can read it: it is looked at for viruses, decoded whole within limits,
//! and freed of what its metadata tells. Until then it is in quarantine; what fails is told and gone.

use bytes::{Bytes, BytesMut};
use packshot::{DecodeOptions, EncodeOptions, ImageFormat, Limits, Photo};
use packshot_api::service::{AssetState as State, Variant};
use sha2::{Digest as _, Sha256};

use super::row::Found;
use super::strip::stripped;
use super::upload::Part;
use crate::code::Code;
use crate::error::{Error, Result};
use crate::retention::Terms;
use crate::state::App;
use crate::store::Writes;
use crate::vault::prefix;

/// The most pixels of a picture. With 4 bytes for each, what one check takes stays below half a gigabyte.
const MOST_PIXELS: u64 = 100_000_000;
/// The longest side of a thumbnail.
const THUMBNAIL: u32 = 512;

/// A picture that passed.
struct Passed {
    /// The file, without metadata if the policy says so.
    file: Bytes,
    format: ImageFormat,
    size: (u32, u32),
    thumbnail: (Bytes, Variant),
}

/// Checks an asset whose parts are there. One that is done already is left as it is.
pub(crate) async fn check(app: &App, asset: &Found) -> Result<()> {
    if asset.state != State::Checking {
        return Ok(());
    }
    // Pictures are large: as many are decoded at once as the machine was said to bear.
    let _turn = app.checks().acquire().await.map_err(|cause| Error::Internal(cause.to_string()))?;
    let asset = Found::by_id(&mut app.store(), asset.id).await?;
    if asset.state != State::Checking {
        return Ok(());
    }
    let file = gathered(app, &asset).await?;
    let verdict = match app.scan().look(&file).await? {
        Some(_) => Err(Code::AssetInfected),
        None => {
            let strip = app.policy().security.strip_metadata;
            let passed = tokio::task::spawn_blocking(move || pass(&file, strip)).await;
            passed.map_err(|cause| Error::Internal(cause.to_string()))?
        }
    };
    match verdict {
        Ok(passed) => keep(app, &asset, passed).await,
        Err(code) => refuse(app, &asset, code).await,
    }
}

/// The file, from its parts.
async fn gathered(app: &App, asset: &Found) -> Result<Bytes> {
    let key = app.vault().keys().of(asset.owner, asset.id).await?;
    let mut file = BytesMut::with_capacity(usize::try_from(asset.bytes).unwrap_or(0));
    for part in Part::of(app, asset.id).await? {
        let bytes = app.vault().read_all(&key, asset.place(&Part::name(part.number))).await?;
        // Two senders of one part may have crossed: then what is told of it is not what is there.
        if <[u8; 32]>::from(Sha256::digest(&bytes)) != part.sha256 {
            return Err(Error::Denied(Code::PartsMissing));
        }
        file.extend_from_slice(&bytes);
    }
    Ok(file.freeze())
}

fn pass(file: &[u8], strip: bool) -> Result<Passed, Code> {
    let mut limits = Limits::default();
    limits.max_pixels = MOST_PIXELS;
    limits.max_bytes = file.len() as u64;
    let photo = Photo::decode_with(file, &DecodeOptions::new().limits(limits)).map_err(|cause| match cause.kind() {
        packshot::ErrorKind::Limit => Code::AssetTooLarge,
        _ => Code::AssetNotAPhoto,
    })?;
    let format = photo.format().ok_or(Code::AssetNotAPhoto)?;
    let kept = if strip { stripped(file, format, &photo)? } else { (Bytes::copy_from_slice(file), format) };
    let (file, format) = kept;
    let (width, height) = (photo.width(), photo.height());
    let small = photo.fit_within(THUMBNAIL, THUMBNAIL).map_err(|_| Code::AssetNotAPhoto)?;
    let shown = if small.has_alpha() { ImageFormat::Png } else { ImageFormat::Jpeg };
    let bytes = small.encode(&EncodeOptions::new(shown)).map_err(|_| Code::AssetNotAPhoto)?;
    let thumbnail = Variant {
        name: "thumbnail".to_owned(),
        bytes: bytes.len() as u64,
        format: shown.as_str().to_owned(),
        width: small.width(),
        height: small.height(),
    };
    Ok(Passed { file, format, size: (width, height), thumbnail: (bytes.into(), thumbnail) })
}

/// Stores what passed, and lets it be read.
async fn keep(app: &App, asset: &Found, passed: Passed) -> Result<()> {
    let Passed { file, format, size: (width, height), thumbnail: (small, thumbnail) } = passed;
    let key = app.vault().keys().of(asset.owner, asset.id).await?;
    let length = file.len();
    app.vault().put(&key, asset.place("original"), file).await?;
    app.vault().put(&key, asset.place(&thumbnail.name), small).await?;
    let mut tx = app.store().begin().await?;
    let policy = app.policy();
    let terms = Terms::of(&mut tx, policy, asset.owner).await?;
    let (next_at, due_by) = Found { state: State::Ready, ..asset.clone() }.next_times(app.promises(), &terms)?;
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut writes = Writes::default();
    writes.add(
        "UPDATE asset SET state = 'ready', bytes = $2, format = $3, width = $4, height = $5, next_at = $6, due_by = $7 \
         WHERE id = $1 AND state = 'checking'",
        [
            asset.id.into(),
            number(length as u64).into(),
            format.as_str().into(),
            i64::from(width).into(),
            i64::from(height).into(),
            next_at.into(),
            due_by.into(),
        ],
    );
    writes.add(
        "INSERT INTO asset_variant VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (asset, name) DO NOTHING",
        [
            asset.id.into(),
            thumbnail.name.into(),
            number(thumbnail.bytes).into(),
            thumbnail.format.into(),
            i64::from(thumbnail.width).into(),
            i64::from(thumbnail.height).into(),
        ],
    );
    writes.add("DELETE FROM asset_part WHERE asset = $1", [asset.id.into()]);
    tx.commit_with(writes).await?;
    for number in 1..=asset.parts() {
        app.vault().objects().remove(&asset.place(&Part::name(number)).path()).await?;
    }
    Ok(())
}

/// Tells why it is refused, and removes its content at once.
async fn refuse(app: &App, asset: &Found, why: Code) -> Result<()> {
    let mut writes = Writes::default();
    writes.add(
        "UPDATE asset SET state = 'refused', refused = $2 WHERE id = $1 AND state = 'checking'",
        [asset.id.into(), why.as_str().into()],
    );
    writes.add("DELETE FROM asset_part WHERE asset = $1", [asset.id.into()]);
    app.store().begin().await?.commit_with(writes).await?;
    app.vault().objects().remove_all(&prefix(asset.owner, asset.id)).await?;
    app.vault().keys().destroy(asset.id).await?;
    app.vault().keys().settle().await
}
