//! `packshot run` on many photos: killed and resumed, watched for memory, starved of disk, and timed on one core and on all.

mod cores;
mod memory;
mod stage;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::events;
use super::full_disk::Disk;
use super::random::Random;
use crate::command;
use crate::files;
use crate::steps::{Outcome, StepResult, Steps};
use stage::Stage;

/// How many photos and kills `cargo xtask soak runs` has unless it is told otherwise.
pub(crate) const PHOTOS: usize = 2000;
pub(crate) const KILLS: usize = 20;
/// Photos for the matting net, for each that is only converted: one of these takes a hundred times as long.
const NET_SHARE: usize = 10;
/// The last quarter's peak over the first quarter's.
const MOST_GROWTH: f64 = 1.2;
/// With fewer photos, of which some are larger than others, growth says nothing.
const FEWEST_FOR_GROWTH: usize = 100;
/// Too small for the results of any number of photos that is tried here.
const SMALL_DISK: &str = "192k";
const LARGE_DISK: &str = "4g";

/// The steps of `cargo xtask soak runs`.
pub(super) fn run(steps: &mut Steps, cli: &Path, photos: usize, kills: usize) {
    let mut stage = None;
    steps.run("runs: photos", || {
        let made = Stage::build(photos, (photos / NET_SHARE).max(8))?;
        stage = Some(made);
        Ok(Outcome::Ok(format!("{photos} photos")))
    });
    let Some(stage) = stage else { return };
    for (name, recipe, photos) in [("converting", "light.toml", "many"), ("cutting out", "net.toml", "few")] {
        steps.run(&format!("runs: {name}, memory"), || undisturbed(cli, &stage, recipe, photos));
        steps.run(&format!("runs: {name}, killed"), || killed(cli, &stage, recipe, photos, kills));
    }
    steps.run("runs: one core against all", || cores::compare(cli, &stage));
    steps.run("runs: a full disk, then a larger one", || full_disk(cli, &stage));
    steps.run("runs: inputs that vanish", || vanished(cli, &stage));
}

/// Leaves the batch alone; what it makes is what all others are compared with.
fn undisturbed(cli: &Path, stage: &Stage, recipe: &str, photos: &str) -> StepResult {
    let out = format!("undisturbed-{photos}");
    let begin = Instant::now();
    let samples = memory::watch(stage.batch(cli, recipe, photos, &out).stdout(Stdio::null()))?;
    let seconds = begin.elapsed().as_secs_f64();
    let count = stage.results(&out)?.len();
    if count != stage.count(photos)? {
        return Err(format!("{count} results of {} photos", stage.count(photos)?));
    }
    let note = format!("{count} photos in {seconds:.1} s, {:.1}/s", count as f64 / seconds);
    let chart = files::target_folder()?.join(format!("soak-memory-{photos}.svg"));
    match memory::growth(&samples) {
        None => Ok(Outcome::Ok(format!("{note}; memory is read from /proc, and for longer runs"))),
        Some(quarters) => {
            memory::chart(&samples, &chart)?;
            println!("largest resident memory by quarter of the time: {}", memory::words(&quarters));
            let growth = quarters[3] / quarters[0];
            let note = format!("{note}; peak {:.0} MB, growth {growth:.3}; {}", quarters[3], chart.display());
            if growth > MOST_GROWTH && count >= FEWEST_FOR_GROWTH { Err(note) } else { Ok(Outcome::Ok(note)) }
        }
    }
}

