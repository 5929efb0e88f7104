//! What takes too long for every change: run it before a release.

mod batch;
mod events;
mod full_disk;
mod fuzz;
mod kill;
pub(crate) mod png;
mod random;
mod tiff;

use crate::chores::Trial;
use crate::steps::{Outcome, Steps};
use crate::{command, deny};

/// The steps of `cargo xtask soak`.
pub(crate) fn run(steps: &mut Steps, trial: Trial, minutes: u64) {
    let all = trial == Trial::All;
    if all || trial == Trial::Fuzz {
        fuzz::run(steps, minutes);
    }
    if trial != Trial::Fuzz {
        let mut cli = Err("not built".to_owned());
        steps.run("release build", || {
            cli = command::release_cli();
            cli.clone().map(|path| Outcome::Ok(path.display().to_string()))
        });
        if let Ok(cli) = cli {
            for (this, name, work) in [
                (Trial::Kill, "kill: no half-written files", kill::run as fn(&_) -> _),
                (Trial::Batch, "batch: memory does not grow", batch::run),
                (Trial::FullDisk, "full disk: a clear error, no partial file", full_disk::run),
            ] {
                if all || trial == this {
                    steps.run(name, || work(&cli));
                }
            }
        }
    }
    if all {
        deny::run(steps);
    }
}
