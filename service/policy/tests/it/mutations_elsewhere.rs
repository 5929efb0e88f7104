//! Everything else that answers a question is changed in turn: deadlines, processors, flows, downgrades, the calendar.

use crate::known::{DEADLINES, FLOWS, Vector, all, other_periods, vectors};
use packshot_policy::{Downgrade, Law, Period, Policy, Preset, Purpose, Retention, Trigger};

/// The known answers of one preset.
struct Known {
    records: Vec<Vector<'static>>,
    deadlines: Vec<Vector<'static>>,
    flows: Vec<Vector<'static>>,
}

impl Known {
    fn of(preset: Preset) -> Known {
        let of_preset = |vector: &Vector<'_>| vector.cells[1] == preset.name;
        Known {
            records: all().into_iter().filter(of_preset).collect(),
            deadlines: DEADLINES.into_iter().flat_map(vectors).filter(of_preset).collect(),
            flows: vectors(FLOWS).filter(of_preset).collect(),
        }
    }

    fn notices(&self, policy: &Policy) -> bool {
        let retention = Retention::new(policy);
        self.deadlines.iter().any(|vector| !vector.due_holds(policy))
            || self.flows.iter().any(|vector| !vector.flow_holds(policy))
            || self.records.iter().any(|vector| !vector.holds(policy, &retention))
    }
}

/// Policies that differ from the one they are made of in one thing, each with a word for it.
struct Mutants<'p> {
    policy: &'p Policy,
    found: Vec<(String, Policy)>,
}

impl Mutants<'_> {
    fn add(&mut self, what: impl Into<String>, change: impl FnOnce(&mut Policy)) {
        let mut other = self.policy.clone();
        change(&mut other);
        self.found.push((what.into(), other));
    }
}

fn of_deadlines(mutants: &mut Mutants<'_>) {
    for (place, deadline) in mutants.policy.deadlines.iter().enumerate() {
        let id = &deadline.id;
        mutants.add(format!("{id}: removed"), |policy| drop(policy.deadlines.remove(place)));
        for (entry, period) in deadline.within.iter().enumerate() {
            for (what, other) in other_periods(*period) {
                mutants.add(format!("{id}: {period} {what}"), |policy| policy.deadlines[place].within[entry] = other);
            }
            if deadline.within.len() > 1 {
                mutants.add(format!("{id}: without {period}"), |policy| {
                    policy.deadlines[place].within.remove(entry);
                });
            }
        }
        for on in Trigger::ALL.iter().filter(|on| **on != deadline.on) {
            mutants.add(format!("{id}: on {}", on.as_str()), |policy| policy.deadlines[place].on = *on);
        }
        for law in Law::ALL.iter().copied().map(Some).chain([None]).filter(|law| *law != deadline.law) {
            mutants.add(format!("{id}: under {law:?}"), |policy| policy.deadlines[place].law = law);
        }
        match deadline.extend_to {
            Some(period) => {
                mutants.add(format!("{id}: not extended"), |policy| policy.deadlines[place].extend_to = None);
                for (what, other) in other_periods(period) {
                    mutants.add(format!("{id}: extension {what}"), |policy| {
                        policy.deadlines[place].extend_to = Some(other);
                    });
                }
            }
            None => mutants.add(format!("{id}: extended"), |policy| {
                policy.deadlines[place].extend_to = Some(Period::days(90));
            }),
        }
    }
}

fn of_flows(mutants: &mut Mutants<'_>) {
    for (place, processor) in mutants.policy.processors.iter().enumerate() {
        let name = &processor.name;
        mutants.add(format!("{name}: removed"), |policy| drop(policy.processors.remove(place)));
        mutants.add(format!("{name}: renamed"), |policy| policy.processors[place].name.push_str(" Inc."));
        for (entry, own) in processor.purposes.iter().enumerate() {
            mutants.add(format!("{name}: not for {}", own.as_str()), |policy| {
                policy.processors[place].purposes.remove(entry);
            });
            for purpose in Purpose::ALL.iter().filter(|purpose| !processor.purposes.contains(purpose)) {
                mutants.add(format!("{name}: for {} instead", purpose.as_str()), |policy| {
                    policy.processors[place].purposes[entry] = *purpose;
                });
            }
        }
        for (entry, sent) in processor.sends.iter().enumerate() {
            mutants.add(format!("{name}: without {sent}"), |policy| drop(policy.processors[place].sends.remove(entry)));
        }
        for purpose in &processor.purposes {
            let asked = processor.consent_for(*purpose).is_some();
            mutants.add(format!("{name}: asked {} for {}", !asked, purpose.as_str()), |policy| {
                let needed = &mut policy.processors[place].needs_consent;
                needed.retain(|(known, _)| known != purpose);
                if !asked {
                    needed.push((*purpose, "analytics".to_owned()));
                }
            });
        }
    }
    for (place, never) in mutants.policy.never.iter().enumerate() {
        mutants.add(format!("never {place}: removed"), |policy| drop(policy.never.remove(place)));
        for (entry, data) in never.data.iter().enumerate() {
            mutants.add(format!("never {place}: without {data}"), |policy| {
                policy.never[place].data.remove(entry);
            });
        }
        for (entry, purpose) in never.purposes.iter().enumerate() {
            mutants.add(format!("never {place}: without {}", purpose.as_str()), |policy| {
                policy.never[place].purposes.remove(entry);
            });
        }
        let consent = if never.unless_consent.is_some() { vec![None] } else { vec![] };
        let given = ["training", "marketing"].map(|name| Some(name.to_owned()));
        let other = given.into_iter().chain(consent).filter(|consent| *consent != never.unless_consent);
        // One of these consents is given in a vector about the promise, if people can consent to anything like it.
        let noticed = |consent: &Option<String>| consent.is_none() || asked(mutants.policy, place, consent.as_deref());
        for consent in other.filter(noticed).collect::<Vec<_>>() {
            mutants.add(format!("never {place}: unless {consent:?}"), |policy| {
                policy.never[place].unless_consent = consent;
            });
        }
    }
}

