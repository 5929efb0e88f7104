//! The directories of TIFF, which EXIF uses too: reading without copying, and writing.

use std::borrow::Cow;
use std::ops::Range;

/// A TIFF structure in memory. Input is untrusted: every offset is checked where it is used.
#[derive(Clone, Copy)]
pub(crate) struct Tiff<'a> {
    pub(crate) data: &'a [u8],
    big_endian: bool,
    /// BigTIFF, with offsets of eight bytes.
    wide: bool,
}

/// One directory and the offset of the next, zero if it is the last.
pub(crate) struct Directory<'a> {
    pub(crate) entries: Vec<Entry<'a>>,
    pub(crate) next: u64,
    /// Whether it is complete, including the offset of the next one.
    pub(crate) complete: bool,
}

/// One field. If its value lies outside the data, it has no bytes.
#[derive(Clone)]
pub(crate) struct Entry<'a> {
    pub(crate) tag: u16,
    pub(crate) kind: u16,
    pub(crate) count: u64,
    /// Offset of the field.
    line: usize,
    /// Offset of the value.
    at: usize,
    pub(crate) value: Cow<'a, [u8]>,
}

impl<'a> Tiff<'a> {
    pub(crate) fn parse(data: &'a [u8]) -> Option<Self> {
        let (big_endian, wide) = match data.get(..4)? {
            b"II*\0" => (false, false),
            b"MM\0*" => (true, false),
            b"II+\0" => (false, true),
            b"MM\0+" => (true, true),
            _ => return None,
        };
        Some(Self { data, big_endian, wide })
    }

