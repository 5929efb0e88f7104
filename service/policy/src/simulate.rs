//! Simulates a population of accounts under a policy for years.

mod check;
mod life;
mod outcome;
mod picture;

pub use outcome::{ClassOutcome, Outcome, Violation, Wrong};

use std::ops::Range;

use jiff::Timestamp;

use crate::calendar::Calendar;
use crate::events::Events;
use crate::name::{ClassId, PlanId};
use crate::period::Period;
use crate::policy::Policy;
use crate::record::Record;
use crate::retention::Retention;
use crate::words::{Clock, Tier};
use life::{Account, Chance, Happening};

/// The population, and the simulated time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scenario {
    /// How many accounts join, spread over the whole time.
    pub accounts: u64,
    /// When the first may join.
    pub start: Timestamp,
    /// When the simulation ends. Records that still exist then were not yet due.
    pub end: Timestamp,
    /// The same seed gives the same lives, record by record, however the accounts are divided among calls.
    pub seed: u64,
}

/// A simulation of a policy.
///
/// Accounts join, upload, delete, undo deletions, change their plan, close, and ask for erasure; occasionally a court
/// holds a record. A sweep looks for due work at regular times. It fails occasionally, at most twice in a row, and
/// deleting takes up to a minute. Copies at a processor are deleted by the job itself.
///
/// The sweep knows only what has happened so far, and asks [`Retention`]. Its results are checked by independent code,
/// which interprets the rules again, with everything that happened: nothing must be readable after its ceiling, in
/// production or in a backup, and nothing must be missing before the end of a floor.
#[derive(Debug, Clone)]
pub struct Simulation<'p> {
    policy: &'p Policy,
    retention: Retention,
    calendar: Calendar,
    scenario: Scenario,
    habits: Vec<Habit>,
    sweep: i64,
}

/// How the records of one class are made and what can happen to them, derived from its rules.
#[derive(Debug, Clone, Copy)]
struct Habit {
    class: ClassId,
    /// The event that its records begin with.
    begins: Clock,
    /// Whether there is one record per account: no rule starts with the record itself.
    once: bool,
    can_delete: bool,
    can_withdraw: bool,
    /// An event that most of its records have, but not all: the job ends, the request is answered.
    ends: Option<Clock>,
    with_processor: bool,
}

/// The events that a record can begin with; the first one that the class has is used.
const BEGINNINGS: [Clock; 7] = [
    Clock::UploadedAt,
    Clock::CreatedAt,
    Clock::StartedAt,
    Clock::ProcessingEndedAt,
    Clock::IssuedAt,
    Clock::RequestClosedAt,
    Clock::RecordedAt,
];

/// Events that may never happen.
const ENDS: [Clock; 2] = [Clock::ProcessingEndedAt, Clock::RequestClosedAt];

fn begins_a_life(clock: Clock) -> bool {
    BEGINNINGS.contains(&clock)
}

