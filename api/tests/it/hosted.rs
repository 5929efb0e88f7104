//! Recipes that come from outside name no file of the machine.

use std::collections::BTreeMap;
use std::path::Path;

use packshot_api::{HostedRecipe, Kind, Step, Template};
use serde_json::json;

/// A recipe with one step as data.
fn job(step: &serde_json::Value) -> serde_json::Value {
    json!({ "schema": "packshot.recipe/1", "steps": [step] })
}

#[test]
fn a_recipe_with_a_file_is_no_hosted_one_and_says_why() {
    for (step, key) in [
        (json!({ "upscale": { "model": { "file": "a.onnx", "like": "fsrcnn-x2" } } }), "steps[0].upscale.model.file"),
        (json!({ "remove_background": { "mask": "a.png" } }), "steps[0].remove_background.mask"),
        (json!({ "remove_background": { "trimap": "/etc/a.png" } }), "steps[0].remove_background.trimap"),
        (json!({ "remove_background": { "background_picture": "" } }), "steps[0].remove_background.background_picture"),
    ] {
        let job = job(&step);
        assert!(Template::parse(&job.to_string()).unwrap().recipe(&BTreeMap::new()).is_ok(), "{job}");
        let error = serde_json::from_value::<HostedRecipe>(job).unwrap_err().to_string();
        assert!(
            error.contains(&format!("`{key}`: a recipe that runs on another machine must not name files")),
            "{error}"
        );
    }
}

#[test]
fn what_names_no_file_is_the_same_recipe() {
    let text = "schema = 'packshot.recipe/1'\n[variables]\nwide = 100\n[[steps]]\nremove_background = { model = 'u2netp' }\n\
                [[steps]]\nexport = { format = 'webp', size = '${wide}' }\n";
    let template = Template::parse(text).unwrap();
    let set = BTreeMap::from([("wide".to_owned(), "80".to_owned())]);
    let hosted = template.hosted(&set).unwrap();
    assert_eq!(*hosted, template.recipe(&set).unwrap());
    let sent = serde_json::to_string(&hosted).unwrap();
    assert_eq!(serde_json::from_str::<HostedRecipe>(&sent).unwrap(), hosted, "as it goes over a wire");
}

#[test]
fn a_variable_cannot_bring_a_file_either() {
    let text = "schema = 'packshot.recipe/1'\nvariables = { mask = '' }\n\
                steps = [{ remove_background = { mask = '${mask}' } }]\n";
    let fault = Template::parse(text).unwrap().hosted(&BTreeMap::new()).unwrap_err();
    assert_eq!((fault.key.as_str(), fault.line), ("steps[0].remove_background.mask", Some(3)), "{fault}");
}

#[test]
fn paths_lie_beside_the_file_of_the_recipe() {
    let text = "schema = 'packshot.recipe/1'\nvariables = { name = 'a' }\n[[steps]]\n\
                remove_background = { mask = 'masks/${name}.png', trimap = '', background_picture = '/b.png' }\n\
                [[steps]]\nupscale = { model = { file = 'net.onnx', like = 'fsrcnn-x2' } }\n";
    let recipe = Template::parse(text).unwrap().recipe_beside(Path::new("shop"), &BTreeMap::new()).unwrap();
    let json = serde_json::to_value(&recipe).unwrap();
    assert_eq!(
        json["steps"][0]["remove_background"],
        json!({ "mask": "shop/masks/a.png", "trimap": "", "background_picture": "/b.png" })
    );
    assert_eq!(json["steps"][1]["upscale"]["model"]["file"], "shop/net.onnx");
}

#[test]
fn every_option_that_is_a_path_is_known_as_one() {
    for (tool, _, table) in Step::ALL {
        for field in table.fields.iter().filter(|field| field.about.concat().contains("path of")) {
            assert!(matches!(field.kind, Kind::Picture | Kind::Path), "{tool}.{}", field.name);
        }
    }
}
