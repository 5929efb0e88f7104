use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Unknown;

/// A size to reach, in pixels: `2000` (the longer side), `1200x` (the width), `x800` (the height) or `1200x800` (a
/// box).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Size {
    /// Of the longer side.
    LongSide(u32),
    /// The width; the height follows.
    Width(u32),
    /// The height; the width follows.
    Height(u32),
    /// Both.
    Box(u32, u32),
}

impl Size {
    /// The factor that scales a picture of `width` by `height` to this size and keeps its aspect; a box is fitted from
    /// inside.
    #[must_use]
    pub fn factor(self, width: u32, height: u32) -> f64 {
        let ratio = |wanted: u32, side: u32| f64::from(wanted) / f64::from(side.max(1));
        match self {
            Self::LongSide(wanted) => ratio(wanted, width.max(height)),
            Self::Width(wanted) => ratio(wanted, width),
            Self::Height(wanted) => ratio(wanted, height),
            Self::Box(wide, high) => ratio(wide, width).min(ratio(high, height)),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LongSide(side) => write!(f, "{side}"),
            Self::Width(width) => write!(f, "{width}x"),
            Self::Height(height) => write!(f, "x{height}"),
            Self::Box(width, height) => write!(f, "{width}x{height}"),
        }
    }
}

impl FromStr for Size {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        let side = |text: &str| text.trim().parse().ok().filter(|&side: &u32| side > 0);
        let size = match text.split_once(['x', 'X', '×']) {
            None => side(text).map(Self::LongSide),
            Some((width, "")) => side(width).map(Self::Width),
            Some(("", height)) => side(height).map(Self::Height),
            Some((width, height)) => side(width).zip(side(height)).map(|(width, height)| Self::Box(width, height)),
        };
        size.ok_or_else(|| Unknown {
            word: text.to_owned(),
            what: "size",
            choices: "write pixels, such as 2000 (longer side), 1200x (width), x800 (height) or 1200x800".to_owned(),
        })
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::size(deserializer)
    }
}

/// Both sides times `factor`, rounded, at least 1.
pub(crate) fn scaled((width, height): (u32, u32), factor: f64) -> (u32, u32) {
    let side = |side: u32| (f64::from(side) * factor).round().max(1.0) as u32;
    (side(width), side(height))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

    use super::*;

    #[test]
    fn sizes_are_read_and_written() {
        for (text, size) in [
            ("2000", Size::LongSide(2000)),
            ("1200x", Size::Width(1200)),
            ("x800", Size::Height(800)),
            ("1200x800", Size::Box(1200, 800)),
        ] {
            assert_eq!(text.parse::<Size>().unwrap(), size);
            assert_eq!(size.to_string(), text);
        }
        for text in ["", "x", "0", "0x10", "-3", "a", "10x10x10", "1.5"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }

    #[test]
    fn factors_keep_the_aspect() {
        assert_eq!(Size::LongSide(100).factor(50, 20), 2.0);
        assert_eq!(Size::Width(100).factor(50, 20), 2.0);
        assert_eq!(Size::Height(100).factor(50, 20), 5.0);
        assert_eq!(Size::Box(100, 100).factor(50, 20), 2.0);
    }
}
