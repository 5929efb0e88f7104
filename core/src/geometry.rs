//! Rectangles, lengths and margins, as options write them: `40px`, `12%`, `10% 10% 90% 90%`.

use std::fmt;
use std::str::FromStr;

use crate::error::{Code, Error, Result};

/// A rectangle of whole pixels; `left` and `top` count from the photo's upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the documentation")]
pub struct Rect {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

impl Rect {
    /// The rectangle of a whole picture.
    #[must_use]
    pub const fn whole(width: u32, height: u32) -> Self {
        Self { left: 0, top: 0, width, height }
    }

    /// First column to the right.
    #[must_use]
    pub const fn right(self) -> u32 {
        self.left + self.width
    }

    /// First row below.
    #[must_use]
    pub const fn bottom(self) -> u32 {
        self.top + self.height
    }

    /// Whether a pixel lies inside.
    #[must_use]
    pub const fn contains(self, x: u32, y: u32) -> bool {
        x >= self.left && y >= self.top && x < self.right() && y < self.bottom()
    }

    /// The common part, if there is one.
    #[must_use]
    pub fn intersect(self, other: Self) -> Option<Self> {
        let (left, top) = (self.left.max(other.left), self.top.max(other.top));
        let (right, bottom) = (self.right().min(other.right()), self.bottom().min(other.bottom()));
        (left < right && top < bottom).then(|| Self { left, top, width: right - left, height: bottom - top })
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let (left, top) = (self.left.min(other.left), self.top.min(other.top));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self { left, top, width: right - left, height: bottom - top }
    }

    /// Grown by these many pixels (top, right, bottom, left), but not beyond `bounds`.
    #[must_use]
    pub fn grow(self, [top, right, bottom, left]: [u32; 4], bounds: Self) -> Self {
        let x = self.left.saturating_sub(left).max(bounds.left);
        let y = self.top.saturating_sub(top).max(bounds.top);
        let right = self.right().saturating_add(right).min(bounds.right());
        let bottom = self.bottom().saturating_add(bottom).min(bounds.bottom());
        Self { left: x, top: y, width: right - x, height: bottom - y }
    }
}

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
    type Err = Error;

    /// `12`, `12px` or `12%`; neither negative nor infinite.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        let (number, make): (_, fn(f32) -> Self) = match text.strip_suffix('%') {
            Some(number) => (number, Self::Percent),
            None => (text.strip_suffix("px").unwrap_or(text), Self::Pixels),
        };
        match number.trim().parse::<f32>() {
            Ok(value) if value.is_finite() && value >= 0.0 => Ok(make(value)),
            _ => Err(Error::new(Code::OptionInvalid, format!("`{text}` is not a length such as 40px or 12%"))),
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

fn lengths(text: &str) -> Result<Vec<Length>> {
    text.split([' ', ',']).filter(|part| !part.is_empty()).map(str::parse).collect()
}

/// A part of the photo: two corners, each a length from the left and from the top.
///
/// Written `x1 y1 x2 y2`, for instance `10% 10% 90% 90%` or `40px 0 600px 480px`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the names are the documentation")]
pub struct Area {
    pub left: Length,
    pub top: Length,
    pub right: Length,
    pub bottom: Length,
}

impl Area {
    /// The pixels of a `width` by `height` photo that the area touches.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] when the area is empty or lies outside the photo.
    pub fn resolve(self, width: u32, height: u32) -> Result<Rect> {
        let left = self.left.resolve(width).floor() as u32;
        let top = self.top.resolve(height).floor() as u32;
        let right = (self.right.resolve(width).ceil() as u32).min(width);
        let bottom = (self.bottom.resolve(height).ceil() as u32).min(height);
        if left >= right || top >= bottom {
            let message = format!("the area `{self}` contains no pixel of a photo of {width} x {height}");
            return Err(Error::new(Code::OptionInvalid, message));
        }
        Ok(Rect { left, top, width: right - left, height: bottom - top })
    }
}

impl From<Rect> for Area {
    fn from(rect: Rect) -> Self {
        let pixels = |value: u32| Length::Pixels(value as f32);
        Self {
            left: pixels(rect.left),
            top: pixels(rect.top),
            right: pixels(rect.right()),
            bottom: pixels(rect.bottom()),
        }
    }
}

impl FromStr for Area {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match lengths(text)?[..] {
            [left, top, right, bottom] => Ok(Self { left, top, right, bottom }),
            _ => Err(Error::new(Code::OptionInvalid, format!("`{text}` is not an area: write x1 y1 x2 y2"))),
        }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.left, self.top, self.right, self.bottom)
    }
}

