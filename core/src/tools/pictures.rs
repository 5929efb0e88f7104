//! Pictures given beside the options of a tool.

use std::path::Path;

use crate::error::{Code, Error, Result};
use crate::photo::{Channels, ColorPolicy, DecodeOptions, Photo, Source};

/// Pictures given beside the options of a tool, in place of files that the options name.
///
/// Masks and trimaps are data: their files are read with [`ColorPolicy::Data`], whatever profile they carry. A decoded
/// one is used as it is.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    /// A matte in place of the model's; see [`Photo::to_matte`].
    pub mask: Option<Source>,
    /// Where alpha is recomputed; see [`Trimap::from_photo`](crate::Trimap::from_photo).
    pub trimap: Option<Source>,
    /// The picture behind the subject.
    pub background: Option<Source>,
}

impl Pictures {
    /// Those with these names: `mask`, `trimap` and `background`.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] for any other name.
    pub fn of(named: impl IntoIterator<Item = (String, Source)>) -> Result<Self> {
        let mut pictures = Self::default();
        for (name, source) in named {
            let place = match name.as_str() {
                "mask" => &mut pictures.mask,
                "trimap" => &mut pictures.trimap,
                "background" => &mut pictures.background,
                _ => return Err(Error::new(Code::OptionInvalid, format!("no tool takes a picture `{name}`"))),
            };
            *place = Some(source);
        }
        Ok(pictures)
    }

    /// The files that options name; an empty name counts as none.
    pub(crate) fn named(mask: &Option<String>, trimap: &Option<String>, background: &Option<String>) -> Self {
        let file = |path: &Option<String>| path.as_deref().filter(|path| !path.is_empty()).map(Source::from);
        Self { mask: file(mask), trimap: file(trimap), background: file(background) }
    }

    /// Merges these with `given`.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] for two pictures for one purpose.
    pub(crate) fn and(self, given: &Self) -> Result<Self> {
        let one = |option: &str, named: Option<Source>, given: &Option<Source>| match (named, given) {
            (Some(_), Some(_)) => {
                let message = "the options name a file, and a picture is given as well: keep one of the two";
                Err(Error::new(Code::OptionInvalid, message).with("option", option))
            }
            (named, given) => Ok(named.or_else(|| given.clone())),
        };
        Ok(Self {
            mask: one("mask", self.mask, &given.mask)?,
            trimap: one("trimap", self.trimap, &given.trimap)?,
            background: one("background_picture", self.background, &given.background)?,
        })
    }

    /// Mask, trimap and background.
    pub(crate) fn sources(&self) -> [Option<&Source>; 3] {
        [&self.mask, &self.trimap, &self.background].map(Option::as_ref)
    }

    /// The files among them.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.sources().into_iter().flatten().filter_map(|source| match source {
            Source::Path(path) => Some(path.as_path()),
            _ => None,
        })
    }

    /// Mask, trimap and background, read and decoded, the first two as data.
    ///
    /// # Errors
    /// Those of [`Source::read`].
    pub(crate) fn photos(&self, colors: &DecodeOptions) -> Result<[Option<Photo>; 3]> {
        let data = colors.clone().color(ColorPolicy::Data);
        let read = |source: &Option<Source>, how| source.as_ref().map(|source| source.read(how)).transpose();
        Ok([read(&self.mask, &data)?, read(&self.trimap, &data)?, read(&self.background, colors)?])
    }

    /// The same pictures, decoded.
    ///
    /// # Errors
    /// Those of [`Source::read`].
    pub(crate) fn decoded(&self, how: &DecodeOptions) -> Result<Self> {
        let [mask, trimap, background] = self.photos(how)?.map(|photo| photo.map(Source::Photo));
        Ok(Self { mask, trimap, background })
    }

    /// A gray pixel for each: enough to validate the options before any file is read.
    ///
    /// # Errors
    /// Never in practice.
    pub(crate) fn pixels(&self) -> Result<Self> {
        let pixel = Photo::new(1, 1, Channels::Gray, vec![128_u8])?;
        let pixel = |source: &Option<Source>| source.as_ref().map(|_| Source::Photo(pixel.clone()));
        Ok(Self { mask: pixel(&self.mask), trimap: pixel(&self.trimap), background: pixel(&self.background) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_come_by_their_names_and_others_are_refused() {
        let source = || Source::Path("a.png".into());
        let named = |names: &[&str]| Pictures::of(names.iter().map(|name| ((*name).to_owned(), source())));
        let given = named(&["trimap", "background"]).unwrap();
        assert_eq!(given.sources().map(|source| source.is_some()), [false, true, true]);
        let refused = named(&["mask", "logo"]).unwrap_err();
        assert_eq!(refused.code(), Code::OptionInvalid);
        assert!(refused.message().contains("`logo`"), "{refused}");
    }
}
