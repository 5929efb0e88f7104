//! What is sent again, when, and when not.

use std::time::Duration;

use packshot::api::service::{Capture, Credits, NewHold, Profile};
use packshot::client::ErrorKind;
use tokio::time::Instant;

use super::script::{Reply, Script, balance, hold, paused};

fn new_hold() -> NewHold {
    NewHold { amount: Credits::from_millis(1500), quote: None, expires_in: None }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_read_is_repeated_twice_by_default() {
    for reply in
        [Reply::NoConnection, Reply::Cut, Reply::problem(500, "internal"), Reply::problem(503, "database_failed")]
    {
        paused(async {
            let script = Script::of(vec![reply.clone(), reply.clone(), Reply::ok()]);
            assert_eq!(script.client().credits().balance().await.unwrap().available.as_millis(), 7500);
            assert_eq!(script.seen().len(), 3, "{reply:?}");

            let script = Script::of(vec![reply.clone()]);
            let error = script.client().credits().balance().await.unwrap_err();
            assert_eq!(script.seen().len(), 3, "{reply:?}");
            assert!(error.is_retryable() && !error.is_uncertain() && error.idempotency_key().is_none(), "{error:?}");
        });
    }
}

#[test]
fn a_change_is_repeated_with_the_same_key_and_body() {
    for reply in [Reply::NoConnection, Reply::Cut, Reply::problem(502, "x"), Reply::problem(429, "rate_limited")] {
        paused(async {
            let script = Script::of(vec![reply.clone(), Reply::json(201, &hold())]);
            script.client().holds().create(&new_hold()).await.unwrap();
            let seen = script.seen();
            assert_eq!(seen.len(), 2, "{reply:?}");
            let key = seen[0].header("idempotency-key").unwrap();
            assert_eq!((key.len(), seen[1].header("idempotency-key")), (32, Some(key)));
            assert_eq!((seen[0].body.as_str(), &seen[1].body), (r#"{"amount":1500}"#, &seen[0].body));
        });
    }
}

#[test]
fn a_failure_of_the_service_repeats_no_change_unless_it_says_so() {
    paused(async {
        let script = Script::of(vec![Reply::problem(500, "internal"), Reply::json(200, &hold())]);
        let error = script.client().holds().void("hld_1").await.unwrap_err();
        assert_eq!((script.seen().len(), error.kind(), error.code()), (1, ErrorKind::Service, "internal"));
        assert!(error.is_uncertain() && !error.is_retryable());

        let again = Reply::problem(500, "internal").with("packshot-should-retry", "true");
        let script = Script::of(vec![again, Reply::json(200, &hold())]);
        script.client().holds().void("hld_1").await.unwrap();
        assert_eq!(script.seen().len(), 2);

        let never = Reply::problem(503, "x").with("packshot-should-retry", "false");
        let script = Script::of(vec![never]);
        script.client().credits().balance().await.unwrap_err();
        assert_eq!(script.seen().len(), 1);
    });
}

#[test]
fn an_update_without_a_key_is_repeated_only_if_it_was_not_carried_out() {
    let profile = Profile { name: "Ada".into() };
    for (reply, attempts) in [
        (Reply::NoConnection, 3),
        (Reply::problem(429, "rate_limited"), 3),
        (Reply::Cut, 1),
        (Reply::problem(503, "x"), 1),
    ] {
        paused(async {
            let script = Script::of(vec![reply.clone()]);
            let error = script.client().account().update(&profile).await.unwrap_err();
            assert_eq!(script.seen().len(), attempts, "{reply:?}");
            assert_eq!(error.is_uncertain(), attempts == 1);
            assert_eq!(script.seen()[0].header("idempotency-key"), None);
        });
    }
}

#[test]
fn a_request_that_is_still_in_progress_is_waited_for_without_counting() {
    paused(async {
        let busy = Reply::problem(409, "idempotency_in_progress").with("retry-after", 2);
        let mut replies = vec![busy; 9];
        replies.push(Reply::json(200, &hold()).with("idempotent-replayed", "true"));
        let script = Script::of(replies);
        let client = script.builder().api_key("k").retries(0).build().unwrap();
        let answer = client.holds().capture("hld_1", &Capture { amount: None }).with_response().await.unwrap();
        assert!(answer.is_replayed());
        assert_eq!(script.pauses(), [seconds(2); 9]);
        let keys: std::collections::HashSet<_> =
            script.seen().iter().map(|seen| seen.header("idempotency-key").unwrap().to_owned()).collect();
        assert_eq!(keys.len(), 1);
    });
}

#[test]
fn waiting_ends_before_the_deadline_and_tells_that_the_outcome_is_open() {
    paused(async {
        let script = Script::of(vec![Reply::problem(409, "idempotency_in_progress").with("retry-after", 4)]);
        let begun = Instant::now();
        let call = script.client().holds().void("hld_1").deadline(seconds(10));
        let error = call.await.unwrap_err();
        assert_eq!((error.code(), error.is_uncertain()), ("idempotency_in_progress", true));
        assert_eq!((script.seen().len(), begun.elapsed()), (3, seconds(8)));
    });
}

#[test]
fn an_answer_of_the_business_is_final_and_not_masked() {
    for (status, code, kind) in [
        (400, "body_unreadable", ErrorKind::Invalid),
        (401, "token_missing", ErrorKind::Unauthenticated),
        (402, "insufficient_credits", ErrorKind::InsufficientCredits),
        (403, "not_permitted", ErrorKind::Forbidden),
        (404, "not_found", ErrorKind::NotFound),
        (409, "hold_ended", ErrorKind::Conflict),
        (410, "gone", ErrorKind::NotFound),
        (413, "body_too_large", ErrorKind::Invalid),
        (415, "media_type", ErrorKind::Invalid),
        (422, "idempotency_key_reused", ErrorKind::Invalid),
        (301, "moved", ErrorKind::Answer),
    ] {
        paused(async {
            // After a cut, the answer under the same key tells what became of both attempts.
            let script = Script::of(vec![Reply::Cut, Reply::problem(status, code)]);
            let error = script.client().holds().create(&new_hold()).await.unwrap_err();
            assert_eq!((error.kind(), error.code(), error.status()), (kind, code, Some(status)));
            assert_eq!(script.seen().len(), 2);
            // A 401 says nothing about the attempt before it.
            assert_eq!(error.is_uncertain(), status == 401, "{code}");
            assert_eq!((error.message(), error.action()), ("what", "do"));
        });
    }
}

#[test]
fn retry_after_is_obeyed_in_seconds_and_as_a_date() {
    let date = |text: &str| Reply::problem(429, "rate_limited").with("retry-after", text);
    for (reply, pause) in [
        (date("7"), seconds(7)),
        (date("0"), Duration::from_millis(100)),
        (date("Tue, 01 Dec 2026 09:30:30 GMT").with("date", "Tue, 01 Dec 2026 09:30:00 GMT"), seconds(30)),
        (Reply::problem(503, "x").with("retry-after", 3), seconds(3)),
    ] {
        paused(async {
            let script = Script::of(vec![reply.clone(), Reply::ok()]);
            script.client().credits().balance().await.unwrap();
            assert_eq!(script.pauses(), [pause], "{reply:?}");
        });
    }
}

#[test]
fn a_pause_beyond_the_deadline_is_not_begun() {
    paused(async {
        let script = Script::of(vec![Reply::problem(429, "rate_limited").with("retry-after", 3600)]);
        let begun = Instant::now();
        let error = script.client().credits().balance().await.unwrap_err();
        assert_eq!((begun.elapsed(), script.seen().len()), (Duration::ZERO, 1));
        assert_eq!((error.kind(), error.retry_after()), (ErrorKind::RateLimited, Some(seconds(3600))));
    });
}

#[test]
fn pauses_without_advice_are_random_and_grow_to_eight_seconds() {
    paused(async {
        let script = Script::of(vec![Reply::NoConnection]);
        let client = script.builder().api_key("k").retries(60).deadline(seconds(3600)).build().unwrap();
        client.credits().balance().await.unwrap_err();
        let pauses = script.pauses();
        let (first, last) = (pauses[0], pauses[10..].iter().max().unwrap());
        assert!(first <= Duration::from_millis(501), "{first:?}");
        assert!((seconds(6)..=Duration::from_millis(8001)).contains(last), "{last:?}");
        // Fifty equal pauses would not be random.
        assert!(pauses[10..].windows(2).any(|pair| pair[0].abs_diff(pair[1]) > seconds(1)));
    });
}

#[test]
fn an_attempt_and_a_call_end_in_time() {
    paused(async {
        let script = Script::of(vec![Reply::Silence, Reply::ok()]);
        let begun = Instant::now();
        script.client().credits().balance().await.unwrap();
        assert!((seconds(30)..seconds(31)).contains(&begun.elapsed()), "{:?}", begun.elapsed());

        let script = Script::of(vec![Reply::Silence]);
        let begun = Instant::now();
        let error = script.client().holds().create(&new_hold()).deadline(seconds(12)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.code(), begun.elapsed()),
            (ErrorKind::Deadline, "deadline_exceeded", seconds(12))
        );
        assert!(error.is_uncertain() && error.is_retryable());
        assert_eq!(error.idempotency_key(), script.seen()[0].header("idempotency-key"));

        let begun = Instant::now();
        let error = script.client().credits().balance().deadline(Duration::MAX).await.unwrap_err();
        assert_eq!(error.code(), "attempt_timed_out");
        assert!(begun.elapsed() >= seconds(90));
    });
}

#[test]
fn nothing_is_sent_after_a_call_was_dropped() {
    paused(async {
        for reply in [Reply::Silence, Reply::problem(503, "x").with("retry-after", 5)] {
            let script = Script::of(vec![reply]);
            let call = script.client().holds().create(&new_hold()).into_future();
            assert!(tokio::time::timeout(seconds(1), call).await.is_err());
            tokio::time::sleep(seconds(3600)).await;
            assert_eq!(script.seen().len(), 1);
        }
    });
}

#[test]
fn a_lost_answer_is_found_again_with_the_same_call() {
    paused(async {
        let script = Script::new(|index, _| match index {
            0..3 => Reply::Cut,
            _ => Reply::json(201, &hold()).with("idempotent-replayed", "true"),
        });
        let call = script.client().holds().create(&new_hold());
        let error = call.clone().await.unwrap_err();
        assert!(error.is_uncertain());
        assert_eq!(error.idempotency_key(), call.key());
        let answer = call.with_response().await.unwrap();
        assert!(answer.is_replayed());
        assert_eq!(answer.idempotency_key(), error.idempotency_key());
        assert_eq!(script.seen()[3].header("idempotency-key"), error.idempotency_key());
    });
}

#[test]
fn an_answer_that_cannot_be_read_is_not_asked_for_again() {
    paused(async {
        for body in ["", "<html>", "{}", "[]"] {
            let script = Script::of(vec![Reply::Answer {
                status: 201,
                headers: vec![("request-id", "r1".into())],
                body: body.into(),
            }]);
            let error = script.client().holds().create(&new_hold()).await.unwrap_err();
            assert_eq!((error.kind(), error.request_id(), error.status()), (ErrorKind::Answer, Some("r1"), Some(201)));
            assert!(error.is_uncertain() && error.idempotency_key().is_some());
            assert_eq!(script.seen().len(), 1);
        }
        let script = Script::of(vec![Reply::json(200, &balance())]);
        assert!(script.client().sessions().end("s").await.is_ok(), "an empty answer may say anything");
    });
}
