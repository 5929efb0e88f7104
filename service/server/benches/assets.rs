//! What assets cost: `cargo bench -p packshot-server --features measure --bench assets`. Each figure stands beside its limit or
//! beside a peer of the same run. `PACKSHOT_BENCH_ROWS` says how many assets the largest service has.

#![allow(clippy::expect_used, reason = "a benchmark")]

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use packshot_server::{Service, Settings, Time, measure};
use reqwest::Client;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _};

/// How many are removed in a measurement.
const REMOVED: i64 = 2000;
const MIB: usize = 1 << 20;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let check = measure::link_check(1_000_000).expect("it is measured");
    println!("| signed link, check | {:.2} us | limit 1 us |", check.as_secs_f64() * 1e6);
    runtime.block_on(upload());
    let most = std::env::var("PACKSHOT_BENCH_ROWS").map_or(1_000_000, |rows| rows.parse().expect("a number"));
    println!("| assets | removed | each | longest answer meanwhile | memory |");
    println!("|---|---|---|---|---|");
    let mut rows = 10_000;
    while rows <= most {
        runtime.block_on(purge(rows));
        rows *= 10;
    }
}

/// 16 MiB, sealed and stored, beside the same bytes written and synced.
async fn upload() {
    const ROUNDS: u32 = 12;
    let folder = tempfile::tempdir().expect("a folder");
    let bytes: Vec<u8> = (0..16 * MIB).map(|at| (at * 31 + at / 257) as u8).collect();
    let mut ratios = Vec::new();
    for _ in 0..3 {
        let begin = Instant::now();
        for round in 0..ROUNDS {
            write(&folder.path().join(format!("bare-{round}")), &bytes);
        }
        let bare = begin.elapsed() / ROUNDS;
        let sealed = measure::store(folder.path(), bytes.clone().into(), ROUNDS).await.expect("it is stored");
        ratios.push((sealed.as_secs_f64() / bare.as_secs_f64(), sealed, bare));
    }
    ratios.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (ratio, sealed, bare) = ratios[1];
    println!("| 16 MiB sealed and stored | {sealed:.1?} beside {bare:.1?} | {ratio:.2} x, limit 1.15 x |");
}

fn write(path: &Path, bytes: &[u8]) {
    let mut file = std::fs::File::create(path).expect("a file");
    file.write_all(bytes).and_then(|()| file.sync_all()).expect("it is written");
    std::fs::File::open(path.parent().expect("a folder")).and_then(|folder| folder.sync_all()).expect("it is synced");
}

/// Some of many assets are due at once.
async fn purge(rows: i64) {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, start) = (folder.path().to_owned(), Time::from_micros(1_800_000_000_000_000));
    let listen = ([127, 0, 0, 1], 0).into();
    let settings = Settings { data, listen, test_clock: Some(start), ..Settings::default() };
    let service = Service::start(settings).await.expect("a service");
    let url = format!("http://{}", service.address().expect("an address"));
    let running = tokio::spawn(service.run(std::future::pending()));
    fill(folder.path(), rows, start.as_micros()).await;
    rustls::crypto::ring::default_provider().install_default().ok();
    let client = Client::builder().no_proxy().build().expect("a client");
    let before = resident();
    let (asking, asked) = (client.clone(), format!("{url}/v1/health"));
    let watcher = tokio::spawn(async move {
        let mut longest = Duration::ZERO;
        loop {
            let begin = Instant::now();
            if asking.get(&asked).send().await.is_err() {
                return longest;
            }
            longest = longest.max(begin.elapsed());
            WORST.fetch_max(longest.as_micros() as u64, std::sync::atomic::Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    WORST.store(0, std::sync::atomic::Ordering::Relaxed);
    let begin = Instant::now();
    let move_on = client.post(format!("{url}/v1/test/clock")).header("idempotency-key", "one");
    let moved = move_on.json(&json!({ "advance": 3600 })).send().await.expect("an answer");
    assert!(moved.status().is_success(), "{}", moved.text().await.expect("a text"));
    let each = begin.elapsed() / REMOVED as u32;
    let worst = Duration::from_micros(WORST.load(std::sync::atomic::Ordering::Relaxed));
    println!("| {rows} | {REMOVED} | {each:.1?} | {worst:.1?} | {} MB, {} MB before |", resident(), before);
    watcher.abort();
    running.abort();
}

static WORST: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

/// Assets of an organisation: most of them end in weeks, and some within the hour.
async fn fill(folder: &Path, rows: i64, now: i64) {
    let options = SqliteConnectOptions::new().filename(folder.join("packshot.db"));
    let mut connection = options.connect().await.expect("the database");
    let policy = "(SELECT hash FROM policy_text LIMIT 1)";
    let organisation = "x'000000000000000000000000000000aa'";
    let uploaded = now - 23 * 3_600_000_000;
    for statement in [
        format!("INSERT INTO organisation VALUES ({organisation}, x'00', 'free', 9000000000000000, 0)"),
        format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) \
             INSERT INTO asset (id, organisation, kind, state, bytes, part_bytes, format, width, height, policy, created_at, \
             uploaded_at, restricted, next_at, due_by) \
             SELECT unhex(printf('%032x', i)), {organisation}, 'photo', 'ready', 5, 5, 'jpeg', 1, 1, {policy}, {uploaded}, \
             CASE WHEN i <= {REMOVED} THEN {uploaded} ELSE {now} END, 0, \
             CASE WHEN i <= {REMOVED} THEN {now} + 1000000 ELSE {now} + 80000000000 + i END, {now} + 90000000000 FROM n"
        ),
    ] {
        connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await.expect("it is filled");
    }
}

/// Megabytes that this process has.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
