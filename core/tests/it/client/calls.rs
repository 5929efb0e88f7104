//! What a call sends, and what an answer says.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use packshot::api::service::{Capture, Faults, NewHold, SignIn, Time};
use packshot::client::{Client, ErrorKind};
use serde_json::json;

use super::script::{Reply, Script, hold, paused};

#[test]
fn a_request_has_the_headers_of_the_contract() {
    paused(async {
        let script = Script::of(vec![Reply::json(200, &hold())]);
        let client = script.builder().api_key("psk_1").user_agent("shop/1.2").build().unwrap();
        client.for_organisation("org_1").holds().capture("hld_1", &Capture { amount: None }).await.unwrap();
        client.holds().get("hld_1").await.unwrap();
        let [capture, get] = &script.seen()[..] else { panic!("two requests") };
        assert!(capture.is("POST /v1/holds/hld_1/capture") && get.is("GET /v1/holds/hld_1"));
        assert_eq!(
            (capture.header("packshot-organisation"), get.header("packshot-organisation")),
            (Some("org_1"), None)
        );
        for (name, value) in [
            ("authorization", "Bearer psk_1"),
            ("packshot-version", "2026-12-01"),
            ("user-agent", concat!("shop/1.2 packshot/", env!("CARGO_PKG_VERSION"))),
        ] {
            assert_eq!((capture.header(name), get.header(name)), (Some(value), Some(value)));
        }
        assert_eq!((capture.header("content-type"), get.header("content-type")), (Some("application/json"), None));
        assert!(capture.header("idempotency-key").is_some() && get.header("idempotency-key").is_none());
        // Whoever prints a request does not print the key.
        assert!(capture.headers["authorization"].is_sensitive());
    });
}

#[test]
fn an_answer_tells_what_its_headers_say() {
    paused(async {
        let reply = Reply::json(201, &hold())
            .with("request-id", "req_1")
            .with("packshot-version", "2026-12-01")
            .with("packshot-credits-held", 1500)
            .with("packshot-credits-charged", "many")
            .with("ratelimit-policy", "\"account\";q=600;w=60")
            .with("ratelimit", "\"account\";r=599;t=60");
        let script = Script::of(vec![reply]);
        let request = NewHold { amount: None, quote: Some("qt_1".into()), expires_in: None };
        let call = script.client().holds().create(&request).idempotency_key("order-7");
        assert_eq!(call.key(), Some("order-7"));
        let answer = call.with_response().await.unwrap();
        assert_eq!((answer.status(), answer.request_id(), answer.version()), (201, Some("req_1"), Some("2026-12-01")));
        assert_eq!(answer.credits_held().map(|credits| credits.as_millis()), Some(1500));
        assert_eq!((answer.credits_charged(), answer.is_replayed()), (None, false));
        assert_eq!(answer.idempotency_key(), Some("order-7"));
        let [limit] = &answer.rate_limits()[..] else { panic!("one limit") };
        assert_eq!((limit.policy.as_str(), limit.remaining, limit.quota), ("account", 599, Some(600)));
        assert_eq!((limit.reset, limit.window), (Some(Duration::from_secs(60)), Some(Duration::from_secs(60))));
        assert_eq!(answer.data.id, "hld_1");
    });
}

#[test]
fn too_few_credits_says_how_many_are_needed() {
    paused(async {
        let problem = json!({
            "type": "https://packshot.test/errors#insufficient_credits", "title": "Too few credits", "status": 402,
            "code": "insufficient_credits", "detail": "3 credits are needed, 1 is available", "action": "Add credits.",
            "request_id": "req_2", "needed": 3000, "available": 1000, "a_later_field": [1],
        });
        let script = Script::of(vec![Reply::json(402, &problem)]);
        let error = script.client().holds().void("hld_1").await.unwrap_err();
        let problem = error.problem().unwrap();
        assert_eq!((error.kind(), error.code()), (ErrorKind::InsufficientCredits, "insufficient_credits"));
        assert_eq!((problem.needed.unwrap().as_millis(), problem.available.unwrap().as_millis()), (3000, 1000));
        assert_eq!((error.request_id(), error.status()), (Some("req_2"), Some(402)));
        assert_eq!(error.to_string(), "3 credits are needed, 1 is available");
        assert_eq!(format!("{error:?}"), "insufficient_credits: 3 credits are needed, 1 is available (request req_2)");
    });
}

