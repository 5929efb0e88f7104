//! HEIC, by heifer. The container's own rotation applies; its EXIF orientation must not.

use heifer::heifer_isobmff::HeifFile;

use super::{Decoded, corrupt};
use crate::error::{Code, Error, Result};
use crate::photo::limits::Limits;
use crate::photo::metadata::Metadata;
use crate::photo::orientation::Orientation;
use crate::photo::{Channels, Samples};

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded> {
    let file = HeifFile::parse(bytes).map_err(|cause| decode_error(cause.into()))?;
    let size = file.image_size(file.primary_id).map_err(|cause| decode_error(cause.into()))?;
    let (width, height) = size.ok_or_else(|| corrupt("the HEIC has no size"))?;
    limits.check_size(u64::from(width), u64::from(height))?;
    // The metadata is smaller than the file that contains it, whose size was checked.
    let read = heifer::item_metadata(&file, file.primary_id).unwrap_or_default();
    let length = |bytes: &Option<Vec<u8>>| bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
    limits.check_profile(length(&read.icc_profile))?;

    let options = heifer::Options { max_pixels: limits.max_pixels, ..Default::default() };
    let image = heifer::decode_with_options(bytes, &options).map_err(decode_error)?;
    let channels = if image.has_alpha { Channels::Rgba } else { Channels::Rgb };
    let kept = image.data.chunks_exact(4).flat_map(|pixel| &pixel[..channels.count()]);
    let samples = if image.bit_depth <= 8 {
        Samples::U8(kept.map(|sample| *sample as u8).collect())
    } else {
        let max = u32::from(image.max_value());
        Samples::U16(kept.map(|sample| ((u32::from(*sample) * 65_535 + max / 2) / max) as u16).collect())
    };
    let mut metadata = Metadata::default();
    read.exif.iter().for_each(|exif| metadata.add_exif(exif, limits));
    read.xmp.iter().for_each(|xmp| metadata.add_xmp(xmp, limits));
    let _applied_by_the_container = metadata.upright();
    Ok(Decoded {
        width: image.width,
        height: image.height,
        channels,
        samples,
        profile: read.icc_profile,
        metadata,
        orientation: Orientation::default(),
        notes: Vec::new(),
    })
}

fn decode_error(cause: heifer::Error) -> Error {
    use heifer::{Error as Heif, heifer_isobmff::Error as Container};
    let code = match &cause {
        Heif::Container(Container::UnexpectedEof) => Code::PhotoTruncated,
        Heif::Unsupported(_) | Heif::Container(Container::Unimplemented(_)) => Code::PhotoUnsupported,
        _ => Code::PhotoCorrupt,
    };
    Error::new(code, "the HEIC cannot be decoded").because(cause)
}
