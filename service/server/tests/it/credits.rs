//! The ledger keeps its promises, on both databases.
//!
//! | promise | shown by |
//! |---|---|
//! | L1 every transaction sums to zero | a transfer is both sides of an entry |
//! | L2 a grant is the sum of its buckets, none below zero | the database's own checks; `random_histories_match_the_model` |
//! | L3 a hold ends once | `a_hold_ends_once_however_many_try` |
//! | L4 a key has one effect and one answer | `a_key_has_one_effect`, `calls_with_one_key_at_the_same_time`, `crash` |
//! | L5 the order of use is total | `grants_are_used_by_priority_then_expiry_then_age` |
//! | L6 what has expired cannot be used, what is held can | `credits_expire_unless_they_are_held` |
//! | L7 the journal only grows | `the_journal_only_grows`, `a_changed_journal_is_found` |
//! | L8 what is derived can be rebuilt | `random_histories_match_the_model` |
//! | L9 the server's order counts | numbers without a gap, in each audit |
//! | L10 exactly as many holds succeed as there are credits | `as_many_holds_as_there_are_credits` |
//! | L13 whole numbers, no overflow | `amounts_have_bounds` |
//! | L14 no personal data in the journal | its columns: ids, amounts, words and the operator's reason |
//! | L15 captured <= quoted <= held | `no_more_than_the_quote_is_captured` |
//!
//! L11 (jobs) and L12 (payments) come with jobs and payments.

mod crash;
mod histories;
mod model;
mod tampering;
mod unwritten;

use std::time::Duration;

use packshot_server::{
    Balance, Clock, Command, Credits, Error, HoldEnd, Id, Key, Ledger, NewGrant, Receipt, Refusal, Time,
};

use crate::stores::{Fresh, on_both};

const START: Time = Time::from_micros(1_800_000_000_000_000);
const HOUR: Duration = Duration::from_secs(3600);

fn credits(whole: i64) -> Credits {
    Credits::from_millis(whole * 1000).expect("an amount")
}

fn key() -> Key {
    Key::new(Id::new().to_string()).expect("a key")
}

/// A grant without an end.
fn grant(amount: i64) -> Command {
    grant_with(amount, 0, None).1
}

fn grant_with(amount: i64, priority: i64, expires_at: Option<Time>) -> (Id, Command) {
    let id = Id::new();
    (id, Command::Grant(NewGrant { id, amount: credits(amount), source: "plan".to_owned(), priority, expires_at }))
}

/// A hold of an hour.
fn hold(amount: i64) -> (Id, Command) {
    let id = Id::new();
    (id, Command::Hold { id, amount: credits(amount), quoted: None, expires_in: HOUR })
}

fn capture(hold: Id, amount: i64) -> Command {
    Command::Capture { hold, amount: credits(amount) }
}

fn correct(receipt: &Receipt, amount: i64) -> Command {
    Command::Correct { transaction: receipt.seq, amount: credits(amount), reason: "the picture was empty".to_owned() }
}

fn refused(answer: Result<Receipt, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// One account, and a clock that stands still.
#[derive(Clone)]
struct Bank {
    ledger: Ledger,
    clock: Clock,
    account: Id,
}

impl Bank {
    fn of(fresh: &Fresh) -> Self {
        let clock = Clock::stopped_at(START);
        Self { ledger: Ledger::new(fresh.store.clone(), clock.clone()), clock, account: Id::new() }
    }

    async fn tries(&self, command: &Command) -> Result<Receipt, Error> {
        self.ledger.execute(self.account, &key(), command).await
    }

    async fn does(&self, command: &Command) -> Receipt {
        self.tries(command).await.expect("it is done")
    }

    async fn balance(&self) -> Balance {
        self.ledger.balance(self.account).await.expect("a balance")
    }

    /// Available, held, consumed, expired and voided, in credits.
    async fn has(&self) -> [i64; 5] {
        let Balance { available, held, consumed, expired, voided, .. } = self.balance().await;
        [available, held, consumed, expired, voided].map(|amount| amount.as_millis() / 1000)
    }

    async fn faults(&self) -> Vec<String> {
        self.ledger.audit(self.account).await.expect("an audit").faults
    }

    async fn is_sound(&self) {
        assert_eq!(self.faults().await, Vec::<String>::new());
        let Balance { available, held, consumed, expired, voided, granted } = self.balance().await;
        assert_eq!(granted, available + held + consumed + expired + voided);
    }
}

/// All answers of commands that run at the same time, each with its own key.
async fn together(bank: &Bank, commands: impl IntoIterator<Item = (Key, Command)>) -> Vec<Result<Receipt, Error>> {
    let run = |(key, command)| {
        let bank = bank.clone();
        tokio::spawn(async move { bank.ledger.execute(bank.account, &key, &command).await })
    };
    let tasks: Vec<_> = commands.into_iter().map(run).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("no panic"));
    }
    answers
}