impl<'p> Simulation<'p> {
    /// Prepares the simulation of a scenario.
    #[must_use]
    pub fn new(policy: &'p Policy, scenario: Scenario) -> Simulation<'p> {
        let habits = policy.class_ids().map(|(id, class)| {
            let clocks = || {
                policy
                    .rules
                    .iter()
                    .filter(move |rule| rule.field.is_none() && rule.data.contains(&id))
                    .filter_map(|rule| rule.clock)
            };
            let begins = BEGINNINGS.into_iter().find(|own| clocks().any(|clock| clock == *own));
            Habit {
                class: id,
                begins: begins.unwrap_or(Clock::CreatedAt),
                once: begins.is_none() && !clocks().any(|clock| clock == Clock::DeletedByUserAt),
                can_delete: clocks().any(|clock| clock == Clock::DeletedByUserAt),
                can_withdraw: clocks().any(|clock| clock == Clock::ConsentWithdrawnAt),
                ends: ENDS.into_iter().find(|end| begins != Some(*end) && clocks().any(|clock| clock == *end)),
                with_processor: class.only_in == Some(Tier::Processor),
            }
        });
        let sweep = policy.engine.sweep_every.most_seconds().clamp(1, 86_400);
        Simulation {
            policy,
            retention: Retention::new(policy),
            calendar: policy.calendar(),
            scenario,
            habits: habits.collect(),
            sweep: i64::try_from(sweep).unwrap_or(86_400),
        }
    }

    /// Simulates some accounts, by number. They are independent, so ranges can be simulated in parallel and their
    /// outcomes [added](Outcome::add); memory does not grow with their number.
    #[must_use]
    pub fn run(&self, accounts: Range<u64>) -> Outcome {
        let mut outcome = Outcome::new(self.policy, self.scenario);
        for number in accounts.start..accounts.end.min(self.scenario.accounts) {
            let mut chance = Chance::new(self.scenario.seed, number);
            let Some(account) = Account::new(self.policy, self.scenario, &mut chance) else { break };
            outcome.account(&account);
            for habit in &self.habits {
                for _ in 0..account.records_of(*habit, &mut chance) {
                    self.live(&account, *habit, &mut chance, &mut outcome);
                }
            }
        }
        outcome
    }

    /// Simulates one record.
    fn live(&self, account: &Account, habit: Habit, chance: &mut Chance, outcome: &mut Outcome) {
        let life = account.life_of(habit, self.policy, chance);
        let Some(made) = life.made else { return };
        let end = self.scenario.end;
        let tier = if habit.with_processor { Tier::Processor } else { Tier::Production };
        let events = Events::new().with(habit.begins, made).with(Clock::CreatedAt, made);
        let events =
            if habit.begins == Clock::UploadedAt { Events::new().with(Clock::UploadedAt, made) } else { events };
        let mut changes = account.changes_until(made);
        let plan = account.plan_after(changes);
        let mut record = Record::new(habit.class, plan, events).in_tier(tier).after_plans(account.before(changes));
        if habit.once {
            record.events = Events::new();
        }
        record.chosen = account.chosen(self.policy, record.class, record.plan);
        let mut before_deletion = record.events;
        let mut now = made;
        let mut happenings = life.happenings().peekable();
        let purged = loop {
            // The classes and plans are those of the policy itself, so there is always an answer.
            let aim = self.retention.purge_at(&record).ok().flatten();
            let due = aim.map(|aim| self.purge(aim.max(now), habit, chance));
            let happens = happenings.peek().filter(|(at, _)| *at <= end && due.is_none_or(|due| *at <= due));
            let Some(&(at, happening)) = happens else { break due };
            happenings.next();
            now = at;
            match happening {
                Happening::Event(clock) => {
                    if clock == Clock::DeletedByUserAt {
                        before_deletion = record.events;
                    }
                    record.events = record.events.with(clock, at);
                }
                // Restoring works only if the account was not closed or erased in between.
                Happening::Restored if self.can_come_back(&record, at) => {
                    record.events = before_deletion;
                }
                Happening::Restored => {}
                Happening::Plan => {
                    changes += 1;
                    record.plan = account.plan_after(changes);
                    record = record.after_plans(account.before(changes));
                    record.chosen = account.chosen(self.policy, record.class, record.plan);
                }
                Happening::Held => record = record.held(at, None),
                Happening::Released(since) => record = record.held(since, Some(at)),
            }
        };
        let purged = purged.filter(|at| *at <= end);
        let judged = check::judge(self.policy, &self.calendar, &record, purged, end);
        outcome.record(self.policy, &record, made, purged, judged);
    }

    fn can_come_back(&self, record: &Record<'_>, at: Timestamp) -> bool {
        matches!(self.retention.restorable_until(record), Ok(Some(until)) if at <= until)
    }

    /// When a record that is due at `aim` is gone.
    fn purge(&self, aim: Timestamp, habit: Habit, chance: &mut Chance) -> Timestamp {
        let later =
            |seconds: i64| Timestamp::from_second(aim.as_second().saturating_add(seconds)).unwrap_or(Timestamp::MAX);
        if habit.with_processor {
            return later(chance.below(20));
        }
        let second = aim.as_second();
        let sweep = self.sweep;
        // The next sweep, unless it fails, or the one after that as well.
        let wait = (sweep - second.rem_euclid(sweep)) % sweep;
        let failed = match chance.below(64) {
            0 => 2,
            1..=4 => 1,
            _ => 0,
        };
        later(wait + failed * sweep + chance.below(60))
    }
}

impl Policy {
    /// A shorter period that some account might choose for this class, if the policy offers one.
    pub(crate) fn some_choice(&self, class: ClassId, plan: PlanId) -> Option<Period> {
        let week = Period::days(7);
        matches!(self.shorten(class, plan, week), crate::shorten::Shortening::Accepted(_)).then_some(week)
    }
}
