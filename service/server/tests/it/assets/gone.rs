//! Every way to end, and what is left then.

use std::time::Duration;

use packshot::ImageFormat;
use reqwest::Method;
use serde_json::json;

use super::{Shelf, is_sqlite, picture};
use crate::service::{Reply, key};
use crate::stores::{Fresh, on_both};

const HOUR: Duration = Duration::from_secs(3600);

on_both! {
    async fn the_ceiling_ends_it(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let asset = shelf.store(&picture(1, ImageFormat::Jpeg), json!({})).await;
        shelf.service().wait(22 * HOUR).await;
        assert_eq!(shelf.content(&asset.id).await, 200, "24 hours are promised, and the work needs 45 minutes");
        shelf.service().wait(HOUR + HOUR / 2).await;
        let purged = shelf.gone(&fresh, &asset).await;
        assert_eq!((purged.rule.as_str(), purged.class.as_str()), ("images-free", "upload.original"));
        assert!(purged.in_time());
    }

    async fn its_owner_ends_it_and_may_change_their_mind(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        shelf.house.admin("plan", json!({ "plan": "paid" })).await.is(204);
        let asset = shelf.store(&picture(2, ImageFormat::Png), json!({ "kind": "result" })).await;
        shelf.remove(&asset.id).await;
        let deleted = shelf.show(&asset.id).await.is(200);
        assert_eq!(deleted["state"], "deleted");
        assert!(deleted["restore_until"].is_string() && deleted["expires_at"].is_string(), "{deleted}");
        assert_eq!(shelf.content(&asset.id).await, 404, "what is deleted is not read");
        shelf.service().wait(5 * 24 * HOUR).await;
        let path = format!("/v1/assets/{}/restore", asset.id);
        assert_eq!(shelf.house.post(&path, json!({})).await.is(200)["state"], "ready");
        assert_eq!(shelf.content(&asset.id).await, 200);
        shelf.remove(&asset.id).await;
        shelf.service().wait(6 * 24 * HOUR + HOUR).await;
        assert_eq!(shelf.house.post(&path, json!({})).await.refused(409), "not_restorable");
        shelf.service().wait(22 * HOUR + HOUR / 2).await;
        let purged = shelf.gone(&fresh, &asset).await;
        assert_eq!(purged.rule, "manual-delete");
        assert!(purged.in_time());
    }

    async fn many_are_deleted_at_once(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let (one, two) = (
            shelf.store(&picture(3, ImageFormat::Jpeg), json!({})).await,
            shelf.store(&picture(4, ImageFormat::Jpeg), json!({})).await,
        );
        let stranger = packshot_server::Id::new().to_string();
        let ask = json!({ "ids": [one.id, two.id, stranger, "nonsense", one.id] });
        let key = key();
        let told = shelf.service().post_as(&key, "/v1/assets/delete", &shelf.service().operator, ask.clone()).await;
        let told = told.is(200);
        assert_eq!(told["deleted"].as_array().map(Vec::len), Some(2), "{told}");
        assert_eq!(told["missing"], json!([stranger, "nonsense"]));
        let again = shelf.service().post_as(&key, "/v1/assets/delete", &shelf.service().operator, ask).await;
        assert_eq!((again.is(200), again.is_replayed()), (told, true));
        // The ceiling of a day comes before the week after a deletion.
        shelf.service().wait(24 * HOUR).await;
        for asset in [one, two] {
            assert!(shelf.gone(&fresh, &asset).await.in_time());
        }
    }

    async fn a_smaller_plan_ends_it_sooner(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        shelf.house.admin("plan", json!({ "plan": "paid" })).await.is(204);
        let asset = shelf.store(&picture(5, ImageFormat::Jpeg), json!({})).await;
        let before = shelf.show(&asset.id).await.is(200)["expires_at"].clone();
        shelf.service().wait(3 * 24 * HOUR).await;
        shelf.house.admin("plan", json!({ "plan": "free" })).await.is(204);
        let after = shelf.show(&asset.id).await.is(200);
        assert!(after["expires_at"].as_str() < before.as_str(), "{after}");
        assert_eq!(shelf.content(&asset.id).await, 200, "a downgrade takes nothing away at once");
        shelf.service().wait(24 * HOUR).await;
        assert!(shelf.gone(&fresh, &asset).await.in_time());
    }

    async fn a_larger_plan_keeps_it_longer(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let asset = shelf.store(&picture(6, ImageFormat::Jpeg), json!({})).await;
        shelf.service().wait(20 * HOUR).await;
        shelf.house.admin("plan", json!({ "plan": "paid" })).await.is(204);
        shelf.service().wait(20 * 24 * HOUR).await;
        assert_eq!(shelf.content(&asset.id).await, 200);
        shelf.service().wait(9 * 24 * HOUR + 3 * HOUR + HOUR / 2).await;
        assert!(shelf.gone(&fresh, &asset).await.in_time());
    }

    async fn an_upload_that_never_ends_is_gone(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let asset = shelf.send(&picture(7, ImageFormat::Jpeg), json!({})).await;
        let id = asset["id"].as_str().expect("an id");
        let url = format!("{}/1", asset["upload"]["url"].as_str().expect("an address"));
        shelf.service().wait(HOUR).await;
        assert_eq!(shelf.show(id).await.refused(404), "not_found");
        let late = Reply::of(shelf.service().request(Method::PUT, &url).body("more")).await;
        assert_eq!(late.refused(403), "link_invalid");
        let proof = shelf.house.get(&format!("/v1/assets/{id}/proof")).await.is(200);
        assert!(proof["note"].as_str().expect("a note").contains("\nrule incomplete-uploads\n"), "{proof}");
    }

    async fn what_is_held_stays_until_it_is_released(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let held = shelf.store(&picture(8, ImageFormat::Jpeg), json!({})).await;
        let other = shelf.store(&picture(9, ImageFormat::Jpeg), json!({})).await;
        let path = format!("/v1/admin/assets/{}/hold", held.id);
        shelf.house.post(&path, json!({ "reason": "order 7 of a court" })).await.is(204);
        shelf.remove(&held.id).await;
        shelf.service().wait(23 * HOUR + HOUR / 2).await;
        shelf.service().wait(30 * 24 * HOUR).await;
        assert!(shelf.gone(&fresh, &other).await.in_time());
        let shown = shelf.show(&held.id).await.is(200);
        assert_eq!(shown["retention"]["held"], true, "{shown}");
        assert_eq!(shelf.content(&held.id).await, 404, "from its end on its owner does not read it");
        let report = shelf.house.get("/v1/admin/retention").await.is(200);
        assert_eq!((&report["held"], &report["due"], &report["late"]), (&json!(1), &json!(0), &json!(0)), "{report}");
        let operator = &shelf.service().operator;
        shelf.service().delete(&path, operator).await.is(204);
        assert_eq!(shelf.service().delete(&path, operator).await.refused(404), "not_found");
        shelf.service().wait(HOUR / 2).await;
        assert!(shelf.gone(&fresh, &held).await.in_time());
    }

    async fn holds_that_are_asked_for_again_change_nothing(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let asset = shelf.store(&picture(13, ImageFormat::Jpeg), json!({})).await;
        let (path, operator) = (format!("/v1/admin/assets/{}/hold", asset.id), &shelf.service().operator);
        let note = shelf.content.join("held").join(&asset.id);
        let (hold, release) = (key(), key());
        let ask = json!({ "reason": "order 7 of a court" });
        let free = || Reply::of(shelf.service().keyed(Method::DELETE, &path, &release).bearer_auth(operator));
        shelf.service().post_as(&hold, &path, operator, ask.clone()).await.is(204);
        assert!(note.exists(), "it is noted beside the content");
        free().await.is(204);
        assert!(!note.exists());
        // The answer to the first request was lost, and comes late: the hold was released since.
        shelf.service().post_as(&hold, &path, operator, ask.clone()).await.refused(404);
        assert!(!note.exists());
        // And the other way round: it is held again since.
        shelf.house.post(&path, ask).await.is(204);
        assert!(free().await.is_replayed() && note.exists());
    }

    async fn what_is_left_over_is_found(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let asset = shelf.store(&picture(10, ImageFormat::Jpeg), json!({})).await;
        let folder = shelf.data.join("content").join(shelf.house.organisation.to_string()).join(&asset.id);
        let file = std::fs::read(folder.join("original")).expect("it is there");
        shelf.service().wait(24 * HOUR).await;
        shelf.gone(&fresh, &asset).await;
        // A step of the removal that does not work: the assertion has to see it.
        std::fs::create_dir_all(&folder).expect("it can be made");
        std::fs::write(folder.join("original"), file).expect("it can be written");
        let seen = std::panic::AssertUnwindSafe(shelf.gone(&fresh, &asset));
        assert!(futures_util::FutureExt::catch_unwind(seen).await.is_err());
    }

    async fn the_same_bytes_may_come_again(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let bytes = picture(11, ImageFormat::Jpeg);
        let asset = shelf.store(&bytes, json!({})).await;
        shelf.service().wait(24 * HOUR).await;
        shelf.gone(&fresh, &asset).await;
        let again = shelf.store(&bytes, json!({})).await;
        assert_eq!(shelf.content(&again.id).await, 200);
        assert_ne!(asset.sealed, again.sealed, "it is sealed under a key of its own");
    }

    async fn keys_of_what_is_gone_are_gone(fresh: Fresh) {
        if !is_sqlite(&fresh) {
            return;
        }
        let shelf = Shelf::on(&fresh).await;
        let asset = shelf.store(&picture(12, ImageFormat::Jpeg), json!({})).await;
        let id: Vec<u8> = (0..32).step_by(2).map(|at| u8::from_str_radix(&asset.id[at..at + 2], 16).expect("hex")).collect();
        let names = || ["keys.db", "keys.db-wal"].map(|name| std::fs::read(shelf.data.join("keys").join(name)).unwrap_or_default());
        assert!(names().iter().any(|file| memchr::memmem::find(file, &id).is_some()));
        shelf.service().wait(24 * HOUR).await;
        shelf.gone(&fresh, &asset).await;
        assert!(names().iter().all(|file| memchr::memmem::find(file, &id).is_none()), "the row of the key is overwritten");
    }
}
