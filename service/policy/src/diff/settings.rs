//! Compares settings: general statements, storage and access, plans, backups, words.

use super::{Changes, Effect, Topic, grown, ids, opposite, order, paired, sooner, words, yes_no};
use crate::policy::{About, Backup, Contact, EngineTimes, OpenPoint, PlanChange, Policy, Security};
use crate::words::{Law, Setting, StaffAccess, Training};

pub(super) fn changes(older: &Policy, newer: &Policy, changes: &mut Changes) {
    // Every part of the document: what is not compared here is compared in the other files of this folder.
    let Policy {
        // It shows that something changed, but not what.
        identity: _,
        about,
        contact,
        engine,
        plans,
        plan_change,
        security,
        promised: _,
        age: _,
        classes: _,
        rules: _,
        backup,
        deadlines: _,
        notices: _,
        consents: _,
        cookies: _,
        processors: _,
        never: _,
        rights: _,
        open,
    } = older;
    self::about(about, &newer.about, changes);
    self::contact(contact, &newer.contact, changes);
    self::engine(engine, &newer.engine, changes);
    self::plans(plans, &newer.plans, changes);
    self::plan_change(plan_change, &newer.plan_change, changes);
    self::security(security, &newer.security, changes);
    promised(older, newer, changes);
    self::backup(backup, &newer.backup, changes);
    for (before, after) in paired(open, &newer.open, |open| &open.id) {
        self::open(before, after, changes);
    }
}

fn about(before: &About, after: &About, changes: &mut Changes) {
    let About {
        service,
        version,
        published,
        last_updated,
        effective,
        timezone,
        workweek,
        holidays,
        training,
        sale,
        share_for_ads,
        laws,
    } = before;
    changes.words("version", version, &after.version);
    changes.words("name of the service", service, &after.service);
    changes.words("published", published, after.published);
    changes.words("last updated", last_updated, after.last_updated);
    changes.words("in force from", effective, after.effective);
    // The beginning of days, and which days count, affect every promised date.
    let zone = |zone: &jiff::tz::TimeZone| zone.iana_name().unwrap_or("UTC").to_owned();
    changes.add(Topic::Deadline, "time zone", zone(timezone), zone(&after.timezone), Effect::Unclear);
    let days = |days: &[jiff::civil::Weekday]| {
        let names: Vec<String> = days.iter().map(|day| format!("{day:?}").to_lowercase()).collect();
        if names.is_empty() { "monday to friday".to_owned() } else { names.join(", ") }
    };
    changes.add(Topic::Deadline, "working days", days(workweek), days(&after.workweek), Effect::Unclear);
    let dates = |dates: &[jiff::civil::Date]| dates.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    changes.add(Topic::Deadline, "holidays", dates(holidays), dates(&after.holidays), Effect::Unclear);
    let rank = |training: Training| training == Training::Never;
    let effect = order(rank(*training), rank(after.training));
    changes.add_held(Topic::Never, "training", training.as_str().into(), after.training.as_str().into(), effect);
    for (what, old, new) in [
        ("sale of personal data", *sale, after.sale),
        ("sharing for advertisements", *share_for_ads, after.share_for_ads),
    ] {
        changes.add_held(Topic::Never, what, yes_no(old), yes_no(new), order(new, old));
    }
    let effect = grown(laws, &after.laws);
    if effect != Effect::None {
        let list = |laws: &[Law]| laws.iter().map(|law| law.as_str()).collect::<Vec<_>>().join(", ");
        changes.add_held(Topic::Right, "laws that protect people", list(laws), list(&after.laws), effect);
    }
}

fn contact(before: &Contact, after: &Contact, changes: &mut Changes) {
    let Contact { privacy, privacy_subject, child, child_subject, dpo, web } = before;
    changes.words("address for requests", privacy, &after.privacy);
    for (what, old, new) in [
        ("subject of requests", privacy_subject, &after.privacy_subject),
        ("address for reports about children", child, &after.child),
        ("subject of reports about children", child_subject, &after.child_subject),
        ("data protection officer", dpo, &after.dpo),
        ("page of the service", web, &after.web),
    ] {
        changes.maybe(what, old.as_ref(), new.as_ref());
    }
}

