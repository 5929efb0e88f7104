//! Explains answers in words.

use jiff::Timestamp;

use crate::policy::Policy;
use crate::record::{Record, RecordError};
use crate::retention::{Answer, GoneBy, KeepUntil, Retention};
use crate::rule::{Keep, Rule};
use crate::wording::{clauses, instant};
use crate::words::{Action, Basis, Downgrade};

/// How long one record is kept, in words.
#[derive(Debug, Clone)]
pub struct Explanation<'p> {
    /// What happens to it, in a sentence that cites the clauses.
    pub sentence: String,
    /// Further sentences: legal requirements, restricted times, and what would end it sooner.
    pub more: Vec<String>,
    /// The rules that decided when it is gone, or why it is kept.
    pub decided_by: Vec<&'p Rule>,
    /// The answer itself.
    pub answer: Answer,
}

impl Policy {
    /// Explains the answer for one record to the person it belongs to. `retention` is this policy, compiled.
    ///
    /// # Errors
    ///
    /// As for [`Retention::answer`], and [`RecordError::Events`] if the class cannot have these events, or not in this
    /// order.
    pub fn explain(&self, retention: &Retention, record: &Record<'_>) -> Result<Explanation<'_>, RecordError> {
        let answer = retention.answer(record)?;
        self.check_events(record.class, &record.events)
            .map_err(|why| RecordError::Events { class: record.class, why })?;
        let decided_by: Vec<&Rule> = self.rules_in(answer.decided_by).collect();
        let sentence = self.sentence(record, &answer, &decided_by);
        let mut more = Vec::new();
        if let Some(floor) = answer.legal_floor {
            let law = self.rules_in(answer.rules).filter(|rule| rule.basis == Basis::Legal);
            let behind = clauses(law.flat_map(|rule| &rule.clauses));
            more.push(format!("The law requires it until {}{behind}.", self.at(floor)));
        }
        if let Some(restricted) = answer.restricted {
            let few = self.rules_in(answer.restricting);
            let behind = clauses(few.flat_map(|rule| &rule.clauses));
            more.push(format!(
                "From {} on, access is restricted to the few who need it{behind}.",
                self.at(restricted.from)
            ));
        }
        more.extend(self.plan_steps(record));
        more.extend(self.sooner(record, &answer));
        Ok(Explanation { sentence, more, decided_by, answer })
    }

    /// An instant in words, in the policy's time zone: `1 February 2026, 12:00 UTC`.
    #[must_use]
    pub fn instant_in_words(&self, at: Timestamp) -> String {
        instant(at, &self.about.timezone)
    }

    fn at(&self, instant: Timestamp) -> String {
        self.instant_in_words(instant)
    }

    fn sentence(&self, record: &Record<'_>, answer: &Answer, decided_by: &[&Rule]) -> String {
        let service = &self.about.service;
        let behind = clauses(decided_by.iter().flat_map(|rule| &rule.clauses));
        let because = match answer.gone_by {
            GoneBy::At(gone) => decided_by.iter().find_map(|rule| self.because(record, rule, answer, gone)),
            _ => None,
        };
        let because = because.map_or_else(String::new, |because| format!(": {because}"));
        match (answer.keep_until, answer.gone_by) {
            (KeepUntil::Held, GoneBy::Held) => {
                let slack = self.engine.slack.in_words();
                format!(
                    "{service} must keep it under a legal hold, and delete it within {slack} after the hold is released."
                )
            }
            (KeepUntil::At(floor), GoneBy::At(gone)) if floor < gone => {
                format!(
                    "{service} must keep it until {} and have deleted it by {}{because}{behind}.",
                    self.at(floor),
                    self.at(gone)
                )
            }
            (_, GoneBy::At(gone)) => {
                format!("{service} must have deleted it by {}{because}{behind}.", self.at(gone))
            }
            (_, GoneBy::WhileActive) => format!("{service} must keep it as long as the account is active{behind}."),
            (_, GoneBy::Unlimited) => format!("{service} may keep it for ever, because it is about no person{behind}."),
            (_, GoneBy::NotYet | GoneBy::Held) => format!("Nothing that would end it has happened yet{behind}."),
        }
    }

    /// Why it is gone at that instant, by a deciding rule: `24 hours after the upload`. Only a period that ends at
    /// exactly that instant is a reason.
    fn because(&self, record: &Record<'_>, rule: &Rule, answer: &Answer, gone: Timestamp) -> Option<String> {
        let calendar = self.calendar();
        let (clock, start) = (rule.clock?, record.events.get(rule.clock?)?);
        let after = clock.in_words();
        let period = rule.gone_by.unwrap_or_default();
        if rule.gone_by.is_some() && calendar.at_the_latest(start, period) == gone {
            return Some(match rule.keep {
                Some(Keep::For(keep)) => {
                    format!("kept for {}, gone {} after {after}", keep.in_words(), period.in_words())
                }
                _ => format!("{} after {after}", period.in_words()),
            });
        }
        if let (Some(law), Some(Keep::For(keep))) = (answer.legal_floor, rule.keep)
            && law == gone
        {
            return Some(format!("kept for {} after {after}, because the law requires it", keep.in_words()));
        }
        if let Some(chosen) = record.chosen.filter(|_| rule.org_may_shorten) {
            return Some(format!("{} after {after}, as the account chose", chosen.in_words()));
        }
        if let Some(released) = record.hold.and_then(|hold| hold.until)
            && calendar.at_the_latest(released, self.engine.slack) == gone
        {
            return Some(format!("{} after the legal hold was released", self.engine.slack.in_words()));
        }
        steps(record).find_map(|(from, to, at)| {
            let notice = self.plan_change.downgrade_notice.unwrap_or_default();
            let (begins, period) = match self.plan_change.downgrade {
                Downgrade::FromChange => (start.max(at), period),
                Downgrade::RecomputeAfter => (at, notice),
                Downgrade::Recompute => return None,
            };
            let when = self.at(at);
            let counts = calendar.at_the_latest(begins, period) == gone;
            counts.then(|| format!("{} after the account went from {from} to {to} on {when}", period.in_words()))
        })
    }

    /// The effects of plan changes, if the plan matters for this class.
    fn plan_steps(&self, record: &Record<'_>) -> Vec<String> {
        let matters = self.rules.iter().any(|rule| rule.plan.is_some() && rule.data.contains(&record.class));
        let shorter = match self.plan_change.downgrade {
            Downgrade::Recompute => "count from the same events as before".to_owned(),
            Downgrade::RecomputeAfter => {
                format!("begin {} later", self.plan_change.downgrade_notice.unwrap_or_default().in_words())
            }
            Downgrade::FromChange => "count from that day".to_owned(),
        };
        let told = |(from, to, at): (String, String, Timestamp)| {
            let when = self.at(at);
            format!(
                "The account went from {from} to {to} on {when}: shorter periods {shorter}, longer ones hold at once."
            )
        };
        steps(record).filter(|_| matters).map(told).collect()
    }

    /// Events that have not happened and would end it sooner, or at all.
    fn sooner(&self, record: &Record<'_>, answer: &Answer) -> Vec<String> {
        let mut lines = Vec::new();
        for rule in &self.rules {
            let fits = rule.data.contains(&record.class)
                && rule.field.is_none()
                && rule.action == Action::Purge
                && rule.plan.is_none_or(|plan| plan == record.plan)
                && rule.tier.is_none_or(|tier| tier == record.tier);
            let (Some(clock), Some(gone_by), true) = (rule.clock, rule.gone_by, fits) else { continue };
            if record.events.get(clock).is_none() && answer.gone_by != GoneBy::Unlimited {
                let behind = clauses(rule.clauses.iter());
                let sooner = match (answer.legal_floor, answer.gone_by) {
                    (Some(_), _) => ", but not before the law lets it go",
                    (None, GoneBy::At(_)) => ", if that is sooner",
                    (None, _) => "",
                };
                lines.push(format!(
                    "Gone {} after {} at the latest{sooner}{behind}.",
                    gone_by.in_words(),
                    clock.in_words()
                ));
            }
        }
        lines
    }
}

/// The changes of plan: from which, to which, when.
fn steps<'r>(record: &'r Record<'_>) -> impl Iterator<Item = (String, String, Timestamp)> + 'r {
    let left = record.plans_before;
    let next = left.iter().skip(1).map(|before| before.plan).chain([record.plan]);
    left.iter().zip(next).map(|(before, next)| (before.plan.to_string(), next.to_string(), before.until))
}
