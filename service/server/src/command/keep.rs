//! Backups, what follows a restore, and the exchange of the vault's key.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use packshot_policy::Calendar;

use crate::assets;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::retention::instant;
use crate::settings::Settings;
use crate::start::{load_policy, open};
use crate::store::Store;
use crate::vault::rotate;

/// What a backup's folder begins with; the rest is its time.
const BACKUP: &str = "backup-";
/// What a backup has while it is being made.
const UNFINISHED: &str = ".unfinished";
const DATABASE: &str = "packshot.db";
const CONTENT: &str = "content";
const KEYS: &str = "keys";

/// Copies the database and the sealed content into a new folder in `to`, and the keys beside it: of keys there is one copy, the
/// latest, so that what is gone is gone in older backups as well. Backups that are older than the policy says are removed.
pub(super) async fn backup(settings: &Settings, to: &Path) -> Result<ExitCode> {
    only_on_this_machine(settings)?;
    let (policy, _, _) = load_policy(settings)?;
    let now = Clock::system().now();
    let name = format!("{BACKUP}{}", now.to_string().replace(':', "-"));
    let (new, unfinished) = (to.join(&name), to.join(format!("{name}{UNFINISHED}")));
    let before = backups(to)?.pop();
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |cause| Error::Folder { path, cause }
    };
    fs::create_dir_all(&unfinished).map_err(failed(&unfinished))?;
    let store = Store::of(settings).await?;
    store.copy_to(&unfinished.join(DATABASE)).await?;
    store.close().await;
    let from = settings.data.join(CONTENT);
    let copied = copy_tree(&from, &unfinished.join(CONTENT), before.as_ref().map(|path| path.join(CONTENT)).as_deref());
    let files = copied.map_err(failed(&from))?;
    // The keys come last: content that was added meanwhile has its key, too.
    let keys = to.join(KEYS);
    fs::create_dir_all(&keys).map_err(failed(&keys))?;
    let store = Store::of_keys(settings).await?;
    let (part, file) = (keys.join("keys.db.part"), keys.join("keys.db"));
    fs::remove_file(&part).ok();
    store.copy_to(&part).await?;
    store.close().await;
    fs::rename(&part, &file).map_err(failed(&file))?;
    fs::rename(&unfinished, &new).map_err(failed(&new))?;
    println!("{}: the database and {files} files", new.display());
    println!("{}: the keys; only the latest are kept", file.display());
    let calendar = Calendar::new(policy.about.timezone.clone());
    for old in backups(to)? {
        let made = made_at(&old).unwrap_or(now);
        if calendar.at_the_latest(instant(made)?, policy.backup.window) < instant(now)? {
            fs::remove_dir_all(&old).map_err(failed(&old))?;
            println!("{}: removed, it is older than {}", old.display(), policy.backup.window.in_words());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Puts a backup where there is no database, with content that is missing. What was removed since comes back with it, and is
/// removed again by [`replay`].
pub(super) fn restore(settings: &Settings, from: &Path) -> Result<ExitCode> {
    only_on_this_machine(settings)?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |cause| Error::Folder { path, cause }
    };
    let (backup, database) = (from.join(DATABASE), settings.data.join(DATABASE));
    if !backup.exists() {
        return Err(Error::Setting(format!("{}: there is no backup", from.display())));
    }
    if database.exists() {
        let why = "a database is there; move it away first, so that nothing is lost";
        return Err(Error::Setting(format!("{}: {why}", database.display())));
    }
    fs::create_dir_all(&settings.data).map_err(failed(&settings.data))?;
    // Logs of another database would be read into this one.
    for log in ["packshot.db-wal", "packshot.db-shm"] {
        fs::remove_file(settings.data.join(log)).ok();
    }
    let files = copy_tree(&from.join(CONTENT), &settings.data.join(CONTENT), None).map_err(failed(from))?;
    let (keys, latest) =
        (settings.data.join(KEYS).join("keys.db"), from.parent().map(|all| all.join(KEYS).join("keys.db")));
    if !keys.exists()
        && let Some(latest) = latest
    {
        fs::create_dir_all(settings.data.join(KEYS)).map_err(failed(&keys))?;
        fs::copy(&latest, &keys).map_err(failed(&latest))?;
        println!("{}: the latest keys", keys.display());
    }
    fs::copy(&backup, &database).map_err(failed(&database))?;
    println!("{}: restored, with {files} files that were missing", database.display());
    println!("Run `packshot serve replay` now: what was removed since the backup is in it again.");
    Ok(ExitCode::SUCCESS)
}

/// Repeats what the database does not know of.
pub(super) async fn replay(settings: &Settings) -> Result<ExitCode> {
    let app = open(settings.clone(), settings.listen).await?;
    let done = assets::replay(&app).await?;
    println!("{} assets were removed again, and {} are held again. The service can start.", done.removed, done.held);
    app.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Compares what is known with what is there.
pub(super) async fn reconcile(settings: &Settings) -> Result<ExitCode> {
    let app = open(settings.clone(), settings.listen).await?;
    let found = assets::reconcile(&app).await?;
    println!("{} objects and keys belonged to no asset, and were removed.", found.orphans);
    for asset in &found.missing {
        println!("missing  {asset}: its content or its key is not there");
    }
    app.close().await;
    Ok(if found.missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Exchanges the vault's key.
pub(super) async fn rotate_vault_key(settings: &Settings) -> Result<ExitCode> {
    let (wrapped, fingerprint) = rotate(settings).await?;
    println!(
        "{wrapped} keys are wrapped by a new one, with fingerprint {fingerprint}. Keep a copy of the file vault.key."
    );
    Ok(ExitCode::SUCCESS)
}

fn only_on_this_machine(settings: &Settings) -> Result<()> {
    if settings.database.is_none() && settings.bucket.is_none() {
        return Ok(());
    }
    let why = "PostgreSQL and buckets have their own backups (pg_dump, versions); after a restore run `packshot serve replay`";
    Err(Error::Setting(why.to_owned()))
}

/// The whole backups in a folder, the oldest first.
fn backups(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(Error::Folder { path: folder.to_owned(), cause }),
    };
    let mut found: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| made_at(path).is_some()).collect();
    found.sort();
    Ok(found)
}

/// The time in a backup's name.
fn made_at(path: &Path) -> Option<packshot_api::service::Time> {
    let name = path.file_name()?.to_str()?.strip_prefix(BACKUP)?;
    let (day, time) = name.split_once('T')?;
    format!("{day}T{}", time.replace('-', ":")).parse().ok()
}

/// Copies what `to` does not have. Content never changes: a file of the backup before is linked instead of copied.
fn copy_tree(from: &Path, to: &Path, before: Option<&Path>) -> io::Result<u64> {
    let (mut files, mut folders) = (0, vec![PathBuf::new()]);
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(from.join(&folder)) {
            Ok(entries) => entries,
            // It was removed meanwhile, or there is no content yet.
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => continue,
            Err(cause) => return Err(cause),
        };
        fs::create_dir_all(to.join(&folder))?;
        for entry in entries {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
                continue;
            }
            let target = to.join(&path);
            if target.exists() {
                continue;
            }
            // Notes change; what is sealed does not.
            let linked = before.is_some_and(|before| {
                let (old, new) = (before.join(&path), from.join(&path));
                same_length(&old, &new) && folder.components().count() > 1 && fs::hard_link(&old, &target).is_ok()
            });
            if !linked {
                match fs::copy(from.join(&path), &target) {
                    Err(cause) if cause.kind() == io::ErrorKind::NotFound => continue,
                    copied => copied?,
                };
            }
            files += 1;
        }
    }
    Ok(files)
}

fn same_length(one: &Path, other: &Path) -> bool {
    let length = |path: &Path| fs::metadata(path).map(|meta| meta.len()).ok();
    length(one).is_some() && length(one) == length(other)
}
