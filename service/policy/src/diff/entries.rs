//! Compares everything that is not a rule.

use std::collections::BTreeMap;

use super::{Change, Changes, Effect, Topic, opposite, sooner, words};
use crate::policy::{Deadline, Notice, Policy, Processor};
use crate::{Channel, Occasion, Period, Purpose, Right, Training};

pub(super) fn changes(older: &Policy, newer: &Policy) -> Vec<Change> {
    let mut changes = Changes::default();
    uses(older, newer, &mut changes);
    processors(older, newer, &mut changes);
    data(older, newer, &mut changes);
    choices(older, newer, &mut changes);
    rights(older, newer, &mut changes);
    deadlines(older, newer, &mut changes);
    notices(older, newer, &mut changes);
    age(older, newer, &mut changes);
    security(older, newer, &mut changes);
    plans_and_backups(older, newer, &mut changes);
    words_only(older, newer, &mut changes);
    changes.0
}

/// Yes is worse, or no is.
fn yes_is_weaker(before: bool, after: bool) -> Effect {
    match (before, after) {
        (false, true) => Effect::Weaker,
        (true, false) => Effect::Stronger,
        _ => Effect::None,
    }
}

fn yes_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

/// What nobody may do with which data, as it comes out, whatever entries say it.
fn uses(older: &Policy, newer: &Policy, changes: &mut Changes) {
    let rank = |training| u8::from(training == Training::OptIn);
    let (before, after) = (older.about.training, newer.about.training);
    if before != after {
        let effect = if rank(before) < rank(after) { Effect::Weaker } else { Effect::Stronger };
        changes.add_held(Topic::Never, "training", before.as_str().into(), after.as_str().into(), effect);
    }
    for (what, before, after) in [
        ("sale of personal data", older.about.sale, newer.about.sale),
        ("sharing for advertisements", older.about.share_for_ads, newer.about.share_for_ads),
    ] {
        if before != after {
            changes.add_held(Topic::Never, what, yes_no(before), yes_no(after), yes_is_weaker(before, after));
        }
    }
    for purpose in Purpose::ALL {
        let mut found: BTreeMap<(String, String, Effect), Vec<&str>> = BTreeMap::new();
        for class in &older.classes {
            if !newer.classes.iter().any(|other| other.name == class.name) {
                continue;
            }
            let (before, after) = (barrier(older, &class.name, *purpose), barrier(newer, &class.name, *purpose));
            if before != after {
                let effect = match (&before, &after) {
                    (Barrier::Consent(_), Barrier::Consent(_)) => Effect::Unclear,
                    _ => order(before.clone(), after.clone()),
                };
                found.entry((before.words(), after.words(), effect)).or_default().push(&class.name);
            }
        }
        for ((before, after, effect), classes) in found {
            let what = format!("use of {} for {}", classes.join(", "), purpose.as_str());
            changes.add_held(Topic::Never, what, before, after, effect);
        }
    }
}

/// How a use is kept out; what is greater keeps out more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Barrier {
    NotRuledOut,
    Consent(String),
    RuledOut,
}

impl Barrier {
    fn words(&self) -> String {
        match self {
            Barrier::NotRuledOut => "not ruled out".to_owned(),
            Barrier::Consent(consent) => format!("only with the consent `{consent}`"),
            Barrier::RuledOut => "ruled out".to_owned(),
        }
    }
}

fn barrier(policy: &Policy, class: &str, purpose: Purpose) -> Barrier {
    let against =
        policy.never.iter().filter(|never| never.purposes.contains(&purpose) && policy.rules_out(never, class));
    against
        .map(|never| never.unless_consent.clone().map_or(Barrier::RuledOut, Barrier::Consent))
        .max()
        .unwrap_or(Barrier::NotRuledOut)
}

fn processors(older: &Policy, newer: &Policy, changes: &mut Changes) {
    let find = |policy: &'_ Policy, name: &str| policy.processors.iter().position(|to| to.name == name);
    for to in &newer.processors {
        let now = format!("gets {} for {}", to.sends.join(", "), to.purpose.as_str());
        match find(older, &to.name) {
            None => changes.add_held(Topic::Processor, &to.name, String::new(), now, Effect::Weaker),
            Some(place) => processor(&older.processors[place], to, changes),
        }
    }
    for to in older.processors.iter().filter(|to| find(newer, &to.name).is_none()) {
        let before = format!("gets {} for {}", to.sends.join(", "), to.purpose.as_str());
        changes.add(Topic::Processor, &to.name, before, String::new(), Effect::Stronger);
    }
}

