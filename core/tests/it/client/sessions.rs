//! Tokens that end are refreshed: once, and without losing what is still valid.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use packshot::api::service::{SignIn, Token, Tokens};
use packshot::client::{BoxFuture, Cause, Client, ErrorKind, FileTokens, MemoryTokens, TokenStore};
use serde_json::Value;

use super::script::{Reply, Script, Seen, hold, paused};
use super::stores::tokens;

const REFRESH: &str = "POST /v1/sessions/refresh";

/// A service with one session, which rotates its tokens. The refresh token before the last one is taken for a while, as the
/// contract says; an older one ends the session.
#[derive(Default)]
struct Rotation {
    generation: AtomicUsize,
}

impl Rotation {
    fn script(self: &Arc<Self>, latency: Duration) -> Arc<Script> {
        let rotation = Arc::clone(self);
        Script::slow(latency, move |_, seen| rotation.answer(seen))
    }

    fn answer(&self, seen: &Seen) -> Reply {
        let now = self.generation.load(Ordering::SeqCst);
        if seen.is(REFRESH) {
            assert_eq!(seen.header("authorization"), None);
            let body: Value = serde_json::from_str(&seen.body).unwrap();
            let sent: usize = body["refresh_token"].as_str().unwrap().trim_start_matches("refresh-").parse().unwrap();
            return match sent + 1 {
                _ if sent == now => {
                    self.generation.store(now + 1, Ordering::SeqCst);
                    fresh(now + 1)
                }
                next if next == now => fresh(now),
                _ => {
                    self.generation.store(1_000_000, Ordering::SeqCst);
                    Reply::problem(401, "token_invalid").with("packshot-should-retry", "false")
                }
            };
        }
        match seen.header("authorization") {
            Some(token) if token == format!("Bearer access-{now}") => Reply::json(200, &hold()),
            Some(_) => Reply::problem(401, "token_invalid").with("packshot-should-retry", "false"),
            None => Reply::problem(401, "token_missing"),
        }
    }
}

fn fresh(generation: usize) -> Reply {
    Reply::json(200, &serde_json::to_value(tokens(u32::try_from(generation).unwrap())).unwrap())
}

fn client(script: &Arc<Script>, store: &Arc<impl TokenStore + 'static>) -> Client {
    script.builder().tokens(Arc::clone(store) as Arc<dyn TokenStore>).build().unwrap()
}

async fn all(calls: Vec<impl Future<Output = Result<(), packshot::client::Error>> + Send + 'static>) -> Vec<String> {
    let tasks: Vec<_> = calls.into_iter().map(tokio::spawn).collect();
    let mut codes = Vec::new();
    for task in tasks {
        codes.push(task.await.unwrap().map_or_else(|error| error.code().to_owned(), |()| "ok".to_owned()));
    }
    codes
}

fn void(client: &Client) -> impl Future<Output = Result<(), packshot::client::Error>> + Send + use<> {
    let call = client.holds().void("hld_1");
    async { call.await.map(drop) }
}

