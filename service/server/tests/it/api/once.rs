//! Exactly once: whatever is lost, repeated, cut or restarted, a request has one effect, and each of its answers is the same.

use std::time::Duration;

use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};

use super::House;
use crate::service::{Reply, Running, key};
use crate::stores::{Fresh, on_both};

/// How many random schedules; `cargo xtask soak ledger` runs a thousand.
fn schedules() -> u32 {
    std::env::var("PACKSHOT_TEST_SCHEDULES").map_or(10, |count| count.parse().expect("a number"))
}

const FAULTS: [&str; 5] = ["cut_before", "error_before", "cut_after_commit", "error_after_commit", "latency"];

/// What the credits should be, in thousandths.
#[derive(Debug, Default, PartialEq, Eq)]
struct Expected {
    available: i64,
    held: i64,
    consumed: i64,
    transactions: i64,
}

/// An open hold.
struct Open {
    path: String,
    amount: i64,
}

struct Chance(TestRng);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0.next_u64() % end
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}

/// Sends a request until it is answered, with faults on the way and copies of it at the same time.
async fn insist(house: &House, chance: &mut Chance, path: &str, body: &Value) -> Reply {
    let key = key();
    let request = || {
        let request = house.service.keyed(reqwest::Method::POST, path, &key);
        request.bearer_auth(&house.service.operator).json(body)
    };
    let faults: Vec<_> = (0..chance.below(3))
        .map(|_| json!({ "kind": FAULTS[chance.below(5) as usize], "path": path, "latency": 30 }))
        .collect();
    house.service.faults(json!(faults)).await;
    let impatient = chance.one_in(3);
    loop {
        let mut first = request();
        if impatient {
            first = first.timeout(Duration::from_millis(5 + chance.below(30)));
        }
        let copies = if chance.one_in(3) { 1 + chance.below(3) } else { 0 };
        let copies: Vec<_> = (0..copies).map(|_| tokio::spawn(Reply::attempt(request()))).collect();
        let answer = Reply::attempt(first).await;
        let mut answers = vec![answer];
        for copy in copies {
            answers.push(copy.await.expect("it does not panic"));
        }
        let answers: Vec<_> = answers.into_iter().flatten().filter(|reply| reply.status < 500).collect();
        let Some(answer) = answers.first() else { continue };
        for other in &answers {
            assert_eq!(said(other), said(answer), "all answers are the same");
        }
        // Another copy of it may still be under way; one more time, so that it is surely the same afterwards.
        let last = Reply::attempt(request()).await;
        if let Ok(last) = last.as_ref()
            && last.status < 500
        {
            assert_eq!(said(last), said(answer));
        }
        return answers.into_iter().next().expect("an answer");
    }
}

/// An answer without its own id.
fn said(reply: &Reply) -> (u16, Value) {
    let mut body = reply.is(reply.status);
    body["request_id"].take();
    (reply.status, body)
}

async fn schedule(fresh: &Fresh, house: &mut House, chance: &mut Chance) {
    let (mut expected, mut open) = (Expected::default(), Vec::<Open>::new());
    let mut captures: Vec<(i64, i64)> = Vec::new();
    let grants = format!("/v1/admin/organisations/{}/grants", house.organisation);
    let corrections = format!("/v1/admin/organisations/{}/corrections", house.organisation);
    for step in 0..12 {
        if chance.one_in(10) {
            let stopped = std::mem::replace(&mut house.service, Running::on(fresh).await);
            stopped.stop().await;
        }
        let amount = 1 + chance.below(1000) as i64;
        match if step == 0 { 0 } else { chance.below(6) } {
            0 => {
                insist(house, chance, &grants, &json!({ "amount": amount, "source": "gift" })).await.is(201);
                expected.available += amount;
                expected.transactions += 1;
            }
            1 | 2 => {
                let reply = insist(house, chance, "/v1/holds", &json!({ "amount": amount })).await;
                if amount > expected.available {
                    assert_eq!(reply.refused(402), "insufficient_credits");
                    continue;
                }
                let path = format!("/v1/holds/{}", reply.is(201)["id"].as_str().expect("an id"));
                open.push(Open { path, amount });
                expected.available -= amount;
                expected.held += amount;
                expected.transactions += 1;
            }
            3 | 4 if !open.is_empty() => {
                let hold = open.swap_remove(chance.below(open.len() as u64) as usize);
                let spent = 1 + chance.below(hold.amount as u64) as i64;
                let path = format!("{}/capture", hold.path);
                insist(house, chance, &path, &json!({ "amount": spent })).await.is(200);
                expected.held -= hold.amount;
                expected.consumed += spent;
                expected.available += hold.amount - spent;
                expected.transactions += 1;
                captures.push((expected.transactions, spent));
            }
            5 if !open.is_empty() => {
                let hold = open.swap_remove(chance.below(open.len() as u64) as usize);
                insist(house, chance, &format!("{}/void", hold.path), &json!({})).await.is(200);
                expected.held -= hold.amount;
                expected.available += hold.amount;
                expected.transactions += 1;
            }
            _ => {
                let Some((transaction, spent)) = captures.pop() else { continue };
                let body = json!({ "transaction": transaction, "amount": spent, "reason": "the picture was empty" });
                insist(house, chance, &corrections, &body).await.is(201);
                expected.consumed -= spent;
                expected.available += spent;
                expected.transactions += 1;
            }
        }
    }
    let balance = house.get("/v1/credits").await.is(200);
    let sum = |name: &str| balance[name].as_i64().expect("a number");
    let audit = house.get(&format!("/v1/admin/organisations/{}/audit", house.organisation)).await.is(200);
    assert_eq!(audit["faults"], json!([]));
    let transactions = audit["transactions"].as_i64().expect("a number");
    let (available, held, consumed) = (sum("available"), sum("held"), sum("consumed"));
    assert_eq!(Expected { available, held, consumed, transactions }, expected);
}

on_both! {
    async fn every_schedule_of_faults_has_one_effect(fresh: Fresh) {
        let mut chance = Chance(TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let mut house = House::on(&fresh).await;
        for _ in 0..schedules() {
            house = House { organisation: house.another(&fresh).await, ..house };
            schedule(&fresh, &mut house, &mut chance).await;
        }
    }
}
