//! How many pairs of hold and capture a second the ledger does, next to PostgreSQL's own benchmark and to a bare loop
//! that commits groups: `cargo bench -p packshot-server`.
//!
//! The rounds of both sides take turns in one run on one machine; what counts is the ratio of their medians.

#[path = "../tests/it/files.rs"]
mod files;
#[expect(dead_code, clippy::expect_used, reason = "shared with the tests")]
#[path = "../tests/it/postgres.rs"]
mod postgres;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use packshot_server::{Clock, Command, Credits, Id, Key, Ledger, NewGrant, Store};
use postgres::Postgres;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, SqliteConnection};

type Fault = Box<dyn std::error::Error + Send + Sync>;

const ROUNDS: usize = 5;
const TURN: Duration = Duration::from_secs(4);
const CLIENTS: usize = 8;
const ACCOUNTS: usize = 10_000;
/// SQLite commits those together that come at the same time.
const EMBEDDED_CLIENTS: usize = 64;

fn main() -> Result<(), Fault> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        println!("| what | pairs a second | beside it | ratio | limit |\n|---|---|---|---|---|");
        postgres().await?;
        sqlite().await
    })
}

async fn postgres() -> Result<(), Fault> {
    let server = Postgres::start(true);
    for (database, scale) in [("uniform", "50"), ("hot", "1")] {
        server.create(database);
        pgbench(&server, database, &["-i", "-q", "-s", scale])?;
    }
    let store = Store::connect(&server.create("ledger"), 16).await?;
    let ledger = Ledger::new(store, Clock::system());
    let accounts: Arc<[Id]> = (0..ACCOUNTS).map(|_| Id::new()).collect();
    for chunk in accounts.chunks(64) {
        let grants = chunk.iter().map(|account| tokio::spawn(fill(ledger.clone(), *account)));
        for grant in grants.collect::<Vec<_>>() {
            grant.await??;
        }
    }
    let (mut ours, mut theirs, mut ours_hot, mut theirs_hot) = (vec![], vec![], vec![], vec![]);
    for _ in 0..ROUNDS {
        theirs.push(tpcb(&server, "uniform")?);
        ours.push(pairs(&ledger, &accounts, CLIENTS).await?);
        theirs_hot.push(tpcb(&server, "hot")?);
        ours_hot.push(pairs(&ledger, &accounts[..1].into(), CLIENTS).await?);
    }
    row("PostgreSQL, 10,000 accounts, 8 clients", ours, "pgbench TPC-B, scale 50", theirs, 0.45);
    row("PostgreSQL, one account, 8 clients", ours_hot, "pgbench TPC-B, scale 1", theirs_hot, 0.4);
    Ok(())
}

async fn sqlite() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let ledger = Ledger::new(Store::in_folder(folder.path()).await?, Clock::system());
    let accounts: Arc<[Id]> = (0..ACCOUNTS / 10).map(|_| Id::new()).collect();
    for account in accounts.iter() {
        fill(ledger.clone(), *account).await?;
    }
    let mut bare = bare(folder.path()).await?;
    let (mut ours, mut theirs) = (vec![], vec![]);
    for _ in 0..ROUNDS {
        theirs.push(bare_pairs(&mut bare).await?);
        ours.push(pairs(&ledger, &accounts, EMBEDDED_CLIENTS).await?);
    }
    row("SQLite, durable, 64 clients", ours, "a bare loop, 32 pairs a commit", theirs, 0.6);
    Ok(())
}

