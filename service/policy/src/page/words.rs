//! Wording of the page.

use crate::words::{Channel, Law, Occasion, Purpose, Right};

/// `a, b and c`.
pub(super) fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// `a, b or c`.
pub(crate) fn either(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// The name of a company; for `(a kind of company, a remark)`, the kind.
pub(super) fn company(name: &str) -> String {
    match name.strip_prefix('(') {
        Some(kind) => {
            let kind = kind.trim_end_matches(')').split(',').next().unwrap_or_default().trim();
            format!("{} (not named)", super::capital(kind))
        }
        None => name.to_owned(),
    }
}

/// A forbidden use, to follow "use any of your data".
pub(super) fn forbidden(purpose_: Purpose) -> &'static str {
    match purpose_ {
        Purpose::Sale => "for sale",
        other => purpose(other),
    }
}

/// A field of a class: `password hash`, `name, if you give it`.
pub(crate) fn field(name: &str) -> String {
    let words = name.trim_end_matches('?').replace('_', " ");
    let words = match words.as_str() {
        "ip" => "IP address".to_owned(),
        "signup ip" => "IP address at sign-up".to_owned(),
        "at" => "time".to_owned(),
        "op" => "what was done".to_owned(),
        "os" => "operating system".to_owned(),
        "bytes" => "size".to_owned(),
        "org" => "organisation".to_owned(),
        "password hash" => "password (only as an unreadable hash)".to_owned(),
        "user agent" => "browser".to_owned(),
        "referrer origin" => "site you came from".to_owned(),
        _ => words,
    };
    if name.ends_with('?') { format!("{words} (if you give it)") } else { words }
}

pub(super) fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Job => "to do the job you asked for",
        Purpose::Hosting => "to store and serve it",
        Purpose::Edge => "to carry requests and keep attackers out",
        Purpose::Billing => "to charge you",
        Purpose::Mail => "to send you mail",
        Purpose::Analytics => "to count visits",
        Purpose::Marketing => "to advertise",
        Purpose::Training => "to train models",
        Purpose::Sale => "to sell it",
        Purpose::CrossSiteAds => "to follow you across other sites",
        Purpose::PublicCdn => "from a place that anybody can read",
    }
}

pub(super) fn right(right: Right) -> &'static str {
    match right {
        Right::Know => "Know what is collected, and whether it is sold",
        Right::Access => "Get a copy of your data",
        Right::Rectify => "Have it corrected",
        Right::Erase => "Have it deleted",
        Right::Portability => "Take it elsewhere, in a machine-readable form",
        Right::Restrict => "Have it kept but not used",
        Right::Object => "Object to a use",
        Right::Withdraw => "Withdraw your consent at any time",
        Right::OptOutSale => "Refuse the sale of data, even though nothing is sold",
        Right::OptOutMarketing => "Refuse marketing mail",
        Right::NonDiscrimination => "Be treated the same, whatever you asked for",
        Right::Complain => "Complain, here or to an authority",
    }
}

pub(super) fn right_in_short(right: Right) -> &'static str {
    match right {
        Right::Know => "ask what is collected",
        Right::Access => "get a copy",
        Right::Rectify => "have data corrected",
        Right::Erase => "have data deleted",
        Right::Portability => "take data elsewhere",
        Right::Restrict => "stop further use",
        Right::Object => "object",
        Right::Withdraw => "withdraw consent",
        Right::OptOutSale => "refuse sale",
        Right::OptOutMarketing => "refuse marketing mail",
        Right::NonDiscrimination => "be treated the same",
        Right::Complain => "complain",
    }
}

pub(super) fn law(law: Law) -> &'static str {
    match law {
        Law::Gdpr => "GDPR",
        Law::Ccpa => "CCPA",
        Law::Coppa => "COPPA",
        Law::UsTax => "tax law of the United States",
    }
}

pub(crate) fn region(region: &str) -> String {
    match region {
        "us" => "the United States".to_owned(),
        "eu" => "the European Union".to_owned(),
        "global" => "many countries".to_owned(),
        other => other.to_uppercase(),
    }
}

pub(super) fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Page => "on this page",
        Channel::Email => "by mail",
        Channel::Banner => "in the service",
        Channel::LoginPopup => "at your next sign-in",
    }
}

pub(super) fn occasion(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::PolicyAny => "Any change of this policy",
        Occasion::PolicyMinor => "A change of words only",
        Occasion::PolicyMaterial => "A change of your rights or of the use of your data",
        Occasion::PlanDowngrade => "A plan that keeps things for a shorter time",
        Occasion::NewTool => "A new tool or a new kind of data",
        Occasion::AccountClosed => "Your account is closed",
    }
}
