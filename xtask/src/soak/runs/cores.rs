//! One core against all.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::stage::Stage;
use crate::command;
use crate::files;
use crate::steps::{Outcome, StepResult};

/// Each way so often, in turn; the quickest counts, because whatever else the machine does only takes time.
const ROUNDS: usize = 3;
/// What a batch on all cores may take, as a multiple of what as many programs take that share nothing. These show what the
/// machine has to give: two networks at once wait for one memory, and two cores are rarely twice one.
const MOST: f64 = 1.15;

/// The same photos in a batch on one core, in one on all cores, and in as many batches as there are cores.
pub(super) fn compare(cli: &Path, stage: &Stage) -> StepResult {
    if command::find("taskset").is_none() {
        return Ok(Outcome::Skipped("taskset keeps a program on one core, and is not here".to_owned()));
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let shares = shares(stage, cores)?;
    let mut best = [f64::INFINITY; 3];
    for round in 0..ROUNDS {
        let out = |way: &str| format!("{way}-{round}");
        let few = stage.batch(cli, "net.toml", "few", &out("all"));
        let ways = [
            vec![kept_on(0, stage.batch(cli, "net.toml", "few", &out("one")))],
            vec![few],
            shares
                .iter()
                .enumerate()
                .map(|(core, share)| kept_on(core, stage.batch(cli, "net.toml", share, &out(share))))
                .collect(),
        ];
        for (best, way) in best.iter_mut().zip(ways) {
            *best = best.min(time(way)?);
        }
        if stage.results(&out("one"))? != stage.results(&out("all"))? {
            return Err("the results differ".to_owned());
        }
    }
    let [one, all, apart] = best;
    let note = format!(
        "one core {one:.1} s, {cores} cores {all:.1} s: {:.2} times as fast (programs that share nothing: {:.2}); \
         same bytes",
        one / all,
        one / apart
    );
    if all > apart * MOST { Err(note) } else { Ok(Outcome::Ok(note)) }
}

/// Folders with a share of the photos for each core, in each as many large ones.
fn shares(stage: &Stage, cores: usize) -> Result<Vec<String>, String> {
    let names: Vec<_> = (0..cores).map(|core| format!("share-{core}")).collect();
    let folders = names.iter().map(|name| stage.folder(name)).collect::<Result<Vec<_>, _>>()?;
    for (index, photo) in files::list(&stage.path("few"))?.iter().enumerate() {
        let copy = folders[index / 4 % cores].join(files::name(photo));
        fs::copy(photo, copy).map_err(|cause| format!("cannot copy a photo: {cause}"))?;
    }
    Ok(names)
}

fn kept_on(core: usize, batch: Command) -> Command {
    let mut command = Command::new("taskset");
    command.arg("-c").arg(core.to_string()).arg(batch.get_program()).args(batch.get_args()).stdin(Stdio::null());
    command
}

/// Seconds until all of them have ended.
fn time(commands: Vec<Command>) -> Result<f64, String> {
    let begin = Instant::now();
    let mut running = Vec::new();
    for mut command in commands {
        running.push(command.stdout(Stdio::null()).spawn().map_err(|cause| format!("cannot start: {cause}"))?);
    }
    for mut child in running {
        let status = child.wait().map_err(|cause| cause.to_string())?;
        if !status.success() {
            return Err(format!("a batch ended with {status}"));
        }
    }
    Ok(begin.elapsed().as_secs_f64())
}
