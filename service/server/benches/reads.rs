//! How long small reads take with 64 connections: `cargo bench -p packshot-server --bench reads`. What counts is the ratio of
//! the slowest hundredth to the median, that none fails, and that memory does not grow. `PACKSHOT_READ_SECONDS` says how long.

#![allow(clippy::expect_used, reason = "a benchmark")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use packshot_server::{Service, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

const CONNECTIONS: usize = 64;
/// It asks the database four times: for the session, the account, and its key.
const PATH: &str = "/v1/account";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let seconds = std::env::var("PACKSHOT_READ_SECONDS").map_or(20, |text| text.parse().expect("seconds"));
    runtime.block_on(measure(Duration::from_secs(seconds)));
}

async fn measure(period: Duration) {
    let folder = tempfile::tempdir().expect("a folder");
    let many = 100_000_000.try_into().expect("not zero");
    let listen = ([127, 0, 0, 1], 0).into();
    let data = folder.path().to_owned();
    let settings = Settings { data, listen, limit_address: many, limit_account: many, ..Settings::default() };
    let service = Service::start(settings).await.expect("a service");
    let (address, token) = (service.address().expect("an address"), service.operator_token().await.expect("a token"));
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop);
    let running = tokio::spawn(service.run(async move { stopped.notified().await }));
    read(address, &token, Duration::from_secs(2)).await;
    let before = resident();
    let times = read(address, &token, period).await;
    let after = resident();
    let (median, slow) = (times.at(0.5), times.at(0.99));
    let ratio = slow.as_secs_f64() / median.as_secs_f64();
    println!("| connections | reads a second | p50 | p99 | p99 / p50 | limit | memory before | after |");
    println!("|---|---|---|---|---|---|---|---|");
    let rate = times.count() as f64 / period.as_secs_f64();
    println!("| {CONNECTIONS} | {rate:.0} | {median:.1?} | {slow:.1?} | {ratio:.1} | 5 | {before} MB | {after} MB |");
    stop.notify_one();
    running.await.expect("no panic").expect("it stops");
}

/// How many reads took how long: a hundredth more in each place. It does not grow, so that what grows is the service.
struct Times(Vec<u64>);

impl Times {
    fn new() -> Self {
        Self(vec![0; 2048])
    }

    fn add(&mut self, time: Duration) {
        let place = (time.as_secs_f64() * 1e6).max(1.0).ln() * 100.0;
        self.0[(place as usize).min(2047)] += 1;
    }

    fn count(&self) -> u64 {
        self.0.iter().sum()
    }

    fn at(&self, share: f64) -> Duration {
        let wanted = (self.count() as f64 * share) as u64;
        let mut below = 0;
        let place = self.0.iter().position(|count| {
            below += count;
            below > wanted
        });
        Duration::from_secs_f64((place.unwrap_or(0) as f64 / 100.0).exp() / 1e6)
    }
}

/// How long the reads took.
async fn read(address: std::net::SocketAddr, token: &str, period: Duration) -> Times {
    let clients = (0..CONNECTIONS).map(|_| {
        let request = format!("GET {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n");
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.expect("a connection");
            let (mut times, mut buffer, end) = (Times::new(), vec![0; 1 << 16], Instant::now() + period);
            while Instant::now() < end {
                let begin = Instant::now();
                stream.write_all(request.as_bytes()).await.expect("it is sent");
                answer(&mut stream, &mut buffer).await;
                times.add(begin.elapsed());
            }
            times
        })
    });
    let mut all = Times::new();
    for client in clients.collect::<Vec<_>>() {
        let own = client.await.expect("no panic");
        all.0.iter_mut().zip(own.0).for_each(|(sum, count)| *sum += count);
    }
    all
}

/// Reads one answer, which must be a success.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await.expect("an answer");
        assert!(read > 0, "the connection broke");
        filled += read;
        let text = String::from_utf8_lossy(&buffer[..filled]);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        if body.len() == length.parse::<usize>().expect("a number") {
            return;
        }
    }
}

/// Resident memory of this process, in megabytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1024
}
