//! Credits: what there is, what it was spent on, and holds.

use packshot::api::service::{Balance, Capture, Hold, NewHold, Quote, QuoteRequest, Time};
use packshot::client::Call;
use packshot::{Code, Error, Result};

use super::args::{self, CreditAction, HoldAction, Once};
use super::connect::Failure;
use super::{column, tell};
use crate::recipe;
use crate::say::Voice;

pub(super) async fn run(args: &args::Credit, voice: Voice) -> Result<(), Failure> {
    let client = args.connection.client()?;
    match &args.action {
        CreditAction::Balance => {
            let balance = client.credits().balance().await?;
            Ok(tell(voice, "balance", &balance, &lines(&balance))?)
        }
        CreditAction::Grants => {
            voice.text(&format!("{:>12} {:>12} {:>12}  {:<12} EXPIRES", "AVAILABLE", "HELD", "GRANTED", "SOURCE"));
            for grant in client.credits().grants().collect(usize::MAX).await? {
                let ends = grant.expires_at.map_or_else(|| "never".to_owned(), moment);
                let amounts = [grant.available, grant.held, grant.granted].map(column).join(" ");
                tell(voice, "grant", &grant, &format!("{amounts}  {:<12} {ends}", grant.source))?;
            }
            Ok(())
        }
        CreditAction::Transactions { after, limit } => {
            voice.text(&format!("{:>8} {:<20} {:<8} {:>12}  SUBJECT", "NUMBER", "TIME", "KIND", "CREDITS"));
            let mut pages = client.credits().transactions().after(after.unwrap_or(0));
            for _ in 0..*limit {
                let Some(entry) = pages.next().await.transpose()? else { break };
                let (at, kind, amount) = (moment(entry.at), entry.kind.as_str(), column(entry.amount));
                let subject = entry.subject.as_deref().unwrap_or_default();
                tell(
                    voice,
                    "transaction",
                    &entry,
                    &format!("{:>8} {at:<20} {kind:<8} {amount}  {subject}", entry.number),
                )?;
            }
            Ok(())
        }
        CreditAction::Statement { from, to } => {
            voice.document(&client.credits().statement(*from, *to).await?);
            Ok(())
        }
        CreditAction::Quote { recipe, size, count } => {
            let broken = |cause| Error::new(Code::Internal, "the recipe cannot be sent").because(cause);
            let recipe = serde_json::from_str(&recipe::load(recipe)?.to_json()).map_err(broken)?;
            let quote = client.credits().quote(&QuoteRequest { recipe, photo: *size, count: *count }).await?;
            Ok(tell(voice, "quote", &quote, &explained(&quote))?)
        }
    }
}

fn lines(balance: &Balance) -> String {
    let rows = [
        ("available", balance.available),
        ("held", balance.held),
        ("consumed", balance.consumed),
        ("expired", balance.expired),
        ("voided", balance.voided),
        ("granted", balance.granted),
    ];
    rows.map(|(name, credits)| format!("{name:<10}{}", column(credits))).join("\n")
}

fn explained(quote: &Quote) -> String {
    let mut text = format!("{} credits, until {}", quote.amount, moment(quote.expires_at));
    for step in &quote.steps {
        text += &format!("\n{}  {}, for each photo", column(step.amount), step.step);
    }
    text + &format!("\nTo reserve them: packshot hold create --quote {}", quote.id)
}

pub(super) async fn hold(args: &args::Hold, voice: Voice) -> Result<(), Failure> {
    let client = args.connection.client()?;
    let holds = client.holds();
    let hold = match &args.action {
        HoldAction::Create { amount, quote, expires_in, once } => {
            let request = NewHold { amount: *amount, quote: quote.clone(), expires_in: *expires_in };
            once.keyed(holds.create(&request)).await?
        }
        HoldAction::Capture { id, amount, once } => once.keyed(holds.capture(id, &Capture { amount: *amount })).await?,
        HoldAction::Void { id, once } => once.keyed(holds.void(id)).await?,
        HoldAction::Show { id } => holds.get(id).await?,
    };
    Ok(tell(voice, "hold", &hold, &sentence(&hold))?)
}

fn sentence(hold: &Hold) -> String {
    let Hold { id, amount, captured, state, expires_at, .. } = hold;
    match state.as_str() {
        "open" => format!("{id}: holds {amount} credits until {expires_at}"),
        "captured" => format!("{id}: {captured} of {amount} credits were captured"),
        state => format!("{id}: {state}, {amount} credits were returned"),
    }
}

impl Once {
    /// The call, with the key that was given.
    pub(super) fn keyed<T>(&self, call: Call<T>) -> Call<T> {
        match &self.idempotency_key {
            Some(key) => call.idempotency_key(key),
            None => call,
        }
    }
}

/// A time to the second, for a column.
fn moment(time: Time) -> String {
    Time::from_micros(time.as_micros() / 1_000_000 * 1_000_000).to_string()
}
