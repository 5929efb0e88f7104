//! The page that people read.

use packshot_policy::{Policy, Preset};

fn page(name: &str) -> String {
    Preset::named(name).unwrap().policy().unwrap().page()
}

/// Tags that are opened are closed, in order.
fn balanced(html: &str) -> Result<usize, String> {
    let mut open = Vec::new();
    let mut count = 0;
    for piece in html.split('<').skip(1) {
        let name: String =
            piece.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '/').collect();
        if name.is_empty() || name == "meta" {
            continue;
        }
        count += 1;
        match name.strip_prefix('/') {
            Some(closed) => {
                let last = open.pop();
                if last.as_deref() != Some(closed) {
                    return Err(format!("{last:?} is closed by {closed} before {}", &piece[..piece.len().min(60)]));
                }
            }
            None => open.push(name),
        }
    }
    if open.is_empty() { Ok(count) } else { Err(format!("left open: {open:?}")) }
}

#[test]
fn the_page_is_whole_and_loads_nothing() {
    for preset in Preset::ALL {
        let html = page(preset.name);
        assert!(balanced(&html).unwrap() > 200, "{}", preset.name);
        for loads in ["http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link"] {
            assert!(!html.contains(loads), "{}: {loads}", preset.name);
        }
        for needed in ["<html lang=\"en\">", "prefers-color-scheme:dark", "@media print", "name=\"viewport\""] {
            assert!(html.contains(needed), "{}: {needed}", preset.name);
        }
    }
}

#[test]
fn everything_that_is_collected_shared_and_promised_stands_on_it() {
    for preset in Preset::ALL {
        let policy = preset.policy().unwrap();
        let html = page(preset.name);
        for class in &policy.classes {
            assert!(html.contains(&format!("<h3>{}", class.title())), "{}: {}", preset.name, class.name);
        }
        for to in &policy.processors {
            let name = to.name.trim_start_matches('(').split(',').next().unwrap();
            assert!(html.to_lowercase().contains(&format!("<dt>{}", name.to_lowercase())), "{}: {name}", preset.name);
        }
        let open = policy.open.iter().filter(|open| !open.internal).flat_map(|open| &open.clauses);
        let clauses = policy.rules.iter().flat_map(|rule| &rule.clauses).chain(open);
        for clause in clauses {
            assert!(html.contains(&format!("title=\"{clause}\"")), "{clause}");
        }
    }
}

#[test]
fn it_says_what_people_want_to_know_first() {
    let narpix = page("narpix");
    for line in [
        "Nobody may train models on your data.",
        "Delete means gone within 7 days",
        "Answers within 30 days",
        "<span class=\"plan\">free</span> Gone 24 hours after the upload at the latest.",
        "<td>free</td><td>2 October 2025, 12:00 UTC</td>",
        "<td>paid</td><td>31 October 2025, 12:00 UTC</td>",
        "Below 18 a parent or guardian must agree, and may get a copy, have data deleted and stop further use for you.",
        "you are told by mail, in the service and at your next sign-in, 30 days before it takes effect for you",
        "Also sent to Modal Labs.",
        "Stripe receives only the email. Resend/SendGrid receives only the email and name.",
    ] {
        assert!(narpix.contains(line), "{line}");
    }
    assert!(page("picphoto").contains(", in backups within 30 days. What you delete can be restored for 20 hours."));
    assert!(page("nanaimg").contains("No training unless you say so"));
    assert!(page("upixel").contains("Nothing of your payment card is stored."));
}

/// Every text of a policy, each with markup and characters that act on what prints them.
#[test]
fn words_of_a_policy_cannot_become_markup() {
    let text = Preset::named("narpix").unwrap().text.replacen("name = \"Vercel\"", "name = \"<b>Render & Co\"", 1);
    let html = text.parse::<Policy>().unwrap().page();
    assert!(html.contains("&lt;b&gt;Render &amp; Co") && !html.contains("<b>"));

    let mut policy: Policy = text.parse().unwrap();
    let bad = "<i onclick='x'>\"\u{1b}[31m\u{9b}0m\u{202e}</i>";
    policy.about.service = bad.into();
    policy.about.version = bad.into();
    policy.contact.privacy = bad.into();
    policy.contact.privacy_subject = Some(bad.into());
    policy.contact.child = Some(bad.into());
    policy.contact.dpo = Some(bad.into());
    policy.security.store_region = Some(bad.into());
    policy.security.oauth = vec![bad.into()];
    policy.security.at_rest = bad.into();
    policy.promised = packshot_policy::Setting::ALL.iter().map(|setting| (*setting, Vec::new())).collect();
    policy.age.by_country = vec![(bad.into(), 16)];
    for class in &mut policy.classes {
        (class.title, class.why, class.fields) = (Some(bad.into()), Some(bad.into()), vec![bad.into()]);
    }
    for to in &mut policy.processors {
        (to.name, to.regions) = (bad.into(), vec![bad.into()]);
        to.sends.push(bad.into());
    }
    for notice in &mut policy.notices {
        notice.reconsent = vec![bad.into()];
    }
    for open in &mut policy.open {
        (open.question, open.chosen, open.why) = (bad.into(), bad.into(), bad.into());
    }
    policy.deadlines.truncate(1);
    let html = policy.page();
    let acts = |letter: char| (letter.is_control() && letter != '\n') || letter == '\u{202e}';
    assert!(!html.contains("<i") && !html.contains("onclick='") && !html.contains(acts), "{html}");
    assert!(html.matches("&lt;i onclick=&#39;x").count() > 60);
    assert_eq!(balanced(&html).map(|count| count > 200), Ok(true));
}

