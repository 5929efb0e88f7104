//! Names of classes, plans and versions, as `Copy` values.

use std::cmp::Ordering;
use std::fmt;

/// A short name, stored inline, so that a record with its names needs no allocation. It means the same in every version
/// of a policy.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Name {
    /// Hash of the bytes (FNV-1a), compared first: almost always enough to distinguish names.
    key: u64,
    bytes: [u8; Name::MOST],
    length: u8,
}

impl Name {
    /// The longest name, in bytes.
    pub(crate) const MOST: usize = 47;

    /// The name, unless it is empty or too long.
    pub(crate) fn new(text: &str) -> Option<Name> {
        let mut bytes = [0; Name::MOST];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        let length = u8::try_from(text.len()).ok().filter(|length| *length > 0)?;
        let mix = |key: u64, byte: &u8| (key ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        let key = text.as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, mix);
        Some(Name { key, bytes, length })
    }

    pub(crate) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Name) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

macro_rules! names {
    ($($(#[$doc:meta])* $kind:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $kind(Name);

        impl $kind {
            /// Creates it from a name; `None` if the name is empty or longer than 47 bytes, which no policy allows.
            #[must_use]
            pub fn new(name: &str) -> Option<$kind> {
                Name::new(name).map($kind)
            }

            /// Its name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}

names! {
    /// The name of a data class, such as `upload.original`.
    ClassId
    /// The name of a plan, such as `free`.
    PlanId
    /// The name of one version of a policy, such as `2026-04-01`.
    VersionId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_it_was_made_of_or_none() {
        for text in ["a", "upload.original", "žluťoučký kůň", &"x".repeat(47)] {
            assert_eq!(ClassId::new(text).map(|name| name.to_string()).as_deref(), Some(text));
        }
        assert_eq!((ClassId::new(""), ClassId::new(&"x".repeat(48))), (None, None));
        assert_ne!(PlanId::new("pro"), PlanId::new("prod"));
        assert!(PlanId::new("free") < PlanId::new("paid") && PlanId::new("pro") < PlanId::new("prod"));
    }
}
