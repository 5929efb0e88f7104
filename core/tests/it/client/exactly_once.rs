//! Under any schedule of faults, a call has one effect, and ends before its deadline.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use packshot::api::service::{Credits, NewHold};
use packshot::client::Error;
use proptest::prelude::*;
use tokio::time::Instant;

use super::script::{Reply, Script, Seen, hold, paused};

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    None,
    NotConnected,
    CutBefore,
    CutAfterCommit,
    SilentBefore,
    SilentAfterCommit,
    /// The status, and whether the effect happened.
    Failed(u16, bool),
    Limited(u64),
    /// The first request with this key is still running.
    InProgress,
    /// The network delivers the request a second time.
    Duplicated,
}

fn fault() -> impl Strategy<Value = Fault> {
    let statuses = prop::sample::select(vec![408_u16, 500, 502, 503, 504]);
    prop_oneof![
        2 => Just(Fault::None),
        1 => Just(Fault::NotConnected),
        1 => Just(Fault::CutBefore),
        2 => Just(Fault::CutAfterCommit),
        1 => Just(Fault::SilentBefore),
        1 => Just(Fault::SilentAfterCommit),
        2 => (statuses, any::<bool>()).prop_map(|(status, committed)| Fault::Failed(status, committed)),
        1 => (0..40_u64).prop_map(Fault::Limited),
        1 => Just(Fault::InProgress),
        1 => Just(Fault::Duplicated),
    ]
}

/// A service that keeps keys with their effects.
#[derive(Default)]
struct Ledger {
    kept: Mutex<HashMap<String, String>>,
    effects: AtomicUsize,
}

impl Ledger {
    fn commit(&self, seen: &Seen) -> Reply {
        let mut kept = self.kept.lock().unwrap();
        match kept.get(seen.header("idempotency-key").unwrap()) {
            Some(body) if *body != seen.body => Reply::problem(422, "idempotency_key_reused"),
            Some(_) => Reply::json(201, &hold()).with("idempotent-replayed", "true"),
            None => {
                kept.insert(seen.header("idempotency-key").unwrap().to_owned(), seen.body.clone());
                self.effects.fetch_add(1, Ordering::SeqCst);
                Reply::json(201, &hold())
            }
        }
    }

    fn answer(&self, fault: Fault, seen: &Seen) -> Reply {
        match fault {
            Fault::None => self.commit(seen),
            Fault::NotConnected => Reply::NoConnection,
            Fault::CutBefore => Reply::Cut,
            Fault::SilentBefore => Reply::Silence,
            Fault::CutAfterCommit => {
                self.commit(seen);
                Reply::Cut
            }
            Fault::SilentAfterCommit => {
                self.commit(seen);
                Reply::Silence
            }
            Fault::Failed(status, committed) => {
                if committed {
                    self.commit(seen);
                }
                Reply::problem(status, "internal")
            }
            Fault::Limited(seconds) => Reply::problem(429, "rate_limited").with("retry-after", seconds),
            Fault::InProgress => Reply::problem(409, "idempotency_in_progress").with("retry-after", 1),
            Fault::Duplicated => {
                self.commit(seen);
                self.commit(seen)
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_call_has_one_effect_and_ends_in_time(
        faults in prop::collection::vec(fault(), 0..12),
        retries in 0..5_u32,
        deadline in 1..100_u64,
    ) {
        paused(async {
            let ledger = Arc::new(Ledger::default());
            let (kept, schedule) = (Arc::clone(&ledger), faults.clone());
            // After the faults, everything works.
            let script = Script::new(move |index, seen| kept.answer(*schedule.get(index).unwrap_or(&Fault::None), seen));
            let deadline = Duration::from_secs(deadline);
            let client = script.builder().api_key("k").retries(retries).deadline(deadline).build().unwrap();
            let request = NewHold { amount: Credits::from_millis(1500), quote: None, expires_in: None };
            let call = client.holds().create(&request);

            let begun = Instant::now();
            let first = call.clone().await;
            prop_assert!(begun.elapsed() <= deadline, "{:?}", begun.elapsed());
            let effects = ledger.effects.load(Ordering::SeqCst);
            match &first {
                Ok(_) => prop_assert_eq!(effects, 1),
                Err(error) => prop_assert!(is_honest(error, effects), "{:?} after {} effects", error, effects),
            }

            // Whoever makes the same call again, as often as it takes, gets the answer: still one effect.
            for _ in 0..20 {
                if call.clone().await.is_ok() {
                    prop_assert_eq!(ledger.effects.load(Ordering::SeqCst), 1);
                    return Ok(());
                }
            }
            prop_assert!(false, "the faults are over, and the call still fails");
            Ok(())
        })?;
    }
}

/// An error tells the truth about whether the service may have done what it was asked to do.
fn is_honest(error: &Error, effects: usize) -> bool {
    error.is_uncertain() || effects == 0
}
