//! The presets as they are, and what the linter says when one thing in them is wrong.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

use std::collections::BTreeSet;

use packshot_policy::{Check, Finding, Policy, Preset, Severity};

fn lint(preset: Preset, text: &str) -> Vec<Finding> {
    match text.parse::<Policy>() {
        Ok(policy) => policy.lint(Some(&preset.clauses())),
        Err(faults) => panic!("{}:\n{faults}", preset.name),
    }
}

fn checks(findings: &[Finding]) -> BTreeSet<Check> {
    findings.iter().map(|finding| finding.check).collect()
}

#[test]
fn presets_have_no_errors_and_only_the_warnings_of_their_texts() {
    for (name, expected) in [
        // The text sets preference cookies before asking.
        ("narpix", vec![(Check::ConsentByDefault, "preference")]),
        ("neximage", vec![]),
        // Changes hold when they are posted.
        ("upixel", vec![(Check::NoLeadTime, "policy")]),
        ("picphoto", vec![(Check::NoLeadTime, "policy-material")]),
        (
            "nanaimg",
            vec![
                (Check::UnnamedProcessor, "(AI model provider, not named in text)"),
                (Check::UnnamedProcessor, "(cloud host, not named in text)"),
                (Check::NoLeadTime, "policy-material"),
            ],
        ),
    ] {
        let preset = Preset::named(name).unwrap();
        let findings = lint(preset, preset.text);
        let found: Vec<_> = findings.iter().map(|finding| (finding.check, finding.subject.as_str())).collect();
        let all: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{name}:\n{}", all.join("\n"));
    }
}

