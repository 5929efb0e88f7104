//! What a process or a database confirmed before it was killed is there afterwards, once.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command as Process, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use packshot_server::{Backend, Clock, Command, Credits, Error, Id, Key, Ledger, NewGrant, Receipt, Store};
use tokio::task::JoinSet;

use crate::postgres::Postgres;
use crate::stores::{is_skipped, runtime};

/// Where the child finds its database: a folder, or an address.
const PLACE: &str = "PACKSHOT_TEST_CRASH";
const ACCOUNTS: u8 = 3;
const CLIENTS: usize = 8;

fn kills(few: usize) -> usize {
    env::var("PACKSHOT_TEST_KILLS").map_or(few, |kills| kills.parse().expect("a number"))
}

fn account(number: u8) -> Id {
    Id::from_bytes([number; 16])
}

async fn open(place: &str) -> Result<Ledger, Error> {
    let store = if place.starts_with("postgres:") {
        Store::connect(place, 8).await?
    } else {
        Store::in_folder(place.as_ref()).await?
    };
    Ok(Ledger::new(store, Clock::system()))
}

/// What the child prints of each command, after it was confirmed.
fn line(account: u8, key: &str, command: &Command, receipt: &Receipt) -> String {
    let command = serde_json::to_string(command).expect("JSON");
    format!("done {account} {key} {} {} {command}", receipt.seq, receipt.at.as_micros())
}

/// Not a test by itself: the child of those below. Holds and captures until it is killed.
#[test]
fn child_that_is_killed() {
    let Ok(place) = env::var(PLACE) else { return };
    runtime().block_on(async {
        let ledger = open(&place).await.expect("the database of the parent");
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let ledger = ledger.clone();
            clients.spawn(async move {
                let account_number = client as u8 % ACCOUNTS;
                loop {
                    let (id, amount) = (Id::new(), Credits::from_millis(5).expect("an amount"));
                    for command in [
                        Command::Hold { id, amount, quoted: None, expires_in: Duration::from_secs(3600) },
                        Command::Capture { hold: id, amount },
                    ] {
                        let key = Id::new().to_string();
                        let receipt = insist(&ledger, account(account_number), &key, &command).await;
                        println!("{}", line(account_number, &key, &command, &receipt));
                    }
                }
            });
        }
        clients.join_next().await;
    });
}

/// As a client does that gets no answer: again, with the same key.
async fn insist(ledger: &Ledger, account: Id, key: &str, command: &Command) -> Receipt {
    let key = Key::new(key).expect("a key");
    let since = Instant::now();
    loop {
        match ledger.execute(account, &key, command).await {
            Ok(receipt) => return receipt,
            Err(Error::Refused(refusal)) => panic!("{command:?}: {refusal}"),
            Err(error) if since.elapsed() > Duration::from_secs(60) => panic!("{error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

fn start_child(place: &str) -> Child {
    let mut child = Process::new(env::current_exe().expect("this program"));
    child.args(["--exact", "credits::crash::child_that_is_killed", "--nocapture", "--test-threads=1"]);
    child.env(PLACE, place).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("a child")
}

/// Runs `during` while a child works, kills the child, and checks all that it confirmed.
async fn round(place: &str, during: impl FnOnce()) -> usize {
    let mut child = start_child(place);
    let output = child.stdout.take().expect("its output");
    let reader = std::thread::spawn(move || BufReader::new(output).lines().map_while(Result::ok).collect::<Vec<_>>());
    during();
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let ledger = Arc::new(open(place).await.expect("it opens again"));
    let lines = reader.join().expect("a reader");
    let mut confirmed = 0;
    for done in lines.iter().filter_map(|line| line.split_once("done ").map(|(_, done)| done)) {
        let parts: Vec<_> = done.splitn(5, ' ').collect();
        // The last line may have been cut off.
        let [number, key, seq, at, command] = parts[..] else { continue };
        let Ok(command) = serde_json::from_str::<Command>(command) else { continue };
        let (number, key) = (number.parse().expect("an account"), Key::new(key).expect("a key"));
        let again = ledger.execute(account(number), &key, &command).await.expect("its receipt");
        assert!(again.replayed, "{done} was confirmed and is not there");
        assert_eq!((again.seq.to_string(), again.at.as_micros().to_string()), (seq.to_owned(), at.to_owned()));
        confirmed += 1;
    }
    for number in 0..ACCOUNTS {
        let audit = ledger.audit(account(number)).await.expect("an audit");
        assert_eq!(audit.faults, Vec::<String>::new(), "account {number}");
    }
    Arc::into_inner(ledger).expect("nobody else").close().await;
    confirmed
}

async fn fill(place: &str) {
    let ledger = open(place).await.expect("a new database");
    for number in 0..ACCOUNTS {
        let (source, amount) = ("plan".to_owned(), Credits::MAX);
        let grant = Command::Grant(NewGrant { id: Id::new(), amount, source, priority: 0, expires_at: None });
        insist(&ledger, account(number), "first", &grant).await;
    }
    ledger.close().await;
}

#[test]
fn a_killed_process_keeps_what_it_confirmed() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_str().expect("a path");
    runtime().block_on(async {
        fill(place).await;
        let mut confirmed = 0;
        for kill in 0..kills(4) {
            let wait = Duration::from_millis(150 + 37 * (kill as u64 % 11));
            confirmed += round(place, || std::thread::sleep(wait)).await;
        }
        assert!(confirmed > 0, "the child was killed before it did anything");
    });
}

#[test]
fn a_database_that_crashes_keeps_what_it_confirmed() {
    if is_skipped(Backend::Postgres) {
        return;
    }
    let server = Postgres::start(true);
    let place = server.create("crash");
    runtime().block_on(async {
        fill(&place).await;
        let mut confirmed = 0;
        for _ in 0..kills(2) {
            confirmed += round(&place, || {
                std::thread::sleep(Duration::from_millis(300));
                server.crash_and_recover();
                std::thread::sleep(Duration::from_millis(300));
            })
            .await;
        }
        assert!(confirmed > 0, "nothing was confirmed");
    });
}
