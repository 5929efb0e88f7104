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
#[must_use]
pub fn did_you_mean(word: &str, choices: &[&str]) -> String {
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

/// What follows `there is no …`: the nearest of the choices, and all of them.
#[must_use]
pub fn choices(word: &str, known: &[&str]) -> String {
    let all = listed(known);
    match closest(word, known) {
        Some(near) => format!("; did you mean `{near}`? There are {all}"),
        None => format!("; there are {all}"),
    }
}
