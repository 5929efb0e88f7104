//! EXIF and XMP: kept, cleaned, and updated to match the picture.

use super::ifd::{Entry, Tiff};
use super::limits::Limits;
use super::orientation::Orientation;
use super::{thumbnail, xmp};
use crate::error::{Code, Error, Result};
use packshot_api::MetadataMode;

/// Metadata as the file had it, except that the orientation is 1, because the pixels are upright.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
    /// From the TIFF header on.
    pub(crate) exif: Option<Vec<u8>>,
    /// The XML packet.
    pub(crate) xmp: Option<Vec<u8>>,
    /// The orientation from EXIF, until the picture is upright.
    orientation: Option<u16>,
    /// Sizes of blocks that were skipped because they exceed the limit.
    exif_left: Option<u64>,
    xmp_left: Option<u64>,
}

/// JPEG's prefix of an EXIF block, which some writers put before it in other formats too.
const EXIF_PREFIX: &[u8] = b"Exif\0\0";
const ORIENTATION: u16 = 0x0112;
const IMAGE_WIDTH: u16 = 0x0100;
const IMAGE_LENGTH: u16 = 0x0101;
const X_RESOLUTION: u16 = 0x011a;
const Y_RESOLUTION: u16 = 0x011b;
const RESOLUTION_UNIT: u16 = 0x0128;
const EXIF_POINTER: u16 = 0x8769;
const GPS_POINTER: u16 = 0x8825;
const INTEROP_POINTER: u16 = 0xa005;
const PIXEL_X_DIMENSION: u16 = 0xa002;
const PIXEL_Y_DIMENSION: u16 = 0xa003;

/// Fields of the primary directory that are neither private nor about the storage of pixels: description, make, model,
/// resolution, software, date, artist, copyright.
const SAFE_PRIMARY: [u16; 10] = [0x010e, 0x010f, 0x0110, 0x011a, 0x011b, 0x0128, 0x0131, 0x0132, 0x013b, 0x8298];

/// Fields of the EXIF directory about exposure, dates and lens; serial numbers, owner, maker notes, comments and
/// unique identifiers are not among them.
const SAFE_EXIF: [u16; 48] = [
    0x829a, 0x829d, 0x8822, 0x8824, 0x8827, 0x8830, 0x8831, 0x8832, 0x8833, 0x9000, 0x9003, 0x9004, 0x9010, 0x9011,
    0x9012, 0x9201, 0x9202, 0x9203, 0x9204, 0x9205, 0x9206, 0x9207, 0x9208, 0x9209, 0x920a, 0x9214, 0x9290, 0x9291,
    0x9292, 0xa20e, 0xa20f, 0xa210, 0xa217, 0xa300, 0xa301, 0xa401, 0xa402, 0xa403, 0xa404, 0xa405, 0xa406, 0xa407,
    0xa408, 0xa409, 0xa40a, 0xa432, 0xa433, 0xa434,
];

/// Fields of the primary directory about the storage of pixels, pointers to other directories, and data that is written
/// elsewhere: orientation, thumbnails, profile, XMP and IPTC. A TIFF file has its own.
const STORAGE: [u16; 47] = [
    0x00fe, 0x00ff, 0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x0107, 0x0108, 0x0109, 0x010a, 0x0111, 0x0112, 0x0115,
    0x0116, 0x0117, 0x0118, 0x0119, 0x011c, 0x0120, 0x0121, 0x0122, 0x0123, 0x0124, 0x0125, 0x013d, 0x0140, 0x0142,
    0x0143, 0x0144, 0x0145, 0x014a, 0x0152, 0x0153, 0x015b, 0x0200, 0x0201, 0x0202, 0x0211, 0x0212, 0x0213, 0x02bc,
    0x83bb, 0x8649, 0x8769, 0x8773, 0x8825,
];

/// A rebuilt block must not be larger than this many bytes; overlapping values could otherwise inflate it.
const REBUILT_BYTES: usize = 1 << 20;

