//! Requests are recorded before they are sent.

use std::sync::{Arc, Mutex};

use packshot::api::service::{Capture, Profile};
use packshot::client::{BoxFuture, Cause, ErrorKind, Journal, Started};

use super::script::{Reply, Script, hold, paused};

#[derive(Default)]
struct Book {
    lines: Mutex<Vec<String>>,
    is_full: bool,
}

impl Journal for Book {
    fn started<'a>(&'a self, request: Started<'a>) -> BoxFuture<'a, Result<(), Cause>> {
        self.lines.lock().unwrap().push(format!("{} {} {}", request.key, request.operation, request.path));
        Box::pin(async { if self.is_full { Err("no space left".into()) } else { Ok(()) } })
    }

    fn settled<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Cause>> {
        self.lines.lock().unwrap().push(format!("{key} settled"));
        Box::pin(async { Ok(()) })
    }
}

#[test]
fn a_key_is_recorded_before_its_first_byte_is_sent() {
    paused(async {
        let book = Arc::new(Book::default());
        let seen = Arc::clone(&book);
        let script = Script::new(move |_, request| {
            let last = seen.lines.lock().unwrap().last().cloned().unwrap_or_default();
            let key = request.header("idempotency-key").unwrap();
            assert_eq!(last, format!("{key} POST /v1/holds/{{id}}/capture /v1/holds/hld_1/capture"));
            Reply::json(200, &hold())
        });
        let client = script.builder().api_key("k").journal(Arc::clone(&book) as Arc<dyn Journal>).build().unwrap();
        client.holds().capture("hld_1", &Capture { amount: None }).idempotency_key("order-7").await.unwrap();
        assert_eq!(book.lines.lock().unwrap()[1..], ["order-7 settled"]);
    });
}

#[test]
fn only_what_is_certain_is_settled() {
    paused(async {
        for (reply, settled) in [
            (Reply::json(200, &hold()), true),
            (Reply::problem(402, "insufficient_credits"), true),
            (Reply::NoConnection, true),
            (Reply::Cut, false),
            (Reply::problem(503, "x"), false),
            (Reply::Silence, false),
        ] {
            let book = Arc::new(Book::default());
            let client = Script::of(vec![reply.clone()]).builder().api_key("k").journal(Arc::clone(&book) as _).build();
            let _ = client.unwrap().holds().void("hld_1").await;
            assert_eq!(book.lines.lock().unwrap().len() == 2, settled, "{reply:?}");
        }
    });
}

#[test]
fn what_cannot_be_recorded_is_not_sent() {
    paused(async {
        let book = Arc::new(Book { is_full: true, ..Book::default() });
        let script = Script::of(vec![Reply::json(200, &hold())]);
        let client = script.builder().api_key("k").journal(Arc::clone(&book) as _).build().unwrap();
        let error = client.holds().void("hld_1").await.unwrap_err();
        assert_eq!((error.kind(), script.seen().len(), error.is_uncertain()), (ErrorKind::Store, 0, false));
        assert!(format!("{error:?}").contains("no space left"));
        // Reads and changes of existing things have no key to record.
        client.holds().get("hld_1").await.unwrap();
        let _ = client.account().update(&Profile { name: "A".into() }).await;
        assert_eq!(book.lines.lock().unwrap().len(), 1);
    });
}
