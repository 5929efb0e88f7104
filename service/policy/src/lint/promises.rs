//! Checks of everything except periods: consents, cookies, processors, flows, deadlines, ages, dates.

use super::{Check, Findings};
use crate::diff::is_protection;
use crate::period::Period;
use crate::policy::{Deadline, Never, Policy, Processor};
use crate::words::{Action, CookieClass, Law, Occasion, Purpose, Setting, Tier, Training, Trigger};

pub(super) fn check(policy: &Policy, findings: &mut Findings) {
    choices(policy, findings);
    uses(policy, findings);
    permitted(policy, findings);
    settings(policy, findings);
    for processor in &policy.processors {
        contract(policy, processor, findings);
        identity(policy, processor, findings);
        ttl(policy, processor, findings);
    }
    answers(policy, findings);
    for deadline in &policy.deadlines {
        extension(deadline, findings);
    }
    contacts(policy, findings);
    dates_and_ages(policy, findings);
}

/// Checks that people are asked, and can refuse.
fn choices(policy: &Policy, findings: &mut Findings) {
    for consent in policy.consents.iter().filter(|consent| consent.default) {
        let message = "given before people are asked";
        findings.add(Check::ConsentByDefault, &consent.id, &consent.clauses, message);
    }
    for cookie in policy.cookies.iter().filter(|cookie| !cookie.opt_out && cookie.class != CookieClass::Essential) {
        let message = "cannot be refused and is not essential";
        findings.add(Check::CookieWithoutChoice, cookie.class.as_str(), &cookie.clauses, message);
    }
    for cookie in &policy.cookies {
        if let Some(never) = policy.never.iter().find(|never| never.cookies.contains(&cookie.class)) {
            let message = "is stored, but the text promises not to store such cookies";
            findings.add(Check::ForbiddenCookie, cookie.class.as_str(), &never.clauses, message);
        }
    }
}

/// Checks that uses ruled out by `[policy]` are ruled out for flows too.
fn uses(policy: &Policy, findings: &mut Findings) {
    let against = |purpose: Purpose| policy.never.iter().filter(move |never| never.purposes.contains(&purpose));
    let meant = |never: &&Never| match policy.about.training {
        Training::Never => never.unless_consent.is_none(),
        Training::OptIn => never.unless_consent.is_some(),
    };
    // People's content is the input of jobs; a single field of it is a setting.
    let worked_on = policy.processors.iter().filter(|to| to.purposes.contains(&Purpose::Job)).flat_map(|to| &to.sends);
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
            format!("training is `{word}`, but no `[[never]]` says so"),
        );
    }
    let everything = |never: &Never| never.data.iter().any(|data| data == "*");
    if !policy.about.sale && !against(Purpose::Sale).any(everything) {
        findings.add(Check::SaleUnguarded, "policy.sale", &[], "nothing is sold, but no `[[never]]` says so");
    }
}

/// Checks that no promise rules out what `[policy]` permits.
fn permitted(policy: &Policy, findings: &mut Findings) {
    let about = &policy.about;
    let speaks = |never: &&Never, purpose| never.purposes.contains(&purpose);
    // Opting in must be possible for something; other exclusions do not matter.
    let opted_into = |never: &&Never| {
        let asks = |other: &&Never| speaks(other, Purpose::Training) && other.unless_consent.is_some();
        let both = |class: &str, other| policy.rules_out(never, class) && policy.rules_out(other, class);
        policy.never.iter().filter(asks).any(|other| policy.classes.iter().any(|class| both(&class.name, other)))
    };
    for (key, purpose, permits) in [
        ("policy.sale", Purpose::Sale, about.sale),
        ("policy.share_for_ads", Purpose::CrossSiteAds, about.share_for_ads),
        ("policy.training", Purpose::Training, about.training == Training::OptIn),
    ] {
        let against = policy.never.iter().filter(|never| speaks(never, purpose) && never.unless_consent.is_none());
        for never in against.filter(|never| permits && (purpose != Purpose::Training || opted_into(never))) {
            let message = format!("permitted, but ruled out for {}", never.data.join(", "));
            findings.add(Check::PermittedAndRuledOut, key, &never.clauses, message);
        }
    }
}

