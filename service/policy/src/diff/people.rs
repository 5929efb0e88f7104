//! Compares consents and notices, what people may ask for, and the deadlines for answers.

use super::{Changes, Effect, Topic, grown, opposite, order, paired, sooner, words};
use crate::period::Period;
use crate::policy::{Age, Consent, Cookie, Deadline, Notice, Policy};
use crate::words::{Channel, Law, Occasion, Right};

pub(super) fn changes(older: &Policy, newer: &Policy, changes: &mut Changes) {
    choices(older, newer, changes);
    for pair in paired(&older.deadlines, &newer.deadlines, |deadline| (deadline.on, deadline.law)) {
        deadline(pair, changes);
    }
    for pair in paired(&older.notices, &newer.notices, |notice| (notice.on, notice.law)) {
        match pair {
            (Some(before), Some(after)) => notice(before, after, changes),
            (None, Some(new)) => {
                changes.add(Topic::Notice, notice_of(new), String::new(), ways(new), Effect::Stronger);
            }
            (Some(gone), None) => {
                changes.add(Topic::Notice, notice_of(gone), ways(gone), String::new(), Effect::Weaker);
            }
            (None, None) => {}
        }
    }
    age(&older.age, &newer.age, changes);
    rights("what people may ask for", &older.rights, &newer.rights, changes);
}

fn choices(older: &Policy, newer: &Policy, changes: &mut Changes) {
    for pair in paired(&older.consents, &newer.consents, |consent| &consent.id) {
        match pair {
            (Some(before), Some(after)) => consent(before, after, changes),
            (None, Some(new)) => {
                changes.add(Topic::Consent, &new.id, String::new(), "asked".to_owned(), Effect::Unclear);
            }
            (Some(gone), None) => {
                changes.add(Topic::Consent, &gone.id, "asked".to_owned(), String::new(), Effect::Unclear);
            }
            (None, None) => {}
        }
    }
    for pair in paired(&older.cookies, &newer.cookies, |cookie| cookie.class) {
        match pair {
            (Some(before), Some(after)) => cookie(before, after, changes),
            (None, Some(new)) => {
                let lasts = format!("stored for {}", new.max_age.in_words());
                changes.add(Topic::Cookie, cookies(new), String::new(), lasts, Effect::Weaker);
            }
            (Some(gone), None) => {
                changes.add(Topic::Cookie, cookies(gone), "stored".to_owned(), String::new(), Effect::Stronger);
            }
            (None, None) => {}
        }
    }
}

fn consent(before: &Consent, after: &Consent, changes: &mut Changes) {
    let Consent { id, clauses, default, explicit, per_item, gpc_refuses } = before;
    for (what, old, new) in [
        ("is given by default", *default, after.default),
        ("may be bundled with others", !explicit, !after.explicit),
        ("applies to everything at once", !per_item, !after.per_item),
        ("ignores Global Privacy Control", !gpc_refuses, !after.gpc_refuses),
    ] {
        changes.yes_no(Topic::Consent, format!("the consent `{id}` {what}"), old, new, order(new, old));
    }
    changes.clauses(&format!("the consent `{id}`"), clauses, &after.clauses);
}

fn cookies(cookie: &Cookie) -> String {
    format!("{} cookies", cookie.class.as_str())
}

fn cookie(before: &Cookie, after: &Cookie, changes: &mut Changes) {
    let Cookie { class: _, clauses, max_age, opt_out } = before;
    let (name, old, new) = (cookies(before), [*max_age], [after.max_age]);
    changes.add(Topic::Cookie, format!("{name} last"), words(&old), words(&new), sooner(&old, &new));
    let effect = order(*opt_out, after.opt_out);
    changes.yes_no(Topic::Cookie, format!("{name} can be refused"), *opt_out, after.opt_out, effect);
    changes.clauses(&name, clauses, &after.clauses);
}

fn rights(what: &str, before: &[Right], after: &[Right], changes: &mut Changes) {
    let effect = grown(before, after);
    if effect != Effect::None {
        let list = |rights: &[Right]| rights.iter().map(|right| right.as_str()).collect::<Vec<_>>().join(", ");
        changes.add(Topic::Right, what, list(before), list(after), effect);
    }
}

fn under(law: Option<Law>) -> String {
    law.map_or(String::new(), |law| format!(" under {}", law.as_str()))
}

