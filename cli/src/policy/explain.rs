//! `packshot policy explain`

use packshot::{Code, Error, Result};
use packshot_policy::{
    ClassId, Clock, DataClass, Events, GoneBy, KeepUntil, Next, PlanBefore, PlanId, Policy, Record, RecordError,
    Retention, Rule, Shortening, Tier, Timestamp,
};
use serde_json::{Value, json};

use super::args::Explain;
use crate::exit;
use crate::say::Voice;

pub(crate) fn run(args: &Explain, voice: Voice) -> Result<u8> {
    let loaded = super::load_or_leave!(&args.policy, voice);
    let policy = loaded.policy;
    let before = plans_before(args, &policy)?;
    let record = record(args, &policy)?.after_plans(&before);
    let retention = Retention::new(&policy);
    let told = policy.explain(&retention, &record).map_err(refused)?;
    let answer = told.answer;
    let limits: Vec<_> = retention.fields(&record).map_err(refused)?.collect();
    let next = retention.next_action(&record).map_err(refused)?;
    let title = policy.described(record.class).map_or_else(|| record.class.to_string(), DataClass::title);
    let rules = |rules: &mut dyn Iterator<Item = &Rule>| -> Vec<String> { rules.map(|rule| rule.id.clone()).collect() };
    let fields: Vec<Value> = limits
        .iter()
        .map(|limit| json!({ "field": policy.rules[limit.rule].field, "by": limit.by.to_string(), "rule": policy.rules[limit.rule].id }))
        .collect();
    voice.event(&json!({
        "event": "explain", "ok": true, "policy": args.policy,
        "version": answer.policy.version.as_str(), "hash": answer.policy.hash.to_string(),
        "class": record.class.as_str(), "plan": record.plan.as_str(), "tier": record.tier.as_str(),
        "keep_until": keep_until(answer.keep_until), "gone_by": gone_by(answer.gone_by),
        "legal_floor": at(answer.legal_floor), "restricted_from": at(answer.restricted.map(|restricted| restricted.from)),
        "purge_at": at(answer.purge_at), "restorable_until": at(retention.restorable_until(&record).map_err(refused)?),
        "next_action": next.map(next_action),
        "decided_by": rules(&mut told.decided_by.iter().copied()), "rules": rules(&mut policy.rules_in(answer.rules)),
        "restricting": rules(&mut policy.rules_in(answer.restricting)),
        "clauses": told.decided_by.iter().flat_map(|rule| super::ids(&rule.clauses)).collect::<Vec<_>>(),
        "fields": fields, "sentence": told.sentence, "more": told.more,
    }));
    voice.text(&format!("{title}: {}", told.sentence));
    for line in &told.more {
        voice.text(&format!("  {line}"));
    }
    for limit in &limits {
        let rule = &policy.rules[limit.rule];
        let field = rule.field.as_deref().unwrap_or_default();
        voice.text(&format!("  Its {field} is shortened by {} ({}).", limit.by, super::ids(&rule.clauses).join(", ")));
    }
    Ok(exit::DONE)
}

/// The error for a record without an answer, in terms of the command line.
fn refused(error: RecordError) -> Error {
    Error::new(Code::OptionInvalid, format!("{error}. {}", error.remedy()))
}

fn next_action(next: Next<'_>) -> Value {
    json!({
        "action": next.action.as_str(), "field": next.field, "at": next.at.to_string(), "by": next.by.to_string(),
        "rule": next.rule,
    })
}

/// Earlier plans, each with the instant at which it ended.
fn plans_before(args: &Explain, policy: &Policy) -> Result<Vec<PlanBefore>> {
    if args.down_from.len() != args.down_at.len() {
        return Err(Error::new(Code::OptionInvalid, "--down-from and --down-at must be given equally often"));
    }
    let plans = args.down_from.iter().zip(&args.down_at);
    plans.map(|(name, until)| Ok(PlanBefore::new(plan(name, policy)?, *until))).collect()
}

