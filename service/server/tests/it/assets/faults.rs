//! Removals that are disturbed: whatever breaks, in the end it is gone and proven.

use std::time::Duration;

use packshot::ImageFormat;
use serde_json::json;

use super::{Shelf, picture};
use crate::service::{Reply, Running};
use crate::stores::{Fresh, on_both};

const HOUR: Duration = Duration::from_secs(3600);

on_both! {
    async fn a_fault_before_or_after_each_step(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        for (seed, step) in (20..).zip(["content", "key", "check", "rows"]) {
            for kind in ["error_before", "error_after_commit"] {
                let asset = shelf.store(&picture(seed, ImageFormat::Jpeg), json!({})).await;
                shelf.service().faults(json!([{ "kind": kind, "path": format!("/purge/{step}") }])).await;
                shelf.service().wait(23 * HOUR + HOUR / 2).await;
                assert_eq!(shelf.content(&asset.id).await, 404, "{kind} {step}: marked is not read");
                // The next look comes half a minute later.
                shelf.service().wait(HOUR / 60).await;
                let purged = shelf.gone(&fresh, &asset).await;
                assert!(purged.in_time(), "{kind} {step}: {purged:?}");
            }
        }
    }

    async fn a_restart_in_the_middle(fresh: Fresh) {
        let mut shelf = Shelf::on(&fresh).await;
        let asset = shelf.store(&picture(30, ImageFormat::Jpeg), json!({})).await;
        shelf.service().faults(json!([{ "kind": "error_after_commit", "path": "/purge/content" }])).await;
        shelf.service().wait(23 * HOUR + HOUR / 2).await;
        let stopped = std::mem::replace(&mut shelf.house.service, Running::on(&fresh).await);
        stopped.stop().await;
        // The clock of the new one begins where that of the first began.
        shelf.service().wait(25 * HOUR).await;
        shelf.gone(&fresh, &asset).await;
    }

    async fn work_that_was_not_done_for_days_is_done_and_told_to_be_late(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let asset = shelf.store(&picture(31, ImageFormat::Jpeg), json!({})).await;
        shelf.service().wait(5 * 24 * HOUR).await;
        let purged = shelf.gone(&fresh, &asset).await;
        assert!(!purged.in_time(), "a proof does not lie about when");
    }

    async fn one_that_cannot_be_removed_keeps_no_other_waiting(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let (stuck, other) = (
            shelf.store(&picture(32, ImageFormat::Jpeg), json!({})).await,
            shelf.store(&picture(33, ImageFormat::Jpeg), json!({})).await,
        );
        shelf.service().faults(json!([{ "kind": "error_before", "path": "/purge/content" }])).await;
        shelf.service().wait(23 * HOUR + HOUR / 2).await;
        shelf.gone(&fresh, &other).await;
        let report = shelf.house.get("/v1/admin/retention").await.is(200);
        assert_eq!(report["gone"], 1, "{report}");
        // It is not removed the next time either, until it is late.
        shelf.service().faults(json!([{ "kind": "error_before", "path": "/purge/content" }])).await;
        shelf.service().wait(HOUR).await;
        let report = shelf.house.get("/v1/admin/retention").await.is(200);
        assert_eq!((&report["late"], &report["lag"]), (&json!(1), &json!(1800)), "{report}");
        let metrics = Reply::of(shelf.service().request(reqwest::Method::GET, "/metrics")).await.text;
        assert!(metrics.contains("# HELP packshot_removals_lag_seconds"), "{metrics}");
        shelf.service().wait(HOUR / 60).await;
        shelf.gone(&fresh, &stuck).await;
    }

    async fn content_that_is_missing_already_is_proven_gone(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let asset = shelf.store(&picture(34, ImageFormat::Jpeg), json!({})).await;
        let folder = shelf.data.join("content").join(shelf.house.organisation.to_string()).join(&asset.id);
        std::fs::remove_dir_all(folder).expect("it can be removed");
        let reply = shelf.house.get(&format!("/v1/assets/{}/content", asset.id)).await;
        assert_eq!(reply.refused(404), "not_found");
        shelf.service().wait(24 * HOUR).await;
        assert!(shelf.gone(&fresh, &asset).await.in_time());
    }
}

/// Two copies share a database and the content; each has its own clock, as machines do.
#[test]
fn two_copies_take_turns() {
    crate::stores::on(packshot_server::Backend::Postgres, async |fresh| {
        let shelf = Shelf::on(&fresh).await;
        let other = Running::on(&fresh).await;
        let mut assets = Vec::new();
        for seed in 40..46 {
            assets.push(shelf.store(&picture(seed, ImageFormat::Jpeg), json!({})).await);
        }
        tokio::join!(shelf.service().wait(23 * HOUR + HOUR / 2), other.wait(23 * HOUR + HOUR / 2));
        for asset in &assets {
            assert!(shelf.gone(&fresh, asset).await.in_time());
        }
        // The one whose turn it is goes away without a word; the other one takes over when the turn is over.
        let late = shelf.store(&picture(46, ImageFormat::Jpeg), json!({})).await;
        fresh
            .change("UPDATE lease SET holder = '\\x00000000000000000000000000000000', fence = fence + 1")
            .await
            .expect("the owner may");
        shelf.service().wait(Duration::from_secs(1)).await;
        assert_eq!(shelf.content(&late.id).await, 200);
        other.wait(24 * HOUR).await;
        shelf.service().wait(24 * HOUR).await;
        shelf.gone(&fresh, &late).await;
        other.stop().await;
    });
}
