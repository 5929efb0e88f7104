//! Answers in words.

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
            "Narpix must have deleted it by 1 February 2026, 12:00 UTC: 24 hours after the upload (NARPIX-1.2d, \
             NARPIX-4.1a, NARPIX-6.2a, NARPIX-S.b).",
        ),
        (
            "narpix",
            "output",
            "paid",
            vec![made, (Clock::DeletedByUserAt, "2026-02-10T12:00")],
            "Narpix must have deleted it by 17 February 2026, 12:00 UTC: 7 days after you delete it (NARPIX-4.1d, \
             NARPIX-4.5a, NARPIX-4.5b, NARPIX-6.2c, NARPIX-S.g).",
        ),
        (
            "neximage",
            "output",
            "starter",
            vec![made],
            "NexImage must keep it until 1 May 2026, 12:00 UTC and have deleted it by 2 May 2026, 12:00 UTC: kept for 90 days, \
             gone 91 days after it was made (NEXIMAGE-3d).",
        ),
        (
            "neximage",
            "output",
            "pro",
            vec![made],
            "NexImage must keep it as long as the account is active (NEXIMAGE-3e).",
        ),
        (
            "narpix",
            "agg.usage",
            "free",
            vec![],
            "Narpix may keep it for ever, because it is about no person (NARPIX-6.3b, NARPIX-1.3d, NARPIX-4.3h).",
        ),
        ("nanaimg", "training.set", "free", vec![made], "Nothing that would end it has happened yet."),
        (
            "picphoto",
            "billing",
            "paid",
            vec![(Clock::IssuedAt, "2026-01-31T12:00")],
            "PicPhoto must keep it until 31 January 2033, 12:00 UTC and have deleted it by 1 May 2033, 12:00 UTC: kept for 7 years, \
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
    assert_eq!(more[0], "The law requires it until 31 January 2033, 12:00 UTC (NARPIX-1.4c, NARPIX-6.1c).");
    assert_eq!(
        more[1],
        "From 28 September 2026, 00:00 UTC on, access is restricted to the few who need it (NARPIX-6.1b, NARPIX-6.1c)."
    );
}

