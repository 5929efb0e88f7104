//! What the targets about policies have in common.

use packshot_policy::{
    Clock, Events, GoneBy, KeepUntil, PlanBefore, Policy, Preset, Purpose, Record, Retention, Tier, Timestamp, Trigger,
};

/// Asks a policy everything that it can be asked, about a record with these events. The answers must not contradict
/// themselves; the checks must not depend on how often they run.
pub fn ask(policy: &Policy, seconds: &[i32]) {
    let clauses = Preset::ALL[0].clauses();
    let findings = policy.lint(Some(&clauses));
    assert_eq!(findings, policy.lint(Some(&clauses)));
    for finding in &findings {
        assert!(!finding.to_string().is_empty());
    }
    let at = |place: usize| seconds.get(place).and_then(|second| Timestamp::from_second(i64::from(*second)).ok());
    let started = |(place, clock): (usize, &Clock)| at(place).map(|at| (*clock, at));
    let events: Events = Clock::ALL
        .iter()
        .enumerate()
        .filter_map(started)
        .fold(Events::new(), |events, (clock, at)| events.with(clock, at));
    let downgraded = at(Clock::ALL.len());
    let retention = Retention::new(policy);
    for (class, _) in policy.class_ids() {
        for plan in policy.plan_ids() {
            for tier in Tier::ALL {
                let record = Record::new(class, plan, events).in_tier(*tier);
                agrees(&retention, &record);
                if let (Some(at), Some(from)) = (downgraded, policy.plan_ids().next()) {
                    agrees(&retention, &record.after_plans(&[PlanBefore::new(from, at), PlanBefore::new(plan, at)]));
                }
            }
        }
    }
    for (on, received) in Trigger::ALL.iter().zip(seconds) {
        let Ok(received) = Timestamp::from_second(i64::from(*received)) else { continue };
        for laws in [&[][..], &policy.about.laws] {
            if let Some(due) = policy.due(*on, laws, received) {
                assert!(due.by >= received);
                assert!(due.extended.is_none_or(|extended| extended > due.by));
            }
        }
    }
    for class in policy.classes.iter().take(4) {
        for processor in policy.processors.iter().take(4) {
            for purpose in Purpose::ALL {
                let flow = policy.flow(&class.name, &processor.name, *purpose, &[]);
                assert!(!flow.is_allowed() || processor.purposes.contains(purpose));
            }
        }
    }
}

fn agrees(retention: &Retention, record: &Record<'_>) {
    let answer = retention.answer(record).expect("the class and the plans are those of the policy");
    assert_eq!(retention.answer(record), Ok(answer));
    if let GoneBy::At(gone) = answer.gone_by {
        assert!(answer.keep_until <= KeepUntil::At(gone), "{answer:?}");
        assert!(answer.legal_floor <= Some(gone), "{answer:?}");
    }
    if let Some(restricted) = answer.restricted {
        assert!(restricted.until == answer.gone_by && GoneBy::At(restricted.from) < answer.gone_by, "{answer:?}");
    }
    let next = retention.next_action(record).expect("what has an answer has a next action or none");
    assert!(next.is_none_or(|next| next.at <= next.by));
    assert_eq!(retention.with_older(&[retention]).answer(record).map(|both| both.gone_by), Ok(answer.gone_by));
}
