//! Credits over HTTP.

use std::time::Duration;

use serde_json::json;

use super::House;
use crate::service::{Reply, key};
use crate::stores::{Fresh, on_both};

on_both! {
    async fn credits_are_granted_held_and_spent(fresh: Fresh) {
        let house = House::with_credits(&fresh, 10_000).await;
        let hold = house.post("/v1/holds", json!({ "amount": 4000 })).await;
        let made = hold.is(201);
        assert_eq!((&made["state"], &made["amount"]), (&json!("open"), &json!(4000)));
        assert_eq!(hold.header("packshot-credits-held"), Some("4000"));
        let path = format!("/v1/holds/{}", made["id"].as_str().expect("an id"));
        assert_eq!(house.get(&path).await.is(200), made);
        let balance = house.get("/v1/credits").await.is(200);
        assert_eq!((&balance["available"], &balance["held"]), (&json!(6000), &json!(4000)));

        let captured = house.post(&format!("{path}/capture"), json!({ "amount": 1500 })).await;
        assert_eq!(captured.header("packshot-credits-charged"), Some("1500"));
        assert_eq!((&captured.is(200)["state"], &captured.is(200)["captured"]), (&json!("captured"), &json!(1500)));
        let balance = house.get("/v1/credits").await.is(200);
        let sums = ["available", "held", "consumed", "granted"].map(|name| balance[name].as_i64());
        assert_eq!(sums, [Some(8500), Some(0), Some(1500), Some(10_000)]);
        let again = house.post(&format!("{path}/void"), json!({})).await;
        assert_eq!(again.refused(409), "hold_ended");

        let correction = json!({ "transaction": 3, "amount": 500, "reason": "the picture was empty" });
        let corrected = house.admin("corrections", correction).await.is(201);
        assert_eq!((&corrected["kind"], &corrected["corrects"]), (&json!("correct"), &json!(3)));
        let audit = house.get(&format!("/v1/admin/organisations/{}/audit", house.organisation)).await.is(200);
        assert_eq!(audit, json!({ "transactions": 4, "faults": [] }));
    }

    async fn too_few_credits_are_told_with_numbers(fresh: Fresh) {
        let house = House::with_credits(&fresh, 1000).await;
        let refused = house.post("/v1/holds", json!({ "amount": 1001 })).await;
        assert_eq!(refused.refused(402), "insufficient_credits");
        let problem = refused.is(402);
        assert_eq!((&problem["needed"], &problem["available"]), (&json!(1001), &json!(1000)));
    }

    async fn a_request_has_its_effect_once(fresh: Fresh) {
        let house = House::with_credits(&fresh, 10_000).await;
        let operator = &house.service.operator;
        let (key, body) = (key(), json!({ "amount": 3000, "expires_in": 60 }));
        let first = house.service.post_as(&key, "/v1/holds", operator, body.clone()).await;
        house.service.wait(Duration::from_secs(10)).await;
        let second = house.service.post_as(&key, "/v1/holds", operator, body).await;
        assert_eq!((first.status, first.is(201)), (second.status, second.is(201)));
        assert!(!first.is_replayed() && second.is_replayed());
        let other = house.service.post_as(&key, "/v1/holds", operator, json!({ "amount": 3001 })).await;
        assert_eq!(other.refused(422), "idempotency_key_reused");
        let path = format!("/v1/holds/{}/capture", first.is(201)["id"].as_str().expect("an id"));
        let other = house.service.post_as(&key, &path, operator, json!({})).await;
        assert_eq!(other.refused(422), "idempotency_key_reused");
        assert_eq!(house.get("/v1/credits").await.is(200)["held"], 3000);
    }

    async fn an_answer_that_is_lost_can_be_asked_for_again(fresh: Fresh) {
        let house = House::with_credits(&fresh, 10_000).await;
        let operator = &house.service.operator;
        for (kind, fails) in [("cut_after_commit", true), ("error_after_commit", false), ("latency", false)] {
            house.service.faults(json!([{ "kind": kind, "path": "/v1/holds", "latency": 50 }])).await;
            let key = key();
            let request = || {
                let request = house.service.keyed(reqwest::Method::POST, "/v1/holds", &key);
                request.bearer_auth(operator).json(&json!({ "amount": 100 }))
            };
            let first = Reply::attempt(request()).await;
            assert_eq!(first.is_err(), fails, "{kind}: {first:?}");
            let second = Reply::of(request()).await;
            second.is(201);
            assert!(second.is_replayed(), "{kind}");
        }
        assert_eq!(house.get("/v1/credits").await.is(200)["held"], 300);
        house.service.faults(json!([{ "kind": "cut_before" }, { "kind": "error_before" }])).await;
        let request = house.service.keyed(reqwest::Method::POST, "/v1/holds", &crate::service::key());
        let request = request.bearer_auth(operator).json(&json!({ "amount": 100 }));
        assert!(Reply::attempt(request.try_clone().expect("a copy")).await.is_err());
        assert_eq!(Reply::of(request.try_clone().expect("a copy")).await.refused(500), "internal");
        assert!(!Reply::of(request).await.is_replayed(), "what fails before has no effect");
        let wrong = house.service.ask("/v1/test/faults", json!({ "faults": [{ "kind": "meteor" }] })).await;
        assert!(wrong.is(422)["fields"][0]["problem"].as_str().expect("a text").contains("cut_after_commit"));
    }

    async fn a_quote_is_what_is_paid_at_most(fresh: Fresh) {
        let house = House::with_credits(&fresh, 100_000).await;
        let recipe = json!({ "schema": "packshot.recipe/1", "steps": [{ "remove_background": {} }] });
        let ask = json!({ "recipe": recipe, "photo": { "width": 2000, "height": 1500 }, "count": 10 });
        let quote = house.post("/v1/credits/quotes", ask).await.is(201);
        assert_eq!(quote["amount"], 11_000);
        let hold = house.post("/v1/holds", json!({ "quote": quote["id"], "amount": 12_000 })).await.is(201);
        assert_eq!((&hold["amount"], &hold["quoted"]), (&json!(12_000), &json!(11_000)));
        let path = format!("/v1/holds/{}/capture", hold["id"].as_str().expect("an id"));
        assert_eq!(house.post(&path, json!({ "amount": 11_001 })).await.refused(422), "capture_too_large");
        assert_eq!(house.post(&path, json!({})).await.is(200)["captured"], 11_000);
        house.service.wait(Duration::from_secs(3601)).await;
        let late = house.post("/v1/holds", json!({ "quote": quote["id"] })).await;
        assert_eq!(late.refused(422), "quote_invalid");
        let forged = quote["id"].as_str().expect("a text").replace("psq_A", "psq_B");
        assert_eq!(house.post("/v1/holds", json!({ "quote": forged })).await.refused(422), "quote_invalid");
    }

    async fn a_plan_gives_its_credits_once_a_month(fresh: Fresh) {
        let house = House::on(&fresh).await;
        fresh.change("UPDATE organisation SET granted_for = NULL").await.expect("the owner may");
        let available = async || house.get("/v1/credits").await.is(200)["available"].as_i64().expect("a number");
        house.service.wait(Duration::from_secs(1)).await;
        house.service.wait(Duration::from_secs(1)).await;
        assert_eq!(available().await, 20_000, "the free plan of Narpix");
        // 15 January 2027; the credits of January end with it.
        house.service.wait(Duration::from_secs(17 * 24 * 3600)).await;
        assert_eq!(available().await, 20_000);
        let grants = house.get("/v1/credits/grants").await.is(200);
        let ends: Vec<_> = grants["items"].as_array().expect("items").iter().map(|grant| grant["expires_at"].as_str()).collect();
        assert_eq!(ends, [Some("2027-02-01T00:00:00Z"), Some("2027-03-01T00:00:00Z")]);

        let key = key();
        let path = format!("/v1/admin/organisations/{}/plan", house.organisation);
        let operator = &house.service.operator;
        for replayed in [false, true] {
            let reply = house.service.post_as(&key, &path, operator, json!({ "plan": "paid" })).await;
            reply.is(204);
            assert_eq!(reply.is_replayed(), replayed);
            assert_eq!(available().await, 1_020_000);
        }
        assert_eq!(house.post(&path, json!({ "plan": "gold" })).await.refused(422), "request_invalid");
        let nowhere = format!("/v1/admin/organisations/{}/plan", packshot_server::Id::new());
        assert_eq!(house.post(&nowhere, json!({ "plan": "paid" })).await.refused(404), "not_found");
    }

    async fn a_hold_ends_by_itself(fresh: Fresh) {
        let house = House::with_credits(&fresh, 1000).await;
        let hold = house.post("/v1/holds", json!({ "amount": 1000, "expires_in": 60 })).await.is(201);
        house.service.wait(Duration::from_secs(60)).await;
        let path = format!("/v1/holds/{}", hold["id"].as_str().expect("an id"));
        assert_eq!(house.get(&path).await.is(200)["state"], "expired");
        assert_eq!(house.get("/v1/credits").await.is(200)["available"], 1000);
        for wrong in [json!({ "amount": 1, "expires_in": 0 }), json!({ "amount": 1, "expires_in": 604_801 }), json!({})] {
            assert_eq!(house.post("/v1/holds", wrong).await.refused(422), "request_invalid");
        }
    }

    async fn the_journal_comes_in_pages_and_as_a_table(fresh: Fresh) {
        let house = House::with_credits(&fresh, 10_000).await;
        for _ in 0..4 {
            house.post("/v1/holds", json!({ "amount": 100 })).await.is(201);
        }
        let (mut numbers, mut after) = (Vec::new(), String::new());
        loop {
            let page = house.get(&format!("/v1/credits/transactions?limit=2{after}")).await.is(200);
            numbers.extend(page["items"].as_array().expect("items").iter().map(|item| item["number"].as_i64()));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(numbers, [1, 2, 3, 4, 5].map(Some));
        assert_eq!(house.get("/v1/credits/transactions?limit=0").await.refused(422), "request_invalid");
        assert_eq!(house.get("/v1/credits/transactions?before=1").await.refused(422), "request_invalid");
        let csv = house.get("/v1/credits/statement").await;
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
        let lines: Vec<&str> = csv.text.split("\r\n").collect();
        assert_eq!(lines[0], "number,time,kind,credits,available,subject,corrects");
        assert!(lines[1].starts_with("1,2027-01-15T08:00:00Z,grant,10,10,"), "{}", lines[1]);
        assert!(lines[5].starts_with("5,2027-01-15T08:00:00Z,hold,-0.1,9.6,"), "{}", lines[5]);
        let none = house.get("/v1/credits/statement?from=2028-01-01T00:00:00Z").await.text;
        assert_eq!(none.lines().count(), 1);
    }
}