fn processor(before: &Processor, after: &Processor, changes: &mut Changes) {
    let name = &after.name;
    let list = |items: &[String]| items.join(", ");
    for (what, old, new) in [("gets", &before.sends, &after.sends), ("works in", &before.regions, &after.regions)] {
        let effect = grown(old, new);
        if effect != Effect::None {
            changes.add_held(Topic::Processor, format!("{name} {what}"), list(old), list(new), opposite(effect));
        }
    }
    if before.purpose != after.purpose {
        let (old, new) = (before.purpose.as_str().to_owned(), after.purpose.as_str().to_owned());
        changes.add_held(Topic::Processor, format!("{name} uses it for"), old, new, Effect::Weaker);
    }
    let (old, new) = (Vec::from_iter(before.ttl), Vec::from_iter(after.ttl));
    if old != new {
        let what = format!("{name} may hold it for");
        changes.add_held(Topic::Processor, what, words(&old), words(&new), sooner(&old, &new));
    }
    if before.dpa != after.dpa {
        let what = format!("{name} is bound by a contract");
        changes.add_held(
            Topic::Processor,
            what,
            yes_no(before.dpa),
            yes_no(after.dpa),
            yes_is_weaker(after.dpa, before.dpa),
        );
    }
    let (old, new) =
        (before.needs_consent.clone().unwrap_or_default(), after.needs_consent.clone().unwrap_or_default());
    if old != new {
        let effect = if new.is_empty() { Effect::Weaker } else { Effect::Stronger };
        changes.add_held(Topic::Processor, format!("{name} needs the consent"), old, new, effect);
    }
}

/// Whether a list that is good for people grew (stronger), shrank (weaker), or both.
fn grown<T: PartialEq>(before: &[T], after: &[T]) -> Effect {
    let lost = before.iter().any(|item| !after.contains(item));
    let gained = after.iter().any(|item| !before.contains(item));
    match (lost, gained) {
        (false, false) => Effect::None,
        (false, true) => Effect::Stronger,
        (true, false) => Effect::Weaker,
        (true, true) => Effect::Unclear,
    }
}

fn data(older: &Policy, newer: &Policy, changes: &mut Changes) {
    let find = |policy: &'_ Policy, name: &str| policy.classes.iter().position(|class| class.name == name);
    for class in &newer.classes {
        let Some(place) = find(older, &class.name) else {
            let effect = if class.personal { Effect::Weaker } else { Effect::None };
            changes.add(Topic::Data, &class.name, String::new(), "collected".to_owned(), effect);
            continue;
        };
        let old = &older.classes[place];
        let effect = opposite(grown(&old.fields, &class.fields));
        if effect != Effect::None {
            let what = format!("fields of {}", class.name);
            changes.add(Topic::Data, what, old.fields.join(", "), class.fields.join(", "), effect);
        }
        if old.personal != class.personal || old.aggregate_of != class.aggregate_of {
            let words = |class: &crate::DataClass| match (class.personal, class.aggregate_of) {
                (_, Some(people)) => format!("sums over at least {people} people"),
                (true, None) => "personal".to_owned(),
                (false, None) => "not personal".to_owned(),
            };
            changes.add_held(Topic::Data, &class.name, words(old), words(class), Effect::Unclear);
        }
    }
    for class in older.classes.iter().filter(|class| find(newer, &class.name).is_none()) {
        // Nothing says any more when what is there goes.
        changes.add_held(Topic::Data, &class.name, "collected".to_owned(), String::new(), Effect::Weaker);
    }
}

