//! Combines rules, and computes the answer.

use jiff::{SignedDuration, Timestamp};

use super::{Answer, GoneBy, KeepUntil, Restricted, Standing};
use crate::identity::Identity;
use crate::rule::RuleSet;

/// By when something is gone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ceiling {
    pub(super) at: Timestamp,
    /// When the work begins: earlier by the slack, but not before the event that it is counted from.
    pub(super) aim: Timestamp,
    /// The rules behind it.
    pub(super) rules: RuleSet,
    /// The version of these rules: 0 is the version in force, the others are counted from the oldest.
    pub(super) version: u8,
}

impl Ceiling {
    pub(super) fn new(at: Timestamp, event: Timestamp, slack: SignedDuration, place: u8) -> Ceiling {
        let aim = at.as_second().saturating_sub(slack.as_secs());
        let aim = Timestamp::new(aim, at.subsec_nanosecond()).unwrap_or(Timestamp::MIN).max(event);
        let mut rules = RuleSet::default();
        rules.insert(place);
        Ceiling { at, aim, rules, version: 0 }
    }

    /// The one that counts if both apply; `None` is no ceiling.
    pub(super) fn earlier(one: Option<Ceiling>, other: Option<Ceiling>) -> Option<Ceiling> {
        let (Some(one), Some(other)) = (one, other) else { return one.or(other) };
        let aim = one.aim.min(other.aim);
        Some(match one.at.cmp(&other.at) {
            std::cmp::Ordering::Less => Ceiling { aim, ..one },
            std::cmp::Ordering::Greater => Ceiling { aim, ..other },
            std::cmp::Ordering::Equal if one.version != other.version => Ceiling { aim, ..one },
            std::cmp::Ordering::Equal => Ceiling { aim, rules: one.rules.with(other.rules), ..one },
        })
    }

    /// Whether `one` allows more time than `other`; `None` is no ceiling.
    pub(super) fn is_later(one: Option<Ceiling>, other: Option<Ceiling>) -> bool {
        match (one, other) {
            (Some(one), Some(other)) => one.at > other.at,
            (one, other) => one.is_none() && other.is_some(),
        }
    }
}

/// What one or several versions say about a record. Only minima and maxima, so that order cannot matter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum<'r> {
    policy: &'r Identity,
    pub(super) ceiling: Option<Ceiling>,
    pub(super) restrict: Option<Ceiling>,
    pub(super) floor: Option<Timestamp>,
    pub(super) while_active: bool,
    pub(super) aggregate: bool,
    law: Option<Timestamp>,
    law_rules: RuleSet,
    pub(super) rules: RuleSet,
    pub(super) staying: RuleSet,
    pub(super) restricting: RuleSet,
}

