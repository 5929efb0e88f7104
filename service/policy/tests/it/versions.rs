//! Which version answers, and records that were stored under an older one.

use packshot_policy::{
    Action, Answer, ClassId, Clock, Events, GoneBy, KeepUntil, PlanBefore, PlanId, Policy, PolicyHash, Preset, Record,
    RecordError, Retention, Timestamp,
};

fn at(text: &str) -> Timestamp {
    format!("{text}:00Z").parse().unwrap()
}

/// A preset with some texts replaced, as its next version.
fn version(name: &str, number: &str, edits: &[(&str, &str)]) -> Retention {
    let text = edits.iter().fold(Preset::named(name).unwrap().text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{name}: {from}");
        text.replace(from, to)
    });
    let line = text.lines().find(|line| line.starts_with("version = ")).unwrap().to_owned();
    Retention::new(&text.replacen(&line, &format!("version = \"{number}\""), 1).parse().unwrap())
}

fn record(class: &str, plan: &str, events: &[(Clock, &str)]) -> Record<'static> {
    let events = events.iter().fold(Events::new(), |events, (clock, text)| events.with(*clock, at(text)));
    Record::new(ClassId::new(class).unwrap(), PlanId::new(plan).unwrap(), events)
}

fn both(newer: &Retention, older: &Retention, record: &Record<'_>) -> Answer {
    newer.with_older(&[older]).answer(record).unwrap()
}

/// Worked out by Python: `sha256(json.dumps(tomllib.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False,
/// default=str))` of `wrong/right.toml`, and of a text with every kind of value.
#[test]
fn the_hash_is_that_of_an_independent_program() {
    let right = include_str!("../wrong/right.toml");
    let hash = |text: &str| text.parse::<Policy>().unwrap().identity.hash.to_string();
    assert_eq!(hash(right), "353356a08e5ca71eaa47c790a2cb22cd022b5a15772266fd5b5ef80d6ba22235");
    // Comments, layout and the order of sections are not in it; letters beyond ASCII and escapes are.
    let (head, tail) = right.split_once("[policy]").unwrap();
    let (backup, rest) = tail.split_once("[backup]").unwrap();
    let (backup_keys, rest) = rest.split_once("[data.account]").unwrap();
    let moved = format!("# a comment\n{head}[backup]{backup_keys}\n\n[policy]{backup}\n[data.account]{rest}");
    assert_eq!(hash(&moved), hash(right));
    assert_eq!(
        hash(&right.replace("Darkroom", "Dünkel \\\"Kammer\\\" \\\\ 写真")),
        "0771202ec1e8dbc63bf9db4cf2decb4d93a383cb6348424ccbbc7d6de02565ab"
    );
    assert_ne!(hash(&right.replace("gone_by = \"30d\"", "gone_by = \"31d\"")), hash(right));
}

#[test]
fn an_answer_names_its_version() {
    let retention = version("narpix", "7", &[]);
    let answer = retention.answer(&record("account", "free", &[])).unwrap();
    assert_eq!((answer.policy.version.as_str(), answer.policy), ("7", retention.identity()));
    let other = version("narpix", "8", &[]);
    assert_ne!(other.identity().hash, retention.identity().hash);
    assert_ne!(other.identity().hash, PolicyHash([0; 32]));
}

/// The earlier ceiling counts, whichever version has it.
#[test]
fn of_two_ceilings_the_earlier_counts() {
    let photo = record("upload.original", "free", &[(Clock::UploadedAt, "2026-01-31T12:00")]);
    let day = version("narpix", "1", &[]);
    let two_days = version("narpix", "2", &[("gone_by = \"24h\"", "gone_by = \"48h\"")]);
    for (newer, older) in [(&two_days, &day), (&day, &two_days)] {
        let answer = both(newer, older, &photo);
        assert_eq!(answer.gone_by, GoneBy::At(at("2026-02-01T12:00")));
        assert_eq!(answer.policy, day.identity());
        assert_eq!(answer.purge_at, Some(at("2026-02-01T11:15")));
    }
    // Alone, the newer version would let it stay.
    assert_eq!(two_days.answer(&photo).unwrap().gone_by, GoneBy::At(at("2026-02-02T12:00")));
    // Both say the same: the older one has said it first.
    assert_eq!(both(&version("narpix", "3", &[]), &day, &photo).policy, day.identity());
}

