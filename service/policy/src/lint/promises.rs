//! Checks of everything that is not a period: consents, cookies, processors, flows, deadlines, ages, dates.

use super::{Check, Findings};
use crate::policy::{Clause, Never, Policy, Processor};
use crate::{CookieClass, Law, Occasion, Period, Purpose, Training, Trigger};

pub(super) fn check(policy: &Policy, findings: &mut Findings) {
    choices(policy, findings);
    uses(policy, findings);
    for processor in &policy.processors {
        contract(policy, processor, findings);
    }
    answers(policy, findings);
    dates_and_ages(policy, findings);
}

/// People are asked, and can say no.
fn choices(policy: &Policy, findings: &mut Findings) {
    for consent in policy.consents.iter().filter(|consent| consent.default) {
        let message = "agreed to before anybody was asked";
        findings.add(Check::ConsentByDefault, &consent.id, &consent.clauses, message);
    }
    for cookie in policy.cookies.iter().filter(|cookie| !cookie.opt_out && cookie.class != CookieClass::Essential) {
        let message = "cannot be refused and is not essential";
        findings.add(Check::CookieWithoutChoice, cookie.class.as_str(), &cookie.clauses, message);
    }
}

/// What `[policy]` rules out must be ruled out for the flows as well.
fn uses(policy: &Policy, findings: &mut Findings) {
    let against = |purpose: Purpose| policy.never.iter().filter(move |never| never.purposes.contains(&purpose));
    let meant = |never: &&Never| match policy.about.training {
        Training::Never => never.unless_consent.is_none(),
        Training::OptIn => never.unless_consent.is_some(),
    };
    // What jobs are done on is what people would not see in a model; a field of it is a setting.
    let worked_on = policy.processors.iter().filter(|to| to.purpose == Purpose::Job).flat_map(|to| &to.sends);
    let is_class = |sent: &&String| policy.class(sent).is_some();
    let guarded = against(Purpose::Training).filter(meant).count() > 0
        && worked_on
            .filter(is_class)
            .all(|class| against(Purpose::Training).filter(meant).any(|never| policy.rules_out(never, class)));
    if !guarded {
        let word = policy.about.training.as_str();
        findings.add(
            Check::TrainingUnguarded,
            "policy.training",
            &[],
            format!("training is `{word}`, but no flow says so"),
        );
    }
    let everything = |never: &Never| never.data.iter().any(|data| data == "*");
    if !policy.about.sale && !against(Purpose::Sale).any(everything) {
        findings.add(Check::SaleUnguarded, "policy.sale", &[], "nothing is sold, but no flow says so");
    }
}

/// Who gets data is bound, known, and does what it may.
fn contract(policy: &Policy, processor: &Processor, findings: &mut Findings) {
    let name = &processor.name;
    if !processor.dpa {
        findings.add(Check::NoAgreement, name, &processor.clauses, "there is no data processing agreement");
    }
    if name.starts_with('(') {
        findings.add(Check::UnnamedProcessor, name, &processor.clauses, "is a kind of company and not a name");
    }
    if processor.purpose == Purpose::Job && processor.ttl.is_none() {
        findings.add(
            Check::JobWithoutTtl,
            name,
            &processor.clauses,
            "may hold what it was sent for as long as it likes",
        );
    }
    for never in policy.never.iter().filter(|never| never.purposes.contains(&processor.purpose)) {
        let permitted = never.unless_consent.is_some() && never.unless_consent == processor.needs_consent;
        let sent = processor.sends.iter().find(|sent| policy.rules_out(never, sent));
        if let (Some(sent), false) = (sent, permitted) {
            let message = format!("gets `{sent}` for {}, which is ruled out", processor.purpose.as_str());
            findings.add(Check::ForbiddenFlow, name, &never.clauses, message);
        }
    }
}

/// People get their answers, in the time of the text and of the law, and are told before something changes.
fn answers(policy: &Policy, findings: &mut Findings) {
    let requests: Vec<_> = policy.deadlines.iter().filter(|deadline| deadline.on == Trigger::PrivacyRequest).collect();
    if requests.is_empty() {
        findings.add(Check::RequestWithoutDeadline, "deadline", &[], "a request needs no answer");
    } else if policy.about.laws.contains(&Law::Gdpr) {
        // Article 12 (3): within one month of receipt.
        let month = Period::months(1);
        let in_time = requests
            .iter()
            .filter(|deadline| matches!(deadline.law, None | Some(Law::Gdpr)))
            .any(|deadline| deadline.within.iter().any(|period| *period == month || period.always_shorter_than(month)));
        if !in_time {
            let clauses: Vec<_> = requests.iter().flat_map(|deadline| deadline.clauses.clone()).collect();
            let message = "the law gives one month, which can be as short as 28 days";
            findings.add(Check::LaterThanGdpr, &requests[0].id, &clauses, message);
        }
    }
    let changes =
        policy.notices.iter().filter(|notice| matches!(notice.on, Occasion::PolicyAny | Occasion::PolicyMaterial));
    for notice in changes.filter(|notice| notice.lead.is_none_or(Period::is_zero)) {
        findings.add(Check::NoLeadTime, &notice.id, &notice.clauses, "people hear of the change when it is there");
    }
}

fn dates_and_ages(policy: &Policy, findings: &mut Findings) {
    let about = &policy.about;
    if about.last_updated < about.published || about.effective < about.published {
        let message = format!(
            "published on {}, last updated on {}, effective from {}",
            about.published, about.last_updated, about.effective
        );
        findings.add(Check::DatesOutOfOrder, "policy", &[], message);
    }
    let age = &policy.age;
    if let Some(until) = age.guardian_until.filter(|until| *until <= age.minimum) {
        let message = format!("guardians agree below {until}, but nobody below {} is let in", age.minimum);
        findings.add(Check::AgeContradiction, "age", &age.clauses, message);
    }
    if age.minimum < 13 && about.laws.contains(&Law::Coppa) {
        let message = format!("children from {} on are let in", age.minimum);
        findings.add(Check::AgeContradiction, "age", &age.clauses, message);
    }
}

/// Every clause that is named exists.
pub(super) fn check_clauses(policy: &Policy, known: &[Clause], findings: &mut Findings) {
    let named = policy
        .rules
        .iter()
        .map(|entry| (entry.id.as_str(), &entry.clauses))
        .chain(policy.deadlines.iter().map(|entry| (entry.id.as_str(), &entry.clauses)))
        .chain(policy.notices.iter().map(|entry| (entry.id.as_str(), &entry.clauses)))
        .chain(policy.consents.iter().map(|entry| (entry.id.as_str(), &entry.clauses)))
        .chain(policy.cookies.iter().map(|entry| (entry.class.as_str(), &entry.clauses)))
        .chain(policy.processors.iter().map(|entry| (entry.name.as_str(), &entry.clauses)))
        .chain(policy.classes.iter().map(|entry| (entry.name.as_str(), &entry.clauses)))
        .chain(std::iter::once(("age", &policy.age.clauses)))
        .chain(policy.never.iter().map(|entry| ("never", &entry.clauses)))
        .chain(policy.open.iter().map(|entry| (entry.id.as_str(), &entry.clauses)));
    for (subject, clauses) in named {
        for clause in clauses.iter().filter(|clause| !known.contains(clause)) {
            let message = format!("the text has no clause {clause}");
            findings.add(Check::UnknownClause, subject, std::slice::from_ref(clause), message);
        }
    }
}
