//! A recipe goes to another process as text.

use packshot::{Code, Recipe};

const TEXT: &str = r#"
schema = "packshot.recipe/1"
variables = { margin = "5%", model = "nets/mine.onnx" }
steps = [{ remove_background = { crop = "${margin}", model = { file = "${model}", like = "u2netp" } } }]
"#;

#[test]
fn what_is_unpacked_is_the_same_recipe() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, TEXT).unwrap();
    for recipe in [
        Recipe::preset("white-background").unwrap(),
        Recipe::preset("white-background").unwrap().with("background", "#eee").unwrap(),
        Recipe::open(&path).unwrap().with_all([("margin", "20px"), ("model", "other.onnx")]).unwrap(),
        Recipe::new(Recipe::parse(TEXT).unwrap().data().clone()).unwrap(),
    ] {
        let again = Recipe::unpack(&recipe.pack().unwrap()).unwrap();
        assert_eq!((again.hash(), again.variables()), (recipe.hash(), recipe.variables()));
        assert_eq!(again.pack().unwrap(), recipe.pack().unwrap());
    }
}

#[test]
fn recipes_of_one_hash_are_told_apart() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let [here, there] = [here, there].map(|folder| {
        let path = folder.path().join("mine.toml");
        std::fs::write(&path, TEXT).unwrap();
        Recipe::open(path).unwrap()
    });
    assert_eq!(here.hash(), there.hash());
    assert_ne!(here.pack().unwrap(), there.pack().unwrap(), "the model lies elsewhere");
}

#[test]
fn what_is_no_packed_recipe_is_refused() {
    for text in ["", "{}", TEXT, r#"{"text": "", "folder": null, "set": {}}"#] {
        assert_eq!(Recipe::unpack(text).unwrap_err().code(), Code::RecipeInvalid, "{text}");
    }
}
