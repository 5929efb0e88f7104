//! How long one record is kept, and by when it is gone.

use jiff::{SignedDuration, Timestamp};

use crate::policy::Policy;
use crate::record::{Downgraded, Record};
use crate::rule::{Keep, MOST_RULES, Rule, RuleSet};
use crate::{Action, Basis, Calendar, Clock, Downgrade, Period, PlanChange, PlanId, Tier, Unbounded};

/// A policy made ready to answer for many records. Answering takes no memory.
///
/// The rules of evaluation:
///
/// 1. A rule speaks about a record if it names the record's class, its plan (or none), the copy's tier (or none), and its
///    clock has started. A rule without a clock always speaks.
/// 2. The ceiling is the earliest `gone_by` of these rules.
/// 3. A floor of basis `service` falls away when the user deletes the item, closes the account or asks for erasure; one of
///    basis `reopen` when the user deletes the item or asks for erasure; one of basis `legal` never.
/// 4. Other floors end before the ceiling, by the slack of the engine: what must be gone then cannot be there until then.
///    A legal floor beyond the ceiling wins: from the ceiling to the end of the floor the record is restricted, and then
///    it is gone.
/// 5. A rule that restricts is no ceiling: from its end on the record is restricted, until it is gone.
/// 6. After a downgrade the new plan's periods begin as `[plan_change]` says, and the ceilings of the plan before stay:
///    going down never makes data live longer.
///
/// None of this depends on the order of the rules.
#[derive(Debug, Clone)]
pub struct Retention {
    calendar: Calendar,
    plan_change: PlanChange,
    /// How long before a ceiling the engine may begin to purge.
    slack: SignedDuration,
    /// For each class, its rules about the whole record, and those about single fields.
    classes: Vec<ClassRules>,
}

#[derive(Debug, Clone, Default)]
struct ClassRules {
    whole: Vec<Compiled>,
    fields: Vec<Compiled>,
}

/// A rule without its words.
#[derive(Debug, Clone, Copy)]
struct Compiled {
    place: u8,
    plan: Option<PlanId>,
    tier: Option<Tier>,
    clock: Option<Clock>,
    keep: Option<Keep>,
    gone_by: Option<Period>,
    unbounded: Option<Unbounded>,
    basis: Basis,
    action: Action,
}

/// Until when a record must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeepUntil {
    /// Nothing was promised.
    Unpromised,
    /// Until this instant.
    At(Timestamp),
    /// As long as the account is active.
    WhileActive,
}

/// By when nothing of a record may be left. In order: whatever comes later is kept longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GoneBy {
    /// By this instant.
    At(Timestamp),
    /// Nothing has begun yet that would end it: a ceiling starts with an event that has not happened.
    NotYet,
    /// Kept as long as the account is active.
    WhileActive,
    /// It may stay for ever.
    Unlimited,
}

/// A time in which only the few who must have a record may read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Restricted {
    /// From this instant on.
    pub from: Timestamp,
    /// Until it is gone.
    pub until: GoneBy,
}

/// The answer for one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Answer {
    /// Until when it must be there.
    pub keep_until: KeepUntil,
    /// By when nothing of it may be left.
    pub gone_by: GoneBy,
    /// Until when the law wants it.
    pub legal_floor: Option<Timestamp>,
    /// When only few may read it.
    pub restricted: Option<Restricted>,
    /// The rules that spoke, other than those that only restrict.
    pub rules: RuleSet,
    /// The rules that restrict.
    pub restricting: RuleSet,
}

/// By when a single field of a record is truncated or gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FieldLimit {
    /// The place of the rule in [`Policy::rules`]; it names the field and what is left of it.
    pub rule: usize,
    /// By this instant.
    pub by: Timestamp,
}

impl Policy {
    /// The calendar that the policy counts in.
    #[must_use]
    pub fn calendar(&self) -> Calendar {
        let calendar = Calendar::new(self.about.timezone.clone()).with_holidays(&self.about.holidays);
        if self.about.workweek.is_empty() { calendar } else { calendar.with_workweek(&self.about.workweek) }
    }
}

impl Retention {
    /// Makes the policy's rules ready.
    #[must_use]
    pub fn new(policy: &Policy) -> Retention {
        let mut classes = vec![ClassRules::default(); policy.classes.len()];
        for (place, rule) in (0..).zip(policy.rules.iter().take(MOST_RULES)) {
            let compiled = Compiled::new(place, rule);
            for class in &rule.data {
                if let Some(class) = classes.get_mut(class.index()) {
                    if rule.field.is_some() { &mut class.fields } else { &mut class.whole }.push(compiled);
                }
            }
        }
        let slack = policy.engine.slack.longest();
        Retention { calendar: policy.calendar(), plan_change: policy.plan_change, slack, classes }
    }

    /// How long the record is kept, and by when it is gone. Every record gets an answer; one of a class that the policy
    /// does not have is answered like one without rules.
    #[must_use]
    pub fn answer(&self, record: &Record) -> Answer {
        let mut found = Sum::default();
        let rules = self.classes.get(record.class.index()).map_or(&[][..], |class| &class.whole);
        for rule in rules {
            self.hear(rule, record, &mut found);
        }
        found.answer(self.slack)
    }

    /// The limits of single fields, such as an address that is truncated before its record goes.
    pub fn fields(&self, record: &Record) -> impl Iterator<Item = FieldLimit> {
        let rules = self.classes.get(record.class.index()).map_or(&[][..], |class| &class.fields);
        rules.iter().filter(|rule| rule.fits(record, Some(record.plan))).filter_map(|rule| {
            let start = record.events.get(rule.clock?)?;
            Some(FieldLimit { rule: usize::from(rule.place), by: self.calendar.at_the_latest(start, rule.gone_by?) })
        })
    }

