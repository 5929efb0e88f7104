//! The outcome of a simulation.

use jiff::Timestamp;

use super::Scenario;
use super::check::Judged;
use super::life::Account;
use crate::name::{ClassId, PlanId};
use crate::policy::Policy;
use crate::record::Record;

/// The most violations that are recorded in detail; the others are only counted.
const MOST_STORIES: usize = 20;

/// Lifetimes are counted in steps of half an octave, from a second on; sixty of them are thirty years.
pub(super) const STEPS: usize = 60;

/// The outcome for all records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The simulated scenario.
    pub scenario: Scenario,
    /// Accounts that joined, closed, asked for erasure, and went down to a lesser plan.
    pub accounts: [u64; 4],
    /// One for each class of the policy, in its order.
    pub classes: Vec<ClassOutcome>,
    /// How many records were kept too long or not long enough; must be 0.
    pub violations: u64,
    /// The first violations.
    pub stories: Vec<Violation>,
    plans: Vec<String>,
}

/// The outcome for the records of one class.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClassOutcome {
    /// The class.
    pub name: String,
    /// How many were made.
    pub made: u64,
    /// How many were deleted during the simulation.
    pub purged: u64,
    /// How many of the remaining ones are restricted.
    pub restricted: u64,
    /// The least time between a deletion and its ceiling, in seconds.
    pub least_spare: Option<i64>,
    /// How long the deleted ones lived, by plan at the end of their life: counts in steps of half an octave.
    pub(super) lifetimes: Vec<Vec<u64>>,
    /// Made minus deleted in each month; the running sum is the number held.
    change: Vec<i64>,
}

/// What went wrong with one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Its class.
    pub class: String,
    /// Its plan at the end.
    pub plan: String,
    /// When it was made.
    pub made: Timestamp,
    /// When it was gone.
    pub purged: Option<Timestamp>,
    /// What was wrong.
    pub wrong: Wrong,
}

/// A promise that was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It could be read after its ceiling.
    TooLate {
        /// The ceiling.
        by: Timestamp,
    },
    /// It was missing while it had to be kept.
    TooEarly {
        /// Until when; `None` if as long as the account is active or a hold is in force.
        until: Option<Timestamp>,
    },
    /// A copy in a backup could be read after its ceiling.
    InBackups {
        /// The ceiling.
        by: Timestamp,
    },
}

impl ClassOutcome {
    /// How many were left at the end of the simulation.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.made - self.purged
    }
}

impl Outcome {
    pub(super) fn new(policy: &Policy, scenario: Scenario) -> Outcome {
        let months = month(scenario, scenario.end) + 1;
        let class = |name: &str| ClassOutcome {
            name: name.to_owned(),
            change: vec![0; months],
            lifetimes: vec![vec![0; STEPS]; policy.plans.len()],
            ..ClassOutcome::default()
        };
        let classes = policy.classes.iter().map(|known| class(&known.name)).collect();
        Outcome { scenario, accounts: [0; 4], classes, violations: 0, stories: Vec::new(), plans: policy.plans.clone() }
    }

    pub(super) fn account(&mut self, account: &Account) {
        let happened = [true, account.closed_in_time(), account.asked_for_erasure(), account.downgraded()];
        for (count, happened) in self.accounts.iter_mut().zip(happened) {
            *count += u64::from(happened);
        }
    }

    pub(super) fn record(
        &mut self,
        policy: &Policy,
        record: &Record<'_>,
        made: Timestamp,
        purged: Option<Timestamp>,
        judged: Judged,
    ) {
        let scenario = self.scenario;
        let Some(class) = self.classes.iter_mut().find(|class| class.name == record.class.as_str()) else { return };
        class.made += 1;
        class.change[month(scenario, made)] += 1;
        if let Some(purged) = purged {
            class.purged += 1;
            class.change[month(scenario, purged)] -= 1;
            let lived = purged.as_second() - made.as_second();
            let plan = policy.plans.iter().position(|plan| plan == record.plan.as_str());
            let steps = plan.and_then(|plan| class.lifetimes.get_mut(plan));
            if let Some(count) = steps.and_then(|steps| steps.get_mut(step(lived))) {
                *count += 1;
            }
        }
        class.restricted += u64::from(judged.restricted);
        class.least_spare = least(class.least_spare, judged.spare);
        if let Some(wrong) = judged.wrong {
            self.violations += 1;
            if self.stories.len() < MOST_STORIES {
                let plan = record.plan.to_string();
                self.stories.push(Violation { class: class.name.clone(), plan, made, purged, wrong });
            }
        }
    }

    /// Adds the outcome of other accounts of the same simulation.
    pub fn add(&mut self, other: &Outcome) {
        for (count, more) in self.accounts.iter_mut().zip(other.accounts) {
            *count += more;
        }
        for (class, more) in self.classes.iter_mut().zip(&other.classes) {
            class.made += more.made;
            class.purged += more.purged;
            class.restricted += more.restricted;
            class.least_spare = least(class.least_spare, more.least_spare);
            add(&mut class.change, &more.change);
            for (steps, more) in class.lifetimes.iter_mut().zip(&more.lifetimes) {
                add(steps, more);
            }
        }
        self.violations += other.violations;
        let free = MOST_STORIES - self.stories.len();
        self.stories.extend(other.stories.iter().take(free).cloned());
    }

    pub(super) fn class(&self, class: ClassId) -> Option<&ClassOutcome> {
        self.classes.iter().find(|known| known.name == class.as_str())
    }

    /// How many records of a class there were at the end of each month.
    pub fn held(&self, class: ClassId) -> impl Iterator<Item = u64> {
        let change = self.class(class).map_or(&[][..], |class| &class.change);
        change.iter().scan(0_i64, |held, change| {
            *held += change;
            Some(u64::try_from(*held).unwrap_or(0))
        })
    }

    /// How many records there were in all.
    #[must_use]
    pub fn made(&self) -> u64 {
        self.classes.iter().map(|class| class.made).sum()
    }

    /// How long the deleted records of a class lived under a plan: seconds, and how many lived about as long.
    pub fn lifetimes(&self, class: ClassId, plan: PlanId) -> impl Iterator<Item = (f64, u64)> {
        let plan = self.plans.iter().position(|known| known == plan.as_str());
        let steps = self.class(class).zip(plan).and_then(|(class, plan)| class.lifetimes.get(plan));
        let counts = steps.into_iter().flatten().zip(0_i32..);
        counts.filter(|(count, _)| **count > 0).map(|(count, step)| (2_f64.powf((f64::from(step) + 0.5) / 2.0), *count))
    }
}

fn add<T: Copy + std::ops::AddAssign>(sum: &mut [T], more: &[T]) {
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum += *more;
    }
}

fn least(known: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (known, other) {
        (Some(known), Some(other)) => Some(known.min(other)),
        (known, other) => known.or(other),
    }
}

/// Months of a twelfth of a year each, for a timeline.
fn month(scenario: Scenario, at: Timestamp) -> usize {
    const MONTH: i64 = 2_629_746;
    let at = at.min(scenario.end).as_second() - scenario.start.as_second();
    usize::try_from(at / MONTH).unwrap_or(0)
}

/// The step of a lifetime: twice its binary logarithm.
fn step(seconds: i64) -> usize {
    let octaves = seconds.max(1).ilog2();
    let half = seconds.max(1) >= ((1_i64 << octaves) as f64 * std::f64::consts::SQRT_2) as i64;
    (octaves as usize * 2 + usize::from(half)).min(STEPS - 1)
}
