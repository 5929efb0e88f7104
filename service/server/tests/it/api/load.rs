//! Many at once.

use serde_json::json;

use super::House;
use crate::service::{Reply, key};
use crate::stores::{Fresh, on_both};

on_both! {
    async fn sixty_four_write_at_once_and_none_is_turned_away(fresh: Fresh) {
        let house = House::with_credits(&fresh, 64_000).await;
        let requests: Vec<_> = (0..64).map(|_| {
            let request = house.service.keyed(reqwest::Method::POST, "/v1/holds", &key());
            let request = request.bearer_auth(&house.service.operator).json(&json!({ "amount": 1000 }));
            tokio::spawn(Reply::of(request))
        }).collect();
        for request in requests {
            request.await.expect("no panic").is(201);
        }
        let balance = house.get("/v1/credits").await.is(200);
        assert_eq!((&balance["available"], &balance["held"]), (&json!(0), &json!(64_000)));
    }

    async fn several_services_start_on_one_new_database(fresh: Fresh) {
        let services: Vec<_> = (0..8).map(|_| tokio::spawn(packshot_server::Service::start(fresh.settings()))).collect();
        let mut fingerprints = Vec::new();
        for service in services {
            let service = service.await.expect("no panic").expect("each of them starts");
            fingerprints.push(service.key_fingerprint());
        }
        assert!(fingerprints.windows(2).all(|pair| pair[0] == pair[1]), "they have one key: {fingerprints:?}");
    }

    async fn a_dead_mail_server_locks_nobody_out(fresh: Fresh) {
        let smtp = Some("smtp://127.0.0.1:9".to_owned());
        let settings = packshot_server::Settings { smtp, ..fresh.settings() };
        let service = packshot_server::Service::start(settings.clone()).await.expect("it starts without its mail server");
        let code = service.operator_code().await.expect("a code");
        drop(service);
        let service = crate::service::Running::with(settings).await;
        service.ask("/v1/accounts", crate::identity::sign_up("anna@example.org")).await.is(202);
        service.wait(std::time::Duration::from_secs(1)).await;
        let tokens = service.ask("/v1/sessions/operator", json!({ "token": code })).await.is(201);
        let access = tokens["access_token"].as_str().expect("a token");
        assert_eq!(service.get("/v1/account", access).await.is(200)["operator"], true);
    }
}