fn choices(older: &Policy, newer: &Policy, changes: &mut Changes) {
    for consent in &newer.consents {
        let Some(old) = older.consents.iter().find(|other| other.id == consent.id) else {
            changes.add(Topic::Consent, &consent.id, String::new(), "asked".to_owned(), Effect::Unclear);
            continue;
        };
        for (what, before, after) in [
            ("is agreed to before people are asked", old.default, consent.default),
            ("may be bundled with others", !old.explicit, !consent.explicit),
            ("holds for everything at once", !old.per_item, !consent.per_item),
            ("ignores Global Privacy Control", !old.gpc_refuses, !consent.gpc_refuses),
        ] {
            if before != after {
                let what = format!("the consent `{}` {what}", consent.id);
                changes.add(Topic::Consent, what, yes_no(before), yes_no(after), yes_is_weaker(before, after));
            }
        }
    }
    for consent in older.consents.iter().filter(|old| !newer.consents.iter().any(|new| new.id == old.id)) {
        changes.add(Topic::Consent, &consent.id, "asked".to_owned(), String::new(), Effect::Unclear);
    }
    for cookie in &newer.cookies {
        let kind = cookie.class.as_str();
        let Some(old) = older.cookies.iter().find(|other| other.class == cookie.class) else {
            let lasts = format!("stored for {}", cookie.max_age.in_words());
            changes.add(Topic::Cookie, format!("{kind} cookies"), String::new(), lasts, Effect::Weaker);
            continue;
        };
        if old.max_age != cookie.max_age {
            let (before, after) = ([old.max_age], [cookie.max_age]);
            let effect = sooner(&before, &after);
            changes.add(Topic::Cookie, format!("{kind} cookies last"), words(&before), words(&after), effect);
        }
        if old.opt_out != cookie.opt_out {
            let effect = yes_is_weaker(cookie.opt_out, old.opt_out);
            let what = format!("{kind} cookies can be refused");
            changes.add(Topic::Cookie, what, yes_no(old.opt_out), yes_no(cookie.opt_out), effect);
        }
    }
    for cookie in older.cookies.iter().filter(|old| !newer.cookies.iter().any(|new| new.class == old.class)) {
        let what = format!("{} cookies", cookie.class.as_str());
        changes.add(Topic::Cookie, what, "stored".to_owned(), String::new(), Effect::Stronger);
    }
}

fn rights(older: &Policy, newer: &Policy, changes: &mut Changes) {
    for (what, before, after) in [
        ("what people may ask for", &older.rights, &newer.rights),
        ("what guardians may ask for", &older.age.guardian_rights, &newer.age.guardian_rights),
    ] {
        let effect = grown(before, after);
        if effect != Effect::None {
            let list = |rights: &[Right]| rights.iter().map(|right| right.as_str()).collect::<Vec<_>>().join(", ");
            changes.add(Topic::Right, what, list(before), list(after), effect);
        }
    }
}

fn deadlines(older: &Policy, newer: &Policy, changes: &mut Changes) {
    let same = |one: &Deadline, other: &Deadline| (one.on, one.law) == (other.on, other.law);
    let name = |deadline: &Deadline| {
        let law = deadline.law.map_or(String::new(), |law| format!(" under {}", law.as_str()));
        format!("{} is answered within{law}", deadline.on.as_str().replace('_', " "))
    };
    for deadline in &newer.deadlines {
        let old = older.deadlines.iter().find(|other| same(other, deadline));
        let before = old.map_or(&[][..], |old| &old.within);
        let effect = sooner(before, &deadline.within);
        if effect != Effect::None {
            changes.add(Topic::Deadline, name(deadline), words(before), words(&deadline.within), effect);
        }
        let (before, after): (Vec<Period>, Vec<Period>) =
            (old.and_then(|old| old.extend_to).into_iter().collect(), deadline.extend_to.into_iter().collect());
        if old.is_some() && before != after {
            // No extension at all is best.
            let effect = if before.is_empty() || after.is_empty() {
                yes_is_weaker(!before.is_empty(), !after.is_empty())
            } else {
                sooner(&before, &after)
            };
            changes.add(Topic::Deadline, format!("{}, at most", name(deadline)), words(&before), words(&after), effect);
        }
    }
    for deadline in older.deadlines.iter().filter(|old| !newer.deadlines.iter().any(|new| same(old, new))) {
        changes.add(Topic::Deadline, name(deadline), words(&deadline.within), String::new(), Effect::Weaker);
    }
}

