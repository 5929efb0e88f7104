//! Sections that occur once.

use std::collections::BTreeSet;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::clause::Clause;
use crate::fault::FaultCode;
use crate::name::{ClassId, PlanId, VersionId};
use crate::policy::{About, Age, Backup, Consent, Contact, DataClass, EngineTimes, MOST_PLANS, PlanChange, Security};
use crate::reader::{Entry, Section};
use crate::words::Word;
use crate::words::{Downgrade, Setting};

impl Word for Weekday {
    const WORDS: &'static [(&'static str, Weekday)] = &[
        ("mon", Weekday::Monday),
        ("tue", Weekday::Tuesday),
        ("wed", Weekday::Wednesday),
        ("thu", Weekday::Thursday),
        ("fri", Weekday::Friday),
        ("sat", Weekday::Saturday),
        ("sun", Weekday::Sunday),
    ];
}

pub(super) fn about(section: &mut Section<'_>) -> Option<(VersionId, About)> {
    let service = section.must("service", Entry::text);
    let version = section.must("version", |found| found.name(found.str()?, VersionId::new));
    let published = section.must("published", Entry::date);
    let last_updated = section.must("last_updated", Entry::date);
    let effective = section.must("effective", Entry::date);
    let timezone = section.must("timezone", time_zone);
    let workweek = section.list("workweek", Entry::word);
    let holidays = section.list("holidays", Entry::date);
    let training = section.must("training", Entry::word);
    let sale = section.must("sale", Entry::yes_no);
    let share_for_ads = section.must("share_for_ads", Entry::yes_no);
    let laws = section.list("laws", Entry::word);
    let version = version?;
    let about = About {
        service: service?,
        version: version.to_string(),
        published: published?,
        last_updated: last_updated?,
        effective: effective?,
        timezone: timezone?,
        workweek,
        holidays,
        training: training?,
        sale: sale?,
        share_for_ads: share_for_ads?,
        laws,
    };
    Some((version, about))
}

fn time_zone(found: Entry<'_>) -> Option<TimeZone> {
    let name = found.str()?;
    TimeZone::get(name)
        .ok()
        .map_or_else(|| found.fault(FaultCode::TimeZone, format!("there is no time zone `{name}`")), Some)
}

pub(super) fn contact(section: &mut Section<'_>) -> Option<Contact> {
    let privacy = section.must("privacy", Entry::text);
    Some(Contact {
        privacy_subject: section.may("privacy_subject", Entry::text),
        child: section.may("child", Entry::text),
        child_subject: section.may("child_subject", Entry::text),
        dpo: section.may("dpo", Entry::text),
        web: section.may("web", Entry::text),
        privacy: privacy?,
    })
}

pub(super) fn engine(section: &mut Section<'_>) -> Option<EngineTimes> {
    let sweep_every = section.must("sweep_every", Entry::period);
    let slack = section.must("slack", Entry::period);
    let lag_alert = section.must("lag_alert", Entry::period);
    let restore_for = section.must("restore_for", Entry::period);
    Some(EngineTimes { sweep_every: sweep_every?, slack: slack?, lag_alert: lag_alert?, restore_for: restore_for? })
}

pub(super) fn plans(found: Entry<'_>) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    found.list(|plan| {
        let name = plan.name(plan.str()?, PlanId::new)?.to_string();
        if seen.len() == MOST_PLANS {
            return plan.fault(FaultCode::Limit, format!("there are more than {MOST_PLANS} plans"));
        }
        if seen.insert(name.clone()) {
            return Some(name);
        }
        plan.fault(FaultCode::Duplicate, format!("`{name}` appears twice"))
    })
}

pub(super) fn plan_change(section: &mut Section<'_>) -> Option<PlanChange> {
    let downgrade = section.must("downgrade", Entry::word);
    let downgrade_notice = section.may("downgrade_notice", Entry::period);
    let downgrade = downgrade?;
    if downgrade == Downgrade::RecomputeAfter && downgrade_notice.is_none() {
        section.fault(FaultCode::MissingKey, "`recompute_after` needs a `downgrade_notice`");
    }
    Some(PlanChange { downgrade, downgrade_notice })
}

