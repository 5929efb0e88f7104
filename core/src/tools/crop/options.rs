//! Reads options as data into settings.

use packshot_api as api;

use super::{Crop, Gravity};
use crate::error::Result;
use crate::models::ModelChoice;
use crate::tools::parse;

impl Crop {
    /// Reads `options`; absent ones are as in [`Crop::default`].
    ///
    /// # Errors
    /// [`Code::OptionInvalid`](crate::Code::OptionInvalid), with the option's name;
    /// [`Code::DescriptorInvalid`](crate::Code::DescriptorInvalid).
    pub fn read(options: &api::Crop) -> Result<Self> {
        let api::Crop { area, margin, aspect, gravity, snap, size, model } = options;
        let settings = Self {
            area: parse("area", area)?,
            margin: parse("margin", margin)?,
            aspect: parse("aspect", aspect)?,
            gravity: gravity.unwrap_or(Gravity::Center),
            snap: snap.unwrap_or_default(),
            size: *size,
            model: model.as_ref().map(ModelChoice::read).transpose()?.unwrap_or_default(),
        };
        settings.check()?;
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    fn read(json: &str) -> Result<Crop> {
        Crop::read(&crate::json::from_json(json)?)
    }

    #[test]
    fn options_are_understood() {
        let settings = read(r#"{"margin": [10, "5%"], "aspect": [4, 5], "gravity": "top", "size": 800}"#).unwrap();
        assert_eq!(settings.margin, Some("10 5%".parse().unwrap()));
        assert_eq!(settings.aspect.map(|aspect| aspect.ratio()), Some(0.8));
        assert_eq!((settings.gravity, settings.size), (Gravity::Top, Some(crate::photo::Size::LongSide(800))));
        assert_eq!(read(r#"{"aspect": 1.91}"#).unwrap().aspect.map(|aspect| aspect.ratio()), Some(1.91));
        assert_eq!(read(r#"{"aspect": 1}"#).unwrap().gravity, Crop::default().gravity);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (json, names) in [
            ("{}", &["nothing to crop to", "option: area"][..]),
            (r#"{"gravity": "top"}"#, &["nothing to crop to"]),
            (r#"{"area": "0 0 9 9", "margin": 0}"#, &["keep one of them", "option: margin"]),
            (r#"{"aspect": "4x5"}"#, &["4x5", "option: aspect"]),
            (r#"{"area": "1 2 3"}"#, &["1 2 3", "option: area"]),
            (r#"{"aspect": 1, "gravity": "north"}"#, &["north", "top-left"]),
            (r#"{"size": 70000}"#, &["70000", "65535", "option: size"]),
            (r#"{"aspct": 1}"#, &["aspct", "aspect"]),
        ] {
            let error = read(json).unwrap_err();
            assert_eq!(error.code(), Code::OptionInvalid, "{json}: {error}");
            for name in names {
                assert!(error.to_string().contains(name), "{json}: {error} should name {name}");
            }
        }
    }
}
