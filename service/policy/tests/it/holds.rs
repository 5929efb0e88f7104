//! Legal holds, shorter periods that accounts choose, and when the work begins.

use packshot_policy::{
    Clock, Events, GoneBy, KeepUntil, Period, PlanBefore, Policy, Preset, Record, Restricted, Retention, Shortening,
    Timestamp,
};

fn at(text: &str) -> Timestamp {
    format!("{text}:00Z").parse().unwrap()
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn policy(name: &str) -> (Policy, Retention) {
    let policy = Preset::named(name).unwrap().policy().unwrap();
    let retention = Retention::new(&policy);
    (policy, retention)
}

fn record(policy: &Policy, class: &str, plan: &str, events: &[(Clock, &str)]) -> Record<'static> {
    let events = events.iter().fold(Events::new(), |events, (clock, text)| events.with(*clock, at(text)));
    Record::new(policy.class(class).unwrap(), policy.plan(plan).unwrap(), events)
}

/// NARPIX-2.3g and PICPHOTO-6a: a hold stops the purge of what was named, and of nothing that is gone.
#[test]
fn a_hold_keeps_a_record_until_its_release_and_the_slack_after_it() {
    let (policy, retention) = policy("narpix");
    let photo = record(&policy, "upload.original", "free", &[(Clock::UploadedAt, "2026-01-31T12:00")]);

    let standing = retention.answer(&photo.held(at("2026-02-01T08:00"), None)).unwrap();
    assert_eq!((standing.keep_until, standing.gone_by), (KeepUntil::Held, GoneBy::Held));
    assert_eq!(standing.restricted, Some(Restricted { from: at("2026-02-01T12:00"), until: GoneBy::Held }));
    assert_eq!(retention.purge_at(&photo.held(at("2026-02-01T08:00"), None)).unwrap(), None);

    // The engine has 45 minutes for the work.
    let released = retention.answer(&photo.held(at("2026-02-01T08:00"), Some(at("2026-06-01T09:00")))).unwrap();
    assert_eq!(released.keep_until, KeepUntil::At(at("2026-06-01T09:00")));
    assert_eq!(released.gone_by, GoneBy::At(at("2026-06-01T09:45")));
    assert_eq!(released.restricted.unwrap().from, at("2026-02-01T12:00"));

    // Released before the ceiling: the ceiling is as it was.
    let early = retention.answer(&photo.held(at("2026-01-31T13:00"), Some(at("2026-01-31T14:00")))).unwrap();
    assert_eq!((early.gone_by, early.restricted), (GoneBy::At(at("2026-02-01T12:00")), None));

    // Placed when all is gone, or released before it was placed: it holds nothing.
    let plain = retention.answer(&photo).unwrap();
    assert_eq!(retention.answer(&photo.held(at("2026-02-01T12:00"), None)).unwrap(), plain);
    assert_eq!(retention.answer(&photo.held(at("2026-02-01T08:00"), Some(at("2026-02-01T07:00")))).unwrap(), plain);
}

#[test]
fn a_hold_outweighs_deletion_closure_and_erasure_and_is_no_reason_to_stay_longer_than_for_ever() {
    let (policy, retention) = policy("picphoto");
    let events = [
        (Clock::CreatedAt, "2026-01-31T12:00"),
        (Clock::DeletedByUserAt, "2026-02-03T12:00"),
        (Clock::AccountClosedAt, "2026-02-03T12:00"),
        (Clock::ErasureRequestedAt, "2026-02-03T12:00"),
    ];
    let output = record(&policy, "output", "paid", &events).held(at("2026-02-01T00:00"), None);
    let answer = retention.answer(&output).unwrap();
    assert_eq!((answer.keep_until, answer.gone_by), (KeepUntil::Held, GoneBy::Held));
    assert_eq!(answer.restricted.unwrap().from, at("2026-02-04T12:00"));

    // An account that nothing ends is held as well, and stays readable to its owner.
    let account = record(&policy, "account", "paid", &[]).held(at("2026-02-01T00:00"), None);
    let answer = retention.answer(&account).unwrap();
    assert_eq!((answer.keep_until, answer.gone_by, answer.restricted), (KeepUntil::Held, GoneBy::WhileActive, None));
}