fn record(args: &Explain, policy: &Policy) -> Result<Record<'static>> {
    let class = class(&args.asset, policy)?;
    let plan = match &args.plan {
        Some(name) => plan(name, policy)?,
        None => policy.plan_ids().next().ok_or_else(|| Error::new(Code::OptionInvalid, "the policy has no plans"))?,
    };
    let happened = [
        (Clock::UploadedAt, args.uploaded),
        (Clock::CreatedAt, args.created),
        (Clock::StartedAt, args.started),
        (Clock::ProcessingEndedAt, args.processed),
        (Clock::DeletedByUserAt, args.deleted),
        (Clock::AccountClosedAt, args.closed),
        (Clock::IssuedAt, args.issued),
        (Clock::RecordedAt, args.recorded),
        (Clock::ConsentWithdrawnAt, args.withdrawn),
        (Clock::RequestClosedAt, args.answered),
        (Clock::ErasureRequestedAt, args.erasure),
    ];
    let known = happened.into_iter().filter_map(|(clock, at)| Some((clock, at?)));
    let events = known.fold(Events::new(), |events, (clock, at)| events.with(clock, at));
    let lies = policy.described(class).and_then(|class| class.only_in).unwrap_or(Tier::Production);
    let mut record = Record::new(class, plan, events).in_tier(args.tier.unwrap_or(lies));
    if let Some(chosen) = args.chosen {
        record = record.shortened(chosen);
        let refused = |why: &str| Err(Error::new(Code::OptionInvalid, format!("--chosen {chosen}: {why}")));
        match policy.shorten(class, plan, chosen) {
            Shortening::Accepted(_) => {}
            Shortening::NotShorter(rule) => {
                return refused(&format!("the rule `{}` promises no more than that", rule.id));
            }
            Shortening::TooShort(_) => return refused("the service could not do the work in that time"),
            Shortening::NotOffered => return refused("the policy offers no shorter period for this data"),
        }
    }
    if let Some(held) = args.held {
        if args.released.is_some_and(|released| released < held) {
            let message = "--released is before --held: a hold must be released after it was placed";
            return Err(Error::new(Code::OptionInvalid, message));
        }
        record = record.held(held, args.released);
    }
    Ok(record)
}

/// A class by its name, or by the first part of it if that is unambiguous or has an original; or an error that lists
/// all.
fn class(name: &str, policy: &Policy) -> Result<ClassId> {
    let original = format!("{name}.original");
    if let Some(class) = policy.class(name).or_else(|| policy.class(&original)) {
        return Ok(class);
    }
    let mut beginning = policy.class_ids().filter(|(_, class)| class.name.starts_with(name));
    if let (Some((class, _)), None) = (beginning.next(), beginning.next()) {
        return Ok(class);
    }
    let known: Vec<&str> = policy.classes.iter().map(|class| class.name.as_str()).collect();
    Err(Error::new(
        Code::OptionInvalid,
        format!("--asset {name}: there is no such class; the policy has {}", known.join(", ")),
    ))
}

fn plan(name: &str, policy: &Policy) -> Result<PlanId> {
    policy.plan(name).ok_or_else(|| {
        Error::new(
            Code::OptionInvalid,
            format!("there is no plan `{name}`: the policy knows {}", policy.plans.join(", ")),
        )
    })
}

fn at(instant: Option<Timestamp>) -> Option<String> {
    instant.map(|instant| instant.to_string())
}

fn keep_until(keep_until: KeepUntil) -> Value {
    match keep_until {
        KeepUntil::Unpromised => Value::Null,
        KeepUntil::At(at) => json!(at.to_string()),
        KeepUntil::WhileActive => json!("while_active"),
        KeepUntil::Held => json!("held"),
    }
}

fn gone_by(gone_by: GoneBy) -> Value {
    json!(match gone_by {
        GoneBy::At(at) => at.to_string(),
        GoneBy::Held => "held".to_owned(),
        GoneBy::NotYet => "not_yet".to_owned(),
        GoneBy::WhileActive => "while_active".to_owned(),
        GoneBy::Unlimited => "unlimited".to_owned(),
    })
}