#[test]
fn an_answer_of_something_in_between_has_a_code_too() {
    paused(async {
        let page = Reply::Answer { status: 403, headers: Vec::new(), body: "<h1>nginx</h1>".into() };
        let error = Script::of(vec![page]).client().policy().await.unwrap_err();
        assert_eq!((error.kind(), error.code(), error.status()), (ErrorKind::Forbidden, "status_403", Some(403)));
        assert!(error.problem().is_none() && !error.is_uncertain());
    });
}

#[test]
fn ids_and_queries_cannot_leave_their_place() {
    paused(async {
        let script = Script::of(vec![Reply::json(200, &hold())]);
        let client = script.client();
        client.holds().get("../a b/ü?x#y").await.unwrap();
        assert_eq!(script.seen()[0].target, "/v1/holds/..%2Fa%20b%2F%C3%BC%3Fx%23y");
        let at: Time = "2026-12-01T09:30:00.5Z".parse().unwrap();
        client.credits().statement(Some(at), None).await.unwrap();
        assert_eq!(script.seen()[1].target, "/v1/credits/statement?from=2026-12-01T09%3A30%3A00.5Z");
        for id in ["", ".", ".."] {
            let error = client.holds().get(id).await.unwrap_err();
            assert_eq!((error.kind(), error.code()), (ErrorKind::Option, "option_invalid"), "{id}");
        }
        assert_eq!(script.seen().len(), 2);
    });
}

#[test]
fn wrong_arguments_are_told_before_anything_is_sent() {
    paused(async {
        let script = Script::of(vec![Reply::ok()]);
        for key in ["", "two words", "ü", "a\n", &"k".repeat(256)] {
            let error = script.client().holds().void("hld_1").idempotency_key(key).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Option, "{key}");
        }
        let broken = script.client().for_organisation("a\nb");
        assert_eq!(broken.credits().balance().await.unwrap_err().kind(), ErrorKind::Option);
        let nobody = script.builder().build().unwrap();
        let error = nobody.credits().balance().await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, "not_signed_in"));
        let who = SignIn { email: "a@b".into(), password: "12345678".into() };
        assert_eq!(nobody.sign_in(&who).await.unwrap_err().kind(), ErrorKind::Option);
        assert_eq!(script.seen().len(), 0);
        // What needs nobody is sent without a token, also if there is one.
        script.client().test().fail(&Faults { faults: Vec::new() }).await.unwrap();
        assert_eq!(script.seen()[0].header("authorization"), None);
    });
}

#[test]
fn an_address_is_encrypted_or_on_this_machine() {
    let build = |url: &str| Client::builder().base_url(url).build();
    for url in
        ["https://a.test", "https://a.test/", "https://a.test/packshot", "http://127.0.0.1:8080", "http://localhost"]
    {
        let client = build(url).unwrap();
        assert_eq!(client.base_url(), url.trim_end_matches('/'));
    }
    for url in ["", "a.test", "http://a.test", "ftp://a.test", "https://", "https://a.test?x=1", "https://me@a.test"] {
        assert_eq!(build(url).unwrap_err().kind(), ErrorKind::Option, "{url}");
    }
    assert!(Client::builder().base_url("http://packshot:8080").allow_plain_http().build().is_ok());
    assert!(Client::builder().base_url("http://me:pw@packshot").allow_plain_http().build().is_err());
}

#[test]
fn a_notice_is_told_once_for_each_operation() {
    paused(async {
        let reply = Reply::json(200, &hold()).with("deprecation", "@1796117400").with("packshot-notice", "use v2");
        let script = Script::of(vec![reply]);
        let told = Arc::new(Mutex::new(Vec::new()));
        let list = Arc::clone(&told);
        let client = script.builder().api_key("k").on_notice(move |notice| list.lock().unwrap().push(notice.clone()));
        let client = client.build().unwrap();
        for _ in 0..3 {
            client.holds().get("hld_1").await.unwrap();
            client.holds().void("hld_1").await.unwrap();
        }
        let told = told.lock().unwrap();
        let operations: Vec<_> = told.iter().map(|notice| notice.operation).collect();
        assert_eq!(operations, ["GET /v1/holds/{id}", "POST /v1/holds/{id}/void"]);
        assert_eq!(told[0].message.as_deref(), Some("use v2"));
    });
}

#[test]
fn a_client_can_be_shared_and_its_calls_moved() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    fn moved<T: Send + 'static>(_: T) {}
    let client = Client::builder().base_url("https://packshot.test").build().unwrap();
    shared(&client);
    moved(client.credits().balance().into_future());
    moved(client.credits().transactions());
    assert_eq!(format!("{client:?}"), "Client { base_url: \"https://packshot.test\", .. }");
}