    /// A little-endian structure without a directory.
    pub(crate) const fn empty() -> Tiff<'static> {
        Tiff { data: b"II*\0\0\0\0\0", big_endian: false, wide: false }
    }

    /// A structure in the same byte order without a directory.
    pub(crate) const fn bare(&self) -> Tiff<'static> {
        Tiff { big_endian: self.big_endian, ..Tiff::empty() }
    }

    /// The offset of the first directory.
    pub(crate) fn first(&self) -> Option<u64> {
        if self.wide { self.unsigned(8, 8) } else { self.unsigned(4, 4) }
    }

    /// The directory at `offset`, with all of its fields that lie within the data.
    pub(crate) fn directory(&self, offset: u64) -> Option<Directory<'a>> {
        let (count_size, entry_size, offset_size) = if self.wide { (8, 20, 8) } else { (2, 12, 4) };
        // The header is never a directory, even if an offset points to it.
        let offset = usize::try_from(offset).ok().filter(|&offset| offset >= if self.wide { 16 } else { 8 })?;
        let start = offset.checked_add(count_size)?;
        let count = usize::try_from(self.unsigned(start - count_size, count_size)?).ok()?;
        let there = count.min(self.data.len().checked_sub(start)? / entry_size);
        let end = start + there * entry_size;
        let next = if there == count { self.unsigned(end, offset_size) } else { None };
        let entries = (start..end).step_by(entry_size).filter_map(|at| self.entry(at, offset_size)).collect();
        Some(Directory { entries, next: next.unwrap_or(0), complete: next.is_some() })
    }

    /// The byte ranges of the directory at `offset` and of its values.
    pub(crate) fn extent(&self, offset: u64) -> Vec<Range<usize>> {
        let Some(directory) = self.directory(offset) else { return Vec::new() };
        let Ok(start) = usize::try_from(offset) else { return Vec::new() };
        let (count_size, entry_size, offset_size) = if self.wide { (8, 20, 8) } else { (2, 12, 4) };
        let end = start + count_size + directory.entries.len() * entry_size + offset_size;
        let there = directory.entries.iter().filter(|entry| !entry.value.is_empty());
        let values = there.map(|entry| entry.at..entry.at + entry.value.len());
        std::iter::once(start..end.min(self.data.len())).chain(values).collect()
    }

    fn entry(&self, at: usize, offset_size: usize) -> Option<Entry<'a>> {
        let line = at;
        let tag = self.unsigned(line, 2)? as u16;
        let kind = self.unsigned(line + 2, 2)? as u16;
        let count = self.unsigned(line + 4, offset_size)?;
        let inline = line + 4 + offset_size;
        let size = usize::try_from(count.saturating_mul(size_of_kind(kind) as u64)).unwrap_or(usize::MAX);
        let at = match size <= offset_size {
            true => inline,
            false => usize::try_from(self.unsigned(inline, offset_size)?).ok()?,
        };
        let value = at.checked_add(size).and_then(|end| self.data.get(at..end)).unwrap_or_default();
        Some(Entry { tag, kind, count, line, at, value: Cow::Borrowed(value) })
    }

    fn unsigned(&self, at: usize, size: usize) -> Option<u64> {
        let bytes = self.data.get(at..at.checked_add(size)?)?;
        let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(if self.big_endian { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) })
    }

    /// The first number of a field of whole numbers.
    pub(crate) fn number(&self, entry: &Entry<'_>) -> Option<u64> {
        let (at, size) = self.place(entry)?;
        self.unsigned(at, size)
    }

    /// All numbers of a field of whole numbers.
    pub(crate) fn numbers(&self, entry: &Entry<'_>) -> Vec<u64> {
        let Some((at, size)) = self.place(entry) else { return Vec::new() };
        (at..at + entry.value.len()).step_by(size).filter_map(|at| self.unsigned(at, size)).collect()
    }

    /// Offset and size of the first number in a field of whole numbers.
    fn place(&self, entry: &Entry<'_>) -> Option<(usize, usize)> {
        let size = size_of_kind(entry.kind);
        let whole = matches!(entry.kind, 1 | 3 | 4 | 6 | 8 | 9 | 13 | 16..=18);
        (whole && entry.value.len() >= size).then_some((entry.at, size))
    }

    /// The patches (offset and bytes) that set a field of whole numbers to the single number `value`. The value is
    /// written into the field itself, since its offset may point to data that is used elsewhere. A type that cannot
    /// hold the number becomes LONG.
    pub(crate) fn changed(&self, entry: &Entry<'_>, value: u32) -> Vec<(usize, Vec<u8>)> {
        const LONG: u16 = 4;
        let Some((_, size)) = self.place(entry) else { return Vec::new() };
        let (kind, size) = match size {
            1 if u8::try_from(value).is_ok() => (entry.kind, 1),
            2 if u16::try_from(value).is_ok() => (entry.kind, 2),
            4 => (entry.kind, 4),
            _ => (LONG, 4),
        };
        let width = if self.wide { 8 } else { 4 };
        let mut count = self.bytes_of(1, 4);
        if self.big_endian {
            count.splice(..0, vec![0; width - 4]);
        }
        count.resize(width, 0);
        let mut number = self.bytes_of(value, size);
        number.resize(width, 0);
        vec![(entry.line + 2, [self.bytes_of(u32::from(kind), 2), count, number].concat())]
    }

    /// A field of another structure, converted to this one's byte order.
    pub(crate) fn adopt<'b>(&self, entry: &Entry<'b>, from: &Tiff<'_>) -> Entry<'b> {
        let mut entry = entry.clone();
        let unit = if matches!(entry.kind, 5 | 10) { 4 } else { size_of_kind(entry.kind) };
        if self.big_endian != from.big_endian && unit > 1 {
            entry.value.to_mut().chunks_exact_mut(unit).for_each(<[u8]>::reverse);
        }
        entry
    }

    /// Whether numbers have their high byte first.
    pub(crate) const fn big_endian(&self) -> bool {
        self.big_endian
    }

    /// `value` in `size` bytes of this structure's byte order, without higher bytes.
    pub(crate) fn bytes_of(&self, value: u32, size: usize) -> Vec<u8> {
        if self.big_endian { value.to_be_bytes()[4 - size..].to_vec() } else { value.to_le_bytes()[..size].to_vec() }
    }

    /// A field with one LONG, in this structure's byte order.
    pub(crate) fn long(&self, tag: u16, value: u32) -> Entry<'static> {
        Entry { tag, kind: 4, count: 1, line: 0, at: 0, value: Cow::Owned(self.bytes_of(value, 4)) }
    }

    /// A field with one SHORT, in this structure's byte order.
    pub(crate) fn short(&self, tag: u16, value: u16) -> Entry<'static> {
        Entry { tag, kind: 3, count: 1, line: 0, at: 0, value: Cow::Owned(self.bytes_of(u32::from(value), 2)) }
    }

    /// A field with one RATIONAL that is a whole number, in this structure's byte order.
    pub(crate) fn rational(&self, tag: u16, value: u32) -> Entry<'static> {
        let value = [self.bytes_of(value, 4), self.bytes_of(1, 4)].concat();
        Entry { tag, kind: 5, count: 1, line: 0, at: 0, value: Cow::Owned(value) }
    }

    /// The structure with these fields in its first directory, replacing those with the same tags. Everything else
    /// keeps its offset, since unknown fields may point to it; the new first directory is appended at the end.
    pub(crate) fn with(&self, fields: Vec<Entry<'_>>) -> Option<Vec<u8>> {
        let first = usize::try_from(self.first()?).ok()?;
        let next = self.directory(self.first()?).filter(|directory| directory.complete && !self.wide)?.next;
        let count = usize::try_from(self.unsigned(first, 2)?).ok()?;
        let kept = self.data.get(first + 2..first + 2 + count * 12)?.chunks_exact(12);
        let mut out = self.data.to_vec();
        out.resize(out.len().next_multiple_of(2), 0);
        let mut lines = Vec::with_capacity(count + fields.len());
        for (line, at) in kept.zip((first + 2..).step_by(12)) {
            let tag = self.unsigned(at, 2)? as u16;
            if fields.iter().all(|field| field.tag != tag) {
                lines.push((tag, line.to_vec()));
            }
        }
        for field in fields {
            let mut value = field.value.into_owned();
            if value.len() > 4 {
                let at = u32::try_from(out.len()).ok()?;
                out.append(&mut value);
                out.resize(out.len().next_multiple_of(2), 0);
                value = self.bytes_of(at, 4);
            }
            value.resize(4, 0);
            let head = [self.bytes_of(u32::from(field.tag), 2), self.bytes_of(u32::from(field.kind), 2)].concat();
            lines.push((field.tag, [head, self.bytes_of(field.count as u32, 4), value].concat()));
        }
        lines.sort_by_key(|(tag, _)| *tag);
        let start = self.bytes_of(u32::try_from(out.len()).ok()?, 4);
        out[4..8].copy_from_slice(&start);
        out.extend(self.bytes_of(u32::try_from(lines.len()).ok()?, 2));
        lines.into_iter().for_each(|(_, line)| out.extend(line));
        out.extend(self.bytes_of(u32::try_from(next).ok()?, 4));
        Some(out)
    }

    /// Writes a structure in the same byte order: one directory, and below it the ones with the given pointer tags.
    /// `None` if there is no field.
    pub(crate) fn write(&self, mut primary: Vec<Entry<'a>>, below: [(u16, Vec<Entry<'a>>); 2]) -> Option<Vec<u8>> {
        let below: Vec<_> = below.into_iter().filter(|(_, entries)| !entries.is_empty()).collect();
        primary.extend(below.iter().map(|(pointer, _)| self.long(*pointer, 0)));
        if primary.is_empty() {
            return None;
        }
        let mut out = if self.big_endian { b"MM\0*\0\0\0\x08".to_vec() } else { b"II*\0\x08\0\0\0".to_vec() };
        // The directories below are first written in memory only to learn their sizes; each contains absolute offsets.
        let mut offset = out.len() + self.directory_bytes(&mut primary.clone(), 0).len();
        let mut tail = Vec::new();
        for (pointer, mut entries) in below {
            for entry in primary.iter_mut().filter(|entry| entry.tag == pointer) {
                *entry = self.long(pointer, u32::try_from(offset).ok()?);
            }
            let bytes = self.directory_bytes(&mut entries, offset);
            offset += bytes.len();
            tail.extend(bytes);
        }
        out.extend(self.directory_bytes(&mut primary, 8));
        out.extend(tail);
        Some(out)
    }

    /// The bytes of a directory at `offset`, followed by its longer values.
    pub(crate) fn directory_bytes(&self, entries: &mut [Entry<'_>], offset: usize) -> Vec<u8> {
        entries.sort_by_key(|entry| entry.tag);
        let mut values = Vec::new();
        let mut out = self.bytes_of(entries.len() as u32, 2);
        let values_at = offset + 2 + entries.len() * 12 + 4;
        for entry in entries.iter() {
            out.extend(self.bytes_of(u32::from(entry.tag), 2));
            out.extend(self.bytes_of(u32::from(entry.kind), 2));
            out.extend(self.bytes_of(entry.count as u32, 4));
            if entry.value.len() <= 4 {
                out.extend_from_slice(&entry.value);
                out.resize(out.len() + 4 - entry.value.len(), 0);
            } else {
                out.extend(self.bytes_of((values_at + values.len()) as u32, 4));
                values.extend_from_slice(&entry.value);
                // Values begin at even offsets.
                values.resize(values.len().next_multiple_of(2), 0);
            }
        }
        out.extend([0; 4]);
        out.extend(values);
        out
    }
}

const fn size_of_kind(kind: u16) -> usize {
    match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        // An unknown type counts as one byte, so that its count is still meaningful.
        _ => 1,
    }
}
