//! Any text as a policy: it is refused at places that the text has, or read and then answers everything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packshot_fuzz::ask;
use packshot_policy::Policy;

fuzz_target!(|text: &str| {
    match text.parse::<Policy>() {
        Ok(policy) => ask(&policy, &[1_769_860_800; 12]),
        Err(faults) => {
            let lines = text.matches('\n').count() + 1;
            assert!(faults.iter().count() > 0 && !faults.to_string().is_empty());
            assert!(faults.iter().all(|fault| (1..=lines).contains(&fault.line) && fault.column >= 1));
        }
    }
});
