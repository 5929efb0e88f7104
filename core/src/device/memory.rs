//! How much memory the machine has.

use std::sync::OnceLock;

/// Assumed if the system does not report it: a phone of a few years ago.
const UNKNOWN: u64 = 4 << 30;

/// Bytes of memory available to this process: those of the machine, or the limit of its container.
pub(super) fn total() -> u64 {
    static TOTAL: OnceLock<u64> = OnceLock::new();
    *TOTAL.get_or_init(|| {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let machine = of_machine(&read("/proc/meminfo")).unwrap_or(UNKNOWN);
        // A group without a limit has `max`.
        let groups = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
        groups.iter().filter_map(|path| read(path).trim().parse().ok()).fold(machine, u64::min)
    })
}

/// Parses the format of Linux and Android: `MemTotal:  16303428 kB`.
fn of_machine(facts: &str) -> Option<u64> {
    let line = facts.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kibibytes_are_read_and_nothing_else() {
        assert_eq!(of_machine("MemFree: 5 kB\nMemTotal:       16303428 kB\n"), Some(16_303_428 * 1024));
        assert_eq!(of_machine("MemTotal: much\n"), None);
        assert!(total() >= 64 << 20);
    }
}