/// Space around a subject; percentages are of the subject's width (left, right) or height (top, bottom).
///
/// Written as one, two or four lengths in the order of CSS: all; vertical and horizontal; top, right, bottom, left.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the names are the documentation")]
pub struct Margin {
    pub top: Length,
    pub right: Length,
    pub bottom: Length,
    pub left: Length,
}

impl Margin {
    /// No space.
    pub const NONE: Self = Self::all(Length::Pixels(0.0));

    /// The same on all four sides.
    #[must_use]
    pub const fn all(length: Length) -> Self {
        Self { top: length, right: length, bottom: length, left: length }
    }

    /// Pixels at the top, right, bottom and left of `subject`.
    #[must_use]
    pub fn resolve(self, subject: Rect) -> [u32; 4] {
        let pixels = |length: Length, whole| length.resolve(whole).round() as u32;
        [
            pixels(self.top, subject.height),
            pixels(self.right, subject.width),
            pixels(self.bottom, subject.height),
            pixels(self.left, subject.width),
        ]
    }
}

impl FromStr for Margin {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match lengths(text)?[..] {
            [all] => Ok(Self::all(all)),
            [vertical, horizontal] => Ok(Self { top: vertical, right: horizontal, bottom: vertical, left: horizontal }),
            [top, right, bottom, left] => Ok(Self { top, right, bottom, left }),
            _ => {
                let message = format!("`{text}` is not a margin: write one, two or four lengths");
                Err(Error::new(Code::OptionInvalid, message))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_read_pixels_and_percent() {
        let area: Area = "10% 20px 90%, 100px".parse().unwrap();
        assert_eq!(area.resolve(200, 80).unwrap(), Rect { left: 20, top: 20, width: 160, height: 60 });
        assert_eq!(area.to_string().parse::<Area>().unwrap(), area);
    }

    #[test]
    fn empty_and_foreign_areas_are_refused() {
        for text in ["0 0 0 10", "50% 0 20% 100%", "500 0 600 10"] {
            let area: Area = text.parse().unwrap();
            assert_eq!(area.resolve(100, 100).unwrap_err().code(), Code::OptionInvalid, "{text}");
        }
        for text in ["", "1 2 3", "a b c d", "-1 0 5 5", "nan 0 1 1"] {
            assert_eq!(text.parse::<Area>().unwrap_err().code(), Code::OptionInvalid, "{text}");
        }
    }

    #[test]
    fn margins_follow_css() {
        let subject = Rect { left: 0, top: 0, width: 200, height: 100 };
        assert_eq!("10%".parse::<Margin>().unwrap().resolve(subject), [10, 20, 10, 20]);
        assert_eq!("5 8".parse::<Margin>().unwrap().resolve(subject), [5, 8, 5, 8]);
        assert_eq!("1 2 3 4".parse::<Margin>().unwrap().resolve(subject), [1, 2, 3, 4]);
        assert!("1 2 3".parse::<Margin>().is_err());
    }

    #[test]
    fn growing_stops_at_the_bounds() {
        let rect = Rect { left: 5, top: 5, width: 10, height: 10 };
        let grown = rect.grow([20, 2, 3, 1], Rect::whole(100, 16));
        assert_eq!(grown, Rect { left: 4, top: 0, width: 13, height: 16 });
    }
}