/// Checks that settings implement the promises of the text, and basic protection.
fn settings(policy: &Policy, findings: &mut Findings) {
    for (setting, clauses) in &policy.promised {
        if !policy.is_set(*setting) {
            let message = format!("`{}` is promised to people but not set", setting.as_str());
            findings.add(Check::PromiseNotSet, setting.as_str(), clauses, message);
        }
    }
    let safety = &policy.security;
    let is_told = |setting: Setting| policy.promised(setting).is_some();
    for (setting, word) in [(Setting::AtRest, &safety.at_rest), (Setting::PasswordHash, &safety.password_hash)] {
        if !is_protection(word) && !is_told(setting) {
            findings.add(Check::Unprotected, setting.as_str(), &[], format!("`{word}` protects nothing"));
        }
    }
    if !is_protection(&safety.at_rest) && policy.backup.shred {
        let message = "keys are to be shredded, but nothing is encrypted";
        findings.add(Check::PromiseNotSet, "backup.shred", &[], message);
    }
}

/// Checks that a processor is bound by a contract, named, and does only what is permitted.
fn contract(policy: &Policy, processor: &Processor, findings: &mut Findings) {
    let name = &processor.name;
    if !processor.dpa {
        findings.add(Check::NoAgreement, name, &processor.clauses, "there is no data processing agreement");
    }
    if name.starts_with('(') {
        findings.add(Check::UnnamedProcessor, name, &processor.clauses, "is a kind of company, not a name");
    }
    if processor.purposes.contains(&Purpose::Job) && processor.ttl.is_none() {
        findings.add(Check::JobWithoutTtl, name, &processor.clauses, "may hold what it was sent without limit");
    }
    if !policy.about.share_for_ads && processor.purposes.contains(&Purpose::CrossSiteAds) {
        let message = "gets data for advertisements, but `policy.share_for_ads` is false";
        findings.add(Check::ForbiddenFlow, name, &processor.clauses, message);
    }
    for purpose in &processor.purposes {
        for never in policy.never.iter().filter(|never| never.purposes.contains(purpose)) {
            let permitted =
                never.unless_consent.is_some() && never.unless_consent.as_deref() == processor.consent_for(*purpose);
            let sent = processor.sends.iter().find(|sent| policy.rules_out(never, sent));
            if let (Some(sent), false) = (sent, permitted) {
                let message = format!("gets `{sent}` for {}, which is ruled out", purpose.as_str());
                findings.add(Check::ForbiddenFlow, name, &never.clauses, message);
            }
        }
    }
}

/// Checks that identifying fields are sent only to processors that need them, and secrets only to the store.
fn identity(policy: &Policy, processor: &Processor, findings: &mut Findings) {
    for sent in &processor.sends {
        let class = policy.classes.iter().filter(|class| class.personal);
        let fields = class.flat_map(|class| class.fields.iter().map(move |field| (class, field.trim_end_matches('?'))));
        let goes = fields.filter(|(class, field)| *sent == class.name || *sent == format!("{}.{field}", class.name));
        for (class, field) in goes.filter(|(_, field)| !processor.purposes.iter().any(|purpose| needs(*purpose, field)))
        {
            let message = format!(
                "gets `{}.{field}` for {}",
                class.name,
                processor.purposes.iter().map(|purpose| purpose.as_str()).collect::<Vec<_>>().join(" and ")
            );
            findings.add(Check::NeedlessIdentity, &processor.name, &processor.clauses, message);
        }
    }
}

/// Whether this purpose needs the field. Fields that do not identify a person may be sent to any declared processor.
fn needs(purpose: Purpose, field: &str) -> bool {
    let has = |words: &[&str]| field.split('_').any(|part| words.contains(&part));
    let store = purpose == Purpose::Hosting;
    if has(&["password", "credential", "credentials", "secret", "token", "totp"]) {
        store
    } else if has(&["ip"]) {
        store || purpose == Purpose::Edge
    } else if has(&["email", "mail", "name", "phone", "address", "birthday", "birth", "passport", "ssn"]) {
        store || matches!(purpose, Purpose::Billing | Purpose::Mail | Purpose::Marketing)
    } else {
        true
    }
}

/// Checks that no copy at a processor outlives a rule about every copy, or about those at processors.
fn ttl(policy: &Policy, processor: &Processor, findings: &mut Findings) {
    let Some(ttl) = processor.ttl else { return };
    let is_there = |name: &str, only_in: Option<Tier>| {
        let sent = processor.sends.iter().any(|sent| policy.class_of(sent) == Some(name));
        // Copies that are held only at processors are made from what was sent there.
        sent || (processor.purposes.contains(&Purpose::Job) && only_in == Some(Tier::Processor))
    };
    for (id, class) in policy.class_ids().filter(|(_, class)| is_there(&class.name, class.only_in)) {
        let about = policy.rules.iter().filter(|rule| {
            rule.data.contains(&id)
                && rule.field.is_none()
                && rule.action == Action::Purge
                && matches!(rule.tier, None | Some(Tier::Processor))
        });
        for rule in about {
            if let Some(gone_by) = rule.gone_by.filter(|gone_by| gone_by.always_shorter_than(ttl)) {
                let message = format!("may hold `{}` for {ttl}, but `{}` ends it by {gone_by}", class.name, rule.id);
                findings.add(Check::TtlOutlastsClass, &processor.name, &rule.clauses, message);
            }
        }
    }
}

