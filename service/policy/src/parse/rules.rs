//! Repeated entries: rules, deadlines, notices, cookies, processors, open points.

use super::Names;
use crate::clause::Clause;
use crate::fault::FaultCode;
use crate::name::PlanId;
use crate::policy::{Cookie, Deadline, Never, Notice, OpenPoint, Processor};
use crate::reader::{Entry, Section};
use crate::rule::{AddressBits, Keep, Rule};
use crate::words::{Action, Basis, CookieClass, Law, Purpose};

/// At least one clause: every entry needs a reason.
fn clauses(section: &mut Section<'_>) -> Option<Vec<Clause>> {
    let clauses = section.must("clauses", |found| found.list(Entry::clause))?;
    if clauses.is_empty() && section.is_sound_so_far() {
        section.fault(FaultCode::NoClause, "no clause is named");
    }
    Some(clauses)
}

pub(super) fn rule(section: &mut Section<'_>, names: &Names<'_>) -> Option<Rule> {
    let id = section.must("id", Entry::text);
    let clauses = clauses(section);
    let data = section.must("data", |found| found.list(|class| names.class(&class)));
    let field = section.may("field", Entry::text);
    let plan = section.may("when", |found| when_plan(found, names)).flatten();
    let tier = section
        .may("tier", |found| if found.str() == Some("all") { Some(None) } else { found.word().map(Some) })
        .flatten();
    let clock = section.may("clock", Entry::word);
    let keep = section.may("keep_for", |found| {
        if found.str() == Some("while_active") { Some(Keep::WhileActive) } else { found.period().map(Keep::For) }
    });
    let gone_by = section.may("gone_by", Entry::period);
    let unbounded = section.may("unbounded", Entry::word);
    let basis = section.may("basis", Entry::word).unwrap_or(Basis::Service);
    let action = section.may("action", Entry::word).unwrap_or(Action::Purge);
    let truncate_to = section.may("truncate_to", |found| {
        found.section(|bits| {
            let v4 = bits.must("v4", |found| found.number(0..33));
            let v6 = bits.must("v6", |found| found.number(0..129));
            Some(AddressBits { v4: v4?, v6: v6? })
        })
    });
    let rule = Rule {
        org_may_shorten: section.flag("org_may_shorten"),
        stopped_by_legal_hold: section.flag("stopped_by_legal_hold"),
        id: id?,
        clauses: clauses?,
        data: data?,
        field,
        plan,
        tier,
        clock,
        keep,
        gone_by,
        unbounded,
        basis,
        action,
        truncate_to,
    };
    if !section.is_sound() {
        return Some(rule);
    }
    for (wrong, message) in [
        (rule.data.is_empty(), "the rule names no data"),
        (
            rule.keep.is_none() && rule.gone_by.is_none() && rule.unbounded.is_none(),
            "the rule says neither `keep_for` nor `gone_by` nor `unbounded`",
        ),
        (
            rule.clock.is_none() && (rule.gone_by.is_some() || matches!(rule.keep, Some(Keep::For(_)))),
            "the rule has a period but no `clock` that it is counted from",
        ),
        (
            rule.clock.is_some() && rule.gone_by.is_none() && !matches!(rule.keep, Some(Keep::For(_))),
            "the rule has a `clock` but no period that is counted from it",
        ),
        (rule.gone_by.is_some() && rule.unbounded.is_some(), "the rule has both `gone_by` and `unbounded`"),
        (
            rule.unbounded.is_some() && matches!(rule.keep, Some(Keep::For(_))),
            "the rule has both an end of `keep_for` and `unbounded`",
        ),
        (
            rule.action == Action::Truncate && (rule.field.is_none() || rule.truncate_to.is_none()),
            "`truncate` needs a `field` and `truncate_to`",
        ),
        (rule.action != Action::Truncate && rule.truncate_to.is_some(), "`truncate_to` belongs to `truncate`"),
        (
            rule.action == Action::Restrict && (rule.keep.is_some() || rule.gone_by.is_none()),
            "`restrict` needs `gone_by` and takes no `keep_for`",
        ),
        (
            rule.basis != Basis::Service && !matches!(rule.keep, Some(Keep::For(_))),
            "a `basis` of `legal` or `reopen` needs a `keep_for` with a period",
        ),
        (rule.field.is_some() && rule.keep.is_some(), "a single field cannot have its own floor"),
    ] {
        if wrong {
            section.fault(FaultCode::Rule, message);
        }
    }
    Some(rule)
}

/// `when = { plan = "free" }`.
fn when_plan(found: Entry<'_>, names: &Names<'_>) -> Option<Option<PlanId>> {
    found.section(|when| Some(when.must("plan", |found| names.plan(&found))))
}

/// `when = { law = "gdpr" }`.
fn when_law(section: &mut Section<'_>) -> Option<Law> {
    section.may("when", |found| found.section(|when| when.must("law", Entry::word)))
}

