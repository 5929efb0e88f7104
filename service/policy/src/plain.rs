//! Makes untrusted text safe to print on terminals, in pages and in messages.

use std::borrow::Cow;

/// Whether a character has an effect instead of being printed: control characters (escape among them), line separators,
/// and marks that change the direction of the text around them.
#[must_use]
pub fn acts(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

/// The text with every character that would affect a terminal or the text direction escaped, such as `\u{1b}`.
///
/// The result is one line without control characters.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if acts(letter) { safe.extend(letter.escape_unicode()) } else { safe.push(letter) }
    }
    Cow::Owned(safe)
}

/// The same for a page: markup is escaped as well.
pub(crate) fn html(text: &str) -> String {
    plain(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_stays_as_it_is() {
        for text in ["Müller & Söhne", "写真", "صورة", "🦀, 3 × 4"] {
            assert!(matches!(plain(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn nothing_that_acts_comes_through() {
        let acting = (0..=0x10_ffff_u32).filter_map(char::from_u32).filter(|letter| acts(*letter));
        let mut count = 0;
        for letter in acting {
            count += 1;
            let text = format!("a{letter}b");
            assert!(!plain(&text).contains(acts) && !html(&text).contains(acts), "{letter:?}");
        }
        // 65 controls (Unicode's category Cc), 3 marks, 2 separators, the byte order mark, 9 that turn text, 128 tags.
        assert_eq!(count, 65 + 3 + 2 + 1 + 9 + 128);
        assert_eq!(plain("\u{1b}[31mred\u{9b}0m\u{202e}"), "\\u{1b}[31mred\\u{9b}0m\\u{202e}");
        assert_eq!(html("<b a='1'>&\u{1b}"), "&lt;b a=&#39;1&#39;&gt;&amp;\\u{1b}");
    }
}