/// Checks that an extension is longer than the first period, from whatever instant both are counted.
fn extension(deadline: &Deadline, findings: &mut Findings) {
    let Some(extended) = deadline.extend_to else { return };
    if !deadline.within.iter().any(|within| within.always_shorter_than(extended)) {
        let within: Vec<String> = deadline.within.iter().map(ToString::to_string).collect();
        let message = format!("answered within {}, but extended to {extended}", within.join(" or "));
        findings.add(Check::ExtensionTooShort, &deadline.id, &deadline.clauses, message);
    }
}

/// Checks that addresses are real.
fn contacts(policy: &Policy, findings: &mut Findings) {
    let contact = &policy.contact;
    for (key, address) in [
        ("contact.privacy", Some(&contact.privacy)),
        ("contact.child", contact.child.as_ref()),
        ("contact.dpo", contact.dpo.as_ref()),
        ("contact.web", contact.web.as_ref()),
    ] {
        if let Some(address) = address.filter(|address| is_placeholder(address)) {
            findings.add(Check::PlaceholderContact, key, &[], format!("`{address}` reaches nobody"));
        }
    }
}

/// Whether an address is a placeholder: without a host, or with one reserved for examples (RFC 2606, RFC 6761).
fn is_placeholder(address: &str) -> bool {
    let host = address.rsplit('@').next().unwrap_or_default();
    let host = host.split_once("://").map_or(host, |(_, rest)| rest);
    let host = host.split(['/', ':', '?', '#']).next().unwrap_or_default().trim_end_matches('.').to_lowercase();
    let mut labels = host.rsplit('.');
    let (top, second) = (labels.next().unwrap_or_default(), labels.next());
    match second {
        None => true,
        Some("example") if ["com", "net", "org"].contains(&top) => true,
        Some(_) => ["example", "invalid", "test", "localhost", "local"].contains(&top),
    }
}

/// Checks that requests have deadlines within the law, and that people are told before something changes.
fn answers(policy: &Policy, findings: &mut Findings) {
    let requests: Vec<_> = policy.deadlines.iter().filter(|deadline| deadline.on == Trigger::PrivacyRequest).collect();
    if requests.iter().all(|deadline| deadline.law.is_some()) {
        let message = "requests from people protected by no law have no deadline";
        findings.add(Check::RequestWithoutDeadline, "deadline", &[], message);
    }
    if !requests.is_empty() && policy.about.laws.contains(&Law::Gdpr) {
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
    let answered = |on: Trigger| policy.deadlines.iter().any(|deadline| deadline.on == on);
    if !answered(Trigger::Incident) {
        let message = "there is no deadline for telling people about a breach";
        findings.add(Check::IncidentWithoutDeadline, "deadline", &[], message);
    }
    let refuses_children = !policy.age.clauses.is_empty() || policy.about.laws.contains(&Law::Coppa);
    if refuses_children && !answered(Trigger::ChildReport) {
        let message = "there is no deadline for deleting the data of a child";
        findings.add(Check::ChildReportWithoutDeadline, "deadline", &policy.age.clauses, message);
    }
    let changes =
        policy.notices.iter().filter(|notice| matches!(notice.on, Occasion::PolicyAny | Occasion::PolicyMaterial));
    for notice in changes.filter(|notice| notice.lead.is_none_or(Period::is_zero)) {
        findings.add(
            Check::NoLeadTime,
            &notice.id,
            &notice.clauses,
            "people are told of the change only when it takes effect",
        );
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
        let message = format!("guardians agree below {until}, but nobody below {} is admitted", age.minimum);
        findings.add(Check::AgeContradiction, "age", &age.clauses, message);
    }
    if age.minimum < 13 && about.laws.contains(&Law::Coppa) {
        let message = format!("children from {} on are admitted", age.minimum);
        findings.add(Check::AgeContradiction, "age", &age.clauses, message);
    }
}
