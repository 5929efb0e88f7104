//! Rectangles, and areas as options write them: `10% 10% 90% 90%`.

use std::fmt;
use std::str::FromStr;

pub use packshot_api::{Length, Margin};

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

/// The part of a photo's plane that a result shows. It may reach beyond the photo: `left` and `top` are negative then, or
/// `left + width` exceeds the photo's width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the documentation")]
pub struct Frame {
    pub left: i32,
    pub top: i32,
    pub width: u32,
    pub height: u32,
}

impl Frame {
    /// The frame around `subject` with these pixels (top, right, bottom, left) added, wherever the photo ends.
    #[must_use]
    pub(crate) fn around(subject: Rect, [top, right, bottom, left]: [u32; 4]) -> Self {
        let start = |at: u32, before: u32| i32::try_from(i64::from(at) - i64::from(before)).unwrap_or(i32::MIN);
        let side = |side: u32, before: u32, after: u32| side.saturating_add(before).saturating_add(after);
        Self {
            left: start(subject.left, left),
            top: start(subject.top, top),
            width: side(subject.width, left, right),
            height: side(subject.height, top, bottom),
        }
    }

    /// The same frame, counted from the upper left corner of `origin`.
    pub(crate) fn relative_to(self, origin: impl Into<Self>) -> Self {
        let origin = origin.into();
        Self { left: self.left.saturating_sub(origin.left), top: self.top.saturating_sub(origin.top), ..self }
    }

    /// The smallest frame around both.
    pub(crate) fn union(self, other: impl Into<Self>) -> Self {
        let other = other.into();
        let join = |start: [i32; 2], side: [u32; 2]| {
            let end = start[0].saturating_add_unsigned(side[0]).max(start[1].saturating_add_unsigned(side[1]));
            let start = start[0].min(start[1]);
            (start, end.abs_diff(start))
        };
        let (left, width) = join([self.left, other.left], [self.width, other.width]);
        let (top, height) = join([self.top, other.top], [self.height, other.height]);
        Self { left, top, width, height }
    }

    /// What it shows of a picture with the bounds `whole`; `None` if nothing.
    #[must_use]
    pub fn visible(self, whole: Rect) -> Option<Rect> {
        let range = |start: i32, side: u32, first: u32, last: u32| {
            let (start, end) = (i64::from(start), i64::from(start) + i64::from(side));
            let (start, end) = (start.max(i64::from(first)), end.min(i64::from(last)));
            (start < end).then_some((start as u32, (end - start) as u32))
        };
        let (left, width) = range(self.left, self.width, whole.left, whole.right())?;
        let (top, height) = range(self.top, self.height, whole.top, whole.bottom())?;
        Some(Rect { left, top, width, height })
    }
}

impl From<Rect> for Frame {
    fn from(rect: Rect) -> Self {
        Self::around(rect, [0; 4])
    }
}

impl PartialEq<Rect> for Frame {
    fn eq(&self, other: &Rect) -> bool {
        *self == Self::from(*other)
    }
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
        match packshot_api::lengths(text)?[..] {
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
    fn growing_stops_at_the_bounds() {
        let rect = Rect { left: 5, top: 5, width: 10, height: 10 };
        let grown = rect.grow([20, 2, 3, 1], Rect::whole(100, 16));
        assert_eq!(grown, Rect { left: 4, top: 0, width: 13, height: 16 });
    }

    #[test]
    fn frames_reach_beyond_the_photo() {
        let subject = Rect { left: 2, top: 5, width: 10, height: 20 };
        let frame = Frame::around(subject, [1, 2, 30, 4]);
        assert_eq!(frame, Frame { left: -2, top: 4, width: 16, height: 51 });
        assert_eq!(frame.visible(Rect::whole(13, 30)), Some(Rect { left: 0, top: 4, width: 13, height: 26 }));
        assert_eq!(frame.visible(Rect { left: 20, top: 0, width: 5, height: 90 }), None);
        assert_eq!(Frame::from(subject), subject);
        let both = frame.union(Rect::whole(13, 30));
        assert_eq!(both, Frame { left: -2, top: 0, width: 16, height: 55 });
        assert_eq!(frame.relative_to(both), Frame { left: 0, top: 4, width: 16, height: 51 });
    }
}
