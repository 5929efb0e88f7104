//! E-mail addresses.

use crate::error::{Error, Result};

/// RFC 5321 allows no more.
const LONGEST: usize = 254;

/// An address as it is kept and compared: without spaces around it, and in lower case. Whether it exists, only a mail tells.
pub(crate) fn normalised(field: &str, text: &str) -> Result<String> {
    let text = text.trim().to_lowercase();
    let is_well = |text: &str| {
        let (name, domain) = text.rsplit_once('@')?;
        let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
        let sound = !name.is_empty()
            && name.len() <= 64
            && text.len() <= LONGEST
            && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c))
            && domain.contains('.')
            && domain.split('.').all(label);
        (sound && text.parse::<lettre::Address>().is_ok()).then_some(())
    };
    is_well(&text).ok_or_else(|| Error::field(field, "is no e-mail address"))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn an_address_has_one_form() {
        let form = |text: &str| normalised("email", text).ok();
        assert_eq!(form(" Anna@Example.ORG ").as_deref(), Some("anna@example.org"));
        assert_eq!(form("a+b.c@mail.example.co.uk").as_deref(), Some("a+b.c@mail.example.co.uk"));
        for text in [
            "",
            "anna",
            "@example.org",
            "anna@",
            "a b@example.org",
            "a@b@c",
            "a@b..c",
            "anna@localhost",
            "a@b.c\r\nTo: d",
        ] {
            assert_eq!(form(text), None, "{text}");
        }
    }
}
