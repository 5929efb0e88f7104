//! Who may get what, who is told what, who is asked what, and who may come in: from the clauses.

mod cases;
mod engine;
mod report;

use cases::at;
use packshot_policy::{Channel, NoExtension, Occasion, Policy, Preset, Purpose, Trigger};

fn policy(name: &str) -> Policy {
    Preset::named(name).unwrap().policy().unwrap()
}

#[test]
fn every_question_has_the_answer_of_its_clause() {
    let mut wrong = Vec::new();
    let cases = cases::all();
    for case in &cases {
        if let Err(found) = case.holds(&policy(&case.policy)) {
            wrong.push(format!("{}: {}\n    {found}", case.source, case.line));
        }
    }
    println!("{} questions", cases.len());
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    let own = cases.iter().filter(|case| case.source == "answers.txt").count();
    assert!(own >= 150, "{own} questions");
}

#[test]
fn a_flow_is_answered_in_a_sentence_with_its_clauses() {
    let say = |name: &str, data: &str, to: &str, purpose, consents: &[&str]| {
        policy(name).flow(data, to, purpose, consents).to_string()
    };
    assert_eq!(
        say("narpix", "upload.original", "Modal Labs", Purpose::Job, &[]),
        "yes: Modal Labs gets this for job (NARPIX-3.2b, NARPIX-4.4e, NARPIX-4.4f, NARPIX-4.4g)"
    );
    assert_eq!(
        say("nanaimg", "output", "Stripe", Purpose::Training, &[]),
        "no: nobody may use this for training without the consent `training` (NANAIMG-H6)"
    );
    assert_eq!(
        say("narpix", "agg.usage", "Google Analytics", Purpose::Analytics, &[]),
        "not yet: Google Analytics gets this once the person has given the consent `analytics` (NARPIX-3.2d)"
    );
    assert_eq!(
        say("narpix", "account", "Stripe", Purpose::Billing, &[]),
        "no: the policy does not say that Stripe gets this (NARPIX-1.4a, NARPIX-3.2c)"
    );
    assert_eq!(
        say("upixel", "account", "Render", Purpose::Edge, &[]),
        "no: Render gets data for hosting only (UPIXEL-3d)"
    );
    assert_eq!(
        say("upixel", "account", "Anybody", Purpose::Edge, &[]),
        "no: the policy names no such processor, and data goes to nobody else"
    );
}

#[test]
fn people_can_see_who_gets_their_data() {
    let who = |name: &str, class: &str| {
        policy(name).recipients(class).map(|to| to.name.clone()).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(who("narpix", "upload.original"), "Modal Labs");
    // Only its address goes out, and that counts.
    assert_eq!(who("narpix", "account"), "Stripe, Resend/SendGrid");
    assert_eq!(who("narpix", "history.job"), "");
}

/// NARPIX-5.3g: only with a notice, and only before the first time is over.
#[test]
fn an_answer_takes_longer_only_if_the_person_was_told_in_time() {
    let narpix = policy("narpix");
    let due = narpix.due(Trigger::PrivacyRequest, &[], at("2026-01-31T12:00")).unwrap();
    assert_eq!(due.extend(at("2026-03-02T12:00")), Ok(at("2026-04-01T12:00")));
    assert_eq!(due.extend(at("2026-03-02T12:01")), Err(NoExtension::ToldTooLate));
    let gdpr = narpix.due(Trigger::PrivacyRequest, &["gdpr".parse().unwrap()], at("2026-01-31T12:00")).unwrap();
    assert_eq!(gdpr.extend(at("2026-02-01T12:00")), Err(NoExtension::NotOffered));
}

/// NARPIX-11c to 11e ask for three ways at once, PICPHOTO-10b for one of two.
#[test]
fn people_are_told_when_every_promised_way_was_used() {
    let (narpix, picphoto) = (policy("narpix"), policy("picphoto"));
    let three = narpix.telling(Occasion::PolicyMaterial, &[]).unwrap();
    assert!(three.is_done_by(&[Channel::Banner, Channel::LoginPopup, Channel::Email]));
    assert!(!three.is_done_by(&[Channel::Banner, Channel::Email]));
    let one = picphoto.telling(Occasion::PolicyMaterial, &[]).unwrap();
    assert!(one.is_done_by(&[Channel::Banner]));
    assert!(!one.is_done_by(&[Channel::Page]));
    assert!(narpix.telling(Occasion::NewTool, &[]).is_none());
}

/// NARPIX-11f and 11g: each account has its own day.
#[test]
fn a_change_holds_for_each_account_from_its_own_day() {
    let narpix = policy("narpix");
    let change = narpix.telling(Occasion::PolicyMaterial, &[]).unwrap();
    let (posted, joined) = (at("2026-01-10T00:00"), at("2025-06-01T00:00"));
    assert_eq!(change.in_force_from(posted, at("2026-01-10T00:01"), None), Some(at("2026-01-10T00:01")));
    assert_eq!(change.in_force_from(posted, joined, Some(at("2026-01-12T00:00"))), Some(at("2026-02-11T00:00")));
    assert_eq!(change.in_force_from(posted, joined, None), None, "their mail came back: nothing changes for them yet");
    // A word before the posting does not let it hold earlier.
    assert_eq!(change.in_force_from(posted, joined, Some(at("2025-12-01T00:00"))), Some(at("2026-02-09T00:00")));
    // UPIXEL-8b: on the page is told.
    let upixel = policy("upixel");
    let page = upixel.telling(Occasion::PolicyMaterial, &[]).unwrap();
    assert_eq!(page.in_force_from(posted, joined, None), Some(posted));
    assert!(page.continued_use_accepts());
    assert_eq!(change.leads().map(|(lead, _)| lead.to_string()).collect::<Vec<_>>(), ["30d"]);
}
