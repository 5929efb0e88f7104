//! The presets with lines taken out, doubled, moved and given other values: most are still policies, so that the checks
//! and the evaluator see what no person would write.
#![no_main]

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use packshot_fuzz::ask;
use packshot_policy::{Policy, Preset};

/// Values that some key takes, and some that none does.
const VALUES: &[&str] = &[
    "true",
    "false",
    "0",
    "-1",
    "18",
    "\"\"",
    "\"-\"",
    "[]",
    "{}",
    "\"*\"",
    "\"0s\"",
    "\"1s\"",
    "\"24h\"",
    "\"23h\"",
    "\"1d\"",
    "\"30d\"",
    "\"1mo\"",
    "\"12mo\"",
    "\"7y\"",
    "\"7y90d\"",
    "\"200y\"",
    "\"200y2400mo73200bd73200d\"",
    "\"73200bd\"",
    "\"while_active\"",
    "\"forever\"",
    "\"aggregate\"",
    "\"promise\"",
    "\"service\"",
    "\"reopen\"",
    "\"legal\"",
    "\"purge\"",
    "\"truncate\"",
    "\"restrict\"",
    "\"production\"",
    "\"backup\"",
    "\"processor\"",
    "\"uploaded_at\"",
    "\"created_at\"",
    "\"deleted_by_user_at\"",
    "\"account_closed_at\"",
    "\"issued_at\"",
    "\"recorded_at\"",
    "\"erasure_requested_at\"",
    "\"recompute\"",
    "\"recompute_after\"",
    "\"from_change\"",
    "{ plan = \"free\" }",
    "{ plan = \"paid\" }",
    "{ law = \"gdpr\" }",
    "[\"account\"]",
    "[\"output\", \"billing\"]",
    "[\"*\"]",
    "[\"training\", \"sale\", \"job\"]",
    "[\"30d\", \"1mo\"]",
    "[\"7bd\"]",
    "\"privacy_request\"",
    "\"incident\"",
    "\"Europe/Berlin\"",
    "\"Pacific/Apia\"",
    "\"Australia/Lord_Howe\"",
    "[\"sun\"]",
    "[2026-05-01, 2026-01-31]",
    "2026-01-31",
    "2026-02-30",
    "9999-12-31",
    "-9999-01-01",
    "{ v4 = 24, v6 = 48 }",
    "{ v4 = 99, v6 = 0 }",
    "[\"NARPIX-4.1a\"]",
    "[\"X\"]",
];

fn changed(preset: Preset, input: &mut Unstructured<'_>) -> Result<String> {
    let mut lines: Vec<String> = preset.text.lines().map(str::to_owned).collect();
    for _ in 0..input.int_in_range(1..=12)? {
        let place = input.choose_index(lines.len())?;
        match input.int_in_range(0..=5)? {
            0 => drop(lines.remove(place)),
            1 => lines.insert(place, lines[place].clone()),
            2 => {
                let line = lines.remove(place);
                lines.insert(input.choose_index(lines.len())?, line);
            }
            _ => {
                // The value of the next line that has one.
                let set = lines[place..].iter_mut().find(|line| line.contains('='));
                if let Some((line, end)) = set.and_then(|line| line.find('=').map(|end| (line, end))) {
                    line.truncate(end);
                    line.push_str("= ");
                    line.push_str(input.choose(VALUES)?);
                }
            }
        }
    }
    Ok(lines.join("\n"))
}

fuzz_target!(|bytes: &[u8]| {
    let mut input = Unstructured::new(bytes);
    let Ok(preset) = input.choose(&Preset::ALL).copied() else { return };
    let Ok(text) = changed(preset, &mut input) else { return };
    let seconds: [i32; 12] = input.arbitrary().unwrap_or_default();
    match text.parse::<Policy>() {
        Ok(policy) => ask(&policy, &seconds),
        Err(faults) => assert!(faults.iter().count() > 0 && !faults.to_string().is_empty()),
    }
});
