//! Sign-up, confirmation, passwords, closing.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{PASSWORD, Town, sign_up};
use crate::service::key;
use crate::stores::{Fresh, on_both};

const ANNA: &str = "anna@example.org";
const DAY: Duration = Duration::from_secs(24 * 3600);

on_both! {
    async fn somebody_signs_up_and_in(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        assert_eq!(town.service.ask("/v1/accounts", sign_up(" Anna@Example.ORG ")).await.is(202), json!({}));
        assert_eq!(town.sign_in(ANNA, PASSWORD).await.refused(403), "account_not_active");
        let code = town.code(ANNA).await;
        let account = town.service.ask("/v1/accounts/confirm", json!({ "token": code })).await.is(200);
        assert_eq!((&account["email"], &account["state"], &account["operator"]), (&json!(ANNA), &json!("active"), &json!(false)));
        let again = town.service.ask("/v1/accounts/confirm", json!({ "token": code })).await;
        assert_eq!(again.refused(422), "code_invalid", "a code works once");
        let tokens = town.sign_in("ANNA@example.org", PASSWORD).await.is(201);
        let access = tokens["access_token"].as_str().expect("a token");
        assert_eq!(town.service.get("/v1/account", access).await.is(200), account);
        let organisations = town.service.get("/v1/organisations", access).await.is(200);
        assert_eq!((&organisations["items"][0]["role"], &organisations["items"][0]["plan"]), (&json!("owner"), &json!("free")));
        let balance = town.service.get("/v1/credits", access).await.is(200);
        assert_eq!(balance["available"], 20_000, "the plan's credits are there at once");
        let named = town.service.patch("/v1/account", access, json!({ "name": "Anna" })).await.is(200);
        assert_eq!(named["name"], "Anna");
        let unnamed = town.service.patch("/v1/account", access, json!({ "name": " " })).await.is(200);
        assert_eq!(unnamed["name"], Value::Null);
    }

    async fn a_request_is_repeated_with_its_answer(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let (first, confirm, open) = (key(), key(), key());
        let send = async |key: &str, path: &str, body: &Value| {
            let replies = [
                crate::service::Reply::of(town.service.keyed(reqwest::Method::POST, path, key).json(body)).await,
                crate::service::Reply::of(town.service.keyed(reqwest::Method::POST, path, key).json(body)).await,
            ];
            assert_eq!((replies[0].status, &replies[0].text), (replies[1].status, &replies[1].text));
            assert!(!replies[0].is_replayed() && replies[1].is_replayed());
            replies.into_iter().next().expect("a reply")
        };
        send(&first, "/v1/accounts", &sign_up(ANNA)).await.is(202);
        assert_eq!(town.mails(ANNA).await, 1);
        let code = town.code(ANNA).await;
        send(&confirm, "/v1/accounts/confirm", &json!({ "token": code })).await.is(200);
        send(&open, "/v1/sessions", &json!({ "email": ANNA, "password": PASSWORD })).await.is(201);
        let other = json!({ "email": ANNA, "password": "another one of hers" });
        let other = town.service.keyed(reqwest::Method::POST, "/v1/accounts", &first).json(&other);
        assert_eq!(crate::service::Reply::of(other).await.refused(422), "request_invalid");
        let other = sign_up("ben@example.org");
        let other = town.service.keyed(reqwest::Method::POST, "/v1/accounts", &first).json(&other);
        assert_eq!(crate::service::Reply::of(other).await.refused(422), "idempotency_key_reused");
    }

    async fn nobody_learns_who_has_an_account(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let anna = town.person(ANNA).await;
        let known = town.service.ask("/v1/accounts", sign_up(ANNA)).await;
        let unknown = town.service.ask("/v1/accounts", sign_up("new@example.org")).await;
        assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
        town.mails(ANNA).await;
        assert!(fresh.mails(ANNA).last().expect("a mail").contains("has an account already"));
        for path in ["/v1/accounts/confirm/resend", "/v1/accounts/password/forgotten"] {
            for email in [ANNA, "nobody@example.org", "new@example.org"] {
                assert_eq!(town.service.ask(path, json!({ "email": email })).await.is(202), json!({}), "{path} {email}");
            }
        }
        assert_eq!(town.mails("nobody@example.org").await, 0);
        let mut times = [Duration::ZERO; 2];
        for _ in 0..5 {
            for (place, email) in [ANNA, "nobody@example.org"].into_iter().enumerate() {
                let begin = Instant::now();
                assert_eq!(town.sign_in(email, "not the password").await.refused(401), "sign_in_failed");
                times[place] += begin.elapsed();
            }
        }
        let ratio = times[0].as_secs_f64() / times[1].as_secs_f64();
        assert!((0.3..3.0).contains(&ratio), "both check a password: {times:?}");
        assert_eq!(town.sign_in("no address", PASSWORD).await.refused(401), "sign_in_failed");
        assert!(!anna.access.is_empty());
    }

    async fn two_sign_ups_at_once_make_one_account(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let both = [town.service.ask("/v1/accounts", sign_up(ANNA)), town.service.ask("/v1/accounts", sign_up(ANNA))];
        let [one, other] = both;
        let (one, other) = tokio::join!(one, other);
        assert_eq!((one.status, other.status), (202, 202));
        let code = town.code(ANNA).await;
        town.service.ask("/v1/accounts/confirm", json!({ "token": code })).await.is(200);
        town.sign_in(ANNA, PASSWORD).await.is(201);
    }

    async fn ages_are_as_the_policy_says(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let of_age = |age: u32| json!({ "email": "kim@example.org", "password": PASSWORD, "age": age });
        assert_eq!(town.service.ask("/v1/accounts", of_age(12)).await.refused(403), "too_young");
        assert_eq!(town.mails("kim@example.org").await, 0);
        assert_eq!(town.service.ask("/v1/accounts", of_age(15)).await.refused(422), "guardian_needed");
        let mut with_guardian = of_age(15);
        with_guardian["guardian_email"] = json!("kim@example.org");
        assert_eq!(town.service.ask("/v1/accounts", with_guardian.clone()).await.refused(422), "request_invalid");
        with_guardian["guardian_email"] = json!("parent@example.org");
        town.service.ask("/v1/accounts", with_guardian).await.is(202);
        assert_eq!((town.mails("kim@example.org").await, town.mails("parent@example.org").await), (0, 1));
        let code = town.code("parent@example.org").await;
        assert_eq!(town.service.ask("/v1/accounts/confirm", json!({ "token": code })).await.refused(422), "code_invalid");
        town.service.ask("/v1/accounts/guardian", json!({ "token": code })).await.is(202);
        let code = town.code("kim@example.org").await;
        town.service.ask("/v1/accounts/confirm", json!({ "token": code })).await.is(200);
    }

    async fn the_policy_of_a_country_counts(fresh: Fresh) {
        let town = Town::with_policy(&fresh, "picphoto").await;
        let from = |country: &str| json!({ "email": "kim@example.org", "password": PASSWORD, "age": 15, "country": country });
        assert_eq!(town.service.ask("/v1/accounts", from("DE")).await.refused(403), "too_young");
        town.service.ask("/v1/accounts", from("US")).await.is(202);
    }

    async fn what_is_wrong_with_a_sign_up_is_told(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let problem = async |change: Value| {
            let mut body = sign_up(ANNA);
            body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
            let reply = town.service.ask("/v1/accounts", body).await.is(422);
            reply["fields"][0]["field"].as_str().expect("a field").to_owned()
        };
        assert_eq!(problem(json!({ "email": "anna" })).await, "email");
        assert_eq!(problem(json!({ "password": "password1" })).await, "password");
        assert_eq!(problem(json!({ "password": ANNA })).await, "password");
        assert_eq!(problem(json!({ "age": -1 })).await, "age");
        assert_eq!(problem(json!({ "country": "Germany" })).await, "country");
        assert_eq!(problem(json!({ "name": "a\nb" })).await, "name");
    }

    async fn a_forgotten_password_is_replaced_by_mail(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let anna = town.person(ANNA).await;
        town.service.ask("/v1/accounts/password/forgotten", json!({ "email": ANNA })).await.is(202);
        let old = town.code(ANNA).await;
        town.service.ask("/v1/accounts/password/forgotten", json!({ "email": ANNA })).await.is(202);
        let code = town.code(ANNA).await;
        let set = async |code: &str, password: &str| {
            town.service.ask("/v1/accounts/password/reset", json!({ "token": code, "password": password })).await
        };
        assert_eq!(set(&code, "12345678").await.refused(422), "request_invalid");
        set(&code, "a whole new password").await.is(204);
        for code in [&code, &old] {
            assert_eq!(set(code, "yet another password").await.refused(422), "code_invalid", "all codes end with the password");
        }
        assert_eq!(town.service.get("/v1/account", &anna.access).await.refused(401), "token_invalid");
        assert_eq!(town.sign_in(ANNA, PASSWORD).await.refused(401), "sign_in_failed");
        town.sign_in(ANNA, "a whole new password").await.is(201);
        town.service.ask("/v1/accounts/password/forgotten", json!({ "email": ANNA })).await.is(202);
        let code = town.code(ANNA).await;
        town.service.wait(Duration::from_secs(3600)).await;
        assert_eq!(set(&code, "yet another password").await.refused(422), "code_invalid", "a code ends by itself");
    }

    async fn a_password_is_changed_and_other_sessions_end(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let anna = town.person(ANNA).await;
        let elsewhere = town.sign_in(ANNA, PASSWORD).await.is(201)["access_token"].as_str().expect("a token").to_owned();
        let change = json!({ "current": PASSWORD, "new": "a whole new password" });
        let wrong = json!({ "current": "not the password", "new": "a whole new password" });
        assert_eq!(town.service.post("/v1/account/password", &anna.access, wrong).await.refused(422), "request_invalid");
        let key = key();
        for replayed in [false, true] {
            let reply = town.service.post_as(&key, "/v1/account/password", &anna.access, change.clone()).await;
            reply.is(204);
            assert_eq!(reply.is_replayed(), replayed);
        }
        town.service.get("/v1/account", &anna.access).await.is(200);
        assert_eq!(town.service.get("/v1/account", &elsewhere).await.refused(401), "token_invalid");
        town.sign_in(ANNA, "a whole new password").await.is(201);
    }

    async fn an_account_is_closed_and_opened_again(fresh: Fresh) {
        let town = Town::with_policy(&fresh, "picphoto").await;
        let anna = town.person(ANNA).await;
        let close = async |access: &str, password: &str| {
            town.service.post("/v1/account/close", access, json!({ "password": password })).await
        };
        let made = json!({ "name": "shop", "permissions": ["credits:read"] });
        let secret = town.service.post("/v1/keys", &anna.access, made).await.is(201)["secret"].as_str().expect("a key").to_owned();
        town.service.get("/v1/credits", &secret).await.is(200);
        assert_eq!(close(&anna.access, "not the password").await.refused(422), "request_invalid");
        let closed = close(&anna.access, PASSWORD).await.is(200);
        assert_eq!(closed["state"], "closed");
        assert!(closed["reopen_until"].as_str() > closed["closed_at"].as_str(), "{closed}");
        for token in [&anna.access, &secret] {
            assert_eq!(town.service.get("/v1/credits", token).await.refused(401), "token_invalid");
        }
        assert_eq!(town.sign_in(ANNA, PASSWORD).await.refused(403), "account_not_active");
        let reopen = async |password: &str| {
            town.service.ask("/v1/accounts/reopen", json!({ "email": ANNA, "password": password })).await
        };
        assert_eq!(reopen("not the password").await.refused(401), "sign_in_failed");
        assert_eq!(reopen(PASSWORD).await.is(200)["state"], "active");
        assert_eq!(reopen(PASSWORD).await.refused(409), "account_not_closed");
        let access = town.sign_in(ANNA, PASSWORD).await.is(201)["access_token"].as_str().expect("a token").to_owned();
        close(&access, PASSWORD).await.is(200);
        town.service.wait(366 * DAY).await;
        assert_eq!(reopen(PASSWORD).await.refused(401), "sign_in_failed", "as if there were none");
    }

    async fn a_mail_that_cannot_be_sent_is_tried_again(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        // A file where the folder should be.
        let folder = fresh.settings().data.join("mail");
        std::fs::write(&folder, "").expect("it can be written");
        town.service.ask("/v1/accounts", sign_up(ANNA)).await.is(202);
        assert_eq!(town.mails(ANNA).await, 0);
        std::fs::remove_file(&folder).expect("it can be removed");
        assert_eq!(town.mails(ANNA).await, 0, "not at once");
        town.service.wait(Duration::from_secs(60)).await;
        assert_eq!(town.mails(ANNA).await, 1);
    }
}
