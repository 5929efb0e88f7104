//! What a service does next with a record: done in the order of time, it ends where the answer says, and never too early.

use crate::known::{FIELDS, all, instant, vectors};
use packshot_policy::{
    Action, Clock, Done, Events, GoneBy, KeepUntil, Next, Policy, Preset, Record, Retention, Timestamp,
};

fn ready(name: &str) -> (Policy, Retention) {
    let policy = Preset::named(name).unwrap().policy().unwrap();
    let retention = Retention::new(&policy);
    (policy, retention)
}

fn record(policy: &Policy, class: &str, events: &[(Clock, &str)]) -> Record<'static> {
    let events = events.iter().fold(Events::new(), |events, (clock, text)| events.with(*clock, instant(text)));
    Record::new(policy.class(class).unwrap(), policy.plan_ids().next().unwrap(), events)
}

/// Everything that is done with a record until nothing is left to do. The service is stopped after every step and forgets
/// all but what it had written down; `twice` does every step again, as after a crash between the work and the note of it.
fn life<'r>(retention: &'r Retention, record: &Record<'_>, twice: bool) -> Vec<Next<'r>> {
    let (mut steps, mut restricted, mut fields): (Vec<Next<'_>>, bool, Vec<&str>) = (Vec::new(), false, Vec::new());
    loop {
        let done = Done { restricted, fields: &fields };
        let noted = record.having(done);
        let Some(next) = retention.next_action(&noted).unwrap() else { return steps };
        assert!(!twice || retention.next_action(&noted).unwrap() == Some(next), "asked again, it says the same");
        steps.push(next);
        match next.action {
            Action::Restrict => restricted = true,
            _ if next.field.is_some() => fields.extend(next.field),
            _ => return steps,
        }
        assert!(steps.len() < 20, "it never ends: {steps:?}");
    }
}

/// NARPIX-1.3a and 6.3a: the address goes after 90 days, the line after twelve months.
#[test]
fn an_address_goes_before_its_line() {
    let (policy, retention) = ready("narpix");
    let line = record(&policy, "log.security", &[(Clock::RecordedAt, "2026-01-31T12:00")]);
    let steps = life(&retention, &line, true);
    let told: Vec<_> = steps.iter().map(|step| (step.action, step.field, step.at, step.by, step.rule)).collect();
    // The engine has 45 minutes.
    assert_eq!(
        told,
        [
            (Action::Truncate, Some("ip"), instant("2026-05-01T11:15"), instant("2026-05-01T12:00"), "ip-anonymise"),
            (Action::Purge, None, instant("2027-01-31T11:15"), instant("2027-01-31T12:00"), "logs"),
        ]
    );
    assert!(steps.iter().all(|step| step.policy == retention.identity()));
    // Erased before that, its address is not shortened by itself any more.
    let erased = Record { events: line.events.with(Clock::ErasureRequestedAt, instant("2026-02-01T12:00")), ..line };
    let told: Vec<_> = life(&retention, &erased, true).iter().map(|step| (step.action, step.rule)).collect();
    assert_eq!(told, [(Action::Purge, "erasure")]);
}

/// NARPIX-6.1b and 6.1c: an invoice outlives its account, for the law only.
#[test]
fn an_invoice_is_restricted_and_then_gone() {
    let (policy, retention) = ready("narpix");
    let issued = (Clock::IssuedAt, "2026-01-31T12:00");
    let open = record(&policy, "billing", &[issued]);
    let told = |record: &Record<'_>| -> Vec<_> {
        life(&retention, record, true).iter().map(|step| (step.action, step.at, step.by, step.rule)).collect()
    };
    let purge = (Action::Purge, instant("2033-05-01T11:15"), instant("2033-05-01T12:00"), "billing-floor");
    assert_eq!(told(&open), [purge]);
    let closed = record(&policy, "billing", &[issued, (Clock::AccountClosedAt, "2026-06-30T00:00")]);
    let restrict = (Action::Restrict, instant("2026-09-27T23:15"), instant("2026-09-28T00:00"), "billing-restricted");
    assert_eq!(told(&closed), [restrict, purge]);
    // Under a hold it is restricted at its end, and goes after the release.
    let held = open.held(instant("2033-04-01T00:00"), None);
    let restrict = (Action::Restrict, instant("2033-05-01T11:15"), instant("2033-05-01T12:00"), "billing-floor");
    assert_eq!(told(&held), [restrict]);
    let released = open.held(instant("2033-04-01T00:00"), Some(instant("2034-01-01T00:00")));
    let late = (Action::Purge, instant("2034-01-01T00:00"), instant("2034-01-01T00:45"), "billing-floor");
    assert_eq!(told(&released), [restrict, late]);
}

/// Of every known answer: the purge comes when and because the answer says, all that comes before it is what the answer and
/// the fields say, in the order of time, and nothing begins before the floors.
#[test]
fn what_is_done_step_by_step_is_what_the_answer_says() {
    let (mut steps, mut restricted, mut fields) = (0, 0, 0);
    for vector in all().into_iter().chain(vectors(FIELDS)) {
        let policy = crate::known::policy(vector.cells[1]);
        let retention = Retention::new(&policy);
        let record = vector.record(&policy);
        for record in [record, record.held(instant("2026-03-01T00:00"), Some(instant("2026-09-01T00:00")))] {
            let answer = retention.answer(&record).unwrap();
            let done = life(&retention, &record, true);
            steps += done.len();
            assert!(done.is_sorted_by_key(|step| step.at), "{}: {done:?}", vector.line);
            let purge = done.last().filter(|step| step.action == Action::Purge && step.field.is_none());
            assert_eq!(purge.map(|step| step.at), answer.purge_at, "{}", vector.line);
            let gone = purge.map(|step| GoneBy::At(step.by));
            assert_eq!(gone, Some(answer.gone_by).filter(|gone| matches!(gone, GoneBy::At(_))), "{}", vector.line);
            if let Some(at) = answer.purge_at {
                assert!(answer.keep_until <= KeepUntil::At(at), "{}: {answer:?}", vector.line);
            }
            let ends = answer.purge_at.unwrap_or(Timestamp::MAX);
            let restrict: Vec<_> = done.iter().filter(|step| step.action == Action::Restrict).collect();
            assert_eq!(restrict.iter().map(|step| step.by).collect::<Vec<_>>(), {
                let begins = answer.restricted.filter(|_| restrict.len() == 1 || retention_is_due(&answer, ends));
                begins.map(|restricted| restricted.from).into_iter().collect::<Vec<_>>()
            });
            restricted += restrict.len();
            let due: Vec<_> =
                retention.fields(&record).unwrap().filter(|limit| limit.at < ends).map(|limit| limit.by).collect();
            let shortened: Vec<_> = done.iter().filter(|step| step.field.is_some()).map(|step| step.by).collect();
            assert_eq!(shortened, due, "{}", vector.line);
            fields += shortened.len();
        }
    }
    println!("{steps} steps, {restricted} of them restrict and {fields} are about a field");
    assert!(steps > 1_000 && restricted > 100 && fields > 10);
}

/// Whether the restricted time begins before the work on the purge does.
fn retention_is_due(answer: &packshot_policy::Answer, ends: Timestamp) -> bool {
    answer.restricted.is_some_and(|restricted| restricted.from < ends)
}
