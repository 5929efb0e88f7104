//! Promises about a class of data, in lines for people.

use std::fmt::Write;

use crate::clause::Clause;
use crate::name::{ClassId, PlanId};
use crate::policy::Policy;
use crate::rule::{Keep, Rule};
use crate::words::{Action, Tier, Unbounded};

/// One promise about how long a class is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise<'p> {
    /// The plan that it applies to; `None` for all.
    pub plan: Option<&'p str>,
    /// What is promised, without a full stop: `gone 24 hours after the upload at the latest`.
    pub text: String,
    /// The clauses behind it.
    pub clauses: &'p [Clause],
}

impl Policy {
    /// What is promised about a class, in the order of the policy's rules.
    #[must_use]
    pub fn promises(&self, class: ClassId) -> Vec<Promise<'_>> {
        let about = self.rules.iter().filter(|rule| rule.data.contains(&class));
        about
            .map(|rule| Promise {
                plan: rule.plan.as_ref().map(PlanId::as_str),
                text: self.in_words(class, rule),
                clauses: &rule.clauses,
            })
            .collect()
    }

    /// What a rule promises about the first of its classes, for people: `gone 24 hours after the upload at the latest`.
    #[must_use]
    pub fn rule_in_words(&self, rule: &Rule) -> String {
        rule.data.first().map_or_else(String::new, |class| self.in_words(*class, rule))
    }

    fn in_words(&self, class: ClassId, rule: &Rule) -> String {
        let after = rule.clock.map_or("it was made", |clock| clock.in_words());
        let gone_by = rule.gone_by.map(|period| period.in_words());
        let mut text = match (rule.action, rule.keep, gone_by) {
            (Action::Truncate, _, Some(gone_by)) => {
                let field = crate::page::words::field(rule.field.as_deref().unwrap_or("address"));
                format!("its {field} is shortened {gone_by} after {after}, so that it identifies nobody")
            }
            (Action::Restrict, _, Some(gone_by)) => {
                format!("{gone_by} after {after}, access is restricted to the few who need it")
            }
            (_, Some(Keep::For(keep)), Some(gone_by)) => {
                format!("kept for {}, gone {gone_by} after {after} at the latest", keep.in_words())
            }
            (_, Some(Keep::For(keep)), None) => format!("kept for {} after {after}", keep.in_words()),
            (_, Some(Keep::WhileActive), _) => "kept as long as your account is active".to_owned(),
            (_, None, Some(gone_by)) => format!("gone {gone_by} after {after} at the latest"),
            (_, None, None) if rule.unbounded == Some(Unbounded::Aggregate) => {
                "may be kept for ever, because it is about no person".to_owned()
            }
            (_, None, None) => "kept until you end it".to_owned(),
        };
        // Omitted if the class is held in one tier only.
        let elsewhere = self.described(class).is_none_or(|class| class.only_in != rule.tier);
        match rule.tier.filter(|_| elsewhere) {
            Some(Tier::Production) => text += ", backups aside",
            Some(Tier::Backup) => text += ", in backups",
            Some(Tier::Processor) => text += ", where the job runs",
            None => {}
        }
        if rule.org_may_shorten {
            let _ = write!(text, "; you may choose a shorter time");
        }
        text
    }
}