impl Metadata {
    /// Stores the first EXIF block of a file, with or without JPEG's prefix.
    pub(crate) fn add_exif(&mut self, mut block: &[u8], limits: &Limits) {
        while let Some(rest) = block.strip_prefix(EXIF_PREFIX) {
            block = rest;
        }
        let Some(tiff) = Tiff::parse(block).filter(|_| self.exif.is_none() && self.exif_left.is_none()) else { return };
        let entry = tiff.first().and_then(|first| find(&tiff, first, ORIENTATION));
        self.orientation = entry.and_then(|entry| tiff.number(&entry)?.try_into().ok());
        match limits.check_metadata(block.len() as u64) {
            Ok(()) => self.exif = Some(block.to_vec()),
            Err(_) => self.exif_left = Some(block.len() as u64),
        }
    }

    /// Stores the first XMP packet of a file. It must be UTF-8, as everywhere outside TIFF.
    pub(crate) fn add_xmp(&mut self, packet: &[u8], limits: &Limits) {
        if self.xmp.is_some() || self.xmp_left.is_some() || std::str::from_utf8(packet).is_err() {
            return;
        }
        match limits.check_metadata(packet.len() as u64) {
            Ok(()) => self.xmp = Some(packet.to_vec()),
            Err(_) => self.xmp_left = Some(packet.len() as u64),
        }
    }

    /// Stores the EXIF fields in a TIFF file's own directories as a block, and its orientation.
    pub(crate) fn add_tiff(&mut self, tiff: &Tiff<'_>) {
        let Some(primary) = tiff.first().and_then(|first| tiff.directory(first)) else { return };
        let number = |tag| primary.entries.iter().find(|entry| entry.tag == tag).and_then(|entry| tiff.number(entry));
        self.orientation = number(ORIENTATION).and_then(|value| value.try_into().ok());
        let below = |pointer| {
            let directory = number(pointer).and_then(|offset| tiff.directory(offset));
            (pointer, directory.map_or(Vec::new(), |directory| directory.entries))
        };
        let below = [below(EXIF_POINTER), below(GPS_POINTER)];
        let primary = primary.entries.iter().filter(|entry| SAFE_PRIMARY.contains(&entry.tag)).cloned().collect();
        self.exif = rebuild(tiff, primary, below);
    }

    /// How to turn the picture upright, from EXIF, or else from XMP. Sets both to upright.
    pub(crate) fn upright(&mut self) -> Orientation {
        let exif = self.orientation.take();
        if let Some(exif) = &mut self.exif {
            set(exif, None, &[ORIENTATION], 1);
        }
        let xmp = self.xmp.as_mut().and_then(xmp::take_orientation);
        Orientation::from_exif(exif.or(xmp).unwrap_or(1))
    }

    /// The metadata for a picture of `width` x `height` that is saved with `mode`.
    ///
    /// # Errors
    /// [`Code::LimitMetadata`] if metadata to be kept was larger than the limit when the photo was read.
    pub(crate) fn for_saving(&self, mode: MetadataMode, width: u32, height: u32) -> Result<Self> {
        let left = match mode {
            MetadataMode::Strip => return Ok(Self::default()),
            MetadataMode::KeepSafe => self.exif_left.map(|bytes| ("EXIF", bytes)),
            MetadataMode::Keep => {
                self.exif_left.map(|bytes| ("EXIF", bytes)).or(self.xmp_left.map(|bytes| ("XMP", bytes)))
            }
        };
        if let Some((name, bytes)) = left {
            let message = format!("the photo has {bytes} bytes of {name}, more than the limit that it was read with");
            return Err(Error::new(Code::LimitMetadata, message));
        }
        let exif = match mode {
            MetadataMode::KeepSafe => self.exif.as_deref().and_then(|exif| safe(exif, width, height)),
            _ => self.exif.as_deref().map(|exif| true_to(exif, width, height)),
        };
        let xmp = self.xmp.as_deref().filter(|_| mode == MetadataMode::Keep);
        Ok(Self { exif, xmp: xmp.map(|packet| xmp::true_to(packet, width, height)), ..Self::default() })
    }

