//! Reads the directory of a TIFF's first page.

use crate::error::Result;
use crate::photo::codec::{corrupt, truncated, unsupported};
use crate::photo::ifd::{Entry, Tiff};

/// Most samples per pixel; no camera, scanner or editor writes more.
const MOST_SAMPLES: usize = 64;
/// Room for rows of a tile that is wider than the picture.
const WORKSPACE_BYTES: u64 = 16 << 20;

/// What the first samples of a pixel are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Colors {
    Gray,
    /// Gray with 0 as white.
    Ink,
    Rgb,
    Palette,
    Cmyk,
    /// In a JPEG, which is decoded to RGB.
    YCbCr,
}

impl Colors {
    pub(super) const fn count(self) -> usize {
        match self {
            Self::Gray | Self::Ink | Self::Palette => 1,
            Self::Rgb | Self::YCbCr => 3,
            Self::Cmyk => 4,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Fax(Fax),
    Lzw,
    Jpeg,
    Deflate,
    PackBits,
}

/// The codes of ITU-T T.4 and T.6.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fax {
    /// Modified Huffman: each row begins at a byte boundary.
    Rows,
    /// Group 3; whether rows may be encoded as differences to the one before.
    Three(bool),
    Four,
}

/// How samples are predicted from those before them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Predictor {
    None,
    Horizontal,
    Float,
}

/// The alpha channel, by its index in a pixel.
#[derive(Clone, Copy)]
pub(super) struct Alpha {
    pub(super) at: usize,
    pub(super) premultiplied: bool,
}

pub(super) struct Page {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) colors: Colors,
    /// Samples per pixel, including extra ones.
    pub(super) samples: usize,
    pub(super) alpha: Option<Alpha>,
    pub(super) bits: usize,
    pub(super) float: bool,
    pub(super) big_endian: bool,
    pub(super) packing: Packing,
    pub(super) predictor: Predictor,
    /// Whether samples are stored plane by plane, not pixel by pixel.
    pub(super) planar: bool,
    /// Whether the first pixel of a byte is in its lowest bit.
    pub(super) low_first: bool,
    /// Width and height of a strip or a tile.
    pub(super) chunk: (usize, usize),
    offsets: Vec<u64>,
    sizes: Option<Vec<u64>>,
    /// Tables shared by all JPEGs of the page.
    pub(super) tables: Option<Vec<u8>>,
    /// 16-bit red, green and blue, each for all indices.
    pub(super) palette: Vec<u64>,
}

impl Page {
    /// The page of a directory whose size is within limits.
    pub(super) fn read(tiff: &Tiff<'_>, entries: &[Entry<'_>], width: u64, height: u64) -> Result<Self> {
        let fields = Fields { tiff, entries };
        let (width, height) = (usize::try_from(width), usize::try_from(height));
        let (Ok(width), Ok(height)) = (width, height) else { return Err(corrupt("the TIFF's size overflows")) };
        let samples = fields.number(277).unwrap_or(1) as usize;
        if !(1..=MOST_SAMPLES).contains(&samples) {
            return Err(unsupported(format!("a TIFF with {samples} samples a pixel")));
        }
        let packing = packing(&fields)?;
        let colors = colors(&fields, samples, packing)?;
        let float = float(&fields)?;
        let bits = bits(&fields, float, colors, packing)?;
        let (chunk, offsets, sizes) = chunks(&fields, width, height)?;
        let planar = samples > 1 && fields.number(284) == Some(2);
        let page = Self {
            width,
            height,
            colors,
            samples,
            alpha: alpha(&fields, colors, samples),
            bits,
            float,
            big_endian: tiff.big_endian(),
            packing,
            predictor: predictor(&fields, packing, float, bits)?,
            planar,
            low_first: fields.number(266) == Some(2),
            chunk,
            offsets,
            sizes,
            tables: fields.find(347).map(|entry| entry.value.to_vec()).filter(|_| packing == Packing::Jpeg),
            palette: if colors == Colors::Palette { palette(&fields, bits)? } else { Vec::new() },
        };
        page.check()
    }

    fn check(self) -> Result<Self> {
        if self.planar && self.colors == Colors::YCbCr {
            return Err(unsupported("a TIFF with YCbCr in separate planes"));
        }
        let (across, down) = self.grid();
        let planes = if self.planar { self.samples } else { 1 };
        if self.offsets.len() < across * down * planes {
            return Err(corrupt("the TIFF has too few strips or tiles"));
        }
        let most = (self.width as u64 * self.height as u64).saturating_mul(10) + WORKSPACE_BYTES;
        if self.row_bytes().is_none_or(|bytes| bytes as u64 > most) {
            return Err(corrupt("the TIFF's tiles are wider than its picture"));
        }
        Ok(self)
    }

    /// Strips or tiles across and down.
    pub(super) const fn grid(&self) -> (usize, usize) {
        (self.width.div_ceil(self.chunk.0), self.height.div_ceil(self.chunk.1))
    }

    /// Samples of a pixel within a strip or tile.
    pub(super) const fn stride(&self) -> usize {
        if self.planar { 1 } else { self.samples }
    }

    /// Bytes of a row of a strip or tile.
    pub(super) fn row_bytes(&self) -> Option<usize> {
        Some(self.chunk.0.checked_mul(self.stride())?.checked_mul(self.bits)?.div_ceil(8))
    }

    /// The bytes of a strip or tile as stored; cut off at the end of the file.
    pub(super) fn stored<'a>(&self, file: &'a [u8], index: usize) -> &'a [u8] {
        let place = |value: u64| usize::try_from(value).unwrap_or(usize::MAX).min(file.len());
        let start = self.offsets.get(index).map_or(file.len(), |offset| place(*offset));
        let size = self.sizes.as_ref().and_then(|sizes| sizes.get(index)).map_or(file.len(), |size| place(*size));
        &file[start..start.saturating_add(size).min(file.len())]
    }
}

