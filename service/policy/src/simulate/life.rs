//! Random numbers, accounts, and what happens to their records.

use jiff::Timestamp;

use super::{Habit, Scenario};
use crate::name::{ClassId, PlanId};
use crate::period::Period;
use crate::policy::Policy;
use crate::record::PlanBefore;
use crate::words::Clock;

const DAY: i64 = 86_400;

/// Pseudo-random numbers (SplitMix64), so that every life is reproducible.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64, account: u64) -> Chance {
        let mut chance = Chance(seed ^ account.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, from 0; 0 if `limit` is not positive.
    pub(super) fn below(&mut self, limit: i64) -> i64 {
        let limit = u128::from(limit.max(1).unsigned_abs());
        i64::try_from((u128::from(self.next()) * limit) >> 64).unwrap_or(0)
    }

    fn percent(&mut self, chance: i64) -> bool {
        self.below(100) < chance
    }
}

/// Something that happens to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happening {
    Event(Clock),
    /// The user undoes a deletion.
    Restored,
    /// The account changes to its next plan.
    Plan,
    Held,
    /// The hold that was placed then is released.
    Released(Timestamp),
}

/// One account from the day it joins.
pub(super) struct Account {
    joined: i64,
    /// When its activity ends: closed, erased, or the end of the simulation.
    ends: i64,
    closes: Option<i64>,
    erasure: Option<i64>,
    /// All of its plans except the last, each with the day it ends; then the last.
    before: Vec<PlanBefore>,
    last: PlanId,
    downgraded: bool,
    pays: bool,
    wants_less: bool,
}

impl Account {
    /// None for a policy without plans.
    pub(super) fn new(policy: &Policy, scenario: Scenario, chance: &mut Chance) -> Option<Account> {
        let (start, end) = (scenario.start.as_second(), scenario.end.as_second());
        let plans: Vec<PlanId> = policy.plan_ids().collect();
        let some_plan =
            |chance: &mut Chance| usize::try_from(chance.below(i64::try_from(plans.len()).unwrap_or(1))).unwrap_or(0);
        let joined = start + chance.below((end - start) * 9 / 10);
        let rest = (end - joined).max(1);
        let closes = chance.percent(25).then(|| joined + DAY + chance.below(rest));
        let erasure = chance.percent(4).then(|| joined + DAY + chance.below(rest));
        let first = some_plan(chance);
        let ends = [closes, erasure, Some(end)].into_iter().flatten().min().unwrap_or(end);
        let mut account = Account {
            joined,
            ends,
            closes,
            erasure,
            before: Vec::new(),
            last: plans.get(first).copied()?,
            downgraded: false,
            pays: first > 0,
            wants_less: chance.percent(10),
        };
        // Some change their plan, and some of these again, within days or years.
        let (mut at, mut place) = (joined, first);
        while account.before.len() < MOST_CHANGES && chance.percent(if at == joined { 30 } else { 40 }) {
            let within = if chance.percent(50) { 20 * DAY } else { rest };
            at += 1 + chance.below(within);
            let next = some_plan(chance);
            let (Ok(until), Some(plan)) = (Timestamp::from_second(at), plans.get(next)) else { break };
            if at >= ends {
                break;
            }
            account.before.push(PlanBefore::new(account.last, until));
            account.last = *plan;
            account.downgraded |= next < place;
            place = next;
        }
        Some(account)
    }

    pub(super) fn closed_in_time(&self) -> bool {
        self.closes == Some(self.ends)
    }

    pub(super) fn downgraded(&self) -> bool {
        self.downgraded
    }

    pub(super) fn asked_for_erasure(&self) -> bool {
        self.erasure == Some(self.ends)
    }

    /// How often it has changed its plan by then.
    pub(super) fn changes_until(&self, at: Timestamp) -> usize {
        self.before.iter().take_while(|before| before.until <= at).count()
    }

    /// The plan after this many changes.
    pub(super) fn plan_after(&self, changes: usize) -> PlanId {
        self.before.get(changes).map_or(self.last, |before| before.plan)
    }

