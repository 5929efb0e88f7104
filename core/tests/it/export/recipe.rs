use packshot::{Backend, Channels, Engine, Photo, Recipe};

use super::waves;

#[test]
fn a_recipe_exports_as_it_says() {
    let engine = Engine::builder().backend(Backend::Rten).build().unwrap();
    let recipe = Recipe::parse(
        "schema = 'packshot.recipe/1'\n\
         [[steps]]\nexport = { format = 'jpeg', size = '60x40', fit = 'pad', max_bytes = 2000, dpi = 300, profile = 'srgb' }\n",
    )
    .unwrap();
    let rendition = engine.run_recipe(waves(200, 200, Channels::Rgb), &recipe).unwrap();
    assert!(rendition.bytes.len() <= 2000);
    assert_eq!(rendition.bytes[13..18], [1, 1, 44, 1, 44], "300 dots per inch");
    let file = Photo::decode(&rendition.bytes).unwrap();
    assert_eq!((file.width(), file.height()), (60, 40));
    assert_eq!((rendition.width, rendition.height), (60, 40));
}
