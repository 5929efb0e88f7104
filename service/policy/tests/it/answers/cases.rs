//! Known answers to questions about one clause each, for `answers.rs`, which asks them, and for `report.rs`, which finds
//! out which entries of a policy they need.
//!
//! A case names its clause, its policy, and where it stands. Its question is asked of any version of that policy, so that
//! one from which an entry is missing can be asked as well.

use std::path::Path;

use packshot_policy::{
    Admission, Clause, Clock, Events, Flow, Law, MayStore, Period, Policy, Record, Retention, Right, Timestamp,
};

/// One question with its answer.
pub(crate) struct Case {
    pub(crate) clause: String,
    pub(crate) policy: String,
    /// The file that it stands in, and its line.
    pub(crate) source: String,
    pub(crate) line: String,
    ask: Ask,
}

type Ask = Box<dyn Fn(&Policy) -> Result<(), String>>;

impl Case {
    /// Whether the policy answers as expected; otherwise what it answers.
    pub(crate) fn holds(&self, policy: &Policy) -> Result<(), String> {
        (self.ask)(policy)
    }
}

/// Every case: the table beside this file and all tables of vectors.
pub(crate) fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut files = vec![folder.join("it/answers/answers.txt")];
    let vectors = std::fs::read_dir(folder.join("vectors")).unwrap();
    files.extend(
        vectors.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|ext| ext == "txt")),
    );
    files.sort();
    files.iter().flat_map(|file| table(file)).collect()
}

/// Tables are told apart by their columns: five for an answer, seven for a deadline, nine for a record.
fn table(file: &Path) -> Vec<Case> {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let cells: Vec<String> = line.split('|').map(|cell| cell.trim().to_owned()).collect();
            let (clause, policy) = (cells[0].clone(), cells.get(1)?.clone());
            let ask: Ask = match cells.len() {
                5 => Box::new(move |policy| answer(policy, &cells)),
                7 => Box::new(move |policy| deadline(policy, &cells)),
                9 => {
                    let line = line.to_owned();
                    Box::new(move |policy| record(policy, &line))
                }
                _ => return None,
            };
            Some(Case { clause, policy, source: name.clone(), line: line.to_owned(), ask })
        })
        .collect()
}

pub(crate) fn at(text: &str) -> Timestamp {
    format!("{text}:00Z").parse().unwrap_or_else(|_| panic!("{text} is no instant"))
}

fn minute(instant: Timestamp) -> String {
    instant.to_string().trim_end_matches(":00Z").to_owned()
}

fn record(policy: &Policy, line: &str) -> Result<(), String> {
    let vector = crate::known::vectors(line).next().unwrap();
    let retention = Retention::new(policy);
    if vector.holds(policy, &retention) {
        Ok(())
    } else {
        Err(format!("{:?}", retention.answer(&vector.record(policy)).unwrap()))
    }
}

fn deadline(policy: &Policy, cells: &[String]) -> Result<(), String> {
    let laws: Vec<Law> = cells[3].split(' ').filter(|law| *law != "-").map(|law| law.parse().unwrap()).collect();
    let due = policy.due(cells[2].parse().unwrap(), &laws, at(&cells[4]));
    let text = |instant: Option<Timestamp>, none: &str| instant.map_or(none.to_owned(), minute);
    let found = (text(due.map(|due| due.by), "none"), text(due.and_then(|due| due.extended), "-"));
    let named = due.is_none_or(|due| due.decided_by.clauses.iter().any(|clause| clause.as_str() == cells[0]));
    if found == (cells[5].clone(), cells[6].clone()) && named { Ok(()) } else { Err(format!("{found:?}, {named}")) }
}

