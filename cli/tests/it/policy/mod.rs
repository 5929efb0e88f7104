//! `packshot policy`, as a process.

mod questions;

use std::process::{Command, Output};

use serde_json::Value;

fn policy(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_packshot")).arg("policy").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn preset(name: &str) -> String {
    packshot_policy::Preset::named(name).unwrap().text.to_owned()
}

#[test]
fn explain_answers_in_a_sentence_with_the_clause() {
    let output =
        policy(&["explain", "narpix", "--asset", "upload", "--plan", "free", "--uploaded", "2026-01-31T12:00Z"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with(
        "Photos you upload: Narpix must have deleted it by 1 February 2026, 12:00 UTC: 24 hours after the upload \
         (NARPIX-1.2d, NARPIX-4.1a, NARPIX-6.2a, NARPIX-S.b).\n"
    ));

    let output = policy(&[
        "--json",
        "explain",
        "picphoto",
        "--asset",
        "output",
        "--plan",
        "paid",
        "--created",
        "2026-01-31T12:00Z",
        "--deleted",
        "2026-02-03T12:00Z",
        "--tier",
        "backup",
    ]);
    let line = &lines(&output)[0];
    assert_eq!(line["gone_by"], "2026-03-05T12:00:00Z");
    assert_eq!(line["class"], "output");
    assert_eq!(line["decided_by"][0], "manual-delete-backup");
    assert_eq!(line["clauses"][0], "PICPHOTO-6e");
    assert!(line["sentence"].as_str().unwrap().contains("30 days after you delete it"));
}

#[test]
fn explain_hears_holds_choices_and_downgrades() {
    let base = ["--json", "explain", "picphoto", "--asset", "output", "--created", "2026-01-31T12:00Z"];
    let with = |more: &[&str]| lines(&policy(&[&base, more].concat())).remove(0);
    assert_eq!(with(&["--held", "2026-08-01T00:00Z"])["gone_by"], "2026-07-31T12:00:00Z", "it came too late");
    assert_eq!(with(&["--deleted", "2026-02-03T12:00Z", "--held", "2026-02-01T00:00Z"])["gone_by"], "held");
    assert_eq!(with(&["--chosen", "30d"])["gone_by"], "2026-03-03T12:00:00Z");
    let refused = policy(&[&base[..], &["--chosen", "400d"]].concat());
    assert_eq!(refused.status.code(), Some(2));
    let line = &lines(&refused)[0];
    assert_eq!((line["code"].as_str(), line["ok"].as_bool()), (Some("option_invalid"), Some(false)));

    let output = policy(&[
        "--json",
        "explain",
        "neximage",
        "--asset",
        "output",
        "--plan",
        "free",
        "--created",
        "2026-01-31T12:00Z",
        "--down-from",
        "pro",
        "--down-at",
        "2027-03-07T12:00Z",
    ]);
    assert_eq!(lines(&output)[0]["gone_by"], "2027-04-07T12:00:00Z");
}

#[test]
fn what_cannot_be_explained_says_what_there_is() {
    let output = policy(&["explain", "narpix", "--asset", "pictures"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr)
            .contains("--asset pictures: there is no such class; the policy has account, upload.original"),
        "{output:?}"
    );
    let output = policy(&["explain", "narpix", "--asset", "upload", "--plan", "gold"]);
    assert!(text(&output.stderr).contains("there is no plan `gold`: the policy knows free, paid"), "{output:?}");
    let output = policy(&["explain", "nobody", "--asset", "upload"]);
    assert_eq!(output.status.code(), Some(3));
    let complaint = text(&output.stderr);
    assert!(
        complaint.contains("there is no policy `nobody`: neither a file nor a preset (narpix, neximage"),
        "{complaint}"
    );
    let output = policy(&["explain", "narpix", "--asset", "upload", "--uploaded", "yesterday"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn explain_refuses_what_cannot_have_happened_and_says_what_can() {
    for (arguments, told) in [
        (
            &["narpix", "--asset", "output", "--uploaded", "2026-01-31T12:00Z"][..],
            "`output`: nothing of this class has the event uploaded_at; its events are created_at, deleted_by_user_at, \
             account_closed_at, erasure_requested_at. Give only events that the class can have",
        ),
        (
            &["upixel", "--asset", "output", "--created", "2026-02-01T00:00Z", "--deleted", "2026-01-31T00:00Z"],
            "deleted_by_user_at at 2026-01-31T00:00:00Z cannot come before created_at at 2026-02-01T00:00:00Z",
        ),
        (
            &[
                "upixel",
                "--asset",
                "output",
                "--created",
                "2026-02-01T00:00Z",
                "--held",
                "2026-02-03T00:00Z",
                "--released",
                "2026-02-02T00:00Z",
            ],
            "--released is before --held",
        ),
    ] {
        let output = policy(&[&["explain"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(told), "{output:?}");
        let output = policy(&[&["--json", "explain"], arguments].concat());
        assert_eq!(
            (lines(&output)[0]["code"].as_str(), lines(&output)[0]["ok"].as_bool()),
            (Some("option_invalid"), Some(false))
        );
    }
}

#[test]
fn lint_passes_the_presets_and_says_what_their_texts_leave_open() {
    let output = policy(&["--json", "lint"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    let all = lines(&output);
    let verdicts: Vec<&Value> = all.iter().filter(|line| line["event"] == "lint").collect();
    assert_eq!(verdicts.len(), 5);
    assert!(verdicts.iter().all(|line| line["ok"] == true && line["open"].as_u64() > Some(5)), "{verdicts:?}");
    assert_eq!(all.iter().filter(|line| line["event"] == "finding").count(), 19);
}

#[test]
fn lint_ends_with_an_error_where_a_promise_cannot_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("wrong.toml");
    std::fs::write(&wrong, preset("picphoto").replacen("restore_for = \"20h\"", "restore_for = \"23h\"", 1)).unwrap();
    let output = policy(&["lint", wrong.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3));
    let told = text(&output.stdout);
    assert!(told.contains("error restore_outlasts_delete, `manual-delete-production`"), "{told}");
    assert!(told.contains("cannot be kept as it is: 1 error, 3 warnings"), "{told}");
    assert_eq!(policy(&["lint", "narpix", wrong.to_str().unwrap()]).status.code(), Some(1));

    std::fs::write(&wrong, preset("picphoto").replacen("gone_by = \"181d\"", "gone_by = \"soon\"", 1)).unwrap();
    let output = policy(&["--json", "lint", wrong.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3));
    let line = &lines(&output)[0];
    assert_eq!((line["event"].as_str(), line["code"].as_str()), (Some("fault"), Some("policy_period")));
    assert!(line["line"].as_u64() > Some(80) && line["key"] == "rule[1].gone_by", "{line}");
}

#[test]
fn the_report_is_one_array_of_350_clauses() {
    let output = policy(&["--json", "report"]);
    assert_eq!(output.status.code(), Some(0));
    let all = lines(&output);
    assert_eq!(all.len(), 1);
    let clauses = all[0].as_array().unwrap();
    assert_eq!(clauses.len(), 350);
    let find = |id: &str| clauses.iter().find(|line| line["clause"] == id).unwrap();
    let images = find("NARPIX-4.1a");
    assert_eq!(
        (images["standing"].as_str(), images["decided_by"][0].as_str()),
        (Some("rules"), Some("rule images-free"))
    );
    assert_eq!(images["carried_out"], "not yet: service, retention");
    assert!(!images["tests"].as_array().unwrap().is_empty());
    assert_eq!(find("NARPIX-11a")["decided_by"][0], "people");
    assert_eq!(find("NARPIX-4.2b")["decided_by"][0], "not yet: service, assets");
    assert_eq!(find("NANAIMG-S4")["decided_by"][0], "nothing to decide");
    assert_eq!(images["text"], "Free users: Images automatically deleted within 24 hours of upload");
    assert_eq!(images["duty"], Value::Null);
    let breach = find("NARPIX-10e");
    assert_eq!(breach["duty"], "Find out what happened and to whom, and tell them in time.");
    assert!(clauses.iter().all(|line| line["duty"].is_string() == line["people"].as_bool().unwrap()));
    for line in clauses {
        assert_eq!(line["standing"] == "rules", !line["tests"].as_array().unwrap().is_empty(), "{line}");
    }

    let output = policy(&["report", "neximage"]);
    let told = text(&output.stdout);
    assert_eq!(told.lines().filter(|line| line.starts_with("NEXIMAGE-")).count(), 37);
    assert!(told.contains("neximage: 37 clauses. Decided by rules: "), "{told}");
    assert!(told.contains("DECIDED BY") && !told.contains("KEPT BY"), "nothing is kept before a service runs");
    assert!(told.contains("    “(1) Account info: email, password hash, locale, signup IP.”\n"), "{told}");
    assert!(
        told.contains("    People: Sell, rent and trade nothing, by no contract and through no partner.\n"),
        "{told}"
    );
    assert_eq!(policy(&["report", "mine.toml"]).status.code(), Some(2));
}

/// A policy comes from anywhere: a device that never ends, or words that act on a terminal.
#[test]
fn a_policy_from_strangers_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("strange.toml");
    std::fs::write(&file, format!("{}#{}", preset("upixel"), "x".repeat(1 << 20))).unwrap();
    for name in [file.to_str().unwrap(), "/dev/zero"] {
        let output = policy(&["--json", "lint", name]);
        assert_eq!(output.status.code(), Some(3), "{name}");
        assert_eq!(lines(&output)[0]["code"], "policy_too_long", "{name}");
    }
    let acting =
        |text: &str| text.chars().any(|letter| (letter.is_control() && letter != '\n') || letter == '\u{202e}');
    for letter in ["\\u001b]0;owned\\u0007", "\u{9b}31m", "\u{202e}", "\\nforged: can be kept"] {
        std::fs::write(&file, preset("upixel").replacen("name = \"Render\"", &format!("name = \"Ren{letter}der\""), 1))
            .unwrap();
        for command in
            [&["show"][..], &["lint"], &["--json", "lint"], &["flow", "--data", "prompt"], &["show", "--html", "-"]]
        {
            let mut arguments = command.to_vec();
            arguments.push(file.to_str().unwrap());
            let output = policy(&arguments);
            assert_eq!(output.status.code(), Some(3), "{arguments:?}");
            assert!(!acting(&text(&output.stdout)) && !acting(&text(&output.stderr)), "{arguments:?}: {output:?}");
        }
    }
}

#[test]
fn diff_weighs_changes_and_names_the_notice() {
    let folder = tempfile::tempdir().unwrap();
    let newer = folder.path().join("newer.toml");
    std::fs::write(&newer, preset("narpix").replacen("gone_by = \"24h\"", "gone_by = \"48h\"", 1)).unwrap();
    let newer = newer.to_str().unwrap();
    let output = policy(&["diff", "narpix", newer]);
    assert_eq!(output.status.code(), Some(0));
    let told = text(&output.stdout);
    assert!(told.contains(
        "material, weaker: upload.original, gone after the upload, under the plan free: 24 hours becomes 48"
    ));
    assert!(told.contains("Existing data was given under the better promise,"), "{told}");
    assert!(told.contains("2 weaker promises for existing data"), "{told}");
    assert!(
        told.contains(
            "Everybody is notified by email and banner and login_popup, 30 days before it takes effect for them"
        ),
        "{told}"
    );
    assert!(told.contains("People protected by gdpr are notified"), "{told}");

    let all = lines(&policy(&["--json", "diff", "narpix", newer]));
    let sum = all.last().unwrap();
    assert_eq!((sum["event"].as_str(), sum["material"].as_bool()), (Some("diff"), Some(true)));
    assert_eq!(sum["notices"][0]["notices"][0]["id"], "policy-material");
    assert_eq!(text(&policy(&["diff", "upixel", "upixel"]).stdout), "Both promise the same.\n");
}

#[test]
fn simulate_keeps_every_promise_and_draws() {
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("kept.svg");
    let arguments = ["simulate", "picphoto", "--accounts", "300", "--seed", "5", "--svg", svg.to_str().unwrap()];
    let output = policy(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("no promise broke: nothing was readable after its ceiling"), "{output:?}");
    assert!(std::fs::read_to_string(&svg).unwrap().ends_with("</svg>"));
    let numbers = |output: &Output| {
        let line = lines(output).pop().unwrap();
        (line["records"].clone(), line["violations"].clone())
    };
    let again = ["--json", "simulate", "picphoto", "--accounts", "300", "--seed", "5"];
    assert_eq!(numbers(&policy(&again)), numbers(&policy(&again)));

    let late = folder.path().join("late.toml");
    std::fs::write(&late, preset("narpix").replacen("sweep_every = \"5m\"", "sweep_every = \"2h\"", 1)).unwrap();
    let output = policy(&["--json", "simulate", late.to_str().unwrap(), "--accounts", "200"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(lines(&output).iter().any(|line| line["event"] == "violation"));
}

#[test]
fn show_prints_what_is_kept_and_writes_a_page() {
    let output = policy(&["show", "upixel"]);
    let told = text(&output.stdout);
    assert!(told.contains("  Results (output)\n    kept as long as your account is active (UPIXEL-4b"), "{told}");
    assert!(told.contains("What the text leaves open"), "{told}");
    let page = text(&policy(&["show", "upixel", "--html", "-"]).stdout);
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("upixel.html");
    assert_eq!(policy(&["show", "upixel", "--html", file.to_str().unwrap()]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), page);
    let lost = policy(&["show", "upixel", "--html", "/nowhere/at/all.html"]);
    assert_eq!(lost.status.code(), Some(3));
    assert_eq!(
        lines(&policy(&["--json", "show", "upixel"])).iter().filter(|line| line["event"] == "class").count(),
        10
    );
}