/// NEXIMAGE-3d: what was kept for 90 days is not cut to 30 by a newer version, and goes as soon as it may.
#[test]
fn a_newer_ceiling_waits_for_an_older_floor() {
    let output = record("output", "starter", &[(Clock::CreatedAt, "2026-01-31T12:00")]);
    let older = version("neximage", "1", &[]);
    let shorter = [("keep_for = \"90d\"\ngone_by = \"91d\"", "keep_for = \"30d\"\ngone_by = \"31d\"")];
    let newer = version("neximage", "2", &shorter);
    let answer = both(&newer, &older, &output);
    assert_eq!(answer.keep_until, KeepUntil::At(at("2026-05-01T12:00")));
    // The slack of the engine is an hour.
    assert_eq!(answer.gone_by, GoneBy::At(at("2026-05-01T13:00")));
    assert_eq!((answer.purge_at, answer.policy), (Some(at("2026-05-01T12:00")), newer.identity()));
    // The other way round the older ceiling stands, and a newer floor ends there.
    let answer = both(&older, &newer, &output);
    assert_eq!(
        (answer.keep_until, answer.gone_by),
        (KeepUntil::At(at("2026-03-03T11:00")), GoneBy::At(at("2026-03-03T12:00")))
    );
    assert_eq!(answer.policy, newer.identity());
    // Who deletes gives up the floor, and nothing waits.
    let deleted = Record { events: output.events.with(Clock::DeletedByUserAt, at("2026-02-03T12:00")), ..output };
    assert_eq!(both(&newer, &older, &deleted).gone_by, GoneBy::At(at("2026-02-04T12:00")));
}

/// NEXIMAGE-3e: for ever is not cut while the account is active.
#[test]
fn for_ever_is_not_cut_by_a_newer_version() {
    let output = record("output", "pro", &[(Clock::CreatedAt, "2026-01-31T12:00")]);
    let older = version("neximage", "1", &[]);
    let ends = "when = { plan = \"pro\" }\nclock = \"created_at\"\ngone_by = \"365d\"";
    let newer = version(
        "neximage",
        "2",
        &[(
            "when = { plan = \"pro\" }\nkeep_for = \"while_active\"\nunbounded = \"promise\"            # \"forever\", ended by delete, erasure or plan change",
            ends,
        )],
    );
    assert_eq!(newer.answer(&output).unwrap().gone_by, GoneBy::At(at("2027-01-31T12:00")));
    assert_eq!(both(&newer, &older, &output).gone_by, GoneBy::WhileActive);
    let closed = Record { events: output.events.with(Clock::AccountClosedAt, at("2026-06-01T12:00")), ..output };
    assert_eq!(both(&newer, &older, &closed).gone_by, GoneBy::At(at("2026-07-01T12:00")));
}

/// NARPIX-6.1c: the longer law wins, and nothing begins before its end, whichever version knows it.
#[test]
fn the_longer_law_wins() {
    let invoice = record("billing", "paid", &[(Clock::IssuedAt, "2026-01-31T12:00")]);
    let seven = version("narpix", "1", &[]);
    let ten = version(
        "narpix",
        "2",
        &[("keep_for = \"7y\"\ngone_by = \"7y90d\"", "keep_for = \"10y\"\ngone_by = \"10y90d\"")],
    );
    for (newer, older) in [(&seven, &ten), (&ten, &seven)] {
        let answer = both(newer, older, &invoice);
        assert_eq!(answer.legal_floor, Some(at("2036-01-31T12:00")));
        assert_eq!(
            (answer.gone_by, answer.purge_at),
            (GoneBy::At(at("2036-01-31T12:00")), Some(at("2036-01-31T12:00")))
        );
        // From the earlier ceiling on it is for the law only.
        assert_eq!(answer.restricted.unwrap().from, at("2033-05-01T12:00"));
        let older = [older];
        let next = newer.with_older(&older).next_action(&invoice).unwrap().unwrap();
        assert_eq!((next.action, next.by, next.policy), (Action::Restrict, at("2033-05-01T12:00"), seven.identity()));
    }
}