struct Fields<'t, 'a> {
    tiff: &'t Tiff<'a>,
    entries: &'t [Entry<'a>],
}

impl<'a> Fields<'_, 'a> {
    fn find(&self, tag: u16) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    fn number(&self, tag: u16) -> Option<u64> {
        self.tiff.number(self.find(tag)?)
    }

    fn numbers(&self, tag: u16) -> Vec<u64> {
        self.find(tag).map_or(Vec::new(), |entry| self.tiff.numbers(entry))
    }
}

fn packing(fields: &Fields<'_, '_>) -> Result<Packing> {
    let name = match fields.number(259).unwrap_or(1) {
        1 => return Ok(Packing::None),
        2 => return Ok(Packing::Fax(Fax::Rows)),
        3 => return Ok(Packing::Fax(Fax::Three(fields.number(292).unwrap_or(0) & 1 == 1))),
        4 => return Ok(Packing::Fax(Fax::Four)),
        5 => return Ok(Packing::Lzw),
        7 => return Ok(Packing::Jpeg),
        8 | 32_946 => return Ok(Packing::Deflate),
        32_773 => return Ok(Packing::PackBits),
        6 => "the JPEG of TIFF 6.0 from before 1995 (compression 6)".to_owned(),
        34_712 | 33_003 | 33_005 => "JPEG 2000".to_owned(),
        34_661 => "JBIG".to_owned(),
        34_676 | 34_677 => "LogLuv".to_owned(),
        34_887 => "LERC".to_owned(),
        34_925 => "LZMA".to_owned(),
        50_000 => "Zstandard".to_owned(),
        50_001 => "WebP".to_owned(),
        50_002 | 52_546 => "JPEG XL".to_owned(),
        other => format!("compression {other}"),
    };
    Err(unsupported(format!(
        "a TIFF packed with {name}; it is read when packed with LZW, Deflate or JPEG, or not at all"
    )))
}

fn colors(fields: &Fields<'_, '_>, samples: usize, packing: Packing) -> Result<Colors> {
    // Old files of fax machines and scanners omit it.
    let assumed = match (packing, samples) {
        (Packing::Fax(_), _) => 0,
        (_, 1 | 2) => 1,
        _ => 2,
    };
    let refuse =
        |what: &str| Err(unsupported(format!("a TIFF with {what}; gray, RGB, palette, CMYK and JPEG are read")));
    let colors = match fields.number(262).unwrap_or(assumed) {
        0 => Colors::Ink,
        1 => Colors::Gray,
        2 => Colors::Rgb,
        3 => Colors::Palette,
        4 => return refuse("a mask for another picture as its first page"),
        5 if fields.number(332).unwrap_or(1) != 1 => return refuse("inks other than CMYK"),
        5 => Colors::Cmyk,
        6 if packing == Packing::Jpeg => Colors::YCbCr,
        6 => return refuse("YCbCr that is not packed as JPEG"),
        8..=10 => return refuse("colours in Lab"),
        32_803 | 34_892 => return refuse("raw data of a camera's sensor (DNG)"),
        32_844 | 32_845 => return refuse("colours in LogLuv"),
        other => return refuse(&format!("colours of kind {other}")),
    };
    if samples < colors.count() {
        return Err(corrupt(format!("the TIFF has {samples} samples a pixel, too few for its colours")));
    }
    Ok(colors)
}

