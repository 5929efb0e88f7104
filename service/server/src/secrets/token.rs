//! Tokens: what a client shows, made from facts with the service's key. Nothing of them is kept, so that nothing can leak from
//! the database, and a lost answer can be given again.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac as _;

use super::root::Secrets;
use crate::error::Result;

/// What a token is for. Its text begins with it, so that people and secret scanners see what they found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Sent with each request of a session.
    Access,
    /// Gets the next tokens of a session.
    Refresh,
    /// An API key.
    Key,
    /// A quote.
    Quote,
    /// The code of a mail.
    Mail,
    /// The link of the operator's first session.
    Operator,
    /// A link to content.
    Link,
    /// An address for the parts of an upload.
    Parts,
}

impl TokenKind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Access => "psa_",
            Self::Refresh => "psr_",
            Self::Key => "psk_",
            Self::Quote => "psq_",
            Self::Mail => "psm_",
            Self::Operator => "pso_",
            Self::Link => "psl_",
            Self::Parts => "psp_",
        }
    }

    fn of(text: &str) -> Option<Self> {
        let people = [Self::Access, Self::Refresh, Self::Key, Self::Mail, Self::Operator];
        let facts = [Self::Quote, Self::Link, Self::Parts];
        people.into_iter().chain(facts).find(|kind| text.starts_with(kind.prefix()))
    }
}

const TAG: usize = 32;

/// The facts in a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) facts: Vec<u8>,
}

impl Token {
    pub(crate) fn new(kind: TokenKind, facts: impl Into<Vec<u8>>) -> Self {
        Self { kind, facts: facts.into() }
    }

    /// Its text: the facts and an HMAC-SHA256 over them and what they are for.
    pub(crate) fn write(&self, secrets: &Secrets) -> Result<String> {
        let prefix = self.kind.prefix();
        let tag = secrets.tokens.clone().chain_update(prefix).chain_update(&self.facts).finalize().into_bytes();
        Ok(format!("{prefix}{}", URL_SAFE_NO_PAD.encode([self.facts.as_slice(), &tag].concat())))
    }

    /// The token of a text, if this service made it.
    pub(crate) fn read(secrets: &Secrets, text: &str) -> Option<Self> {
        let kind = TokenKind::of(text)?;
        let bytes = URL_SAFE_NO_PAD.decode(&text[kind.prefix().len()..]).ok()?;
        let (facts, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG)?)?;
        let signed = secrets.tokens.clone().chain_update(kind.prefix()).chain_update(facts);
        signed.verify_slice(tag).ok()?;
        Some(Self::new(kind, facts))
    }

    /// The same, if it is of this kind.
    pub(crate) fn read_as(secrets: &Secrets, kind: TokenKind, text: &str) -> Option<Vec<u8>> {
        Self::read(secrets, text).filter(|token| token.kind == kind).map(|token| token.facts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_token_that_was_made_here_is_read() {
        let secrets = Secrets::derive(&[7; 32]).unwrap();
        let token = Token::new(TokenKind::Access, [1, 2, 3]);
        let text = token.write(&secrets).unwrap();
        assert_eq!(Token::read(&secrets, &text), Some(token));
        assert_eq!(Token::read_as(&secrets, TokenKind::Refresh, &text), None);
        assert_eq!(Token::read(&Secrets::derive(&[8; 32]).unwrap(), &text), None);
        assert_eq!(Token::read(&secrets, &text.replace("psa_", "psk_")), None, "a kind cannot be exchanged");
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(Token::read(&secrets, &changed), None, "{changed}");
        }
        for text in ["", "psa_", "psa_AAAA", "psa_****", "anything"] {
            assert_eq!(Token::read(&secrets, text), None, "{text}");
        }
    }
}
