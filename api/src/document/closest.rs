//! Suggestions for unknown words.

use std::fmt::Write;

/// The choice that is nearest to a word, in any case, if it is near.
pub(crate) fn closest<'c>(word: &str, choices: &[&'c str]) -> Option<&'c str> {
    let word = word.to_lowercase();
    let near = choices.iter().map(|choice| (strsim::damerau_levenshtein(&word, &choice.to_lowercase()), *choice));
    let most = (word.chars().count() / 3).max(1);
    near.filter(|(distance, _)| *distance <= most).min_by_key(|(distance, _)| *distance).map(|(_, choice)| choice)
}

/// `; did you mean `quality`?` where one of the choices is near.
pub(crate) fn did_you_mean(word: &str, choices: &[&str]) -> String {
    closest(word, choices).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// `a`, `b` and `c`, each in quotes.
pub(crate) fn listed(words: &[&str]) -> String {
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        let before = match index {
            0 => "",
            index if index + 1 == words.len() => " and ",
            _ => ", ",
        };
        let _ = write!(text, "{before}`{word}`");
    }
    text
}

/// `; there are …`, as a sentence of its own after a question.
pub(crate) fn choices(word: &str, known: &[&str]) -> String {
    let (before, known_ones) = (did_you_mean(word, known), listed(known));
    if before.is_empty() { format!("; there are {known_ones}") } else { format!(" There are {known_ones}") }
}