fn notices(older: &Policy, newer: &Policy, changes: &mut Changes) {
    let same = |one: &Notice, other: &Notice| (one.on, one.law) == (other.on, other.law);
    let name = |notice: &Notice| {
        let law = notice.law.map_or(String::new(), |law| format!(" under {}", law.as_str()));
        let on = match notice.on {
            Occasion::PolicyAny => "any change",
            Occasion::PolicyMinor => "a minor change",
            Occasion::PolicyMaterial => "a material change",
            Occasion::PlanDowngrade => "a downgrade",
            Occasion::NewTool => "a new tool",
        };
        format!("notice of {on}{law}")
    };
    let ways = |notice: &Notice| {
        let ways: Vec<&str> = notice.channels.iter().map(|way: &Channel| way.as_str()).collect();
        ways.join(if notice.all_channels { " and " } else { " or " })
    };
    for notice in &newer.notices {
        let Some(old) = older.notices.iter().find(|other| same(other, notice)) else {
            changes.add(Topic::Notice, name(notice), String::new(), ways(notice), Effect::Stronger);
            continue;
        };
        if ways(old) != ways(notice) {
            // More ways are better if all are used; if one is enough, it may be any.
            let effect = if old.all_channels && notice.all_channels {
                grown(&old.channels, &notice.channels)
            } else {
                yes_is_weaker(notice.all_channels, old.all_channels)
            };
            let effect = if effect == Effect::None { Effect::Unclear } else { effect };
            changes.add(Topic::Notice, name(notice), ways(old), ways(notice), effect);
        }
        let (before, after) = ([old.lead.unwrap_or_default()], [notice.lead.unwrap_or_default()]);
        let effect = opposite(sooner(&before, &after));
        if effect != Effect::None {
            changes.add(
                Topic::Notice,
                format!("{}, before it holds", name(notice)),
                words(&before),
                words(&after),
                effect,
            );
        }
        if old.continued_use_accepts != notice.continued_use_accepts {
            let (before, after) = (old.continued_use_accepts, notice.continued_use_accepts);
            let what = format!("{}: going on counts as agreement", name(notice));
            changes.add(Topic::Notice, what, yes_no(before), yes_no(after), yes_is_weaker(before, after));
        }
        let effect = grown(&old.reconsent, &notice.reconsent);
        if effect != Effect::None {
            let what = format!("{}: consents asked anew", name(notice));
            changes.add(Topic::Notice, what, old.reconsent.join(", "), notice.reconsent.join(", "), effect);
        }
    }
    for notice in older.notices.iter().filter(|old| !newer.notices.iter().any(|new| same(old, new))) {
        changes.add(Topic::Notice, name(notice), ways(notice), String::new(), Effect::Weaker);
    }
}

fn age(older: &Policy, newer: &Policy, changes: &mut Changes) {
    let (before, after) = (&older.age, &newer.age);
    let countries =
        |ages: &[(String, u32)]| ages.iter().map(|(code, age)| format!("{code} {age}")).collect::<Vec<_>>().join(", ");
    let years = |age: Option<u32>| age.map_or(String::new(), |age| format!("{age} years"));
    for (what, old, new) in [
        ("least age", years(Some(before.minimum)), years(Some(after.minimum))),
        ("guardians agree below", years(before.guardian_until), years(after.guardian_until)),
        ("ages by country", countries(&before.by_country), countries(&after.by_country)),
    ] {
        if old != new {
            changes.add(Topic::Age, what, old, new, Effect::Unclear);
        }
    }
}

fn security(older: &Policy, newer: &Policy, changes: &mut Changes) {
    let (before, after) = (&older.security, &newer.security);
    for (what, old, new) in [
        ("files are read through the service only", before.private_store, after.private_store),
        ("metadata is taken out of photos", before.strip_metadata, after.strip_metadata),
        ("files are scanned before they are stored", before.scan_before_persist, after.scan_before_persist),
        ("a second factor can be asked for", before.mfa, after.mfa),
        ("every access is logged", before.audit_log, after.audit_log),
    ] {
        if old != new {
            changes.add(Topic::Security, what, yes_no(old), yes_no(new), yes_is_weaker(new, old));
        }
    }
    // Each list of words goes from what protects most to what protects least, but for TLS.
    for (what, old, new, effect) in [
        ("oldest TLS", before.tls_min.as_str(), after.tls_min.as_str(), order(before.tls_min, after.tls_min)),
        (
            "what is stored of cards",
            before.card_data.as_str(),
            after.card_data.as_str(),
            order(after.card_data, before.card_data),
        ),
        (
            "who of the staff may see photos",
            before.staff_bytes_access.as_str(),
            after.staff_bytes_access.as_str(),
            order(after.staff_bytes_access, before.staff_bytes_access),
        ),
        ("cipher at rest", before.at_rest.as_str(), after.at_rest.as_str(), Effect::Unclear),
        ("password hash", before.password_hash.as_str(), after.password_hash.as_str(), Effect::Unclear),
        (
            "where the data lies",
            before.store_region.as_deref().unwrap_or_default(),
            after.store_region.as_deref().unwrap_or_default(),
            Effect::Unclear,
        ),
    ] {
        if old != new {
            changes.add(Topic::Security, what, old.to_owned(), new.to_owned(), effect);
        }
    }
    let (old, new) = (Vec::from_iter(before.signed_url_max), Vec::from_iter(after.signed_url_max));
    let effect = sooner(&old, &new);
    if effect != Effect::None {
        changes.add(Topic::Security, "a signed address works for", words(&old), words(&new), effect);
    }
}

