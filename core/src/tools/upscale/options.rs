//! Reads options as data into settings.

use packshot_api as api;

use super::settings::refused;
use super::{Target, Upscale};
use crate::error::Result;
use crate::models::ModelChoice;

impl Upscale {
    /// Reads `options`; absent ones are as in [`Upscale::default`].
    ///
    /// # Errors
    /// [`Code::OptionInvalid`](crate::Code::OptionInvalid), with the option's name;
    /// [`Code::DescriptorInvalid`](crate::Code::DescriptorInvalid).
    pub fn read(options: &api::Upscale) -> Result<Self> {
        let api::Upscale { model, scale, size, denoise, tile } = options;
        let target = match (scale, size) {
            (None, None) => Target::default(),
            (Some(scale), None) => Target::Scale(*scale),
            (None, Some(size)) => Target::Size(*size),
            (Some(_), Some(_)) => {
                return Err(refused("size", "scale and size are both given: keep one of them".to_owned()));
            }
        };
        let model = model.as_ref().map(ModelChoice::read).transpose()?.unwrap_or_default();
        let settings = Self { model, target, denoise: denoise.map(|denoise| denoise as f32), tile: *tile };
        settings.check()?;
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    fn read(json: &str) -> Result<Upscale> {
        Upscale::read(&crate::json::from_json(json)?)
    }

    #[test]
    fn nothing_said_is_the_default() {
        assert_eq!(format!("{:?}", read("{}").unwrap()), format!("{:?}", Upscale::default()));
    }

    #[test]
    fn options_are_understood() {
        let settings = read(r#"{"size": "1200x800", "denoise": 0.25, "tile": 64, "model": "fsrcnn-x2"}"#).unwrap();
        assert_eq!(settings.target, Target::Size(crate::photo::Size::Box(1200, 800)));
        assert_eq!((settings.hundredths(), settings.tile), (Some(25), Some(64)));
        assert!(matches!(settings.model, ModelChoice::Id(id) if id == "fsrcnn-x2"));
        assert_eq!(read(r#"{"scale": 8}"#).unwrap().target, Target::Scale(8.0));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (json, names) in [
            (r#"{"scal": 2}"#, &["scal", "scale"][..]),
            (r#"{"scale": 0.5}"#, &["0.5", "1 to 8", "option: scale"]),
            (r#"{"scale": 8.01}"#, &["8.01", "1 to 8", "option: scale"]),
            (r#"{"scale": 2, "size": 2000}"#, &["scale", "option: size"]),
            (r#"{"size": 0}"#, &["size"]),
            (r#"{"denoise": 1.5}"#, &["1.5", "0 to 1", "option: denoise"]),
            (r#"{"denoise": -0.1}"#, &["-0.1", "0 to 1", "option: denoise"]),
            (r#"{"tile": 16}"#, &["16", "32 to 2048", "option: tile"]),
            (r#"{"tile": 5000}"#, &["5000", "32 to 2048", "option: tile"]),
            (r#"{"model": {"file": "a.onnx"}}"#, &["like", "descriptor"]),
        ] {
            let error = read(json).unwrap_err();
            assert_eq!(error.code(), Code::OptionInvalid, "{json}: {error}");
            for name in names {
                assert!(error.to_string().contains(name), "{json}: {error} should name {name}");
            }
        }
    }
}
