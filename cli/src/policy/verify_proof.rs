//! `packshot policy verify-proof`

use std::io::Read as _;
use std::path::Path;

use packshot::{Code, Error, Result};
use packshot_policy::{NoteVerifier, Purged};
use serde_json::json;

use crate::exit;
use crate::say::Voice;

/// The longest proof that is read.
const MOST: u64 = 64 * 1024;

pub(crate) fn run(proof: &Path, key: &str, voice: Voice) -> Result<u8> {
    let verifier: NoteVerifier =
        key.parse().map_err(|cause| Error::new(Code::OptionInvalid, format!("--key {key}")).because(cause))?;
    let mut note = String::new();
    let read = if proof == Path::new("-") {
        std::io::stdin().take(MOST).read_to_string(&mut note)
    } else {
        std::fs::File::open(proof).and_then(|file| file.take(MOST).read_to_string(&mut note))
    };
    read.map_err(|cause| Error::new(Code::FileUnreadable, "cannot read the proof").at(proof).because(cause))?;
    // Somebody may have printed it: the line's end is part of it.
    let note = format!("{}\n", note.trim_end());
    match Purged::verified(&note, &verifier) {
        Ok(purged) => {
            let Purged { service, record, class, rule, policy: (version, _), due, gone, checked } = &purged;
            let in_time = purged.in_time();
            voice.event(&json!({
                "event": "proof", "ok": true, "service": service, "record": record, "class": class, "rule": rule,
                "policy": version, "due": due.to_string(), "gone": gone.to_string(), "in_time": in_time, "checked": checked,
            }));
            let when = if in_time { "in time" } else { "late" };
            voice.text(&format!(
                "{service} has proven that {record} is gone.\n  class    {class}\n  rule     {rule} of policy {version}\n  \
                 due      {due}\n  gone     {gone}, {when}\n  checked  {}",
                checked.join(", ")
            ));
            Ok(exit::DONE)
        }
        Err(cause) => {
            voice.event(&json!({ "event": "proof", "ok": false, "message": cause.to_string() }));
            voice.complaint(&format!("{}: {cause}", proof.display()));
            Ok(exit::NOTHING_DONE)
        }
    }
}
