//! API keys.

use packshot::Result;
use packshot::api::service::{ApiKey, NewApiKey, Permission};
use serde_json::json;

use super::args::{self, KeyAction};
use super::connect::Failure;
use super::tell;
use crate::say::Voice;

pub(super) async fn run(args: &args::Keys, voice: Voice) -> Result<(), Failure> {
    let client = args.connection.client()?;
    match &args.action {
        KeyAction::List => {
            for key in client.keys().list().collect(usize::MAX).await? {
                tell(voice, "key", &key, &described(&key))?;
            }
            Ok(())
        }
        KeyAction::Create { name, permissions, expires_at, once } => {
            let request = NewApiKey { name: name.clone(), permissions: permissions.clone(), expires_at: *expires_at };
            let key = once.keyed(client.keys().create(&request)).await?;
            let secret = key.secret.as_deref().unwrap_or_default();
            let text = format!("{}\n\n  {secret}\n\nKeep it: it is not shown again.", described(&key));
            Ok(tell(voice, "key", &key, &text)?)
        }
        KeyAction::Remove { id } => {
            client.keys().remove(id).await?;
            Ok(tell(voice, "removed", &json!({ "id": id }), &format!("{id}: removed"))?)
        }
    }
}

fn described(key: &ApiKey) -> String {
    let permissions: Vec<_> = key.permissions.iter().map(Permission::as_str).collect();
    let ends = key.expires_at.map(|at| format!(", until {at}")).unwrap_or_default();
    format!("{}  {}: {}{ends}", key.id, key.name, permissions.join(", "))
}
