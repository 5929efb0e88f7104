//! Closing an account ends what it owns, and coming back ends that.

use packshot::ImageFormat;
use reqwest::Method;
use serde_json::json;

use super::picture;
use crate::identity::{PASSWORD, Town};
use crate::service::Reply;
use crate::stores::{Fresh, on_both};

on_both! {
    async fn what_a_closed_account_owns_ends_unless_it_comes_back(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let anna = town.person("anna@example.org").await;
        let service = &town.service;
        let bytes = picture(1, ImageFormat::Jpeg);
        let asset = service.post("/v1/assets", &anna.access, json!({ "bytes": bytes.len() })).await.is(201);
        let url = format!("{}/1", asset["upload"]["url"].as_str().expect("an address"));
        Reply::of(service.request(Method::PUT, &url).body(bytes)).await.is(200);
        let id = asset["id"].as_str().expect("an id");
        let path = format!("/v1/assets/{id}");
        service.post(&format!("{path}/complete"), &anna.access, json!({})).await.is(200);
        let plan = |organisation: &str| format!("/v1/admin/organisations/{organisation}/plan");
        let own = service.get("/v1/organisations", &anna.access).await.is(200);
        let own = own["items"][0]["id"].as_str().expect("an id").to_owned();
        service.post(&plan(&own), &service.operator, json!({ "plan": "paid" })).await.is(204);
        let before = service.get(&path, &anna.access).await.is(200)["expires_at"].clone();
        service.post("/v1/account/close", &anna.access, json!({ "password": PASSWORD })).await.is(200);
        // Narpix says within 30 days; a closed account can come back for a week.
        service.wait(std::time::Duration::from_secs(3 * 24 * 3600)).await;
        service.ask("/v1/accounts/reopen", json!({ "email": "anna@example.org", "password": PASSWORD })).await;
        let tokens = town.sign_in("anna@example.org", PASSWORD).await.is(201);
        let access = tokens["access_token"].as_str().expect("a token");
        let after = service.get(&path, access).await.is(200);
        assert_eq!(after["expires_at"], before, "as if nothing had happened: {after}");
        assert!(!after["retention"]["sentence"].as_str().expect("text").contains("closed"), "{after}");
    }
}
