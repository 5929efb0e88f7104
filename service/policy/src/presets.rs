//! The policies of five published services, written from their clauses.
//!
//! Each rule names the clauses behind it. Where a text is silent or contradictory, an [`OpenPoint`](crate::OpenPoint)
//! records the choice that was made and why; the operator of a service must confirm each. Contacts are placeholders.

use crate::clause::Clause;
use crate::fault::Faults;
use crate::policy::Policy;

/// A policy that comes with the crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Its name, such as `narpix`.
    pub name: &'static str,
    /// Its text, a file of the format [`SCHEMA`](crate::SCHEMA).
    pub text: &'static str,
}

/// One clause of a published text, from the register.
pub(crate) struct Registered {
    pub(crate) clause: Clause,
    /// Letters for who can keep it.
    pub(crate) who: &'static str,
    /// The part of the service that will carry it out.
    pub(crate) part: Option<&'static str>,
    /// The keyword for people's duty.
    pub(crate) duty: Option<&'static str>,
    /// What it says.
    pub(crate) text: &'static str,
}

impl Preset {
    /// Every preset.
    pub const ALL: [Preset; 5] = [
        Preset { name: "narpix", text: include_str!("../presets/narpix.toml") },
        Preset { name: "neximage", text: include_str!("../presets/neximage.toml") },
        Preset { name: "upixel", text: include_str!("../presets/upixel.toml") },
        Preset { name: "picphoto", text: include_str!("../presets/picphoto.toml") },
        Preset { name: "nanaimg", text: include_str!("../presets/nanaimg.toml") },
    ];

    /// The preset with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.name == name)
    }

    /// The preset whose clauses have this prefix, such as `NARPIX`.
    pub(crate) fn of_text(text: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.name.eq_ignore_ascii_case(text))
    }

    /// The ids of all clauses of the published text, in its order.
    #[must_use]
    pub fn clauses(self) -> Vec<Clause> {
        self.register().map(|line| line.clause).collect()
    }

    /// The lines of the register of clauses.
    pub(crate) fn register(self) -> impl Iterator<Item = Registered> {
        let lines = include_str!("../presets/clauses.txt").lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(move |line| {
            let (facts, text) = line.split_once(" | ")?;
            let mut words = facts.split(' ');
            let clause = Clause::new(words.next()?)?;
            if !clause.text().eq_ignore_ascii_case(self.name) {
                return None;
            }
            let of = |word: &'static str| (word != "-").then_some(word);
            Some(Registered { clause, who: words.next()?, part: of(words.next()?), duty: of(words.next()?), text })
        })
    }

    /// The policy.
    ///
    /// # Errors
    ///
    /// None for unmodified presets; a test parses each.
    pub fn policy(self) -> Result<Policy, Faults> {
        self.text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_policy_without_faults() {
        for preset in Preset::ALL {
            if let Err(faults) = preset.policy() {
                panic!("{}:\n{faults}", preset.name);
            }
        }
    }

    #[test]
    fn every_clause_of_the_five_texts_is_listed() {
        let counts = Preset::ALL.map(|preset| preset.clauses().len());
        assert_eq!(counts, [165, 37, 40, 61, 47]);
    }

    #[test]
    fn presets_hold_no_mailbox_of_anybody() {
        for preset in Preset::ALL {
            for line in preset.text.lines().filter(|line| line.contains('@')) {
                assert!(line.contains("@example.org"), "{}: {line}", preset.name);
            }
        }
    }
}