fn engine(before: &EngineTimes, after: &EngineTimes, changes: &mut Changes) {
    let EngineTimes { sweep_every, slack, lag_alert, restore_for } = before;
    let (old, new) = ([*restore_for], [after.restore_for]);
    let effect = opposite(sooner(&old, &new));
    changes.add(Topic::Retention, "a deletion can be undone for", words(&old), words(&new), effect);
    // With more slack, data is deleted sooner before its ceiling and later after a hold.
    let slack = (slack.in_words(), after.slack.in_words());
    changes.add(Topic::Retention, "slack of the engine", slack.0, slack.1, Effect::Unclear);
    changes.words("time between sweeps", sweep_every.in_words(), after.sweep_every.in_words());
    changes.words("lag that wakes somebody", lag_alert.in_words(), after.lag_alert.in_words());
}

fn plans(before: &[String], after: &[String], changes: &mut Changes) {
    for (old, new) in paired(before, after, |plan| plan) {
        match (old, new) {
            (None, Some(plan)) => {
                let what = format!("the plan {plan}");
                changes.add(Topic::Plan, what, String::new(), "offered".to_owned(), Effect::Unclear);
            }
            (Some(plan), None) => {
                let what = format!("the plan {plan}");
                changes.add_held(Topic::Plan, what, "offered".to_owned(), String::new(), Effect::Weaker);
            }
            _ => {}
        }
    }
}

fn plan_change(before: &PlanChange, after: &PlanChange, changes: &mut Changes) {
    let PlanChange { downgrade, downgrade_notice } = before;
    // Counting from the day of the downgrade is the mildest, at once the strictest.
    let effect = order(*downgrade, after.downgrade);
    let (old, new) = (downgrade.as_str().into(), after.downgrade.as_str().into());
    changes.add_held(Topic::Plan, "after a downgrade", old, new, effect);
    let (old, new) = (Vec::from_iter(*downgrade_notice), Vec::from_iter(after.downgrade_notice));
    let effect = match (old.is_empty(), new.is_empty()) {
        (true, _) => Effect::Stronger,
        (_, true) => Effect::Weaker,
        _ => opposite(sooner(&old, &new)),
    };
    changes.add_held(Topic::Plan, "notice before a downgrade takes effect", words(&old), words(&new), effect);
}

