//! Reads options as data into settings.

use packshot_api as api;

use super::{Background, RemoveBackground};
use crate::error::{Code, Error, Result};
use crate::models::ModelChoice;
use crate::photo::{DecodeOptions, Photo, Trimap};
use crate::tools::{Pictures, Tool, parse};

impl RemoveBackground {
    /// Reads `options` and `pictures`; absent ones are as in [`RemoveBackground::default`].
    ///
    /// # Errors
    /// [`Code::OptionInvalid`], with the option's name; [`Code::DescriptorInvalid`]; those of
    /// [`Source::read`](crate::Source::read).
    pub fn read(options: &api::RemoveBackground, pictures: &Pictures) -> Result<Self> {
        self::read(options, &Self::named(options).and(pictures)?)
    }
}

/// Reads `options`, with `pictures` in place of the files that they name.
pub(super) fn read(options: &api::RemoveBackground, pictures: &Pictures) -> Result<RemoveBackground> {
    let api::RemoveBackground {
        model,
        output,
        edges,
        decontaminate,
        keep_holes,
        solidify,
        background,
        background_picture: _,
        mask: _,
        trimap: _,
        crop,
        snap,
        region,
        subject,
        instances,
    } = options;
    let default = RemoveBackground::default();
    let [mask, trimap, picture] = pictures.photos(&DecodeOptions::new())?;
    let settings = RemoveBackground {
        model: model.as_ref().map(ModelChoice::read).transpose()?.unwrap_or(default.model),
        output: output.unwrap_or(default.output),
        edges: edges.unwrap_or(default.edges),
        decontaminate: decontaminate.unwrap_or(default.decontaminate),
        keep_holes: keep_holes.unwrap_or(default.keep_holes),
        solidify: solidify.unwrap_or(default.solidify),
        background: Background::read(background.as_deref(), picture)?,
        crop: parse("crop", crop)?,
        snap: snap.unwrap_or(default.snap),
        region: parse("region", region)?,
        subject: parse("subject", subject)?,
        mask: mask.map(|mask| mask.to_matte()),
        trimap: trimap.as_ref().map(Trimap::from_photo).transpose()?,
        instances: parse("instances", instances)?.unwrap_or(default.instances),
    };
    settings.check()?;
    Ok(settings)
}

impl Background {
    fn read(color: Option<&str>, picture: Option<Photo>) -> Result<Self> {
        match (color, picture) {
            (None, None) | (Some("transparent"), None) => Ok(Self::Transparent),
            (None, Some(picture)) => Ok(Self::Image(picture)),
            (Some(color), None) => {
                color.parse().map(Self::Color).map_err(|error: Error| error.with("option", "background"))
            }
            (Some(_), Some(_)) => Err(Error::new(Code::OptionInvalid, "two backgrounds: give a colour or a picture")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<RemoveBackground> {
        RemoveBackground::read(&crate::json::from_json(json)?, &Pictures::default())
    }

    #[test]
    fn nothing_said_is_the_default() {
        assert_eq!(format!("{:?}", read("{}").unwrap()), format!("{:?}", RemoveBackground::default()));
    }

    #[test]
    fn numbers_and_lists_are_text_too() {
        let settings = read(r#"{"crop": [10, "5%"], "background": [255, 128, 0], "instances": [0, 2]}"#).unwrap();
        assert_eq!(settings.crop, Some("10 5%".parse().unwrap()));
        assert!(matches!(settings.background, Background::Color(crate::color::Color([255, 128, 0, 255]))));
        assert_eq!(settings.instances, crate::tools::remove_background::Instances::These(vec![0, 2]));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (json, names) in [
            (r#"{"edgs": "fine"}"#, &["edgs", "edges"][..]),
            (r#"{"edges": "fin"}"#, &["fin", "did you mean `fine`?"]),
            (r#"{"crop": "5 apples"}"#, &["apples", "crop"]),
            (r#"{"background": "chartreus"}"#, &["chartreus", "background"]),
            (r#"{"background": [1, 2]}"#, &["three or four numbers"]),
            (r#"{"solidify": "yes"}"#, &["yes", "true or false"]),
            (r#"{"model": {"file": "a.onnx"}}"#, &["like", "descriptor"]),
            (r#"{"model": 7}"#, &["id of a model"]),
            (r#"{"output": "mask", "background": "white"}"#, &["rgba"]),
            ("[]", &["a table of options", "a list"]),
            ("{", &["JSON"]),
        ] {
            let error = read(json).unwrap_err();
            assert_eq!(error.code(), Code::OptionInvalid, "{json}: {error}");
            for name in names {
                assert!(error.to_string().contains(name), "{json}: {error} should name {name}");
            }
        }
    }
}
