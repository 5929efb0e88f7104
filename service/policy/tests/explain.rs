//! Answers in words.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use packshot_policy::{Clock, Events, Explanation, PlanBefore, Policy, Preset, Record, Retention, Timestamp};

fn at(text: &str) -> Timestamp {
    format!("{text}:00Z").parse().unwrap()
}

fn policy(name: &str) -> Policy {
    Preset::named(name).unwrap().policy().unwrap()
}

fn record(policy: &Policy, class: &str, plan: &str, events: &[(Clock, &str)]) -> Record<'static> {
    let events = events.iter().fold(Events::new(), |events, (clock, text)| events.with(*clock, at(text)));
    Record::new(policy.class(class).unwrap(), policy.plan(plan).unwrap(), events)
}

fn explain<'p>(policy: &'p Policy, record: &Record<'_>) -> Explanation<'p> {
    policy.explain(&Retention::new(policy), record).unwrap()
}

#[test]
fn the_sentence_names_the_end_the_reason_and_the_clauses() {
    let upload = (Clock::UploadedAt, "2026-01-31T12:00");
    let made = (Clock::CreatedAt, "2026-01-31T12:00");
    for (name, class, plan, events, sentence) in [
        (
            "narpix",
            "upload.original",
            "free",
            vec![upload],
            "Narpix has deleted it by 1 February 2026, 12:00 UTC at the latest: 24 hours after the upload (NARPIX-1.2d, \
             NARPIX-4.1a, NARPIX-6.2a, NARPIX-S.b).",
        ),
        (
            "narpix",
            "output",
            "paid",
            vec![made, (Clock::DeletedByUserAt, "2026-02-10T12:00")],
            "Narpix has deleted it by 17 February 2026, 12:00 UTC at the latest: 7 days after you delete it (NARPIX-4.1d, \
             NARPIX-4.5a, NARPIX-4.5b, NARPIX-6.2c, NARPIX-S.g).",
        ),
        (
            "neximage",
            "output",
            "starter",
            vec![made],
            "NexImage keeps it until 1 May 2026, 12:00 UTC and has deleted it by 2 May 2026, 12:00 UTC: kept for 90 days, \
             gone 91 days after it was made (NEXIMAGE-3d).",
        ),
        ("neximage", "output", "pro", vec![made], "NexImage keeps it as long as the account is active (NEXIMAGE-3e)."),
        (
            "narpix",
            "agg.usage",
            "free",
            vec![],
            "Narpix may keep it for ever, because it is about nobody (NARPIX-6.3b, NARPIX-1.3d, NARPIX-4.3h).",
        ),
        ("nanaimg", "training.set", "free", vec![made], "Nothing has happened yet that would end it."),
        (
            "picphoto",
            "billing",
            "paid",
            vec![(Clock::IssuedAt, "2026-01-31T12:00")],
            "PicPhoto keeps it until 31 January 2033, 12:00 UTC and has deleted it by 1 May 2033, 12:00 UTC: kept for 7 years, \
             gone 7 years and 90 days after it was issued (PICPHOTO-6f).",
        ),
    ] {
        let policy = policy(name);
        assert_eq!(explain(&policy, &record(&policy, class, plan, &events)).sentence, sentence);
    }
}

#[test]
fn what_else_is_to_know_stands_below() {
    let narpix = policy("narpix");
    let photo = record(&narpix, "upload.original", "free", &[(Clock::UploadedAt, "2026-01-31T12:00")]);
    assert_eq!(
        explain(&narpix, &photo).more,
        [
            "Gone 7 days after you delete it at the latest, if that is sooner (NARPIX-4.1d, NARPIX-4.5a, NARPIX-4.5b, \
             NARPIX-6.2c, NARPIX-S.g).",
            "Gone 30 days after you close your account at the latest, if that is sooner (NARPIX-4.5c, NARPIX-6.2d).",
            "Gone 28 days after you ask for erasure at the latest, if that is sooner (NARPIX-5.1c, NARPIX-5.2d, NARPIX-5.3f, \
             NARPIX-5.3h).",
        ]
    );
    let invoice = [(Clock::IssuedAt, "2026-01-31T12:00"), (Clock::AccountClosedAt, "2026-06-30T00:00")];
    let more = explain(&narpix, &record(&narpix, "billing", "paid", &invoice)).more;
    assert_eq!(more[0], "The law asks for it until 31 January 2033, 12:00 UTC (NARPIX-1.4c, NARPIX-6.1c).");
    assert_eq!(
        more[1],
        "From 28 September 2026, 00:00 UTC on only the few who must have it may read it (NARPIX-6.1b, NARPIX-6.1c)."
    );
}

#[test]
fn holds_choices_and_downgrades_are_told() {
    let narpix = policy("narpix");
    let photo = record(&narpix, "upload.original", "free", &[(Clock::UploadedAt, "2026-01-31T12:00")]);
    let held = explain(&narpix, &photo.held(at("2026-01-31T13:00"), None));
    assert_eq!(
        held.sentence,
        "Narpix keeps it under a legal hold, and has deleted it 45 minutes after the hold is released."
    );
    let picphoto = policy("picphoto");
    let output = record(&picphoto, "output", "paid", &[(Clock::CreatedAt, "2026-01-31T12:00")]);
    let chosen = explain(&picphoto, &output.shortened("30d".parse().unwrap()));
    assert_eq!(
        chosen.sentence,
        "PicPhoto keeps it until 2 March 2026, 12:00 UTC and has deleted it by 3 March 2026, 12:00 UTC: 30 days after it was \
         made, as the account chose (PICPHOTO-6b, PICPHOTO-2c)."
    );
    let before = [PlanBefore::new(narpix.plan("paid").unwrap(), at("2026-02-10T12:00"))];
    let down = photo.after_plans(&before);
    let ids: Vec<&str> = explain(&narpix, &down).decided_by.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["images-free"]);
    let late = [PlanBefore::new(narpix.plan("paid").unwrap(), at("2026-03-02T11:00"))];
    let down = photo.after_plans(&late);
    let ids: Vec<&str> = explain(&narpix, &down).decided_by.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["images-paid"]);
}
