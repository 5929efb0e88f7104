//! Many photos in one run: memory must not grow.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::events;
use crate::files::{self, Scratch};
use crate::steps::{Outcome, StepResult};

const PHOTOS: usize = 200;
/// Until then caches, threads and the allocator's pools are still filling.
const WARM_UP: usize = PHOTOS / 10;
/// The last quarter's peak over the first quarter's.
const MOST_GROWTH: f64 = 1.2;
const INTERVAL: Duration = Duration::from_millis(50);

/// The program's memory after so many photos, in kB.
struct Sample {
    photos: usize,
    now: u64,
    peak: u64,
}

/// Runs one photo 200 times and compares the peak of the resident memory early and late.
pub(super) fn run(cli: &Path) -> StepResult {
    if !cfg!(target_os = "linux") {
        return Ok(Outcome::Skipped("memory is read from /proc, which Linux has".to_owned()));
    }
    let scratch = Scratch::new("batch")?;
    let photos = scratch.folder("photos")?;
    let examples = files::example_photos()?;
    files::copies(&examples[..1], PHOTOS, &photos)?;
    let begin = Instant::now();
    let samples = measure(Command::new(cli).arg("cutout").arg(&photos).arg("-o").arg(scratch.path().join("out")))?;
    let rate = PHOTOS as f64 / begin.elapsed().as_secs_f64();

    let quarter = (PHOTOS - WARM_UP) / 4;
    println!("photos       resident now   peak so far (largest of the samples, MB)");
    let mut peaks = Vec::new();
    for index in 0..4 {
        let from = WARM_UP + index * quarter;
        let part: Vec<_> = samples.iter().filter(|s| (from..from + quarter).contains(&s.photos)).collect();
        let now = part.iter().map(|sample| sample.now).max().ok_or("the run is too short to be measured")?;
        let peak = part.iter().map(|sample| sample.peak).max().unwrap_or(now);
        println!("{from:>3} to {:<3}   {:>12.1}   {:>11.1}", from + quarter, megabytes(now), megabytes(peak));
        peaks.push(peak);
    }
    let growth = peaks[3] as f64 / peaks[0] as f64;
    let note = format!("peak {:.1} MB, {growth:.3} times the first quarter's, {rate:.1} photos/s", megabytes(peaks[3]));
    if growth > MOST_GROWTH { Err(note) } else { Ok(Outcome::Ok(note)) }
}

/// Runs the command, which reports each photo on its standard output, and samples its memory until it ends.
fn measure(command: &mut Command) -> Result<Vec<Sample>, String> {
    let mut child = command
        .arg("--json")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|cause| format!("cannot start: {cause}"))?;
    let stdout = child.stdout.take().ok_or("no standard output")?;
    let status_file = format!("/proc/{}/status", child.id());
    let done = AtomicUsize::new(0);
    let mut samples = Vec::new();
    let status = std::thread::scope(|scope| {
        scope.spawn(|| {
            for line in BufReader::new(stdout).lines().map_while(Result::ok).filter(|line| events::is_photo(line)) {
                if events::text(&line, "code").is_some() {
                    println!("{line}");
                }
                done.fetch_add(1, Ordering::SeqCst);
            }
        });
        loop {
            if let Some(status) = child.try_wait().map_err(|cause| cause.to_string())? {
                return Ok::<_, String>(status);
            }
            let text = fs::read_to_string(&status_file).unwrap_or_default();
            if let (Some(now), Some(peak)) = (kilobytes(&text, "VmRSS:"), kilobytes(&text, "VmHWM:")) {
                samples.push(Sample { photos: done.load(Ordering::SeqCst), now, peak });
            }
            std::thread::sleep(INTERVAL);
        }
    })?;
    let done = done.into_inner();
    if !status.success() || done != PHOTOS {
        return Err(format!("{done} of {PHOTOS} photos reported, {status}"));
    }
    Ok(samples)
}

/// The value of one line of `/proc/PID/status`; a process that has just ended has none.
fn kilobytes(status: &str, key: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix(key))?.split_whitespace().next()?.parse().ok()
}

fn megabytes(kilobytes: u64) -> f64 {
    kilobytes as f64 / 1024.0
}
