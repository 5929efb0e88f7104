//! The service as `packshot::client` sees it: the two are one contract.

mod assets;

use std::sync::Arc;
use std::time::Duration;

use packshot::api::service::{
    Capture, Credits, Fault, Faults, Hold, HoldState, NewApiKey, NewGrant, NewHold, Permission, PhotoSize, Profile,
    QuoteRequest, SignIn, SignUp, Token, TransactionKind,
};
use packshot::client::{Call, Client, ClientBuilder, FileTokens, MemoryTokens, TokenStore};
use serde_json::json;

use crate::identity::{PASSWORD, Town};
use crate::stores::{Fresh, on_both};

const ANNA: &str = "anna@example.org";
const HOUR: Duration = Duration::from_secs(3600);

fn builder(town: &Town<'_>) -> ClientBuilder {
    Client::builder().base_url(&town.service.url)
}

fn operator(town: &Town<'_>) -> Client {
    builder(town).api_key(&town.service.operator).build().expect("a client")
}

/// Somebody who signs up, confirms the address and signs in, all by the client.
async fn anna(town: &Town<'_>, store: Arc<dyn TokenStore>) -> Client {
    let client = builder(town).tokens(store).build().expect("a client");
    let request = SignUp {
        email: ANNA.into(),
        password: PASSWORD.into(),
        name: None,
        age: 30,
        country: Some("DE".into()),
        guardian_email: None,
    };
    client.account().create(&request).await.expect("it is accepted");
    client.account().confirm(&Token { token: town.code(ANNA).await }).await.expect("it is confirmed");
    client.sign_in(&SignIn { email: ANNA.into(), password: PASSWORD.into() }).await.expect("she is in");
    client
}

fn credits(millis: i64) -> Option<Credits> {
    Credits::from_millis(millis)
}

fn new_hold(millis: i64) -> NewHold {
    NewHold { amount: credits(millis), quote: None, expires_in: None }
}

