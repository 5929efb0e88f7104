//! Variables of recipes.

use std::collections::BTreeMap;

use packshot_api::{DocumentFault, Encode, ImageFormat, Recipe, RemoveBackground, Size, Step, Template};

const TOML: &str = r##"schema = "packshot.recipe/1"
description = "${product} costs $${5}"

[variables]
product = "A mug"
background = "#fff"
margin = 5
quality = 90
holes = false

[[steps]]
remove_background = { background = "${background}", keep_holes = "${holes}", crop = "${margin}% ${margin}px" }

[[steps]]
[steps.export]
format = "jpeg"
quality = "${quality}"
size = "${margin}00"
"##;

const JSON: &str = r##"{
  "schema": "packshot.recipe/1",
  "description": "${product} costs $${5}",
  "variables": { "product": "A mug", "background": "#fff", "margin": 5, "quality": 90, "holes": false },
  "steps": [
    { "remove_background": { "background": "${background}", "keep_holes": "${holes}", "crop": "${margin}% ${margin}px" } },
    { "export": { "format": "jpeg",
        "quality": "${quality}",
        "size": "${margin}00" } }
  ]
}"##;

fn with(text: &str, set: &[(&str, &str)]) -> Result<Recipe, DocumentFault> {
    let set: BTreeMap<_, _> = set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Template::parse(text).unwrap().recipe(&set)
}

#[test]
fn defaults_stand_where_nothing_is_set() {
    let recipe = with(TOML, &[]).unwrap();
    assert_eq!(recipe, with(JSON, &[]).unwrap());
    assert_eq!(recipe.description.as_deref(), Some("A mug costs ${5}"));
    let cut = RemoveBackground {
        background: Some("#fff".to_owned()),
        keep_holes: Some(false),
        crop: Some("5% 5px".to_owned()),
        ..RemoveBackground::default()
    };
    let file = Encode {
        format: Some(ImageFormat::Jpeg),
        quality: Some(90),
        size: Some(Size::LongSide(500)),
        ..Encode::default()
    };
    assert_eq!(recipe.steps, [Step::RemoveBackground(cut), Step::Export(file)]);
}

#[test]
fn what_is_set_is_of_the_defaults_kind() {
    let set =
        [("product", "${quality}"), ("quality", " 75 "), ("holes", "true"), ("margin", "12"), ("background", "5")];
    for text in [TOML, JSON] {
        let recipe = with(text, &set).unwrap();
        assert_eq!(recipe.description.as_deref(), Some("${quality} costs ${5}"), "values are not read for variables");
        let [Step::RemoveBackground(cut), Step::Export(file)] = recipe.steps.as_slice() else { panic!("{recipe:?}") };
        assert_eq!((cut.keep_holes, cut.crop.as_deref()), (Some(true), Some("12% 12px")));
        assert_eq!((file.quality, file.size), (Some(75), Some(Size::LongSide(1200))));
        assert_eq!(cut.background.as_deref(), Some("5"), "text stays text");
    }
}

#[test]
fn what_cannot_be_set_is_told_with_the_variable() {
    for (set, line, key, words) in [
        (("qualty", "80"), None, "variables.qualty", "did you mean `quality`?"),
        (("quality", "high"), Some(8), "variables.quality", "must be a number"),
        (("quality", "nan"), Some(8), "variables.quality", "must be a number"),
        (("holes", "yes"), Some(9), "variables.holes", "must be true or false"),
        (("quality", "300"), Some(17), "steps[1].export.quality", "the variable `quality`"),
        (("quality", "80.5"), Some(17), "steps[1].export.quality", "whole number"),
        (("margin", "x"), Some(7), "variables.margin", "`x`"),
    ] {
        let fault = with(TOML, &[set]).unwrap_err();
        assert_eq!((fault.line, fault.key.as_str()), (line, key), "{fault}");
        assert!(fault.message.contains(words), "{fault}");
    }
    let fault = with(JSON, &[("quality", "300")]).unwrap_err();
    assert_eq!((fault.line, fault.key.as_str()), (Some(8), "steps[1].export.quality"), "{fault}");
}

#[test]
fn variables_and_defaults_are_listed() {
    let template = Template::parse(TOML).unwrap();
    let listed: Vec<_> = template.variables().collect();
    let expected =
        [("product", "A mug"), ("background", "#fff"), ("margin", "5"), ("quality", "90"), ("holes", "false")];
    assert_eq!(listed, expected.map(|(name, value)| (name, value.to_owned())));
}
