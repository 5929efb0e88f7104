//! Reads the segments of a JPEG that describe its samples: frame, tables and scans (ITU-T T.81, annex B; JFIF; Adobe).

use std::sync::Arc;

use super::huffman::Codes;
use super::segments::{START_OF_SCAN, Segment};
use super::standard;
use crate::error::{Error, Result};
use crate::photo::codec::{corrupt, unsupported};
use crate::photo::limits::Limits;

/// Steps of quantisation, in the order of the file.
pub(super) type Steps = [u16; 64];

/// Everything that decoding needs, as read so far.
#[derive(Default)]
pub(super) struct Headers<'a> {
    pub(super) frame: Option<Frame>,
    pub(super) scans: Vec<Scan<'a>>,
    has_jfif: bool,
    /// The transform of Adobe's APP14: 0 none, 1 YCbCr, 2 YCCK.
    adobe: Option<u8>,
    tables: Tables,
}

/// The tables in force; later segments replace them.
#[derive(Default, Clone)]
struct Tables {
    steps: [Option<Arc<Steps>>; 4],
    dc: [Option<Arc<Codes>>; 4],
    ac: [Option<Arc<Codes>>; 4],
    restart_interval: u16,
}

pub(super) struct Frame {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) is_progressive: bool,
    pub(super) components: Vec<Component>,
}

pub(super) struct Component {
    id: u8,
    /// Sampling factors: blocks in each direction of what is coded at a time.
    pub(super) factors: (usize, usize),
    steps: u8,
}

/// A scan: for some components, some bits of some coefficients.
pub(super) struct Scan<'a> {
    pub(super) parts: Vec<Part>,
    /// The first coefficient and the last, in the order of the file.
    pub(super) band: (u8, u8),
    /// The lowest bit that earlier scans gave, or 0 if there were none, and the lowest bit of this one.
    pub(super) bits: (u8, u8),
    pub(super) restart_interval: u16,
    pub(super) coded: &'a [u8],
}

/// A component's share in a scan, with the tables in force.
pub(super) struct Part {
    /// Of the component in the frame.
    pub(super) place: usize,
    pub(super) steps: Option<Arc<Steps>>,
    pub(super) dc: Option<Arc<Codes>>,
    pub(super) ac: Option<Arc<Codes>>,
}

/// What the components are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colors {
    Gray,
    Rgb,
    YCbCr,
    Cmyk,
    Ycck,
}

