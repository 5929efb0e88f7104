//! What was measured where: without it a number means nothing.

use std::fs;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::place::Place;
use crate::side::THREADS;

/// Lines about the machine, the day and the versions.
pub(crate) fn facts(place: &Place, rounds: usize) -> Vec<String> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let python = "import importlib.metadata as m\nfor p in ('rembg', 'onnxruntime', 'PyMatting', 'pillow'): \
                  print(p, m.version(p))";
    let node = "const v = p => require(p + '/package.json').version; const s = require('sharp'); \
                console.log('node', process.versions.node); console.log('sharp', s.versions.sharp); \
                for (const p of ['@imgly/background-removal-node', 'onnxruntime-node']) \
                { try { console.log(p, v(p)) } catch { const f = require('fs'); \
                console.log(p, JSON.parse(f.readFileSync('node_modules/' + p + '/package.json')).version) } }";
    let in_python = || answer(Command::new(place.python.as_ref().ok()?).args(["-c", python]));
    let in_node = || answer(Command::new("node").args(["-e", node]).current_dir(place.node.as_ref().ok()?));
    let peers: Vec<_> =
        [in_python(), in_node()].into_iter().flatten().flat_map(|text| lines(&text).collect::<Vec<_>>()).collect();
    vec![
        format!("date: {}", date(SystemTime::now())),
        format!("machine: {}, {cores} cores, {}", cpu(), memory()),
        format!("system: {}, {}", system(), std::env::consts::ARCH),
        format!("threads of each side: {THREADS}"),
        format!("rounds: {rounds}, in turn, after one that does not count; ms is their median"),
        format!("load average before the first row: {}", load()),
        format!("packshot: {}", env!("CARGO_PKG_VERSION")),
        format!("peers: {}", if peers.is_empty() { "none".to_owned() } else { peers.join(", ") }),
    ]
}

fn answer(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(str::to_owned)
}

fn cpu() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let other = || answer(Command::new("sysctl").args(["-n", "machdep.cpu.brand_string"]));
    match name {
        Some((_, name)) => name.to_owned(),
        None => other().map_or_else(|| "unknown processor".to_owned(), |name| name.trim().to_owned()),
    }
}

fn memory() -> String {
    let info = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = info.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix("kB"));
    match total.and_then(|total| total.trim().parse::<f64>().ok()) {
        Some(kilobytes) => format!("{:.0} GB", kilobytes * 1024.0 / 1e9),
        None => "memory unknown".to_owned(),
    }
}

fn system() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.map_or_else(|| std::env::consts::OS.to_owned(), |name| name.trim_matches('"').to_owned())
}

/// Others at work make times longer and ratios vaguer.
fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_owned()
}

/// The day in UTC, after Howard Hinnant's "chrono-compatible low-level date algorithms".
fn date(now: SystemTime) -> String {
    let days = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs() / 86_400;
    let from_march = days + 719_468;
    let (era, day_of_era) = (from_march / 146_097, from_march % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_the_right_names() {
        let on = |days: u64| date(UNIX_EPOCH + Duration::from_secs(days * 86_400 + 5));
        assert_eq!(on(0), "1970-01-01");
        assert_eq!(on(11_016), "2000-02-29");
        assert_eq!(on(20_453), "2025-12-31");
        assert_eq!(on(20_454), "2026-01-01");
    }
}
