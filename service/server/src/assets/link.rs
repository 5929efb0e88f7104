//! Links that work without a token: signed facts. A link proves what was allowed when it was made; what has become of the asset
//! since is asked when it is used, so that no link outlives a deletion.

use std::time::Duration;

use packshot_api::service::Time;
use packshot_policy::{Calendar, Policy};

use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::retention::{instant, time};
use crate::secrets::{Secrets, Token, TokenKind};

/// The longest time that a link works.
const LONGEST: Duration = Duration::from_secs(3600);
/// The same, if nobody says.
const USUAL: Duration = Duration::from_secs(600);
/// Which layout of the facts this is.
const LAYOUT: u8 = 1;

/// What a link to content allows: to read one variant of one asset, for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkFacts {
    pub(crate) asset: Id,
    pub(crate) expires_at: Time,
    /// Whether a browser saves it.
    pub(crate) download: bool,
    pub(crate) variant: String,
}

impl LinkFacts {
    /// When a link ends that is made now.
    pub(crate) fn end(policy: &Policy, now: Time, wanted: Option<u32>) -> Result<Time> {
        let longest = match policy.security.signed_url_max {
            Some(period) => {
                let calendar = Calendar::new(policy.about.timezone.clone());
                time(calendar.at_the_earliest(instant(now)?, period)).min(now + LONGEST)
            }
            None => now + LONGEST,
        };
        match wanted {
            None => Ok((now + USUAL).min(longest)),
            Some(seconds) => {
                let end = now + Duration::from_secs(seconds.into());
                if seconds > 0 && end <= longest {
                    return Ok(end);
                }
                let most = (longest.as_micros() - now.as_micros()) / 1_000_000;
                Err(Error::field("expires_in", format!("is 1 to {most} seconds")))
            }
        }
    }

    pub(crate) fn write(&self, secrets: &Secrets) -> Result<String> {
        let facts = [
            &[LAYOUT, u8::from(self.download)],
            self.asset.as_bytes().as_slice(),
            &self.expires_at.as_micros().to_be_bytes(),
            self.variant.as_bytes(),
        ];
        Token::new(TokenKind::Link, facts.concat()).write(secrets)
    }

    /// The facts of a link that was made here and has not ended.
    pub(crate) fn read(secrets: &Secrets, text: &str, now: Time) -> Result<Self> {
        let facts = Token::read_as(secrets, TokenKind::Link, text).ok_or(Error::Denied(Code::LinkInvalid))?;
        let read = || {
            let ([layout, download], rest) = facts.split_first_chunk::<2>()?;
            let (asset, rest) = rest.split_first_chunk::<16>()?;
            let (expires_at, variant) = rest.split_first_chunk::<8>()?;
            let variant = String::from_utf8(variant.to_vec()).ok()?;
            let expires_at = Time::from_micros(i64::from_be_bytes(*expires_at));
            (*layout == LAYOUT).then_some(Self {
                asset: Id::from_bytes(*asset),
                expires_at,
                download: *download != 0,
                variant,
            })
        };
        read().filter(|facts| facts.expires_at > now).ok_or(Error::Denied(Code::LinkInvalid))
    }
}

/// What an address for parts allows: to send those of one upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PartsFacts {
    pub(crate) asset: Id,
    pub(crate) expires_at: Time,
}

impl PartsFacts {
    pub(crate) fn write(&self, secrets: &Secrets) -> Result<String> {
        let facts = [&[LAYOUT], self.asset.as_bytes().as_slice(), &self.expires_at.as_micros().to_be_bytes()];
        Token::new(TokenKind::Parts, facts.concat()).write(secrets)
    }

    pub(crate) fn read(secrets: &Secrets, text: &str, now: Time) -> Result<Self> {
        let facts = Token::read_as(secrets, TokenKind::Parts, text).ok_or(Error::Denied(Code::LinkInvalid))?;
        let read = || {
            let ([layout], rest) = facts.split_first_chunk::<1>()?;
            let (asset, rest) = rest.split_first_chunk::<16>()?;
            let expires_at = Time::from_micros(i64::from_be_bytes(rest.try_into().ok()?));
            (*layout == LAYOUT).then_some(Self { asset: Id::from_bytes(*asset), expires_at })
        };
        read().filter(|facts| facts.expires_at > now).ok_or(Error::Denied(Code::LinkInvalid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_what_it_was_made_for_and_nothing_else() {
        let secrets = Secrets::derive(&[7; 32]).unwrap();
        let (now, expires_at) = (Time::from_micros(5), Time::from_micros(10));
        let facts = LinkFacts { asset: Id::new(), expires_at, download: true, variant: "thumbnail".to_owned() };
        let text = facts.write(&secrets).unwrap();
        assert_eq!(LinkFacts::read(&secrets, &text, now).unwrap(), facts);
        assert_eq!(LinkFacts::read(&secrets, &text, expires_at).unwrap_err().code(), Code::LinkInvalid);
        assert!(PartsFacts::read(&secrets, &text, now).is_err(), "a link to read is none to write");
        let parts = PartsFacts { asset: facts.asset, expires_at };
        let text = parts.write(&secrets).unwrap();
        assert_eq!(PartsFacts::read(&secrets, &text, now).unwrap(), parts);
        assert!(LinkFacts::read(&secrets, &text, now).is_err());
    }
}
