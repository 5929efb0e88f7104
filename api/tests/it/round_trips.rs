//! Recipes stay what they are through TOML and JSON, whatever their options.

use std::collections::BTreeMap;

use packshot_api::{
    Chroma, ColorPolicy, Decode, Edges, Encode, Fit, ImageFormat, MetadataMode, Model, ModelFile, Output,
    PngCompression, ProfileMode, Recipe, RemoveBackground, Schema, Size, Step, Template, Upscale,
};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

/// Any text at all, and often what could be taken for a variable, an escape or the end of a text.
fn text() -> impl Strategy<Value = String> {
    let odd = select(vec![
        "${", "$${", "$", "}", "${x}", "\"", "\"\"\"", "'''", "\\", "\n", "\r\n", "\u{0}", "\u{7f}", "é", "#",
    ]);
    prop_oneof![any::<String>(), prop::collection::vec(odd, 0..8).prop_map(|parts| parts.concat())]
}

fn word<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = Option<T>> {
    of(select(all))
}

fn size() -> impl Strategy<Value = Size> {
    let side = 1..u32::MAX;
    prop_oneof![
        side.clone().prop_map(Size::LongSide),
        side.clone().prop_map(Size::Width),
        side.clone().prop_map(Size::Height),
        (side.clone(), side).prop_map(|(width, height)| Size::Box(width, height)),
    ]
}

fn model() -> impl Strategy<Value = Model> {
    let file = (text(), of(text()), of(text()));
    prop_oneof![
        text().prop_map(Model::Id),
        file.prop_map(|(file, like, descriptor)| Model::File(ModelFile { file, like, descriptor })),
    ]
}

fn remove_background() -> impl Strategy<Value = RemoveBackground> {
    let words = (word(Output::ALL), word(Edges::ALL));
    let flags = (any::<Option<bool>>(), any::<Option<bool>>(), any::<Option<bool>>());
    let texts = (of(text()), of(text()), of(text()), of(text()), of(text()));
    (of(model()), words, flags, texts).prop_map(|(model, (output, edges), flags, texts)| {
        let (decontaminate, keep_holes, solidify) = flags;
        let (background, crop, region, subject, instances) = texts;
        RemoveBackground {
            model,
            output,
            edges,
            decontaminate,
            keep_holes,
            solidify,
            background,
            crop,
            region,
            subject,
            instances,
        }
    })
}

fn upscale() -> impl Strategy<Value = Upscale> {
    let number = prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::SUBNORMAL;
    (of(model()), of(number), of(size()), of(number), any::<Option<u32>>())
        .prop_map(|(model, scale, size, denoise, tile)| Upscale { model, scale, size, denoise, tile })
}

fn encode() -> impl Strategy<Value = Encode> {
    let words = (
        word(ImageFormat::ALL),
        word(Chroma::ALL),
        word(PngCompression::ALL),
        word(MetadataMode::ALL),
        word(Fit::ALL),
        word(ProfileMode::ALL),
    );
    let numbers = (any::<Option<u8>>(), any::<Option<u64>>(), any::<Option<u32>>());
    (words, numbers, any::<Option<bool>>(), of(text()), of(size())).prop_map(
        |((format, chroma, png, metadata, fit, profile), (quality, max_bytes, dpi), lossless, background, size)| {
            Encode { format, quality, chroma, lossless, png, background, metadata, size, fit, max_bytes, dpi, profile }
        },
    )
}

fn decode() -> impl Strategy<Value = Decode> {
    let bytes = (any::<Option<u64>>(), any::<Option<u64>>(), any::<Option<u64>>(), any::<Option<u64>>());
    (word(ColorPolicy::ALL), bytes, any::<Option<u32>>()).prop_map(|(color, bytes, max_frames)| Decode {
        color,
        max_pixels: bytes.0,
        max_bytes: bytes.1,
        max_frames,
        max_profile_bytes: bytes.2,
        max_metadata_bytes: bytes.3,
    })
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let tool = prop_oneof![remove_background().prop_map(Step::RemoveBackground), upscale().prop_map(Step::Upscale)];
    let steps = (prop::collection::vec(tool, 0..4), of(encode().prop_map(Step::Export)))
        .prop_map(|(tools, export)| tools.into_iter().chain(export).collect::<Vec<_>>())
        .prop_filter("a recipe has a step", |steps| !steps.is_empty());
    (of(text()), of(text()), of(decode()), steps).prop_map(|(name, description, decode, steps)| Recipe {
        schema: Schema,
        name,
        description,
        decode,
        steps,
    })
}

fn read(text: &str) -> Recipe {
    let read = Template::parse(text).and_then(|template| template.recipe(&BTreeMap::new()));
    read.unwrap_or_else(|fault| panic!("line {:?}: {fault}\n{text}", fault.line))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_recipe_is_the_same_in_toml_and_json(recipe in recipe()) {
        let (toml, json) = (recipe.to_toml(), recipe.to_json());
        prop_assert_eq!(&read(&toml), &recipe);
        prop_assert_eq!(&read(&json), &recipe);
        prop_assert_eq!(&read(&toml).to_json(), &json);
        prop_assert_eq!(&read(&json).to_toml(), &toml);
    }

    #[test]
    fn a_recipe_as_data_goes_through_json_as_it_is(recipe in recipe()) {
        let json = serde_json::to_string(&recipe).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Recipe>(&json).unwrap(), &recipe);
    }

    #[test]
    fn names_do_not_change_what_a_recipe_does(recipe in recipe(), name in text()) {
        let renamed = Recipe { name: Some(name.clone()), description: Some(name), ..recipe.clone() };
        prop_assert_eq!(renamed.canonical(), recipe.canonical());
    }

    /// Any text is refused at a line that it has, or read.
    #[test]
    fn any_text_has_an_answer(text in text(), place in any::<prop::sample::Index>(), recipe in recipe()) {
        let mut broken = recipe.to_toml();
        let mut place = place.index(broken.len() + 1);
        while !broken.is_char_boundary(place) { place -= 1 }
        broken.insert_str(place, &text);
        for text in [text, broken] {
            let read = Template::parse(&text).and_then(|template| template.recipe(&BTreeMap::new()));
            if let Err(fault) = read {
                let lines = text.matches('\n').count() + 1;
                prop_assert!(fault.line.is_some_and(|line| (1..=lines).contains(&line)), "{:?} in {}", fault, text);
                prop_assert!(!fault.message.is_empty());
            }
        }
    }
}
