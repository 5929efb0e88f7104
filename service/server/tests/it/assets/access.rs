//! Who may read what, and for how long a link is good.

use std::time::Duration;

use packshot::ImageFormat;
use reqwest::Method;
use serde_json::json;

use super::{Shelf, picture};
use crate::service::Reply;
use crate::stores::{Fresh, on_both};

on_both! {
    async fn a_link_works_for_its_time_and_never_after_a_deletion(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let bytes = picture(1, ImageFormat::Jpeg);
        let asset = shelf.store(&bytes, json!({})).await;
        let get = |url: String| shelf.service().request(Method::GET, &url);
        let path = format!("/v1/assets/{}/links", asset.id);
        let make = async |ask| shelf.house.post(&path, ask).await.is(201)["url"].as_str().expect("an address").to_owned();
        let short = make(json!({ "expires_in": 60, "variant": "thumbnail", "download": true })).await;
        let answer = get(short.clone()).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        assert!(answer.headers()["content-disposition"].to_str().expect("text").starts_with("attachment"));
        let long = make(json!({ "expires_in": 3600 })).await;
        assert_eq!(get(long.clone()).send().await.expect("an answer").bytes().await.expect("a body"), bytes);
        for wrong in [0, 3601] {
            assert_eq!(shelf.house.post(&path, json!({ "expires_in": wrong })).await.refused(422), "request_invalid");
        }
        let tampered = long.replace("psl_A", "psl_B");
        assert_eq!(Reply::of(get(tampered)).await.refused(403), "link_invalid");
        shelf.service().wait(Duration::from_secs(60)).await;
        assert_eq!(Reply::of(get(short)).await.refused(403), "link_invalid", "its time is over");
        assert_eq!(get(long.clone()).send().await.expect("an answer").status(), 200);
        shelf.remove(&asset.id).await;
        assert_eq!(Reply::of(get(long)).await.refused(404), "not_found", "deletion beats the signature");
    }

    async fn the_same_request_has_the_same_link(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let asset = shelf.store(&picture(5, ImageFormat::Jpeg), json!({})).await;
        let (path, key) = (format!("/v1/assets/{}/links", asset.id), crate::service::key());
        let operator = &shelf.service().operator;
        let first = shelf.service().post_as(&key, &path, operator, json!({})).await;
        shelf.service().wait(Duration::from_secs(30)).await;
        let again = shelf.service().post_as(&key, &path, operator, json!({})).await;
        assert_eq!((again.is(201), again.is_replayed()), (first.is(201), true));
    }

    async fn a_link_is_never_good_for_longer_than_the_policy_says(fresh: Fresh) {
        let scanner = Some(packshot_server::Scanner::Off);
        let settings = packshot_server::Settings { policy: "picphoto".to_owned(), scanner, ..fresh.settings() };
        let shelf = Shelf::with(&fresh, settings).await;
        let asset = shelf.store(&picture(2, ImageFormat::Jpeg), json!({})).await;
        let path = format!("/v1/assets/{}/links", asset.id);
        shelf.house.post(&path, json!({ "expires_in": 3600 })).await.is(201);
        assert_eq!(shelf.house.post(&path, json!({ "expires_in": 3601 })).await.refused(422), "request_invalid");
    }

    async fn nobody_else_sees_it(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let asset = shelf.store(&picture(3, ImageFormat::Jpeg), json!({})).await;
        let mine = shelf.house.organisation;
        let theirs = shelf.house.another(&fresh).await;
        assert_ne!(mine, theirs);
        let id = &asset.id;
        assert_eq!(shelf.show(id).await.refused(404), "not_found");
        assert_eq!(shelf.content(id).await, 404);
        for what in ["links", "restore", "complete"] {
            assert_eq!(shelf.house.post(&format!("/v1/assets/{id}/{what}"), json!({})).await.refused(404), "not_found", "{what}");
        }
        let put = shelf.service().request(Method::PUT, &format!("/v1/assets/{id}/parts/1")).bearer_auth(&shelf.service().operator);
        assert_eq!(Reply::of(put.body("x")).await.refused(404), "not_found");
        let deleted = shelf.house.post("/v1/assets/delete", json!({ "ids": [id] })).await.is(200);
        assert_eq!(deleted["missing"], json!([id]));
        assert_eq!(shelf.house.get(&format!("/v1/assets/{id}/proof")).await.refused(404), "not_found");
        assert_eq!(shelf.house.get("/v1/assets").await.is(200)["items"], json!([]));
    }

    async fn a_shorter_time_can_be_chosen_where_it_is_offered(fresh: Fresh) {
        let settings = packshot_server::Settings { policy: "neximage".to_owned(), ..fresh.settings() };
        let shelf = Shelf::with(&fresh, settings).await;
        let asset = shelf.store(&picture(4, ImageFormat::Jpeg), json!({})).await;
        let operator = &shelf.service().operator;
        let choose = async |keep: &str| shelf.service().patch("/v1/retention", operator, json!({ "keep": keep })).await;
        assert_eq!(choose("40d").await.refused(422), "request_invalid", "longer than 30 days");
        assert_eq!(choose("soon").await.refused(422), "request_invalid");
        assert_eq!(choose("7d").await.is(200)["keep"], "7d");
        assert_eq!(shelf.house.get("/v1/retention").await.is(200)["keep"], "7d");
        shelf.service().wait(Duration::from_secs(8 * 24 * 3600)).await;
        let purged = shelf.gone(&fresh, &asset).await;
        assert!(purged.rule == "originals" && purged.in_time(), "{purged:?}");
    }

    async fn no_choice_where_none_is_offered(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let refused = shelf.service().patch("/v1/retention", &shelf.service().operator, json!({ "keep": "1h" })).await;
        assert_eq!(refused.refused(422), "retention_not_offered");
    }
}
