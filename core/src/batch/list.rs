//! The inputs of a batch, delta-encoded: each stores only its difference from the one before.

use std::path::{Path, PathBuf};

use super::inputs::{Input, Row};

/// Inputs in order. Photos of one folder share a path prefix, so each takes little more than the bytes of its name.
#[derive(Default)]
pub(super) struct InputList {
    /// For each input: the length of the prefix shared with the record before, the length of the rest, and the rest.
    bytes: Vec<u8>,
    last: Vec<u8>,
    len: u64,
    /// Inputs that cannot be written as text, with their numbers.
    odd: Vec<(u64, Input)>,
}

impl InputList {
    pub(super) fn push(&mut self, input: Input) {
        let record = record(&input).unwrap_or_else(|| {
            self.odd.push((self.len, input));
            Vec::new()
        });
        let shared = self.last.iter().zip(&record).take_while(|(one, other)| one == other).count();
        write_number(&mut self.bytes, shared);
        write_number(&mut self.bytes, record.len() - shared);
        self.bytes.extend_from_slice(&record[shared..]);
        self.last = record;
        self.len += 1;
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Releases unused capacity.
    pub(super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.last = Vec::new();
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Input> {
        let (mut bytes, mut record, mut odd) = (self.bytes.as_slice(), Vec::new(), self.odd.iter().peekable());
        (0..self.len).filter_map(move |number| {
            record.truncate(read_number(&mut bytes));
            let own = read_number(&mut bytes);
            let own = bytes.split_off(..own).unwrap_or_default();
            record.extend_from_slice(own);
            match odd.next_if(|(at, _)| *at == number) {
                Some((_, input)) => Some(input.clone()),
                None => input(&record),
            }
        })
    }
}

/// The path, how many of its last folders are the input's subfolder, and the row; `None` if it is not text.
fn record(input: &Input) -> Option<Vec<u8>> {
    let Input { path, folder, row } = input;
    if !path.parent().unwrap_or(Path::new("")).ends_with(folder) {
        return None;
    }
    let row = row.as_ref().map(|row| (&row.output, &row.variables));
    serde_json::to_vec(&(path.to_str()?, folder.components().count(), row)).ok()
}

/// Decodes what [`record`] has written.
fn input(record: &[u8]) -> Option<Input> {
    type Columns = (Option<String>, Vec<(String, String)>);
    let (path, depth, row): (PathBuf, usize, Option<Columns>) = serde_json::from_slice(record).ok()?;
    let folders: Vec<_> = path.parent().unwrap_or(Path::new("")).components().collect();
    let folder = folders[folders.len().saturating_sub(depth)..].iter().collect();
    let row = row.map(|(output, variables)| Box::new(Row { output, variables }));
    Some(Input { path, folder, row })
}

/// Seven bits per byte, lowest first (LEB128).
fn write_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read_number(bytes: &mut &[u8]) -> usize {
    let mut number = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let Some((byte, rest)) = bytes.split_first() else { break };
        *bytes = rest;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows() -> impl Strategy<Value = Option<Box<Row>>> {
        let text = "[a-z \"\\\\é]{0,8}";
        let variables = prop::collection::vec((text, text), 0..3);
        let row =
            (prop::option::of(text), variables).prop_map(|(output, variables)| Box::new(Row { output, variables }));
        prop::option::of(row)
    }

    proptest! {
        #[test]
        fn what_went_in_comes_out(inputs in prop::collection::vec(("[a-cé/.\n]{1,200}", 0_usize..3, rows()), 0..20)) {
            let inputs: Vec<_> = inputs.into_iter().map(|(path, depth, row)| {
                let folders: Vec<_> = Path::new(&path).parent().map(|parent| parent.components().collect()).unwrap_or_default();
                let folder = folders[folders.len().saturating_sub(depth)..].iter().collect();
                Input { path: path.into(), folder, row }
            }).collect();
            let mut list = InputList::default();
            inputs.iter().for_each(|input| list.push(input.clone()));
            prop_assert_eq!(list.len(), inputs.len() as u64);
            prop_assert_eq!(list.iter().collect::<Vec<_>>(), inputs);
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_text_is_kept_as_it_is() {
        use std::os::unix::ffi::OsStringExt;
        let odd = |name: &[u8]| Input { path: std::ffi::OsString::from_vec(name.to_vec()).into(), ..Input::default() };
        let strange = Input { path: "a/b.jpg".into(), folder: "elsewhere".into(), row: None };
        let plain = Input { path: "in/\u{fffd}.jpg".into(), folder: "in".into(), row: None };
        let inputs = [odd(b"in/\xff.jpg"), plain.clone(), strange, odd(b"in/\xfe.jpg"), plain];
        let mut list = InputList::default();
        inputs.iter().for_each(|input| list.push(input.clone()));
        list.shrink();
        assert_eq!(list.iter().collect::<Vec<_>>(), inputs);
    }

    #[test]
    fn a_photo_takes_the_bytes_of_its_name() {
        let mut list = InputList::default();
        for number in 0..100_000 {
            let path = format!("/home/somebody/pictures/2026/autumn/{:03}/IMG_{number:06}.jpg", number / 100);
            list.push(Input { path: path.into(), folder: format!("{:03}", number / 100).into(), row: None });
        }
        assert!(list.bytes.len() < 100_000 * 24, "{} bytes", list.bytes.len());
    }
}
