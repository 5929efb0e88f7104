//! Checks whether an account may choose a shorter period than the policy's.

use crate::name::{ClassId, PlanId};
use crate::period::Period;
use crate::policy::Policy;
use crate::rule::{Keep, Rule};
use crate::words::{Basis, Tier};

/// Whether an account may choose a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortening<'p> {
    /// It may. The rule is the one that is shortened.
    Accepted(&'p Rule),
    /// It may not: the period is not shorter than the rule's, and data must not be kept longer than promised.
    NotShorter(&'p Rule),
    /// It may not: the service could not do the work in that time.
    TooShort(&'p Rule),
    /// The policy offers no choice for this data.
    NotOffered,
}

impl Policy {
    /// Whether an account under `plan` may have its data of this class kept for `wanted` only. Put an accepted period
    /// into [`Record::chosen`](crate::Record::chosen).
    #[must_use]
    pub fn shorten(&self, class: ClassId, plan: PlanId, wanted: Period) -> Shortening<'_> {
        let offered = self.rules.iter().filter(|rule| {
            rule.org_may_shorten
                && rule.basis != Basis::Legal
                && rule.data.contains(&class)
                && rule.plan.is_none_or(|only| only == plan)
                && rule.tier.is_none_or(|only| only == Tier::Production)
        });
        let mut accepted = Shortening::NotOffered;
        for rule in offered {
            let limit = match rule.keep {
                Some(Keep::For(keep)) => keep,
                _ => rule.gone_by.unwrap_or_default(),
            };
            if !wanted.always_shorter_than(limit) {
                return Shortening::NotShorter(rule);
            }
            let slack = self.engine.slack;
            if !slack.always_shorter_than(wanted.plus(rule.room(slack))) {
                return Shortening::TooShort(rule);
            }
            accepted = Shortening::Accepted(rule);
        }
        accepted
    }
}