#[test]
fn two_hundred_calls_with_an_expired_token_refresh_once() {
    paused(async {
        let rotation = Arc::new(Rotation { generation: AtomicUsize::new(2) });
        let script = rotation.script(Duration::from_millis(20));
        // The first generation has ended, but its refresh token is the one before the last.
        let store = Arc::new(MemoryTokens::new(tokens(2)));
        rotation.generation.store(3, Ordering::SeqCst);
        let client = client(&script, &store);
        let codes = all((0..200).map(|_| void(&client)).collect()).await;
        assert!(codes.iter().all(|code| code == "ok"), "{codes:?}");
        assert_eq!(script.count(REFRESH), 1);
        assert_eq!(store.load().await.unwrap(), Some(tokens(3)));
        // Each call was sent twice with its own key.
        let mut keys: Vec<_> = script.seen().iter().filter(|seen| !seen.is(REFRESH)).map(key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!((script.seen().len(), keys.len()), (401, 200));
    });
}

fn key(seen: &Seen) -> String {
    seen.header("idempotency-key").unwrap().to_owned()
}

#[test]
fn a_refresh_that_fails_keeps_the_tokens_and_fails_once_for_all_who_wait() {
    paused(async {
        for reply in [Reply::Cut, Reply::problem(503, "database_failed"), Reply::problem(500, "internal")] {
            let attempts = if matches!(reply, Reply::Answer { status: 500, .. }) { 1 } else { 3 };
            let failing = reply.clone();
            let script = Script::slow(Duration::from_millis(20), move |_, seen| match seen.is(REFRESH) {
                true => failing.clone(),
                false => Reply::problem(401, "token_invalid"),
            });
            let store = Arc::new(MemoryTokens::new(tokens(1)));
            let client = client(&script, &store);
            let codes = all((0..200).map(|_| void(&client)).collect()).await;
            assert!(codes.iter().all(|code| *code == codes[0] && *code != "ok"), "{codes:?}");
            assert_eq!(script.count(REFRESH), attempts, "{reply:?}");
            assert_eq!(store.load().await.unwrap(), Some(tokens(1)));
            // A later call tries anew.
            void(&client).await.unwrap_err();
            assert_eq!(script.count(REFRESH), 2 * attempts);
        }
    });
}

#[test]
fn a_session_that_has_ended_is_asked_for_once() {
    paused(async {
        let script = Script::new(|_, _| Reply::problem(401, "token_invalid"));
        let store = Arc::new(MemoryTokens::new(tokens(1)));
        let client = client(&script, &store);
        for _ in 0..5 {
            let error = client.holds().void("hld_1").await.unwrap_err();
            assert_eq!(
                (error.kind(), error.code(), error.is_uncertain()),
                (ErrorKind::Unauthenticated, "session_ended", false)
            );
        }
        assert_eq!(script.count(REFRESH), 1);
        assert_eq!(store.load().await.unwrap(), Some(tokens(1)), "nothing is removed because something failed");
        // Whoever signs in again is signed in.
        store.save(&tokens(7)).await.unwrap();
        client.holds().void("hld_1").await.unwrap_err();
        assert_eq!(script.count(REFRESH), 2);
    });
}

#[test]
fn a_call_is_refreshed_at_most_once_and_only_for_its_token() {
    paused(async {
        let script = Script::new(|_, seen| match seen.is(REFRESH) {
            true => fresh(2),
            false => Reply::problem(401, "token_invalid"),
        });
        let error = client(&script, &Arc::new(MemoryTokens::new(tokens(1)))).holds().void("h").await.unwrap_err();
        assert_eq!((error.code(), script.seen().len()), ("token_invalid", 3));

        let script = Script::new(|_, _| Reply::problem(401, "sign_in_failed"));
        let error = client(&script, &Arc::new(MemoryTokens::new(tokens(1)))).holds().void("h").await.unwrap_err();
        assert_eq!((error.code(), script.seen().len()), ("sign_in_failed", 1));

        // An API key cannot be refreshed.
        let script = Script::new(|_, _| Reply::problem(401, "token_invalid"));
        assert_eq!(script.client().holds().void("h").await.unwrap_err().code(), "token_invalid");
        assert_eq!(script.seen().len(), 1);
    });
}

#[test]
fn a_valid_token_is_used_whatever_the_clock_of_the_device_says() {
    paused(async {
        // These tokens ended in 1970, by the clock of this machine.
        let script = Arc::new(Rotation { generation: AtomicUsize::new(1) }).script(Duration::ZERO);
        client(&script, &Arc::new(MemoryTokens::new(tokens(1)))).holds().void("h").await.unwrap();
        assert_eq!((script.seen().len(), script.count(REFRESH)), (1, 0));
    });
}

#[test]
fn processes_with_one_store_do_not_sign_each_other_out() {
    paused(async {
        let folder = tempfile::tempdir().unwrap();
        let rotation = Arc::new(Rotation { generation: AtomicUsize::new(1) });
        let script = rotation.script(Duration::from_millis(20));
        let file = || Arc::new(FileTokens::new(folder.path().join("tokens.json")));
        file().save(&tokens(1)).await.unwrap();
        let processes: Vec<_> = (0..5).map(|_| client(&script, &file())).collect();
        for round in 2..6 {
            // The access token ends for all of them; they find out at the same time, and one after the other.
            rotation.generation.store(round, Ordering::SeqCst);
            file()
                .save(&Tokens { access_token: "ended".into(), ..tokens(u32::try_from(round).unwrap()) })
                .await
                .unwrap();
            let codes = all(processes.iter().flat_map(|client| (0..4).map(|_| void(client))).collect()).await;
            assert!(codes.iter().all(|code| code == "ok"), "{codes:?}");
            for client in &processes {
                void(client).await.unwrap();
            }
            assert_eq!(rotation.generation.load(Ordering::SeqCst), round + 1, "one rotation, also from five processes");
        }
    });
}

/// A store in which somebody else saves newer tokens while a refresh runs.
struct Overtaken {
    kept: MemoryTokens,
    newer: Tokens,
    loads: Mutex<usize>,
}

impl TokenStore for Overtaken {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Cause>> {
        Box::pin(async {
            let loads = {
                let mut loads = self.loads.lock().unwrap();
                *loads += 1;
                *loads
            };
            // The call loads, then the refresh, then the refresh again when it has its answer.
            if loads == 3 {
                self.kept.save(&self.newer).await?;
            }
            self.kept.load().await
        })
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Cause>> {
        self.kept.save(tokens)
    }

    fn clear(&self) -> BoxFuture<'_, Result<(), Cause>> {
        self.kept.clear()
    }
}

#[test]
fn newer_tokens_of_somebody_else_are_used_and_not_overwritten() {
    paused(async {
        for refresh in [fresh(2), Reply::problem(401, "token_invalid"), Reply::Cut] {
            let answer = refresh.clone();
            let script = Script::new(move |_, seen| match seen.header("authorization") {
                _ if seen.is(REFRESH) => answer.clone(),
                Some("Bearer access-9") => Reply::json(200, &hold()),
                _ => Reply::problem(401, "token_invalid"),
            });
            let store = Overtaken { kept: MemoryTokens::new(tokens(1)), newer: tokens(9), loads: Mutex::new(0) };
            let store = Arc::new(store);
            client(&script, &store).holds().void("h").await.unwrap();
            assert_eq!(store.load().await.unwrap(), Some(tokens(9)), "{refresh:?}");
        }
    });
}

#[test]
fn a_refresh_ends_with_the_deadline_of_its_call() {
    paused(async {
        let script = Script::new(|_, seen| match seen.is(REFRESH) {
            true => Reply::Silence,
            false => Reply::problem(401, "token_invalid"),
        });
        let client = client(&script, &Arc::new(MemoryTokens::new(tokens(1))));
        let begun = tokio::time::Instant::now();
        let deadline = Duration::from_secs(3);
        let waiting = client.holds().void("h").deadline(deadline);
        let (first, second) =
            tokio::join!(client.holds().void("h").deadline(deadline).into_future(), waiting.into_future());
        assert_eq!((first.unwrap_err().kind(), second.unwrap_err().kind()), (ErrorKind::Deadline, ErrorKind::Deadline));
        assert_eq!(begun.elapsed(), deadline);
    });
}

#[test]
fn signing_in_keeps_the_tokens_and_signing_out_removes_them() {
    paused(async {
        let script = Script::new(|_, seen| match seen.method.as_str() {
            "POST" if seen.target.starts_with("/v1/sessions") => fresh(1),
            "DELETE" => Reply::Answer { status: 204, headers: Vec::new(), body: String::new() },
            _ => Reply::json(200, &hold()),
        });
        let store = Arc::new(MemoryTokens::default());
        let client = client(&script, &store);
        assert_eq!(client.holds().get("h").await.unwrap_err().code(), "not_signed_in");
        client.sign_in(&SignIn { email: "a@b.test".into(), password: "12345678".into() }).await.unwrap();
        assert_eq!(store.load().await.unwrap(), Some(tokens(1)));
        client.holds().get("h").await.unwrap();
        client.sign_out().await.unwrap();
        assert_eq!(store.load().await.unwrap(), None);
        assert!(script.seen().last().unwrap().is("DELETE /v1/sessions/current"));
        client.sign_in_as_operator(&Token { token: "psl_1".into() }).await.unwrap();
        assert!(script.seen().last().unwrap().is("POST /v1/sessions/operator"));
        assert_eq!(store.load().await.unwrap(), Some(tokens(1)));
    });
}

#[test]
fn signing_out_keeps_tokens_that_still_work() {
    paused(async {
        for (reply, kept) in [(Reply::NoConnection, true), (Reply::problem(401, "token_invalid"), false)] {
            let store = Arc::new(MemoryTokens::new(tokens(1)));
            let out = client(&Script::of(vec![reply]), &store).sign_out().await;
            assert_eq!((out.is_err(), store.load().await.unwrap().is_some()), (kept, kept));
        }
    });
}
