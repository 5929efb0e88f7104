//! Codes of mails: tokens that say what they are for, and until when.

use std::time::Duration;

use packshot_api::service::Time;

use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::secrets::{Secrets, Token, TokenKind};

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To confirm the address of an account.
    Confirm = 1,
    /// A guardian's agreement to an account.
    Guardian = 2,
    /// A new password for an account.
    Reset = 3,
    /// To accept an invitation.
    Invitation = 4,
}

impl Purpose {
    /// How long a code works.
    pub(crate) const fn lasts(self) -> Duration {
        const HOUR: u64 = 3600;
        Duration::from_secs(match self {
            Self::Confirm => 24 * HOUR,
            Self::Guardian | Self::Invitation => 7 * 24 * HOUR,
            Self::Reset => HOUR,
        })
    }
}

/// The facts of a code: about whom or what, and the number of the state that it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MailCode {
    pub(crate) purpose: Purpose,
    pub(crate) subject: Id,
    pub(crate) number: i64,
}

impl MailCode {
    pub(crate) fn write(self, secrets: &Secrets, now: Time) -> Result<String> {
        let numbers = [self.number, (now + self.purpose.lasts()).as_micros()].map(i64::to_be_bytes);
        let facts = [[self.purpose as u8].as_slice(), self.subject.as_bytes(), numbers.as_flattened()].concat();
        Token::new(TokenKind::Mail, facts).write(secrets)
    }

    /// The facts of a code for `purpose`, while it works.
    pub(crate) fn read(secrets: &Secrets, text: &str, purpose: Purpose, now: Time) -> Result<Self> {
        let read = || -> Option<Self> {
            let facts = Token::read_as(secrets, TokenKind::Mail, text.trim())?;
            let (kind, rest) = facts.split_first()?;
            let (subject, rest) = rest.split_first_chunk()?;
            let (number, until) = rest.split_first_chunk()?;
            let until = Time::from_micros(i64::from_be_bytes(until.try_into().ok()?));
            let code = Self { purpose, subject: Id::from_bytes(*subject), number: i64::from_be_bytes(*number) };
            (*kind == purpose as u8 && until > now).then_some(code)
        };
        read().ok_or(Error::Denied(Code::CodeInvalid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_for_one_purpose_and_some_time() {
        let secrets = Secrets::derive(&[7; 32]).unwrap();
        let now = Time::from_micros(0);
        let code = MailCode { purpose: Purpose::Reset, subject: Id::from_bytes([1; 16]), number: 5 };
        let text = code.write(&secrets, now).unwrap();
        let read = |purpose, after| MailCode::read(&secrets, &text, purpose, now + Duration::from_secs(after)).ok();
        assert_eq!(read(Purpose::Reset, 3599), Some(code));
        assert_eq!(read(Purpose::Reset, 3600), None);
        assert_eq!(read(Purpose::Confirm, 0), None);
    }
}