/// What a change from one value to another does, where the greater one is better for people.
fn order<T: Ord>(before: T, after: T) -> Effect {
    match before.cmp(&after) {
        std::cmp::Ordering::Less => Effect::Stronger,
        std::cmp::Ordering::Equal => Effect::None,
        std::cmp::Ordering::Greater => Effect::Weaker,
    }
}

fn plans_and_backups(older: &Policy, newer: &Policy, changes: &mut Changes) {
    for plan in newer.plans.iter().filter(|plan| !older.plans.contains(plan)) {
        changes.add(Topic::Plan, format!("the plan {plan}"), String::new(), "offered".to_owned(), Effect::Unclear);
    }
    for plan in older.plans.iter().filter(|plan| !newer.plans.contains(plan)) {
        changes.add_held(Topic::Plan, format!("the plan {plan}"), "offered".to_owned(), String::new(), Effect::Weaker);
    }
    let (before, after) = (older.plan_change.downgrade, newer.plan_change.downgrade);
    if before != after {
        // From the day of the downgrade is the mildest, at once the hardest.
        let effect = order(before, after);
        changes.add_held(Topic::Plan, "after a downgrade", before.as_str().into(), after.as_str().into(), effect);
    }
    let notice = |policy: &Policy| Vec::from_iter(policy.plan_change.downgrade_notice);
    let effect = opposite(sooner(&notice(older), &notice(newer)));
    if effect != Effect::None {
        let (before, after) = (words(&notice(older)), words(&notice(newer)));
        changes.add_held(Topic::Plan, "notice before a downgrade takes effect", before, after, effect);
    }
    let (before, after) = ([older.engine.restore_for], [newer.engine.restore_for]);
    let effect = opposite(sooner(&before, &after));
    if effect != Effect::None {
        changes.add(Topic::Retention, "a deletion can be undone for", words(&before), words(&after), effect);
    }
    let (before, after) = ([older.backup.window], [newer.backup.window]);
    let effect = sooner(&before, &after);
    if effect != Effect::None {
        changes.add_held(Topic::Backup, "a backup is held for", words(&before), words(&after), effect);
    }
    for (what, before, after) in [
        ("deleted data can no longer be read in backups", older.backup.shred, newer.backup.shred),
        (
            "deletions are repeated after a restore",
            older.backup.restore_replays_tombstones,
            newer.backup.restore_replays_tombstones,
        ),
    ] {
        if before != after {
            changes.add_held(Topic::Backup, what, yes_no(before), yes_no(after), yes_is_weaker(after, before));
        }
    }
}

/// Dates, addresses and what the text leaves open.
fn words_only(older: &Policy, newer: &Policy, changes: &mut Changes) {
    let (before, after) = (&older.about, &newer.about);
    let or_nothing = |text: &Option<String>| text.clone().unwrap_or_default();
    let (old, new) = (&older.contact, &newer.contact);
    for (what, old, new) in [
        ("version", before.version.clone(), after.version.clone()),
        ("name of the service", before.service.clone(), after.service.clone()),
        ("last updated", before.last_updated.to_string(), after.last_updated.to_string()),
        ("in force from", before.effective.to_string(), after.effective.to_string()),
        ("address for requests", old.privacy.clone(), new.privacy.clone()),
        ("address for reports about children", or_nothing(&old.child), or_nothing(&new.child)),
        ("data protection officer", or_nothing(&old.dpo), or_nothing(&new.dpo)),
    ] {
        if old != new {
            changes.add(Topic::Words, what, old, new, Effect::None);
        }
    }
    // Where days begin, and which count, moves every date that is promised.
    let days = |policy: &Policy| {
        let list: Vec<String> = policy.about.holidays.iter().map(ToString::to_string).collect();
        format!("{:?} {:?} {}", policy.about.timezone.iana_name(), policy.about.workweek, list.join(" "))
    };
    if days(older) != days(newer) {
        let zone = |policy: &Policy| policy.about.timezone.iana_name().unwrap_or("UTC").to_owned();
        changes.add(Topic::Deadline, "time zone, working days and holidays", zone(older), zone(newer), Effect::Unclear);
    }
}