/// NARPIX-1.3a: an address is shortened by the earlier of both.
#[test]
fn a_field_goes_by_the_earlier_of_both() {
    let line = record("log.security", "free", &[(Clock::RecordedAt, "2026-01-31T12:00")]);
    let older = version("narpix", "1", &[]);
    let newer = version("narpix", "2", &[("gone_by = \"90d\"\naction", "gone_by = \"30d\"\naction")]);
    for (newer, older) in [(&newer, &older), (&older, &newer)] {
        let older = [older];
        let next = newer.with_older(&older).next_action(&line).unwrap().unwrap();
        assert_eq!((next.field, next.by), (Some("ip"), at("2026-03-02T12:00")));
        assert_eq!(next.policy.version.as_str(), "2");
    }
}

/// Names, not places: another order of classes and plans is the same policy to a record.
#[test]
fn two_versions_with_other_places_do_not_confuse_their_classes_and_plans() {
    let older = version("neximage", "1", &[]);
    let newer = version(
        "neximage",
        "2",
        &[("plans = [\"free\", \"starter\", \"pro\"]", "plans = [\"team\", \"pro\", \"free\", \"starter\"]")],
    );
    for (class, plan) in [("output", "free"), ("output", "starter"), ("output", "pro"), ("billing", "pro")] {
        let events = [(Clock::CreatedAt, "2026-01-31T12:00"), (Clock::IssuedAt, "2026-01-31T12:00")];
        let record = record(class, plan, &events);
        let (one, two) = (older.answer(&record).unwrap(), newer.answer(&record).unwrap());
        assert_eq!((one.keep_until, one.gone_by), (two.keep_until, two.gone_by), "{class} {plan}");
    }
    // A plan that only one of them knows.
    let moved = [PlanBefore::new(PlanId::new("starter").unwrap(), at("2026-02-10T12:00"))];
    let output = record("output", "team", &[(Clock::CreatedAt, "2026-01-31T12:00")]).after_plans(&moved);
    let unknown = RecordError::UnknownPlan { plan: PlanId::new("team").unwrap(), version: older.identity().version };
    assert_eq!(older.answer(&output), Err(unknown));
    assert_eq!(
        (unknown.code(), unknown.to_string().as_str()),
        ("record_plan_unknown", "version 1 of the policy has no plan `team`")
    );
    assert_eq!(newer.with_older(&[&older]).answer(&output).unwrap().gone_by, GoneBy::NotYet);
    // A class that was taken out of the policy while records of it are there.
    let tag = record("prompt", "free", &[]);
    assert!(matches!(newer.with_older(&[&older]).answer(&tag), Err(RecordError::UnknownClass { .. })));
}

/// With three versions the kindest of all counts.
#[test]
fn every_version_on_the_way_counts() {
    let photo = record("upload.original", "paid", &[(Clock::UploadedAt, "2026-01-31T12:00")]);
    let images = "when = { plan = \"paid\" }\nclock = \"uploaded_at\"\ngone_by = \"30d\"";
    let days = |days: &str| images.replace("30d", days);
    let first = version("narpix", "1", &[]);
    let second = version("narpix", "2", &[(images, &days("10d"))]);
    let third = version("narpix", "3", &[(images, &days("20d"))]);
    let answer = third.with_older(&[&first, &second]).answer(&photo).unwrap();
    assert_eq!((answer.gone_by, answer.policy), (GoneBy::At(at("2026-02-10T12:00")), second.identity()));
}
