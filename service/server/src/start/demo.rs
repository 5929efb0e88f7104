//! Something to look at: an organisation with credits that were held, spent and returned.

use std::time::Duration;

use packshot_api::service::Credits;

use crate::credits::{Command, Key, NewGrant};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::identity::operator;
use crate::state::App;

/// Fills a service. Returns what to try, a line each. A second time changes nothing.
pub(crate) async fn add(app: &App) -> Result<Vec<String>> {
    let organisation = operator::demo_organisation(app).await?;
    let credits = |whole: i64| Credits::from_millis(whole * 1000).ok_or_else(|| Error::Internal(whole.to_string()));
    let id = |name: &str| Id::of(&[organisation.as_bytes(), name.as_bytes()]);
    let (hold, open) = (id("hold"), id("open"));
    let expires_in = Duration::from_secs(7 * 24 * 3600);
    let (source, priority) = ("gift".to_owned(), 50);
    let commands = [
        Command::Grant(NewGrant { id: id("grant"), amount: credits(500)?, source, priority, expires_at: None }),
        Command::Hold { id: hold, amount: credits(40)?, quoted: None, expires_in },
        Command::Capture { hold, amount: credits(37)? },
        Command::Hold { id: open, amount: credits(12)?, quoted: Some(credits(10)?), expires_in },
    ];
    for (place, command) in commands.iter().enumerate() {
        let key = Key::new(format!("demo/{place}")).ok_or_else(|| Error::Internal("a key".to_owned()))?;
        app.ledger().execute(organisation, &key, command).await?;
    }
    let token = operator::token(app).await?;
    Ok(vec![
        "\nFor the demo, an organisation with credits, and a token of its owner:".to_owned(),
        format!("  export PACKSHOT_API_KEY={token}"),
        "  packshot credits balance".to_owned(),
    ])
}
