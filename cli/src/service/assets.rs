//! Photos and results of an organisation.

use std::path::{Path, PathBuf};

use packshot::api::service::{Asset, AssetIds, AssetKind, AssetState, NewLink};
use packshot::client::Client;
use packshot::{Code, Error, Result};
use serde_json::json;

use super::args::{self, AssetAction, UploadArgs};
use super::connect::Failure;
use super::tell;
use crate::say::Voice;

pub(super) async fn run(args: &args::Assets, voice: Voice) -> Result<(), Failure> {
    let client = args.connection.client()?;
    match &args.action {
        AssetAction::Upload(args) => upload(&client, args, voice).await,
        AssetAction::List { limit } => {
            for asset in client.assets().list().collect(*limit).await? {
                tell(voice, "asset", &asset, &in_a_line(&asset))?;
            }
            Ok(())
        }
        AssetAction::Show { id } => {
            let asset = client.assets().get(id).await?;
            Ok(tell(voice, "asset", &asset, &described(&asset))?)
        }
        AssetAction::Download { id, output, variant } => download(&client, id, output, variant.as_deref(), voice).await,
        AssetAction::Link { id, variant, expires_in, save } => {
            let request = NewLink { variant: variant.clone(), expires_in: *expires_in, download: Some(*save) };
            let link = client.assets().link(id, &request).await?;
            Ok(tell(voice, "link", &link, &format!("{}\nuntil {}", link.url, link.expires_at))?)
        }
        AssetAction::Delete { ids } => {
            let deleted = client.assets().delete_many(&AssetIds { ids: ids.clone() }).await?;
            let mut text: Vec<_> = deleted.deleted.iter().map(|id| format!("{id}: deleted")).collect();
            text.extend(deleted.missing.iter().map(|id| format!("{id}: there is no such asset")));
            Ok(tell(voice, "deleted", &deleted, &text.join("\n"))?)
        }
        AssetAction::Restore { id } => {
            let asset = client.assets().restore(id).await?;
            Ok(tell(voice, "asset", &asset, &described(&asset))?)
        }
        AssetAction::Proof { id } => {
            let proof = client.assets().proof(id).await?;
            Ok(tell(voice, "proof", &proof, proof.note.trim_end())?)
        }
    }
}

async fn upload(client: &Client, args: &UploadArgs, voice: Voice) -> Result<(), Failure> {
    for file in &args.files {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        let bar = voice.bar(std::fs::metadata(file).map_or(0, |meta| meta.len()), "bytes");
        let mut upload = client.assets().upload(file.as_path());
        if let Some(id) = &args.resume {
            upload = upload.resume(id);
        }
        if let Some(name) = &name {
            bar.set_message(name.clone());
            upload = upload.name(name);
        }
        if args.result {
            upload = upload.kind(AssetKind::Result);
        }
        let told = bar.clone();
        let begun = std::sync::Arc::new(std::sync::Mutex::new(None));
        let known = begun.clone();
        let sent = upload.on_progress(move |progress| {
            told.set_position(progress.sent);
            if let Ok(mut known) = known.lock() {
                known.get_or_insert_with(|| progress.asset.clone());
            }
        });
        let asset = sent.await;
        bar.finish_and_clear();
        let asset = match asset {
            Ok(asset) => asset,
            Err(error) => {
                if let Some(id) = begun.lock().ok().and_then(|id| id.clone()) {
                    voice.complaint(&format!("{}: the upload broke off; to go on, add --resume {id}", file.display()));
                }
                return Err(error.into());
            }
        };
        tell(voice, "asset", &asset, &described(&asset))?;
        if asset.state == AssetState::Refused {
            let why = asset.refused_because.unwrap_or_default();
            let message = format!("the service refused {} ({why})", file.display());
            let code = if why == "asset_too_large" { Code::LimitPixels } else { Code::PhotoFormat };
            return Err(Error::new(code, message).into());
        }
    }
    Ok(())
}

async fn download(
    client: &Client,
    id: &str,
    output: &Path,
    variant: Option<&str>,
    voice: Voice,
) -> Result<(), Failure> {
    let bytes = client.assets().content(id, variant).await?;
    packshot::write_atomically(output, &bytes)?;
    let told = json!({ "id": id, "output": output, "bytes": bytes.len() });
    Ok(tell(voice, "downloaded", &told, &format!("{}: {} bytes", output.display(), bytes.len()))?)
}

fn in_a_line(asset: &Asset) -> String {
    let size = asset.width.zip(asset.height).map(|(width, height)| format!("{width}x{height}")).unwrap_or_default();
    let ends = asset.expires_at.map(|at| format!("gone by {at}")).unwrap_or_default();
    let name = asset.name.as_deref().map(packshot_policy::plain).unwrap_or_default();
    format!("{}  {:<9} {:>11}  {ends}  {name}", asset.id, asset.state.as_str(), size).trim_end().to_owned()
}

fn described(asset: &Asset) -> String {
    let mut lines = vec![in_a_line(asset), format!("  {}", asset.retention.sentence)];
    lines.extend(asset.retention.more.iter().map(|more| format!("  {more}")));
    if let Some(until) = asset.restore_until {
        lines.push(format!("  It can be restored until {until}."));
    }
    lines.join("\n")
}

/// A file to write, which must not be there.
pub(super) fn new_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.exists() { Err(format!("{text} exists already")) } else { Ok(path) }
}