fn answer(policy: &Policy, cells: &[String]) -> Result<(), String> {
    let words: Vec<&str> = cells[3].split(',').map(str::trim).collect();
    let word = |place: usize| words.get(place).copied().filter(|word| *word != "-");
    let yes_no = |place: usize| word(place).map(|word| word == "yes");
    let (found, clauses) = match cells[2].as_str() {
        "flow" => {
            let consents: Vec<&str> = word(3).into_iter().collect();
            let flow = policy.flow(words[0], words[1], words[2].parse().unwrap(), &consents);
            let found = match flow {
                Flow::Allowed(..) => "allowed",
                Flow::NeedsConsent(..) => "needs consent",
                Flow::RuledOut(_) => "ruled out",
                Flow::NotDeclared(_) => "not declared",
                Flow::OtherPurpose(_) => "other purpose",
                Flow::UnknownProcessor => "unknown",
            };
            assert_eq!(flow.is_allowed(), found == "allowed");
            (found.to_owned(), flow.clauses().to_vec())
        }
        // How long a processor may hold what it gets, where, and whether a contract binds it.
        "processor" => policy.processors.iter().find(|to| to.name == words[0]).map_or_else(Default::default, |to| {
            let ttl = to.ttl.map_or("-".to_owned(), |ttl| ttl.to_string());
            (format!("{ttl}, {}, {}", to.regions.join(" "), if to.dpa { "bound" } else { "free" }), to.clauses.clone())
        }),
        "tell" => tell(policy, &words),
        "consent" => match policy.agreement(words[0], yes_no(1), yes_no(2) == Some(true)) {
            None => ("never asked".to_owned(), Vec::new()),
            Some(agreement) => {
                let given = if agreement.given { "yes" } else { "no" };
                let consent = agreement.consent;
                let mut found = format!("{given} {:?}", agreement.because);
                for (marked, word) in [(consent.explicit, " explicit"), (consent.per_item, " per item")] {
                    found += if marked { word } else { "" };
                }
                (found, consent.clauses.clone())
            }
        },
        "cookie" => match policy.may_store(words[0].parse().unwrap(), yes_no(1), yes_no(2) == Some(true)) {
            MayStore::Yes(cookie) => (format!("yes {}", cookie.max_age), cookie.clauses.clone()),
            MayStore::AskFirst(cookie) => ("ask first".to_owned(), cookie.clauses.clone()),
            MayStore::Refused(cookie) => ("refused".to_owned(), cookie.clauses.clone()),
            MayStore::NotDeclared => {
                ("never".to_owned(), policy.cookies.iter().flat_map(|one| one.clauses.clone()).collect())
            }
        },
        "age" => {
            let found = match policy.admission(words[0].parse().unwrap(), word(1)) {
                Admission::TooYoung { minimum } => format!("too young, {minimum}"),
                Admission::NeedsGuardian { until } => format!("guardian, {until}"),
                Admission::Welcome => "welcome".to_owned(),
            };
            (found, policy.age.clauses.clone())
        }
        "guardian" => {
            let may = policy.guardian_may(words[0].parse::<Right>().unwrap(), words[1].parse().unwrap());
            (if may { "may" } else { "may not" }.to_owned(), policy.age.clauses.clone())
        }
        "field" => field(policy, &words),
        "shorten" => {
            let (class, plan) = (policy.class(words[0]).unwrap(), policy.plan(words[1]).unwrap());
            let found = policy.shorten(class, plan, words[2].parse::<Period>().unwrap());
            let clauses = policy.rules.iter().filter(|rule| rule.org_may_shorten && rule.data.contains(&class));
            (
                format!("{found:?}").split('(').next().unwrap().to_owned(),
                clauses.flat_map(|rule| rule.clauses.clone()).collect(),
            )
        }
        other => panic!("there is no question {other}"),
    };
    let named = cells[0] == "-" || clauses.iter().any(|clause: &Clause| clause.as_str() == cells[0]);
    if found == cells[4] && named { Ok(()) } else { Err(format!("{found}, by {clauses:?}")) }
}

/// Occasion, law, when the person was told: which channels, from when on it holds, who agrees how.
fn tell(policy: &Policy, words: &[&str]) -> (String, Vec<Clause>) {
    let laws: Vec<Law> = words[1].split(' ').filter(|law| *law != "-").map(|law| law.parse().unwrap()).collect();
    let Some(telling) = policy.telling(words[0].parse().unwrap(), &laws) else { return Default::default() };
    let mut found: Vec<String> = Vec::new();
    let last = telling.notices[telling.notices.len() - 1];
    let ways: Vec<&str> = last.channels.iter().map(|way| way.as_str()).collect();
    found.push(ways.join(if last.all_channels { " and " } else { " or " }));
    found.push(format!("from {}", minute(telling.holds_from(at(words[2])))));
    let anew: Vec<&str> = telling.to_ask_anew().collect();
    if !anew.is_empty() {
        found.push(format!("anew {}", anew.join(" ")));
    }
    if telling.continued_use_accepts() {
        found.push("use accepts".to_owned());
    }
    (found.join(", "), telling.notices.iter().flat_map(|notice| notice.clauses.clone()).collect())
}

/// Class, an event, and when: what is left of a field, and by when the rest is gone.
fn field(policy: &Policy, words: &[&str]) -> (String, Vec<Clause>) {
    let events = Events::new().with(words[1].parse::<Clock>().unwrap(), at(words[2]));
    let record = Record::new(policy.class(words[0]).unwrap(), policy.plan_ids().next().unwrap(), events);
    let limits: Vec<_> = Retention::new(policy).fields(&record).unwrap().collect();
    let Some(limit) = limits.first() else { return Default::default() };
    let rule = &policy.rules[limit.rule];
    let bits = rule.truncate_to.map_or_else(String::new, |bits| format!("{}/{} bits ", bits.v4, bits.v6));
    (format!("{} {bits}{}", rule.field.as_deref().unwrap_or("-"), minute(limit.by)), rule.clauses.clone())
}
