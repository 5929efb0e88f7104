//! Notices: who must be told what, when and how, and who must agree again.

use jiff::Timestamp;

use crate::period::Period;
use crate::policy::{Notice, Policy};
use crate::words::{Channel, Law, Occasion};

/// What must happen before a change takes effect for one person.
#[derive(Debug, Clone)]
pub struct Telling<'p> {
    policy: &'p Policy,
    /// The notices that decided, in the order of the policy.
    pub notices: Vec<&'p Notice>,
}

impl Policy {
    /// What must happen when `on` occurs, for a person protected by `laws`. `None` if the policy promises no notice of
    /// it.
    ///
    /// Call this on the policy that people agreed to, not on its replacement: the old one made the promise.
    #[must_use]
    pub fn telling(&self, on: Occasion, laws: &[Law]) -> Option<Telling<'_>> {
        let of_policy = matches!(on, Occasion::PolicyMinor | Occasion::PolicyMaterial);
        let covers = |notice: &&Notice| notice.on == on || (of_policy && notice.on == Occasion::PolicyAny);
        let protects = |notice: &&Notice| notice.law.is_none_or(|law| laws.contains(&law));
        let notices: Vec<&Notice> = self.notices.iter().filter(covers).filter(protects).collect();
        (!notices.is_empty()).then_some(Telling { policy: self, notices })
    }
}

impl<'p> Telling<'p> {
    /// Whether the person has been told as promised, if these channels were used. If a notice does not require all of
    /// its channels, one is enough.
    #[must_use]
    pub fn is_done_by(&self, used: &[Channel]) -> bool {
        self.notices.iter().all(|notice| {
            let mut ways = notice.channels.iter();
            let was_used = |way: &Channel| used.contains(way);
            if notice.all_channels { ways.all(was_used) } else { ways.any(was_used) }
        })
    }

    /// The earliest instant at which the change may take effect for a person who was told at `told`: the end of all
    /// lead times.
    #[must_use]
    pub fn holds_from(&self, told: Timestamp) -> Timestamp {
        let calendar = self.policy.calendar();
        let lead = |notice: &&Notice| calendar.at_the_earliest(told, notice.lead.unwrap_or_default());
        self.notices.iter().map(lead).max().unwrap_or(told)
    }

    /// When the change takes effect for one account.
    ///
    /// At once for an account that joined after it was posted. For everybody else the version before applies until they
    /// are told and the lead time is over; `None` while they are not told. A notice on the page only tells everybody at
    /// once.
    #[must_use]
    pub fn in_force_from(&self, posted: Timestamp, joined: Timestamp, told: Option<Timestamp>) -> Option<Timestamp> {
        if joined >= posted {
            return Some(joined);
        }
        let page_only =
            self.notices.iter().all(|notice| notice.channels.contains(&Channel::Page) && !notice.all_channels);
        let told = if page_only { Some(told.unwrap_or(posted)) } else { told };
        told.map(|told| self.holds_from(told.max(posted)))
    }

    /// The lead times, each with its notice; notices without one are omitted.
    pub fn leads(&self) -> impl Iterator<Item = (Period, &'p Notice)> {
        self.notices.iter().filter_map(|notice| Some((notice.lead?, *notice)))
    }

    /// The longest lead time, if any notice has one.
    #[must_use]
    pub fn longest_lead(&self) -> Option<Period> {
        self.leads().map(|(lead, _)| lead).max_by_key(|lead| lead.most_seconds())
    }

    /// The consents that the person must give again; until then they count as not given.
    pub fn to_ask_anew(&self) -> impl Iterator<Item = &'p str> {
        self.notices.iter().flat_map(|notice| notice.reconsent.iter().map(String::as_str))
    }

    /// Whether continued use of the service counts as agreement: only if every notice says so.
    #[must_use]
    pub fn continued_use_accepts(&self) -> bool {
        self.notices.iter().all(|notice| notice.continued_use_accepts)
    }
}
