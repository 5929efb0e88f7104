//! Flows: whether data may be sent to a processor for a purpose.

use std::fmt;

use crate::clause::Clause;
use crate::policy::{Never, Policy, Processor};
use crate::words::Purpose;

/// Whether data may be sent.
#[derive(Debug, Clone, Copy)]
pub enum Flow<'p> {
    /// It may, as the policy declares.
    Allowed(&'p Processor, Purpose),
    /// It may once the person has given this consent.
    NeedsConsent(&'p Processor, &'p str),
    /// A promise rules it out, for every processor.
    RuledOut(&'p Never),
    /// The processor is not declared to receive this data.
    NotDeclared(&'p Processor),
    /// The processor is declared for another purpose.
    OtherPurpose(&'p Processor),
    /// There is no such processor.
    UnknownProcessor,
}

impl<'p> Flow<'p> {
    /// Whether it may be sent now.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Flow::Allowed(..))
    }

    /// The clauses that decided; empty for an unknown processor.
    #[must_use]
    pub fn clauses(&self) -> &'p [Clause] {
        match self {
            Flow::RuledOut(never) => &never.clauses,
            Flow::UnknownProcessor => &[],
            Flow::Allowed(to, _) | Flow::NeedsConsent(to, _) | Flow::NotDeclared(to) | Flow::OtherPurpose(to) => {
                &to.clauses
            }
        }
    }
}

impl fmt::Display for Flow<'_> {
    /// The answer in a sentence, with its clauses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flow::Allowed(to, purpose) => write!(f, "yes: {} gets this for {}", to.name, purpose.as_str())?,
            Flow::NeedsConsent(to, consent) => {
                write!(f, "not yet: {} gets this once the person has given the consent `{consent}`", to.name)?;
            }
            Flow::RuledOut(never) => {
                f.write_str("no: nobody may use this for ")?;
                for (place, purpose) in never.purposes.iter().enumerate() {
                    write!(f, "{}{}", if place == 0 { "" } else { " or " }, purpose.as_str())?;
                }
                if let Some(consent) = &never.unless_consent {
                    write!(f, " without the consent `{consent}`")?;
                }
            }
            Flow::NotDeclared(to) => write!(f, "no: the policy does not say that {} gets this", to.name)?,
            Flow::OtherPurpose(to) => {
                let purposes: Vec<&str> = to.purposes.iter().map(|purpose| purpose.as_str()).collect();
                write!(f, "no: {} gets data for {} only", to.name, purposes.join(" and "))?;
            }
            Flow::UnknownProcessor => {
                f.write_str("no: the policy names no such processor, and data goes to nobody else")?;
            }
        }
        for (place, clause) in self.clauses().iter().enumerate() {
            write!(f, "{}{clause}", if place == 0 { " (" } else { ", " })?;
        }
        if self.clauses().is_empty() { Ok(()) } else { f.write_str(")") }
    }
}

impl Policy {
    /// Whether the policy has this data: a class, or `class.field` for a field that the class lists.
    #[must_use]
    pub fn has_data(&self, data: &str) -> bool {
        self.classes.iter().any(|class| {
            let field = data.strip_prefix(class.name.as_str()).and_then(|rest| rest.strip_prefix('.'));
            let lists = |field: &str| class.fields.iter().any(|known| known.trim_end_matches('?') == field);
            data == class.name || field.is_some_and(lists)
        })
    }

    /// The processors that receive data of this class, or of one of its fields.
    pub fn recipients<'p>(&'p self, class: &'p str) -> impl Iterator<Item = &'p Processor> {
        self.processors.iter().filter(move |to| to.sends.iter().any(|sent| self.class_of(sent) == Some(class)))
    }

    /// The processor with this id or name.
    #[must_use]
    pub fn processor(&self, id_or_name: &str) -> Option<&Processor> {
        self.processors.iter().find(|known| known.id == id_or_name || known.name == id_or_name)
    }

    /// Whether `data`, a class or `class.field`, may be sent to a processor, by its id or name, for a purpose, with the
    /// consents that the person has given. Undeclared flows are forbidden; a flow that a promise rules out is forbidden
    /// even if it is declared.
    #[must_use]
    pub fn flow(&self, data: &str, processor: &str, purpose: Purpose, consents: &[&str]) -> Flow<'_> {
        let given = |consent: &Option<String>| consent.as_deref().is_some_and(|name| consents.contains(&name));
        let ruled_out = self.never.iter().find(|never| {
            never.purposes.contains(&purpose) && self.rules_out(never, data) && !given(&never.unless_consent)
        });
        if let Some(never) = ruled_out {
            return Flow::RuledOut(never);
        }
        let Some(to) = self.processor(processor) else {
            return Flow::UnknownProcessor;
        };
        if !to.purposes.contains(&purpose) {
            return Flow::OtherPurpose(to);
        }
        // Receiving a class includes its fields; receiving a field does not include the class.
        let class = self.class_of(data);
        if !to.sends.iter().any(|sent| sent == data || Some(sent.as_str()) == class) {
            return Flow::NotDeclared(to);
        }
        match to.consent_for(purpose) {
            Some(consent) if !consents.contains(&consent) => Flow::NeedsConsent(to, consent),
            _ => Flow::Allowed(to, purpose),
        }
    }

    /// Whether a promise covers the data: by class, by group, or by covering everything.
    pub(crate) fn rules_out(&self, never: &Never, data: &str) -> bool {
        let class = self.class_of(data).and_then(|name| self.classes.iter().find(|class| class.name == name));
        never.data.iter().any(|covered| {
            covered == "*" || class.is_some_and(|class| class.name == *covered || class.group == *covered)
        })
    }

    /// The class of `class` or `class.field`: the longest matching name, because `output.variant` may itself be a
    /// class.
    pub(crate) fn class_of(&self, data: &str) -> Option<&str> {
        let fits = |class: &&str| data == *class || data.strip_prefix(class).is_some_and(|rest| rest.starts_with('.'));
        self.classes.iter().map(|class| class.name.as_str()).filter(fits).max_by_key(|name| name.len())
    }
}
