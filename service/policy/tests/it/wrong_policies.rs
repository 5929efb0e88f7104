//! What people read when their policy is wrong. Each case changes one thing in `wrong/right.toml`; the messages stand in
//! `wrong/messages.txt`.

use std::fmt::Write;

use packshot_policy::{FaultCode, Policy};

const RIGHT: &str = include_str!("../wrong/right.toml");

/// What is replaced, and by what.
const CASES: &[(&str, &str)] = &[
    ("[policy]\n", "[policy\n"),
    ("service = \"Darkroom\"", "service = \"Darkroom\"\nservice = \"Dark\""),
    ("packshot.policy/1", "packshot.policy/2"),
    ("schema = \"packshot.policy/1\"\n", ""),
    ("gone_by = \"30d\"", "gone_bye = \"30d\""),
    ("shred = true", "shred = true\ncolour = \"red\""),
    ("[contact]\nprivacy = \"privacy@example.org\"\n", ""),
    ("chosen = \"2026-01-01\"\n", ""),
    ("sale = false", "sale = \"no\""),
    ("minimum = 13", "minimum = 130"),
    ("DE = 16", "Germany = 16"),
    ("gone_by = \"30d\"", "gone_by = \"30 days\""),
    ("gone_by = \"30d\"", "gone_by = \"24h30d\""),
    ("gone_by = \"30d\"", "gone_by = \"tomorrow\""),
    ("gone_by = \"30d\"", "gone_by = \"900y\""),
    ("within = [\"30d\", \"1mo\"]", "within = [\"30d\", 1]"),
    ("within = [\"30d\", \"1mo\"]", "within = []"),
    ("needs_consent = \"marketing\"", "needs_consent = { marketing = \"marketing\" }"),
    ("[data.photo]", "[data.\"a-name-of-more-than-forty-seven-bytes-that-fits-nowhere\"]"),
    ("published = 2026-01-01", "published = \"2026-01\""),
    ("published = 2026-01-01", "published = 2026-02-30"),
    ("published = 2026-01-01", "published = 2026-01-01T12:00:00Z"),
    ("Europe/Berlin", "Europe/Berlín"),
    ("workweek = [\"mon\"", "workweek = [\"monday\""),
    ("action = \"truncate\"", "action = \"erase\""),
    ("truncate_to = { v4 = 24, v6 = 48 }", "truncate_to = { v4 = 24 }"),
    ("truncate_to = { v4 = 24, v6 = 48 }\n", ""),
    ("data = [\"photo\"]", "data = [\"photos\"]"),
    ("data = [\"photo\"]", "data = []"),
    ("plan = \"free\"", "plan = \"gratis\""),
    ("clock = \"uploaded_at\"\n", ""),
    ("clock = \"uploaded_at\"\ngone_by = \"30d\"\n", ""),
    ("gone_by = \"30d\"", "gone_by = \"30d\"\nunbounded = \"promise\""),
    ("gone_by = \"30d\"", "gone_by = \"30d\"\nbasis = \"legal\""),
    ("id = \"addresses\"", "id = \"photos\""),
    ("[\"free\", \"paid\"]", "[\"free\", \"free\"]"),
    ("DARKROOM-4.1a", "section 4.1"),
    ("clauses = [\"DARKROOM-3\"]", "clauses = []"),
    ("account.email", "account.phone"),
    ("needs_consent = \"marketing\"", "needs_consent = \"mailing\""),
    ("data = [\"images\"]", "data = [\"pictures\"]"),
    ("downgrade = \"recompute\"", "downgrade = \"recompute_after\""),
    ("question = \"The text names no day.\"", "question = \" \""),
    ("[data.photo]\ngroup = \"images\"", "[data]\nphoto = \"images\""),
    ("card_data = \"token\"\n", "card_data = \"token\"\n[promised]\ncolour = []\n"),
    ("Mail house", "Mail\\u001b[31m house"),
    ("Mail house", "Mail\u{9b}31m house"),
    ("Mail house", "Mail \u{202e}esuoh"),
    ("[data.photo]", "[data.\"photo\\nforged\"]"),
];

#[test]
fn the_right_policy_is_right() {
    if let Err(faults) = RIGHT.parse::<Policy>() {
        panic!("{faults}");
    }
}

#[test]
fn wrong_policies_say_where_and_what_to_do() {
    let mut messages = String::new();
    for (from, to) in CASES {
        assert_eq!(RIGHT.matches(from).count().min(1), 1, "{from}");
        let Err(faults) = RIGHT.replacen(from, to, 1).parse::<Policy>() else { panic!("{to} is accepted") };
        assert!(faults.iter().count() > 0, "{to}");
        let _ = writeln!(messages, "# {} -> {}\n{faults}\n", from.escape_debug(), to.escape_debug());
    }
    if messages != include_str!("../wrong/messages.txt") {
        panic!("wrong/messages.txt should be:\n{messages}");
    }
}

/// Before anything of it is read: how long it takes to refuse must not grow with the text.
#[test]
fn a_text_longer_than_a_mebibyte_is_refused_unread() {
    let fill = |length: usize| format!("{RIGHT}#{}", "x".repeat(length - RIGHT.len() - 1));
    assert!(fill(1 << 20).parse::<Policy>().is_ok());
    for text in [fill((1 << 20) + 1), "[".repeat(100 << 20)] {
        let Err(faults) = text.parse::<Policy>() else { panic!("accepted") };
        let codes: Vec<FaultCode> = faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [FaultCode::TooLong]);
    }
}

/// A policy comes from anywhere, and its faults are printed on terminals: no message acts on one.
#[test]
fn no_message_holds_a_character_that_acts() {
    for letter in ["\u{1b}", "\u{7f}", "\u{85}", "\u{9b}", "\u{202e}", "\u{2066}", "\u{2028}", "\u{7}"] {
        let escaped = format!("\\u{:04x}", letter.chars().next().map_or(0, u32::from));
        for (from, to) in [
            ("Mail house", format!("Mail {letter}house")),
            ("Mail house", format!("Mail {escaped}house")),
            ("[data.photo]", format!("[data.\"ph{escaped}oto\"]")),
            ("shred = true", format!("\"{escaped}\" = 1")),
            ("shred = true", format!("\"{letter}\" = 1")),
            ("training = \"never\"", format!("training = \"ne{escaped}ver\"")),
            ("gone_by = \"30d\"", format!("gone_by = \"30{escaped}d\"")),
            ("[policy]", format!("[policy]{letter}")),
        ] {
            let Err(faults) = RIGHT.replacen(from, &to, 1).parse::<Policy>() else { panic!("{to:?} is accepted") };
            let told = faults.to_string();
            let acts =
                |found: char| (found.is_control() && found != '\n') || "\u{202e}\u{2066}\u{2028}".contains(found);
            assert!(!told.contains(acts), "{to:?}: {told:?}");
        }
    }
}

#[test]
fn every_code_has_a_case() {
    let messages = include_str!("../wrong/messages.txt");
    // One text is too long to stand there.
    for code in FaultCode::ALL.iter().filter(|code| **code != FaultCode::TooLong) {
        assert!(messages.contains(code.remedy()), "{}", code.as_str());
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let wrong = RIGHT.replace("\"30d\"", "\"thirty\"").replace("sale = false", "sale = 0").replace("dpa =", "dba =");
    let Err(faults) = wrong.parse::<Policy>() else { panic!("accepted") };
    let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines.len(), 6, "{faults}");
    assert!(lines.is_sorted(), "{faults}");
}