impl<'r> Sum<'r> {
    pub(super) fn new(policy: &'r Identity) -> Sum<'r> {
        let none = RuleSet::default();
        Sum {
            policy,
            ceiling: None,
            restrict: None,
            floor: None,
            while_active: false,
            aggregate: false,
            law: None,
            law_rules: none,
            rules: none,
            staying: none,
            restricting: none,
        }
    }

    /// Adds a legal floor.
    pub(super) fn law(&mut self, until: Timestamp, place: u8) {
        if self.law.is_none_or(|known| known < until) {
            (self.law, self.law_rules) = (Some(until), RuleSet::default());
        }
        if self.law == Some(until) {
            self.law_rules.insert(place);
        }
    }

    /// Until when it is promised to be kept, without the law and holds: what must be gone by noon cannot be kept until
    /// noon.
    fn promised(&self) -> KeepUntil {
        let floor = if self.while_active {
            KeepUntil::WhileActive
        } else {
            self.floor.map_or(KeepUntil::Unpromised, KeepUntil::At)
        };
        self.ceiling.map_or(floor, |ceiling| floor.min(KeepUntil::At(ceiling.aim)))
    }

    /// Combines this version with an older one, under which the record was stored: see [`super::Versions`].
    pub(super) fn and_before(self, older: Sum<'r>, slack: SignedDuration) -> Sum<'r> {
        let ours = match (self.ceiling, older.promised()) {
            (Some(own), KeepUntil::At(floor)) if floor > own.aim => {
                let at = floor.checked_add(slack).unwrap_or(Timestamp::MAX).max(own.at);
                Some(Ceiling { at, aim: floor, ..own })
            }
            (Some(_), KeepUntil::WhileActive) => None,
            (own, _) => own,
        };
        let ceiling = Ceiling::earlier(older.ceiling, ours);
        let law = older.law.max(self.law);
        let by_law = ceiling.is_some_and(|ceiling| law > Some(ceiling.at));
        let older_decides = match ceiling {
            Some(_) if by_law => older.law >= self.law,
            Some(_) => !Ceiling::is_later(older.ceiling, ours),
            None => older.while_active || !self.while_active,
        };
        Sum {
            restrict: Ceiling::earlier(older.restrict, self.restrict),
            ceiling,
            floor: older.floor.max(self.floor),
            while_active: older.while_active || self.while_active,
            aggregate: older.aggregate && self.aggregate,
            law,
            ..if older_decides { older } else { self }
        }
    }

    /// The same sum, labelled with this version.
    pub(super) fn of_version(mut self, version: u8) -> Sum<'r> {
        for ceiling in self.ceiling.iter_mut().chain(&mut self.restrict) {
            ceiling.version = version;
        }
        self
    }

    pub(super) fn answer(&self, hold: Option<Standing>) -> Answer {
        let ceiling = self.ceiling.map(|ceiling| ceiling.at);
        let without = match ceiling {
            Some(ceiling) => GoneBy::At(self.law.map_or(ceiling, |law| law.max(ceiling))),
            None if self.aggregate => GoneBy::Unlimited,
            None if self.while_active => GoneBy::WhileActive,
            None => GoneBy::NotYet,
        };
        // A hold that comes after the end has no effect.
        let hold = hold.filter(|hold| GoneBy::At(hold.from) < without);
        let (gone_by, held) = match (hold.map(|hold| hold.released), without) {
            (None, _) => (without, KeepUntil::Unpromised),
            (Some(None), _) => (without.max(GoneBy::Held), KeepUntil::Held),
            (Some(Some((released, gone))), GoneBy::At(at)) => (GoneBy::At(at.max(gone)), KeepUntil::At(released)),
            (Some(Some((released, _))), _) => (without, KeepUntil::At(released)),
        };
        let floor = self.law.map_or(KeepUntil::Unpromised, KeepUntil::At).max(held);
        let purge_at = match (self.ceiling, gone_by, floor) {
            (Some(ceiling), GoneBy::At(_), KeepUntil::At(floor)) => Some(ceiling.aim.max(floor)),
            (Some(ceiling), GoneBy::At(_), _) => Some(ceiling.aim),
            _ => None,
        };
        // A record that is only kept for the law or a hold is restricted.
        let restricted = Ceiling::earlier(self.restrict, self.ceiling)
            .filter(|end| GoneBy::At(end.at) < gone_by)
            .map(|end| Restricted { from: end.at, until: gone_by });
        Answer {
            policy: *self.policy,
            keep_until: self.promised().max(floor),
            gone_by,
            purge_at,
            legal_floor: self.law,
            restricted,
            rules: self.rules,
            decided_by: self.decided_by(),
            restricting: self.restricting,
        }
    }

    fn decided_by(&self) -> RuleSet {
        match self.ceiling {
            Some(ceiling) if self.law.is_some_and(|law| law > ceiling.at) => self.law_rules,
            Some(ceiling) => ceiling.rules,
            None => self.staying,
        }
    }

    /// When the record is restricted, without floors; that work does not begin while its user may need it.
    pub(super) fn restriction(&self) -> Option<Ceiling> {
        let mut end = Ceiling::earlier(self.restrict, self.ceiling)?;
        if let KeepUntil::At(floor) = self.promised() {
            end.aim = end.aim.max(floor.min(end.at));
        }
        Some(end)
    }
}
