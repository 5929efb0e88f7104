//! Lists that come page by page.

use serde_json::{Value, json};

use super::script::{Reply, Script, paused};

fn transaction(number: i64) -> Value {
    json!({
        "number": number, "kind": "hold", "subject": null, "amount": 1000, "corrects": null, "at": "2026-12-01T09:30:00Z",
        "transfers": [{ "grant": "g", "from": "available", "to": "held", "amount": 1000 }],
    })
}

/// A journal of seven transactions, in pages of three. The third page is empty.
fn journal() -> std::sync::Arc<Script> {
    Script::new(|_, seen| {
        let after = seen.target.split("after=").nth(1).unwrap_or("0");
        let (items, next): (&[i64], _) = match after {
            "0" => (&[1, 2, 3], Some("3")),
            "3" => (&[4, 5, 6], Some("6")),
            "6" => (&[], Some("x&y")),
            _ => (&[7], None),
        };
        let items: Vec<_> = items.iter().copied().map(transaction).collect();
        Reply::json(200, &json!({ "items": items, "next": next }))
    })
}

#[test]
fn a_list_is_fetched_as_it_is_used() {
    paused(async {
        let script = journal();
        let mut pages = script.client().credits().transactions().page_size(3);
        let mut numbers = Vec::new();
        while let Some(transaction) = pages.next().await {
            numbers.push(transaction.unwrap().number);
            if numbers.len() == 3 {
                assert_eq!(script.seen().len(), 1, "the second page is not needed yet");
            }
        }
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
        assert!(pages.next().await.is_none());
        let targets: Vec<_> = script.seen().iter().map(|seen| seen.target.clone()).collect();
        let path = "/v1/credits/transactions?limit=3";
        let page = |after: &str| format!("{path}&after={after}");
        assert_eq!(targets, [path.to_owned(), page("3"), page("6"), page("x%26y")]);
    });
}

#[test]
fn collecting_stops_at_the_limit() {
    paused(async {
        for (limit, requests) in [(0, 0), (3, 1), (4, 2), (100, 4)] {
            let script = journal();
            let found = script.client().credits().transactions().collect(limit).await.unwrap();
            assert_eq!((found.len(), script.seen().len()), (limit.min(7), requests), "{limit}");
        }
        let script = journal();
        let found = script.client().credits().transactions().after(3).collect(1).await.unwrap();
        assert_eq!((found[0].number, script.seen()[0].target.as_str()), (4, "/v1/credits/transactions?after=3"));
    });
}

#[test]
fn after_an_error_a_list_ends() {
    paused(async {
        let script = Script::new(|index, _| match index {
            0 => Reply::json(200, &json!({ "items": [transaction(1)], "next": "1" })),
            _ => Reply::problem(403, "not_permitted"),
        });
        let mut pages = script.client().credits().transactions();
        assert!(pages.next().await.unwrap().is_ok());
        assert_eq!(pages.next().await.unwrap().unwrap_err().code(), "not_permitted");
        assert!(pages.next().await.is_none());
    });
}
