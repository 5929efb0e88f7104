//! The client of a command: which service, and who asks.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use packshot::client::{self, Client, FileTokens};
use packshot::{Code, Error, Result};
use tokio::sync::Notify;

use super::args::Connection;

/// Why a command of the service failed.
pub(super) enum Failure {
    Local(Error),
    Service(client::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Local(error)
    }
}

impl From<client::Error> for Failure {
    fn from(error: client::Error) -> Self {
        Self::Service(error)
    }
}

impl Connection {
    /// A client with the API key of the environment, or else with the session of the last login.
    pub(super) fn client(&self) -> Result<Client, Failure> {
        match std::env::var("PACKSHOT_API_KEY").ok().filter(|key| !key.is_empty()) {
            Some(key) => {
                let client = Client::builder().base_url(self.url()?).user_agent(PROGRAM).api_key(key).build()?;
                Ok(self.for_organisation(client))
            }
            None => self.session(),
        }
    }

    /// A client with a session, whatever the environment says.
    pub(super) fn session(&self) -> Result<Client, Failure> {
        let url = self.url()?;
        let tokens = FileTokens::new(folder()?.join(format!("session-{}.json", file_name(&url))));
        let client = Client::builder().base_url(url).user_agent(PROGRAM).tokens(Arc::new(tokens)).build()?;
        Ok(self.for_organisation(client))
    }

    fn for_organisation(&self, client: Client) -> Client {
        match &self.organisation {
            Some(id) => client.for_organisation(id),
            None => client,
        }
    }

    fn url(&self) -> Result<String> {
        let given = self.url.clone().filter(|url| !url.is_empty());
        let url = given.or_else(|| std::fs::read_to_string(folder().ok()?.join(LAST)).ok());
        let url = url.ok_or_else(|| {
            let message =
                "which service? Give --url, set PACKSHOT_URL, or sign in once with `packshot login --url URL`";
            Error::new(Code::OptionInvalid, message)
        })?;
        Ok(url.trim().trim_end_matches('/').to_owned())
    }
}

const PROGRAM: &str = "packshot-cli";
/// The file with the address of the last login.
const LAST: &str = "service";

/// Later commands are about this service, unless they name another one.
pub(super) fn remember(url: &str) -> Result<()> {
    let folder = folder()?;
    std::fs::create_dir_all(&folder).map_err(|cause| {
        Error::new(Code::FileUnwritable, "cannot create the folder for settings").at(&folder).because(cause)
    })?;
    packshot::write_atomically(&folder.join(LAST), url.as_bytes())
}

/// An address as a part of a file's name; two addresses never have the same.
fn file_name(url: &str) -> String {
    let mut name = String::new();
    for byte in url.bytes() {
        match byte {
            b'.' | b'-' => name.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => name.push(char::from(byte)),
            _ => name += &format!("%{byte:02x}"),
        }
    }
    name
}

fn folder() -> Result<PathBuf> {
    config_folder(|name| std::env::var_os(name))
        .ok_or_else(|| Error::new(Code::FileUnwritable, "there is no folder for settings; set PACKSHOT_CONFIG to one"))
}

/// `PACKSHOT_CONFIG`, or Packshot's folder in the platform's folder for settings.
fn config_folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let path = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let absolute = |name| path(name).filter(|path: &PathBuf| Path::is_absolute(path));
    path("PACKSHOT_CONFIG").or_else(|| {
        if cfg!(windows) {
            absolute("APPDATA").map(|roaming| roaming.join("packshot"))
        } else if cfg!(target_vendor = "apple") {
            absolute("HOME").map(|home| home.join("Library/Application Support/packshot"))
        } else {
            let home = || absolute("HOME").map(|home| home.join(".config"));
            absolute("XDG_CONFIG_HOME").or_else(home).map(|config| config.join("packshot"))
        }
    })
}

/// Runs calls until they end or Ctrl-C comes. What the service has received by then is not undone. Whatever is asked at a
/// terminal is asked before: from here on Ctrl-C ends nothing but the calls.
pub(super) fn block_on<T, E: Into<Failure>>(work: impl Future<Output = Result<T, E>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|cause| Error::new(Code::Internal, "cannot start a runtime").because(cause))?;
    let cancel = crate::batch::interrupt();
    let interrupted = Arc::new(Notify::new());
    let wake = Arc::clone(&interrupted);
    let _guard = cancel.on_cancel(move || wake.notify_one());
    let result = runtime.block_on(async {
        tokio::select! {
            result = work => result.map_err(Into::into),
            () = interrupted.notified() => Err(Error::new(Code::Cancelled, "interrupted").into()),
        }
    });
    // An ordinary shutdown would wait for a name server that does not answer.
    runtime.shutdown_background();
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_has_a_file_of_its_own() {
        assert_eq!(file_name("https://a.test:8080"), "https%3a%2f%2fa.test%3a8080");
        let urls = ["https://a.test/b", "https://a.test_b", "https://a.test%2fb", "https://a.test-b"];
        let names: std::collections::HashSet<_> = urls.iter().map(|url| file_name(url)).collect();
        assert_eq!(names.len(), urls.len());
    }

    #[cfg(all(unix, not(target_vendor = "apple")))]
    #[test]
    fn settings_are_where_the_platform_has_them() {
        let found = |environment: &[(&str, &str)]| {
            config_folder(|name| {
                environment.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
            })
        };
        let (home, xdg) = (("HOME", "/home/ada"), ("XDG_CONFIG_HOME", "/etc/ada"));
        assert_eq!(found(&[home, xdg, ("PACKSHOT_CONFIG", "here")]), Some("here".into()));
        assert_eq!(found(&[home, xdg]), Some("/etc/ada/packshot".into()));
        assert_eq!(found(&[home, ("XDG_CONFIG_HOME", "relative")]), Some("/home/ada/.config/packshot".into()));
        assert_eq!(found(&[]), None);
    }
}