fn row(what: &str, ours: Vec<f64>, peer: &str, theirs: Vec<f64>, limit: f64) {
    let (ours, theirs) = (median(ours), median(theirs));
    let ratio = ours / theirs;
    let verdict = if ratio >= limit { "" } else { " **missed**" };
    println!("| {what} | {ours:.0} | {peer}: {theirs:.0} | {ratio:.2} | {limit}{verdict} |");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn key() -> Result<Key, Fault> {
    Key::new(Id::new().to_string()).ok_or_else(|| "no key".into())
}

async fn fill(ledger: Ledger, account: Id) -> Result<(), Fault> {
    let grant =
        NewGrant { id: Id::new(), amount: Credits::MAX, source: "plan".to_owned(), priority: 0, expires_at: None };
    ledger.execute(account, &key()?, &Command::Grant(grant)).await?;
    Ok(())
}

/// Pairs a second, each on an account by chance.
async fn pairs(ledger: &Ledger, accounts: &Arc<[Id]>, clients: usize) -> Result<f64, Fault> {
    let (start, done) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let mut tasks = Vec::new();
    for client in 0..clients {
        let (ledger, accounts, done) = (ledger.clone(), Arc::clone(accounts), Arc::clone(&done));
        tasks.push(tokio::spawn(async move {
            let mut random = client as u64 + 1;
            while start.elapsed() < TURN {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let account = accounts[(random >> 33) as usize % accounts.len()];
                let (id, amount) = (Id::new(), Credits::try_from(1000)?);
                ledger
                    .execute(
                        account,
                        &key()?,
                        &Command::Hold { id, amount, quoted: None, expires_in: Duration::from_secs(3600) },
                    )
                    .await?;
                ledger.execute(account, &key()?, &Command::Capture { hold: id, amount }).await?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<_, Fault>(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    Ok(done.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64())
}

/// Transactions a second of pgbench's TPC-B.
fn tpcb(server: &Postgres, database: &str) -> Result<f64, Fault> {
    let seconds = TURN.as_secs().to_string();
    let output = pgbench(server, database, &["-c", "8", "-j", "2", "-T", &seconds])?;
    let line = output.lines().find_map(|line| line.strip_prefix("tps = ")).ok_or("pgbench tells no tps")?;
    Ok(line.split_whitespace().next().unwrap_or_default().parse()?)
}

fn pgbench(server: &Postgres, database: &str, words: &[&str]) -> Result<String, Fault> {
    let mut command = server.program("pgbench");
    let output = command.current_dir("/").args(words).arg(database).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// What anyone would write who needs balances and a journal, and nothing else.
async fn bare(folder: &std::path::Path) -> Result<SqliteConnection, Fault> {
    let options = SqliteConnectOptions::new().filename(folder.join("bare.db")).create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    let mut connection = options.disable_statement_logging().connect().await?;
    connection.execute("CREATE TABLE account (id INTEGER PRIMARY KEY, available INTEGER, held INTEGER, consumed INTEGER); CREATE TABLE hold (id BLOB PRIMARY KEY, account INTEGER, amount INTEGER, state TEXT); CREATE TABLE journal (id INTEGER PRIMARY KEY, account INTEGER, hold BLOB, amount INTEGER); CREATE TABLE request (key TEXT PRIMARY KEY, answer TEXT)").await?;
    for id in 0..ACCOUNTS as i64 / 10 {
        sqlx::query("INSERT INTO account VALUES ($1, 1000000000000, 0, 0)").bind(id).execute(&mut connection).await?;
    }
    Ok(connection)
}

async fn bare_pairs(connection: &mut SqliteConnection) -> Result<f64, Fault> {
    let (start, mut done) = (Instant::now(), 0_i64);
    while start.elapsed() < TURN {
        // A pair is two requests, in two commits: all holds of a group, then all captures.
        let holds: Vec<(Id, i64)> =
            (0..32).map(|at| (Id::new(), (done + at) * 7919 % (ACCOUNTS as i64 / 10))).collect();
        for (hold, sql, state) in [
            (
                true,
                "UPDATE account SET available = available - 1000, held = held + 1000 WHERE id = $1 AND available >= 1000",
                "open",
            ),
            (false, "UPDATE account SET held = held - 1000, consumed = consumed + 1000 WHERE id = $1", "captured"),
        ] {
            let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
            for (id, account) in &holds {
                let id = id.to_string();
                sqlx::query(sql).bind(account).execute(&mut *tx).await?;
                let change = if hold {
                    "INSERT INTO hold VALUES ($1, $2, 1000, $3)"
                } else {
                    "UPDATE hold SET state = $3 WHERE id = $1 AND account = $2"
                };
                sqlx::query(change).bind(&id).bind(account).bind(state).execute(&mut *tx).await?;
                sqlx::query("INSERT INTO journal (account, hold, amount) VALUES ($1, $2, 1000)")
                    .bind(account)
                    .bind(&id)
                    .execute(&mut *tx)
                    .await?;
                sqlx::query("INSERT INTO request VALUES ($1, $2)")
                    .bind(Id::new().to_string())
                    .bind(state)
                    .execute(&mut *tx)
                    .await?;
            }
            tx.commit().await?;
        }
        done += 32;
    }
    Ok(done as f64 / start.elapsed().as_secs_f64())
}
