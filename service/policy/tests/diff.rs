//! What a new version of a policy changes, for whom, and who must be told.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use packshot_policy::{Change, Effect, Law, Policy, Preset, Topic};

fn text(name: &str) -> &'static str {
    Preset::named(name).unwrap().text
}

fn changes(name: &str, edits: &[(&str, &str)]) -> Vec<Change> {
    let older: Policy = text(name).parse().unwrap();
    let newer = edits.iter().fold(text(name).to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{name}: {from}");
        text.replacen(from, to, 1)
    });
    older.diff(&newer.parse().unwrap()).changes
}

/// Policy, what is replaced by what, and the only change that this is.
type Case = (&'static str, &'static str, &'static str, Topic, Effect, bool, &'static str);

const CASES: &[Case] = &[
    // Periods of every kind.
    (
        "narpix",
        "gone_by = \"24h\"",
        "gone_by = \"48h\"",
        Topic::Retention,
        Effect::Weaker,
        true,
        "upload.original, gone after the upload, under the plan free: 24 hours becomes 48 hours",
    ),
    (
        "narpix",
        "gone_by = \"7d\"",
        "gone_by = \"6d\"",
        Topic::Retention,
        Effect::Stronger,
        false,
        "upload.original, gone after you delete it: 7 days becomes 6 days",
    ),
    (
        "neximage",
        "keep_for = \"90d\"",
        "keep_for = \"60d\"",
        Topic::Retention,
        Effect::Weaker,
        true,
        "output, kept after it was made, under the plan starter: 90 days becomes 60 days",
    ),
    (
        "neximage",
        "keep_for = \"7y\"",
        "keep_for = \"6y\"",
        Topic::Retention,
        Effect::Stronger,
        false,
        "ledger.entry, kept for the law after it was issued: 7 years becomes 6 years",
    ),
    (
        "neximage",
        "org_may_shorten = true",
        "",
        Topic::Retention,
        Effect::Weaker,
        true,
        "upload.original: people may choose less becomes nothing",
    ),
    (
        "narpix",
        "gone_by = \"90d\"\naction = \"truncate\"",
        "gone_by = \"91d\"\naction = \"truncate\"",
        Topic::Retention,
        Effect::Weaker,
        true,
        "log.security, its ip shortened after it was written down: 90 days becomes 91 days",
    ),
    (
        "picphoto",
        "gone_by = \"24h\"\ntier = \"production\"",
        "gone_by = \"30h\"\ntier = \"production\"",
        Topic::Retention,
        Effect::Weaker,
        true,
        "upload.original, gone after you delete it, in production: 24 hours becomes 30 hours",
    ),
    (
        "picphoto",
        "gone_by = \"31d\"\naction = \"restrict\"",
        "gone_by = \"40d\"\naction = \"restrict\"",
        Topic::Retention,
        Effect::Weaker,
        true,
        "billing, readable by few after you close your account: 31 days becomes 40 days",
    ),
    (
        "upixel",
        "data = [\"prompt\", \"project\", \"output\"]\nkeep_for",
        "data = [\"prompt\", \"output\"]\nkeep_for",
        Topic::Retention,
        Effect::Weaker,
        true,
        "project: kept as long as the account is active becomes nothing",
    ),
    (
        "narpix",
        "restore_for = \"6d\"",
        "restore_for = \"5d\"",
        Topic::Retention,
        Effect::Weaker,
        false,
        "a deletion can be undone for: 6 days becomes 5 days",
    ),
    // Uses and those who get data.
    (
        "narpix",
        "training = \"never\"",
        "training = \"opt_in\"",
        Topic::Never,
        Effect::Weaker,
        true,
        "training: never becomes opt_in",
    ),
    (
        "narpix",
        "sale = false",
        "sale = true",
        Topic::Never,
        Effect::Weaker,
        true,
        "sale of personal data: no becomes yes",
    ),
    (
        "upixel",
        "clauses = [\"UPIXEL-2f\"]\ndata = [\"content\"]",
        "clauses = [\"UPIXEL-2f\"]\ndata = [\"prompt\", \"project\", \"scratch\", \"export.file\"]",
        Topic::Never,
        Effect::Weaker,
        true,
        "use of output for training: ruled out becomes not ruled out",
    ),
    (
        "nanaimg",
        "unless_consent = \"training\"\n",
        "",
        Topic::Never,
        Effect::Stronger,
        false,
        "use of prompt, output, history.job, upload.original, training.set, export.file for training: only with the consent \
         `training` becomes ruled out",
    ),
    (
        "narpix",
        "sends = [\"upload.original\"]",
        "sends = [\"upload.original\", \"image.meta\"]",
        Topic::Processor,
        Effect::Weaker,
        true,
        "Modal Labs gets: upload.original becomes upload.original, image.meta",
    ),
    (
        "narpix",
        "ttl = \"60s\"",
        "ttl = \"1h\"",
        Topic::Processor,
        Effect::Weaker,
        true,
        "Modal Labs may hold it for: 1 minute becomes 1 hour",
    ),
    (
        "narpix",
        "needs_consent = \"analytics\"\n",
        "",
        Topic::Processor,
        Effect::Weaker,
        true,
        "Google Analytics needs the consent: analytics becomes nothing",
    ),
    (
        "upixel",
        "regions = [\"us\", \"eu\"]",
        "regions = [\"us\"]",
        Topic::Processor,
        Effect::Stronger,
        false,
        "Vercel works in: us, eu becomes us",
    ),
    (
        "upixel",
        "purpose = \"job\"",
        "purpose = \"edge\"",
        Topic::Processor,
        Effect::Weaker,
        true,
        "Replicate uses it for: job becomes edge",
    ),
    (
        "upixel",
        "dpa = true",
        "dpa = false",
        Topic::Processor,
        Effect::Weaker,
        true,
        "Replicate is bound by a contract: yes becomes no",
    ),
    // Data, backups, plans.
    (
        "upixel",
        "\"display_name?\", ",
        "\"display_name?\", \"birthday\", ",
        Topic::Data,
        Effect::Weaker,
        false,
        "fields of account: email, display_name?, password_hash becomes email, display_name?, birthday, password_hash",
    ),
    (
        "narpix",
        "aggregate_of = 10",
        "aggregate_of = 5",
        Topic::Data,
        Effect::Unclear,
        true,
        "agg.usage: sums over at least 10 people becomes sums over at least 5 people",
    ),
    (
        "upixel",
        "window = \"30d\"",
        "window = \"60d\"",
        Topic::Backup,
        Effect::Weaker,
        true,
        "a backup is held for: 30 days becomes 60 days",
    ),
    (
        "narpix",
        "shred = true",
        "shred = false",
        Topic::Backup,
        Effect::Weaker,
        true,
        "deleted data can no longer be read in backups: yes becomes no",
    ),
    (
        "neximage",
        "downgrade = \"from_change\"",
        "downgrade = \"recompute\"",
        Topic::Plan,
        Effect::Weaker,
        true,
        "after a downgrade: from_change becomes recompute",
    ),
    (
        "narpix",
        "downgrade_notice = \"24h\"",
        "downgrade_notice = \"48h\"",
        Topic::Plan,
        Effect::Stronger,
        false,
        "notice before a downgrade takes effect: 24 hours becomes 48 hours",
    ),
    // What people are asked and told.
    (
        "nanaimg",
        "default = false\nexplicit",
        "default = true\nexplicit",
        Topic::Consent,
        Effect::Weaker,
        false,
        "the consent `training` is agreed to before people are asked: no becomes yes",
    ),
    (
        "narpix",
        "gpc_refuses = true\n",
        "",
        Topic::Consent,
        Effect::Weaker,
        false,
        "the consent `marketing` ignores Global Privacy Control: no becomes yes",
    ),
    (
        "narpix",
        "max_age = \"90d\"",
        "max_age = \"1y\"",
        Topic::Cookie,
        Effect::Weaker,
        false,
        "marketing cookies last: 90 days becomes 12 months",
    ),
    (
        "narpix",
        "max_age = \"2y\"\nopt_out = true",
        "max_age = \"2y\"\nopt_out = false",
        Topic::Cookie,
        Effect::Weaker,
        false,
        "analytics cookies can be refused: yes becomes no",
    ),
    (
        "upixel",
        "\"rectify\", ",
        "",
        Topic::Right,
        Effect::Weaker,
        false,
        "what people may ask for: access, rectify, erase, object becomes access, erase, object",
    ),
    (
        "neximage",
        "within = \"7bd\"",
        "within = \"5bd\"",
        Topic::Deadline,
        Effect::Stronger,
        false,
        "privacy request is answered within: 7 business days becomes 5 business days",
    ),
    (
        "narpix",
        "extend_to = \"60d\"",
        "extend_to = \"90d\"",
        Topic::Deadline,
        Effect::Weaker,
        false,
        "privacy request is answered within, at most: 60 days becomes 90 days",
    ),
    (
        "neximage",
        "holidays = []",
        "holidays = [2026-12-25]",
        Topic::Deadline,
        Effect::Unclear,
        false,
        "time zone, working days and holidays: UTC becomes UTC",
    ),
    (
        "narpix",
        "lead = \"30d\"",
        "lead = \"7d\"",
        Topic::Notice,
        Effect::Weaker,
        false,
        "notice of a material change, before it holds: 30 days becomes 7 days",
    ),
    (
        "picphoto",
        "all_channels = false",
        "all_channels = true",
        Topic::Notice,
        Effect::Stronger,
        false,
        "notice of a material change: email or banner becomes email and banner",
    ),
    (
        "narpix",
        "reconsent = [\"analytics\", ",
        "reconsent = [",
        Topic::Notice,
        Effect::Weaker,
        false,
        "notice of a material change under gdpr: consents asked anew: analytics, marketing, preference becomes marketing, preference",
    ),
    (
        "upixel",
        "continued_use_accepts = true",
        "",
        Topic::Notice,
        Effect::Stronger,
        false,
        "notice of any change: going on counts as agreement: yes becomes no",
    ),
    // Ages, safety, words.
    (
        "narpix",
        "guardian_until = 18",
        "guardian_until = 16",
        Topic::Age,
        Effect::Unclear,
        false,
        "guardians agree below: 18 years becomes 16 years",
    ),
    (
        "narpix",
        "tls_min = \"1.3\"",
        "tls_min = \"1.2\"",
        Topic::Security,
        Effect::Weaker,
        false,
        "oldest TLS: 1.3 becomes 1.2",
    ),
    (
        "upixel",
        "card_data = \"none\"",
        "card_data = \"last4\"",
        Topic::Security,
        Effect::Weaker,
        false,
        "what is stored of cards: none becomes last4",
    ),
    (
        "picphoto",
        "staff_bytes_access = \"on_call\"",
        "staff_bytes_access = \"never\"",
        Topic::Security,
        Effect::Stronger,
        false,
        "who of the staff may see photos: on_call becomes never",
    ),
    (
        "picphoto",
        "signed_url_max = \"1h\"",
        "signed_url_max = \"2h\"",
        Topic::Security,
        Effect::Weaker,
        false,
        "a signed address works for: 1 hour becomes 2 hours",
    ),
    (
        "picphoto",
        "mfa = true",
        "mfa = false",
        Topic::Security,
        Effect::Weaker,
        false,
        "a second factor can be asked for: yes becomes no",
    ),
    (
        "narpix",
        "version = \"2025-10\"",
        "version = \"2025-11\"",
        Topic::Words,
        Effect::None,
        false,
        "version: 2025-10 becomes 2025-11",
    ),
];

