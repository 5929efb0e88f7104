//! What people are asked: consents and cookies.

use crate::CookieClass;
use crate::policy::{Consent, Cookie, Policy};

/// Whether a person has agreed, and why we say so.
#[derive(Debug, Clone, Copy)]
pub struct Agreement<'p> {
    /// What it is about.
    pub consent: &'p Consent,
    /// Whether they agree.
    pub given: bool,
    /// Why.
    pub because: Because,
}

/// What an agreement rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Because {
    /// The person said so.
    Answered,
    /// Nobody asked yet, and this holds until then.
    NotAsked,
    /// The browser sends Global Privacy Control, which refuses on the person's behalf.
    BrowserRefuses,
}

/// Whether something may be stored on a person's device.
#[derive(Debug, Clone, Copy)]
pub enum MayStore<'p> {
    /// It may, for [`Cookie::max_age`] at most.
    Yes(&'p Cookie),
    /// Not before the person is asked and agrees.
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
    /// Whether a person agrees. `answer` is what they said last, if they were asked; `gpc` whether their browser sends
    /// Global Privacy Control. None if the policy asks for no such consent: then there is nothing that it could permit.
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

    /// Whether a cookie of this kind may be stored. `answer` is what the person said about this kind, if they were asked.
    ///
    /// Without an answer, what holds is the default of the consent with the kind's name; without such a consent, people are
    /// asked first. A kind that cannot be refused needs no answer and hears none.
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
