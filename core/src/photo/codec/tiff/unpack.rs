//! Decompression of strips and tiles, each as a reader of rows.

use std::borrow::Cow;
use std::io::{Cursor, Error, ErrorKind, Read, Result};

use flate2::read::ZlibDecoder;
use weezl::{BitOrder, LzwStatus, decode};

use super::fax::Rows;
use super::page::{Packing, Page};

/// A reader of the first `rows` rows of the strip or tile `index`, for all compressions except JPEG.
pub(super) fn open<'a>(page: &Page, file: &'a [u8], index: usize, rows: usize) -> Box<dyn Read + 'a> {
    let stored = page.stored(file, index);
    let stored = match page.low_first {
        true => Cow::Owned(stored.iter().map(|byte| byte.reverse_bits()).collect()),
        false => Cow::Borrowed(stored),
    };
    match page.packing {
        Packing::None | Packing::Jpeg => Box::new(Cursor::new(stored)),
        Packing::Deflate => Box::new(ZlibDecoder::new(Cursor::new(stored))),
        Packing::PackBits => Box::new(PackBits { source: Cursor::new(stored), left: 0, repeated: None }),
        Packing::Lzw => Box::new(Lzw::new(stored)),
        Packing::Fax(fax) => Box::new(Rows::new(stored.into_owned(), fax, page.chunk.0, rows)),
    }
}

/// PackBits: runs of a byte and literal bytes, each preceded by a count.
struct PackBits<R> {
    source: R,
    left: usize,
    repeated: Option<u8>,
}

impl<R: Read> PackBits<R> {
    fn byte(&mut self) -> Result<Option<u8>> {
        let mut byte = [0];
        Ok((self.source.read(&mut byte)? == 1).then_some(byte[0]))
    }
}

impl<R: Read> Read for PackBits<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        while self.left == 0 {
            let Some(head) = self.byte()? else { return Ok(0) };
            match head {
                0..=127 => (self.left, self.repeated) = (usize::from(head) + 1, None),
                128 => {}
                _ => {
                    let Some(byte) = self.byte()? else { return Ok(0) };
                    (self.left, self.repeated) = (257 - usize::from(head), Some(byte));
                }
            }
        }
        let length = self.left.min(out.len());
        let read = match self.repeated {
            Some(byte) => {
                out[..length].fill(byte);
                length
            }
            None => self.source.read(&mut out[..length])?,
        };
        self.left -= read;
        Ok(read)
    }
}

struct Lzw<'a> {
    source: Cow<'a, [u8]>,
    at: usize,
    decoder: decode::Decoder,
}

impl<'a> Lzw<'a> {
    fn new(source: Cow<'a, [u8]>) -> Self {
        // Before TIFF 5.0, codes began at the lowest bit; the first code, which clears the table, reveals the order.
        let old = matches!(*source, [0, second, ..] if second & 1 == 1);
        let decoder = match old {
            true => decode::Configuration::new(BitOrder::Lsb, 8),
            false => decode::Configuration::with_tiff_size_switch(BitOrder::Msb, 8),
        };
        Self { source, at: 0, decoder: decoder.with_yield_on_full_buffer(true).build() }
    }
}

impl Read for Lzw<'_> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        loop {
            let step = self.decoder.decode_bytes(&self.source[self.at..], out);
            self.at += step.consumed_in;
            match step.status {
                _ if step.consumed_out > 0 => return Ok(step.consumed_out),
                Ok(LzwStatus::Ok) if step.consumed_in > 0 => {}
                Ok(_) => return Ok(0),
                Err(cause) => return Err(Error::new(ErrorKind::InvalidData, cause)),
            }
        }
    }
}
