//! The command: `packshot-server`, and `packshot serve`.

mod actions;
mod args;
mod doctor;
mod keep;
mod show;
mod watch;

use std::process::ExitCode;

pub use args::Args;

use args::Action;

use crate::error::{Error, Result};

/// Runs the command. What goes wrong is printed, with what to do.
#[must_use]
pub fn run(args: Args) -> ExitCode {
    match perform(args) {
        Ok(code) => code,
        Err(error) => {
            let code = error.code();
            eprintln!("error: {error}\n  {} ({code})", code.action());
            ExitCode::FAILURE
        }
    }
}

fn perform(args: Args) -> Result<ExitCode> {
    let settings = args.settings()?;
    match &args.action {
        Some(Action::Openapi) => show::openapi(),
        Some(Action::Config) => {
            show::config(&args, &settings);
            Ok(ExitCode::SUCCESS)
        }
        action => {
            let cause = |cause: std::io::Error| Error::Internal(cause.to_string());
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(cause)?;
            runtime.block_on(async {
                match action {
                    None if args.ephemeral => actions::ephemeral(settings).await,
                    None => {
                        let watch = watch::begin(&args)?;
                        let ended = actions::serve(settings, args.demo).await;
                        watch.end().await;
                        ended
                    }
                    Some(Action::Migrate) => actions::migrate(&settings).await,
                    Some(Action::AdminLink) => actions::admin_link(&settings).await,
                    Some(Action::Healthcheck) => actions::healthcheck(&settings).await,
                    Some(Action::Doctor) => doctor::run(&settings).await,
                    Some(Action::Backup { to }) => keep::backup(&settings, to).await,
                    Some(Action::Restore { from }) => keep::restore(&settings, from),
                    Some(Action::Replay) => keep::replay(&settings).await,
                    Some(Action::Reconcile) => keep::reconcile(&settings).await,
                    Some(Action::RotateVaultKey) => keep::rotate_vault_key(&settings).await,
                    Some(Action::Openapi | Action::Config) => Ok(ExitCode::SUCCESS),
                }
            })
        }
    }
}
