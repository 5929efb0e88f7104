//! `packshot policy cookies`

use packshot::{Code, Error, Result};
use packshot_policy::{CookieClass, MayStore};
use serde_json::json;

use super::ids;
use super::questions::Cookies;
use crate::exit;
use crate::say::Voice;

pub(crate) fn run(args: &Cookies, voice: Voice) -> Result<u8> {
    let policy = super::load_or_leave!(&args.policy, voice).policy;
    if let Some(both) = args.agree.iter().find(|class| args.refuse.contains(class)) {
        let message = format!("{} cannot be both agreed to and refused", both.as_str());
        return Err(Error::new(Code::OptionInvalid, message));
    }
    for class in CookieClass::ALL {
        let answer = match (args.agree.contains(class), args.refuse.contains(class)) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
        let may = policy.may_store(*class, answer, args.gpc);
        let (word, cookie, told) = match may {
            MayStore::Yes(cookie) if !cookie.opt_out => ("yes", Some(cookie), "yes; no consent needed"),
            MayStore::Yes(cookie) => ("yes", Some(cookie), "yes"),
            MayStore::AskFirst(cookie) => ("ask_first", Some(cookie), "only after the person agrees"),
            MayStore::Refused(cookie) => ("refused", Some(cookie), "no: refused"),
            MayStore::NotDeclared => ("not_declared", None, "never: the policy declares none of this kind"),
        };
        let clauses = cookie.map(|cookie| ids(&cookie.clauses)).unwrap_or_default();
        let asked = policy.agreement(class.as_str(), answer, args.gpc).map(|agreement| &agreement.consent.id);
        voice.event(&json!({
            "event": "cookie", "ok": true, "policy": args.policy, "kind": class.as_str(), "may_store": word,
            "max_age": cookie.map(|cookie| cookie.max_age.to_string()), "can_be_refused": cookie.map(|cookie| cookie.opt_out),
            "consent": asked, "clauses": clauses,
        }));
        let lasts = cookie.map_or_else(String::new, |cookie| {
            format!(", for {} at most ({})", cookie.max_age.in_words(), clauses.join(", "))
        });
        let lasts = if may.is_yes() { lasts } else { lasts.replace(", for", "; then for") };
        voice.text(&format!("{:<11} {told}{lasts}", class.as_str()));
    }
    Ok(exit::DONE)
}
