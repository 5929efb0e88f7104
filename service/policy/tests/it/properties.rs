//! What holds for every policy and every record, not only for those we thought of.

use std::sync::LazyLock;

use packshot_policy::{
    Action, Answer, Basis, Check, ClassId, Clause, Clock, Downgrade, Events, GoneBy, Keep, KeepUntil, Period,
    PlanBefore, PlanId, Policy, Record, RecordError, Retention, Rule, Tier, Timestamp, Unbounded,
};
use proptest::prelude::*;
use proptest::sample::select;

/// A policy with two plans and two classes, in Berlin's time.
fn base() -> &'static Policy {
    static BASE: LazyLock<Policy> = LazyLock::new(|| include_str!("../wrong/right.toml").parse().unwrap());
    &BASE
}

prop_compose! {
    fn any_period()(months in 0..30_u32, days in 0..800_u32, hours in 0..50_u32) -> Period {
        format!("{months}mo{days}d{hours}h").parse().unwrap()
    }
}

fn clock() -> impl Strategy<Value = Clock> {
    select(Clock::ALL)
}

prop_compose! {
    /// Any rule that the parser would accept. What holds for every plan stands under no plan.
    fn any_rule()(
        both in any::<bool>(),
        plan in prop_oneof![Just(None), Just(Some("free")), Just(Some("paid"))],
        tier in prop_oneof![2 => Just(None), 1 => select(Tier::ALL).prop_map(Some)],
        clock in clock(),
        keep in prop_oneof![Just(None), any_period().prop_map(|period| Some(Keep::For(period))), Just(Some(Keep::WhileActive))],
        gone_by in prop_oneof![1 => Just(None), 2 => any_period().prop_map(Some)],
        basis in select(Basis::ALL),
        aggregate in prop::bool::weighted(0.05),
        restrict in prop::bool::weighted(0.2),
    ) -> Rule {
        let policy = base();
        let photo = policy.class("photo").unwrap();
        let for_period = matches!(keep, Some(Keep::For(_)));
        let restrict = restrict && gone_by.is_some();
        let keep = keep.filter(|_| !restrict);
        let for_period = for_period && !restrict;
        let basis = if for_period { basis } else { Basis::Service };
        let unbounded = (aggregate && gone_by.is_none() && !for_period).then_some(Unbounded::Aggregate);
        let data = if both { vec![policy.class("account").unwrap(), photo] } else { vec![photo] };
        let plan = plan.filter(|_| unbounded.is_none() && basis != Basis::Legal).map(|plan| policy.plan(plan).unwrap());
        Rule {
            id: String::new(),
            clauses: vec![Clause::new("DARKROOM-1").unwrap()],
            data,
            field: None,
            plan,
            tier,
            clock: (for_period || gone_by.is_some()).then_some(clock),
            keep,
            gone_by,
            unbounded,
            basis,
            action: if restrict { Action::Restrict } else { Action::Purge },
            truncate_to: None,
            org_may_shorten: false,
            stopped_by_legal_hold: false,
        }
    }
}

prop_compose! {
    fn any_instant()(second in 1_700_000_000..1_900_000_000_i64) -> Timestamp {
        Timestamp::new(second, 0).unwrap()
    }
}

prop_compose! {
    fn any_record()(
        events in prop::collection::vec((clock(), any_instant()), 0..6),
        plan in select(&["free", "paid"][..]),
        tier in select(Tier::ALL),
        history in any_history(&["free", "paid"]),
    ) -> Record<'static> {
        let policy = base();
        let plan_id = policy.plan(plan).unwrap();
        let events = events.into_iter().fold(Events::new(), |events, (clock, at)| events.with(clock, at));
        Record::new(policy.class("photo").unwrap(), plan_id, events).in_tier(tier).after_plans(history)
    }
}

/// Up to five plans before, some of them ending together.
fn any_history(plans: &'static [&'static str]) -> impl Strategy<Value = &'static [PlanBefore]> {
    let ends = prop_oneof![
        any_instant(),
        any_instant().prop_map(|at| Timestamp::new(at.as_second() / 40_000_000 * 40_000_000, 0).unwrap())
    ];
    prop::collection::vec((select(plans), ends), 0..=5).prop_map(|mut history| {
        history.sort_by_key(|(_, until)| *until);
        let history = history.into_iter().map(|(plan, until)| PlanBefore::new(PlanId::new(plan).unwrap(), until));
        &*history.collect::<Vec<_>>().leak()
    })
}

