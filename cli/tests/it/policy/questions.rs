//! `packshot policy due, flow, age, cookies, consent, notices`: what the texts answer, and what is refused.

use serde_json::Value;

use super::{lines, policy, text};

const QUESTIONS: &str = include_str!("questions.txt");

/// Words of a command line; what stands between single quotes is one.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    parts
        .flat_map(|(place, part)| {
            if place % 2 == 1 {
                vec![part.to_owned()]
            } else {
                part.split_whitespace().map(ToOwned::to_owned).collect()
            }
        })
        .collect()
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

#[test]
fn every_question_is_answered_as_its_clause_says() {
    let (mut count, mut wrong) = (0, Vec::new());
    for line in QUESTIONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let cells: Vec<&str> = line.split(" | ").collect();
        let command = words(cells[1]);
        let arguments: Vec<&str> = std::iter::once("--json").chain(command.iter().map(String::as_str)).collect();
        let output = policy(&arguments);
        let is_right = |answer: &Value| {
            let values = cells[2].split("; ").map(|pair| pair.split_once('=').unwrap());
            let clauses: Vec<String> = answer["clauses"].as_array().unwrap().iter().map(plain).collect();
            values.into_iter().all(|(key, value)| answer.get(key).is_some_and(|found| plain(found) == value))
                && (cells[0] == "-" || clauses.iter().any(|clause| clause == cells[0]))
        };
        count += 1;
        if output.status.code() != Some(0) || !lines(&output).iter().any(is_right) {
            wrong.push(format!("{line}\n    {}{}", text(&output.stdout), text(&output.stderr)));
        }
        // The same for people: an answer, and no more than its line wants to know.
        let people = policy(&command.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(people.status.success() && !people.stdout.is_empty() && people.stderr.is_empty(), "{line}");
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Each of the five texts is asked everything.
#[test]
fn every_command_is_asked_of_every_preset() {
    for command in ["due", "flow", "age", "cookies", "consent", "notices"] {
        for preset in ["narpix", "neximage", "upixel", "picphoto", "nanaimg"] {
            let asked = format!("| {command} {preset} ");
            let nothing_to_ask = (command, preset) == ("consent", "upixel");
            assert!(QUESTIONS.contains(&asked) || nothing_to_ask, "{asked}");
        }
    }
    let output = policy(&["consent", "upixel"]);
    assert_eq!(text(&output.stdout), "UPixel asks for no consent, so nothing that needs consent is done.\n");
}

#[test]
fn people_read_a_sentence_with_its_clause() {
    for (command, told) in [
        (
            "due narpix access --received 2026-01-31T12:00Z",
            "Narpix must answer by 2 March 2026, 12:00 UTC (NARPIX-5.3f, NARPIX-5.3g).\n  By 1 April 2026, 12:00 UTC at the \
             latest, if the person is told before that the answer takes longer.\n",
        ),
        ("due upixel incident --received 2026-01-31T12:00Z", "UPixel's policy sets no deadline for this; a law may.\n"),
        (
            "flow narpix --data upload.original --to 'Modal Labs'",
            "upload.original to Modal Labs for job: yes: Modal Labs gets this for job (NARPIX-3.2b, NARPIX-4.4e, NARPIX-4.4f, \
             NARPIX-4.4g).\n",
        ),
        (
            "age picphoto --age 14 --country DE",
            "A person of 14 in DE may use PicPhoto: no: the minimum age in DE is 16 (PICPHOTO-9a).\n",
        ),
        ("age upixel", "UPixel is for people aged 13 and over (the text states no age; this one was chosen).\n"),
        (
            "notices neximage --on plan.downgrade",
            "plan.downgrade: people are notified by email or banner, 30 days before it takes effect for them (notice downgrade).\n",
        ),
        ("notices upixel --on incident", "incident: the policy sets no deadline; a law may.\n"),
    ] {
        let words = words(command);
        let output = policy(&words.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(text(&output.stdout), told, "{command}");
    }
}

#[test]
fn a_question_that_cannot_be_asked_says_what_can() {
    for (command, told) in [
        ("due narpix lunch --received 2026-01-31T12:00Z", "it is one of know, access, rectify, erase"),
        ("due narpix access", "--received <INSTANT>"),
        (
            "due narpix access --received 2026-01-31T12:00Z --told 2026-03-05T00:00Z",
            "--told: the person was told too late",
        ),
        (
            "due picphoto access --received 2026-01-31T12:00Z --told 2026-02-01T00:00Z",
            "--told: the policy allows no extension",
        ),
        ("due narpix access --received 2026-01-31T12:00Z --law hipaa", "it is one of gdpr, ccpa, coppa, us-tax"),
        ("flow narpix --data pictures --to Stripe", "--data pictures: there is no such class"),
        ("flow narpix --data account.shoe --to Stripe", "--data account.shoe: there is no such class"),
        (
            "flow narpix --data account --to Stripes",
            "--to Stripes: there is no such processor; the policy has Vercel, Modal Labs, Stripe",
        ),
        ("flow narpix --data account --to Stripe --consent lunch", "there is no consent `lunch`"),
        ("flow narpix --data account --to Stripe --purpose lunch", "it is one of job, hosting"),
        ("age picphoto --country Germany", "write a country as two letters"),
        ("cookies narpix --agree chocolate", "it is one of essential, preference, analytics, marketing"),
        ("cookies narpix --agree analytics --refuse analytics", "analytics cannot be both agreed to and refused"),
        (
            "consent narpix training",
            "there is no consent `training`: the policy asks for analytics, preference, marketing",
        ),
        ("notices narpix --on lunch", "it is one of policy.minor, policy.material"),
    ] {
        let words = words(command);
        let output = policy(&words.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(2), "{command}: {}", text(&output.stdout));
        let complaint = text(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(complaint.contains(told), "{command}:\n{complaint}");
    }
}

/// The examples of every help text are run.
#[test]
fn the_examples_of_the_help_work() {
    let mut count = 0;
    for command in ["explain", "due", "flow", "age", "cookies", "consent", "notices"] {
        let help = text(&policy(&[command, "--help"]).stdout);
        let examples = help.lines().filter_map(|line| line.trim().strip_prefix("packshot policy "));
        for example in examples {
            count += 1;
            let words = words(example);
            let output = policy(&words.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(output.status.code(), Some(0), "{example}: {}", text(&output.stderr));
        }
    }
    assert!(count >= 20, "{count} examples");
}
