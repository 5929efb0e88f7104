//! What people read when an option is wrong, the same in every language.

use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

use packshot::models::Registry;
use packshot::{
    Code, Crop, DecodeOptions, EncodeOptions, EngineBuilder, Photo, Pictures, Recipe, RemoveBackground, Result,
    Upscale, from_json,
};

fn testdata(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name)
}

/// Reads options as a binding does.
fn read(what: &str, options: &str) -> Result<()> {
    match what {
        "remove_background" => RemoveBackground::read(&from_json(options)?, &Pictures::default()).map(drop),
        "upscale" => Upscale::read(&from_json(options)?).map(drop),
        "crop" => Crop::read(&from_json(options)?).map(drop),
        "encode" => EncodeOptions::read(&from_json(options)?, None).map(drop),
        "decode" => from_json(options).map(|options| drop(DecodeOptions::from(&options))),
        "model" => Registry::builtin()?.get(&from_json::<String>(options)?).map(drop),
        "photo" => Photo::open(from_json::<String>(options)?).map(drop),
        "preset" => Recipe::preset(&from_json::<String>(options)?).map(drop),
        "engine" => EngineBuilder::read(&from_json(options)?)?.build().map(drop),
        other => panic!("{other} has no options"),
    }
}

#[test]
fn wrong_options_say_which_and_what_to_write() {
    let calls = fs::read_to_string(testdata("wrong-options.txt")).unwrap();
    let mut messages = String::new();
    for call in calls.lines() {
        let (what, options) = call.split_once(' ').unwrap();
        let error = read(what, options).err().unwrap_or_else(|| panic!("{call} is accepted"));
        let expected = match what {
            "model" => Code::ModelUnknown,
            "photo" => Code::FileMissing,
            "preset" => Code::RecipeInvalid,
            _ => Code::OptionInvalid,
        };
        let others = [Code::PhotoFormatDisabled, Code::DescriptorInvalid];
        assert!(error.code() == expected || others.contains(&error.code()), "{call}: {error}");
        let option = error.context().find(|(key, _)| *key == "option").map_or("", |(_, option)| option);
        writeln!(messages, "{call}\n  {option}: {}\n", error.message()).unwrap();
    }
    for word in ["struct", "invalid type", "u8", "i64", "f64", "offered_", "expected a string", "serde", "no such key"]
    {
        assert!(!messages.contains(word), "`{word}` is a word of the library underneath:\n{messages}");
    }
    let path = testdata("wrong-options.messages.txt");
    if env::var_os("PACKSHOT_BLESS").is_some() {
        fs::write(&path, &messages).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default().replace('\r', "");
    assert!(messages == expected, "PACKSHOT_BLESS=1 accepts these messages:\n{messages}");
}
