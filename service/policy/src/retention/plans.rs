//! Promises across changes of plan.

use jiff::Timestamp;

use super::Retention;
use super::compiled::{Compiled, Plan};
use super::sum::Ceiling;
use crate::policy::MOST_PLANS;
use crate::record::Record;
use crate::words::Basis;

/// What a record is promised under a plan.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stand {
    /// `None`: nothing ends it.
    pub(super) ceiling: Option<Ceiling>,
    /// Until when it must be kept.
    pub(super) floor: Option<Timestamp>,
}

/// A plan that the account left, and what the record was promised until then.
#[derive(Debug, Clone, Copy, Default)]
struct Left {
    plan: Plan,
    ceiling: Option<Ceiling>,
    at: Timestamp,
}

/// The plans that were left, each with its last occurrence. An earlier occurrence of a plan never promises more than
/// the last one: every plan the account could have returned to then, it can still return to later.
struct History {
    left: [Left; MOST_PLANS + 1],
    count: usize,
}

impl History {
    fn leave(&mut self, left: Left) {
        let known = self.left.iter().take(self.count).position(|known| known.plan == left.plan);
        let place = known.unwrap_or(self.count);
        if let Some(slot) = self.left.get_mut(place) {
            *slot = left;
            self.count = self.count.max(place + 1);
        }
    }
}

impl Retention {
    /// What the rules promise, given every plan that the account had.
    ///
    /// A plan gives the longest of: its own periods, counted from the record's clocks; and, for each plan that was left
    /// before, its periods as `[plan_change]` begins them on leaving that plan, but no longer than that plan would have
    /// kept the record. So a downgrade never moves the ceiling later, an upgrade never moves it earlier, and an account
    /// that is upgraded again is treated as if it had changed directly from the last plan that was at least as long.
    ///
    /// A ceiling that was reached when the plan changed stays. A floor stays, except after a downgrade, for which
    /// `[plan_change]` applies. A plan that lasted no time promised nothing.
    pub(super) fn through_plans(&self, rules: &[Compiled], today: Plan, record: &Record<'_>) -> Stand {
        let mut history = History { left: [Left::default(); MOST_PLANS + 1], count: 0 };
        let (mut entered, mut due) = (Timestamp::MIN, None);
        let mut before = None;
        for span in record.plans_before {
            if span.until > entered {
                let plan = self.plan(&span.plan);
                let stand = self.enter(rules, plan, record, &history, before, due);
                due = Ceiling::earlier(due, stand.ceiling.filter(|ceiling| ceiling.at <= span.until));
                history.leave(Left { plan, ceiling: stand.ceiling, at: span.until });
                (entered, before) = (span.until, Some(stand));
            }
        }
        self.enter(rules, today, record, &history, before, due)
    }

    fn enter(
        &self,
        rules: &[Compiled],
        plan: Plan,
        record: &Record<'_>,
        history: &History,
        before: Option<Stand>,
        due: Option<Ceiling>,
    ) -> Stand {
        let own = || rules.iter().filter(move |rule| rule.plan.is_some() && rule.plan == plan);
        // `since` is the change from which its periods are counted; `None`: from the record's own clocks.
        let (mut ceiling, mut since) = (self.ceiling(own(), record, None), None);
        for left in history.left.iter().take(history.count) {
            let from_then = Ceiling::earlier(left.ceiling, self.ceiling(own(), record, Some(left.at)));
            if Ceiling::is_later(from_then, ceiling) {
                (ceiling, since) = (from_then, Some(left.at));
            }
        }
        let ceiling = Ceiling::earlier(due, ceiling);
        let kept = before.filter(|before| !Ceiling::is_later(before.ceiling, ceiling)).and_then(|before| before.floor);
        let floor = own().filter(|rule| rule.basis != Basis::Legal).filter_map(|rule| self.floor(rule, since, record));
        Stand { ceiling, floor: floor.max().max(kept) }
    }

    /// Whether the account had the rule's plan at a time when its clock had started: what the law required then, it
    /// still requires.
    pub(super) fn plan_was_held(&self, rule: &Compiled, event: Timestamp, record: &Record<'_>) -> bool {
        record.plans_before.iter().any(|before| before.until > event && self.plan(&before.plan) == rule.plan)
    }
}