    /// Sets `dpi` dots per inch in the EXIF block, in both directions; creates a minimal block if there is none and it
    /// is `needed`.
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

/// The block with the picture's size, and without the thumbnail, which shows the picture before editing.
fn true_to(exif: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut exif = whole(exif).unwrap_or_else(|| exif.to_vec());
    thumbnail::remove(&mut exif);
    for (tags, side) in [([IMAGE_WIDTH, PIXEL_X_DIMENSION], width), ([IMAGE_LENGTH, PIXEL_Y_DIMENSION], height)] {
        set(&mut exif, None, &tags, side);
        set(&mut exif, Some(EXIF_POINTER), &tags, side);
    }
    exif
}

/// Rebuilds a block from all readable fields, if its first directory is incomplete.
fn whole(exif: &[u8]) -> Option<Vec<u8>> {
    let tiff = Tiff::parse(exif)?;
    let first = tiff.directory(tiff.first()?).filter(|directory| !directory.complete)?;
    let readable = |entry: &Entry<'_>| (1..=12).contains(&entry.kind) && entry.tag != 0;
    let number = |tag| first.entries.iter().find(|entry| entry.tag == tag).and_then(|entry| tiff.number(entry));
    let below = [EXIF_POINTER, GPS_POINTER].map(|pointer| {
        let directory = number(pointer).and_then(|offset| tiff.directory(offset));
        (pointer, directory.map_or(Vec::new(), |directory| directory.entries.into_iter().filter(readable).collect()))
    });
    let pointers = [EXIF_POINTER, GPS_POINTER];
    let primary = first.entries.iter().filter(|entry| readable(entry) && !pointers.contains(&entry.tag));
    rebuild(&tiff, primary.cloned().collect(), below)
}

/// Adds an EXIF block to a TIFF file: its first directory's fields, except those about storage, and the directories
/// below it. `None` if they do not fit.
pub(crate) fn into_tiff(mut file: Vec<u8>, exif: &[u8]) -> Option<Vec<u8>> {
    let tiff = Tiff::parse(exif)?;
    let first = tiff.directory(tiff.first()?)?;
    let mut fields = Vec::new();
    let order = Tiff::parse(&file)?.bare();
    for entry in &first.entries {
        if !STORAGE.contains(&entry.tag) && (1..=12).contains(&entry.kind) && !entry.value.is_empty() {
            fields.push(order.adopt(entry, &tiff));
        }
    }
    for pointer in [EXIF_POINTER, GPS_POINTER] {
        let offset = find(&tiff, tiff.first()?, pointer).and_then(|entry| tiff.number(&entry));
        let Some(directory) = offset.and_then(|offset| tiff.directory(offset)) else { continue };
        let carried = |entry: &&Entry<'_>| {
            entry.tag != INTEROP_POINTER && (1..=12).contains(&entry.kind) && !entry.value.is_empty()
        };
        let mut entries: Vec<_> =
            directory.entries.iter().filter(carried).map(|entry| order.adopt(entry, &tiff)).collect();
        if entries.is_empty() {
            continue;
        }
        file.resize(file.len().next_multiple_of(2), 0);
        fields.push(order.long(pointer, u32::try_from(file.len()).ok()?));
        let bytes = order.directory_bytes(&mut entries, file.len());
        file.extend(bytes);
    }
    let mut seen = std::collections::HashSet::new();
    fields.retain(|field| seen.insert(field.tag));
    Tiff::parse(&file)?.with(fields)
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

/// Overwrites existing fields with these tags in the first directory, or in the one `below` it, with `value`.
fn set(exif: &mut [u8], below: Option<u16>, tags: &[u16], value: u32) {
    let changes = || -> Option<Vec<(usize, Vec<u8>)>> {
        let tiff = Tiff::parse(exif)?;
        let first = tiff.first()?;
        let directory = match below {
            Some(pointer) => tiff.number(&find(&tiff, first, pointer)?)?,
            None => first,
        };
        let fields = tiff.directory(directory)?.entries.into_iter().filter(|entry| tags.contains(&entry.tag));
        Some(fields.flat_map(|entry| tiff.changed(&entry, value)).collect())
    };
    for (at, bytes) in changes().unwrap_or_default() {
        exif[at..at + bytes.len()].copy_from_slice(&bytes);
    }
}

fn find<'a>(tiff: &Tiff<'a>, directory: u64, tag: u16) -> Option<Entry<'a>> {
    tiff.directory(directory)?.entries.into_iter().find(|entry| entry.tag == tag)
}
