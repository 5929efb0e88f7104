//! The presets as they are, and what the linter says when one thing in them is wrong.

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
    let placeholder = (Check::PlaceholderContact, "contact.privacy");
    // No text but one says by when people hear of a breach.
    let no_breach = (Check::IncidentWithoutDeadline, "deadline");
    for (name, own) in [
        // The text sets preference cookies before asking.
        (
            "narpix",
            vec![
                (Check::ConsentByDefault, "preference"),
                placeholder,
                (Check::PlaceholderContact, "contact.child"),
                (Check::PlaceholderContact, "contact.web"),
            ],
        ),
        ("neximage", vec![no_breach, placeholder, (Check::PlaceholderContact, "contact.dpo")]),
        // Changes hold when they are posted.
        ("upixel", vec![no_breach, (Check::NoLeadTime, "policy"), placeholder]),
        ("picphoto", vec![no_breach, (Check::NoLeadTime, "policy-material"), placeholder]),
        (
            "nanaimg",
            vec![
                (Check::UnnamedProcessor, "(AI model provider, not named in text)"),
                (Check::UnnamedProcessor, "(cloud host, not named in text)"),
                no_breach,
                (Check::NoLeadTime, "policy-material"),
                placeholder,
                (Check::PlaceholderContact, "contact.web"),
            ],
        ),
    ] {
        let preset = Preset::named(name).unwrap();
        let findings = lint(preset, preset.text);
        let found: Vec<_> = findings.iter().map(|finding| (finding.check, finding.subject.as_str())).collect();
        let all: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(found, own, "{name}:\n{}", all.join("\n"));
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
    // A request that stays open, a job that dies: neither may keep data for ever.
    (
        "narpix",
        "data = [\"request.evidence\"]\nclock = \"created_at\"",
        "data = [\"request.evidence\"]\nclock = \"erasure_requested_at\"",
        Check::UnboundedPersonalData,
    ),
    (
        "upixel",
        "data = [\"scratch\"]\nclock = \"started_at\"",
        "data = [\"scratch\"]\nclock = \"account_closed_at\"",
        Check::UnboundedPersonalData,
    ),
    ("upixel", "plans = [\"free\", \"paid\"]", "plans = []", Check::NoPlans),
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
        "[[rule]]\nid = \"late\"\nclauses = [\"NEXIMAGE-6a\"]\ndata = [\"export.file\"]\nwhen = { plan = \"pro\" }\nclock = \"created_at\"\ngone_by = \"2d\"\n[[rule]]\nid = \"originals\"",
        Check::RuleWithoutEffect,
    ),
    // NARPIX-6.2a says the same as NARPIX-4.1a, and must go on saying it.
    (
        "narpix",
        "[[rule]]\nid = \"images-paid\"",
        "[[rule]]\nid = \"again\"\nclauses = [\"NARPIX-6.2a\"]\ndata = [\"image.meta\"]\nwhen = { plan = \"free\" }\nclock = \"uploaded_at\"\ngone_by = \"25h\"\n[[rule]]\nid = \"images-paid\"",
        Check::Contradiction,
    ),
    // Other clauses, the same event: two ends, or a floor beyond the end.
    (
        "narpix",
        "[[rule]]\nid = \"outputs-free\"",
        "[[rule]]\nid = \"early\"\nclauses = [\"NARPIX-4.4a\"]\ndata = [\"image.meta\", \"output\"]\nwhen = { plan = \"free\" }\nclock = \"uploaded_at\"\ngone_by = \"12h\"\n[[rule]]\nid = \"outputs-free\"",
        Check::Contradiction,
    ),
    (
        "upixel",
        "[[rule]]\nid = \"access-log\"",
        "[[rule]]\nid = \"kept\"\nclauses = [\"UPIXEL-3d\"]\ndata = [\"log.access\"]\nwhen = { plan = \"paid\" }\nclock = \"recorded_at\"\nkeep_for = \"24mo\"\n[[rule]]\nid = \"access-log\"",
        Check::Contradiction,
    ),
    (
        "narpix",
        "truncate_to = { v4 = 24, v6 = 48 }\n",
        "truncate_to = { v4 = 24, v6 = 48 }\n\n[[rule]]\nid = \"again\"\nclauses = [\"NARPIX-6.3a\"]\ndata = [\"log.security\"]\nfield = \"ip\"\nclock = \"recorded_at\"\ngone_by = \"90d\"\naction = \"truncate\"\ntruncate_to = { v4 = 16, v6 = 48 }\n",
        Check::Contradiction,
    ),
    ("narpix", "[\"NARPIX-1.2d\"", "[\"NARPIX-1.2x\"", Check::UnknownClause),
    ("narpix", "field = \"ip\"", "field = \"address\"", Check::UnknownField),
    ("nanaimg", "default = false", "default = true", Check::ConsentByDefault),
    ("picphoto", "opt_out = true", "opt_out = false", Check::CookieWithoutChoice),
    // UPIXEL-6a and 6b: only essential cookies, no tracking, no advertising. NEXIMAGE-7c: no advertising across sites.
    ("upixel", "class = \"essential\"", "class = \"analytics\"", Check::ForbiddenCookie),
    (
        "upixel",
        "[[processor]]",
        "[[cookie]]\nclass = \"marketing\"\nclauses = [\"UPIXEL-6a\"]\nmax_age = \"90d\"\nopt_out = true\n\n[[processor]]",
        Check::ForbiddenCookie,
    ),
    ("neximage", "class = \"essential\"", "class = \"marketing\"", Check::ForbiddenCookie),
    // NANAIMG-H6: opting in needs a flow that waits for it.
    ("nanaimg", "unless_consent = \"training\"\n", "", Check::TrainingUnguarded),
    ("narpix", "purposes = [\"training\"]", "purposes = [\"marketing\"]", Check::TrainingUnguarded),
    ("narpix", "data = [\"*\"]", "data = [\"images\"]", Check::SaleUnguarded),
    ("narpix", "sale = false", "sale = true", Check::PermittedAndRuledOut),
    ("upixel", "share_for_ads = false", "share_for_ads = true", Check::PermittedAndRuledOut),
    (
        "nanaimg",
        "unless_consent = \"training\"\n",
        "unless_consent = \"training\"\n[[never]]\nclauses = [\"NANAIMG-H6\"]\ndata = [\"output\"]\npurposes = [\"training\"]\n",
        Check::PermittedAndRuledOut,
    ),
    // NEXIMAGE-3a: originals are encrypted at rest.
    ("neximage", "at_rest = \"AES-256-GCM\"", "at_rest = \"none\"", Check::PromiseNotSet),
    ("narpix", "password_hash = \"argon2id\"", "password_hash = \"Plain\"", Check::PromiseNotSet),
    ("picphoto", "mfa = true", "mfa = false", Check::PromiseNotSet),
    ("picphoto", "store_region = \"us\"", "", Check::PromiseNotSet),
    // What is deleted loses its key: nothing has one.
    ("upixel", "at_rest = \"AES-256-GCM\"", "at_rest = \"none\"", Check::PromiseNotSet),
    ("upixel", "at_rest = \"AES-256-GCM\"", "at_rest = \"None\"", Check::Unprotected),
    ("nanaimg", "password_hash = \"argon2id\"", "password_hash = \"plaintext\"", Check::Unprotected),
    // UPIXEL-2c: no marketing at all.
    ("upixel", "purpose = \"billing\"", "purpose = \"marketing\"", Check::ForbiddenFlow),
    ("narpix", "purpose = \"job\"", "purpose = \"training\"", Check::ForbiddenFlow),
    ("narpix", "dpa = true", "dpa = false", Check::NoAgreement),
    ("upixel", "name = \"Render\"", "name = \"(a host)\"", Check::UnnamedProcessor),
    ("neximage", "ttl = \"1h\"\n", "", Check::JobWithoutTtl),
    // NARPIX-4.1a: no copy of an upload is there after 24 hours; NARPIX-4.1c: none where it was processed after a minute.
    ("narpix", "ttl = \"60s\"", "ttl = \"48h\"", Check::TtlOutlastsClass),
    ("narpix", "ttl = \"60s\"", "ttl = \"2m\"", Check::TtlOutlastsClass),
    // NARPIX-3.2d: anonymised data. NEXIMAGE-4c: the minimum. PICPHOTO-2g: anonymous.
    ("narpix", "sends = [\"agg.usage\"]", "sends = [\"account.email\"]", Check::NeedlessIdentity),
    ("neximage", "\"history.job.settings\"]", "\"account.email\"]", Check::NeedlessIdentity),
    ("picphoto", "sends = [\"log.device.user_agent\"", "sends = [\"log.device.ip\"", Check::NeedlessIdentity),
    // A whole class brings its fields along.
    (
        "upixel",
        "sends = [\"billing\", \"account.email\"]",
        "sends = [\"billing\", \"account\"]",
        Check::NeedlessIdentity,
    ),
    ("narpix", "extend_to = \"60d\"", "extend_to = \"29d\"", Check::ExtensionTooShort),
    ("narpix", "extend_to = \"60d\"", "extend_to = \"30d\"", Check::ExtensionTooShort),
    (
        "narpix",
        "id = \"breach\"\nclauses = [\"NARPIX-10e\"]\non = \"incident\"",
        "id = \"breach\"\nclauses = [\"NARPIX-10e\"]\non = \"child_report\"",
        Check::IncidentWithoutDeadline,
    ),
    ("nanaimg", "on = \"child_report\"", "on = \"incident\"", Check::ChildReportWithoutDeadline),
    (
        "upixel",
        "privacy = \"privacy@example.org\"",
        "privacy = \"privacy@upixel.example\"\nweb = \"https://example.com/here\"",
        Check::PlaceholderContact,
    ),
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
        "error tombstone_dies_first, `tombstones`: tombstones end after 60d, backups after 61d. \
         Keep tombstones longer than `backup.window`. Clauses: NARPIX-5.1c"
    );
}

