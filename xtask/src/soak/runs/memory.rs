//! Resident memory over time.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const INTERVAL: Duration = Duration::from_millis(25);
/// Shorter runs have no quarters to compare.
const FEWEST: usize = 40;
/// Until then caches, threads and the allocator's pools are filling: a tenth of the time.
const WARM_UP: usize = 10;

/// Seconds since the start, and resident megabytes.
pub(super) type Sample = (f64, f64);

/// Runs the command to its end, which must be a success. No samples where there is no `/proc`.
pub(super) fn watch(command: &mut Command) -> Result<Vec<Sample>, String> {
    let begin = Instant::now();
    let mut child = command.spawn().map_err(|cause| format!("cannot start: {cause}"))?;
    let status_file = format!("/proc/{}/status", child.id());
    let mut samples = Vec::new();
    loop {
        if let Some(status) = child.try_wait().map_err(|cause| cause.to_string())? {
            return if status.success() { Ok(samples) } else { Err(format!("the batch ended with {status}")) };
        }
        let text = fs::read_to_string(&status_file).unwrap_or_default();
        let resident = text
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        samples.extend(resident.map(|kilobytes| (begin.elapsed().as_secs_f64(), kilobytes / 1024.0)));
        std::thread::sleep(INTERVAL);
    }
}

/// The largest sample of each quarter, without the warm-up.
pub(super) fn growth(samples: &[Sample]) -> Option<[f64; 4]> {
    if samples.len() < FEWEST {
        return None;
    }
    let samples = &samples[samples.len() / WARM_UP..];
    let quarter = samples.len() / 4;
    let peak = |index: usize| {
        samples[index * quarter..(index + 1) * quarter].iter().map(|sample| sample.1).fold(0.0, f64::max)
    };
    Some([peak(0), peak(1), peak(2), peak(3)])
}

pub(super) fn words(quarters: &[f64; 4]) -> String {
    quarters.map(|megabytes| format!("{megabytes:.1} MB")).join(", ")
}

/// The samples as a picture.
pub(super) fn chart(samples: &[Sample], path: &Path) -> Result<(), String> {
    let (Some(last), most) = (samples.last(), samples.iter().map(|sample| sample.1).fold(1.0, f64::max)) else {
        return Ok(());
    };
    let mut points = String::new();
    for (seconds, megabytes) in samples {
        // Writing to a string cannot fail.
        let _ = write!(points, "{:.1},{:.1} ", 40.0 + seconds / last.0 * 740.0, 260.0 - megabytes / most * 220.0);
    }
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 300\" font-family=\"system-ui\" font-size=\"13\" \
         fill=\"#6e6e73\"><rect width=\"800\" height=\"300\" fill=\"#fff\"/><path d=\"M40 260H780\" stroke=\"#ddd\"/>\
         <polyline fill=\"none\" stroke=\"#1d1d1f\" stroke-width=\"1.5\" points=\"{points}\"/>\
         <text x=\"40\" y=\"24\">Resident memory, largest {most:.0} MB</text><text x=\"40\" y=\"282\">0</text>\
         <text x=\"780\" y=\"282\" text-anchor=\"end\">{:.0} s</text></svg>\n",
        last.0
    );
    fs::write(path, svg).map_err(|cause| format!("cannot write {}: {cause}", path.display()))
}