#[test]
fn every_change_is_found_weighed_and_told() {
    for (name, from, to, topic, effect, held, told) in CASES {
        let found = changes(name, &[(from, to)]);
        let change = found.iter().find(|change| change.to_string() == *told);
        let all: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(change.is_some(), "{name}: {from} -> {to}:\n{told}\nis not among\n{}", all.join("\n"));
        let change = change.unwrap();
        assert_eq!((change.topic, change.effect), (*topic, *effect), "{told}");
        assert_eq!(change.held && change.effect == Effect::Weaker, *held && *effect == Effect::Weaker, "{told}");
        assert!(
            found.iter().all(|other| (other.topic, other.effect) == (*topic, *effect)),
            "{told}: {}",
            all.join("\n")
        );
        // The other way round it is the opposite.
        let newer: Policy = text(name).replacen(from, to, 1).parse().unwrap();
        let back = newer.diff(&text(name).parse().unwrap()).changes;
        let opposite = match effect {
            Effect::Weaker => Effect::Stronger,
            Effect::Stronger => Effect::Weaker,
            same => *same,
        };
        // Data that was given for one purpose is used for another, whichever they are.
        let opposite = if told.contains("uses it for") { Effect::Weaker } else { opposite };
        assert!(back.iter().all(|change| change.effect == opposite), "{told}: {back:?}");
    }
}

