//! Enumerations that the database and people see as words.

/// Gives each variant of an enumeration its word.
macro_rules! words {
    ($vis:vis $type:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $type {
            /// The word for it.
            #[must_use]
            $vis const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            pub(crate) fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}
pub(crate) use words;