impl<'a> Headers<'a> {
    /// Reads a segment; those that do not describe samples are ignored.
    pub(super) fn read(&mut self, segment: &Segment<'a>, limits: &Limits) -> Result<()> {
        let body = segment.body;
        match segment.marker {
            0xc4 => self.tables.read_codes(body),
            0xc8 | 0xcc => Err(coding(segment.marker)),
            0xc0..=0xcf => self.read_frame(segment.marker, body, limits),
            START_OF_SCAN => self.read_scan(segment),
            0xdb => self.tables.read_steps(body),
            0xdc => self.read_height(body, limits),
            0xdd => {
                let interval = body.first_chunk().ok_or_else(|| corrupt("the JPEG's restart interval is too short"))?;
                self.tables.restart_interval = u16::from_be_bytes(*interval);
                Ok(())
            }
            0xe0 => {
                self.has_jfif |= body.len() >= 14 && body.starts_with(super::JFIF);
                Ok(())
            }
            0xee if body.starts_with(b"Adobe") => {
                // A segment too short for the transform is not Adobe's.
                self.adobe = body.get(11).copied().or(self.adobe);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Whether the picture is complete; later segments are ignored.
    pub(super) fn is_complete(&self) -> bool {
        let (Some(frame), Some(scan)) = (&self.frame, self.scans.first()) else { return false };
        !frame.is_progressive && frame.height > 0 && scan.parts.len() == frame.components.len()
    }

    /// The meaning of the components, as libjpeg decides it: JFIF has only gray and YCbCr; then the Adobe segment
    /// counts; then the components' names.
    pub(super) fn colors(&self, frame: &Frame) -> Result<Colors> {
        let ids: Vec<u8> = frame.components.iter().map(|component| component.id).collect();
        Ok(match (ids.len(), self.adobe) {
            (1, _) => Colors::Gray,
            (3, _) if self.has_jfif => Colors::YCbCr,
            (3, Some(0)) => Colors::Rgb,
            (3, None) if ids == *b"RGB" => Colors::Rgb,
            (3, _) => Colors::YCbCr,
            (4, None | Some(0)) => Colors::Cmyk,
            (4, _) => Colors::Ycck,
            (count, _) => return Err(unsupported(format!("a JPEG with {count} components"))),
        })
    }

    fn read_frame(&mut self, marker: u8, body: &[u8], limits: &Limits) -> Result<()> {
        let [precision, h1, h0, w1, w0, count, ref components @ ..] = *body else {
            return Err(corrupt("the JPEG's frame is too short"));
        };
        if self.frame.is_some() {
            return Err(corrupt("the JPEG has two frames"));
        }
        let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
        // With a height of 0, the real one follows after the first scan.
        limits.check_size(u64::from(width), u64::from(height.max(1)))?;
        if !matches!(marker, 0xc0..=0xc2) {
            return Err(coding(marker));
        }
        if precision != 8 {
            return Err(unsupported(format!("a JPEG with {precision} bits per sample")));
        }
        if components.len() != 3 * usize::from(count) || count == 0 {
            return Err(corrupt("the length of the JPEG's frame does not match its components"));
        }
        let components = components.chunks_exact(3).map(|component| {
            let factors = (usize::from(component[1] >> 4), usize::from(component[1] & 15));
            Component { id: component[0], factors, steps: component[2] }
        });
        let components: Vec<_> = components.collect();
        if components.iter().any(|c| !(1..=4).contains(&c.factors.0) || !(1..=4).contains(&c.factors.1)) {
            return Err(corrupt("a sampling factor of the JPEG is not between 1 and 4"));
        }
        self.frame = Some(Frame { width, height, is_progressive: marker == 0xc2, components });
        Ok(())
    }

    /// The height of a frame that did not know it yet (B.2.5).
    fn read_height(&mut self, body: &[u8], limits: &Limits) -> Result<()> {
        if let (Some(frame), Some(height)) = (&mut self.frame, body.first_chunk())
            && frame.height == 0
        {
            frame.height = u16::from_be_bytes(*height);
            limits.check_size(u64::from(frame.width), u64::from(frame.height))?;
        }
        Ok(())
    }

    fn read_scan(&mut self, segment: &Segment<'a>) -> Result<()> {
        let frame = self.frame.as_ref().ok_or_else(|| corrupt("a scan of the JPEG comes before its frame"))?;
        let strange = || corrupt("the header of a JPEG scan is invalid");
        let (count, rest) = segment.body.split_first().ok_or_else(strange)?;
        let (parts, rest) = rest.split_at_checked(2 * usize::from(*count)).ok_or_else(strange)?;
        let [first, last, bits] = *rest else { return Err(strange()) };
        let mut scan = Scan {
            parts: Vec::new(),
            band: (first, last),
            bits: (bits >> 4, bits & 15),
            restart_interval: self.tables.restart_interval,
            coded: segment.coded,
        };
        for part in parts.chunks_exact(2) {
            let is_new = |place: usize| scan.parts.iter().all(|part| part.place != place);
            let place = (0..frame.components.len())
                .find(|place| frame.components[*place].id == part[0] && is_new(*place))
                .ok_or_else(strange)?;
            let codes = |all: &[Option<Arc<Codes>>; 4], index: u8| all.get(usize::from(index)).cloned().flatten();
            let mut new = Part {
                place,
                steps: self.tables.steps.get(usize::from(frame.components[place].steps)).cloned().flatten(),
                dc: codes(&self.tables.dc, part[1] >> 4),
                ac: codes(&self.tables.ac, part[1] & 15),
            };
            if !frame.is_progressive {
                standard::fill_in(&mut new, part[1]);
            }
            scan.parts.push(new);
        }
        if scan.parts.is_empty() {
            return Err(strange());
        }
        self.scans.push(scan);
        Ok(())
    }
}

impl Tables {
    fn read_codes(&mut self, mut body: &[u8]) -> Result<()> {
        let strange = || corrupt("a Huffman table of the JPEG is invalid");
        while let Some((kind, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or_else(strange)?;
            let count = counts.iter().map(|count| usize::from(*count)).sum();
            let (symbols, rest) = rest.split_at_checked(count).filter(|_| count <= 256).ok_or_else(strange)?;
            let all = if kind >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            let slot = all.get_mut(usize::from(kind & 15)).filter(|_| kind >> 4 <= 1).ok_or_else(strange)?;
            *slot = Some(Arc::new(Codes { counts: *counts, symbols: symbols.to_vec() }));
            body = rest;
        }
        Ok(())
    }

    fn read_steps(&mut self, mut body: &[u8]) -> Result<()> {
        let strange = || corrupt("a quantisation table of the JPEG is invalid");
        while let Some((kind, rest)) = body.split_first() {
            let width = usize::from(kind >> 4) + 1;
            let (values, rest) = rest.split_at_checked(64 * width).filter(|_| width <= 2).ok_or_else(strange)?;
            let mut steps = [0; 64];
            for (step, value) in steps.iter_mut().zip(values.chunks_exact(width)) {
                *step = value.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte));
            }
            *self.steps.get_mut(usize::from(kind & 15)).ok_or_else(strange)? = Some(Arc::new(steps));
            body = rest;
        }
        Ok(())
    }
}

/// The error for kinds of frames that only special software writes.
fn coding(marker: u8) -> Error {
    unsupported(match marker {
        0xc3 | 0xcb => "a lossless JPEG",
        0xc9 | 0xca | 0xcc => "a JPEG with arithmetic coding",
        0xc5..=0xc7 | 0xcd..=0xcf => "a hierarchical JPEG",
        _ => "a JPEG of an unknown kind",
    })
}
