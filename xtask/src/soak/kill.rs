//! `packshot cutout`, killed at random moments.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::{png, random::Random};
use crate::command;
use crate::files::{self, Scratch};
use crate::steps::{Outcome, StepResult};

const ROUNDS: u32 = 20;
/// Enough photos that a kill falls between two of them as well as inside one.
const PHOTOS: usize = 12;
/// How core names a file that it has not finished writing. A kill may leave one; nothing else may be left.
const UNFINISHED: &str = ".packshot-";

/// Kills the program at random moments of its run: whatever bears a cut-out's name must be whole, every time, and a
/// last run that is left alone must complete the folder.
pub(super) fn run(cli: &Path) -> StepResult {
    let scratch = Scratch::new("kill")?;
    let photos = scratch.folder("photos")?;
    files::copies(&files::example_photos()?, PHOTOS, &photos)?;
    let cutout = |out: &Path| {
        let mut command = Command::new(cli);
        command.arg("cutout").arg(&photos).arg("-o").arg(out).args(["--json", "--fresh"]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    };

    let undisturbed = scratch.path().join("undisturbed");
    let begin = Instant::now();
    command::run(&mut cutout(&undisturbed))?;
    let full_run = begin.elapsed();
    let expected = finished(&undisturbed)?;
    println!("a full run takes {:.2} s and makes {} files", full_run.as_secs_f64(), expected.len());

    let out = scratch.path().join("out");
    let mut random = Random::new(20);
    let mut in_time = 0;
    for round in 1..=ROUNDS {
        let moment = full_run.mul_f64(random.fraction());
        let mut child = cutout(&out).stderr(Stdio::null()).spawn().map_err(|cause| format!("cannot start: {cause}"))?;
        std::thread::sleep(moment);
        let ended = child.try_wait().map_err(|cause| cause.to_string())?.is_some();
        in_time += u32::from(!ended);
        // On Unix this is SIGKILL: the program has no chance to clean up.
        child.kill().and_then(|()| child.wait()).map_err(|cause| format!("cannot kill: {cause}"))?;
        let files = if out.is_dir() { finished(&out)? } else { BTreeSet::new() };
        println!("round {round}: killed after {:.2} s, {} whole files", moment.as_secs_f64(), files.len());
    }
    command::run(&mut cutout(&out))?;
    let files = finished(&out)?;
    if files != expected {
        return Err(format!("the last run made {files:?} instead of {expected:?}"));
    }
    if in_time == 0 {
        return Err("the program was always faster than the kill; nothing was tried".to_owned());
    }
    let left = unfinished(&out)?;
    Ok(Outcome::Ok(format!("{in_time} of {ROUNDS} kills hit a running program; {left} unfinished files are left")))
}

/// The names of the cut-outs in `out`; fails if one is not whole or if there is anything that does not belong there.
fn finished(out: &Path) -> Result<BTreeSet<String>, String> {
    let mut names = BTreeSet::new();
    for path in files::list(out)? {
        let name = files::name(&path);
        if name.starts_with(UNFINISHED) {
            continue;
        }
        if !files::has_extension(&path, &["png"]) {
            return Err(format!("{name} does not belong into the output folder"));
        }
        png::check(&path)?;
        names.insert(name);
    }
    Ok(names)
}

fn unfinished(out: &Path) -> Result<usize, String> {
    Ok(files::list(out)?.iter().filter(|path| files::name(path).starts_with(UNFINISHED)).count())
}
