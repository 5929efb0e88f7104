//! How long one record is kept, and by when it is gone.

use jiff::{SignedDuration, Timestamp};

use crate::policy::Policy;
use crate::record::{Downgraded, LegalHold, Record};
use crate::rule::{Keep, MOST_RULES, Rule, RuleSet};
use crate::{Action, Basis, Calendar, Clock, Downgrade, Engine, Period, PlanChange, PlanId, Tier, Unbounded};

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
/// 7. A shorter period that an account chose takes the place of `keep_for` in rules with `org_may_shorten`, and the time
///    between floor and ceiling stays as long as it was. Without a `keep_for` it takes the place of `gone_by`.
/// 8. A legal hold that was placed before the ceiling outweighs every promise: the record must be there until the hold is
///    released, is restricted from its ceiling on, and is gone after the release as soon as the slack of the engine allows.
///
/// None of this depends on the order of the rules.
#[derive(Debug, Clone)]
pub struct Retention {
    calendar: Calendar,
    plan_change: PlanChange,
    engine: Engine,
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
    /// The time between floor and ceiling, if accounts may choose a shorter period.
    shorten_with: Option<Period>,
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
    /// Until a legal hold is released.
    Held,
}

/// By when nothing of a record may be left. In order: whatever comes later is kept longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GoneBy {
    /// By this instant.
    At(Timestamp),
    /// It would be gone by a known instant, but a legal hold stands: the slack of the engine after its release.
    Held,
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
            let compiled = Compiled::new(place, rule, policy.engine.slack);
            for class in &rule.data {
                if let Some(class) = classes.get_mut(class.index()) {
                    if rule.field.is_some() { &mut class.fields } else { &mut class.whole }.push(compiled);
                }
            }
        }
        let slack = policy.engine.slack.longest();
        let (calendar, plan_change) = (policy.calendar(), policy.plan_change);
        Retention { calendar, plan_change, engine: policy.engine, slack, classes }
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
        found.answer(self.slack, record.hold.and_then(|hold| self.hold(hold)))
    }

    /// When the service begins to delete the record: the slack of the engine before it must be gone, but not while it must
    /// be there. None if nothing has begun that would end it.
    ///
    #[must_use]
    pub fn purge_at(&self, record: &Record) -> Option<Timestamp> {
        let answer = self.answer(record);
        let GoneBy::At(gone_by) = answer.gone_by else { return None };
        let aim = gone_by.checked_sub(self.slack).unwrap_or(Timestamp::MIN);
        Some(match answer.keep_until {
            KeepUntil::At(floor) if floor < gone_by => aim.max(floor),
            _ => aim,
        })
    }

    /// Until when a user who deleted the record can have it back. None if it was not deleted, or if the account is closed
    /// or asked for erasure.
    #[must_use]
    pub fn restorable_until(&self, record: &Record) -> Option<Timestamp> {
        let deleted = record.events.get(Clock::DeletedByUserAt)?;
        let over = [Clock::AccountClosedAt, Clock::ErasureRequestedAt].map(|clock| record.events.get(clock));
        if over.iter().any(Option::is_some) {
            return None;
        }
        let until = self.calendar.at_the_latest(deleted, self.engine.restore_for);
        Some(self.purge_at(record).map_or(until, |purge| purge.min(until)))
    }

    /// When the hold ends, and when its record is gone after that; nothing if it never stood.
    fn hold(&self, hold: LegalHold) -> Option<Standing> {
        let after = |until| (until, self.calendar.at_the_latest(until, self.engine.slack));
        let released = hold.until.map(after);
        let stood = released.is_none_or(|(until, _)| until > hold.from);
        stood.then_some(Standing { from: hold.from, released })
    }

    /// The limits of single fields, such as an address that is truncated before its record goes.
    pub fn fields(&self, record: &Record) -> impl Iterator<Item = FieldLimit> {
        let rules = self.classes.get(record.class.index()).map_or(&[][..], |class| &class.fields);
        rules.iter().filter(|rule| rule.fits(record, Some(record.plan))).filter_map(|rule| {
            let start = record.events.get(rule.clock?)?;
            let mut by = self.calendar.at_the_latest(start, rule.gone_by?);
            if let Some(hold) = record.hold.and_then(|hold| self.hold(hold)).filter(|hold| hold.from < by) {
                by = by.max(hold.released?.1);
            }
            Some(FieldLimit { rule: usize::from(rule.place), by })
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
            if let (Some(chosen), Some(room)) = (record.chosen, rule.shorten_with) {
                ceiling = ceiling.min(self.calendar.at_the_latest(start, chosen.plus(room)));
            }
            found.ceiling(rule, ceiling);
        } else {
            found.rules.insert(rule.place);
        }
        if rule.floor_stands(record) {
            match (rule.keep, start) {
                (Some(Keep::WhileActive), _) => found.while_active = true,
                (Some(Keep::For(period)), Some(start)) => {
                    let mut floor = self.calendar.at_the_earliest(start, period);
                    if let (Some(chosen), Some(_)) = (record.chosen, rule.shorten_with) {
                        floor = floor.min(self.calendar.at_the_earliest(start, chosen));
                    }
                    let floor = Some(floor);
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
    fn new(place: u8, rule: &Rule, slack: Period) -> Compiled {
        // The law's floors are nobody's to shorten.
        let may = rule.org_may_shorten && rule.basis != Basis::Legal;
        Compiled {
            shorten_with: may.then(|| rule.room(slack)),
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

    fn answer(self, slack: SignedDuration, hold: Option<Standing>) -> Answer {
        let without = match self.ceiling {
            Some(ceiling) => GoneBy::At(self.legal.map_or(ceiling, |floor| floor.max(ceiling))),
            None if self.aggregate => GoneBy::Unlimited,
            None if self.while_active => GoneBy::WhileActive,
            None => GoneBy::NotYet,
        };
        // A hold that comes after the end finds nothing to hold.
        let hold = hold.filter(|hold| GoneBy::At(hold.from) < without);
        let (gone_by, held) = match (hold.map(|hold| hold.released), without) {
            (None, _) => (without, KeepUntil::Unpromised),
            (Some(None), _) => (without.max(GoneBy::Held), KeepUntil::Held),
            (Some(Some((released, gone))), GoneBy::At(at)) => (GoneBy::At(at.max(gone)), KeepUntil::At(released)),
            (Some(Some((released, _))), _) => (without, KeepUntil::At(released)),
        };
        let floor = if self.while_active {
            KeepUntil::WhileActive
        } else {
            self.floor.map_or(KeepUntil::Unpromised, KeepUntil::At)
        };
        let purge = self.ceiling.map(|ceiling| ceiling.checked_sub(slack).unwrap_or(Timestamp::MIN));
        let promised = purge.map_or(floor, |purge| floor.min(KeepUntil::At(purge)));
        // Whoever would be gone by now, but for the law or a hold, may be read by few.
        let restricted = earlier(self.restrict, self.ceiling)
            .filter(|from| GoneBy::At(*from) < gone_by)
            .map(|from| Restricted { from, until: gone_by });
        Answer {
            keep_until: promised.max(self.legal.map_or(KeepUntil::Unpromised, KeepUntil::At)).max(held),
            gone_by,
            legal_floor: self.legal,
            restricted,
            rules: self.rules,
            restricting: self.restricting,
        }
    }
}

/// A legal hold that stood for a while, or stands.
#[derive(Debug, Clone, Copy)]
struct Standing {
    from: Timestamp,
    /// When it was released, and by when its record is gone then.
    released: Option<(Timestamp, Timestamp)>,
}

/// The earlier of two instants of which either may be missing.
fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