/// NEXIMAGE-3c to 3e: after two steps down a hold begins at the ceiling of the last one, and not at one that was never due.
#[test]
fn a_hold_after_two_steps_down_waits_for_the_last_ceiling() {
    let (policy, retention) = policy("neximage");
    let before = [("pro", "2026-01-31T12:00"), ("starter", "2026-02-10T12:00")]
        .map(|(plan, until)| PlanBefore::new(policy.plan(plan).unwrap(), at(until)));
    let output = record(&policy, "output", "free", &[(Clock::CreatedAt, "2020-01-01T00:00")]).after_plans(&before);
    let held = retention.answer(&output.held(at("2026-03-01T00:00"), None)).unwrap();
    assert_eq!((held.keep_until, held.gone_by, held.purge_at), (KeepUntil::Held, GoneBy::Held, None));
    assert_eq!(held.restricted.unwrap().from, at("2026-03-13T12:00"));
    let released = retention.answer(&output.held(at("2026-03-01T00:00"), Some(at("2026-04-01T00:00")))).unwrap();
    assert_eq!(
        (released.purge_at, released.gone_by),
        (Some(at("2026-04-01T00:00")), GoneBy::At(at("2026-04-01T01:00")))
    );
    // Placed when all is gone, it holds nothing.
    assert_eq!(retention.answer(&output.held(at("2026-03-13T12:00"), None)), retention.answer(&output));
}

#[test]
fn a_hold_keeps_the_fields_of_its_record_too() {
    let (policy, retention) = policy("narpix");
    let line = record(&policy, "log.security", "free", &[(Clock::RecordedAt, "2026-01-31T12:00")]);
    let limits = |record: &Record<'_>| retention.fields(record).unwrap().map(|limit| limit.by).collect::<Vec<_>>();
    assert_eq!(limits(&line), [at("2026-05-01T12:00")]);
    assert_eq!(limits(&line.held(at("2026-03-01T00:00"), None)), []);
    assert_eq!(limits(&line.held(at("2026-03-01T00:00"), Some(at("2026-08-01T00:00")))), [at("2026-08-01T00:45")]);
    assert_eq!(limits(&line.held(at("2026-05-01T12:00"), None)), [at("2026-05-01T12:00")]);
}

/// PICPHOTO-6b: 180 days are a default, so that a shop may say 30, and never 400. NEXIMAGE-3a says "by default" too.
#[test]
fn accounts_may_choose_a_shorter_period_where_the_text_says_by_default() {
    let (policy, retention) = policy("picphoto");
    let output = record(&policy, "output", "paid", &[(Clock::CreatedAt, "2026-01-31T12:00")]);
    let answer = |chosen: &str| {
        let answer = retention.answer(&output.shortened(period(chosen))).unwrap();
        (answer.keep_until, answer.gone_by)
    };
    let both = |floor: &str, ceiling: &str| (KeepUntil::At(at(floor)), GoneBy::At(at(ceiling)));
    assert_eq!(answer("30d"), both("2026-03-02T12:00", "2026-03-03T12:00"));
    assert_eq!(answer("1mo"), both("2026-02-28T12:00", "2026-03-01T12:00"));
    // Longer than promised is not heard, whoever asks.
    assert_eq!(answer("400d"), both("2026-07-30T12:00", "2026-07-31T12:00"));

    let (class, plan) = (output.class, output.plan);
    let decide = |chosen: &str| policy.shorten(class, plan, period(chosen));
    assert!(matches!(decide("30d"), Shortening::Accepted(rule) if rule.id == "assets-default"));
    assert!(matches!(decide("0d"), Shortening::Accepted(_)), "the day between floor and ceiling is left for the work");
    assert!(matches!(decide("400d"), Shortening::NotShorter(rule) if rule.id == "assets-default"));
    assert!(matches!(decide("180d"), Shortening::NotShorter(_)));
    assert_eq!(policy.shorten(policy.class("billing").unwrap(), plan, period("1d")), Shortening::NotOffered);
}

#[test]
fn a_choice_moves_only_the_rules_that_offer_it() {
    let (policy, retention) = policy("neximage");
    let photo = record(&policy, "upload.original", "free", &[(Clock::UploadedAt, "2026-01-31T12:00")]);
    let answer = retention.answer(&photo.shortened(period("7d"))).unwrap();
    assert_eq!(answer.keep_until, KeepUntil::At(at("2026-02-07T12:00")));
    assert_eq!(answer.gone_by, GoneBy::At(at("2026-02-08T12:00")));
    let output = record(&policy, "output", "free", &[(Clock::CreatedAt, "2026-01-31T12:00")]);
    assert_eq!(retention.answer(&output.shortened(period("7d"))).unwrap(), retention.answer(&output).unwrap());
}