/// Whether a vector gives this consent and asks for what the promise rules out.
fn asked(policy: &Policy, place: usize, consent: Option<&str>) -> bool {
    let never = &policy.never[place];
    vectors(FLOWS).any(|vector| {
        let purpose = vector.cells[4].parse().unwrap();
        never.clauses.iter().any(|clause| clause.as_str() == vector.cells[0])
            && never.purposes.contains(&purpose)
            && consent.is_some_and(|consent| vector.cells[5].split(' ').any(|given| given == consent))
    })
}

/// Downgrades where plans differ, slack where floors meet other ceilings, and whose days are counted.
fn of_the_rest(mutants: &mut Mutants<'_>) {
    let policy = mutants.policy;
    let change = policy.plan_change;
    if policy.rules.iter().any(|rule| rule.plan.is_some()) {
        // Where the notice is as long as the shorter plan's periods, to wait for it and to count from the change is one.
        let same = |word: Downgrade| {
            word == Downgrade::FromChange
                && change.downgrade_notice.is_some_and(|notice| {
                    policy.rules.iter().any(|rule| rule.plan.is_some() && rule.gone_by == Some(notice))
                })
        };
        let others = Downgrade::ALL.iter().filter(|word| **word != change.downgrade);
        for word in others.filter(|word| change.downgrade == Downgrade::FromChange || !same(**word)) {
            mutants.add(format!("downgrade {}", word.as_str()), |policy| policy.plan_change.downgrade = *word);
        }
        if change.downgrade == Downgrade::RecomputeAfter {
            for (what, other) in other_periods(change.downgrade_notice.unwrap()) {
                mutants.add(format!("notice {what}"), |policy| policy.plan_change.downgrade_notice = Some(other));
            }
            mutants.add("without notice", |policy| policy.plan_change.downgrade_notice = None);
        }
    }
    if ["NexImage", "PicPhoto"].contains(&policy.about.service.as_str()) {
        for (what, other) in other_periods(policy.engine.slack) {
            mutants.add(format!("slack {what}"), |policy| policy.engine.slack = other);
        }
    }
    if policy.deadlines.iter().any(|deadline| deadline.within.contains(&"7bd".parse().unwrap())) {
        for place in 0..policy.about.workweek.len() {
            mutants.add("a day off more", |policy| {
                policy.about.workweek.remove(place);
            });
        }
        mutants.add("a holiday", |policy| policy.about.holidays.push("2026-04-07".parse().unwrap()));
    }
    for zone in ["Europe/Berlin", "America/New_York", "Pacific/Auckland"] {
        mutants.add(zone, |policy| policy.about.timezone = jiff::tz::TimeZone::get(zone).unwrap());
    }
}

#[test]
fn no_change_of_anything_else_goes_unnoticed() {
    let (mut counts, mut unnoticed) = ([0; 3], Vec::new());
    for preset in Preset::ALL {
        let policy = preset.policy().unwrap();
        let known = Known::of(preset);
        assert!(!known.notices(&policy), "{} is wrong as it is", preset.name);
        for (kind, make) in [of_deadlines, of_flows, of_the_rest].into_iter().enumerate() {
            let mut mutants = Mutants { policy: &policy, found: Vec::new() };
            make(&mut mutants);
            counts[kind] += mutants.found.len();
            let missed = mutants.found.iter().filter(|(_, changed)| !known.notices(changed));
            unnoticed.extend(missed.map(|(what, _)| format!("{} {what}", preset.name)));
        }
    }
    let [deadlines, flows, rest] = counts;
    println!("{deadlines} changes of deadlines, {flows} of flows, {rest} of the rest, {} unnoticed", unnoticed.len());
    assert!(unnoticed.is_empty(), "nobody notices {}:\n{}", unnoticed.len(), unnoticed.join("\n"));
}
