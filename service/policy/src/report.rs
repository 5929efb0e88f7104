//! What implements each clause of the published texts, from the results of tests.

use crate::clause::Clause;
use crate::presets::Preset;

/// What implements one clause.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The clause.
    pub clause: Clause,
    /// Who can keep it.
    pub who: Vec<Who>,
    /// What implements it today, each with a test that shows it.
    pub by: Vec<Proof>,
    /// The part of the hosted service that will carry it out; `None` if software has no part in it.
    pub part: Option<&'static str>,
    /// What the published text says.
    pub text: &'static str,
    /// What people have to do for it, whatever software does; `None` if they have no part in it.
    pub duty: Option<&'static str>,
}

/// Something that implements a clause, with the evidence.
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
    /// Nobody: it only informs.
    Nobody = 'I', "nobody";
}

/// The status of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The policy decides it, and a test fails without the entry. The decision is not carried out yet.
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
    /// Its status.
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
    /// What implements each clause of the published text, in its order.
    ///
    /// The list behind it is a file that tests write and compare: a clause counts as kept only if a test that names the
    /// clause passes with an entry of this preset and fails without it, or if a test of this crate is labelled with the
    /// clause. It does not apply to a modified policy.
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
            .map(|line| Kept {
                by: proofs(&line.clause),
                who: line.who.chars().filter_map(Who::from_letter).collect(),
                part: line.part,
                text: line.text,
                duty: line.duty.and_then(duty),
                clause: line.clause,
            })
            .collect()
    }
}

/// What people have to do, by its keyword in the register.
fn duty(word: &str) -> Option<&'static str> {
    Some(match word {
        "aggregates" => "Improve the service from sums over many people, never from single ones.",
        "mailbox" => "Read the mailbox and answer.",
        "abuse" => "Review what the service blocked, and handle objections.",
        "orders" => "Check each order or claim, and place and release holds on named items only.",
        "no-sale" => "Sell, rent and trade nothing, by no contract and through no partner.",
        "contracts" => "Sign contracts with everybody who receives data, renew them, and check that they are kept.",
        "disclosure" => "Decide what is disclosed to whom and why, and write it down.",
        "staff" => "Give staff only the access that the text allows, and read its log.",
        "no-training" => "Train no models on what people provide, and compile no data sets from it.",
        "models" => "Know the licence of each model and of its training data.",
        "requests" => "Do what people ask for within the promised time, or say in that time why not.",
        "identity" => {
            "Verify who asks before anything is disclosed, changed or deleted, and ask for no more than that requires."
        }
        "fairness" => "Treat nobody worse for exercising their rights.",
        "authority" => "Tell people which authority they can complain to, and answer that authority.",
        "books" => "Keep the books as tax law requires, with access only for those who need it.",
        "children" => "Investigate every sign or report of a child, and delete their data at once.",
        "guardians" => "Verify that the consent comes from a parent or guardian.",
        "transfers" => "Keep the safeguards for transfers in force: frameworks, standard clauses, their dates.",
        "reviews" => "Have security reviewed regularly, and fix what is found.",
        "breaches" => "Find out what happened and to whom, and tell them in time.",
        "versions" => "Write the new version, review it, and post it before it takes effect.",
        "ownership" => "Claim no rights in what people upload or receive.",
        "purposes" => "Use data only for the purposes in the text.",
        _ => return None,
    })
}
