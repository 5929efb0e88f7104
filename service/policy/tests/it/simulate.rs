//! Populations that live under the five policies, and under policies that cannot be kept.

use packshot_policy::{Outcome, Policy, Preset, Scenario, Simulation, Wrong};

fn scenario(accounts: u64, years: i32, seed: u64) -> Scenario {
    Scenario {
        accounts,
        start: "2026-01-01T00:00:00Z".parse().unwrap(),
        end: format!("{}-01-01T00:00:00Z", 2026 + years).parse().unwrap(),
        seed,
    }
}

fn run(policy: &Policy, scenario: Scenario) -> Outcome {
    Simulation::new(policy, scenario).run(0..scenario.accounts)
}

#[test]
fn no_promise_of_the_five_breaks_in_ten_years() {
    for preset in Preset::ALL {
        let policy = preset.policy().unwrap();
        let outcome = run(&policy, scenario(2_000, 10, 7));
        assert_eq!(outcome.violations, 0, "{}: {:#?}", preset.name, outcome.stories);
        let [joined, closed, erased, downgraded] = outcome.accounts;
        assert!(joined == 2_000 && closed > 200 && erased > 20 && downgraded > 100, "{:?}", outcome.accounts);
        for class in &outcome.classes {
            assert!(class.made > 50, "{}: {} of {}", preset.name, class.made, class.name);
            let ends = policy
                .rules
                .iter()
                .any(|rule| rule.gone_by.is_some() && rule.data.contains(&policy.class(&class.name).unwrap()));
            assert_eq!(class.purged > 0, ends, "{}: {}", preset.name, class.name);
            assert!(class.least_spare.is_none_or(|spare| spare >= 0), "{}: {}", preset.name, class.name);
        }
    }
}

/// The judge must see what the sweep does wrong: each of these engines breaks a promise.
#[test]
fn an_engine_that_cannot_keep_a_promise_is_caught() {
    // Sweeps every hour do not keep a slack of 45 minutes.
    let late = Preset::named("narpix").unwrap().text.replacen("sweep_every = \"5m\"", "sweep_every = \"1h\"", 1);
    let outcome = run(&late.parse().unwrap(), scenario(500, 3, 7));
    assert!(outcome.stories.iter().any(|story| matches!(story.wrong, Wrong::TooLate { .. })), "{:?}", outcome.stories);
    assert!(outcome.violations > 0 && outcome.stories.len() <= 20);

    // Backups that are not shredded outlast the seven days after a deletion.
    let backups = Preset::named("narpix").unwrap().text.replacen("shred = true", "shred = false", 1);
    let outcome = run(&backups.parse().unwrap(), scenario(500, 3, 7));
    assert!(
        outcome.stories.iter().any(|story| matches!(story.wrong, Wrong::InBackups { .. })),
        "{:?}",
        outcome.stories
    );
}

#[test]
fn the_same_seed_lives_the_same_lives_however_they_are_divided() {
    let policy = Preset::named("picphoto").unwrap().policy().unwrap();
    let scenario = scenario(300, 3, 42);
    let whole = run(&policy, scenario);
    let simulation = Simulation::new(&policy, scenario);
    let mut parts = simulation.run(0..120);
    parts.add(&simulation.run(120..300));
    assert_eq!(whole, parts);
    let other = run(&policy, Scenario { seed: 43, ..scenario });
    assert_ne!(whole.classes, other.classes);
}

#[test]
fn what_is_there_is_what_was_made_and_not_deleted() {
    let policy = Preset::named("neximage").unwrap().policy().unwrap();
    let outcome = run(&policy, scenario(500, 3, 1));
    for (id, class) in policy.class_ids() {
        let known = outcome.classes.iter().find(|known| known.name == id.as_str()).unwrap();
        assert_eq!(known.name, class.name);
        let held: Vec<u64> = outcome.held(id).collect();
        assert_eq!(*held.last().unwrap(), known.left(), "{}", class.name);
        let lived: u64 = policy.plan_ids().flat_map(|plan| outcome.lifetimes(id, plan)).map(|(_, count)| count).sum();
        assert_eq!(lived, known.purged, "{}", class.name);
    }
    // Uploads go after 30 to 31 days, unless somebody ends them sooner.
    let uploads = policy.class("upload.original").unwrap();
    let free = policy.plan("free").unwrap();
    let longest = outcome.lifetimes(uploads, free).map(|(seconds, _)| seconds).fold(0.0, f64::max);
    assert!(longest / 86_400.0 > 20.0, "{longest}");
}

#[test]
fn the_picture_has_a_row_for_every_class_and_plan_that_differs() {
    let policy = Preset::named("narpix").unwrap().policy().unwrap();
    let outcome = run(&policy, scenario(200, 3, 7));
    let picture = outcome.picture(&policy);
    assert!(picture.starts_with("<svg") && picture.ends_with("</svg>"));
    for row in ["Photos you upload, free", "Photos you upload, paid", "Invoices and receipts", "Results, paid"] {
        assert!(picture.contains(row), "{row}");
    }
    assert!(
        !picture.contains("http://") || picture.matches("http://").count() == 1,
        "nothing but its namespace is named"
    );
    assert_eq!(picture.matches("<g").count(), picture.matches("</g").count());
}