on_both! {
    async fn what_is_captured_is_spent_and_the_rest_returns(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        bank.does(&grant(10)).await;
        let (id, hold) = hold(4);
        bank.does(&hold).await;
        assert_eq!(bank.has().await, [6, 4, 0, 0, 0]);
        let receipt = bank.does(&capture(id, 3)).await;
        assert_eq!((receipt.seq, receipt.subject, receipt.amount), (3, Some(id), credits(3)));
        assert_eq!(bank.has().await, [7, 0, 3, 0, 0]);
        let state = bank.ledger.hold(bank.account, id).await.expect("the hold");
        assert_eq!((state.end, state.captured), (Some(HoldEnd::Captured), credits(3)));
        bank.is_sound().await;
    }

    async fn what_is_voided_returns(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        bank.does(&grant(10)).await;
        let (id, hold) = hold(4);
        bank.does(&hold).await;
        bank.does(&Command::Void { hold: id }).await;
        assert_eq!(bank.has().await, [10, 0, 0, 0, 0]);
        bank.is_sound().await;
    }

    async fn a_hold_ends_once_however_many_try(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        bank.does(&grant(10)).await;
        let (id, hold) = hold(4);
        bank.does(&hold).await;
        let ends = (0..16).map(|at| if at % 2 == 0 { capture(id, 1 + at / 4) } else { Command::Void { hold: id } });
        let answers = together(&bank, ends.map(|command| (key(), command))).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        for answer in answers.into_iter().filter(Result::is_err) {
            assert!(matches!(refused(answer), Refusal::HoldEnded(_)));
        }
        bank.is_sound().await;
    }

    async fn a_key_has_one_effect(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        bank.does(&grant(10)).await;
        let (key, (_, hold)) = (key(), hold(4));
        let first = bank.ledger.execute(bank.account, &key, &hold).await.expect("a hold");
        bank.clock.advance(HOUR);
        let second = bank.ledger.execute(bank.account, &key, &hold).await.expect("the same");
        assert!(second.replayed && !first.replayed);
        assert_eq!(Receipt { replayed: false, ..second }, first);
        assert_eq!(bank.balance().await.held, credits(4));
        let other = bank.ledger.execute(bank.account, &key, &grant(1)).await;
        assert_eq!(other.expect_err("another command").code().as_str(), "idempotency_key_reused");
        bank.is_sound().await;
    }

    async fn calls_with_one_key_at_the_same_time(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        bank.does(&grant(10)).await;
        let (key, (_, hold)) = (key(), hold(3));
        let answers = together(&bank, (0..24).map(|_| (key.clone(), hold.clone()))).await;
        let receipts: Vec<_> = answers.into_iter().map(|answer| answer.expect("a receipt")).collect();
        assert_eq!(receipts.iter().filter(|receipt| !receipt.replayed).count(), 1);
        assert_eq!(bank.has().await, [7, 3, 0, 0, 0]);
        bank.is_sound().await;
    }

    async fn a_first_grant_that_arrives_many_times(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        let (key, grant) = (key(), grant(5));
        let answers = together(&bank, (0..16).map(|_| (key.clone(), grant.clone()))).await;
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
        assert_eq!(bank.has().await, [5, 0, 0, 0, 0]);
        bank.is_sound().await;
    }

    async fn as_many_holds_as_there_are_credits(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        bank.does(&grant(10)).await;
        bank.does(&grant(7)).await;
        let answers = together(&bank, (0..32).map(|_| (key(), hold(3).1))).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 5);
        for answer in answers.into_iter().filter(Result::is_err) {
            let Refusal::InsufficientCredits { needed, available } = refused(answer) else { panic!("another refusal") };
            assert_eq!((needed, available < needed), (credits(3), true));
        }
        assert_eq!(bank.has().await, [2, 15, 0, 0, 0]);
        bank.is_sound().await;
    }

    async fn grants_are_used_by_priority_then_expiry_then_age(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        let mut ids = Vec::new();
        for (priority, hours) in [(1, 1), (0, 0), (0, 9), (0, 2), (0, 2)] {
            let end = (hours > 0).then(|| START + HOUR * hours);
            let (id, grant) = grant_with(1, priority, end);
            bank.does(&grant).await;
            ids.push(id);
        }
        bank.does(&hold(5).1).await;
        let journal = bank.ledger.journal(bank.account, 5, 10).await.expect("the journal");
        let used: Vec<_> = journal[0].transfers.iter().map(|transfer| transfer.grant).collect();
        assert_eq!(used, [3, 4, 2, 1, 0].map(|at: usize| ids[at]));
        bank.is_sound().await;
    }

    async fn credits_expire_unless_they_are_held(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        bank.does(&grant_with(10, 0, Some(START + HOUR / 2)).1).await;
        let (captured, hold_captured) = hold(2);
        let (late, hold_late) = hold(3);
        bank.does(&hold_captured).await;
        bank.does(&hold_late).await;
        bank.clock.advance(HOUR / 2);
        assert_eq!(bank.has().await, [0, 5, 0, 5, 0]);
        assert!(matches!(refused(bank.tries(&hold(1).1).await), Refusal::InsufficientCredits { .. }));
        bank.does(&capture(captured, 1)).await;
        assert_eq!(bank.has().await, [0, 3, 1, 6, 0]);
        bank.clock.advance(HOUR / 2);
        assert_eq!(refused(bank.tries(&capture(late, 1)).await), Refusal::HoldExpired);
        assert_eq!(bank.ledger.expire_due(100).await.expect("a sweep"), 2);
        assert_eq!(bank.ledger.expire_due(100).await.expect("a sweep"), 0);
        assert_eq!(bank.has().await, [0, 0, 1, 9, 0]);
        bank.is_sound().await;
    }

    async fn corrections_return_what_was_spent_and_take_back_what_was_given(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        let given = bank.does(&grant(10)).await;
        let (id, hold) = hold(4);
        bank.does(&hold).await;
        let spent = bank.does(&capture(id, 4)).await;
        bank.does(&correct(&spent, 3)).await;
        assert_eq!(bank.has().await, [9, 0, 1, 0, 0]);
        let too_much = Refusal::CorrectionTooLarge { asked: credits(2), left: credits(1) };
        assert_eq!(refused(bank.tries(&correct(&spent, 2)).await), too_much);
        bank.does(&correct(&given, 9)).await;
        assert_eq!(bank.has().await, [0, 0, 1, 0, 9]);
        let nothing = Refusal::CorrectionTooLarge { asked: credits(1), left: credits(0) };
        assert_eq!(refused(bank.tries(&correct(&given, 1)).await), nothing);
        let held = Receipt { seq: 2, ..given };
        assert_eq!(refused(bank.tries(&correct(&held, 1)).await), Refusal::NotCorrectable);
        bank.is_sound().await;
    }

    async fn no_more_than_the_quote_is_captured(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        bank.does(&grant(10)).await;
        let id = Id::new();
        let quoted = |quoted| Command::Hold { id, amount: credits(5), quoted: Some(credits(quoted)), expires_in: HOUR };
        assert_eq!(refused(bank.tries(&quoted(6)).await), Refusal::BadQuote);
        bank.does(&quoted(4)).await;
        let too_large = Refusal::CaptureTooLarge { asked: credits(5), quoted: credits(4) };
        assert_eq!(refused(bank.tries(&capture(id, 5)).await), too_large);
        bank.does(&capture(id, 4)).await;
        bank.is_sound().await;
    }

    async fn amounts_have_bounds(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        assert_eq!(refused(bank.tries(&hold(1).1).await), Refusal::UnknownAccount);
        assert_eq!(refused(bank.tries(&grant(0)).await), Refusal::NoAmount);
        assert_eq!(refused(bank.tries(&grant_with(1, 0, Some(START)).1).await), Refusal::ExpiresInThePast);
        let too_large = Credits::sum_of_millis(Credits::MAX.as_millis() + 1);
        let (id, source) = (Id::new(), "plan".to_owned());
        let grant_too_large = Command::Grant(NewGrant { id, amount: too_large, source, priority: 0, expires_at: None });
        assert_eq!(refused(bank.tries(&grant_too_large).await), Refusal::AmountTooLarge);
        for _ in 0..3 {
            bank.does(&grant(Credits::MAX.as_millis() / 1000)).await;
        }
        assert_eq!(bank.balance().await.available.as_millis(), 3 * Credits::MAX.as_millis());
        assert_eq!(refused(bank.tries(&hold(0).1).await), Refusal::NoAmount);
        assert_eq!(refused(bank.tries(&capture(Id::new(), 1)).await), Refusal::UnknownHold);
        bank.is_sound().await;
    }

    async fn an_id_belongs_to_one_hold(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        bank.does(&grant(10)).await;
        let (_, hold) = hold(1);
        bank.does(&hold).await;
        assert_eq!(refused(bank.tries(&hold).await), Refusal::IdTaken);
        assert_eq!(bank.has().await, [9, 1, 0, 0, 0]);
        bank.is_sound().await;
    }

    async fn one_account_cannot_end_the_hold_of_another(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        bank.does(&grant(10)).await;
        let (id, hold) = hold(4);
        bank.does(&hold).await;
        let other = Bank { account: Id::new(), ..bank.clone() };
        other.does(&grant(1)).await;
        assert_eq!(refused(other.tries(&capture(id, 1)).await), Refusal::UnknownHold);
        assert_eq!(refused(other.tries(&Command::Void { hold: id }).await), Refusal::UnknownHold);
        bank.is_sound().await;
    }

    async fn callers_who_go_away_leave_nothing_half_done(fresh: Fresh) {
        let bank = Bank::of(&fresh);
        bank.does(&grant(1000)).await;
        let mut stayed = 0;
        for wait in 0..60 {
            let call = || { let bank = bank.clone(); tokio::spawn(async move { bank.tries(&hold(1).1).await }) };
            let calls: Vec<_> = (0..5).map(|_| call()).collect();
            tokio::time::sleep(Duration::from_micros(wait * 60)).await;
            for (call, place) in calls.into_iter().zip(0..) {
                if (wait + place) % 2 == 0 {
                    call.abort();
                } else {
                    call.await.expect("no panic").expect("credits enough");
                    stayed += 1;
                }
            }
        }
        let held = bank.has().await[1];
        assert!((stayed..=300).contains(&held), "{held} held, {stayed} confirmed");
        bank.is_sound().await;
    }
}