#[test]
fn a_policy_differs_from_itself_in_nothing() {
    for preset in Preset::ALL {
        let policy = preset.policy().unwrap();
        let diff = policy.diff(&policy);
        assert!(diff.changes.is_empty() && !diff.is_material() && diff.telling(&[]).is_none(), "{}", preset.name);
    }
}

/// Names, order, and whether one rule says it or two: what is promised is the same.
#[test]
fn saying_the_same_otherwise_is_no_change() {
    let older: Policy = text("narpix").parse().unwrap();
    let split = text("narpix")
        .replacen("id = \"images-free\"", "id = \"photos-free\"", 1)
        .replacen("data = [\"upload.original\", \"image.meta\"]", "data = [\"upload.original\"]", 1)
        .replacen(
            "[[rule]]\nid = \"images-paid\"",
            "[[rule]]\nid = \"facts-free\"\nclauses = [\"NARPIX-4.1a\"]\ndata = [\"image.meta\"]\nwhen = { plan = \"free\" }\n\
             clock = \"uploaded_at\"\ngone_by = \"24h\"\n\n[[rule]]\nid = \"images-paid\"",
            1,
        );
    let mut newer: Policy = split.parse().unwrap();
    newer.rules.reverse();
    newer.never.reverse();
    newer.processors.reverse();
    let diff = older.diff(&newer);
    assert!(diff.changes.is_empty(), "{:?}", diff.changes);
}

