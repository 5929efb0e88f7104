//! How mails leave: to a mail server, or as files into a folder.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::{Mailbox, header::ContentType};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::error::{Error, Result};
use crate::id::Id;
use crate::settings::Settings;

/// How long a mail server may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends mails.
pub(crate) struct Mailer {
    from: Mailbox,
    to: To,
}

enum To {
    Server(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl Mailer {
    pub(crate) fn new(settings: &Settings) -> Result<Self> {
        let fault = |what: &str, cause: String| Error::Setting(format!("{what}: {cause}"));
        let from = settings.mail_from.parse().map_err(|cause| fault("the sender of mails", format!("{cause}")))?;
        let to = match &settings.smtp {
            Some(url) => {
                let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
                let server = server.map_err(|cause| fault("the mail server", cause.to_string()))?;
                To::Server(server.timeout(Some(PATIENCE)).build())
            }
            None => To::Folder(settings.data.join("mail")),
        };
        Ok(Self { from, to })
    }

    /// Whether the mail server answers. A folder always does.
    pub(crate) async fn test(&self) -> Result<String> {
        match &self.to {
            To::Folder(folder) => Ok(format!("mails are files in {}", folder.display())),
            To::Server(server) => match server.test_connection().await {
                Ok(true) => Ok("the mail server answers".to_owned()),
                Ok(false) => Err(Error::Mail("the mail server refuses".to_owned())),
                Err(cause) => Err(Error::Mail(cause.to_string())),
            },
        }
    }

    pub(crate) async fn send(&self, address: &str, subject: &str, text: String) -> Result<()> {
        let fault = |cause: String| Error::Mail(cause);
        let to = address.parse().map_err(|_| fault("its address is none".to_owned()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|cause| fault(cause.to_string()))?;
        match &self.to {
            To::Server(server) => server.send(message).await.map(drop).map_err(|cause| fault(cause.to_string())),
            To::Folder(folder) => {
                let (folder, bytes) = (folder.clone(), message.formatted());
                let write = move || {
                    std::fs::create_dir_all(&folder)?;
                    let name = Id::new();
                    let part = folder.join(format!("{name}.part"));
                    std::fs::write(&part, bytes)?;
                    // Whoever watches the folder sees whole mails only.
                    std::fs::rename(part, folder.join(format!("{name}.eml")))
                };
                let written = tokio::task::spawn_blocking(write).await.map_err(|cause| fault(cause.to_string()))?;
                written.map_err(|cause| fault(cause.to_string()))
            }
        }
    }
}
