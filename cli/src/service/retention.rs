//! How long photos are kept, and whether that is so.

use packshot::Result;
use packshot::api::service::RetentionChoice;

use super::args::{self, RetentionAction};
use super::connect::Failure;
use super::tell;
use crate::say::Voice;

pub(super) async fn run(args: &args::Retention, voice: Voice) -> Result<(), Failure> {
    let client = args.connection.client()?;
    match &args.action {
        RetentionAction::Show => {
            let choice = client.retention().choice().await?;
            Ok(tell(voice, "retention", &choice, &in_words(&choice))?)
        }
        RetentionAction::Choose { keep } => {
            let keep = Some(keep.clone()).filter(|keep| keep != "default");
            let choice = client.retention().choose(&RetentionChoice { keep }).await?;
            Ok(tell(voice, "retention", &choice, &in_words(&choice))?)
        }
        RetentionAction::ProofKey => {
            let key = client.retention().proof_key().await?;
            Ok(tell(voice, "proof_key", &key, &key.key)?)
        }
        RetentionAction::Report => {
            let report = client.admin().retention().await?;
            let text = format!(
                "{:>9}  due and not removed yet\n{:>9}  of them later than the policy's alert\n{:>9}  seconds is the latest late\n\
                 {:>9}  kept by legal holds\n{:>9}  removed and proven",
                report.due, report.late, report.lag, report.held, report.gone
            );
            Ok(tell(voice, "retention_report", &report, &text)?)
        }
    }
}

fn in_words(choice: &RetentionChoice) -> String {
    match &choice.keep {
        Some(keep) => format!("Photos are kept for {keep}."),
        None => "Photos are kept as long as the policy says.".to_owned(),
    }
}
