use std::fmt;
use std::str::FromStr;

use crate::Unknown;

/// The narrowest and the widest aspect; anything beyond is a mistake.
const ASPECTS: std::ops::RangeInclusive<f64> = 0.01..=100.0;

/// Width to height: `4:5`, `16/9`, `1.91` or the two numbers as a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aspect {
    width: f64,
    height: f64,
}

impl Aspect {
    /// Width over height.
    #[must_use]
    pub fn ratio(self) -> f64 {
        self.width / self.height
    }
}

impl FromStr for Aspect {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        let (width, height) = text.split_once([':', '/', ',']).unwrap_or((text, "1"));
        let side = |text: &str| text.trim().parse::<f64>().ok().filter(|side| side.is_finite() && *side > 0.0);
        side(width)
            .zip(side(height))
            .map(|(width, height)| Self { width, height })
            .filter(|aspect| ASPECTS.contains(&aspect.ratio()))
            .ok_or_else(|| Unknown {
                word: text.to_owned(),
                what: "aspect",
                choices: "write width to height, such as 1:1, 4:5 or 1.91, from 1:100 to 100:1".to_owned(),
            })
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

    use super::*;

    #[test]
    fn aspects_are_two_numbers_or_one() {
        for (text, ratio) in [("1:1", 1.0), ("4:5", 0.8), ("16/9", 16.0 / 9.0), (" 1.91 : 1 ", 1.91), ("1.5", 1.5)] {
            let aspect: Aspect = text.parse().unwrap();
            assert_eq!(aspect.ratio(), ratio, "{text}");
            assert_eq!(aspect.to_string().parse::<Aspect>().unwrap(), aspect);
        }
        for text in ["", ":", "4:", "0:1", "-1:1", "1:0", "4:5:6", "wide", "inf", "nan:1", "1:101", "101"] {
            assert!(text.parse::<Aspect>().is_err(), "{text}");
        }
    }
}