fn any_rules() -> impl Strategy<Value = Vec<Rule>> {
    prop::collection::vec(any_rule(), 0..8)
}

fn any_change() -> impl Strategy<Value = Downgrade> {
    select(Downgrade::ALL)
}

/// Whether a rule is about a plan that the account left. A shorter ceiling there can turn what was a step down into a step
/// up, which cuts no floor; the ceiling of the record comes no later all the same.
pub(crate) fn is_of_a_plan_before(rule: &Rule, record: &Record<'_>) -> bool {
    record.plans_before.iter().any(|before| Some(before.plan) == rule.plan)
}

fn answer(rules: &[Rule], change: Downgrade, record: &Record<'_>) -> Answer {
    let mut policy = base().clone();
    policy.rules = rules.to_vec();
    policy.plan_change.downgrade = change;
    policy.plan_change.downgrade_notice = Some(Period::days(1));
    Retention::new(&policy).answer(record).unwrap()
}

/// An answer without the places of the rules.
fn substance(answer: Answer) -> impl PartialEq + std::fmt::Debug {
    (answer.keep_until, answer.gone_by, answer.legal_floor, answer.restricted)
}

/// The period, shorter by a day or an hour.
fn shorter(period: Period) -> Option<Period> {
    let text = period.to_string();
    let less = |unit: &str, at: usize| {
        let start = text[..at].rfind(|letter: char| !letter.is_ascii_digit()).map_or(0, |place| place + 1);
        let number: u32 = text[start..at].parse().ok()?;
        format!("{}{}{}", &text[..start], number.checked_sub(1)?, &text[at..])
            .parse::<Period>()
            .ok()
            .filter(|_| !unit.is_empty())
    };
    text.find('d').and_then(|at| less("d", at)).or_else(|| text.find('h').and_then(|at| less("h", at)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    /// Every record gets an answer, and the answer does not contradict itself.
    #[test]
    fn an_answer_is_always_given_and_agrees_with_itself(rules in any_rules(), change in any_change(), record in any_record()) {
        let answer = answer(&rules, change, &record);
        if let GoneBy::At(gone) = answer.gone_by {
            prop_assert!(answer.keep_until <= KeepUntil::At(gone), "{answer:?}");
            prop_assert!(answer.legal_floor <= Some(gone), "{answer:?}");
        }
        if let Some(floor) = answer.legal_floor {
            prop_assert!(answer.keep_until >= KeepUntil::At(floor), "{answer:?}");
        }
        if let Some(restricted) = answer.restricted {
            prop_assert_eq!(restricted.until, answer.gone_by);
            prop_assert!(GoneBy::At(restricted.from) < answer.gone_by);
        }
    }

    #[test]
    fn the_order_of_rules_does_not_matter(
        (rules, shuffled) in any_rules().prop_flat_map(|rules| (Just(rules.clone()), Just(rules).prop_shuffle())),
        change in any_change(),
        record in any_record(),
    ) {
        prop_assert_eq!(substance(answer(&rules, change, &record)), substance(answer(&shuffled, change, &record)));
    }

    /// Saying something twice says nothing new, and asking twice gives the same answer.
    #[test]
    fn saying_it_twice_changes_nothing(rules in any_rules(), change in any_change(), record in any_record()) {
        let twice: Vec<Rule> = rules.iter().chain(&rules).cloned().collect();
        prop_assert_eq!(substance(answer(&rules, change, &record)), substance(answer(&twice, change, &record)));
        prop_assert_eq!(answer(&rules, change, &record), answer(&rules, change, &record));
    }

    #[test]
    fn a_stricter_rule_never_keeps_longer(
        rules in prop::collection::vec(any_rule(), 1..8),
        place in any::<prop::sample::Index>(),
        floor in any::<bool>(),
        change in any_change(),
        record in any_record(),
    ) {
        let before = answer(&rules, change, &record);
        let mut stricter = rules;
        let rule = place.get_mut(&mut stricter);
        match (floor, rule.keep, rule.gone_by) {
            (true, Some(Keep::For(period)), _) => rule.keep = Some(Keep::For(shorter(period).unwrap_or(period))),
            (_, Some(Keep::WhileActive), _) => rule.keep = None,
            (_, _, Some(period)) => rule.gone_by = Some(shorter(period).unwrap_or(period)),
            _ => {}
        }
        let after = answer(&stricter, change, &record);
        prop_assert!(after.gone_by <= before.gone_by, "{before:?} {after:?}");
        let turned = is_of_a_plan_before(place.get(&stricter), &record);
        prop_assert!(turned || after.keep_until <= before.keep_until, "{before:?} {after:?}");
    }

    #[test]
    fn another_ceiling_never_keeps_longer(
        rules in any_rules(),
        extra in any_rule(),
        clock in clock(),
        gone_by in any_period(),
        change in any_change(),
        record in any_record(),
    ) {
        let before = answer(&rules, change, &record);
        let mut more = rules;
        let (clock, gone_by) = (Some(clock), Some(gone_by));
        more.push(Rule { keep: None, unbounded: None, basis: Basis::Service, clock, gone_by, ..extra });
        let after = answer(&more, change, &record);
        let turned = more.last().is_some_and(|rule| is_of_a_plan_before(rule, &record));
        prop_assert!(after.gone_by <= before.gone_by, "{before:?} {after:?}");
        prop_assert!(turned || after.keep_until <= before.keep_until, "{before:?} {after:?}");
    }

    /// Pressing delete never makes anything stay longer, whatever else the policy says.
    #[test]
    fn deleting_never_keeps_longer(rules in any_rules(), change in any_change(), mut record in any_record(), at in any_instant()) {
        prop_assume!(rules.iter().all(|rule| rule.clock != Some(Clock::DeletedByUserAt) || rule.basis != Basis::Legal));
        prop_assume!(record.events.get(Clock::DeletedByUserAt).is_none());
        let before = answer(&rules, change, &record);
        record.events = record.events.with(Clock::DeletedByUserAt, at);
        let after = answer(&rules, change, &record);
        prop_assert!(after.gone_by <= before.gone_by, "{before:?} {after:?}");
        prop_assert!(after.keep_until <= before.keep_until, "{before:?} {after:?}");
    }

    /// Whatever plans follow each other, a record lives at most as long as under the longest of them, and at least as long as
    /// under the shortest.
    #[test]
    fn a_change_of_plans_is_never_beyond_the_plans(rules in any_rules(), change in any_change(), record in any_record()) {
        let always = |plan: &str| {
            let plan = base().plan(plan).unwrap();
            answer(&rules, change, &Record { plan, plans_before: &[], ..record })
        };
        let (free, paid) = (always("free"), always("paid"));
        let after = answer(&rules, change, &record);
        let ended = |answer: &Answer| matches!(answer.gone_by, GoneBy::At(_));
        if ended(&free) && ended(&paid) {
            prop_assert!(after.gone_by <= free.gone_by.max(paid.gone_by), "{free:?} {paid:?} {after:?}");
            prop_assert!(after.gone_by >= free.gone_by.min(paid.gone_by), "{free:?} {paid:?} {after:?}");
        }
    }

    /// A change to a plan whose periods are no longer moves no ceiling later, one whose periods are no shorter none earlier;
    /// a floor falls only on the way down.
    #[test]
    fn one_change_more_goes_one_way(
        free in any_period(),
        more in any_period(),
        keep in prop::option::of(any_period()),
        change in any_change(),
        record in any_record(),
        at in any_instant(),
    ) {
        let [free_plan, paid_plan] = ["free", "paid"].map(|plan| base().plan(plan).unwrap());
        let paid = free.plus(more);
        let rule = |plan, gone_by: Period| Rule {
            id: String::new(), clauses: vec![], data: vec![record.class], field: None, plan: Some(plan), tier: None,
            clock: Some(Clock::UploadedAt), keep: keep.map(Keep::For).filter(|_| plan == free_plan), gone_by: Some(gone_by),
            unbounded: None, basis: Basis::Service, action: Action::Purge, truncate_to: None, org_may_shorten: false,
            stopped_by_legal_hold: false,
        };
        let rules = [rule(free_plan, free), rule(paid_plan, paid)];
        let record = Record { events: Events::new().with(Clock::UploadedAt, Timestamp::from_second(1_700_000_000).unwrap()), ..record };
        let last = record.plans_before.last().map_or(Timestamp::MIN, |before| before.until);
        prop_assume!(at >= last);
        let before = answer(&rules, change, &record);
        let mut history = record.plans_before.to_vec();
        history.push(PlanBefore::new(record.plan, at));
        let other = if record.plan == free_plan { paid_plan } else { free_plan };
        let changed = Record { plan: other, plans_before: &history, ..record };
        let after = answer(&rules, change, &changed);
        if other == free_plan {
            prop_assert!(after.gone_by <= before.gone_by, "{before:?} {after:?}");
        } else if at != last {
            prop_assert!(after.gone_by >= before.gone_by, "{before:?} {after:?}");
            prop_assert!(after.keep_until >= before.keep_until, "{before:?} {after:?}");
        }
        // What was to be gone is not brought back.
        if before.gone_by <= GoneBy::At(at) {
            prop_assert!(after.gone_by <= before.gone_by, "{before:?} {after:?}");
        }
    }

    /// The work never begins before the record's first event, nor while the law wants it, and never after its end.
    #[test]
    fn work_begins_within_the_life_of_the_record(rules in any_rules(), change in any_change(), record in any_record()) {
        let answer = answer(&rules, change, &record);
        let first = Clock::ALL.iter().filter_map(|clock| record.events.get(*clock)).min();
        if let Some(at) = answer.purge_at {
            prop_assert!(Some(at) >= first && Some(at) >= answer.legal_floor, "{answer:?}");
            prop_assert!(answer.keep_until <= KeepUntil::At(at) && GoneBy::At(at) <= answer.gone_by, "{answer:?}");
        }
        prop_assert_eq!(answer.purge_at.is_some(), matches!(answer.gone_by, GoneBy::At(_)));
    }

    /// Plans out of order, and names that the policy does not have, get an error and no answer.
    #[test]
    fn what_cannot_be_answered_is_refused(rules in any_rules(), record in any_record(), late in any_instant(), early in any_instant()) {
        prop_assume!(early < late);
        let mut policy = base().clone();
        policy.rules = rules;
        let retention = Retention::new(&policy);
        let (free, paid) = (policy.plan("free").unwrap(), policy.plan("paid").unwrap());
        let mixed = [PlanBefore::new(free, late), PlanBefore::new(paid, early)];
        let refused = retention.answer(&record.after_plans(&mixed)).unwrap_err();
        prop_assert_eq!(refused, RecordError::PlansOutOfOrder { plan: paid, until: early });
        let class = ClassId::new("picture").unwrap();
        let version = retention.identity().version;
        prop_assert_eq!(retention.next_action(&Record { class, ..record }), Err(RecordError::UnknownClass { class, version }));
        let plan = PlanId::new("gold").unwrap();
        let unknown = RecordError::UnknownPlan { plan, version };
        prop_assert_eq!(retention.purge_at(&Record { plan, ..record }), Err(unknown));
        prop_assert_eq!(retention.answer(&record.after_plans(&[PlanBefore::new(plan, early)])), Err(unknown));
        let (gold, picture) = (Record { plan, ..record }, Record { class, ..record });
        prop_assert!(retention.fields(&gold).is_err() && retention.restorable_until(&picture).is_err());
    }

    /// No text makes the parser panic, and every refusal names a fault.
    #[test]
    fn every_text_is_read_or_refused(cut in any::<prop::sample::Index>(), piece in "[\\PC\n]{0,12}") {
        let right = include_str!("../wrong/right.toml");
        let mut at = cut.index(right.len());
        while !right.is_char_boundary(at) {
            at -= 1;
        }
        let text = format!("{}{piece}{}", &right[..at], &right[at..]);
        if let Err(faults) = text.parse::<Policy>() {
            prop_assert!(faults.iter().count() > 0);
            prop_assert!(faults.iter().all(|fault| fault.line >= 1 && fault.line <= text.matches('\n').count() + 1));
        }
    }

    /// Every class gets an end, or the checks say which has none.
    #[test]
    fn what_never_ends_is_found_by_the_checks(rules in any_rules(), mut record in any_record()) {
        let mut policy = base().clone();
        policy.rules = rules;
        let named = |check: Check| policy.lint(None).iter().any(|found| found.check == check && found.subject == "photo");
        let unbounded = named(Check::UnboundedPersonalData) || named(Check::ClassWithoutRule);
        for clock in Clock::ALL.iter().filter(|clock| !matches!(clock, Clock::DeletedByUserAt | Clock::ErasureRequestedAt)) {
            if record.events.get(*clock).is_none() {
                record.events = record.events.with(*clock, Timestamp::UNIX_EPOCH);
            }
        }
        for tier in [Tier::Production, Tier::Backup] {
            let answer = Retention::new(&policy).answer(&record.in_tier(tier)).unwrap();
            prop_assert!(unbounded || matches!(answer.gone_by, GoneBy::At(_)), "{answer:?}");
        }
    }
}
