//! A policy that changes while things are kept.

use std::time::Duration;

use packshot::ImageFormat;
use packshot_server::{Backend, Settings};
use serde_json::json;

use super::{Shelf, picture};
use crate::service::Running;
use crate::stores::on;

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn what_was_promised_when_it_was_stored_counts() {
    on(Backend::Sqlite, async |fresh| {
        let narpix = packshot_policy::Preset::named("narpix").expect("a preset").text;
        let folder = tempfile::tempdir().expect("a folder");
        let plans = concat!(env!("CARGO_MANIFEST_DIR"), "/plans/narpix.toml");
        let settings = |version: &str, free: &str| {
            let file = folder.path().join(format!("{version}.toml"));
            let images = "when = { plan = \"free\" }\nclock = \"uploaded_at\"\ngone_by = \"24h\"";
            assert!(narpix.contains(images));
            let text =
                narpix.replace(images, &images.replace("24h", free)).replace("\"2025-10\"", &format!("\"{version}\""));
            std::fs::write(&file, text).expect("it can be written");
            let policy = file.to_str().expect("a path").to_owned();
            Settings { policy, plans: Some(plans.into()), ..fresh.settings() }
        };
        let mut shelf = Shelf::with(&fresh, settings("first", "48h")).await;
        let old = shelf.store(&picture(1, ImageFormat::Jpeg), json!({})).await;
        let told = shelf.show(&old.id).await.is(200);
        let ends = told["expires_at"].clone();
        assert_eq!(told["retention"]["policy"], "first");

        // Longer from now on: what was stored before goes as it was said then.
        shelf.house.service.stop().await;
        shelf.house.service = Running::with(settings("longer", "20d")).await;
        let new = shelf.store(&picture(2, ImageFormat::Jpeg), json!({})).await;
        let told = shelf.show(&old.id).await.is(200);
        assert_eq!((&told["expires_at"], &told["retention"]["policy"]), (&ends, &json!("first")), "{told}");
        assert_eq!(shelf.show(&new.id).await.is(200)["retention"]["policy"], "longer");

        // Shorter: that is better for people, and counts at once for all.
        shelf.house.service.stop().await;
        shelf.house.service = Running::with(settings("shorter", "12h")).await;
        for asset in [&old, &new] {
            assert_eq!(shelf.show(&asset.id).await.is(200)["retention"]["policy"], "shorter");
        }
        shelf.service().wait(11 * HOUR + HOUR / 2).await;
        for asset in [&old, &new] {
            assert!(shelf.gone(&fresh, asset).await.in_time());
        }
    });
}
