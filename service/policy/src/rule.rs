//! A rule: how long a class of data is kept, and by when it is gone.

use crate::clause::Clause;
use crate::name::{ClassId, PlanId};
use crate::period::Period;
use crate::words::{Action, Basis, Clock, Tier, Unbounded};

/// One promise about how long data is held.
///
/// A text such as "within 24 hours" gives a ceiling, `gone_by`; "for 30 days, so that you can download again" gives a
/// floor, `keep_for`, and a ceiling soon after; "at least 7 years" is a legal floor. A rule can have both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// The clauses behind it.
    pub clauses: Vec<Clause>,
    /// The classes it applies to.
    pub data: Vec<ClassId>,
    /// Only this field of them.
    pub field: Option<String>,
    /// Only under this plan.
    pub plan: Option<PlanId>,
    /// The copies it applies to; `None` means every copy, backups included.
    pub tier: Option<Tier>,
    /// The event that its periods are counted from.
    pub clock: Option<Clock>,
    /// How long it must be kept.
    pub keep: Option<Keep>,
    /// By when it must be completely gone.
    pub gone_by: Option<Period>,
    /// Why there is no ceiling.
    pub unbounded: Option<Unbounded>,
    /// Why it is kept.
    pub basis: Basis,
    /// What happens at the ceiling.
    pub action: Action,
    /// How many bits of an address remain, if the action is to truncate.
    pub truncate_to: Option<AddressBits>,
    /// Whether organisations may set a shorter period.
    pub org_may_shorten: bool,
    /// Whether the text itself says that a legal hold stops it.
    pub stopped_by_legal_hold: bool,
}

impl Rule {
    /// The time between floor and ceiling. If the units differ, such as `1mo` and `32d`, it is twice the slack, enough
    /// to do the work; without a floor it is empty.
    pub(crate) fn room(&self, slack: Period) -> Period {
        match (self.keep, self.gone_by) {
            (Some(Keep::For(keep)), Some(gone_by)) => gone_by.minus(keep).unwrap_or(slack.plus(slack)),
            _ => Period::default(),
        }
    }
}

/// How long something must be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// For this period after the clock's event.
    For(Period),
    /// As long as the account is active.
    WhileActive,
}

/// The bits of an address that remain when it is truncated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressBits {
    /// Of an IPv4 address.
    pub v4: u32,
    /// Of an IPv6 address.
    pub v6: u32,
}

/// The most rules that one policy may have.
pub const MOST_RULES: usize = 128;

/// A set of rules of a policy, by their index in [`Policy::rules`](crate::Policy::rules).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct RuleSet(u128);

impl RuleSet {
    /// Whether the rule at this index is in the set.
    #[must_use]
    pub fn contains(self, place: usize) -> bool {
        place < MOST_RULES && self.0 & (1 << place) != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The first index in the set.
    #[must_use]
    pub fn first(self) -> Option<usize> {
        (self.0 != 0).then_some(self.0.trailing_zeros() as usize)
    }

    pub(crate) fn with(self, other: RuleSet) -> RuleSet {
        RuleSet(self.0 | other.0)
    }

    pub(crate) fn insert(&mut self, place: u8) {
        self.0 |= 1_u128.checked_shl(u32::from(place)).unwrap_or(0);
    }
}
