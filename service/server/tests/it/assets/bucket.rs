//! Content in a bucket with versions: PostgreSQL and an S3 server.

use std::time::Duration;

use packshot::ImageFormat;
use packshot_server::{Backend, Settings};
use serde_json::json;

use super::{Shelf, picture};
use crate::gateway::Gateway;
use crate::stores::{Fresh, on};

const HOUR: Duration = Duration::from_secs(3600);

/// A service whose content is in a bucket; none where no S3 server is installed.
async fn shelf(fresh: &Fresh) -> Option<(Shelf, Gateway)> {
    let gateway = Gateway::start().await?;
    let settings = Settings { bucket: Some(gateway.settings()), ..fresh.settings() };
    let mut shelf = Shelf::with(fresh, settings).await;
    shelf.content = gateway.objects();
    shelf.elsewhere = Some(gateway.folder().to_owned());
    Some((shelf, gateway))
}

#[test]
fn every_version_is_gone() {
    on(Backend::Postgres, async |fresh| {
        let Some((shelf, gateway)) = shelf(&fresh).await else { return };
        let (ends, deleted) = (
            shelf.store(&picture(1, ImageFormat::Jpeg), json!({})).await,
            shelf.store(&picture(2, ImageFormat::Png), json!({ "kind": "result" })).await,
        );
        // Somebody else's version, and a mark of a deletion.
        let path = format!("/{}/{}/original", shelf.house.organisation, ends.id);
        let original = gateway.ask("GET", &format!("?versions=&prefix={}", &path[1..]), "").await;
        assert!(original.contains("<VersionId>"), "the bucket keeps versions: {original}");
        gateway.ask("PUT", &path, "a newer version").await;
        gateway.ask("DELETE", &path, "").await;
        shelf.remove(&deleted.id).await;
        shelf.service().wait(23 * HOUR + HOUR / 2).await;
        assert!(shelf.gone(&fresh, &ends).await.in_time());
        assert!(shelf.gone(&fresh, &deleted).await.in_time());
        let left = gateway.ask("GET", &format!("?versions=&prefix={}", shelf.house.organisation), "").await;
        assert!(!left.contains("<Version>") && !left.contains("<DeleteMarker>"), "{left}");
    });
}

#[test]
fn a_thousand_parts_and_versions_are_more_than_a_page() {
    on(Backend::Sqlite, async |fresh| {
        let Some((shelf, gateway)) = shelf(&fresh).await else { return };
        let asset = shelf.store(&picture(3, ImageFormat::Jpeg), json!({})).await;
        let path = format!("/{}/{}/thumbnail", shelf.house.organisation, asset.id);
        for number in 0..1010 {
            gateway.ask("PUT", &path, &number.to_string()).await;
        }
        shelf.service().wait(23 * HOUR + HOUR / 2).await;
        assert!(shelf.gone(&fresh, &asset).await.in_time());
    });
}

#[test]
fn uploads_that_nobody_ended_are_ended_without_a_rule() {
    on(Backend::Sqlite, async |fresh| {
        let Some((shelf, gateway)) = shelf(&fresh).await else { return };
        let asset = shelf.store(&picture(4, ImageFormat::Jpeg), json!({})).await;
        gateway.ask("POST", &format!("/{}/{}/original?uploads=", shelf.house.organisation, asset.id), "").await;
        gateway.ask("POST", "/somewhere/else?uploads=", "").await;
        assert_eq!(gateway.ask("GET", "?uploads=", "").await.matches("<Upload>").count(), 2);
        // The clock of the service is ahead of the server's by months: both began long ago.
        shelf.service().wait(23 * HOUR + HOUR / 2).await;
        shelf.gone(&fresh, &asset).await;
        assert_eq!(gateway.ask("GET", "?uploads=", "").await.matches("<Upload>").count(), 0);
    });
}

#[test]
fn a_bucket_that_does_not_answer_is_told_and_asked_again() {
    on(Backend::Postgres, async |fresh| {
        let Some((shelf, mut gateway)) = shelf(&fresh).await else { return };
        let asset = shelf.store(&picture(5, ImageFormat::Jpeg), json!({})).await;
        gateway.stop();
        let content = shelf.house.get(&format!("/v1/assets/{}/content", asset.id)).await;
        assert_eq!(content.refused(503), "storage_failed");
        let sweep = shelf.service().keyed(reqwest::Method::POST, "/v1/test/clock", &crate::service::key());
        crate::service::Reply::of(sweep.json(&json!({ "advance": 23 * 3600 + 1800 }))).await;
        assert_eq!(shelf.show(&asset.id).await.is(200)["state"], "purging", "nothing is said to be gone");
        gateway.start_again();
        shelf.service().wait(HOUR / 60).await;
        assert!(shelf.gone(&fresh, &asset).await.in_time());
    });
}

#[test]
fn the_wrong_key_is_told() {
    on(Backend::Sqlite, async |fresh| {
        let Some(gateway) = Gateway::start().await else { return };
        let bucket = packshot_server::S3Bucket { secret_key: "another".to_owned(), ..gateway.settings() };
        let started = packshot_server::Service::start(Settings { bucket: Some(bucket), ..fresh.settings() }).await;
        let refused = started.map(drop).expect_err("it cannot read");
        assert_eq!(refused.code().as_str(), "storage_failed", "{refused}");
    });
}