#[test]
fn a_ceiling_without_a_floor_is_shortened_to_the_choice_and_law_is_not() {
    let text = Preset::named("narpix").unwrap().text;
    let open = |text: &str, from: &str| text.replacen(from, &format!("{from}\norg_may_shorten = true"), 1);
    let text = open(&open(text, "when = { plan = \"paid\" }\nclock = \"uploaded_at\""), "basis = \"legal\"");
    let policy: Policy = text.parse().unwrap();
    let retention = Retention::new(&policy);
    let photo = record(&policy, "upload.original", "paid", &[(Clock::UploadedAt, "2026-01-31T12:00")]);
    let answer = retention.answer(&photo.shortened(period("2d"))).unwrap();
    assert_eq!((answer.keep_until, answer.gone_by), (KeepUntil::Unpromised, GoneBy::At(at("2026-02-02T12:00"))));
    // 45 minutes are what the engine needs.
    assert!(matches!(policy.shorten(photo.class, photo.plan, period("45m")), Shortening::TooShort(_)));
    assert!(matches!(policy.shorten(photo.class, photo.plan, period("46m")), Shortening::Accepted(_)));
    let invoice = record(&policy, "billing", "paid", &[(Clock::IssuedAt, "2026-01-31T12:00")]);
    assert_eq!(retention.answer(&invoice.shortened(period("1y"))).unwrap(), retention.answer(&invoice).unwrap());
    assert_eq!(policy.shorten(invoice.class, invoice.plan, period("1y")), Shortening::NotOffered);
}

/// "Within 24 hours" is the end of the work and not its beginning.
#[test]
fn work_begins_before_the_ceiling_and_never_before_the_floor() {
    let (narpix, retention) = policy("narpix");
    let photo = record(&narpix, "upload.original", "free", &[(Clock::UploadedAt, "2026-01-31T12:00")]);
    assert_eq!(retention.purge_at(&photo).unwrap(), Some(at("2026-02-01T11:15")));
    assert_eq!(retention.purge_at(&record(&narpix, "account", "free", &[])).unwrap(), None);

    let (picphoto, retention) = policy("picphoto");
    let output = record(&picphoto, "output", "paid", &[(Clock::CreatedAt, "2026-01-31T12:00")]);
    assert_eq!(retention.purge_at(&output).unwrap(), Some(at("2026-07-31T11:00")));
    // The hour before the end, also where closing the account would keep it for 30 days more.
    let closed = [(Clock::CreatedAt, "2026-01-31T12:00"), (Clock::AccountClosedAt, "2026-07-10T12:00")];
    assert_eq!(
        retention.purge_at(&record(&picphoto, "output", "paid", &closed)).unwrap(),
        Some(at("2026-07-31T11:00"))
    );
    // A legal floor is not entered either, even where the slack reaches into it.
    let text = Preset::named("picphoto").unwrap().text.replacen("gone_by = \"7y90d\"", "gone_by = \"7y30m\"", 1);
    let tight: Policy = text.parse().unwrap();
    let invoice = record(&tight, "billing", "paid", &[(Clock::IssuedAt, "2026-01-31T12:00")]);
    assert_eq!(Retention::new(&tight).purge_at(&invoice).unwrap(), Some(at("2033-01-31T12:00")));
}

/// PICPHOTO-2e and NARPIX-6.2c: what was deleted can come back for a while, and never after the work began.
#[test]
fn a_deletion_can_be_undone_until_the_window_ends() {
    let (picphoto, retention) = policy("picphoto");
    let made = (Clock::CreatedAt, "2026-01-31T12:00");
    let deleted = [made, (Clock::DeletedByUserAt, "2026-02-03T12:00")];
    let output = record(&picphoto, "output", "paid", &deleted);
    assert_eq!(retention.restorable_until(&output).unwrap(), Some(at("2026-02-04T08:00")));
    assert_eq!(retention.restorable_until(&record(&picphoto, "output", "paid", &[made])).unwrap(), None);
    let closed = [made, deleted[1], (Clock::AccountClosedAt, "2026-02-03T13:00")];
    assert_eq!(retention.restorable_until(&record(&picphoto, "output", "paid", &closed)).unwrap(), None);
    // Deleted on its last day, the work on the old ceiling comes first.
    let late = [made, (Clock::DeletedByUserAt, "2026-07-31T06:00")];
    assert_eq!(
        retention.restorable_until(&record(&picphoto, "output", "paid", &late)).unwrap(),
        Some(at("2026-07-31T11:00"))
    );
}
