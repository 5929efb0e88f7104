//! Locates the weights in an ONNX file, with a minimal reader of Protocol Buffers.
//!
//! `ModelProto.graph = 7`, `GraphProto.initializer = 5`, `TensorProto.{data_type = 2, float_data = 4, raw_data = 9,
//! external_data = 13}`, `StringStringEntryProto.{key = 1, value = 2}`:
//! <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>. Weights are initializers; constants inside nodes are
//! ignored.

use std::collections::BTreeSet;
use std::ops::Range;

/// The location of floats in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Floats {
    /// Their byte range, little-endian.
    pub(super) bytes: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Single,
    Half,
}

/// The file is truncated, or not Protocol Buffers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// The value of a field: a number or bytes.
enum Value {
    Number(u64),
    Bytes(Range<usize>),
    Fixed,
}

/// The floats of all initializers, in file order.
pub(super) fn weights(file: &[u8]) -> Result<Vec<Floats>, Broken> {
    let mut found = Vec::new();
    for graph in bytes_of(file, 0..file.len(), 7)? {
        for tensor in bytes_of(file, graph, 5)? {
            found.extend(floats(file, tensor)?);
        }
    }
    Ok(found)
}

/// Names of an ONNX file's external weight files, relative to it; empty for a file that is not ONNX.
pub(crate) fn external_files(file: &[u8]) -> Vec<String> {
    let find = || -> Result<_, Broken> {
        let mut names = BTreeSet::new();
        for graph in bytes_of(file, 0..file.len(), 7)? {
            for tensor in bytes_of(file, graph, 5)? {
                for entry in bytes_of(file, tensor, 13)? {
                    let keys = bytes_of(file, entry.clone(), 1)?;
                    if keys.last().is_some_and(|key| &file[key.clone()] == b"location") {
                        let name = bytes_of(file, entry, 2)?.pop().ok_or(Broken)?;
                        names.extend(str::from_utf8(&file[name]).map(str::to_owned));
                    }
                }
            }
        }
        Ok(names)
    };
    find().map_or_else(|Broken| Vec::new(), |names| names.into_iter().collect())
}

fn floats(file: &[u8], tensor: Range<usize>) -> Result<Vec<Floats>, Broken> {
    let (mut kind, mut raw, mut single) = (None, None, Vec::new());
    for field in Fields::of(file, tensor) {
        match field? {
            (2, Value::Number(1)) => kind = Some(Kind::Single),
            (2, Value::Number(10)) => kind = Some(Kind::Half),
            (4, Value::Bytes(bytes)) => single.push(Floats { bytes, kind: Kind::Single }),
            (9, Value::Bytes(bytes)) => raw = Some(bytes),
            _ => {}
        }
    }
    single.extend(raw.zip(kind).map(|(bytes, kind)| Floats { bytes, kind }));
    Ok(single)
}

fn bytes_of(file: &[u8], message: Range<usize>, number: u64) -> Result<Vec<Range<usize>>, Broken> {
    let fields = Fields::of(file, message).filter_map(|field| match field {
        Ok((found, Value::Bytes(bytes))) if found == number => Some(Ok(bytes)),
        Ok(_) => None,
        Err(broken) => Some(Err(broken)),
    });
    fields.collect()
}

/// Iterates over the fields of a message, until one is broken.
struct Fields<'a> {
    file: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Fields<'a> {
    fn of(file: &'a [u8], message: Range<usize>) -> Self {
        Self { file, at: message.start, end: message.end }
    }

    fn varint(&mut self) -> Result<u64, Broken> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = *self.file[..self.end].get(self.at).ok_or(Broken)?;
            self.at += 1;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Broken)
    }

    fn skip(&mut self, length: u64) -> Result<Range<usize>, Broken> {
        let length = usize::try_from(length).map_err(|_| Broken)?;
        let end = self.at.checked_add(length).filter(|&end| end <= self.end).ok_or(Broken)?;
        Ok(std::mem::replace(&mut self.at, end)..end)
    }

    fn field(&mut self) -> Result<(u64, Value), Broken> {
        let tag = self.varint()?;
        let value = match tag & 7 {
            0 => Value::Number(self.varint()?),
            1 => self.skip(8).map(|_| Value::Fixed)?,
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.skip(length)?)
            }
            5 => self.skip(4).map(|_| Value::Fixed)?,
            _ => return Err(Broken),
        };
        Ok((tag >> 3, value))
    }
}

impl Iterator for Fields<'_> {
    type Item = Result<(u64, Value), Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.at = self.end;
        }
        Some(field)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, bytes.len() as u8], bytes].concat()
    }

    #[test]
    fn raw_and_listed_numbers_of_initializers_are_found() {
        let single = [vec![2 << 3, 1], field(9, &[1, 2, 3, 4])].concat();
        let listed = [field(4, &[5, 6, 7, 8]), vec![2 << 3, 1]].concat();
        let half = [field(9, &[9, 10]), vec![2 << 3, 10]].concat();
        let whole = [vec![2 << 3, 7], field(9, &[0; 8])].concat();
        let graph: Vec<u8> = [single, listed, half, whole].iter().flat_map(|tensor| field(5, tensor)).collect();
        let file = [vec![8, 8], field(7, &[field(1, b"node"), graph].concat())].concat();
        let found = weights(&file).unwrap();
        let bytes: Vec<_> = found.iter().map(|floats| (&file[floats.bytes.clone()], floats.kind)).collect();
        let expected: [(&[u8], Kind); 3] =
            [(&[1, 2, 3, 4], Kind::Single), (&[5, 6, 7, 8], Kind::Single), (&[9, 10], Kind::Half)];
        assert_eq!(bytes, expected);
        assert_eq!(weights(&file[..file.len() - 1]), Err(Broken));
        assert_eq!(weights(b"<html>"), Err(Broken));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_point_outside(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(found) = weights(&bytes) {
                prop_assert!(found.iter().all(|floats| floats.bytes.end <= bytes.len()));
            }
        }
    }
}
