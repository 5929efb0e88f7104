//! What all routes share: who is let in, how errors look, limits, versions, addresses.

use std::num::NonZeroU32;
use std::time::Duration;

use packshot_server::{Id, Settings};
use reqwest::Method;
use serde_json::json;

use super::House;
use crate::service::{Reply, Running, key};
use crate::stores::{Fresh, on_both};

on_both! {
    async fn whoever_is_not_known_is_refused(fresh: Fresh) {
        let house = House::on(&fresh).await;
        let nobody = Reply::of(house.service.request(Method::GET, "/v1/credits")).await;
        assert_eq!(nobody.refused(401), "token_missing");
        assert_eq!(nobody.header("www-authenticate"), Some("Bearer"));
        for token in ["psa_AAAA", "anything", &house.service.operator.replace("psa_A", "psa_B")] {
            assert_eq!(house.service.get("/v1/credits", token).await.refused(401), "token_invalid", "{token}");
        }
        let foreign = house.service.request(Method::GET, "/v1/credits").bearer_auth(&house.service.operator);
        let foreign = Reply::of(foreign.header("packshot-organisation", Id::new().to_string())).await;
        assert_eq!(foreign.refused(404), "not_found");
    }

    async fn a_code_for_the_operator_works_once(fresh: Fresh) {
        let service = packshot_server::Service::start(fresh.settings()).await.expect("a service");
        let (old, code) = (service.operator_code().await.expect("a code"), service.operator_code().await.expect("a code"));
        drop(service);
        let service = Running::on(&fresh).await;
        let path = "/v1/sessions/operator";
        assert_eq!(service.ask(path, json!({ "token": old })).await.refused(422), "code_invalid");
        let once = key();
        let request = || service.keyed(Method::POST, path, &once).json(&json!({ "token": code }));
        let first = Reply::of(request()).await;
        let tokens = first.is(201);
        let replay = Reply::of(request()).await;
        assert_eq!((replay.is(201), replay.is_replayed()), (tokens.clone(), true), "a lost answer comes again");
        assert_eq!(service.ask(path, json!({ "token": code })).await.refused(422), "code_invalid");
        let access = tokens["access_token"].as_str().expect("a token");
        let organisation = Id::new();
        let audit = format!("/v1/admin/organisations/{organisation}/audit");
        assert_eq!(service.get(&audit, access).await.refused(404), "not_found");
        service.wait(Duration::from_secs(901)).await;
        assert_eq!(service.get(&audit, access).await.refused(401), "token_invalid", "an access token is short-lived");
    }

    async fn a_restart_keeps_everything(fresh: Fresh) {
        let house = House::with_credits(&fresh, 5000).await;
        let (token, organisation) = (house.service.operator.clone(), house.organisation);
        house.service.stop().await;
        let service = Running::on(&fresh).await;
        assert_eq!(service.get("/v1/credits", &token).await.is(200)["available"], 5000, "{organisation}");
    }

    async fn a_missing_or_another_key_stops_the_start(fresh: Fresh) {
        Running::on(&fresh).await.stop().await;
        let settings = fresh.settings();
        let path = settings.data.join("service.key");
        let text = std::fs::read_to_string(&path).expect("a key file");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
        }
        let start = async |settings: Settings| packshot_server::Service::start(settings).await.map(drop);
        std::fs::remove_file(&path).expect("it can be removed");
        let missing = start(settings.clone()).await.expect_err("no key");
        assert_eq!(missing.code().as_str(), "key_file");
        assert!(missing.to_string().contains("service.key") && missing.to_string().contains("fingerprint"), "{missing}");
        assert!(!path.exists(), "a new key is never made over data");
        std::fs::write(&path, "ab".repeat(32)).expect("it can be written");
        let other = start(settings.clone()).await.expect_err("another key").to_string();
        assert!(other.contains("fingerprint"), "{other}");
        std::fs::write(&path, "short").expect("it can be written");
        assert!(start(settings.clone()).await.is_err());
        std::fs::remove_file(&path).expect("it can be removed");
        let given = Settings { service_key: Some(text.trim().to_owned()), ..settings };
        start(given).await.expect("the right key from elsewhere");
    }

    async fn wrong_requests_are_told_what_is_wrong(fresh: Fresh) {
        let house = House::on(&fresh).await;
        let service = &house.service;
        let send = async |body: &'static str, kind: &str| {
            let request = service.keyed(Method::POST, "/v1/holds", &key()).bearer_auth(&service.operator);
            Reply::of(request.header("content-type", kind).body(body)).await
        };
        assert_eq!(send("{}", "text/plain").await.refused(400), "body_unreadable");
        assert_eq!(send("{", "application/json").await.refused(400), "body_unreadable");
        assert_eq!(send("{} {}", "application/json").await.refused(400), "body_unreadable");
        let wrong = send(r#"{"amount": -1}"#, "application/json").await;
        assert_eq!(wrong.refused(422), "request_invalid");
        assert_eq!(wrong.is(422)["fields"][0]["field"], "amount");
        assert_eq!(send(r#"{"amoun": 1}"#, "application/json").await.refused(422), "request_invalid");
        let long = Reply::of(
            service.keyed(Method::POST, "/v1/holds", &key()).bearer_auth(&service.operator)
                .header("content-type", "application/json").body(" ".repeat(2 << 20)),
        ).await;
        assert_eq!(long.refused(413), "body_too_large");
        let keyless = service.request(Method::POST, "/v1/holds").bearer_auth(&service.operator).json(&json!({}));
        assert_eq!(Reply::of(keyless).await.refused(400), "idempotency_key_missing");
        let bad = service.keyed(Method::POST, "/v1/holds", "a b").bearer_auth(&service.operator).json(&json!({}));
        assert_eq!(Reply::of(bad).await.refused(400), "idempotency_key_invalid");
        assert_eq!(house.get("/v1/nothing").await.refused(404), "no_such_route");
        assert_eq!(service.delete("/v1/credits", &service.operator).await.refused(405), "method_not_allowed");
        assert_eq!(house.get("/v1/holds/none").await.refused(404), "not_found");
        let version = service.request(Method::GET, "/v1/health");
        assert_eq!(Reply::of(version.header("packshot-version", "2020-01-01")).await.refused(400), "version_unknown");
        let health = house.get("/v1/health").await;
        assert_eq!((health.is(200)["status"].as_str(), health.header("packshot-version")), (Some("ok"), Some("2026-12-01")));
    }

    async fn a_quoted_key_is_the_same_key(fresh: Fresh) {
        let house = House::with_credits(&fresh, 1000).await;
        let key = key();
        let operator = &house.service.operator;
        house.service.post_as(&key, "/v1/holds", operator, json!({ "amount": 100 })).await.is(201);
        let again = house.service.post_as(&format!("\"{key}\""), "/v1/holds", operator, json!({ "amount": 100 })).await;
        assert!(again.is_replayed());
    }

    async fn limits_are_told_before_and_when_they_are_met(fresh: Fresh) {
        let limit = NonZeroU32::new(3).expect("not zero");
        let service = Running::with(Settings { limit_account: limit, ..fresh.settings() }).await;
        let audit = format!("/v1/admin/organisations/{}/audit", Id::new());
        for left in [2, 1, 0] {
            let answer = service.get(&audit, &service.operator).await;
            assert_eq!(answer.header("ratelimit"), Some(&*format!("\"account\";r={left};t=60")));
            assert_eq!(answer.header("ratelimit-policy"), Some("\"account\";q=3;w=60"));
        }
        let refused = service.get(&audit, &service.operator).await;
        assert_eq!(refused.refused(429), "rate_limited");
        let after: u64 = refused.header("retry-after").expect("a time").parse().expect("seconds");
        assert!((1..=60).contains(&after), "{after}");
        assert_eq!(refused.header("packshot-should-retry"), Some("true"));
    }

    async fn a_forged_address_changes_nothing(fresh: Fresh) {
        let limit = NonZeroU32::new(5).expect("not zero");
        let from = async |service: &Running, chain: &str| {
            let request = service.request(Method::GET, "/v1/plans").header("x-forwarded-for", chain);
            Reply::of(request).await.status
        };
        let service = Running::with(Settings { limit_address: limit, ..fresh.settings() }).await;
        let mut refused = 0;
        for number in 0..10 {
            refused += u32::from(from(&service, &format!("198.51.100.{number}")).await == 429);
        }
        assert_eq!(refused, 5, "the header of somebody who is no proxy counts nothing");
        service.stop().await;
        let trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        let service = Running::with(Settings { limit_address: limit, trusted_proxies, ..fresh.settings() }).await;
        let (mut forger, mut other) = (0, 0);
        for number in 0..10 {
            // The proxy adds the address that it sees; what comes before is the client's own.
            forger += u32::from(from(&service, &format!("198.51.100.{number}, 203.0.113.7")).await == 429);
            other += u32::from(number < 5 && from(&service, "203.0.113.8").await == 429);
        }
        assert_eq!((forger, other), (5, 0), "two clients behind one proxy have a limit each");
    }

    async fn numbers_are_for_prometheus(fresh: Fresh) {
        let house = House::on(&fresh).await;
        house.get("/v1/credits").await.is(200);
        let text = house.get("/metrics").await.text;
        let line = "packshot_requests_total{route=\"/v1/credits\",method=\"GET\",status=\"200\"}";
        assert!(text.contains(line), "{text}");
        assert!(text.contains("# HELP packshot_request_seconds"));
        assert!(!text.contains(&house.organisation.to_string()));
    }
}
