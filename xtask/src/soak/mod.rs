//! What takes too long for every change: run it before a release.

mod api;
mod assets;
mod batch;
mod events;
mod full_disk;
mod fuzz;
mod jpeg;
mod kill;
pub(crate) mod png;
mod random;
pub(crate) mod runs;
mod tiff;

use std::path::Path;

use crate::chores::{Amount, Trial};
use crate::steps::{Outcome, StepResult, Steps};
use crate::{bindings, command, deny, test};

/// A trial of the release CLI at this path.
type OfCli = fn(&Path) -> StepResult;

const OF_CLI: [(Trial, &str, OfCli); 3] = [
    (Trial::Kill, "kill: no half-written files", kill::run),
    (Trial::Batch, "batch: memory does not grow", batch::run),
    (Trial::FullDisk, "full disk: a clear error, no partial file", full_disk::run),
];

/// The steps of `cargo xtask soak`.
pub(crate) fn run(steps: &mut Steps, trial: Trial, amount: Amount) {
    let asked_for = |this: Trial| trial == this || trial == Trial::All;
    if asked_for(Trial::Fuzz) {
        fuzz::run(steps, amount.minutes);
    }
    if asked_for(Trial::Jpeg) {
        jpeg::run(steps);
    }
    let of_cli: Vec<_> = OF_CLI.into_iter().filter(|(this, ..)| asked_for(*this)).collect();
    if !of_cli.is_empty() || asked_for(Trial::Runs) {
        let mut built = None;
        steps.run("release build", || {
            let path = command::release_cli()?;
            let note = path.display().to_string();
            built = Some(path);
            Ok(Outcome::Ok(note))
        });
        if let Some(cli) = built {
            for (_, name, work) in of_cli {
                steps.run(name, || work(&cli));
            }
            if asked_for(Trial::Runs) {
                runs::run(steps, &cli, amount.photos, amount.kills);
            }
        }
    }
    if asked_for(Trial::Calls) {
        steps.run("calls: 200 at once, bounded threads and memory", test::calls);
    }
    if asked_for(Trial::Exits) {
        steps.run("exits: no crash while ONNX Runtime works", test::exits);
    }
    if asked_for(Trial::Features) {
        steps.run("features: tests with all of them", test::other_features);
    }
    if asked_for(Trial::Bindings) {
        bindings::soak(steps);
    }
    if asked_for(Trial::Bundlers) {
        bindings::bundlers(steps);
    }
    if asked_for(Trial::Api) {
        api::run(steps);
    }
    if asked_for(Trial::Assets) {
        assets::run(steps);
    }
    if asked_for(Trial::Ledger) {
        steps.run("ledger: one effect, whatever happens", test::ledger);
    }
    if trial == Trial::All {
        deny::run(steps);
    }
}