#[test]
fn holds_choices_and_downgrades_are_told() {
    let narpix = policy("narpix");
    let photo = record(&narpix, "upload.original", "free", &[(Clock::UploadedAt, "2026-01-31T12:00")]);
    let held = explain(&narpix, &photo.held(at("2026-01-31T13:00"), None));
    assert_eq!(
        held.sentence,
        "Narpix must keep it under a legal hold, and delete it within 45 minutes after the hold is released."
    );
    let picphoto = policy("picphoto");
    let output = record(&picphoto, "output", "paid", &[(Clock::CreatedAt, "2026-01-31T12:00")]);
    let chosen = explain(&picphoto, &output.shortened("30d".parse().unwrap()));
    assert_eq!(
        chosen.sentence,
        "PicPhoto must keep it until 2 March 2026, 12:00 UTC and have deleted it by 3 March 2026, 12:00 UTC: 30 days after it was \
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

/// NARPIX-1.2d, NEXIMAGE-3e: what decided is the change of plan, not the upload.
#[test]
fn after_a_downgrade_the_reason_is_the_downgrade() {
    let narpix = policy("narpix");
    let photo = record(&narpix, "upload.original", "free", &[(Clock::UploadedAt, "2026-01-31T12:00")]);
    let before = [PlanBefore::new(narpix.plan("paid").unwrap(), at("2026-02-10T12:00"))];
    let told = explain(&narpix, &photo.after_plans(&before));
    assert_eq!(
        told.sentence,
        "Narpix must have deleted it by 11 February 2026, 12:00 UTC: 24 hours after the account went from paid to free on \
         10 February 2026, 12:00 UTC (NARPIX-1.2d, NARPIX-4.1a, NARPIX-6.2a, NARPIX-S.b)."
    );
    assert_eq!(
        told.more[0],
        "The account went from paid to free on 10 February 2026, 12:00 UTC: shorter periods begin 24 hours later, longer ones \
         hold at once."
    );
    let neximage = policy("neximage");
    let output = record(&neximage, "output", "free", &[(Clock::CreatedAt, "2026-01-31T12:00")]);
    let before = ["pro", "starter"].map(|plan| neximage.plan(plan).unwrap());
    let before =
        [PlanBefore::new(before[0], at("2027-03-07T12:00")), PlanBefore::new(before[1], at("2027-03-17T12:00"))];
    let told = explain(&neximage, &output.after_plans(&before));
    // Thirty-one days after going from pro to starter and then to free: 17 March + 31 days, but no later than 91 days after
    // 7 March.
    assert_eq!(
        told.sentence,
        "NexImage must keep it until 16 April 2027, 12:00 UTC and have deleted it by 17 April 2027, 12:00 UTC: 31 days after the \
         account went from starter to free on 17 March 2027, 12:00 UTC (NEXIMAGE-3c)."
    );
    assert_eq!(told.more.iter().filter(|line| line.starts_with("The account went from ")).count(), 2);
}

/// The law outweighs a deletion: then it is the reason, and nothing ends it sooner.
#[test]
fn under_a_legal_floor_the_reason_is_the_law() {
    let text = Preset::named("neximage").unwrap().text;
    let both = text.replacen(
        "data = [\"account\", \"upload.original\",",
        "data = [\"billing\", \"account\", \"upload.original\",",
        1,
    );
    assert_ne!(text, both);
    let neximage: Policy = both.parse().unwrap();
    let events = [(Clock::IssuedAt, "2026-01-31T12:00"), (Clock::AccountClosedAt, "2026-06-30T00:00")];
    let told = explain(&neximage, &record(&neximage, "billing", "pro", &events));
    assert_eq!(
        told.sentence,
        "NexImage must have deleted it by 31 January 2033, 12:00 UTC: kept for 7 years after it was issued, because the law \
         requires it (NEXIMAGE-1c, NEXIMAGE-2b)."
    );
    let open = explain(&neximage, &record(&neximage, "billing", "pro", &events[..1]));
    assert!(
        open.more
            .iter()
            .any(|line| line.contains("after you close your account at the latest, but not before the law"))
    );
    // After a hold, its release is the reason.
    let narpix = policy("narpix");
    let photo = record(&narpix, "upload.original", "free", &[(Clock::UploadedAt, "2026-01-31T12:00")]);
    let held = explain(&narpix, &photo.held(at("2026-01-31T13:00"), Some(at("2026-03-01T00:00"))));
    assert!(
        held.sentence.contains("by 1 March 2026, 00:45 UTC: 45 minutes after the legal hold was released"),
        "{}",
        held.sentence
    );
}

#[test]
fn events_that_cannot_be_are_refused_and_those_that_can_are_named() {
    let (early, late) = ("2026-01-31T12:00", "2026-02-10T12:00");
    for (name, class, events, refused) in [
        (
            "narpix",
            "output",
            vec![(Clock::UploadedAt, early)],
            "uploaded_at; its events are created_at, deleted_by_user_at, account_closed_at",
        ),
        (
            "narpix",
            "upload.original",
            vec![(Clock::CreatedAt, early)],
            "created_at; its events are uploaded_at, deleted_by_user_at",
        ),
        (
            "narpix",
            "log.security",
            vec![(Clock::DeletedByUserAt, early)],
            "deleted_by_user_at; its events are account_closed_at, recorded_at",
        ),
        ("narpix", "agg.usage", vec![(Clock::AccountClosedAt, early)], "account_closed_at; its events are created_at"),
        (
            "neximage",
            "billing",
            vec![(Clock::RequestClosedAt, early)],
            "request_closed_at; its events are account_closed_at",
        ),
        (
            "upixel",
            "scratch",
            vec![(Clock::DeletedByUserAt, early)],
            "deleted_by_user_at; its events are started_at, processing_ended_at",
        ),
        ("picphoto", "output", vec![(Clock::ConsentWithdrawnAt, early)], "consent_withdrawn_at; its events are"),
        ("nanaimg", "output", vec![(Clock::IssuedAt, early)], "issued_at; its events are created_at"),
        (
            "nanaimg",
            "output",
            vec![(Clock::CreatedAt, late), (Clock::DeletedByUserAt, early)],
            "deleted_by_user_at at 2026-01-31T12:00:00Z cannot come before created_at at 2026-02-10T12:00:00Z",
        ),
        (
            "narpix",
            "upload.original",
            vec![(Clock::UploadedAt, late), (Clock::AccountClosedAt, early)],
            "account_closed_at at",
        ),
        (
            "picphoto",
            "output",
            vec![(Clock::CreatedAt, late), (Clock::ErasureRequestedAt, early)],
            "erasure_requested_at at",
        ),
        (
            "upixel",
            "scratch",
            vec![(Clock::StartedAt, late), (Clock::ProcessingEndedAt, early)],
            "processing_ended_at at",
        ),
        (
            "narpix",
            "request.record",
            vec![(Clock::CreatedAt, late), (Clock::RequestClosedAt, early)],
            "request_closed_at at",
        ),
        (
            "nanaimg",
            "training.set",
            vec![(Clock::CreatedAt, late), (Clock::ConsentWithdrawnAt, early)],
            "consent_withdrawn_at at",
        ),
    ] {
        let policy = policy(name);
        let record = record(&policy, class, "free", &events);
        let error = policy.explain(&Retention::new(&policy), &record).unwrap_err();
        assert_eq!(error.code(), "record_events_impossible");
        assert!(error.to_string().contains(refused), "{name} {class}: {error}");
    }
    // What can be: an invoice after the account is closed, and the request of somebody who left.
    for (name, class, events) in [
        ("narpix", "billing", vec![(Clock::IssuedAt, late), (Clock::AccountClosedAt, early)]),
        ("narpix", "request.record", vec![(Clock::CreatedAt, late), (Clock::AccountClosedAt, early)]),
        ("narpix", "log.security", vec![(Clock::RecordedAt, late), (Clock::AccountClosedAt, early)]),
        ("upixel", "output", vec![(Clock::CreatedAt, early), (Clock::DeletedByUserAt, early)]),
        (
            "narpix",
            "account",
            vec![(Clock::CreatedAt, early), (Clock::RecordedAt, early), (Clock::AccountClosedAt, late)],
        ),
    ] {
        let policy = policy(name);
        let record = record(&policy, class, "free", &events);
        assert!(policy.explain(&Retention::new(&policy), &record).is_ok(), "{name} {class}");
    }
}
