//! EXIF and XMP: carried along, cleaned, and kept true to the picture.

use super::ifd::{Entry, Tiff};
use super::orientation::Orientation;
use packshot_api::MetadataMode;

/// Metadata as the file had it, except that the orientation is 1, because the pixels are upright.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
    /// From the TIFF header on.
    pub(crate) exif: Option<Vec<u8>>,
    /// The XML packet.
    pub(crate) xmp: Option<Vec<u8>>,
}

const ORIENTATION: u16 = 0x0112;
const X_RESOLUTION: u16 = 0x011a;
const Y_RESOLUTION: u16 = 0x011b;
const RESOLUTION_UNIT: u16 = 0x0128;
const EXIF_POINTER: u16 = 0x8769;
const GPS_POINTER: u16 = 0x8825;
const PIXEL_X_DIMENSION: u16 = 0xa002;
const PIXEL_Y_DIMENSION: u16 = 0xa003;

/// Fields of the primary directory that say nothing about the pixels' storage and nothing private: description,
/// make, model, resolution, software, date, artist, copyright.
const SAFE_PRIMARY: [u16; 10] = [0x010e, 0x010f, 0x0110, 0x011a, 0x011b, 0x0128, 0x0131, 0x0132, 0x013b, 0x8298];

/// Fields of the EXIF directory about exposure, dates and lens; serial numbers, owner, maker notes, comments and
/// unique identifiers are not among them.
const SAFE_EXIF: [u16; 48] = [
    0x829a, 0x829d, 0x8822, 0x8824, 0x8827, 0x8830, 0x8831, 0x8832, 0x8833, 0x9000, 0x9003, 0x9004, 0x9010, 0x9011,
    0x9012, 0x9201, 0x9202, 0x9203, 0x9204, 0x9205, 0x9206, 0x9207, 0x9208, 0x9209, 0x920a, 0x9214, 0x9290, 0x9291,
    0x9292, 0xa20e, 0xa20f, 0xa210, 0xa217, 0xa300, 0xa301, 0xa401, 0xa402, 0xa403, 0xa404, 0xa405, 0xa406, 0xa407,
    0xa408, 0xa409, 0xa40a, 0xa432, 0xa433, 0xa434,
];

/// A rebuilt block may not be larger than this many bytes; overlapping values could otherwise blow it up.
const REBUILT_BYTES: usize = 1 << 20;

impl Metadata {
    /// What a picture of `width` x `height` carries when it is saved with `mode`.
    pub(crate) fn for_saving(&self, mode: MetadataMode, width: u32, height: u32) -> Self {
        match mode {
            MetadataMode::Strip => Self::default(),
            MetadataMode::KeepSafe => {
                Self { exif: self.exif.as_deref().and_then(|exif| safe(exif, width, height)), xmp: None }
            }
            MetadataMode::Keep => {
                let mut kept = self.clone();
                if let Some(exif) = &mut kept.exif {
                    set_size(exif, width, height);
                }
                kept
            }
        }
    }

    /// Lets the EXIF block say `dpi` dots per inch, in both directions; without a block, one that says just that, if it is
    /// `needed`.
    pub(crate) fn set_resolution(&mut self, dpi: u32, needed: bool) {
        if let Some(exif) = &mut self.exif {
            if let Some(changed) = Tiff::parse(exif).and_then(|tiff| tiff.with(resolution(&tiff, dpi))) {
                *exif = changed;
            }
        } else if needed {
            let none = Tiff::empty();
            self.exif = none.write(resolution(&none, dpi), [(EXIF_POINTER, Vec::new()), (GPS_POINTER, Vec::new())]);
        }
    }
}

fn resolution<'a>(tiff: &Tiff<'_>, dpi: u32) -> Vec<Entry<'a>> {
    const INCH: u16 = 2;
    vec![tiff.rational(X_RESOLUTION, dpi), tiff.rational(Y_RESOLUTION, dpi), tiff.short(RESOLUTION_UNIT, INCH)]
}