/// In which preset what is replaced by what, and the check that must then speak.
const CASES: &[(&str, &str, &str, Check)] = &[
    // NARPIX-1.2a: without its ceiling, an upload class is refused.
    (
        "narpix",
        "when = { plan = \"free\" }\nclock = \"uploaded_at\"\ngone_by = \"24h\"",
        "when = { plan = \"free\" }\nclock = \"deleted_by_user_at\"\ngone_by = \"24h\"",
        Check::UnboundedPersonalData,
    ),
    ("upixel", "tier = \"backup\"", "tier = \"processor\"", Check::UnboundedPersonalData),
    // NARPIX-6.3b: only sums over many people may stay for ever.
    ("narpix", "aggregate_of = 10", "fields = []", Check::UnboundedPersonalData),
    ("nanaimg", "clock = \"consent_withdrawn_at\"", "clock = \"deleted_by_user_at\"", Check::UnboundedPersonalData),
    ("neximage", "[data.scratch]", "[data.sketch]\ngroup = \"images\"\n[data.scratch]", Check::ClassWithoutRule),
    ("neximage", "gone_by = \"31d\"", "gone_by = \"30d\"", Check::FloorReachesCeiling),
    ("picphoto", "slack = \"1h\"", "slack = \"25h\"", Check::SlackReachesCeiling),
    ("picphoto", "sweep_every = \"15m\"", "sweep_every = \"1h\"", Check::SweepReachesSlack),
    // PICPHOTO-2e against PICPHOTO-6d.
    ("picphoto", "restore_for = \"20h\"", "restore_for = \"23h\"", Check::RestoreOutlastsDelete),
    ("narpix", "restore_for = \"6d\"", "restore_for = \"7d\"", Check::RestoreOutlastsDelete),
    // PICPHOTO-6e, UPIXEL-4d.
    ("picphoto", "window = \"29d\"", "window = \"30d\"", Check::BackupOutlastsRule),
    ("upixel", "window = \"30d\"", "window = \"31d\"", Check::BackupOutlastsRule),
    ("narpix", "shred = true", "shred = false", Check::CeilingWithoutShred),
    ("narpix", "restore_replays_tombstones = true", "restore_replays_tombstones = false", Check::RestoreWithoutReplay),
    ("narpix", "gone_by = \"60d\"", "gone_by = \"7d\"", Check::TombstoneDiesFirst),
    (
        "narpix",
        "gone_by = \"60s\"                 # \"immediately\"\ntier = \"processor\"",
        "gone_by = \"60s\"\ntier = \"production\"",
        Check::RuleWithoutEffect,
    ),
    (
        "neximage",
        "[[rule]]\nid = \"originals\"",
        "[[rule]]\nid = \"late\"\nclauses = [\"NEXIMAGE-6a\"]\ndata = [\"export.file\"]\nclock = \"created_at\"\ngone_by = \"2d\"\n[[rule]]\nid = \"originals\"",
        Check::RuleWithoutEffect,
    ),
    // NARPIX-6.2a says the same as NARPIX-4.1a, and must go on saying it.
    (
        "narpix",
        "[[rule]]\nid = \"images-paid\"",
        "[[rule]]\nid = \"again\"\nclauses = [\"NARPIX-6.2a\"]\ndata = [\"image.meta\"]\nwhen = { plan = \"free\" }\nclock = \"uploaded_at\"\ngone_by = \"25h\"\n[[rule]]\nid = \"images-paid\"",
        Check::Contradiction,
    ),
    ("narpix", "[\"NARPIX-1.2d\"", "[\"NARPIX-1.2x\"", Check::UnknownClause),
    ("narpix", "field = \"ip\"", "field = \"address\"", Check::UnknownField),
    ("nanaimg", "default = false", "default = true", Check::ConsentByDefault),
    ("picphoto", "opt_out = true", "opt_out = false", Check::CookieWithoutChoice),
    // NANAIMG-H6: opting in needs a flow that waits for it.
    ("nanaimg", "unless_consent = \"training\"\n", "", Check::TrainingUnguarded),
    ("narpix", "purposes = [\"training\"]", "purposes = [\"marketing\"]", Check::TrainingUnguarded),
    ("narpix", "data = [\"*\"]", "data = [\"images\"]", Check::SaleUnguarded),
    // UPIXEL-2c: no marketing at all.
    ("upixel", "purpose = \"billing\"", "purpose = \"marketing\"", Check::ForbiddenFlow),
    ("narpix", "purpose = \"job\"", "purpose = \"training\"", Check::ForbiddenFlow),
    ("narpix", "dpa = true", "dpa = false", Check::NoAgreement),
    ("upixel", "name = \"Render\"", "name = \"(a host)\"", Check::UnnamedProcessor),
    ("neximage", "ttl = \"1h\"\n", "", Check::JobWithoutTtl),
    ("neximage", "on = \"privacy_request\"", "on = \"incident\"", Check::RequestWithoutDeadline),
    // NARPIX-5.3h cites one month.
    ("narpix", "within = [\"30d\", \"1mo\"]", "within = \"30d\"", Check::LaterThanGdpr),
    ("narpix", "lead = \"30d\"", "lead = \"0d\"", Check::NoLeadTime),
    ("nanaimg", "last_updated = 2026-03-03", "last_updated = 2025-03-03", Check::DatesOutOfOrder),
    ("narpix", "guardian_until = 18", "guardian_until = 13", Check::AgeContradiction),
    ("narpix", "minimum = 13", "minimum = 12", Check::AgeContradiction),
];

#[test]
fn every_wrong_policy_is_found() {
    for (name, from, to, check) in CASES {
        let preset = Preset::named(name).unwrap();
        assert!(preset.text.contains(from), "{name}: {from}");
        let right = checks(&lint(preset, preset.text));
        let findings = lint(preset, &preset.text.replacen(from, to, 1));
        let finding = findings.iter().find(|finding| finding.check == *check);
        assert!(finding.is_some(), "{name}: {from} -> {to}: {:?}", checks(&findings));
        assert!(!right.contains(check) || findings.len() > lint(preset, preset.text).len(), "{name}: {from}");
    }
}

#[test]
fn every_check_has_a_case() {
    let cases: BTreeSet<Check> = CASES.iter().map(|case| case.3).collect();
    assert_eq!(cases, Check::ALL.iter().copied().collect());
}

#[test]
fn errors_come_first_and_name_clauses_and_remedy() {
    let preset = Preset::named("narpix").unwrap();
    let wrong = preset.text.replacen("window = \"7d\"", "window = \"61d\"", 1);
    let findings = lint(preset, &wrong);
    assert_eq!(findings[0].check.severity(), Severity::Error);
    assert_eq!(
        findings[0].to_string(),
        "error tombstone_dies_first, `tombstones`: tombstones go after 60d, backups after 61d. \
         Keep tombstones longer than `backup.window`. Clauses: NARPIX-5.1c"
    );
}
