//! Checks a machine before the service runs there.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::error::Result;
use crate::mailer::Mailer;
use crate::settings::Settings;
use crate::start::{Service, load_policy};
use crate::store::{Store, Writes};

/// 2026: a clock that is earlier is not set.
const BUILT: i64 = 1_767_225_600_000_000;

/// Prints a line for each check; fails if one fails.
pub(super) async fn run(settings: &Settings) -> Result<ExitCode> {
    let mut well = true;
    let mut tell = |what: &str, outcome: Result<String>| match outcome {
        Ok(found) => println!("ok      {what:<10} {found}"),
        Err(error) => {
            well = false;
            println!("failed  {what:<10} {error}\n{:>18} {}", "", error.code().action());
        }
    };
    tell(
        "policy",
        load_policy(settings).map(|(policy, _, plans)| {
            let (name, open) = (&policy.about.service, policy.open.len());
            format!("{name} {}, {open} open points, {} plans", policy.identity.version, plans.plans.len())
        }),
    );
    tell("clock", clock());
    tell("data", folder(settings));
    tell("database", database(settings).await);
    tell("mail", async { Mailer::new(settings)?.test().await }.await);
    let mut anywhere = settings.clone();
    anywhere.listen.set_port(0);
    tell(
        "service",
        async {
            let service = Service::start(anywhere).await?;
            let fingerprint = service.key_fingerprint();
            service.run(std::future::ready(())).await?;
            Ok(format!("it starts; key with fingerprint {fingerprint}"))
        }
        .await,
    );
    let address = settings.public_url.clone().ok_or_else(|| {
        crate::error::Error::Setting("--public-url is not set: mails hold codes and no links".to_owned())
    });
    match address {
        Ok(url) => println!("ok      {:<10} {url}", "public url"),
        Err(note) => println!("note    {:<10} {note}", "public url"),
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn clock() -> Result<String> {
    let now = Clock::system().now();
    if now.as_micros() < BUILT {
        return Err(crate::error::Error::Setting(format!("the clock of this machine says {now}; set it")));
    }
    Ok(now.to_string())
}

/// Whether a file can be written and kept there.
fn folder(settings: &Settings) -> Result<String> {
    let probe = settings.data.join("doctor.part");
    let write = || {
        std::fs::create_dir_all(&settings.data)?;
        std::fs::write(&probe, [0; 4096])?;
        std::fs::File::open(&probe)?.sync_all()?;
        std::fs::remove_file(&probe)
    };
    let path = settings.data.clone();
    write().map_err(|cause| crate::error::Error::Folder { path, cause })?;
    Ok(format!("{} can be written", settings.data.display()))
}

/// How long a durable write takes.
async fn database(settings: &Settings) -> Result<String> {
    const ROUNDS: u32 = 20;
    let store = Store::of(settings).await?;
    let begin = Instant::now();
    for round in 0..ROUNDS {
        let mut writes = Writes::default();
        writes.add(
            "INSERT INTO fact VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            ["doctor".into(), round.to_be_bytes().to_vec().into()],
        );
        store.begin().await?.commit_with(writes).await?;
    }
    let each: Duration = begin.elapsed() / ROUNDS;
    let kind = store.backend();
    store.close().await;
    Ok(format!("{kind:?}, {:.1} ms for a durable write", each.as_secs_f64() * 1000.0))
}
