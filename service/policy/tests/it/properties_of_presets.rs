//! What holds for the presets, and for whatever order their entries stand in.

use std::sync::LazyLock;

use packshot_policy::{
    Action, Answer, Basis, Clock, Events, GoneBy, Keep, KeepUntil, Law, Period, PlanBefore, Policy, Preset, Purpose,
    Record, Retention, Tier, Timestamp, Trigger,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::properties::is_of_a_plan_before;

static POLICIES: LazyLock<Vec<Policy>> =
    LazyLock::new(|| Preset::ALL.iter().map(|preset| preset.policy().unwrap()).collect());

/// Every set of events of every class under every plan in every tier gets an answer that says something: it ends, or
/// there is a word for why it does not.
#[test]
fn every_class_and_every_set_of_events_gets_an_answer() {
    let start: Timestamp = "2028-01-31T12:00:00Z".parse().unwrap();
    let mut count = 0_u64;
    for policy in POLICIES.iter() {
        let retention = Retention::new(policy);
        for (class, described) in policy.class_ids() {
            let whole: Vec<_> =
                policy.rules.iter().filter(|rule| rule.data.contains(&class) && rule.field.is_none()).collect();
            for set in 0..1_u32 << Clock::ALL.len() {
                let happened = |clock: Clock| set & (1 << clock as u32) != 0;
                let events =
                    Clock::ALL.iter().filter(|clock| happened(**clock)).fold(Events::new(), |events, clock| {
                        let day = i64::from(*clock as u8);
                        events.with(*clock, Timestamp::from_second(start.as_second() + day * 86_400).unwrap())
                    });
                for (plan, tier) in policy.plan_ids().flat_map(|plan| Tier::ALL.iter().map(move |tier| (plan, *tier))) {
                    let answer = retention.answer(&Record::new(class, plan, events).in_tier(tier)).unwrap();
                    agrees(&answer);
                    count += 1;
                    // Whether a rule that purges here has begun to count.
                    let begun = whole.iter().any(|rule| {
                        rule.action == Action::Purge
                            && rule.gone_by.is_some()
                            && rule.plan.is_none_or(|known| known == plan)
                            && rule.tier.is_none_or(|known| known == tier)
                            && rule.clock.is_some_and(happened)
                    });
                    let word = || format!("{} {} {set:011b} {answer:?}", policy.about.service, described.name);
                    assert_eq!(matches!(answer.gone_by, GoneBy::At(_)), begun, "{}", word());
                    assert!(answer.gone_by != GoneBy::Unlimited || !described.needs_a_ceiling(), "{}", word());
                    let held_here = described.only_in.map_or(tier != Tier::Processor, |only| only == tier);
                    if held_here && described.needs_a_ceiling() && set.count_ones() as usize == Clock::ALL.len() {
                        assert!(begun, "nothing ends it: {}", word());
                    }
                    // What only an open account holds does not outlive it.
                    let open = answer.gone_by == GoneBy::WhileActive;
                    assert!(!open || !held_here || !happened(Clock::AccountClosedAt), "{}", word());
                }
            }
        }
    }
    println!("{count} answers");
    assert!(count > 500_000, "{count}");
}

fn agrees(answer: &Answer) {
    if let GoneBy::At(gone) = answer.gone_by {
        assert!(answer.keep_until <= KeepUntil::At(gone), "{answer:?}");
        assert!(answer.legal_floor.is_none_or(|floor| floor <= gone), "{answer:?}");
    }
    if let Some(restricted) = answer.restricted {
        assert!(restricted.until == answer.gone_by && GoneBy::At(restricted.from) < answer.gone_by, "{answer:?}");
    }
}

prop_compose! {
    fn any_instant()(second in 1_700_000_000..1_950_000_000_i64) -> Timestamp {
        Timestamp::new(second, 0).unwrap()
    }
}

/// A preset, in its own time zone or in one where clocks change, and a record that it may hold.
fn any_case() -> impl Strategy<Value = (Policy, Record<'static>)> {
    let events = prop::collection::vec((select(Clock::ALL), any_instant()), 0..8);
    let zones = select(&["UTC", "Europe/Berlin", "Australia/Lord_Howe"][..]);
    let places = (any::<Index>(), any::<Index>(), any::<Index>());
    let history = prop::collection::vec((any::<Index>(), any_instant()), 0..4);
    (places, select(Tier::ALL), events, history, zones).prop_map(
        |((preset, class, plan), tier, events, history, zone)| {
            let mut policy = preset.get(&POLICIES).clone();
            policy.about.timezone = jiff::tz::TimeZone::get(zone).unwrap();
            let (classes, plans): (Vec<_>, Vec<_>) =
                (policy.class_ids().map(|(class, _)| class).collect(), policy.plan_ids().collect());
            let events = events.into_iter().fold(Events::new(), |events, (clock, at)| events.with(clock, at));
            let record = Record::new(*class.get(&classes), *plan.get(&plans), events).in_tier(tier);
            let mut history: Vec<_> =
                history.into_iter().map(|(from, at)| PlanBefore::new(*from.get(&plans), at)).collect();
            history.sort_by_key(|before| before.until);
            (policy, record.after_plans(history.leak()))
        },
    )
}

fn answer(policy: &Policy, record: &Record<'_>) -> Answer {
    Retention::new(policy).answer(record).unwrap()
}

fn half(period: Period) -> Period {
    let text = period.to_string();
    let unit = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    format!("{}{}", text[..unit].parse::<u32>().unwrap_or(0) / 2, &text[unit..]).parse().unwrap()
}

/// Ids of the rules that spoke, in any order.
fn spoke(policy: &Policy, answer: &Answer) -> Vec<String> {
    let mut ids: Vec<_> = policy.rules_in(answer.rules).map(|rule| rule.id.clone()).collect();
    ids.extend(policy.rules_in(answer.restricting).map(|rule| rule.id.clone()));
    ids.sort();
    ids
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// A rule with half the period, or one that keeps nothing any more, never keeps a record of a preset longer.
    #[test]
    fn a_stricter_preset_never_keeps_longer((policy, record) in any_case(), place in any::<Index>(), floor in any::<bool>()) {
        let before = answer(&policy, &record);
        let mut stricter = policy;
        let rule = place.get_mut(&mut stricter.rules);
        match (floor, rule.keep, rule.gone_by) {
            (true, Some(Keep::For(period)), _) => rule.keep = Some(Keep::For(half(period))),
            (true, Some(Keep::WhileActive), _) => rule.keep = None,
            (_, _, Some(period)) => rule.gone_by = Some(half(period)),
            _ => {}
        }
        let after = answer(&stricter, &record);
        prop_assert!(after.gone_by <= before.gone_by || after.gone_by == GoneBy::NotYet, "{before:?} {after:?}");
        let turned = is_of_a_plan_before(place.get(&stricter.rules), &record);
        prop_assert!(turned || after.keep_until <= before.keep_until, "{before:?} {after:?}");
    }

    /// Asked again, or of a policy that says everything twice, it says the same.
    #[test]
    fn a_preset_said_twice_says_the_same((policy, record) in any_case()) {
        let once = answer(&policy, &record);
        prop_assert_eq!(once, answer(&policy, &record));
        let mut twice = policy.clone();
        twice.rules.extend(policy.rules);
        let again = answer(&twice, &record);
        prop_assert_eq!((once.keep_until, once.gone_by, once.restricted), (again.keep_until, again.gone_by, again.restricted));
    }

    /// The order of rules, deadlines, processors and promises decides nothing, not even which rule is named.
    #[test]
    fn the_order_of_a_preset_decides_nothing(
        (policy, record) in any_case(),
        rules in any::<u64>(),
        received in any_instant(),
        on in select(Trigger::ALL),
        laws in prop::sample::subsequence(Law::ALL.to_vec(), 0..=Law::ALL.len()),
        purpose in select(Purpose::ALL),
        (data, to) in (any::<Index>(), any::<Index>()),
        consented in any::<bool>(),
    ) {
        let mut other = policy.clone();
        let turns = |length: usize| usize::try_from(rules % 97).unwrap() % length.max(1);
        other.rules.rotate_left(turns(policy.rules.len()));
        other.rules.reverse();
        other.deadlines.rotate_left(turns(policy.deadlines.len()));
        other.deadlines.reverse();
        other.processors.rotate_left(turns(policy.processors.len()));
        other.processors.reverse();
        other.never.reverse();
        let (one, two) = (answer(&policy, &record), answer(&other, &record));
        prop_assert_eq!((one.keep_until, one.gone_by, one.restricted), (two.keep_until, two.gone_by, two.restricted));
        prop_assert_eq!(spoke(&policy, &one), spoke(&other, &two));
        let due = |policy: &Policy| {
            policy.due(on, &laws, received).map(|due| (due.by, due.extended, due.decided_by.id.clone()))
        };
        prop_assert_eq!(due(&policy), due(&other));
        if let Some((by, extended, _)) = due(&policy) {
            prop_assert!(by >= received && extended.is_none_or(|extended| extended > by));
        }
        let consents: Vec<&str> = policy.consents.iter().filter(|_| consented).map(|consent| consent.id.as_str()).collect();
        let data = &data.get(&policy.classes).name;
        let to = &to.get(&policy.processors).name;
        let flow = |policy: &Policy| format!("{:?}", std::mem::discriminant(&policy.flow(data, to, purpose, &consents)));
        prop_assert_eq!(flow(&policy), flow(&other));
    }

    /// More law never gives more time, and more consent never takes a permission away.
    #[test]
    fn more_law_never_gives_more_time(
        (policy, _) in any_case(),
        received in any_instant(),
        on in select(Trigger::ALL),
        laws in prop::sample::subsequence(Law::ALL.to_vec(), 0..=Law::ALL.len()),
    ) {
        let alone = policy.due(on, &[], received);
        let under = policy.due(on, &laws, received);
        if let Some(alone) = alone {
            let under = under.unwrap();
            prop_assert!(under.by <= alone.by);
            prop_assert!(under.extended.unwrap_or(under.by) <= alone.extended.unwrap_or(alone.by));
        }
    }

    /// Pressing delete, closing the account and asking for erasure never keep anything longer, books apart.
    #[test]
    fn whoever_leaves_is_never_kept_longer((policy, mut record) in any_case(), at in any_instant(), clock in select(&[
        Clock::DeletedByUserAt, Clock::AccountClosedAt, Clock::ErasureRequestedAt,
    ][..])) {
        prop_assume!(record.events.get(clock).is_none());
        let before = answer(&policy, &record);
        record.events = record.events.with(clock, at);
        let after = answer(&policy, &record);
        prop_assert!(after.gone_by <= before.gone_by, "{before:?} {after:?}");
        let reopens = policy.rules.iter().any(|rule| rule.basis == Basis::Reopen && rule.clock == Some(clock));
        prop_assert!(reopens || after.keep_until <= before.keep_until, "{before:?} {after:?}");
    }
}
