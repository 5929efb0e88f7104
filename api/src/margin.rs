//! Lengths and margins: `40px`, `12%`, `5% 10%`, `6% of result`.

use std::fmt;
use std::str::FromStr;

use crate::Unknown;

/// A length in pixels, or as a percentage of a size that the option defines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Length {
    /// Pixels.
    Pixels(f32),
    /// Percent: 100 is the whole.
    Percent(f32),
}

impl Length {
    /// The length in pixels where the whole is `whole` pixels long.
    #[must_use]
    pub fn resolve(self, whole: u32) -> f32 {
        match self {
            Self::Pixels(pixels) => pixels,
            Self::Percent(percent) => percent / 100.0 * whole as f32,
        }
    }
}

impl FromStr for Length {
    type Err = Unknown;

    /// `12`, `12px` or `12%`; neither negative nor infinite. A number between 0 and 1 must have a unit: it was probably meant
    /// as a share.
    fn from_str(text: &str) -> Result<Self, Unknown> {
        let text = text.trim();
        let (number, make): (_, fn(f32) -> Self) = match text.strip_suffix('%') {
            Some(number) => (number, Self::Percent),
            None => (text.strip_suffix("px").unwrap_or(text), Self::Pixels),
        };
        match number.trim().parse::<f32>() {
            Ok(share) if share > 0.0 && share < 1.0 && number == text => Err(Unknown {
                word: text.to_owned(),
                what: "length",
                choices: format!("it is less than a pixel; write `{}%` for a share", share * 100.0),
            }),
            Ok(value) if value.is_finite() && value >= 0.0 => Ok(make(value)),
            _ => Err(Unknown {
                word: text.to_owned(),
                what: "length",
                choices: "write pixels or percent, such as 40px or 12%".to_owned(),
            }),
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pixels(pixels) => write!(f, "{pixels}px"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

/// Space around a subject.
///
/// Written as one, two or four lengths in the order of CSS: all; vertical and horizontal; top, right, bottom, left.
/// Percentages are of the subject's width (left, right) or height (top, bottom); after `of result`, they are of the
/// result's: `6% of result` leaves 88 % of its width and height to the subject.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// Above the subject.
    pub top: Length,
    /// At the right.
    pub right: Length,
    /// Below.
    pub bottom: Length,
    /// At the left.
    pub left: Length,
    /// Percentages are of the result, not of the subject.
    pub of_result: bool,
}

const OF_RESULT: &str = "of result";

impl Margin {
    /// No space.
    pub const NONE: Self = Self::all(Length::Pixels(0.0));

    /// The same on all four sides.
    #[must_use]
    pub const fn all(length: Length) -> Self {
        Self { top: length, right: length, bottom: length, left: length, of_result: false }
    }

    /// Pixels at the top, right, bottom and left of a subject of `width` by `height`.
    #[must_use]
    pub fn resolve(self, (width, height): (u32, u32)) -> [u32; 4] {
        let [top, bottom] = self.pair(self.top, self.bottom, height);
        let [left, right] = self.pair(self.left, self.right, width);
        [top, right, bottom, left]
    }

    /// The margins at both ends of a side.
    fn pair(self, start: Length, end: Length, side: u32) -> [u32; 2] {
        let pixels = |length: Length, whole: f64| match length {
            Length::Pixels(pixels) => f64::from(pixels),
            Length::Percent(percent) => f64::from(percent) / 100.0 * whole,
        };
        let side = f64::from(side);
        let whole = match self.of_result {
            false => side,
            // whole = side + pixels + share * whole
            true => (side + pixels(start, 0.0) + pixels(end, 0.0)) / (1.0 - share(start) - share(end)),
        };
        [start, end].map(|length| pixels(length, whole).round() as u32)
    }

    /// The size of a subject of `width` by `height` with this margin.
    #[must_use]
    pub fn around(self, (width, height): (u32, u32)) -> (u32, u32) {
        let [top, right, bottom, left] = self.resolve((width, height));
        (width.saturating_add(left).saturating_add(right), height.saturating_add(top).saturating_add(bottom))
    }
}

/// Several lengths, with spaces or commas between.
///
/// # Errors
/// One of them is no length.
pub fn lengths(text: &str) -> Result<Vec<Length>, Unknown> {
    // A space before a unit does not separate it from its number.
    let text = text.replace(" %", "%").replace(" px", "px");
    text.split([' ', ',']).filter(|part| !part.is_empty()).map(str::parse).collect()
}

/// A percentage as a share of 1.
fn share(length: Length) -> f64 {
    match length {
        Length::Pixels(_) => 0.0,
        Length::Percent(percent) => f64::from(percent) / 100.0,
    }
}

impl FromStr for Margin {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        let refuse = |choices: &str| Unknown { word: text.to_owned(), what: "margin", choices: choices.to_owned() };
        let (lengths, of_result) = match text.trim().strip_suffix(OF_RESULT) {
            Some(lengths) => (lengths, true),
            None => (text, false),
        };
        if lengths.contains("of") {
            return Err(refuse("write its lengths, and after them `of result` if they are of the result"));
        }
        let (top, right, bottom, left) = match self::lengths(lengths)?[..] {
            [all] => (all, all, all, all),
            [vertical, horizontal] => (vertical, horizontal, vertical, horizontal),
            [top, right, bottom, left] => (top, right, bottom, left),
            _ => return Err(refuse("write one, two or four lengths, such as 5%, 20px 40px or 6% of result")),
        };
        if of_result && (share(top) + share(bottom) >= 1.0 || share(left) + share(right) >= 1.0) {
            return Err(refuse("nothing of the result is left to the subject; write less than 50% of result"));
        }
        Ok(Self { top, right, bottom, left, of_result })
    }
}

impl fmt::Display for Margin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { top, right, bottom, left, of_result } = self;
        write!(f, "{top} {right} {bottom} {left}")?;
        if *of_result { write!(f, " {OF_RESULT}") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

    use proptest::prelude::*;

    use super::*;

    fn resolved(text: &str, size: (u32, u32)) -> [u32; 4] {
        text.parse::<Margin>().unwrap().resolve(size)
    }

    #[test]
    fn margins_follow_css() {
        assert_eq!(resolved("10%", (200, 100)), [10, 20, 10, 20]);
        assert_eq!(resolved("5 8", (200, 100)), [5, 8, 5, 8]);
        assert_eq!(resolved("1,2 3, 4", (200, 100)), [1, 2, 3, 4]);
        assert_eq!(resolved("10 % 4 px", (200, 100)), [10, 4, 10, 4]);
    }

    #[test]
    fn a_margin_of_the_result_is_a_share_of_what_comes_out() {
        assert_eq!(resolved("10% of result", (800, 400)), [50, 100, 50, 100]);
        assert_eq!(resolved("10px 25% of result", (100, 30)), [10, 50, 10, 50]);
        assert_eq!(resolved("0 20% 0 20px of result", (100, 30)), [0, 30, 0, 20]);
        assert_eq!(resolved("7px of result", (100, 30)), [7; 4]);
    }

    #[test]
    fn what_is_no_margin_is_refused_with_an_example() {
        for (text, names) in [
            ("1 2 3", "one, two or four lengths"),
            ("", "6% of result"),
            ("-1%", "`-1%` is no "),
            ("5 apples", "apples"),
            ("0.06", "write `6%`"),
            ("5% of subject", "`of result`"),
            ("50% of result", "less than 50%"),
            ("60% 0 40% 0 of result", "less than 50%"),
        ] {
            let error = text.parse::<Margin>().unwrap_err().to_string();
            assert!(error.contains(names), "{text}: {error}");
        }
    }

    fn length() -> impl Strategy<Value = Length> {
        prop_oneof![
            (0..3000u32).prop_map(|pixels| Length::Pixels(pixels as f32 / 4.0)),
            (0..49u32).prop_map(|percent| Length::Percent(percent as f32)),
        ]
    }

    proptest! {
        #[test]
        fn each_side_has_what_was_asked_of_the_result(
            lengths in prop::array::uniform4(length()), of_result in any::<bool>(), size in (1..4000u32, 1..4000u32),
        ) {
            let [top, right, bottom, left] = lengths;
            let margin = Margin { top, right, bottom, left, of_result };
            prop_assert_eq!(margin.to_string().parse::<Margin>().unwrap(), margin);
            let result = margin.around(size);
            let (width, height) = if of_result { result } else { size };
            let wholes = [height, width, height, width];
            for ((length, whole), got) in lengths.into_iter().zip(wholes).zip(margin.resolve(size)) {
                // Rounded once for the side itself, and twice within the whole.
                prop_assert!((length.resolve(whole) - got as f32).abs() <= 1.51, "{length} of {whole} is {got}");
            }
        }
    }
}
