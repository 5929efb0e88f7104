//! Looks for viruses, by asking a clamd. Where a scanner is set and does not answer, nothing passes.

use std::time::Duration;

use packshot_policy::Policy;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::error::{Error, Result};
use crate::settings::Scanner;

/// Where Debian's clamd listens.
const SOCKET: &str = "/run/clamav/clamd.ctl";
/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// Bytes that are sent at once.
const CHUNK: usize = 256 * 1024;
/// The longest reply that is read.
const REPLY: u64 = 4096;

/// Who is asked.
#[derive(Debug, Clone)]
pub(crate) struct Scan(Scanner);

impl Scan {
    /// The scanner of the settings; without one, clamd where the policy promises it.
    pub(crate) fn of(setting: Option<&Scanner>, policy: &Policy) -> Self {
        let promised = policy.security.scan_before_persist;
        let default = || if promised { Scanner::Socket(SOCKET.into()) } else { Scanner::Off };
        Self(setting.cloned().unwrap_or_else(default))
    }

    /// What an operator has to know: that a promise is not kept.
    pub(crate) fn warning(&self, policy: &Policy) -> Option<String> {
        let broken = self.0 == Scanner::Off && policy.security.scan_before_persist;
        broken.then(|| "The policy promises that files are scanned for viruses, and --scanner is off.".to_owned())
    }

    /// The name of what was found in `file`, if anything was.
    pub(crate) async fn look(&self, file: &[u8]) -> Result<Option<String>> {
        let asked = async {
            match &self.0 {
                Scanner::Off => Ok(None),
                #[cfg(unix)]
                Scanner::Socket(path) => ask(tokio::net::UnixStream::connect(path).await, file).await,
                #[cfg(not(unix))]
                Scanner::Socket(path) => Err(format!("{}: sockets are not available here", path.display())),
                Scanner::Address(address) => ask(TcpStream::connect(address).await, file).await,
            }
        };
        let away = |why: String| Error::Scanner(format!("{}: {why}", self.0));
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(answer) => answer.map_err(away),
            Err(_) => Err(away("it took too long".to_owned())),
        }
    }
}

/// Sends the file in clamd's own way: lengths in front of chunks, and none at the end.
async fn ask(
    stream: std::io::Result<impl AsyncRead + AsyncWrite + Unpin>,
    file: &[u8],
) -> Result<Option<String>, String> {
    let mut stream = stream.map_err(|cause| cause.to_string())?;
    // A scanner that has heard enough ends the connection; what it said counts then.
    let sent = send(&mut stream, file).await;
    let mut reply = Vec::new();
    let heard = (&mut stream).take(REPLY).read_to_end(&mut reply).await;
    let reply = String::from_utf8_lossy(&reply);
    let reply = reply.trim_end_matches(['\0', '\n']);
    if let Some(found) = reply.strip_prefix("stream: ").and_then(|reply| reply.strip_suffix(" FOUND")) {
        return Ok(Some(found.to_owned()));
    }
    if reply == "stream: OK" {
        return sent.map(|()| None).map_err(|cause| cause.to_string());
    }
    let cause = sent.err().or(heard.err()).map_or_else(String::new, |cause| cause.to_string());
    Err(if reply.is_empty() { cause } else { reply.to_owned() })
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), file: &[u8]) -> std::io::Result<()> {
    stream.write_all(b"zINSTREAM\0").await?;
    for chunk in file.chunks(CHUNK) {
        stream.write_all(&u32::try_from(chunk.len()).unwrap_or(0).to_be_bytes()).await?;
        stream.write_all(chunk).await?;
    }
    stream.write_all(&[0; 4]).await?;
    stream.flush().await
}
