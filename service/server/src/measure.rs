//! What benchmarks measure and nobody else can reach.

use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::assets::LinkFacts;
use crate::error::Result;
use crate::id::Id;
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::vault::{Place, Vault};

/// How long the check of one signed link takes, of `rounds`.
///
/// # Errors
/// What the system says of random bytes.
pub fn link_check(rounds: u32) -> Result<Duration> {
    let secrets = Secrets::derive(&[7; 32])?;
    let end = packshot_api::service::Time::from_micros(i64::MAX);
    let facts = LinkFacts { asset: Id::new(), expires_at: end, download: false, variant: "thumbnail".to_owned() };
    let (text, now) = (facts.write(&secrets)?, packshot_api::service::Time::from_micros(0));
    let begin = Instant::now();
    for _ in 0..rounds {
        std::hint::black_box(LinkFacts::read(&secrets, std::hint::black_box(&text), now)?);
    }
    Ok(begin.elapsed() / rounds)
}

/// Seals and stores `bytes` in a folder, `rounds` times; how long each takes.
///
/// # Errors
/// What the folder says.
pub async fn store(folder: &Path, bytes: Bytes, rounds: u32) -> Result<Duration> {
    let vault = Vault::open(&Settings { data: folder.to_owned(), ..Settings::default() }).await?;
    let (owner, asset) = (Id::new(), Id::new());
    let key = vault.keys().make(owner, asset).await?;
    let names: Vec<String> = (0..rounds).map(|number| format!("part-{number}")).collect();
    let begin = Instant::now();
    for name in &names {
        vault.put(&key, Place { owner, asset, name }, bytes.clone()).await?;
    }
    let each = begin.elapsed() / rounds;
    vault.close().await;
    Ok(each)
}