    /// The plans before this many changes.
    pub(super) fn before(&self, changes: usize) -> &[PlanBefore] {
        self.before.get(..changes).unwrap_or(&self.before)
    }

    /// The shorter period that the account chose, if it wants less and the policy offers it.
    pub(super) fn chosen(&self, policy: &Policy, class: ClassId, plan: PlanId) -> Option<Period> {
        if self.wants_less { policy.some_choice(class, plan) } else { None }
    }

    /// How many records of a class it makes.
    pub(super) fn records_of(&self, habit: Habit, chance: &mut Chance) -> i64 {
        match habit.begins {
            _ if habit.once => 1,
            Clock::UploadedAt | Clock::CreatedAt => chance.below(4),
            Clock::ProcessingEndedAt | Clock::RecordedAt => chance.below(3),
            Clock::IssuedAt => chance.below(if self.pays { 4 } else { 1 }),
            _ => i64::from(chance.percent(20)),
        }
    }

    /// What happens to one record.
    pub(super) fn life_of(&self, habit: Habit, policy: &Policy, chance: &mut Chance) -> Life {
        let mut life = Life { made: None, happenings: [None; MOST] };
        let made = if habit.once { self.joined } else { self.joined + chance.below(self.ends - self.joined) };
        life.made = Timestamp::from_second(made).ok();
        let rest = self.ends - made;
        if habit.can_delete && chance.percent(30) {
            // Most of what is deleted is deleted soon.
            let soon = if chance.percent(60) { rest.min(10 * DAY) } else { rest };
            let deleted = made + chance.below(soon);
            life.add(deleted, Happening::Event(Clock::DeletedByUserAt));
            if chance.percent(20) {
                let window = i64::try_from(policy.engine.restore_for.most_seconds()).unwrap_or(DAY);
                life.add(deleted + chance.below(window * 2), Happening::Restored);
            }
        }
        if habit.can_withdraw && chance.percent(30) {
            life.add(made + chance.below(rest), Happening::Event(Clock::ConsentWithdrawnAt));
        }
        for change in self.before.iter().map(|before| before.until.as_second()).filter(|at| *at > made) {
            life.add(change, Happening::Plan);
        }
        if let Some(end) = habit.ends.filter(|_| chance.percent(90)) {
            let most = if habit.with_processor { 600 } else { 40 * DAY };
            life.add(made + chance.below(most), Happening::Event(end));
        }
        if let Some(at) = self.closes {
            life.add(at, Happening::Event(Clock::AccountClosedAt));
        }
        if let Some(at) = self.erasure {
            life.add(at, Happening::Event(Clock::ErasureRequestedAt));
        }
        // A court names single records, and never those that exist only during a job.
        if !habit.with_processor && chance.below(500) == 0 {
            let from = made + chance.below(40 * DAY);
            if let Ok(since) = Timestamp::from_second(from) {
                life.add(from, Happening::Held);
                life.add(from + DAY + chance.below(400 * DAY), Happening::Released(since));
            }
        }
        life.happenings.sort_by_key(|happening| happening.map_or(i64::MAX, |(at, _)| at));
        life
    }
}

/// How often an account changes its plan at most.
const MOST_CHANGES: usize = 5;

/// The most events of a record in our scenarios: a deletion and its undoing, a withdrawal, the end of its job or
/// request, changes of plan, a closure, an erasure, a hold and its release.
const MOST: usize = 8 + MOST_CHANGES;

/// What happens to one record, in order.
pub(super) struct Life {
    pub(super) made: Option<Timestamp>,
    happenings: [Option<(i64, Happening)>; MOST],
}

impl Life {
    fn add(&mut self, at: i64, happening: Happening) {
        if let Some(free) = self.happenings.iter_mut().find(|place| place.is_none()) {
            *free = Some((at, happening));
        }
    }

    pub(super) fn happenings(&self) -> impl Iterator<Item = (Timestamp, Happening)> {
        self.happenings
            .iter()
            .flatten()
            .filter_map(|(at, happening)| Some((Timestamp::from_second(*at).ok()?, *happening)))
    }
}