    fn hear(&self, rule: &Compiled, record: &Record, found: &mut Sum) {
        let start = match rule.clock {
            Some(clock) => match record.events.get(clock) {
                Some(start) => Some(start),
                None => return,
            },
            None => None,
        };
        if rule.fits(record, Some(record.plan)) {
            self.hear_present(rule, record, start, found);
        } else if let (Some(before), Some(start), Some(gone_by)) = (record.downgrade, start, rule.gone_by)
            && rule.fits(record, Some(before.from))
        {
            found.ceiling(rule, self.calendar.at_the_latest(start, gone_by));
        }
    }

    fn hear_present(&self, rule: &Compiled, record: &Record, start: Option<Timestamp>, found: &mut Sum) {
        // Only rules of a plan know downgrades.
        let known = |downgrade: &Downgraded| rule.plan.is_some() && downgrade.from != record.plan;
        let downgrade = record.downgrade.filter(known).map(|downgrade| downgrade.at);
        let start = match (start, downgrade, self.plan_change.downgrade) {
            (Some(start), Some(at), Downgrade::FromChange) => Some(start.max(at)),
            (start, ..) => start,
        };
        if let (Some(start), Some(gone_by)) = (start, rule.gone_by) {
            let mut ceiling = self.calendar.at_the_latest(start, gone_by);
            if let (Some(at), Downgrade::RecomputeAfter) = (downgrade, self.plan_change.downgrade) {
                let notice = self.plan_change.downgrade_notice.unwrap_or_default();
                ceiling = ceiling.max(self.calendar.at_the_latest(at, notice));
            }
            found.ceiling(rule, ceiling);
        } else {
            found.rules.insert(rule.place);
        }
        if rule.floor_stands(record) {
            match (rule.keep, start) {
                (Some(Keep::WhileActive), _) => found.while_active = true,
                (Some(Keep::For(period)), Some(start)) => {
                    let floor = Some(self.calendar.at_the_earliest(start, period));
                    let known = if rule.basis == Basis::Legal { &mut found.legal } else { &mut found.floor };
                    *known = (*known).max(floor);
                }
                _ => {}
            }
        }
        found.aggregate |= rule.unbounded == Some(Unbounded::Aggregate);
    }
}

impl Compiled {
    fn new(place: u8, rule: &Rule) -> Compiled {
        Compiled {
            place,
            plan: rule.plan,
            tier: rule.tier,
            clock: rule.clock,
            keep: rule.keep,
            gone_by: rule.gone_by,
            unbounded: rule.unbounded,
            basis: rule.basis,
            action: rule.action,
        }
    }

    fn fits(&self, record: &Record, plan: Option<PlanId>) -> bool {
        (self.plan.is_none() || self.plan == plan) && self.tier.is_none_or(|tier| tier == record.tier)
    }

    fn floor_stands(&self, record: &Record) -> bool {
        let happened = |clock| record.events.get(clock).is_some();
        let deleted = happened(Clock::DeletedByUserAt) || happened(Clock::ErasureRequestedAt);
        match self.basis {
            Basis::Legal => true,
            Basis::Reopen => !deleted,
            Basis::Service => !deleted && !happened(Clock::AccountClosedAt),
        }
    }
}

/// What the rules said so far. Only least and greatest values, so that their order cannot matter.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    ceiling: Option<Timestamp>,
    restrict: Option<Timestamp>,
    legal: Option<Timestamp>,
    floor: Option<Timestamp>,
    while_active: bool,
    aggregate: bool,
    rules: RuleSet,
    restricting: RuleSet,
}

impl Sum {
    fn ceiling(&mut self, rule: &Compiled, at: Timestamp) {
        let (known, rules) = match rule.action {
            Action::Restrict => (&mut self.restrict, &mut self.restricting),
            Action::Purge | Action::Truncate => (&mut self.ceiling, &mut self.rules),
        };
        rules.insert(rule.place);
        *known = earlier(*known, Some(at));
    }

    fn answer(self, slack: SignedDuration) -> Answer {
        let gone_by = match self.ceiling {
            Some(ceiling) => GoneBy::At(self.legal.map_or(ceiling, |floor| floor.max(ceiling))),
            None if self.aggregate => GoneBy::Unlimited,
            None if self.while_active => GoneBy::WhileActive,
            None => GoneBy::NotYet,
        };
        let floor = if self.while_active {
            KeepUntil::WhileActive
        } else {
            self.floor.map_or(KeepUntil::Unpromised, KeepUntil::At)
        };
        let purge = self.ceiling.map(|ceiling| ceiling.checked_sub(slack).unwrap_or(Timestamp::MIN));
        let promised = purge.map_or(floor, |purge| floor.min(KeepUntil::At(purge)));
        let overruled = self.ceiling.filter(|ceiling| self.legal.is_some_and(|floor| floor > *ceiling));
        let restricted = earlier(self.restrict, overruled)
            .filter(|from| GoneBy::At(*from) < gone_by)
            .map(|from| Restricted { from, until: gone_by });
        Answer {
            keep_until: promised.max(self.legal.map_or(KeepUntil::Unpromised, KeepUntil::At)),
            gone_by,
            legal_floor: self.legal,
            restricted,
            rules: self.rules,
            restricting: self.restricting,
        }
    }
}

/// The earlier of two instants of which either may be missing.
fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
