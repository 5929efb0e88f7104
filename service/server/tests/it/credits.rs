//! The ledger keeps its promises, on both databases.

use packshot_server::{
    Clock, Command, Credits, Error, HoldEnd, Id, Key, Ledger, NewGrant, Receipt, Refusal, Store, Time,
};

use crate::stores::on_both;

const START: Time = Time::from_micros(1_800_000_000_000_000);
const HOUR: std::time::Duration = std::time::Duration::from_secs(3600);

fn credits(whole: i64) -> Credits {
    Credits::from_millis(whole * 1000).expect("an amount")
}

fn grant(amount: i64) -> Command {
    Command::Grant(NewGrant {
        id: Id::new(),
        amount: credits(amount),
        source: "plan".to_owned(),
        priority: 0,
        expires_at: None,
    })
}

fn hold(id: Id, amount: i64) -> Command {
    Command::Hold { id, amount: credits(amount), quoted: None, expires_at: START + HOUR }
}

struct Bank {
    ledger: Ledger,
    clock: Clock,
    account: Id,
}

impl Bank {
    fn new(store: Store) -> Self {
        let clock = Clock::stopped_at(START);
        Self { ledger: Ledger::new(store, clock.clone()), clock, account: Id::new() }
    }

    async fn does(&self, command: &Command) -> Result<Receipt, Error> {
        self.ledger.execute(self.account, &Key::new(Id::new().to_string()).expect("a key"), command).await
    }

    async fn available(&self) -> i64 {
        self.ledger.balance(self.account).await.expect("a balance").available.as_millis()
    }

    async fn is_sound(&self) {
        let audit = self.ledger.audit(self.account).await.expect("an audit");
        assert_eq!(audit.faults, Vec::<String>::new());
    }
}

on_both! {
    async fn what_is_held_and_captured_is_charged_once(store: Store) {
        let bank = Bank::new(store);
        bank.does(&grant(10)).await.expect("a grant");
        let id = Id::new();
        bank.does(&hold(id, 4)).await.expect("a hold");
        assert_eq!(bank.available().await, 6000);
        bank.does(&Command::Capture { hold: id, amount: credits(3) }).await.expect("a capture");
        assert_eq!(bank.available().await, 7000);
        let twice = bank.does(&Command::Capture { hold: id, amount: credits(3) }).await;
        assert!(matches!(twice, Err(Error::Refused(Refusal::HoldEnded(HoldEnd::Captured)))), "{twice:?}");
        bank.is_sound().await;
        let _ = &bank.clock;
    }
}
