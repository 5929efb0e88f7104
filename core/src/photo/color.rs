//! Colour management: conversion between the colour spaces of profiles, most often to sRGB.
//!
//! Without a profile, RGB and gray are assumed to be sRGB. PNG's gAMA and cHRM chunks are ignored, since most software
//! writes them without meaning; cICP is respected (decision 022). A profile that is damaged, or of another kind of
//! colour than the samples, is ignored too: a wrong shade is better than no photo.

use std::sync::Arc;

use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorDateTime, ColorProfile, DataColorSpace, Layout, LocalizableString,
    MatrixCoefficients, ProfileText, TransferCharacteristics, TransformExecutor, TransformOptions,
};
use rayon::prelude::*;

use super::{Channels, Samples};
use crate::error::{Code, Error, Result};

/// Samples that a thread converts at a time.
const BLOCK_PIXELS: usize = 1 << 16;

type Transform<T> = Arc<dyn TransformExecutor<T> + Send + Sync>;

/// Whether `profile` can be read and describes samples like these.
pub(crate) fn fits(profile: &[u8], channels: Channels) -> bool {
    source(profile, channels).is_some()
}

/// The samples in sRGB (gray: with sRGB's tone curve), or unchanged if the profile is not usable or is sRGB itself.
pub(crate) fn to_srgb(samples: &mut Samples, channels: Channels, profile: &[u8]) {
    convert(samples, channels, Some(profile), None);
}

/// Converts samples from the space of one profile to that of another; `None` is sRGB. Returns false, and leaves the
/// samples unchanged, if a profile is not usable or supports only the other direction.
pub(crate) fn convert(samples: &mut Samples, channels: Channels, from: Option<&[u8]>, to: Option<&[u8]>) -> bool {
    if from == to {
        return true;
    }
    let (Some(source), Some(target)) = (space(from, channels), space(to, channels)) else { return false };
    let layout = match channels {
        Channels::Gray => Layout::Gray,
        Channels::GrayAlpha => Layout::GrayAlpha,
        Channels::Rgb => Layout::Rgb,
        Channels::Rgba => Layout::Rgba,
    };
    match samples {
        Samples::U8(samples) => {
            let Ok(transform) = source.create_transform_8bit(layout, &target, layout, TransformOptions::default())
            else {
                return false;
            };
            if !is_identity(&*transform, channels) {
                in_place(samples, channels.count(), &transform);
            }
        }
        Samples::U16(samples) => {
            let Ok(transform) = source.create_transform_16bit(layout, &target, layout, precise()) else {
                return false;
            };
            in_place(samples, channels.count(), &transform);
        }
    }
    true
}

/// The profile of a PNG's cICP chunk: `None` for sRGB itself, or `otherwise` if the chunk leaves it unspecified.
///
/// # Errors
/// [`Code::PhotoUnsupported`] for what cannot be converted to sRGB: HDR (PQ, HLG), and samples of narrow range.
pub(crate) fn of_cicp(code: [u8; 4], gray: bool, otherwise: Option<Vec<u8>>) -> Result<Option<Vec<u8>>> {
    let refuse = |what: &str| Err(Error::new(Code::PhotoUnsupported, format!("the PNG's colours (cICP) are {what}")));
    match code {
        [_, 16, ..] => return refuse("HDR in PQ; only SDR can be converted to sRGB"),
        [_, 18, ..] => return refuse("HDR in HLG; only SDR can be converted to sRGB"),
        [_, _, 0, 0] => return refuse("of narrow range; only the full range is read"),
        // In a PNG, the matrix must be 0, and the range 0 or 1.
        [_, _, 0, 1] => {}
        _ => return Ok(otherwise),
    }
    let [primaries, transfer, ..] = code;
    let (Ok(color_primaries), Ok(transfer_characteristics)) =
        (CicpColorPrimaries::try_from(primaries), TransferCharacteristics::try_from(transfer))
    else {
        return Ok(otherwise);
    };
    if (primaries, transfer) == (1, 13) || (gray && transfer == 13) {
        return Ok(None);
    }
    let matrix_coefficients = MatrixCoefficients::Identity;
    let mut profile = ColorProfile::new_from_cicp(CicpProfile {
        color_primaries,
        transfer_characteristics,
        matrix_coefficients,
        full_range: true,
    });
    if profile.red_trc.is_none() {
        return Ok(otherwise);
    }
    if gray {
        let curve = profile.red_trc;
        profile = ColorProfile::new_gray_with_gamma(2.2);
        profile.gray_trc = curve;
    }
    written(profile, "CICP").map(Some)
}

/// Converts CMYK, where zero is no ink, to sRGB; `alpha` after the inks of a pixel is kept. Without a usable profile,
/// uses the naive formula `R = (1 - C)(1 - K)`.
pub(crate) fn cmyk_to_srgb(samples: &Samples, alpha: bool, profile: Option<&[u8]>) -> Samples {
    let source = profile
        .and_then(|profile| ColorProfile::new_from_slice(profile).ok())
        .filter(|profile| profile.color_space == DataColorSpace::Cmyk);
    let srgb = ColorProfile::new_srgb();
    match samples {
        Samples::U8(samples) => {
            let transform = source.and_then(|source| {
                source.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgb, TransformOptions::default()).ok()
            });
            let naive = |ink: u8, black: u8| (((255 - u32::from(ink)) * (255 - u32::from(black)) + 127) / 255) as u8;
            Samples::U8(from_cmyk(samples, alpha, transform.as_ref(), naive))
        }
        Samples::U16(samples) => {
            let transform = source
                .and_then(|source| source.create_transform_16bit(Layout::Rgba, &srgb, Layout::Rgb, precise()).ok());
            let naive =
                |ink: u16, black: u16| (((65535 - u64::from(ink)) * (65535 - u64::from(black)) + 32767) / 65535) as u16;
            Samples::U16(from_cmyk(samples, alpha, transform.as_ref(), naive))
        }
    }
}