#[test]
fn what_is_new_or_gone_is_told() {
    let rule = "[[rule]]\nid = \"logs\"\nclauses = [\"NARPIX-6.3a\"]\ndata = [\"log.security\", \"log.usage\"]\nclock = \"recorded_at\"\n\
                gone_by = \"12mo\"\n";
    let gone = changes("narpix", &[(rule, "")]);
    assert_eq!(gone[0].to_string(), "log.security, gone after it was written down: 12 months becomes nothing");
    assert!(gone[0].held && gone[0].effect == Effect::Weaker);
    let processor = "[[processor]]\nname = \"Pixel Farm\"\nclauses = [\"NARPIX-3.2\"]\npurpose = \"job\"\nsends = [\"output\"]\n\
                     regions = [\"us\"]\ndpa = true\n\n[[never]]";
    let new = changes("narpix", &[("[[never]]", processor)]);
    assert_eq!(new[0].to_string(), "Pixel Farm: nothing becomes gets output for job");
    assert!(new.len() == 1 && new[0].held);
    let plan = changes(
        "neximage",
        &[("plans = [\"free\", \"starter\", \"pro\"]", "plans = [\"free\", \"starter\", \"pro\", \"team\"]")],
    );
    assert_eq!(plan[0].to_string(), "the plan team: nothing becomes offered");
    let class = changes("narpix", &[("[data.tombstone]", "[data.face]\ngroup = \"images\"\n[data.tombstone]")]);
    assert_eq!(class.iter().map(ToString::to_string).collect::<Vec<_>>(), ["face: nothing becomes collected"]);
}

/// NARPIX-11b and 11c: words may change quietly, promises may not. The older version says how people are told.
#[test]
fn the_notice_is_the_one_that_the_older_version_promised() {
    let older: Policy = text("narpix").parse().unwrap();
    let minor: Policy =
        text("narpix").replacen("last_updated = 2025-10-01", "last_updated = 2025-10-09", 1).parse().unwrap();
    let quiet = older.diff(&minor);
    assert!(!quiet.is_material());
    assert_eq!(quiet.telling(&[]).unwrap().notices[0].id, "policy-minor");
    let weaker: Policy = text("narpix")
        .replacen("gone_by = \"24h\"", "gone_by = \"48h\"", 1)
        .replacen("lead = \"30d\"", "lead = \"0d\"", 2)
        .parse()
        .unwrap();
    let grave = older.diff(&weaker);
    let telling = grave.telling(&[Law::Gdpr]).unwrap();
    let notices: Vec<&str> = telling.notices.iter().map(|notice| notice.id.as_str()).collect();
    assert_eq!(notices, ["policy-material", "policy-eu"]);
    assert_eq!(telling.leads().next().unwrap().0.to_string(), "30d");
    assert_eq!(grave.broken_promises().map(|change| change.topic).collect::<Vec<_>>(), [Topic::Retention; 2]);
    assert!(grave.changes.is_sorted_by_key(|change| change.effect), "the gravest come first");
    // A policy that promised no notice gives none.
    let neximage: Policy = text("neximage").parse().unwrap();
    assert!(neximage.diff(&text("neximage").replacen("7bd", "8bd", 1).parse().unwrap()).telling(&[]).is_none());
}
