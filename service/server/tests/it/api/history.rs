//! A history of credits that many clients made at the same time, for a checker that others wrote: `cargo xtask soak api` gives
//! it to porcupine, which looks for an order of all operations in which every answer is right.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::House;
use crate::service::{Reply, key};
use crate::stores::{Fresh, on_both};

const CLIENTS: u64 = 8;

/// What each client does; `cargo xtask soak api` asks for more.
fn operations() -> u64 {
    std::env::var("PACKSHOT_TEST_OPERATIONS").map_or(30, |count| count.parse().expect("a number"))
}

const FAULTS: [&str; 5] = ["latency", "cut_before", "error_before", "cut_after_commit", "error_after_commit"];

/// One client: what it does, one thing after the other.
async fn client(house: Arc<House>, number: u64, begin: Instant, lines: Arc<Mutex<Vec<Value>>>) {
    let mut chance = TestRng::from_seed(RngAlgorithm::ChaCha, &[u8::try_from(number).expect("a few clients"); 32]);
    let mut open: Vec<(String, i64)> = Vec::new();
    let mut refused = false;
    for _ in 0..operations() {
        let amount = 1 + (chance.next_u64() % 900) as i64;
        if chance.next_u64().is_multiple_of(4) {
            let kind = FAULTS[(chance.next_u64() % 5) as usize];
            house.service.faults(json!([{ "kind": kind, "path": "/v1/holds", "latency": 20 }])).await;
        }
        let call = begin.elapsed().as_nanos();
        // Whoever was refused looks at once: what they were refused for must be there.
        let what = if refused { 0 } else { chance.next_u64() % 6 };
        let (kind, amount, done) = match what {
            0 => ("read", house.get("/v1/credits").await.is(200)["available"].as_i64().expect("a number"), true),
            1 => {
                let path = format!("/v1/admin/organisations/{}/grants", house.organisation);
                insist(&house, &path, json!({ "amount": amount, "source": "gift" })).await.is(201);
                ("add", amount, true)
            }
            2 | 3 if !open.is_empty() => {
                let (path, held) = open.pop().expect("one is open");
                let spent = 1 + (chance.next_u64() % held as u64) as i64;
                insist(&house, &format!("{path}/capture"), json!({ "amount": spent })).await.is(200);
                ("add", held - spent, true)
            }
            _ => {
                let reply = insist(&house, "/v1/holds", json!({ "amount": amount })).await;
                if reply.status == 201 {
                    open.push((format!("/v1/holds/{}", reply.is(201)["id"].as_str().expect("an id")), amount));
                }
                ("take", amount, reply.status == 201)
            }
        };
        refused = !done;
        let line = json!({
            "client": number, "call": call, "return": begin.elapsed().as_nanos(), "kind": kind, "amount": amount, "done": done,
        });
        lines.lock().await.push(line);
    }
}

/// Sends a request until it is answered.
async fn insist(house: &House, path: &str, body: Value) -> Reply {
    let key = key();
    loop {
        let request = house.service.keyed(reqwest::Method::POST, path, &key).bearer_auth(&house.service.operator);
        match Reply::attempt(request.json(&body)).await {
            Ok(reply) if reply.status < 500 => return reply,
            _ => {}
        }
    }
}

on_both! {
    async fn many_clients_write_a_history(fresh: Fresh) {
        let house = Arc::new(House::with_credits(&fresh, 1).await);
        let (begin, lines) = (Instant::now(), Arc::<Mutex<Vec<Value>>>::default());
        let first = json!({ "client": CLIENTS, "call": 0, "return": 1, "kind": "add", "amount": 1, "done": true });
        lines.lock().await.push(first);
        let clients: Vec<_> =
            (0..CLIENTS).map(|number| tokio::spawn(client(house.clone(), number, begin, Arc::clone(&lines)))).collect();
        for client in clients {
            client.await.expect("no panic");
        }
        let lines = lines.lock().await;
        let sum = |kind: &str| -> i64 {
            let of_kind = lines.iter().filter(|line| line["kind"] == kind && line["done"] == true);
            of_kind.map(|line| line["amount"].as_i64().expect("a number")).sum()
        };
        let available = house.get("/v1/credits").await.is(200)["available"].as_i64().expect("a number");
        assert_eq!(available, sum("add") - sum("take"));
        if let Some(folder) = std::env::var_os("PACKSHOT_TEST_HISTORIES_IN") {
            let path = std::path::Path::new(&folder).join(format!("{:?}.jsonl", fresh.store.backend()));
            let mut file = std::fs::File::create(path).expect("a file");
            for line in lines.iter() {
                writeln!(file, "{line}").expect("it can be written");
            }
        }
    }
}