fn deadline(pair: (Option<&Deadline>, Option<&Deadline>), changes: &mut Changes) {
    let (Some(any), (before, after)) = (pair.0.or(pair.1), pair) else { return };
    // Its id is a name for programs, not a promise.
    let Deadline { id: _, clauses: _, on, law, within: _, extend_to: _ } = any;
    let what = format!("{} is answered within{}", on.as_str().replace('_', " "), under(*law));
    let within = |deadline: Option<&Deadline>| deadline.map_or(Vec::new(), |deadline| deadline.within.clone());
    let (old, new) = (within(before), within(after));
    changes.add(Topic::Deadline, &what, words(&old), words(&new), sooner(&old, &new));
    let (Some(before), Some(after)) = (before, after) else { return };
    let (old, new) = (Vec::from_iter(before.extend_to), Vec::from_iter(after.extend_to));
    // No extension is best.
    let effect = match (old.is_empty(), new.is_empty()) {
        (true, _) => Effect::Weaker,
        (_, true) => Effect::Stronger,
        _ => sooner(&old, &new),
    };
    changes.add(Topic::Deadline, format!("{what}, at most"), words(&old), words(&new), effect);
    changes.clauses(&what, &before.clauses, &after.clauses);
}

fn notice_of(notice: &Notice) -> String {
    let on = match notice.on {
        Occasion::PolicyAny => "any change",
        Occasion::PolicyMinor => "a minor change",
        Occasion::PolicyMaterial => "a material change",
        Occasion::PlanDowngrade => "a downgrade",
        Occasion::NewTool => "a new tool",
        Occasion::AccountClosed => "a closed account",
    };
    format!("notice of {on}{}", under(notice.law))
}

fn ways(notice: &Notice) -> String {
    let ways: Vec<&str> = notice.channels.iter().map(|way: &Channel| way.as_str()).collect();
    ways.join(if notice.all_channels { " and " } else { " or " })
}

fn notice(before: &Notice, after: &Notice, changes: &mut Changes) {
    let Notice { id: _, clauses, on: _, law: _, channels, all_channels, lead, continued_use_accepts, reconsent } =
        before;
    let name = notice_of(before);
    // More channels are better if all must be used; if one is enough, any may be chosen.
    let effect = if *all_channels && after.all_channels {
        grown(channels, &after.channels)
    } else {
        order(*all_channels, after.all_channels)
    };
    let effect = if effect == Effect::None { Effect::Unclear } else { effect };
    changes.add(Topic::Notice, &name, ways(before), ways(after), effect);
    // With one channel, "and" or "or" makes no difference.
    if ways(before) == ways(after) {
        let what = format!("{name}: every channel is used");
        changes.yes_no(Topic::Notice, what, *all_channels, after.all_channels, Effect::None);
    }
    let (old, new): ([Period; 1], [Period; 1]) = ([lead.unwrap_or_default()], [after.lead.unwrap_or_default()]);
    let what = format!("{name}, before it takes effect");
    changes.add(Topic::Notice, what, words(&old), words(&new), opposite(sooner(&old, &new)));
    let (old, new) = (*continued_use_accepts, after.continued_use_accepts);
    let what = format!("{name}: continued use counts as agreement");
    changes.yes_no(Topic::Notice, what, old, new, order(new, old));
    let effect = grown(reconsent, &after.reconsent);
    if effect != Effect::None {
        let what = format!("{name}: consents asked again");
        changes.add(Topic::Notice, what, reconsent.join(", "), after.reconsent.join(", "), effect);
    }
    changes.clauses(&name, clauses, &after.clauses);
}

fn age(before: &Age, after: &Age, changes: &mut Changes) {
    let Age { clauses, minimum, by_country, guardian_until, guardian_rights } = before;
    let countries = |ages: &[(String, u32)]| {
        let mut ages: Vec<String> = ages.iter().map(|(code, age)| format!("{code} {age}")).collect();
        ages.sort();
        ages.join(", ")
    };
    let years = |age: Option<u32>| age.map_or(String::new(), |age| format!("{age} years"));
    for (what, old, new) in [
        ("minimum age", years(Some(*minimum)), years(Some(after.minimum))),
        ("guardians agree below", years(*guardian_until), years(after.guardian_until)),
        ("ages by country", countries(by_country), countries(&after.by_country)),
    ] {
        changes.add(Topic::Age, what, old, new, Effect::Unclear);
    }
    rights("what guardians may ask for", guardian_rights, &after.guardian_rights, changes);
    changes.clauses("ages", clauses, &after.clauses);
}
