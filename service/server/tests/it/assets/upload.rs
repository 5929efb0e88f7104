//! How uploads go, and how they go on.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use packshot::ImageFormat;
use reqwest::Method;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{Shelf, picture};
use crate::service::{Reply, key};
use crate::stores::{Fresh, on_both};

on_both! {
    async fn a_photo_goes_up_and_comes_down(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let bytes = picture(1, ImageFormat::Jpeg);
        let asset = shelf.complete(&bytes, json!({ "name": "Hat, seen from above" })).await;
        assert_eq!((&asset["state"], &asset["format"]), (&json!("ready"), &json!("jpeg")), "{asset}");
        assert_eq!((&asset["width"], &asset["height"], &asset["name"]), (&json!(96), &json!(64), &json!("Hat, seen from above")));
        assert_eq!(asset["variants"][0]["name"], "thumbnail");
        let retention = &asset["retention"];
        assert!(retention["sentence"].as_str().is_some_and(|text| text.contains("24 hours after the upload")), "{retention}");
        assert!(retention["clauses"].to_string().contains("NARPIX-1.2d"), "{retention}");
        assert!(asset["expires_at"].is_string());
        let id = asset["id"].as_str().expect("an id");
        let get = |path: String| shelf.service().request(Method::GET, &path).bearer_auth(&shelf.service().operator);
        let answer = get(format!("/v1/assets/{id}/content")).send().await.expect("an answer");
        assert_eq!(answer.headers()["content-type"], "image/jpeg");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers()["content-security-policy"], "sandbox; default-src 'none'");
        assert_eq!(answer.bytes().await.expect("a body"), bytes, "a file without metadata comes back as it was");
        let part = get(format!("/v1/assets/{id}/content")).header("range", "bytes=10-19").send().await.expect("an answer");
        assert_eq!(part.status(), 206);
        assert_eq!(part.headers()["content-range"], format!("bytes 10-19/{}", bytes.len()));
        assert_eq!(part.bytes().await.expect("a body"), &bytes[10..20]);
        let beyond = get(format!("/v1/assets/{id}/content")).header("range", format!("bytes={}-", bytes.len()));
        assert_eq!(Reply::of(beyond).await.refused(416), "range_invalid");
        let small = get(format!("/v1/assets/{id}/content?variant=thumbnail")).send().await.expect("an answer");
        let small = packshot::Photo::decode(&small.bytes().await.expect("a body")).expect("a photo");
        assert_eq!((small.width(), small.height()), (96, 64));
        assert_eq!(Reply::of(get(format!("/v1/assets/{id}/content?variant=other"))).await.refused(404), "not_found");
    }

    async fn parts_come_in_any_order_and_again(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        // More than two parts: what stands behind the picture is sent, and then taken out.
        let jpeg = picture(2, ImageFormat::Jpeg);
        let bytes = [jpeg.as_slice(), &vec![7; 11 << 20]].concat();
        let house = &shelf.house;
        let asset = house.post("/v1/assets", json!({ "bytes": bytes.len() })).await.is(201);
        let id = asset["id"].as_str().expect("an id");
        let size = asset["upload"]["part_bytes"].as_u64().expect("a number") as usize;
        let parts: Vec<&[u8]> = bytes.chunks(size).collect();
        assert!(parts.len() >= 3, "{}", bytes.len());
        let put = |number: usize, body: &[u8]| {
            let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)));
            let path = format!("/v1/assets/{id}/parts/{number}");
            let request = shelf.service().request(Method::PUT, &path).bearer_auth(&shelf.service().operator);
            request.header("content-digest", digest).body(body.to_vec())
        };
        let complete = format!("/v1/assets/{id}/complete");
        assert_eq!(Reply::of(put(0, parts[0])).await.refused(404), "not_found");
        assert_eq!(Reply::of(put(parts.len() + 1, parts[0])).await.refused(404), "not_found");
        assert_eq!(Reply::of(put(1, &parts[0][1..])).await.refused(422), "request_invalid");
        let wrong = put(2, parts[1]).header("content-digest", "sha-256=:AAAA:");
        assert_eq!(Reply::of(wrong).await.status, 200, "the first digest counts");
        let last = Reply::of(put(parts.len(), parts[parts.len() - 1])).await.is(200);
        assert_eq!(last["bytes"], parts[parts.len() - 1].len());
        assert_eq!(house.post(&complete, json!({})).await.refused(409), "parts_missing");
        let there = shelf.show(id).await.is(200)["upload"]["received"].clone();
        assert_eq!(there.as_array().map(Vec::len), Some(2), "{there}");
        // What is there tells what is missing: a client that was killed sends that and nothing else.
        for number in 1..parts.len() {
            Reply::of(put(number, parts[number - 1])).await.is(200);
        }
        let damaged = shelf.service().request(Method::PUT, &format!("/v1/assets/{id}/parts/1")).bearer_auth(&shelf.service().operator);
        let digest = format!("sha-256=:{}:", STANDARD.encode([7; 32]));
        let damaged = Reply::of(damaged.header("content-digest", digest).body(parts[0].to_vec())).await;
        assert_eq!(damaged.refused(422), "request_invalid");
        let once = key();
        let done = shelf.service().post_as(&once, &complete, &shelf.service().operator, json!({})).await;
        assert_eq!(done.is(200)["state"], "ready", "{}", done.text);
        let again = shelf.service().post_as(&once, &complete, &shelf.service().operator, json!({})).await;
        assert_eq!((again.is(200), again.is_replayed()), (done.is(200), true));
        assert_eq!(Reply::of(put(1, parts[0])).await.refused(409), "upload_ended");
        let content = shelf.service().request(Method::GET, &format!("/v1/assets/{id}/content"));
        let content = content.bearer_auth(&shelf.service().operator).send().await.expect("an answer");
        assert_eq!(content.bytes().await.expect("a body"), jpeg);
    }

    async fn what_the_policy_does_not_keep_is_refused(fresh: Fresh) {
        let settings = packshot_server::Settings { policy: "upixel".to_owned(), ..fresh.settings() };
        let shelf = Shelf::with(&fresh, settings).await;
        let photo = shelf.house.post("/v1/assets", json!({ "bytes": 100 })).await;
        assert_eq!(photo.refused(422), "asset_not_kept", "UPIXEL keeps no uploads");
        let large = shelf.house.post("/v1/assets", json!({ "bytes": 1_u64 << 40, "kind": "result" })).await;
        assert_eq!(large.refused(422), "asset_too_large");
        for wrong in [json!({ "bytes": 0 }), json!({ "bytes": 5, "kind": "film" }), json!({ "bytes": 5, "name": "" })] {
            assert_eq!(shelf.house.post("/v1/assets", wrong).await.refused(422), "request_invalid");
        }
    }

    async fn a_list_has_pages(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let mut ids = Vec::new();
        for _ in 0..5 {
            ids.push(shelf.house.post("/v1/assets", json!({ "bytes": 5 })).await.is(201)["id"].clone());
        }
        let mut seen = Vec::new();
        let mut path = "/v1/assets?limit=2".to_owned();
        loop {
            let page = shelf.house.get(&path).await.is(200);
            seen.extend(page["items"].as_array().expect("items").iter().map(|asset| asset["id"].clone()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/v1/assets?limit=2&after={next}");
        }
        ids.reverse();
        assert_eq!(seen, ids, "the newest first");
        assert_eq!(shelf.house.get("/v1/assets?limit=0").await.refused(422), "request_invalid");
    }
}
