//! A marker in every personal field, and then a search for it in all that the service keeps or tells.

use serde_json::json;

use super::Town;
use crate::stores::{Fresh, on_both};

const MARKER: &str = "zyxcanary";

on_both! {
    async fn nothing_personal_is_kept_in_clear(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let email = format!("{MARKER}@{MARKER}.example.org");
        let password = format!("{MARKER} has a long password");
        let guardian = format!("{MARKER}-parent@example.org");
        let child = json!({
            "email": format!("{MARKER}-child@example.org"), "password": password, "age": 15, "name": MARKER, "guardian_email": guardian,
        });
        town.service.ask("/v1/accounts", child).await.is(202);
        let adult = json!({ "email": email, "password": password, "age": 40, "name": format!("{MARKER} Muster") });
        town.service.ask("/v1/accounts", adult).await.is(202);
        let code = town.code(&email).await;
        town.service.ask("/v1/accounts/confirm", json!({ "token": code })).await.is(200);
        let tokens = town.sign_in(&email, &password).await.is(201);
        let access = tokens["access_token"].as_str().expect("a token").to_owned();
        let shop = town.service.post("/v1/organisations", &access, json!({ "name": MARKER })).await.is(201);
        let shop = shop["id"].as_str().expect("an id").to_owned();
        let plan = format!("/v1/admin/organisations/{shop}/plan");
        town.service.post(&plan, &town.service.operator, json!({ "plan": "paid" })).await.is(204);
        let about = |path: &str, body: serde_json::Value| {
            let request = town.service.keyed(reqwest::Method::POST, path, &format!("{MARKER}-{}", crate::service::key()));
            crate::service::Reply::of(request.bearer_auth(&access).header("packshot-organisation", &shop).json(&body))
        };
        about("/v1/invitations", json!({ "email": format!("{MARKER}-friend@example.org"), "role": "member" })).await.is(201);
        let key = about("/v1/keys", json!({ "name": MARKER, "permissions": ["credits:read"] })).await.is(201);
        about("/v1/holds", json!({ "amount": 1 })).await.is(201);
        town.service.get("/v1/account", &access).await.is(200);
        assert_eq!(town.service.get(&format!("/v1/{MARKER}"), &access).await.refused(404), "no_such_route");

        let metrics = town.service.get("/metrics", &access).await.text;
        let secrets = [&access, key["secret"].as_str().expect("a key"), tokens["refresh_token"].as_str().expect("a token"), &code];
        // What is no text breaks up into other characters; a marker stays what it is.
        let kept = String::from_utf8_lossy(&fresh.kept().await).into_owned();
        let lower = kept.to_ascii_lowercase();
        let holds = |text: &str| kept.contains(text) || lower.contains(text);
        assert!(holds("argon2id"), "the search finds what is there");
        assert!(!holds(MARKER), "a personal field is in the database in clear");
        for secret in secrets {
            assert!(!holds(secret), "a token is in the database");
        }
        assert!(!metrics.contains(MARKER), "{metrics}");
        let told = crate::logs::all();
        assert!(told.contains("answered"), "the search reads the log");
        assert!(!told.contains(MARKER), "a personal field is in the log");
        assert!(secrets.iter().all(|secret| !told.contains(*secret)), "a token is in the log");
    }
}
