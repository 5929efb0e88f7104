//! Reads the tables of known answers.
//!
//! One vector a line: clauses, policy, class, plan, tier, events, keep until, gone by, and then either the rules that
//! must have spoken or, after `restricted`, the beginning of the restricted time. `-` is nothing.
//!
//! `vectors/` holds records of the presets, and deadlines to the minute; `tables/` what is written otherwise. A policy there
//! is a preset, or one that counts elsewhere: `narpix in Europe/Berlin off 2026-04-03 2026-04-06`.

#![allow(dead_code, reason = "each test needs its own part of it")]

use packshot_policy::{
    Action, Clause, Clock, Events, Flow, GoneBy, KeepUntil, Law, Period, PlanBefore, Policy, Preset, Record, Retention,
    Timestamp,
};

pub(crate) const REFERENCE: &str = include_str!("../vectors/reference.txt");
pub(crate) const CLAUSES: &str = include_str!("../vectors/clauses.txt");

/// What the second reader expected.
pub(crate) const SECOND: [&str; 6] = [
    include_str!("../vectors/second-narpix.txt"),
    include_str!("../vectors/second-neximage.txt"),
    include_str!("../vectors/second-upixel.txt"),
    include_str!("../vectors/second-picphoto.txt"),
    include_str!("../vectors/second-nanaimg.txt"),
    include_str!("../tables/zones.txt"),
];

/// Every vector that says how long a record is kept.
pub(crate) fn all() -> Vec<Vector<'static>> {
    [REFERENCE, CLAUSES].into_iter().chain(SECOND).flat_map(vectors).collect()
}

/// The policy that a cell names.
pub(crate) fn policy(cell: &str) -> Policy {
    let (cell, holidays) = cell.split_once(" off ").unwrap_or((cell, ""));
    let (name, zone) = cell.split_once(" in ").unwrap_or((cell, "UTC"));
    let mut policy = Preset::named(name).unwrap_or_else(|| panic!("no preset {name}")).policy().unwrap();
    policy.about.timezone = jiff::tz::TimeZone::get(zone).unwrap();
    if !holidays.is_empty() {
        policy.about.holidays = holidays.split(' ').map(|day| day.parse().unwrap()).collect();
    }
    policy
}

pub(crate) const DEADLINES: [&str; 2] =
    [include_str!("../vectors/deadlines.txt"), include_str!("../tables/deadlines.txt")];
pub(crate) const FIELDS: &str = include_str!("../tables/fields.txt");
pub(crate) const FLOWS: &str = include_str!("../tables/flows.txt");

pub(crate) struct Vector<'t> {
    pub(crate) line: &'t str,
    pub(crate) cells: Vec<&'t str>,
}

pub(crate) fn vectors(text: &str) -> impl Iterator<Item = Vector<'_>> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| Vector { line, cells: line.split('|').map(str::trim).collect() })
}

pub(crate) fn instant(text: &str) -> Timestamp {
    let seconds = if text.len() == "2026-01-31T12:00".len() { ":00" } else { "" };
    format!("{text}{seconds}Z").parse().unwrap_or_else(|_| panic!("{text} is no instant"))
}

fn keep_until(text: &str) -> KeepUntil {
    match text {
        "-" => KeepUntil::Unpromised,
        "active" => KeepUntil::WhileActive,
        at => KeepUntil::At(instant(at)),
    }
}

fn gone_by(text: &str) -> GoneBy {
    match text {
        "not yet" => GoneBy::NotYet,
        "active" => GoneBy::WhileActive,
        "unlimited" => GoneBy::Unlimited,
        at => GoneBy::At(instant(at)),
    }
}

