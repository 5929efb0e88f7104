//! What the hosted service does: `packshot login`, `logout`, `account`, `credits`, `hold`, `keys`, `assets`,
//! `retention`.

mod account;
pub(crate) mod args;
mod assets;
mod connect;
mod credits;
mod keys;
mod password;
mod retention;

use packshot::api::service::Credits;
use packshot::client;
use packshot::{Error, Result};
use serde::Serialize;
use serde_json::{Value, json};

use crate::exit;
use crate::say::Voice;
use connect::{Failure, block_on};

pub(crate) fn login(args: &args::Login, voice: Voice) -> Result<u8> {
    ended(account::login(args, voice), voice)
}

pub(crate) fn logout(args: &args::Logout, voice: Voice) -> Result<u8> {
    ended(account::logout(args, voice), voice)
}

pub(crate) fn account(args: &args::Account, voice: Voice) -> Result<u8> {
    ended(account::run(args, voice), voice)
}

pub(crate) fn credits(args: &args::Credit, voice: Voice) -> Result<u8> {
    ended(block_on(credits::run(args, voice)), voice)
}

pub(crate) fn hold(args: &args::Hold, voice: Voice) -> Result<u8> {
    ended(block_on(credits::hold(args, voice)), voice)
}

pub(crate) fn keys(args: &args::Keys, voice: Voice) -> Result<u8> {
    ended(block_on(keys::run(args, voice)), voice)
}

pub(crate) fn assets(args: &args::Assets, voice: Voice) -> Result<u8> {
    ended(block_on(assets::run(args, voice)), voice)
}

pub(crate) fn retention(args: &args::Retention, voice: Voice) -> Result<u8> {
    ended(block_on(retention::run(args, voice)), voice)
}

/// The exit code of a command, after its error was printed.
fn ended(result: Result<(), Failure>, voice: Voice) -> Result<u8> {
    match result {
        Ok(()) => Ok(exit::DONE),
        Err(Failure::Local(error)) => Err(error),
        Err(Failure::Service(error)) => {
            voice.event(&described(&error));
            voice.complaint(&complaint(&error));
            Ok(if error.kind() == client::ErrorKind::Option { exit::USAGE } else { exit::NOTHING_DONE })
        }
    }
}

fn described(error: &client::Error) -> Value {
    json!({
        "event": "error", "ok": false, "code": error.code(), "kind": error.kind().as_str(), "message": error.message(), "because": causes(error),
        "remedy": remedy(error), "retryable": error.is_retryable(), "uncertain": error.is_uncertain(),
        "status": error.status(), "request_id": error.request_id(), "idempotency_key": error.idempotency_key(),
        "problem": error.problem(),
    })
}

fn complaint(error: &client::Error) -> String {
    let mut text = error.message().to_owned();
    for cause in causes(error) {
        text += &format!("\n  because: {cause}");
    }
    for wrong in error.problem().into_iter().flat_map(|problem| &problem.fields) {
        text += &format!("\n  {}: {}", wrong.field, wrong.problem);
    }
    text += &format!("\n  {}", remedy(error));
    if let Some(key) = error.idempotency_key().filter(|_| error.is_uncertain()) {
        text += "\n  It may have been done, because the answer was lost. To find out without doing it twice, add";
        text += &format!("\n  --idempotency-key {key}");
    }
    let request = error.request_id().map(|id| format!(", request {id}")).unwrap_or_default();
    text + &format!("\n  ({}{request})", error.code())
}

/// What to do, in words of the command line.
fn remedy(error: &client::Error) -> &str {
    match error.code() {
        "not_signed_in" | "session_ended" => "Sign in with `packshot login`, or set PACKSHOT_API_KEY.",
        _ => error.action(),
    }
}

fn causes(error: &client::Error) -> Vec<String> {
    std::iter::successors(std::error::Error::source(error), |cause| cause.source()).map(ToString::to_string).collect()
}

/// Prints a result: with `--json` all of its fields, or else `text`.
fn tell(voice: Voice, event: &str, result: &impl Serialize, text: &str) -> Result<()> {
    let mut line = serde_json::to_value(result)
        .map_err(|cause| Error::new(packshot::Code::Internal, "a result cannot be written as JSON").because(cause))?;
    line["event"] = json!(event);
    line["ok"] = json!(true);
    voice.event(&line);
    voice.text(text);
    Ok(())
}

/// Credits, right-aligned for a column.
fn column(credits: Credits) -> String {
    format!("{:>12}", credits.to_string())
}