/// Takes the orientation out of an EXIF block: reads it and sets it to 1.
pub(crate) fn take_orientation(exif: &mut [u8]) -> Orientation {
    let found = Tiff::parse(exif).and_then(|tiff| {
        let entry = find(&tiff, tiff.first()?, ORIENTATION)?;
        let (at, size) = tiff.place(&entry)?;
        Some((tiff.number(&entry)?, at, tiff.bytes_of(1, size)))
    });
    let Some((value, at, one)) = found else { return Orientation::default() };
    exif[at..at + one.len()].copy_from_slice(&one);
    Orientation::from_exif(u16::try_from(value).unwrap_or(1))
}

/// The EXIF block that a TIFF file spreads over its own directories, and its orientation.
pub(crate) fn exif_of_tiff(tiff: &Tiff<'_>) -> (Option<Vec<u8>>, Orientation) {
    let Some(primary) = tiff.first().and_then(|first| tiff.directory(first)) else { return Default::default() };
    let number = |tag| primary.entries.iter().find(|entry| entry.tag == tag).and_then(|entry| tiff.number(entry));
    let orientation = Orientation::from_exif(number(ORIENTATION).map_or(1, |value| value.try_into().unwrap_or(1)));
    let below = |pointer| {
        let directory = number(pointer).and_then(|offset| tiff.directory(offset));
        (pointer, directory.map_or(Vec::new(), |directory| directory.entries))
    };
    let below = [below(EXIF_POINTER), below(GPS_POINTER)];
    let primary = primary.entries.iter().filter(|entry| SAFE_PRIMARY.contains(&entry.tag)).cloned().collect();
    (rebuild(tiff, primary, below), orientation)
}

/// A new block with the safe fields only.
fn safe(exif: &[u8], width: u32, height: u32) -> Option<Vec<u8>> {
    let tiff = Tiff::parse(exif)?;
    let only = |offset: u64, tags: &[u16]| -> Option<Vec<Entry<'_>>> {
        Some(tiff.directory(offset)?.entries.into_iter().filter(|entry| tags.contains(&entry.tag)).collect())
    };
    let first = tiff.first()?;
    let primary = only(first, &SAFE_PRIMARY)?;
    let mut below = find(&tiff, first, EXIF_POINTER)
        .and_then(|pointer| only(tiff.number(&pointer)?, &SAFE_EXIF))
        .unwrap_or_default();
    if !below.is_empty() {
        below.extend([tiff.long(PIXEL_X_DIMENSION, width), tiff.long(PIXEL_Y_DIMENSION, height)]);
    }
    rebuild(&tiff, primary, [(EXIF_POINTER, below), (GPS_POINTER, Vec::new())])
}

fn rebuild<'a>(tiff: &Tiff<'a>, mut primary: Vec<Entry<'a>>, mut below: [(u16, Vec<Entry<'a>>); 2]) -> Option<Vec<u8>> {
    let mut left = REBUILT_BYTES;
    for entries in [&mut primary].into_iter().chain(below.iter_mut().map(|(_, entries)| entries)) {
        let mut seen = std::collections::HashSet::new();
        entries.retain(|entry| {
            let fits = !entry.value.is_empty() && entry.value.len() <= left && seen.insert(entry.tag);
            left -= if fits { entry.value.len() } else { 0 };
            fits
        });
    }
    tiff.write(primary, below)
}

/// Writes the picture's size over the one that an EXIF block claims, if it claims any.
fn set_size(exif: &mut [u8], width: u32, height: u32) {
    let places = Tiff::parse(exif).and_then(|tiff| {
        let below = tiff.number(&find(&tiff, tiff.first()?, EXIF_POINTER)?)?;
        let place = |tag, value| {
            let (at, size) = tiff.place(&find(&tiff, below, tag)?)?;
            Some((at, tiff.bytes_of(value, size)))
        };
        Some([place(PIXEL_X_DIMENSION, width), place(PIXEL_Y_DIMENSION, height)])
    });
    for (at, bytes) in places.into_iter().flatten().flatten() {
        exif[at..at + bytes.len()].copy_from_slice(&bytes);
    }
}

fn find<'a>(tiff: &Tiff<'a>, directory: u64, tag: u16) -> Option<Entry<'a>> {
    tiff.directory(directory)?.entries.into_iter().find(|entry| entry.tag == tag)
}