fn space(profile: Option<&[u8]>, channels: Channels) -> Option<ColorProfile> {
    match profile {
        Some(profile) => source(profile, channels),
        None if channels.is_gray() => Some(srgb_gray()),
        None => Some(ColorProfile::new_srgb()),
    }
}

fn source(profile: &[u8], channels: Channels) -> Option<ColorProfile> {
    let wanted = if channels.is_gray() { DataColorSpace::Gray } else { DataColorSpace::Rgb };
    ColorProfile::new_from_slice(profile).ok().filter(|profile| profile.color_space == wanted)
}

/// Fixed point has 13 bits, too few for 16-bit samples.
fn precise() -> TransformOptions {
    TransformOptions { prefer_fixed_point: false, ..TransformOptions::default() }
}

fn srgb_gray() -> ColorProfile {
    let mut profile = ColorProfile::new_gray_with_gamma(2.2);
    profile.gray_trc = ColorProfile::new_srgb().red_trc;
    profile
}

/// A small ICC profile of sRGB, or only of its tone curve for `gray`. The same bytes every time.
pub(crate) fn srgb_profile(gray: bool) -> Result<Vec<u8>> {
    let profile = if gray { srgb_gray() } else { ColorProfile::new_srgb() };
    written(profile, if gray { "sRGB gray" } else { "sRGB" })
}

/// Serializes a profile, with the fields that a file's profile must have; the same bytes every time.
fn written(mut profile: ColorProfile, name: &str) -> Result<Vec<u8>> {
    let text = |words: &str| {
        let (language, country) = ("en".to_owned(), "US".to_owned());
        Some(ProfileText::Localizable(vec![LocalizableString::new(language, country, words.to_owned())]))
    };
    profile.description = text(name);
    profile.copyright = text("CC0");
    // Version 4 states the white that colours are adapted to.
    profile.media_white_point = Some(profile.white_point);
    // Redundant information for screens.
    profile.cicp = None;
    profile.creation_date_time =
        ColorDateTime { year: 2026, month: 1, day_of_the_month: 1, ..ColorDateTime::default() };
    profile
        .encode()
        .map_err(|cause| Error::new(Code::Internal, "cannot write a colour profile").because(cause.to_string()))
}

/// Whether a transform moves no 8-bit value by more than one: a profile of sRGB under any name.
fn is_identity(transform: &(dyn TransformExecutor<u8> + Send + Sync), channels: Channels) -> bool {
    let steps = (0..=255).step_by(15).map(|value| value as u8);
    let probe: Vec<u8> = match channels {
        Channels::Gray => steps.collect(),
        Channels::GrayAlpha => steps.flat_map(|gray| [gray, 255]).collect(),
        Channels::Rgb | Channels::Rgba => steps
            .clone()
            .flat_map(|r| steps.clone().map(move |g| (r, g)))
            .flat_map(|(r, g)| steps.clone().map(move |b| [r, g, b, 255]))
            .flat_map(|pixel| pixel.into_iter().take(channels.count()))
            .collect(),
    };
    let mut out = vec![0; probe.len()];
    transform.transform(&probe, &mut out).is_ok() && probe.iter().zip(&out).all(|(a, b)| a.abs_diff(*b) <= 1)
}

fn in_place<T: Copy + Default + Send + Sync>(samples: &mut [T], channels: usize, transform: &Transform<T>) {
    samples.par_chunks_mut(BLOCK_PIXELS * channels).for_each(|block| {
        let before = block.to_vec();
        // The lengths agree, so this cannot fail; if it did, the block would stay unchanged.
        if transform.transform(&before, block).is_err() {
            block.copy_from_slice(&before);
        }
    });
}

fn from_cmyk<T: Copy + Default + Send + Sync>(
    samples: &[T],
    alpha: bool,
    transform: Option<&Transform<T>>,
    naive: impl Fn(T, T) -> T + Sync,
) -> Vec<T> {
    let (take, give) = if alpha { (5, 4) } else { (4, 3) };
    let mut out = vec![T::default(); samples.len() / take * give];
    out.par_chunks_mut(BLOCK_PIXELS * give).zip(samples.par_chunks(BLOCK_PIXELS * take)).for_each(|(out, samples)| {
        let pixels = || samples.chunks_exact(take);
        let inks: Vec<T> = pixels().flat_map(|pixel| &pixel[..4]).copied().collect();
        let mut rgb = vec![T::default(); inks.len() / 4 * 3];
        if transform.is_none_or(|transform| transform.transform(&inks, &mut rgb).is_err()) {
            for (rgb, cmyk) in rgb.chunks_exact_mut(3).zip(inks.chunks_exact(4)) {
                for (light, ink) in rgb.iter_mut().zip(cmyk) {
                    *light = naive(*ink, cmyk[3]);
                }
            }
        }
        for ((out, rgb), pixel) in out.chunks_exact_mut(give).zip(rgb.chunks_exact(3)).zip(pixels()) {
            out[..3].copy_from_slice(rgb);
            out[3..].copy_from_slice(&pixel[4..]);
        }
    });
    out
}
