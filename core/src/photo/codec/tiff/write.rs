//! Writes a TIFF: one page, losslessly compressed, with the EXIF fields in its directories.

use std::io::Cursor;

use tiff::TiffError;
use tiff::encoder::{Compression, DeflateLevel, Predictor, Rational, TiffEncoder, TiffValue, colortype};
use tiff::tags::{ExtraSamples, ResolutionUnit, Tag};

use super::XMP;
use crate::error::{Code, Error, Result};
use crate::photo::codec::{Picture, refused};
use crate::photo::metadata::into_tiff;
use crate::photo::{Channels, EncodeOptions, PngCompression, Samples};

pub(crate) fn encode(picture: &Picture<'_>, options: &EncodeOptions) -> Result<Vec<u8>> {
    match (picture.samples, picture.channels) {
        (Samples::U8(samples), Channels::Gray | Channels::GrayAlpha) => {
            write::<colortype::Gray8>(picture, options, samples)
        }
        (Samples::U8(samples), Channels::Rgb) => write::<colortype::RGB8>(picture, options, samples),
        (Samples::U8(samples), Channels::Rgba) => write::<colortype::RGBA8>(picture, options, samples),
        (Samples::U16(samples), Channels::Gray | Channels::GrayAlpha) => {
            write::<colortype::Gray16>(picture, options, samples)
        }
        (Samples::U16(samples), Channels::Rgb) => write::<colortype::RGB16>(picture, options, samples),
        (Samples::U16(samples), Channels::Rgba) => write::<colortype::RGBA16>(picture, options, samples),
    }
    .map_err(|cause| refused("TIFF", cause))
    .and_then(|file| match &picture.metadata.exif {
        Some(exif) => {
            let strange = || Error::new(Code::LimitMetadata, "the EXIF block to be kept does not fit into a TIFF");
            into_tiff(file, exif).ok_or_else(strange)
        }
        None => Ok(file),
    })
}

fn write<C: colortype::ColorType>(
    picture: &Picture<'_>,
    options: &EncodeOptions,
    samples: &[C::Inner],
) -> Result<Vec<u8>, TiffError>
where
    [C::Inner]: TiffValue,
{
    // The encoder has no gray with alpha: alpha is then an extra sample, which its predictor does not support.
    let extra = picture.channels == Channels::GrayAlpha;
    let predictor = if extra { Predictor::None } else { Predictor::Horizontal };
    let level = match options.png {
        PngCompression::Fast => DeflateLevel::Fast,
        PngCompression::Balanced => DeflateLevel::Balanced,
        PngCompression::Best => DeflateLevel::Best,
    };
    let mut out = Cursor::new(Vec::new());
    let mut encoder =
        TiffEncoder::new(&mut out)?.with_compression(Compression::Deflate(level)).with_predictor(predictor);
    let mut image = encoder.new_image::<C>(picture.width, picture.height)?;
    if extra {
        image.extra_samples(&[ExtraSamples::UnassociatedAlpha])?;
    } else if picture.channels == Channels::Rgba {
        let straight = [ExtraSamples::UnassociatedAlpha.to_u16()];
        image.encoder().write_tag(Tag::ExtraSamples, &straight[..])?;
    }
    if let Some(dpi) = options.dpi {
        let dots = || Rational { n: dpi, d: 1 };
        image.encoder().write_tag(Tag::ResolutionUnit, ResolutionUnit::Inch.to_u16())?;
        image.encoder().write_tag(Tag::XResolution, dots())?;
        image.encoder().write_tag(Tag::YResolution, dots())?;
    }
    if let Some(profile) = picture.profile {
        image.encoder().write_tag(Tag::IccProfile, profile)?;
    }
    if let Some(xmp) = &picture.metadata.xmp {
        image.encoder().write_tag(Tag::Unknown(XMP), xmp.as_slice())?;
    }
    image.write_data(samples)?;
    Ok(out.into_inner())
}
