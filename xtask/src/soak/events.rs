//! The lines that `packshot --json` prints: one JSON object each.

/// The string value of `key` in one line. Enough for the flat objects with plain values that the CLI prints.
pub(super) fn text<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let after_key = line.split_once(&format!("\"{key}\""))?.1;
    let value = after_key.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    value.split('"').next()
}

/// The number value of `key` in one line.
pub(super) fn number(line: &str, key: &str) -> Option<u64> {
    let value = line.split_once(&format!("\"{key}\":"))?.1.trim_start();
    value.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

/// Whether the line reports one finished photo.
pub(super) fn is_photo(line: &str) -> bool {
    text(line, "event") == Some("photo")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found() {
        let line = r#"{"event":"photo","input":"a.jpg","ok":false,"code": "disk_full"}"#;
        assert!(is_photo(line));
        assert_eq!(text(line, "code"), Some("disk_full"));
        assert_eq!(text(line, "ok"), None, "not a string");
        assert_eq!(text(line, "output"), None);
        assert_eq!(number(r#"{"resumed":12,"done":3}"#, "resumed"), Some(12));
    }
}
