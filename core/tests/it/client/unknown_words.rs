//! A later version of the service may say more: nothing breaks, and nothing is lost.

use packshot::api::service::{AccountState, HoldState, Permission, Role, TransactionKind};
use serde_json::{Value, json};

use super::script::{Reply, Script, balance, hold, paused};

const AT: &str = "2026-12-01T09:30:00Z";

/// An answer of a later version: more fields, at every depth.
fn later(mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.values_mut().for_each(|field| *field = later(field.take()));
        fields.insert("a_later_field".into(), json!({ "with": ["anything", 1, null] }));
    } else if let Value::Array(items) = &mut value {
        items.iter_mut().for_each(|item| *item = later(item.take()));
    }
    value
}

fn page(item: Value) -> Reply {
    Reply::json(200, &later(json!({ "items": [item], "next": null })))
}

#[test]
fn unknown_words_and_fields_are_carried() {
    paused(async {
        let mut frozen = hold();
        frozen["state"] = json!("frozen");
        let client = Script::of(vec![Reply::json(200, &later(frozen))]).client();
        assert_eq!(client.holds().get("h").await.unwrap().state, HoldState::Unknown("frozen".into()));

        let account = json!({
            "id": "a", "email": "a@b", "name": null, "state": "asleep", "operator": false, "created_at": AT,
            "closed_at": null, "reopen_until": null,
        });
        let client = Script::of(vec![Reply::json(200, &later(account))]).client();
        let account = client.account().get().await.unwrap();
        assert_eq!(account.state, AccountState::Unknown("asleep".into()));

        let member = json!({ "account": "a", "email": "a@b", "name": "A", "role": "jester", "since": AT });
        let member = Script::of(vec![page(member)]).client().members().list().collect(1).await.unwrap().remove(0);
        assert_eq!(member.role, Role::Unknown("jester".into()));
        assert_eq!(serde_json::to_value(&member).unwrap()["role"], "jester", "it is written as it came");

        let key = json!({ "id": "k", "name": "n", "permissions": ["moon:walk", "credits:read"], "created_at": AT,
                          "expires_at": null });
        let key = Script::of(vec![page(key)]).client().keys().list().collect(1).await.unwrap().remove(0);
        assert_eq!(key.permissions, [Permission::Unknown("moon:walk".into()), Permission::CreditsRead]);

        let transaction = json!({ "number": 1, "kind": "gamble", "subject": null, "amount": 1, "corrects": null, "at": AT,
                                  "transfers": [{ "grant": "g", "from": "purgatory", "to": "held", "amount": 1 }] });
        let found = Script::of(vec![page(transaction)]).client().credits().transactions().collect(1).await.unwrap();
        assert_eq!(found[0].kind, TransactionKind::Unknown("gamble".into()));
        assert_eq!(found[0].transfers[0].from, "purgatory");

        let client = Script::of(vec![Reply::json(200, &later(balance()))]).client();
        assert_eq!(client.credits().balance().await.unwrap().granted.as_millis(), 10_000);

        let error = Script::of(vec![Reply::problem(418, "teapot")]).client().policy().await.unwrap_err();
        assert_eq!((error.code(), error.status()), ("teapot", Some(418)));
    });
}
