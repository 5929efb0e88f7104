//! Choices of people: consents and cookies.

use crate::policy::{Consent, Cookie, Never, Notice, Policy, Processor};
use crate::rule::Rule;
use crate::words::{Clock, CookieClass};

/// Whether a person has agreed, and the reason.
#[derive(Debug, Clone, Copy)]
pub struct Agreement<'p> {
    /// The consent.
    pub consent: &'p Consent,
    /// Whether they agree.
    pub given: bool,
    /// The reason.
    pub because: Because,
}

/// The reason for an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Because {
    /// The person answered.
    Answered,
    /// The person was not asked yet: the default.
    NotAsked,
    /// The browser sends Global Privacy Control, which refuses on the person's behalf.
    BrowserRefuses,
}

/// What depends on one consent: without it, or once it is withdrawn, none of this happens.
#[derive(Debug, Clone)]
pub struct HangsOn<'p> {
    /// Processors that receive data only with it.
    pub processors: Vec<&'p Processor>,
    /// Uses that are ruled out without it.
    pub permits: Vec<&'p Never>,
    /// The cookies of the kind with the same name, if they can be refused.
    pub cookie: Option<&'p Cookie>,
    /// Rules that end data that was given for it, once it is withdrawn.
    pub ends: Vec<&'p Rule>,
    /// The notices after which it must be given again.
    pub asked_anew: Vec<&'p Notice>,
}

/// Whether something may be stored on a person's device.
#[derive(Debug, Clone, Copy)]
pub enum MayStore<'p> {
    /// It may, for [`Cookie::max_age`] at most.
    Yes(&'p Cookie),
    /// Only after the person is asked and agrees.
    AskFirst(&'p Cookie),
    /// The person, or their browser, said no.
    Refused(&'p Cookie),
    /// The policy names no cookies of this kind, so there are none.
    NotDeclared,
}

impl MayStore<'_> {
    /// Whether it may be stored now.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        matches!(self, MayStore::Yes(_))
    }
}

impl Policy {
    /// Whether a person agrees. `answer` is their last answer, if they were asked; `gpc` whether their browser sends
    /// Global Privacy Control. `None` if the policy has no such consent, which could then permit nothing.
    #[must_use]
    pub fn agreement(&self, consent: &str, answer: Option<bool>, gpc: bool) -> Option<Agreement<'_>> {
        let consent = self.consents.iter().find(|known| known.id == consent)?;
        let (given, because) = match answer {
            _ if gpc && consent.gpc_refuses => (false, Because::BrowserRefuses),
            Some(answer) => (answer, Because::Answered),
            None => (consent.default, Because::NotAsked),
        };
        Some(Agreement { consent, given, because })
    }

    /// What depends on a consent. `None` if the policy has no such consent.
    #[must_use]
    pub fn hangs_on(&self, consent: &str) -> Option<HangsOn<'_>> {
        let consent = self.consents.iter().find(|known| known.id == consent)?.id.as_str();
        let needs = |named: &Option<String>| named.as_deref() == Some(consent);
        let permits: Vec<&Never> = self.never.iter().filter(|never| needs(&never.unless_consent)).collect();
        let given_for_it = |rule: &&Rule| {
            let class = self.class_ids().filter(|(id, _)| rule.data.contains(id));
            let mut names = class.map(|(_, class)| class.name.as_str());
            names.any(|class| permits.iter().any(|never| self.rules_out(never, class)))
        };
        let withdrawn = self.rules.iter().filter(|rule| rule.clock == Some(Clock::ConsentWithdrawnAt));
        Some(HangsOn {
            processors: self
                .processors
                .iter()
                .filter(|to| to.needs_consent.iter().any(|(_, id)| id == consent))
                .collect(),
            cookie: self.cookies.iter().find(|cookie| cookie.opt_out && cookie.class.as_str() == consent),
            ends: withdrawn.filter(given_for_it).collect(),
            asked_anew: self.notices.iter().filter(|notice| notice.reconsent.iter().any(|id| id == consent)).collect(),
            permits,
        })
    }

    /// Whether a cookie of this kind may be stored. `answer` is the person's answer about this kind, if they were
    /// asked.
    ///
    /// Without an answer, the default of the consent with the kind's name applies; without such a consent, people must
    /// be asked first. A kind that cannot be refused needs no answer and ignores one.
    #[must_use]
    pub fn may_store(&self, class: CookieClass, answer: Option<bool>, gpc: bool) -> MayStore<'_> {
        let Some(cookie) = self.cookies.iter().find(|cookie| cookie.class == class) else {
            return MayStore::NotDeclared;
        };
        if !cookie.opt_out {
            return MayStore::Yes(cookie);
        }
        let agreement = self.agreement(class.as_str(), answer, gpc);
        let given = agreement.map_or(answer, |agreement| match agreement.because {
            Because::NotAsked => agreement.given.then_some(true),
            Because::Answered | Because::BrowserRefuses => Some(agreement.given),
        });
        match given {
            Some(true) => MayStore::Yes(cookie),
            Some(false) => MayStore::Refused(cookie),
            None => MayStore::AskFirst(cookie),
        }
    }
}