fn float(fields: &Fields<'_, '_>) -> Result<bool> {
    let formats = fields.numbers(339);
    match formats.first().copied().unwrap_or(1) {
        _ if formats.iter().any(|format| *format != formats[0]) => {
            Err(unsupported("a TIFF with samples of several kinds"))
        }
        // 4 is "not defined".
        1 | 4 => Ok(false),
        3 => Ok(true),
        2 => Err(unsupported("a TIFF with signed samples")),
        _ => Err(unsupported("a TIFF with complex samples")),
    }
}

fn bits(fields: &Fields<'_, '_>, float: bool, colors: Colors, packing: Packing) -> Result<usize> {
    let all = fields.numbers(258);
    let bits = all.first().copied().unwrap_or(1);
    if all.iter().any(|other| *other != bits) {
        return Err(unsupported("a TIFF whose samples have different numbers of bits"));
    }
    let known = match (float, packing, colors) {
        (true, Packing::None | Packing::Lzw | Packing::Deflate | Packing::PackBits, _) => &[16, 32, 64][..],
        (true, ..) => &[],
        (_, Packing::Fax(_), _) => &[1],
        (_, Packing::Jpeg, _) => &[8],
        (_, _, Colors::Palette) => &[1, 2, 4, 8],
        _ => &[1, 2, 4, 8, 16],
    };
    if !known.contains(&bits) {
        let kind = if float { "floating-point " } else { "" };
        return Err(unsupported(format!("a TIFF with {kind}samples of {bits} bits")));
    }
    Ok(bits as usize)
}

fn predictor(fields: &Fields<'_, '_>, packing: Packing, float: bool, bits: usize) -> Result<Predictor> {
    let known = match (fields.number(317).unwrap_or(1), packing) {
        // Only these two support it.
        (_, packing) if !matches!(packing, Packing::Lzw | Packing::Deflate) => Predictor::None,
        (1, _) => Predictor::None,
        (2, _) if bits >= 8 => Predictor::Horizontal,
        (3, _) if float => Predictor::Float,
        (other, _) => return Err(unsupported(format!("a TIFF with predictor {other} for samples of {bits} bits"))),
    };
    Ok(known)
}

/// The first extra sample that is alpha. An undeclared fourth sample of RGB counts as alpha too.
fn alpha(fields: &Fields<'_, '_>, colors: Colors, samples: usize) -> Option<Alpha> {
    let extra = fields.numbers(338);
    let first = colors.count();
    if extra.is_empty() {
        let assumed = matches!(colors, Colors::Gray | Colors::Ink | Colors::Rgb) && samples == first + 1;
        return assumed.then_some(Alpha { at: first, premultiplied: false });
    }
    // The extra samples are the last ones, whatever number of colours the file declares.
    let first = samples.checked_sub(extra.len()).filter(|start| *start >= first)?;
    let index = extra.iter().position(|kind| matches!(kind, 1 | 2))?;
    Some(Alpha { at: first + index, premultiplied: extra[index] == 1 })
}

type Chunks = ((usize, usize), Vec<u64>, Option<Vec<u64>>);

fn chunks(fields: &Fields<'_, '_>, width: usize, height: usize) -> Result<Chunks> {
    let tiled = fields.find(324).is_some();
    let (offsets, sizes) = if tiled { (324, 325) } else { (273, 279) };
    let list = |tag| match fields.find(tag) {
        Some(entry) if entry.count > 0 && entry.value.is_empty() => {
            Err(truncated("the TIFF's list of strips or tiles"))
        }
        Some(entry) => Ok(Some(fields.tiff.numbers(entry))),
        None => Ok(None),
    };
    let (offsets, sizes) = (list(offsets)?, list(sizes)?);
    let offsets = offsets.ok_or_else(|| corrupt("the TIFF has no strips and no tiles"))?;
    let side = |tag| fields.number(tag).and_then(|side| usize::try_from(side).ok());
    let chunk = match tiled {
        true => side(322).zip(side(323)),
        false => Some((width, side(278).unwrap_or(height).min(height))),
    };
    let chunk = chunk.filter(|chunk| chunk.0 > 0 && chunk.1 > 0);
    Ok((chunk.ok_or_else(|| corrupt("the TIFF's strips or tiles have no size"))?, offsets, sizes))
}

fn palette(fields: &Fields<'_, '_>, bits: usize) -> Result<Vec<u64>> {
    let mut palette = fields.numbers(320);
    if palette.len() < 3 << bits {
        return Err(corrupt("the TIFF's palette is too short"));
    }
    // Some writers use 8 bits instead of the required 16.
    if palette.iter().all(|part| *part < 256) {
        palette.iter_mut().for_each(|part| *part *= 257);
    }
    Ok(palette)
}
