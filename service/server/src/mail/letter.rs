//! What mails say.

use packshot_api::service::Time;

use super::codes::{MailCode, Purpose};
use crate::error::Result;
use crate::id::Id;
use crate::secrets::Secrets;

/// A mail that is not addressed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(super) kind: &'static str,
    pub(super) code: Option<String>,
}

/// A kind of mail: its word in the database, its subject, its text, and the path of the page that takes its code.
struct Kind {
    word: &'static str,
    subject: &'static str,
    text: &'static str,
    path: &'static str,
}

const KINDS: &[Kind] = &[
    Kind {
        word: "confirm",
        subject: "Confirm your address for {service}",
        text: "Somebody, probably you, has signed up at {service} with this address.\n\nTo confirm it, within 24 hours:\n\n\
            {code}\n\nIf it was not you, do nothing: the account cannot be used.",
        path: "confirm",
    },
    Kind {
        word: "exists",
        subject: "You have an account at {service}",
        text: "Somebody, probably you, has tried to sign up at {service} with this address. It has an account already: sign in, \
            or ask for a new password.\n\nIf it was not you, do nothing: nobody learns that the account exists.",
        path: "",
    },
    Kind {
        word: "guardian",
        subject: "Your agreement to an account at {service}",
        text: "Somebody who is too young to decide alone wants an account at {service}, and has named you as their guardian.\
            \n\nIf you agree, within 7 days:\n\n{code}\n\nIf you do not, do nothing: the account cannot be used.",
        path: "guardian",
    },
    Kind {
        word: "reset",
        subject: "A new password for {service}",
        text: "Somebody, probably you, has asked for a new password at {service}.\n\nTo choose one, within an hour:\n\n{code}\n\n\
            If it was not you, do nothing: your password stays as it is.",
        path: "reset",
    },
    Kind {
        word: "invitation",
        subject: "An invitation at {service}",
        text: "You are invited into an organisation at {service}.\n\nTo accept, sign in or sign up with this address and use, \
            within 7 days:\n\n{code}\n\nIf you do not know who invites you, do nothing.",
        path: "invitation",
    },
];

impl Letter {
    /// To confirm the address of an account.
    pub(crate) fn confirm(secrets: &Secrets, now: Time, account: Id) -> Result<Self> {
        Self::with("confirm", Purpose::Confirm, secrets, now, account, 0)
    }

    /// That the address has an account already.
    pub(crate) const fn exists() -> Self {
        Self { kind: "exists", code: None }
    }

    /// For a guardian, to agree to an account.
    pub(crate) fn guardian(secrets: &Secrets, now: Time, account: Id) -> Result<Self> {
        Self::with("guardian", Purpose::Guardian, secrets, now, account, 0)
    }

    /// To choose another password than the one with this number.
    pub(crate) fn reset(secrets: &Secrets, now: Time, account: Id, number: i64) -> Result<Self> {
        Self::with("reset", Purpose::Reset, secrets, now, account, number)
    }

    /// To accept an invitation.
    pub(crate) fn invitation(secrets: &Secrets, now: Time, invitation: Id) -> Result<Self> {
        Self::with("invitation", Purpose::Invitation, secrets, now, invitation, 0)
    }

    fn with(
        kind: &'static str,
        purpose: Purpose,
        secrets: &Secrets,
        now: Time,
        subject: Id,
        number: i64,
    ) -> Result<Self> {
        Ok(Self { kind, code: Some(MailCode { purpose, subject, number }.write(secrets, now)?) })
    }
}

/// Subject and text of a mail of this kind. `None` for a kind that this version does not have.
pub(super) fn written(kind: &str, code: Option<&str>, service: &str, url: Option<&str>) -> Option<(String, String)> {
    let kind = KINDS.iter().find(|known| known.word == kind)?;
    let code = match (code, url) {
        (Some(code), Some(url)) => {
            format!("{}/{}#{code}\n\nor the code\n\n{code}", url.trim_end_matches('/'), kind.path)
        }
        (Some(code), None) => code.to_owned(),
        (None, _) => String::new(),
    };
    let fill = |text: &str| text.replace("{service}", service).replace("{code}", &code);
    Some((fill(kind.subject), fill(kind.text) + "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_has_a_link_where_there_is_an_address() {
        let (subject, text) = written("confirm", Some("psm_x"), "Narpix", Some("https://narpix.example/")).unwrap();
        assert_eq!(subject, "Confirm your address for Narpix");
        assert!(text.contains("https://narpix.example/confirm#psm_x\n") && !text.contains('{'), "{text}");
        assert!(!written("confirm", Some("psm_x"), "Narpix", None).unwrap().1.contains("http"));
        assert!(written("other", None, "Narpix", None).is_none());
        for kind in KINDS {
            assert!(!written(kind.word, Some("x"), "N", None).unwrap().1.contains("  "), "{}", kind.word);
        }
    }
}