/// Whoever writes a policy from a preset has no list of clauses at hand; the text's own list is used.
#[test]
fn clauses_of_known_texts_are_looked_up_and_others_must_be_of_one_text() {
    let unknown = |text: &str| {
        let findings = text.parse::<Policy>().unwrap().lint(None);
        findings
            .into_iter()
            .filter(|finding| finding.check == Check::UnknownClause)
            .map(|finding| finding.subject)
            .collect::<Vec<_>>()
    };
    let narpix = Preset::named("narpix").unwrap().text;
    assert_eq!(unknown(narpix), Vec::<String>::new());
    assert_eq!(unknown(&narpix.replacen("NARPIX-10e", "NARPIX-10z", 1)), ["breach"]);
    assert_eq!(unknown(&narpix.replacen("tls_min = [\"NARPIX-4.2a\"", "tls_min = [\"NARPIX-4.2z\"", 1)), ["tls_min"]);
    let own = narpix.replace("NARPIX-", "DARKROOM-");
    assert_eq!(unknown(&own), Vec::<String>::new());
    assert_eq!(unknown(&own.replacen("DARKROOM-10e", "DARKROM-10e", 1)), ["breach"]);
}

/// A promise of an answer that is taken out of a policy is missed by the linter, and by everybody who compares versions.
#[test]
fn no_deadline_of_a_text_is_removed_unseen() {
    for preset in Preset::ALL {
        let policy = preset.policy().unwrap();
        for place in 0..policy.deadlines.len() {
            let mut without = policy.clone();
            let gone = without.deadlines.remove(place);
            let count = |policy: &Policy| policy.lint(Some(&preset.clauses())).len();
            assert!(count(&without) > count(&policy), "{}: {}", preset.name, gone.id);
            let changes = policy.diff(&without).changes;
            assert!(changes.iter().any(|change| change.effect == packshot_policy::Effect::Weaker), "{changes:?}");
        }
    }
}

#[test]
fn addresses_that_lead_somewhere_are_no_placeholders() {
    let upixel = Preset::named("upixel").unwrap().text;
    for (address, is_placeholder) in [
        ("privacy@upixel.com", false),
        ("https://upixel.co.uk/privacy", false),
        ("privacy@example.org", true),
        ("privacy@mail.example.com", true),
        ("https://example.net:8080/x?y#z", true),
        ("privacy@service.invalid", true),
        ("privacy@localhost", true),
        ("write to us", true),
        ("privacy@examples.org", false),
    ] {
        let policy: Policy = upixel.replacen("privacy@example.org", address, 1).parse().unwrap();
        let found = policy.lint(None).iter().any(|finding| finding.check == Check::PlaceholderContact);
        assert_eq!(found, is_placeholder, "{address}");
    }
}