/// One of the declared consents.
fn consent(found: Entry<'_>, consents: &[String]) -> Option<String> {
    let name = found.str()?;
    if consents.iter().any(|consent| consent == name) {
        return found.text();
    }
    found.fault(FaultCode::UnknownName, format!("there is no consent `{name}`"))
}

pub(super) fn deadline(section: &mut Section<'_>) -> Option<Deadline> {
    let id = section.must("id", Entry::text);
    let clauses = clauses(section);
    let on = section.must("on", Entry::word);
    let within = section.must("within", |found| found.one_or_more(Entry::period));
    Some(Deadline {
        law: when_law(section),
        extend_to: section.may("extend_to", Entry::period),
        id: id?,
        clauses: clauses?,
        on: on?,
        within: within?,
    })
}

pub(super) fn notice(section: &mut Section<'_>, consents: &[String]) -> Option<Notice> {
    let id = section.must("id", Entry::text);
    let clauses = clauses(section);
    let on = section.must("on", Entry::word);
    let channels = section.must("channels", |found| found.list(Entry::word));
    Some(Notice {
        law: when_law(section),
        all_channels: section.flag("all_channels"),
        lead: section.may("lead", Entry::period),
        continued_use_accepts: section.flag("continued_use_accepts"),
        reconsent: section.list("reconsent", |found| consent(found, consents)),
        id: id?,
        clauses: clauses?,
        on: on?,
        channels: channels?,
    })
}

pub(super) fn cookie(section: &mut Section<'_>) -> Option<Cookie> {
    let class = section.must("class", Entry::word);
    let clauses = clauses(section);
    let max_age = section.must("max_age", Entry::period);
    let opt_out = section.must("opt_out", Entry::yes_no);
    Some(Cookie { class: class?, clauses: clauses?, max_age: max_age?, opt_out: opt_out? })
}

pub(super) fn processor(section: &mut Section<'_>, names: &Names<'_>, consents: &[String]) -> Option<Processor> {
    let id = section.must("id", Entry::text);
    let name = section.must("name", Entry::text);
    let clauses = clauses(section);
    let purposes = section.must("purpose", |found| found.one_or_more(Entry::word));
    let needs_consent =
        section.may("needs_consent", |found| needs_consent(found, purposes.as_deref().unwrap_or_default(), consents));
    let sends = section.must("sends", |found| found.list(|class| names.class_or_field(class)));
    let dpa = section.must("dpa", Entry::yes_no);
    Some(Processor {
        ttl: section.may("ttl", Entry::period),
        regions: section.list("regions", Entry::text),
        needs_consent: needs_consent.unwrap_or_default(),
        id: id?,
        name: name?,
        clauses: clauses?,
        purposes: purposes?,
        sends: sends?,
        dpa: dpa?,
    })
}

/// `needs_consent = "marketing"` for every purpose, or `{ marketing = "marketing" }` for some.
fn needs_consent(found: Entry<'_>, purposes: &[Purpose], consents: &[String]) -> Option<Vec<(Purpose, String)>> {
    if !found.is_section() {
        let name = consent(found, consents)?;
        return Some(purposes.iter().map(|purpose| (*purpose, name.clone())).collect());
    }
    Some(found.open()?.names(|purpose, found| match purpose.parse() {
        Ok(purpose) if purposes.contains(&purpose) => Some((purpose, consent(found, consents)?)),
        _ => found.fault(FaultCode::UnknownName, format!("`{purpose}` is not one of the purposes of this processor")),
    }))
}

pub(super) fn never(section: &mut Section<'_>, names: &Names<'_>, consents: &[String]) -> Option<Never> {
    let clauses = clauses(section);
    let cookies: Vec<CookieClass> = section.list("cookies", Entry::word);
    // Only a promise about cookies needs no data.
    let data = |found: Entry<'_>| found.list(|class| names.class_or_group(class));
    let (data, purposes) = if cookies.is_empty() {
        (section.must("data", data), section.must("purposes", |found| found.list(Entry::word)))
    } else {
        (Some(section.may("data", data).unwrap_or_default()), Some(section.list("purposes", Entry::word)))
    };
    Some(Never {
        cookies,
        unless_consent: section.may("unless_consent", |found| consent(found, consents)),
        clauses: clauses?,
        data: data?,
        purposes: purposes?,
    })
}

pub(super) fn open(section: &mut Section<'_>) -> Option<OpenPoint> {
    let id = section.must("id", Entry::text);
    let clauses = clauses(section);
    let question = section.must("question", Entry::text);
    let chosen = section.must("chosen", Entry::text);
    let why = section.must("why", Entry::text);
    Some(OpenPoint {
        note: section.may("note", Entry::text),
        internal: section.flag("internal"),
        id: id?,
        clauses: clauses?,
        question: question?,
        chosen: chosen?,
        why: why?,
    })
}
