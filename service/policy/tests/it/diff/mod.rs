//! What a new version of a policy changes, for whom, and who must be told.

mod cases;
mod every_field;

use cases::CASES;
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
        // Data that was given for one purpose is used for another, whichever they are; one purpose more is another matter.
        let opposite = if told.contains("uses it for: job becomes edge") { Effect::Weaker } else { opposite };
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
            "[[rule]]\nid = \"facts-free\"\nclauses = [\"NARPIX-1.2d\", \"NARPIX-4.1a\", \"NARPIX-6.2a\", \"NARPIX-S.b\"]\ndata = [\"image.meta\"]\nwhen = { plan = \"free\" }\n\
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
    assert_eq!(gone[0].to_string(), "log.security, gone after it was recorded: 12 months becomes nothing");
    assert!(gone[0].held && gone[0].effect == Effect::Weaker);
    let processor = "[[processor]]\nid = \"pixel-farm\"\nname = \"Pixel Farm\"\nclauses = [\"NARPIX-3.2\"]\npurpose = \"job\"\nsends = [\"output\"]\n\
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
