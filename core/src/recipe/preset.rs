//! Recipes that come with the library.

use packshot_api::Template;

/// A recipe that comes with the library; [`Recipe::preset`](crate::Recipe::preset) reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preset {
    /// Its name, such as `white-background`.
    pub name: &'static str,
    /// What it makes, in a sentence or two.
    pub description: String,
    /// The recipe, as TOML with its variables: a starting point for your own.
    pub text: &'static str,
}

const TEXTS: &[(&str, &str)] = &[
    ("white-background", include_str!("../../presets/white-background.toml")),
    ("transparent-png", include_str!("../../presets/transparent-png.toml")),
    ("square-social", include_str!("../../presets/square-social.toml")),
    ("catalogue", include_str!("../../presets/catalogue.toml")),
    ("web", include_str!("../../presets/web.toml")),
    ("thumbnail", include_str!("../../presets/thumbnail.toml")),
    ("print", include_str!("../../presets/print.toml")),
    ("upscale-2x", include_str!("../../presets/upscale-2x.toml")),
    ("upscale-4x", include_str!("../../presets/upscale-4x.toml")),
];

/// The text of a preset.
pub(super) fn text(name: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The name of each.
pub(super) fn names() -> Vec<&'static str> {
    TEXTS.iter().map(|(name, _)| *name).collect()
}

pub(super) fn all() -> Vec<Preset> {
    let preset = |(name, text): &(&'static str, &'static str)| {
        let described = Template::parse(text).ok().and_then(|text| text.recipe(&Default::default()).ok());
        Preset { name, description: described.and_then(|recipe| recipe.description).unwrap_or_default(), text }
    };
    TEXTS.iter().map(preset).collect()
}
