//! Organisations, their members, invitations and API keys.

use std::time::Duration;

use serde_json::{Value, json};

use super::{PASSWORD, Person, Town};
use crate::service::{Reply, key};
use crate::stores::{Fresh, on_both};

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

impl Town<'_> {
    /// An organisation with the paid plan, which has room for members.
    async fn shop(&self, owner: &Person) -> String {
        let made = self.service.post("/v1/organisations", &owner.access, json!({ "name": "Shop" })).await.is(201);
        let id = text(&made["id"]).to_owned();
        let path = format!("/v1/admin/organisations/{id}/plan");
        self.service.post(&path, &self.service.operator, json!({ "plan": "paid" })).await.is(204);
        id
    }

    /// A request about an organisation.
    async fn about(&self, shop: &str, method: reqwest::Method, path: &str, who: &Person, body: Option<Value>) -> Reply {
        let request = self.service.keyed(method, path, &key()).bearer_auth(&who.access);
        let request = request.header("packshot-organisation", shop);
        Reply::of(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    async fn joins(&self, shop: &str, owner: &Person, who: &Person, role: &str) {
        let body = json!({ "email": who.email, "role": role });
        self.about(shop, reqwest::Method::POST, "/v1/invitations", owner, Some(body)).await.is(201);
        let code = self.code(&who.email).await;
        self.service.post("/v1/invitations/accept", &who.access, json!({ "token": code })).await.is(200);
    }
}

on_both! {
    async fn people_are_invited_and_leave(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let (anna, ben) = (town.person("anna@example.org").await, town.person("ben@example.org").await);
        let shop = town.shop(&anna).await;
        let post = reqwest::Method::POST;
        let invite = json!({ "email": "ben@example.org", "role": "member" });
        let first = town.about(&shop, post.clone(), "/v1/invitations", &anna, Some(invite.clone())).await.is(201);
        let old = town.code("ben@example.org").await;
        let second = town.about(&shop, post.clone(), "/v1/invitations", &anna, Some(invite.clone())).await.is(201);
        assert_ne!(first["id"], second["id"], "a second one takes the place of the first");
        let accept = async |code: &str, who: &Person| {
            town.service.post("/v1/invitations/accept", &who.access, json!({ "token": code })).await
        };
        assert_eq!(accept(&old, &ben).await.refused(422), "code_invalid");
        let code = town.code("ben@example.org").await;
        let joined = accept(&code, &ben).await.is(200);
        assert_eq!((&joined["id"], &joined["role"]), (&json!(shop), &json!("member")));
        assert_eq!(accept(&code, &ben).await.refused(422), "code_invalid");
        let again = town.about(&shop, post.clone(), "/v1/invitations", &anna, Some(invite)).await;
        assert_eq!(again.refused(409), "already_member");
        let members = town.about(&shop, reqwest::Method::GET, "/v1/members", &ben, None).await.is(200);
        let found: Vec<_> = members["items"].as_array().expect("items").iter().map(|one| (text(&one["email"]), text(&one["role"]))).collect();
        assert_eq!(found, [("anna@example.org", "owner"), ("ben@example.org", "member")]);
        let path = format!("/v1/members/{}", ben.account);
        town.about(&shop, reqwest::Method::DELETE, &path, &ben, None).await.is(204);
        let gone = town.about(&shop, reqwest::Method::GET, "/v1/members", &ben, None).await;
        assert_eq!(gone.refused(404), "not_found");
        let third = json!({ "email": "cleo@example.org", "role": "finance" });
        let third = town.about(&shop, post, "/v1/invitations", &anna, Some(third)).await.is(201);
        let path = format!("/v1/invitations/{}", text(&third["id"]));
        town.about(&shop, reqwest::Method::DELETE, &path, &anna, None).await.is(204);
        let list = town.about(&shop, reqwest::Method::GET, "/v1/invitations", &anna, None).await.is(200);
        assert_eq!(list["items"], json!([]));
    }

    async fn there_is_always_an_owner_and_only_owners_make_owners(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let (anna, ben) = (town.person("anna@example.org").await, town.person("ben@example.org").await);
        let shop = town.shop(&anna).await;
        town.joins(&shop, &anna, &ben, "admin").await;
        let role = async |of: &Person, by: &Person, role: &str| {
            let path = format!("/v1/members/{}", of.account);
            town.about(&shop, reqwest::Method::PATCH, &path, by, Some(json!({ "role": role }))).await
        };
        assert_eq!(role(&ben, &ben, "owner").await.refused(403), "not_permitted");
        assert_eq!(role(&anna, &ben, "member").await.refused(403), "not_permitted");
        assert_eq!(role(&anna, &anna, "member").await.refused(409), "last_owner");
        assert_eq!(role(&ben, &anna, "emperor").await.refused(422), "request_invalid");
        let leave = format!("/v1/members/{}", anna.account);
        let left = town.about(&shop, reqwest::Method::DELETE, &leave, &anna, None).await;
        assert_eq!(left.refused(409), "last_owner");
        let close = town.service.post("/v1/account/close", &anna.access, json!({ "password": PASSWORD })).await;
        assert_eq!(close.refused(409), "last_owner", "others need the organisation");
        assert_eq!(role(&ben, &anna, "owner").await.is(200)["role"], "owner");
        // Both stop being owners at the same time: one of them stays.
        let (one, other) = tokio::join!(role(&anna, &anna, "member"), role(&ben, &ben, "member"));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }

    async fn a_plan_has_room_for_so_many(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let anna = town.person("anna@example.org").await;
        let invite = json!({ "email": "ben@example.org", "role": "member" });
        let full = town.service.post("/v1/invitations", &anna.access, invite).await;
        assert_eq!(full.refused(409), "limit_reached", "the free plan is for one");
        let made = |name: &str| json!({ "name": name, "permissions": ["credits:read"] });
        town.service.post("/v1/keys", &anna.access, made("one")).await.is(201);
        assert_eq!(town.service.post("/v1/keys", &anna.access, made("two")).await.refused(409), "limit_reached");
    }

    async fn an_api_key_allows_what_it_says(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let (anna, ben) = (town.person("anna@example.org").await, town.person("ben@example.org").await);
        let shop = town.shop(&anna).await;
        town.joins(&shop, &anna, &ben, "admin").await;
        let make = async |who: &Person, key: &str, body: &Value| {
            let request = town.service.keyed(reqwest::Method::POST, "/v1/keys", key).bearer_auth(&who.access);
            Reply::of(request.header("packshot-organisation", &shop).json(body)).await
        };
        let body = json!({ "name": "Till", "permissions": ["credits:read", "credits:spend"] });
        let (one, other) = (key(), key());
        let made = make(&anna, &one, &body).await.is(201);
        assert_eq!(make(&anna, &one, &body).await.is(201), made, "a lost answer comes again, with the secret");
        let secret = text(&made["secret"]).to_owned();
        town.service.get("/v1/credits", &secret).await.is(200);
        town.service.post("/v1/holds", &secret, json!({ "amount": 1000 })).await.is(201);
        for path in ["/v1/members", "/v1/keys", "/v1/credits/statement"] {
            assert_eq!(town.service.get(path, &secret).await.refused(403), "not_permitted", "{path}");
        }
        assert_eq!(town.service.get("/v1/account", &secret).await.refused(403), "not_permitted", "a program is no person");
        let foreign = town.service.request(reqwest::Method::GET, "/v1/credits").bearer_auth(&secret);
        let foreign = foreign.header("packshot-organisation", packshot_server::Id::new().to_string());
        assert_eq!(Reply::of(foreign).await.refused(404), "not_found");
        let list = town.about(&shop, reqwest::Method::GET, "/v1/keys", &anna, None).await.is(200);
        assert_eq!((&list["items"][0]["name"], &list["items"][0]["secret"]), (&json!("Till"), &Value::Null));
        let path = format!("/v1/keys/{}", text(&made["id"]));
        assert_eq!(town.service.delete(&path, &ben.access).await.refused(404), "not_found", "not in his own organisation");
        town.about(&shop, reqwest::Method::DELETE, &path, &ben, None).await.is(204);
        assert_eq!(town.service.get("/v1/credits", &secret).await.refused(401), "token_invalid");

        let mut short = body.clone();
        short["expires_at"] = json!("2027-01-15T08:01:00Z");
        let short = text(&make(&anna, &other, &short).await.is(201)["secret"]).to_owned();
        town.service.get("/v1/credits", &short).await.is(200);
        town.service.wait(Duration::from_secs(60)).await;
        assert_eq!(town.service.get("/v1/credits", &short).await.refused(401), "token_invalid");
        for wrong in [json!([]), json!(["credits:print"])] {
            let wrong = json!({ "name": "Till", "permissions": wrong });
            assert_eq!(make(&anna, &key(), &wrong).await.refused(422), "request_invalid");
        }
        let past = json!({ "name": "Till", "permissions": ["credits:read"], "expires_at": "2020-01-01T00:00:00Z" });
        assert_eq!(make(&anna, &key(), &past).await.refused(422), "expiry_in_the_past");
    }
}
