//! Random histories: the ledger does what the model does, and its journal tells the whole of it.

use std::time::Duration;

use packshot_server::{Balance, Command, Credits, Error, Id, Key, NewGrant, Time};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Handle;

use super::Bank;
use super::model::Model;
use crate::stores::{Fresh, on_both};

/// A step of a history. Numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    Grant {
        millis: i64,
        priority: i64,
        lasts: Option<u64>,
    },
    Hold {
        millis: i64,
        quoted: Option<i64>,
        lasts: u64,
    },
    Capture {
        which: usize,
        millis: i64,
    },
    Void {
        which: usize,
    },
    ExpireHold {
        which: usize,
    },
    ExpireGrants,
    Correct {
        transaction: i64,
        millis: i64,
    },
    Wait {
        seconds: u64,
    },
    /// The same request arrives again.
    Repeat {
        which: usize,
    },
    Rebuild,
}

fn step() -> impl Strategy<Value = Step> {
    let millis = || prop_oneof![4 => 1..5_000_i64, 1 => Just(0), 1 => 5_000..20_000_i64];
    prop_oneof![
        3 => (millis(), 0..3_i64, prop::option::of(1..200_u64))
            .prop_map(|(millis, priority, lasts)| Step::Grant { millis, priority, lasts }),
        6 => (millis(), prop::option::weighted(0.3, millis()), 1..100_u64)
            .prop_map(|(millis, quoted, lasts)| Step::Hold { millis, quoted, lasts }),
        5 => (any::<usize>(), millis()).prop_map(|(which, millis)| Step::Capture { which, millis }),
        2 => any::<usize>().prop_map(|which| Step::Void { which }),
        1 => any::<usize>().prop_map(|which| Step::ExpireHold { which }),
        1 => Just(Step::ExpireGrants),
        3 => (1..40_i64, millis()).prop_map(|(transaction, millis)| Step::Correct { transaction, millis }),
        3 => (1..60_u64).prop_map(|seconds| Step::Wait { seconds }),
        2 => any::<usize>().prop_map(|which| Step::Repeat { which }),
        1 => Just(Step::Rebuild),
    ]
}

/// The command of a step, if it is one.
fn command(step: &Step, holds: &[Id], now: Time) -> Option<Command> {
    let amount = |millis| Credits::from_millis(millis).expect("an amount");
    let end = |seconds| now + Duration::from_secs(seconds);
    let hold = |which: usize| holds.get(which % holds.len().max(1)).copied().unwrap_or_else(Id::new);
    Some(match *step {
        Step::Grant { millis, priority, lasts } => {
            let (source, expires_at) = ("plan".to_owned(), lasts.map(end));
            Command::Grant(NewGrant { id: Id::new(), amount: amount(millis), source, priority, expires_at })
        }
        Step::Hold { millis, quoted, lasts } => {
            let (amount, quoted) = (amount(millis), quoted.map(amount));
            Command::Hold { id: Id::new(), amount, quoted, expires_in: Duration::from_secs(lasts) }
        }
        Step::Capture { which, millis } => Command::Capture { hold: hold(which), amount: amount(millis) },
        Step::Void { which } => Command::Void { hold: hold(which) },
        Step::ExpireHold { which } => Command::ExpireHold { hold: hold(which) },
        Step::ExpireGrants => Command::ExpireGrants,
        Step::Correct { transaction, millis } => {
            Command::Correct { transaction, amount: amount(millis), reason: String::new() }
        }
        Step::Wait { .. } | Step::Repeat { .. } | Step::Rebuild => return None,
    })
}

async fn check_history(bank: &Bank, steps: &[Step]) -> Result<(), TestCaseError> {
    let (mut model, mut holds, mut sent) = (Model::default(), Vec::new(), Vec::new());
    for step in steps {
        let now = bank.clock.now();
        match step {
            Step::Wait { seconds } => drop(bank.clock.advance(Duration::from_secs(*seconds))),
            Step::Rebuild => bank.ledger.rebuild(bank.account).await.expect("a sound journal"),
            Step::Repeat { which } if !sent.is_empty() => {
                let (key, command, receipt): &(Key, Command, _) = &sent[which % sent.len()];
                let again = bank.ledger.execute(bank.account, key, command).await.expect("the first answer");
                prop_assert!(again.replayed);
                prop_assert_eq!(packshot_server::Receipt { replayed: false, ..again }, Clone::clone(receipt));
            }
            _ => {
                let Some(command) = command(step, &holds, now) else { continue };
                let key = super::key();
                let answer = bank.ledger.execute(bank.account, &key, &command).await;
                prop_assert_eq!(model.does(&command, now), answer.is_ok(), "{:?}: {:?}", command, answer);
                match (answer, &command) {
                    (Ok(receipt), _) => {
                        if let Command::Hold { id, .. } = &command {
                            holds.push(*id);
                        }
                        sent.push((key, command, receipt));
                    }
                    (Err(Error::Refused(_)), _) => {}
                    (Err(error), _) => return Err(TestCaseError::fail(error.to_string())),
                }
            }
        }
        let Balance { available, held, consumed, expired, voided, .. } = bank.balance().await;
        let ours = [available, held, consumed, expired, voided].map(Credits::as_millis);
        prop_assert_eq!(ours, model.balance(bank.clock.now()), "after {:?}", step);
    }
    prop_assert_eq!(bank.faults().await, Vec::<String>::new());
    Ok(())
}

on_both! {
    async fn random_histories_match_the_model(fresh: Fresh) {
        let cases = std::env::var("PACKSHOT_TEST_HISTORIES").map_or(60, |cases| cases.parse().expect("a number"));
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        let checked = tokio::task::block_in_place(|| {
            runner.run(&prop::collection::vec(step(), 1..40), |steps| {
                // Each history has an account of its own.
                let bank = Bank::of(&fresh);
                Handle::current().block_on(check_history(&bank, &steps))
            })
        });
        if let Err(failure) = checked {
            panic!("{failure}");
        }
    }
}