/// Kills the batch at random moments and resumes it each time; then it must be as if nothing had been.
fn killed(cli: &Path, stage: &Stage, recipe: &str, photos: &str, kills: usize) -> StepResult {
    let expected = stage.results(&format!("undisturbed-{photos}"))?;
    let out = format!("killed-{photos}");
    let mut random = Random::new(19);
    let (mut hit, mut before) = (0, 0);
    // Each round may take its part of the photos, so that the last kills still find work.
    let share = expected.len() as f64 / (kills as f64 + 1.0);
    for round in 1..=kills {
        let mut child = stage
            .batch(cli, recipe, photos, &out)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|cause| format!("cannot start: {cause}"))?;
        let goal = before + (share * 2.0 * random.fraction()) as usize;
        let pause = Duration::from_micros(random.next() % 30_000);
        let ended = loop {
            if child.try_wait().map_err(|cause| cause.to_string())?.is_some() {
                break true;
            }
            if stage.finished(&out) >= goal.min(expected.len() - 1) {
                std::thread::sleep(pause);
                break false;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        // On Unix this is SIGKILL: the program has no chance to clean up.
        child.kill().and_then(|()| child.wait()).map_err(|cause| format!("cannot kill: {cause}"))?;
        before = stage.finished(&out);
        hit += usize::from(!ended);
        println!("round {round}: {} with {before} results", if ended { "ended" } else { "killed" });
        for (name, bytes) in stage.results(&out)? {
            if expected.get(&name) != Some(&bytes) {
                return Err(format!("{name} is not what an undisturbed run makes"));
            }
        }
    }
    let output = stage.batch(cli, recipe, photos, &out).output().map_err(|cause| format!("cannot start: {cause}"))?;
    let lines = String::from_utf8_lossy(&output.stdout);
    let last = lines.lines().last().unwrap_or_default();
    println!("{last}");
    if !output.status.success() || stage.results(&out)? != expected {
        return Err(format!("{}, and the results are not those of an undisturbed run", output.status));
    }
    let left = stage.leftovers(&out)?;
    if !left.is_empty() {
        return Err(format!("left behind: {left:?}"));
    }
    let resumed = events::number(last, "resumed").unwrap_or(0);
    let again = before as u64 - resumed.min(before as u64);
    let note = format!(
        "{hit} of {kills} kills hit; {} results, same bytes; {resumed} resumed, {again} made again",
        expected.len()
    );
    // Each worker can have renamed one result that it had not noted yet, when the last kill came.
    if hit == 0 || again > 64 { Err(note) } else { Ok(Outcome::Ok(note)) }
}

/// The disk fills up in the middle; with more room the batch goes on.
fn full_disk(cli: &Path, stage: &Stage) -> StepResult {
    if !cfg!(target_os = "linux") || !command::is_root() {
        return Ok(Outcome::Skipped("mounting a small disk takes Linux and root".to_owned()));
    }
    let Some(disk) = Disk::mount(stage.folder("disk")?, SMALL_DISK) else {
        return Ok(Outcome::Skipped("this container may not mount anything".to_owned()));
    };
    let output =
        stage.batch(cli, "light.toml", "many", "disk").output().map_err(|cause| format!("cannot start: {cause}"))?;
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = lines.lines().last().unwrap_or_default();
    println!("{last}");
    if output.status.code() != Some(1) || !last.contains("disk_full") {
        return Err(format!("{}, and no word of a full disk at the end", output.status));
    }
    let failures = lines.lines().filter(|line| events::text(line, "code") == Some("disk_full")).count();
    let left = stage.leftovers("disk")?;
    if !left.is_empty() {
        return Err(format!("left behind: {left:?}"));
    }
    disk.resize(LARGE_DISK)?;
    command::run(stage.batch(cli, "light.toml", "many", "disk").stdout(Stdio::null()))?;
    if stage.results("disk")? != stage.results("undisturbed-many")? {
        return Err("the results are not those of an undisturbed run".to_owned());
    }
    Ok(Outcome::Ok(format!("stopped, {failures} lines with disk_full; complete with more room")))
}

/// Some photos of a list are gone before the batch comes to them.
fn vanished(cli: &Path, stage: &Stage) -> StepResult {
    let gone = stage.list_with_missing("list.txt")?;
    let mut command = stage.batch(cli, "light.toml", "many", "vanished");
    let photos = stage.path("many");
    let words: Vec<_> = command.get_args().filter(|word| *word != photos.as_os_str()).map(ToOwned::to_owned).collect();
    command = Command::new(cli);
    command.args(words).arg("--from").arg(stage.path("list.txt"));
    let output = command.output().map_err(|cause| format!("cannot start: {cause}"))?;
    let lines = String::from_utf8_lossy(&output.stdout);
    let missing = lines.lines().filter(|line| events::is_photo(line) && line.contains("file_missing")).count();
    if output.status.code() != Some(1) || missing != gone {
        return Err(format!("{} of {gone} missing photos were told, {}", missing, output.status));
    }
    Ok(Outcome::Ok(format!("{gone} told as file_missing, {} made", stage.finished("vanished"))))
}
