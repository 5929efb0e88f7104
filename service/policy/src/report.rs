//! What keeps each clause of the published texts, from the results of tests.

use crate::policy::Clause;
use crate::presets::Preset;

/// What keeps one clause.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The clause.
    pub clause: Clause,
    /// Who can keep it.
    pub who: Vec<Who>,
    /// What decides it today, each with a test that shows it.
    pub by: Vec<Proof>,
    /// The part of the hosted service that will carry it out; none if software has no part in it.
    pub part: Option<&'static str>,
}

/// Something that keeps a clause, and how that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// An entry of the policy, such as `rule images-free`, or a part of this crate, such as `engine holds`.
    pub keeper: &'static str,
    /// The test, or the table of known answers, that fails without it.
    pub test: &'static str,
}

macro_rules! letters {
    ($(#[$doc:meta] $name:ident = $letter:literal, $word:literal;)*) => {
        /// Who can keep a clause.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Who { $(#[$doc] $name,)* }

        impl Who {
            /// The word for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Who::$name => $word,)* }
            }

            fn from_letter(letter: char) -> Option<Who> {
                match letter { $($letter => Some(Who::$name),)* _ => None }
            }
        }
    };
}

letters! {
    /// The server by itself.
    Server = 'S', "server";
    /// The server, by what it sends to a processor.
    Processor = 'P', "processor";
    /// The server when it starts: it refuses or warns.
    Start = 'D', "start";
    /// The client shows it.
    Client = 'C', "client";
    /// Only people.
    People = 'H', "people";
    /// Nobody: it informs.
    Nobody = 'I', "nobody";
}

/// Where a clause stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The policy decides it, and a test fails without the entry. What is decided is still to be carried out.
    Rules,
    /// It waits for the hosted service.
    Service,
    /// Only people can keep it.
    People,
    /// It promises nothing.
    Nothing,
}

impl Standing {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Standing::Rules => "rules",
            Standing::Service => "service",
            Standing::People => "people",
            Standing::Nothing => "nothing",
        }
    }
}

impl Kept {
    /// Where it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        if !self.by.is_empty() {
            Standing::Rules
        } else if self.part.is_some() {
            Standing::Service
        } else if self.who.contains(&Who::People) {
            Standing::People
        } else {
            Standing::Nothing
        }
    }

    /// Whether people have a duty in it too, whatever software does.
    #[must_use]
    pub fn needs_people(&self) -> bool {
        self.who.contains(&Who::People)
    }
}

impl Preset {
    /// What keeps each clause of the published text, in its order.
    ///
    /// The list behind it is a file that tests write and compare: a clause counts as kept only if a test that names the
    /// clause passes with an entry of this preset and fails without it, or if it is a test of this crate that bears the
    /// clause. It says nothing about a policy that was changed.
    #[must_use]
    pub fn report(self) -> Vec<Kept> {
        let proven = || include_str!("../presets/kept.txt").lines().filter(|line| !line.starts_with('#'));
        let proofs = |clause: &Clause| {
            let of_clause = proven().filter_map(|line| {
                let mut cells = line.split(" | ");
                let own = cells.next()? == clause.as_str();
                let proof = Proof { keeper: cells.next()?, test: cells.next()? };
                own.then_some(proof)
            });
            of_clause.collect()
        };
        self.register()
            .map(|(clause, who, part)| Kept {
                by: proofs(&clause),
                who: who.chars().filter_map(Who::from_letter).collect(),
                part: (part != "-").then_some(part),
                clause,
            })
            .collect()
    }
}
