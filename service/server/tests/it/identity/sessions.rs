//! Tokens: refreshed, lost, stolen, ended.

use std::time::Duration;

use serde_json::{Value, json};

use super::{PASSWORD, Town};
use crate::service::{Reply, Running};
use crate::stores::{Fresh, on_both};

const ANNA: &str = "anna@example.org";
const DAY: Duration = Duration::from_secs(24 * 3600);

async fn refresh(service: &Running, token: &str) -> Reply {
    service.ask("/v1/sessions/refresh", json!({ "refresh_token": token })).await
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

on_both! {
    async fn a_session_goes_on_with_new_tokens(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let anna = town.person(ANNA).await;
        town.service.wait(Duration::from_secs(15 * 60)).await;
        assert_eq!(town.service.get("/v1/account", &anna.access).await.refused(401), "token_invalid");
        let tokens = refresh(&town.service, &anna.refresh).await.is(200);
        town.service.get("/v1/account", text(&tokens["access_token"])).await.is(200);
        assert_ne!(tokens["refresh_token"], json!(anna.refresh));
        assert_eq!(refresh(&town.service, text(&tokens["access_token"])).await.refused(401), "token_invalid");
    }

    async fn an_answer_that_was_lost_comes_again_for_half_a_minute(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let anna = town.person(ANNA).await;
        let first = refresh(&town.service, &anna.refresh).await.is(200);
        town.service.wait(Duration::from_secs(29)).await;
        assert_eq!(refresh(&town.service, &anna.refresh).await.is(200), first);
        town.service.get("/v1/account", &anna.access).await.is(200);
        town.service.wait(Duration::from_secs(1)).await;
        assert_eq!(refresh(&town.service, &anna.refresh).await.refused(401), "token_invalid");
        let stolen = refresh(&town.service, text(&first["refresh_token"])).await;
        assert_eq!(stolen.refused(401), "token_invalid", "the whole session ends: somebody else may have its tokens");
        assert_eq!(town.service.get("/v1/account", text(&first["access_token"])).await.refused(401), "token_invalid");
    }

    async fn many_refreshes_at_once_are_one(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let anna = town.person(ANNA).await;
        let replies: Vec<_> = (0..40).map(|_| {
            let request = town.service.keyed(reqwest::Method::POST, "/v1/sessions/refresh", &crate::service::key());
            tokio::spawn(Reply::of(request.json(&json!({ "refresh_token": anna.refresh }))))
        }).collect();
        let mut answers = Vec::new();
        for reply in replies {
            answers.push(reply.await.expect("no panic").is(200));
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "all have the same tokens");
        refresh(&town.service, text(&answers[0]["refresh_token"])).await.is(200);
    }

    async fn a_session_ends_when_it_is_not_used_and_after_all(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let anna = town.person(ANNA).await;
        town.service.wait(30 * DAY).await;
        assert_eq!(refresh(&town.service, &anna.refresh).await.refused(401), "token_invalid");
        let mut token = text(&town.sign_in(ANNA, PASSWORD).await.is(201)["refresh_token"]).to_owned();
        for _ in 0..3 {
            town.service.wait(29 * DAY).await;
            token = text(&refresh(&town.service, &token).await.is(200)["refresh_token"]).to_owned();
        }
        town.service.wait(3 * DAY).await;
        assert_eq!(refresh(&town.service, &token).await.refused(401), "token_invalid", "90 days in all");
    }

    async fn sessions_are_listed_and_ended(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let (anna, ben) = (town.person(ANNA).await, town.person("ben@example.org").await);
        let other = town.sign_in(ANNA, PASSWORD).await.is(201);
        let list = town.service.get("/v1/sessions", &anna.access).await.is(200);
        let items = list["items"].as_array().expect("items");
        assert_eq!(items.iter().filter(|item| item["current"] == true).count(), 1);
        assert_eq!(items.len(), 2);
        let path = format!("/v1/sessions/{}", text(&other["session"]));
        assert_eq!(town.service.delete(&path, &ben.access).await.refused(404), "not_found", "another's session");
        town.service.delete(&path, &anna.access).await.is(204);
        assert_eq!(town.service.get("/v1/account", text(&other["access_token"])).await.refused(401), "token_invalid");
        assert_eq!(town.service.delete(&path, &anna.access).await.refused(404), "not_found");
        town.service.delete("/v1/sessions/current", &anna.access).await.is(204);
        assert_eq!(town.service.get("/v1/account", &anna.access).await.refused(401), "token_invalid");
        assert_eq!(refresh(&town.service, &anna.refresh).await.refused(401), "token_invalid");
    }
}