fn security(before: &Security, after: &Security, changes: &mut Changes) {
    let Security {
        tls_min,
        at_rest,
        password_hash,
        private_store,
        strip_metadata,
        card_data,
        staff_bytes_access,
        signed_url_max,
        store_region,
        scan_before_persist,
        mfa,
        audit_log,
        oauth,
    } = before;
    for (what, old, new) in [
        ("files are read through the service only", *private_store, after.private_store),
        ("metadata is taken out of photos", *strip_metadata, after.strip_metadata),
        ("files are scanned before they are stored", *scan_before_persist, after.scan_before_persist),
        ("a second factor is asked for", *mfa, after.mfa),
        ("access is logged", *audit_log, after.audit_log),
    ] {
        changes.yes_no(Topic::Security, what, old, new, order(old, new));
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let staff = |access: Option<StaffAccess>| access.map_or("", StaffAccess::as_str).to_owned();
    // Each list of words is ordered from most to least protective, except TLS. A missing word promises least.
    let rank = |access: Option<StaffAccess>| access.map_or(u8::MAX, |access| access as u8);
    for (what, old, new, effect) in [
        ("oldest TLS", tls_min.as_str().into(), after.tls_min.as_str().into(), order(*tls_min, after.tls_min)),
        (
            "what is stored of cards",
            card_data.as_str().into(),
            after.card_data.as_str().into(),
            order(after.card_data, *card_data),
        ),
        (
            "who of the staff may see photos",
            staff(*staff_bytes_access),
            staff(after.staff_bytes_access),
            order(rank(after.staff_bytes_access), rank(*staff_bytes_access)),
        ),
        ("cipher at rest", at_rest.clone(), after.at_rest.clone(), protection(at_rest, &after.at_rest)),
        (
            "password hash",
            password_hash.clone(),
            after.password_hash.clone(),
            protection(password_hash, &after.password_hash),
        ),
        ("where the data lies", text(store_region), text(&after.store_region), Effect::Unclear),
        ("sign-in through", oauth.join(", "), after.oauth.join(", "), Effect::Unclear),
    ] {
        changes.add(Topic::Security, what, old, new, effect);
    }
    let (old, new) = (Vec::from_iter(*signed_url_max), Vec::from_iter(after.signed_url_max));
    changes.add(Topic::Security, "a signed address works for", words(&old), words(&new), sooner(&old, &new));
}

/// Any protection is better than none; two protections are not ranked.
fn protection(before: &str, after: &str) -> Effect {
    match (is_protection(before), is_protection(after)) {
        (true, true) | (false, false) => Effect::Unclear,
        (before, after) => order(before, after),
    }
}

/// Whether the name of a cipher or hash means protection; words such as `none` do not.
pub(crate) fn is_protection(word: &str) -> bool {
    !["none", "no", "off", "plain", "plaintext", "plain text", "identity", "null", "-"]
        .contains(&word.trim().to_lowercase().as_str())
}

/// Compares the promised settings. A promise that is no longer made is weaker, even if the setting is unchanged.
fn promised(older: &Policy, newer: &Policy, changes: &mut Changes) {
    for setting in Setting::ALL {
        let says = |policy: &Policy| match policy.promised(*setting) {
            None => String::new(),
            Some([]) => "promised by the service".to_owned(),
            Some(clauses) => format!("promised by {}", ids(clauses)),
        };
        let is_said = |policy: &Policy| policy.promised(*setting).is_some();
        let effect = order(is_said(older), is_said(newer));
        let topic = if effect == Effect::None { Topic::Words } else { Topic::Security };
        changes.add(topic, format!("`{}`", setting.as_str()), says(older), says(newer), effect);
    }
}

fn backup(before: &Backup, after: &Backup, changes: &mut Changes) {
    let Backup { window, shred, restore_replays_tombstones } = before;
    let (old, new) = ([*window], [after.window]);
    changes.add_held(Topic::Backup, "a backup is held for", words(&old), words(&new), sooner(&old, &new));
    for (what, old, new) in [
        ("deleted data can no longer be read in backups", *shred, after.shred),
        ("deletions are repeated after a restore", *restore_replays_tombstones, after.restore_replays_tombstones),
    ] {
        changes.add_held(Topic::Backup, what, yes_no(old), yes_no(new), order(old, new));
    }
}

/// Compares open points. They are not promises: the rule that was chosen is, and it is compared as a rule.
fn open(before: Option<&OpenPoint>, after: Option<&OpenPoint>, changes: &mut Changes) {
    let Some(any) = before.or(after) else { return };
    let OpenPoint { id, clauses: _, question: _, chosen: _, why: _, note: _, internal: _ } = any;
    let of =
        |part: fn(&OpenPoint) -> String| (before.map_or_else(String::new, part), after.map_or_else(String::new, part));
    for (what, (old, new)) in [
        ("what is open", of(|open| open.question.clone())),
        ("what was chosen", of(|open| open.chosen.clone())),
        ("why", of(|open| open.why.clone())),
        ("note to the operator", of(|open| open.note.clone().unwrap_or_default())),
        ("for the operator only", of(|open| yes_no(open.internal))),
        ("clauses", of(|open| ids(&open.clauses))),
    ] {
        changes.words(format!("open point `{id}`: {what}"), old, new);
    }
}
