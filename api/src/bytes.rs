use crate::Unknown;

/// Parses a human-readable number of bytes: `200kB`, `1.5 MB`, `2GiB`. k, M, G and T are powers of 1,000, Ki, Mi, Gi
/// and Ti powers of 1,024; a B may follow, and case does not matter.
///
/// # Errors
/// The text is not such a number, or less than 1.
pub fn parse_bytes(text: &str) -> Result<u64, Unknown> {
    let text = text.trim();
    let at = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let unit = text[at..].trim().to_ascii_lowercase();
    let factor = match unit.strip_suffix('b').unwrap_or(&unit) {
        "" => Some(1.0),
        "k" => Some(1e3),
        "m" => Some(1e6),
        "g" => Some(1e9),
        "t" => Some(1e12),
        "ki" => Some(f64::from(1 << 10)),
        "mi" => Some(f64::from(1 << 20)),
        "gi" => Some(f64::from(1 << 30)),
        "ti" => Some(f64::from(1 << 20) * f64::from(1 << 20)),
        _ => None,
    };
    let bytes = factor.zip(text[..at].parse::<f64>().ok()).map(|(factor, number)| factor * number);
    // 2^53: up to there every whole number is exact.
    bytes.filter(|bytes| (1.0..9e15).contains(bytes)).map(|bytes| bytes as u64).ok_or_else(|| Unknown {
        word: text.to_owned(),
        what: "number of bytes",
        choices: "write it as 200kB, 512MB, 2GB (thousands) or 512MiB, 2GiB (1,024s)".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

    use super::*;

    #[test]
    fn the_same_unit_is_the_same_number_everywhere() {
        for (text, count) in [
            ("77", 77),
            ("77 b", 77),
            ("200kB", 200_000),
            ("1M", 1_000_000),
            ("1MB", 1_000_000),
            ("1.5 mb", 1_500_000),
            ("4G", 4_000_000_000),
            ("2KiB", 2048),
            ("512Mi", 512 << 20),
            ("2GiB", 2 << 30),
            ("1TiB", 1 << 40),
        ] {
            assert_eq!(parse_bytes(text).unwrap(), count, "{text}");
        }
        for text in ["", "kB", "0", "0.4", "-5", "1 PB", "1..5kB", "1e9", "12 apples", "99999999999999999999"] {
            assert!(parse_bytes(text).unwrap_err().to_string().contains("512MB"), "{text}");
        }
    }
}
