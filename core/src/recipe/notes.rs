//! Notes on options of an export that have no effect, whatever the photo.

use packshot_api as api;

use crate::note::Note;
use crate::photo::{EncodeOptions, Fit, ImageFormat};

/// `wanted` are the options as written, `export` as read.
pub(super) fn of_export(wanted: &api::Encode, export: &EncodeOptions) -> Vec<Note> {
    let api::Encode { quality, chroma, lossless, png, background, fit, profile, .. } = wanted;
    let format = export.format;
    let is_lossless = match format {
        ImageFormat::Jpeg | ImageFormat::Avif => false,
        ImageFormat::Webp => export.lossless,
        _ => true,
    };
    let word = format.as_str();
    let other = |only: &str| format!("it is for {only}, and the file is {word}");
    let keeps_alpha = format != ImageFormat::Jpeg && export.fit != Fit::Pad;
    [
        ("quality", quality.is_some() && is_lossless, format!("the file is lossless {word}")),
        ("chroma", chroma.is_some() && format != ImageFormat::Jpeg, other("jpeg")),
        ("lossless", lossless.is_some() && format != ImageFormat::Webp, other("webp")),
        ("png", png.is_some() && format != ImageFormat::Png, other("png")),
        (
            "background",
            background.is_some() && keeps_alpha,
            format!("{word} keeps the photo's alpha, and nothing is padded"),
        ),
        ("fit", fit.is_some() && export.size.is_none(), "there is no size".to_owned()),
        ("profile", profile.is_some() && format == ImageFormat::Avif, "avif is always sRGB, and says so".to_owned()),
    ]
    .into_iter()
    .filter_map(|(option, ignored, why)| ignored.then(|| Note::ignored(option, why)))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(json: &str) -> Vec<String> {
        let wanted: api::Encode = crate::json::from_json(json).unwrap();
        let notes = of_export(&wanted, &EncodeOptions::read(&wanted, None).unwrap());
        notes.iter().filter_map(|note| Some(note.text.split('`').nth(1)?.to_owned())).collect()
    }

    #[test]
    fn what_is_for_another_format_is_told() {
        for (json, names) in [
            (r#"{"format": "jpeg", "quality": 80, "chroma": "full", "background": "white"}"#, &[][..]),
            (r#"{"format": "jpeg", "png": "best", "lossless": true}"#, &["lossless", "png"]),
            (
                r#"{"format": "png", "quality": 80, "chroma": "full", "background": "red"}"#,
                &["quality", "chroma", "background"],
            ),
            (r#"{"format": "png", "background": "red", "size": 100, "fit": "pad", "png": "fast"}"#, &[]),
            (r#"{"format": "webp", "quality": 80, "lossless": false}"#, &[]),
            (r#"{"format": "webp", "quality": 80, "lossless": true}"#, &["quality"]),
            (r#"{"format": "tiff", "fit": "inside", "max_bytes": 1000000, "dpi": 300}"#, &["fit"]),
        ] {
            assert_eq!(ignored(json), names, "{json}");
        }
    }

    #[test]
    fn no_preset_has_an_option_without_effect() {
        for preset in crate::recipe::Recipe::presets() {
            let recipe = crate::recipe::Recipe::preset(preset.name).unwrap();
            assert_eq!(recipe.plan().notes(&[], &[]), [], "{}", preset.name);
        }
    }
}
