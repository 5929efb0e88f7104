//! Backups, restores, lost content and exchanged keys: as an operator does it, by the commands.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use packshot::ImageFormat;
use packshot_server::{Backend, Service};
use serde_json::json;

use super::{Shelf, picture};
use crate::files;
use crate::service::Running;
use crate::stores::on;

const HOUR: Duration = Duration::from_secs(3600);

fn run(data: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packshot-server"));
    command.args(words).arg("--data").arg(data).env_remove("DATABASE_URL").env_remove("PACKSHOT_POLICY");
    command.stdin(Stdio::null()).output().expect("it runs")
}

#[track_caller]
fn told(data: &Path, words: &[&str]) -> String {
    let output = run(data, words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn after_a_restore_the_erased_are_gone_and_the_held_are_there() {
    on(Backend::Sqlite, async |fresh| {
        let mut shelf = Shelf::on(&fresh).await;
        shelf.house.admin("plan", json!({ "plan": "paid" })).await.is(204);
        let data = shelf.data.clone();
        let backups = tempfile::tempdir().expect("a folder");
        let place = backups.path().to_str().expect("a path");
        let erased = shelf.store(&picture(1, ImageFormat::Jpeg), json!({})).await;
        let held = shelf.store(&picture(2, ImageFormat::Jpeg), json!({})).await;
        let kept = shelf.store(&picture(3, ImageFormat::Jpeg), json!({})).await;
        let made = told(&data, &["backup", place]);
        assert!(made.contains("the database and") && made.contains("only the latest are kept"), "{made}");
        assert!(!made.contains("removed"), "{made}");

        // After the backup: one is erased, and one is held and then deleted.
        let hold = format!("/v1/admin/assets/{}/hold", held.id);
        shelf.house.post(&hold, json!({ "reason": "order 7 of a court" })).await.is(204);
        shelf.remove(&erased.id).await;
        shelf.service().wait(6 * 24 * HOUR + 23 * HOUR + HOUR / 2).await;
        shelf.gone(&fresh, &erased).await;
        shelf.house.service.stop().await;

        // The disk with the database is lost, and the backup takes its place.
        for name in ["packshot.db", "packshot.db-wal", "packshot.db-shm"] {
            std::fs::remove_file(data.join(name)).ok();
        }
        let backup = std::fs::read_dir(place).expect("backups").map(|entry| entry.expect("an entry").path());
        let backup = backup
            .filter(|path| path.ends_with("packshot.db") || path.join("packshot.db").exists())
            .max()
            .expect("a backup");
        let restored = told(&data, &["restore", backup.to_str().expect("a path")]);
        assert!(restored.contains("restored") && restored.contains("replay"), "{restored}");
        let again = run(&data, &["restore", backup.to_str().expect("a path")]);
        assert!(!again.status.success(), "nothing is written over a database");
        let refused = Service::start(fresh.settings()).await.map(drop).expect_err("removals are missing");
        assert!(refused.to_string().contains("packshot serve replay"), "{refused}");
        let replayed = told(&data, &["replay"]);
        assert!(replayed.starts_with("1 assets were removed again, and 1 are held again."), "{replayed}");

        shelf.house.service = Running::with(fresh.settings()).await;
        shelf.gone(&fresh, &erased).await;
        assert_eq!(shelf.content(&kept.id).await, 200);
        assert_eq!(shelf.show(&held.id).await.is(200)["retention"]["held"], true);
        shelf.service().wait(31 * 24 * HOUR).await;
        assert_eq!(shelf.show(&held.id).await.is(200)["state"], "ready", "its time is over, and it is held");
        shelf.service().delete(&hold, &shelf.service().operator).await.is(204);
        shelf.service().wait(HOUR / 2).await;
        shelf.gone(&fresh, &held).await;
    });
}

#[test]
fn what_is_gone_cannot_be_read_in_an_older_backup() {
    on(Backend::Sqlite, async |fresh| {
        let shelf = Shelf::on(&fresh).await;
        let backups = tempfile::tempdir().expect("a folder");
        let place = backups.path().to_str().expect("a path");
        let asset = shelf.store(&picture(4, ImageFormat::Jpeg), json!({})).await;
        told(&shelf.data, &["backup", place]);
        let keys = || std::fs::read(backups.path().join("keys/keys.db")).expect("keys");
        let id: Vec<u8> =
            (0..32).step_by(2).map(|at| u8::from_str_radix(&asset.id[at..at + 2], 16).expect("hex")).collect();
        assert!(memchr::memmem::find(&keys(), &id).is_some());
        shelf.service().wait(24 * HOUR).await;
        shelf.gone(&fresh, &asset).await;
        told(&shelf.data, &["backup", place]);
        assert!(memchr::memmem::find(&keys(), &id).is_none(), "its key is in no copy any more");
        let sealed = files::all(backups.path());
        assert!(
            sealed.iter().any(|file| memchr::memmem::find(file, &asset.sealed[0]).is_some()),
            "and its content is noise"
        );
        let whole = std::fs::read_dir(place).expect("a folder").count();
        assert_eq!(whole, 3, "two backups and the keys");
    });
}

#[test]
fn orphans_are_removed_and_what_is_missing_is_told() {
    on(Backend::Sqlite, async |fresh| {
        let shelf = Shelf::on(&fresh).await;
        let data = shelf.data.clone();
        let there = shelf.store(&picture(5, ImageFormat::Jpeg), json!({})).await;
        let lost = shelf.store(&picture(6, ImageFormat::Jpeg), json!({})).await;
        let organisation = data.join("content").join(shelf.house.organisation.to_string());
        shelf.house.service.stop().await;
        std::fs::remove_dir_all(organisation.join(&lost.id)).expect("it can be removed");
        let stranger = organisation.join(packshot_server::Id::new().to_string());
        std::fs::create_dir_all(&stranger).expect("it can be made");
        std::fs::write(stranger.join("original"), "left over").expect("it can be written");
        let old = std::fs::FileTimes::new()
            .set_modified(std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
        let file = std::fs::File::options().write(true).open(stranger.join("original")).expect("a file");
        file.set_times(old).expect("it can be set");
        let output = run(&data, &["reconcile"]);
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!output.status.success(), "what is missing is a failure");
        assert!(told.contains("1 objects and keys belonged to no asset"), "{told}");
        assert!(told.contains(&format!("missing  {}", lost.id)) && !told.contains(&there.id), "{told}");
        assert!(!stranger.exists());
    });
}

#[test]
fn the_vaults_key_is_exchanged_and_everything_is_readable() {
    on(Backend::Sqlite, async |fresh| {
        let mut shelf = Shelf::on(&fresh).await;
        let data = shelf.data.clone();
        let asset = shelf.store(&picture(7, ImageFormat::Jpeg), json!({})).await;
        shelf.house.service.stop().await;
        let old = std::fs::read_to_string(data.join("vault.key")).expect("a key");
        let exchanged = told(&data, &["rotate-vault-key"]);
        assert!(exchanged.starts_with("1 keys are wrapped by a new one"), "{exchanged}");
        let new = std::fs::read_to_string(data.join("vault.key")).expect("a key");
        assert!(old != new && !data.join("vault.key.next").exists());
        shelf.house.service = Running::with(fresh.settings()).await;
        assert_eq!(shelf.content(&asset.id).await, 200);
        shelf.house.service.stop().await;

        // The old key opens nothing, and an exchange that broke off goes on.
        std::fs::write(data.join("vault.key"), &old).expect("it can be written");
        let refused = Service::start(fresh.settings()).await.map(drop).expect_err("the wrong key");
        assert_eq!(refused.code().as_str(), "key_file");
        std::fs::write(data.join("vault.key"), &new).expect("it can be written");
        std::fs::write(data.join("vault.key.next"), "ab".repeat(32)).expect("it can be written");
        shelf.house.service = Running::with(fresh.settings()).await;
        assert_eq!(shelf.content(&asset.id).await, 200, "both keys are good while it is exchanged");
        shelf.house.service.stop().await;
        told(&data, &["rotate-vault-key"]);
        assert_eq!(std::fs::read_to_string(data.join("vault.key")).expect("a key").trim(), "ab".repeat(32));
        shelf.house.service = Running::with(fresh.settings()).await;
        assert_eq!(shelf.content(&asset.id).await, 200);
        shelf.house.service.stop().await;
    });
}
