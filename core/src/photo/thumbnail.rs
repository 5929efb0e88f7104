//! Removes the thumbnail of an EXIF block, which shows the picture before editing.

use std::ops::Range;

use super::ifd::Tiff;

/// Pointers to directories that are kept, from the first directory and from the EXIF directory.
const POINTERS: [u16; 3] = [0x8769, 0x8825, 0xa005];
/// Tags for the offset and size of a thumbnail, as a JPEG or as strips.
const PLACES: [(u16, u16); 2] = [(0x0201, 0x0202), (0x0111, 0x0117)];
/// Most directories after the first that are followed; a camera writes one.
const MOST: usize = 8;

/// Removes all directories after the first, with the thumbnail. Everything else keeps its offset, since unknown fields
/// may point to it.
pub(super) fn remove(exif: &mut Vec<u8>) {
    let Some(Parts { kept, gone, link }) = parts(exif) else { return };
    let whole = exif.clone();
    gone.iter().for_each(|range| exif[range.clone()].fill(0));
    kept.iter().for_each(|range| exif[range.clone()].copy_from_slice(&whole[range.clone()]));
    exif[link].fill(0);
    // It usually stands at the end; one byte may be padding.
    let kept = kept.iter().map(|range| range.end).max().unwrap_or(0);
    let mut end = exif.len();
    while let Some(range) = gone.iter().find(|range| range.start < end && range.end + 1 >= end && range.start >= kept) {
        end = range.start;
    }
    exif.truncate(end);
}

/// Byte ranges of a block.
struct Parts {
    /// Ranges that are kept.
    kept: Vec<Range<usize>>,
    /// Ranges that are removed.
    gone: Vec<Range<usize>>,
    /// The first directory's pointer to the second.
    link: Range<usize>,
}

fn parts(exif: &[u8]) -> Option<Parts> {
    let tiff = Tiff::parse(exif)?;
    let first = tiff.first()?;
    let directory = tiff.directory(first).filter(|directory| directory.next != 0)?;
    let table = tiff.extent(first);
    let link = table.first()?.end.checked_sub(4)?..table.first()?.end;
    let mut kept = table;
    kept.push(0..8);
    let mut pointing = vec![directory.entries];
    while let Some(entries) = pointing.pop() {
        for entry in entries.iter().filter(|entry| POINTERS.contains(&entry.tag)) {
            let Some(offset) = tiff.number(entry).filter(|_| kept.len() < 1 << 12) else { continue };
            kept.extend(tiff.extent(offset));
            if entry.tag == POINTERS[0] {
                pointing.extend(tiff.directory(offset).map(|directory| directory.entries));
            }
        }
    }
    let (mut gone, mut next) = (Vec::new(), directory.next);
    for _ in 0..MOST {
        let Some(directory) = tiff.directory(next).filter(|_| next != 0 && next != first) else { break };
        gone.extend(tiff.extent(next));
        for (offsets, lengths) in PLACES {
            let numbers = |tag| {
                directory.entries.iter().find(|entry| entry.tag == tag).map_or(Vec::new(), |entry| tiff.numbers(entry))
            };
            gone.extend(numbers(offsets).into_iter().zip(numbers(lengths)).filter_map(|(offset, length)| {
                let start = usize::try_from(offset).ok()?.min(exif.len());
                let end = start.saturating_add(usize::try_from(length).ok()?).min(exif.len());
                Some(start..end)
            }));
        }
        next = directory.next;
    }
    Some(Parts { kept, gone, link })
}
