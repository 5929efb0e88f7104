//! The page that people read.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use packshot_policy::Preset;

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
        "you are told by mail, in the service and at your next sign-in, 30 days before it holds for you",
        "Also goes to Modal Labs.",
        "Of it Stripe gets the email. Of it Resend/SendGrid gets the email and name.",
    ] {
        assert!(narpix.contains(line), "{line}");
    }
    assert!(
        page("picphoto").contains(", in backups within 30 days. What you delete can be brought back for 20 hours.")
    );
    assert!(page("nanaimg").contains("No training unless you say so"));
    assert!(page("upixel").contains("Nothing of your payment card is stored."));
}

#[test]
fn words_of_a_policy_cannot_become_markup() {
    let text = Preset::named("upixel").unwrap().text.replacen("name = \"Render\"", "name = \"<b>Render & Co\"", 1);
    let html = text.parse::<packshot_policy::Policy>().unwrap().page();
    assert!(html.contains("&lt;b&gt;Render &amp; Co") && !html.contains("<b>"));
}