/// A promise that no text makes stands on no page, unless the operator makes it in the policy file.
#[test]
fn only_what_is_promised_stands_on_it() {
    for (name, never_said) in [
        (
            "narpix",
            vec!["second person", "second factor", "Multi-factor", "hidden metadata", "Your pictures", "your pictures"],
        ),
        (
            "neximage",
            vec![
                "second factor",
                "second person",
                "in the United States.",
                "staff",
                "hidden metadata",
                "HTTPS",
                "private storage",
                "Backups are held",
            ],
        ),
        (
            "upixel",
            vec![
                "second factor",
                "second person",
                "in the United States.",
                "staff",
                "Stored files",
                "contract",
                "hidden metadata",
                "private storage",
            ],
        ),
        ("picphoto", vec!["second person", "hidden metadata", "TLS 1", "your pictures"]),
        (
            "nanaimg",
            vec![
                "second factor",
                "second person",
                "in the United States.",
                "staff",
                "payment card",
                "private storage",
                "Passwords",
            ],
        ),
    ] {
        let html = page(name);
        for words in never_said {
            assert!(!html.contains(words), "{name}: {words}");
        }
        assert!(!html.contains("obeys") && !html.contains("Kept by"), "{name}");
    }
    // NARPIX-4.2f, PICPHOTO-5m, PICPHOTO-8a, NANAIMG-1a, UPIXEL-1g: what the texts do say.
    assert!(
        page("narpix").contains("Staff look at stored files in exceptional circumstances only, and that is logged.")
    );
    assert!(page("picphoto").contains("Sign-in requires a second factor."));
    assert!(page("picphoto").contains("Works in the United States."), "where Supabase is");
    assert!(page("nanaimg").contains("You can also sign in with Google or GitHub."));
    assert!(page("upixel").contains("Nothing of your payment card is stored."));
    // The operator's own.
    let own = "[promised]\nstrip_metadata = []\nmfa = []\n";
    let text = Preset::named("upixel").unwrap().text.replacen("[promised]\n", own, 1);
    let html =
        text.replacen("private_store = true", "private_store = true\nmfa = true", 1).parse::<Policy>().unwrap().page();
    assert!(html.contains("Sign-in requires a second factor. (A promise of the service beyond the published text.)"));
    assert!(!html.contains("hidden metadata"), "promised, and not set");
}

/// What is for the operator reaches nobody else.
#[test]
fn notes_to_the_operator_do_not_reach_the_page() {
    for preset in Preset::ALL {
        let policy = preset.policy().unwrap();
        let html = page(preset.name);
        let inside: Vec<&str> =
            policy.open.iter().filter(|open| open.internal).map(|open| open.question.as_str()).collect();
        for note in policy.open.iter().filter_map(|open| open.note.as_deref()).chain(inside) {
            assert!(!html.contains(&note.replace('\'', "&#39;")), "{}: {note}", preset.name);
        }
        for word in ["operator", "counsel", "placeholder", "not named in text", "confirm"] {
            assert!(!html.to_lowercase().contains(word), "{}: {word}", preset.name);
        }
    }
}

/// Mail and logs are no pictures: what is ruled out is called by the names of the classes.
#[test]
fn what_nobody_may_do_names_the_data() {
    let narpix = page("narpix");
    assert!(
        narpix.contains("Use your account, what you had done, security log, usage log, invoices and receipts,"),
        "{narpix}"
    );
    assert!(narpix.contains("Use any of your data for sale."));
    assert!(page("nanaimg").contains("to train models, unless you agree."));
}

/// The colours of one scheme, by name.
fn colours(style: &str, before: &str) -> Vec<(String, [f64; 3])> {
    let (_, rest) = style.split_once(before).unwrap();
    let (block, _) = rest.split_once('}').unwrap();
    let pairs = block.split(';').filter_map(|pair| pair.trim().strip_prefix("--")?.split_once(":#"));
    pairs.map(|(name, hex)| (name.to_owned(), linear(hex))).collect()
}

/// `1b1b1f` or `fff`, as linear light (WCAG 2.2, relative luminance).
fn linear(hex: &str) -> [f64; 3] {
    let wide: String =
        if hex.len() == 3 { hex.chars().flat_map(|digit| [digit, digit]).collect() } else { hex.to_owned() };
    [0, 2, 4].map(|place| {
        let value = f64::from(u8::from_str_radix(&wide[place..place + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

#[test]
fn every_mark_can_be_read_on_every_ground() {
    let html = page("narpix");
    let style = html.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    assert!(!style.contains("opacity"), "an opacity lowers the contrast that is computed here");
    for scheme in [":root{", "dark){:root{", "print{:root{"] {
        let colours = colours(style, scheme);
        let luminance = |name: &str| {
            let [red, green, blue] = colours.iter().find(|(known, _)| known == name).unwrap().1;
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        for ink in ["ink", "soft", "accent"] {
            for ground in ["ground", "card", "tint"] {
                let (one, other) = (luminance(ink), luminance(ground));
                let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
                assert!(contrast >= 4.5, "{scheme} {ink} on {ground}: {contrast:.2}");
            }
        }
    }
}

/// A browser breaks pages between blocks: a heading must not be the last of one.
#[test]
fn in_print_a_heading_stays_with_its_answer() {
    for preset in Preset::ALL {
        let html = page(preset.name);
        let print = html.split_once("@media print").unwrap().1.split_once("</style>").unwrap().0;
        assert!(print.contains("h2,h3,dt,thead") && print.contains("{break-after:avoid}"), "{print}");
        assert!(print.contains("dl>div") && print.contains("{break-inside:avoid}"), "{print}");
        assert_eq!(
            html.matches("<dt>").count(),
            html.matches("<div><dt>").count(),
            "each question stands with its answer"
        );
    }
}
