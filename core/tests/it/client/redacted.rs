//! What the client logs: an allow-list.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use packshot::api::service::{
    Email, NewApiKey, NewInvitation, NewOrganisation, Password, Profile, ResetPassword, Role, SignIn, SignUp, Token,
};
use packshot::client::MemoryTokens;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::script::{Reply, Script, paused};
use super::stores::tokens;

const MARKER: &str = "mArKeR";

/// Writes down everything that is logged, at every level.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

impl Everything {
    fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    fn add(&self, text: &str) {
        *self.0.lock().unwrap() += text;
    }
}

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(&format!("{}={value:?} ", field.name()));
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.add(&format!("\n[{}] ", span.metadata().name()));
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &Event<'_>) {
        self.add("\n");
        event.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Every call of a kind that holds secrets or personal data, with a marker in each field.
async fn call_everything(script: &Arc<Script>) -> String {
    let marked = || MARKER.to_owned();
    let mut kept = tokens(1);
    (kept.access_token, kept.refresh_token, kept.session) = (marked(), marked(), marked());
    let client = script.builder().tokens(Arc::new(MemoryTokens::new(kept))).user_agent(MARKER).build().unwrap();
    let client = client.for_organisation(MARKER);
    let who = SignIn { email: marked(), password: marked() };
    let code = Token { token: marked() };
    let new_name = NewOrganisation { name: marked() };
    let new_key = NewApiKey { name: marked(), permissions: vec![MARKER.into()], expires_at: None };
    let sign_up = SignUp {
        email: marked(),
        password: marked(),
        name: Some(marked()),
        age: 20,
        country: Some(marked()),
        guardian_email: Some(marked()),
    };
    let mut told = String::new();
    let mut tell = |error: &packshot::client::Error| told += &format!("{error:?} {error}");
    macro_rules! each {
        ($($call:expr),* $(,)?) => {
            $(let _ = $call.idempotency_key(MARKER).await.map(drop).inspect_err(&mut tell);)*
        };
    }
    each!(
        client.account().create(&sign_up),
        client.account().confirm(&code),
        client.account().forgot_password(&Email { email: marked() }),
        client.account().reset_password(&ResetPassword { token: marked(), password: marked() }),
        client.account().update(&Profile { name: marked() }),
        client.account().close(&Password { password: marked() }),
        client.sessions().create(&who),
        client.sessions().end(MARKER),
        client.organisations().update(MARKER, &new_name),
        client.invitations().create(&NewInvitation { email: marked(), role: Role::Member }),
        client.keys().create(&new_key),
        client.keys().remove(MARKER),
        client.holds().void(MARKER),
    );
    let _ = client.admin().audit(MARKER).await.inspect_err(&mut tell);
    let _ = client.sign_in(&who).await.inspect_err(&mut tell);
    told + &format!("{client:?} {:?} {:?}", client.holds().void(MARKER), client.keys().list())
}

#[test]
fn no_secret_and_nothing_personal_is_ever_logged() {
    let marked = json!({
        "id": MARKER, "email": MARKER, "name": MARKER, "secret": MARKER, "access_token": MARKER, "items": [MARKER],
    });
    let problem = json!({
        "type": MARKER, "title": "t", "status": 422, "code": "request_invalid", "detail": "one field is wrong", "action": "a",
        "fields": [{ "field": "email", "problem": MARKER }],
    });
    for reply in [
        Reply::json(200, &marked).with("packshot-notice", MARKER).with("sunset", MARKER).with("x-later", MARKER),
        Reply::json(422, &problem).with("ratelimit", MARKER).with("retry-after", MARKER),
        Reply::json(401, &json!({ "code": MARKER })),
        Reply::problem(503, "database_failed").with("date", MARKER),
        Reply::Cut,
    ] {
        let log = Everything::default();
        let script = Script::of(vec![reply.clone()]);
        let told = tracing::subscriber::with_default(log.clone(), || paused(call_everything(&script)));
        let (log, seen) = (log.text(), script.seen());
        assert!(seen.iter().any(|seen| seen.body.contains(MARKER)), "the marker was sent");
        assert!(!log.contains(MARKER), "{reply:?}\n{log}");
        assert!(!told.contains(MARKER), "{reply:?}\n{told}");
        // The rest is there, so the log is not empty for another reason.
        assert!(log.contains("http.route=\"/v1/holds/{id}/void\""), "{log}");
    }
}

#[test]
fn a_log_tells_method_route_status_attempt_and_request_id() {
    let log = Everything::default();
    tracing::subscriber::with_default(log.clone(), || {
        paused(async {
            let busy = Reply::problem(503, "x").with("request-id", "req_1");
            let script = Script::of(vec![busy, Reply::NoConnection, Reply::ok().with("request-id", "req_2")]);
            script.client().credits().balance().await.unwrap();
        });
    });
    let lines: Vec<_> = log.text().trim().lines().map(str::to_owned).collect();
    assert_eq!(
        lines,
        [
            "[packshot.call] http.request.method=\"GET\" http.route=\"/v1/credits\" ",
            "message=answer http.request.resend_count=0 http.response.status_code=503 request_id=\"req_1\" ",
            "message=no answer http.request.resend_count=1 error=\"connect_failed\" ",
            "message=answer http.request.resend_count=2 http.response.status_code=200 request_id=\"req_2\"",
        ]
    );
}