on_both! {
    async fn a_person_spends_credits(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let anna = anna(&town, Arc::new(MemoryTokens::default())).await;
        assert_eq!(anna.health().await.expect("health").status, "ok");
        assert!(!anna.policy().await.expect("a policy").open_points.is_empty());
        let account = anna.account().update(&Profile { name: "Anna".into() }).await.expect("an account");
        assert_eq!((account.email.as_str(), account.name.as_deref()), (ANNA, Some("Anna")));

        let organisations = anna.organisations().list().collect(10).await.expect("organisations");
        let [own] = &organisations[..] else { panic!("one organisation: {organisations:?}") };
        let operator = operator(&town);
        let gift = NewGrant { amount: credits(100_000).expect("credits"), source: "gift".into(), priority: None, expires_at: None };
        operator.admin().grant(&own.id, &gift).await.expect("a grant");
        assert_eq!(anna.credits().balance().await.expect("a balance").available, credits(120_000).expect("credits"));

        let recipe = json!({ "schema": "packshot.recipe/1", "steps": [{ "remove_background": {} }] });
        let ask = QuoteRequest { recipe, photo: PhotoSize { width: 2000, height: 1500 }, count: Some(10) };
        let quote = anna.credits().quote(&ask).await.expect("a quote");
        let hold = anna.holds().create(&NewHold { amount: None, quote: Some(quote.id), expires_in: None });
        let hold = hold.with_response().await.expect("a hold");
        assert_eq!((hold.status(), hold.credits_held(), hold.is_replayed()), (201, Some(quote.amount), false));
        assert!(hold.request_id().is_some() && hold.version() == Some(packshot::api::service::VERSION));
        assert!(hold.rate_limits().iter().any(|limit| limit.quota.is_some() && limit.remaining > 0), "{:?}", hold.rate_limits());
        let captured = anna.holds().capture(&hold.data.id, &Capture { amount: credits(4_000) }).with_response().await;
        let captured = captured.expect("a capture");
        assert_eq!((captured.credits_charged(), captured.data.state), (credits(4_000), HoldState::Captured));

        let short = anna.holds().create(&new_hold(900_000)).await.expect_err("that is too much");
        let problem = short.problem().expect("a problem");
        assert_eq!((short.code(), problem.needed), ("insufficient_credits", credits(900_000)));
        let ended = anna.holds().void(&captured.data.id).await.expect_err("it is captured");
        assert_eq!((ended.code(), ended.is_uncertain(), ended.is_retryable()), ("hold_ended", false, false));
        assert_eq!(ended.request_id().map(str::len), hold.request_id().map(str::len));

        let journal = anna.credits().transactions().page_size(2).collect(100).await.expect("a journal");
        let numbers: Vec<_> = journal.iter().map(|transaction| transaction.number).collect();
        assert_eq!(numbers, (1..=4).collect::<Vec<_>>(), "all pages, in their order");
        assert_eq!(journal[3].kind, TransactionKind::Capture);
        let statement = anna.credits().statement(None, None).await.expect("a statement");
        assert!(statement.lines().count() >= 4, "{statement}");
        assert!(operator.admin().audit(&own.id).await.expect("an audit").faults.is_empty());
    }

    async fn an_api_key_works_until_it_is_removed(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let anna = anna(&town, Arc::new(MemoryTokens::default())).await;
        let request = NewApiKey { name: "shop".into(), permissions: vec![Permission::CreditsRead], expires_at: None };
        let key = anna.keys().create(&request).await.expect("a key");
        let shop = builder(&town).api_key(key.secret.expect("a secret")).build().expect("a client");
        assert_eq!(shop.credits().balance().await.expect("a balance").available, credits(20_000).expect("credits"));
        let error = shop.holds().create(&new_hold(1)).await.expect_err("it may only read");
        assert_eq!((error.code(), error.status()), ("not_permitted", Some(403)));
        anna.keys().remove(&key.id).await.expect("it is removed");
        assert_eq!(shop.credits().balance().await.expect_err("it has ended").code(), "token_invalid");
        assert!(anna.keys().list().collect(10).await.expect("keys").is_empty());
        anna.sign_out().await.expect("she is out");
        assert_eq!(anna.account().get().await.expect_err("nobody").code(), "not_signed_in");
    }

    async fn two_processes_stay_signed_in_for_weeks(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let folder = tempfile::tempdir().expect("a folder");
        let file = || Arc::new(FileTokens::new(folder.path().join("tokens.json")));
        let first = anna(&town, file()).await;
        let second = builder(&town).tokens(file()).build().expect("a client");
        for _ in 0..20 {
            town.service.wait(24 * HOUR).await;
            let calls: Vec<_> = [&first, &second].iter().flat_map(|client| {
                (0..20).map(|_| tokio::spawn(client.account().get().into_future()))
            }).collect();
            for call in calls {
                call.await.expect("no panic").expect("she is signed in");
            }
        }
        assert_eq!(first.sessions().list().collect(10).await.expect("sessions").len(), 1);
    }

    async fn whatever_is_lost_a_call_has_one_effect(fresh: Fresh) {
        let town = Town::on(&fresh).await;
        let anna = anna(&town, Arc::new(MemoryTokens::default())).await;
        let mut held = Vec::new();
        for kind in ["cut_before", "cut_after_commit", "error_before", "error_after_commit", "latency"] {
            let fail = async |path: &str| {
                let fault = Fault { kind: kind.into(), path: Some(path.into()), latency: Some(30) };
                anna.test().fail(&Faults { faults: vec![fault] }).await.expect("a fault");
            };
            fail("/v1/holds").await;
            held.push(insist(anna.holds().create(&new_hold(1000))).await);
            fail("/v1/holds").await;
            let hold = held.last().expect("a hold");
            insist(anna.holds().capture(&hold.id, &Capture { amount: credits(400) })).await;
            let other = insist(anna.holds().create(&new_hold(700))).await;
            fail("/v1/holds").await;
            insist(anna.holds().void(&other.id)).await;
        }
        let balance = anna.credits().balance().await.expect("a balance");
        assert_eq!((balance.consumed, balance.held), (credits(2_000).expect("credits"), Credits::ZERO));
        assert_eq!(balance.available, credits(18_000).expect("credits"));
        // A grant, and for each fault two holds, a capture and a void.
        assert_eq!(anna.credits().transactions().collect(100).await.expect("a journal").len(), 21);
    }
}

/// Makes a call again, for as long as its outcome is open.
async fn insist(call: Call<Hold>) -> Hold {
    for _ in 0..3 {
        match call.clone().await {
            Err(error) if error.is_uncertain() => {}
            result => return result.expect("a hold"),
        }
    }
    panic!("the outcome stays open");
}
