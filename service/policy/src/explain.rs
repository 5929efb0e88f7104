//! An answer in words.

use jiff::Timestamp;

use crate::policy::Policy;
use crate::record::{Record, RecordError};
use crate::retention::{Answer, GoneBy, KeepUntil, Retention};
use crate::rule::{Keep, Rule};
use crate::wording::{clauses, instant};
use crate::{Action, Basis};

/// How long one record is kept, in words.
#[derive(Debug, Clone)]
pub struct Explanation<'p> {
    /// What happens to it, in a sentence with the clauses behind it.
    pub sentence: String,
    /// What else is to know: the law, restricted times, and what would end it sooner.
    pub more: Vec<String>,
    /// The rules that decided when it is gone, or why it stays.
    pub decided_by: Vec<&'p Rule>,
    /// The answer itself.
    pub answer: Answer,
}

impl Policy {
    /// Explains the answer for one record to the person whom it belongs to. `retention` is this policy made ready.
    ///
    /// # Errors
    ///
    /// As for [`Retention::answer`].
    pub fn explain(&self, retention: &Retention, record: &Record<'_>) -> Result<Explanation<'_>, RecordError> {
        let answer = retention.answer(record)?;
        let decided_by: Vec<&Rule> = self.rules_in(answer.decided_by).collect();
        let sentence = self.sentence(record, &answer, &decided_by);
        let mut more = Vec::new();
        if let Some(floor) = answer.legal_floor {
            let law = self.rules_in(answer.rules).filter(|rule| rule.basis == Basis::Legal);
            let behind = clauses(law.flat_map(|rule| &rule.clauses));
            more.push(format!("The law asks for it until {}{behind}.", self.at(floor)));
        }
        if let Some(restricted) = answer.restricted {
            let few = self.rules_in(answer.restricting);
            let behind = clauses(few.flat_map(|rule| &rule.clauses));
            more.push(format!(
                "From {} on only the few who must have it may read it{behind}.",
                self.at(restricted.from)
            ));
        }
        more.extend(self.sooner(record, &answer));
        Ok(Explanation { sentence, more, decided_by, answer })
    }

    fn at(&self, instant_: Timestamp) -> String {
        instant(instant_, &self.about.timezone)
    }

    fn sentence(&self, record: &Record<'_>, answer: &Answer, decided_by: &[&Rule]) -> String {
        let service = &self.about.service;
        let behind = clauses(decided_by.iter().flat_map(|rule| &rule.clauses));
        let because = decided_by
            .iter()
            .find_map(|rule| self.because(record, rule))
            .map_or_else(String::new, |because| format!(": {because}"));
        match (answer.keep_until, answer.gone_by) {
            (KeepUntil::Held, GoneBy::Held) => {
                let slack = self.engine.slack.in_words();
                format!("{service} keeps it under a legal hold, and has deleted it {slack} after the hold is released.")
            }
            (KeepUntil::At(floor), GoneBy::At(gone)) if floor < gone => {
                format!(
                    "{service} keeps it until {} and has deleted it by {}{because}{behind}.",
                    self.at(floor),
                    self.at(gone)
                )
            }
            (_, GoneBy::At(gone)) => {
                format!("{service} has deleted it by {} at the latest{because}{behind}.", self.at(gone))
            }
            (_, GoneBy::WhileActive) => format!("{service} keeps it as long as the account is active{behind}."),
            (_, GoneBy::Unlimited) => format!("{service} may keep it for ever, because it is about nobody{behind}."),
            (_, GoneBy::NotYet | GoneBy::Held) => format!("Nothing has happened yet that would end it{behind}."),
        }
    }

    /// `24 hours after the upload`.
    fn because(&self, record: &Record<'_>, rule: &Rule) -> Option<String> {
        let clock = rule.clock?;
        let after = clock.in_words();
        let chosen = record.chosen.filter(|_| rule.org_may_shorten);
        Some(match (chosen, rule.keep, rule.gone_by) {
            (Some(chosen), ..) => format!("{} after {after}, as the account chose", chosen.in_words()),
            (None, Some(Keep::For(keep)), Some(gone_by)) => {
                format!("kept for {}, gone {} after {after}", keep.in_words(), gone_by.in_words())
            }
            (None, _, gone_by) => format!("{} after {after}", gone_by?.in_words()),
        })
    }

    /// What would end it sooner, or at all, among the things that have not happened.
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
                let sooner = if matches!(answer.gone_by, GoneBy::At(_)) { ", if that is sooner" } else { "" };
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
