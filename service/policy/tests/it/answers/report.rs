//! Which clauses are kept, found out by asking: every case is asked of the preset, and of the preset without each entry
//! that names the case's clause. Where the answer is then wrong, that entry keeps that clause.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use packshot_policy::{Clause, Policy, Preset, Standing, Who};

use super::cases::{self, Case};
use super::engine::PROOFS;

const HEAD: &str = "# Clause, what keeps it, and the test that shows it. Written by the test `the_list_of_kept_clauses_is_what_tests_show`.\n";

/// An entry of a policy that names clauses: what it is called, and the policy without it.
fn entries(policy: &Policy) -> Vec<(String, Vec<Clause>, Policy)> {
    let mut entries = Vec::new();
    macro_rules! each {
        ($list:ident, $word:literal, $entry:ident => $name:expr) => {
            for (place, $entry) in policy.$list.iter().enumerate() {
                let mut without = policy.clone();
                without.$list.remove(place);
                entries.push((format!("{} {}", $word, $name), $entry.clauses.clone(), without));
            }
        };
    }
    each!(rules, "rule", entry => entry.id);
    each!(deadlines, "deadline", entry => entry.id);
    each!(notices, "notice", entry => entry.id);
    each!(consents, "consent", entry => entry.id);
    each!(cookies, "cookie", entry => entry.class.as_str());
    each!(processors, "processor", entry => entry.name);
    each!(never, "never", entry => entry.purposes.iter().map(|purpose| purpose.as_str()).collect::<Vec<_>>().join(" "));
    let mut ageless = policy.clone();
    ageless.age.minimum = 0;
    ageless.age.by_country.clear();
    ageless.age.guardian_until = None;
    entries.push(("age".to_owned(), policy.age.clauses.clone(), ageless));
    entries
}

/// The lines of the list, one for each clause and keeper, with the first test that shows it.
fn shown() -> BTreeMap<(usize, String), String> {
    let order: Vec<Clause> = Preset::ALL.iter().flat_map(|preset| preset.clauses()).collect();
    let place = |clause: &str| order.iter().position(|known| known.as_str() == clause);
    let mut shown: BTreeMap<(usize, String), String> = BTreeMap::new();
    let mut add = |clause: &str, keeper: String, test: &str| {
        let place = place(clause).unwrap_or_else(|| panic!("there is no clause {clause}"));
        let line = format!("{clause} | {keeper} | {test}");
        let known = shown.entry((place, keeper)).or_insert_with(|| line.clone());
        *known = std::mem::take(known).min(line);
    };
    let cases = cases::all();
    for preset in Preset::ALL {
        let policy = preset.policy().unwrap();
        let asked: Vec<&Case> = cases.iter().filter(|case| case.policy == preset.name && case.clause != "-").collect();
        for (keeper, clauses, without) in entries(&policy) {
            for case in &asked {
                let about = clauses.iter().any(|clause| clause.as_str() == case.clause);
                if about && case.holds(&policy).is_ok() && case.holds(&without).is_err() {
                    add(&case.clause, keeper.clone(), &case.source);
                }
            }
        }
    }
    for (clauses, keeper, test, prove) in PROOFS {
        prove();
        for clause in *clauses {
            add(clause, (*keeper).to_owned(), test);
        }
    }
    shown
}

#[test]
fn the_list_of_kept_clauses_is_what_tests_show() {
    let lines: Vec<String> = shown().into_values().collect();
    let now = format!("{HEAD}{}\n", lines.join("\n"));
    let listed = include_str!("../../../presets/kept.txt");
    if now != listed {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kept.txt");
        std::fs::write(&file, &now).unwrap();
        let (now, listed): (BTreeSet<&str>, BTreeSet<&str>) = (now.lines().collect(), listed.lines().collect());
        let lost: Vec<_> = listed.difference(&now).collect();
        let gained: Vec<_> = now.difference(&listed).collect();
        panic!(
            "presets/kept.txt says what tests no longer show: {lost:#?}, and lacks what they show: {gained:#?}\n\
             If that is right: cp {} presets/kept.txt",
            file.display()
        );
    }
}

#[test]
fn the_report_has_every_clause_once_and_says_what_it_waits_for() {
    let mut clauses = BTreeSet::new();
    let mut count = BTreeMap::new();
    for preset in Preset::ALL {
        for line in preset.report() {
            assert!(clauses.insert(line.clause.clone()), "{} is there twice", line.clause);
            assert!(!line.who.is_empty(), "{}", line.clause);
            let software = line.who.iter().any(|who| !matches!(who, Who::People | Who::Nobody));
            assert_eq!(line.part.is_some(), software, "{}", line.clause);
            assert_eq!(line.duty.is_some(), line.needs_people(), "{}", line.clause);
            assert!(!line.text.trim().is_empty() && !line.text.contains('@'), "{}: {}", line.clause, line.text);
            *count.entry((preset.name, line.standing())).or_insert(0) += 1;
        }
    }
    assert_eq!(clauses.len(), 350);
    for (standing, least, most) in [(Standing::People, 9, 11), (Standing::Nothing, 10, 14), (Standing::Rules, 150, 350)]
    {
        let number: i32 = count.iter().filter(|((_, one), _)| *one == standing).map(|(_, number)| number).sum();
        println!(
            "{standing:?}: {number} {:?}",
            count.iter().filter(|((_, one), _)| *one == standing).collect::<Vec<_>>()
        );
        assert!((least..=most).contains(&number), "{standing:?}: {number}");
    }
}

/// The report must not believe what a policy says about itself.
#[test]
fn an_entry_that_changes_no_answer_keeps_nothing() {
    let preset = Preset::named("narpix").unwrap();
    let idle = "[[rule]]\nid = \"idle\"\nclauses = [\"NARPIX-4.1a\"]\ndata = [\"upload.original\"]\nclock = \"uploaded_at\"\n\
                gone_by = \"90d\"\n\n[backup]";
    let policy: Policy = preset.text.replacen("[backup]", idle, 1).parse().unwrap();
    let cases = cases::all();
    let asked: Vec<&Case> =
        cases.iter().filter(|case| case.policy == "narpix" && case.clause == "NARPIX-4.1a").collect();
    let needs = |keeper: &str| {
        let entries = entries(&policy);
        let (_, _, without) = entries.iter().find(|(name, _, _)| name == keeper).unwrap();
        asked.iter().any(|case| case.holds(&policy).is_ok() && case.holds(without).is_err())
    };
    assert!(asked.len() >= 3 && needs("rule images-free") && !needs("rule idle"));
}