impl Vector<'_> {
    pub(crate) fn record(&self, policy: &Policy) -> Record<'static> {
        let class = policy.class(self.cells[2]).unwrap_or_else(|| panic!("class in {}", self.line));
        let plan = |name: &str| policy.plan(name).unwrap_or_else(|| panic!("plan in {}", self.line));
        let mut record = Record::new(class, plan(self.cells[3]), Events::new()).in_tier(self.cells[4].parse().unwrap());
        let mut before = Vec::new();
        for event in self.cells[5].split(',').map(str::trim).filter(|event| *event != "-") {
            let (name, at) = event.split_once(' ').unwrap();
            if let Some(from) = name.strip_prefix("down_from:") {
                before.push(PlanBefore::new(plan(from), instant(at)));
            } else {
                record.events = record.events.with(name.parse::<Clock>().unwrap(), instant(at));
            }
        }
        if before.is_empty() { record } else { record.after_plans(before.leak()) }
    }

    /// Whether the policy answers as the vector says.
    pub(crate) fn holds(&self, policy: &Policy, retention: &Retention) -> bool {
        let answer = retention.answer(&self.record(policy)).unwrap();
        let mut holds = answer.keep_until == keep_until(self.cells[6]) && answer.gone_by == gone_by(self.cells[7]);
        let last = self.cells[8];
        if let Some(from) = last.strip_prefix("restricted ") {
            holds &= answer.restricted.is_some_and(|restricted| restricted.from == instant(from));
        } else if last == "-" {
            holds &= answer.restricted.is_none();
        } else {
            let rules: Vec<&str> = policy.rules_in(answer.rules).map(|rule| rule.id.as_str()).collect();
            holds &= rules.join(" ") == last;
        }
        // A vector from the clauses must have been decided by a rule that names its clause.
        let mut all = policy.rules_in(answer.rules).chain(policy.rules_in(answer.restricting));
        holds && (self.cells[0] == "-" || all.any(|rule| names(&rule.clauses, self.cells[0])))
    }

    /// Whether something that arrived is due when the vector says: clause, policy, what arrived, laws, when, due by, and
    /// by when after a notice.
    pub(crate) fn due_holds(&self, policy: &Policy) -> bool {
        let cells = &self.cells;
        let laws: Vec<Law> = cells[3].split(' ').filter(|law| *law != "-").map(|law| law.parse().unwrap()).collect();
        let due = policy.due(cells[2].parse().unwrap(), &laws, instant(cells[4]));
        let expected = |text: &str| (text != "-" && text != "none").then(|| instant(text));
        due.map(|due| due.by) == expected(cells[5])
            && due.and_then(|due| due.extended) == expected(cells[6])
            && due.is_none_or(|due| names(&due.decided_by.clauses, cells[0]))
    }

    /// Whether a field goes when the vector says: clause, policy, class, plan, tier, events, field, what is left, by
    /// when.
    pub(crate) fn field_holds(&self, policy: &Policy, retention: &Retention) -> bool {
        let cells = &self.cells;
        let limits: Vec<_> = retention.fields(&self.record(policy)).unwrap().collect();
        limits.len() == usize::from(cells[6] != "-")
            && limits.iter().all(|limit| {
                let rule = &policy.rules[limit.rule];
                let left = rule.truncate_to.map(|bits| format!("/{} /{}", bits.v4, bits.v6));
                limit.by == instant(cells[8])
                    && (rule.field.as_deref(), left.as_deref()) == (Some(cells[6]), Some(cells[7]))
                    && rule.action == Action::Truncate
                    && names(&rule.clauses, cells[0])
            })
    }

    /// Whether data may go where the vector says: clause, policy, data, processor, purpose, consents, answer.
    pub(crate) fn flow_holds(&self, policy: &Policy) -> bool {
        let cells = &self.cells;
        let consents: Vec<&str> = cells[5].split(' ').filter(|consent| *consent != "-").collect();
        let flow = policy.flow(cells[2], cells[3], cells[4].parse().unwrap(), &consents);
        flow_word(flow) == cells[6] && names(flow.clauses(), cells[0])
    }
}

/// The word for an answer.
pub(crate) fn flow_word(flow: Flow<'_>) -> &'static str {
    match flow {
        Flow::Allowed(..) => "allowed",
        Flow::NeedsConsent(..) => "needs consent",
        Flow::RuledOut(_) => "ruled out",
        Flow::NotDeclared(_) => "not declared",
        Flow::OtherPurpose(_) => "other purpose",
        Flow::UnknownProcessor => "unknown",
    }
}

/// Whether the clause is among them; `-` asks for none.
fn names(clauses: &[Clause], wanted: &str) -> bool {
    wanted == "-" || clauses.iter().any(|clause| clause.as_str() == wanted)
}

/// A period a little longer, one a little shorter, and none.
pub(crate) fn other_periods(period: Period) -> [(&'static str, Period); 3] {
    let text = period.to_string();
    let unit = text.rfind(|letter: char| letter.is_ascii_digit()).unwrap() + 1;
    let number = text[..unit].rfind(|letter: char| !letter.is_ascii_digit()).map_or(0, |place| place + 1);
    let less = text[number..unit].parse::<u32>().unwrap() - 1;
    let shorter = if &text[unit..] == "y" { "11mo".to_owned() } else { format!("{less}{}", &text[unit..]) };
    let years = if &text[unit..] == "y" && less > 0 { format!("{less}y") } else { String::new() };
    let shorter = format!("{}{years}{shorter}", &text[..number]).parse().unwrap();
    [("a second longer", period.plus(Period::seconds(1))), ("shorter", shorter), ("no time", Period::default())]
}
