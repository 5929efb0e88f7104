//! Pictures that the text of a recipe names: masks, trimaps, backgrounds.

use std::fs;
use std::path::{Path, PathBuf};

use packshot::{
    Background, BatchReport, Code, Engine, Photo, Pictures, Recipe, RemoveBackground, Result, api, from_json,
};

fn photo(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings/cases/photos").join(name)
}

fn engine() -> Engine {
    Engine::builder().cache_dir("/nowhere").build().unwrap()
}

/// A folder with a recipe whose cut-out has these options, two photos, a mask for both, and one that keeps nothing.
fn shop(options: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("masks")).unwrap();
    fs::copy(photo("ring.png"), at("a.png")).unwrap();
    fs::copy(photo("ring.png"), at("b.png")).unwrap();
    fs::copy(photo("disc.png"), at("masks/a.png")).unwrap();
    fs::copy(photo("disc.png"), at("masks/b.png")).unwrap();
    let variables = if options.contains("${stem}") { "variables = { stem = 'a' }" } else { "" };
    let text = format!(
        "schema = 'packshot.recipe/1'\n{variables}\n\
         steps = [{{ remove_background = {{ edges = 'off', {options} }} }}]\n"
    );
    fs::write(at("recipe.toml"), text).unwrap();
    folder
}

fn open(folder: &tempfile::TempDir) -> Result<Recipe> {
    Recipe::open(folder.path().join("recipe.toml"))
}

fn result(folder: &tempfile::TempDir) -> Result<Photo> {
    Ok(engine().run_recipe(folder.path().join("a.png"), &open(folder)?)?.photo)
}

#[test]
fn a_recipe_uses_pictures_beside_its_file() {
    let mask = Photo::open(photo("disc.png")).unwrap();
    let trimap = "trimap = 'masks/${stem}.png'";
    let ring = || Photo::open(photo("ring.png")).unwrap();
    let base = RemoveBackground { edges: packshot::Edges::Off, ..RemoveBackground::default() };
    let with_mask = RemoveBackground { mask: Some(mask.to_matte()), ..base };
    let on_a_picture = RemoveBackground { background: Background::Image(ring()), ..with_mask.clone() };
    for (options, settings) in [
        ("mask = 'masks/${stem}.png'", with_mask),
        ("mask = 'masks/${stem}.png', background_picture = '${stem}.png'", on_a_picture),
    ] {
        let expected = engine().remove_background(photo("ring.png"), &settings).unwrap();
        assert!(expected.ran.model.is_none(), "the mask replaces the model");
        assert_eq!(result(&shop(options)).unwrap(), expected.photo, "{options}");
    }
    // A trimap needs edges.
    let folder = shop(trimap);
    let error = open(&folder).unwrap_err();
    assert!(error.code() == Code::RecipeInvalid && error.to_string().contains("choose edges fast or fine"), "{error}");
}

#[test]
fn what_cannot_be_is_found_before_a_photo_is_read() {
    for (options, told) in [
        ("mask = 'nowhere.png', model = 'u2netp'", "`steps[0].remove_background.mask`: a mask replaces the model"),
        ("background_picture = 'nowhere.png', background = 'red'", "two backgrounds"),
        ("background_picture = 'nowhere.png', output = 'mask'", "only be given with the output rgba"),
    ] {
        let error = open(&shop(options)).unwrap_err();
        assert_eq!(error.code(), Code::RecipeInvalid);
        assert!(error.to_string().contains(told) && error.to_string().contains("line: 3"), "{error}");
    }
    let folder = shop("mask = 'masks/${stem}.png'");
    let given = Pictures { mask: Some(photo("disc.png").into()), ..Pictures::default() };
    let error = open(&folder).unwrap().with_pictures(&given).unwrap_err();
    assert!(error.code() == Code::OptionInvalid && error.to_string().contains("option: mask"), "{error}");
}

#[test]
fn a_picture_that_is_missing_is_named_and_none_is_no_picture() {
    let folder = shop("mask = 'masks/nowhere.png'");
    let error = result(&folder).unwrap_err();
    assert!(error.code() == Code::FileMissing && error.to_string().contains("nowhere.png"), "{error}");
    let plain = engine().remove_background(photo("ring.png"), &read(r#"{"edges": "off"}"#)).unwrap();
    assert_eq!(result(&shop("mask = ''")).unwrap(), plain.photo);
}

fn read(json: &str) -> RemoveBackground {
    RemoveBackground::read(&from_json::<api::RemoveBackground>(json).unwrap(), &Pictures::default()).unwrap()
}

#[test]
fn options_of_a_single_call_name_files_too() {
    let path = photo("disc.png").to_string_lossy().replace('\\', "/");
    let settings = read(&format!(r#"{{"mask": "{path}"}}"#));
    assert_eq!(settings.mask.unwrap().alpha(), Photo::open(&path).unwrap().to_matte().alpha());
}

fn batch(folder: &tempfile::TempDir, options: api::Batch) -> Result<BatchReport> {
    let at = |name: &str| folder.path().join(name);
    let options = api::Batch { table: Some(at("table.csv")), resume: Some(true), ..options };
    engine().batch(&open(folder).unwrap(), &options, |_| {})
}

#[test]
fn each_row_of_a_batch_has_its_own_mask_which_counts_by_its_content() {
    let folder = shop("mask = 'masks/${stem}.png'");
    let at = |name: &str| folder.path().join(name);
    fs::write(at("table.csv"), "input,stem\na.png,a\nb.png,b\n").unwrap();
    let run = || {
        let report = batch(&folder, api::Batch { output: Some(at("out")), ..api::Batch::default() }).unwrap();
        (report.done, report.resumed, report.failed)
    };
    assert_eq!(run(), (2, 0, 0));
    assert_eq!(run(), (0, 2, 0), "nothing has changed");
    let before = fs::read(at("out/b.png")).unwrap();
    let nothing = Photo::new(64, 64, packshot::Channels::Gray, vec![0_u8; 64 * 64]).unwrap();
    nothing.save(at("masks/b.png")).unwrap();
    assert_eq!(run(), (1, 1, 0), "one mask has");
    assert_ne!(fs::read(at("out/b.png")).unwrap(), before);
    fs::remove_file(at("masks/a.png")).unwrap();
    let report = batch(&folder, api::Batch { output: Some(at("out")), ..api::Batch::default() }).unwrap();
    assert_eq!((report.failed, report.failures[0].error.as_ref().unwrap().code.as_str()), (1, "file_missing"));
}

#[test]
fn a_batch_writes_over_no_mask() {
    let folder = shop("mask = 'masks/${stem}.png'");
    let at = |name: &str| folder.path().join(name);
    fs::write(at("table.csv"), "input,stem\na.png,a\nb.png,b\n").unwrap();
    let before = ["masks/a.png", "masks/b.png"].map(|name| fs::read(at(name)).unwrap());
    let existing = Some(api::Existing::Replace);
    let options = api::Batch { output: Some(at("masks")), existing, ..api::Batch::default() };
    let _ = batch(&folder, options);
    assert_eq!(["masks/a.png", "masks/b.png"].map(|name| fs::read(at(name)).unwrap()), before);
}
