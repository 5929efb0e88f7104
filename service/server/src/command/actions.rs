//! What the command does.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::error::{Error, Result};
use crate::settings::Settings;
use crate::start::{Service, add_demo};
use crate::store::Store;

/// Serves until a signal comes.
pub(super) async fn serve(settings: Settings, demo: bool) -> Result<ExitCode> {
    let known = settings.data.join("packshot.db").exists() || settings.database.is_some();
    let service = Service::start(settings.clone()).await?;
    let url = settings.public_url.clone().map_or_else(|| service.address().map(|at| format!("http://{at}")), Ok)?;
    eprintln!("Packshot serves {} on {url}", service.policy_name());
    eprintln!("  policy    {}", service.policy_version());
    eprintln!("  data      {}", settings.data.display());
    if settings.service_key.is_none() {
        let file = settings.data.join("service.key");
        eprintln!("  key       {} (fingerprint {})", file.display(), service.key_fingerprint());
    }
    eprintln!("  content   {}", service.vault());
    for warning in service.warnings() {
        eprintln!("  warning   {warning}");
    }
    let points = service.open_points();
    if !points.is_empty() {
        eprintln!("\nThe policy's text leaves {} points open. Confirm what was chosen:", points.len());
        points.iter().for_each(|point| eprintln!("  {point}"));
    }
    if !known {
        eprintln!("\nThis is its first start. Keep a copy of the key file: without it the data cannot be read.");
        eprintln!("To become the operator, within a day:");
        eprintln!("  packshot login --url {url} --operator {}", service.operator_code().await?);
    }
    if demo {
        for line in add_demo(service.app()).await? {
            eprintln!("{line}");
        }
    }
    service.run(signal()).await?;
    Ok(ExitCode::SUCCESS)
}

/// A service for tests, which ends with its input: with whoever started it.
pub(super) async fn ephemeral(mut settings: Settings) -> Result<ExitCode> {
    let cause = |cause: std::io::Error| Error::Internal(cause.to_string());
    let folder = tempfile::tempdir().map_err(cause)?;
    settings.data = folder.path().to_owned();
    settings.database = None;
    settings.listen.set_port(0);
    let mail = settings.data.join("mail");
    let service = Service::start(settings).await?;
    let line = json!({
        "url": format!("http://{}", service.address()?),
        "admin_token": service.operator_token().await?,
        "data": folder.path(),
        "mail": mail,
    });
    let mut out = std::io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(cause)?;
    service
        .run(async {
            tokio::select! { () = signal() => {}, () = end_of_input() => {} }
        })
        .await?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn migrate(settings: &Settings) -> Result<ExitCode> {
    Store::of(settings).await?.close().await;
    println!("The database is up to date.");
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn admin_link(settings: &Settings) -> Result<ExitCode> {
    let mut settings = settings.clone();
    // Any port: the service itself may be running.
    settings.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let url = settings.public_url.clone().unwrap_or_else(|| format!("http://{}", settings.listen));
    let service = Service::start(settings).await?;
    println!("packshot login --url {url} --operator {}", service.operator_code().await?);
    service.run(std::future::ready(())).await?;
    Ok(ExitCode::SUCCESS)
}

/// Asks the service that listens where the settings say.
pub(super) async fn healthcheck(settings: &Settings) -> Result<ExitCode> {
    let mut at = settings.listen;
    match at.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => at.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => at.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    let ask = async {
        let mut stream = TcpStream::connect(at).await?;
        stream.write_all(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    let answer = match tokio::time::timeout(Duration::from_secs(5), ask).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(cause)) => return unwell(&format!("{at}: {cause}")),
        Err(_) => return unwell(&format!("{at} does not answer")),
    };
    if answer.starts_with("HTTP/1.1 200") { Ok(ExitCode::SUCCESS) } else { unwell(answer.lines().next().unwrap_or("")) }
}

fn unwell(why: &str) -> Result<ExitCode> {
    eprintln!("{why}");
    Ok(ExitCode::FAILURE)
}

/// Until somebody wants the service to stop.
async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    tokio::signal::ctrl_c().await.ok();
}

async fn end_of_input() {
    let mut nothing = [0; 64];
    let mut input = tokio::io::stdin();
    while input.read(&mut nothing).await.is_ok_and(|read| read > 0) {}
}