pub(super) fn security(section: &mut Section<'_>) -> Option<Security> {
    let tls_min = section.must("tls_min", Entry::word);
    let at_rest = section.must("at_rest", Entry::text);
    let password_hash = section.must("password_hash", Entry::text);
    let card_data = section.must("card_data", Entry::word);
    Some(Security {
        private_store: section.flag("private_store"),
        strip_metadata: section.flag("strip_metadata"),
        staff_bytes_access: section.may("staff_bytes_access", Entry::word),
        signed_url_max: section.may("signed_url_max", Entry::period),
        store_region: section.may("store_region", Entry::text),
        scan_before_persist: section.flag("scan_before_persist"),
        mfa: section.flag("mfa"),
        audit_log: section.flag("audit_log"),
        oauth: section.list("oauth", Entry::text),
        tls_min: tls_min?,
        at_rest: at_rest?,
        password_hash: password_hash?,
        card_data: card_data?,
    })
}

/// Settings with the clauses behind them.
pub(super) fn promised(found: Entry<'_>) -> Option<Vec<(Setting, Vec<Clause>)>> {
    Some(found.open()?.names(|name, clauses| {
        let Ok(setting) = name.parse() else {
            return clauses.fault(FaultCode::UnknownKey, format!("`{name}` is not a setting that can be promised"));
        };
        Some((setting, clauses.list(Entry::clause)?))
    }))
}

pub(super) fn age(section: &mut Section<'_>) -> Option<Age> {
    let minimum = section.must("minimum", |found| found.number(0..100));
    let by_country = section.may("by_country", |found| {
        Some(found.open()?.names(|country, age| {
            if country.len() != 2 || !country.bytes().all(|letter| letter.is_ascii_uppercase()) {
                return age.fault(FaultCode::WrongKind, format!("`{country}` is not a country code such as `DE`"));
            }
            age.number(0..100).map(|age| (country, age))
        }))
    });
    Some(Age {
        clauses: section.list("clauses", Entry::clause),
        guardian_until: section.may("guardian_until", |found| found.number(0..100)),
        guardian_rights: section.list("guardian_rights", Entry::word),
        by_country: by_country.unwrap_or_default(),
        minimum: minimum?,
    })
}

pub(super) fn classes(found: Entry<'_>) -> Option<Vec<DataClass>> {
    Some(found.open()?.names(|name, found| {
        found.name(&name, ClassId::new)?;
        found.section(|section| {
            let group = section.must("group", Entry::text);
            Some(DataClass {
                title: section.may("title", Entry::text),
                why: section.may("why", Entry::text),
                clauses: section.list("clauses", Entry::clause),
                fields: section.list("fields", Entry::text),
                personal: section.may("personal", Entry::yes_no).unwrap_or(true),
                aggregate_of: section.may("aggregate_of", |found| found.number(2..1_000_000)),
                only_in: section.may("only_in", Entry::word),
                name,
                group: group?,
            })
        })
    }))
}

pub(super) fn backup(section: &mut Section<'_>) -> Option<Backup> {
    let window = section.must("window", Entry::period);
    Some(Backup {
        shred: section.flag("shred"),
        restore_replays_tombstones: section.flag("restore_replays_tombstones"),
        window: window?,
    })
}

pub(super) fn consent(section: &mut Section<'_>) -> Option<Consent> {
    let id = section.must("id", Entry::text);
    let clauses = section.list("clauses", Entry::clause);
    let default = section.must("default", Entry::yes_no);
    Some(Consent {
        explicit: section.flag("explicit"),
        per_item: section.flag("per_item"),
        gpc_refuses: section.flag("gpc_refuses"),
        id: id?,
        clauses,
        default: default?,
    })
}
