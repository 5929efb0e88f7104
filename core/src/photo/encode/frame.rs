//! The size of the saved picture, and its padding.

use std::borrow::Cow;

use packshot_resize as resize;

use super::EncodeOptions;
use crate::error::{Code, Error, Result};
use crate::geometry::Frame;
use crate::photo::MAX_PIXELS;
use crate::photo::edit::{inscribed, show};
use crate::photo::samples::narrow;
use crate::photo::{Fit, ImageFormat, Photo, Samples, Size};

pub(super) const WHITE: [u8; 3] = [255; 3];
/// Per side; what a JPEG can hold.
const MAX_SIDE: u32 = 65_535;

pub(super) fn check(size: Option<Size>, fit: Fit) -> Result<()> {
    let invalid = |option: &str, message| Err(Error::new(Code::OptionInvalid, message).with("option", option));
    let Some(size) = size else {
        return match fit {
            Fit::Inside => Ok(()),
            Fit::Pad | Fit::Cover => {
                invalid("fit", format!("fit `{fit}` needs a size, such as 1200x800, or 1080 for a square"))
            }
        };
    };
    check_sides(size)?;
    if fit == Fit::Inside {
        return Ok(());
    }
    let Some((width, height)) = exact(size) else {
        return invalid(
            "fit",
            format!("fit `{fit}` needs both sides, such as 1200x800, or 1080 for a square; size is {size}"),
        );
    };
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return invalid("size", format!("size is {width}x{height}; it must have at most {MAX_PIXELS} pixels"));
    }
    Ok(())
}

/// Fails for sides out of range.
pub(crate) fn check_sides(size: Size) -> Result<()> {
    let sides = match size {
        Size::LongSide(side) | Size::Width(side) | Size::Height(side) => [side; 2],
        Size::Box(width, height) => [width, height],
    };
    if sides.iter().all(|side| (1..=MAX_SIDE).contains(side)) {
        return Ok(());
    }
    let message = format!("size is {size}; a side must be 1 to {MAX_SIDE}");
    Err(Error::new(Code::OptionInvalid, message).with("option", "size"))
}

/// The size of a padded or covered picture; one number is a square.
const fn exact(size: Size) -> Option<(u32, u32)> {
    match size {
        Size::LongSide(side) => Some((side, side)),
        Size::Box(width, height) => Some((width, height)),
        Size::Width(_) | Size::Height(_) => None,
    }
}

/// The photo in the size of the options, which were [`check`]ed.
pub(super) fn framed<'a>(photo: Cow<'a, Photo>, options: &EncodeOptions) -> Result<Cow<'a, Photo>> {
    let Some(size) = options.size else { return Ok(photo) };
    let from = (photo.width, photo.height);
    let framed = match (options.fit, exact(size)) {
        (Fit::Pad, Some(to)) => padded(&photo.scaled(resize::whole(from), inscribed(from, to))?, to, options)?,
        (Fit::Cover, Some(to)) => photo.scaled(resize::cover(from, to), to)?,
        _ => photo.fit_size(size)?,
    };
    Ok(Cow::Owned(framed))
}

/// The photo centred in a picture of the size `to`; if the rest is odd, the smaller half is left and above.
fn padded(photo: &Photo, to: (u32, u32), options: &EncodeOptions) -> Result<Photo> {
    if (photo.width, photo.height) == to {
        return Ok(photo.clone());
    }
    let clear = options.background.is_none() && photo.has_alpha() && options.format != ImageFormat::Jpeg;
    let color = options.background.unwrap_or(WHITE);
    let photo = photo.for_color(color);
    let [red, green, blue] = photo.color_of(color);
    let mut pixel = match photo.channels.is_gray() {
        true => vec![red, u16::MAX],
        false => vec![red, green, blue, u16::MAX],
    };
    pixel.truncate(photo.channels.count());
    if clear {
        pixel.fill(0);
    }
    let before = |side: u32, whole: u32| -(((whole - side) / 2) as i32);
    let (left, top) = (before(photo.width, to.0), before(photo.height, to.1));
    let frame = Frame { left, top, width: to.0, height: to.1 };
    let samples = match photo.samples() {
        Samples::U8(samples) => {
            let pixel: Vec<u8> = pixel.into_iter().map(narrow).collect();
            Samples::U8(show(samples, photo.bounds(), frame, &pixel))
        }
        Samples::U16(samples) => Samples::U16(show(samples, photo.bounds(), frame, &pixel)),
    };
    photo.derive(to.0, to.1, photo.channels, samples)
}
